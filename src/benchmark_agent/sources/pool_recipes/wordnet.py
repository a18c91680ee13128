"""WordNet: which word a definition belongs to, and what is a kind of what."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmark_agent.errors import UserError
from benchmark_agent.lexical import terms
from benchmark_agent.seeds import rng
from benchmark_agent.sources.pool_recipes.output import ASKED, About, Output
from benchmark_agent.sources.pool_recipes.types import Material, Package

_PACKAGE = Package("wordnet-base", "usr/share/wordnet", 7)
_PARTS = ("noun", "verb")
_TYPES = {"1": "n", "2": "v"}
"""Digits of sense keys."""
_COMMON = 3
"""Times a sense must have been counted in texts to be asked for."""
_WORD = re.compile(r"[a-z]{3,14}")
_KEY = re.compile(r"([^%]+)%([1-5]):(\d\d):[^ ]* (\d+) (\d+)")
_MOST = 3000
"""Rows of a dataset."""
_KINDS_LEAST = 6
"""Common words under a class for it to be asked about."""
_THINGS = frozenset({5, 6, 13, 17, 20, 27})
"""Fields whose classes anyone can name: animals, artefacts, food, natural objects, plants, substances."""
_HYPERNYMS = frozenset({"@", "@i"})


@dataclass(frozen=True, slots=True)
class Synset:
    key: str
    """Part of speech and offset: `n00015388`."""
    field: int
    """Number of the lexicographer's file: animals, food, acts."""
    words: tuple[str, ...]
    above: tuple[str, ...]
    """Keys of its hypernyms."""
    gloss: str
    """The definition without examples."""


class WordNet:
    name = "wordnet"
    gives = "words for definitions, and what is a kind of what"
    licence = "LicenseRef-WordNet-3.0"
    packages = (_PACKAGE,)

    def missing(self) -> str:
        return ""

    def write(self, materials: Mapping[str, Material], out: Output) -> None:
        root = materials[_PACKAGE.name].root / _PACKAGE.holds
        synsets = {synset.key: synset for part in _PARTS for synset in _synsets(root / f"data.{part}")}
        asked = _common(root, synsets.values())
        random = rng("wordnet", len(synsets))
        text = "Definitions of common English words, each with the word and three words of the same field."
        topics = ("vocabulary", "word meaning", "definitions", "lexical semantics")
        rows = _cut(_definitions(asked, synsets), random)
        out.dataset("wordnet-definitions", rows, About("Words and definitions", text, topics, ASKED))
        text = "Which of four common English nouns is a kind of a thing; the others are of other kinds in every sense."
        kinds = ("taxonomy", "categories", "vocabulary", "lexical semantics", "commonsense")
        rows = _cut(_kinds(asked, synsets), random)
        out.dataset("wordnet-kinds", rows, About("Kinds of things", text, kinds, ASKED))


def _cut(rows: Iterable[dict[str, Any]], random: Random) -> list[dict[str, Any]]:
    found = list(rows)
    return found if len(found) <= _MOST else [found[i] for i in sorted(random.sample(range(len(found)), _MOST))]


def _synsets(file: Path) -> Iterator[Synset]:
    """The format is that of the manual page wndb(5)."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{str(file)!r} cannot be read: {error}; get its package again") from error
    for line in lines:
        if line.startswith("  "):
            continue
        data, _, gloss = line.partition(" | ")
        parts = data.split()
        count = int(parts[3], 16)
        kind = parts[2]
        pointers = parts[5 + 2 * count :]
        above = tuple(
            kind + pointers[4 * i + 1] for i in range(int(parts[4 + 2 * count])) if pointers[4 * i] in _HYPERNYMS
        )
        words = tuple(word.partition("(")[0] for word in parts[4 : 4 + 2 * count : 2])
        yield Synset(kind + parts[0], int(parts[1]), words, above, gloss.split('; "')[0].strip())


def _common(root: Path, synsets: Iterable[Synset]) -> list[tuple[str, Synset]]:
    """Words in their first sense, where texts use it; each word once."""
    first: dict[tuple[str, str, int], int] = {}
    for line in (root / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        if (read := _KEY.match(line)) and read[4] == "1":
            first[read[1], _TYPES.get(read[2], ""), int(read[3])] = int(read[5])
    found: dict[str, Synset] = {}
    for synset in synsets:
        word = synset.words[0]
        if _WORD.fullmatch(word) and first.get((word, synset.key[0], synset.field), 0) >= _COMMON:
            found.setdefault(word, synset)
    return sorted(found.items())


def _ancestors(synset: Synset, synsets: Mapping[str, Synset]) -> set[str]:
    found: set[str] = set()
    waiting = list(synset.above)
    while waiting:
        key = waiting.pop()
        if key not in found and key in synsets:
            found.add(key)
            waiting += synsets[key].above
    return found


def _definitions(asked: list[tuple[str, Synset]], synsets: Mapping[str, Synset]) -> Iterator[dict[str, Any]]:
    """The definition, its word, and words of the same field that are neither above nor below nor beside it."""
    fields: dict[tuple[str, int], list[tuple[str, Synset]]] = defaultdict(list)
    for word, synset in asked:
        fields[synset.key[0], synset.field].append((word, synset))
    for word, synset in asked:
        told = set(terms(synset.gloss))
        if len(synset.gloss.split()) < 4 or told & set(terms(" ".join(synset.words).replace("_", " "))):
            continue
        mine = _ancestors(synset, synsets) | {synset.key}
        random = rng("wordnet-definition", synset.key)
        near = random.sample(others := fields[synset.key[0], synset.field], min(40, len(others)))
        wrong = [
            other
            for other, theirs in near
            if not _related(synset, mine, theirs, synsets) and len(told & set(terms(theirs.gloss))) <= 1
        ][:3]
        if len(wrong) == 3:
            question = f"Which word means “{synset.gloss}”?"
            yield _row(f"definition-{word}", question, word, wrong, random)


def _related(synset: Synset, mine: set[str], other: Synset, synsets: Mapping[str, Synset]) -> bool:
    """Whether one is the other, above it, or has the same synset just above."""
    theirs = _ancestors(other, synsets) | {other.key}
    return synset.key in theirs or other.key in mine or bool(set(synset.above) & set(other.above))


def _kinds(asked: list[tuple[str, Synset]], synsets: Mapping[str, Synset]) -> Iterator[dict[str, Any]]:
    """A class, a common word below it, and words that are below it in no sense."""
    senses: dict[str, list[Synset]] = defaultdict(list)
    for synset in synsets.values():
        for word in synset.words:
            senses[word].append(synset)
    nouns = [(word, synset) for word, synset in asked if synset.key.startswith("n")]
    things = [(word, synset) for word, synset in nouns if synset.field in _THINGS]
    classes = {synset.key: word for word, synset in things}
    below = _below(things, classes, synsets)
    ever = {word: set().union(*(_ancestors(s, synsets) | {s.key} for s in senses[word])) for word, _ in nouns}
    field_of = {word: synset.field for word, synset in nouns}
    for key, words in sorted(below.items()):
        if len(set(words)) < _KINDS_LEAST:
            continue
        for word in sorted(set(words)):
            random = rng("wordnet-kind", key, word)
            near = random.sample(nouns, min(200, len(nouns)))
            wrong = [other for other, _ in near if key not in ever[other] and field_of[other] == field_of[word]][:3]
            wrong += [other for other, _ in near if key not in ever[other] and other not in wrong][: 3 - len(wrong)]
            if len(wrong) == 3 and word not in classes[key] and classes[key] not in word:
                yield _row(
                    f"kind-{classes[key]}-{word}", f"Which of these is a kind of {classes[key]}?", word, wrong, random
                )


def _below(
    things: Iterable[tuple[str, Synset]], classes: Mapping[str, str], synsets: Mapping[str, Synset]
) -> dict[str, list[str]]:
    """Words one or two steps below each class."""
    below: dict[str, list[str]] = defaultdict(list)
    for word, synset in things:
        for above in synset.above:
            for key in (above, *(synsets[above].above if above in synsets else ())):
                if key in classes:
                    below[key].append(word)
    return below


def _row(key: str, question: str, gold: str, wrong: list[str], random: Random) -> dict[str, Any]:
    options = [gold, *wrong]
    random.shuffle(options)
    return {"id": key, "question": question, "options": options, "answer": gold}


WORDNET = WordNet()
