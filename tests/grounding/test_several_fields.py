"""Parameters that take any number of fields, and tools that ask, in the rules that need no model."""

from typing import Annotated

import pytest

from benchmark_agent.content import Composed, Dialog, Modality, Phrase
from benchmark_agent.grounding.compose import compose, type_errors
from benchmark_agent.grounding.types import Bind, Recipe, Step
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.tools import Given, Pen, construction, tool
from tests.grounding.scripted import TOOLS, HandPool, subtask

INQUESTS = HandPool().dataset("harbour-inquests").card
CROSSINGS = HandPool().dataset("ferry-crossings").card


@construction(kinds=("choice",), signal="the passage")
def quiz(passages: Annotated[tuple[Given, ...], "context", "question"], pen: Pen) -> Composed:
    """Write a question about passages."""
    raise AssertionError


@construction(kinds=("choice",), signal="the texts", companions=1)
def beside(text: Annotated[Phrase, "context"], others: Annotated[tuple[Phrase, ...], "context"]) -> Composed:
    """Show a text beside that of another row."""
    raise AssertionError


@construction(kinds=("choice",), signal="the text")
def gist(text: Annotated[Phrase, "dialog"]) -> Composed:
    """Ask what a text is about."""
    raise AssertionError


@tool()
def sum_up(talk: Annotated[Dialog, "dialog"], pen: Pen) -> Phrase:
    """Sum a conversation up."""
    raise AssertionError


BY_NAME = {tool.name: tool for tool in (*TOOLS, quiz, beside)}


def errors(card: DatasetCard, tool: str, *reads: str) -> list[str]:
    binds = tuple(Bind(param=read.partition("=")[0], source=read.partition("=")[2]) for read in reads)
    return type_errors(Recipe(steps=(Step(tool=tool, reads=binds),)), card, BY_NAME.__getitem__)


@pytest.mark.parametrize(
    "reads",
    [
        ("evidence=statements",),
        ("evidence=statements", "evidence=choices", "evidence=verdict"),
        ("evidence=statements", "background=question", "background=verdict"),
    ],
)
def test_several_fields_type_check(reads: tuple[str, ...]) -> None:
    assert errors(INQUESTS, "write_item", *reads) == []


@pytest.mark.parametrize(
    ("tool", "reads", "problem"),
    [
        ("write_item", (), "'evidence' is not bound; it takes one field or more"),
        ("write_item", ("background=verdict",), "'evidence' is not bound; it takes one field or more"),
        ("write_item", ("evidence=statements", "evidence=statements"), "reads a field twice"),
        ("write_item", ("evidence=inquest_no",), "which is id and must not be shown"),
        ("write_item", ("evidence=statements", "background=clerk"), "which is metadata and must not be shown"),
        ("quiz", ("passages=statements", "passages=verdict"), "takes fields that are context or question, and"),
        ("as_is_context", ("context=statements", "context=question", "question=question", "options=choices"),
         "is bound to ['statements', 'question']; it takes one"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_several_fields_is_said(tool: str, reads: tuple[str, ...], problem: str) -> None:
    assert any(problem in error for error in errors(INQUESTS, tool, *reads)), errors(INQUESTS, tool, *reads)


def test_a_slot_is_no_field_of_other_rows() -> None:
    steps = (
        Step(tool="join_dialog", reads=(Bind(param="dialog", source="minutes"),), writes="talk"),
        Step(tool="beside", reads=(Bind(param="text", source="@talk"), Bind(param="others", source="@talk"))),
    )
    minutes = HandPool().dataset("council-minutes").card
    assert type_errors(Recipe(steps=steps), minutes, BY_NAME.__getitem__) == [
        "step 2 ('beside'): 'others' reads a field of other rows, not the slot '@talk'"
    ]


def test_tools_that_ask_are_composed_only_where_the_subtask_names_them() -> None:
    assert compose(subtask(), INQUESTS, TOOLS) == []
    (recipe,) = compose(subtask(constructions=("write_item",)), INQUESTS, TOOLS)
    assert recipe.steps[0].reads == (Bind(param="evidence", source="statements"),)
    assert type_errors(recipe, INQUESTS, BY_NAME.__getitem__) == []


def test_a_row_that_shows_nothing_gives_all_its_fields() -> None:
    (recipe,) = compose(subtask(constructions=("write_item",)), CROSSINGS, TOOLS)
    assert [bind.source for bind in recipe.steps[0].reads] == ["ferry", "passengers", "weather"]


def test_tools_that_ask_are_put_before_no_construction_by_rules() -> None:
    """A conversation is written as text by a tool that asks nobody, or not at all."""
    minutes = HandPool().dataset("council-minutes").card
    named = subtask(constructions=("gist",))
    assert compose(named, minutes, (gist, sum_up)) == []
    (recipe,) = compose(named, minutes, (gist, sum_up, *TOOLS))
    assert [step.tool for step in recipe.steps] == ["join_dialog", "gist"]


@pytest.mark.parametrize(("may_show", "tools"), [(("text", "image"), ["write_item"]), (("text",), [])])
def test_a_question_about_a_picture_is_no_evidence_where_no_picture_may_be_shown(
    may_show: tuple[Modality, ...], tools: list[str]
) -> None:
    charts = HandPool().dataset("pilot-charts").card
    assert charts.with_role("image")
    asked = subtask(answer_kinds=("choice",), constructions=("write_item",), topics=(), modalities=may_show)
    assert [step.tool for recipe in compose(asked, charts, TOOLS) for step in recipe.steps] == tools
