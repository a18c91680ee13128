"""Queries of a pool.yaml: what they give, and what they cannot reach."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from PIL import Image

from benchmark_agent.errors import UserError
from benchmark_agent.sources import sql
from benchmark_agent.sources.pool import Pool, add
from benchmark_agent.sources.readers import READERS

CROPS = ("beans", "kale", "leek")
MAKING = (
    "CREATE TABLE plots (id INTEGER, crop TEXT, harvest DOUBLE, picture TEXT)",
    "CREATE TABLE keepers (plot INTEGER, keeper TEXT)",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A DuckDB and a SQLite file with the same 30 plots, a picture, and a secret beside the pool."""
    folder = tmp_path / "pool"
    folder.mkdir()
    Image.new("RGB", (32, 32), "green").save(folder / "plot.png")
    (tmp_path / "secret.csv").write_text("secret,number\nrosebud,7\n")
    plots = [(k, CROPS[k % 3], k + 0.5, "plot.png") for k in range(30)]
    keepers = [(k, f"keeper {k % 7}") for k in range(30)]
    with duckdb.connect(str(folder / "garden.duckdb")) as base:
        for statement in MAKING:
            base.execute(statement)
        base.executemany("INSERT INTO plots VALUES (?, ?, ?, ?)", plots)
        base.executemany("INSERT INTO keepers VALUES (?, ?)", keepers)
        base.execute(f"CREATE VIEW outside AS SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")
    with closing(sqlite3.connect(folder / "garden.sqlite")) as lite, lite:
        for statement in MAKING:
            lite.execute(statement)
        lite.executemany("INSERT INTO plots VALUES (?, ?, ?, ?)", plots)
        lite.executemany("INSERT INTO keepers VALUES (?, ?)", keepers)
        lite.execute("CREATE VIEW outside AS SELECT load_extension('nothing')")
    shutil.copy(folder / "garden.sqlite", tmp_path / "other.sqlite")
    return folder


def opened(folder: Path, database: str, query: str, more: str = "") -> Pool:
    lines = "".join(f"      {line}\n" for line in query.splitlines())
    entry = f"paths:\n  - name: harvests\n    database: {database}\n{more}    query: |\n{lines}"
    (folder / "pool.yaml").write_text(entry)
    return Pool.open([str(folder / "pool.yaml")], READERS, home=folder.parent / "home")


JOINED = "SELECT p.id, crop, harvest, picture, keeper\nFROM plots p JOIN keepers k ON k.plot = p.id\nORDER BY p.id;"
BOTH = pytest.mark.parametrize("database", ["garden.duckdb", "garden.sqlite"])


@BOTH
def test_the_answer_of_a_query_is_a_dataset(folder: Path, database: str) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.startswith("garden")}
    pool = opened(folder, database, JOINED, "    licence: CC0-1.0\n    topics: [gardens]\n")
    card = pool.card("harvests")
    assert (card.rows, card.licence, card.reader) == (30, "CC0-1.0", "sql")
    assert {field.path: field.type for field in card.fields}["picture"] == "image"
    rows = pool.dataset("harvests").rows
    assert rows[8].values == {"id": 8, "crop": "leek", "harvest": 8.5, "picture": "plot.png", "keeper": "keeper 1"}
    assert (rows.root / "plot.png").is_file()
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.name.startswith("garden")} == before


@BOTH
def test_a_change_of_the_query_or_the_data_is_seen(folder: Path, database: str) -> None:
    few = opened(folder, database, "SELECT * FROM plots WHERE id < 12 ORDER BY id")
    more = opened(folder, database, "SELECT * FROM plots WHERE id < 20 ORDER BY id")
    assert (few.card("harvests").rows, more.card("harvests").rows) == (12, 20)
    statement = "INSERT INTO plots VALUES (13, 'chard', 2.5, 'plot.png')"
    if database.endswith("duckdb"):
        with duckdb.connect(str(folder / database)) as base:
            base.execute(statement)
    else:
        with closing(sqlite3.connect(folder / database)) as lite, lite:
            lite.execute(statement)
    assert opened(folder, database, "SELECT * FROM plots WHERE id < 20 ORDER BY id").card("harvests").rows == 21


def test_sqlite_with_a_journal_is_read_with_what_the_journal_holds(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "garden.sqlite")) as lite:
        lite.execute("PRAGMA journal_mode = WAL")
        with lite:
            lite.execute("INSERT INTO plots VALUES (30, 'chard', 2.5, 'plot.png')")
        assert opened(folder, "garden.sqlite", "SELECT * FROM plots ORDER BY id").card("harvests").rows == 31


REACHING = {
    "duckdb": (
        "SELECT * FROM read_csv('{0}/secret.csv')",
        "SELECT * FROM '{0}/secret.csv'",
        "SELECT * FROM outside",
        "SELECT * FROM read_text('{0}/secret.csv')",
        "SELECT * FROM glob('{0}/*')",
        "SELECT * FROM query('SELECT * FROM read_csv(''{0}/secret.csv'')')",
        "SELECT * FROM read_csv('https://localhost:9/x.csv')",
        "ATTACH '{0}/other.sqlite' AS o",
        "COPY plots TO '{0}/out.csv'",
        "EXPORT DATABASE '{0}/out'",
        "PRAGMA database_list",
        "SET enable_external_access = true",
        "LOAD httpfs",
        "INSERT INTO keepers VALUES (1, 'x')",
        "SELECT 1; SELECT 2",
        "SELECT 1 AS a; COPY plots TO '{0}/out.csv'",
    ),
    "sqlite": (
        "SELECT load_extension('{0}/nothing.so')",
        "SELECT * FROM outside",
        "ATTACH '{0}/other.sqlite' AS o",
        "VACUUM INTO '{0}/out.sqlite'",
        "PRAGMA writable_schema = 1",
        "SELECT * FROM pragma_database_list",
        "INSERT INTO keepers VALUES (1, 'x')",
        "DROP TABLE keepers",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE VIRTUAL TABLE temp.x USING fts5(a)",
        "SELECT 1; DROP TABLE keepers",
    ),
}


@pytest.mark.parametrize(("kind", "query"), [(kind, query) for kind in REACHING for query in REACHING[kind]])
def test_a_query_reaches_nothing_but_its_database(folder: Path, kind: str, query: str) -> None:
    database = folder / f"garden.{kind}"
    before, around = database.read_bytes(), sorted(folder.parent.iterdir())
    with pytest.raises(UserError, match="it may only read tables of this database, in one SELECT"):
        opened(folder, database.name, query.format(folder.parent))
    assert database.read_bytes() == before
    assert [path for path in sorted(folder.parent.iterdir()) if path.name != "home"] == around


def test_a_query_does_not_read_variables_of_the_program(folder: Path) -> None:
    # With external access DuckDB looks a missing table up among the variables of its caller, which has this one.
    with pytest.raises(UserError, match="Table with name statements does not exist"):
        opened(folder, "garden.duckdb", "SELECT * FROM statements")


@pytest.mark.parametrize(
    ("database", "query", "said"),
    [
        ("garden.duckdb", "SELECT crop\nFORM plots", "fails at its line 2, 'FORM plots': Parser Error: syntax error"),
        ("garden.sqlite", "SELECT crop\nFORM plots x", "fails at its line 2, 'FORM plots x': near"),
        ("garden.duckdb", "SELECT crop,\n  weight\nFROM plots", "fails at its line 2, 'weight': Binder Error"),
        (
            "garden.sqlite",
            "SELECT crop,\n  p.weight\nFROM plots p",
            "at its line 2, 'p.weight': no such column: p.weight",
        ),
        ("garden.sqlite", "SELECT crop FROM\nbeds", "at its line 2, 'beds': no such table: beds"),
        ("garden.sqlite", "SELECT id, crop AS id FROM plots", "two columns are called 'id'; name them apart with AS"),
        ("plot.png", "SELECT 1", "is neither a DuckDB nor a SQLite database"),
        ("../other.sqlite", "SELECT 1", "leaves its folder and is refused; put it beside the file"),
        ("gone.duckdb", "SELECT 1", "there is no database"),
        ("garden.duckdb", "SELECT * FROM plots WHERE id > 99", "has no rows"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(folder: Path, database: str, query: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        opened(folder, database, query)
    assert said in str(caught.value)


@BOTH
def test_time_and_rows_are_bounded(folder: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "MOST_ROWS", 25)
    pool = opened(folder, database, "SELECT * FROM plots ORDER BY id")
    assert pool.card("harvests").rows == 25
    assert pool.skipped("harvests") == (
        ("the rest", "only the first 25 rows of the query are taken; narrow it with LIMIT"),
    )
    monkeypatch.setattr(sql, "MOST_SECONDS", 0.2)
    numbers = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n)"
    endless = f"{numbers} SELECT count(*) AS k FROM n"
    with pytest.raises(UserError, match=r"it takes over 0\.2 seconds"):
        opened(folder, database, endless)


def test_entries_of_a_pool_file_are_checked(folder: Path) -> None:
    for entry, said in (
        ("{database: garden.duckdb, query: SELECT 1}", "lacks 'name'"),
        ("{name: a, database: garden.duckdb, query: SELECT 1, password: x}", "has 'password'"),
        ("{name: a#b, database: garden.duckdb, query: SELECT 1}", "has '#' in its name"),
    ):
        (folder / "pool.yaml").write_text(f"paths:\n  - {entry}\n")
        with pytest.raises(UserError) as caught:
            Pool.open([str(folder / "pool.yaml")], READERS)
        assert said in str(caught.value)


def test_a_path_is_added_beside_a_query(folder: Path) -> None:
    opened(folder, "garden.duckdb", "SELECT * FROM plots ORDER BY id")
    (folder / "more.jsonl").write_text("".join(f'{{"crop": "{CROPS[k % 3]}", "n": {k}}}\n' for k in range(12)))
    add(folder / "pool.yaml", str(folder / "more.jsonl"))
    pool = Pool.open([str(folder / "pool.yaml")], READERS)
    assert [card.id for card in pool.cards] == ["harvests", "more"]
