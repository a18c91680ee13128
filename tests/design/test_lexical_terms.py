"""Terms: what matches what, in every script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.lexical import fold, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("country", "countries"),
        ("compare", "comparing"),
        ("compare", "compared"),
        ("running", "run"),
        ("boxes", "box"),
        ("Tabelle", "Tabellen"),
        ("imagen", "imágenes"),
        ("ragionamento", "ragionamenti"),
        ("химия", "химии"),
        ("таблица", "таблиц"),
        ("geografía", "GEOGRAFIA"),
        ("الكيمياء", "كيمياء"),
        ("والألغاز", "ألغاز"),
        ("ﬁle", "file"),
        ("Größe", "grosse"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(
    ("one", "other"), [("need", "ned"), ("string", "str"), ("physics", "physical"), ("кот", "код")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_small_words_are_dropped_in_every_language() -> None:
    assert terms("the of and el la der die и не في من के का") == []
    assert terms("¿Sabe geografía el modelo?") == ["sab", "geografi", "model"]


def test_unspaced_scripts_give_pairs() -> None:
    assert terms("空间推理") == ["空间", "间推", "推理"]
    assert terms("이해 능력") == ["이해", "능력"]
    assert terms("これはペンです")[-1] == "ンで"
    assert terms("ที่") != []


def test_vowel_signs_are_kept_where_they_are_letters() -> None:
    assert terms("चित्र") == ["चित्र"]
    assert fold("が") == "が" != fold("か")


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_gives_terms_without_spaces_in_a_stable_order(text: str) -> None:
    found = terms(text)
    assert found == terms(text)
    assert all(term and not any(letter.isspace() for letter in term) for term in found)


@given(st.lists(st.sampled_from("table chart spatial обзор 空间 diálogo logic".split()), max_size=8))
@settings(max_examples=50, deadline=None)
def test_terms_of_a_sentence_are_those_of_its_words(words: list[str]) -> None:
    assert terms(" ".join(words)) == [term for word in words for term in terms(word)]
