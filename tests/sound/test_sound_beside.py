"""Whose voice, which language, what is heard behind it; and pictures that need a recording beside them."""

import re
from collections import Counter
from random import Random

import numpy as np
import pytest

from benchmark_agent.content import Audio, Image, Label, Making, Phrase, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.constructions import spoken_beside, spoken_voices
from benchmark_agent.tools.constructions.audio import match_sound_to_image
from benchmark_agent.tools.render.pages import draw_page
from benchmark_agent.tools.sound import waves
from benchmark_agent.tools.sound.waves import RATE
from tests.sound.voices import Buzzer

STORY = Phrase(
    text="The boat left the pier at dawn. Nobody on board had slept that night. A cold wind came up from the north. "
    "The captain counted 15 barrels below deck. Two of the sailors were ill. They reached the island after 30 hours. "
    "The village had been empty for years. A dog followed them to the well."
)
RENTS = Table(
    name="Rents",
    columns=("Stall", "Rent (crowns)"),
    rows=(("Ash", 12), ("Birch", 40), ("Cedar", 25), ("Dale", 31), ("Elm", 18), ("Fir", 55), ("Gorse", 7)),
)


def made(part: object) -> Making:
    assert isinstance(part, Audio)
    assert part.made is not None
    return part.made


def test_the_recording_by_the_same_person_is_the_one_with_the_same_voice(buzzer: Buzzer, media: MediaStore) -> None:
    golds = Counter[str]()
    for seed in range(24):
        item = spoken_voices.hear_same_voice.run(STORY, Random(seed), media)
        first, *others = [made(part).said[0] for part in item.input if isinstance(part, Audio)]
        same = [n for n, said in enumerate(others, 1) if said.voice == first.voice]
        assert [f"Recording {n}" for n in same] == [item.answer]
        assert len({said.text for said in (first, *others)}) == 5
        golds[item.answer] += 1
    assert len(golds) == 4


def test_what_is_behind_the_speaker_is_what_was_mixed_in(buzzer: Buzzer, media: MediaStore) -> None:
    for seed in range(12):
        item = spoken_voices.hear_background.run(STORY, Random(seed), media)
        making = made(item.input[0])
        assert item.answer == spoken_voices.BEHIND[making.noise]
        assert making.snr == pytest.approx(spoken_voices.LOUD, abs=0.5)
        assert set(item.options) == set(spoken_voices.BEHIND.values())


def test_the_language_asked_for_is_that_of_the_text(
    buzzer: Buzzer, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Buzzer, "languages", ("en", "de", "es"))
    assert not spoken_voices.hear_language.missing()
    texts = {
        "German": "Der alte Müller trägt einen schweren Sack Mehl über die schmale Brücke. Am Markt wartet der Bäcker.",
        "Spanish": "La barca salió del muelle al amanecer. Nadie a bordo había dormido aquella noche de tormenta.",
        "English": STORY.text,
    }
    for language, text in texts.items():
        item = spoken_voices.hear_language.run(Phrase(text=text), Random(1), media)
        assert item.answer == language
        assert set(item.options) == set(texts)
    french = "Le vieux meunier porte un lourd sac de farine sur le pont étroit. Le boulanger attend au marché."
    with pytest.raises(Unfit, match="not spoken here"):
        spoken_voices.hear_language.run(Phrase(text=french), Random(1), media)


def test_a_choice_of_languages_is_not_offered_where_one_is_spoken(buzzer: Buzzer) -> None:
    assert "speech in three languages is needed, and the engines here speak en" in spoken_voices.hear_language.missing()


def test_the_highest_value_is_that_after_the_correction(buzzer: Buzzer, media: MediaStore) -> None:
    told = Counter[str]()
    for seed in range(40):
        item = spoken_beside.hear_correction.run(RENTS, Random(seed), media)
        shown = {name: int(value) for name, value in re.findall(r"(\w+) (\d+)", item.alt[0])}
        said = made(item.input[1]).said[0].text
        found = re.fullmatch(r"A correction to the chart\. The value for (\w+) is (\d+), not (\d+)\.", said)
        assert found
        assert shown[found[1]] == int(found[3])
        highest = max(shown, key=shown.__getitem__)
        after = shown | {found[1]: int(found[2])}
        assert item.answer == max(after, key=after.__getitem__)
        assert {highest, found[1], item.answer} <= set(item.options)
        told["as drawn" if item.answer == highest else "as corrected"] += 1
    assert 5 <= told["as drawn"] <= 22  # a third of 40, give or take three standard deviations


def test_years_are_not_corrected_as_if_they_were_heights(buzzer: Buzzer, media: MediaStore) -> None:
    built = tuple((name, 1900 + k) for k, (name, _) in enumerate(RENTS.rows))
    with pytest.raises(Unfit, match="years are no heights"):
        spoken_beside.hear_correction.run(Table(name="t", columns=("Stall", "Built"), rows=built), Random(1), media)


def test_the_sentence_in_a_place_is_that_after_both_changes(buzzer: Buzzer, media: MediaStore) -> None:
    places = "first second third fourth fifth sixth seventh".split()
    words = "one two three four five six seven".split()
    for seed in range(24):
        item = spoken_beside.hear_note.run(STORY, Random(seed), media)
        page = re.split(r" ?\d\. (?=[A-Z])", item.alt[0])[1:]
        order = list(range(len(page)))
        said = made(item.input[1]).said[0].text
        alone = [list(order)]
        for verb, word, where in re.findall(r"(strike out|move) number (\w+)(?: to the (top|end))?", said):
            k = words.index(word)
            for now in (order, fresh := list(range(len(page)))):
                now.remove(k)
                if verb == "move":
                    now.insert(0 if where == "top" else len(now), k)
            alone.append(fresh)
        at = places.index(re.findall(r"is the (\w+) one", item.question)[0])
        assert item.answer == page[order[at]]
        assert all(at >= len(each) or page[each[at]] != item.answer for each in alone)
        assert len(set(item.options)) == 4


def test_the_image_that_belongs_to_a_sound_is_that_of_its_row(media: MediaStore) -> None:
    kinds = ("bell", "drum", "horn", "siren", "whistle")
    images: list[Image] = [media.image(draw_page(kind)) for kind in kinds]
    rng = np.random.default_rng(1)
    sound = media.audio(waves.encode(rng.normal(size=RATE) * 0.1))
    for seed in range(8):
        item = match_sound_to_image.run(
            sound,
            images[0],
            Label(text="bell"),
            tuple(images[1:]),
            tuple(Label(text=k) for k in kinds[1:]),
            Random(seed),
        )
        at = int(item.answer.removeprefix("Image "))
        shown = [part for part in item.input if isinstance(part, Image)]
        assert shown[at - 1] == images[0]
        assert len({part.sha256 for part in shown}) == 4
        assert item.evidence == (0, 2, 4, 6, 8)
    with pytest.raises(Unfit, match="4 rows"):
        match_sound_to_image.run(sound, images[0], Label(text="bell"), (images[1],), (Label(text="bell"),), Random(1))
