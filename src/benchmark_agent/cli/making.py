"""What `pool make` prints and asks."""

import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from benchmark_agent.sources.pool_recipes import RECIPES
from benchmark_agent.sources.pool_recipes.make import make, recipe_called, state_of


def recipes() -> None:
    """Every recipe: what it gives, its licence, and whether its material is here."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("recipe", "gives", "licence", "download", "here"):
        table.add_column(heading, overflow="fold")
    for recipe in sorted(RECIPES, key=lambda each: each.name):
        size = sum(package.megabytes for package in recipe.packages)
        table.add_row(recipe.name, recipe.gives, recipe.licence, f"{size} MB" if size else "-", state_of(recipe))
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    typer.echo("Make one with 'benchmark-agent pool make NAME'.", err=True)


def made(name: str, given: Path | None, out: Path | None, *, yes: bool) -> None:
    """Make a pool and say how to use it."""

    def agree(size: int) -> bool:
        if yes or not sys.stdin.isatty():
            return yes
        return typer.confirm(f"{size / 1e6:.0f} MB will be downloaded. Go on?", err=True)

    recipe = recipe_called(name)
    pool = make(name, agree, given=given, out=out)
    for dataset, rows in pool.rows.items():
        typer.echo(f"{dataset}: {rows} rows")
    where = str(out) if out else f"made:{name}"
    typer.echo(f"{len(pool.rows)} datasets in {str(pool.folder)!r}, licence {recipe.licence}", err=True)
    typer.echo(f"use them with: --pool {where}", err=True)
