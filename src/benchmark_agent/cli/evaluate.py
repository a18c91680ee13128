"""`benchmark-agent evaluate`: run models and baselines on a benchmark."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark_agent.cli import SHORT
from benchmark_agent.cli.pace import pace

if TYPE_CHECKING:
    from benchmark_agent.evaluation.types import Progress, Run, Watcher
    from benchmark_agent.quality.intervals import Estimate
    from benchmark_agent.verification.types import Item

BASELINES = "'random', 'majority', 'longest-option' and 'choices-only'"
PIPED = 140
"""Columns of a table that goes to a file or another program."""
PLAIN_EVERY = 5.0
"""Seconds between two plain lines."""
Folder = Annotated[Path, typer.Argument(metavar="BENCHMARK", help="A benchmark folder, or the run folder it is in.")]
Models = Annotated[
    list[str],
    typer.Option("--model", metavar="NAME", help="openai/gpt-5.1, ollama/qwen3:8b, or a baseline. *"),
]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N items. [all]")]
Repeat = Annotated[int, typer.Option(metavar="N", min=1, help="Ask each item N times.")]
MaxUsd = Annotated[
    float | None, typer.Option("--max-usd", metavar="N", min=0, help="Stop before model calls cost more.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Keep the replies there are; ask what is missing.")]
InFlight = Annotated[int, typer.Option("--in-flight", metavar="N", min=1, max=512, help="Model calls at once.")]
JudgeModel = Annotated[str, typer.Option("--judge", metavar="NAME", help="A model that grades open answers.")]
MaxTokens = Annotated[int, typer.Option("--max-tokens", metavar="N", min=1, help="Tokens a reply may have.")]
Temperature = Annotated[float | None, typer.Option(metavar="X", min=0, max=2, help="Of sampling. [the provider's own]")]
Prices = Annotated[Path | None, typer.Option(metavar="FILE", help="Prices read before ours.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the runs. ['evaluations' of the run]")]
JsonToo = Annotated[bool, typer.Option("--json", help="Print one line of JSON a model on standard output.")]


def evaluate(
    benchmark: Folder,
    model: Models,
    limit: Limit = None,
    repeat: Repeat = 1,
    max_usd: MaxUsd = None,
    resume: Resume = False,
    in_flight: InFlight = 64,
    judge: JudgeModel = "",
    max_tokens: MaxTokens = 8192,
    temperature: Temperature = None,
    prices: Prices = None,
    out: Out = None,
    as_json: JsonToo = False,
) -> None:
    """Run models on a benchmark.

    Baselines need no model: 'random', 'majority', 'longest-option', 'choices-only'. Options marked * may be given
    several times. Replies are kept as they come; 'inspect view' opens the logs beside them.

    \b
    Exit status
      0  every reply came
      3  replies are missing; why is said
      2  something must be changed first; the message says what to type
    """
    from benchmark_agent import api
    from benchmark_agent.models import Settings

    settings = Settings(temperature=temperature, max_tokens=max_tokens)
    opened = api.load(benchmark)
    with _watching() as watch:
        report = api.evaluation(
            opened, out=out, prices=prices, watch=watch, limit=limit, repeat=repeat, max_usd=max_usd, resume=resume,
            in_flight=in_flight, judge=judge, settings=settings,
        )  # fmt: skip
        for warning in report.warnings(model):
            typer.echo(f"warning: {warning}", err=True)
        runs = report.run(model)
    items = {item.id: item for item in report.wanted}
    if as_json:
        for run in runs:
            typer.echo(json.dumps(summary(run, items), ensure_ascii=False))
    _table(runs, items)
    if (found := report.calibration) is not None and found.n:
        typer.echo(
            f"judge {found.judge}: {found.agreement:.0%} of {found.n} replies of known score within a quarter, "
            f"lenience {found.lenience:+.2f}", err=True,
        )  # fmt: skip
    for run in runs:
        if run.missing:
            typer.echo(f"{run.model}: {run.missing} replies are missing: {run.stopped}", err=True)
    typer.echo(f"replies and logs: {report.root}; read logs with: inspect view --log-dir {report.root}", err=True)
    if any(run.missing for run in runs):
        raise typer.Exit(SHORT)


def interval(run: "Run", items: dict[str, "Item"]) -> "Estimate":
    """Mean score of a run, repetitions averaged, with an interval that knows which items share a source."""
    from benchmark_agent.evaluation.baselines import source_of
    from benchmark_agent.quality.intervals import mean_interval

    values: dict[str, list[float]] = {}
    for score in run.scores:
        values.setdefault(score.item_id, []).append(score.score.value)
    sources: dict[str, int] = {}
    clusters = [sources.setdefault(source_of(items[name]), len(sources)) for name in values]
    return mean_interval([sum(each) / len(each) for each in values.values()], clusters)


def summary(run: "Run", items: dict[str, "Item"]) -> dict[str, Any]:
    """What `--json` says of a run."""
    found = interval(run, items) if run.scores else None
    subtasks: dict[str, list[float]] = {}
    for score in run.scores:
        subtasks.setdefault(items[score.item_id].subtask, []).append(score.score.value)
    return {
        "model": run.model,
        "baseline": run.baseline,
        "benchmark": run.benchmark,
        "score": run.mean,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "items": found.n if found else 0,
        "replies": len(run.scores),
        "missing": run.missing,
        "stopped": run.stopped,
        "refused": run.count("refusal"),
        "unparsable": run.count("unparsable"),
        "cut_off": _cut_off(run),
        "cost": run.cost if run.priced else None,
        "seconds_a_reply": _seconds(run),
        "subtasks": {name: {"score": sum(each) / len(each), "replies": len(each)} for name, each in subtasks.items()},
    }


def _cut_off(run: "Run") -> int:
    return sum(score.stop == "length" for score in run.scores)


def _seconds(run: "Run") -> float:
    return sum(score.seconds for score in run.scores) / len(run.scores) if run.scores else 0.0


def _table(runs: Sequence["Run"], items: dict[str, "Item"]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("model", overflow="fold")
    for head in ("score", "95 %", "items", "refused", "unclear", "cut off", "$", "s a reply"):
        table.add_column(head, justify="right", no_wrap=True)
    for run in runs:
        if not run.scores:
            table.add_row(run.model, "", "", "0")
            continue
        found = interval(run, items)
        counts = (str(found.n), str(run.count("refusal")), str(run.count("unparsable")), str(_cut_off(run)))
        cost = f"{run.cost:.4f}" if run.priced else "?"
        took = ("", "") if run.baseline else (cost, f"{_seconds(run):.2f}")
        table.add_row(run.model, f"{found.value:.1%}", f"{found.low:.0%}-{found.high:.0%}", *counts, *took)
    Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else PIPED).print(table)


@contextmanager
def _watching() -> Iterator["Watcher"]:
    """Progress on standard error: one live line on a terminal, a line now and then elsewhere."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console, line = Console(stderr=True, highlight=False), _Line()
    if not console.is_terminal:
        yield line.plain
        return
    with Live(console=console, refresh_per_second=8, transient=True) as live:
        yield lambda progress: live.update(Text(line.of(progress)))


class _Line:
    def __init__(self) -> None:
        self.model, self.began, self.before, self.last = "", 0.0, 0, 0.0

    def of(self, progress: "Progress") -> str:
        now = time.monotonic()
        if progress.model != self.model:
            self.model, self.began, self.before = progress.model, now, progress.done
        made, seconds = progress.done - self.before, now - self.began
        parts = [f"{progress.model}  {progress.done}/{progress.total}"]
        parts += [f"score {progress.value / progress.done:.0%}"] if progress.done else []
        parts += [f"${progress.spent:.4f}"]
        if made and seconds > 0:
            parts.append(pace(made, progress.total - progress.done, seconds))
        return "  ".join(parts)

    def plain(self, progress: "Progress") -> None:
        line, now = self.of(progress), time.monotonic()
        if progress.done < progress.total and now - self.last < PLAIN_EVERY:
            return
        self.last = now
        print(line, file=sys.stderr)  # noqa: T201
