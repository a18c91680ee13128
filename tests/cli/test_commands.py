"""The command line as a newcomer meets it: help, tables, one line of JSON, messages on standard error."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import Command

GOAL = "Compare records and aggregate numbers over several records"
VERBS = {
    "": ("build", "check", "show", "explain", "doctor", "pool"),
    "build": ("GOAL", "--size", "--pool", "--modality", "--language", "--seed", "--out", "--plan-only", "--resume"),
    "check": ("BENCHMARK", "--json"),
    "evaluate": ("BENCHMARK", "--model", "--limit", "--repeat", "--max-usd", "--resume", "--in-flight", "--judge"),
    "show": ("BENCHMARK", "ITEM", "--count"),
    "explain": ("BENCHMARK", "ITEM"),
    "doctor": ("--all", "--json"),
    "estimate": ("GOAL", "--size", "--model", "--role", "--prices", "--json"),
    "assess": ("BENCHMARK", "--runs", "--family", "--json"),
    "models": ("check", "list"),
    "models check": ("--model", "--role", "--json"),
    "models list": ("--json",),
    "journal": ("show", "export"),
    "journal show": ("RUN", "CALL", "--last", "--json"),
    "journal export": ("RUN", "--out"),
    "pool": ("list", "show", "search", "audit", "add"),
    "pool list": ("--pool", "--json"),
    "report": ("BENCHMARK", "--out", "--runs", "--family"),
    "compare": ("BENCHMARK", "--runs", "--html", "--json"),
    "pool show": ("DATASET", "--pool"),
    "pool search": ("WORDS", "--pool", "--limit"),
    "pool audit": ("DATASET", "--pool", "--json"),
    "pool add": ("PATH", "--pool"),
}


@pytest.fixture
def built(command: Command, stores: Path, tmp_path: Path) -> Path:
    out = tmp_path / "run"
    assert command("build", GOAL, "--size", 12, "--pool", stores, "--out", out).status == 0
    return out


@pytest.mark.parametrize("verb", VERBS)
def test_help_names_everything_and_fits_80_columns(
    command: Command, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = command(*verb.split(), "--help")
    assert (said.status, said.err) == (0, "")
    assert all(word in said.out for word in VERBS[verb])
    assert max(map(len, said.out.splitlines())) <= 80
    assert "..." not in said.out.replace("[ARGS]...", "")


def test_build_help_explains_the_exit_statuses(command: Command) -> None:
    said = command("build", "--help")
    assert re.findall(r"^    (\d)  \w", said.out, re.MULTILINE) == ["0", "3", "2", "1"]


def test_json_is_one_line_and_the_only_thing_on_standard_output(command: Command, stores: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    calls: tuple[tuple[object, ...], ...] = (
        ("build", GOAL, "--size", 12, "--pool", stores, "--out", out, "--json"),
        ("check", out, "--json"),
        ("pool", "list", "--pool", stores, "--json"),
        ("pool", "audit", "--pool", stores, "--json"),
        ("doctor", "--json"),
    )
    for call in calls:
        said = command(*call)
        assert said.status == 0, said.err
        assert len(said.out.splitlines()) == 1, call
        assert said.json, call


def test_a_build_speaks_on_standard_error_and_says_what_to_type_next(
    command: Command, stores: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    said = command("build", GOAL, "--size", 12, "--pool", stores, "--out", out)
    assert (said.status, said.out) == (0, "")
    assert "12 of 12 items" in said.err
    following = re.search(r"^next: benchmark-agent (.+)$", said.err, re.MULTILINE)
    assert following
    assert command(*following.group(1).split()).status == 0


def test_the_command_a_plan_ends_with_builds_it(command: Command, stores: Path, tmp_path: Path) -> None:
    said = command("build", GOAL, "--size", 12, "--pool", stores, "--out", tmp_path / "run", "--plan-only")
    assert (said.status, said.out) == (0, "")
    following = re.search(r"^next: benchmark-agent (.+)$", said.err, re.MULTILINE)
    assert following
    assert command(*following.group(1).split()).status == 0
    assert (tmp_path / "run" / "benchmark" / "manifest.json").exists()


def test_a_short_build_names_the_subtask_and_the_cause(command: Command, stores: Path, tmp_path: Path) -> None:
    said = command("build", GOAL, "--size", 500, "--pool", stores, "--out", tmp_path / "run")
    assert said.status == 3
    assert re.search(r"^ *\d+ of \d+  \w", said.err, re.MULTILINE)
    assert re.search(r"^fewer of '.+': .+", said.err, re.MULTILINE)


def test_items_are_read_and_explained(command: Command, built: Path) -> None:
    shown = command("show", built)
    assert shown.status == 0
    assert "Question: " in shown.out
    assert "12 items" in shown.err
    first = shown.out.split(" | ")[0]
    passport = command("explain", built, first[:-6])
    assert passport.status == 0
    assert all(word in passport.out for word in ("Proof: ", "Sources:", "licence", "Recipe:", "passed schema"))


def test_check_says_what_is_wrong_and_where(command: Command, built: Path) -> None:
    whole = command("check", built)
    assert (whole.status, whole.out, whole.err) == (0, "", "passed: 12 items\n")
    (built / "benchmark" / "data").joinpath("extra.txt").write_text("x")
    spoilt = command("check", built)
    assert spoilt.status == 1
    assert "extra.txt" in spoilt.err
    assert "failed: 1 finding over 12 items" in spoilt.err
    told = command("check", built, "--json")
    assert (told.status, told.err) == (1, "")
    assert len(told.json["findings"]) == 1


def test_doctor_names_the_parts_and_every_one_on_request(command: Command) -> None:
    short = command("doctor")
    assert short.status == 0
    assert re.search(r"^ok    \d+ tools: .*compare_records", short.out, re.MULTILINE)
    every = command("doctor", "--all")
    assert re.search(r"^ok    tool compare_records: Show records", every.out, re.MULTILINE)
    parts = json.loads(command("doctor", "--json").out)
    assert {"core", "tool", "source", "check", "scorer"} <= {part["part"] for part in parts}


def test_doctor_says_what_to_install(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark_agent.doctor.find_spec", lambda name: None)
    said = command("doctor")
    assert re.search(r"^none  extra gym: .*pip install 'benchmark-agent\[gym\]'", said.out, re.MULTILINE)


def test_pool_verbs(command: Command, stores: Path, tmp_path: Path) -> None:
    listed = command("pool", "list", "--pool", stores)
    assert re.search(r"^stores +80  text", listed.out, re.MULTILINE)
    assert listed.out.endswith("1 dataset, 80 rows\n")
    shown = command("pool", "show", "stores", "--pool", stores)
    assert "role: measure" in shown.out
    assert "card.yaml" in shown.out
    assert "# row 2" in shown.out
    found = command("pool", "search", "stores", "--pool", stores)
    assert re.search(r"^1\.00 +stores", found.out, re.MULTILINE)
    audited = command("pool", "audit", "stores", "--pool", stores)
    assert audited.out.startswith("stores 80 of 80 rows usable")
    file = tmp_path / "pool.yaml"
    added = command("pool", "add", stores, "--pool", file)
    assert (added.status, added.out) == (0, "")
    assert command("pool", "list", "--pool", file).out == listed.out
    assert command("pool", "add", stores, "--pool", file).status == 2


def test_a_wrong_name_is_answered_with_the_nearest(command: Command, stores: Path) -> None:
    assert "'stores'" in command("pool", "show", "storse", "--pool", stores).err
    nothing = command("pool", "search", "xylophone", "--pool", stores)
    assert (nothing.status, nothing.out) == (2, "")
    assert nothing.err.startswith("error: ")
    assert "Did you mean 'build'" in command("bild").err


def on_a_terminal(*arguments: object) -> tuple[int, str]:
    """Run the command line with standard output and error on a terminal of 80 columns; status and what it showed."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    command = [sys.executable, "-m", "benchmark_agent", *map(str, arguments)]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    return process.wait(), text


def test_a_terminal_shows_progress_and_lines_that_fit(stores: Path, tmp_path: Path) -> None:
    status, text = on_a_terminal("build", GOAL, "--size", 12, "--pool", stores, "--out", tmp_path / "run")
    assert status == 0, text
    assert "12 of 12 items" in text
    assert "design" in text
    status, text = on_a_terminal("pool", "list", "--pool", stores)
    assert status == 0, text
    assert "1 dataset, 80 rows" in text
    rows = [line for line in text.splitlines() if line.startswith(("id ", "stores "))]
    assert len(rows) == 2
    assert max(map(len, rows)) <= 80


def test_a_fault_of_ours_is_one_line_and_a_trace_on_request(tmp_path: Path) -> None:
    code = "import sys, benchmark_agent.api as api; sys.argv = ['benchmark-agent', 'check', '.']\n"
    code += "api.check = lambda folder: 1 / 0\nfrom benchmark_agent.cli import main; main()"
    for debug, wanted in (({}, False), ({"BENCHMARK_AGENT_DEBUG": "1"}, True)):
        environment = {name: value for name, value in os.environ.items() if name != "BENCHMARK_AGENT_DEBUG"} | debug
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
        )
        assert said.returncode == 1
        assert ("Traceback" in said.stderr) is wanted
        assert wanted or said.stderr.startswith("error: a fault in benchmark-agent: ZeroDivisionError")
