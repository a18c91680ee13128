"""Grammar of the questions: nouns, lists, ordinals, sentences."""

import re
from collections.abc import Sequence

from benchmark_agent.errors import Unfit

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_IRREGULAR = {"person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet", "mouse": "mice"}
_UNCOUNTED = frozenset({"series", "species", "fish", "sheep", "aircraft", "data"})
_SPECIES = {"": "entry", "name": "entry", "title": "entry", "entity": "entry", "label": "entry", "id": "entry"}


def thing(name: str) -> str:
    """What the records are about, as a noun in the singular: `country`; `entry` when the field's name says nothing."""
    words = name.replace("_", " ").strip()
    return _SPECIES.get(words.lower(), words)


def attribute(name: str) -> str:
    """What a field holds, as a noun phrase without article: `boiling point`.

    Raises:
        Unfit: when the field has no name, for nothing could be asked about it.
    """
    words = re.sub(r"^(?:the|a|an) ", "", name.replace("_", " ").strip())
    if not words:
        raise Unfit("the field has no name in words, so no question about it can be put")
    return words


def plural(noun: str) -> str:
    """`family of elements` -> `families of elements`."""
    head, joint, rest = noun.partition(" of ")
    before, space, last = head.rpartition(" ")
    return f"{before}{space}{_plural_word(last)}{joint}{rest}"


def _plural_word(word: str) -> str:
    if word.lower() in _UNCOUNTED:
        return word
    if word.lower() in _IRREGULAR:
        return _IRREGULAR[word.lower()]
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|z|ch|sh)$", word) else "s")


def listed(words: Sequence[str], last: str = "and") -> str:
    """`A, B and C`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def ordinal(n: int) -> str:
    """1 -> `first`."""
    return _ORDINALS[n - 1] if n <= len(_ORDINALS) else f"{n}th"


def count(n: int) -> str:
    """3 -> `three`; figures above twelve."""
    return _COUNTS[n] if n < len(_COUNTS) else str(n)


def sentence(text: str) -> str:
    """With a capital at its start."""
    return text[:1].upper() + text[1:]


def belonging(name: str, owner: str) -> str:
    """`the boiling point of Iron`; a name that refers to its owner keeps apart: `the number it has, for Iron`."""
    joint = ", for " if re.search(r"\b(?:it|its|they|their)\b", name) else " of "
    return f"the {name}{joint}{owner}"
