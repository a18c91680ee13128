"""Layouts are recognised for what they are, and media are found wherever they lie inside the pool, never outside."""

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import soundfile
from PIL import Image

from benchmark_agent.errors import UserError
from benchmark_agent.sources import Found
from benchmark_agent.sources.readers import READERS
from benchmark_agent.sources.readers.files import BigBenchHard, GeneralBench, JsonLines, JsonList, Parquet
from benchmark_agent.sources.readers.folders import AUDIO_FOLDER, IMAGE_FOLDER
from benchmark_agent.sources.rows import IndexedRows


def picture(path: Path, shade: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4), (shade, 90, 200)).save(path)
    return path


def sound(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.sin(np.arange(800) / 5), 8000)
    return path


def document(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def found_by(root: Path) -> list[tuple[str, str]]:
    """(reader, location), each location with the first reader that knows it."""
    first: dict[str, str] = {}
    for reader in READERS:
        for found in reader.find(root):
            first.setdefault(found.location, reader.name)
    return [(reader, location) for location, reader in sorted(first.items())]


def general_bench(root: Path, *images: str, **more: Any) -> Path:
    rows = [
        {"id": f"q{i}", "input": {"image_file": name, "q": "What?"}, "output": {"text": "x"}}
        for i, name in enumerate(images)
    ]
    content = {"task": "leaf counting", "modality": {"in": ["image"]}, "data": rows, "data_source": "a garden", **more}
    return document(root / "datasets" / "image" / "leaves" / "json" / "annotation.json", content)


def test_general_bench_finds_images_near_and_its_card(tmp_path: Path) -> None:
    general_bench(tmp_path, "1.png", "2.png")
    for name in ("1.png", "2.png"):
        picture(tmp_path / "datasets" / "image" / "leaves" / "images" / name)
    card = {
        "name": "Leaf Counting",
        "description": "Leaves.",
        "raw_meta": {"source_json": "datasets/image/leaves/json/annotation.json"},
    }
    document(tmp_path / "dataset_cards" / "0a_card.json", card)
    (found,) = GeneralBench().find(tmp_path)
    assert (found.name, found.hints["description"], found.hints["data_source"]) == (
        "Leaf Counting",
        "Leaves.",
        "a garden",
    )
    rows = GeneralBench().open(tmp_path, found.location)
    assert rows.root == tmp_path / "datasets" / "image" / "leaves"
    assert [row.values["input"]["image_file"] for row in rows] == ["images/1.png", "images/2.png"]


def test_one_annotation_file_alone_finds_its_images(tmp_path: Path) -> None:
    file = general_bench(tmp_path, "1.png")
    picture(tmp_path / "datasets" / "image" / "leaves" / "images" / "1.png")
    (found,) = GeneralBench().find(file)
    assert GeneralBench().open(file, found.location)[0].values["input"]["image_file"] == "images/1.png"


@pytest.mark.parametrize("way", ["../../../../../secret.png", "{outside}/secret.png", "link.png"])
def test_media_outside_the_pool_are_refused_and_named(tmp_path: Path, way: str) -> None:
    secret = picture(tmp_path / "secret.png")
    pool = tmp_path / "pool"
    general_bench(pool, "1.png", way.format(outside=tmp_path))
    images = pool / "datasets" / "image" / "leaves" / "images"
    picture(images / "1.png")
    (images / "link.png").symlink_to(secret)
    (found,) = GeneralBench().find(pool)
    rows = GeneralBench().open(pool, found.location)
    assert [row.id for row in rows] == ["q0"]
    ((where, why),) = rows.skipped
    assert where == "data 1"
    assert "leaves its folder and is refused" in why


def test_a_path_made_on_another_machine_is_found_by_name(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "1.png")
    picture(tmp_path / "images" / "2.png")
    file = lines(tmp_path / "a.jsonl", {"image": "/home/somebody/set/1.png"}, {"image": "C:\\set\\2.png"})
    assert [row.values["image"] for row in JsonLines().open(file, ".")] == ["images/1.png", "images/2.png"]


def test_a_missing_image_and_a_link_of_the_web_stay_as_they_stand(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", {"image": "gone.png"}, {"image": "https://example.org/a.png"})
    assert [row.values["image"] for row in JsonLines().open(file, ".")] == ["gone.png", "https://example.org/a.png"]


def test_an_image_replaced_in_place_changes_the_digest(tmp_path: Path) -> None:
    image = picture(tmp_path / "1.png", 10)
    file = lines(tmp_path / "a.jsonl", {"image": "1.png"})
    before = JsonLines().open(file, ".").digest
    assert JsonLines().open(file, ".").digest == before
    picture(image, 200)
    assert JsonLines().open(file, ".").digest != before


def test_big_bench_hard(tmp_path: Path) -> None:
    content = {"canary": "do not train", "examples": [{"input": "1 + 1 =", "target": "2"}]}
    document(tmp_path / "sums.json", content)
    (found,) = BigBenchHard().find(tmp_path)
    assert (found.name, found.hints["canary"]) == ("sums", "do not train")
    assert found_by(tmp_path) == [("bbh", "sums.json")]
    assert BigBenchHard().open(tmp_path, "sums.json")[0].values == {"input": "1 + 1 =", "target": "2"}


@pytest.mark.parametrize("key", ["data", "examples", "questions", "rows"])
def test_a_json_document_with_rows_under_a_known_key(tmp_path: Path, key: str) -> None:
    document(tmp_path / "quiz.json", {"version": 2, key: [{"q": 1}, 5, {"q": 2}]})
    rows = JsonList().open(tmp_path, "quiz.json")
    assert [row.values for row in rows] == [{"q": 1}, {"q": 2}]
    assert rows.skipped == ((f"{key} 1", "a row must be a JSON object, not int"),)
    assert rows.header == {"version": 2}


def test_splits_of_one_document_are_one_dataset(tmp_path: Path) -> None:
    document(tmp_path / "quiz.json", {"train": [{"q": 1}], "test": [{"q": 2}]})
    rows = JsonList().open(tmp_path, "quiz.json")
    assert [row.values for row in rows] == [{"q": 1, "split": "train"}, {"q": 2, "split": "test"}]


def test_jsonl_under_the_name_json_and_settings_that_are_no_data(tmp_path: Path) -> None:
    lines(tmp_path / "quiz.json", {"q": 1}, {"q": 2})
    document(tmp_path / "package.json", {"name": "x", "scripts": {"a": "b"}})
    assert found_by(tmp_path) == [("jsonl", "quiz.json")]


def test_a_document_without_rows_says_what_it_should_hold(tmp_path: Path) -> None:
    document(tmp_path / "x.json", {"name": "x"})
    with pytest.raises(UserError, match=r"x.json' holds no rows: it must be a list of objects, or an object with"):
        JsonList().open(tmp_path / "x.json", ".")


def test_parquet_with_dates_decimals_lists_and_images_inside(tmp_path: Path) -> None:
    image = picture(tmp_path / "a.png").read_bytes()
    (tmp_path / "pool").mkdir()
    with duckdb.connect() as base:
        base.execute(
            "CREATE TABLE t (n INTEGER, day DATE, price DECIMAL(6, 2), tags VARCHAR[], moment TIMESTAMPTZ, f DOUBLE)"
        )
        base.execute("ALTER TABLE t ADD COLUMN image STRUCT(bytes BLOB, path VARCHAR)")
        values = "(1, DATE '2024-02-29', 1.25, ['a', 'b'], NULL, 'nan'::DOUBLE, {'bytes': $1::BLOB, 'path': 'x.png'})"
        base.execute(f"INSERT INTO t VALUES {values}", [image])
        for part in range(2):
            base.execute(f"COPY t TO '{tmp_path}/pool/train-0000{part}-of-00002.parquet' (FORMAT parquet)")
    (found,) = Parquet().find(tmp_path / "pool")
    rows = Parquet().open(tmp_path / "pool", found.location)
    assert (found.name, len(rows)) == ("pool", 2)
    row = dict(rows[1].values)
    assert (rows.root / row.pop("image")).read_bytes() == image
    assert row == {"n": 1, "day": "2024-02-29", "price": 1.25, "tags": ["a", "b"], "moment": None, "f": None}


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("hello")
    with pytest.raises(UserError, match=r"a.parquet' cannot be read as Parquet"):
        Parquet().open(tmp_path / "a.parquet", ".")


def classes(root: Path) -> None:
    for label in ("red_fox", "owl"):
        for number in range(2):
            picture(root / label / f"{number}.png", number)


def values_of(rows: IndexedRows) -> list[dict[str, Any]]:
    return [dict(row.values) for row in rows]


def test_image_folder_by_class_and_an_image_that_is_text(tmp_path: Path) -> None:
    classes(tmp_path)
    (tmp_path / "owl" / "2.png").write_text("not a picture")
    assert found_by(tmp_path) == [("image-folder", ".")]
    rows = IMAGE_FOLDER.open(tmp_path, ".")
    assert values_of(rows) == [
        {"image": "owl/0.png", "label": "owl"},
        {"image": "owl/1.png", "label": "owl"},
        {"image": "red_fox/0.png", "label": "red fox"},
        {"image": "red_fox/1.png", "label": "red fox"},
    ]
    assert rows.skipped == (("owl/2.png", "it does not open as an image: b'not a pi'"),)


def test_image_folder_with_splits_is_found_once(tmp_path: Path) -> None:
    classes(tmp_path / "train")
    classes(tmp_path / "test")
    assert found_by(tmp_path) == [("image-folder", ".")]
    assert values_of(IMAGE_FOLDER.open(tmp_path, "."))[0] == {
        "image": "test/owl/0.png",
        "label": "owl",
        "split": "test",
    }


def test_folders_listed_in_metadata_are_read_by_what_they_list(tmp_path: Path) -> None:
    sound(tmp_path / "calls" / "audio" / "a.wav")
    lines(tmp_path / "calls" / "metadata.jsonl", {"file_name": "audio/a.wav", "bird": "owl"}, {"bird": "wren"})
    picture(tmp_path / "shots" / "b.png")
    (tmp_path / "shots" / "metadata.csv").write_text("file_name,bird\nb.png,wren\n", encoding="utf-8")
    assert found_by(tmp_path) == [("audio-folder", "calls"), ("image-folder", "shots")]
    calls = AUDIO_FOLDER.open(tmp_path, "calls")
    assert values_of(calls) == [{"audio": "audio/a.wav", "bird": "owl"}]
    assert calls.skipped == (("line 2", "it has no file_name"),)
    assert values_of(IMAGE_FOLDER.open(tmp_path, "shots")) == [{"image": "b.png", "bird": "wren"}]


def test_images_beside_a_dataset_are_no_dataset_of_their_own(tmp_path: Path) -> None:
    classes(tmp_path / "birds" / "images")
    lines(tmp_path / "birds" / "data.jsonl", {"image": "images/owl/0.png", "question": "Which bird?"})
    picture(tmp_path / "loose" / "1.png")
    assert ("jsonl", "birds/data.jsonl") in found_by(tmp_path)
    assert not [location for _, location in found_by(tmp_path) if location.startswith("loose")]


def hints(root: Path) -> Found:
    (found,) = JsonLines().find(root)
    return found


def test_what_the_files_beside_say_of_a_dataset(tmp_path: Path) -> None:
    lines(tmp_path / "birds" / "data.jsonl", {"q": 1})
    (tmp_path / "birds" / "LICENSE").write_text("MIT License\n\nCopyright", encoding="utf-8")
    assert hints(tmp_path).name == "birds"
    assert hints(tmp_path).hints == {"licence": "MIT"}
    (tmp_path / "birds" / "README.md").write_text(
        "---\nlicense: cc0-1.0\npretty_name: Birds\n---\nText", encoding="utf-8"
    )
    assert hints(tmp_path).hints == {"licence": "cc0-1.0", "name": "Birds"}
    (tmp_path / "birds" / "card.yaml").write_text("name: Owls\ntopics: [birds]\n", encoding="utf-8")
    assert hints(tmp_path).hints == {"licence": "cc0-1.0", "name": "Owls", "topics": ["birds"]}


def test_a_card_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    lines(tmp_path / "data.jsonl", {"q": 1})
    (tmp_path / "card.yaml").write_text("name: [", encoding="utf-8")
    with pytest.raises(UserError, match=r"the card .*card.yaml' is not YAML"):
        hints(tmp_path)
