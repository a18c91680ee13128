"""A benchmark over text, images and sounds that sets every trap, and its exports."""

import io
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image as Pillow

from benchmark_agent.benchmark.exporters import EXPORTERS
from benchmark_agent.benchmark.types import Benchmark, Exporter, SubtaskCount
from benchmark_agent.benchmark.write import BenchmarkWriter
from benchmark_agent.content import Part, Text
from benchmark_agent.media import MediaStore
from benchmark_agent.realization.types import RowRef
from benchmark_agent.requirement import Requirement
from benchmark_agent.verification.types import CheckResult, Item

TARGETS: dict[str, Exporter] = {each.name: each for each in EXPORTERS}
PASSAGE = Text(text="The ferry of 2024-03-05 carried 40 crates for 3.50 each.")


def item(
    id: str,
    question: str,
    answer: str,
    options: tuple[str, ...] = (),
    kind: str = "choice",
    *,
    shown: tuple[Part, ...] = (PASSAGE,),
    accepted: tuple[str, ...] = (),
    scorer: str = "",
) -> Item:
    row = RowRef(dataset="ferries", row=f"r-{id}", ordinal=0, licence="CC-BY-4.0", digest="d1")
    return Item.model_validate(
        {
            "id": id, "subtask": id.split("-")[0], "answer_kind": kind, "input": shown, "question": question,
            "options": options, "answer": answer, "accepted": accepted, "scorer": scorer or kind,
            "gold_basis": "computed", "target_signal": "what is shown", "evidence": (0,), "sources": (row,),
            "recipe": (), "checks": (CheckResult(check="schema", passed=True),),
        }
    )  # fmt: skip


def tone(form: str) -> bytes:
    encoded = io.BytesIO()
    wave = 0.4 * np.sin(np.arange(1600) * 2 * np.pi * 440 / 16000)
    soundfile.write(encoded, wave, 16000, format=form, subtype="PCM_16")
    return encoded.getvalue()


def items(store: MediaStore) -> list[Item]:
    """18 items: 13 of text, 3 of images, 2 of sounds."""
    pictures = _pictures(store)
    flac, wav = store.audio(tone("FLAC")), store.audio(tone("WAV"))
    return [
        item("read-1", "Which price?", "A", ("3.50", "3.05", "35.0")),
        item("read-2", "Who steered?", "B", ("the mayor", "None", "the mate")),
        item("read-3", "How many crates?", "C", ("4", "14", "40")),
        item("read-4", "Which day\u2028is told?", "B", ("2024-05-03", "2024-03-05"), "choice"),
        item("read-5", "Which are told?", "AC", ("the day", "the captain", "the price"), "multi_choice"),
        item("say-1", "How much for one?", "3.50", kind="number", accepted=("3.5",)),
        item("say-2", "How much is 1,200 and 34?", "1,234", kind="number"),
        item("say-3", "Did it carry crates?", "yes", kind="binary"),
        item("say-4", "Is it about a train?", "false", ("true", "false"), "binary"),
        item("say-5", "What carried them?", "the ferry", kind="span", accepted=("a ferry", "ferry")),
        item("say-6", "Which tone has it?", "neutral", ("neutral", "angry"), "label"),
        item("say-7", "Why does it say {{ 3.50 }}?", "That is the price of a crate.", kind="open", scorer="open"),
        item("say-8", "Why does it cost 3.50?", "It is the price of a crate.", kind="open", scorer="open"),
        item("look-1", "Which is drawn?", "A", ("shapes", "letters"), shown=(pictures[0],)),
        item("look-2", "Are both alike?", "no", kind="binary", shown=(pictures[0], Text(text="and"), pictures[1])),
        item("look-3", "Is it a drawing?", "yes", kind="binary", shown=(Text(text="Look."), pictures[1])),
        item("hear-1", "What is heard?", "B", ("speech", "a tone"), shown=(flac,)),
        item("hear-2", "How many tones?", "1", kind="number", shown=(Text(text="Listen."), wav), accepted=("one",)),
    ]  # fmt: skip


def _pictures(store: MediaStore) -> list[Part]:
    found: list[Part] = []
    for shade in (60, 200):
        pixels = np.random.default_rng(shade).integers(0, 255, (24, 32, 3), dtype=np.uint8)
        encoded = io.BytesIO()
        Pillow.fromarray(pixels).save(encoded, format="PNG")
        found.append(store.image(encoded.getvalue()))
    return found


def written(folder: Path, made: list[Item] | None = None, name: str = "Ferries and images") -> Benchmark:
    """A finished benchmark of these items."""
    run = folder / "run"
    made = items(MediaStore(run)) if made is None else made
    counts = {each.subtask: sum(other.subtask == each.subtask for other in made) for each in made}
    with BenchmarkWriter(folder / "benchmark", run) as writer:
        for each in made:
            writer.add(each)
        return writer.finish(
            name=name,
            requirement=Requirement(goal="Can a model read, look and listen?", size=len(made)),
            subtasks=[
                SubtaskCount(subtask_id=id, name=id, target_signal="what is shown", planned=n, delivered=0)
                for id, n in counts.items()
            ],
            datasets=(),
        )
