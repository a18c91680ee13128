"""Counting and chance: how many ways there are, and how likely something is."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import comb, factorial, perm
from random import Random

from benchmark_agent.starter.families import Row, asked, near, procedural, square
from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.words import joined, numeral

Counted = tuple[str, int, list[int]]
"""The question, the answer, and results of typical mistakes."""
Chance = tuple[str, Fraction, list[Fraction]]


def _committee(random: Random) -> Counted:
    women, men = random.randint(4, 8), random.randint(4, 8)
    a, b = random.randint(1, 3), random.randint(1, 3)
    n = comb(women, a) * comb(men, b)
    story = (
        f"A choir has {women} sopranos and {men} tenors. In how many ways can a group of exactly {numeral(a)} "
        f"{'soprano' if a == 1 else 'sopranos'} and {numeral(b)} {'tenor' if b == 1 else 'tenors'} be chosen?"
    )
    return story, n, [comb(women + men, a + b), perm(women, a) * perm(men, b), comb(women, a) + comb(men, b)]


def _row_of_books(random: Random) -> Counted:
    n = random.randint(5, 7)
    one, two = random.sample(("atlas", "novel", "cookbook", "diary", "dictionary", "songbook"), 2)
    together = random.random() < 0.5
    ways = 2 * factorial(n - 1) if together else factorial(n) - 2 * factorial(n - 1)
    rule = "stand next to each other" if together else "not stand next to each other"
    story = (
        f"{numeral(n).capitalize()} different books, among them one {one} and one {two}, are put in a row on a "
        "shelf. In "
        f"how many orders do the {one} and the {two} {rule}?"
    )
    return story, ways, [factorial(n - 1), factorial(n), factorial(n) - factorial(n - 1), 2 * factorial(n - 2)]


def _survey(random: Random) -> Counted:
    both, only_a, only_b, none = (random.randint(4, 30) for _ in range(4))
    a, b, total = only_a + both, only_b + both, both + only_a + only_b + none
    one, two = random.sample(("the harp", "the oboe", "chess", "judo", "Latin", "Greek", "pottery", "fencing"), 2)
    story = (
        f"Of {total} pupils, {a} learn {one}, {b} learn {two}, and {none} learn neither. How many learn both {one} "
        f"and {two}?"
    )
    return story, both, [total - a - b, a + b - total, abs(a - b), a - none, both + none]


def _digits(random: Random) -> Counted:
    digits = sorted(random.sample(range(1, 10), random.randint(4, 5)))
    even = sum(digit % 2 == 0 for digit in digits)
    n = len(digits)
    ways = even * perm(n - 1, 2)
    story = (
        f"How many even three-digit numbers can be made from the digits {joined([str(d) for d in digits])} when no "
        "digit "
        "is used twice in a number?"
    )
    return story, ways, [even * n * n, perm(n, 3), even * perm(n, 2), comb(n, 3)]


def _stairs(random: Random) -> Counted:
    n, banned = random.randint(6, 10), random.randint(2, 4)
    ways = [1] + [0] * n
    for step in range(1, n + 1):
        ways[step] = 0 if step == banned else ways[step - 1] + (ways[step - 2] if step > 1 else 0)
    free = [1, 1]
    for _ in range(n - 1):
        free.append(free[-1] + free[-2])
    story = (
        f"A staircase has {n} steps. Someone goes up taking one or two steps at a time and never treads on step "
        f"{banned}, "
        "which is broken. In how many ways can the top be reached?"
    )
    return story, ways[n], [free[n], free[n - 1], free[n] - free[banned], ways[n] + free[banned]]


_COUNTS: tuple[Callable[[Random], Counted], ...] = (_committee, _row_of_books, _survey, _digits, _stairs)


def _fraction(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _balls(random: Random) -> Chance:
    red, blue, green = (random.randint(2, 7) for _ in range(3))
    total = red + blue + green
    same = Fraction(red * (red - 1) + blue * (blue - 1) + green * (green - 1), total * (total - 1))
    back = Fraction(red * red + blue * blue + green * green, total * total)
    story = (
        f"A bag holds {red} red, {blue} blue and {green} green balls. Two are drawn at random without being put "
        "back. What "
        "is the probability that they have the same colour?"
    )
    return story, same, [back, 1 - same, Fraction(1, 3), Fraction(red * (red - 1), total * (total - 1))]


def _dice(random: Random) -> Chance:
    one, two = random.choice(((6, 6), (6, 8), (4, 6), (8, 8), (6, 10), (4, 8)))
    low = random.randint(one // 2 + 2, one + two - 3)
    rolls = list(product(range(1, one + 1), range(1, two + 1)))
    chance = Fraction(sum(a + b >= low for a, b in rolls), len(rolls))
    strict = Fraction(sum(a + b > low for a, b in rolls), len(rolls))
    story = (
        f"One fair die has {one} faces and another has {two}, numbered from 1. Both are rolled. What is the "
        "probability "
        f"that their sum is at least {low}?"
    )
    return story, chance, [strict, 1 - chance, 1 - strict, chance + Fraction(1, len(rolls))]


def _coins(random: Random) -> Chance:
    n, k = random.randint(4, 7), random.randint(2, 4)
    chance = Fraction(comb(n, k), 2**n)
    at_least = Fraction(sum(comb(n, j) for j in range(k, n + 1)), 2**n)
    story = (
        f"A fair coin is tossed {numeral(n)} times. What is the probability of exactly {numeral(k)} heads, "
        f"given that {random.choice(('the first', 'the last'))} toss shows heads?"
    )
    given = Fraction(comb(n - 1, k - 1), 2 ** (n - 1))
    return story, given, [chance, at_least, Fraction(k, n), Fraction(comb(n - 1, k), 2 ** (n - 1))]


_CHANCES = (_balls, _dice, _coins)


def _count_row(random: Random, n: int) -> Row | None:
    if n % 3:
        question, number, wrong = random.choice(_COUNTS)(random)
        if number < 2:
            return None
        answer, options = str(number), near(random, number, wrong, low=1)
    else:
        question, chance, other = random.choice(_CHANCES)(random)
        answer = _fraction(chance)
        slips = [value for value in other if 0 < value < 1 and value not in (chance, 1 - chance)]
        if not slips:
            return None
        options = square(random, chance, slips[0], lambda share: 1 - share, _fraction)
        question = f"{question} Give a fraction in lowest terms."
    return {"question": question, "answer": answer, "options": options, "difficulty": "hard"}


COUNTING = procedural(
    "counting-and-chance",
    160,
    _count_row,
    description=(
        "Combinatorics and probability in words: committees, arrangements with a condition, surveys with overlaps, "
        "numbers from digits, paths up a staircase, balls, dice and coins. Answers are whole numbers or fractions in "
        "lowest terms; wrong options come from forgetting order, overlap or the condition. Tests mathematical "
        "reasoning."
    ),
    topics="combinatorics, probability, counting, set, chance, dice, mathematics, permutation, reasoning",
    fields=asked("phrase"),
    share=0.04,
    even=True,
)

DATASETS: tuple[Maker, ...] = (COUNTING,)
