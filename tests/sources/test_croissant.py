"""Croissant: what we export is read back, the common shapes of others, and what is refused."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from PIL import Image

from benchmark_agent.errors import UserError
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS

CROPS = ("beans", "kale", "leek")
CONTEXT = {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "sc": "https://schema.org/"}


def file(name: str, form: str, **more: Any) -> dict[str, Any]:
    return {"@type": "cr:FileObject", "@id": name, "contentUrl": name, "encodingFormat": form, **more}


def field(name: str, place: dict[str, Any], extract: dict[str, Any], **more: Any) -> dict[str, Any]:
    transform = {"transform": more.pop("transform")} if "transform" in more else {}
    return {"@type": "cr:Field", "@id": f"plots/{name}", "name": name, "dataType": "sc:Text",
            "source": {**place, "extract": extract, **transform}, **more}  # fmt: skip


def of(name: str) -> dict[str, Any]:
    return {"fileObject": {"@id": name}}


def croissant(folder: Path, distribution: list[dict[str, Any]], *sets: Any, **more: Any) -> Path:
    """The metadata, with each list of fields as a record set (`plots`, `plots2` ...)."""
    described = [
        one
        if isinstance(one, dict)
        else {"@type": "cr:RecordSet", "@id": f"plots{n}" if n > 1 else "plots", "field": one}
        for n, one in enumerate(sets, 1)
    ]
    head = {"@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0"}
    about = {"name": "Garden Plots", "description": "Plots of a garden.", "url": "https://example.org/plots"}
    path = folder / "croissant.json"
    path.write_text(json.dumps({**head, **about, **more, "distribution": distribution, "recordSet": described}))
    return path


def opened(path: Path, tmp_path: Path) -> Pool:
    return Pool.open([str(path)], READERS, home=tmp_path / "home")


def rows(pool: Pool, dataset: str) -> list[dict[str, Any]]:
    return [dict(row.values) for row in pool.dataset(dataset).rows]


def csv(folder: Path) -> bytes:
    lines = [f"{k},{CROPS[k % 3]},{k + 0.5},img_{k}.png" for k in range(12)]
    data = ("id,crop,kg,picture\n" + "\n".join(lines) + "\n").encode()
    (folder / "plots.csv").write_bytes(data)
    return data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pool"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("given", ["", "croissant.json"])
def test_columns_become_fields_with_licence_citation_and_descriptions(folder: Path, tmp_path: Path, given: str) -> None:
    data = csv(folder)
    stated = {"sha256": hashlib.sha256(data).hexdigest()}
    fields = [
        field("number", of("plots.csv"), {"column": "id"}),
        field("crop", of("plots.csv"), {"column": "crop"}, description="What grows there."),
        field("harvest", of("plots.csv"), {"column": "kg"}),
    ]
    croissant(folder, [file("plots.csv", "text/csv", **stated)], fields, keywords=["gardens", "crops"], inLanguage="en",
              license="https://creativecommons.org/licenses/by-sa/4.0/", citeAs="Green (2024)")  # fmt: skip
    pool = opened(folder / given, tmp_path)
    assert [card.id for card in pool.cards] == ["garden-plots"]
    card = pool.card("garden-plots")
    assert (card.licence, card.source, card.rows) == ("CC-BY-SA-4.0", "Green (2024) (https://example.org/plots)", 12)
    assert card.description == "Plots of a garden."
    assert {"gardens", "crops"} <= set(card.topics)
    assert {f.path: (f.type, f.description) for f in card.fields} == {
        "number": ("number", ""), "crop": ("phrase", "What grows there."), "harvest": ("number", ""),
    }  # fmt: skip
    assert rows(pool, "garden-plots")[4] == {"number": 4, "crop": "kale", "harvest": 4.5}


def test_pictures_are_joined_to_their_table_by_reference(folder: Path, tmp_path: Path) -> None:
    csv(folder)
    (folder / "images").mkdir()
    for k in range(11):
        Image.new("RGB", (16, 16), (20 * k, 60, 60)).save(folder / "images" / f"img_{k}.png")
    pictures = {"@type": "cr:FileSet", "@id": "pictures", "includes": "images/*.png", "encodingFormat": "image/png"}
    by_name = {"fileSet": {"@id": "pictures"}, "extract": {"fileProperty": "filename"}}
    croissant(folder, [file("plots.csv", "text/csv"), pictures], [
        field("crop", of("plots.csv"), {"column": "crop"}),
        field("file", of("plots.csv"), {"column": "picture"}, references=by_name),
        field("photo", {"fileSet": {"@id": "pictures"}}, {"fileProperty": "content"}, dataType="sc:ImageObject"),
    ])  # fmt: skip
    pool = opened(folder, tmp_path)
    assert [card.id for card in pool.cards] == ["garden-plots"]
    dataset = pool.dataset("garden-plots")
    assert (len(dataset.rows), dataset.card.modalities) == (11, ("image",))
    assert pool.skipped("garden-plots") == (
        ("plots.csv line 13", "nothing in 'pictures' has the picture 'img_11.png'"),
    )
    row = next(row for row in dataset.rows if row.values["file"].endswith("img_7.png"))
    assert row.values["crop"] == "kale"
    with Image.open(dataset.rows.root / row.values["photo"]) as shown:
        assert shown.getpixel((0, 0)) == (140, 60, 60)


def test_a_dataset_of_the_hub_with_parquet_and_splits_by_folder(folder: Path, tmp_path: Path) -> None:
    for split in ("train", "test"):
        (folder / "default" / split).mkdir(parents=True)
        with duckdb.connect() as base:
            base.execute("CREATE TABLE t (image STRUCT(bytes BLOB, path VARCHAR), crop VARCHAR)")
            for k in range(6):
                buffer = io.BytesIO()
                Image.new("RGB", (8, 8), (40 * k, len(split) * 10, 0)).save(buffer, "PNG")
                base.execute("INSERT INTO t VALUES ({'bytes': $1::BLOB, 'path': 'x.png'}, $2)",
                             [buffer.getvalue(), CROPS[k % 3]])  # fmt: skip
            base.execute(f"COPY t TO '{folder}/default/{split}/0000.parquet' (FORMAT parquet)")
    repository = {"@type": "cr:FileObject", "@id": "repo", "contentUrl": "https://huggingface.co/datasets/o/plots",
                  "encodingFormat": "git+https"}  # fmt: skip
    tables = {"@type": "cr:FileSet", "@id": "tables", "containedIn": {"@id": "repo"}, "includes": "default/*/*.parquet",
              "encodingFormat": "application/x-parquet"}  # fmt: skip
    splits = {"@type": "cr:RecordSet", "@id": "splits", "dataType": "cr:Split", "data": [{"splits/name": "train"}],
              "field": [{"@type": "cr:Field", "@id": "splits/name"}]}  # fmt: skip
    place = {"fileSet": {"@id": "tables"}}
    fields = [
        field("split", place, {"fileProperty": "fullpath"}, transform={"regex": "default/([^/]+)/.*parquet"},
              references={"field": {"@id": "splits/name"}}),
        field("image", place, {"column": "image"}, transform={"jsonPath": "bytes"}),
        field("crop", place, {"column": "crop"}),
    ]  # fmt: skip
    path = croissant(folder, [repository, tables], splits, fields)
    pool = opened(folder, tmp_path)
    found = rows(pool, "garden-plots")
    assert [(row["split"], row["crop"]) for row in found[5:8]] == [
        ("test", "leek"),
        ("train", "beans"),
        ("train", "kale"),
    ]
    with Image.open(pool.dataset("garden-plots").rows.root / found[8]["image"]) as shown:
        assert shown.getpixel((0, 0)) == (80, 50, 0)
    for table in folder.rglob("*.parquet"):
        table.unlink()
    with pytest.raises(UserError, match=r"download the files of 'https://huggingface\.co/datasets/o/plots' into "):
        opened(path, tmp_path)


def test_json_paths_sub_fields_separators_and_records_in_the_metadata(folder: Path, tmp_path: Path) -> None:
    told = [{"q": f"Which is number {k}?", "tags": "a, b", "box": {"x": k, "y": 2}} for k in range(12)]
    (folder / "asked.json").write_text(json.dumps({"meta": 1, "list": {"of": told}}))
    place, at = of("asked.json"), "$.list.of[*]"
    part = {"@type": "cr:Field", "@id": "plots/box/x", "source": {**place, "extract": {"jsonPath": f"{at}.box.x"}}}
    asked = [
        field("question", place, {"jsonPath": f"{at}.q"}),
        field("tags", place, {"jsonPath": f"{at}.tags"}, transform={"separator": ","}),
        {"@type": "cr:Field", "@id": "plots/box", "subField": [part]},
    ]
    inline = {"@type": "cr:RecordSet", "@id": "seasons", "field": [{"@type": "cr:Field", "@id": "seasons/name"}],
              "data": [{"seasons/name": f"season {k}", "seasons/days": 90 + k} for k in range(10)]}  # fmt: skip
    croissant(folder, [file("asked.json", "application/json")], asked, inline)
    pool = opened(folder, tmp_path)
    assert [card.id for card in pool.cards] == ["garden-plots-plots", "garden-plots-seasons"]
    expected = {"question": "Which is number 3?", "tags": ["a", "b"], "box": {"x": 3}}
    assert rows(pool, "garden-plots-plots")[3] == expected
    assert rows(pool, "garden-plots-seasons")[2] == {"name": "season 2", "days": 92}


CSV = "text/csv"
COLUMN: dict[str, Any] = {"column": "crop"}


@pytest.mark.parametrize(
    ("described", "extract", "said"),
    [
        (
            file("plots.csv", CSV, contentUrl="../secret.csv"),
            COLUMN,
            "'../secret.csv' leaves its folder and is refused",
        ),
        (
            file("plots.csv", CSV, contentUrl="/etc/hostname"),
            COLUMN,
            "'/etc/hostname' leaves its folder and is refused",
        ),
        (file("plots.csv", CSV, contentUrl="link.csv"), COLUMN, "'link.csv' leaves its folder and is refused"),
        (
            file("plots.csv", CSV, contentUrl="file:///etc/hostname"),
            COLUMN,
            "it must lie in the folder of the metadata",
        ),
        (file("plots.csv", CSV, contentUrl="https://x.org/a/far.csv"), COLUMN, "not on this machine: download it to '"),
        (file("plots.csv", CSV, contentUrl="gone.csv"), COLUMN, "gone.csv', which is not there; put it into '"),
        (file("plots.csv", CSV, sha256="0" * 64), COLUMN, "stated is 000000000000...; download or export it again"),
        (file("plots.csv", "application/x-weights"), COLUMN, ""),
        (file("plots.csv", CSV), {"fileProperty": "owner"}, "has the file property 'owner', which is not supported"),
        (file("plots.csv", CSV), {"jsonPath": "$..crop[?(@.a)]"}, "has the JSON path '$..crop[?(@.a)]', which is not"),
        (file("other.csv", CSV), COLUMN, "reads from 'plots.csv', which its 'distribution' does not describe"),
    ],
)
def test_what_cannot_be_read_says_why_and_its_files_are_not_read_past_it(
    folder: Path, tmp_path: Path, described: dict[str, Any], extract: dict[str, Any], said: str
) -> None:
    csv(folder)
    (tmp_path / "secret.csv").write_text("crop\nrosebud\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    path = croissant(folder, [described], [field("crop", of("plots.csv"), extract)])
    if not said:  # an unknown type, and an ending that says what it is
        assert opened(path, tmp_path).card("garden-plots").rows == 12
        return
    with pytest.raises(UserError) as caught:
        opened(path, tmp_path)
    assert said in str(caught.value)


def test_a_file_downloaded_beside_the_metadata_is_read(folder: Path, tmp_path: Path) -> None:
    csv(folder)
    far = file("far", CSV, contentUrl="https://example.org/files/plots.csv?download=true")
    path = croissant(folder, [far], [field("crop", of("far"), COLUMN)])
    assert opened(path, tmp_path).card("garden-plots").rows == 12


def test_a_pattern_that_python_would_match_for_ever_is_matched_at_once_or_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "plots.csv").write_text("crop\n" + "\n".join("a" * 40 + f"!{k}" for k in range(12)) + "\n")
    place, slow, odd = of("plots.csv"), {"regex": "^(a+)+$"}, {"regex": "(?=a)a"}
    mark = field("mark", place, COLUMN, transform={"regex": "!([0-9]+)"})
    croissant(folder, [file("plots.csv", CSV)], [field("crop", place, COLUMN, transform=slow), mark])
    assert rows(opened(folder, tmp_path), "garden-plots")[7] == {"crop": None, "mark": "7"}
    croissant(folder, [file("plots.csv", CSV)], [field("crop", place, COLUMN, transform=odd)])
    with pytest.raises(UserError, match="which RE2 does not read"):
        opened(folder, tmp_path)


def test_files_beside_the_described_ones_stay_datasets(folder: Path, tmp_path: Path) -> None:
    csv(folder)
    (folder / "tools.csv").write_text("tool,age\n" + "\n".join(f"spade {k},{k}" for k in range(12)) + "\n")
    croissant(folder, [file("plots.csv", CSV)], [field("crop", of("plots.csv"), COLUMN)])
    assert [card.id for card in opened(folder, tmp_path).cards] == ["garden-plots", "tools"]


@pytest.mark.parametrize("text", ["{", '{"@context": {"cr": "http://mlcommons.org/croissant/"}}'])
def test_metadata_that_are_broken_or_describe_nothing_say_so(folder: Path, tmp_path: Path, text: str) -> None:
    path = folder / "croissant.json"
    path.write_text(text if len(text) > 1 else '{"@context": {"cr": "http://mlcommons.org/croissant/"}')
    with pytest.raises(UserError, match=r"is broken JSON|describes no records \('recordSet'\)"):
        opened(path, tmp_path)
