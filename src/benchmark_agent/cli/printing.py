"""What commands print: people read standard error or tables on standard output, programs read JSON."""

import json
from collections.abc import Iterable, Sequence

import typer
import yaml
from rich.console import Console
from rich.table import Table

from benchmark_agent.api import BuildResult
from benchmark_agent.benchmark.check import CheckReport
from benchmark_agent.doctor import Diagnosis
from benchmark_agent.sources.cards import Audit, DatasetCard
from benchmark_agent.sources.pool import Pool

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False, soft_wrap=True)
_MARK = {"note": "dim", "warning": "yellow", "error": "red"}


def summary_json(result: BuildResult) -> str:
    """One line of JSON: what was asked, what came, where it is."""
    return json.dumps(result.summary(), ensure_ascii=False)


def build_summary(result: BuildResult) -> None:
    """What was built, what is not covered, and what to type next."""
    design, benchmark = result.planned.design, result.benchmark
    for line in design.not_covered:
        _ERR.print(f"[yellow]not covered:[/] {line}")
    if benchmark is None:
        _ERR.print(f"[bold]plan only[/]: {len(result.planned.plan.jobs)} jobs planned in {result.folder}")
        _ERR.print("edit design.yaml, grounding.yaml, allocation.yaml or plan.jsonl there, then type the command again")
        _ERR.print("with '--resume' and without '--plan-only'")
        return
    manifest = benchmark.manifest
    table = Table("subtask", "items", "target signal", "why fewer", box=None, header_style="bold", pad_edge=False)
    for each in manifest.subtasks:
        table.add_row(each.name, f"{each.delivered} of {each.planned}", each.target_signal, each.cause)
    _ERR.print(table)
    asked = manifest.requirement.size
    style = "green" if not manifest.shortfall else "yellow"
    _ERR.print(
        f"[{style}]{manifest.size} of {asked} items[/] in [bold]{benchmark.folder}[/] (digest {manifest.digest})"
    )
    rejected = ", ".join(f"{count.name} {count.n}" for count in manifest.rejected[:5])
    if rejected:
        _ERR.print(f"rejected and replaced: {rejected}")
    for name, accuracy, chance in manifest.baselines:
        _ERR.print(f"baseline {name}: {accuracy:.0%} (chance {chance:.0%})")
    _ERR.print(f"next: benchmark-agent show {benchmark.folder}")


def check_report(report: CheckReport) -> None:
    """Every finding, then the verdict."""
    for finding in report.findings:
        _ERR.print(f"[red]{finding.check}[/] {finding.item or finding.path}: {finding.message}".replace(" : ", ": "))
    verdict = "[green]passed[/]" if report.passed else f"[red]failed[/]: {len(report.findings)} findings"
    _ERR.print(f"check {verdict}, {report.items} items")


def cards(found: Iterable[DatasetCard], as_json: bool) -> None:
    """The pool as a table, or one JSON object a line."""
    if as_json:
        for each in found:
            typer.echo(each.model_dump_json())
        return
    table = Table("id", "rows", "shows", "languages", "answer", "licence", "about", box=None, header_style="bold")
    total = 0
    for each in found:
        total += each.rows
        about = ", ".join(each.topics[:5]) or each.description[:50]
        shown = (each.id, str(each.rows), "+".join(each.modalities), " ".join(each.languages))
        table.add_row(*shown, each.answer.kind, each.licence, about)
    _OUT.print(table)
    _OUT.print(f"{table.row_count} datasets, {total} rows")


def card(pool: Pool, dataset_id: str) -> None:
    """A card as YAML, where it lies, and three rows."""
    dataset = pool.dataset(dataset_id)
    _OUT.print(f"# the card; edit it here: {pool.card_path(dataset_id)}", markup=False)
    _OUT.print(yaml.safe_dump(dataset.card.model_dump(mode="json"), sort_keys=False, allow_unicode=True), markup=False)
    for _, row in zip(range(3), dataset.rows, strict=False):
        _OUT.print(f"# row {row.id}", markup=False)
        _OUT.print(json.dumps(dict(row.values), ensure_ascii=False)[:1500], markup=False)


def hits(found: Sequence[tuple[DatasetCard, float]], query: str) -> None:
    """Search results, best first."""
    if not found:
        _ERR.print(f"nothing in the pool matches {query!r}; see all with 'benchmark-agent pool list'", markup=False)
        raise typer.Exit(2)
    for each, score in found:
        _OUT.print(f"{score:5.2f}  {each.id:<36} {each.rows:>6} rows  {each.description[:90]}", markup=False)


def audits(found: Sequence[Audit], as_json: bool) -> None:
    """Findings by dataset, worst first."""
    if as_json:
        for audit in found:
            typer.echo(audit.model_dump_json())
        return
    for audit in found:
        refused = f"  [red]refused: {audit.refused}[/]" if audit.refused else ""
        _OUT.print(
            f"[bold]{audit.dataset_id}[/]  {audit.effective_rows} of {audit.rows} rows usable and different, "
            f"quality {audit.quality:.2f}{refused}"
        )
        for finding in sorted(audit.findings, key=lambda f: ("error", "warning", "note").index(f.severity)):
            _OUT.print(f"  [{_MARK[finding.severity]}]{finding.severity:<8}[/]", end="")
            _OUT.print(f"{finding.check}: {finding.message}", markup=False)
            for example in finding.examples[:2]:
                _OUT.print(f"            {example[:160]}", markup=False)


def doctor_json(findings: Sequence[Diagnosis]) -> str:
    return json.dumps([finding.model_dump(mode="json") for finding in findings], ensure_ascii=False)


def doctor(findings: Sequence[Diagnosis]) -> None:
    """One line a part: does it work, and if not, what to type."""
    for each in findings:
        mark = "[green]ok  [/]" if each.works else "[yellow]none[/]"
        _OUT.print(f"{mark} {each.part:<8} {each.name:<28}", end=" ")
        _OUT.print(each.message, markup=False)
