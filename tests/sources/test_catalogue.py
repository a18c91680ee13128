"""Search over cards: any language and script, best first, the index kept by content."""

import math
from pathlib import Path

import pytest

from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.sources.catalogue import Catalogue

ABOUT = {
    "maps": ("Maps of regions", "geography", "Read a map and say which region lies north of another."),
    "notes": ("Meeting notes", "dialogue", "Who said what in a meeting of several people."),
    "lab": ("化学实验", "化学", "根据实验图片回答化学问题。"),
    "wetter": ("Wetterberichte", "Wetter", "Fragen zu Wetterberichten aus Städten."),
    "novosti": ("Новости", "политика", "Вопросы о новостях и событиях недели."),
    "akhbar": ("أخبار", "سياسة", "أسئلة حول الأخبار اليومية."),
}


def card(name: str, title: str = "", topic: str = "", description: str = "") -> DatasetCard:
    return DatasetCard(
        id=name, name=title, topics=(topic,), description=description, modalities=("text",), fields=(), rows=1,
        reader="jsonl", location=f"{name}.jsonl", digest="0" * 16,
    )  # fmt: skip


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue.of([card(name, *about) for name, about in ABOUT.items()], tmp_path)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Who is saying what when several people meet?", "notes"),
        ("reading MAPS", "maps"),
        ("化学图片", "lab"),
        ("Das Wetter in einer Stadt", "wetter"),
        ("новостей", "novosti"),
        ("الاخبار", "akhbar"),
    ],
)
def test_a_goal_finds_its_dataset_in_any_script(catalogue: Catalogue, query: str, best: str) -> None:
    hits = catalogue.search(query)
    assert hits[0] == (best, 1.0)
    assert all(0 < score <= 1 for _, score in hits)


@pytest.mark.parametrize("query", ["", "?!", "xylophone", '"quoted" OR (AND', "the of and"])
def test_words_that_occur_nowhere_find_nothing_and_break_nothing(catalogue: Catalogue, query: str) -> None:
    assert catalogue.search(query) == []


def test_a_word_in_the_name_weighs_more_than_in_the_description(tmp_path: Path) -> None:
    cards = [card("a", "Tides", "sea", "waves and sand"), card("b", "Sand", "sea", "waves and tides")]
    cards += [card(f"other{i}", "Birds", "air", "wings") for i in range(5)]
    hits = Catalogue.of(cards, tmp_path).search("tides")
    assert [name for name, _ in hits] == ["a", "b"]
    assert hits[1][1] < 0.95


def test_equal_cards_come_in_the_order_of_their_ids_and_the_limit_holds(tmp_path: Path) -> None:
    cards = [card(name, "Same", "thing", "words") for name in ("c", "a", "b", "d")]
    assert [name for name, _ in Catalogue.of(cards, tmp_path).search("same words", 3)] == ["a", "b", "c"]


def test_an_unchanged_pool_is_not_indexed_again(tmp_path: Path) -> None:
    cards = [card(name, *about) for name, about in ABOUT.items()]
    first = Catalogue.of(cards, tmp_path)
    stamp = first.path.stat().st_mtime_ns
    assert Catalogue.of(cards[::-1], tmp_path).path.stat().st_mtime_ns == stamp
    assert Catalogue.of(cards[1:], tmp_path).path != first.path


def test_scores_are_bm25_by_hand_and_common_words_count_too(tmp_path: Path) -> None:
    """A name counts five times, a description twice; "text" and "none", modality and answer kind, are words too."""
    cards = [
        card("a", "Rivers", "", "rivers kept"),
        card("b", "Lakes", "", "rivers kept clean"),
        card("c", "Ponds", "", "kept clean for ducks"),
        *(card(f"z{i}", "Clocks", "", "gears wheels") for i in range(4)),
    ]
    mean = sum((5, 6, 6, *([5] * 4))) / 7
    rarity = math.log((7 - 2 + 0.5) / (2 + 0.5))

    def weight(count: float, length: int) -> float:
        return rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / mean))

    hits = Catalogue.of(cards, tmp_path).search("rivers")
    assert [name for name, _ in hits] == ["a", "b"]
    assert hits[1][1] == pytest.approx(weight(2, 6) / weight(7, 5))
    both = Catalogue.of(cards, tmp_path).search("clean gears")
    assert [name for name, _ in both] == ["b", "c", "z0", "z1", "z2", "z3"]
