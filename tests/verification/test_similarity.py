"""The near-duplicate index: estimates that hold, growth, and stability between processes."""

import numpy as np
import pytest

from benchmark_agent.similarity import NearIndex, Sketch, salient, shingles, similarity, sketch


def of(text: str) -> Sketch:
    return sketch(shingles([text]))


def test_a_sketch_is_the_same_in_every_process() -> None:
    assert of("nine camels").tolist()[:3] == of("Nine  camels.").tolist()[:3]
    assert similarity(of("nine camels"), of("nine camels")) == 1.0
    assert len(set(of("nine camels").tolist())) > 20


@pytest.mark.parametrize(("shared", "each"), [(90, 10), (50, 50), (10, 90)])
def test_the_estimate_is_near_the_jaccard_similarity(shared: int, each: int) -> None:
    random = np.random.default_rng(0)
    estimates = []
    for _ in range(30):
        pool = random.integers(0, 2**62, shared + 2 * each).astype(np.uint64)
        a, b = pool[: shared + each], np.concatenate([pool[:shared], pool[shared + each :]])
        estimates.append(similarity(sketch(a), sketch(b)))
    assert np.mean(estimates) == pytest.approx(shared / (shared + 2 * each), abs=0.04)


def test_the_guard_keeps_apart_what_reads_the_same() -> None:
    index, asked, shown = NearIndex(), of("what is the sum"), of("")
    assert index.add(1, asked, shown) == 0
    assert index.find(1, asked, shown) == 0
    assert index.find(2, asked, shown) is None


def test_everything_added_is_found_after_growth_and_nothing_else() -> None:
    index = NearIndex()
    texts = [of(f"row {n} of table {n * 7} holds {n * n}") for n in range(3000)]
    empty = of("")
    for n, asked in enumerate(texts):
        index.add(n, asked, empty)
    assert all(index.find(n, asked, empty) == n for n, asked in enumerate(texts))
    assert all(index.find(n + 3000, asked, empty) is None for n, asked in enumerate(texts))


def test_salient_marks_are_numbers_and_names_in_order_within_a_sentence() -> None:
    assert salient("The nine camels of Mirel met Jon. Then 1,200 dates were sold.") == ["1200", "9 Mirel Jon"]
    assert salient("Ann pays Bob.") != salient("Bob pays Ann.")
    assert salient("Ann left. Bob slept.") == salient("Bob slept. Ann left.")
    assert salient("Which of these is it?") == []
