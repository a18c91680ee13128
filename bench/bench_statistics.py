"""Statistics: do 95 % intervals hold 95 %, is power as computed, and how long a full assessment takes."""

import time
from collections.abc import Iterator

import numpy as np

from benchmark_agent.quality import power
from benchmark_agent.quality.arrays import Floats, Ints, generator
from benchmark_agent.quality.assess import assess
from benchmark_agent.quality.intervals import mean_intervals
from benchmark_agent.quality.irt import fit_2pl
from benchmark_agent.quality.paired import differences, mcnemar
from benchmark_agent.quality.responses import Choices, Responses, responses_of

RUNS = 8000


def draw(random: np.random.Generator, shape: tuple[int, int], mean: float, icc: float, size: int) -> Floats:
    """0/1 scores (runs, items) of a mean, clusters of `size` items; one source's items correlate by `icc`.

    Each source's chance is Beta distributed (beta-binomial clusters).
    """
    runs, items = shape
    groups = items // size
    if icc == 0:
        chance = np.full((runs, groups), mean)
    else:
        total = 1 / icc - 1
        chance = random.beta(mean * total, (1 - mean) * total, (runs, groups))
    return (random.random((runs, items)) < np.repeat(chance, size, axis=1)).astype(np.float64)


def graded(random: np.random.Generator, shape: tuple[int, int], mean: float) -> Floats:
    """Graded scores (runs, items): Beta distributed, more of them near the ends than in the middle."""
    return random.beta(mean, 1 - mean, shape)


def held(scores: Floats, codes: Ints | None, truth: float) -> float:
    """Share of rows whose interval holds `truth`."""
    intervals = mean_intervals(scores, codes)
    return float(((intervals.low <= truth) & (truth <= intervals.high)).mean())


def mean_coverage(runs: int = RUNS) -> Iterator[tuple[str, float]]:
    """Coverage of `mean_intervals`, the true mean drawn anew within 0.02 so that no lucky lattice point decides."""
    random = generator(1, "bench")
    for items in (50, 100, 300):
        for mean in (0.5, 0.8, 0.95):
            spots = mean + np.linspace(-0.02, 0.02, 8)
            plain = [held(draw(random, (runs // 8, items), m, 0, 1), None, m) for m in spots]
            yield f"0/1, {items} items, mean {mean}", float(np.mean(plain))
            scores = [held(graded(random, (runs // 8, items), m), None, m) for m in spots]
            yield f"graded, {items} items, mean {mean}", float(np.mean(scores))
    for items, size in ((100, 5), (300, 5), (300, 10), (1000, 10)):
        codes = np.repeat(np.arange(items // size), size)
        for mean, icc in ((0.5, 0.3), (0.8, 0.3), (0.95, 0.1), (0.95, 0.3)):
            held_by = held(draw(random, (runs, items), mean, icc, size), codes, mean)
            yield f"0/1, {items} items, {items // size} sources, icc {icc}, mean {mean}", held_by


def two_models(
    random: np.random.Generator, shape: tuple[int, int], gap: float, discordance: float, size: int = 1
) -> tuple[Floats, Floats]:
    """0/1 scores of two models, (runs, items) each; with size > 1 a source's items mostly share their fate."""
    runs, items = shape
    fate = random.random((runs, items // size)).repeat(size, axis=1)
    alone = random.random((runs, items))
    luck = np.where(random.random((runs, items)) < 0.4, fate, alone) if size > 1 else alone
    first = luck < (discordance + gap) / 2
    second = (luck >= (discordance + gap) / 2) & (luck < discordance)
    shared = (luck >= discordance) & (luck < discordance + (1 - discordance) * 0.6)
    return (first | shared).astype(np.float64), (second | shared).astype(np.float64)


def pair_coverage(runs: int = RUNS) -> Iterator[tuple[str, float, float]]:
    """Coverage of paired intervals, and how often a difference is called real (5 % is meant where the gap is 0)."""
    random = generator(2, "bench")
    for items, size in ((50, 1), (100, 1), (300, 1), (300, 5), (1000, 10)):
        codes = np.repeat(np.arange(items // size), size)
        for gap, discordance in ((0.0, 0.3), (0.0, 0.05), (0.1, 0.3)):
            first, second = two_models(random, (runs, items), gap, discordance, size)
            found = differences(first - second, codes)
            inside = (found.estimates.low <= gap) & (gap <= found.estimates.high)
            label = f"{items} items, {items // size} sources, gap {gap}, discordance {discordance}"
            yield label, float(inside.mean()), float((found.p < 0.05).mean())


def powers(runs: int = RUNS * 5) -> Iterator[tuple[str, float, float]]:
    """Power as computed, and as simulated with McNemar's exact test."""
    random = generator(3, "bench")
    for gap, discordance in ((0.03, 0.1), (0.05, 0.2), (0.1, 0.3), (0.2, 0.4)):
        n = power.size_needed(gap, discordance)
        shares = [(discordance + gap) / 2, (discordance - gap) / 2, 1 - discordance]
        counts = random.multinomial(n, shares, size=runs)
        called = float((mcnemar(counts[:, 0], counts[:, 1]) < 0.05).mean())
        label = f"gap {gap}, discordance {discordance}, {n} items"
        yield f"{label}, by formula", power.power_of(n, gap, discordance), called
        yield f"{label}, exact", power.exact_power(n, gap, discordance), called


def board(models: int = 30, items: int = 1000, subtasks: int = 10, seed: int = 0) -> Responses:
    """Simulated models on simulated items with four options; five items a source."""
    random = generator(seed, "bench", "board")
    ability, difficulty = random.normal(0, 1, models), random.normal(0, 1, items)
    chance = 1 / (1 + np.exp(difficulty - ability[:, None]))
    scores = (random.random((models, items)) < 0.25 + 0.75 * chance).astype(np.float64)
    keys = random.integers(0, 4, items)
    chosen = np.where(scores == 1, keys, (keys + random.integers(1, 4, scores.shape)) % 4)
    names = [f"subtask-{place % subtasks}" for place in range(items)]
    return responses_of(
        scores, subtasks=names, clusters=np.arange(items) // 5, chance=0.25,
        choices=Choices(chosen, keys, np.full(items, 4)),
    )  # fmt: skip


def seconds() -> Iterator[tuple[str, float]]:
    """How long a full assessment, and the item response fit alone, take."""
    for models, items in ((30, 1000), (100, 1000), (30, 5000)):
        given = board(models, items)
        start = time.perf_counter()
        assess(given)
        yield f"assess {items} items x {models} models", time.perf_counter() - start
        start = time.perf_counter()
        fit_2pl(given.scores)
        yield f"2PL fit of {items} items x {models} models", time.perf_counter() - start


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure."""
    figures = [(f"interval holds: {label}", 100 * held_by, "%") for label, held_by in mean_coverage()]
    for label, inside, called in pair_coverage():
        figures.append((f"paired interval holds: {label}", 100 * inside, "%"))
        figures.append((f"called different: {label}", 100 * called, "%"))
    for label, computed, simulated in powers():
        figures.append((f"power computed: {label}", 100 * computed, "%"))
        figures.append((f"power simulated: {label}", 100 * simulated, "%"))
    return figures + [(label, taken, "s") for label, taken in seconds()]


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="  ")
