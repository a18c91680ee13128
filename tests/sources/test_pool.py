"""The pool: what a user gives becomes datasets with cards; what is wrong is said in one message."""

import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmark_agent.errors import UserError
from benchmark_agent.events import Event
from benchmark_agent.sources.pool import Pool, add, slug
from benchmark_agent.sources.readers import READERS

QUIZ: list[dict[str, Any]] = [
    {"id": f"q{i}", "question": f"What is {i} plus {i}, counted in apples?", "answer": str(2 * i)} for i in range(40)
]


def write(path: Path, rows: Sequence[dict[str, Any]] = QUIZ) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def open_pool(*paths: object, heard: list[Event] | None = None) -> Pool:
    return Pool.open(
        [str(path) for path in paths], READERS, listener=heard.append if heard is not None else lambda _: None
    )


def test_several_paths_are_one_pool(tmp_path: Path) -> None:
    write(tmp_path / "one" / "sums.jsonl")
    write(tmp_path / "two" / "more sums.jsonl", QUIZ[:20])
    pool = open_pool(tmp_path / "one", tmp_path / "two" / "more sums.jsonl")
    assert [(card.id, card.rows, card.reader) for card in pool.cards] == [
        ("more-sums", 20, "jsonl"),
        ("sums", 40, "jsonl"),
    ]
    assert pool.dataset("sums").rows[3].values == QUIZ[3]
    assert pool.card("sums").digest == pool.dataset("sums").rows.digest  # type: ignore[attr-defined]
    assert pool.search("more apples counted")[0][1] == 1.0


def test_the_same_data_given_twice_are_taken_once(tmp_path: Path) -> None:
    file = write(tmp_path / "sums.jsonl")
    assert len(open_pool(tmp_path, file, tmp_path).cards) == 1


def test_two_pools_with_one_id_name_both_paths(tmp_path: Path) -> None:
    write(tmp_path / "a" / "sums.jsonl")
    write(tmp_path / "b" / "sums.jsonl", QUIZ[:5])
    with pytest.raises(UserError) as error:
        open_pool(tmp_path / "a", tmp_path / "b")
    assert "two datasets have the id 'sums'" in str(error.value)
    assert f"{tmp_path}/a/sums.jsonl" in str(error.value)
    assert f"{tmp_path}/b/sums.jsonl" in str(error.value)
    assert "rename one" in str(error.value)


def test_datasets_of_one_name_in_one_pool_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path / "sums" / "train.jsonl")
    write(tmp_path / "sums" / "test.jsonl", QUIZ[:5])
    assert [card.id for card in open_pool(tmp_path).cards] == ["sums-test", "sums-train"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Causal Reasoning (v2)", "causal-reasoning-v2"),
        ("Übungen_für_Ärzte", "ubungen-fur-arzte"),
        ("../..", "dataset-"),
    ],
)
def test_ids_are_made_by_us(name: str, expected: str) -> None:
    assert slug(name).startswith(expected)
    assert slug("数学") != slug("化学")


def test_no_such_pool_suggests_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "animals" / "sums.jsonl")
    with pytest.raises(UserError, match=r"there is no pool at '.*animls'; did you mean 'animals'\? Give a folder"):
        open_pool(tmp_path / "animls")


def test_an_empty_pool_says_what_works(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the pool '.*' is empty\. What works: \.jsonl"):
        open_pool(tmp_path)


def test_a_folder_with_nothing_readable_lists_what_was_seen(tmp_path: Path) -> None:
    for name in ("a.odt", "b.odt", "c.txt", "README"):
        (tmp_path / name).write_text("x")
    with pytest.raises(UserError, match=r"it holds 2 \.odt, 1 \.txt, 1 \(no ending\)|it holds 2 \.odt"):
        open_pool(tmp_path)
    with pytest.raises(UserError, match=r"the file '.*a\.odt' is of no kind we read\. What works"):
        open_pool(tmp_path / "a.odt")


def test_one_broken_dataset_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path / "sums.jsonl")
    (tmp_path / "bad.json").write_text('{"data": [{"a": 1},\n{"a": }]}')
    heard: list[Event] = []
    pool = open_pool(tmp_path, heard=heard)
    assert [card.id for card in pool.cards] == ["sums"]
    ((path, why),) = pool.problems
    assert path == str(tmp_path / "bad.json")
    assert "broken JSON at line 2, column 7" in why
    assert any("left out" in event.message and "bad.json" in event.message for event in heard)


def test_a_broken_file_given_by_itself_is_the_error(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('[{"a": 1},\n{"a"')
    with pytest.raises(UserError, match=r"bad\.json' is broken JSON at line 2"):
        open_pool(tmp_path / "bad.json")


def test_skipped_rows_are_named(tmp_path: Path) -> None:
    file = write(tmp_path / "sums.jsonl")
    file.write_text(file.read_text() + "broken\n" * 150)
    skipped = open_pool(tmp_path).skipped("sums")
    assert skipped[0] == ("line 41", "broken JSON at column 1: Expecting value")
    assert skipped[-1] == ("and more", "50 other rows")


def test_an_unknown_dataset_suggests_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "sums.jsonl")
    with pytest.raises(UserError, match=r"the pool has no dataset 'sum'; did you mean 'sums'\?"):
        open_pool(tmp_path).dataset("sum")


# -- pool files ------------------------------------------------------------------------------------


def test_a_pool_file_is_made_extended_and_read(tmp_path: Path) -> None:
    write(tmp_path / "data" / "sums.jsonl")
    write(tmp_path / "more.jsonl", QUIZ[:5])
    file = tmp_path / "my-pool.yaml"
    add(file, str(tmp_path / "data"))
    file.write_text("# my pool\n" + file.read_text())
    add(file, str(tmp_path / "more.jsonl"))
    assert file.read_text() == "# my pool\npaths:\n- data\n- more.jsonl\n"
    assert [card.id for card in open_pool(file).cards] == ["more", "sums"]
    with pytest.raises(UserError, match=r"'data' is in .* already"):
        add(file, str(tmp_path / "data"))


def test_only_paths_with_a_dataset_are_added(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"is empty"):
        add(tmp_path / "my-pool.yaml", str(tmp_path / "empty"))
    assert not (tmp_path / "my-pool.yaml").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("paths: [", "is not YAML"),
        ("folders: [a]", "must list folders or files under 'paths:'"),
        ("paths: []", "must list folders or files"),
        ("paths: [nowhere]", "there is no pool at 'nowhere'"),
        ("paths: [my-pool.yaml]", "names itself"),
    ],
)
def test_a_wrong_pool_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "my-pool.yaml").write_text(text)
    with pytest.raises(UserError, match=message):
        open_pool(tmp_path / "my-pool.yaml")


# -- cards -----------------------------------------------------------------------------------------


def test_an_edited_card_is_used_as_long_as_the_data_stay(tmp_path: Path) -> None:
    file = write(tmp_path / "sums.jsonl")
    before = open_pool(tmp_path)
    path = before.card_path("sums")
    path.write_text(path.read_text().replace("licence: unknown", "licence: CC0-1.0"))
    heard: list[Event] = []
    edited = open_pool(tmp_path, heard=heard)
    assert edited.card("sums").licence == "CC0-1.0"
    assert edited.digest != before.digest
    assert any("was edited by hand and is used" in event.message for event in heard)
    assert Pool.reopen(edited.spec).card("sums") == edited.card("sums")

    write(file, QUIZ[:30])
    changed = open_pool(tmp_path, heard=heard)
    assert (changed.card("sums").licence, changed.card("sums").rows) == ("unknown", 30)
    assert "the data changed since the card" in " ".join(event.message for event in heard)
    aside = path.with_name(f"card-{before.card('sums').digest}.yaml")
    assert "CC0-1.0" in aside.read_text()


def test_an_edited_card_cannot_change_the_facts_and_must_read(tmp_path: Path) -> None:
    write(tmp_path / "sums.jsonl")
    path = open_pool(tmp_path).card_path("sums")
    written = path.read_text()
    path.write_text(written.replace("rows: 40", "rows: 4000").replace("id: sums", "id: other"))
    assert (open_pool(tmp_path).card("sums").rows, open_pool(tmp_path).card("sums").id) == (40, "sums")
    path.write_text(written.replace("rows: 40", "rows: many"))
    with pytest.raises(UserError, match=r"card\.yaml"):
        open_pool(tmp_path)


def test_a_card_beside_the_data_is_read_and_its_change_noticed(tmp_path: Path) -> None:
    write(tmp_path / "sums" / "data.jsonl")
    card = tmp_path / "sums" / "card.yaml"
    card.write_text("name: sums\nlicence: MIT\n")
    assert open_pool(tmp_path).card("sums").licence == "MIT"
    card.write_text("name: sums\nlicence: CC0-1.0\n")
    assert open_pool(tmp_path).card("sums").licence == "CC0-1.0"


def test_the_second_opening_writes_nothing(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "sums.jsonl")
    first = open_pool(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    assert open_pool(tmp_path).digest == first.digest
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()} == before


def test_a_pool_opens_in_another_process_from_a_small_description(tmp_path: Path) -> None:
    write(tmp_path / "sums.jsonl")
    pool = open_pool(tmp_path)
    packed = pickle.dumps(pool.spec)
    assert len(packed) < 2000
    code = (
        "import pickle, sys; from benchmark_agent.sources.pool import Pool;"
        "p = Pool.reopen(pickle.loads(sys.stdin.buffer.read()));"
        "d = p.dataset('sums'); print(p.digest, d.rows[7].id, d.audit.rows)"
    )
    said = subprocess.run([sys.executable, "-c", code], input=packed, capture_output=True, check=True).stdout
    assert said.decode().split() == [pool.digest, "q7", "40"]


def test_the_home_folder_can_be_chosen_and_must_be_writable(tmp_path: Path) -> None:
    write(tmp_path / "pool" / "sums.jsonl")
    pool = Pool.open([str(tmp_path / "pool")], READERS, home=tmp_path / "kept")
    assert pool.card_path("sums").is_relative_to(tmp_path / "kept")
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"cache folder .* set BENCHMARK_AGENT_HOME"):
        Pool.open([str(tmp_path / "pool")], READERS, home=tmp_path / "file" / "home")
