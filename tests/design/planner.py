"""A planner with replies written by hand, the pool and the tools it plans with."""

import json
from dataclasses import dataclass, field
from typing import Any

from benchmark_agent.content import Composed, Dialog, Number, Part
from benchmark_agent.lexical import terms
from benchmark_agent.models import R, Role
from benchmark_agent.prompts import Prompt
from benchmark_agent.sources.cards import DatasetCard, Field
from benchmark_agent.tools import Given, Pen, Tool, construction, tool

TYPES = {"measure": "number", "category": "label", "options": "choices", "image": "image", "dialog": "dialog"}


def card(
    name: str, about: str, roles: str, *, topics: str = "", languages: str = "en", example: str = ""
) -> DatasetCard:
    """`roles`: role, or role:label, with spaces between."""
    fields = []
    for each in roles.split():
        role, _, label = each.partition(":")
        shown = example if role in ("question", "dialog", "context") and example else ""
        fields.append(
            Field.model_validate(
                {
                    "name": label or role,
                    "path": label or role,
                    "role": role,
                    "label": label,
                    "type": TYPES.get(role, "phrase"),
                    "modality": role if role in ("image", "audio") else "text",
                    "examples": (shown,) if shown else (),
                }
            )
        )
    return DatasetCard(
        id=name.lower().replace(" ", "-"),
        name=name,
        description=about,
        topics=tuple(filter(None, topics.split(", "))),
        modalities=tuple(sorted({each.modality for each in fields})),
        languages=tuple(languages.split()),
        fields=tuple(fields),
        rows=180,
        licence="CC0-1.0",
        reader="jsonl",
        location=name,
        digest="0",
    )


@dataclass(frozen=True)
class Cards:
    cards: tuple[DatasetCard, ...]

    def search(self, query: str, limit: int) -> list[tuple[DatasetCard, float]]:
        wanted = set(terms(query))
        scored = [(each, len(wanted & set(terms(f"{each.name} {each.description}")))) for each in self.cards]
        return sorted(((c, float(n)) for c, n in scored if n), key=lambda pair: (-pair[1], pair[0].id))[:limit]


POOL = Cards(
    (
        card(
            "Harbour witnesses",
            "Each row tells of one incident at a harbour in the words of three to five witnesses, who saw different "
            "moments, differ on details and are not all reliable.",
            "context question answer options",
            topics="witness, testimony, account, event, incident",
            example="Which of the two boats had left the quay before the lamp went out?",
        ),
        card(
            "Village chronicles",
            "Two chroniclers of one village tell the same year, each with a side of their own.",
            "context:first context:second category:year",
            topics="chronicle, history, bias, perspective",
        ),
        card(
            "Town disputes",
            "Minutes of hearings on disputes between neighbours, with statements of both sides and of an officer.",
            "dialog question answer",
            topics="dispute, statement, hearing, argument",
            example="Officer: When did you last see the gate closed? | Rasmus: On Monday.",
        ),
        card(
            "Painted rooms",
            "Photographs of paintings with a question on what they show.",
            "image question answer",
            topics="art, painting, artwork, museum",
            example="What does the woman by the window hold?",
        ),
        card(
            "Museum catalogue",
            "Photographs of paintings and prints with title, maker, year, style and technique.",
            "image entity:title category:maker measure:year category:style category:technique",
            topics="art, art history, style, movement, painter",
        ),
        card(
            "Market talks",
            "Conversations at a market in which the speakers change between Spanish and English within a turn.",
            "dialog question answer",
            topics="conversation, bilingual, code switching",
            languages="es en",
            example="Lupe: Te dije que las cajas llegan mañana. | Owen: No, you said Thursday.",
        ),
        card(
            "Clinic phone calls",
            "Transcripts of calls to a clinic in German, French or Turkish.",
            "dialog category:reason",
            topics="call, transcript, appointment",
            languages="de fr tr",
            example="Guten Tag, ich möchte den Termin verschieben.",
        ),
        card(
            "Rivers", "Rivers with length, source and mouth.", "entity category:country measure:length", topics="river"
        ),
        card("Route puzzles", "Who sits next to whom in a train.", "context question answer", topics="logic, seating"),
        card("Lathe programs", "Short programs of machine tools.", "context question answer", topics="code, program"),
        card("Bird plates", "Drawings of birds with their names.", "image category:species", topics="bird, drawing"),
        card("Weather logs", "Daily weather of forty stations.", "table question answer", topics="weather, table"),
    )
)
TEXT_ONLY = Cards(tuple(each for each in POOL.cards if "image" not in each.modalities))


@construction(kinds=("choice", "binary", "span", "number", "label"), signal="what the writer names")
def write_item(evidence: tuple[Given, ...], pen: Pen) -> Composed:
    """Write a new question, its answer and its options over chosen fields of a row: texts, talks, tables, images."""
    raise AssertionError(f"{evidence}, {pen}")


@construction(kinds=("choice",), signal="the accounts together")
def ask_accounts(source: tuple[Given, ...], pen: Pen) -> Composed:
    """Let several people tell the event of a text, some of them mistaken, and ask what happened."""
    raise AssertionError(f"{source}, {pen}")


@tool()
def write_talk(source: tuple[Given, ...], pen: Pen) -> Dialog:
    """Turn a text or a record into a conversation of several speakers, in one language or more."""
    raise AssertionError(f"{source}, {pen}")


@construction(kinds=("choice", "binary"), signal="what the item says")
def write_from_goal(number: Number, pen: Pen) -> Composed:
    """Write an item from the goal alone."""
    raise AssertionError(f"{number}, {pen}")


def tools() -> list[Tool]:
    from benchmark_agent import plugins

    asked = {"as_is", "as_is_context", "short_answer", "ask_image", "image_label_to_choice", "who_said_it"}
    built_in = [each for each in plugins.load(third_party=False).tools if each.name in asked]
    return [*built_in, write_item, ask_accounts, write_talk, write_from_goal]


@dataclass
class ScriptedPlanner:
    """Gives the replies in order: JSON values, or errors to raise. Keeps what it was asked."""

    replies: list[Any]
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(prompt, text) of each call."""

    def __call__(
        self,
        role: Role,
        prompt: Prompt,
        answer: type[R],
        parts: tuple[Part, ...] = (),
        *,
        nth: int = 0,
        sample: int = 0,
        **values: object,
    ) -> R:
        assert (role, prompt.output, parts) == ("planner", answer.__name__, ())
        self.asked.append((prompt.name, prompt.render(**values)))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return answer.model_validate_json(json.dumps(reply))

    def models(self, role: Role) -> tuple[str, ...]:
        return (f"hand/{role}",)

    def family(self, model: str) -> str:
        return model


FINE: dict[str, Any] = {"judgements": [], "missing": [], "fine": True}

WITNESSES = "Several witnesses give differing accounts of one event: can a model infer what happened?"
WITNESSES_PROPOSED: dict[str, Any] = {
    "parts": ["several witnesses give differing accounts of one event", "infer what happened"],
    "wishes": [],
    "subtasks": [
        {
            "name": "Core event reconstruction",
            "asks": "Shows the accounts of all witnesses of one incident and asks which course of events they support "
            "together: who did what, where and in which order.",
            "covers": [1, 2],
            "answer_kinds": ["choice"],
            "modalities": ["text"],
            "requires": [],
            "target_signal": "the detail on which two independent accounts agree against a third, or that fits "
            "together only across accounts",
            "difficulty": "high: no single account gives the answer, and each wrong option is true to one mistaken "
            "witness.",
            "search": ["witness", "testimony", "account", "incident", "event"],
            "capability": "",
            "weight": 0.5,
        },
        {
            "name": "Mistaken or biased witness",
            "asks": "Shows the accounts and asks which statement of which witness cannot be true, given the others.",
            "covers": [1],
            "answer_kinds": ["choice"],
            "modalities": ["text"],
            "requires": [],
            "target_signal": "the two details of different accounts that exclude each other, and the third that "
            "decides between them",
            "difficulty": "high: the accounts differ in wording everywhere and in fact only once.",
            "search": ["witness", "account", "dispute", "statement", "bias", "perspective"],
            "capability": "Conflicting accounts",
            "weight": 0.25,
        },
        {
            "name": "What nobody says",
            "asks": "Shows the accounts and asks for a property of the event that no witness states and the accounts "
            "imply: the hour, a motive, how two people are related.",
            "covers": [2],
            "answer_kinds": ["choice", "short answer"],
            "modalities": ["text"],
            "requires": [],
            "target_signal": "two or three hints in different accounts that together allow one conclusion",
            "difficulty": "high: every hint alone allows several conclusions.",
            "search": ["witness", "incident", "chronicle", "hearing"],
            "capability": "",
            "weight": 0.25,
        },
    ],
    "not_covered": [],
}

ART = "Use an artwork as a visual gateway to art history"
ART_PROPOSED: dict[str, Any] = {
    "parts": ["an artwork as a visual gateway", "to art history"],
    "wishes": [],
    "subtasks": [
        {
            "name": "Dating by visible style",
            "asks": "Shows a photograph of a painting or print and asks in which period or movement it was made, as "
            "its manner of painting shows.",
            "covers": [1, 2],
            "answer_kinds": ["choice"],
            "modalities": ["image", "text"],
            "requires": ["image"],
            "target_signal": "visible traits of the work: brushwork, handling of space, dress of the figures",
            "difficulty": "high: the other options are movements of the neighbouring decades.",
            "search": ["art history", "style", "movement", "painting", "year"],
            "capability": "",
            "weight": 0.4,
        },
        {
            "name": "From the work to its context",
            "asks": "Shows a work without title and maker and asks for a fact of art history that follows once it is "
            "recognised: the maker's circle, the technique's origin, what the work answers to.",
            "covers": [2],
            "answer_kinds": ["choice"],
            "modalities": ["image", "text"],
            "requires": ["image"],
            "target_signal": "what identifies the work or its maker in the picture",
            "difficulty": "high: two steps, recognising and knowing; the wrong options hold for makers who resemble "
            "each other.",
            "search": ["art history", "painter", "museum", "maker", "technique"],
            "capability": "",
            "weight": 0.4,
        },
        {
            "name": "Reading the depicted scene",
            "asks": "Shows a painting and asks what a figure does or holds, on which the meaning of the scene rests.",
            "covers": [1],
            "answer_kinds": ["choice", "label"],
            "modalities": ["image"],
            "requires": ["image"],
            "target_signal": "the gesture or object in the picture",
            "difficulty": "medium: several figures and objects are alike.",
            "search": ["painting", "artwork", "art"],
            "capability": "Understanding artworks",
            "weight": 0.2,
        },
    ],
    "not_covered": [],
}

MIXED = "Follow a conversation that mixes languages, as over the phone; no translation tasks"
MIXED_PROPOSED: dict[str, Any] = {
    "parts": ["follow a conversation", "that mixes languages", "as over the phone"],
    "wishes": ["obeyed: no translation tasks: every question is about what is meant, asked in English"],
    "subtasks": [
        {
            "name": "Intent across a language switch",
            "asks": "Shows a conversation whose speakers change language within or between turns (Spanish and "
            "English, or German, French and Turkish) and asks in English what one speaker wants in the end.",
            "covers": [1, 2],
            "answer_kinds": ["choice"],
            "modalities": ["text"],
            "requires": ["text"],
            "target_signal": "a turn in one language that corrects or limits what was said in the other",
            "difficulty": "high: who understands only one of the languages is led to a wrong option.",
            "search": ["conversation", "bilingual", "code switching", "transcript"],
            "capability": "",
            "weight": 0.6,
        },
        {
            "name": "Who holds which plan",
            "asks": "Shows the same kind of conversation among three or more speakers and asks which of them has "
            "agreed to, refused or never heard a plan.",
            "covers": [1, 2],
            "answer_kinds": ["choice"],
            "modalities": ["text"],
            "requires": ["text"],
            "target_signal": "the turns, in two languages, in which a speaker takes up a plan",
            "difficulty": "high: the plan is named differently in each language.",
            "search": ["conversation", "speaker", "call", "market"],
            "capability": "",
            "weight": 0.4,
        },
    ],
    "not_covered": [{"part": 3, "reason": "the pool holds transcripts and no recordings"}],
}
