"""The benchmark of the parity runs: built from the starter pool, with items beside it that set the known traps."""

import io
from pathlib import Path

import numpy as np
import soundfile

from benchmark_agent import api
from benchmark_agent.benchmark.types import Benchmark, SubtaskCount
from benchmark_agent.benchmark.write import BenchmarkWriter
from benchmark_agent.content import Part, Text
from benchmark_agent.media import MediaStore
from benchmark_agent.realization.types import RowRef
from benchmark_agent.requirement import Requirement
from benchmark_agent.verification.types import CheckResult, Item

GOAL = "Can a model read, compare and count: facts about countries, short reports, and objects in drawn scenes?"
CARRIED = "The tower was opened on 2024-03-05 at 10:30:00, and 3.50 was charged."
# Question, options, answer, kind, accepted: each a trap of some harness.
TRAPS: tuple[tuple[str, tuple[str, ...], str, str, tuple[str, ...]], ...] = (
    ("Which was charged?", ("3.50", "3.05", "35.0"), "A", "choice", ()),
    ("Which of these opened it?", ("None", "NA", "the mayor", "null"), "A", "choice", ()),
    ("Which number is greatest?", ("3", "10", "7"), "B", "choice", ()),
    ("Was it opened in the evening?", ("True", "False"), "B", "choice", ()),
    ("Which day was it?", ("2024-03-05", "2024-05-03"), "A", "choice", ()),
    ("Which signs close a list?", ("]", "{{x}}", "\\n", 'a "quoted" one', "a\ttab"), "A", "choice", ()),
    ("Which of these are told?", ("the date", "the price", "the architect", "the height"), "AB", "multi_choice", ()),
    ("Which are even?", ("12", "7", "40", "3"), "AC", "multi_choice", ()),
    ("Was a fee charged?", (), "yes", "binary", ()),
    ("Is this sentence true: it was free?", ("true", "false"), "false", "binary", ()),
    ("What is its tone?", ("neutral", "happy", "angry"), "neutral", "label", ()),
    ("What was opened?", (), "the tower", "span", ("tower", "a tower")),
    ("On which day?", (), "2024-03-05", "span", ("5 March 2024",)),
    ("How much was charged?", (), "3.50", "number", ("3.5",)),
    ("How many seconds are in 20 minutes and 34 seconds?", (), "1,234", "number", ()),
    ("How far below zero is -12, as a number?", (), "-12", "number", ()),
    ("Wie heißt „Turm“ auf Englisch?", (), "tower", "span", ()),
    ("Which line separator\u2028is this?", ("one", "two\u2028lines"), "B", "choice", ()),
)  # fmt: skip


def build(folder: Path, size: int) -> Benchmark:
    """The benchmark in `folder`: `size` items of the starter pool and the traps, over text, images and sounds."""
    run = folder / "run"
    built = api.build(GOAL, size=size, seed=11, out=run).benchmark
    if built is None:
        raise RuntimeError("the starter pool gave no benchmark")
    items = [*built, *_traps(MediaStore(run))]
    planned = {item.subtask: sum(each.subtask == item.subtask for each in items) for item in items}
    with BenchmarkWriter(folder / "benchmark", run) as writer:
        for item in items:
            writer.add(item)
        return writer.finish(
            name="Parity of harnesses",
            requirement=Requirement(goal=GOAL, size=len(items)),
            subtasks=[
                SubtaskCount(subtask_id=each, name=each, target_signal="what is shown", planned=n, delivered=0)
                for each, n in planned.items()
            ],
            datasets=(),
        )


def _traps(store: MediaStore) -> list[Item]:
    items = [_item(f"traps-{n:02}", "traps", (Text(text=CARRIED),), trap) for n, trap in enumerate(TRAPS)]
    pitches = (220, 440, 880, 1320)
    for n, pitch in enumerate(pitches):
        sound = store.audio(_tone(pitch, "WAV" if n % 2 else "FLAC"))
        options = tuple(f"{each} Hz" for each in pitches)
        trap = ("How high is the tone?", options, "ABCD"[n], "choice", ())
        items.append(_item(f"tones-{n}", "tones", (Text(text="Listen."), sound), trap))
        beats = ("How many tones are heard?", (), "1", "number", ("one",))
        items.append(_item(f"tones-n{n}", "tones", (sound, Text(text="Now count.")), beats))
    return items


def _item(
    id: str, subtask: str, shown: tuple[Part, ...], trap: tuple[str, tuple[str, ...], str, str, tuple[str, ...]]
) -> Item:
    question, options, answer, kind, accepted = trap
    row = RowRef(dataset="parity", row=id, ordinal=0, licence="CC0-1.0", digest="0")
    return Item.model_validate(
        {
            "id": id, "subtask": subtask, "answer_kind": kind, "input": shown, "question": question,
            "options": options, "answer": answer, "accepted": accepted, "scorer": kind, "gold_basis": "computed",
            "target_signal": "what is shown", "evidence": (0,), "sources": (row,), "recipe": (),
            "checks": (CheckResult(check="schema", passed=True),),
        }
    )  # fmt: skip


def _tone(pitch: int, form: str) -> bytes:
    encoded = io.BytesIO()
    wave = 0.4 * np.sin(np.arange(8000) * 2 * np.pi * pitch / 16000)
    soundfile.write(encoded, wave, 16000, format=form, subtype="PCM_16")
    return encoded.getvalue()
