"""`benchmark-agent export`: a benchmark for the harnesses people already use."""

from pathlib import Path
from typing import Annotated

import typer

TARGETS = "inspect, hub, lm-eval, lmms-eval, vlmevalkit, lighteval, promptfoo, evalscope, croissant"
Folder = Annotated[Path, typer.Argument(metavar="BENCHMARK", help="A benchmark folder, or the run folder it is in.")]
To = Annotated[str, typer.Option("--to", metavar="NAMES", help=f"With commas between: {TARGETS}, or 'all'.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="One folder a target is made in it. [beside BENCHMARK]")]
JsonToo = Annotated[bool, typer.Option("--json", help="Print one line of JSON a target on standard output.")]


def export(benchmark: Folder, to: To, out: Out = None, as_json: JsonToo = False) -> None:
    """Write a benchmark for other harnesses.

    What a target cannot carry is counted and named in its 'export.json'. Each folder has a README with the command to
    run. Exit status 2 when a target could not be written; the others are.
    """
    from benchmark_agent import api, plugins
    from benchmark_agent.errors import UserError

    opened = api.load(benchmark)
    shelf = plugins.load().exporters
    names = [each.name for each in shelf] if to == "all" else [name.strip() for name in to.split(",") if name.strip()]
    targets = [shelf[name] for name in dict.fromkeys(names)]
    if not targets:
        raise UserError(f"'--to' names no target; there are {TARGETS}")
    place = out or _beside(opened.folder)
    refused = []
    for target in targets:
        try:
            _told(target.name, target.write(opened, place / target.name), as_json)
        except UserError as error:
            refused.append(str(error))
    if refused:
        raise UserError("; ".join(refused))


def _beside(folder: Path) -> Path:
    """The folder `exports` of a run, or one named after the benchmark where it stands alone."""
    if folder.name == "benchmark" and (folder.parent / "requirement.yaml").is_file():
        return folder.parent / "exports"
    return folder.with_name(f"{folder.name}-exports")


def _told(name: str, folder: Path, as_json: bool) -> None:
    """What was carried, changed and left out. Exporters of plugins need not say."""
    from benchmark_agent.benchmark.exporters.target import REPORT, ExportReport

    report = folder / REPORT
    if not report.is_file():
        typer.echo(f"{name}: {folder}")
        return
    said = ExportReport.model_validate_json(report.read_bytes())
    if as_json:
        typer.echo(said.model_dump_json())
        return
    typer.echo(f"{name}: {said.carried} items in {folder}")
    for count in said.changed:
        typer.echo(f"  changed: {count.n} x {count.name}")
    for each in said.partly:
        typer.echo(f"  partly: {len(each.items)} items: {each.why}")
    for each in said.left_out:
        typer.echo(f"  left out: {len(each.items)} items: {each.why}")
