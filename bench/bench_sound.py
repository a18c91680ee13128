"""Sound: word error rate of what is spoken, ratios of speech to noise, items a minute, memory; needs the extras."""

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmark_agent.content import Dialog, Turn
from benchmark_agent.media import MediaStore
from benchmark_agent.sources.home import using
from benchmark_agent.tools.constructions import spoken_talk
from benchmark_agent.tools.sound import heard, noise, takes
from benchmark_agent.tools.sound.engines import hearing_for, missing_hearing, missing_speech, speech_for

LINES = {
    "en": (
        "The ferry leaves from the lower pier at a quarter past nine.",
        "Fifteen boxes were carried up to the second floor.",
        "Nobody told the cook that the guests had changed their minds.",
        "There is a small bakery behind the station that opens before dawn.",
        "If you follow the river for a while you come to an old mill.",
    ),
    "de": ("Der Zug nach Norden fährt heute von einem anderen Gleis.", "Im Garten stehen drei alte Apfelbäume."),
    "es": ("El tren del norte sale hoy de otro andén.", "En el jardín hay tres manzanos muy viejos."),
}
TALK = Dialog(
    turns=tuple(
        Turn(speaker=speaker, text=text)
        for speaker, text in (
            ("A", "We need fifteen chairs for the hall."),
            ("B", "I can carry six of them at once."),
            ("C", "The van is parked behind the chapel."),
            ("A", "Then start with the ones by the window."),
            ("B", "Somebody has locked the side door again."),
            ("C", "Ask the warden whether he has a key."),
        )
    )
)
RATIOS = (20.0, 10.0, 5.0, 0.0, -5.0)
ITEMS = 10


def run() -> Iterator[tuple[str, float, str]]:
    """Figures of what speaks and listens here; none where nothing does."""
    if lacking := missing_speech() or missing_hearing():
        print(f"sound is not measured: {lacking}")
        return
    with tempfile.TemporaryDirectory() as folder, using(Path(folder) / "home"):
        yield from _understood()
        yield from _ratios()
        yield from _items(MediaStore(Path(folder)))
    yield "peak memory, speech and hearing", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"


def _understood() -> Iterator[tuple[str, float, str]]:
    for language, lines in LINES.items():
        speech, hearing = speech_for(language), hearing_for(language)
        if speech is None or hearing is None:
            continue
        for count in (1, 4):
            for voice in speech.cast(language, count):
                said = [takes.utter(line, voice) for line in lines]
                listened = " ".join(hearing.hear(wave, language) for wave in said)
                wrong = 100 * heard.word_error_rate(" ".join(lines), listened, language)
                yield f"words wrong: {language}, {voice.engine} {voice.name}, {hearing.name}", wrong, "%"


def _ratios() -> Iterator[tuple[str, float, str]]:
    """The greatest gap over all kinds of noise, and how much of the speech is lost under babble."""
    voice, hearing = takes.cast_of("en", 1)[0], hearing_for("en")
    clean = takes.speech_take([Turn(speaker="", text=line) for line in LINES["en"]], [voice] * 5, Random(1), (0.3, 0.4))
    for asked in RATIOS:
        noisy = {scene: noise.mixed(clean, scene, asked, Random(2)) for scene in noise.SCENES}
        gaps = [abs((take.making.snr or 0.0) - asked) for take in noisy.values()]
        yield f"noise at {asked:g} dB: greatest gap of the achieved ratio", max(gaps), "dB"
        if hearing is not None:
            listened = hearing.hear(noisy["babble"].wave, "en")
            wrong = 100 * heard.word_error_rate(" ".join(LINES["en"]), listened)
            yield f"noise at {asked:g} dB: words wrong under babble", wrong, "%"


def _items(media: MediaStore) -> Iterator[tuple[str, float, str]]:
    start = time.perf_counter()
    for seed in range(ITEMS):
        spoken_talk.hear_who_says_it_in_noise.run(TALK, Random(seed), media)
    yield "spoken dialogue items a minute, one process", 60 * ITEMS / (time.perf_counter() - start), "items/min"
    made = {path.name: path.stat().st_mtime_ns for path in (media.folder / "media").iterdir()}
    spoken_talk.hear_who_says_it_in_noise.run(TALK, Random(0), MediaStore(media.folder))
    again = {path.name: path.stat().st_mtime_ns for path in (media.folder / "media").iterdir()}
    yield "sounds written again when an item is made again", float(made != again), "files"
