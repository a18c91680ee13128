"""The catalogue holds what it must, and every keyword finds its capability."""

import pytest

from benchmark_agent import plugins
from benchmark_agent.design.catalogue import Capability, catalogue, goal_words
from benchmark_agent.design.goal import read_goal
from benchmark_agent.design.understanding import understand

LANGUAGES = {"en", "es", "fr", "de", "pt", "it", "ru", "zh", "ja", "ar", "hi"}
BY_ID = {capability.id: capability for capability in catalogue().capabilities}


def test_it_covers_text_images_and_audio_in_eleven_languages() -> None:
    assert len(BY_ID) == len(catalogue().capabilities) >= 45
    for medium, least in (("image", 12), ("audio", 5)):
        assert sum(medium in each.requires for each in BY_ID.values()) >= least
    assert sum(not each.requires for each in BY_ID.values()) >= 30
    for each in BY_ID.values():
        assert {keywords.language for keywords in each.keywords} >= LANGUAGES, each.id


@pytest.mark.parametrize("capability", BY_ID.values(), ids=BY_ID)
def test_a_capability_is_consistent(capability: Capability) -> None:
    assert set(capability.requires) <= set(capability.modalities)
    assert bool(capability.topics) == (capability.skill_in == "data")
    assert len(set(capability.constructions)) == len(capability.constructions)
    assert capability.description.endswith(".")
    assert capability.target_signal


@pytest.mark.parametrize("capability", BY_ID.values(), ids=BY_ID)
def test_every_language_finds_the_capability_by_its_first_keyword(capability: Capability) -> None:
    for keywords in capability.keywords:
        asked = understand(read_goal(keywords.phrases[0]))
        assert capability.id in [each.capability.id for each in asked.matched], keywords.phrases[0]


def test_every_subject_is_found_by_every_keyword_that_is_not_a_skill() -> None:
    lost = []
    for subject in catalogue().subjects:
        for phrase in subject.keywords:
            asked = understand(read_goal(phrase))
            parts = {part.subject for found in asked.phrases for part in found}
            if subject.id not in parts and not asked.matched and not asked.not_offered:
                lost.append(phrase)
    assert lost == []


def test_every_construction_is_a_registered_tool_that_can_give_a_kind_of_answer_asked_for() -> None:
    tools = {tool.name: tool for tool in plugins.load(third_party=False).tools if tool.constructs}
    for capability in BY_ID.values():
        for name in capability.constructions:
            assert set(tools[name].answer_kinds) & set(capability.answer_kinds), (capability.id, name)


def test_no_wish_is_said_by_two_kinds() -> None:
    kinds = goal_words().answer_kinds
    said = [phrase.lower() for phrases in kinds.values() for phrase in phrases]
    assert len(said) == len(set(said))
