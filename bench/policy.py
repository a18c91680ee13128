"""A scripted model: it plans, writes, solves and judges items over invented reports, and errs as often as it is told.

What it says depends on the request alone, so that faults, order and repetition change nothing.
"""

import asyncio
import hashlib
import itertools
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark_agent.content import Text
from benchmark_agent.models import ReadMedia, Reply, Request

PEOPLE = "Ada Ben Cora Dan Eve Finn Gwen Hugo Iris Jon Kira Leo Mona Nils Olga Paul Quin Rosa Sven Tara".split()
THINGS = "lantern ledger compass violin parcel ladder kettle map basket clock bucket mirror rope anvil".split()
PLACES = "harbour market library station bakery museum garden bridge school theatre mill quarry chapel".split()
TIMES = "dawn noon dusk midnight".split()
_MOVE = re.compile(r"At (\w+) (\w+) carried the (\w+) from the (\w+) to the (\w+)\.")
_OPTION = re.compile(r"^\(?([A-D])[).:]? the (\w+)$", re.MULTILINE)
_ASKED = re.compile(r"where had the (\w+) been brought by (\w+)")


def report(draw: random.Random) -> str:
    """Eight moves of things between places, all readable by the policy."""
    at = {thing: draw.choice(PLACES) for thing in draw.sample(THINGS, 3)}
    lines = []
    for k in range(8):
        thing = draw.choice(sorted(at))
        to = draw.choice([place for place in PLACES if place != at[thing]])
        when = TIMES[k // 2]
        lines.append(f"At {when} {draw.choice(PEOPLE)} carried the {thing} from the {at[thing]} to the {to}.")
        at[thing] = to
    return " ".join(lines)


def write_pool(folder: Path, datasets: int = 3, rows: int = 80) -> Path:
    """A folder of datasets of reports."""
    folder.mkdir(parents=True, exist_ok=True)
    for k in range(datasets):
        draw = random.Random(k)
        lines = (json.dumps({"passage": report(draw)}) for _ in range(rows))
        (folder / f"reports-{k}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Policy:
    """Answers every prompt of a build over such a pool."""

    wrong: float = 0.0
    """Share of items whose written gold is wrong: the solver and the judge see it."""
    unclear: float = 0.0
    """Share of items the judge finds unclear; mending puts that right."""
    leaky: float = 0.0
    """Share of items that can be answered without their evidence."""

    def __call__(self, schema: str, text: str) -> dict[str, Any]:
        """The reply to a request for the record `schema`, whose text is `text`."""
        answer: Callable[[str], dict[str, Any]] = getattr(self, f"_{schema.lower()}")
        return answer(text)

    # -- planner -----------------------------------------------------------------------------------

    def _proposal(self, text: str) -> dict[str, Any]:
        names = ("Tracking things", "Following carriers", "Joining moves")
        ideas = [_idea(name, k) for k, name in enumerate(names, 1)]
        return {"parts": ["where things are", "who carried them", "several moves together"], "subtasks": ideas}

    def _review(self, text: str) -> dict[str, Any]:
        return {"judgements": [{"subtask": k, "verdict": "keep"} for k in (1, 2, 3)], "fine": True}

    def _revision(self, text: str) -> dict[str, Any]:
        return {"subtasks": [_idea("Tracking again", 1)]}

    def _preferences(self, text: str) -> dict[str, Any]:
        return {"row_must_hold": "moves of things", "search": ["reports"], "roles": ["context"]}

    def _choice(self, text: str) -> dict[str, Any]:
        names = re.findall(r"Dataset `([^`]+)`", text)
        steps = [{"tool": "write_item", "reads": ["evidence=passage"]}]
        return {"picks": [{"dataset": name, "steps": steps, "guidance": "Ask for a place."} for name in names[:3]]}

    def _scores(self, text: str) -> dict[str, Any]:
        letters = re.findall(r"Candidate (\w+):", text)
        good = {"task_alignment": 0.9, "data_coverage": 0.9, "simplicity": 0.9, "risk": 0.1, "overall": 0.9}
        return {"scores": [{"candidate": letter, "reason": "fits", **good} for letter in letters]}

    def _remedy(self, text: str) -> dict[str, Any]:
        return {"cause": "none found", "steps": []}

    # -- writer --------------------------------------------------------------------------------------

    def _itemfromgoal(self, text: str) -> dict[str, Any]:
        passage = report(_drawn("passage", text))
        item = self._writtenitem(f"<evidence>\n{passage}\n</evidence>")
        return {"passage": passage, **{name: item[name] for name in ("gold", "question", "answer", "distractors")}}

    def _writtenitem(self, text: str) -> dict[str, Any]:
        moves = _MOVE.findall(_fenced(text, "evidence"))
        draw = _drawn("write", text)
        _, who, thing, _, place = draw.choice(moves)
        fitting = [move for move in moves if move[1] == who and move[2] == thing]
        when, place = fitting[-1][0], fitting[-1][4]
        wrong = _chance("wrong", who, thing, place, text) < self.wrong
        elsewhere = [each for each in PLACES if each != place]
        right = draw.choice(elsewhere) if wrong else place
        others = self._distractors(draw, right, [each for each in elsewhere if each != right])
        quote = f"At {when} {who} carried the {thing} from the {fitting[-1][3]} to the {place}."
        return {
            "fits": True,
            "gold": f"{who} brought the {thing} to the {right}.",
            "quote": quote,
            "question": f"At the latest time, where had the {thing} been brought by {who}?",
            "answer": f"the {right}",
            "distractors": [{"changed": "the place", "text": f"the {each}"} for each in others],
        }

    def _distractors(self, draw: random.Random, right: str, places: list[str]) -> list[str]:
        """Three wrong places; of a leaky item, such that the options tell the right one."""
        told = right if draw.random() < self.leaky else None
        sets = [list(each) for each in itertools.combinations(places, 3)]
        draw.shuffle(sets)
        return next(others for others in sets if _told({right, *others}) == told)

    def _mended(self, text: str) -> dict[str, Any]:
        thing, who = _ASKED.findall(text)[0]
        return {"change": "clearer", "question": f"In the end, where had the {thing} been brought by {who}?"}

    # -- solver and judge ----------------------------------------------------------------------------

    def _solved(self, text: str) -> dict[str, Any]:
        return {"reasoning": "read", "answer": _letter(text)}

    def _judged(self, text: str) -> dict[str, Any]:
        thing, who = _ASKED.findall(text)[0]
        clear = "In the end" in text or _chance("unclear", thing, who, text.split("<material>")[1]) >= self.unclear
        move = [move for move in _MOVE.findall(text) if move[1:3] == (who, thing)][-1]
        good = ("on_goal", "needs_signal", "hard", "hides_answer", "faithful", "form")
        return {
            "weighed": "read",
            "quote": f"At {move[0]} {who} carried the {thing} from the {move[3]} to the {move[4]}.",
            "answer": _letter(text),
            "doubts": "" if clear else "the time is vague",
            **dict.fromkeys(good, True),
            "clear": clear,
        }

    def _probed(self, text: str) -> dict[str, Any]:
        options = {place: letter for letter, place in _OPTION.findall(_fenced(text, "options"))}
        told = _told(set(options)) if self.leaky else None
        if told is None:
            return {"reasoning": "no material", "found_by": "guess", "answer": "A"}
        return {"reasoning": "it stands out", "found_by": "wording", "answer": options[told]}


ASKS = {
    "Tracking things": "The item shows a report and asks at which place one thing is in the end.",
    "Following carriers": "Several people come and go; the question is what a named carrier did with their load.",
    "Joining moves": "Two or more steps of a journey must be put together before the final stop is known.",
    "Tracking again": "Names a thing that was carried more than once and asks for its last stop.",
}


def _idea(name: str, part: int) -> dict[str, Any]:
    return {
        "name": name,
        "asks": ASKS[name],
        "covers": [part],
        "answer_kinds": ["choice"],
        "modalities": ["text"],
        "target_signal": f"the sentences of the report that say what {name.lower()} needs",
        "difficulty": "several moves must be joined",
        "search": ["reports", "passage"],
        "weight": 1,
    }


def _fenced(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}>\n(.*?)\n</{tag}>", text, re.DOTALL)
    return found[1] if found else ""


def _told(options: set[str]) -> str | None:
    """The option that these options give away to someone who has not seen the evidence: half of all sets do."""
    listed = sorted(options)
    return _drawn("told", *listed).choice(listed) if _chance("tells", *listed) < 0.5 else None


def _letter(text: str) -> str:
    """The letter of the place the last fitting move leads to; `none` where it is not offered."""
    thing, who = _ASKED.findall(text)[0]
    place = str([move[4] for move in _MOVE.findall(text) if move[1:3] == (who, thing)][-1])
    options = {place: letter for letter, place in _OPTION.findall(_fenced(text, "options"))}
    return str(options.get(place, "none"))


def _drawn(*parts: str) -> random.Random:
    return random.Random(int(hashlib.sha256("|".join(parts).encode()).hexdigest()[:15], 16))


def _chance(*parts: str) -> float:
    return _drawn(*parts).random()


@dataclass
class ScriptedModel:
    """The policy as a model of the `model` seam: nothing goes over a network."""

    name: str
    policy: Policy
    latency: float = 0.0
    """Seconds."""
    calls: int = 0
    characters: int = 0
    """Characters of all prompts together."""

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        texts = ["\n".join(p.text for p in each.parts if isinstance(p, Text)) for each in request.messages]
        self.calls += 1
        self.characters += len("\n".join(texts))
        await asyncio.sleep(self.latency)
        reply = json.dumps(self.policy(request.schema_name, texts[0]))  # a re-ask changes nothing of the answer
        return Reply(text=reply, input_tokens=len(texts[0]) // 4, output_tokens=len(reply) // 4)
