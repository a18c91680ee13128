"""Instructions carried out on lists and words, and simple ciphers."""

from collections.abc import Callable
from random import Random
from string import ascii_lowercase

from benchmark_agent.starter.families import Row, asked, choices, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import listing, numeral, ordinal

_WORDS = listing(
    "lantern orchard pebble harbour saddle thicket velvet copper meadow walnut cinder ribbon glacier marble feather "
    "banjo tunnel puzzle willow anchor barrel candle dragon engine forest garnet hammer island jungle kettle ladder "
    "magnet needle oyster parrot quiver rocket shovel timber umbrella violin whistle yogurt zipper acorn bridge"
)
_VOWELS = "aeiou"

Step = tuple[str, Callable[[list[str]], list[str]]]
"""An instruction in words, and what it does to the list."""


def _swap(one: int, two: int) -> Step:
    def run(items: list[str]) -> list[str]:
        done = list(items)
        done[one], done[two] = done[two], done[one]
        return done

    return f"Swap the {ordinal(one + 1)} and the {ordinal(two + 1)} word.", run


def _rotate(k: int) -> Step:
    moved = "first word" if k == 1 else f"first {numeral(k)} words"
    return f"Move the {moved} to the end, keeping the order.", lambda items: [*items[k:], *items[:k]]


def _remove(letter: str) -> Step:
    return f"Remove every word that contains the letter “{letter}”.", lambda items: [
        w for w in items if letter not in w
    ]


def _insert(word: str, place: int) -> Step:
    text = f"Insert the word “{word}” so that it becomes the {ordinal(place + 1)} word."
    return text, lambda items: [*items[:place], word, *items[place:]]


def _duplicate() -> Step:
    return "Put a copy of the last word in front of the first word.", lambda items: [items[-1], *items]


def _step(random: Random, items: list[str]) -> Step:
    n = len(items)
    kinds: list[Callable[[], Step]] = [
        lambda: ("Reverse the order of the list.", lambda words: words[::-1]),
        lambda: ("Sort the list alphabetically.", sorted),
        lambda: ("Sort the list from the shortest to the longest word; words of equal length keep their order.",
                 lambda words: sorted(words, key=len)),
        lambda: _swap(*sorted(random.sample(range(n), 2))),
        lambda: _rotate(random.randint(1, min(3, n - 1))),
        lambda: _remove(random.choice(random.choice(items))),
        lambda: _insert(random.choice([word for word in _WORDS if word not in items]), random.randrange(n)),
        _duplicate,
        lambda: ("Keep only the words at odd positions (the first, the third and so on).", lambda words: words[::2]),
    ]  # fmt: skip
    return random.choice(kinds)()


def _list_row(random: Random) -> Row | None:
    start = random.sample(_WORDS, random.randint(7, 9))
    items, told, states = start, [], [start]
    for _ in range(random.randint(4, 6)):
        text, run = _step(random, items)
        after = run(items)
        if after == items or len(after) < 4 or len(after) > 10 or text in told:
            return None
        items = after
        told.append(text)
        states.append(items)
    place = random.randrange(len(items))
    answer = items[place]
    wrong = [state[place] for state in states[-2::-1] if place < len(state)] + items + start
    numbered = " ".join(f"({index + 1}) {text}" for index, text in enumerate(told))
    return {
        "question": (
            f"Start with this list of words: {', '.join(start)}. Carry out the instructions one after another. "
            f"{numbered} "
            f"Which word is the {ordinal(place + 1)} in the list now?"
        ),
        "answer": answer,
        "options": choices(random, answer, wrong),
        "kind": "list editing",
        "difficulty": "hard" if len(told) < 6 else "very hard",
    }


def caesar(text: str, k: int) -> str:
    """Each letter moved k places on in the alphabet, z followed by a."""
    return "".join(ascii_lowercase[(ascii_lowercase.index(c) + k) % 26] if c in ascii_lowercase else c for c in text)


def _cipher_row(random: Random) -> Row:
    one, two = random.sample(_WORDS, 2)
    plain, k = f"{one} {two}", random.randint(2, 11)
    kind = random.randrange(4)
    if kind == 0:
        secret, answer = caesar(plain, k), plain
        question = (
            f"A message was enciphered by moving each letter {numeral(k)} places forward in the alphabet (z is "
            "followed by a). "
            f"Decipher “{secret}”."
        )
        like = [word for word in _WORDS if len(word) == len(two) and word not in (one, two)]
        alike = [word for word in _WORDS if len(word) == len(one) and word not in (one, two)]
        wrong = [f"{one} {random.choice(like)}", f"{random.choice(alike)} {two}", f"{alike[0]} {like[-1]}"]
    elif kind == 1:
        answer = "".join(ascii_lowercase[25 - ascii_lowercase.index(c)] if c != " " else c for c in plain)
        question = (
            f"Replace each letter of “{plain}” by its mirror image in the alphabet (a becomes z, b becomes y and so "
            "on). "
            "What do you get?"
        )
        wrong = [caesar(answer, 1), caesar(answer, -1), caesar(plain, 13), answer[::-1]]
    elif kind == 2:
        words = [one, two]
        answer = " ".join(word[1:] + word[0] + ("u" if word[0] in _VOWELS else "o") for word in words)
        question = (
            "In a play language every word loses its first letter, which is put at the end, followed by “u” if that "
            "letter is "
            f"a vowel (a, e, i, o, u) and by “o” otherwise. How is “{plain}” said?"
        )
        wrong = [
            " ".join(word[1:] + word[0] + ("o" if word[0] in _VOWELS else "u") for word in words),
            " ".join(word[1:] + word[0] + "o" for word in words),
            " ".join(word[1:] + word[0] for word in words),
            " ".join(word + word[0] + ("u" if word[0] in _VOWELS else "o") for word in words),
        ]
    else:
        together = one + two
        answer = together[::2] + together[1::2]
        question = (
            f"Write “{together}” in zigzag over two rows, first letter above, second below, third above and so on. "
            "Then read the "
            "upper row and after it the lower row. Which string of letters results?"
        )
        wrong = [
            together[1::2] + together[::2],
            together[::-1],
            answer[1:] + answer[0],
            together[::2] + together[1::2][::-1],
        ]
    return {
        "question": question,
        "answer": answer,
        "options": choices(random, answer, wrong),
        "kind": "cipher",
        "difficulty": "hard",
    }


def _letters_row(random: Random) -> Row:
    words = random.sample(_WORDS, random.randint(5, 7))
    kind = random.randrange(3)
    sentence = ", ".join(words)
    if kind == 0:
        letter = random.choice("aeirnlt")
        n = sum(word.count(letter) for word in words)
        holding = sum(letter in word for word in words)
        question = f"How often does the letter “{letter}” occur in all of these words together: {sentence}?"
        answer, wrong = str(n), [holding, n + 1, n - 1, n + 2, n - 2]
    elif kind == 1:
        n = sum(c not in _VOWELS for word in words for c in word)
        question = f"How many consonants (letters other than a, e, i, o, u) do these words have in all: {sentence}?"
        answer, wrong = str(n), [sum(map(len, words)) - n, n + 1, n - 1, n + 2]
    else:
        place = random.randint(2, 4)
        answer = "".join(word[place - 1] for word in words)
        question = (
            f"Take the {ordinal(place)} letter of each of these words, in order, and write them together: {sentence}."
        )
        tempting = ["".join(word[k] for word in words) for k in (place, place - 2)]
        tempting += ["".join(word[-place] for word in words), answer[::-1], answer[:-2] + answer[-1] + answer[-2]]
        return {
            "question": question, "answer": answer, "options": choices(random, answer, tempting), "kind": "letters",
            "difficulty": "moderate",
        }  # fmt: skip
    options = choices(random, answer, [str(value) for value in wrong if value >= 0])
    return {"question": question, "answer": answer, "options": options, "kind": "letters", "difficulty": "moderate"}


_KINDS: tuple[Callable[[Random], Row | None], ...] = (_list_row, _list_row, _cipher_row, _letters_row)


def _row(random: Random, n: int) -> Row | None:
    row = _KINDS[n % len(_KINDS)](random)
    return row if row and row["options"] else None


INSTRUCTIONS = procedural(
    "instructions-and-ciphers",
    240,
    _row,
    description=(
        "Several instructions to be carried out in order on a list of words (sort, swap, rotate, remove, insert), "
        "simple "
        "ciphers to be applied or undone, and letters to be counted or picked out. Wrong options skip a step or a "
        "rule. "
        "Tests following of instructions to the letter, working memory and handling of single letters."
    ),
    topics="instruction following, list, cipher, letter, word, string, encryption, multi-step, algorithm, memory",
    fields=(*asked("phrase"), field("kind", "category", "label", "kind of task")),
    share=0.05,
)

DATASETS: tuple[Maker, ...] = (INSTRUCTIONS,)
