"""What a newcomer reads first: how good the benchmark is, and who leads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from benchmark_agent.quality.types import QualityReport, Standing
from benchmark_agent.report.types import Material
from benchmark_agent.report.words import interval, percent, plural

FAR_ABOVE_CHANCE = 0.1
"""Share, 0-1, by which options alone may beat chance without a warning."""
NAMED = 4
"""Models named in one sentence."""
_BASIS = {
    "computed": "computed by a program",
    "source": "taken over from the data",
    "written": "written by a model and solved by others",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a verdict."""

    mark: Literal["good", "note", "warning"]
    text: str


def how_good(material: Material, basis: dict[str, int], checks: int) -> tuple[Point, ...]:
    """The verdict in a few lines.

    Args:
        basis: items by what their gold rests on.
        checks: how many checks an item passed.
    """
    return (*_delivered(material, checks), *_golds(basis), *_guessing(material), *_told_apart(material))


def _delivered(material: Material, checks: int) -> Iterator[Point]:
    manifest = material.benchmark.manifest
    asked = manifest.requirement.size
    if manifest.shortfall:
        yield Point("warning", f"{manifest.size:,} of the {asked:,} items asked for were delivered.")
    proven = (
        ", and models that did not know the answers solved it"
        if manifest.models
        else ", all by code: no model judged it"
    )
    yield Point("good", f"Each of the {plural(manifest.size, 'item')} passed {plural(checks, 'check')}{proven}.")
    if manifest.not_covered:
        yield Point("warning", f"Not covered of the goal: {'; '.join(manifest.not_covered)}.")


def _golds(basis: dict[str, int]) -> Iterator[Point]:
    total = sum(basis.values())
    told = [f"{percent(basis[name] / total)} {words}" for name, words in _BASIS.items() if basis.get(name)]
    if told:
        yield Point("note", f"Right answers: {', '.join(told)}.")


def _guessing(material: Material) -> Iterator[Point]:
    """From the run of the baseline, where there is one; its warning is among those of the quality report."""
    gaps = [each for each in material.quality.metrics if each.name == "choices_only_gap"] if material.quality else []
    if gaps:
        if (gaps[0].low or 0) <= 0:
            yield Point("good", "The options alone do not give answers away beyond a blind guess.")
        return
    for name, accuracy, chance in material.benchmark.manifest.baselines:
        if name == "choices_only":
            far = accuracy > chance + FAR_ABOVE_CHANCE
            told = f"The options alone give {percent(accuracy)} of the answers away"
            yield Point("warning" if far else "good", f"{told}; a blind guess is right in {percent(chance)}.")


def _told_apart(material: Material) -> Iterator[Point]:
    quality = material.quality
    if quality is None:
        yield Point("warning", "No model was run, so nobody knows yet how hard it is or whether it tells models apart.")
        return
    gap = next((metric.value for metric in quality.metrics if metric.name == "detectable_gap"), None)
    if gap is not None:
        yield Point("note", f"Two models must differ by about {100 * gap:.0f} points before it shows.")
    for warning in quality.warnings:
        yield Point("warning", f"{warning[0].upper()}{warning[1:]}.")


def who_leads(quality: QualityReport) -> tuple[str, ...]:
    """Who is first, who cannot be told from it, and where the floor is."""
    models = [each for each in quality.standings if not each.baseline]
    first = models[0]
    if len(models) == 1:
        said = [f"{first.model} is the only model that was run: {_score(first)}."]
    else:
        said = [f"{first.model} is first with {_score(first)}.", _rivals(first, models[1:])]
    floors = [each for each in quality.standings if each.baseline]
    if floors:
        said.append(f"The highest floor, {floors[0].model}, which reads no evidence, gets {_score(floors[0])}.")
    return tuple(said)


def _rivals(first: Standing, others: list[Standing]) -> str:
    alike = [each.model for each in others if set(each.groups) & set(first.groups)]
    if not alike:
        return "Paired tests, corrected for their number, put it ahead of every other model."
    named = ", ".join(alike[:NAMED]) + (f" and {len(alike) - NAMED} more" if len(alike) > NAMED else "")
    return f"That is not a proven lead: no paired test tells it from {named}."


def _score(standing: Standing) -> str:
    return f"{percent(standing.score.value)} ({interval(standing.score)})"
