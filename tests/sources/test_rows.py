"""Rows by position: what is good is found again, what is broken is named, nothing is loaded."""

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark_agent.errors import SourceError, UserError
from benchmark_agent.sources.readers.files import JsonLines, JsonList
from benchmark_agent.sources.rows import IndexedRows

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
).filter(lambda value: "\\ud" not in json.dumps(value))
ROW = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), PLAIN, min_size=1, max_size=4)


def write(path: Path, *lines: str | bytes) -> Path:
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n")
    return path


def open_lines(path: Path) -> IndexedRows:
    return JsonLines().open(path, ".")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_every_row_comes_back_at_its_position(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    lines, document = tmp_path / "a.jsonl", tmp_path / "b.json"
    lines.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    document.write_text(json.dumps({"rows": rows}), encoding="utf-8")
    for opened in (open_lines(lines), JsonList().open(document, ".")):
        assert [opened[i].values for i in range(len(opened))] == rows
        assert [row.values for row in opened] == rows
        assert [row.ordinal for row in opened] == list(range(len(rows)))


def test_broken_lines_are_skipped_counted_and_named(tmp_path: Path) -> None:
    half = '{"a": "\\ud800"}'
    path = write(tmp_path / "a.jsonl", '{"a": 1}', '{"a": ', "", "[1]", b'{"a": "\xff"}', half, "{}", '{"a": 2}')
    rows = open_lines(path)
    assert [row.values["a"] for row in rows] == [1, 2]
    assert rows.skipped == (
        ("line 2", "broken JSON at column 6: Expecting value"),
        ("line 4", "a row must be a JSON object, not list"),
        ("line 5", "not UTF-8 text (byte 7)"),
        ("line 6", "it holds half of a Unicode character"),
        ("line 7", "the row is empty"),
    )
    assert rows.skipped_total == 5


def test_of_many_broken_lines_a_hundred_are_named_and_all_are_counted(tmp_path: Path) -> None:
    rows = open_lines(write(tmp_path / "a.jsonl", '{"a": 1}', *["broken"] * 250))
    assert (len(rows.skipped), rows.skipped_total) == (100, 250)


def test_the_digest_is_of_the_content_not_of_the_place_or_time(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        digests.append(open_lines(write(tmp_path / name / "a.jsonl", '{"a": 1}')).digest)
    assert digests[0] == digests[1]
    assert open_lines(write(tmp_path / "two" / "a.jsonl", '{"a": 2}')).digest != digests[0]


def test_a_changed_file_is_indexed_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"a": 1}')
    assert len(open_lines(path)) == 1
    write(path, '{"a": 1}', '{"a": 2}')
    assert [row.values["a"] for row in open_lines(path)] == [1, 2]


def test_rows_pickle_small_and_open_in_another_process(tmp_path: Path) -> None:
    rows = open_lines(write(tmp_path / "a.jsonl", *(json.dumps({"id": f"r{i}", "n": i}) for i in range(1000))))
    packed = pickle.dumps(rows)
    assert len(packed) < 1000
    code = "import pickle, sys; r = pickle.loads(sys.stdin.buffer.read()); print(len(r), r[777].id, r[777].values['n'])"
    said = subprocess.run([sys.executable, "-c", code], input=packed, capture_output=True, check=True).stdout
    assert said.split() == [b"1000", b"r777", b"777"]


def test_threads_read_at_once(tmp_path: Path) -> None:
    rows = open_lines(write(tmp_path / "a.jsonl", *(json.dumps({"n": i}) for i in range(500))))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda i: rows[i].values["n"], range(500))) == list(range(500))


def test_a_row_has_its_own_id_or_its_position(tmp_path: Path) -> None:
    rows = open_lines(write(tmp_path / "a.jsonl", '{"id": "x"}', '{"id": 7}', '{"id": true}', '{"id": ""}', '{"a": 1}'))
    assert [row.id for row in rows] == ["x", "7", "2", "3", "4"]


def test_positions_outside_are_refused_in_words(tmp_path: Path) -> None:
    rows = open_lines(write(tmp_path / "a.jsonl", '{"a": 1}'))
    for ordinal in (1, -1):
        with pytest.raises(SourceError, match=f"there is no row {ordinal} in .* it has 1 rows, from 0"):
            rows[ordinal]


def test_a_row_that_vanished_is_a_source_error(tmp_path: Path) -> None:
    rows = open_lines(write(tmp_path / "a.jsonl", '{"a": 1}'))
    (tmp_path / "a.jsonl").unlink()
    with pytest.raises(SourceError, match=r"row 0 of .*a.jsonl' cannot be read any more"):
        rows[0]


def test_a_file_without_a_good_row_names_the_first_bad_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no row of .*a.jsonl' can be used; line 1: broken JSON .* \(and 1 more\)"):
        open_lines(write(tmp_path / "a.jsonl", "oops", "oops"))
    with pytest.raises(UserError, match=r"empty.jsonl' has no rows"):
        open_lines(write(tmp_path / "empty.jsonl", ""))


def test_broken_json_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '{"data": [', '{"a": 1},', '{"a": }', "]}")
    with pytest.raises(UserError, match=r"a.json' is broken JSON at line 3, column 7: Expecting value"):
        JsonList().open(path, ".")


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "loop.jsonl").symlink_to(tmp_path / "loop.jsonl")
    with pytest.raises(UserError, match=r"loop.jsonl' cannot be read: Too many levels of symbolic links"):
        open_lines(tmp_path / "loop.jsonl")


def test_not_a_number_becomes_null(tmp_path: Path) -> None:
    assert open_lines(write(tmp_path / "a.jsonl", '{"a": NaN, "b": 1}'))[0].values == {"a": None, "b": 1}


def test_several_processes_may_index_the_same_file_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *(json.dumps({"n": i}) for i in range(3000)), "broken")
    code = (
        "import sys; from pathlib import Path; from benchmark_agent.sources.readers.files import JsonLines;"
        "r = JsonLines().open(Path(sys.argv[1]), '.'); print(len(r), r.digest, r.skipped_total, r[2999].values['n'])"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate() for process in started]
    assert {errors for _, errors in said} == {b""}
    rows = open_lines(path)
    assert {out.decode().split()[0] for out, _ in said} == {"3000"}
    assert {tuple(out.decode().split()[1:]) for out, _ in said} == {(rows.digest, "1", "2999")}
