"""Options that tell the answer are kept out as the set grows; options that do not are left alone."""

from random import Random

from benchmark_agent.content import Composed
from benchmark_agent.verification.cues import LEARNED, OptionCues

WORDS = "amber birch cedar delta ember fjord grove heath islet jetty knoll ledge marsh orbit plume ridge".split()


def body(options: list[str], answer: str) -> Composed:
    return Composed(
        question="Which?", answer_kind="choice", options=tuple(options), answer=answer, gold_basis="computed"
    )


def accepted(told: float, n: int = 300) -> tuple[int, int]:
    """Items admitted whose gold alone is marked, and others; `told`: share of the marked."""
    draw, cues, counts = Random(1), OptionCues(), [0, 0]
    for _ in range(n):
        options = [" ".join(draw.sample(WORDS, 2)) for _ in range(4)]
        marked = draw.random() < told
        options[0] += " exactly" if marked else ""
        item = body(draw.sample(options, 4), options[0])
        if not cues.admit(item):
            cues.record(item)
            counts[marked] += 1
    return counts[True], counts[False]


def test_a_marked_gold_is_kept_out_once_it_is_seen_through() -> None:
    marked, _ = accepted(told=1.0)
    assert LEARNED < marked < 100


def test_half_marked_is_held_near_chance() -> None:
    marked, plain = accepted(told=0.5)
    assert plain > 120
    assert marked < plain


def test_options_that_tell_nothing_are_left_alone_but_for_streaks_of_luck() -> None:
    _, plain = accepted(told=0.0)
    assert plain >= 295


def test_other_kinds_pass() -> None:
    number = Composed(question="How many?", answer_kind="number", answer="4", gold_basis="computed")
    cues = OptionCues()
    for _ in range(60):
        assert cues.admit(number) == ""
        cues.record(number)
