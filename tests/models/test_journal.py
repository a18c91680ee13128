"""The journal: what was answered is kept, whatever happens to those who write, and can be taken elsewhere."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmark_agent.cli import journal as commands
from benchmark_agent.errors import UserError
from benchmark_agent.models import Reply
from benchmark_agent.models.journal import Call, Journal, exported, now

REQUEST = json.dumps(
    {
        "messages": [{"by": "user", "parts": [{"text": "Which harbour is older?"}, {"image": "ab12"}]}],
        "schema_name": "Answered",
    }
)


def call(key: str, *, cost: float = 0.25, **fields: object) -> Call:
    asked = {"role": "solver", "model": "m/one", "prompt": "verification/solve", "version": "v1", "attempt": 1}
    reply = Reply(text='{"letter": "Б"}', input_tokens=100, output_tokens=10)
    rest = {"request": REQUEST, "reply": reply, "cost": cost, "seconds": 1.5, "at": now()}
    return Call.model_validate({"key": key, **asked, **rest, **fields})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "calls.sqlite")
    yield opened
    opened.close()


def test_what_was_put_is_there_for_whoever_opens_the_file_next(journal: Journal) -> None:
    made = [call(f"k{n}", attempt=n + 1) for n in range(3)]
    for each in made:
        journal.put(each)
    journal.close()
    again = Journal(journal.path)
    assert list(again) == made
    assert again.get("k1") == made[1]
    assert again.get("k9") is None
    assert again.spent() == pytest.approx(0.75)
    again.close()


def test_the_first_reply_to_a_key_stays(journal: Journal) -> None:
    journal.put(call("k", cost=0.1))
    journal.put(call("k", cost=0.9))
    found = journal.get("k")
    assert found
    assert found.cost == 0.1
    assert (len(journal), journal.spent()) == (1, 0.1)


def test_a_failure_is_counted_and_is_no_answer(journal: Journal) -> None:
    journal.failed("k", "m/one", "503: overloaded", 503)
    journal.failed("k", "m/one", "ReadTimeout: nothing came", None)
    journal.failed("lost", "m/one", "429: slower", 429)
    assert journal.get("k") is None
    assert (len(journal), journal.unanswered()) == (0, 3)
    journal.put(call("k"))
    assert [failed.status for failed in journal.failures()] == [503, None, 429]
    assert journal.unanswered() == 1
    assert journal.lines()[0].failures == 2


def test_calls_are_added_up_by_role_and_prompt(journal: Journal) -> None:
    journal.put(call("a", role="planner", prompt="design/propose", cost=0.5))
    journal.put(call("b"))
    journal.put(call("c", attempt=2))
    first, second = journal.lines()
    assert (first.role, first.prompt, first.calls, first.cost) == ("planner", "design/propose", 1, 0.5)
    assert (second.calls, second.reasked, second.cost, second.seconds) == (2, 1, 0.5, 3.0)
    assert (second.input_tokens, second.output_tokens) == (200, 20)


def test_more_calls_than_are_read_at_once_come_in_order(journal: Journal) -> None:
    keys = [f"{n * 7919 % 451:04d}" for n in range(451)]
    journal._put_all([call(key) for key in keys])
    assert [each.key for each in journal] == keys
    assert [each.key for each in journal.last(2)] == keys[-2:]


def test_several_threads_write_and_read_at_once(journal: Journal) -> None:
    def work(mine: int) -> None:
        for n in range(25):
            journal.put(call(f"{mine}-{n}"))
            journal.put(call(f"shared-{n}", cost=mine))
            assert journal.get(f"{mine}-{n}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal) == 8 * 25 + 25


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from benchmark_agent.models import Reply
    from benchmark_agent.models.journal import Call, Journal

    path, name, most = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    journal = Journal(path)
    for n in range(most):
        reply = Reply(text="x" * 3000)
        journal.put(Call(key=f"{name}-{n}", role="writer", model="m", prompt="p", version="v", attempt=1, request="{}",
                         reply=reply, cost=0.01, seconds=1, at="now"))
        print(n, flush=True)
    """
)


def started(path: Path, name: str, most: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(path), name, str(most)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_that_open_and_write_one_file_at_once_do_not_harm_it(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    writers = [started(path, f"w{n}", 60) for n in range(3)]
    assert [writer.communicate(timeout=60) and writer.returncode for writer in writers] == [0, 0, 0]
    journal = Journal(path)
    assert len(journal) == 180
    assert journal._read("PRAGMA integrity_check") == [("ok",)]
    journal.close()


OPENER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from benchmark_agent.models.journal import Journal

    start = float(sys.argv[2])
    for n in range(12):
        while time.time() < start + n * 0.1:
            pass
        journal = Journal(Path(sys.argv[1]) / f"{n}.sqlite")
        journal.failed("k", "m", "why", None)
        journal.close()
    """
)


def test_processes_that_make_the_file_at_the_same_moment_all_can_write(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENER, str(tmp_path), str(time.time() + 3)]
    openers = [subprocess.Popen(command) for _ in range(3)]
    assert [opener.wait(timeout=60) for opener in openers] == [0, 0, 0]
    assert {len(Journal(path).failures()) for path in tmp_path.glob("*.sqlite")} == {3}


def test_a_writer_killed_at_any_moment_loses_at_most_the_call_in_flight(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    for turn in range(10):
        writer = started(path, f"t{turn}", 1_000_000)
        assert writer.stdout
        writer.stdout.readline()  # it has begun to write
        time.sleep(0.003 * turn)
        os.kill(writer.pid, signal.SIGKILL)
        said = 1 + len([line for line in writer.stdout.read().splitlines() if line])
        writer.wait()
        writer.stdout.close()
        journal = Journal(path)
        kept = [each.key for each in journal if each.key.startswith(f"t{turn}-")]
        assert kept == [f"t{turn}-{n}" for n in range(len(kept))]
        assert said <= len(kept) <= said + 1
        assert journal._read("PRAGMA integrity_check") == [("ok",)]
        journal.close()


def test_an_export_read_back_is_the_same_journal(journal: Journal, tmp_path: Path) -> None:
    for key in ("c", "a", "b"):
        journal.put(call(key))
    export = tmp_path / "calls.jsonl"
    export.write_text("".join(f"{line}\n" for line in exported(journal)), encoding="utf-8")
    for into in (tmp_path / "other.sqlite", tmp_path / "other.sqlite", None):
        other = Journal.load(export, into)
        assert list(other) == list(journal)
        assert list(exported(other)) == list(exported(journal))
        other.close()


def test_a_journal_of_another_run_is_added_to_the_run_and_stays_as_it_is(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "old.sqlite")) as old:
        for key in ("c", "a"):
            old.put(call(key))
    with closing(Journal(tmp_path / "new.sqlite")) as new:
        new.put(call("b"))
    with closing(Journal.load(tmp_path / "old.sqlite", tmp_path / "new.sqlite")) as both:
        both.put(call("d"))
    with closing(Journal.load(tmp_path / "old.sqlite")) as old, closing(Journal.load(tmp_path / "new.sqlite")) as new:
        assert [each.key for each in old] == ["c", "a"]
        assert [each.key for each in new] == ["b", "c", "a", "d"]
    with closing(Journal.load(tmp_path / "new.sqlite", tmp_path / "new.sqlite")) as new:
        assert len(new) == 4


def test_calls_of_another_run_count_once_they_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Journal(tmp_path / "old.sqlite")) as old:
        for key in ("a", "b", "c"):
            old.put(call(key, cost=1.0))
    path = tmp_path / "calls.sqlite"
    with closing(Journal(path)) as new:
        new.put(call("c", cost=0.5))
    with closing(Journal.load(tmp_path / "old.sqlite", path)) as new:
        assert (new.spent(), new.unused()) == (0.5, 2)
        assert new.get("a") is not None
        assert new.use("a")
        assert not new.use("a")  # it is this run's now
        assert not new.use("c")
        new.put(call("d", cost=0.25))
    for again in range(2):  # another session, with and without the other journal, counts on
        with closing(Journal.load(tmp_path / "old.sqlite", path) if again else Journal(path)) as new:
            assert (new.spent(), new.unused()) == (1.75, 1)
            assert [each.key for each in new.ours()] == ["c", "a", "d"]
            assert [each.key for each in new.last(9)] == ["c", "a", "d"]
            assert sum(line.calls for line in new.lines()) == 3
            assert len(new) == 4
    commands.show(path)
    assert "not counted: 1 calls of another run" in capsys.readouterr().out


def test_a_journal_of_the_first_format_is_read_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.sqlite"
    with closing(Journal(path)) as old:
        old.put(call("a"))
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE borrowed")
        db.execute("PRAGMA user_version = 1")
    with monkeypatch.context() as frozen:
        frozen.setattr("os.access", lambda *_: False)
        assert Journal.load(path).spent() == 0.25
    with closing(Journal.load(path)) as journal:
        assert (journal.spent(), journal.unused()) == (0.25, 0)


def test_an_export_that_was_cut_off_names_its_line_and_nothing_is_read(journal: Journal, tmp_path: Path) -> None:
    journal.put(call("a"))
    line = next(exported(journal))
    export = tmp_path / "calls.jsonl"
    export.write_text(f"{line}\n{line[:50]}", encoding="utf-8")
    with pytest.raises(UserError, match=r"line 2 of .*calls\.jsonl' is no call"):
        Journal.load(export, tmp_path / "other.sqlite")
    other = Journal(tmp_path / "other.sqlite")
    assert len(other) == 0
    other.close()


def test_a_run_without_a_journal_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no journal at .*give a run folder"):
        Journal.load(tmp_path)


def test_a_file_of_another_kind_or_a_later_version_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "calls.sqlite"
    other.write_text("not a database, but longer than the header of one " * 20)
    with pytest.raises(UserError, match="cannot be used: file is not a database"):
        Journal(other)
    later = tmp_path / "later.sqlite"
    with sqlite3.connect(later) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(UserError, match="later version of benchmark-agent"):
        Journal(later)


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="unable to open"):
        Journal(tmp_path / "nowhere" / "calls.sqlite")


def test_a_journal_one_may_not_write_to_is_read_with_all_its_last_writer_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "calls.sqlite"
    writer = started(path, "w", 1_000_000)
    assert writer.stdout
    writer.stdout.readline()
    writer.kill()
    writer.communicate()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert "calls.sqlite-wal" in before  # not yet merged
    monkeypatch.setattr("os.access", lambda *_: False)
    assert len(Journal.load(path)) >= 1
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_keys_of_the_environment_never_reach_the_file(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sk-proj-9f8e7d6c5b4a39281706"
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    journal.put(call("a"))
    journal.failed("a", "m/one", f"401: the key {secret} is refused", 401)
    journal.close()
    files = list(journal.path.parent.iterdir())
    assert files
    assert not any(secret.encode() in file.read_bytes() for file in files)


# -- the commands ----------------------------------------------------------------------------------


def test_show_adds_up_lists_and_shows_one_whole(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    journal.put(call("ab12", role="planner", prompt="design/propose", cost=1.0))
    journal.put(call("ac34"))
    journal.failed("ac34", "m/one", "503: overloaded (request 7781)", 503)
    journal.failed("zz", "m/one", "503: overloaded (request 7782)", 503)
    run = journal.path.parent
    commands.show(run, last=1)
    out = capsys.readouterr().out.splitlines()
    assert out[1].split() == ["planner", "design/propose", "1", "0", "100", "10", "1.0000", "1.5", "0"]
    assert out[3].split() == ["total", "2", "0", "200", "20", "1.2500", "3.0", "1"]
    assert "2 requests got no reply" in out[4]
    assert "2 x 503: overloaded" in out[5]
    assert "1 of them belong to calls that were never answered" in out[6]
    assert "ac34" in out[-1]
    commands.show(run, "ac")
    whole = capsys.readouterr().out
    assert "solver, m/one, prompt verification/solve" in whole
    assert "--- user ---\nWhich harbour is older?\n[image ab12]" in whole
    assert '"letter": "Б"' in whole
    with pytest.raises(UserError, match="'a' begins the keys of several calls: ab12, ac34"):
        commands.show(run, "a")
    with pytest.raises(UserError, match="no call has a key that begins with 'x'"):
        commands.show(run, "x")


def test_show_in_json(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    journal.put(call("ab12"))
    commands.show(journal.path, last=5, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["calls"], found["cost"], found["by_prompt"][0]["calls"]) == (1, 0.25, 1)
    assert found["last"][0]["key"] == "ab12"


def test_export_to_a_file_or_standard_output(
    journal: Journal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("b", "a"):
        journal.put(call(key))
    commands.export(tmp_path, tmp_path / "out.jsonl")
    assert "wrote 2 calls" in capsys.readouterr().err
    commands.export(tmp_path)
    assert capsys.readouterr().out == (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    commands.show(tmp_path / "out.jsonl")
    assert "total" in capsys.readouterr().out
    with pytest.raises(UserError, match="cannot be written: No such file or directory; give another"):
        commands.export(tmp_path, tmp_path / "no" / "out.jsonl")
