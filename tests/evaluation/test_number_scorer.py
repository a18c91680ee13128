"""Numbers as models write them, with the verdict a careful reader gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.answers import AnswerKey
from benchmark_agent.evaluation.scorers.number import Number


def key(answer: str, *accepted: str) -> AnswerKey:
    return AnswerKey(answer_kind="number", answer=answer, accepted=accepted)


@pytest.mark.parametrize(
    ("answer", "reply", "outcome"),
    [
        ("63", "63", "right"),
        ("63", "63.", "right"),
        ("63", "63.0", "right"),
        ("63", "= 63.", "right"),
        ("63", "20 + 43 = 63", "right"),
        ("63", "**63**", "right"),
        ("63", "63 apples", "right"),
        ("63", "There are 63 of them: 20 apples and 43 pears.", "right"),
        ("63", "The answer is 63.", "right"),
        ("63", "The answer is **63**, not 36.", "right"),
        ("63", "20 and 43 make the total. So we have 63 pieces of fruit.", "right"),
        ("63", "First 20, then 43.\n\nTotal: 63", "right"),
        ("63", "Let me count: 20, then 43 more.\n#### 63", "right"),
        ("63", "\\boxed{63}", "right"),
        ("63", "$20 + 43 = 63$", "right"),
        ("63", "<think>maybe 64</think>63", "right"),
        ("63", "sixty-three", "right"),
        ("63", "There are sixty-three.", "right"),
        ("63", "６３", "right"),
        ("63", "答案是63。", "right"),
        ("63", "I think there are approximately 63.", "right"),
        ("63", "64", "wrong"),
        ("63", "63.4", "wrong"),
        ("63", "-63", "wrong"),
        ("63", "6.3", "wrong"),
        ("63", "The answer is 36, because 63 was read backwards.", "wrong"),
        ("63", "20 + 43 = 64", "wrong"),
        ("63", "between 60 and 63", "unparsable"),
        ("63", "62 or 63", "unparsable"),
        ("63", "62-63", "unparsable"),
        ("63", "", "unparsable"),
        ("63", "many", "unparsable"),
        ("63", "I'm sorry, I can't count these.", "refusal"),
        ("-7", "−7", "right"),
        ("-7", "minus 7", "right"),
        ("-7", "The result is -7", "right"),
        ("1234", "1,234", "right"),
        ("1234", "1 234", "right"),
        ("1234", "1.234", "right"),
        ("1234", "1'234", "right"),
        ("1234.5", "1.234,5", "right"),
        ("1,234,567", "1234567", "right"),
        ("2500000", "2.5 million", "right"),
        ("0.5", "1/2", "right"),
        ("0.5", "½", "right"),
        ("0.5", "\\frac{1}{2}", "right"),
        ("0.5", "50%", "right"),
        ("0.5", "0,5", "right"),
        ("1.5", "1 1/2", "right"),
        ("3.14", "3.14159", "right"),
        ("3.14", "3.1", "wrong"),
        ("3.14", "3.15", "wrong"),
        ("50%", "50", "right"),
        ("50%", "50 percent", "right"),
        ("50%", "0.5", "wrong"),
        ("50", "50%", "right"),
        ("12 km", "12", "right"),
        ("12 km", "12 kilometres", "right"),
        ("12 km", "12000 m", "right"),
        ("12 km", "12 miles", "wrong"),
        ("12 km", "12 kg", "wrong"),
        ("12 km", "about 12 km in all", "right"),
        ("4.00", "$4", "right"),
        ("120000", "1.2 × 10^5", "right"),
        ("120000", "1.2e5", "right"),
        ("0.333", "1/3", "right"),
        ("12", "a dozen", "right"),
        ("3", "The answer is three.", "right"),
    ],
)
def test_number_replies(answer: str, reply: str, outcome: str) -> None:
    assert Number()(key(answer), reply).outcome == outcome


def test_accepted_numbers_are_as_right() -> None:
    assert Number()(key("7", "8"), "8").outcome == "right"


@settings(max_examples=50, deadline=None)
@given(
    st.integers(-(10**9), 10**9),
    st.sampled_from(["{}", "The answer is {}.", "**{:,}**", "2 + 2 = 4, so we get {}", "x = {}"]),
)
def test_an_integer_is_right_in_any_style_and_its_neighbour_wrong(value: int, style: str) -> None:
    assert Number()(key(str(value)), style.format(value)).value == 1
    assert Number()(key(str(value)), style.format(value + 1)).value == 0


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(reply: str) -> None:
    score = Number()(key("63"), reply)
    assert 0 <= score.value <= 1
    assert (score.outcome == "right") == (score.value == 1)
