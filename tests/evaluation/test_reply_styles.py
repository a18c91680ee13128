"""How models really end their replies: long reasoning, headings, corrections, hedges, JSON, LaTeX, other languages."""

# ruff: noqa: E501
import pytest

from benchmark_agent.answers import AnswerKey
from benchmark_agent.evaluation.scorers import SCORERS

BY_NAME = {scorer.name: scorer for scorer in SCORERS}

RIVERS = AnswerKey(answer_kind="choice", options=("the Oder", "the Rhine", "the Elbe", "the Spree"), answer="C")
CHOICES = [
    ("## Step 1: Read the text\nIt names three rivers.\n\n## Step 2: Decide\nThe Elbe fits.\n\nThe final answer is: $\\boxed{C}$", "right"),
    ("Let's go through the options.\n\n* **A) the Oder** - too short.\n* **B) the Rhine** - not in the text.\n* **C) the Elbe** - yes.\n\n**Answer: C**", "right"),
    ("The text says the river reaches Hamburg. That is the Elbe.\n\nAnswer: C", "right"),
    ("ANSWER: C", "right"),
    ("answer: c", "right"),
    ("Answer: (C)", "right"),
    ("Answer: C. the Elbe", "right"),
    ("Answer: the Elbe", "right"),
    ("Answer: **C**\n\nExplanation: A is too short, and B is elsewhere.", "right"),
    ("C\n\nReasoning: the Oder (A) is too short and the Rhine (B) is elsewhere.", "right"),
    ("Okay, so A is out. B is out. D is only a tributary.\n\nAnswer: C", "right"),
    ("Hmm, at first I thought B. But the text says Hamburg, so it must be C.\n\nAnswer: C", "right"),
    ("Answer: B\n\nActually, let me correct that.\n\nAnswer: C", "right"),
    ("I choose C.", "right"),
    ("I'd say C", "right"),
    ("It's C.", "right"),
    ("C is the right answer.", "right"),
    ("The right option is C because of Hamburg.", "right"),
    ("Based on the passage, the correct option is **C. the Elbe**.", "right"),
    ("The Elbe.", "right"),
    ("It is the Elbe that reaches Hamburg.", "right"),
    ("Final Answer: The final answer is C. I hope it is correct.", "right"),
    ("<|think|>A?", "unparsable"),
    ("Answer: A", "wrong"),
    ("Answer: C or D", "unparsable"),
    ("Answer: none of the above", "unparsable"),
    ("The answer is not given in the passage.", "unparsable"),
    ("Answer: LETTER", "unparsable"),
    ("Answer: X", "unparsable"),
    ("I am unable to determine the answer from the picture.", "refusal"),
]  # fmt: skip

COLOURS = AnswerKey(answer_kind="multi_choice", options=("red", "green", "blue", "grey"), answer="AC")
SETS = [
    ("Answer: A and C", "right"),
    ("Answer: A,C", "right"),
    ("Answer: AC", "right"),
    ("Answer: (A), (C)", "right"),
    ("Answer: C, A", "right"),
    ("Answer: **A, C**", "right"),
    ("Answer: A. red, C. blue", "right"),
    ("Answer: red, blue", "right"),
    ("ANSWER: A, C", "right"),
    ("Green is mixed and grey is no colour of light.\n\nAnswer: A, C", "right"),
    ("- A) red: yes\n- B) green: no\n- C) blue: yes\n- D) grey: no\n\nAnswer: A, C", "right"),
    ("The correct options are:\n\nA. red\nC. blue", "right"),
    ("$\\boxed{A, C}$", "right"),
    ('{"answer": "A, C"}', "right"),
    ("<think>B? D? no.</think>A, C", "right"),
    ("Answer: A\n\nOn second thought:\n\nAnswer: A, C", "right"),
    ("A; C", "right"),
    ("A & C", "right"),
    ("Both A and C are correct.", "right"),
    ("The correct options are:\n\nA. red\nC. blue\n\nB. green is mixed.", "right"),
    ("Answer: A, B, C", "wrong"),
    ("Answer: C", "wrong"),
    ("Answer: A, C, D", "wrong"),
    ("Answer: E", "unparsable"),
    ("I'm sorry, I can't choose.", "refusal"),
]  # fmt: skip

TRUE = AnswerKey(answer_kind="binary", answer="no")
SIDES = [
    ("Answer: no", "right"),
    ("Answer: No.", "right"),
    ("**Answer:** No", "right"),
    ("ANSWER: NO", "right"),
    ("No - the text says the opposite.", "right"),
    ("The text says yes at first, but the last line denies it.\n\nAnswer: no", "right"),
    ("$\\boxed{\\text{No}}$", "right"),
    ('{"answer": "no"}', "right"),
    ("<think>yes? no.</think>No", "right"),
    ("So the answer is no.", "right"),
    ("I would say no.", "right"),
    ("Answer: yes\n\nWait, I misread.\n\nAnswer: no", "right"),
    ("Answer: Yes", "wrong"),
    ("yes", "wrong"),
    ("Answer: yes/no", "unparsable"),
    ("Answer: maybe", "unparsable"),
    ("Perhaps.", "unparsable"),
    ("I can't help with that.", "refusal"),
]  # fmt: skip

GENRE = AnswerKey(
    answer_kind="label", options=("hip-hop", "jazz", "classical", "folk rock", "rock"), answer="folk rock"
)
LABELS = [
    ("folk rock", "right"),
    ("Folk Rock", "right"),
    ("folk-rock", "right"),
    ("Answer: folk rock", "right"),
    ("**Answer:** folk rock", "right"),
    ("Answer: Folk rock.", "right"),
    ("The banjo and the drums point to one genre.\n\nAnswer: folk rock", "right"),
    ("It is not jazz, and not classical either.\n\nAnswer: folk rock", "right"),
    ("The genre is folk rock.", "right"),
    ("I would label this as folk rock.", "right"),
    ('{"label": "folk rock"}', "right"),
    ("\\boxed{\\text{folk rock}}", "right"),
    ("<think>rock? jazz?</think>\nfolk rock", "right"),
    ("Answer: rock\n\nNo: there is a banjo.\n\nAnswer: folk rock", "right"),
    ("Answer: rock", "wrong"),
    ("jazz", "wrong"),
    ("Answer: hip hop", "wrong"),
    ("Answer: metal", "unparsable"),
    ("jazz or rock", "unparsable"),
    ("I cannot listen to audio.", "refusal"),
]  # fmt: skip

ADA = AnswerKey(answer_kind="span", answer="Ada Lovelace", accepted=("Lovelace", "Countess of Lovelace"))
SPANS = [
    ("Ada Lovelace", "right"),
    ("Answer: Ada Lovelace", "right"),
    ("**Answer:** Ada Lovelace", "right"),
    ("Answer: Ada Lovelace.", "right"),
    ("Answer: the Countess of Lovelace", "right"),
    ("Answer: Lovelace", "right"),
    ("She wrote the first program, says the note.\n\nAnswer: Ada Lovelace", "right"),
    ("The answer is Ada Lovelace, who wrote the notes.", "right"),
    ("It was Ada Lovelace who wrote it.", "right"),
    ("$\\boxed{\\text{Ada Lovelace}}$", "right"),
    ('{"answer": "Ada Lovelace"}', "right"),
    ("<answer>Ada Lovelace</answer>", "right"),
    ("Answer: Charles Babbage\n\nCorrection:\n\nAnswer: Ada Lovelace", "right"),
    ("La respuesta es Ada Lovelace.", "right"),
    ("Answer: Charles Babbage", "wrong"),
    ("Answer: Ada Byron", "wrong"),
    ("Answer: Ada Lovelace or Charles Babbage", "wrong"),
    ("Answer: unknown", "wrong"),
    ("I'm sorry, the text does not say.", "refusal"),
]  # fmt: skip

COUNT = AnswerKey(answer_kind="number", answer="18")
NUMBERS = [
    ("Answer: 18", "right"),
    ("**Answer: 18**", "right"),
    ("Answer: 18 birds", "right"),
    ("5 on the roof and 13 in the tree: 5 + 13 = 18.\n\nAnswer: 18", "right"),
    ("Answer: 17\n\nI forgot one.\n\nAnswer: 18", "right"),
    ("The final answer is: $\\boxed{18}$", "right"),
    ('{"answer": 18}', "right"),
    ("Answer: eighteen", "right"),
    ("Answer: 18.0", "right"),
    ("Answer: 19", "wrong"),
    ("Answer: 1.8", "wrong"),
    ("Answer: 17-18", "unparsable"),
    ("Answer: NUMBER", "unparsable"),
]  # fmt: skip

TABLES = (
    ("choice", RIVERS, CHOICES),
    ("multi_choice", COLOURS, SETS),
    ("binary", TRUE, SIDES),
    ("label", GENRE, LABELS),
    ("span", ADA, SPANS),
    ("number", COUNT, NUMBERS),
)


@pytest.mark.parametrize(
    ("name", "key", "reply", "outcome"),
    [(name, key, reply, outcome) for name, key, rows in TABLES for reply, outcome in rows],
)
def test_styles(name: str, key: AnswerKey, reply: str, outcome: str) -> None:
    score = BY_NAME[name](key, reply)
    assert (score.outcome, score.value) == (outcome, float(outcome == "right")), score


# -- every scorer: gold in any style is right, what is none of the answers is not -----------------

KEYS = {
    "choice": RIVERS,
    "multi_choice": COLOURS,
    "binary": TRUE,
    "label": GENRE,
    "span": ADA,
    "number": COUNT,
    "list": AnswerKey(answer_kind="span", answer="apple; pear; fig"),
    "order": AnswerKey(answer_kind="span", answer="wash; peel; cut; cook"),
    "box": AnswerKey(answer_kind="span", answer="[10, 20, 110, 220]"),
    "transcript": AnswerKey(answer_kind="span", answer="the train leaves at nine"),
}
STYLES = (
    "{}", "{}\n", "  {}  ", "**{}**", "Answer: {}", "answer: {}", "**Answer:** {}", "Answer: **{}**", "Answer:\n{}",
    "Answer:\n\n{}", "<think>It may be something else.</think>{}", "<think>\nhm\n</think>\n\nAnswer: {}",
    "I looked at all of it with care.\n\nAnswer: {}", "The answer is {}", "Final answer: {}", "\\boxed{{{}}}",
    "Answer: \\boxed{{{}}}", "<answer>{}</answer>",
)  # fmt: skip
JUNK = (
    "", " ", "?!", "...", "I do not know.", "I'm sorry, I can't help with that.", "As an AI, I cannot see images.",
    "Answer:", "Answer: ?", "<think>", "null", "It depends.", "That is a very good question indeed.", "抱歉，我无法回答。",
)  # fmt: skip


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("style", STYLES)
def test_the_gold_is_right_in_any_style(name: str, style: str) -> None:
    key = KEYS[name]
    score = BY_NAME[name](key, style.format(key.answer))
    assert (score.value, score.outcome) == (1, "right"), score


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("reply", JUNK)
def test_junk_is_never_right_and_a_refusal_is_told(name: str, reply: str) -> None:
    score = BY_NAME[name](KEYS[name], reply)
    assert score.value < 0.25, score
    if "cannot" in reply or "can't" in reply or "抱歉" in reply:
        assert score.outcome == "refusal"


@pytest.mark.parametrize(("name", "key", "rows"), TABLES)
def test_replies_of_each_kind_of_outcome_are_listed(name: str, key: AnswerKey, rows: list[tuple[str, str]]) -> None:
    assert {outcome for _, outcome in rows} >= {"right", "wrong"}
