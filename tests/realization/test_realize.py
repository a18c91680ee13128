"""Recipes run on rows; what fails is returned as data; companions are other rows; the same job gives the same draft."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Number, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.grounding.types import Argument, Bind, Recipe, Step
from benchmark_agent.media import MediaStore
from benchmark_agent.planning.types import Job
from benchmark_agent.plugins import Shelf
from benchmark_agent.realization.realize import Workplace, realize
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.sources import Dataset, Row
from benchmark_agent.sources.cards import Audit, DatasetCard, Field, Repair
from benchmark_agent.tools import Tool, construction, tool


class Rows:
    def __init__(self, root: Path, values: list[dict[str, object]]) -> None:
        self.root, self.values = root, values

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, ordinal: int) -> Row:
        return Row(ordinal=ordinal, id=f"row-{ordinal}", values=self.values[ordinal])

    def __iter__(self) -> Iterator[Row]:
        return (self[k] for k in range(len(self)))


@tool()
def shout(name: Annotated[Phrase, "entity"], *, marks: int = 1) -> Phrase:
    """Write in capitals."""
    return Phrase(text=name.text.upper() + "!" * marks)


@construction(kinds=("number",), signal="the figures", companions=2)
def total(
    name: Annotated[Phrase, "entity"],
    size: Annotated[Number, "measure"],
    sizes: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Add up."""
    if size.value < 0:
        raise Unfit("the size is negative")
    if size.value == 13:
        raise RuntimeError("a fault in a tool")
    shown = [size, *sizes]
    rng.shuffle(shown)
    return Composed(
        input=(Text(text=", ".join(str(each.value) for each in shown)),),
        question=f"{name.text} total?",
        answer_kind="number",
        answer=str(sum(each.value for each in shown)),
        gold_basis="computed",
        evidence=(0,),
    )


RECIPE = Recipe(
    steps=(
        Step(
            tool="shout",
            reads=(Bind(param="name", source="name"),),
            args=(Argument(name="marks", value=2),),
            writes="loud",
        ),
        Step(
            tool="total",
            reads=(
                Bind(param="name", source="@loud"),
                Bind(param="size", source="size"),
                Bind(param="sizes", source="size"),
            ),
        ),
    )
)


def place(folder: Path, sizes: list[object], audit: Audit | None = None) -> Workplace:
    fields = (
        Field(name="name", path="name", role="entity", type="phrase"),
        Field(name="size", path="size", role="measure", type="number"),
    )
    card = DatasetCard(
        id="d", name="d", modalities=("text",), fields=fields, rows=len(sizes), reader="r", location="", digest="x"
    )
    rows = Rows(folder, [{"name": f"n{k}", "size": size} for k, size in enumerate(sizes)])
    found = audit or Audit(dataset_id="d", digest="x", rows=len(sizes), effective_rows=len(sizes))
    return Workplace(Dataset(card, found, rows), MediaStore(folder))


def run(work: Workplace, row: int, seed: int = 1) -> Draft | Failure:
    tools: Shelf[Tool] = Shelf("tool")
    tools.add(shout)
    tools.add(total)
    job = Job(id=f"s.1#{row}", subtask_id="s", candidate_id="s.1", dataset_id="d", row=row, seed=seed)
    return realize(job, RECIPE, work, tools.__getitem__)


def test_steps_run_in_order_and_companions_are_other_rows(tmp_path: Path) -> None:
    made = run(place(tmp_path, [1, 10, 100]), 0)
    assert isinstance(made, Draft)
    assert made.body.question == "N0!! total?"
    assert made.body.answer == "111"
    assert made.rows[0].ordinal == 0
    assert sorted(row.ordinal for row in made.rows) == [0, 1, 2]
    assert [(t.tool, t.args) for t in made.trace] == [("shout", (("marks", 2),)), ("total", ())]
    assert run(place(tmp_path, [1, 10, 100]), 0) == made


def test_what_fails_is_data(tmp_path: Path) -> None:
    work = place(tmp_path, [-1, 13, None, 4, 5])
    unfit, fault, missing = run(work, 0), run(work, 1), run(work, 2)
    assert isinstance(unfit, Failure)
    assert (unfit.boundary, unfit.message) == ("Unfit", "the size is negative")
    assert isinstance(fault, Failure)
    assert (fault.boundary, fault.message) == ("ToolError", "tool 'total': RuntimeError: a fault in a tool")
    assert isinstance(missing, Failure)
    assert missing.boundary == "SourceError"


def test_rows_without_the_field_and_unusable_rows_are_no_companions(tmp_path: Path) -> None:
    audit = Audit(dataset_id="d", digest="x", rows=6, effective_rows=5, unusable=(5,))
    for seed in range(20):
        made = run(place(tmp_path, [1, 10, 100, None, None, 5000], audit), 0, seed)
        assert isinstance(made, Draft)
        assert made.body.answer == "111"


def test_too_few_companions_is_said(tmp_path: Path) -> None:
    made = run(place(tmp_path, [1, 10]), 0)
    assert isinstance(made, Failure)
    assert made.boundary == "Unfit"
    assert "2 other rows are needed and 1" in made.message


def test_repairs_of_the_audit_are_read(tmp_path: Path) -> None:
    mend = Repair(row=0, field="name", value="mended", reason="white space")
    audit = Audit(dataset_id="d", digest="x", rows=3, effective_rows=3, repairs=(mend,))
    made = run(place(tmp_path, [1, 10, 100], audit), 0)
    assert isinstance(made, Draft)
    assert made.body.question == "MENDED!! total?"
