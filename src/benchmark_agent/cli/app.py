"""The commands. Everything heavy is imported when a command runs, so that `--help` answers at once."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmark_agent.cli import SHORT
from benchmark_agent.cli.pool import pool_app

app = typer.Typer(
    name="benchmark-agent",
    help="From an evaluation goal in plain words to a verified benchmark that runs anywhere.",
    epilog="Start with: benchmark-agent build 'Can a model compare facts about countries?' --size 60",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    add_completion=False,
)
app.add_typer(pool_app, name="pool")

Pool = Annotated[
    list[str] | None,
    typer.Option("--pool", help="Folder, file, pool.yaml, 'starter' or 'gym:all' to draw from. Repeatable. [starter]"),
]
Json = Annotated[bool, typer.Option("--json", help="Print one machine-readable summary on standard output.")]


def _version(wanted: bool) -> None:
    if wanted:
        from benchmark_agent import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


@app.command()
def build(
    goal: Annotated[str, typer.Argument(help="The evaluation goal in plain words, or a goal.yaml that holds it.")],
    size: Annotated[int | None, typer.Option(help="Items wanted. [60]")] = None,
    pool: Pool = None,
    modality: Annotated[
        list[str] | None, typer.Option(help="Use only: text, image, audio. Repeatable. [what the goal says]")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Only data in this language (ISO 639-1: en, es, zh). Repeatable.")
    ] = None,
    answer_kind: Annotated[
        list[str] | None,
        typer.Option(help="Only: choice, multi_choice, binary, label, span, number, open. Repeatable."),
    ] = None,
    subtasks: Annotated[int | None, typer.Option(help="How many subtasks. [what the goal needs]")] = None,
    licence: Annotated[list[str] | None, typer.Option(help="Only data under this SPDX licence. Repeatable.")] = None,
    seed: Annotated[int | None, typer.Option(help="Every random choice derives from it. [0]")] = None,
    out: Annotated[Path | None, typer.Option(help="Run folder. [runs/<slug>-<seed>]")] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Stop after the plan; edit it, then --resume.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that make and check items.")] = 1,
    as_json: Json = False,
) -> None:
    """Build a benchmark: design, ground, allocate, realize, verify, and write it.

    Exit status 0: the full size was delivered. 3: a shorter benchmark was written, and the shortfall is said subtask
    by subtask. 2: something must be changed first, and the message says what.
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
def check(
    benchmark: Annotated[Path, typer.Argument(help="A benchmark folder, or the run folder it is in.")],
    as_json: Json = False,
) -> None:
    """Check a benchmark: files match the manifest, every gold passes its own scorer, no junk answer does."""
    from benchmark_agent import api
    from benchmark_agent.cli import printing

    report = api.check(benchmark)
    if as_json:
        typer.echo(report.model_dump_json())
    printing.check_report(report)
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def show(
    benchmark: Annotated[Path, typer.Argument(help="A benchmark folder, or the run folder it is in.")],
    item: Annotated[
        str | None, typer.Argument(help="Id of an item, or its beginning. [a few of every subtask]")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Items of each subtask to show.")] = 1,
) -> None:
    """Read items as a person would."""
    from benchmark_agent import api
    from benchmark_agent.benchmark.show import render_item

    for each in api.items(benchmark, item, per_subtask=count):
        typer.echo(render_item(each) + "\n")


@app.command()
def explain(
    benchmark: Annotated[Path, typer.Argument(help="A benchmark folder, or the run folder it is in.")],
    item: Annotated[str, typer.Argument(help="Id of an item, or its beginning.")],
) -> None:
    """Show an item's whole passport: sources, licences, recipe, checks, proof."""
    from benchmark_agent import api
    from benchmark_agent.benchmark.show import explain as passport

    for each in api.items(benchmark, item):
        typer.echo(passport(each))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say which tools, engines and sources work here, and what to install for the rest."""
    from benchmark_agent.cli import printing
    from benchmark_agent.doctor import examine

    findings = examine()
    if as_json:
        typer.echo(printing.doctor_json(findings))
    else:
        printing.doctor(findings)
    if any(finding.broken for finding in findings):
        sys.exit(1)
