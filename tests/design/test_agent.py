"""Design by a model: goals answered by hand as a strong model would, the review, and what is sent back."""

import json
from typing import Any

import pytest

from benchmark_agent.design.agent import AgentDesigner
from benchmark_agent.design.types import Design, Feedback
from benchmark_agent.errors import BudgetReached, ModelError, StageError, Unreached, UserError
from benchmark_agent.requirement import Requirement
from tests.design.planner import (
    ART,
    ART_PROPOSED,
    FINE,
    MIXED,
    MIXED_PROPOSED,
    POOL,
    TEXT_ONLY,
    WITNESSES,
    WITNESSES_PROPOSED,
    Cards,
    ScriptedPlanner,
    tools,
)

TOOLS = tools()


def designed(goal: str, *replies: Any, pool: Cards = POOL, **wishes: object) -> tuple[Design, ScriptedPlanner]:
    planner = ScriptedPlanner(list(replies))
    requirement = Requirement.model_validate({"goal": goal, **wishes})
    return AgentDesigner(planner, TOOLS).propose(requirement, pool), planner


def revised(design: Design, reply: Any, *feedback: Feedback, **wishes: object) -> tuple[Design, ScriptedPlanner]:
    planner = ScriptedPlanner([reply])
    requirement = Requirement.model_validate({"goal": design.topic, **wishes})
    return AgentDesigner(planner, TOOLS).revise(requirement, design, feedback, POOL), planner


def idea(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "asks": f"Shows a row and asks about {name}.", "covers": [1], "target_signal": name, **more}


def back(subtask_id: str, reason: str = "no row fits", stage: str = "grounding") -> Feedback:
    return Feedback.model_validate({"subtask_id": subtask_id, "stage": stage, "reason": reason})


# -- strong answers ----------------------------------------------------------------------------------


def test_conflicting_witnesses() -> None:
    design, planner = designed(WITNESSES, WITNESSES_PROPOSED, FINE)
    event, witness, unsaid = design.subtasks
    assert [name for name, _ in planner.asked] == ["design/propose", "design/review"]
    assert (event.id, event.weight, event.answer_kinds) == ("core-event-reconstruction", 0.5, ("choice",))
    assert event.constructions[:2] == ("write_item", "ask_accounts")
    assert "ask_image" not in event.constructions
    assert (witness.capability, witness.constructions[-2:]) == (
        "conflicting-accounts",
        ("write_item", "ask_accounts"),
    )
    assert unsaid.answer_kinds == ("choice", "span", "label", "number")  # "short answer", in our words
    assert event.covers == ("several witnesses give differing accounts of one event", "infer what happened")
    assert "Difficulty: high: no single account" in event.description
    assert (event.skill_in, event.domain, event.topics[0]) == ("data", (), "witness")
    assert "as_is_context" in event.constructions  # the dataset's own question
    assert "who_said_it" not in event.constructions  # another question than the subtask's
    assert design.not_covered == ()


def test_an_artwork_as_a_gateway() -> None:
    design, planner = designed(ART, ART_PROPOSED, FINE)
    assert all(subtask.requires == ("image",) for subtask in design.subtasks)
    dating, _, scene = design.subtasks
    assert dating.constructions == ("write_item", "ask_accounts", "image_label_to_choice")
    assert scene.capability == "art-understanding"
    assert "ask_image" in scene.constructions
    assert scene.modalities == ("image", "text")
    pool = planner.asked[0][1].partition("<pool>")[2]
    assert pool.index("Museum catalogue") < pool.index("Rivers")


def test_artworks_are_not_asked_of_a_pool_without_images() -> None:
    with pytest.raises(StageError, match="needs image input, and the pool has only text") as raised:
        designed(ART, ART_PROPOSED, {"subtasks": []}, pool=TEXT_ONLY)
    assert "--role planner=" in str(raised.value)


def test_a_conversation_that_mixes_languages() -> None:
    design, _ = designed(MIXED, MIXED_PROPOSED, FINE)
    assert design.not_covered == ("as over the phone (the pool holds transcripts and no recordings)",)
    assert design.wishes[-1].startswith("obeyed: no translation tasks")
    assert all(subtask.requires == () for subtask in design.subtasks)  # text is never required
    assert [subtask.weight for subtask in design.subtasks] == [0.6, 0.4]


def test_a_refused_wish_is_named_as_not_covered() -> None:
    design, _ = designed(
        MIXED, {**MIXED_PROPOSED, "wishes": ["refused: over the phone: there are no recordings"]}, FINE
    )
    assert "refused: over the phone: there are no recordings" in design.not_covered
    assert "refused: over the phone: there are no recordings" in design.wishes


def test_a_goal_in_another_language_reaches_the_planner_as_it_is() -> None:
    goal = "Mehrere Zeugen erzählen dasselbe Ereignis verschieden: was ist geschehen?"
    design, planner = designed(
        goal, {**WITNESSES_PROPOSED, "parts": ["verschiedene Zeugen", "was ist geschehen"]}, FINE
    )
    assert goal in planner.asked[0][1]
    assert design.topic == goal
    assert design.subtasks[0].covers == ("verschiedene Zeugen", "was ist geschehen")


# -- review ------------------------------------------------------------------------------------------

REVIEWED: dict[str, Any] = {
    "judgements": [
        {"subtask": 1, "problem": "", "verdict": "keep"},
        {"subtask": 2, "problem": "Its items are those of 1.", "verdict": "discard"},
        {"subtask": 3, "problem": "Ask for one named property.", "verdict": "revise"},
        {"subtask": 9, "problem": "There is no such subtask.", "verdict": "discard"},
    ],
    "missing": ["how sure a witness is"],
    "fine": False,
}


def test_the_review_keeps_discards_and_has_revised() -> None:
    better = {"subtasks": [idea("The unstated hour", covers=[2]), idea("How sure a witness is", covers=[1])]}
    design, planner = designed(WITNESSES, WITNESSES_PROPOSED, REVIEWED, better)
    plain, _ = designed(WITNESSES, WITNESSES_PROPOSED, without=("design_review",))
    assert [each.id for each in design.subtasks] == [
        "core-event-reconstruction",
        "the-unstated-hour",
        "how-sure-a-witness-is",
    ]
    assert "write_talk" in planner.asked[0][1]  # no construction, but it says what can be written
    assert "write_from_goal" not in planner.asked[0][1]
    kept, before = (each.subtasks[0].model_copy(update={"weight": 1}) for each in (design, plain))
    assert kept == before
    assert design.discarded == ("Mistaken or biased witness: discarded in review: Its items are those of 1.",)
    prompt = planner.asked[2][1]
    assert "Reason: Ask for one named property." in prompt
    assert "- how sure a witness is" in prompt
    assert "Mistaken or biased" not in prompt


def test_a_fine_review_costs_no_third_call_whatever_it_remarks() -> None:
    design, planner = designed(WITNESSES, WITNESSES_PROPOSED, {**REVIEWED, "fine": True})
    assert [name for name, _ in planner.asked] == ["design/propose", "design/review"]
    assert [each.id for each in design.subtasks] == ["core-event-reconstruction", "what-nobody-says"]


def test_the_review_can_be_turned_off() -> None:
    design, planner = designed(WITNESSES, WITNESSES_PROPOSED, without=("design_review",))
    assert len(planner.asked) == 1
    assert len(design.subtasks) == 3


def test_a_review_that_discards_everything_gets_another_set_or_is_not_followed() -> None:
    nothing = {"judgements": [{"subtask": n, "problem": "bad", "verdict": "discard"} for n in (1, 2, 3)]}
    other, _ = designed(WITNESSES, WITNESSES_PROPOSED, nothing, {"subtasks": [idea("Another way")]})
    assert [each.id for each in other.subtasks] == ["another-way"]
    first, _ = designed(WITNESSES, WITNESSES_PROPOSED, nothing, {"subtasks": []})
    assert len(first.subtasks) == 3
    assert first.discarded == ("review: its revision left nothing; the first set stands",)


def test_a_review_that_cannot_be_had_is_said_and_stops_nothing() -> None:
    design, _ = designed(WITNESSES, WITNESSES_PROPOSED, ModelError("prose, three times"))
    assert len(design.subtasks) == 3
    assert design.discarded == ("review: not made: prose, three times",)


@pytest.mark.parametrize("error", [Unreached("down"), BudgetReached("spent")])
def test_an_unreached_model_is_no_verdict(error: Exception) -> None:
    with pytest.raises(type(error)):
        designed(WITNESSES, WITNESSES_PROPOSED, error)


# -- wishes ------------------------------------------------------------------------------------------


def test_a_broken_wish_asks_for_a_revision_although_the_review_is_content() -> None:
    pictured = {**WITNESSES_PROPOSED, "subtasks": [*WITNESSES_PROPOSED["subtasks"], idea("Scene", requires=["image"])]}
    design, planner = designed(WITNESSES, pictured, FINE, {"subtasks": [idea("Told scene")]}, modalities=("text",))
    assert [each.name for each in design.subtasks][-1] == "Told scene"
    reason = "Scene: it needs image input, and only text is wanted"
    assert reason in design.discarded
    assert f"- {reason}" in planner.asked[2][1]


def test_wished_answers_are_given_whatever_the_planner_wants() -> None:
    design, planner = designed(WITNESSES, WITNESSES_PROPOSED, FINE, answer_kinds=("binary",))
    assert {each.answer_kinds for each in design.subtasks} == {("binary",)}
    assert "answers: only binary (--answer-kind)" in planner.asked[0][1]


def test_a_number_of_subtasks_is_obeyed_or_refused() -> None:
    two, _ = designed(WITNESSES, WITNESSES_PROPOSED, FINE, subtasks=2)
    assert len(two.subtasks) == 2
    assert any("there is room for 2 subtasks" in line for line in two.discarded)
    more = {"subtasks": [idea("Hours of the day"), idea("Order of arrival")]}
    five, planner = designed(WITNESSES, WITNESSES_PROPOSED, FINE, more, subtasks=5)
    assert len(five.subtasks) == 5
    assert "- 5 subtasks are asked for" in planner.asked[2][1]
    with pytest.raises(UserError, match="5 subtasks are asked for, and the pool can carry 3"):
        designed(WITNESSES, WITNESSES_PROPOSED, FINE, {"subtasks": []}, subtasks=5)


def test_a_goal_for_two_media_has_both() -> None:
    goal = "images and text: dating of artworks and their history"
    told = {**ART_PROPOSED, "subtasks": [*ART_PROPOSED["subtasks"], idea("Written history")]}
    design, _ = designed(goal, told, FINE)
    assert {each.requires for each in design.subtasks} == {("image",), ()}
    with pytest.raises(UserError, match="nothing in the pool carries text for it"):
        designed(goal, ART_PROPOSED, FINE, {"subtasks": []})


def test_languages_to_be_mixed_rule_no_dataset_out() -> None:
    goal = "Follow a conversation that mixes languages, English with Greek"
    told = {**MIXED_PROPOSED, "parts": ["follow a conversation", "that mixes languages", "English with Greek"]}
    design, planner = designed(goal, told, FINE)
    assert "Clinic phone calls" in planner.asked[0][1]
    assert "write_talk (first; then one that asks)" in planner.asked[0][1]
    assert design.wishes[0].startswith("languages: what an item shows mixes")


def test_datasets_the_wishes_rule_out_are_not_shown() -> None:
    _, planner = designed(MIXED, MIXED_PROPOSED, FINE, languages=("es",))
    assert "Market talks" in planner.asked[0][1]
    assert "Clinic phone calls" not in planner.asked[0][1]


def test_media_nothing_can_show_are_refused_before_a_call_is_paid_for() -> None:
    planner = ScriptedPlanner([])
    with pytest.raises(UserError, match=r"must show audio .* the pool has only image, text"):
        AgentDesigner(planner, TOOLS).propose(Requirement(goal="Follow a spoken conversation"), POOL)
    assert planner.asked == []


# -- what comes back from grounding and allocation -----------------------------------------------------


def witnesses() -> Design:
    return designed(WITNESSES, WITNESSES_PROPOSED, FINE)[0]


def test_what_grounding_sends_back_is_replaced_and_the_rest_stays_exactly() -> None:
    design = witnesses()
    new, planner = revised(design, {"subtasks": [idea("Time of the event", covers=[2])]}, back("what-nobody-says"))
    assert new.subtasks[:2] == design.subtasks[:2]
    assert (new.subtasks[2].id, new.subtasks[2].covers) == ("time-of-the-event", ("infer what happened",))
    assert new.discarded[-1] == "what-nobody-says: sent back by grounding: no row fits"
    assert len(planner.asked) == 1
    text = planner.asked[0][1]
    assert text.index("Core event") < text.index("did not stand") < text.index("What nobody says (")
    assert sum(each.weight for each in new.subtasks) == pytest.approx(1)


def test_a_subtask_without_successor_is_lost_and_its_part_named() -> None:
    design = designed(WITNESSES, {**WITNESSES_PROPOSED, "subtasks": WITNESSES_PROPOSED["subtasks"][1:]}, FINE)[0]
    new, _ = revised(design, {"subtasks": []}, back("what-nobody-says", "no dataset has two accounts a row"))
    assert [each.id for each in new.subtasks] == ["mistaken-or-biased-witness"]
    assert new.not_covered == ("infer what happened (no dataset has two accounts a row)",)
    reasoned = {"not_covered": [{"part": 2, "reason": "nothing implies anything"}, {"part": 7, "reason": "none"}]}
    other, _ = revised(design, reasoned, back("what-nobody-says"))
    assert other.not_covered == ("infer what happened (nothing implies anything)",)


def test_the_same_subtask_is_not_taken_again() -> None:
    design = witnesses()
    again, _ = revised(design, {"subtasks": [WITNESSES_PROPOSED["subtasks"][2]]}, back("what-nobody-says"))
    assert len(again.subtasks) == 2
    assert "What nobody says: came back as it was" in again.discarded
    doubled, _ = revised(design, {"subtasks": [WITNESSES_PROPOSED["subtasks"][0]]}, back("what-nobody-says"))
    assert doubled.subtasks[0].model_copy(update={"weight": 0.5}) == design.subtasks[0]
    assert len(doubled.subtasks) == 2


def test_nothing_left_is_an_error() -> None:
    design = witnesses()
    every = [back(each.id) for each in design.subtasks]
    with pytest.raises(StageError, match=r"no subtask of the goal is left: .*'--pool PATH'"):
        revised(design, {"subtasks": []}, *every)
    with pytest.raises(StageError, match="no subtask of the goal is left"):
        revised(design, ModelError("prose"), *every)


def test_an_unusable_revision_costs_only_what_was_sent_back() -> None:
    design = witnesses()
    new, _ = revised(design, ModelError("prose"), back("what-nobody-says", stage="verification"))
    assert new.subtasks[0].id == "core-event-reconstruction"
    assert len(new.subtasks) == 2
    assert "revision: not made: prose" in new.discarded


def test_what_allocation_cannot_fill_weighs_less_and_gets_company() -> None:
    design = witnesses()
    short = back("core-event-reconstruction", "'harbour-witnesses' can give it only 9 items", "allocation")
    new, planner = revised(design, {"subtasks": [idea("Disputes retold", covers=[1])]}, short)
    assert [each.id for each in new.subtasks] == [*(each.id for each in design.subtasks), "disputes-retold"]
    assert new.subtasks[0].weight < design.subtasks[0].weight
    assert new.subtasks[0].model_copy(update={"weight": 0.5}) == design.subtasks[0]
    assert "can give it only 9 items" in planner.asked[0][1]
    with pytest.raises(StageError, match="nothing else to offer"):
        revised(design, {"subtasks": []}, short)


def test_no_subtask_is_added_to_a_number_the_user_fixed() -> None:
    design = designed(WITNESSES, WITNESSES_PROPOSED, FINE, subtasks=3)[0]
    planner = ScriptedPlanner([])
    with pytest.raises(StageError, match="nothing else to offer"):
        AgentDesigner(planner, TOOLS).revise(
            Requirement(goal=WITNESSES, subtasks=3), design, [back("what-nobody-says", stage="allocation")], POOL
        )
    assert planner.asked == []


def test_the_same_replies_give_the_same_design() -> None:
    one, two = (designed(ART, json.loads(json.dumps(ART_PROPOSED)), FINE)[0] for _ in range(2))
    assert one.fingerprint() == two.fingerprint()
