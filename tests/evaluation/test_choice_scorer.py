"""Replies as models write them, with the verdict a careful reader gives."""

import pytest

from benchmark_agent.answers import AnswerKey
from benchmark_agent.evaluation.scorers.choice import Choice, MultiChoice

CITIES = ("Lyon", "Paris", "New York", "York")
KEY = AnswerKey(answer_kind="choice", options=CITIES, answer="B")
NUMBERS = AnswerKey(answer_kind="choice", options=("5", "8", "12", "20"), answer="B")
SENTENCES = AnswerKey(
    answer_kind="choice",
    options=("The nurse was late", "The doctor was late", "Ambiguous"),
    answer="C",
)

REPLIES = [
    ("B", "right", "B"),
    ("b", "right", "B"),
    ("(B)", "right", "B"),
    ("B.", "right", "B"),
    ("B)", "right", "B"),
    ("[B]", "right", "B"),
    ("**B**", "right", "B"),
    ("**(B) Paris**", "right", "B"),
    ("B. Paris", "right", "B"),
    ("B: Paris", "right", "B"),
    ("B - Paris", "right", "B"),
    ("Paris", "right", "B"),
    ("paris.", "right", "B"),
    ("Answer: B", "right", "B"),
    ("**Answer:** B", "right", "B"),
    ("Answer:\n\n(B) Paris", "right", "B"),
    ("The answer is (B).", "right", "B"),
    ("The correct answer is **B) Paris**.", "right", "B"),
    ("The answer to the question is Paris.", "right", "B"),
    ("Option B is correct.", "right", "B"),
    ("I would go with B, because the Louvre is there.", "right", "B"),
    ("B, since the Louvre stands there.", "right", "B"),
    ("The Louvre is in France. Lyon has no such museum. Therefore, the answer is B.", "right", "B"),
    ("<think>Lyon? No... A? The answer is A.</think>\nB", "right", "B"),
    ("Step by step.\n\nA) Lyon: no.\nB) Paris: yes.\nC) New York: no.\nD) York: no.\n\nFinal answer: B", "right", "B"),
    ("The answer is A. Wait, that is wrong. The answer is B.", "right", "B"),
    ("The answer is B. It is not A, and the answer is not C.", "right", "B"),
    ("$\\boxed{B}$", "right", "B"),
    ("So we get \\boxed{\\text{B}}", "right", "B"),
    ('{"answer": "B", "confidence": 0.9}', "right", "B"),
    ("```json\n{\"answer\": \"B\"}\n```", "right", "B"),
    ("<answer>B</answer>", "right", "B"),
    ("答案是B。", "right", "B"),
    ("正确答案：（Ｂ）巴黎", "right", "B"),
    ("La respuesta es B", "right", "B"),
    ("Die richtige Antwort ist B.", "right", "B"),
    ("Ответ: В", "right", "B"),
    ("I'm sorry, I can't see the picture, but if I had to guess, B.", "right", "B"),
    ("A", "wrong", "A"),
    ("New York", "wrong", "C"),
    ("The answer is New York, not York.", "wrong", "C"),
    ("(D) York, which is not in France but in England.", "wrong", "D"),
    ("A city like this has one such museum.\n\nC", "wrong", "C"),
    ("It is definitely not Lyon. It must be York.", "wrong", "D"),
    ("", "unparsable", ""),
    ("   \n", "unparsable", ""),
    ("A or B", "unparsable", ""),
    ("The answer is A or B.", "unparsable", ""),
    ("Both Lyon and Paris could be right.", "unparsable", ""),
    ("A B C D", "unparsable", ""),
    ("A) Lyon\nB) Paris\nC) New York\nD) York", "unparsable", ""),
    ("E", "unparsable", ""),
    ("I think this is a hard question about museums.", "unparsable", ""),
    ("<think>It could be B, but let me consider", "unparsable", ""),
    ("I'm sorry, but I can't help with that.", "refusal", ""),
    ("As an AI language model, I cannot view images.", "refusal", ""),
    ("抱歉，我无法回答这个问题。", "refusal", ""),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "outcome", "parsed"), REPLIES)
def test_choice_replies(reply: str, outcome: str, parsed: str) -> None:
    score = Choice()(KEY, reply)
    assert (score.outcome, score.parsed) == (outcome, parsed)
    assert score.value == (1.0 if outcome == "right" else 0.0)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("8", "right"),
        ("5 + 3 = 8, so the answer is 8.", "right"),
        ("There were 5 birds and 3 came, so there are 8 birds in all.", "right"),
        ("The answer is B (8).", "right"),
        ("12", "wrong"),
        ("We add 5 and 3, which gives the total.\nThe answer is 12.", "wrong"),
        ("First count the birds on the roof, then add the ones in the tree that are 5 in number.", "unparsable"),
    ],
)
def test_options_that_are_numbers_count_only_where_the_reply_concludes(reply: str, outcome: str) -> None:
    assert Choice()(NUMBERS, reply).outcome == outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("It is ambiguous who was late.", "right"),
        ("The sentence does not say whether the nurse was late.\n\nAmbiguous", "right"),
        ("The doctor was late", "wrong"),
        ("C) Ambiguous", "right"),
    ],
)
def test_options_that_are_sentences(reply: str, outcome: str) -> None:
    assert Choice()(SENTENCES, reply).outcome == outcome


def test_the_letter_wins_where_options_are_letters() -> None:
    key = AnswerKey(answer_kind="choice", options=("C", "A", "B"), answer="B")
    assert Choice()(key, "B").outcome == "right"
    assert Choice()(key, "(A) C").parsed == "A"


def test_yes_and_no_as_options() -> None:
    key = AnswerKey(answer_kind="choice", options=("Yes", "No"), answer="B")
    assert Choice()(key, "No, the machine stopped earlier.").outcome == "right"
    assert Choice()(key, "Yes").outcome == "wrong"


SETS = AnswerKey(answer_kind="multi_choice", options=("red", "green", "blue", "dark blue"), answer="AC")


@pytest.mark.parametrize(
    ("reply", "outcome", "parsed"),
    [
        ("AC", "right", "AC"),
        ("A, C", "right", "AC"),
        ("C and A", "right", "AC"),
        ("(A) and (C)", "right", "AC"),
        ("A) red\nC) blue", "right", "AC"),
        ("The correct answers are A and C.", "right", "AC"),
        ("Answer: A, C", "right", "AC"),
        ('["A", "C"]', "right", "AC"),
        ("red, blue", "right", "AC"),
        ("red and blue", "right", "AC"),
        ("Both red and blue are primary colours.", "right", "AC"),
        ("**A** and **C**", "right", "AC"),
        ("Options A and C", "right", "AC"),
        ("A", "wrong", "A"),
        ("A, B, C", "wrong", "ABC"),
        ("ABCD", "wrong", "ABCD"),
        ("red and dark blue", "wrong", "AD"),
        ("None", "wrong", ""),
        ("", "unparsable", ""),
        ("I cannot answer this.", "refusal", ""),
        ("It depends on the light.", "unparsable", ""),
    ],
)
def test_multi_choice_replies(reply: str, outcome: str, parsed: str) -> None:
    score = MultiChoice()(SETS, reply)
    assert (score.outcome, score.parsed) == (outcome, parsed)
