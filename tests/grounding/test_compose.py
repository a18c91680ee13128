"""Recipes are typed: composed by type and role, and checked before they cost anything."""

from random import Random
from typing import Annotated

import pytest

from benchmark_agent.content import Composed, Dialog, Modality, Number, Phrase
from benchmark_agent.design.types import Subtask
from benchmark_agent.grounding.compose import compose, type_errors
from benchmark_agent.grounding.ground import align
from benchmark_agent.grounding.types import Argument, Bind, Recipe, Step
from benchmark_agent.plugins import Shelf
from benchmark_agent.sources.cards import DatasetCard, Field
from benchmark_agent.tools import Media, Tool, construction, tool


@construction(kinds=("choice",), signal="the figures", companions=3)
def largest(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
    *,
    records: int = 4,
) -> Composed:
    """Which of several records has the largest measure."""
    raise AssertionError


@construction(kinds=("span",), signal="the passage")
def read(context: Annotated[Phrase, "context"], question: Annotated[Phrase, "question"]) -> Composed:
    """Answer from the passage."""
    raise AssertionError


@construction(kinds=("span",), signal="knowledge")
def ask(question: Annotated[Phrase, "question"]) -> Composed:
    """Ask without showing anything."""
    raise AssertionError


@tool()
def join_dialog(dialog: Annotated[Dialog, "dialog", "context"]) -> Phrase:
    """Write a dialogue as text."""
    raise AssertionError


@tool()
def as_page(item: Composed, media: Media) -> Composed:
    """Draw the context as a page."""
    raise AssertionError


TOOLS = (largest, read, join_dialog, as_page)


def shelf() -> Shelf[Tool]:
    tools: Shelf[Tool] = Shelf("tool")
    for each in TOOLS:
        tools.add(each)
    return tools


def card(*fields: Field) -> DatasetCard:
    return DatasetCard(
        id="d", name="Countries", modalities=("text",), fields=fields, rows=9, reader="jsonl", location="d", digest="0"
    )


def subtask(*constructions: str, requires: tuple[Modality, ...] = ()) -> Subtask:
    return Subtask(
        id="s",
        name="s",
        description="",
        capability="c",
        answer_kinds=("choice", "span"),
        modalities=("text", "image"),
        requires=requires,
        target_signal="t",
        constructions=constructions,
        skill_in="construction",
        weight=1,
    )


COUNTRIES = card(
    Field(name="name", path="name", role="entity", type="phrase"),
    Field(name="area", path="area", role="measure", type="number"),
    Field(name="population", path="population", role="measure", type="number"),
    Field(name="region", path="region", role="category", type="label"),
)


def bindings(recipe: Recipe) -> list[dict[str, str]]:
    return [{bind.param: bind.source for bind in step.reads} for step in recipe.steps]


def test_companions_read_the_field_their_single_twin_reads() -> None:
    found = [bindings(recipe) for recipe in compose(subtask("largest"), COUNTRIES, TOOLS)]
    assert found == [
        [{"entity": "name", "measure": "area", "entities": "name", "measures": "area"}],
        [{"entity": "name", "measure": "population", "entities": "name", "measures": "population"}],
    ]


def test_a_missing_type_is_made_by_one_tool_before() -> None:
    talk = card(
        Field(name="talk", path="talk", role="dialog", type="dialog"),
        Field(name="q", path="q", role="question", type="phrase"),
    )
    (recipe,) = compose(subtask("read"), talk, TOOLS)
    assert [step.tool for step in recipe.steps] == ["join_dialog", "read"]
    assert bindings(recipe)[1] == {"context": "@context_join_dialog", "question": "q"}
    assert type_errors(recipe, talk, shelf().__getitem__) == []


def test_required_images_are_drawn_behind_a_text_construction() -> None:
    found = compose(subtask("largest", requires=("image",)), COUNTRIES, TOOLS)
    assert [[step.tool for step in recipe.steps] for recipe in found][:2] == [["largest"], ["largest", "as_page"]]
    assert all(type_errors(recipe, COUNTRIES, shelf().__getitem__) == [] for recipe in found)


def test_a_question_is_never_asked_without_what_the_row_shows_with_it() -> None:
    table = Field(name="t", path="t", role="table", type="table")
    question = Field(name="q", path="q", role="question", type="phrase")
    passage = Field(name="c", path="c", role="context", type="phrase")
    assert len(compose(subtask("read"), card(question, passage), TOOLS)) == 1
    assert compose(subtask("read"), card(question, passage, table), TOOLS) == []
    same = Field(name="c~dialog", path="c", role="dialog", type="dialog", parse="dialog")
    assert len(compose(subtask("read"), card(question, passage, same), TOOLS)) == 1
    part = Field(name="q~context", path="q", role="context", type="phrase", parse="context")
    asked = Field(name="q~question", path="q", role="question", type="phrase", parse="question")
    options = Field(name="o", path="o", role="options", type="choices")
    assert len(compose(subtask("read"), card(asked, part), TOOLS)) == 1
    assert compose(subtask("ask"), card(asked, part), (*TOOLS, ask)) == []
    assert len(compose(subtask("ask"), card(asked), (*TOOLS, ask))) == 1
    assert compose(subtask("ask"), card(asked, options), (*TOOLS, ask)) == []


def test_nothing_is_composed_where_types_or_roles_are_missing() -> None:
    assert compose(subtask("read"), COUNTRIES, TOOLS) == []
    assert compose(subtask("no_such_tool"), COUNTRIES, TOOLS) == []


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (Step(tool="larges", reads=()), "Did you mean 'largest'"),
        (Step(tool="read", reads=(Bind(param="context", source="name"),)), "'question' is not bound"),
        (Step(tool="read", reads=(Bind(param="context", source="area"), Bind(param="question", source="name"))),
         "'context' takes phrase, and 'area' is number"),
        (Step(tool="read", reads=(Bind(param="context", source="gone"), Bind(param="question", source="name"))),
         "has no field 'gone'"),
        (Step(tool="read", reads=(Bind(param="context", source="@x"), Bind(param="question", source="name"))),
         "which no earlier step writes"),
        (Step(tool="join_dialog", reads=()), "the last step must be a construction"),
        (Step(tool="largest", reads=(), args=(Argument(name="records", value="many"),)), "not a int"),
    ],
)  # fmt: skip
def test_type_errors_say_what_is_wrong(step: Step, problem: str) -> None:
    errors = type_errors(Recipe(steps=(step,)), COUNTRIES, shelf().__getitem__)
    assert any(problem in error for error in errors), errors


def test_alignment_needs_the_domain_of_the_subtask() -> None:
    about = COUNTRIES.model_copy(update={"description": "Countries of the world with area", "topics": ("geography",)})
    here = subtask("largest").model_copy(update={"domain": ("geography",)})
    assert align(here, about) == pytest.approx(0.86)
    assert align(here, about.model_copy(update={"name": "Geography"})) == 1.0
    assert align(here.model_copy(update={"domain": ("chemistry",)}), about) == 0.0
    skilled = subtask("largest").model_copy(update={"skill_in": "data", "topics": ("sarcasm", "irony")})
    assert align(skilled, about) == 0.0
