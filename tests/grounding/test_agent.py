"""The planner's part of grounding: what it is asked, what is made of its replies, and what is measured beside them."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from benchmark_agent.design.types import Design, Subtask
from benchmark_agent.errors import BudgetReached, ModelError, Unreached
from benchmark_agent.grounding.agent import AgentChooser
from benchmark_agent.grounding.choosing import Prober
from benchmark_agent.grounding.ground import Grounder
from benchmark_agent.grounding.offering import Offering
from benchmark_agent.grounding.replies import Score
from benchmark_agent.grounding.scoring import KEEP_SCORE, dataset_score
from benchmark_agent.grounding.types import Grounding, Recipe
from benchmark_agent.plugins import load
from benchmark_agent.requirement import Requirement
from benchmark_agent.turns import Turns
from tests.grounding.scripted import (
    CHOSEN,
    GOAL,
    GUIDANCE,
    POOL_OF_SEVEN,
    PREFERRED,
    REMEDIED,
    SCORED,
    TOOLS,
    HandPool,
    Planner,
    Reply,
    Tried,
    prober,
    subtask,
)

WANTED = Requirement(goal=GOAL, size=20)


def planner(**replies: Sequence[Reply]) -> Planner:
    """The replies written by hand, some of them exchanged."""
    usual: dict[str, Sequence[Reply]] = {"prefer": (PREFERRED,), "choose": (CHOSEN,), "score": (SCORED,)}
    return Planner({f"grounding/{name}": said for name, said in {**usual, **replies}.items()})


def ground(
    ask: Planner,
    *subtasks: Subtask,
    pool: HandPool | None = None,
    probe: Prober | None = None,
    wanted: Requirement = WANTED,
) -> Grounding:
    pool = pool or HandPool()
    chooser = AgentChooser(ask, wanted, pool, TOOLS)
    design = Design(topic=GOAL, subtasks=subtasks or (subtask(),))
    return Grounder(wanted, pool, TOOLS, probe or prober(pool), chooser).ground(design)


def picking(*picks: dict[str, Any], missing: str = "") -> dict[str, Any]:
    return {"missing": missing, "picks": [{"fits": "it does", **pick} for pick in picks]}


def as_text(recipe: Recipe) -> list[tuple[str, list[str], list[str]]]:
    return [
        (step.tool, [f"{b.param}={b.source}" for b in step.reads], [f"{a.name}={a.value}" for a in step.args])
        for step in recipe.steps
    ]


# -- what comes of good replies --------------------------------------------------------------------


def test_three_calls_ground_a_subtask() -> None:
    ask = planner()
    (grounded,) = ground(ask).subtasks
    assert ask.names == ["prefer", "choose", "score"]
    first, second = grounded.candidates
    assert (first.id, first.dataset_id) == ("mistaken-witness.1", "harbour-inquests")
    written = [("write_item", ["evidence=statements", "background=verdict"], [f"guidance={GUIDANCE}"])]
    assert as_text(first.recipe) == written
    reads = ["context=statements", "question=question", "options=choices"]
    assert as_text(second.recipe) == [("as_is_context", reads, [])]
    # 0.3 x 0.8 + 0.7 x (0.45 x 0.9 + 0.35 x 0.8 + 0.10 x 0.9 + 0.10 x 0.8) = 0.8385;
    # 0.6 x 0.8385 + 0.4 x (3 + 4.8) / (3 + 6)
    assert first.fitness.overall == pytest.approx(0.8498, abs=1e-4)
    assert (first.fitness.alignment, first.fitness.robustness, first.capacity) == (0.9, 1.0, 12)
    assert first.probed == (2, 5, 7)
    assert second.probed == ()
    assert "risk: The odd one out may be found by counting, without weighing who saw it better." in first.reasons
    assert any("Only the three statements together" in reason and "score 0.84" in reason for reason in first.reasons)
    refused = next(line for line in grounded.refused if line.startswith("council-minutes"))
    assert "does not hold" in refused
    assert "0.53 is needed" in refused


def test_the_yield_is_measured_and_blended() -> None:
    ask = planner()
    pool = HandPool()
    probe = prober(pool, lambda dataset_id, row: "no_leak: the answer is shown" if row == 5 else "")
    first = ground(ask, pool=pool, probe=probe).subtasks[0].candidates[0]
    assert first.fitness.overall == pytest.approx(0.6 * 0.8385 + 0.4 * (2 + 4.8) / (3 + 6), abs=1e-4)
    assert first.capacity == 8
    assert "2 of 3 drafts passed" in ask.said("score")
    assert "no_leak: the answer is shown (1)" in ask.said("score")


def test_the_dataset_score_is_the_paper_s() -> None:
    score = Score(task_alignment=1, data_coverage=0.5, simplicity=0.2, risk=0.9, overall=0.6)
    assert dataset_score(score) == pytest.approx(0.3 * 0.6 + 0.7 * (0.45 + 0.175 + 0.02 + 0.01), abs=1e-4)
    alone = Score(task_alignment=1, data_coverage=0.5, simplicity=0.2, risk=0.9)
    assert dataset_score(alone) == pytest.approx(0.45 + 0.175 + 0.02 + 0.01, abs=1e-4)
    least = Score(task_alignment=0.53, data_coverage=0.53, simplicity=0.53, risk=0.47, overall=0.53)
    assert dataset_score(least) == KEEP_SCORE


def test_a_candidate_whose_drafts_fail_is_refused_without_being_scored() -> None:
    ask = planner()
    pool = HandPool()
    probe = prober(pool, lambda dataset_id, row: "solvers: they disagree" if dataset_id == "harbour-inquests" else "")
    grounding = ground(ask, pool=pool, probe=probe)
    assert "harbour-inquests" not in ask.said("score")
    assert "Candidate A: dataset `council-minutes`" in ask.said("score")
    (grounded,) = grounding.subtasks
    assert [each.dataset_id for each in grounded.candidates] == ["council-minutes"]
    assert any("0% of 3 probes accepted (solvers: they disagree (3))" in line for line in grounded.refused)


def test_what_is_sent_back_says_what_was_wrong() -> None:
    low = {"scores": [{**SCORED["scores"][2], "candidate": letter} for letter in "ABC"]}
    (back,) = ground(planner(score=[low])).sent_back
    assert back.stage == "grounding"
    assert back.subtask_id == "mistaken-witness"
    assert "The question names three options that the talk of two does not hold" in back.reason
    (back,) = ground(planner(choose=[picking(missing="No row has more than one account.")])).sent_back
    assert "the planner misses: No row has more than one account." in back.reason


# -- what it is shown ------------------------------------------------------------------------------


def test_two_real_rows_are_shown_without_what_no_item_may_show() -> None:
    ask = planner()
    ground(ask)
    shown = ask.said("choose")
    assert "statements (context, phrase, about 51 words)\n  1: " in shown
    assert "stood on the pier and saw a" in shown
    assert "Okan: The well was dry" in shown
    for hidden in ("HB-", "night clerk", "inquest_no"):
        assert hidden not in shown


def test_rows_the_audit_took_out_are_not_shown() -> None:
    name = "harbour-inquests"
    inquests = HandPool().dataset(name)
    only = replace(inquests, audit=inquests.audit.model_copy(update={"unusable": tuple(range(1, 12))}))
    ask = planner()
    ground(ask, pool=HandPool().with_dataset(only))
    shown = ask.said("choose")
    assert "inquest 0 do" in shown
    assert not any(f"inquest {n} do" in shown for n in range(1, 12))


def test_a_picture_is_a_line_and_long_texts_are_cut() -> None:
    charts = HandPool((*POOL_OF_SEVEN[3:4], *POOL_OF_SEVEN[:1]))
    long = charts.dataset("harbour-inquests")
    rows = replace(long.rows, values=tuple({**row, "statements": "sea " * 5000} for row in long.rows.values))  # type: ignore[type-var, attr-defined]
    ask = planner()
    ground(ask, subtask(modalities=("image", "text")), pool=charts.with_dataset(replace(long, rows=rows)))
    shown = ask.said("choose")
    assert "- chart (image, image)\n  1: [image, 4" in shown
    assert len(shown) < 5000


def test_where_items_show_only_pictures_questions_and_labels_are_still_seen() -> None:
    charts = HandPool((POOL_OF_SEVEN[3],))
    ask = planner()
    ground(ask, subtask(modalities=("image",), requires=("image",)), pool=charts)
    named = {field.name for field in charts.cards[0].fields if field.modality == "text" and field.role != "id"}
    assert named
    assert all(f"- {name} (" in ask.said("choose") for name in named)


def test_of_many_tools_the_one_to_keep_and_the_one_that_asks_the_rows_own_question_are_offered() -> None:
    cards, tools = HandPool((POOL_OF_SEVEN[0],)).cards, list(load(third_party=False).tools)
    wanted = subtask(constructions=())
    writers = [tool for tool in Offering(wanted, cards, tools, 99, 0).makers if tool.asks]
    [other] = [tool for tool in Offering(wanted, cards, tools, len(writers) + 1, 0).makers if not tool.asks]
    assert any("question" in param.roles for param in other.params)
    last = Offering(wanted, cards, tools, 99, 0).makers[-1].name
    assert Offering(wanted, cards, tools, 1, 0, keep=(last,)).makers[0].name == last


def test_prompts_stay_within_their_budgets_with_the_real_tools() -> None:
    """Six datasets of long rows and every built-in tool."""
    inquests = POOL_OF_SEVEN[0]
    rows = replace(inquests.rows, values=tuple({**row, "statements": "sea " * 5000} for row in inquests.rows.values))  # type: ignore[type-var, attr-defined]
    named = [f"{inquests.card.id}-{n}" for n in range(7)]
    pool = HandPool(
        tuple(
            replace(
                inquests, card=inquests.card.model_copy(update={"id": name, "description": "witness " * 90}), rows=rows
            )
            for name in named
        )
    )
    ask = planner()
    chooser = AgentChooser(ask, WANTED, pool, list(load(third_party=False).tools))
    Grounder(WANTED, pool, TOOLS, prober(pool), chooser).ground(Design(topic=GOAL, subtasks=(subtask(),)))
    assert ask.said("choose").count("\nDataset `") == 6
    assert len(ask.said("choose")) <= 9000
    assert len(ask.said("prefer")) <= 2500


# -- search ----------------------------------------------------------------------------------------


def test_a_pool_that_is_seen_whole_needs_no_preferences() -> None:
    ask = planner()
    ground(ask, pool=HandPool(POOL_OF_SEVEN[:2]))
    assert ask.names == ["choose", "score"]


def test_the_planner_s_words_decide_what_it_sees() -> None:
    ask = planner(prefer=[{"search": ["crossings", "ferry", "weather"], "roles": ["measure", "entity"]}])
    ground(ask, subtask("crossings", topics=(), name="Compare crossings"))
    assert "Dataset `ferry-crossings`" in ask.said("choose").split("Tools that make")[0]


def test_what_may_not_be_used_is_not_shown() -> None:
    other = POOL_OF_SEVEN[0]
    licensed = replace(other, card=other.card.model_copy(update={"licence": "CC-BY-NC-4.0"}))
    foreign = replace(POOL_OF_SEVEN[1], card=POOL_OF_SEVEN[1].card.model_copy(update={"languages": ("de",)}))
    noise = POOL_OF_SEVEN[5]
    refused = replace(noise, audit=noise.audit.model_copy(update={"refused": "its rows repeat each other"}))
    pool = HandPool().with_dataset(licensed).with_dataset(foreign).with_dataset(refused)
    ask = planner()
    wanted = WANTED.model_copy(update={"licences": ("CC0-1.0",), "languages": ("en",)})
    (grounded,) = ground(ask, pool=pool, wanted=wanted).subtasks
    for name, reason in (
        ("harbour-inquests", "its licence is CC-BY-NC-4.0"),
        ("council-minutes", "its language is de"),
        ("insurance-letters", "its rows repeat each other"),
    ):
        assert f"`{name}`" not in ask.said("choose")
        assert any(line.startswith(f"{name}: {reason}") for line in grounded.refused)


# -- what cannot be used ---------------------------------------------------------------------------

BAD = picking(
    {"dataset": "harbor inquests", "steps": [{"tool": "write_item", "reads": ["evidence=statements"]}]},
    {"dataset": "harbour-inquests", "steps": [{"tool": "write_itm", "reads": ["evidence=statements"]}]},
    {"dataset": "harbour-inquests", "steps": [{"tool": "write_item", "reads": ["evidence=clerk"]}]},
)


def test_errors_go_back_once_and_the_corrected_pick_is_taken() -> None:
    good = picking({"dataset": "harbour-inquests", "steps": [{"tool": "write_item", "reads": ["evidence=statements"]}]})
    ask = planner(choose=[BAD, good])
    (grounded,) = ground(ask).subtasks
    assert ask.names == ["prefer", "choose", "choose", "score"]
    told = ask.said("choose", 1)
    assert "no dataset here is called 'harbor inquests'; there are harbour-inquests, council-minutes" in told
    assert "no tool here is called 'write_itm'" in told
    assert "Did you mean 'write_item'" in told
    assert "has no field 'clerk'; it has ['statements', 'question', 'choices', 'verdict']" in told
    assert "could not be used" not in ask.said("choose", 0)
    assert [each.dataset_id for each in grounded.candidates] == ["harbour-inquests"]


def test_what_is_wrong_twice_is_dropped_with_the_reason() -> None:
    ask = planner(choose=[BAD])
    grounding = ground(ask)
    assert ask.names == ["prefer", "choose", "choose"]
    (grounded,) = grounding.subtasks
    assert sum(line.startswith("dropped: ") for line in grounded.refused) == 3
    assert "no tool here is called 'write_itm'" in grounding.sent_back[0].reason


@pytest.mark.parametrize(
    "name", ["`harbour-inquests`", "Harbour Inquests", "Dataset `harbour-inquests`", "harbour_inquests"]
)
def test_a_dataset_s_name_is_read_however_it_is_written(name: str) -> None:
    ask = planner(choose=[picking({"dataset": name, "steps": [{"tool": "as_is_context"}]})])
    (candidate,) = ground(ask).subtasks[0].candidates
    assert candidate.dataset_id == "harbour-inquests"
    assert ask.names == ["prefer", "choose", "score"]


def test_good_picks_stay_when_others_are_corrected() -> None:
    half = picking({**CHOSEN["picks"][0]}, BAD["picks"][1])
    ask = planner(choose=[half, picking(CHOSEN["picks"][1])])
    (grounded,) = ground(ask).subtasks
    assert [each.recipe.steps[0].tool for each in grounded.candidates] == ["write_item", "as_is_context"]


def test_the_same_pick_twice_is_one_and_no_more_than_three_are_tried() -> None:
    kinds = [{**CHOSEN["picks"][0], "guidance": f"way {n}"} for n in (1, 1, 2, 3, 4)]
    (grounded,) = ground(planner(choose=[{"picks": kinds}])).subtasks
    told = [each.recipe.steps[0].args[0].value for each in grounded.candidates]
    assert sorted(map(str, told)) == ["way 1", "way 2"]  # the third was scored as C, and badly


NAMED = subtask(constructions=("write_item", "as_is_context"))


@pytest.mark.parametrize("said", [BAD, ModelError("refused"), picking()])
def test_without_a_choice_that_can_be_used_words_and_types_choose(said: Reply) -> None:
    """Where the subtask names constructions; else it is sent back. Their offers are scored like the planner's."""
    ask = planner(choose=[said])
    (grounded,) = ground(ask, NAMED).subtasks
    first, second = grounded.candidates
    assert {first.dataset_id, second.dataset_id} == {"harbour-inquests"}
    assert "Candidate A: dataset `harbour-inquests`" in ask.said("score")
    assert "as_is_context" in ask.said("score").split("Candidate B")[0]  # what asks no model is tried first
    assert ground(planner(choose=[said])).sent_back


def test_a_planner_that_says_what_is_missing_is_believed() -> None:
    ask = planner(choose=[picking(missing="Rows with more than one account of an event.")])
    (back,) = ground(ask, NAMED).sent_back
    assert "the planner misses: Rows with more than one account of an event." in back.reason
    assert ask.names == ["prefer", "choose"]


def test_words_and_types_choose_where_every_draft_failed() -> None:
    """What was tried already is not tried again."""
    pool = HandPool()
    plain, tried = prober(pool), []

    def probe(asked: Subtask, card: Any, recipe: Recipe) -> Any:
        tried.append((card.id, recipe.steps[-1].tool))
        good = recipe.steps[-1].tool == "as_is_context"
        return [Tried(good, "" if good else "no", True, each.row, each.shown) for each in plain(asked, card, recipe)]

    ask = planner(choose=[picking({**CHOSEN["picks"][2], "guidance": ""})])
    (grounded,) = ground(ask, NAMED, pool=pool, probe=probe).subtasks
    assert [each.recipe.steps[0].tool for each in grounded.candidates] == ["as_is_context"]
    assert tried.count(("council-minutes", "write_item")) == 1
    assert len(tried) <= 4


@pytest.mark.parametrize("silent", ["prefer", "score"])
def test_a_planner_that_gives_no_usable_reply_is_done_without(silent: str) -> None:
    ask = planner(**{silent: [ModelError("prose")]})
    grounded = ground(ask).subtasks[0].candidates
    assert {each.dataset_id for each in grounded} >= {"harbour-inquests"}
    if silent == "score":
        assert all("the planner gave no score for it" in each.reasons for each in grounded)


@pytest.mark.parametrize("error", [Unreached("no route"), BudgetReached("15 dollars are spent")])
def test_a_planner_that_was_not_asked_says_nothing_of_the_data(error: Exception) -> None:
    for name in ("prefer", "choose", "score"):
        with pytest.raises(type(error)):
            ground(planner(**{name: [error]}))


@pytest.mark.parametrize(
    "named",
    [["Candidate A", "b.", "`C`"], ["a", "B", "c"], ["A: harbour-inquests", "B", "council-minutes"]],
)
def test_scores_are_found_by_letter_however_it_is_written(named: list[str]) -> None:
    said = [{**score, "candidate": name} for score, name in zip(SCORED["scores"], named, strict=True)]
    (grounded,) = ground(planner(score=[{"scores": said}])).subtasks
    assert [each.fitness.alignment for each in grounded.candidates] == [0.9, 0.8]


def test_percentages_are_shares_and_the_first_of_two_scores_counts() -> None:
    first = {**SCORED["scores"][0], "task_alignment": "90%", "overall": None}
    (grounded,) = ground(planner(score=[{"scores": [first, {**first, "task_alignment": 0.1}]}])).subtasks
    assert grounded.candidates[0].fitness.alignment == 0.9
    assert any("no score" in reason for reason in grounded.candidates[1].reasons)


# -- switches, side by side ------------------------------------------------------------------------


def test_without_dry_runs_nothing_is_tried_or_scored() -> None:
    def probe(asked: Subtask, card: Any, recipe: Recipe) -> Any:
        raise AssertionError("nothing may be tried")

    ask = planner()
    (grounded,) = ground(ask, probe=probe, wanted=WANTED.model_copy(update={"without": ("dry_run",)})).subtasks
    assert ask.names == ["prefer", "choose"]
    assert [each.dataset_id for each in grounded.candidates].count("harbour-inquests") == 2
    for each in grounded.candidates:
        assert each.fitness.overall == each.fitness.alignment > 0
        assert each.probes == 0
        assert each.reasons[0].startswith("not dry-run")
        assert each.capacity == each.rows == 12


def test_subtasks_are_grounded_side_by_side_in_their_order() -> None:
    """Three planners' calls are in flight at once: none comes back before all are under way."""
    turns, meeting = Turns(8), threading.Barrier(3, timeout=20)

    def chosen(text: str) -> dict[str, Any]:
        with turns.waiting():
            meeting.wait()
        return CHOSEN

    ask, pool = planner(choose=[chosen]), HandPool()
    asked = [subtask(name) for name in ("first", "second", "third")]
    chooser = AgentChooser(ask, WANTED, pool, TOOLS)
    grounder = Grounder(WANTED, pool, TOOLS, prober(pool), chooser, turns.map)
    grounding = grounder.ground(Design(topic=GOAL, subtasks=tuple(asked)))
    assert [each.subtask_id for each in grounding.subtasks] == ["first", "second", "third"]
    alone = ground(planner(), *asked)
    assert grounding == alone


# -- revision --------------------------------------------------------------------------------------

REASONS = ["options_alike: the right option is the longest (5)", "solvers: they disagree (2)"]


def revise(*said: Reply) -> tuple[Recipe | None, Recipe, Planner]:
    ask, pool = planner(revise=said), HandPool()
    chooser = AgentChooser(ask, WANTED, pool, TOOLS)
    old = ground(planner()).subtasks[0].candidates[0].recipe
    card = pool.dataset("harbour-inquests").card
    return chooser.revise(subtask(), card, old, REASONS, ["Who is it?\nAnswer: Vesna", "W" * 2000]), old, ask


def test_a_failing_recipe_is_changed_by_one_call() -> None:
    better, _, ask = revise(REMEDIED)
    assert ask.names == ["revise"]
    told = ask.said("revise")
    assert "the right option is the longest (5)" in told
    assert "Answer: Vesna" in told
    assert len(told) < 4500
    assert better is not None
    guidance = f"guidance={REMEDIED['guidance']}"
    assert as_text(better) == [("write_item", ["evidence=statements", "background=question"], [guidance])]


def test_guidance_alone_may_change_and_stays_where_nothing_new_is_said() -> None:
    better, old, _ = revise({"cause": "names", "steps": [], "guidance": "Keep names out of the question."})
    assert better is not None
    assert better.steps[0].reads == old.steps[0].reads
    assert better.steps[0].args[0].value == "Keep names out of the question."
    better, old, _ = revise({"steps": [{"tool": "write_item", "reads": ["evidence=statements"]}]})
    assert better is not None
    assert better.steps[0].args == old.steps[0].args


@pytest.mark.parametrize(
    "said",
    [
        {"cause": "nothing helps", "steps": []},
        {"steps": [{"tool": "write_item", "reads": ["evidence=statements", "background=verdict"]}]},
        {"steps": [{"tool": "write_item", "reads": ["evidence=../../etc/passwd"]}], "guidance": "x"},
        {"steps": [{"tool": "shell", "reads": ["command=rm"]}]},
        ModelError("nothing usable"),
    ],
)
def test_what_changes_nothing_or_cannot_be_used_is_no_revision(said: Reply) -> None:
    assert revise(said)[0] is None
