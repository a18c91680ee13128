"""Bad input of every kind: one clear message that says what to type, the right exit status, no traceback."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.support import Command, store_rows

GOAL = "Compare records and aggregate numbers over several records"
LINE = json.dumps({"question": "What is 2 + 3?", "answer": "5"})


def pool(tmp_path: Path, **files: str | bytes) -> Path:
    folder = tmp_path / "pool"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


Case = Callable[[Path], tuple[object, ...]]

CASES: dict[str, tuple[Case, int, str]] = {
    "no such pool": (lambda t: ("--pool", t / "gone"), 2, "gone"),
    "empty pool": (lambda t: ("--pool", pool(t)), 2, "pool"),
    "a pool with nothing readable": (lambda t: ("--pool", pool(t, notes__bin=b"\x00\x01")), 2, "pool"),
    "every line of a JSONL is broken": (lambda t: ("--pool", pool(t, a__jsonl="{broken\n{again\n")), 2, "a.jsonl"),
    "broken JSON document": (lambda t: ("--pool", pool(t, a__json='{"data": [1,')), 2, "a.json"),
    "a file that is a directory's place": (lambda t: ("--pool", t / "pool" / "a.jsonl"), 2, "a.jsonl"),
    "size zero": (lambda t: ("--size", 0), 2, "size"),
    "size negative": (lambda t: ("--size", -5), 2, "size"),
    "size beyond all bounds": (lambda t: ("--size", 10**9), 2, "size"),
    "size is a word": (lambda t: ("--size", "many"), 2, "--size"),
    "unknown modality": (lambda t: ("--modality", "smell"), 2, "smell"),
    "unknown answer kind": (lambda t: ("--answer-kind", "essay"), 2, "essay"),
    "unknown option": (lambda t: ("--sise", 5), 2, "--sise"),
    "no workers": (lambda t: ("--workers", 0), 2, "--workers"),
    "too many subtasks": (lambda t: ("--subtasks", 99), 2, "subtasks"),
    "a modality the pool lacks": (lambda t: ("--modality", "audio"), 2, "audio"),
    "a language the pool lacks": (
        lambda t: ("--language", "sw", "--pool", pool(t, a__jsonl=json_lines(store_rows(60)))),
        2,
        "sw",
    ),
    "a licence nothing has": (
        lambda t: ("--licence", "CC-BY-4.0", "--pool", pool(t, a__jsonl=json_lines(store_rows(60)))),
        2,
        "licence",
    ),
    "resume without a run": (lambda t: ("--resume", "--out", t / "nothing"), 2, "--resume"),
    "the out folder is a file": (lambda t: ("--out", touched(t / "file")), 2, "--out"),
    "the out folder is under a file": (lambda t: ("--out", touched(t / "file") / "run"), 2, "--out"),
    "the out folder holds something else": (lambda t: ("--out", touched(t / "full" / "x").parent), 2, "--out"),
    "a dataset too small": (lambda t: ("--pool", pool(t, a__jsonl=LINE + "\n")), 2, "pool"),
}


def json_lines(rows: Sequence[Mapping[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def touched(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


@pytest.mark.parametrize("name", CASES)
def test_a_bad_argument_or_pool_is_one_clear_message(command: Command, tmp_path: Path, name: str) -> None:
    case, status, word = CASES[name]
    arguments = case(tmp_path)
    if "--out" not in arguments:
        arguments = (*arguments, "--out", tmp_path / "run")
    if "--pool" not in arguments:
        arguments = (*arguments, "--pool", pool(tmp_path, stores__jsonl=json_lines(store_rows(40))))
    said = command("build", GOAL, *arguments)
    assert said.status == status, said.err
    assert word in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not (tmp_path / "run" / "benchmark").exists()


def test_an_empty_goal_is_refused(command: Command, tmp_path: Path) -> None:
    said = command("build", "", "--out", tmp_path / "run")
    assert (said.status, "goal" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("goal: [", "not valid YAML"),
        ("goal: a\nsize: 5", "goal"),
        ("goal: compare\nsise: 5", "sise"),
        ("", "goal.yaml"),
    ],
)
def test_a_broken_goal_file_is_named(command: Command, tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "goal.yaml"
    path.write_text(text)
    said = command("build", path, "--out", tmp_path / "run")
    assert said.status == 2
    assert word in said.err
    assert "goal.yaml" in said.err


def test_a_goal_file_that_is_not_there_is_not_taken_for_a_goal(command: Command, tmp_path: Path) -> None:
    said = command("build", tmp_path / "goal.yaml", "--out", tmp_path / "run")
    assert (said.status, "there is no file" in said.err) == (2, True)


def test_one_broken_line_is_skipped_counted_and_named(command: Command, tmp_path: Path) -> None:
    lines = json_lines(store_rows(60)).splitlines()
    lines[6] = '{"store": "torn'
    folder = pool(tmp_path, stores__jsonl="\n".join(lines))
    said = command("build", GOAL, "--size", 10, "--pool", folder, "--out", tmp_path / "run")
    assert said.status == 0
    assert "line 7" in said.err


def test_csv_with_odd_quoting_is_read(command: Command, tmp_path: Path) -> None:
    rows = store_rows(60)
    text = "store;goods;crates;distance_km\n" + "".join(
        f'"{row["store"]}; the ""old"" one";{row["goods"]};{row["crates"]};{row["distance_km"]}\n' for row in rows
    )
    folder = pool(tmp_path, stores__csv="\ufeff" + text)
    said = command("pool", "show", "stores", "--pool", folder)
    assert said.status == 0
    assert 'the \\"old\\" one' in said.out


def test_an_image_that_is_text_is_found_and_named(command: Command, tmp_path: Path) -> None:
    from PIL import Image

    folder = tmp_path / "pool" / "shapes"
    for name, colour in (("round", (200, 0, 0)), ("square", (0, 0, 200))):
        (folder / name).mkdir(parents=True)
        for k in range(8):
            picture = Image.new("RGB", (24 + k, 20), colour)
            picture.putpixel((k, k), (255, 255, 255))
            picture.save(folder / name / f"{k}.png")
    (folder / "round" / "9.png").write_text("this is no picture")
    said = command("pool", "audit", "--pool", tmp_path / "pool")
    assert said.status == 0
    assert "9.png" in said.out


def test_a_path_outside_the_root_is_refused(command: Command, tmp_path: Path) -> None:
    rows = [
        {"image": f"../secret-{k}.png", "question": f"What is drawn in picture {k}?", "answer": "x"} for k in range(9)
    ]
    folder = pool(tmp_path, a__jsonl=json_lines(rows))
    said = command("build", "Describe images", "--pool", folder, "--out", tmp_path / "run")
    assert said.status == 2
    assert "Traceback" not in said.err


def test_two_pools_with_one_id_are_named(command: Command, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "stores.jsonl").write_text(json_lines(store_rows(40 if name == "one" else 41)))
    said = command("pool", "list", "--pool", tmp_path / "one", "--pool", tmp_path / "two")
    assert said.status == 2
    assert "one" in said.err
    assert "two" in said.err


def test_a_run_of_another_requirement_is_refused_with_the_way_out(
    command: Command, stores: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert command("build", GOAL, "--size", 5, "--pool", stores, "--out", out, "--plan-only").status == 0
    again = command("build", GOAL, "--size", 6, "--pool", stores, "--out", out, "--resume")
    assert again.status == 2
    assert "another requirement" in again.err
    assert "--out DIR" in again.err
    same = command("build", GOAL, "--size", 5, "--pool", stores, "--out", out)
    assert same.status == 2
    assert "--resume" in same.err


@pytest.mark.parametrize(
    ("name", "old", "new", "word"),
    [
        ("design.yaml", "subtasks:", "subtusks:", "subtusks"),
        ("grounding.yaml", "tool: ", "tool: no_such_", "does not type-check"),
        ("grounding.yaml", "dataset_id: stores", "dataset_id: shops", "shops"),
        ("allocation.yaml", "candidate_id: ", "candidate_id: x", "no candidate is called"),
        ("plan.jsonl", '"use":"job"', '"use":"jobb"', "line 1"),
        ("plan.jsonl", '"row":', '"row":99999', "line 1"),
    ],
)
def test_a_plan_edited_into_nonsense_is_named(
    command: Command, stores: Path, tmp_path: Path, name: str, old: str, new: str, word: str
) -> None:
    out = tmp_path / "run"
    arguments = ("build", GOAL, "--size", 5, "--pool", stores, "--out", out)
    assert command(*arguments, "--plan-only").status == 0
    text = (out / name).read_text()
    assert old in text
    (out / name).write_text(text.replace(old, new))
    said = command(*arguments, "--resume")
    assert said.status == 2, said.err
    assert name in said.err
    assert word in said.err
    (out / name).write_text(text)
    assert command(*arguments, "--resume").status == 0


def test_a_full_disk_loses_nothing(stores: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    arguments = [sys.executable, "-m", "benchmark_agent", "build", GOAL, "--size", "30", "--pool", str(stores)]
    arguments += ["--out", str(out), "--json"]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    full = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert full.returncode in (1, 2), full.stderr
    assert "Traceback" not in full.stderr
    assert "--resume" in full.stderr or "BENCHMARK_AGENT_HOME" in full.stderr
    again = subprocess.run([*arguments, "--resume"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["size"] == 30


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_out_folder_is_said(command: Command, stores: Path, tmp_path: Path) -> None:
    place = tmp_path / "locked"
    place.mkdir(mode=0o500)
    said = command("build", GOAL, "--pool", stores, "--out", place / "run")
    assert said.status == 2
    assert "--out DIR" in said.err


@pytest.mark.parametrize("verb", ["check", "show", "explain"])
def test_a_folder_that_is_no_benchmark_is_said(command: Command, tmp_path: Path, verb: str) -> None:
    said = command(verb, tmp_path, *(["x"] if verb == "explain" else []))
    assert said.status == 2
    assert "Traceback" not in said.err


def test_an_unknown_item_or_dataset_is_said(command: Command, stores: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert command("build", GOAL, "--size", 5, "--pool", stores, "--out", out).status == 0
    assert command("show", out, "no-such-item").status == 2
    assert command("pool", "show", "no-such-dataset", "--pool", stores).status == 2
    assert command("pool", "search", "xylophone", "--pool", stores).status == 2
