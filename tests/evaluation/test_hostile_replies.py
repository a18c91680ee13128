"""Replies no one would write: every scorer still gives a verdict, soon."""

import time
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.answers import AnswerKey, Scorer
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers import OF_KINDS, SCORERS

KEYS = {
    "choice": AnswerKey(answer_kind="choice", options=("red", "blue car", "5", "A"), answer="B"),
    "multi_choice": AnswerKey(answer_kind="multi_choice", options=("red", "blue car", "5", "A"), answer="BC"),
    "binary": AnswerKey(answer_kind="binary", answer="yes"),
    "label": AnswerKey(answer_kind="label", options=("red", "blue"), answer="red"),
    "span": AnswerKey(answer_kind="span", answer="the blue car"),
    "number": AnswerKey(answer_kind="number", answer="5"),
    "list": AnswerKey(answer_kind="span", answer="red; blue; 5"),
    "order": AnswerKey(answer_kind="span", answer="red; blue; 5"),
    "box": AnswerKey(answer_kind="span", answer="[1, 2, 30, 40]"),
    "transcript": AnswerKey(answer_kind="span", answer="a blue car, and a red one"),
}
LONG = ["(" * 20_000, '"' * 20_000, "A , " * 5_000 + "!", "1/" * 9_999, "one hundred " * 5_000, " " * 50_000 + "x"]
LONG += [
    "\\boxed{" * 3_000,
    "_a" * 10_000,
    "<think>" * 5_000,
    "i would " * 5_000,
    "9" * 10_000,
    "1e99999",
    "1/" + "9" * 999,
]


def test_every_kind_but_open_has_the_scorer_of_its_name() -> None:
    assert {scorer.name: scorer.answer_kinds for scorer in OF_KINDS} == {
        kind: (kind,) for kind in get_args(AnswerKind) if kind != "open"
    }
    assert {scorer.name for scorer in SCORERS} == set(KEYS)


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
def test_long_and_hostile_replies_score_zero_soon(scorer: Scorer) -> None:
    start = time.process_time()
    assert max(scorer(KEYS[scorer.name], reply).value for reply in LONG) < 0.1
    assert time.process_time() - start < 10


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
@settings(max_examples=50, deadline=None)
@given(reply=st.text(max_size=80) | st.text("AB()*.,\n 5redtheansweris:-", max_size=60))
def test_any_reply_gets_one_verdict(scorer: Scorer, reply: str) -> None:
    score = scorer(KEYS[scorer.name], reply)
    assert (score.value == 1) == (score.outcome == "right")
    assert score == scorer(KEYS[scorer.name], reply)
