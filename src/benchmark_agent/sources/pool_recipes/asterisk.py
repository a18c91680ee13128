"""Prompts of the telephone exchange Asterisk: the same sentences, numbers and dates, read in five languages."""

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark_agent.sources.pool_recipes.choices import among, plainly_different
from benchmark_agent.sources.pool_recipes.output import ASKED, About, Column, Output
from benchmark_agent.sources.pool_recipes.tongues import LANGUAGES
from benchmark_agent.sources.pool_recipes.types import Material, Package

_SPOKEN = ("en", "es", "fr", "it", "ru")
_LICENCES = {"it": "CC-BY-3.0", "ru": "CC-BY-3.0"}
_OTHERS = "CC-BY-SA-3.0"
_SENTENCE = 4
"""Words from which a prompt is a sentence."""
_LONGEST = 25
"""Words of an English meaning that can still be an option."""
_NOT_SAID = re.compile(r"[\[\](){}<>@#*/�]|\?(?!$)")
"""Notes on sounds, signs read in many ways, and question marks where letters were lost."""
_NUMBER = re.compile(r"digits/(\d{1,2})")
_MISTRANSLATED = frozenset({("ru", "tt-weasels")})
"""The Russian system was eaten by owls."""
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DATES = {f"digits/day-{i}": day for i, day in enumerate(_DAYS)} | {
    f"digits/mon-{i}": month for i, month in enumerate(_MONTHS)
}


@dataclass(frozen=True, slots=True)
class Prompt:
    key: str
    """The same for one prompt in every language: `vm-goodbye`."""
    language: str
    text: str
    file: Path
    speaker: str

    def row(self, out: Output) -> dict[str, Any]:
        row = {"audio": out.sound(self.file), "id": f"{self.language}-{self.key.replace('/', '-')}"}
        return {**row, "language": self.language, "speaker": self.speaker}


class Asterisk:
    name = "asterisk"
    gives = "speech with transcripts: prompts, numbers and dates, the same in five languages"
    licence = f"{_OTHERS} AND CC-BY-3.0"
    packages = tuple(
        package
        for code in _SPOKEN
        for package in (
            Package(f"asterisk-core-sounds-{code}", f"usr/share/doc/asterisk-core-sounds-{code}", 1),
            Package(f"asterisk-core-sounds-{code}-wav", "usr/share/asterisk/sounds", 24 if code == "es" else 19),
        )
    )

    def missing(self) -> str:
        return ""

    def write(self, materials: Mapping[str, Material], out: Output) -> None:
        prompts = {code: list(_prompts(code, materials)) for code in _SPOKEN}
        sentences = {code: [p for p in prompts[code] if len(p.text.split()) >= _SENTENCE] for code in _SPOKEN}
        for code in _SPOKEN:
            _write_sentences(out, code, sentences[code])
        english = {prompt.key: prompt.text for prompt in sentences["en"]}
        for code in _SPOKEN[1:]:
            told = [p for p in sentences[code] if p.key in english and _says_as_much(p.text, english[p.key])]
            _write_meanings(out, code, list(plainly_different(told, lambda p: english[p.key])), english)
        _write_numbers(out, prompts)
        _write_dates(out, prompts)
        _write_languages(out, sentences)


def _says_as_much(text: str, english: str) -> bool:
    """Whether a translation is neither much shorter nor much longer: those that are leave something out."""
    words = len(english.split())
    return words <= _LONGEST and 0.6 <= len(text.split()) / words <= 1.7


def _prompts(code: str, materials: Mapping[str, Material]) -> Iterator[Prompt]:
    """Prompts of a language whose transcript says just what is heard, each wording once."""
    name = f"asterisk-core-sounds-{code}"
    written = materials[name].root / f"usr/share/doc/{name}/core-sounds-{code}.txt.gz"
    sounds = materials[f"{name}-wav"].root / "usr/share/asterisk/sounds"
    folder = next((each for each in sorted(sounds.glob(f"{code}_*")) if each.is_dir()), sounds / code)
    seen = set()
    for key, text in _transcripts(written):
        file = folder / f"{key}.wav"
        plain = " ".join(text.strip(" .…").split())
        if (code, key) in _MISTRANSLATED:
            continue
        if plain and plain.casefold() not in seen and not _NOT_SAID.search(text) and file.is_file():
            seen.add(plain.casefold())
            yield Prompt(key, code, plain, file, folder.name.rpartition("_")[2])


def _transcripts(file: Path) -> Iterator[tuple[str, str]]:
    plain = file.with_suffix("")
    data = plain.read_bytes() if plain.is_file() else gzip.decompress(file.read_bytes())
    for line in data.decode("utf-8-sig", errors="replace").splitlines():
        key, colon, text = line.partition(":")
        if colon and not line.startswith(";"):
            yield key.strip(), text.strip()


_CARRIED = (Column("language", "metadata", "phrase"), Column("speaker", "metadata", "phrase"),
            Column("id", "id", "phrase"))  # fmt: skip


def _write_sentences(out: Output, code: str, prompts: list[Prompt]) -> None:
    rows = [{**prompt.row(out), "transcript": prompt.text} for prompt in prompts]
    language = LANGUAGES[code]
    columns = (Column("audio", "audio", "audio"), Column("transcript", "category", "label", "sentence"), *_CARRIED)
    text = f"Sentences of telephone services read aloud in {language}, with what is said."
    topics = ("speech", "spoken sentences", "telephone", language, "multilingual speech")
    about = About(f"Telephone prompts in {language}", text, topics, columns, (code,), _LICENCES.get(code, _OTHERS))
    out.dataset(f"asterisk-sentences-{code}", rows, about)


def _write_meanings(out: Output, code: str, prompts: list[Prompt], english: Mapping[str, str]) -> None:
    """What is said in another language, in English: heard, and read with options."""
    language, licence = LANGUAGES[code], _LICENCES.get(code, _OTHERS)
    rows = [{**prompt.row(out), "meaning": english[prompt.key], "transcript": prompt.text} for prompt in prompts]
    columns = (
        Column("audio", "audio", "audio"), Column("meaning", "category", "label", "meaning in English"),
        Column("transcript", "metadata", "phrase"), *_CARRIED,
    )  # fmt: skip
    text = f"Sentences of telephone services read aloud in {language}, each with what it means in English."
    topics = ("speech translation", "multilingual speech", "spoken sentences", "telephone", language)
    about = About(f"{language} telephone prompts and their meaning", text, topics, columns, (code,), licence)
    out.dataset(f"asterisk-meanings-{code}", rows, about)
    meanings = [english[prompt.key] for prompt in prompts]
    asked: list[dict[str, Any]] = [
        {
            "id": f"{code}-{prompt.key.replace('/', '-')}",
            "question": f"Which English sentence says the same as this {language} one: “{prompt.text}”?",
            "options": options,
            "answer": english[prompt.key],
        }
        for prompt in prompts
        if (options := among(english[prompt.key], meanings, code, prompt.key))
    ]
    text = f"Sentences of telephone services in {language}, and which of four English sentences says the same."
    themes = ("translation", "multilingual understanding", language, "telephone")
    about = About(f"{language} sentences and their translation", text, themes, ASKED, (code,), licence)
    out.dataset(f"asterisk-translations-{code}", asked, about)


def _write_numbers(out: Output, prompts: Mapping[str, list[Prompt]]) -> None:
    rows = [
        {**prompt.row(out), "number": named[1], "spoken_language": LANGUAGES[code]}
        for code in _SPOKEN
        for prompt in prompts[code]
        if (named := _NUMBER.fullmatch(prompt.key))
    ]
    columns = (
        Column("audio", "audio", "audio"), Column("number", "category", "label", "number"),
        Column("spoken_language", "metadata", "label"), *_CARRIED,
    )  # fmt: skip
    text = "Numbers from 0 to 90 read aloud in five languages."
    about = About("Spoken numbers", text, ("spoken numbers", "numbers", "multilingual speech"), columns, _SPOKEN)
    out.dataset("asterisk-numbers", rows, about)


def _write_dates(out: Output, prompts: Mapping[str, list[Prompt]]) -> None:
    rows = [
        {**prompt.row(out), "date": _DATES[prompt.key], "spoken_language": LANGUAGES[code]}
        for code in _SPOKEN
        for prompt in prompts[code]
        if prompt.key in _DATES
    ]
    columns = (
        Column("audio", "audio", "audio"), Column("date", "category", "label", "day or month"),
        Column("spoken_language", "metadata", "label"), *_CARRIED,
    )  # fmt: skip
    text = "Days of the week and months read aloud in five languages, with their English names."
    topics = ("spoken dates", "calendar", "speech translation", "multilingual speech")
    out.dataset("asterisk-dates", rows, About("Spoken days and months", text, topics, columns, _SPOKEN))


def _write_languages(out: Output, sentences: Mapping[str, list[Prompt]]) -> None:
    shared = set.intersection(*({prompt.key for prompt in found} for found in sentences.values()))
    rows = [
        {**prompt.row(out), "spoken_language": LANGUAGES[code], "transcript": prompt.text}
        for code in _SPOKEN
        for prompt in sentences[code]
        if prompt.key in shared
    ]
    columns = (
        Column("audio", "audio", "audio"), Column("spoken_language", "category", "label", "language"),
        Column("transcript", "metadata", "phrase"), *_CARRIED,
    )  # fmt: skip
    text = "The same sentences of telephone services read aloud in five languages, each with the language spoken."
    topics = ("spoken language identification", "multilingual speech", "languages")
    out.dataset("asterisk-spoken-languages", rows, About("Languages of telephone prompts", text, topics, columns))


ASTERISK = Asterisk()
