"""The main job, as a user does it: build, check, read, resume, edit, replay."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import benchmark_agent
from benchmark_agent import build, check, load
from tests.support import Command

GOAL = "Compare records and aggregate numbers over several records"


def digest(said_out: str) -> str:
    found: str = json.loads(said_out)["digest"]
    return found


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmark_agent", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def test_a_goal_becomes_a_benchmark_that_checks(command: Command, stores: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    said = command("build", GOAL, "--size", 24, "--pool", stores, "--out", out, "--json")
    assert said.status == 0, said.err
    assert len(said.out.splitlines()) == 1
    summary = said.json
    assert (summary["status"], summary["size"], summary["shortfall"]) == ("complete", 24, 0)
    lines = (out / "benchmark" / "items.jsonl").read_text().splitlines()
    assert len(lines) == 24
    wanted = {"id", "subtask", "answer_kind", "input", "question", "options", "answer", "accepted", "scorer"}
    wanted |= {"gold_basis", "target_signal", "evidence", "sources", "recipe", "checks"}
    assert all(wanted <= json.loads(line).keys() for line in lines)
    assert command("check", out).status == 0
    shown = command("show", out)
    assert shown.status == 0
    first = json.loads(lines[0])
    passport = command("explain", out, first["id"])
    assert first["sources"][0]["dataset"] in passport.out


def test_the_python_functions_do_the_same(stores: Path, tmp_path: Path) -> None:
    result = build(GOAL, size=12, pool=[str(stores)], out=tmp_path / "run")
    assert result.benchmark is not None
    assert len(list(load(tmp_path / "run"))) == 12
    assert check(result.benchmark).passed
    assert benchmark_agent.__version__


def test_workers_and_processes_do_not_change_the_digest(stores: Path, tmp_path: Path) -> None:
    digests = set()
    for workers, hash_seed in ((1, "0"), (3, "7")):
        arguments = ("--size", 40, "--pool", stores, "--workers", workers, "--json", "--out", tmp_path / f"w{workers}")
        said = run("build", GOAL, *arguments, PYTHONHASHSEED=hash_seed)
        assert said.returncode == 0, said.stderr
        digests.add(digest(said.stdout))
    assert len(digests) == 1


def test_another_seed_gives_other_items(stores: Path, tmp_path: Path) -> None:
    first, second = (
        build(GOAL, size=12, pool=[str(stores)], seed=seed, out=tmp_path / str(seed)).benchmark for seed in (1, 2)
    )
    assert first is not None
    assert second is not None
    assert first.manifest.digest != second.manifest.digest


def test_killed_at_any_moment_and_resumed_it_is_the_same(stores: Path, tmp_path: Path) -> None:
    arguments = ("build", GOAL, "--size", 60, "--pool", stores, "--json")
    whole = run(*arguments, "--out", tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    draw = random.Random(3)
    out = tmp_path / "killed"
    for attempt in range(4):
        more = ("--resume",) if (out / "requirement.yaml").exists() else ()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmark_agent", *map(str, arguments), "--out", str(out), *more],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.6 + 0.5 * attempt + draw.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
    more = ("--resume",) if (out / "requirement.yaml").exists() else ()
    said = run(*arguments, "--out", out, *more)
    assert said.returncode == 0, said.stderr
    assert digest(said.stdout) == digest(whole.stdout)
    verdicts = [json.loads(line)["job_id"] for line in (out / "verdicts.jsonl").read_text().splitlines()]
    assert len(verdicts) == len(set(verdicts))


@pytest.mark.parametrize("keep", [0, 1, 17, 39])
def test_a_log_cut_anywhere_is_taken_up_where_it_ends(stores: Path, tmp_path: Path, keep: int) -> None:
    out = tmp_path / "run"
    whole = build(GOAL, size=40, pool=[str(stores)], out=out)
    assert whole.benchmark is not None
    log = out / "verdicts.jsonl"
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:keep]) + lines[keep][:25])
    again = build(GOAL, size=40, pool=[str(stores)], out=out, resume=True)
    assert again.benchmark is not None
    assert again.benchmark.manifest.digest == whole.benchmark.manifest.digest
    assert log.read_text() == "".join(lines)


def test_an_edited_plan_is_honoured(stores: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    planned = build(GOAL, size=20, pool=[str(stores)], out=out, plan_only=True)
    assert planned.benchmark is None
    plan = out / "plan.jsonl"
    lines = plan.read_text().splitlines(keepends=True)
    jobs = [line for line in lines if '"use":"job"' in line]
    plan.write_text("".join(jobs[:5]))
    built = build(GOAL, size=20, pool=[str(stores)], out=out, resume=True).benchmark
    assert built is not None
    assert built.manifest.size <= 5
    used = {item.sources[0].ordinal for item in built}
    assert used <= {json.loads(line)["job"]["row"] for line in jobs[:5]}


def test_a_shorter_benchmark_says_what_is_missing_and_why(command: Command, stores: Path, tmp_path: Path) -> None:
    said = command("build", GOAL, "--size", 500, "--pool", stores, "--out", tmp_path / "run", "--json")
    assert said.status == 3
    summary = said.json
    assert summary["status"] == "short"
    assert 0 < summary["size"] < 500
    assert summary["size"] + summary["shortfall"] == 500
    assert all(each["cause"] for each in summary["subtasks"] if each["delivered"] < each["planned"])
    assert command("check", tmp_path / "run").status == 0


def test_a_goal_the_pool_cannot_serve_is_refused(command: Command, stores: Path, tmp_path: Path) -> None:
    said = command("build", "Administer Kubernetes clusters", "--pool", stores, "--out", tmp_path / "run")
    assert said.status == 2
    assert "Traceback" not in said.err
    assert "pool" in said.err
    assert not (tmp_path / "run" / "benchmark").exists()
