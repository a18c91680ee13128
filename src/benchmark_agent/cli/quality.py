"""`benchmark-agent assess` and `compare`: how good a benchmark is, and who leads on it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark_agent.cli.pool import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmark_agent.quality.types import Family, Metric, QualityReport, Variety

Folder = Annotated[Path, typer.Argument(metavar="BENCHMARK", help="A benchmark folder, or the run folder it is in.")]
Runs = Annotated[
    Path | None, typer.Option("--runs", metavar="DIR", help="Folder of the runs. [where 'evaluate' puts them]")
]
Sizes = Annotated[
    list[str] | None,
    typer.Option("--family", metavar="A=0.5,B=1.5", help="Models of one make with their sizes, small to large. *"),
]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a web page too.")]
SUSPECTS = 10
"""Items to look at that are listed; quality.json has all."""
WORST = 3
"""Groups of failures that are listed of each kind, and distractors."""


def assess(benchmark: Folder, runs: Runs = None, family: Sizes = None, as_json: Json = False) -> None:
    """Say how good a benchmark is, from its items and its runs.

    Run models first, with 'benchmark-agent evaluate': without any, only how various the items are is shown. The whole
    report is kept as quality.json. Options marked * may be given several times.
    """
    from benchmark_agent.errors import UserError

    try:
        report = _report(benchmark, runs, family)
    except UserError:
        if not as_json:
            _items_alone(benchmark)
        raise
    if as_json:
        typer.echo(report.model_dump_json())
        return
    lines = [*_board(report), "", *_figures(report.metrics), *_various(report.variety)]
    typer.echo("\n".join([*lines, *_failures(report), *_remarks(report)]))


def compare(benchmark: Folder, runs: Runs = None, html: Html = None, as_json: Json = False) -> None:
    """Show the leaderboard with intervals, ranks and paired tests."""
    if html is not None:
        from benchmark_agent import api, reporting

        reporting.save(reporting.compared(api.load(benchmark), runs=runs), html)
        typer.echo(f"leaderboard written to {html}", err=True)
    report = _report(benchmark, runs, None)
    if as_json:
        shown = report.model_dump(mode="json", include={"standings", "groups", "comparisons", "warnings"})
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    typer.echo("\n".join([*_board(report), "", *_pairs(report), *(f"note: {line}" for line in report.warnings)]))


def _report(benchmark: Path, runs: Path | None, family: list[str] | None) -> "QualityReport":
    from benchmark_agent import api
    from benchmark_agent.assessing import assessed

    return assessed(api.load(benchmark), runs, families(family))


def families(given: list[str] | None) -> "list[Family]":
    """The families of `--family`. Raises UserError when one does not read."""
    return [_family(each) for each in given or ()]


def _family(text: str) -> "Family":
    from benchmark_agent.errors import UserError
    from benchmark_agent.quality.types import Family

    try:
        pairs = [(name, float(size)) for name, _, size in (part.rpartition("=") for part in text.split(","))]
    except ValueError as error:
        raise UserError(f"'--family' takes models with their sizes: 'A=0.5,B=1.5', not {text!r}") from error
    return Family(name=pairs[0][0], models=tuple(name for name, _ in pairs), sizes=tuple(size for _, size in pairs))


def _board(report: "QualityReport") -> list[str]:
    from benchmark_agent.models.tables import aligned

    rows: list[list[str]] = [["model", "score", "95 % interval", "items", "rank"]]
    for each in report.standings:
        rank = "floor" if each.baseline else f"{each.rank_low}-{each.rank_high}"
        rows.append([each.model, _share(each.score.value), _interval(each.score), str(each.score.n), rank])
    return aligned(rows)


def _pairs(report: "QualityReport") -> list[str]:
    from benchmark_agent.models.tables import aligned

    rows: list[list[str]] = [["first", "second", "difference", "95 % interval", "p (Holm)"]]
    for each in (pair for pair in report.comparisons if not pair.subtask):
        p = "" if each.p_holm is None else f"{each.p_holm:.3f}"
        rows.append([each.first, each.second, _share(each.difference.value), _interval(each.difference), p])
    return aligned(rows, words=2) if len(rows) > 1 else ["one model: nothing to compare"]


def _items_alone(benchmark: Path) -> None:
    """What is known of a benchmark that no model was run on."""
    from benchmark_agent import api
    from benchmark_agent.assessing import various

    found = various(api.load(benchmark))
    lines = [*_various(found)[1:], *(f"warning: {line}" for line in found.warnings)]
    typer.echo("\n".join(lines))


def _various(found: "Variety | None") -> list[str]:
    """The figures of the items, after an empty line."""
    return ["", *_figures(found.metrics, "of the items")] if found else []


def _figures(metrics: "Sequence[Metric]", title: str = "figure") -> list[str]:
    from benchmark_agent.models.tables import aligned

    rows: list[list[str]] = [[title, "value", "95 % interval", "n"]]
    for each in metrics:
        value = "" if each.value is None else f"{each.value:.3f}"
        bounds = "" if each.low is None or each.high is None else f"{each.low:.3f} to {each.high:.3f}"
        rows.append([each.name, value, bounds, str(each.n)])
    return aligned(rows)


def _failures(report: "QualityReport") -> list[str]:
    """The groups that cost models most, and what they take instead of the key."""
    from benchmark_agent.models.tables import aligned

    if report.errors is None:
        return []
    rows: list[list[str]] = [["lost by", "", "points lost", "95 % interval", "items", "refused", "unclear"]]
    for by in ("subtask", "construction", "evidence"):
        for each in [group for group in report.errors.groups if group.by == by][:WORST]:
            counts = [str(each.items), str(each.refused), str(each.unparsable)]
            rows.append([by, each.name, _share(each.lost.value), _interval(each.lost), *counts])
    lines = ["", *aligned(rows, words=2), ""]
    for trait in report.errors.favoured[:WORST]:
        taken = f"{_share(trait.taken.value)} of {trait.taken.n} wrong choices"
        lines.append(f"wrong options taken: {trait.name}: {taken}, {trait.expected:.1%} by blind picking")
    for wrong in [each for each in report.errors.distractors if len(each.models) > 1][:WORST]:
        took = f"{len(wrong.models)} of {report.errors.models} models"
        lines.append(f"most taken: {wrong.letter} of {wrong.item_id} ({wrong.text[:60]}): {took}")
    return lines


def _remarks(report: "QualityReport") -> list[str]:
    said = report.warnings + (report.variety.warnings if report.variety else ())
    lines = [f"warning: {line}" for line in said]
    lines += [f"not shown by these figures: {line}" for line in report.unproven]
    if report.suspects:
        lines.append(f"items to look at: {len(report.suspects)}. {report.suspects_note}")
    for each in report.suspects[:SUSPECTS]:
        lines.append(f"look at {each.item_id}: {'; '.join(each.reasons)}")
    more = len(report.suspects) - SUSPECTS
    return ["", *lines, *([f"and {more} more items to look at, in quality.json"] if more > 0 else [])]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _interval(metric: "Metric") -> str:
    return "" if metric.low is None or metric.high is None else f"{metric.low:.1%} to {metric.high:.1%}"
