"""Gaps filled by a length of time, who is related to whom, and voices compared."""

from decimal import Decimal
from random import Random

import pytest

from benchmark_agent.content import Audio, Choices, Composed, Dialog, Items, Label, Phrase, Text, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.constructions.audio import (
    audio_label_to_choice,
    match_label_to_audio,
    match_voice,
    recorded_language,
)
from benchmark_agent.tools.constructions.direct import as_is
from benchmark_agent.tools.constructions.gaps import fill_time_gap
from benchmark_agent.tools.constructions.golds import open_item
from benchmark_agent.tools.constructions.numbers import near
from benchmark_agent.tools.constructions.relations import relation_holder

SAID = "A: How long is the walk to the mill? B: It takes <MASK> if the bridge is open."


OTHERS = tuple(Items(items=(text,)) for text in ("4 years", "6 hours", "17 days", "noon", "10 to 12 weeks"))


def gap(*accepted: str, text: str = SAID, seed: int = 0) -> Composed:
    made: Composed = fill_time_gap.run(Phrase(text=text), Items(items=accepted), OTHERS, Random(seed))
    return made


def test_wrong_lengths_of_time_are_worded_alike_and_ten_times_apart() -> None:
    for seed in range(40):
        made = gap("about 20 minutes", "a third of an hour", seed=seed)
        assert made.answer == "about 20 minutes"
        assert all(option.startswith("about ") for option in made.options)
        seconds = {
            option: float(value.removesuffix(" s"))
            for option, value in zip(made.options, made.option_values, strict=True)
        }
        own = seconds.pop(made.answer)
        assert own == 1200
        assert len(seconds) == 3
        assert all(max(own / other, other / own) >= 10 for other in seconds.values())


def test_the_rank_of_the_right_length_differs_from_item_to_item() -> None:
    ranks = set()
    for seed in range(60):
        made = gap("2 days", seed=seed)
        values = [float(value.removesuffix(" s")) for value in made.option_values]
        ranks.add(sorted(values).index(values[made.options.index(made.answer)]))
    assert ranks == {0, 1, 2, 3}


def test_what_fills_other_gaps_comes_first() -> None:
    offered = {option for seed in range(20) for option in gap("20 minutes", seed=seed).options}
    assert {"4 years", "6 hours", "17 days"} & offered
    assert not {"noon", "10 to 12 weeks"} & offered


@pytest.mark.parametrize("one", ["a week", "one day", "an hour"])
def test_one_of_a_unit_stays_one(one: str) -> None:
    for option in gap(one).options:
        count, unit = option.split()
        assert not unit.endswith("s")
        assert count == ("one" if one.startswith("one") else "an" if unit == "hour" else "a")


@pytest.mark.parametrize(
    ("accepted", "text", "why"),
    [
        (("1600 hours", "four o'clock"), SAID, "no length of time"),
        (("1999",), SAID, "no length of time"),
        (("10 to 15 minutes",), SAID, "no length of time"),
        (("3 days", "two weeks"), SAID, "different lengths"),
        (("3 days",), "No gap here.", "one gap"),
        (("3 days",), "From <MASK> to <MASK>.", "one gap"),
    ],
)
def test_what_is_no_gap_for_a_length_of_time_is_refused(accepted: tuple[str, ...], text: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        gap(*accepted, text=text)


TALK = Dialog(
    turns=(
        Turn(speaker="Speaker 1", text="Lo, have you seen my sister?"),
        Turn(speaker="Speaker 2", text="Your sister is in the garden with Pim."),
        Turn(speaker="Speaker 3", text="I am not anybody's sister."),
        Turn(speaker="Speaker 4", text="Nor am I."),
    )
)


def related(*triples: str, seed: int = 0) -> Composed:
    made: Composed = relation_holder.run(TALK, Items(items=triples), Random(seed))
    return made


def test_the_speaker_with_a_name_is_asked_among_speakers_without_any_tie_to_it() -> None:
    made = related("Speaker 2 => per:alternate_names => Lo")
    assert made.question == "Which speaker is “Lo”?"
    assert made.answer == "Speaker 2"
    assert sorted(made.options) == ["Speaker 1", "Speaker 2", "Speaker 3", "Speaker 4"]


def test_one_who_has_another_relation_to_the_person_is_no_wrong_option() -> None:
    triples = ("Speaker 1 => per:siblings => Pim", "Pim => per:friends => Speaker 4")
    for seed in range(10):
        made = related(*triples, seed=seed)
        assert made.question == "Which speaker has “Pim” among their siblings?"
        assert sorted(made.options) == ["Speaker 1", "Speaker 2", "Speaker 3"]


@pytest.mark.parametrize(
    "triples",
    [
        ("Speaker 1 => per:friends => Pim",),
        ("Speaker 1 => per:siblings => Pim", "Speaker 2 => per:siblings => Pim"),
        ("Speaker 1 => per:siblings => Somebody Unnamed",),
        ("Pim => per:spouse => Bo",),
        ("no relation",),
    ],
    ids=["others may be friends too", "two have it", "not in the conversation", "no speaker", "no triple"],
)
def test_relations_that_nobody_alone_has_are_refused(triples: tuple[str, ...]) -> None:
    with pytest.raises(Unfit):
        related(*triples)


def sound(name: str) -> Audio:
    return Audio(path=f"media/{name}.wav", sha256=name, duration=1.0, sample_rate=8000)


WHO = ("anna", "boris", "cyril", "diana")


def voice(name: str, field: str = "speaker") -> Label:
    return Label(text=name, vocabulary=WHO, name=field)


def test_a_voice_is_compared_never_named() -> None:
    others = tuple(sound(f"{name}2") for name in WHO)
    labels = tuple(voice(name) for name in WHO)
    made: Composed = match_voice.run(sound("boris1"), voice("boris"), others, labels, Random(1))
    gold = int(made.answer.removeprefix("Recording "))
    part = made.input[made.evidence[gold]]
    assert isinstance(part, Audio)
    assert part.sha256 == "boris2"
    assert not any(name in made.question for name in WHO)
    with pytest.raises(Unfit, match="cannot be named by listening"):
        audio_label_to_choice.run(sound("boris1"), voice("boris"), Random(1))
    with pytest.raises(Unfit, match="cannot be named by listening"):
        match_label_to_audio.run(sound("boris1"), voice("boris"), others, labels, Random(1))


def test_a_dataset_that_says_the_language_is_asked_which_is_spoken() -> None:
    tongues = ("English", "French", "Italian", "Russian", "Spanish")
    label = Label(text="Italian", vocabulary=tongues, name="spoken_language")
    items = [recorded_language.run(sound("it1"), label, Random(seed)) for seed in range(8)]
    assert {item.answer for item in items} == {"Italian"}
    assert all(len(set(item.options)) == 4 and "Italian" in item.options for item in items)
    assert len({item.options.index("Italian") for item in items}) > 1
    with pytest.raises(Unfit, match="is not the language spoken"):
        recorded_language.run(sound("it1"), label.model_copy(update={"name": "month"}), Random(1))
    two = label.model_copy(update={"vocabulary": ("Italian", "French")})
    with pytest.raises(Unfit, match="3 languages are needed"):
        recorded_language.run(sound("it1"), two, Random(1))


def test_what_is_said_is_no_voice() -> None:
    labels = tuple(voice(name, "word") for name in WHO)
    with pytest.raises(Unfit, match="does not say whose voice"):
        match_voice.run(sound("boris1"), voice("boris", "word"), tuple(map(sound, WHO)), labels, Random(1))


ORDERED = "On a shelf stand three cups in a fixed order. The red cup is left of the blue cup. The green cup is last."


def test_a_question_that_only_states_is_shown_and_its_options_are_asked() -> None:
    cups = Choices(options=("The red cup is first", "The blue cup is first", "The green cup is first"), answer=0)
    made: Composed = as_is.run(Phrase(text=ORDERED), cups)
    assert made.question == "Which of these statements is true?"
    assert made.input == (Text(text=ORDERED),)
    assert made.evidence == (0,)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("In the sentence, explain who 'she' is. Sentence: Ann saw Eve when she left.", ("She is Ann.", "She is Eve.")),
        ("At the end of the game, Ann has the", ("The red ball", "The blue ball")),
        ("The cup is red. Which is it?", ("The red cup", "The blue cup")),
        ("The cup stands in the kitchen.", ("red", "blue")),
    ],
)
def test_a_question_that_asks_is_left_as_it_is(question: str, options: tuple[str, ...]) -> None:
    made: Composed = as_is.run(Phrase(text=question), Choices(options=options, answer=0))
    assert (made.question, made.input) == (question, ())


def test_with_the_right_value_three_slips_are_four_alike() -> None:
    for seed in range(50):
        made = sorted((Decimal(443), *near(Decimal(443), Random(seed))))
        assert made[0] + made[3] == made[1] + made[2]  # two steps apart each: no one is in the middle of them


PASSAGE = "The mill on the river was closed in spring. " * 12 + "It was sold because nobody wanted to run it any more."


@pytest.mark.parametrize(
    ("question", "gold", "fits"),
    [
        ("Why was the mill sold?", "a lack of interest", False),
        ("What stood on the river?", "the mill", True),
        ("What did nobody want?", "working at the mill", False),
        ("Which season was it?", "spring", True),
        ("What did nobody want?", "to run it any more", True),
    ],
)
def test_an_answer_in_other_words_than_the_passage_needs_a_judge(question: str, gold: str, fits: bool) -> None:
    if fits:
        assert open_item(question, Phrase(text=gold), Text(text=PASSAGE)).answer == gold
    else:
        with pytest.raises(Unfit, match="needs a judge"):
            open_item(question, Phrase(text=gold), Text(text=PASSAGE))


def test_a_long_answer_that_only_orders_words_of_the_question_is_compared() -> None:
    words = "pear fig plum lime kiwi date apple grape melon mango peach lemon cherry quince".split()
    question, ordered = f"Sort these words: {' '.join(words)}", " ".join(sorted(words))
    assert open_item(question, Phrase(text=ordered)).answer == ordered
    with pytest.raises(Unfit, match="too long"):
        open_item(question, Phrase(text=f"{ordered} banana"))
