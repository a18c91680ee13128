"""Material -> one self-contained HTML page."""

import base64
import hashlib
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from benchmark_agent.quality.types import Distractor, FailureGroup, Metric, QualityReport, Suspect
from benchmark_agent.report import words
from benchmark_agent.report.items import ItemView, cut, draft_view, item_view, picked
from benchmark_agent.report.media import Album
from benchmark_agent.report.summary import how_good, who_leads
from benchmark_agent.report.types import Material, Page, Rejected
from benchmark_agent.requirement import Requirement
from benchmark_agent.verification.types import Item

MODELS, SUSPECTS, GROUPS, DISTRACTORS, PAIRS = 60, 12, 12, 12, 60
"""How many of each are shown at most; quality.json has all."""


@dataclass(frozen=True, slots=True)
class SuspectView:
    suspect: Suspect
    item: ItemView
    taken: tuple[Distractor, ...]


@dataclass(frozen=True, slots=True)
class RejectedView:
    reason: str
    n: int
    examples: tuple[tuple[Rejected, ItemView | None], ...]


@dataclass(frozen=True, slots=True)
class Census:
    """What one reading of the items found."""

    shown: Mapping[str, Sequence[Item]]
    """By subtask."""
    basis: dict[str, int]
    kinds: dict[str, int]
    media: dict[str, int]
    """Items by what they show: text, image, audio."""
    constructions: dict[str, dict[str, None]]
    """By subtask, in order."""
    datasets: dict[str, dict[str, None]]
    checks: int
    suspects: dict[str, Item]


def page(material: Material) -> Page:
    """The whole report."""
    album, census = Album(), _census(material)
    folder = material.benchmark.folder
    samples = {name: [item_view(item, album, folder) for item in items] for name, items in census.shown.items()}
    suspects = [
        _suspect(each, census, album, material) for each in _suspects(material) if each.item_id in census.suspects
    ]
    rejected = tuple(_rejected(material, album))
    html = _render(
        "page.html.j2",
        _common(material)
        | {
            "census": census,
            "good": how_good(material, census.basis, census.checks),
            "samples": samples,
            "suspects": suspects,
            "rejected": rejected,
            "map": _difficulty(material.quality),
            "figures": _figures(material.quality.metrics if material.quality else (), words.FIGURES),
            "various": _figures(material.variety.metrics if material.variety else (), words.VARIETY),
            "failures": _failures(material.quality),
            "command": reproduction(material.benchmark.manifest.requirement),
            "pools": material.benchmark.manifest.requirement.pool,
            "left_out": album.left_out,
        },
    )
    return Page(html, album.left_out)


def leaderboard(material: Material) -> Page:
    """The leaderboard alone, for `compare`."""
    return Page(_render("board.html.j2", _common(material)), 0)


def _common(material: Material) -> dict[str, Any]:
    quality = material.quality
    standings = quality.standings if quality else material.floors
    return {
        "m": material,
        "manifest": material.benchmark.manifest,
        "names": {each.subtask_id: each.name for each in material.benchmark.manifest.subtasks},
        "quality": quality,
        "standings": standings[:MODELS],
        "more_standings": max(0, len(standings) - MODELS),
        "leads": who_leads(quality) if quality else (),
        "pairs": [each for each in quality.comparisons if not each.subtask][:PAIRS] if quality else [],
        "runs": {run.model: run for run in material.runs},
    }


def reproduction(wanted: Requirement) -> str:
    """The command that builds the benchmark again."""
    parts = ["benchmark-agent", "build", wanted.goal, "--size", str(wanted.size), "--seed", str(wanted.seed)]
    for flag, values in (
        ("--pool", wanted.pool),
        ("--modality", wanted.modalities or ()),
        ("--language", wanted.languages),
        ("--answer-kind", wanted.answer_kinds),
        ("--licence", wanted.licences),
        ("--without", wanted.without),
    ):
        for value in values:
            parts += [flag, value]
    if wanted.subtasks is not None:
        parts += ["--subtasks", str(wanted.subtasks)]
    if wanted.direct:
        parts.append("--direct")
    if wanted.roles is not None:
        roles = wanted.roles
        named = {"planner": roles.planner, "writer": roles.writer, "solver": ",".join(roles.solvers)}
        named |= {"judge": roles.judge, "viewer": roles.viewer}
        parts += [part for role, name in named.items() if name for part in ("--role", f"{role}={name}")]
    return shlex.join(parts)


def _suspects(material: Material) -> tuple[Suspect, ...]:
    return material.quality.suspects[:SUSPECTS] if material.quality else ()


def _census(material: Material) -> Census:
    wanted = {each.item_id for each in _suspects(material)}
    basis: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    media: Counter[str] = Counter()
    constructions: dict[str, dict[str, None]] = defaultdict(dict)
    datasets: dict[str, dict[str, None]] = defaultdict(dict)
    suspects: dict[str, Item] = {}
    checks = 0

    def read() -> Iterator[Item]:
        nonlocal checks
        for item in material.benchmark:
            basis[item.gold_basis] += 1
            kinds[item.answer_kind] += 1
            media.update({part.type for part in item.input} or {"text"})
            constructions[item.subtask][item.construction] = None
            datasets[item.subtask].update(dict.fromkeys(row.dataset for row in item.sources[:1]))
            checks = max(checks, len(item.checks))
            if item.id in wanted:
                suspects[item.id] = item
            yield item

    shown = picked(read())
    return Census(shown, dict(basis), dict(kinds), dict(media), constructions, datasets, checks, suspects)


def _suspect(suspect: Suspect, census: Census, album: Album, material: Material) -> SuspectView:
    errors = material.quality.errors if material.quality else None
    taken = tuple(each for each in errors.distractors if each.item_id == suspect.item_id) if errors else ()
    return SuspectView(suspect, item_view(census.suspects[suspect.item_id], album, material.benchmark.folder), taken)


def _rejected(material: Material, album: Album) -> Iterator[RejectedView]:
    """Every reason with its count, and examples where the run folder has them."""
    for count in material.benchmark.manifest.rejected:
        found = [each for each in material.rejected if each.kind == count.name]
        folder = material.run_folder
        examples = tuple((each, draft_view(each, album, folder) if folder else None) for each in found)
        yield RejectedView(cut(count.name, 300), count.n, examples)


def _difficulty(quality: QualityReport | None) -> dict[str, list[int]]:
    """Items of each subtask by how many models are right on them: a count for each of `words.BANDS`."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(words.BANDS))
    for item in quality.item_figures if quality else ():
        if item.right is not None:
            found[item.subtask][words.band(item.right)] += 1
    return dict(found)


def _figures(metrics: Sequence[Metric], titles: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, Metric]]:
    """Title, meaning and figure, in the order a reader needs them."""
    known = {metric.name: metric for metric in metrics}
    told = [(*titles[name], known.pop(name)) for name in titles if name in known]
    return told + [(name.replace("_", " "), "", metric) for name, metric in known.items()]


def _failures(quality: QualityReport | None) -> dict[str, list[FailureGroup]]:
    found: dict[str, list[FailureGroup]] = defaultdict(list)
    for group in quality.errors.groups if quality and quality.errors else ():
        if len(found[group.by]) < GROUPS:
            found[group.by].append(group)
    return dict(found)


def _render(template: str, values: dict[str, Any]) -> str:
    style = (resources.files("benchmark_agent.report") / "templates" / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    limits = {"distractors": DISTRACTORS, "bands": words.BANDS, "first_figures": words.FIRST}
    return _environment().get_template(template).render(**values, **limits, style=style, style_digest=digest)


@cache
def _environment() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("benchmark_agent.report"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=lambda value: words.readable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("percent", "interval", "figure", "figure_interval", "money", "duration", "plural"):
        found.filters[name] = getattr(words, name)
    found.filters["cut"] = cut
    return found
