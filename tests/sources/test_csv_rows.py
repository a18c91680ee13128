"""CSV as it comes: quoting, delimiters, encodings; a bad line costs itself only."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark_agent.errors import UserError
from benchmark_agent.sources.csv_rows import records
from benchmark_agent.sources.readers.files import Csv
from benchmark_agent.sources.rows import IndexedRows


def open_csv(path: Path, content: bytes | str) -> IndexedRows:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Csv().open(path, ".")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(alphabet='ab",;\n \t', max_size=6), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    lines = out.getvalue().splitlines(keepends=True)
    assert [cells for _, cells in records(lines, ",", 2)] == rows


def test_an_unclosed_quote_costs_one_line(tmp_path: Path) -> None:
    text = 'id,text\n1,good\n2,"never closed\n3,fine\n4,"a, b"\n5,"two\nlines"\n6,end\n'
    rows = open_csv(tmp_path / "a.csv", text)
    found = [(row.values["id"], row.values["text"]) for row in rows]
    assert found == [(1, "good"), (3, "fine"), (4, "a, b"), (5, "two\nlines"), (6, "end")]
    assert rows.skipped == (("line 3", "a quote is opened and never closed"),)


def test_wrong_column_counts_are_named_by_line(tmp_path: Path) -> None:
    rows = open_csv(tmp_path / "a.csv", "a,b\n1,2\n1\n1,2,3\n\n4,5\n")
    assert [dict(row.values) for row in rows] == [{"a": 1, "b": 2}, {"a": 4, "b": 5}]
    assert rows.skipped == (
        ("line 3", "it has 1 columns, the header has 2"),
        ("line 4", "it has 3 columns, the header has 2"),
    )


def test_inch_marks_inside_a_cell_are_text(tmp_path: Path) -> None:
    rows = open_csv(tmp_path / "a.csv", 'name,size\nscreen,5" wide\ndisk,"3.5"" drive"\ntube,"5" glass\n')
    assert [row.values["size"] for row in rows] == ['5" wide', '3.5" drive', "5 glass"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("semicolon.csv", "city;note\nOslo;cold, dark\nRome;warm, bright\n"),
        ("tab.tsv", "city\tnote\nOslo\tcold, dark\nRome\twarm, bright\n"),
        ("pipe.csv", "city|note\nOslo|cold, dark\nRome|warm, bright\n"),
        ("bom.csv", b"\xef\xbb\xbfcity;note\nOslo;cold, dark\nRome;warm, bright\n"),
        ("utf16.csv", "city;note\nOslo;cold, dark\nRome;warm, bright\n".encode("utf-16")),
    ],
)
def test_delimiter_and_byte_order_mark_are_found(tmp_path: Path, name: str, content: bytes | str) -> None:
    rows = open_csv(tmp_path / name, content)
    assert [dict(row.values) for row in rows] == [
        {"city": "Oslo", "note": "cold, dark"},
        {"city": "Rome", "note": "warm, bright"},
    ]


def test_old_windows_text_is_read(tmp_path: Path) -> None:
    assert open_csv(tmp_path / "a.csv", "drink,n\ncafé “noir”,1\n".encode("cp1252"))[0].values["drink"] == "café “noir”"


def test_columns_of_numbers_are_numbers_and_codes_stay_text(tmp_path: Path) -> None:
    rows = open_csv(tmp_path / "a.csv", "n,x,zip,mixed,gap\n1,0.5,01234,7,\n-2,3.25,98765,seven,4\n")
    assert [dict(row.values) for row in rows] == [
        {"n": 1, "x": 0.5, "zip": "01234", "mixed": "7", "gap": None},
        {"n": -2, "x": 3.25, "zip": "98765", "mixed": "seven", "gap": 4},
    ]


def test_columns_without_or_with_the_same_name_are_told_apart(tmp_path: Path) -> None:
    rows = open_csv(tmp_path / "a.csv", "a,,a\nx,y,z\n")
    assert dict(rows[0].values) == {"a": "x", "column_2": "y", "a_3": "z"}


def test_a_file_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    rows = open_csv(tmp_path / "a.csv", "1,2\n3,4\n")
    assert [dict(row.values) for row in rows] == [{"column_1": 1, "column_2": 2}, {"column_1": 3, "column_2": 4}]


def test_binary_data_under_a_csv_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.csv' is not text: it holds zero bytes; save it as UTF-8"):
        open_csv(tmp_path / "a.csv", b"PK\0\0\x01\0")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='ab"\n,', max_size=40))
def test_no_text_breaks_the_reader_and_no_line_is_read_twice(text: str) -> None:
    lines = text.splitlines(keepends=True)
    found = list(records(lines, ",", 2))
    starts = [start for start, _ in found]
    assert starts == sorted(set(starts))
    assert len(found) <= len(lines)
