"""Yes/no, labels and spans, replied to as models do."""

import pytest

from benchmark_agent.answers import AnswerKey
from benchmark_agent.evaluation.scorers.spans import Binary, Label, Span

YES = AnswerKey(answer_kind="binary", answer="yes")
FALSE = AnswerKey(answer_kind="binary", answer="False")
VALID = AnswerKey(answer_kind="binary", options=("valid", "invalid"), answer="invalid")


@pytest.mark.parametrize(
    ("key", "reply", "outcome"),
    [
        (YES, "yes", "right"),
        (YES, "Yes.", "right"),
        (YES, "**Yes**, because the lamp was on.", "right"),
        (YES, "Yes, it does, although no one saw it.", "right"),
        (YES, "True", "right"),
        (YES, "The answer is yes.", "right"),
        (YES, "The lamp was on and no one left.\n\nSo the answer is: Yes", "right"),
        (YES, "是的", "right"),
        (YES, "Oui, bien sûr.", "right"),
        (YES, "That is correct.", "unparsable"),
        (YES, "Correct, it was on.", "right"),
        (YES, "No", "wrong"),
        (YES, "No, the lamp was not on.", "wrong"),
        (YES, "Nein.", "wrong"),
        (YES, "yes or no", "unparsable"),
        (YES, "", "unparsable"),
        (YES, "I cannot determine that from the picture.", "refusal"),
        (YES, "It depends.", "unparsable"),
        (FALSE, "False", "right"),
        (FALSE, "The statement is false.", "right"),
        (FALSE, "Yes, the statement is false.", "right"),
        (FALSE, "The statement is not true.", "right"),
        (FALSE, "No", "right"),
        (FALSE, "**Answer: False**", "right"),
        (FALSE, "The statement is true.", "wrong"),
        (FALSE, "True. The first sentence says so.", "wrong"),
        (FALSE, "\\boxed{\\text{True}}", "wrong"),
        (VALID, "The argument is invalid.", "right"),
        (VALID, "invalid", "right"),
        (VALID, "The argument is valid.", "wrong"),
        (VALID, "The argument is not valid.", "right"),
        (VALID, "valid or invalid, hard to say", "unparsable"),
    ],
)
def test_binary_replies(key: AnswerKey, reply: str, outcome: str) -> None:
    assert Binary()(key, reply).outcome == outcome


MOOD = AnswerKey(answer_kind="label", options=("happy", "unhappy", "angry", "not sure"), answer="unhappy")
BIRD = AnswerKey(answer_kind="label", answer="house sparrow", accepted=("Passer domesticus",))


@pytest.mark.parametrize(
    ("key", "reply", "outcome"),
    [
        (MOOD, "unhappy", "right"),
        (MOOD, "Unhappy.", "right"),
        (MOOD, "The speaker is unhappy.", "right"),
        (MOOD, "Label: unhappy", "right"),
        (MOOD, "**unhappy**", "right"),
        (MOOD, "She is not happy but unhappy.", "right"),
        (MOOD, "At first he seems angry. In the end he is unhappy.", "right"),
        (MOOD, "My answer is unhappy, since she sighs.", "right"),
        (MOOD, "happy", "wrong"),
        (MOOD, "The mood is angry.", "wrong"),
        (MOOD, "not sure", "wrong"),
        (MOOD, "happy or unhappy", "unparsable"),
        (MOOD, "happy, unhappy, angry, not sure", "unparsable"),
        (MOOD, "sad", "unparsable"),
        (MOOD, "I'm sorry, I can't listen to audio.", "refusal"),
        (BIRD, "House sparrow", "right"),
        (BIRD, "It is a house sparrow.", "right"),
        (BIRD, "Passer domesticus", "right"),
        (BIRD, "a house-sparrow", "right"),
        (BIRD, "sparrow", "wrong"),
        (BIRD, "It is not a house sparrow.", "wrong"),
        (BIRD, "either a house sparrow or a tree sparrow", "wrong"),
        (BIRD, "", "unparsable"),
    ],
)
def test_label_replies(key: AnswerKey, reply: str, outcome: str) -> None:
    assert Label()(key, reply).outcome == outcome


TOWER = AnswerKey(answer_kind="span", answer="the Eiffel Tower", accepted=("Tour Eiffel",))
YEAR = AnswerKey(answer_kind="span", answer="1,250")
TIME = AnswerKey(answer_kind="span", answer="-3.5")
BEIJING = AnswerKey(answer_kind="span", answer="北京")
WORDS = AnswerKey(answer_kind="span", answer="apple fig pear")
MIXED = AnswerKey(answer_kind="span", answer="12 March 2021")


@pytest.mark.parametrize(
    ("key", "reply", "outcome"),
    [
        (TOWER, "The Eiffel Tower", "right"),
        (TOWER, "eiffel tower.", "right"),
        (TOWER, '"Eiffel Tower"', "right"),
        (TOWER, "Tour Eiffel", "right"),
        (TOWER, "It was the Eiffel Tower.", "right"),
        (TOWER, "Answer: Eiffel Tower", "right"),
        (TOWER, "The passage names two places. The answer is the Eiffel Tower.", "right"),
        (TOWER, "**Eiffel Tower**\n\nThe passage says so in its second sentence.", "right"),
        (TOWER, "Tower", "wrong"),
        (TOWER, "The Louvre", "wrong"),
        (TOWER, "It was not the Eiffel Tower.", "wrong"),
        (TOWER, "The Louvre or the Eiffel Tower", "wrong"),
        (TOWER, "The answer is the Louvre. The Eiffel Tower is elsewhere.", "wrong"),
        (TOWER, "word " * 40 + "Eiffel Tower " + "word " * 40, "wrong"),
        (TOWER, "", "unparsable"),
        (TOWER, "I'm unable to answer this from the text.", "refusal"),
        (YEAR, "1250", "right"),
        (YEAR, "1251", "wrong"),
        (TIME, "-3.5", "right"),
        (TIME, "3.5", "wrong"),
        (TIME, "-35", "wrong"),
        (BEIJING, "北京", "right"),
        (BEIJING, "答案是北京。", "right"),
        (BEIJING, "上海", "wrong"),
        (WORDS, "apple, fig, pear", "right"),
        (WORDS, "apple pear fig", "wrong"),
        (MIXED, "12 March, 2021", "right"),
        (MIXED, "13 March 2021", "wrong"),
    ],
)
def test_span_replies(key: AnswerKey, reply: str, outcome: str) -> None:
    assert Span()(key, reply).outcome == outcome
