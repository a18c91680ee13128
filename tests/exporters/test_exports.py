"""What every export has in common, and the traps of each harness."""

import csv
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.parity.policy import replies
from benchmark_agent import plugins
from benchmark_agent.benchmark.exporters import EXPORTERS
from benchmark_agent.benchmark.exporters.asked import asked, full_prompt
from benchmark_agent.benchmark.exporters.checks import read_lines, read_yaml
from benchmark_agent.benchmark.exporters.parquet import read_column
from benchmark_agent.benchmark.exporters.scoring import bundle, load_judge
from benchmark_agent.benchmark.exporters.target import ExportReport, flat, task_name
from benchmark_agent.benchmark.exporters.vlmevalkit import read_table
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import Text
from benchmark_agent.errors import UserError
from benchmark_agent.evaluation.asking import request_of
from benchmark_agent.models import Settings
from tests.exporters.exported import PASSAGE, TARGETS, item, written

LEFT_OUT = {
    "inspect": 0, "hub": 0, "lm-eval": 7, "lmms-eval": 2, "vlmevalkit": 13, "lighteval": 4, "promptfoo": 6,
    "evalscope": 2, "croissant": 0,
}  # fmt: skip
"""Items of 18: two are open, three show images, two sounds; one holds the marks of a template."""


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    return written(tmp_path_factory.mktemp("ferries"))


@pytest.fixture(scope="module")
def exports(benchmark: Benchmark, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for target in EXPORTERS:
        target.write(benchmark, folder / target.name)
    return folder


def report(folder: Path) -> ExportReport:
    return ExportReport.model_validate_json((folder / "export.json").read_bytes())


def test_models_are_asked_as_in_evaluation(benchmark: Benchmark) -> None:
    for each in benchmark:
        request = request_of(each, "a/model", Settings())
        parts = request.messages[0].parts
        assert isinstance(parts[-1], Text)
        assert asked(each) == parts[-1].text
        assert full_prompt(each).endswith(parts[-1].text)


@pytest.mark.parametrize("name", TARGETS)
def test_every_item_is_carried_or_named(benchmark: Benchmark, exports: Path, name: str) -> None:
    said = report(exports / name)
    gone = [id for each in said.left_out for id in each.items]
    assert len(gone) == len(set(gone)) == LEFT_OUT[name]
    assert said.carried == len(benchmark) - len(gone)
    assert all(each.why for each in said.left_out)
    text = (exports / name / "README.md").read_text(encoding="utf-8")
    assert all(each.why in text for each in (*said.left_out, *said.partly))
    assert str(exports / name) in text or "ORG/" in text


@pytest.mark.parametrize("name", TARGETS)
def test_the_same_benchmark_gives_the_same_bytes(
    benchmark: Benchmark, exports: Path, tmp_path: Path, name: str
) -> None:
    again = TARGETS[name].write(benchmark, tmp_path / name)
    first = {str(path.relative_to(exports / name)) for path in (exports / name).rglob("*") if path.is_file()}
    for path in first:
        if not path.endswith((".yaml", "README.md")):  # these say where they stand
            assert (again / path).read_bytes() == (exports / name / path).read_bytes(), path
    assert first == {str(path.relative_to(again)) for path in again.rglob("*") if path.is_file()}


def test_an_export_is_replaced_and_nothing_else_is(benchmark: Benchmark, tmp_path: Path) -> None:
    target = TARGETS["lm-eval"]
    (target.write(benchmark, tmp_path / "a") / "old.txt").write_text("old")
    target.write(benchmark, tmp_path / "a")
    assert not (tmp_path / "a" / "old.txt").exists()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="no export; choose another folder with '--out'"):
        target.write(benchmark, tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_benchmark_of_nothing_it_carries_is_refused(tmp_path: Path) -> None:
    made = written(tmp_path, [item("say-1", "Who?", "Ada", kind="span")])
    with pytest.raises(UserError, match=r"vlmevalkit can carry no item .* 'span'"):
        TARGETS["vlmevalkit"].write(made, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_scorer_of_a_plugin_is_named(tmp_path: Path) -> None:
    made = written(
        tmp_path, [item("say-1", "Who?", "Ada", kind="span"), item("say-2", "?", "B", kind="span", scorer="x")]
    )
    said = report(TARGETS["lm-eval"].write(made, tmp_path / "out"))
    assert [(each.why, each.items) for each in said.left_out] == [
        ("the scorer 'x' is a plugin's and cannot be exported", ("say-2",))
    ]


def test_names_are_identifiers_that_tell_the_version(benchmark: Benchmark, tmp_path: Path) -> None:
    assert task_name(benchmark) == f"ferries_and_images_{benchmark.manifest.digest[:6]}"
    for n, name in enumerate(("3 Fähren: x/y", "船", "'; import os")):
        found = task_name(written(tmp_path / str(n), [item("a-1", "Who?", "A", ("x", "y"))], name))
        assert found.isidentifier()
        assert found.isascii()


# -- our scorers beside the export ---------------------------------------------------------------


def test_the_exported_scorers_score_as_ours(benchmark: Benchmark, exports: Path) -> None:
    ours = plugins.load(third_party=False).scorers
    judge: Any = load_judge(exports / "inspect")
    made = [each for each in benchmark if each.answer_kind != "open"]
    compared = 0
    for style in ("letter", "asked", "wild"):
        for id, reply in replies(made, style).items():
            each = next(one for one in made if one.id == id)
            mine, theirs = ours[each.scorer](each.key(), reply), judge(flat(each), reply)
            assert (mine.value, mine.parsed, mine.outcome) == (theirs.value, theirs.parsed, theirs.outcome), reply
            compared += 1
    assert compared == 48


def test_the_exported_scorers_need_python_only(exports: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import scoring; print(scoring.judge(dict(answer_kind='choice', "
    )
    code += "scorer='choice', options=['x', 'y'], answer='B', accepted=[]), 'The answer is (B).'))"
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(exports / "lm-eval")], capture_output=True, text=True, check=True
    )
    assert "outcome='right'" in said.stdout
    assert set(bundle()) >= {"scorers", "choice", "number", "spans", "wording"}


# -- traps ---------------------------------------------------------------------------------------


def test_inspect_keeps_the_order_of_parts_and_plays_flac_as_wav(exports: Path) -> None:
    folder = exports / "inspect"
    samples = {each["id"]: each for each in read_lines(next(folder.glob("*.jsonl")))}
    assert [part["type"] for part in samples["look-2"]["input"][0]["content"]] == ["image", "text", "image", "text"]
    heard = samples["hear-1"]["input"][0]["content"][0]
    assert heard["format"] == "wav"
    assert (folder / heard["audio"]).read_bytes()[:4] == b"RIFF"
    assert [count.n for count in report(folder).changed] == [1]
    assert samples["read-5"]["target"] == ["A", "C"]
    assert isinstance(samples["read-1"]["input"], str)


def test_lm_eval_names_no_place_of_this_machine_and_does_not_stop_early(exports: Path) -> None:
    folder = exports / "lm-eval"
    tasks: dict[str, Any] = {path.stem: read_yaml(path) for path in folder.glob("*.yaml")}
    assert len(tasks) == 5  # two groups, read in both forms, say in one
    for name, task in tasks.items():
        assert str(exports) not in json.dumps(task)
        assert "group" in task or task["output_type"] != "generate_until" or task["generation_kwargs"]["until"] == []
        assert name == task.get("task") or name == task.get("group")
    docs = {each["id"]: each for each in read_lines(next(folder.glob("*.jsonl")))}
    assert docs["read-3"]["question"].endswith("How many crates?\nA. 4\nB. 14\nC. 40\nAnswer:")
    assert (docs["read-3"]["answer_index"], docs["read-3"]["letters"]) == (2, ["A", "B", "C"])
    assert docs["read-4"]["prompt"].count("\u2028") == 1


def test_lmms_eval_has_absolute_paths_that_can_be_moved(benchmark: Benchmark, tmp_path: Path) -> None:
    moved = TARGETS["lmms-eval"].write(benchmark, tmp_path / "here").rename(tmp_path / "there")
    runpy.run_path(str(moved / "relocate.py"))
    for path in moved.glob("*.yaml"):
        task: Any = read_yaml(path)
        if "group" not in task:
            assert Path(task["dataset_kwargs"]["data_files"]["test"]).parent == moved / "data"
    sounds: list[Any] = read_column(moved / "data" / "hear.parquet", "audios")
    assert [len(each) for each in sounds] == [1, 1]
    assert sounds[1][0]["bytes"][:4] == b"RIFF"
    parts = [json.loads(str(each)) for each in read_column(moved / "data" / "look.parquet", "parts")]
    assert parts[1] == [{"type": "image", "index": 0}, {"type": "text", "text": "and"}, {"type": "image", "index": 1}]


def test_vlmevalkit_options_survive_pandas_and_text_has_a_file_of_its_own(exports: Path) -> None:
    tables = {path.stem.rpartition("_")[2]: list(read_table(path)) for path in (exports / "vlmevalkit").glob("*.tsv")}
    assert {form: [row["id"] for row in rows] for form, rows in tables.items()} == {
        "text": ["read-1", "read-2", "read-3", "read-4"], "vl": ["look-1"],
    }  # fmt: skip
    text = {row["id"]: row for row in tables["text"]}
    assert [text["read-1"][letter] for letter in "ABC"] == ["3.50", "3.05", "35.0"]
    assert text["read-2"]["B"] == '"None"'
    assert text["read-2"]["A"] == '"the mayor"'
    assert text["read-4"]["A"] == "2024-05-03"
    assert "image" not in text["read-1"]
    assert not any("image" in path.stem for path in (exports / "vlmevalkit").glob("*.tsv"))


def test_vlmevalkit_numbers_are_quoted_where_a_column_holds_nothing_else(tmp_path: Path) -> None:
    made = [
        item("count-1", "Which?", "A", ("3.50", "4")),
        item("count-2", "Which?", "B", ("5", "none", "7")),
        item("count-3", "Which?", "B", ("5", "six")),
        item("count-4", "Which?", "B", ("True", "six")),
    ]
    folder = TARGETS["vlmevalkit"].write(written(tmp_path, made), tmp_path / "out")
    rows = {row["id"]: row for row in read_table(next(folder.glob("*.tsv")))}
    assert [rows["count-1"][letter] for letter in "AB"] == ['"3.50"', '"4"']
    assert [rows["count-2"][letter] for letter in "ABC"] == ['"5"', '"none"', '"7"']
    assert [count.n for count in report(folder).changed] == [4]


def test_hub_says_what_eval_yaml_cannot_use(exports: Path) -> None:
    folder = exports / "hub"
    held: Any = yaml.safe_load((folder / "eval.yaml").read_text(encoding="utf-8"))
    tasks = {task["id"]: task for task in held["tasks"]}
    assert set(tasks) == {"read-choice", "say-number", "say-words", "say-open", "look-choice", "look-words"}
    assert {each.why.partition(": ")[2]: each.items for each in report(folder).partly if "not in eval" in each.why} == {
        "it has no scorer of several right options": ("read-5",),
        "it can show one image an item": ("look-2",),
        "it cannot show sounds": ("hear-1", "hear-2"),
    }
    assert read_column(folder / "data" / "say-number.parquet", "id") == ["say-1"]
    assert str(read_column(folder / "data" / "look-choice.parquet", "image_uri")[0]).startswith(
        "data:image/png;base64,"
    )
    front = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert {each["config_name"] for each in front["configs"]} >= {"default", *tasks}
    ids = [id for path in folder.glob("data/*.parquet") for id in read_column(path, "id")]
    assert len(ids) == len(set(ids)) == 18


def test_promptfoo_leaves_out_what_it_would_take_for_a_template(exports: Path) -> None:
    tests: Any = read_yaml(exports / "promptfoo" / "tests.yaml")
    by_id = {test["metadata"]["id"]: test for test in tests}
    assert "say-7" not in by_id
    assert by_id["say-8"]["assert"][0]["type"] == "llm-rubric"
    assert by_id["read-4"]["vars"]["prompt"].count("\u2028") == 1
    assert all(isinstance(value, str) for test in tests for value in test["vars"].values())


def test_evalscope_messages_hold_their_media(exports: Path) -> None:
    rows = {row["id"]: row for path in (exports / "evalscope").glob("*_test.jsonl") for row in read_lines(path)}
    content = rows["hear-2"]["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "input_audio", "text"]
    assert content[1]["input_audio"]["format"] == "wav"
    assert rows["look-1"]["messages"][0]["content"][0]["image_url"]["url"].startswith("data:image/png;base64,")


def test_croissant_says_where_items_come_from(exports: Path) -> None:
    described = json.loads((exports / "croissant" / "croissant.json").read_text(encoding="utf-8"))
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert described["license"] == ["CC-BY-4.0"] or described["license"][0].startswith(
        "https://spdx.org/licenses/CC-BY"
    )
    assert "ferries (18 items, CC-BY-4.0)" in described["rai:dataCollection"]
    fields = {field["name"]: field for field in described["recordSet"][0]["field"]}
    assert fields["options"]["repeated"] is True
    rows = list(read_lines(exports / "croissant" / "items.jsonl"))
    assert set(rows[0]) == set(fields)


def test_long_fields_are_read_and_the_limit_is_put_back(exports: Path) -> None:
    before = csv.field_size_limit()
    rows = list(read_table(next((exports / "vlmevalkit").glob("*_vl.tsv"))))
    assert len(rows[0]["image"]) > 1000
    assert csv.field_size_limit() == before
    assert PASSAGE.text not in rows[0]["question"]
