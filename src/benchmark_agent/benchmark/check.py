"""Is a benchmark whole and right? Files, items, media, answer keys and scorers, in one pass over the items."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError
from scipy.special import chdtrc

from benchmark_agent.answers import Scorer
from benchmark_agent.benchmark.digests import UNLISTED, benchmark_digest, file_sha256, listed_files
from benchmark_agent.benchmark.replies import gold_replies, junk_replies
from benchmark_agent.benchmark.show import LETTERS, media_parts
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import Audio, Image
from benchmark_agent.errors import JobError, MediaError, UserError, boundary
from benchmark_agent.media import inside, open_audio, open_image
from benchmark_agent.record import Record
from benchmark_agent.store import first_problem
from benchmark_agent.verification.types import Item
from benchmark_agent.wording import exact_key

SHOWN = 20
"""Findings of one kind that are told one by one; the rest is counted."""
UNLIKELY = 1e-3
"""Probability under which the spread of the answers is no chance any more."""


class Finding(Record):
    check: str
    """What found it: `file_changed`, `gold`, `junk`, `media`, `options` ..."""
    severity: Literal["warning", "error"] = "error"
    message: str
    item: str = ""
    """Id of the item; empty when it is not about one."""
    path: str = ""
    """Relative to the benchmark folder; empty when it is not about a file."""


class CheckReport(Record):
    digest: str
    """Digest of the benchmark, as its manifest says it."""
    items: int
    """Items read."""
    media: int
    """Media files opened."""
    replies: int
    """Replies put to the scorers."""
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """No finding is an error."""
        return all(finding.severity == "warning" for finding in self.findings)


def check(benchmark: Benchmark, scorers: Callable[[str], Scorer]) -> CheckReport:
    """Look for everything that would make a score on this benchmark wrong.

    Args:
        scorers: the scorer of a name; raises UserError for a name it does not know.
    """
    work = _Work(benchmark.folder, scorers)
    hashes = _check_files(benchmark, work)
    for number, line in _lines(benchmark.folder / "items.jsonl"):
        try:
            item = Item.model_validate_json(line)
        except ValidationError as error:
            work.found("parse", f"line {number} is no item: {first_problem(error)}", path="items.jsonl")
            continue
        _check_item(item, work)
    _check_counts(benchmark, work)
    _check_balance(work)
    media = (sha256 for path, sha256 in hashes.items() if path.startswith("media/"))
    if "items.jsonl" in hashes and benchmark_digest(hashes["items.jsonl"], media) != benchmark.manifest.digest:
        work.found("digest", "the items and media do not have the digest of the manifest", path="manifest.json")
    return CheckReport(
        digest=benchmark.manifest.digest,
        items=work.items,
        media=len(work.opened),
        replies=work.replies,
        findings=tuple(work.told()),
    )


@dataclass(slots=True)
class _Work:
    folder: Path
    scorers: Callable[[str], Scorer]
    items: int = 0
    replies: int = 0
    ids: set[str] = field(default_factory=set)
    subtasks: Counter[str] = field(default_factory=Counter)
    datasets: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Counter[str]] = field(default_factory=dict)
    """Answers by the form of the choice: `choice of 4`."""
    opened: dict[str, str] = field(default_factory=dict)
    """Media opened, by sha256 and path, each with what is wrong with it."""
    _findings: list[Finding] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def found(
        self,
        check: str,
        message: str,
        *,
        item: str = "",
        path: str = "",
        severity: Literal["warning", "error"] = "error",
    ) -> None:
        self._counts[check] += 1
        if self._counts[check] <= SHOWN:
            self._findings.append(Finding(check=check, severity=severity, message=message, item=item, path=path))

    def told(self) -> Iterator[Finding]:
        yield from self._findings
        for check, count in self._counts.items():
            if count > SHOWN:
                severity = next(finding.severity for finding in self._findings if finding.check == check)
                yield Finding(check=check, severity=severity, message=f"{count - SHOWN} more of this kind")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if path.is_file():
        with path.open("rb") as lines:
            yield from enumerate(lines, 1)


def _check_files(benchmark: Benchmark, work: _Work) -> dict[str, str]:
    """Files against the manifest; sha256 of each that is there."""
    stated = {file.path: file.sha256 for file in benchmark.manifest.files}
    present = list(listed_files(benchmark.folder))
    hashes: dict[str, str] = {}
    for path in present:
        try:
            hashes[path] = file_sha256(inside(benchmark.folder, path))
        except (OSError, MediaError) as error:
            work.found("file_unreadable", f"the file cannot be read: {error}", path=path)
            continue
        if path not in stated:
            work.found("file_extra", "the file is not in the manifest", path=path)
        elif hashes[path] != stated[path]:
            work.found("file_changed", "the file is not the one the manifest describes", path=path)
    for path in (*stated, *UNLISTED):
        if path not in present and not (path in UNLISTED and (benchmark.folder / path).is_file()):
            work.found("file_missing", "the file is missing", path=path)
    return hashes


def _check_item(item: Item, work: _Work) -> None:
    work.items += 1
    work.subtasks[item.subtask] += 1
    work.datasets.update({row.dataset for row in item.sources})
    if item.id in work.ids:
        work.found("id", "another item has this id", item=item.id)
    work.ids.add(item.id)
    for kind, message in _form_problems(item):
        work.found(kind, message, item=item.id)
    for part in media_parts(item):
        if wrong := _media_problem(part, work):
            work.found("media", wrong, item=item.id, path=part.path)
    if item.answer_kind == "choice":
        work.answers.setdefault(f"choices of {len(item.options)}", Counter())[item.answer] += 1
    _check_scorer(item, work)


def _form_problems(item: Item) -> Iterator[tuple[str, str]]:
    if not item.question.strip():
        yield "question", "the question is empty"
    if not item.answer.strip():
        yield "answer", "the answer is empty"
    seen: dict[str, str] = {}
    for letter, option in zip(LETTERS, item.options, strict=False):
        form = exact_key(option)
        if form in seen:
            yield "options", f"options {seen[form]} and {letter} read the same: {option!r}"
        seen.setdefault(form, letter)
    yield from _letter_problems(item)
    outside = [index for index in item.evidence if not 0 <= index < len(item.input)]
    if outside:
        yield "evidence", f"the evidence names part {outside[0]}, and the input has {len(item.input)} parts"
    failed = [result.check for result in item.checks if not result.passed]
    if failed:
        yield "checks", f"the item is in the benchmark although it failed {failed[0]!r}"


def _letter_problems(item: Item) -> Iterator[tuple[str, str]]:
    if item.answer_kind not in ("choice", "multi_choice"):
        return
    letters = LETTERS[: len(item.options)]
    if len(item.options) < 2:
        yield "options", f"a choice needs two options or more and has {len(item.options)}"
    if item.answer_kind == "choice" and len(item.answer) != 1:
        yield "answer", f"the answer of a choice is one letter, not {item.answer!r}"
    elif not set(item.answer) <= set(letters):
        yield "answer", f"the answer {item.answer!r} names no option; there are {letters or 'none'}"
    elif list(item.answer) != sorted(set(item.answer)):
        yield "answer", f"the letters of the answer {item.answer!r} are not in order, each once"


def _media_problem(part: Image | Audio, work: _Work) -> str:
    known = f"{part.path} {part.fingerprint()}"
    if known not in work.opened:
        work.opened[known] = _opens(part, work.folder)
    return work.opened[known]


def _opens(part: Image | Audio, folder: Path) -> str:
    """What is wrong with a media file; empty when it is what the item says."""
    try:
        path = inside(folder, part.path)
        if not path.is_file():
            return "the media file is missing"
        if file_sha256(path) != part.sha256:
            return "the media file is not the one the item was made with"
        data = path.read_bytes()
        if isinstance(part, Image):
            _, width, height, blank = open_image(data)
            if blank:
                return "the image is blank"
            same = (width, height) == (part.width, part.height)
            return (
                "" if same else f"the image has {width} x {height} pixels, the item says {part.width} x {part.height}"
            )
        _, seconds, rate, _ = open_audio(data)
        same = abs(seconds - part.duration) < 0.01 and rate == part.sample_rate
        return "" if same else f"the sound lasts {seconds:.2f} s at {rate} Hz, the item says {part.duration:g} s"
    except (MediaError, OSError) as error:
        return str(error)


def _check_scorer(item: Item, work: _Work) -> None:
    if item.answer_kind == "open":
        return
    try:
        scorer = work.scorers(item.scorer)
    except UserError as error:
        work.found("scorer", str(error), item=item.id)
        return
    key = item.key()
    try:
        with boundary(f"the scorer {item.scorer!r}", JobError):
            for reply in gold_replies(item):
                work.replies += 1
                score = scorer(key, reply)
                if score.value < 1:
                    why = score.reason or f"it reads {score.parsed!r}"
                    work.found("gold", f"the right answer {reply!r} scores {score.value:g}: {why}", item=item.id)
            for reply in junk_replies(item):
                work.replies += 1
                if scorer(key, reply).value >= 1:
                    work.found("junk", f"the reply {reply!r} is taken for right", item=item.id)
    except JobError as error:
        work.found("scorer", str(error), item=item.id)


def _check_counts(benchmark: Benchmark, work: _Work) -> None:
    manifest = benchmark.manifest
    asked = manifest.requirement.size
    stated: dict[str, int] = {"items": manifest.size, "items missing": manifest.shortfall}
    counted: dict[str, int] = {"items": work.items, "items missing": max(0, asked - work.items)}
    stated |= {f"items of subtask {each.subtask_id!r}": each.delivered for each in manifest.subtasks}
    counted |= {f"items of subtask {name!r}": count for name, count in work.subtasks.items()}
    stated |= {f"items from dataset {use.dataset_id!r}": use.items for use in manifest.datasets}
    counted |= {f"items from dataset {name!r}": count for name, count in work.datasets.items()}
    for what in dict.fromkeys([*stated, *counted]):
        says, there = stated.get(what, 0), counted.get(what, 0)
        if says != there:
            work.found("counts", f"the manifest says {says} {what}, there are {there}", path="manifest.json")


def _check_balance(work: _Work) -> None:
    """Does one letter win? Options with a fixed order can make it so, hence a warning."""
    for form, counts in sorted(work.answers.items()):
        letters = LETTERS[: int(form.split()[-1])]
        total = sum(counts[letter] for letter in letters)
        if len(letters) < 2 or total < 5 * len(letters):
            continue
        expected = total / len(letters)
        deviation = sum((counts[letter] - expected) ** 2 for letter in letters) / expected
        if chdtrc(len(letters) - 1, deviation) < UNLIKELY:
            letter, most = counts.most_common(1)[0]
            told = f"always answering {letter} is right for {most / total:.0%} of the {form} options"
            work.found("balance", f"{told}; chance is {1 / len(letters):.0%}", severity="warning")
