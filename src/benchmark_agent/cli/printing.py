"""What commands print: results on standard output, all else on standard error; text fits the terminal it meets."""

import json
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

import typer
import yaml
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark_agent.api import BuildResult
from benchmark_agent.benchmark.check import CheckReport
from benchmark_agent.benchmark.types import Benchmark, Manifest
from benchmark_agent.doctor import Diagnosis
from benchmark_agent.sources.cards import Audit, DatasetCard
from benchmark_agent.sources.pool import Pool

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False, soft_wrap=True)
_SEVERITY = {"error": "red", "warning": "yellow", "note": "dim"}
"""Worst first, with the colour of each."""
_BASELINES = {"choices_only": "options alone", "longest_option": "the longest option"}
_TOLD = 300
"""Characters of a reason; the files of the run hold the rest."""
_PIPED = 120
"""Characters of a description that goes to a file or another program."""
_ABOUT = 18
"""Columns under which a description says nothing."""


def summary_json(result: BuildResult) -> str:
    """One line of JSON: what was asked, what came, where it is."""
    return json.dumps(result.summary(), ensure_ascii=False)


def build_summary(result: BuildResult) -> None:
    """What was built, what is not covered, and what to type next."""
    for line in result.planned.design.not_covered:
        _say(_ERR, "not covered:", _cut(line), "yellow")
    if result.benchmark is None:
        _plan_summary(result)
    else:
        _benchmark_summary(result.benchmark.manifest, str(result.benchmark.folder), str(result.folder))


def _plan_summary(result: BuildResult) -> None:
    planned, folder = result.planned, result.folder
    names = {subtask.id: subtask.name for subtask in planned.design.subtasks}
    table = _table(("items", "right"), "subtask", "from")
    for quota in planned.allocation.quotas:
        cells = [cell for cell in planned.allocation.cells if cell.subtask_id == quota.subtask_id and cell.items]
        places = ", ".join(sorted({cell.dataset_id for cell in cells}))
        table.add_row(_of(quota.given, quota.wanted), names[quota.subtask_id], places)
    _ERR.print(table)
    for quota in planned.allocation.quotas:
        if quota.cause:
            _say(_ERR, f"fewer of {names[quota.subtask_id]!r}:", _cut(quota.cause), "yellow")
    for fix in dict.fromkeys(each.fix for each in planned.allocation.diagnosis if planned.allocation.shortfall):
        _say(_ERR, "what would help:", fix, "yellow")
    jobs, reserve = len(planned.plan.jobs), len(planned.plan.reserve)
    _say(_ERR, "plan only:", f"{jobs} items planned in {folder}, {reserve} rows in reserve", "bold")
    _say(_ERR, "edit:", f"design.yaml, grounding.yaml, allocation.yaml or plan.jsonl in {folder}", "bold")
    _say(_ERR, "next:", f"benchmark-agent build {folder / 'requirement.yaml'} --out {folder} --resume", "bold")


def _benchmark_summary(manifest: Manifest, folder: str, run: str) -> None:
    table = _table(("items", "right"), "subtask", "needed to answer")
    for each in manifest.subtasks:
        table.add_row(_of(each.delivered, each.planned), each.name, each.target_signal)
    _ERR.print(table)
    for each in manifest.subtasks:
        if each.cause:
            _say(_ERR, f"fewer of {each.name!r}:", _cut(each.cause), "yellow")
    if manifest.rejected:
        total = sum(count.n for count in manifest.rejected)
        listed = ", ".join(f"{count.name} {count.n}" for count in manifest.rejected[:5])
        _say(_ERR, "rejected and replaced:" if not manifest.shortfall else "rejected:", f"{total} ({listed})")
    for name, accuracy, chance in manifest.baselines:
        said = f"{_BASELINES.get(name, name)} gives {accuracy:.0%} right (chance {chance:.0%})"
        _say(_ERR, "baseline:", said)
    if manifest.models:
        share = manifest.models.cost_per_item
        told = f"${manifest.models.cost:.2f} for {manifest.models.calls} calls"
        _say(_ERR, "models:", told + (f", ${share:.4f} an item" if share is not None else ""))
    made = f"{manifest.size} of {manifest.requirement.size} items"
    _say(_ERR, made, f"in {folder} (digest {manifest.digest})", "yellow" if manifest.shortfall else "green")
    _say(_ERR, "next:", f"benchmark-agent show {run}", "bold")


def check_report(report: CheckReport) -> None:
    """Every finding, then the verdict."""
    for finding in report.findings:
        place = finding.item or finding.path
        _say(_ERR, f"{finding.check}:", f"{place}: {finding.message}" if place else finding.message, "red")
    if report.passed:
        _say(_ERR, "passed:", f"{report.items} items", "green")
    else:
        _say(_ERR, "failed:", f"{_count(len(report.findings), 'finding')} over {report.items} items", "red")


def shown(benchmark: Benchmark, count: int) -> None:
    """What of a benchmark is about to be read."""
    manifest = benchmark.manifest
    held = f"{manifest.size} items, {_count(len(manifest.subtasks), 'subtask')}"
    _say(_ERR, f"{benchmark.folder}:", f"{held}; {count} of each below, more with '--count'", "bold")


def cards(found: Sequence[DatasetCard], as_json: bool) -> None:
    """The pool as a table, or as one JSON list."""
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False))
        return
    header = ("id", "rows", "shows", "lang", "answer", "licence", "about")
    _lines(header, [_card_row(each) for each in found], (26, 7, 16, 8, 13, 12))
    _OUT.print(f"{_count(len(found), 'dataset')}, {_count(sum(each.rows for each in found), 'row')}")


def _card_row(card: DatasetCard) -> tuple[str, ...]:
    shows, languages = "+".join(card.modalities), " ".join(card.languages)
    return (card.id, str(card.rows), shows, languages, card.answer.kind, card.licence, card.description)


def card(pool: Pool, dataset_id: str) -> None:
    """A card as YAML, where it lies, and three rows."""
    dataset = pool.dataset(dataset_id)
    told = dataset.card.model_dump(mode="json", exclude_defaults=True)
    _OUT.print(f"# the card, without what is empty; to correct it, edit:\n# {pool.card_path(dataset_id)}", markup=False)
    text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, default_flow_style=None, width=72)
    _OUT.print(text.rstrip(), markup=False)
    for _, row in zip(range(3), dataset.rows, strict=False):
        _OUT.print(f"# row {row.id}", markup=False)
        _OUT.print(_cut(json.dumps(dict(row.values), ensure_ascii=False), 1500), markup=False)


def hits(found: Sequence[tuple[DatasetCard, float]], query: str) -> None:
    """Search results, best first."""
    if not found:
        _say(_ERR, "error:", f"nothing in the pool matches {query!r}; see all of it with 'benchmark-agent pool list'")
        raise typer.Exit(2)
    rows = [(f"{score:.2f}", each.id, str(each.rows), each.description) for each, score in found]
    _lines(("match", "id", "rows", "about"), rows, (5, 32, 7))


def audits(found: Iterable[Audit]) -> None:
    """Findings by dataset, worst first, as they are made."""
    datasets = rows = refused = 0
    for audit in found:
        datasets += 1
        rows += audit.rows - len(audit.unusable)
        refused += bool(audit.refused)
        _audit(audit)
    of_these = f", {refused} refused" if refused else ""
    _OUT.print(f"{_count(datasets, 'dataset')}{of_these}, {_count(rows, 'usable row')}")


def _audit(audit: Audit) -> None:
    usable = audit.rows - len(audit.unusable)
    counts = f"{usable} of {audit.rows} rows usable"
    if audit.effective_rows != usable:
        counts += f", {audit.effective_rows} of them different"
    _say(_OUT, audit.dataset_id, f"{counts}, quality {audit.quality:.2f}", "bold")
    if audit.refused:
        _say(_OUT, "  refused:", audit.refused, "red", indent=4)
    for finding in sorted(audit.findings, key=lambda f: list(_SEVERITY).index(f.severity)):
        said = f"{finding.check}: {finding.message}"
        _say(_OUT, f"  {finding.severity}:", said, _SEVERITY[finding.severity], indent=4)
        for example in finding.examples[:2]:
            _say(_OUT, "     ", _cut(example, 160), indent=8)


def audits_json(found: Iterable[Audit]) -> str:
    """One JSON list."""
    return json.dumps([audit.model_dump(mode="json") for audit in found], ensure_ascii=False)


def doctor_json(findings: Sequence[Diagnosis]) -> str:
    """One JSON list."""
    return json.dumps([finding.model_dump(mode="json") for finding in findings], ensure_ascii=False)


def doctor(findings: Sequence[Diagnosis], every: bool) -> None:
    """Each kind of part with the names that work, then what does not work and what to type."""
    for part, group in groupby(findings, key=lambda each: each.part):
        each_one = list(group)
        working = [each for each in each_one if each.works]
        if part in ("core", "extra") or every:
            for each in working:
                _say(_OUT, f"ok    {part} {each.name}:", each.message, "green")
        elif working:
            names = ", ".join(each.name for each in working)
            _say(_OUT, f"ok    {len(working)} {part}{'s' if len(working) > 1 else ''}:", names, "green")
        for each in each_one:
            if not each.works:
                _say(_OUT, f"{'BAD ' if each.broken else 'none'}  {part} {each.name}:", each.message, "yellow")


def _say(console: Console, head: str, text: str, style: str = "", indent: int = 6) -> None:
    """One line, its head in colour; wrapped between words on a terminal, whole elsewhere."""
    line = f"{head} {text}" if head.strip() else f"{head}{text}"
    if console.is_terminal:
        line = textwrap.fill(
            line,
            console.width,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
        )
    told = Text(line)
    told.stylize(style, 0, len(head))
    console.print(told)


def _table(*columns: str | tuple[str, str]) -> Table:
    """Columns by name; `(name, "right")` for figures."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        name, side = (column, "left") if isinstance(column, str) else column
        table.add_column(name, justify="right" if side == "right" else "left")
    return table


def _lines(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], most: tuple[int, ...]) -> None:
    """A line a row. On a terminal, columns are cut at `most` and the last takes what is left, or is left out."""
    places = range(len(most))
    widths = [max(cell_len(row[k]) for row in (header, *rows)) for k in places]
    left = _PIPED
    if _OUT.is_terminal:
        widths = [min(pair) for pair in zip(widths, most, strict=True)]
        left = _OUT.width - sum(widths) - 2 * len(most) - 1
    for n, row in enumerate((header, *rows)):
        figures = [row[k].isdigit() or (n == 0 and rows[0][k].isdigit()) for k in places]
        cells = [_cell(row[k], widths[k], figures[k]) for k in places]
        cells += [_cut(row[-1], left)] if left >= _ABOUT else []
        _OUT.print(Text("  ".join(cells).rstrip(), "bold" if n == 0 else ""))


def _cell(text: str, width: int, right: bool) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def _of(given: int, wanted: int) -> str:
    return str(given) if given == wanted else f"{given} of {wanted}"


def _cut(text: str, limit: int = _TOLD) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
