"""`benchmark-agent pool`: what there is to draw from, and what is wrong with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from benchmark_agent.sources.pool import Pool

pool_app = typer.Typer(
    help="See, search, audit and extend the pool of datasets.", no_args_is_help=True, rich_markup_mode=None
)

Paths = Annotated[
    list[str] | None,
    typer.Option(
        "--pool",
        metavar="PATH",
        help="Folder, file, pool.yaml, 'starter', 'made:NAME', 'gym:TASK' or 'gym:all'; may be given several times. "
        "[starter]",
    ),
]
DatasetId = Annotated[str, typer.Argument(metavar="DATASET", help="Id of a dataset, as 'pool list' shows it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON on standard output instead.")]


def _opened(paths: list[str] | None) -> "Pool":
    from benchmark_agent.api import open_pool
    from benchmark_agent.cli import progress

    with progress.listener() as listen:
        return open_pool(paths or (), listener=listen)


@pool_app.command("list")
def list_datasets(pool: Paths = None, as_json: Json = False) -> None:
    """List the datasets: rows, input, languages, answer, licence."""
    from benchmark_agent.cli import printing

    printing.cards(_opened(pool).cards, as_json)


@pool_app.command()
def show(dataset: DatasetId, pool: Paths = None) -> None:
    """Show a dataset's card, where to edit it, and three rows."""
    from benchmark_agent.cli import printing

    printing.card(_opened(pool), dataset)


@pool_app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="WORDS", help="Words in any language, in quotes.")],
    pool: Paths = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many to show at most.")] = 10,
) -> None:
    """Find datasets by words, best match first."""
    from benchmark_agent.cli import printing

    printing.hits(_opened(pool).search(query, limit), query)


@pool_app.command()
def audit(
    dataset: Annotated[str | None, typer.Argument(metavar="DATASET", help="Id of a dataset. [all of them]")] = None,
    pool: Paths = None,
    as_json: Json = False,
) -> None:
    """Find what makes rows or datasets unusable or misleading."""
    from benchmark_agent.cli import printing

    opened = _opened(pool)
    names = [dataset] if dataset else [card.id for card in opened.cards]
    found = (opened.audit(name) for name in names)
    if as_json:
        typer.echo(printing.audits_json(found))
    else:
        printing.audits(found)


@pool_app.command()
def add(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Folder or file to add.")],
    pool: Annotated[Path, typer.Option("--pool", metavar="FILE", help="Pool file; made when it is not there.")],
) -> None:
    """Add a folder or file to a pool file, after a look at it."""
    from benchmark_agent.sources.pool import add as add_to

    add_to(pool, path)
    typer.echo(f"added {path!r} to {str(pool)!r}; see it with 'benchmark-agent pool list --pool {pool}'", err=True)


@pool_app.command()
def make(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Recipe; without it, all are listed.")] = None,
    given: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Where the packages are unpacked, or their .deb files."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Where to. [the cache folder]")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to a download of more than 50 MB.")] = False,
) -> None:
    """Make a pool of public packages: pictures, sounds, speech, maps."""
    from benchmark_agent.cli import making

    making.recipes() if name is None else making.made(name, given, out, yes=yes)
