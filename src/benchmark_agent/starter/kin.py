"""Family trees told in shuffled sentences, and the relation between two people of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from benchmark_agent.starter.families import Row, asked, choices, procedural
from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.makers import field as card_field
from benchmark_agent.starter.words import MEN, WOMEN


@dataclass
class Family:
    """Everyone has both parents or neither in the tree; couples have children with each other only."""

    women: set[str] = field(default_factory=set)
    parents: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Child to mother and father."""
    spouse: dict[str, str] = field(default_factory=dict)

    def people(self) -> list[str]:
        return sorted({*self.parents, *self.spouse})

    def marry(self, one: str, two: str) -> None:
        self.spouse[one], self.spouse[two] = two, one

    def children(self, person: str) -> list[str]:
        return [child for child, both in self.parents.items() if person in both]

    def siblings(self, person: str) -> list[str]:
        both = self.parents.get(person)
        return [child for child, other in self.parents.items() if both and other == both and child != person]


Find = Callable[[Family, str], list[str]]
"""Everyone who stands in one relation to a person."""


def _parents(family: Family, person: str) -> list[str]:
    return list(family.parents.get(person, ()))


def _spouses(family: Family, person: str) -> list[str]:
    return [family.spouse[person]] if person in family.spouse else []


def _then(*steps: Find) -> Find:
    def find(family: Family, person: str) -> list[str]:
        found = [person]
        for step in steps:
            found = [other for one in found for other in step(family, one)]
        return [other for other in dict.fromkeys(found) if other != person]

    return find


_children, _siblings = Family.children, Family.siblings
RELATIONS: dict[tuple[str, str], tuple[Find, ...]] = {
    ("mother", "father"): (_parents,),
    ("daughter", "son"): (_children,),
    ("sister", "brother"): (_siblings,),
    ("grandmother", "grandfather"): (_then(_parents, _parents),),
    ("granddaughter", "grandson"): (_then(_children, _children),),
    ("great-grandmother", "great-grandfather"): (_then(_parents, _parents, _parents),),
    ("aunt", "uncle"): (_then(_parents, _siblings),),
    ("niece", "nephew"): (_then(_siblings, _children),),
    ("cousin", "cousin"): (_then(_parents, _siblings, _children),),
    ("great-aunt", "great-uncle"): (_then(_parents, _parents, _siblings),),
    ("mother-in-law", "father-in-law"): (_then(_spouses, _parents),),
    ("daughter-in-law", "son-in-law"): (_then(_children, _spouses),),
    ("sister-in-law", "brother-in-law"): (_then(_spouses, _siblings), _then(_siblings, _spouses)),
}
"""The word for a woman and for a man, and the ways to it: who is this to the person?"""
_ASKED = [pair for pair in RELATIONS if pair[0] not in ("mother", "daughter", "sister")]


def _tree(random: Random) -> Family:
    """Four generations: a couple, three children, two of them with families, and one great-grandchild."""
    family = Family()
    women, men = random.sample(WOMEN, 9), random.sample(MEN, 9)
    family.women = set(women)

    def person(woman: bool) -> str:
        return women.pop() if woman else men.pop()

    def child(mother: str, father: str) -> str:
        name = person(random.random() < 0.5)
        family.parents[name] = (mother, father)
        return name

    def wed(one: str) -> tuple[str, str]:
        other = person(one not in family.women)
        family.marry(one, other)
        return (one, other) if one in family.women else (other, one)

    root = wed(person(True))
    second = [child(*root) for _ in range(3)]
    third = [child(*pair) for pair in [wed(one) for one in second[:2]] for _ in range(2)]
    child(*wed(random.choice(third)))
    return family


def _sentences(random: Random, family: Family) -> list[str]:
    told = []
    for wife, husband in sorted(family.spouse.items()):
        if wife in family.women:
            told.append(random.choice((f"{wife} is the wife of {husband}.", f"{husband} is the husband of {wife}.")))
    order = list(family.parents)
    for child, both in family.parents.items():
        before = [other for other in family.siblings(child) if order.index(other) < order.index(child)]
        if before and random.random() < 0.4:
            kind = "sister" if child in family.women else "brother"
            told.append(f"{child} is the {kind} of {random.choice(before)}.")
            continue
        parent = random.choice(both)
        word = "daughter" if child in family.women else "son"
        told.append(random.choice((f"{child} is the {word} of {parent}.", f"{parent} has a {word} named {child}.")))
    random.shuffle(told)
    return told


def relation(family: Family, who: str, to: str) -> list[str]:
    """Every word for what `who` is to `to`."""
    index = 0 if who in family.women else 1
    return [words[index] for words, ways in RELATIONS.items() if any(who in way(family, to) for way in ways)]


def _row(random: Random, n: int) -> Row | None:
    family, wanted = _tree(random), _ASKED[n % len(_ASKED)]
    pairs = [(who, to) for to in family.people() for way in RELATIONS[wanted] for who in way(family, to)]
    random.shuffle(pairs)
    fitting = [pair for pair in pairs[:3] if len(relation(family, *pair)) == 1]
    if not fitting:
        return None
    who, to = fitting[0]
    answer = relation(family, who, to)[0]
    index = 0 if who in family.women else 1
    others = [words[index] for words in RELATIONS if words != wanted]
    random.shuffle(others)
    told = " ".join(_sentences(random, family))
    return {
        "context": f"In this family siblings share both parents, and nobody married twice. {told}",
        "question": f"What is {who} to {to}?",
        "answer": answer,
        "options": choices(random, answer, others),
        "difficulty": "very hard" if "great" in answer or "law" in answer else "hard",
    }


KINSHIP = procedural(
    "family-relations",
    200,
    _row,
    description=(
        "Families of four generations told in shuffled sentences about marriages, parents and siblings. The question "
        "asks what one person is to another: aunt, cousin, great-uncle, father-in-law and so on. Several facts must be "
        "joined, and names alone do not help. Tests relational and multi-hop reasoning."
    ),
    topics="family, kinship, relation, genealogy, multi-hop, graph reasoning, person, deduction",
    fields=(card_field("context", "context", label="facts of the family"), *asked("label")),
    share=0.12,
)

DATASETS: tuple[Maker, ...] = (KINSHIP,)
