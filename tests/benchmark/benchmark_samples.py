"""Items of every modality with real tiny media, and a benchmark made of them."""

import io
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image as Pillow

from benchmark_agent.benchmark.types import Benchmark, Count, SubtaskCount
from benchmark_agent.benchmark.write import BenchmarkWriter
from benchmark_agent.content import Audio, Image, Part, Text
from benchmark_agent.media import MediaStore
from benchmark_agent.realization.types import RowRef, Trace
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.verification.types import CheckResult, Item


def card(dataset: str, licence: str) -> DatasetCard:
    return DatasetCard(
        id=dataset, name=dataset.title(), modalities=("text",), languages=("en",), fields=(), rows=9, licence=licence,
        source=f"https://example.org/{dataset}", reader="rows", location=dataset, digest="d1",
    )  # fmt: skip


CARDS = (card("rivers", "CC-BY-4.0"), card("shapes", "MIT"), card("unused", "MIT"))


def item(
    id: str,
    *,
    subtask: str = "reading",
    input: tuple[Part, ...] = (Text(text="The Oder is 840 km long."),),
    question: str = "Which river is it about?",
    options: tuple[str, ...] = ("Oder", "Rhine", "Elbe"),
    answer: str = "A",
    kind: str = "choice",
    accepted: tuple[str, ...] = (),
    dataset: str = "rivers",
    alt: tuple[str, ...] = (),
) -> Item:
    row = RowRef(
        dataset=dataset, row=f"r-{id}", ordinal=3, licence="CC-BY-4.0" if dataset == "rivers" else "MIT", digest="d1"
    )
    return Item.model_validate(
        {
            "id": id, "subtask": subtask, "answer_kind": kind, "input": input, "question": question,
            "options": options, "answer": answer, "accepted": accepted, "scorer": kind, "gold_basis": "computed",
            "target_signal": "the passage", "evidence": (0,), "sources": (row,),
            "recipe": (Trace(tool="label_to_choice", version="2", args=(("options", 3),), wrote="item"),),
            "checks": (CheckResult(check="schema", passed=True),), "proof": "the row says Oder", "alt": alt,
        }
    )  # fmt: skip


def image(store: MediaStore, shade: int = 9) -> Image:
    pixels = np.zeros((6, 8, 3), dtype=np.uint8)
    pixels[2:4, 3:5] = shade
    encoded = io.BytesIO()
    Pillow.fromarray(pixels).save(encoded, format="PNG")
    return store.image(encoded.getvalue())


def sound(store: MediaStore, pitch: int = 440) -> Audio:
    encoded = io.BytesIO()
    wave = 0.4 * np.sin(np.arange(800) * 2 * np.pi * pitch / 8000)
    soundfile.write(encoded, wave, 8000, format="WAV")
    return store.audio(encoded.getvalue())


def mixed(run: Path) -> list[Item]:
    """Text, image and audio items; the sound serves two of them."""
    store = MediaStore(run)
    heard = sound(store)
    return [
        item("reading-1"),
        item("reading-2", question="Which is longer?", options=("Elbe", "Oder"), answer="B"),
        item("count-1", subtask="count", input=(image(store), Text(text="A drawing.")), question="How many squares?",
             options=(), answer="1", kind="number", accepted=("1.0",), dataset="shapes", alt=("one grey square",)),
        item("listen-1", subtask="listen", input=(heard,), question="Is it a steady tone?", options=("yes", "no"),
             answer="yes", kind="binary", alt=("a tone",)),
        item("listen-2", subtask="listen", input=(Text(text="Listen."), heard), question="What is heard?", options=(),
             answer="a tone", kind="span", accepted=("tone",)),
    ]  # fmt: skip


SUBTASKS = (
    SubtaskCount(subtask_id="reading", name="Reading", target_signal="the passage", planned=2, delivered=0),
    SubtaskCount(
        subtask_id="count", name="Counting", target_signal="the drawing", planned=3, delivered=0,
        cause="its rows ran out",
    ),
    SubtaskCount(subtask_id="listen", name="Listening", target_signal="the sound", planned=2, delivered=0),
)  # fmt: skip


def write(folder: Path, run: Path, items: list[Item], size: int = 7) -> Benchmark:
    """A finished benchmark; `size` items were asked for."""
    with BenchmarkWriter(folder, run) as writer:
        for each in items:
            writer.add(each)
        return writer.finish(
            name="Rivers and shapes",
            requirement=Requirement(goal="Can a model read, look and listen?", size=size, pool=("/home/me/pool",)),
            subtasks=SUBTASKS,
            datasets=CARDS,
            not_covered=("smell",),
            rejected=(Count(name="near_duplicate", n=4),),
            baselines=(("choices_only", 0.26, 0.25),),
        )
