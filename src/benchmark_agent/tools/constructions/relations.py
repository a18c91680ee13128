"""Who is related to whom, from relations a dataset lists as `subject => relation => object`."""

import re
from random import Random
from typing import Annotated, NamedTuple

from benchmark_agent.content import Composed, Dialog, Items
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import options
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.text import dialog_text

_OPEN = re.compile(
    r"\b(?:impression|opinion|friend|acquaintance|alumn|colleague|neighbou?r|client|visit|place|employ|member)"
)
"""Relations others may have as well though nobody noted it."""
_PLURAL = re.compile(r"(?:[^s]s|children|people)$")


class Relation(NamedTuple):
    subject: str
    name: str
    """In words: `alternate names`."""
    object: str


def _relations(items: Items) -> list[Relation]:
    """Raises Unfit when an item is no relation."""
    parts = [[part.strip() for part in item.split("=>")] for item in items.items]
    if not parts or any(len(part) != 3 or not all(part) for part in parts):
        raise Unfit("the row lists no relations")
    return [Relation(s, re.sub(r"^\w+:", "", r).replace("_", " ").strip(), o) for s, r, o in parts]


@construction(
    kinds=("choice",),
    signal="what the conversation says of who is who",
    realizes=("relation-extraction",),
)
def relation_holder(
    dialog: Annotated[Dialog, "dialog", "context"], answer: Annotated[Items, "answer"], rng: Random
) -> Composed:
    """Ask which speaker of a conversation has a relation (a name, a spouse, a sibling) to someone.

    Wrong options are the speakers for whom the dataset lists no relation to that person or name at all.

    Raises:
        Unfit: when the row lists no relation that one speaker alone has, or has fewer than three speakers to offer.
    """
    relations = _relations(answer)
    speakers = list(dict.fromkeys(turn.speaker.strip() for turn in dialog.turns if turn.speaker.strip()))
    shown = dialog_text(dialog)
    fit = [each for each in relations if _askable(each, relations, speakers, shown)]
    rng.shuffle(fit)
    for each in fit:
        tied = _tied(each.object, relations)
        wrong = [speaker for speaker in speakers if speaker not in tied]
        if len(wrong) >= 2:
            return options.choice(
                _question(each),
                options.option(each.subject),
                [options.option(speaker) for speaker in rng.sample(wrong, min(3, len(wrong)))],
                rng,
                basis="source",
                proof=f"the dataset lists: {each.subject} – {each.name} – {each.object}",
                input=(options.text_part(shown),),
            )
    raise Unfit("no relation is one speaker's alone, with two other speakers who have none to the same person")


def _askable(each: Relation, relations: list[Relation], speakers: list[str], shown: str) -> bool:
    """One speaker has it, nobody else could, and what it is to can be found in the conversation."""
    if each.subject not in speakers or _OPEN.search(each.name):
        return False
    holders = {other.subject for other in relations if (other.name, other.object) == (each.name, each.object)}
    return holders == {each.subject} and (each.object in speakers or options.mentions(shown, each.object))


def _tied(person: str, relations: list[Relation]) -> set[str]:
    """The person, everyone with any relation to them, and everyone with one to another name of theirs."""
    same = {person}
    for each in relations:
        if "name" in each.name and {each.subject, each.object} & same:
            same |= {each.subject, each.object}
    return same | {
        end for each in relations if {each.subject, each.object} & same for end in (each.subject, each.object)
    }


def _question(each: Relation) -> str:
    whom = each.object if each.object.startswith("Speaker ") else f"“{each.object}”"
    name = normal(each.name)
    if name.startswith("alternate name"):
        return f"Which speaker is {whom}?"
    if _PLURAL.search(name):
        return f"Which speaker has {whom} among their {name}?"
    return f"Which speaker has {whom} as their {name}?"


TOOLS = (relation_holder,)
