"""Short Python programs whose output must be traced. The answer is what the program prints when it is run."""

import contextlib
import io
from collections.abc import Callable
from itertools import combinations
from math import comb
from random import Random

from pydantic import JsonValue

from benchmark_agent.starter.families import Row, asked, choices, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import listing

Edit = tuple[str, str]
Program = tuple[str, list[Edit]]
"""Source text, and typical misreadings of it: what stands there, and what a hasty reader takes it for."""

_WORDS = listing(
    "lantern orchard pebble harbour saddle thicket velvet copper meadow walnut cinder ribbon glacier marble feather "
    "banjo tunnel puzzle willow anchor barrel candle dragon engine forest garnet hammer island jungle kettle"
)
_NAMES = listing("weave fold scan blend drift shift gather prune carve trim spin tally merge pick chain")
_VARS = listing("total acc result value score level mark count state")


def outcome(source: str) -> str:
    """What the program prints, without the last line break."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "<snippet>", "exec"), {})  # noqa: S102  our own text, to learn what it prints
    return printed.getvalue().rstrip("\n")


def _misread(random: Random, source: str, edits: list[Edit]) -> JsonValue:
    """The output, that under each of two misreadings, and under both; [] when they do not differ."""
    for one, two in random.sample(list(combinations(edits, 2)), comb(len(edits), 2)):
        with contextlib.suppress(LookupError, ArithmeticError, NameError, TypeError, ValueError):
            first, second = source.replace(*one), source.replace(*two)
            printed = [outcome(text) for text in (source, first, second, first.replace(*two))]
            if all(printed) and len(set(printed)) == len(printed):
                return choices(random, printed[0], printed[1:])
    return []


def _numbers(random: Random, n: int, low: int = 1, high: int = 20) -> list[int]:
    return random.sample(range(low, high), n)


def _filter_loop(random: Random) -> Program:
    name, var = random.choice(_NAMES), random.choice(_VARS)
    values, k, cap = _numbers(random, 7, 1, 30), random.randint(2, 4), random.randint(25, 60)
    source = f"""def {name}(values):
    {var} = 0
    for index, value in enumerate(values):
        if value % {k} == 0:
            continue
        {var} += value * index
        if {var} > {cap}:
            break
    return {var}


print({name}({values}))"""
    return source, [
        ("continue", "pass"),
        ("enumerate(values)", "enumerate(values, 1)"),
        ("break", "pass"),
        ("break", "return value"),
    ]


def _recursion(random: Random) -> Program:
    name = random.choice(_NAMES)
    a, b, n = random.randint(2, 3), random.randint(1, 4), random.randint(7, 12)
    source = f"""def {name}(n):
    if n < {a}:
        return n + {b}
    return {name}(n - 1) + {name}(n - {a})


print({name}({n}))"""
    return source, [
        (f"return n + {b}", f"return {b}"),
        (f"n < {a}", f"n <= {a}"),
        (f"({n}))", f"({n - 1}))"),
        (f"({n}))", f"({n + 1}))"),
    ]


def _slices(random: Random) -> Program:
    word = random.choice(_WORDS) + random.choice(_WORDS)
    i, j, k = random.randint(1, 3), random.randint(2, 4), random.choice((-1, -2, 2, 3))
    source = f"""text = "{word}"
left, right = text[:{i + j}], text[{i + j}:]
mixed = right[::{k}] + left[{i}:]
print(mixed[-{j + 3}:-1], len(mixed))"""
    return source, [
        (":-1]", ":]"),
        (f"[::{k}]", f"[::{-k}]"),
        (f"left[{i}:]", f"left[{i + 1}:]"),
        (f"mixed[-{j + 3}:", f"mixed[-{j + 2}:"),
    ]


def _counting(random: Random) -> Program:
    word = "".join(random.choices("abcde", k=random.randint(11, 15)))
    k = random.randint(2, 3)
    source = f"""counts = {{}}
for letter in "{word}":
    counts[letter] = counts.get(letter, 0) + 1
ranked = sorted(counts, key=lambda letter: (-counts[letter], letter))
print("".join(ranked[:{k + 1}]), counts[ranked[0]] - counts[ranked[-1]])"""
    return source, [
        ("-counts[letter], letter", "counts[letter], letter"),
        ("(-counts[letter], letter)", "letter"),
        (f"[:{k + 1}]", f"[:{k}]"),
        ("- counts[ranked[-1]]", "- counts[ranked[1]]"),
    ]


def _closures(random: Random) -> Program:
    a, b = random.randint(2, 5), random.randint(1, 9)
    values = _numbers(random, 4, 1, 9)
    definition = f"""def counter(start):
    seen = []

    def step(value):
        seen.append(value * {a})
        return start + sum(seen)

    return step


"""
    use = f"""first = counter({b})
second = counter({b + 2})
out = []
for value in {values}:
    out.append(first(value) if value % 2 else second(value))
print(out)"""
    return definition + use, [
        ("sum(seen)", "seen[-1]"),
        (f"value * {a}", "value"),
        ("if value % 2 else", "if value % 2 == 0 else"),
        (f"counter({b + 2})", f"counter({b})"),
    ]


def _aliases(random: Random) -> Program:
    values, extra = _numbers(random, 3, 1, 12), random.randint(13, 30)
    source = f"""row = {values}
grid = [row, row[:], row]
grid[0].append({extra})
grid[1][0] = {extra + 1}
grid[2] = grid[2] + [{extra + 2}]
row[1] += 1
print(grid)"""
    return source, [
        ("row[:], row]", "row, row]"),
        ("[row, row[:], row]", "[row[:], row[:], row[:]]"),
        ("row[1] += 1\n", ""),
        ("grid[2] = grid[2] + ", "grid[2] += "),
    ]


def _matrix(random: Random) -> Program:
    size = random.randint(3, 4)
    grid = [_numbers(random, size, 1, 12) for _ in range(size)]
    source = f"""grid = {grid}
turned = [list(column)[::-1] for column in zip(*grid)]
diagonal = [turned[k][k] for k in range(len(turned))]
print(diagonal, sum(turned[0]) - sum(turned[-1]))"""
    return source, [
        ("[::-1]", ""),
        ("zip(*grid)", "grid"),
        ("turned[k][k]", "turned[k][-1 - k]"),
        ("sum(turned[0]) - sum(turned[-1])", "sum(turned[-1]) - sum(turned[0])"),
    ]


def _while_loop(random: Random) -> Program:
    a, b, limit = random.randint(17, 90), random.randint(3, 9), random.randint(6, 14)
    source = f"""n, steps = {a}, 0
while n > 1 and steps < {limit}:
    if n % 2 == 0:
        n //= 2
    elif n % 3 == 0:
        n -= {b}
    else:
        n = n * 3 + 1
    steps += 1
print(n, steps)"""
    return source, [
        ("elif", "if"),
        (f"steps < {limit}", f"steps <= {limit}"),
        ("n * 3 + 1", "n * 3 - 1"),
        (f"n -= {b}", f"n += {b}"),
    ]


def _exceptions(random: Random) -> Program:
    words = random.sample(_WORDS, 4)
    keys = [random.choice(("3", "x", "0", "7", "-2", "2")) for _ in range(6)]
    source = f"""words = {words}
log = []
for key in {keys}:
    try:
        log.append(words[12 // int(key) - 3][0])
    except ZeroDivisionError:
        log.append("Z")
    except (ValueError, IndexError) as error:
        log.append(type(error).__name__[0])
    else:
        log.append("+")
print("".join(log))"""
    return source, [
        ('    else:\n        log.append("+")\n', ""),
        ("else:", "finally:"),
        ("- 3]", "- 4]"),
        ('append("Z")', 'append("I")'),
    ]


def _generator(random: Random) -> Program:
    start, step, n = random.randint(2, 6), random.randint(2, 5), random.randint(4, 6)
    source = f"""def numbers(start):
    while True:
        got = yield start
        start += {step} if got is None else got


stream = numbers({start})
out = [next(stream)]
for k in range({n}):
    out.append(stream.send(k) if k % 3 == 0 else next(stream))
print(out[-3:], sum(out))"""
    return source, [
        ("k % 3 == 0", "k % 3"),
        ("out = [next(stream)]", "out = []\nnext(stream)"),
        (f"range({n})", f"range(1, {n})"),
        ("out[-3:]", "out[:3]"),
    ]


def _classes(random: Random) -> Program:
    a, b = random.randint(2, 7), random.randint(3, 9)
    moves = [random.choice(("push", "pop", "double")) for _ in range(7)]
    moves = ["push", "push", *moves]
    opening = """class Stack:
    made = 0

    def __init__(self, unit):
        self.items = [unit]
        Stack.made += 1

"""
    methods = f"""    def push(self):
        self.items.append(self.items[-1] + {a})

    def pop(self):
        if len(self.items) > 1:
            self.items.pop(0)

    def double(self):
        self.items[-1] *= 2


"""
    use = f"""one, two = Stack({b}), Stack(1)
for name in {moves}:
    getattr(one, name)()
two.push()
print(one.items, two.items, Stack.made)"""
    return opening + methods + use, [
        ("pop(0)", "pop()"),
        ("self.items[-1] *= 2", "self.items = [2 * item for item in self.items]"),
        ("Stack.made += 1", "self.made = 1"),
        ("if len(self.items) > 1", "if len(self.items) > 2"),
    ]


def _sets(random: Random) -> Program:
    a, b = sorted(_numbers(random, 6, 1, 16)), sorted(_numbers(random, 6, 1, 16))
    k = random.randint(2, 3)
    source = f"""a, b = set({a}), set({b})
either = sorted(a ^ b)
pairs = [(x, y) for x in sorted(a & b) for y in either if (x + y) % {k + 1} == 0]
print(len(pairs), either[{k}], max(a - b, default=0))"""
    return source, [
        ("a ^ b", "a | b"),
        (f"either[{k}]", f"either[{k + 1}]"),
        ("a - b", "b - a"),
        ("sorted(a & b)", "sorted(a | b)"),
    ]


_TEMPLATES: tuple[Callable[[Random], Program], ...] = (
    _filter_loop, _recursion, _slices, _counting, _closures, _aliases, _matrix, _while_loop, _exceptions, _generator,
    _classes, _sets,
)  # fmt: skip
_HARD = {_closures, _aliases, _exceptions, _generator, _classes}
_ASK = (
    "What does this program print?",
    "Which text does the program write to standard output?",
    "What is the output of this Python program?",
    "What appears on the screen when this code is run?",
)


def _row(random: Random, n: int) -> Row | None:
    template = _TEMPLATES[n % len(_TEMPLATES)]
    source, edits = template(random)
    try:
        answer = outcome(source)
    except LookupError:  # too few numbers were drawn for the program to print one of them
        return None
    if not answer or len(answer) > 60:
        return None
    return {
        "code": source,
        "question": random.choice(_ASK),
        "answer": answer,
        "options": _misread(random, source, edits),
        "difficulty": "hard" if template in _HARD else "moderate",
    }


PROGRAMS = procedural(
    "python-tracing",
    264,
    _row,
    description=(
        "Short Python 3 programs of twelve kinds (loops with continue and break, recursion, slices, dictionaries, "
        "closures, aliased lists, exceptions, generators, classes, sets), each to be traced to its exact output. Wrong "
        "options are outputs of the same program with one rule misread. Tests code understanding and careful execution."
    ),
    topics="code, Python, program, output, tracing, execution, programming, function, loop, recursion",
    fields=(field("code", "context", label="program"), *asked("phrase")),
    share=0.03,
    even=True,
)

DATASETS: tuple[Maker, ...] = (PROGRAMS,)
