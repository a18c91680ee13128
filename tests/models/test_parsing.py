"""What models write, and what is understood of it."""

import json
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_agent.models import Reply
from benchmark_agent.models.parsing import Fault, Oddity, parse
from benchmark_agent.record import Record


class Verdict(Record):
    reason: str
    verdict: Literal["yes", "no"]
    score: int = 0


class Idea(Record):
    name: str
    text: str = ""


class Ideas(Record):
    ideas: tuple[Idea, ...]


class Mild(Record):
    """All of it has defaults: whatever is inside a broken reply must not pass for it."""

    tags: tuple[str, ...] = ()
    verdict: bool = False


GOOD = '{"reason": "it says so", "verdict": "yes"}'
YES = Verdict(reason="it says so", verdict="yes")


@pytest.mark.parametrize(
    ("text", "oddities"),
    [
        (GOOD, ()),
        (f"\n  {GOOD}\n", ()),
        (f"```json\n{GOOD}\n```", ("fence",)),
        (f"```\n{GOOD}```", ("fence",)),
        (f"Here you are:\n```JSON\n{GOOD}\n```\nAnything else?", ("fence",)),
        (f"Sure! {GOOD} I hope this helps.", ("prose",)),
        (f"First I thought of {{braces}} and [1, 2]. Then: {GOOD}", ("prose",)),
        ('{"reason": "a draft", "verdict": "no"} No, rather: ' + GOOD, ("prose",)),
        (f"<think>maybe {{no}}?</think>\n{GOOD}", ("thoughts",)),
        (f"maybe no? I must be sure.</think>\n\n{GOOD}", ("thoughts",)),
        (f"<think>hm</think>\n```json\n{GOOD}\n```", ("thoughts", "fence")),
        ('{"reason": "it says so", "verdict": "yes",}', ("trailing comma",)),
        (f"[{GOOD}]", ("wrapped",)),
        (f'{{"answer": {GOOD}}}', ("wrapped",)),
        ('{"reason": "it says so", "verdict": "yes", "score": "0"}', ()),
    ],
)
def test_understands(text: str, oddities: tuple[Oddity, ...]) -> None:
    found = parse(Reply(text=text), Verdict)
    assert (found.record, found.oddities, found.fault) == (YES, oddities, None)


def test_a_bare_list_is_the_only_list_of_the_record() -> None:
    for text in ('[{"name": "a"}, {"name": "b"}]', 'Ideas:\n```json\n[{"name": "a"}, {"name": "b"}]\n```'):
        found = parse(Reply(text=text), Ideas)
        assert found.record == Ideas(ideas=(Idea(name="a"), Idea(name="b")))
        assert found.oddities[-1] == "bare list"


def test_text_that_looks_like_a_fence_a_thought_or_a_comma_stays_inside_its_string() -> None:
    reason = 'x,] </think> ```json\n{"reason": 1}\n``` \\" ,} end'
    text = json.dumps({"reason": reason, "verdict": "no"})
    for reply in (text, f"Well: {text}", text[:-1] + ",}"):
        found = parse(Reply(text=reply), Verdict)
        assert found.record is not None, reply
        assert found.record.reason == reason


@pytest.mark.parametrize(
    ("text", "stop", "fault"),
    [
        ("", "stop", "empty"),
        ("  \n ", "stop", "empty"),
        ("<think>and so on</think>", "stop", "empty"),
        ("", "length", "cut off"),
        ("<think>and so on and", "length", "cut off"),
        ('{"reason": "it sa', "stop", "cut off"),
        ('{"reason": "it says so", "verdict": "yes"', "stop", "cut off"),
        ('Here: {"reason": "it says so", ', "stop", "cut off"),
        ("some prose that never", "length", "cut off"),
        ("I'm sorry, but I can't help with that.", "stop", "refused"),
        ("I cannot assist with this request.", "stop", "refused"),
        ("Unfortunately, I am unable to do so.", "stop", "refused"),
        ("", "refusal", "refused"),
        (GOOD, "refusal", "refused"),
        ("The answer is yes.", "stop", "no JSON"),
        ("{reason: it says so, verdict: yes}", "stop", "no JSON"),
        ('{"reason": "it says so", "verdict": "maybe"}', "stop", "invalid"),
        ('{"verdict": "yes"}', "stop", "invalid"),
        ('{"reason": "r", "verdict": "yes", "scores": 1}', "stop", "invalid"),
        ('{"reason": "r", "verdict": 7, "extra": 1}', "stop", "invalid"),
        ('"yes"', "stop", "no JSON"),
        ('"""', "stop", "no JSON"),
        ("[" * 5000 + "]" * 5000, "stop", "no JSON"),
    ],
)
def test_names_what_is_wrong(text: str, stop: Literal["stop", "length", "refusal"], fault: Fault) -> None:
    found = parse(Reply(text=text, stop=stop), Verdict)
    assert found.record is None
    assert found.fault == fault


def test_a_sentence_that_only_begins_like_a_refusal_is_none_when_json_follows() -> None:
    assert parse(Reply(text=f"I'm sorry for the wait. {GOOD}"), Verdict).record == YES


@pytest.mark.parametrize(
    "text", ['{"tags": ["a", "b"], "verdict": tr', '{"outer": {"tags": ["a"], "verdict": true}, "x']
)
def test_the_inside_of_a_cut_off_reply_never_passes_for_the_whole(text: str) -> None:
    found = parse(Reply(text=text), Mild)
    assert (found.record, found.fault) == (None, "cut off")


def test_says_where_and_what_is_wrong_in_few_words() -> None:
    found = parse(Reply(text='{"ideas": [{"name": 3}, {"nom": "b"}, {"name": [1]}, {}]}'), Ideas)
    assert found.why.startswith("'ideas.0.name': Input should be a valid string (it is 3); 'ideas.1.name'")
    assert found.why.endswith("and 2 more")
    broken = parse(Reply(text="{'ideas': []}"), Ideas)
    assert broken.why.startswith("it is not valid JSON: Expecting property name")


@given(st.text(), st.sampled_from(["yes", "no"]), st.text(alphabet="abc .\n", max_size=30))
def test_whatever_the_text_a_good_record_comes_back_from_prose(
    reason: str, verdict: Literal["yes", "no"], around: str
) -> None:
    text = json.dumps({"reason": reason, "verdict": verdict}, ensure_ascii=False)
    for reply in (text, f"{around}{text}{around}", f"{around}\n```json\n{text}\n```\n{around}"):
        found = parse(Reply(text=reply), Verdict)
        assert found.record == Verdict(reason=reason, verdict=verdict)


@given(st.text(alphabet='{}[]",:ab\\ \n`<>/', max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    found = parse(Reply(text=text), Verdict)
    assert (found.record is None) == (found.fault is not None)


@given(st.integers(1, len(GOOD) - 1))
def test_any_beginning_of_a_reply_is_cut_off(cut: int) -> None:
    assert parse(Reply(text=GOOD[:cut]), Verdict).fault == "cut off"


def test_fields_nobody_asked_for_are_left_out_and_counted() -> None:
    found = parse(Reply(text='{"reason": "r", "confidence": 0.9, "verdict": "yes", "notes": {"a": 1}}'), Verdict)
    assert found.record is not None
    assert found.record.verdict == "yes"
    assert found.oddities == ("more fields",)
