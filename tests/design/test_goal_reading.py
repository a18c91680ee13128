"""Reading a goal: wishes, negations and what is left, in the main languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.design.goal import read_goal


@pytest.mark.parametrize(
    ("goal", "modalities"),
    [
        ("Which bird is in the photo?", ("image",)),
        ("spoken digits", ("audio",)),
        ("Reading over text, tables and images", ("image", "text")),
        ("Text und Bilder verstehen", ("image", "text")),
        ("text only reasoning", ("text",)),
        ("¿Qué se ve en las imágenes?", ("image",)),
        ("понимание речи по аудиозаписям", ("audio",)),
        ("看图片回答问题", ("image",)),
        ("画像と音声の理解", ("audio", "image")),
        ("أسئلة عن الصور", ("image",)),
        ("चित्रों पर प्रश्न", ("image",)),
        ("hate speech and sound reasoning", ()),
        ("conclusions drawn from premises", ()),
    ],
)
def test_modalities_are_read(goal: str, modalities: tuple[str, ...]) -> None:
    assert read_goal(goal).modalities == modalities


@pytest.mark.parametrize(
    "goal",
    [
        "geography without images",
        "geografía sin imágenes",
        "géographie sans images",
        "Geografie ohne Bilder",
        "geografia sem imagens",
        "geografia senza immagini",
        "география без изображений",
        "地理，不要图片",
        "画像なしの地理",
        "الجغرافيا بدون صور",
        "चित्रों के बिना भूगोल",
    ],
)
def test_a_negation_turns_a_wish_round(goal: str) -> None:
    read = read_goal(goal)
    assert (read.modalities, read.without_modalities) == ((), ("image",))
    assert "geogra" in " ".join(token.term for token in read.tokens) or read.tokens


@pytest.mark.parametrize(
    ("goal", "kinds", "without"),
    [
        ("logic, yes/no", ("binary",), ()),
        ("logic with true-or-false questions", ("binary",), ()),
        ("logic, no yes/no questions", (), ("binary",)),
        ("Geschichte, Multiple-Choice", ("choice",), ()),
        ("opción múltiple sobre países", ("choice",), ()),
        ("short answers about tables", ("span", "label", "number"), ()),
        ("тест с краткими ответами", ("span", "label", "number"), ()),
        ("计算，数字答案", ("number",), ()),
        ("世界の国、正誤問題", ("binary",), ()),
        ("numeric reasoning", (), ()),
        ("does the answer follow, yes, or is it no matter", (), ()),
    ],
)
def test_answer_kinds_are_read(goal: str, kinds: tuple[str, ...], without: tuple[str, ...]) -> None:
    read = read_goal(goal)
    assert (read.answer_kinds, read.without_kinds) == (kinds, without)


@pytest.mark.parametrize(
    ("goal", "subtasks", "items"),
    [
        ("chemistry in three subtasks", 3, None),
        ("química en 4 subtareas", 4, None),
        ("Chemie in fünf Teilaufgaben", 5, None),
        ("химия, три подзадачи", 3, None),
        ("化学，四个子任务", 4, None),
        ("化学を3つのサブタスクで", 3, None),
        ("200 questions about chemistry", None, 200),
        ("three questions of chemistry", None, None),
        ("the 2 subtasks of 50 items", 2, 50),
    ],
)
def test_numbers_of_subtasks_and_items_are_read(goal: str, subtasks: int | None, items: int | None) -> None:
    read = read_goal(goal)
    assert (read.subtasks, read.items) == (subtasks, items)


@pytest.mark.parametrize(
    ("goal", "languages"),
    [
        ("Spanish reading comprehension", ("es",)),
        ("reading in French and German", ("de", "fr")),
        ("Spanish history", ()),
        ("compare French and German cities", ()),
        ("lógica en español", ("es",)),
        ("Logik auf Deutsch", ("de",)),
        ("中文阅读理解", ("zh",)),
        ("日本語の読解", ("ja",)),
        ("чтение на русском", ("ru",)),
        ("does it understand Portuguese?", ("pt",)),
    ],
)
def test_languages_are_read(goal: str, languages: tuple[str, ...]) -> None:
    assert read_goal(goal).languages == languages


@pytest.mark.parametrize(
    ("goal", "mixed"),
    [
        ("a conversation that mixes languages, English with Spanish and German", ("en", "es", "de")),
        ("Conversations that switch from Spanish to English", ("es", "en")),
        ("people who switch back and forth mid-sentence between Hindi and English", ("hi", "en")),
        ("code-switching between English and Spanish", ("en", "es")),
        ("mixed English-Spanish chats", ("en", "es")),
        ("conversations in English mixed with Spanish", ("en", "es")),
        ("Conversaciones que mezclan idiomas, en español y en inglés", ("es", "en")),
        ("Gespräche, in denen Sprachen gemischt werden, auf Deutsch und auf Englisch", ("de", "en")),
        ("中文和英语混合的对话", ("zh", "en")),
        ("Follow a conversation that mixes languages", ()),
    ],
)
def test_languages_to_be_mixed_are_no_languages_to_choose_data_by(goal: str, mixed: tuple[str, ...]) -> None:
    read = read_goal(goal)
    assert (read.mixes, read.mixed_languages, read.languages) == (True, mixed, ())
    assert not {"mix", "languag"} & {token.term for token in read.tokens}


@pytest.mark.parametrize(
    ("goal", "languages"),
    [
        ("a mix of questions in Spanish and German", ("de", "es")),
        ("mixed Spanish questions", ("es",)),
        ("rules about network switches, Spanish texts", ("es",)),
        ("alternate endings in Spanish and French stories", ("es", "fr")),
        ("mixed-modality questions in Spanish and German", ("de", "es")),
        ("follow a conversation in Spanish, without code-switching", ("es",)),
        ("Translate between English and German", ("de", "en")),
    ],
)
def test_what_else_is_mixed_mixes_no_languages(goal: str, languages: tuple[str, ...]) -> None:
    read = read_goal(goal)
    assert (read.mixes, read.mixed_languages, read.languages) == (False, (), languages)


def test_what_a_negation_reaches_is_not_asked_for() -> None:
    read = read_goal("Compare countries without holidays or airports, but with capitals")
    assert {token.term for token in read.negated} == {"holiday", "airport"}
    assert {"compar", "countri", "capital"} <= {token.term for token in read.tokens}


def test_places_point_into_the_goal_as_it_was_written() -> None:
    read = read_goal("Größe der Länder")
    assert [read.folded.surface(token.span) for token in read.tokens] == ["Größe", "Länder"]


@given(st.text(max_size=120))
@settings(max_examples=50, deadline=None)
def test_any_text_is_read_and_every_place_lies_in_it(text: str) -> None:
    read = read_goal(text)
    for token in (*read.tokens, *read.negated):
        start, end = token.span
        assert 0 <= start < end <= len(read.folded.text)
        assert read.folded.surface(token.span) in read.folded.original
