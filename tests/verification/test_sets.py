"""The set: no duplicates, balanced positions, lengths and answers; state that replays; baselines that see shortcuts."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.content import Composed, Image, Text
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.sets import (
    FREE,
    PositionBalance,
    SetChecks,
    choices_only,
    longest_option,
    signature,
    surplus,
)
from benchmark_agent.verification.types import Item

PASSAGE = (
    "The caravan left the salt market before dawn and followed the dry river for nine days. On the way its people "
    "traded wool for dates, mended two broken wheels and lost one camel. When they came to the white pass, snow had "
    "closed it, and the guide led them back to the old bridge, where they waited for spring."
)


def draft(job: str, question: str = "Why did the caravan wait?", subtask: str = "s", **body: Any) -> Draft:
    base: dict[str, object] = {"question": question, "answer_kind": "span", "answer": "snow", "gold_basis": "source"}
    return Draft(job_id=job, subtask_id=subtask, body=Composed.model_validate(base | body), rows=(), trace=())


def rejected(checks: SetChecks, candidate: Draft) -> set[str]:
    return {result.check for result in checks.admit(candidate) if not result.passed}


def shown(text: str) -> dict[str, Any]:
    return {"input": (Text(text=text),), "evidence": (0,)}


METALS = ("tin", "lead", "zinc", "iron")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (draft("a", **shown(PASSAGE)), draft("b", **shown(PASSAGE))),
        (draft("a", **shown(PASSAGE)), draft("b", "why did  the caravan WAIT?", **shown(PASSAGE.upper()))),
        (draft("a", **shown(PASSAGE)), draft("b", **shown(PASSAGE.replace("broken", "damaged")))),
        (draft("a", **shown(PASSAGE)), draft("b", **shown(PASSAGE.replace("nine", "9")))),
        (
            draft("a", "Which melts first?", answer_kind="choice", options=METALS, answer="tin"),
            draft("b", "Which melts first?", answer_kind="choice", options=METALS[::-1], answer="tin"),
        ),
        (draft("a", "Sum of 5, 7 and 9?", answer="21"), draft("b", "Sum of 5, 7 and 9?", answer="20")),
    ],
    ids=["exact", "case", "synonym", "number word", "shuffled options", "another answer"],
)
def test_near_duplicates_are_found(first: Draft, second: Draft) -> None:
    checks = SetChecks()
    checks.record(first)
    assert rejected(checks, second) == {"near_duplicate"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (draft("a", **shown(PASSAGE)), draft("b", **shown(PASSAGE.replace("nine days", "eight days")))),
        (draft("a", **shown(PASSAGE)), draft("b", "What did its people trade?", answer="wool", **shown(PASSAGE))),
        (draft("a", **shown(PASSAGE)), draft("b", **shown(PASSAGE + " The guide was called Mirel."))),
        (draft("a", f"{PASSAGE} Why did they wait?"), draft("b", f"{PASSAGE} What did they mend?", answer="wheels")),
        (draft("a", "What is 12 + 30?", answer="42"), draft("b", "What is 13 + 29?", answer="42")),
        (
            draft("a", "Ann pays Bob first. Who owes more?", answer="Ann"),
            draft("b", "Bob pays Ann first. Who owes more?", answer="Ann"),
        ),
        (
            draft("a", "How many birds are shown?", input=(Image(path="p", sha256="1", width=9, height=9),)),
            draft("b", "How many birds are shown?", input=(Image(path="q", sha256="2", width=9, height=9),)),
        ),
        (
            draft("a", "Which is it?", answer_kind="choice", options=("tin", "lead"), answer="tin"),
            draft("b", "Which is it?", answer_kind="choice", options=("tin", "zinc"), answer="tin"),
        ),
    ],
    ids=["a number", "another question", "a name", "context in the question", "sums", "who pays", "image", "options"],
)
def test_templated_items_that_differ_in_what_counts_are_not_duplicates(first: Draft, second: Draft) -> None:
    checks = SetChecks()
    checks.record(first)
    assert rejected(checks, second) == set()


def test_the_search_for_duplicates_does_not_compare_all_pairs() -> None:
    checks = SetChecks()
    for n in range(2000):
        candidate = draft(
            str(n), f"A train leaves Ostra at {n} minutes past noon. When does it reach Lund?", answer=str(n)
        )
        checks.duplicates.admit(signature(candidate))
        checks.duplicates.record(candidate.job_id, signature(candidate))
    assert checks.duplicates.index.size == 2000
    assert checks.duplicates.index.comparisons < 200


def choice(job: str, options: tuple[str, ...], gold: str, **body: Any) -> Draft:
    return draft(job, f"Which of these is number {job}?", answer_kind="choice", options=options, answer=gold, **body)


def test_a_gold_that_is_always_the_longest_is_stopped() -> None:
    checks = SetChecks()
    accepted = 0
    for n in range(60):
        candidate = choice(str(n), (f"a{n}", f"b{n}", f"c{n}", f"long{n}"), f"long{n}")
        if not rejected(checks, candidate):
            checks.record(candidate)
            accepted += 1
    assert accepted == FREE
    assert rejected(checks, choice("x", ("ax", "bx", "cx", "longx"), "longx")) == {"length_balance"}
    assert rejected(checks, choice("y", ("ay", "by", "cy", "longy"), "ay")) == set()
    assert rejected(checks, draft("z", subtask="other")) == set()


def test_golds_of_any_length_pass() -> None:
    random, checks = Random(3), SetChecks()
    missed = 0
    for n in range(400):
        options = tuple(f"{letter}{n}" + "x" * random.randrange(9) for letter in "abcd")
        candidate = choice(str(n), options, random.choice(options))
        if rejected(checks, candidate):
            missed += 1
        else:
            checks.record(candidate)
    assert missed < 20


def test_an_answer_that_is_nearly_always_yes_is_stopped() -> None:
    random, checks = Random(5), SetChecks()
    kept: Counter[str] = Counter()
    for n in range(400):
        answer = "yes" if random.random() < 0.8 else "no"
        candidate = draft(str(n), f"Is {n} even?", answer_kind="binary", answer=answer)
        if not rejected(checks, candidate):
            checks.record(candidate)
            kept[answer] += 1
    assert kept["no"] > 60
    assert kept["yes"] / kept.total() < 0.62


def test_an_option_that_is_right_whenever_it_is_offered_is_stopped() -> None:
    checks = SetChecks()
    outcomes = []
    for n in range(12):
        candidate = choice(str(n), ("the famous one", f"b{n}", f"c{n}", f"d{n}"), "the famous one")
        outcomes.append(rejected(checks, candidate))
        if not outcomes[-1]:
            checks.record(candidate)
    assert outcomes[0] == set()
    assert outcomes[-1] == {"option_reuse"}


@pytest.mark.parametrize(
    ("count", "n", "chance", "too_many"),
    [(20, 20, 0.25, False), (12, 40, 0.25, False), (18, 40, 0.25, True), (61, 100, 0.5, False), (62, 100, 0.5, True)],
)
def test_surplus_is_two_standard_errors_over_chance(count: int, n: int, chance: float, too_many: bool) -> None:
    assert surplus(count, n, chance) is too_many


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(2, 6), max_size=40), st.integers(0, 1000))
def test_golds_stand_at_each_position_equally_often(sizes: list[int], seed: int) -> None:
    positions = PositionBalance(seed)
    stood: dict[int, Counter[str]] = {}
    for n, size in enumerate(sizes):
        options = tuple(f"option {k}" for k in range(size))
        placed, letter = positions.place(options, "option 0", str(n), fixed=False)
        assert sorted(placed) == sorted(options)
        assert placed[ord(letter) - ord("A")] == "option 0"
        positions.record(size, letter)
        stood.setdefault(size, Counter())[letter] += 1
    for size, letters in stood.items():
        counts = [letters[chr(65 + k)] for k in range(size)]
        assert max(counts) - min(counts) <= 1


def test_fixed_options_stay_and_none_of_the_above_goes_last() -> None:
    checks = SetChecks(1)
    fixed = choice("a", ("low", "middle", "high"), "middle", fixed_order=True)
    assert checks.place(fixed) == (("low", "middle", "high"), "B")
    for n in range(20):
        options, _ = checks.place(choice(str(n), ("None of the above", "tin", "lead"), "tin"))
        assert options[-1] == "None of the above"
    gold = choice("b", ("None of the above", "tin", "lead"), "None of the above")
    assert checks.place(gold)[1] == "C"


def test_several_right_options_are_lettered_in_order() -> None:
    several = draft("a", answer_kind="multi_choice", options=("tin", "lead", "zinc", "iron"), answer="zinc\ntin")
    options, letters = SetChecks(1).place(several)
    assert sorted(options) == sorted(several.body.options)
    assert {options[ord(letter) - 65] for letter in letters} == {"tin", "zinc"}
    assert letters == "".join(sorted(letters))


def test_replaying_what_was_recorded_rebuilds_the_state() -> None:
    random = Random(2)
    offers = [tuple(f"{c}{random.randrange(99)}" for c in "abcd") for _ in range(60)]
    drafts = [choice(str(n), options, options[n % 3]) for n, options in enumerate(offers)]
    first, second = SetChecks(9), SetChecks(9)
    for candidate in drafts[:40]:
        first.admit(candidate)
        first.admit(drafts[50])  # asking leaves no trace
        first.record(candidate)
        second.record(candidate, signature(candidate))
    for candidate in drafts[40:]:
        assert first.admit(candidate) == second.admit(candidate, signature(candidate))
        assert first.place(candidate) == second.place(candidate)
        first.record(candidate)
        second.record(candidate)


def item(n: int, options: tuple[str, ...], gold: int) -> Item:
    return Item(
        id=str(n),
        subtask="s",
        answer_kind="choice",
        input=(),
        question="Which?",
        options=options,
        answer=chr(65 + gold),
        accepted=(),
        scorer="choice",
        gold_basis="computed",
        target_signal="",
        evidence=(),
        sources=(),
        recipe=(),
        checks=(),
    )


def test_options_that_tell_nothing_score_near_chance() -> None:
    random = Random(1)
    names = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ane", "ord", "ilk", "ust", "emp")]
    items = [item(n, tuple(random.sample(names, 4)), random.randrange(4)) for n in range(600)]
    accuracy, chance = choices_only(items)
    assert chance == 0.25
    assert 0.18 < accuracy < 0.32


def test_options_that_tell_the_answer_are_seen_through() -> None:
    random = Random(1)
    items = []
    for n in range(300):
        gold = random.randrange(4)
        options = tuple(("certainly " if k == gold else "possibly ") + str(random.randrange(10**6)) for k in range(4))
        items.append(item(n, options, gold))
    assert choices_only(items)[0] > 0.95
    assert longest_option(items)[0] > 0.9


def test_a_value_in_the_middle_is_seen_through() -> None:
    random = Random(4)
    items = []
    for n in range(300):
        value = random.randrange(100, 900)
        options = [str(value), str(value + 7), str(value - 6)]
        random.shuffle(options)
        items.append(item(n, tuple(options), options.index(str(value))))
    assert choices_only(items)[0] > 0.9


def test_baselines_of_few_or_no_items() -> None:
    assert choices_only([]) == (0.0, 0.0)
    assert longest_option([]) == (0.0, 0.0)
    assert longest_option([item(0, ("long one", "short"), 0)]) == (1.0, 0.5)
    assert longest_option([item(0, ("same", "size"), 0)]) == (0.5, 0.5)
