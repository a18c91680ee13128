"""Items -> folder -> items: what is written is what is read, the same bytes each time, and no half of it."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.benchmark import shards
from benchmark_agent.benchmark.card import CardFacts, canary, write_card
from benchmark_agent.benchmark.check import check
from benchmark_agent.benchmark.load import load
from benchmark_agent.benchmark.shards import flat_input
from benchmark_agent.benchmark.show import explain, render_item
from benchmark_agent.benchmark.types import Benchmark, SubtaskCount
from benchmark_agent.benchmark.write import BenchmarkWriter
from benchmark_agent.content import Text
from benchmark_agent.errors import StageError, UserError
from benchmark_agent.media import MediaStore
from benchmark_agent.plugins import load as load_plugins
from benchmark_agent.requirement import Requirement
from tests.benchmark.benchmark_samples import image, item, mixed, sound, write


@pytest.fixture
def made(tmp_path: Path) -> Benchmark:
    return write(tmp_path / "out", tmp_path / "run", mixed(tmp_path / "run"))


def test_what_is_written_is_read_and_passes_the_check(made: Benchmark, tmp_path: Path) -> None:
    again = load(made.folder)
    assert list(again) == mixed(tmp_path / "run")
    assert len(again) == 5
    report = check(again, load_plugins(third_party=False).scorers.__getitem__)
    assert report.findings == ()
    assert report.passed
    assert (report.items, report.media) == (5, 2)
    assert report.replies > 15


def test_the_folder_is_complete_in_itself(made: Benchmark) -> None:
    files = sorted(path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file())
    media = sorted(part.path for each in made for part in each.input if part.type != "text")
    assert files == sorted({
        "README.md", "manifest.json", "items.jsonl", "data/reading-00000.parquet", "data/count-00000.parquet",
        "data/listen-00000.parquet", *media,
    })  # fmt: skip
    assert [path.name for path in made.folder.parent.iterdir()].count("out") == 1
    assert not list(made.folder.parent.glob(".out*"))


def test_the_manifest_counts_what_is_there(made: Benchmark) -> None:
    manifest = made.manifest
    assert (manifest.size, manifest.shortfall) == (5, 2)
    assert [(each.subtask_id, each.planned, each.delivered) for each in manifest.subtasks] == [
        ("reading", 2, 2), ("count", 3, 1), ("listen", 2, 2),
    ]  # fmt: skip
    assert [(use.dataset_id, use.items, use.licence) for use in manifest.datasets] == [
        ("rivers", 4, "CC-BY-4.0"), ("shapes", 1, "MIT"),
    ]  # fmt: skip
    assert [(tool.name, tool.version) for tool in manifest.tools] == [("label_to_choice", "2")]
    assert {"benchmark-agent", "numpy", "pillow"} <= {package.name for package in manifest.packages}
    assert manifest.requirement.pool == ("pool",)
    assert str(made.folder.parent) not in (made.folder / "manifest.json").read_text()


def test_a_line_has_the_keys_of_the_format(made: Benchmark) -> None:
    first = json.loads((made.folder / "items.jsonl").read_text().splitlines()[2])
    assert list(first) == [
        "id", "subtask", "answer_kind", "input", "question", "options", "answer", "accepted", "scorer", "gold_basis",
        "target_signal", "evidence", "sources", "recipe", "checks", "proof", "alt",
    ]  # fmt: skip
    assert [part["type"] for part in first["input"]] == ["image", "text"]
    assert first["input"][0]["path"] == f"media/{first['input'][0]['sha256']}.png"


def test_the_digest_and_items_are_the_same_in_another_place_and_process(made: Benchmark, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from tests.benchmark.benchmark_samples import mixed, write\n"
        "root = Path(sys.argv[1]); print(write(root / 'b', root / 'r', mixed(root / 'r')).manifest.digest)"
    )
    root = tmp_path / "elsewhere"
    root.mkdir()
    said = subprocess.run(
        [sys.executable, "-c", code, str(root), str(Path(__file__).parents[2])],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == made.manifest.digest
    assert said.stderr == ""
    for name in ("items.jsonl", "README.md"):
        assert (root / "b" / name).read_bytes() == (made.folder / name).read_bytes()


def test_the_digest_changes_with_an_item_and_not_with_the_wording_of_the_goal(tmp_path: Path) -> None:
    run = tmp_path / "run"
    plain = write(tmp_path / "a", run, [item("reading-1")], size=1).manifest.digest
    assert write(tmp_path / "b", run, [item("reading-1")], size=2).manifest.digest == plain
    assert write(tmp_path / "c", run, [item("reading-1", answer="B")], size=1).manifest.digest != plain


# -- Parquet ------------------------------------------------------------------------------------


def test_parquet_has_the_media_inside_and_says_so_to_datasets(made: Benchmark) -> None:
    with duckdb.connect() as reader:
        rows = reader.execute(
            "SELECT id, input, options, answer, answer_index, image, audio FROM read_parquet(?) ORDER BY id",
            [str(made.folder / "data" / "*.parquet")],
        ).fetchall()
        stated = reader.execute(
            "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'huggingface'",
            [str(made.folder / "data" / "reading-00000.parquet")],
        ).fetchall()
        schema = reader.execute(
            "SELECT name, repetition_type FROM parquet_schema(?)", [str(made.folder / "data/count-00000.parquet")]
        ).fetchall()
    by_id = {each.id: each for each in made}
    assert [row[0] for row in rows] == sorted(by_id)
    for name, text, options, answer, index, picture, heard in rows:
        source = by_id[name]
        assert (text, tuple(options), answer) == (flat_input(source), source.options, source.answer)
        assert index == ("ABC".index(answer) if source.answer_kind == "choice" else None)
        for part in source.input:
            if part.type != "text":
                held = picture if part.type == "image" else heard
                assert held == {"bytes": (made.folder / part.path).read_bytes(), "path": Path(part.path).name}
    features = json.loads(stated[0][0])["info"]["features"]
    assert (features["image"], features["audio"]) == ({"_type": "Image"}, {"_type": "Audio"})
    assert features["options"] == {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"}
    assert [name for name, _ in schema if name in features] == list(features)
    # `datasets` drops a feature whose column is declared as never null.
    assert {kind for name, kind in schema if name in features} == {"OPTIONAL"}


def test_items_with_several_images_have_a_list_of_them(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "run")
    both = item("reading-1", input=(image(store, 9), Text(text="and"), image(store, 99)))
    made = write(tmp_path / "out", tmp_path / "run", [both, item("reading-2")])
    with duckdb.connect() as reader:
        found = reader.execute(
            "SELECT len(images), input FROM read_parquet(?) ORDER BY id", [str(made.folder / "data/*.parquet")]
        ).fetchall()
    assert found == [(2, "<image>\n\nand\n\n<image>"), (0, "The Oder is 840 km long.")]


def test_a_large_subtask_is_split_into_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD_ROWS", 4)
    made = write(tmp_path / "out", tmp_path / "run", [item(f"reading-{n}") for n in range(10)], size=10)
    names = [path.name for path in sorted((made.folder / "data").iterdir())]
    assert names == ["reading-00000.parquet", "reading-00001.parquet", "reading-00002.parquet"]
    with duckdb.connect() as reader:
        files = [str(path) for path in sorted((made.folder / "data").iterdir())]
        found = reader.execute("SELECT id FROM read_parquet(?)", [files]).fetchall()
    assert [name for (name,) in found] == [f"reading-{n}" for n in range(10)]
    front = yaml.safe_load((made.folder / "README.md").read_text().split("---\n")[1])
    assert front["configs"][1]["data_files"][0]["path"] == [f"data/{name}" for name in names]


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(texts, st.lists(texts, max_size=3), texts), min_size=1, max_size=4))
def test_any_text_survives_the_way_through_jsonl_and_parquet(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, list[str], str]]
) -> None:
    root = tmp_path_factory.mktemp("any")
    given_items = [
        item(f"reading-{n}", input=(Text(text=text),), options=tuple(options), question=question)
        for n, (text, options, question) in enumerate(drawn)
    ]
    made = write(root / "out", root / "run", given_items)
    assert list(load(made.folder)) == given_items
    with duckdb.connect() as reader:
        rows = reader.execute(
            "SELECT input, options, question FROM read_parquet(?)", [str(root / "out/data/*.parquet")]
        ).fetchall()
    assert [(text, tuple(options), question) for text, options, question in rows] == [
        (flat_input(each), each.options, each.question) for each in given_items
    ]


# -- the card -----------------------------------------------------------------------------------


def test_the_card_is_a_dataset_card_that_tells_everything(made: Benchmark) -> None:
    text = (made.folder / "README.md").read_text()
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["license"] == ["cc-by-4.0", "mit"]
    assert front["language"] == ["en"]
    assert front["size_categories"] == ["n<1K"]
    assert set(front["task_categories"]) == {
        "question-answering", "multiple-choice", "visual-question-answering", "audio-text-to-text",
    }  # fmt: skip
    assert [config["config_name"] for config in front["configs"]] == ["default", "count", "listen", "reading"]
    assert front["configs"][0]["data_files"] == [{"split": "test", "path": "data/*.parquet"}]
    for told in (
        "> Can a model read, look and listen?", "| Counting | `count` | 1 | the drawing |",
        "5 of the 7 items asked for were delivered; 2 are missing.",
        "Counting: 1 of 3 planned (its rows ran out)", "Not covered: smell", "| near_duplicate | 4 |",
        "| `choices_only` | 26.0% | 25.0% |", "| Rivers | 4 | CC-BY-4.0 | https://example.org/rivers |",
        canary(made.manifest.digest), made.manifest.digest, "  B. Rhine", 'load_dataset("PATH_OR_REPOSITORY"',
    ):  # fmt: skip
        assert told in text, told


def test_text_of_an_item_cannot_break_out_of_its_example(tmp_path: Path) -> None:
    hostile = item("reading-1", input=(Text(text="````\n# Not a heading\n```"),))
    made = write(tmp_path / "out", tmp_path / "run", [hostile], size=1)
    text = (made.folder / "README.md").read_text()
    assert "`````text\nreading-1" in text


def test_a_baseline_far_above_chance_is_told_as_a_weakness(made: Benchmark, tmp_path: Path) -> None:
    weak = made.manifest.model_copy(
        update={"baselines": (("longest_option", 0.25, 0.25), ("choices_only", 0.45, 0.25))}
    )
    facts = CardFacts(("choice",), ("text",), (), {}, {}, {})
    assert "\n`choices_only` scored far above chance" in write_card(weak, facts)
    assert "far above chance" not in (made.folder / "README.md").read_text()


def test_a_benchmark_without_items_says_so_and_is_whole(tmp_path: Path) -> None:
    made = write(tmp_path / "out", tmp_path / "run", [])
    assert (made.manifest.size, made.manifest.shortfall, list(made)) == (0, 7, [])
    assert check(made, load_plugins(third_party=False).scorers.__getitem__).passed
    assert "0 of the 7 items asked for were delivered; 7 are missing." in (made.folder / "README.md").read_text()


def test_a_full_benchmark_has_no_section_on_what_is_missing(tmp_path: Path) -> None:
    with BenchmarkWriter(tmp_path / "out", tmp_path) as writer:
        writer.add(item("reading-1"))
        count = SubtaskCount(subtask_id="reading", name="Reading", target_signal="", planned=1, delivered=0)
        requirement = Requirement(goal="read", size=1)
        made = writer.finish(name="Reading", requirement=requirement, subtasks=(count,), datasets=())
    assert "missing" not in (made.folder / "README.md").read_text()
    assert made.manifest.datasets[0].name == "rivers"


# -- reading an item ----------------------------------------------------------------------------


def test_an_item_reads_as_a_person_would_ask_it() -> None:
    assert render_item(item("reading-1", accepted=("Odra",))).splitlines() == [
        "reading-1 | reading | choice",
        "",
        "The Oder is 840 km long.",
        "",
        "Question: Which river is it about?",
        "  A. Oder",
        "  B. Rhine",
        "  C. Elbe",
        "Answer: A. Oder",
        "Also right: Odra",
    ]


def test_media_are_told_in_words(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    picture, heard = image(store), sound(store)
    text = render_item(item("reading-1", input=(picture, Text(text="then"), heard), alt=("a square", "a tone")))
    assert (
        f"[image {picture.path}, 8 x 6 pixels: a square]\n\nthen\n\n[audio {heard.path}, 0.1 s at 8000 Hz: a tone]"
        in text
    )


def test_the_passport_names_every_source_step_and_check() -> None:
    text = explain(item("reading-1"))
    for told in (
        "Target signal: the passage", "Gold: derived by a program; scored by 'choice'", "Proof: the row says Oder",
        "Evidence: part 1 (text) of 1", "rivers, row r-reading-1 (number 3), licence CC-BY-4.0, data d1",
        "1. label_to_choice(options=3) version 2, writes 'item'", "passed schema",
    ):  # fmt: skip
        assert told in text, told


# -- what goes wrong ----------------------------------------------------------------------------


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with BenchmarkWriter(tmp_path / "out", tmp_path) as writer:
            writer.add(item("reading-1"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_no_benchmark_and_is_cleared(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]); root = Path(sys.argv[1])\n"
        "from tests.benchmark.benchmark_samples import BenchmarkWriter, item\n"
        "writer = BenchmarkWriter(root / 'out', root / 'run'); writer.add(item('reading-1'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parents[2])])
    assert killed.returncode == -9
    assert (tmp_path / ".out.partial").is_dir()
    assert not (tmp_path / "out").exists()
    with pytest.raises(UserError, match=r"holds no 'manifest\.json'"):
        load(tmp_path / ".out.partial")
    write(tmp_path / "out", tmp_path / "run", [item("reading-2")])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_benchmark_is_replaced_and_anything_else_is_not(made: Benchmark, tmp_path: Path) -> None:
    write(made.folder, tmp_path / "run", [item("reading-9")])
    assert [each.id for each in load(made.folder)] == ["reading-9"]
    (tmp_path / "diary").mkdir()
    (tmp_path / "diary" / "day.txt").write_text("dear")
    with pytest.raises(UserError, match="holds something that is no benchmark; choose another folder with '--out'"):
        BenchmarkWriter(tmp_path / "diary", tmp_path)
    assert (tmp_path / "diary" / "day.txt").read_text() == "dear"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"cannot be written to .*: Not a directory; .*'--resume'"):
        BenchmarkWriter(tmp_path / "file" / "out", tmp_path)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shards.ShardWriter, "add", full)
    with (
        pytest.raises(UserError, match=r"No space left on device; free the place"),
        BenchmarkWriter(tmp_path / "out", tmp_path) as writer,
    ):
        writer.add(item("reading-1"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_media_that_are_not_what_the_item_says_stop_the_build(tmp_path: Path, damage: str) -> None:
    picture = image(MediaStore(tmp_path / "run"))
    file = tmp_path / "run" / picture.path
    file.unlink()
    if damage == "changed":
        file.write_bytes(b"other")
    with (
        BenchmarkWriter(tmp_path / "out", tmp_path / "run") as writer,
        pytest.raises(StageError, match=r"'reading-1' is missing or damaged"),
    ):
        writer.add(item("reading-1", input=(picture,)))


def test_load_says_what_is_wrong_with_the_folder(made: Benchmark, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"holds no 'manifest\.json'"):
        load(tmp_path)
    path = made.folder / "manifest.json"
    good = path.read_text()
    path.write_text(good.replace('"name": "Rivers and shapes",', '"name": oops', 1))
    with pytest.raises(UserError, match=r"manifest\.json' is broken at line 3: "):
        load(made.folder)
    path.write_text(good.replace("benchmark-agent/1", "benchmark-agent/2"))
    with pytest.raises(UserError, match=r"has the format 'benchmark-agent/2', and this version reads"):
        load(made.folder)
    path.write_text(good.replace('"size": 5', '"size": "many"'))
    with pytest.raises(UserError, match=r"is not a manifest: size: "):
        load(made.folder)


def test_reading_a_broken_item_names_its_line(made: Benchmark) -> None:
    path = made.folder / "items.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[1][:40] + "\n", *lines[2:]]))
    with pytest.raises(UserError, match=r"line 2 of .*items\.jsonl' is no item: .*'--resume'"):
        list(load(made.folder))
    path.unlink()
    with pytest.raises(UserError, match=r"items\.jsonl' is missing"):
        list(load(made.folder))
