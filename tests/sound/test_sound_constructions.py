"""Constructions that are heard: the gold follows from what was spoken or played, and the text does not tell it."""

import re
from collections import Counter
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from benchmark_agent.content import Audio, Composed, Dialog, Making, Phrase, Table, Text, Turn
from benchmark_agent.errors import JobError, Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.constructions import sounding, spoken, spoken_beside, spoken_talk, spoken_voices
from benchmark_agent.tools.constructions.spoken_numbers import number_changes, numbered
from benchmark_agent.tools.sound import waves
from benchmark_agent.tools.sound.waves import RATE
from tests.sound.voices import Buzzer

TALK = Dialog(
    turns=tuple(
        Turn(speaker=speaker, text=text)
        for speaker, text in (
            ("Ada", "We need fifteen chairs for the hall."),
            ("Bo", "I can carry six of them at once."),
            ("Cem", "The van is parked behind the chapel."),
            ("Ada", "Then start with the ones by the window."),
            ("Bo", "Somebody has locked the side door again."),
            ("Cem", "Ask the warden whether he has a key."),
            ("Ada", "He went home an hour ago, I think."),
            ("Bo", "We could go round by the kitchen."),
        )
    )
)
PAIR = Dialog(
    turns=(
        *(turn for turn in TALK.turns if turn.speaker != "Cem"),
        Turn(speaker="Ada", text="Let us begin with the two by the door."),
    )
)
STORY = Phrase(
    text="The boat left the pier at dawn. Nobody on board had slept that night. A cold wind came up from the north. "
    "The captain counted 15 barrels below deck. Two of the sailors were ill. They reached the island after 30 hours. "
    "The village had been empty for years. A dog followed them to the well."
)
STALLS = Table(
    name="stalls",
    columns=("Stall", "Trade", "Rent (crowns)"),
    rows=(("Ash", "tin", 12), ("Birch", "wool", 40), ("Cedar", "tin", 25), ("Dale", "salt", 31), ("Elm", "oil", 18)),
)
SEEDS = range(24)
SPEAKING = (
    *spoken_talk.TOOLS,
    *spoken.TOOLS,
    spoken_voices.hear_same_voice,
    spoken_voices.hear_background,
    *spoken_beside.TOOLS,
)


def made(part: object) -> Making:
    assert isinstance(part, Audio)
    assert part.made is not None
    return part.made


def asked_lines(question: str) -> list[str]:
    return re.findall(r"“(.+?)”", question)


@pytest.mark.parametrize("under_noise", [False, True])
@pytest.mark.parametrize("talk", [TALK, PAIR], ids=["three", "two"])
def test_who_says_it_follows_from_who_was_given_the_line(
    buzzer: Buzzer, media: MediaStore, talk: Dialog, under_noise: bool
) -> None:
    tool = spoken_talk.hear_who_says_it_in_noise if under_noise else spoken_talk.hear_who_says_it
    answers = Counter[bool]()
    for seed in SEEDS:
        item = tool.run(talk, Random(seed), media)
        said = made(item.input[0]).said
        by = {each.text: each.speaker for each in said}
        names = list(dict.fromkeys(each.speaker for each in said))
        assert [each.text for each in said[: len(names)]] == [f"Hello, this is {name}." for name in names]
        lines = asked_lines(item.question)
        speakers = [by[line] for line in lines]
        if len(names) == 2:
            one, other = speakers
            right = f"{one} says both." if one == other else f"{one} says the first, {other} the second."
            answers[one == other] += 1
        else:
            (right,) = speakers
        assert item.answer == right
        assert len(item.options) == len(set(item.options)) == (4 if len(names) == 2 else len(names))
        assert (made(item.input[0]).snr is not None) == under_noise
    assert talk is TALK or min(answers[True], answers[False]) >= len(SEEDS) / 5


def test_the_text_of_a_conversation_does_not_say_who_is_who(buzzer: Buzzer, media: MediaStore) -> None:
    """The line asked about is the same; the name of who says it is drawn."""
    said = set()
    for seed in range(60):
        item = spoken_talk.hear_who_says_it.run(TALK, Random(seed), media)
        assert not {"Ada", "Bo", "Cem"} & set(item.options)
        if "fifteen chairs" in item.question:
            said.add(item.answer)
    assert len(said) >= 3


def test_the_order_of_the_names_does_not_say_who_speaks_first(buzzer: Buzzer, media: MediaStore) -> None:
    as_first_heard = Counter[bool]()
    for seed in range(60):
        said = made(spoken_talk.hear_who_says_it.run(TALK, Random(seed), media).input[0]).said
        count = len({each.speaker for each in said})
        given = [each.speaker for each in said[:count]]
        as_first_heard[given == list(dict.fromkeys(each.speaker for each in said[count:]))] += 1
    assert as_first_heard[True] < 30


def test_a_stretch_that_names_a_speaker_is_not_spoken(buzzer: Buzzer, media: MediaStore) -> None:
    turns = tuple(turn.model_copy(update={"text": f"Listen, Bo. {turn.text}"}) for turn in TALK.turns)
    with pytest.raises(Unfit, match="none named"):
        spoken_talk.hear_who_says_it.run(TALK.model_copy(update={"turns": turns}), Random(1), media)


def test_voices_are_counted_and_every_number_of_them_occurs(buzzer: Buzzer, media: MediaStore) -> None:
    golds = Counter[str]()
    for seed in range(40):
        item = spoken.count_voices.run(STORY, Random(seed), media)
        heard = {each.voice for each in made(item.input[0]).said}
        assert item.options[len(heard) - 1] == item.answer
        golds[item.answer] += 1
    assert set(golds) == {"One", "Two", "Three", "Four"}


def test_the_order_asked_for_is_the_order_spoken(buzzer: Buzzer, media: MediaStore) -> None:
    for seed in SEEDS:
        item = spoken.hear_order.run(STORY, Random(seed), media)
        lines = [each.text for each in made(item.input[0]).said]
        at = {option: lines.index(option) for option in item.options}
        if "first" in item.question:
            assert at[item.answer] == min(at.values())
        elif "last" in item.question:
            assert at[item.answer] == max(at.values())
        else:
            assert lines[at[item.answer] - 1] == item.question.split("“")[1].split("”")[0]


def test_the_order_spoken_is_not_that_of_the_text(buzzer: Buzzer, media: MediaStore) -> None:
    kept = 0
    for seed in SEEDS:
        lines = [each.text for each in made(spoken.hear_order.run(STORY, Random(seed), media).input[0]).said]
        kept += lines == sorted(lines, key=STORY.text.index)
    assert kept < len(SEEDS) / 4


def test_the_change_between_two_takes_is_the_one_that_was_made(buzzer: Buzzer, media: MediaStore) -> None:
    seen = set()
    for seed in SEEDS:
        item = spoken.hear_change.run(STORY, Random(seed), media)
        before, after = (made(item.input[k]).said for k in (1, 3))
        first, second = [s.text for s in before], [s.text for s in after]
        told = {
            "Two sentences have changed places.": first != second and sorted(first) == sorted(second),
            "Another person speaks.": first == second and before[0].voice != after[0].voice,
            "A sentence is left out.": len(second) == len(first) - 1,
            "A sentence is said twice.": len(second) == len(first) + 1 and set(first) == set(second),
        }
        assert [option for option, true in told.items() if true] == [item.answer]
        seen.add(item.answer)
    assert len(seen) == 4


def test_one_of_four_sentences_is_spoken_and_each_is_as_likely(buzzer: Buzzer, media: MediaStore) -> None:
    original = 0
    for seed in range(60):
        item = spoken.hear_which_sentence.run(STORY, Random(seed), media)
        (said,) = made(item.input[0]).said
        assert said.text == item.answer
        assert len(set(item.options)) == 4
        original += item.answer in STORY.text
    assert 5 <= original <= 27  # a quarter of 60, give or take three standard deviations


def test_the_number_asked_for_is_the_one_spoken(buzzer: Buzzer, media: MediaStore) -> None:
    for seed in SEEDS:
        item = spoken.hear_number.run(STORY, Random(seed), media)
        (said,) = made(item.input[0]).said
        gap = item.question.split("“")[1].split("”")[0]
        before, after = gap.split("…")
        number = said.text[len(before) : len(said.text) - len(after)]
        assert (
            number == item.answer or int(item.answer) == {"two": 2, "three": 3, "eight": 8, "ten": 10}[number.lower()]
        )


def test_numbers_that_sound_alike() -> None:
    assert number_changes(15)[0] == 50
    assert number_changes(30)[0] == 13
    assert number_changes(114)[0] == 140
    assert number_changes(5) == (9, 4, 15)
    assert all(n not in number_changes(n) and len(set(number_changes(n))) == 3 for n in range(2, 2000))


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The pump holds 15 litres.", [15]),
        ("At 08:40 it rang 3 times.", [3]),
        ("It cost 1,250 crowns.", [1250]),
        ("In 1987 it was 2.5 km long.", []),
        ("Room B-12 has twenty-five beds.", []),
        ("These two have one key.", []),
        ("Five men left.", [5]),
    ],
)
def test_only_plain_numbers_are_changed(sentence: str, found: list[int]) -> None:
    assert [each.number for each in numbered(sentence)] == found
    assert all(
        each.saying(each.number).lower() == sentence.lower() for each in numbered(sentence) if each.number < 1000
    )


def played(item: Composed, media: MediaStore) -> list[float]:
    """Hertz of each tone, measured in the file."""
    sound = next(part for part in item.input if isinstance(part, Audio))
    wave = waves.decode(media.read(sound))
    step = round((sounding._BEAT + 0.06) * RATE)
    found = []
    for start in range(round(0.3 * RATE), len(wave) - step, step):
        tone = wave[start : start + round(sounding._BEAT * RATE)] * np.hanning(round(sounding._BEAT * RATE))
        spectrum = np.abs(np.fft.rfft(tone, 1 << 16))
        found.append(float(np.argmax(spectrum)) * RATE / (1 << 16))
    return found


def test_the_tones_in_the_file_follow_the_values_of_the_rows_named(media: MediaStore) -> None:
    rents = {str(row[0]): row[2] for row in STALLS.rows}
    for seed in SEEDS:
        item = sounding.hear_values.run(STALLS, Random(seed), media)
        shown = item.input[0]
        assert isinstance(shown, Text)
        names = re.findall(r"\d+\. (\w+)", shown.text)
        heights = played(item, media)
        assert len(heights) == len(names)
        values = [float(str(rents[name])) for name in names]
        assert np.argsort(heights).tolist() == np.argsort(values).tolist()
        if "highest" in item.question:
            assert item.answer == names[int(np.argmax(heights))]
        elif "lowest" in item.question:
            assert item.answer == names[int(np.argmin(heights))]
        else:
            course = ["up" if b > a else "down" for a, b in pairwise(heights)]
            assert item.answer == ", ".join(course)
        assert item.evidence == (1,)


def test_tones_above_and_below_the_first_are_counted(media: MediaStore) -> None:
    for seed in SEEDS:
        item = sounding.count_tones.run(STALLS, Random(seed), media)
        first, *rest = played(item, media)
        assert int(item.answer) == sum(h > first if "higher" in item.question else h < first for h in rest)


def test_a_table_without_numbers_or_with_a_shared_extreme_is_no_tune(media: MediaStore) -> None:
    flat = STALLS.model_copy(update={"rows": tuple((row[0], row[1], 5) for row in STALLS.rows)})
    with pytest.raises(Unfit, match="no column of numbers"):
        sounding.hear_values.run(flat, Random(1), media)


def test_an_items_passage_is_spoken_and_its_question_stays(buzzer: Buzzer, media: MediaStore) -> None:
    plain = Composed(
        input=(Text(text=STORY.text),), question="Who was ill?", answer_kind="span", answer="two sailors",
        gold_basis="source", evidence=(0,),
    )  # fmt: skip
    heard = sounding.speak_context.run(plain, Random(1), media)
    assert [part.type for part in heard.input] == ["audio"]
    assert (heard.question, heard.answer, heard.evidence) == (plain.question, plain.answer, plain.evidence)
    assert made(heard.input[0]).said[0].text == STORY.text


def test_a_written_conversation_is_spoken_in_voices_that_say_their_names(buzzer: Buzzer, media: MediaStore) -> None:
    text = "\n".join(f"{turn.speaker}: {turn.text}" for turn in TALK.turns)
    plain = Composed(
        input=(Text(text=text),), question="Who went home?", answer_kind="span", answer="the warden",
        gold_basis="source", evidence=(0,),
    )  # fmt: skip
    said = made(sounding.speak_context.run(plain, Random(1), media).input[0]).said
    assert [each.text for each in said[:3]] == [f"Hello, this is {name}." for name in ("Ada", "Bo", "Cem")]
    assert [(each.speaker, each.text) for each in said[3:]] == [(turn.speaker, turn.text) for turn in TALK.turns]


def test_short_names_of_months_are_read_out(buzzer: Buzzer, media: MediaStore) -> None:
    plain = Composed(
        input=(Text(text="| Month | Rain |\n| --- | --- |\n| Jun | 12 |"),),
        question="How much rain fell in Jun for Jon?",
        answer_kind="number", answer="12", gold_basis="source", evidence=(0,),
    )  # fmt: skip
    heard = sounding.speak_question.run(plain, Random(1), media)
    assert made(heard.input[-1]).said[0].text == "How much rain fell in June for Jon?"


def test_a_spoken_question_needs_what_is_shown_and_what_is_heard(buzzer: Buzzer, media: MediaStore) -> None:
    plain = Composed(
        input=(Text(text="| Stall | Rent |\n| --- | --- |\n| Ash | 12 |"),),
        question="Which rent does the ash stall pay?",
        answer_kind="number", answer="12", gold_basis="source", evidence=(0,),
    )  # fmt: skip
    heard = sounding.speak_question.run(plain, Random(1), media)
    assert heard.evidence == (0, 1)
    assert plain.question not in heard.question
    assert made(heard.input[1]).said[0].text == plain.question
    with pytest.raises(Unfit, match="recording already"):
        sounding.speak_question.run(heard, Random(1), media)
    bare = plain.model_copy(update={"input": (), "evidence": ()})
    with pytest.raises(Unfit, match="shows nothing"):
        sounding.speak_question.run(bare, Random(1), media)


@pytest.mark.parametrize("tool", [*SPEAKING], ids=lambda tool: tool.name)
def test_a_row_that_says_nothing_is_unfit_and_raises_nothing_else(
    buzzer: Buzzer, media: MediaStore, tool: object
) -> None:
    run = tool.run  # type: ignore[attr-defined]
    first = tool.params[0].types  # type: ignore[attr-defined]
    talk = Dialog(turns=(Turn(speaker="", text=""),))
    empty = Phrase(text="Hm.") if "phrase" in first else talk if "dialog" in first else Table(columns=("A",), rows=())
    with pytest.raises(JobError):
        run(empty, Random(1), media)


@pytest.mark.parametrize("tool", [*SPEAKING, *sounding.TOOLS], ids=lambda tool: tool.name)
def test_the_same_seed_gives_the_same_item(buzzer: Buzzer, media: MediaStore, tool: object) -> None:
    kinds = tool.params[0].types  # type: ignore[attr-defined]
    value = TALK if "dialog" in kinds else STORY if "phrase" in kinds else STALLS
    run = tool.run  # type: ignore[attr-defined]
    assert run(value, Random(9), media) == run(value, Random(9), media)
