"""Ideas of recipes as models write them, strong and weak, and what is made of them."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.design.types import Subtask
from benchmark_agent.grounding.compose import type_errors
from benchmark_agent.grounding.recipes import MOST_GUIDANCE, NotARecipe, Reader
from benchmark_agent.grounding.replies import Choice, StepIdea
from benchmark_agent.grounding.types import Recipe
from benchmark_agent.sources.cards import Field
from tests.grounding.scripted import TOOLS, HandPool, subtask

BY_NAME = {tool.name: tool for tool in TOOLS}


def read(dataset: str, *steps: dict[str, Any], guidance: str = "", asked: Subtask | None = None) -> Recipe:
    reader = Reader(HandPool().dataset(dataset).card, asked or subtask(), BY_NAME)
    return reader.recipe([StepIdea.model_validate(step) for step in steps], guidance)


def binds(recipe: Recipe) -> list[list[str]]:
    return [[f"{bind.param}={bind.source}" for bind in step.reads] for step in recipe.steps]


@pytest.mark.parametrize(
    "reads",
    [
        ["evidence=statements", "background=verdict"],
        ["evidence <- statements", "background: verdict"],
        ["`evidence`=`statements`", "background = 'verdict'"],
        "evidence=statements, background=verdict",
        "evidence=statements\nbackground=verdict",
        {"evidence": "statements", "background": ["verdict"]},
        [{"parameter": "evidence", "field": "statements"}, {"parameter": "background", "field": "verdict"}],
        ["statements", "background=verdict"],
    ],
)
def test_bindings_are_understood_however_they_are_written(reads: Any) -> None:
    recipe = read("harbour-inquests", {"tool": "write_item", "reads": reads})
    assert binds(recipe) == [["evidence=statements", "background=verdict"]]


def test_a_field_may_be_named_by_its_role_or_the_end_of_its_name_where_only_one_is_meant() -> None:
    asked = ["context=context", "question=question", "options=options"]
    recipe = read("harbour-inquests", {"tool": "as_is_context", "reads": asked})
    assert binds(recipe) == [["context=statements", "question=question", "options=choices"]]
    plain = HandPool().dataset("insurance-letters").card
    field = Field(name="output.reply", path="output.reply", role="context", type="phrase")
    card = plain.model_copy(update={"fields": (*plain.fields, field)})
    reader = Reader(card, subtask(), BY_NAME)
    assert binds(reader.recipe([StepIdea(tool="write_item", reads=("evidence=reply",))])) == [["evidence=output.reply"]]
    with pytest.raises(NotARecipe, match="has no field 'context'"):  # two have that role
        reader.recipe([StepIdea(tool="write_item", reads=("evidence=context",))])
    with pytest.raises(NotARecipe, match="has no field 'metadata'"):
        read("harbour-inquests", {"tool": "write_item", "reads": ["evidence=metadata"]})


def test_several_fields_of_one_parameter_may_stand_in_one_entry() -> None:
    recipe = read("harbour-inquests", {"tool": "write_item", "reads": ["evidence=statements and question", "choices"]})
    assert binds(recipe) == [["evidence=statements", "evidence=question", "evidence=choices"]]


def test_what_goes_without_saying_is_filled_in() -> None:
    recipe = read("harbour-inquests", {"tool": "`as_is_context`"})
    assert binds(recipe) == [["context=statements", "question=question", "options=choices"]]
    recipe = read(
        "ferry-crossings", {"tool": "compare_records(entity, measure)", "args": ["records=3", "descending=yes"]}
    )
    assert binds(recipe) == [["entity=ferry", "measure=passengers", "entities=ferry", "measures=passengers"]]
    (step,) = recipe.steps
    assert [(argument.name, argument.value) for argument in step.args] == [("descending", True)]  # 3 is the default


def test_without_a_word_on_what_to_read_the_evidence_is_read() -> None:
    assert binds(read("harbour-inquests", {"tool": "write_item"})) == [["evidence=statements"]]
    assert binds(read("ferry-crossings", {"tool": "write_item"})) == [
        ["evidence=ferry", "evidence=passengers", "evidence=weather"]
    ]


def test_steps_read_what_was_made_before_them() -> None:
    recipe = read(
        "council-minutes",
        {"tool": "join_dialog", "reads": ["dialog=minutes"]},
        {"tool": "translate", "reads": ["text=@join_dialog"], "args": ["to=es"]},
        {"tool": "write_item", "reads": ["evidence=@2"]},
        {"tool": "rewrite_question"},
    )
    assert binds(recipe) == [
        ["dialog=minutes"],
        ["text=@join_dialog"],
        ["evidence=@translate"],
        ["item=@write_item"],
    ]
    assert [step.writes for step in recipe.steps] == ["join_dialog", "translate", "write_item", "item"]


def test_guidance_goes_to_the_step_that_takes_it_and_is_cut() -> None:
    recipe = read(
        "council-minutes", {"tool": "write_item", "args": ["guidance=old"]}, guidance="Ask\nwhy. " + "x" * 900
    )
    (argument,) = recipe.steps[0].args
    assert argument.name == "guidance"
    assert str(argument.value).startswith("Ask why. xxx")
    assert len(str(argument.value)) == MOST_GUIDANCE
    assert read("harbour-inquests", {"tool": "as_is_context"}, guidance="Ask why.").steps[0].args == ()


def test_names_of_arguments_and_parameters_alone_change_nothing() -> None:
    """A real model of 1.5 billion parameters fills `args` with every name it sees."""
    told = read("harbour-inquests", {"tool": "write_item", "args": ["evidence", "background", "kind", "guidance"]})
    assert told == read("harbour-inquests", {"tool": "write_item"})


@pytest.mark.parametrize(
    ("dataset", "steps", "problem"),
    [
        ("harbour-inquests", [{"tool": "as_is"}], "no tool here is called 'as_is'"),
        ("harbour-inquests", [{"tool": "write_item", "reads": ["evidence=gone"]}], "has no field 'gone'"),
        ("harbour-inquests", [{"tool": "write_item", "reads": ["proof=statements"]}], "no parameter 'proof'"),
        ("harbour-inquests", [{"tool": "write_item", "args": ["a choice"]}], "as 'name=value'; its arguments: kind"),
        ("harbour-inquests", [{"tool": "write_item", "reads": ["background=verdict"]}], "takes one field or more"),
        ("harbour-inquests", [{"tool": "as_is_context", "reads": ["verdict"]}], "say which parameter reads 'verdict'"),
        ("harbour-inquests", [{"tool": "translate"}], "the last step must be a construction"),
        ("harbour-inquests", [{"tool": "rewrite_question"}], "'item' is not bound"),
        ("harbour-inquests", [], "0 steps"),
        ("ferry-crossings", [{"tool": "compare_records", "args": ["records=many"]}], "not a int"),
        (
            "ferry-crossings",
            [{"tool": "compare_records", "reads": ["entities=weather"]}],
            "'entities' takes phrase, and 'weather' is label",
        ),
        (
            "harbour-inquests",
            [{"tool": "as_is_context", "reads": ["context=question", "question=question"]}],
            "read the same field",
        ),
        (
            "harbour-inquests",
            [{"tool": "as_is_context", "reads": ["context=verdict", "question=question"]}],
            "without all that the question is about",
        ),
        ("pilot-charts", [{"tool": "write_item", "reads": ["evidence=chart"]}], "has no field 'chart'"),
    ],
)
def test_what_cannot_be_a_recipe_is_said_in_words(dataset: str, steps: list[Any], problem: str) -> None:
    with pytest.raises(NotARecipe, match=problem.replace("(", "\\(")):
        read(dataset, *steps)


def test_a_recipe_must_serve_the_subtask() -> None:
    spoken = subtask(answer_kinds=("number",))
    with pytest.raises(NotARecipe, match="'as_is_context' makes choice, and the subtask wants number"):
        read("harbour-inquests", {"tool": "as_is_context"}, asked=spoken)
    pictured = subtask(modalities=("image", "text"), requires=("image",))
    with pytest.raises(NotARecipe, match="no item of it shows image"):
        read("harbour-inquests", {"tool": "write_item"}, asked=pictured)
    drawn = read("harbour-inquests", {"tool": "write_item"}, {"tool": "show_context_as_image"}, asked=pictured)
    assert binds(drawn)[1] == ["item=@write_item"]
    assert binds(read("pilot-charts", {"tool": "write_item"}, asked=pictured)) == [["evidence=chart"]]


def test_a_field_that_is_called_as_a_parameter_is_is_no_binding_of_it() -> None:
    plain = HandPool().dataset("insurance-letters").card
    field = Field(name="kind: letter", path="letter", role="context", type="phrase")
    card = plain.model_copy(update={"fields": (*plain.fields, field)})
    recipe = Reader(card, subtask(), BY_NAME).recipe([StepIdea(tool="write_item", reads=("kind: letter",))])
    assert binds(recipe) == [["evidence=kind: letter"]]


WORDS = st.sampled_from(
    "evidence background context item question statements verdict clerk @1 @write_item = : , ` write_item translate "
    "as_is_context guidance=x kind=choice to=es records=2 and [ ] ../..".split()
)
TEXTS = st.lists(WORDS, max_size=4).map("".join) | st.text(max_size=12)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(WORDS | st.text(max_size=8), st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=2)), max_size=4
    )
)
def test_any_idea_is_a_recipe_that_type_checks_or_says_why_not(ideas: list[tuple[str, list[str], list[str]]]) -> None:
    card = HandPool().dataset("harbour-inquests").card
    steps = [StepIdea(tool=tool, reads=tuple(reads), args=tuple(args)) for tool, reads, args in ideas]
    with suppress(NotARecipe):
        recipe = Reader(card, subtask(), BY_NAME).recipe(steps, "Ask.")
        assert type_errors(recipe, card, BY_NAME.__getitem__) == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"picks": None},
        {"missing": None, "picks": []},
        {"picks": {"dataset": "d", "fits": None, "steps": {"tool": "t"}}},
        {"picks": [{"dataset": "d", "fits": "f", "steps": None, "guidance": None}]},
    ],
)
def test_replies_with_gaps_are_read(said: dict[str, Any]) -> None:
    choice = Choice.model_validate(said)
    assert all(isinstance(pick.steps, tuple) for pick in choice.picks)


@pytest.mark.parametrize("kind", ["yes/no", "essay", "number"])
def test_a_kind_the_subtask_does_not_want_is_said_before_rows_are_tried(kind: str) -> None:
    steps = {"tool": "write_item", "reads": ["evidence=statements"], "args": [f"kind={kind}"]}
    with pytest.raises(NotARecipe, match=f"no 'kind={kind}' here, only choice"):
        read("harbour-inquests", steps)
    assert read("harbour-inquests", {**steps, "args": ["kind=choice"]}).steps[0].args


def test_the_rows_own_answer_is_not_shown_beside_its_evidence() -> None:
    card = HandPool().dataset("harbour-inquests").card
    [answer] = [field.name for field in card.fields if field.role == "answer"]
    with pytest.raises(NotARecipe, match=f"show the solver the answer '{answer}'; read it as 'background'"):
        read("harbour-inquests", {"tool": "write_item", "reads": ["evidence=statements", f"evidence={answer}"]})
    read("harbour-inquests", {"tool": "write_item", "reads": ["evidence=statements", f"background={answer}"]})
