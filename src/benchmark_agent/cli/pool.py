"""`benchmark-agent pool`: what there is to draw from, and what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

pool_app = typer.Typer(help="See, search, audit and extend the pool of datasets.", no_args_is_help=True)

Paths = Annotated[
    list[str] | None,
    typer.Option("--pool", help="Folder, file, pool.yaml, 'starter' or 'gym:all'. Repeatable. [starter]"),
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON on standard output.")]


@pool_app.command("list")
def list_datasets(pool: Paths = None, as_json: Json = False) -> None:
    """List the datasets: rows, modalities, languages, licence, what the answer looks like."""
    from benchmark_agent.api import open_pool
    from benchmark_agent.cli import printing

    opened = open_pool(pool or ())
    printing.cards(opened.cards, as_json)


@pool_app.command()
def show(dataset: Annotated[str, typer.Argument(help="Id of a dataset.")], pool: Paths = None) -> None:
    """Show one dataset: its card (a YAML file you can edit) and a few rows."""
    from benchmark_agent.api import open_pool
    from benchmark_agent.cli import printing

    opened = open_pool(pool or ())
    printing.card(opened, dataset)


@pool_app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words in any language.")],
    pool: Paths = None,
    limit: Annotated[int, typer.Option(min=1)] = 10,
) -> None:
    """Find datasets by words."""
    from benchmark_agent.api import open_pool
    from benchmark_agent.cli import printing

    printing.hits(open_pool(pool or ()).search(query, limit), query)


@pool_app.command()
def audit(
    dataset: Annotated[str | None, typer.Argument(help="Id of a dataset. [all]")] = None,
    pool: Paths = None,
    as_json: Json = False,
) -> None:
    """Find what makes rows or datasets unusable or misleading, with evidence."""
    from benchmark_agent.api import open_pool
    from benchmark_agent.cli import printing

    opened = open_pool(pool or ())
    names = [dataset] if dataset else [card.id for card in opened.cards]
    printing.audits([opened.audit(name) for name in names], as_json)


@pool_app.command()
def add(
    path: Annotated[str, typer.Argument(help="Folder or file to add.")],
    pool: Annotated[Path, typer.Option("--pool", help="The pool file to add it to; made when it is not there.")],
) -> None:
    """Add a folder or file to a pool file, after a look at what is in it."""
    from benchmark_agent.sources.pool import add as add_to

    add_to(pool, path)
    typer.echo(f"added {path!r} to {str(pool)!r}; build from it with '--pool {pool}'", err=True)
