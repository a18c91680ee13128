"""A pool of seven invented datasets with rows, tools that work on them, a planner that replies by script."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Annotated, Any

from PIL import Image as Pillow

from benchmark_agent import seeds
from benchmark_agent.content import Audio, Choices, Composed, Dialog, Image, Number, Part, Phrase, Text
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import ModelError
from benchmark_agent.grounding.choosing import Prober
from benchmark_agent.grounding.types import Recipe
from benchmark_agent.lexical import terms
from benchmark_agent.models import R, Role
from benchmark_agent.planning.types import PlannedCell, job_of
from benchmark_agent.prompts import Prompt
from benchmark_agent.realization.realize import Workplace, realize
from benchmark_agent.realization.types import Failure
from benchmark_agent.sources import Dataset, Row
from benchmark_agent.sources.cards import Audit, DatasetCard, Field, LabelCount
from benchmark_agent.tools import Brief, Given, Media, Pen, Tool, construction, tool

GOAL = "Can a model work out what really happened when witnesses of one event contradict each other?"

# -- datasets --------------------------------------------------------------------------------------

TYPES = {"measure": "number", "category": "label", "options": "choices", "image": "image", "dialog": "dialog"}


@dataclass
class Rows:
    """Rows held in memory."""

    values: tuple[Mapping[str, Any], ...]
    root: Path = Path("/nowhere")

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, ordinal: int) -> Row:
        return Row(ordinal, str(ordinal), self.values[ordinal])

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))


def _field(role: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Field:
    kind: Any = TYPES.get(role, "phrase")
    texts = [row[name] for row in rows if isinstance(row.get(name), str)]
    labels = sorted(set(texts)) if kind == "label" else []
    modality: Any = role if role in ("image", "audio") else "text"
    return Field(
        name=name,
        path=name,
        role=role,
        type=kind,
        label=name,
        modality=modality,
        vocabulary=tuple(LabelCount(label=label, rows=texts.count(label)) for label in labels),
        mean_words=round(sum(len(text.split()) for text in texts) / len(texts), 1) if texts else 0,
    )


def dataset(name: str, about: str, fields: str, rows: Sequence[Mapping[str, Any]], **audit: Any) -> Dataset:
    """`fields`: `role:name` with spaces between. `audit`: fields of the audit that are not as usual."""
    made = tuple(_field(role, label or role, rows) for role, _, label in (f.partition(":") for f in fields.split()))
    card = DatasetCard(
        id=name.lower().replace(" ", "-"),
        name=name,
        description=about,
        modalities=tuple(sorted({each.modality for each in made})),
        languages=("en",),
        fields=made,
        rows=len(rows),
        licence="CC0-1.0",
        reader="jsonl",
        location=name,
        digest="0",
    )
    found = {"dataset_id": card.id, "digest": "0", "rows": len(rows), "effective_rows": len(rows), **audit}
    return Dataset(card, Audit.model_validate(found), Rows(tuple(rows)))


NAMES = ("Ilse", "Tomas", "Brid", "Okan", "Vesna", "Piet", "Runa", "Marek")
COLOURS = ("green", "black", "white", "blue")


def _inquest(n: int) -> dict[str, Any]:
    first, second, third = (NAMES[(n + k) % 8] for k in range(3))
    right, wrong = COLOURS[n % 4], COLOURS[(n + 1) % 4]
    return {
        "inquest_no": f"HB-{n}",
        "statements": f"{first} stood on the pier and saw a {right} launch leave just before the bell of eight. "
        f"{second}, from the ferry deck against the sun, swears it was {wrong} and left after the bell. "
        f"{third} sold the skipper {right} paint that morning and heard the bell when the launch was gone.",
        "question": f"Which statement of inquest {n} do the other two contradict?",
        "choices": [first, second, third],
        "verdict": second,
        "clerk": "filed by the night clerk",
    }


def _council(n: int) -> dict[str, Any]:
    a, b = NAMES[n % 8], NAMES[(n + 3) % 8]
    return {
        "minutes": [
            {"speaker": a, "text": f"The well was dry on day {n + 2}, I was there with two buckets."},
            {"speaker": b, "text": f"On day {n + 2} I drew water myself, so you went to the old well."},
        ],
        "matter": "water",
    }


def _crossing(n: int) -> dict[str, Any]:
    return {"ferry": f"Crossing {n}", "passengers": 20 + 7 * n, "weather": ("calm", "fog")[n % 2]}


def _picture(n: int) -> dict[str, Any]:
    data = io.BytesIO()
    Pillow.new("RGB", (40 + n, 30), (10 * n, 80, 120)).save(data, "PNG")
    return {"chart": {"bytes": data.getvalue()}, "caption": f"Chart {n}: the shoal lies east of the light."}


POOL_OF_SEVEN = (
    dataset(
        "Harbour inquests",
        "Statements of three witnesses: accounts of one event, a departure, two of which agree. Asked: whom the "
        "others contradict.",
        "id:inquest_no context:statements question:question options:choices answer:verdict metadata:clerk",
        [_inquest(n) for n in range(12)],
    ),
    dataset(
        "Council minutes",
        "Disputes in a village council, accounts by two speakers of an event that contradict each other.",
        "dialog:minutes category:matter",
        [_council(n) for n in range(12)],
    ),
    dataset(
        "Ferry crossings",
        "Crossings of a ferry with passengers and weather, from accounts of each event.",
        "entity:ferry measure:passengers category:weather",
        [_crossing(n) for n in range(12)],
    ),
    dataset(
        "Pilot charts",
        "Charts of a coast with a caption each, drawn after accounts of one event by pilots.",
        "image:chart span:caption",
        [_picture(n) for n in range(5)],
    ),
    dataset(
        "Lighthouse diaries",
        "One keeper's diary, an entry a day: accounts of each event at the light.",
        "context:entry time:day",
        [{"entry": f"Day {n}: the lamp was trimmed at dusk, {NAMES[n % 8]} came by.", "day": f"{n + 1} May"}
         for n in range(9)],
    ),
    dataset(
        "Insurance letters",
        "Letters to an insurer: accounts of one event from one side.",
        "context:letter",
        [{"letter": f"Sirs, on the {n + 1}th my nets were cut, whatever {NAMES[n % 8]} claims."} for n in range(9)],
    ),
    dataset(
        "Knot guide",
        "How knots are tied, step by step.",
        "rationale:steps question:knot",
        [{"steps": f"Pass the end {n + 2} times round the post.", "knot": f"Knot {n}"} for n in range(9)],
    ),
)  # fmt: skip


@dataclass
class HandPool:
    """A pool of datasets in memory, searched by shared words."""

    datasets: tuple[Dataset, ...] = POOL_OF_SEVEN

    @property
    def cards(self) -> tuple[DatasetCard, ...]:
        return tuple(sorted((each.card for each in self.datasets), key=lambda card: card.id))

    def search(self, query: str, limit: int) -> list[tuple[DatasetCard, float]]:
        wanted = set(terms(query))
        hits = [(card, len(wanted & set(terms(f"{card.name} {card.description}")))) for card in self.cards]
        best = max((n for _, n in hits), default=0) or 1
        found = [(card, n / best) for card, n in hits if n]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[:limit]

    def dataset(self, dataset_id: str) -> Dataset:
        return next(each for each in self.datasets if each.card.id == dataset_id)

    def audit(self, dataset_id: str) -> Audit:
        return self.dataset(dataset_id).audit

    def with_dataset(self, changed: Dataset) -> "HandPool":
        """The same pool with one dataset put in its namesake's place."""
        return HandPool((*(each for each in self.datasets if each.card.id != changed.card.id), changed))


# -- tools -----------------------------------------------------------------------------------------


@construction(kinds=("choice",), signal="the passage the question is about")
def as_is_context(
    context: Annotated[Phrase | Dialog, "context", "dialog"],
    question: Annotated[Phrase, "question"],
    options: Annotated[Choices, "options"],
) -> Composed:
    """Take a multiple-choice question about a passage or conversation as the dataset has it."""
    shown = context.text if isinstance(context, Phrase) else "..."
    answer = options.options[options.answer or 1]
    return Composed(
        input=(Text(text=shown),),
        question=question.text,
        answer_kind="choice",
        options=options.options,
        answer=answer,
        gold_basis="source",
        evidence=(0,),
    )


@construction(kinds=("choice",), signal="the figures of the records shown", companions=2)
def compare_records(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
    *,
    records: int = 3,
    descending: bool = False,
) -> Composed:
    """Show records and ask which of two has the higher value."""
    raise AssertionError


@construction(kinds=("choice", "span", "open"), signal="what the row shows, as the subtask says")
def write_item(
    evidence: tuple[Given, ...], pen: Pen, background: tuple[Given, ...] = (), *, kind: str = "", guidance: str = ""
) -> Composed:
    """A writer makes a new item for the subtask: the solver sees the fields of `evidence`; only the writer sees
    `background`. `guidance` is a sentence to the writer.
    """
    told = " ".join(given.value.text for given in evidence if isinstance(given.value, Phrase)) or "a conversation"
    return Composed(
        input=(Text(text=told),),
        question=f"Whose statement is mistaken? ({pen.brief.subtask})",
        answer_kind="choice",
        options=("the first", "the second", "the third"),
        answer="the second",
        gold_basis="written",
        evidence=(0,),
        proof=guidance,
    )


@tool()
def join_dialog(dialog: Annotated[Dialog, "dialog", "context"]) -> Phrase:
    """Write a conversation as one text, a turn a line with its speaker before it."""
    return Phrase(text="\n".join(f"{turn.speaker}: {turn.text}" for turn in dialog.turns))


@tool()
def translate(text: Phrase, pen: Pen, *, to: str = "en") -> Phrase:
    """Translate a text into the language `to` (ISO 639-1)."""
    return text


@tool()
def rewrite_question(
    item: Composed, pen: Pen, background: tuple[Given, ...] = (), *, style: str = "natural"
) -> Composed:
    """Put a construction's question in other words without changing what it asks."""
    return item


@tool()
def show_context_as_image(item: Composed, media: Media) -> Composed:
    """Show the passages of an item as pictures of pages."""
    raise AssertionError


TOOLS: tuple[Tool, ...] = (
    as_is_context,
    compare_records,
    write_item,
    join_dialog,
    translate,
    rewrite_question,
    show_context_as_image,
)


def subtask(id: str = "mistaken-witness", *, constructions: tuple[str, ...] = (), **changed: Any) -> Subtask:
    plain = Subtask(
        id=id,
        name="Find the mistaken witness",
        description="The item shows what several witnesses say of one event. One of them is mistaken about a detail; "
        "the item asks what really happened, or who is mistaken, which only the comparison of all accounts tells.",
        capability="",
        answer_kinds=("choice",),
        modalities=("text",),
        target_signal="the details on which the accounts differ, and what makes one of them the less credible",
        constructions=constructions,
        skill_in="data",
        topics=("witness", "statements"),
        weight=0.5,
    )
    return plain.model_copy(update=changed)


# -- dry runs --------------------------------------------------------------------------------------


class NoMedia:
    """A media store for rows and tools that make none."""

    def image(self, data: bytes) -> Image:
        raise AssertionError

    def audio(self, data: bytes) -> Audio:
        raise AssertionError

    def read(self, part: Image | Audio) -> bytes:
        raise AssertionError


@dataclass(frozen=True)
class Ink:
    """A pen that is held, and never asked."""

    brief: Brief

    def ask(self, prompt: Prompt, answer: type[R], parts: tuple[Part, ...] = (), **values: object) -> R:
        raise AssertionError


@dataclass(frozen=True)
class Tried:
    accepted: bool
    reason: str
    needs_evidence: bool
    row: int
    shown: str


def prober(pool: HandPool, refuse: Callable[[str, int], str] = lambda dataset_id, row: "") -> Prober:
    """Dry runs through realization on three rows; `refuse` says what verification finds wrong with a row's draft."""
    named = {each.name: each for each in TOOLS}

    def probe(asked: Subtask, card: DatasetCard, recipe: Recipe) -> list[Tried]:
        place = Workplace(pool.dataset(card.id), NoMedia())
        pen = Ink(Brief(goal=GOAL, subtask=asked.name, description="", answer_kinds=("choice",), target_signal=""))
        cell = PlannedCell(candidate_id="probe", subtask_id=asked.id, dataset_id=card.id, items=3)
        tried = []
        for row in (2, 5, 7):
            made = realize(job_of(cell, row, seeds.derive(row)), recipe, place, named.__getitem__, pen)
            if isinstance(made, Failure):
                tried.append(Tried(False, f"{made.boundary}: {made.message}", False, row, ""))
                continue
            body, wrong = made.body, refuse(card.id, row)
            shown = "\n".join(part.text for part in body.input if isinstance(part, Text))
            options = "\n".join(f"- {option}" for option in body.options)
            tried.append(
                Tried(not wrong, wrong, True, row, f"{shown}\n{body.question}\n{options}\nAnswer: {body.answer}")
            )
        return tried

    return probe


# -- the planner -----------------------------------------------------------------------------------

Reply = Mapping[str, Any] | Exception | Callable[[str], Mapping[str, Any]]


@dataclass
class Planner:
    """Replies by prompt, in turn; the last one of a prompt is repeated. A prompt without a reply gets none."""

    replies: Mapping[str, Sequence[Reply]]
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Name and rendered text of each call."""
    values: dict[str, dict[str, object]] = field(default_factory=dict)
    """What each prompt was last rendered with."""

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
        assert (role, parts, prompt.output) == ("planner", (), answer.__name__)
        text = prompt.render(**values)
        self.values[prompt.name] = values
        self.asked.append((prompt.name, text))
        script = self.replies.get(prompt.name, ())
        turn = sum(name == prompt.name for name, _ in self.asked) - 1
        reply: Reply = script[min(turn, len(script) - 1)] if script else ModelError("nothing usable was said")
        if isinstance(reply, Exception):
            raise reply
        said = reply(text) if callable(reply) else reply
        return answer.model_validate_json(json.dumps(said))

    @property
    def names(self) -> list[str]:
        """The prompts asked, without their stage."""
        return [name.removeprefix("grounding/") for name, _ in self.asked]

    def said(self, name: str, turn: int = 0) -> str:
        """The rendered text of a call."""
        return [text for each, text in self.asked if each == f"grounding/{name}"][turn]

    def models(self, role: Role) -> tuple[str, ...]:
        return ("made/up",)

    def family(self, model: str) -> str:
        return "made"


# -- replies written by hand, from the prompts alone -------------------------------------------------

PREFERRED: dict[str, Any] = {
    "row_must_hold": "Statements of at least three people about one event that differ in a detail.",
    "search": ["witness", "statements", "contradict", "event", "accounts", "dispute"],
    "roles": ["context", "dialog"],
    "modalities": ["text"],
    "languages": [],
}
GUIDANCE = (
    "Ask for the true value of a detail on which one witness is contradicted by the two others; "
    "offer what the mistaken one said among the options."
)
CHOSEN: dict[str, Any] = {
    "missing": "",
    "picks": [
        {
            "dataset": "harbour-inquests",
            "fits": "Each row has three statements of one departure, two that agree and one seen against the sun.",
            "risks": "The odd one out may be found by counting, without weighing who saw it better.",
            "steps": [{"tool": "write_item", "reads": ["evidence=statements", "background=verdict"], "args": []}],
            "guidance": GUIDANCE,
        },
        {
            "dataset": "harbour-inquests",
            "fits": "Its own questions ask whom the others contradict.",
            "risks": "One form of question only.",
            "steps": [
                {"tool": "as_is_context", "reads": ["context=statements", "question=question", "options=choices"]}
            ],
            "guidance": "",
        },
        {
            "dataset": "council-minutes",
            "fits": "Two speakers contradict each other on one event.",
            "risks": "Two accounts alone do not tell who is right.",
            "steps": [{"tool": "write_item", "reads": ["evidence=minutes"]}],
            "guidance": "Ask which explanation would make both speakers right.",
        },
    ],
}
SCORED: dict[str, Any] = {
    "scores": [
        {
            "candidate": "A",
            "reason": "Only the three statements together tell which is mistaken.",
            "task_alignment": 0.9,
            "data_coverage": 0.8,
            "simplicity": 0.9,
            "risk": 0.2,
            "overall": 0.8,
        },
        {
            "candidate": "B",
            "reason": "Whom the others contradict is asked, but in one form.",
            "task_alignment": 0.8,
            "data_coverage": 0.6,
            "simplicity": 1.0,
            "risk": 0.2,
            "overall": 0.7,
        },
        {
            "candidate": "C",
            "reason": "The question names three options that the talk of two does not hold.",
            "task_alignment": 0.3,
            "data_coverage": 0.4,
            "simplicity": 0.8,
            "risk": 0.8,
            "overall": 0.3,
        },
    ]
}
REMEDIED: dict[str, Any] = {
    "cause": "The right option is the one named most often in the statements.",
    "steps": [{"tool": "write_item", "reads": ["evidence=statements", "background=question"]}],
    "guidance": "Name all three witnesses equally often, in the question and in the options.",
}
