"""Designs for goals in words: what is asked, what is refused, what is named as not covered."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.design.catalogue import catalogue
from benchmark_agent.design.designer import CatalogueDesigner
from benchmark_agent.design.situation import PoolView
from benchmark_agent.design.types import Design, Feedback
from benchmark_agent.design.wishes import with_wishes
from benchmark_agent.errors import BenchmarkAgentError, StageError, UserError
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard

MakePool = Callable[..., PoolView]
MakeCard = Callable[..., DatasetCard]


def design(pool: PoolView, goal: str, **wishes: object) -> Design:
    return CatalogueDesigner().propose(Requirement.model_validate({"goal": goal, **wishes}), pool)


def ids(found: Design) -> set[str]:
    return {subtask.capability for subtask in found.subtasks}


SERVED = [
    ("Can a model follow who said what, when several people speak?", {"speaker-attribution", "dialogue-understanding"}),
    ("Test chemistry knowledge: compare the properties of elements", {"comparison", "closed-book-knowledge"}),
    ("How well does a model reason over tables and numbers?", {"table-reasoning", "aggregation"}),
    ("Count and locate objects in drawn scenes", {"object-counting", "object-localisation"}),
    (
        "Reading comprehension over long contexts with distractors",
        {"reading-comprehension", "evidence-in-long-context"},
    ),
    ("Medical diagnosis from lung CT images", {"medical-image-diagnosis"}),
    ("Logical deduction and truth puzzles, yes/no", {"logical-deduction"}),
    ("Dialog understanding and time reasoning", {"dialogue-understanding", "temporal-reasoning"}),
    ("everyday causal reasoning", {"causal-reasoning", "causal-reading"}),
    ("Python code tracing", {"code-tracing"}),
    ("sarcasm detection", {"sarcasm"}),
    ("recognising spoken digits", {"spoken-word-recognition"}),
    ("Can it read charts and maps?", {"chart-reading", "map-reading"}),
    ("Verify statements about countries", {"fact-checking"}),
    ("odd one out and ranking of airports", {"odd-one-out", "ranking"}),
    ("What if a fact changed? counterfactual reasoning", {"counterfactual"}),
    ("Find the wrong step in arithmetic solutions", {"error-detection", "arithmetic-word-problems"}),
    ("Put events in chronological order", {"event-ordering"}),
    ("Does a conclusion follow from a text? natural language inference", {"textual-entailment"}),
    ("questions about paintings", {"art-understanding"}),
    ("空间推理能力", {"spatial-reasoning", "visual-spatial-relations"}),
    ("视觉问答和图表理解", {"visual-question-answering", "chart-reading"}),
    ("表格推理，选择题", {"table-reasoning"}),
    ("¿Sabe geografía el modelo?", {"closed-book-knowledge", "fact-checking"}),
    ("Comprensión de diálogos: quién dijo qué", {"speaker-attribution", "dialogue-understanding"}),
    ("Wer hat was gesagt? Gesprächsverständnis in Dialogen", {"speaker-attribution", "dialogue-understanding"}),
    ("Tabellenverständnis und Zahlen", {"table-reasoning"}),
    ("Raisonnement spatial et logique", {"spatial-reasoning", "logical-deduction"}),
    ("Comparer les pays et trouver l'intrus", {"comparison", "odd-one-out"}),
    ("Raciocínio causal em documentos longos", {"causal-reasoning", "evidence-in-long-context"}),
    ("Contar objetos em imagens", {"object-counting"}),
    ("Ragionamento su tabelle", {"table-reasoning"}),
    ("Quanto conosce la chimica il modello?", {"closed-book-knowledge"}),
    ("Подсчёт объектов на изображениях", {"object-counting"}),
    ("Знает ли модель химию?", {"closed-book-knowledge"}),
    ("論理パズルと時間推論", {"logical-deduction", "temporal-reasoning"}),
    ("モデルは地理を知っていますか", {"closed-book-knowledge"}),
    ("فهم الحوار ومن قال ماذا", {"speaker-attribution", "dialogue-understanding"}),
    ("الاستدلال المنطقي والألغاز", {"logical-deduction"}),
    ("स्थानिक तर्क", {"spatial-reasoning"}),
    ("रसायन विज्ञान का ज्ञान", {"closed-book-knowledge"}),
]


@pytest.mark.parametrize(("goal", "expected"), SERVED, ids=[goal for goal, _ in SERVED])
def test_a_goal_gets_the_capabilities_it_names(everything: PoolView, goal: str, expected: set[str]) -> None:
    found = design(everything, goal)
    assert expected <= ids(found)
    assert found.not_covered == ()
    assert sum(subtask.weight for subtask in found.subtasks) == pytest.approx(1)


NARROW = [
    ("Python code tracing", {"code-tracing"}),
    ("sarcasm detection", {"sarcasm"}),
    ("Verify statements about countries", {"fact-checking"}),
    ("Logical deduction and truth puzzles, yes/no", {"logical-deduction"}),
    ("Medical diagnosis from lung CT images", {"medical-image-diagnosis"}),
    ("Can it read charts and maps?", {"chart-reading", "map-reading"}),
    ("everyday causal reasoning", {"causal-reasoning", "causal-reading"}),
]


@pytest.mark.parametrize(("goal", "expected"), NARROW, ids=[goal for goal, _ in NARROW])
def test_a_narrow_goal_gets_nothing_beside(everything: PoolView, goal: str, expected: set[str]) -> None:
    assert ids(design(everything, goal)) == expected


REFUSED = [
    ("skin lesions", "skin lesions"),
    ("Medical images of skin lesions", "skin lesions"),
    ("poetry writing", "poetry"),
    ("Kubernetes administration", "Kubernetes administration"),
    ("Administer Kubernetes clusters", "Kubernetes"),
    ("Translate Spanish news", "Translate"),
    ("Which car is in the photo?", "car"),
    ("conocimientos de derecho", "derecho"),
    ("法律知识", "法律"),
    ("Compare the melting points of comets", "comets"),
    ("video understanding", "video"),
    ("Рекомендации по кулинарии", "кулинарии"),
]


@pytest.mark.parametrize(("goal", "named"), REFUSED, ids=[goal for goal, _ in REFUSED])
def test_a_goal_the_pool_lacks_is_refused_in_its_own_words(everything: PoolView, goal: str, named: str) -> None:
    with pytest.raises(StageError) as error:
        design(everything, goal)
    said = str(error.value)
    assert named in said
    assert "--pool PATH" in said
    assert "pool list" in said
    assert "'countries'" in said


def test_a_part_nothing_covers_is_named_and_the_rest_is_asked(starter: PoolView) -> None:
    found = design(starter, "Can a model follow who said what, when several people speak over noise?")
    assert ids(found) == {"speaker-attribution", "dialogue-understanding"}
    assert [line.split(" (")[0] for line in found.not_covered] == ["noise"]
    found = design(starter, "Capitals of African countries")
    assert [line.split(" (")[0] for line in found.not_covered] == ["African"]
    assert found.domain == ("capital",)


def test_a_goal_of_no_content_says_what_a_goal_is(starter: PoolView) -> None:
    with pytest.raises(StageError, match="names no skill and no subject"):
        design(starter, "Test my model well")


def test_the_domain_restricts_the_data_and_the_skill_its_topics(everything: PoolView) -> None:
    found = design(everything, "Test chemistry knowledge")
    assert set(found.domain) == {"chemistry", "chemical"}
    traced = design(everything, "Python code tracing")
    assert traced.domain == ()
    assert "Python" in traced.subtasks[0].topics


def test_a_skill_beside_the_subject_is_asked_of_its_own_data(everything: PoolView) -> None:
    found = design(everything, "Chemistry and dates")
    assert {"date-calculation", "closed-book-knowledge"} <= ids(found)
    assert found.not_covered == ()
    domains = {subtask.id: subtask.domain for subtask in found.subtasks}
    assert domains["date-calculation"] == ()
    assert "chemistry" in domains["closed-book-knowledge"]
    one_of_the_other = design(everything, "dates in chemistry, and comparing elements")
    assert "date" not in one_of_the_other.domain


def test_a_question_about_a_picture_is_not_asked_without_it(general: PoolView) -> None:
    found = design(general, "chemistry knowledge")
    assert all(subtask.requires == ("image",) for subtask in found.subtasks)


# -- wishes ------------------------------------------------------------------------------------------


def test_wishes_of_the_goal_are_obeyed_and_noted(everything: PoolView) -> None:
    found = design(everything, "Compare and rank countries, multiple choice, two subtasks, no images")
    assert ids(found) == {"comparison", "ranking"}
    assert all(subtask.answer_kinds == ("choice",) for subtask in found.subtasks)
    assert all("image" not in subtask.modalities for subtask in found.subtasks)
    notes = " | ".join(found.wishes)
    assert all(word in notes for word in ("choice", "no image", "subtasks: 2"))


def test_images_asked_for_are_in_every_item(everything: PoolView) -> None:
    found = design(everything, "spatial reasoning in images")
    assert all("image" in subtask.requires for subtask in found.subtasks)
    by_flag = design(everything, "spatial reasoning", modalities=("image",))
    assert ids(by_flag) == {"visual-spatial-relations"}
    assert ids(design(everything, "spatial reasoning", modalities=("text",))) == {"spatial-reasoning"}


def test_text_and_images_asked_for_are_both_there(everything: PoolView) -> None:
    found = design(everything, "spatial reasoning over text and images")
    assert {"image" in subtask.requires for subtask in found.subtasks} == {True, False}


@pytest.mark.parametrize(
    ("goal", "wishes", "said"),
    [
        ("spatial reasoning in images", {"modalities": ("text",)}, "--modality"),
        ("logic, yes/no", {"answer_kinds": ("choice",)}, "--answer-kind"),
        ("Spanish reading comprehension", {"languages": ("fr",)}, "--language"),
        ("charts in three subtasks", {"subtasks": 4}, "--subtasks"),
        ("geography without images", {"modalities": ("image", "text")}, "--modality"),
        ("logic, no yes/no questions", {"answer_kinds": ("binary",)}, "--answer-kind"),
    ],
)
def test_goal_and_flags_that_contradict_each_other_are_refused(
    everything: PoolView, goal: str, wishes: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        design(everything, goal, **wishes)


@pytest.mark.parametrize(
    ("goal", "wishes", "said"),
    [
        ("Spanish reading comprehension", {}, r"languages asked for \(es\).*it has: en"),
        ("reading comprehension", {"licences": ("CC0-1.0",)}, "MIT"),
        ("Python code tracing in four subtasks", {}, "--subtasks 1"),
        ("logic in 30 subtasks", {}, "at most 20"),
        ("logic", {"subtasks": 5, "size": 4}, "no more than items"),
        ("charts without images", {}, "Reading charts"),
        ("count objects in images, open answers and yes/no", {}, ""),
        ("compare countries and describe spoken recordings", {"modalities": ("text",)}, "--modality"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_refused(
    starter: PoolView, goal: str, wishes: dict[str, object], said: str
) -> None:
    if not said:
        assert design(starter, goal, **wishes)
        return
    with pytest.raises(UserError, match=said):
        design(starter, goal, **wishes)


def test_what_is_left_out_is_left_out(starter: PoolView) -> None:
    found = design(starter, "geography without holidays")
    assert found.domain == ("geography",)
    with pytest.raises(UserError, match="public-holidays"):
        design(starter, "odd one out, not about holidays")
    assert "odd-one-out" not in ids(design(starter, "knowledge of countries without odd one out"))


def test_the_goal_settles_the_requirement_for_later_stages() -> None:
    asked = Requirement(goal="Spanish reading comprehension, multiple choice, text only, two subtasks")
    settled = with_wishes(asked)
    assert (settled.languages, settled.answer_kinds) == (("es",), ("choice",))
    assert (settled.modalities, settled.subtasks) == (("text",), 2)
    assert with_wishes(settled) == settled
    assert with_wishes(Requirement(goal="compare countries")) == Requirement(goal="compare countries")


def test_without_a_model_languages_are_mixed_only_by_data_that_do(
    starter: PoolView, pool_of: MakePool, new_card: MakeCard
) -> None:
    goal = "Follow a conversation that switches between English and Spanish: who said what?"
    assert with_wishes(Requirement(goal=goal)).languages == ()
    with pytest.raises(UserError, match=r"mix languages \(en, es\).*'--model PROVIDER/MODEL'"):
        design(starter, goal)
    chats = new_card(
        "chats", "Chats of friends who mix English and Spanish.", "dialog question answer", topics="dialogue, speaker"
    )
    found = design(pool_of(*starter.cards, chats), goal)
    assert "languages: what an item shows mixes en, es (goal)" in found.wishes
    assert not any("languages: only" in wish for wish in found.wishes)
    with pytest.raises(UserError, match=r"it mixes 'en', 'es', and --language says only 'en'"):
        design(starter, goal, languages=("en",))
    assert design(pool_of(*starter.cards, chats), goal, languages=("en", "es"))


def test_what_the_goal_wishes_is_not_put_down_to_a_flag(starter: PoolView) -> None:
    settled = with_wishes(Requirement(goal="compare and rank countries, multiple choice, two subtasks", size=20))
    assert settled.answer_kinds
    assert not any("(--" in wish for wish in CatalogueDesigner().propose(settled, starter).wishes)


# -- what the pool can carry -------------------------------------------------------------------------


def test_only_what_fits_the_types_of_some_dataset_is_proposed(everything: PoolView) -> None:
    designer = CatalogueDesigner(fits=lambda subtask, card: "rank_records" not in subtask.constructions)
    found = designer.propose(Requirement(goal="compare and rank countries"), everything)
    assert ids(found) == {"comparison"}
    assert any("ranking" in line for line in found.discarded)
    assert [line.split(" (")[0] for line in found.not_covered] == ["rank"]


def test_subtasks_that_ask_the_same_are_merged(pool_of: MakePool, new_card: MakeCard) -> None:
    pool = pool_of(new_card("calls", "Recorded calls.", "audio question answer category", topics="call"))
    found = design(pool, "audio understanding, speech recognition")
    assert "spoken-word-recognition" in ids(found)
    assert "audio-question-answering" not in ids(found)
    assert any("merged into" in line for line in found.discarded)


def test_small_benchmarks_get_fewer_subtasks(everything: PoolView) -> None:
    goal = "compare, rank, aggregate, verify, count shares, multi-hop and odd one out over countries"
    assert len(design(everything, goal, size=12).subtasks) == 3
    assert len(design(everything, goal, size=600).subtasks) == 6
    assert len(design(everything, goal, size=2).subtasks) == 2
    assert len(design(everything, goal, size=600, subtasks=4).subtasks) == 4


# -- feedback ----------------------------------------------------------------------------------------


def back(subtask: str, stage: str = "grounding") -> Feedback:
    return Feedback.model_validate({"subtask_id": subtask, "stage": stage, "reason": "no dataset carries it"})


def test_what_grounding_sends_back_is_replaced_and_never_comes_again(everything: PoolView) -> None:
    designer, asked = CatalogueDesigner(), Requirement(goal="Test knowledge of geography", size=36)
    first = designer.propose(asked, everything)
    gone: set[str] = set()
    found = first
    for _ in range(2):
        sent = found.subtasks[0].id
        gone.add(sent)
        found = designer.revise(asked, found, [back(sent)], everything)
        assert not gone & ids(found)
        assert sum(subtask.weight for subtask in found.subtasks) == pytest.approx(1)
    assert ids(found) - ids(first), "another capability of the goal stepped in"
    assert any("no dataset carries it" in line for line in found.not_covered)


def test_what_allocation_cannot_fill_gets_less_weight_then_goes(everything: PoolView) -> None:
    designer, asked = CatalogueDesigner(), Requirement(goal="compare and rank countries")
    first = designer.propose(asked, everything)
    lighter = designer.revise(asked, first, [back("comparison", "allocation")], everything)
    weight = {s.id: s.weight for s in first.subtasks}, {s.id: s.weight for s in lighter.subtasks}
    assert weight[1]["comparison"] < weight[0]["comparison"]
    without = designer.revise(asked, lighter, [back("comparison", "allocation")], everything)
    assert ids(without) == {"ranking"}


def test_nothing_left_says_why(everything: PoolView) -> None:
    designer, asked = CatalogueDesigner(), Requirement(goal="sarcasm detection")
    first = designer.propose(asked, everything)
    with pytest.raises(StageError, match="'sarcasm': no dataset carries it"):
        designer.revise(asked, first, [back("sarcasm")], everything)


GOALS = [goal for goal, _ in SERVED] + [goal for goal, _ in REFUSED]


@given(st.sampled_from(GOALS), st.integers(1, 400), st.permutations(range(26)))
@settings(max_examples=40, deadline=None)
def test_a_design_is_sound_and_does_not_depend_on_the_order_of_the_pool(
    everything: PoolView, pool_of: MakePool, goal: str, size: int, order: list[int]
) -> None:
    shuffled = pool_of(*(everything.cards[k] for k in order))
    asked = Requirement(goal=goal, size=size)
    try:
        found = CatalogueDesigner().propose(asked, everything)
    except BenchmarkAgentError as error:
        with pytest.raises(type(error)):
            CatalogueDesigner().propose(asked, shuffled)
        return
    assert CatalogueDesigner().propose(asked, shuffled) == found
    assert 1 <= len(found.subtasks) <= min(6, max(size, 1))
    assert len({subtask.id for subtask in found.subtasks}) == len(found.subtasks)
    assert sum(subtask.weight for subtask in found.subtasks) == pytest.approx(1)
    for subtask in found.subtasks:
        capability = catalogue()[subtask.capability]
        assert set(subtask.answer_kinds) <= set(capability.answer_kinds)
        assert set(subtask.requires) <= set(subtask.modalities)
        assert set(subtask.domain) <= set(subtask.topics) & set(found.domain)
