"""Recipes with writers in them, run on a row: several fields bound, tried twice, steps that hand on what they wrote."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from benchmark_agent.attempts import Attempt, Help
from benchmark_agent.content import Part
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import kind_of
from benchmark_agent.grounding.types import Argument, Bind, Recipe, Step
from benchmark_agent.media import MediaStore
from benchmark_agent.models import Role
from benchmark_agent.planning.types import Job
from benchmark_agent.prompts import Prompt
from benchmark_agent.realization.realize import Workplace, realize
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.record import Record
from benchmark_agent.sources import Dataset, Row
from benchmark_agent.sources.cards import Audit, DatasetCard, Field
from benchmark_agent.verification.verify import check_draft
from tests.tools.writing_support import REGISTRY

R = TypeVar("R", bound=Record)


@dataclass
class Writers:
    """Implements `Ask` for the writer: replies by the prompt's name, in order."""

    replies: dict[str, list[dict[str, Any]]]
    asked: list[tuple[str, str]] = field(default_factory=list)

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
        self.asked.append((prompt.name, prompt.render(**values)))
        return answer.model_validate_json(answer(**self.replies[prompt.name].pop(0)).model_dump_json())

    def models(self, role: Role) -> tuple[str, ...]:
        return ("m/one",)

    def family(self, model: str) -> str:
        return model


class Rows:
    def __init__(self, root: Path, values: list[dict[str, object]]) -> None:
        self.root, self.values = root, values

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, ordinal: int) -> Row:
        return Row(ordinal=ordinal, id=f"row-{ordinal}", values=self.values[ordinal])

    def __iter__(self) -> Iterator[Row]:
        return (self[k] for k in range(len(self)))


ROW: dict[str, object] = {
    "first": "I heard the bell at nine and then the barge came in, with its lamp out.",
    "second": "The barge lay at the quay when I woke; it was before the bell, I am sure.",
    "verdict": "The first one slept through the arrival.",
}
SUBTASK = Subtask(
    id="s",
    name="Reconstruct",
    description="Infer what happened.",
    capability="",
    answer_kinds=("choice",),
    modalities=("text",),
    target_signal="both accounts",
    constructions=("write_item",),
    skill_in="data",
    weight=1,
)
ITEM: dict[str, Any] = {
    "gold": "The two disagree on whether the barge came before or after the bell.",
    "quote": "I heard the bell at nine and then the barge came in ... it was before the bell",
    "question": "On which point do the two accounts exclude each other?",
    "answer": "Whether the barge came before the bell",
    "distractors": [
        {"changed": "what", "text": "Whether the barge had its lamp lit"},
        {"changed": "what", "text": "Whether the barge came to the quay"},
        {"changed": "what", "text": "Whether the bell rang at nine"},
    ],
}


def attempt(recipe: Recipe, writers: Writers, folder: Path) -> tuple[Draft | Failure, list[str]]:
    """What comes of the first row, and which checks by code failed."""
    fields = tuple(Field(name=name, path=name, role="context", type="phrase") for name in ROW)
    card = DatasetCard(
        id="d", name="d", modalities=("text",), fields=fields, rows=1, reader="r", location="", digest="x"
    )
    audit = Audit(dataset_id="d", digest="x", rows=1, effective_rows=1)
    media = MediaStore(folder)
    place = Workplace(Dataset(card, audit, Rows(folder, [ROW])), media)
    job = Job(id="s.1#0", subtask_id="s", candidate_id="s.1", dataset_id="d", row=0, seed=7)
    made, results = Attempt(
        job,
        SUBTASK,
        Help(writers, None, "Can it tell what happened?"),
        lambda pen: realize(job, recipe, place, REGISTRY.tools.__getitem__, pen),
        lambda draft: check_draft(draft, SUBTASK, REGISTRY.checks, REGISTRY.scorers.__getitem__, media),
        written=True,
    )()
    return made, [result.check for result in results if not result.passed]


def reads(**sources: str) -> tuple[Bind, ...]:
    return tuple(Bind(param=param, source=each) for param, names in sources.items() for each in names.split())


WRITE = Recipe(steps=(Step(tool="write_item", reads=reads(evidence="first second", background="verdict")),))


def test_a_quotation_that_is_nowhere_is_written_again(tmp_path: Path) -> None:
    writers = Writers({"tools/write_item": [{**ITEM, "quote": "the barge sank"}, ITEM]})
    made, missed = attempt(WRITE, writers, tmp_path)
    assert isinstance(made, Draft)
    assert missed == []
    assert made.mended == ("the quote 'the barge sank' is not in the evidence; copy its words exactly",)
    assert made.body.answer == ITEM["answer"]
    first, second = (text for _, text in writers.asked)
    assert "<flaws>" not in first
    assert "the quote 'the barge sank' is not in the evidence" in second
    assert "Verdict: The first one slept" in first


def test_what_a_check_finds_is_written_again(tmp_path: Path) -> None:
    telling = {**ITEM, "question": "Do they disagree on whether the barge came before the bell?"}
    writers = Writers({"tools/write_item": [telling, ITEM]})
    made, missed = attempt(WRITE, writers, tmp_path)
    assert isinstance(made, Draft)
    assert made.mended[0].startswith("no_leak: the answer")
    assert missed == []


def test_a_row_that_does_not_fit_is_asked_about_once(tmp_path: Path) -> None:
    writers = Writers({"tools/write_item": [{"fits": False, "why_not": "nobody errs"}]})
    made, _ = attempt(WRITE, writers, tmp_path)
    assert isinstance(made, Failure)
    assert (made.boundary, made.message) == ("Unfit", "the writer says the row does not fit: nobody errs")
    assert kind_of(f"{made.boundary}: {made.message}") == "Unfit: the writer says the row does not fit"
    assert len(writers.asked) == 1


def test_a_written_conversation_is_evidence_for_the_next_step(tmp_path: Path) -> None:
    lines = [
        {"speaker": "Una", "text": "I only heard the bell at nine, and then she came in, lamp out."},
        {"speaker": "Per", "text": "She lay at the quay when I woke, and that was before the bell."},
        {"speaker": "Una", "text": "Then you dreamt it."},
        {"speaker": "Per", "text": "I do not dream of barges."},
    ]
    quote = "I only heard the bell at nine, and then she came in ... that was before the bell"
    recipe = Recipe(
        steps=(
            Step(
                tool="write_dialogue",
                reads=reads(source="first second"),
                args=(Argument(name="speakers", value=2),),
                writes="talk",
            ),
            Step(tool="write_item", reads=reads(evidence="@talk"), writes="plain"),
            Step(tool="rewrite_question", reads=reads(item="@plain")),
        )
    )
    writers = Writers(
        {
            "tools/write_dialogue": [{"lines": lines}] * 2,
            "tools/write_item": [{**ITEM, "quote": quote}] * 2,
            "tools/rewrite_question": [
                {"question": "Where can Una and Per not both be right?"},
                {"question": "Where do Una and Per contradict each other?"},
            ],
        }
    )
    made, missed = attempt(recipe, writers, tmp_path)
    assert isinstance(made, Draft), made
    assert missed == []
    assert made.body.question == "Where do Una and Per contradict each other?"
    assert made.mended == ("rewrite_question: the new question adds or drops a negation; ask for the same",)
    assert made.body.input[0].type == "text"
    assert made.body.input[0].text.startswith("Una: I only heard")
    assert [trace.tool for trace in made.trace] == ["write_dialogue", "write_item", "rewrite_question"]
    again = [(name, writers.asked[at] == writers.asked[at + 3]) for at, (name, _) in enumerate(writers.asked[:3])]
    assert again == [("tools/write_dialogue", True), ("tools/write_item", True), ("tools/rewrite_question", False)]
    assert "adds or drops a negation" in writers.asked[-1][1]
