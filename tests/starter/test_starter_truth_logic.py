"""Proofs, islanders, families and instructions are read from their text and worked out by another road."""

import re
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from benchmark_agent.starter import datasets
from benchmark_agent.starter.logic import _SYSTEMS, negated

NUMBERS = {
    word: n for n, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


@cache
def rows_of(name: str) -> list[dict[str, Any]]:
    maker = next(maker for maker in datasets() if maker.card.name == name)
    return list(maker.rows(Path("unused")))


def number(word: str) -> int:
    return NUMBERS[word.lower()] if word.lower() in NUMBERS else int(word)


def verdict(values: set[bool]) -> str:
    return "unknown" if len(values) > 1 else "entailed" if values == {True} else "contradicted"


# -- rules --------------------------------------------------------------------------------------


def literal(text: str, state: dict[str, bool]) -> bool:
    text = text[0].lower() + text[1:]
    return state[text] if text in state else not next(value for fact, value in state.items() if negated(fact) == text)


RULES: tuple[tuple[str, Callable[[bool, bool, bool], bool]], ...] = (
    (r"If (.+) and (.+), then (.+)", lambda a, b, c: c or not (a and b)),
    (r"Either (.+) or (.+), but never both", lambda a, b, c: a + b == 1),
    (r"(.+) or (.+), or both", lambda a, b, c: a + b > 0),
    (r"(.+) only if (.+)", lambda a, b, c: b if a else True),
    (r"(.+) unless (.+)", lambda a, b, c: True if b else a),
    (r"Whenever (.+), (.+)", lambda a, b, c: b if a else True),
    (r"(.+)", lambda a, b, c: a),
)


def rule_holds(sentence: str, state: dict[str, bool]) -> bool:
    for form, test in RULES:
        if match := re.fullmatch(form, sentence):
            values = [literal(part, state) for part in match.groups()]
            return test(values[0], values[1] if len(values) > 1 else False, values[2] if len(values) > 2 else False)
    raise AssertionError(sentence)


def quantified(sentence: str, members: dict[str, set[int]]) -> bool:
    forms = (
        (r"All (\S+) are (\S+)\.", lambda a, b: a <= b),
        (r"Every one of the (\S+) is among the (\S+)\.", lambda a, b: a <= b),
        (r"No (\S+) are (\S+)\.", lambda a, b: not a & b),
        (r"Not a single one of the (\S+) is among the (\S+)\.", lambda a, b: not a & b),
        (r"Some (\S+) are not (\S+)\.", lambda a, b: bool(a - b)),
        (r"At least one of the (\S+) is not among the (\S+)\.", lambda a, b: bool(a - b)),
        (r"Some (\S+) are (\S+)\.", lambda a, b: bool(a & b)),
        (r"At least one of the (\S+) is among the (\S+)\.", lambda a, b: bool(a & b)),
    )
    for form, test in forms:
        if match := re.fullmatch(form, sentence):
            return test(members[match[1]], members[match[2]])
    raise AssertionError(sentence)


def worlds(names: list[str]) -> list[dict[str, set[int]]]:
    """One person of each kind of membership, present or not; every group has somebody."""
    kinds = list(product((False, True), repeat=3))
    found = []
    for present in product((False, True), repeat=len(kinds)):
        people = [k for k in range(len(kinds)) if present[k]]
        members = {name: {k for k in people if kinds[k][g]} for g, name in enumerate(names)}
        if all(members.values()):
            found.append(members)
    return found


def test_entailment() -> None:
    for row in rows_of("logical-entailment"):
        [claim] = re.findall(r"“(.+?)”", row["question"])
        if "distant island" in row["context"]:
            premises = re.findall(r"[^.]+\.", row["context"])[1:]
            names = sorted({word for text in [*premises, claim] for word in re.findall(r"[a-z-]+s\b", text)} & GROUPS)
            assert len(names) == 3, premises
            left = [m for m in worlds(names) if all(quantified(text.strip(), m) for text in premises)]
            assert row["answer"] == verdict({quantified(claim, m) for m in left}), row["id"]
            continue
        facts = next(facts for place, facts in _SYSTEMS if f"About {place} of" in row["context"])
        rules = [text.strip() for text in row["context"].split("the following is true. ")[1].rstrip(".").split(". ")]
        states = [dict(zip(facts, values, strict=True)) for values in product((False, True), repeat=len(facts))]
        kept = [state for state in states if all(rule_holds(rule, state) for rule in rules)]
        assert kept
        assert row["answer"] == verdict({literal(claim.rstrip("."), state) for state in kept}), row["id"]


GROUPS = set(
    "brammels toskins velders quibs dorrows lumpets zerrins fandles grisks morbets plinth-eaters snarrows "
    "tarn-dwellers wexels yorrins umbers".split()
)


def claim_true(text: str, who: str, honest: dict[str, bool]) -> bool:
    if match := re.fullmatch(r"(\w+) is a knave\.", text):
        return not honest[match[1]]
    if match := re.fullmatch(r"(\w+) and I are of different kinds\.", text):
        return honest[match[1]] != honest[who]
    if match := re.fullmatch(r"(\w+) and (\w+) are of the same kind\.", text):
        return honest[match[1]] == honest[match[2]]
    if match := re.fullmatch(r"At least one of (\w+) and (\w+) is a knight\.", text):
        return honest[match[1]] or honest[match[2]]
    if match := re.fullmatch(r"Exactly two of us \w+ are knights\.", text):
        return sum(honest.values()) == 2
    match = re.fullmatch(r"If (\w+) is a knight, then (\w+) is a knave\.", text)
    assert match, text
    return not (honest[match[1]] and honest[match[2]])


def test_islanders() -> None:
    for row in rows_of("knights-and-knaves"):
        said = re.findall(r"(\w+): “(.+?)”", row["context"])
        people = [who for who, _ in said]
        fitting = []
        for values in product((False, True), repeat=len(people)):
            honest = dict(zip(people, values, strict=True))
            if all(claim_true(text, who, honest) == honest[who] for who, text in said):
                fitting.append({who for who in people if honest[who]})
        assert len(fitting) == 1
        named = set(people) if row["answer"] == "all of them" else set(re.findall(r"[A-Z]\w+", row["answer"]))
        assert named == fitting[0], row["id"]


# -- families -----------------------------------------------------------------------------------


def family_of(context: str) -> tuple[dict[str, frozenset[str]], dict[str, str], dict[str, str]]:
    """Parents of each child, spouses, and the gender everyone is told to have."""
    spouse: dict[str, str] = {}
    gender: dict[str, str] = {}
    for one, word, two in re.findall(r"(\w+) is the (wife|husband) of (\w+)\.", context):
        spouse |= {one: two, two: one}
        gender |= {one: "f" if word == "wife" else "m", two: "m" if word == "wife" else "f"}
    parents: dict[str, frozenset[str]] = {}
    children = [(c, w, p) for c, w, p in re.findall(r"(\w+) is the (son|daughter) of (\w+)\.", context)]
    children += [(c, w, p) for p, w, c in re.findall(r"(\w+) has a (son|daughter) named (\w+)\.", context)]
    for child, word, parent in children:
        parents[child] = frozenset({parent, spouse[parent]})
        gender[child] = "f" if word == "daughter" else "m"
    siblings = re.findall(r"(\w+) is the (sister|brother) of (\w+)\.", context)
    for _ in siblings:
        for one, word, two in siblings:
            gender[one] = "f" if word == "sister" else "m"
            if two in parents:
                parents[one] = parents[two]
    return parents, spouse, gender


def ways(parents: dict[str, frozenset[str]], spouse: dict[str, str], who: str, to: str) -> set[str]:
    """Paths of up to four steps from `to` to `who`: p parent, c child, s sibling, w spouse; none doubles back."""
    steps: list[tuple[str, str]] = [("", to)]
    reached: set[str] = set()
    seen = {to}
    for _ in range(4):
        following = []
        for path, at in steps:
            near = [("p", one) for one in parents.get(at, ())]
            near += [("c", child) for child, both in parents.items() if at in both]
            near += [("s", one) for one, both in parents.items() if at in parents and both == parents[at] and one != at]
            near += [("w", spouse[at])] if at in spouse else []
            following += [(path + step, one) for step, one in near if one not in seen]
        reached |= {path for path, one in following if one == who}
        seen |= {one for _, one in following}
        steps = following
    return reached


WORDS = {
    "pp": "grandmother grandfather", "cc": "granddaughter grandson", "ppp": "great-grandmother great-grandfather",
    "ps": "aunt uncle", "sc": "niece nephew", "psc": "cousin cousin", "pps": "great-aunt great-uncle",
    "wp": "mother-in-law father-in-law", "cw": "daughter-in-law son-in-law", "ws": "sister-in-law brother-in-law",
    "sw": "sister-in-law brother-in-law",
}  # fmt: skip


def test_families() -> None:
    for row in rows_of("family-relations"):
        parents, spouse, gender = family_of(row["context"])
        match = re.fullmatch(r"What is (\w+) to (\w+)\?", row["question"])
        assert match
        paths = ways(parents, spouse, match[1], match[2]) & set(WORDS)
        words = {WORDS[path].split()[0 if gender[match[1]] == "f" else 1] for path in paths}
        assert words == {row["answer"]}, (row["id"], paths)


# -- instructions -------------------------------------------------------------------------------


def edited(items: list[str], text: str) -> list[str]:
    if text.startswith("Reverse"):
        return list(reversed(items))
    if text.startswith("Sort the list alphabetically"):
        return sorted(items)
    if text.startswith("Sort the list from the shortest"):
        return [word for length in range(1, 20) for word in items if len(word) == length]
    if match := re.match(r"Swap the (\w+) and the (\w+) word", text):
        one, two = ORDINALS.index(match[1]), ORDINALS.index(match[2])
        return [items[two] if k == one else items[one] if k == two else word for k, word in enumerate(items)]
    if match := re.match(r"Move the first (?:(\w+) words|word) to the end", text):
        k = number(match[1]) if match[1] else 1
        return items[k:] + items[:k]
    if match := re.match(r"Remove every word that contains the letter “(\w)”", text):
        return [word for word in items if not set(word) & {match[1]}]
    if match := re.match(r"Insert the word “(\w+)” so that it becomes the (\w+) word", text):
        place = ORDINALS.index(match[2])
        return [*items[:place], match[1], *items[place:]]
    if text.startswith("Put a copy"):
        return [items[-1], *items]
    assert text.startswith("Keep only the words at odd positions"), text
    return [word for k, word in enumerate(items, start=1) if k % 2]


def letters_answer(question: str) -> str:
    quoted = re.findall(r"“(.+?)”", question)
    if "Decipher" in question:
        match = re.search(r"each letter (\w+) places", question)
        assert match
        return "".join(c if c == " " else chr((ord(c) - 97 - number(match[1])) % 26 + 97) for c in quoted[-1])
    if "mirror image" in question:
        return "".join(c if c == " " else chr(219 - ord(c)) for c in quoted[0])
    if "play language" in question:
        return " ".join(w[1:] + w[0] + ("u" if w[0] in "aeiou" else "o") for w in quoted[-1].split())
    if "zigzag" in question:
        return "".join(quoted[0][k] for k in [*range(0, len(quoted[0]), 2), *range(1, len(quoted[0]), 2)])
    if question.startswith("Take the"):
        place = ORDINALS.index(question.split()[2])
        return "".join(word[place] for word in question.split(": ")[1].rstrip(".").split(", "))
    letters = question.split(": ")[1].rstrip("?").replace(", ", "")
    if question.startswith("How often"):
        return str(len(letters) - len(letters.replace(quoted[0], "")))
    return str(len(re.sub("[aeiou]", "", letters)))


def test_instructions_and_ciphers() -> None:
    kinds = set()
    for row in rows_of("instructions-and-ciphers"):
        question = row["question"]
        kinds.add(row["kind"])
        if row["kind"] != "list editing":
            assert letters_answer(question) == row["answer"], question
            continue
        match = re.match(
            r"Start with this list of words: (.+?)\. Carry .+? another\. (.+) Which word is the (\w+) in", question
        )
        assert match
        items = match[1].split(", ")
        for text in re.split(r"\(\d\) ", match[2])[1:]:
            items = edited(items, text.strip())
        assert items[ORDINALS.index(match[3])] == row["answer"], question
    assert kinds == {"list editing", "cipher", "letters"}
