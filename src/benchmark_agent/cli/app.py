"""The commands. Everything heavy is imported when a command runs, so that `--help` answers at once."""

from pathlib import Path
from typing import Annotated, Any

import typer

from benchmark_agent.cli import OTHER, SHORT
from benchmark_agent.cli.pool import Json, pool_app

app = typer.Typer(
    name="benchmark-agent",
    help="From an evaluation goal in plain words to a verified benchmark that runs anywhere.",
    epilog='Start with: benchmark-agent build "Compare facts about countries"',
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(pool_app, name="pool")

Folder = Annotated[Path, typer.Argument(metavar="BENCHMARK", help="A benchmark folder, or the run folder it is in.")]
ITEM = "Id of an item, or its first letters."
Goal = Annotated[str, typer.Argument(metavar="GOAL", help="The goal in plain words, in quotes, or a file goal.yaml.")]
Size = Annotated[int | None, typer.Option(metavar="N", help="Items wanted. [60]")]
Draw = Annotated[
    list[str] | None,
    typer.Option(
        "--pool",
        metavar="PATH",
        help="Draw from this folder, file, pool.yaml, 'starter', 'gym:TASK' or 'gym:all'. * [starter]",
    ),
]
Modality = Annotated[
    list[str] | None,
    typer.Option(metavar="WORD", help="Input: text, image, audio. * [what the goal says]"),
]
Language = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE", help="Only data in this language: en, es, zh. * [any]"),
]
AnswerKind = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORD",
        help="Only answers that are: choice, multi_choice, binary, label, span, number, open. * [any]",
    ),
]
Subtasks = Annotated[int | None, typer.Option(metavar="N", help="How many subtasks. [what the goal needs]")]
Licence = Annotated[
    list[str] | None,
    typer.Option(metavar="SPDX", help="Only data under this licence: MIT, CC0-1.0. * [any]"),
]
Seed = Annotated[int | None, typer.Option(metavar="N", help="The same seed gives the same benchmark. [0]")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Run folder. [runs/<goal>-<seed>]")]
PlanOnly = Annotated[bool, typer.Option("--plan-only", help="Stop after the plan, to read and edit it.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder.")]
Workers = Annotated[int, typer.Option(metavar="N", min=1, max=64, help="Processes; the result does not depend on it.")]
JsonToo = Annotated[bool, typer.Option("--json", help="Print one line of JSON on standard output as well.")]


def _version(wanted: bool) -> None:
    if wanted:
        from benchmark_agent import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def build(
    goal: Goal,
    size: Size = None,
    pool: Draw = None,
    modality: Modality = None,
    language: Language = None,
    answer_kind: AnswerKind = None,
    subtasks: Subtasks = None,
    licence: Licence = None,
    seed: Seed = None,
    out: Out = None,
    plan_only: PlanOnly = False,
    resume: Resume = False,
    workers: Workers = 1,
    as_json: JsonToo = False,
) -> None:
    """Build a benchmark from a goal.

    Options marked * may be given several times. Progress and summary go to standard error.

    \b
    Exit status
      0  every item asked for was delivered
      3  a shorter benchmark was written; what is missing is said, and why
      2  something must be changed first; the message says what to type
      1  anything else
    """
    from benchmark_agent import api
    from benchmark_agent.cli import printing, progress

    wishes: dict[str, Any] = {
        "size": size,
        "pool": pool,
        "modalities": modality,
        "languages": language,
        "answer_kinds": answer_kind,
        "subtasks": subtasks,
        "licences": licence,
        "seed": seed,
    }
    requirement = api.requirement(goal, **wishes)
    with progress.listener() as listen:
        result = api.build(requirement, out=out, plan_only=plan_only, resume=resume, workers=workers, listener=listen)
    if as_json:
        typer.echo(printing.summary_json(result))
    printing.build_summary(result)
    if result.shortfall:
        raise typer.Exit(SHORT)


@app.command()
def check(benchmark: Folder, as_json: Json = False) -> None:
    """Check a benchmark: its files, golds and scorers.

    Files match the manifest, every gold passes its own scorer, no junk answer does. Exit status 1 when not.
    """
    from benchmark_agent import api
    from benchmark_agent.cli import printing

    report = api.check(benchmark)
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        printing.check_report(report)
    if not report.passed:
        raise typer.Exit(OTHER)


@app.command()
def show(
    benchmark: Folder,
    item: Annotated[str | None, typer.Argument(metavar="ITEM", help=f"{ITEM} [the first of every subtask]")] = None,
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", min=1, help="Items of each subtask.")] = 1,
) -> None:
    """Read items as a person would."""
    from benchmark_agent import api
    from benchmark_agent.benchmark.show import render_item
    from benchmark_agent.cli import printing

    if item is None:
        printing.shown(api.load(benchmark), count)
    for n, each in enumerate(api.items(benchmark, item, per_subtask=count)):
        typer.echo(("\n" if n else "") + render_item(each))


@app.command()
def explain(benchmark: Folder, item: Annotated[str, typer.Argument(metavar="ITEM", help=ITEM)]) -> None:
    """Read an item's passport: sources, recipe, checks, proof."""
    from benchmark_agent import api
    from benchmark_agent.benchmark.show import explain as passport

    for n, each in enumerate(api.items(benchmark, item)):
        typer.echo(("\n" if n else "") + passport(each))


@app.command()
def doctor(
    every: Annotated[bool, typer.Option("--all", help="A line for every part, with what it does.")] = False,
    as_json: Json = False,
) -> None:
    """Say what works here, and what to install for the rest."""
    from benchmark_agent.cli import printing
    from benchmark_agent.doctor import examine

    findings = examine()
    if as_json:
        typer.echo(printing.doctor_json(findings))
    else:
        printing.doctor(findings, every)
    if any(finding.broken for finding in findings):
        raise typer.Exit(OTHER)
