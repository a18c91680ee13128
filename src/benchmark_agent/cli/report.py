"""`benchmark-agent report`: everything about a benchmark on one page."""

from pathlib import Path
from typing import Annotated

import typer

from benchmark_agent.cli.quality import Folder, Runs, Sizes, families

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page. [report.html in the run folder]")]


def report(benchmark: Folder, out: Out = None, runs: Runs = None, family: Sizes = None) -> None:
    """Write one HTML page about a benchmark.

    What it asks, how good it is, who leads; items, rejections, errors, cost, and how to build it again. The file needs
    no network and no other file. Options marked * may be given several times.
    """
    from benchmark_agent import api, reporting

    opened = api.load(benchmark)
    made = reporting.report(opened, runs=runs, families=families(family))
    path = out or reporting.default_page(opened)
    reporting.save(made, path)
    typer.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB; open it in a browser")
    if made.left_out:
        typer.echo(f"{made.left_out} pictures and sounds were left out to keep it small", err=True)
