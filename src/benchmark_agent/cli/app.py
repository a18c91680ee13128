"""The commands. Everything heavy is imported when a command runs, so that `--help` answers at once."""

from pathlib import Path
from typing import Annotated, Any

import typer

from benchmark_agent.cli import OTHER, SHORT
from benchmark_agent.cli.evaluate import evaluate
from benchmark_agent.cli.export import export
from benchmark_agent.cli.journal import journal_app
from benchmark_agent.cli.models import models_app
from benchmark_agent.cli.pool import Json, pool_app
from benchmark_agent.cli.quality import assess, compare
from benchmark_agent.cli.report import report

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
app.add_typer(models_app, name="models")
app.add_typer(journal_app, name="journal")
app.command()(evaluate)
app.command()(export)
app.command()(assess)
app.command()(compare)
app.command()(report)

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
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A model for every role: openai/gpt-5.1. [none]"),
]
Role = Annotated[
    list[str] | None,
    typer.Option(metavar="ROLE=NAME", help="planner, writer, solver=A,B, judge or viewer. *"),
]
RolesFile = Annotated[Path | None, typer.Option("--roles", metavar="FILE", help="Roles as a YAML file.")]
MaxUsd = Annotated[
    float | None,
    typer.Option("--max-usd", metavar="N", min=0, help="Stop before model calls cost more."),
]
Prices = Annotated[Path | None, typer.Option(metavar="FILE", help="Prices read before ours.")]
Direct = Annotated[
    bool,
    typer.Option("--direct", help="Items from the goal alone, no pool: a baseline."),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORD",
        help="Turn off design_review, dry_run, adaptation or verification. *",
    ),
]
Replay = Annotated[
    bool,
    typer.Option("--replay", help="Build again from the journal: no key, no network."),
]
JournalFile = Annotated[
    Path | None,
    typer.Option("--journal", metavar="FILE", help="Begin with this journal of calls."),
]
InFlight = Annotated[
    int,
    typer.Option("--in-flight", metavar="N", min=1, max=512, help="Model calls at once."),
]


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
    model: Model = None,
    role: Role = None,
    roles: RolesFile = None,
    max_usd: MaxUsd = None,
    prices: Prices = None,
    direct: Direct = False,
    without: Without = None,
    replay: Replay = False,
    journal: JournalFile = None,
    in_flight: InFlight = 64,
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
    from benchmark_agent.models import roster
    from benchmark_agent.studio import Terms

    wishes: dict[str, Any] = {"size": size, "pool": pool, "subtasks": subtasks, "licences": licence, "seed": seed}
    wishes |= {"modalities": modality, "languages": language, "answer_kinds": answer_kind}
    wishes |= {"roles": roster.read(model, role or (), roles), "budget": max_usd}
    wishes |= {"direct": direct or None, "without": without}
    requirement = api.requirement(goal, **wishes)
    terms = Terms(replay, journal, prices, in_flight)
    with progress.listener() as listen:
        result = api.build(
            requirement, out=out, plan_only=plan_only, resume=resume, workers=workers, listener=listen, terms=terms
        )
    if as_json:
        typer.echo(printing.summary_json(result))
    printing.build_summary(result)
    if result.shortfall:
        raise typer.Exit(SHORT)


@app.command()
def estimate(
    goal: Goal,
    size: Size = None,
    pool: Draw = None,
    subtasks: Subtasks = None,
    model: Model = None,
    role: Role = None,
    roles: RolesFile = None,
    prices: Prices = None,
    direct: Direct = False,
    in_flight: InFlight = 64,
    as_json: Json = False,
) -> None:
    """Say what a build with models would cost.

    Calls, tokens, dollars and minutes by stage. Nothing is asked and nothing is spent.
    Options marked * may be given several times.
    """
    from benchmark_agent import api
    from benchmark_agent.cli import progress
    from benchmark_agent.forecast import forecast
    from benchmark_agent.models import prices as listed
    from benchmark_agent.models import roster
    from benchmark_agent.models.estimate import lines

    played = roster.read(model, role or (), roles)
    wanted = api.requirement(goal, size=size, pool=pool, subtasks=subtasks, roles=played, direct=direct or None)
    with progress.listener() as listen:
        opened = api.open_pool(wanted.pool, listener=listen)
    expected = forecast(wanted, opened, listed.load(prices), in_flight)
    typer.echo(expected.model_dump_json() if as_json else "\n".join(lines(expected)))


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
