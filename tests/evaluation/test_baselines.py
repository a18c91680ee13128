"""Rules that read at most the options: what they score is known by hand."""

from collections import Counter
from pathlib import Path

from benchmark_agent.evaluation.baselines import BASELINES, replies
from benchmark_agent.evaluation.evaluate import Conditions, default_folder
from benchmark_agent.evaluation.runfile import read_runs
from benchmark_agent.verification.types import Item
from tests.benchmark.benchmark_samples import item
from tests.evaluation.served import benchmark, evaluation, many


def telling(n: int) -> Item:
    """The right option says `certainly`; the longest one is wrong."""
    wrong = [f"perhaps number {n} of the very long list of things", f"maybe thing {n + 1}"]
    place = n % 3
    options = (*wrong[:place], f"certainly {n}", *wrong[place:])
    return item(f"t-{n:03}", question=f"Question {n}?", options=options, answer="ABC"[place])


def test_options_that_tell_the_answer_are_found_by_the_classifier_alone(tmp_path: Path) -> None:
    items = [telling(n) for n in range(60)]
    random, majority, longest, told = evaluation(benchmark(tmp_path, items)).run(list(BASELINES))
    assert told.mean is not None
    assert told.mean > 0.95
    assert longest.mean == 0
    assert random.mean is not None
    assert 0.1 < random.mean < 0.6
    assert majority.mean is not None
    assert majority.mean < 0.6


def test_the_majority_is_counted_on_other_sources_of_the_same_subtask() -> None:
    items = [item(f"m-{n:02}", answer="B" if n % 5 else "A") for n in range(50)]
    items += [item(f"n-{n:02}", subtask="count", kind="number", options=(), answer="7") for n in range(20)]
    said = replies("majority", items, items, 1)
    assert Counter(said.values()) == {"B": 50, "7": 20}
    alone = [item("one", answer="C")]
    assert set(replies("majority", alone, alone, 30).values()) == {"A", "B", "C"}  # nothing to learn from: it guesses


def test_random_takes_every_option_about_as_often_and_the_same_again() -> None:
    items = many(300)
    said = replies("random", items, items, 2)
    counts = Counter(said.values())
    assert set(counts) == {"A", "B", "C"}
    assert all(150 < n < 250 for n in counts.values())
    assert said == replies("random", items, items, 2)
    assert len({(said[each.id, 0], said[each.id, 1]) for each in items}) == 9


def test_what_a_rule_cannot_answer_is_left_out_not_wrong() -> None:
    items = [
        item("a", kind="number", options=(), answer="7"),
        item("b", kind="binary", options=(), answer="yes"),
        item("c", kind="label", options=("red", "blue"), answer="red"),
        item("d", kind="multi_choice", answer="AC"),
        item("e", kind="span", options=(), answer="the Oder"),
        item("f", kind="open", options=(), answer="because"),
        item("g"),
    ]
    answered = {name: {key[0] for key in replies(name, items, items, 1)} for name in BASELINES}
    assert answered["random"] == {"b", "c", "d", "g"}
    assert answered["longest-option"] == answered["choices-only"] == {"g"}
    assert "f" not in answered["majority"]
    assert replies("random", items, items[1:2], 1)["b", 0] in ("yes", "no")


def test_baselines_learn_from_all_items_and_answer_the_ones_asked_for(tmp_path: Path) -> None:
    opened = benchmark(tmp_path, [telling(n) for n in range(60)])
    (told,) = evaluation(opened, Conditions(limit=10, repeat=2)).run(["choices-only"])
    assert len(told.scores) == 20
    assert told.mean is not None
    assert told.mean > 0.9
    (kept,) = read_runs(default_folder(opened), opened.manifest.digest)
    assert (kept.model, kept.baseline, kept.scores) == ("choices-only", True, told.scores)
    (again,) = evaluation(opened, Conditions(limit=10, repeat=2)).run(["choices-only"])
    assert again == told
