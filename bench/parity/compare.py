"""Results of a harness against ours: scores item by item, and what reached the model."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image as Pillow

from benchmark_agent.answers import Scorer
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import Audio, Image
from benchmark_agent.verification.types import Item


@dataclass(frozen=True)
class Agreement:
    """How the results of one harness agree with ours."""

    items: int
    """Items of the export."""
    scores: int
    """Scores compared: items times forms and styles of reply."""
    same: int
    asked: int
    """Prompts looked at."""
    whole: int
    """Prompts that held the question, every option in order, and all media, unchanged."""
    differences: tuple[str, ...]

    @property
    def full(self) -> bool:
        return self.scores == self.same > 0 and self.asked == self.whole and not self.differences


def compare(
    benchmark: Benchmark,
    results: Path,
    replies: dict[str, dict[str, str]],
    scorers: Callable[[str], Scorer],
    carried: frozenset[str],
) -> Agreement:
    """Compare one file of results; items of the export that a form left out by its nature are in `export.json`."""
    items = {item.id: item for item in benchmark}
    media = _Media(benchmark.folder)
    scores = same = asked = whole = 0
    seen: set[str] = set()
    differences = []
    for line in results.read_text("utf-8").splitlines():
        row = json.loads(line)
        item, reply = items[row["id"]], replies.get(row["style"], {}).get(row["id"], "")
        wanted = scorers(item.scorer)(item.key(), reply).value if row["style"] else 1.0
        scores, same = scores + 1, same + (wanted == row["score"])
        if wanted != row["score"]:
            differences.append(
                f"{item.id} ({row['form']}, {row['style']}): {row['score']:g}, ours {wanted:g}: {reply!r}"
            )
        if row["prompt"]:
            wrong = _unshown(item, row["prompt"], row["media"], media)
            asked, whole = asked + 1, whole + (not wrong)
            if wrong:
                differences.append(f"{item.id} ({row['form']}): the prompt lacks {wrong}")
        seen.add(item.id)
    differences += [f"{id}: no result" for id in sorted(carried - seen)]
    return Agreement(len(carried), scores, same, asked, whole, tuple(differences))


def _unshown(item: Item, prompt: str, shown: list[str], media: "_Media") -> str:
    """What of an item did not reach the model."""
    texts = [part.text for part in item.input if part.type == "text"] + [item.question]
    for text in texts:
        if text not in prompt:
            return repr(text[:60])
    at = prompt.find(item.question)
    for option in item.options:
        at = prompt.find(option, at)
        if at < 0:
            return f"the option {option!r}, or its place"
    wanted = [media.mark(part) for part in item.input if isinstance(part, (Image, Audio))]
    return "" if shown == wanted else f"media: {shown} instead of {wanted}"


class _Media:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._marks: dict[str, str] = {}

    def mark(self, part: Image | Audio) -> str:
        """Hash of the pixels or samples, as the runners make it."""
        if part.path not in self._marks:
            data = (self._folder / part.path).read_bytes()
            if isinstance(part, Image):
                content = Pillow.open(io.BytesIO(data)).convert("RGB").tobytes()
            else:
                samples, _ = soundfile.read(io.BytesIO(data), dtype="float32")
                content = np.round(samples * 32768).astype(np.int16).tobytes()
            self._marks[part.path] = f"{part.type} {hashlib.sha256(content).hexdigest()[:12]}"
        return self._marks[part.path]
