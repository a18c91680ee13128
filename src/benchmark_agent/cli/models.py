"""`benchmark-agent models`: what a model can do, and what models cost, before a run spends anything."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark_agent.cli import OTHER
from benchmark_agent.cli.pool import Json

if TYPE_CHECKING:
    from benchmark_agent.models.check import ModelCheck
    from benchmark_agent.models.prices import Row

models_app = typer.Typer(
    help="Try models, and see prices, before a run spends anything.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Model = Annotated[
    str | None,
    typer.Option(metavar="MODEL", help="'provider/model', or 'openai-api/NAME/MODEL' for a server of your own."),
]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE=MODEL", help="planner, writer, solver, judge or viewer. *"),
]


@models_app.command()
def check(model: Model = None, role: Roles = None, as_json: Json = False) -> None:
    """Try models: reached, JSON, images, audio, speed, price.

    Four or five short calls for each model. Options marked * may be given several times. Exit status 1 when a model
    cannot be used.
    """
    from benchmark_agent.errors import UserError
    from benchmark_agent.models import roster
    from benchmark_agent.models.check import examine_model
    from benchmark_agent.plugins import load

    names = roster.mentioned(model, role or ())
    if not names:
        raise UserError("no model is named; type 'benchmark-agent models check --model openai/gpt-5.1'")
    shelf = load().models
    checks = []
    for name in names:
        checks.append(examine_model(name, find=shelf.__getitem__ if name in shelf else None))
        if not as_json:
            typer.echo("\n".join(_told(checks[-1])))
    if as_json:
        typer.echo(json.dumps([_json(each) for each in checks], ensure_ascii=False))
    if not all(each.usable for each in checks):
        raise typer.Exit(OTHER)


@models_app.command("list")
def list_prices(as_json: Json = False) -> None:
    """List models: US dollars a million tokens, what they take."""
    from benchmark_agent.models import prices
    from benchmark_agent.models.tables import aligned
    from benchmark_agent.sources.home import home

    rows = prices.load().rows
    if as_json:
        typer.echo(json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False))
        return
    head = ("model", "family", "takes", "schemas", "as of", "in", "out", "audio")
    typer.echo("\n".join(aligned([head, *map(_cells, rows)], words=5)))
    typer.echo(
        f"\nThe first row that tells a fact counts. Write your own into {str(home() / prices.FILE)!r}; prices change.",
        err=True,
    )


def _cells(row: "Row") -> tuple[str, ...]:
    schemas = {True: "yes", False: "no", None: ""}[row.schemas]
    dollars = ("" if price is None else f"{price:g}" for price in (row.input, row.output, row.audio))
    return (row.pattern, row.family or "", ", ".join(row.takes or ()), schemas, row.as_of or "", *dollars)


def _json(found: "ModelCheck") -> dict[str, object]:
    return {**found.model_dump(mode="json"), "usable": found.usable}


def _told(found: "ModelCheck") -> list[str]:
    """A line for each ability, then what it took."""
    lines = [found.model]
    for each in found.findings:
        said = f"  {' '.join(each.said.split())}" if each.said else ""
        lines.append(f"  {'yes' if each.passed else 'no ':<3}  {each.ability:<14}{said}".rstrip())
    if found.calls:
        took = f"{found.input_tokens} tokens in, {found.output_tokens} out, ${found.cost:.4f}"
        lines.append(f"  {found.calls} calls: the quickest {found.seconds:.2f} s; {took}")
    lines.append(f"  family: {found.family}")
    lines.append(f"  price: {found.price}")
    return lines
