"""Lists, orders, boxes and transcripts, replied to as models do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_agent.answers import AnswerKey
from benchmark_agent.evaluation.scorers.boxes import Boxed, overlap
from benchmark_agent.evaluation.scorers.lists import Listed, Ordered
from benchmark_agent.evaluation.scorers.transcripts import Transcript, distance


def key(answer: str, *accepted: str) -> AnswerKey:
    return AnswerKey(answer_kind="span", answer=answer, accepted=accepted)


FRUIT = key("apple\npear\nfig")
LISTS = [
    ("apple; pear; fig", 1.0),
    ("apple, pear, fig", 1.0),
    ("fig, apple, pear", 1.0),
    ("apple, pear and fig", 1.0),
    ("apple, pear, and fig.", 1.0),
    ("Apple\nPear\nFig", 1.0),
    ("- apple\n- pear\n- fig", 1.0),
    ("* **Apple**\n* **Pear**\n* **Fig**", 1.0),
    ("1. apple\n2. pear\n3. fig", 1.0),
    ("1) fig\n2) pear\n3) apple", 1.0),
    ("Answer: apple; pear; fig", 1.0),
    ("Answer: apple, pear and fig", 1.0),
    ("**Answer:** apple; pear; fig", 1.0),
    ("Let me think about what is on the table.\n\nAnswer: pear; fig; apple", 1.0),
    ("The answer is apple, pear, fig.", 1.0),
    ("The items are:\n- apple\n- pear\n- fig", 1.0),
    ('["apple", "pear", "fig"]', 1.0),
    ("['apple', 'pear', 'fig']", 1.0),
    ('{"answer": ["apple", "pear", "fig"]}', 1.0),
    ('```json\n["fig", "pear", "apple"]\n```', 1.0),
    ("<think>plum? no</think>apple, pear, fig", 1.0),
    ("\\boxed{apple, pear, fig}", 1.0),
    ("an apple, a pear, a fig", 1.0),
    ("The apple, the pear and the fig", 1.0),
    ("apple & pear & fig", 1.0),
    ("apple、pear、fig", 1.0),
    ("On the table: apple, pear. No wait.\nAnswer: apple; pear; fig", 1.0),
    ("Answer:\n- apple\n- pear\n- fig", 1.0),
    ("Answer: plum\nNo, that is wrong.\nAnswer: fig, pear, apple", 1.0),
    ("Answer: apple; pear; fig\nNo, that is wrong.\nAnswer: plum", 0.0),
    ("apple, pear", 0.8),
    ("Answer: apple", 0.5),
    ("apple; pear; fig; plum", 6 / 7),
    ("apple, plum", 0.4),
    ("apple, apple, pear, fig", 6 / 7),
    ("plum; cherry", 0.0),
    ("none", 0.0),
    ("Answer: None", 0.0),
    ("[]", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "value"), LISTS)
def test_lists(reply: str, value: float) -> None:
    score = Listed()(FRUIT, reply)
    assert score.value == pytest.approx(value)
    assert score.outcome == ("right" if value == 1 else "wrong")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("", "unparsable"),
        ("   ", "unparsable"),
        ("<think>apple, pear", "unparsable"),
        ("I'm sorry, but I can't see the picture you are talking about.", "refusal"),
        ("I cannot list them.", "refusal"),
        ("It is rather hard to say what there might be in a place as dark as this one", "unparsable"),
    ],
)
def test_replies_that_give_no_list(reply: str, outcome: str) -> None:
    assert Listed()(FRUIT, reply).outcome == outcome


@pytest.mark.parametrize(
    ("answer", "reply", "value"),
    [
        ("12; 7; 1,000", "7, 12 and 1000", 1.0),
        ("3, 4", "four; three", 1.0),
        ("rock and roll; jazz", "jazz; rock and roll", 1.0),
        ("red", "red", 1.0),
        ("red", "Answer: red", 1.0),
        ("red", "red, blue", 2 / 3),
    ],
)
def test_lists_of_other_things(answer: str, reply: str, value: float) -> None:
    assert Listed()(key(answer), reply).value == pytest.approx(value)


STEPS = key("wash\npeel\ncut\ncook")
ORDERS = [
    ("wash; peel; cut; cook", 1.0),
    ("wash, peel, cut, cook", 1.0),
    ("wash -> peel -> cut -> cook", 1.0),
    ("wash → peel → cut → cook", 1.0),
    ("wash > peel > cut > cook", 1.0),
    ("wash => peel => cut => cook", 1.0),
    ("Wash, peel, cut and cook.", 1.0),
    ("wash, peel, cut, then cook", 1.0),
    ("first wash, then peel, then cut, finally cook", 1.0),
    ("1. Wash\n2. Peel\n3. Cut\n4. Cook", 1.0),
    ("1) wash 2) peel 3) cut 4) cook", 1.0),
    ("1. wash, 2. peel, 3. cut, 4. cook", 1.0),
    ("- wash\n- peel\n- cut\n- cook", 1.0),
    ("Answer: wash; peel; cut; cook", 1.0),
    ("Answer: wash -> peel -> cut -> cook", 1.0),
    ("**Answer:** wash; peel; cut; cook", 1.0),
    ("The order is:\n1. wash\n2. peel\n3. cut\n4. cook", 1.0),
    ("The correct order is:\n\n1. **Wash**\n2. **Peel**\n3. **Cut**\n4. **Cook**", 1.0),
    ("The answer is wash, peel, cut, cook.", 1.0),
    ('["wash", "peel", "cut", "cook"]', 1.0),
    ("['wash', 'peel', 'cut', 'cook']", 1.0),
    ('{"answer": ["wash", "peel", "cut", "cook"]}', 1.0),
    ("\\boxed{wash, peel, cut, cook}", 1.0),
    ("<think>cook first? no</think>wash; peel; cut; cook", 1.0),
    ("One cuts after peeling, of course.\n\nAnswer: wash; peel; cut; cook", 1.0),
    ("Answer: cook; cut; peel; wash\n\nWait, the other way round.\n\nAnswer: wash; peel; cut; cook", 1.0),
    ("Answer: wash; peel; cut; cook\n\nNo.\n\nAnswer: cook; cut; peel; wash", 0.0),
    ("peel; wash; cut; cook", 5 / 6),
    ("wash; peel; cook; cut", 5 / 6),
    ("wash; cook; peel; cut", 4 / 6),
    ("cook; wash; peel; cut", 3 / 6),
    ("cook; cut; peel; wash", 0.0),
    ("Answer: 1. cook 2. cut 3. peel 4. wash", 0.0),
    ("wash; peel; cut", 0.0),
    ("wash; peel; cut; cook; serve", 0.0),
    ("wash; peel; slice; cook", 0.0),
    ("wash", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "value"), ORDERS)
def test_orders(reply: str, value: float) -> None:
    score = Ordered()(STEPS, reply)
    assert score.value == pytest.approx(value)
    assert score.outcome == ("right" if value == 1 else "wrong")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("", "unparsable"),
        ("They happen at the same time.", "unparsable"),
        ("I am not able to watch the video.", "refusal"),
        ("Sorry, no.", "refusal"),
    ],
)
def test_replies_that_give_no_order(reply: str, outcome: str) -> None:
    assert Ordered()(STEPS, reply).outcome == outcome


BOX = key("[10, 20, 110, 220]")
BOXES = [
    ("[10, 20, 110, 220]", "right"),
    ("10, 20, 110, 220", "right"),
    ("10 20 110 220", "right"),
    ("(10, 20, 110, 220)", "right"),
    ("[10.0, 20.0, 110.0, 220.0]", "right"),
    ("[12, 24, 108, 216]", "right"),
    ("[10, 20, 110, 120.5]", "right"),
    ("Answer: [10, 20, 110, 220]", "right"),
    ("The answer is [10, 20, 110, 220].", "right"),
    ("The cup stands on the left.\n\nAnswer: [10, 20, 110, 220]", "right"),
    ("**[10, 20, 110, 220]**", "right"),
    ("```json\n[10, 20, 110, 220]\n```", "right"),
    ('{"bbox_2d": [10, 20, 110, 220], "label": "cup"}', "right"),
    ('```json\n[{"bbox_2d": [10, 20, 110, 220], "label": "cup"}]\n```', "right"),
    ('{"x0": 10, "y0": 20, "x1": 110, "y1": 220}', "right"),
    ('{"x1": 10, "y1": 20, "x2": 110, "y2": 220}', "right"),
    ('{"xmin": 10, "ymin": 20, "xmax": 110, "ymax": 220}', "right"),
    ('{"x_min": 10, "y_min": 20, "x_max": 110, "y_max": 220}', "right"),
    ('{"x": 10, "y": 20, "width": 100, "height": 200}', "right"),
    ("x=10, y=20, w=100, h=200", "right"),
    ("left: 10, top: 20, right: 110, bottom: 220", "right"),
    ("Left: 10\nTop: 20\nRight: 110\nBottom: 220", "right"),
    ("(10, 20), (110, 220)", "right"),
    ("(10, 20) to (110, 220)", "right"),
    ("The box goes from (10, 20) to (110, 220).", "right"),
    ("<think>[0, 0, 5, 5]?</think>[10, 20, 110, 220]", "right"),
    ("\\boxed{[10, 20, 110, 220]}", "right"),
    ("[10px, 20px, 110px, 220px]", "right"),
    ("First [0, 0, 5, 5], but no.\nAnswer: [10, 20, 110, 220]", "right"),
    ("[10, 20, 110, 110]", "wrong"),
    ("[0, 0, 640, 480]", "wrong"),
    ("[200, 300, 400, 500]", "wrong"),
    ("[20, 10, 220, 110]", "wrong"),
    ("[0.1, 0.2, 0.5, 0.6]", "wrong"),
    ("[10, 20, 110, 220] or [200, 20, 310, 220]", "unparsable"),
    ("[110, 220, 10, 20]", "unparsable"),
    ("[10, 20]", "unparsable"),
    ("[10, 20, 110, 220, 5]", "unparsable"),
    ("in the upper left corner", "unparsable"),
    ("", "unparsable"),
    ("I'm unable to view images.", "refusal"),
    ("抱歉，我无法查看图片。", "refusal"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "outcome"), BOXES)
def test_boxes(reply: str, outcome: str) -> None:
    score = Boxed()(BOX, reply)
    assert (score.outcome, score.value) == (outcome, float(outcome == "right"))


def test_another_accepted_box_is_as_right() -> None:
    assert Boxed()(key("[0, 0, 10, 10]", "[50, 50, 60, 60]"), "[50, 50, 60, 60]").outcome == "right"


def test_overlap_by_hand() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    assert overlap((0, 0, 10, 10), (2, 2, 4, 4)) == pytest.approx(0.04)


HEARD = key("The train to Bath leaves at nine, doesn't it?")
TRANSCRIPTS = [
    ("The train to Bath leaves at nine, doesn't it?", 1.0),
    ("the train to bath leaves at nine doesn't it", 1.0),
    ("THE TRAIN TO BATH LEAVES AT NINE, DOESN'T IT?", 1.0),
    ('"The train to Bath leaves at nine, doesn\'t it?"', 1.0),
    ("“The train to Bath leaves at nine, doesn’t it?”", 1.0),
    ("The train to Bath leaves at nine, doesnt it?", 1.0),
    ("Answer: The train to Bath leaves at nine, doesn't it?", 1.0),
    ("Answer:\nThe train to Bath leaves at nine, doesn't it?", 1.0),
    ("**Answer:** The train to Bath leaves at nine, doesn't it?", 1.0),
    ("Transcript: The train to Bath leaves at nine, doesn't it?", 1.0),
    ("Transcription: the train to Bath leaves at nine, doesn't it?", 1.0),
    ("Here is the transcript:\n\nThe train to Bath leaves at nine, doesn't it?", 1.0),
    ("Here's the transcription of the audio:\nThe train to Bath leaves at nine, doesn't it?", 1.0),
    ("Sure! Here is the transcript:\nThe train to Bath leaves at nine, doesn't it?", 1.0),
    ("The transcript is: The train to Bath leaves at nine, doesn't it?", 1.0),
    ("The speaker says: The train to Bath leaves at nine, doesn't it?", 1.0),
    ('The speaker says, "The train to Bath leaves at nine, doesn\'t it?"', 1.0),
    ('The man said: "The train to Bath leaves at nine, doesn\'t it?"', 1.0),
    ("It is one voice.\n\nAnswer: The train to Bath leaves at nine, doesn't it?", 1.0),
    ("<think>bath or path</think>The train to Bath leaves at nine, doesn't it?", 1.0),
    ("[00:00] The train to Bath leaves at nine, doesn't it?", 1.0),
    ("00:00 The train to Bath leaves\n00:02 at nine, doesn't it?", 1.0),
    ("The train to Bath leaves at nine, [pause] doesn't it?", 1.0),
    ("(music) The train to Bath leaves at nine, doesn't it?", 1.0),
    ("The train to Bath\nleaves at nine,\ndoesn't it?", 1.0),
    ("> The train to Bath leaves at nine, doesn't it?", 1.0),
    ("*The train to Bath leaves at nine, doesn't it?*", 1.0),
    ("The train to Bath leaves at nine doesn't it...", 1.0),
    ("The train to Bath leaves at five, doesn't it?", 8 / 9),
    ("The train to Bath leaves at nine", 7 / 9),
    ("A train to Bath leaves at five, doesn't it?", 7 / 9),
    ("The train to the Bath leaves at nine, doesn't it?", 8 / 9),
    ("Train Bath nine", 3 / 9),
    ("Answer: train", 1 / 9),
    ("Nobody knows", 0.0),
    ("Es fährt kein Zug", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "value"), TRANSCRIPTS)
def test_transcripts(reply: str, value: float) -> None:
    score = Transcript()(HEARD, reply)
    assert score.value == pytest.approx(value)
    assert score.outcome == ("right" if value == 1 else "wrong")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("", "unparsable"),
        ("?!", "unparsable"),
        ("Answer:", "unparsable"),
        ("I'm sorry, but I can't listen to audio files.", "refusal"),
        ("As an AI language model I cannot hear.", "refusal"),
    ],
)
def test_replies_that_give_no_transcript(reply: str, outcome: str) -> None:
    assert Transcript()(HEARD, reply).outcome == outcome


@pytest.mark.parametrize(
    ("answer", "reply", "value"),
    [
        ("今天下雨", "今天下雨。", 1.0),
        ("今天下雨", "今天下雪", 0.75),
        ("He said sorry, I can't come.", "He said sorry, I can't come.", 1.0),
        ("Is it", "Is it not so that everything is said twice", 0.0),
    ],
)
def test_transcripts_of_other_things(answer: str, reply: str, value: float) -> None:
    assert Transcript()(key(answer), reply).value == pytest.approx(value)


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_distance_is_a_distance(one: list[str], other: list[str]) -> None:
    assert distance(one, other) == distance(other, one)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))
    assert (distance(one, other) == 0) == (one == other)


def test_each_has_at_least_forty_replies() -> None:
    assert len(LISTS) + 12 >= 40
    assert len(ORDERS) + 4 >= 40
    assert len(BOXES) >= 40
    assert len(TRANSCRIPTS) + 9 >= 40
