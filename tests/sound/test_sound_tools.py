"""The tools: speech, dialogues, noise, rooms, cuts, tones. With an engine that buzzes, everything can be computed."""

import re
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark_agent.content import Dialog, Items, Making, Phrase, Turn
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.sound import engines, noise, rooms, steps, takes, tones, waves
from benchmark_agent.tools.sound.takes import Take
from benchmark_agent.tools.sound.waves import RATE
from tests.sound.voices import PAUSE, PITCHES, WORD, Buzzer

TALK = Dialog(
    turns=(
        Turn(speaker="Ada", text="Where did you put the long ladder?"),
        Turn(speaker="Bo", text="Behind the shed, next to the wheelbarrow."),
        Turn(speaker="Ada", text="There is only a rake there now."),
        Turn(speaker="Cem", text="I took it to the orchard this morning."),
    )
)


def test_a_text_is_spoken_and_what_was_said_is_kept_with_the_sound(buzzer: Buzzer, media: MediaStore) -> None:
    sound = steps.speak.run(Phrase(text="Three boats lie in the bay."), media)
    assert sound.made is not None
    (said,) = sound.made.said
    assert said.text == "Three boats lie in the bay."
    assert said.end - said.start == pytest.approx(6 * WORD + 5 * PAUSE, abs=0.1)
    assert sound.sample_rate == RATE
    assert Path(media.folder / sound.path).is_file()


def test_the_same_dialogue_and_seed_give_the_same_bytes_and_another_seed_others(
    buzzer: Buzzer, media: MediaStore
) -> None:
    one, same, other = (steps.speak_dialogue.run(TALK, Random(seed), media) for seed in (1, 1, 2))
    assert one == same
    assert one.sha256 != other.sha256


def test_each_speaker_has_one_voice_and_is_told_apart_by_pitch(buzzer: Buzzer, media: MediaStore) -> None:
    made = steps.speak_dialogue.run(TALK, Random(3), media).made
    assert made is not None
    voices = {each.speaker: each.voice for each in made.said}
    assert len(set(voices.values())) == 3
    for each in made.said:
        assert each.voice == voices[each.speaker]
        assert each.pitch == pytest.approx(PITCHES[each.voice], rel=0.03)


def test_turns_do_not_overlap_and_the_gaps_are_as_drawn(buzzer: Buzzer, media: MediaStore) -> None:
    sound = steps.speak_dialogue.run(TALK, Random(4), media)
    assert sound.made is not None
    said = sound.made.said
    gaps = [after.start - before.end for before, after in pairwise(said)]
    assert all(steps.GAP[0] - 0.01 <= gap <= steps.GAP[1] + 0.01 for gap in gaps)
    wave = waves.decode(media.read(sound))
    for each in said:
        stretch = wave[round(each.start * RATE) : round(each.end * RATE)]
        assert waves.decibels(waves.active(stretch)) == pytest.approx(waves.LEVEL, abs=0.5)
    assert waves.rms(wave[round(said[0].end * RATE) + 200 : round(said[1].start * RATE) - 200]) < 1e-4


def test_voices_that_come_out_alike_are_refused(
    buzzer: Buzzer, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PITCHES, "middle", PITCHES["low"] * 1.03)
    with pytest.raises(ToolError, match="too alike"):
        steps.speak_dialogue.run(TALK, Random(1), media)


def test_more_speakers_than_voices_are_refused(buzzer: Buzzer, media: MediaStore) -> None:
    crowd = Dialog(turns=tuple(Turn(speaker=f"P{k}", text="Here I am again.") for k in range(5)))
    with pytest.raises(Unfit, match="5 voices are needed"):
        steps.speak_dialogue.run(crowd, Random(1), media)


@pytest.mark.parametrize(
    "text", ["x_1 = 5", "see https://a.org", "| a | b |", "", "…", "5 km/h wind a/b", "word " * 500, "E → F"]
)
def test_what_cannot_be_read_aloud_in_one_way_is_refused(buzzer: Buzzer, media: MediaStore, text: str) -> None:
    with pytest.raises(Unfit):
        steps.speak.run(Phrase(text=text), media)


def test_a_language_nobody_speaks_is_refused_by_name(buzzer: Buzzer, media: MediaStore) -> None:
    german = "Der alte Müller trägt einen schweren Sack Mehl über die schmale Brücke zum Bäcker am Markt."
    with pytest.raises(Unfit, match="no engine here speaks 'de'; they speak en"):
        steps.speak.run(Phrase(text=german), media)


def test_an_engine_that_leaves_words_out_is_not_believed(
    buzzer: Buzzer, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Buzzer, "speak", lambda *_: engines.Spoken(np.full(2000, 0.1), RATE))
    with pytest.raises(ToolError, match=r"gave .* s of sound for 6 words"):
        steps.speak.run(Phrase(text="This is more than it says."), media)


def test_without_any_engine_the_message_says_what_to_type(media: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "speech_engines", lambda: ())
    engines._speech.cache_clear()
    assert "pip install 'benchmark-agent[speech]'" in steps.speak.missing()
    with pytest.raises(ToolError, match=re.escape("pip install 'benchmark-agent[speech]'")):
        steps.speak.run(Phrase(text="Hello there, you two."), media)
    engines._speech.cache_clear()


# -- noise -------------------------------------------------------------------------------------------------


def talk(media: MediaStore) -> Take:
    return takes.taken(steps.speak_dialogue.run(TALK, Random(5), media), media)


@pytest.mark.parametrize("scene", sorted(noise.SCENES))
@pytest.mark.parametrize("snr", [20.0, 0.0, -10.0])
def test_the_ratio_asked_for_is_there_in_the_file(buzzer: Buzzer, media: MediaStore, scene: str, snr: float) -> None:
    """Measured anew: the speech is known, so what is left of the file when it is taken away is the noise."""
    clean = talk(media)
    sound = takes.keep(noise.mixed(clean, scene, snr, Random(1), lead=0.5), media)
    assert sound.made is not None
    assert sound.made.snr == pytest.approx(snr, abs=0.5)
    wave = waves.decode(media.read(sound))
    speech = np.concatenate([waves.silence(0.5), clean.wave, waves.silence(0.5)])
    where = waves.speaks(speech)
    best = float(wave @ speech / (speech @ speech)) if snr >= 20 else None
    if best is not None:  # where speech dominates, projection finds its scale
        left = waves.active(wave - best * speech, where)
        assert waves.decibels(best * waves.active(speech) / left) == pytest.approx(snr, abs=0.5)
    heights = [waves.rms(wave[: RATE // 4]), waves.rms(wave[-RATE // 4 :])]
    assert min(heights) > 0  # noise alone before and after


def test_more_noise_lies_lower(buzzer: Buzzer, media: MediaStore) -> None:
    clean = talk(media)
    levels = []
    for snr in (20.0, 10.0, 0.0):
        wave = noise.mixed(clean, "pink", snr, Random(2)).wave
        levels.append(waves.active(wave) / waves.rms(wave[2000:8000]))
    assert levels == sorted(levels, reverse=True)


def test_when_somebody_speaks_moves_with_the_noise_before_it(buzzer: Buzzer, media: MediaStore) -> None:
    clean = talk(media)
    noisy = noise.mixed(clean, "hum", 10.0, Random(2), lead=0.5)
    assert noisy.making.said[0].start == pytest.approx(clean.making.said[0].start + 0.5)
    assert noisy.length == pytest.approx(clean.length + 1.0, abs=0.01)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-15, 35), st.integers(0, 1000))
def test_any_ratio_in_bounds_is_met_without_clipping(snr: float, seed: int) -> None:
    speech = np.concatenate([waves.silence(0.2), waves.levelled(np.random.default_rng(3).normal(size=RATE) * 0.1)])
    noisy = noise.mixed(Take(speech, Making()), "traffic", snr, Random(seed))
    assert noisy.making.snr == pytest.approx(snr, abs=0.5)
    assert np.abs(noisy.wave).max() <= waves.LOUDEST + 1e-9


def test_noise_out_of_bounds_or_unknown_is_refused(buzzer: Buzzer, media: MediaStore) -> None:
    sound = steps.speak.run(Phrase(text="A short remark by me."), media)
    with pytest.raises(ToolError, match="90 dB is out of bounds"):
        steps.mix_noise.run(sound, Random(1), media, snr=90.0)
    with pytest.raises(ToolError, match="no noise is called 'rain'; there are"):
        steps.mix_noise.run(sound, Random(1), media, scene="rain")


def test_a_folder_of_recordings_serves_as_noise(
    buzzer: Buzzer, media: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = steps.speak.run(Phrase(text="A short remark by me."), media)
    monkeypatch.delenv(noise.FOLDER, raising=False)
    with pytest.raises(ToolError, match=noise.FOLDER):
        steps.mix_noise.run(sound, Random(1), media, scene="folder")
    (tmp_path / "street").mkdir()
    monkeypatch.setenv(noise.FOLDER, str(tmp_path / "street"))
    with pytest.raises(ToolError, match="holds no WAV"):
        steps.mix_noise.run(sound, Random(1), media, scene="folder")
    street = waves.encode(np.random.default_rng(1).normal(size=RATE // 2) * 0.1)
    (tmp_path / "street" / "a.wav").write_bytes(street)
    noisy = steps.mix_noise.run(sound, Random(1), media, scene="folder", snr=5.0)
    assert noisy.made is not None
    assert noisy.made.snr == pytest.approx(5.0, abs=0.5)
    (tmp_path / "street" / "a.wav").write_bytes(street[:100])
    with pytest.raises(ToolError, match=r"a\.wav"):
        steps.mix_noise.run(sound, Random(1), media, scene="folder", snr=5.0)


# -- rooms, joins, cuts --------------------------------------------------------------------------------------


def test_a_room_goes_on_sounding_and_decays_by_sixty_decibels() -> None:
    click = np.zeros(RATE // 4)
    click[100] = 0.5
    answer = rooms.impulse(0.8, 2.0, Random(1))
    early = waves.rms(answer[round(0.05 * RATE) : round(0.15 * RATE)])
    late = waves.rms(answer[round(0.45 * RATE) : round(0.55 * RATE)])
    assert waves.decibels(early / late) == pytest.approx(60 * 0.4 / 0.8, abs=3)
    assert len(rooms.in_room(click, 0.8, 2.0, Random(1))) > RATE // 2


def test_a_room_keeps_the_level_and_is_noted(buzzer: Buzzer, media: MediaStore) -> None:
    sound = steps.speak.run(Phrase(text="A short remark by me."), media)
    wet = steps.add_reverb.run(sound, Random(1), media, decay=1.0)
    assert wet.made is not None
    assert wet.made.effects == ("reverberation of 1 s at 2 m",)
    levels = [waves.decibels(waves.active(waves.decode(media.read(each)))) for each in (sound, wet)]
    assert levels[1] == pytest.approx(levels[0], abs=2)
    with pytest.raises(ToolError, match="9 s is out of bounds"):
        steps.add_reverb.run(sound, Random(1), media, decay=9.0)


def test_joined_recordings_keep_who_speaks_when(buzzer: Buzzer, media: MediaStore) -> None:
    first = steps.speak.run(Phrase(text="The first remark is short."), media)
    second = steps.speak_dialogue.run(TALK, Random(1), media)
    both = steps.join_audio.run(first, second, media, gap=1.0)
    assert both.duration == pytest.approx(first.duration + second.duration + 1.0, abs=0.01)
    assert both.made is not None
    assert second.made is not None
    assert both.made.said[1].start == pytest.approx(second.made.said[0].start + first.duration + 1.0, abs=0.01)


def test_a_cut_halves_no_turn(buzzer: Buzzer, media: MediaStore) -> None:
    sound = steps.speak_dialogue.run(TALK, Random(1), media)
    assert sound.made is not None
    second = sound.made.said[1]
    cut = steps.cut_audio.run(sound, media, start=sound.made.said[0].start + 0.1, end=second.end + 0.5)
    assert cut.made is not None
    assert [each.text for each in cut.made.said] == [second.text]
    assert cut.made.said[0].end <= cut.duration
    with pytest.raises(Unfit, match="no whole stretch"):
        steps.cut_audio.run(sound, media, start=second.start + 0.1, end=second.end - 0.1)
    with pytest.raises(Unfit, match="lasts"):
        steps.cut_audio.run(sound, media, start=500.0, end=510.0)


# -- tones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "hertz"), [("A4", 440.0), ("C4", 261.626), ("F#5", 739.989), ("Bb3", 233.082)])
def test_notes_have_the_pitch_of_equal_temperament(name: str, hertz: float) -> None:
    pitch = tones.read_note(name).pitch
    assert pitch is not None
    assert tones.frequency(pitch) == pytest.approx(hertz, abs=0.01)
    spectrum = np.abs(np.fft.rfft(tones.tone(pitch, 1.0)))
    assert np.argmax(spectrum) == pytest.approx(hertz, abs=1.5)


def test_notes_are_played_in_their_length(media: MediaStore) -> None:
    sound = steps.play_tones.run(Items(items=("C4", "E4:2", "R", "G4")), media, beat=0.5)
    assert sound.duration == pytest.approx(0.6 + 5 * 0.5 + 4 * 0.06, abs=0.01)


@pytest.mark.parametrize("notes", ["H4", "C9", "C4:0", "C4:99", "R R", "C4 " * 300])
def test_what_are_no_notes_is_refused(media: MediaStore, notes: str) -> None:
    with pytest.raises(Unfit):
        steps.play_tones.run(Phrase(text=notes), media)
