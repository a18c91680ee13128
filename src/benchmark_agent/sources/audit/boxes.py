"""Boxes that contradict their images, or the format the data claim."""

from pathlib import Path

from benchmark_agent.errors import MediaError
from benchmark_agent.sources import Row
from benchmark_agent.sources.audit.view import Result, Seen, View
from benchmark_agent.sources.box_format import WORDS, misfits
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.sources.shape import at, raw_boxes
from benchmark_agent.sources.values import image_size

MOST = 2000
"""Images whose size is read."""


class BoxCheck:
    """Every box must have an area and lie inside its image, in the card's format. Sees whole rows."""

    def __init__(self, card: DatasetCard, root: Path) -> None:
        self.field = next((f for f in card.fields if f.type == "boxes"), None)
        self.image = next((f for f in card.fields if f.type == "image"), None)
        self.root = root
        self.total = 0
        self.sized = 0
        self.bad: list[tuple[int, str, str]] = []

    def __call__(self, row: Row, seen: Seen) -> None:
        boxes = raw_boxes(at(row.values, self.field.path)) if self.field else None
        if not boxes or self.field is None:
            return
        self.total += 1
        form = self.field.parse.removeprefix("boxes.")
        share = form.endswith("_share")
        size = self._size(row)
        bad = next((raw for raw in boxes if misfits(raw, form.removesuffix("_share"), size, share)), None)
        if bad:
            numbers = ", ".join(f"{v:g}" for v in bad[1])
            inside = f" in an image of {size[0]} x {size[1]}" if size else ""
            self.bad.append((row.ordinal, row.id, f"({numbers}){inside}"))

    def _size(self, row: Row) -> tuple[int, int] | None:
        if self.image is None or self.sized >= MOST:
            return None
        self.sized += 1
        try:
            return image_size(row, self.image, self.root)
        except MediaError:
            return None

    def result(self, view: View) -> Result:
        result = Result()
        if self.field is None or not self.total:
            return result
        form = self.field.parse.removeprefix("boxes.").removesuffix("_share")
        if self.bad:
            result.unusable |= {ordinal for ordinal, _, _ in self.bad}
            result.find(
                "box_outside_image", "error",
                f"{len(self.bad)} of {self.total} rows have a box without area or outside its image, "
                f"read as {WORDS[form]}; removed",
                [(row, seen) for _, row, seen in self.bad],
            )  # fmt: skip
        if view.card.answer.kind == "boxes":
            result.find("box_format", "note", f"the boxes are {view.card.answer.detail}")
        return result
