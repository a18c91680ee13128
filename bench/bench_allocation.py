"""Allocation at size: seconds for 100 subtasks over 1,000 datasets."""

import time
from random import Random

from benchmark_agent.allocation.solve import allocate
from benchmark_agent.design.types import Design, Subtask
from benchmark_agent.grounding.types import Candidate, Fitness, Grounded, Grounding, Recipe, Step

CONSTRUCTIONS = ("as_is", "to_choice", "odd_one_out", "aggregate", "bury")


def problem(subtasks: int, datasets: int, each: int, seed: int = 0) -> tuple[Design, Grounding, dict[str, int]]:
    """A design whose subtasks each have `each` candidates, over datasets of 10 to 200 rows with uneven yields."""
    rng = Random(seed)
    rows = {f"d{index:04}": rng.randint(10, 200) for index in range(datasets)}
    designed, grounded = [], []
    for number in range(subtasks):
        name = f"s{number:03}"
        designed.append(
            Subtask(
                id=name, name=name, description="", capability="", answer_kinds=("choice",), modalities=("text",),
                target_signal="the passage", constructions=CONSTRUCTIONS, skill_in="construction",
                weight=rng.uniform(0.2, 1),
            )
        )  # fmt: skip
        candidates = []
        for place, dataset in enumerate(rng.sample(sorted(rows), each)):
            robust, fit = rng.uniform(0.5, 1), rng.uniform(0.5, 1)
            fitness = Fitness(alignment=fit, robustness=robust, preservation=1, overall=fit)
            recipe = Recipe(steps=(Step(tool=rng.choice(CONSTRUCTIONS), reads=()),))
            candidates.append(
                Candidate(
                    id=f"{name}.{place}", dataset_id=dataset, recipe=recipe, fitness=fitness,
                    capacity=int(rows[dataset] * robust), rows=rows[dataset],
                )
            )  # fmt: skip
        grounded.append(Grounded(subtask_id=name, candidates=tuple(candidates)))
    return Design(topic="bench", subtasks=tuple(designed)), Grounding(subtasks=tuple(grounded)), rows


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure."""
    figures = []
    for each, size in ((20, 10_000), (20, 90_000), (1000, 10_000)):
        design, grounding, rows = problem(100, 1000, each)
        start = time.perf_counter()
        plan = allocate(design, grounding, rows, size)
        seconds = time.perf_counter() - start
        label = f"allocate {size} items: 100 subtasks x 1000 datasets, {100 * each} candidates"
        figures.append((f"{label}, {plan.shortfall} short", round(seconds, 3), "s"))
    return figures


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="  ")
