"""Goals that list several things: every part has its own skills, data and input."""

from collections.abc import Callable

import pytest

from benchmark_agent import plugins
from benchmark_agent.api import open_pool
from benchmark_agent.design.clauses import split
from benchmark_agent.design.designer import CatalogueDesigner
from benchmark_agent.design.goal import read_goal
from benchmark_agent.design.situation import PoolView
from benchmark_agent.design.types import Design
from benchmark_agent.design.understanding import understand
from benchmark_agent.design.wishes import with_wishes
from benchmark_agent.errors import StageError
from benchmark_agent.grounding.compose import compose
from benchmark_agent.grounding.ground import align
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard

FACTS = {"geography", "country", "chemistry", "chemical"}


def design(pool: PoolView, goal: str, **wishes: object) -> Design:
    asked = with_wishes(Requirement.model_validate({"goal": goal, **wishes}))
    return CatalogueDesigner().propose(asked, pool)


def domains(found: Design) -> dict[str, set[str]]:
    return {subtask.capability: set(subtask.domain) for subtask in found.subtasks}


def lacking(found: Design) -> list[str]:
    return [line.split(" (")[0] for line in found.not_covered]


# -- the acceptance goals, on the starter pool with real type checks ---------------------------------------

ACCEPTANCE = [
    (
        "Can a model read, compare and count: facts about countries and chemical elements, short reports, "
        "and objects in drawn scenes?",
        {
            "comparison": {"countries", "chemical-elements"},
            "closed-book-knowledge": {"countries", "chemical-elements"},
            "reading-comprehension": {"reading-reports"},
            "object-counting": {"drawn-scene-counting"},
        },
    ),
    (
        "Reasoning over tables, charts, maps and short reports",
        {
            "table-reasoning": {"table-questions"},
            "chart-reading": {"drawn-charts"},
            "map-reading": {"drawn-maps"},
            "reading-comprehension": {"reading-reports"},
        },
    ),
    (
        "Can a model compare facts about countries and elements, trace code, order events and count objects in "
        "drawn scenes?",
        {
            "comparison": {"countries", "chemical-elements"},
            "code-tracing": {"python-tracing"},
            "event-ordering": {"event-order"},
            "object-counting": {"drawn-scene-counting"},
        },
    ),
    (
        "Reading, comparing, counting and reasoning: reports, tables, dates, logic puzzles and drawn scenes",
        {
            "reading-comprehension": {"reading-reports"},
            "table-reasoning": {"table-questions"},
            "date-calculation": {"calendar-arithmetic"},
            "logical-deduction": {"knights-and-knaves"},
            "object-counting": {"drawn-scene-counting"},
        },
    ),
    (
        "Careful reading and exact reasoning over reports, tables, charts and drawn scenes",
        {
            "reading-comprehension": {"reading-reports"},
            "table-reasoning": {"table-questions"},
            "chart-reading": {"drawn-charts"},
            "object-counting": {"drawn-scene-counting"},
        },
    ),
    (
        "Python programs and kinship puzzles, but no pictures",
        {"code-tracing": {"python-tracing"}, "family-relations": {"family-relations"}},
    ),
    (
        "Time zones, holidays and calendar dates",
        {
            "date-calculation": {"calendar-arithmetic"},
            "domain-questions": {"time-zones"},
            "closed-book-knowledge": {"public-holidays"},
        },
    ),
]
STRANGERS = {"drawn-clocks", "drawn-gauges", "molar-mass", "unit-conversion", "witness-accounts", "word-problems"}
"""Datasets none of these goals is about."""


@pytest.fixture(scope="module")
def parts() -> plugins.Registry:
    return plugins.load(third_party=False)


@pytest.fixture(scope="module")
def starter_pool(parts: plugins.Registry) -> PoolView:
    return open_pool((), parts)


@pytest.mark.parametrize(("goal", "expected"), ACCEPTANCE, ids=[goal for goal, _ in ACCEPTANCE])
def test_every_part_is_asked_of_its_own_datasets(
    parts: plugins.Registry, starter_pool: PoolView, goal: str, expected: dict[str, set[str]]
) -> None:
    pool, tools = starter_pool, list(parts.tools)
    designer = CatalogueDesigner(lambda subtask, card: bool(compose(subtask, card, tools)))
    found = designer.propose(with_wishes(Requirement(goal=goal)), pool)
    fitting = {
        s.capability: {card.id for card in pool.cards if align(s, card) and compose(s, card, tools)}
        for s in found.subtasks
    }
    for capability, datasets in expected.items():
        assert datasets <= fitting[capability], capability
    assert not STRANGERS & set().union(*fitting.values())


# -- which data a skill is asked of ---------------------------------------------------------------------


def test_skills_before_a_colon_take_the_subjects_after_it_that_fit_them(everything: PoolView) -> None:
    found = domains(design(everything, "Read and compare: countries, chemical elements and reports"))
    assert found["comparison"] >= FACTS
    assert "report" not in found["comparison"]
    assert found["reading-comprehension"] == {"report"}


def test_each_clause_keeps_its_own_subject(everything: PoolView) -> None:
    found = domains(design(everything, "Compare countries, rank airports and verify statements about elements"))
    assert "country" in found["comparison"]
    assert "airport" not in found["comparison"]
    assert "airport" in found["ranking"]
    assert "country" not in found["ranking"]
    assert "chemistry" in found["fact-checking"]
    assert "country" not in found["fact-checking"]


def test_a_subject_without_a_skill_joins_the_clause_before_it(everything: PoolView) -> None:
    found = domains(design(everything, "rank countries, compare elements and airports"))
    assert {"chemistry", "airport"} <= found["comparison"]
    assert "airport" not in found["ranking"]


def test_a_subject_no_skill_fits_is_asked_about_in_general(everything: PoolView) -> None:
    found = domains(design(everything, "sarcasm, logic puzzles and geography"))
    assert found["sarcasm"] == found["logical-deduction"] == set()
    assert "geography" in found["closed-book-knowledge"]


def test_subjects_that_are_usually_read_make_one_subtask(everything: PoolView) -> None:
    found = design(everything, "reports, short stories, logic and riddles")
    assert [s.capability for s in found.subtasks].count("reading-comprehension") == 1
    assert {"report", "story"} <= domains(found)["reading-comprehension"]
    assert domains(found)["logical-deduction"] == set()
    assert found.not_covered == ()


def test_a_skill_is_asked_of_the_data_another_skill_of_its_clause_names(everything: PoolView) -> None:
    found = domains(design(everything, "verify statements about dates; compare countries"))
    assert "date" in found["fact-checking"]
    assert "country" in found["comparison"]


def test_skills_with_data_of_their_own_have_no_domain(everything: PoolView) -> None:
    found = domains(design(everything, "compare countries, tables, dates, logic puzzles and Python code tracing"))
    for capability in ("table-reasoning", "date-calculation", "logical-deduction", "code-tracing"):
        assert found[capability] == set()


@pytest.mark.parametrize("word", ["careful", "exact", "short", "reading", "precise", "thorough", "sorgfältig"])
def test_words_that_say_how_are_no_subject(
    everything: PoolView, pool_of: Callable[..., PoolView], new_card: Callable[..., DatasetCard], word: str
) -> None:
    named = new_card("named", f"A {word} dataset.", "entity measure", topics=word)
    pool = pool_of(*everything.cards, named)
    found = design(pool, f"{word} comparison of countries, and {word} logic")
    assert all(word not in subtask.domain for subtask in found.subtasks)
    assert domains(found)["comparison"] == {"geography", "country"}


def test_a_subject_inside_a_keyword_is_not_asked_for() -> None:
    for goal in ("closed-book questions", "a quiz, closed book"):
        assert understand(read_goal(goal)).phrases == ()


# -- pictures and sound of a part -------------------------------------------------------------------------


def test_a_part_that_is_shown_does_not_make_the_others_pictures(everything: PoolView) -> None:
    goal = "Compare countries and count objects in drawn scenes"
    found = {subtask.capability: subtask for subtask in design(everything, goal).subtasks}
    assert found["comparison"].requires == ()
    assert found["object-counting"].requires == ("image",)
    assert with_wishes(Requirement(goal=goal)).modalities is None


@pytest.mark.parametrize(
    ("goal", "wished"),
    [
        ("Count and locate objects in drawn scenes", ("image",)),
        ("spatial reasoning over text and images", ("image", "text")),
        ("geography, with images", ("image",)),
        ("geography and chemistry, images only", ("image",)),
        ("Visual tasks: charts, maps and mazes", ("image",)),
        ("tables, logic puzzles and photos", ()),
        ("logic, and counting objects in images", ()),
        ("tablas, fechas y escenas dibujadas", ()),
        ("spoken digits and logic puzzles", ()),
    ],
)
def test_a_modality_is_wished_of_all_items_only_when_all_parts_say_so(goal: str, wished: tuple[str, ...]) -> None:
    assert understand(read_goal(goal)).modalities == wished


def test_a_picture_part_without_a_subject_gets_what_pictures_can_be_asked(everything: PoolView) -> None:
    found = {
        s.capability: s.requires
        for s in design(everything, "logic puzzles, tables and questions about photos").subtasks
    }
    assert found["logical-deduction"] == found["table-reasoning"] == ()
    assert ("image",) in found.values()


def test_languages_and_answers_of_a_list_goal_still_hold_for_all(everything: PoolView) -> None:
    goal = "Compare countries, count objects in drawn scenes, multiple choice, in English"
    settled = with_wishes(Requirement(goal=goal))
    assert (settled.modalities, settled.languages, settled.answer_kinds) == (None, ("en",), ("choice",))
    found = CatalogueDesigner().propose(settled, everything)
    assert all(subtask.answer_kinds == ("choice",) for subtask in found.subtasks)
    assert with_wishes(settled) == settled


def test_text_and_images_survive_being_settled(everything: PoolView) -> None:
    found = design(everything, "spatial reasoning over text and images")
    assert {"image" in subtask.requires for subtask in found.subtasks} == {True, False}


# -- what is not covered -----------------------------------------------------------------------------------


def test_a_lost_part_is_named_and_never_filled(everything: PoolView) -> None:
    found = design(everything, "trace code, compare skin lesions and order events")
    assert set(domains(found)) == {"code-tracing", "event-ordering"}
    assert lacking(found) == ["skin lesions", "compare"]
    found = design(everything, "Compare countries and skin lesions")
    assert set(domains(found)) == {"comparison"}
    assert lacking(found) == ["skin lesions"]


def test_an_unknown_verb_does_not_lose_a_skill_with_data_of_its_own(everything: PoolView) -> None:
    found = design(everything, "spot sarcasm, adjudicate entailment and compare widgets")
    assert set(domains(found)) == {"sarcasm", "textual-entailment"}
    assert lacking(found) == ["spot", "adjudicate", "widgets", "compare"]


def test_a_skill_that_fits_no_part_is_named(everything: PoolView) -> None:
    found = design(everything, "comparing and reading: reports and tables")
    assert "comparison" not in domains(found)
    assert lacking(found) == ["comparing"]


@pytest.mark.parametrize(
    "goal",
    [
        "skin lesions, Kubernetes administration and comets",
        "Compare and rank: comets, car engines",
        "lesiones cutáneas, derecho y recetas",
        "write poems, translate news and cook",
    ],
)
def test_a_list_of_which_nothing_is_served_is_refused(everything: PoolView, goal: str) -> None:
    with pytest.raises(StageError, match="--pool PATH"):
        design(everything, goal)


def test_a_list_longer_than_the_benchmark_says_what_has_no_room(everything: PoolView) -> None:
    goal = "charts, maps, tables, code tracing, dates, logic puzzles, sarcasm, causal reasoning, entailment and art"
    found = design(everything, goal, size=60)
    assert len(found.subtasks) == 8
    assert len(found.not_covered) == 2
    assert all("--subtasks" in line for line in found.not_covered)
    whole = design(everything, goal, size=60, subtasks=10)
    assert (len(whole.subtasks), whole.not_covered) == (10, ())


# -- other languages -----------------------------------------------------------------------------------------

ABROAD = [
    "Leer, comparar y contar: países, elementos químicos, informes cortos y objetos en escenas dibujadas",
    "Lire, comparer et compter : pays, éléments chimiques, courts rapports et scènes dessinées",
    "Lesen, Vergleichen und Zählen: Länder, chemische Elemente, kurze Berichte und gezeichnete Szenen",
    "阅读、比较和计数：国家、化学元素、简短报告以及绘制场景中的物体",
]


@pytest.mark.parametrize("goal", ABROAD)
def test_lists_are_read_in_other_languages(everything: PoolView, goal: str) -> None:
    found = design(everything, goal)
    assert domains(found)["comparison"] >= FACTS
    assert domains(found)["reading-comprehension"] == {"report"}
    counting = next(subtask for subtask in found.subtasks if subtask.capability == "object-counting")
    assert (counting.requires, counting.domain) == (("image",), ("scene",))
    assert found.not_covered == ()


@pytest.mark.parametrize(
    "goal",
    [
        "Razonar sobre tablas, fechas, mapas e informes cortos",
        "Raisonner sur des tableaux, des dates, des cartes géographiques et de courts rapports",
        "Schlussfolgern über Tabellen, Daten, Karten und kurze Berichte",
        "表格、日期、地图和简短报告的推理",
    ],
)
def test_a_list_without_skills_is_served_part_by_part(everything: PoolView, goal: str) -> None:
    found = domains(design(everything, goal))
    assert {"table-reasoning", "map-reading", "reading-comprehension"} <= set(found)
    assert found["table-reasoning"] == found["map-reading"] == set()
    assert found["reading-comprehension"] == {"report"}


# -- clauses ---------------------------------------------------------------------------------------------------


def test_clauses_are_list_items_with_what_governs_them() -> None:
    text = "read, compare and count: tables; cause and effect. at 10:30 rank"
    at = text.index("cause and effect")
    found = split(text, [(at, at + len("cause and effect"))])
    said = [(text[slice(*clause.span)].strip(), clause.sentence, clause.head) for clause in found]
    assert said == [
        ("read", 0, True),
        ("compare", 0, True),
        ("count", 0, True),
        ("tables", 0, False),
        ("cause and effect", 0, False),
        ("at 10:30 rank", 1, False),
    ]


def test_a_design_of_parts_does_not_depend_on_the_order_of_the_pool(
    everything: PoolView, pool_of: Callable[..., PoolView]
) -> None:
    cards: tuple[DatasetCard, ...] = tuple(reversed(everything.cards))
    for goal, _ in ACCEPTANCE[:5]:
        assert design(pool_of(*cards), goal) == design(everything, goal)


@pytest.mark.parametrize("medium", ["photos", "pictures", "recordings", "voice recordings", "sounds", "图片", "фото"])
@pytest.mark.parametrize(
    "goal",
    ["logic puzzles, tables and {}", "{}, dates and logic puzzles", "Reasoning over tables, {} and logic puzzles"],
)
def test_a_medium_the_pool_has_nothing_of_is_named_and_stands_for_no_other_skill(
    everything: PoolView, pool_of: Callable[..., PoolView], goal: str, medium: str
) -> None:
    text = pool_of(*(card for card in everything.cards if card.modalities == ("text",)))
    found = design(text, goal.format(medium))
    named = any(set(line.split()) & set(medium.split()) for line in lacking(found))
    drawn = "table-in-image" in {subtask.capability for subtask in found.subtasks}  # `tables, pictures` can be served
    assert named or drawn
    assert {subtask.capability for subtask in found.subtasks} <= {
        "logical-deduction",
        "table-reasoning",
        "table-in-image",
        "date-calculation",
    }
    assert not drawn or medium == "pictures"
