"""README.md of a benchmark: a Hugging Face dataset card a person likes to read."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from benchmark_agent.benchmark.show import media_parts, render_item
from benchmark_agent.benchmark.types import Manifest
from benchmark_agent.content import Image
from benchmark_agent.verification.types import Item

EXAMPLE_LENGTH = 1500
"""Characters. A longer example is cut in the middle."""
FAR_ABOVE_CHANCE = 0.1
"""Share, 0-1, by which a baseline may beat chance without a warning in the card."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_HUB_LICENCES = frozenset(
    "apache-2.0 mit cc0-1.0 cc-by-4.0 cc-by-3.0 cc-by-sa-4.0 cc-by-sa-3.0 cc-by-nc-4.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 "
    "bsd-2-clause bsd-3-clause gpl-2.0 gpl-3.0 lgpl-3.0 mpl-2.0 odbl odc-by pddl unlicense unknown".split()
)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card tells besides the manifest."""

    answer_kinds: tuple[str, ...]
    modalities: tuple[str, ...]
    languages: tuple[str, ...]
    examples: Mapping[str, Item]
    """One item a subtask."""
    gold_basis: Mapping[str, int]
    """Items by what their gold rests on."""
    shards: Mapping[str, tuple[str, ...]]
    """Parquet files in `data/` by subtask."""


def canary(digest: str) -> str:
    """A GUID for one benchmark, by which its text can be found in training data."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"benchmark-agent:{digest}"))


def write_card(manifest: Manifest, facts: CardFacts) -> str:
    """The text of README.md."""
    front = yaml.safe_dump(_front_matter(manifest, facts), sort_keys=False, allow_unicode=True, width=1000)
    sections = [
        _opening(manifest),
        _subtasks(manifest),
        _shortfall(manifest),
        _examples(manifest, facts),
        _loading(manifest, facts),
        _making(manifest, facts),
        _baselines(manifest),
        _models(manifest),
        _limits(manifest),
        _datasets(manifest),
        _canary(manifest),
    ]
    return f"---\n{front}---\n\n" + "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _front_matter(manifest: Manifest, facts: CardFacts) -> dict[str, object]:
    tasks = ["question-answering"]
    tasks += ["multiple-choice"] if {"choice", "multi_choice"} & set(facts.answer_kinds) else []
    tasks += ["visual-question-answering"] if "image" in facts.modalities else []
    tasks += ["audio-text-to-text"] if "audio" in facts.modalities else []
    licences = sorted({_hub_licence(use.licence) for use in manifest.datasets}) or ["unknown"]
    front: dict[str, object] = {"pretty_name": manifest.name, "license": licences if len(licences) > 1 else licences[0]}
    if facts.languages:
        front["language"] = list(facts.languages)
    front["task_categories"] = tasks
    front["tags"] = ["benchmark", "evaluation", "benchmark-agent"]
    front["size_categories"] = [next((name for bound, name in _SIZES if manifest.size < bound), "1M<n<10M")]
    front["configs"] = [
        {"config_name": "default", "data_files": [{"split": "test", "path": "data/*.parquet"}]},
        *(
            {
                "config_name": subtask,
                "data_files": [{"split": "test", "path": [f"data/{name}" for name in names]}],
            }
            for subtask, names in facts.shards.items()
        ),
    ]
    return front


def _hub_licence(licence: str) -> str:
    return licence.lower() if licence.lower() in _HUB_LICENCES else "other"


def _opening(manifest: Manifest) -> list[str]:
    many = len([subtask for subtask in manifest.subtasks if subtask.delivered])
    goal = manifest.requirement.goal
    return [
        f"# {_inline(manifest.name)}",
        "",
        *([*(f"> {line}" for line in goal.splitlines()), ""] if goal != manifest.name else []),
        f"{_counted(manifest.size, 'verified item')} in {_counted(many, 'subtask')}, "
        f"drawn from {_counted(len(manifest.datasets), 'dataset')}. "
        "Each item says what its answer rests on, where it comes from and which checks it passed.",
    ]


def _subtasks(manifest: Manifest) -> list[str]:
    rows = [
        (subtask.name, f"`{subtask.subtask_id}`", str(subtask.delivered), subtask.target_signal)
        for subtask in manifest.subtasks
    ]
    return ["## What it measures", "", *_table(("Subtask", "Config", "Items", "Evidence that must be needed"), rows)]


def _shortfall(manifest: Manifest) -> list[str]:
    short = [subtask for subtask in manifest.subtasks if subtask.delivered < subtask.planned]
    if not manifest.shortfall and not short:
        return []
    asked = manifest.requirement.size
    told = f"{manifest.size} of the {asked} items asked for were delivered; {manifest.shortfall} are missing."
    lines = [
        f"- {subtask.name}: {subtask.delivered} of {subtask.planned} planned"
        + (f" ({subtask.cause})" if subtask.cause else "")
        for subtask in short
    ]
    return ["## What is missing", "", told, "", *lines]


def _examples(manifest: Manifest, facts: CardFacts) -> list[str]:
    lines = ["## One item of each subtask"]
    for subtask in manifest.subtasks:
        item = facts.examples.get(subtask.subtask_id)
        if item is not None:
            lines += ["", f"### {_inline(subtask.name)}", "", *_example(item)]
    return lines if len(lines) > 1 else []


def _example(item: Item) -> Iterable[str]:
    for part in media_parts(item):
        if isinstance(part, Image):
            yield f'<img src="{part.path}" width="{min(part.width, 480)}" alt="image of the item">'
            yield ""
    text = render_item(item)
    if len(text) > EXAMPLE_LENGTH:
        half = EXAMPLE_LENGTH // 2
        text = f"{text[:half]}\n[... {len(text) - 2 * half} characters left out ...]\n{text[-half:]}"
    fence = "```"
    while fence in text:
        fence += "`"
    yield f"{fence}text"
    yield text
    yield fence


def _loading(manifest: Manifest, facts: CardFacts) -> list[str]:
    lines = ["## How to use it", "", "```python"]
    lines += ["from datasets import load_dataset", "", 'everything = load_dataset("PATH_OR_REPOSITORY", split="test")']
    if facts.shards:
        subtask = next(iter(facts.shards))
        lines += [f'one_subtask = load_dataset("PATH_OR_REPOSITORY", "{subtask}", split="test")']
    lines += ["```", "", "The same items with their whole passport, media as files, are in `items.jsonl`:", ""]
    lines += ["```python", "from benchmark_agent import load", "", 'for item in load("PATH"):', "    ...", "```", ""]
    lines += ["`benchmark-agent check PATH` tests every file and every answer key; `benchmark-agent explain PATH ITEM`"]
    return [*lines, "prints the passport of one item. For choices, `answer` is the letter of the right option."]


def _making(manifest: Manifest, facts: CardFacts) -> list[str]:
    basis = {"source": "the dataset's own label", "computed": "a computation", "written": "a model's text"}
    golds = "; ".join(f"{_counted(count, 'item')} on {basis[name]}" for name, count in facts.gold_basis.items())
    lines = ["## How it was made", "", f"Seed {manifest.requirement.seed}. The answers rest on: {golds or 'nothing'}."]
    lines += ["", "Steps used: " + ", ".join(f"`{tool.name}` {tool.version}" for tool in manifest.tools) + "."]
    if manifest.rejected:
        counts = [(_inline(reason.name), str(reason.n)) for reason in manifest.rejected]
        lines += ["", "Drafts that did not pass, by reason:", "", *_table(("Reason", "Drafts"), counts)]
    return lines


def _baselines(manifest: Manifest) -> list[str]:
    if not manifest.baselines:
        return []
    rows = [(f"`{name}`", f"{right:.1%}", f"{chance:.1%}") for name, right, chance in manifest.baselines]
    head = ["## What a guesser scores", "", "Baselines that never see the evidence; they should stay near chance.", ""]
    above = [f"`{name}`" for name, right, chance in manifest.baselines if right > chance + FAR_ABOVE_CHANCE]
    warning = f"{' and '.join(above)} scored far above chance: a part of the items can be guessed from their options."
    return [*head, *_table(("Baseline", "Accuracy", "Chance"), rows), *(["", warning] if above else [])]


def _models(manifest: Manifest) -> list[str]:
    roles, used = manifest.requirement.roles, manifest.models
    if roles is None or used is None:
        return []
    played = [("planner", roles.planner), ("writer", roles.writer), ("solvers", ", ".join(roles.solvers))]
    played += [("judge", roles.judge), *([("viewer", roles.viewer)] if roles.viewer else [])]
    lines = ["## Models that made it", "", *_table(("Role", "Model"), [(role, f"`{name}`") for role, name in played])]
    each = "" if used.cost_per_item is None else f", ${used.cost_per_item:.4f} an item"
    lines += ["", f"{used.calls} replies, {used.input_tokens + used.output_tokens} tokens, ${used.cost:.2f}{each}."]
    if manifest.requirement.direct:
        lines += ["", "A direct baseline: the writer made the items from the goal alone."]
    if manifest.requirement.without:
        lines += ["", f"Turned off: {', '.join(manifest.requirement.without)}."]
    return lines


def _limits(manifest: Manifest) -> list[str]:
    lines = ["## Limits", ""]
    lines += [f"- Not covered: {part}" for part in manifest.not_covered]
    guessing = "- Items were verified by programs and, where the passport says so, by models; no person read them all."
    drawn = "- Scores describe these datasets and constructions; they carry over to others only as far as these do."
    return [*lines, guessing, drawn]


def _datasets(manifest: Manifest) -> list[str]:
    rows = [(use.name, str(use.items), use.licence, use.source) for use in manifest.datasets]
    return ["## Datasets and licences", "", *_table(("Dataset", "Items", "Licence", "Source"), rows)]


def _canary(manifest: Manifest) -> list[str]:
    guid = canary(manifest.digest)
    return ["## Please keep it out of training data", "", f"Canary GUID {guid}, digest `{manifest.digest}`."]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *(tuple(_inline(cell) for cell in row) for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _inline(text: str) -> str:
    """On one line, and no end of a table cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
