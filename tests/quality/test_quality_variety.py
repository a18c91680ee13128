"""Variety and coverage of items by hand: small sets whose figures are worked out on paper."""

from math import comb, exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.content import Image, Part, Text
from benchmark_agent.quality.alike import SAMPLE, Shown, mean_similarity, near_pairs, vectors, vendi
from benchmark_agent.quality.types import Metric
from benchmark_agent.quality.variety import WINDOW, effective, lexical_diversity, variety
from benchmark_agent.realization.types import RowRef, Trace
from benchmark_agent.verification.types import Item


def shown(*words: str) -> Shown:
    return Shown(frozenset(" ".join(words).split()), frozenset(), frozenset())


def picture(name: str) -> Image:
    return Image(path=f"media/{name}.png", sha256=name, width=8, height=8)


def item(
    name: str, question: str, *parts: Part, subtask: str = "s", row: str = "", dataset: str = "d", tool: str = "ask"
) -> Item:
    return Item(
        id=name, subtask=subtask, answer_kind="number", input=parts, question=question, options=(), answer="1",
        accepted=(), scorer="number", gold_basis="computed", target_signal="numbers", evidence=(), checks=(),
        sources=(RowRef(dataset=dataset, row=row or name, ordinal=0, licence="MIT", digest="x"),),
        recipe=(Trace(tool=tool, version="1", wrote="item"),),
    )  # fmt: skip


def of(items: list[Item], name: str, planned: dict[str, int] | None = None) -> Metric:
    return next(each for each in variety(items, planned or {}).metrics if each.name == name)


def test_the_mean_cosine_and_its_jackknife_are_the_ones_worked_out_by_hand() -> None:
    found = mean_similarity(vectors([shown("a b"), shown("a c"), shown("d"), shown("d")]), np.arange(4))
    # Pairs: ab-ac 1/2, d-d 1, the other four 0: 1.5 / 6. Without an item: 1/3, 1/3, 1/6, 1/6.
    assert found.value == pytest.approx(0.25)
    error = sqrt(3 / 4 * 4 * (1 / 12) ** 2)
    assert found.high == pytest.approx(0.25 + 3.182446 * error)
    assert found.low == 0.0


def test_items_of_one_source_leave_together() -> None:
    words = [shown("a b"), shown("a c"), shown("d"), shown("d"), shown("e"), shown("e f")]
    found = mean_similarity(vectors(words), np.array([0, 0, 1, 1, 2, 2]))
    # Sums of pairs 1/2, 1 and sqrt(1/2), all within sources; each source leaves the mean of two of them over 6 pairs.
    sums = (0.5, 1.0, sqrt(0.5))
    assert found.value == pytest.approx(sum(sums) / 15)
    without = np.array([(sum(sums) - each) / 6 for each in sums])
    error = sqrt(2 / 3 * float(((without - without.mean()) ** 2).sum()))
    assert found.high == pytest.approx(min(1.0, sum(sums) / 15 + 4.302653 * error))


def test_the_jackknife_interval_holds_the_similarity_of_the_texts_items_come_from() -> None:
    """Each item is 6 of 20 words: the mean cosine of two is (6 * 6 / 20) / 6 = 0.3."""
    random, held = np.random.default_rng(0), 0
    words = [f"w{n}" for n in range(20)]
    for _ in range(300):
        drawn = [shown(*random.choice(words, 6, replace=False)) for _ in range(30)]
        found = mean_similarity(vectors(drawn), np.arange(30))
        held += found.low <= 0.3 <= found.high
    assert 0.91 <= held / 300 <= 0.99


def test_vendi_counts_what_is_wholly_different() -> None:
    assert vendi(vectors([shown("a"), shown("b"), shown("c")])) == pytest.approx(3)
    assert vendi(vectors([shown("a")] * 3)) == pytest.approx(1)
    # A pair of cosine 1/2 has eigenvalues 3/4 and 1/4 of two.
    assert vendi(vectors([shown("a b"), shown("a c")])) == pytest.approx(exp(-0.75 * log(0.75) - 0.25 * log(0.25)))


def test_what_is_asked_the_texts_and_the_media_weigh_alike() -> None:
    one = Shown(frozenset("ab"), frozenset("xyz"), frozenset({"p"}))
    same_question = Shown(frozenset("ab"), frozenset("uvw"), frozenset({"q"}))
    without_media = Shown(frozenset("ab"), frozenset("xyz"), frozenset())
    table = (vectors([one, same_question, without_media]) @ vectors([one, same_question, without_media]).T).toarray()
    assert table[0, 0] == pytest.approx(1)
    assert table[0, 1] == pytest.approx(1 / 3)
    assert table[0, 2] == pytest.approx(2 / sqrt(6))


def test_near_duplicates_share_what_counts_as_well_as_the_words() -> None:
    passage = "The old mill by the river grinds wheat and barley for all villages around the lake every autumn morning."
    items = [
        item("a", "How many mills grind here?", Text(text=passage)),
        item("b", "How many mills grind here?", Text(text=passage.replace("morning", "evening"))),
        item("other words", "How many fields lie around here?", Text(text=passage)),
        item("other passage", "How many mills grind here?", Text(text="Nobody keeps bees any longer in that valley.")),
        item("other name", "How many mills of Ada grind here?", Text(text=passage)),
        item("other number", "How many of 7 mills grind here?", Text(text=passage)),
    ]
    found = variety(items, {})
    assert found.near_duplicates == (("a", "b"),)
    assert of(items, "near_duplicates").value == pytest.approx(2 / 6)
    assert any("33 % of the items have a near-duplicate" in line for line in found.warnings)


def test_the_same_question_about_other_pictures_is_no_duplicate() -> None:
    items = [item(f"i{n}", "How many dots are there?", picture(f"p{n % 2}"), row=f"r{n}") for n in range(6)]
    found = variety(items, {})
    assert {tuple(sorted(pair)) for pair in found.near_duplicates} == {
        (a.id, b.id) for n, a in enumerate(items) for b in items[n + 1 :] if a.input == b.input
    }
    assert of(items, "distinct_media").value == pytest.approx(2 / 6)
    assert any(line.startswith("2 media files are shown 6 times") for line in found.warnings)
    assert variety([item(f"i{n}", "How many dots?", picture(f"p{n}")) for n in range(4)], {}).near_duplicates == ()


def test_lexical_diversity_is_the_expected_share_of_different_words() -> None:
    counts = {"a": 50, "b": 30, **{f"w{n}": 1 for n in range(20)}}
    absent = {n: comb(100 - n, WINDOW) / comb(100, WINDOW) for n in (50, 30, 1)}
    expected = ((1 - absent[50]) + (1 - absent[30]) + 20 * (1 - absent[1])) / WINDOW
    assert lexical_diversity(counts) == pytest.approx(expected)
    assert lexical_diversity({f"w{n}": 1 for n in range(WINDOW)}) == pytest.approx(1)
    assert lexical_diversity({"a": 500}) == pytest.approx(1 / WINDOW)
    assert np.isnan(lexical_diversity({"a": WINDOW - 1}))


def test_effective_numbers() -> None:
    assert effective({"a": 5, "b": 5, "c": 5}) == pytest.approx(3)
    assert effective({"a": 9}) == pytest.approx(1)
    assert effective({"a": 3, "b": 1}) == pytest.approx(4 / 3**0.75)


def test_constructions_datasets_rows_and_wordings_are_counted() -> None:
    items = [
        item("a", "Which weighs more, Rex or Bello?", tool="compare", dataset="dogs", row="1"),
        item("b", "Which weighs more, Ida or Max?", tool="compare", dataset="dogs", row="1"),
        item("c", "How heavy is Fido, with 3 collars?", tool="look up", dataset="cats", row="1"),
        item("d", "How heavy is Tom, with 12 collars?", tool="look up", dataset="cats", row="2"),
    ]
    assert of(items, "effective_wordings").value == pytest.approx(2)
    assert of(items, "effective_constructions").value == pytest.approx(2)
    assert of(items, "effective_datasets").value == pytest.approx(2)
    assert of(items, "distinct_rows").value == pytest.approx(3 / 4)
    assert "'look up', by 2 of 4" in of(items, "effective_constructions").note


def test_subtasks_that_fell_short_are_counted_and_named_even_when_empty() -> None:
    items = [item(f"i{n}", f"What is {n} and {n}?", subtask="sums") for n in range(4)]
    found = variety(items, {"sums": 4, "maps": 6})
    assert of(items, "planned_items", {"sums": 4, "maps": 6}).value == pytest.approx(0.4)
    assert of(items, "filled_subtasks", {"sums": 4, "maps": 6}).value == pytest.approx(0.5)
    assert found.warnings == ("'maps' has 0 of the 6 items planned",)
    assert [(each.subtask, each.items, each.planned) for each in found.subtasks] == [("sums", 4, 4), ("maps", 0, 6)]


def test_large_sets_are_sampled_for_pairs_and_say_so() -> None:
    items = [item(f"i{n}", f"What comes after {n}?") for n in range(SAMPLE + 50)]
    assert of(items, "vendi").n == SAMPLE
    assert "drawn at random" in of(items, "similarity").note
    assert of(items, "distinct_rows").n == SAMPLE + 50
    assert variety(items, {}, seed=1) == variety(items, {}, seed=1)


def test_pairs_are_found_across_the_blocks_of_a_large_group() -> None:
    texts = [(f"w{n}", "") for n in (*range(SAMPLE), 3, 4, 3)]
    assert near_pairs(texts, [0] * (SAMPLE + 3)) == [
        (3, SAMPLE), (3, SAMPLE + 2), (4, SAMPLE + 1), (SAMPLE, SAMPLE + 2),
    ]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5), min_size=1, max_size=12))
def test_figures_stay_in_range_and_ignore_order(texts: list[list[str]]) -> None:
    matrix = vectors([shown(*words) for words in texts])
    turned = vectors([shown(*words) for words in reversed(texts)])
    assert 1 - 1e-9 <= vendi(matrix) <= len(texts) + 1e-9
    assert vendi(matrix) == pytest.approx(vendi(turned))
    found = mean_similarity(matrix, np.arange(len(texts)))
    assert len(texts) == 1 or 0 <= found.low <= found.value <= found.high <= 1 + 1e-9
    lines = [(" ".join(words), "") for words in texts]
    pairs = near_pairs(lines, [0] * len(texts))
    assert {(one, two) for one in range(len(texts)) for two in range(one) if lines[one] == lines[two]} <= {
        (two, one) for one, two in pairs
    }


def test_no_items_give_figures_without_values() -> None:
    assert {each.name: each.value for each in variety([], {}).metrics} == {
        "near_duplicates": None, "planned_items": None, "filled_subtasks": None,
    }  # fmt: skip
