"""Numbers that sound alike, in sentences: 13 and 30, 15 and 50, five and nine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from benchmark_agent.errors import Unfit
from benchmark_agent.tools.sound.heard import NUMBER_WORDS, number_words

_FIGURES = re.compile(r"(?<![\w.,:/$€£-])(\d{1,3}(?:,\d{3})+|\d{1,4})(?![\w:/%°-]|[.,]\d)")
_WORDED = re.compile(
    rf"(?<![\w-])({'|'.join(word for word, n in NUMBER_WORDS.items() if n > 1)})(?![\w-])", re.IGNORECASE
)
_RHYMES = {2: (3, 8, 10), 3: (2, 8, 13), 4: (5, 14, 8), 5: (9, 4, 15), 6: (7, 16, 8), 7: (6, 11, 9), 8: (3, 18, 6),
           9: (5, 19, 10), 10: (2, 9, 12), 11: (7, 12, 10), 12: (11, 10, 20)}  # fmt: skip
"""Small numbers and those they are taken for."""
_COMPOUND = re.compile(
    rf"^[ -]+(?:and )?(?:{'|'.join((*NUMBER_WORDS, 'hundred', 'thousand', 'million'))})\b", re.IGNORECASE
)
_BOUND = re.compile(r"\b(?:hundred|thousand|and|the|these|those|other|of|all|both)[ -]$", re.IGNORECASE)
"""Before a number that is part of a longer one, or that the text fixes: `these two`."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence around one of its numbers."""

    before: str
    number: int
    after: str
    worded: bool
    """The sentence writes it in words."""

    def saying(self, n: int) -> str:
        """The sentence with another number in its place, written the same way."""
        if not self.worded:
            return f"{self.before}{n:,}{self.after}" if n > 9999 else f"{self.before}{n}{self.after}"
        word = number_words(n).replace(" ", "-")
        return f"{self.before}{word if self.before.strip() else word.capitalize()}{self.after}"

    @property
    def gap(self) -> str:
        """The sentence with its number left open."""
        return f"{self.before}…{self.after}"


def numbered(sentence: str) -> Iterator[Numbered]:
    """The sentence around each of its whole numbers that can be changed without a trace in its grammar."""
    for worded, pattern in ((False, _FIGURES), (True, _WORDED)):
        for found in pattern.finditer(sentence):
            before, after = sentence[: found.start()], sentence[found.end() :]
            said = found.group().lower()
            n = NUMBER_WORDS[said] if worded else int(said.replace(",", ""))
            plain = not _COMPOUND.match(after) and not _BOUND.search(before)
            year = not worded and 1500 <= n <= 2200
            if n >= 2 and plain and not year and number_changes(n):
                yield Numbered(before, n, after, worded)


def number_changes(n: int) -> tuple[int, ...]:
    """Numbers that `n` may be taken for by ear, most alike first; none where there are fewer than three."""
    if n < 13:
        return _RHYMES.get(n, ())
    head, last = n - n % 100, n % 100
    if 13 <= last <= 19:
        near = (head + (last - 10) * 10, head + last + 1 if last < 19 else head + last - 1, head + last - 10)
    elif last % 10 == 0 and last >= 30:
        unit = last // 10
        near = (head + 10 + unit, head + (last - 10 if last > 30 else 50), head + (last + 10 if last < 90 else 60))
    elif last >= 20:
        tens, unit = last - last % 10, last % 10
        other = {5: 9, 9: 5}.get(unit, unit + 1 if unit < 8 else unit - 1)
        swapped = tens + 10 if tens < 90 else 70
        near = (head + tens + other, head + swapped + unit, head + swapped + other)
    else:
        near = (n + 1, n + 10, n + 100)
    found = tuple(dict.fromkeys(k for k in near if k > 1 and k != n))
    return found if len(found) == 3 else ()


def four(one: Numbered, rng: Random) -> tuple[int, list[int]]:
    """The number to be spoken, and it with three it may be taken for.

    The spoken one is drawn among the four, so that the text it came from does not tell it.

    Raises:
        Unfit: when there are not four.
    """
    choices = [one.number, *number_changes(one.number)]
    if len(choices) < 4:
        raise Unfit(f"there are not three numbers that sound like {one.number}")
    return rng.choice(choices), choices
