"""Documents of every format as blocks, as rows, as a pool, and as a benchmark."""

import json
from pathlib import Path

import pytest

from benchmark_agent import documents
from benchmark_agent.documents import Block, Surroundings, Trouble
from benchmark_agent.documents.blocks import grid_of, is_caption, without_number
from benchmark_agent.documents.rows import LEAST, MOST, Made, rows_of
from benchmark_agent.errors import UserError
from benchmark_agent.events import Event
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS
from tests import documents_made as made
from tests.support import Command

WRITERS = {
    "handbook.pdf": made.rivers_pdf, "west.docx": made.rivers_docx, "slides.pptx": made.rivers_pptx,
    "lengths.xlsx": made.rivers_xlsx, "page.html": made.rivers_html, "notes.md": made.rivers_markdown,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rivers")
    for name, write in WRITERS.items():
        write(place / name)
    return place


def blocks(path: Path, ocr: documents.ReadText | None = None) -> list[Block]:
    found = list(documents.read(path, Surroundings(path.parent, ocr)))
    assert not [part for part in found if isinstance(part, Trouble)]
    return [part for part in found if isinstance(part, Block)]


def troubles(path: Path) -> list[str]:
    found = documents.read(path, Surroundings(path.parent))
    return [f"{part.where}: {part.why}" for part in found if isinstance(part, Trouble)]


# -- blocks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_the_table_comes_out_cell_by_cell(folder: Path, name: str) -> None:
    (table,) = [block for block in blocks(folder / name) if block.kind == "table"]
    wanted: list[tuple[object, ...]] = [made.HEADER, *made.RIVERS]
    if name == "slides.pptx":
        wanted = [row[:2] for row in wanted[:4]]
    assert table.grid == tuple(wanted)


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "lengths.xlsx"])
def test_texts_stand_in_order_under_their_headings(folder: Path, name: str) -> None:
    river = made.RIVERS[8] if name == "west.docx" else made.RIVERS[0]
    found = blocks(folder / name)
    start = [block.text for block in found].index(f"The {river[0]}")
    assert found[start].kind == "heading"
    text = " ".join(block.text for block in found[start + 1 : start + 4]).replace("- ", "").replace("\n", " ")
    assert text.startswith(" ".join(made.story(river)))


def test_pdf_pages_and_places(folder: Path) -> None:
    found = blocks(folder / "handbook.pdf")
    assert [block.page for block in found if block.kind == "heading"] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert not [block for block in found if "Handbook" in block.text]  # what every page repeats
    figure = found[-1]
    assert (figure.kind, figure.text) == ("figure", "Figure 1: A round blue lake crossed by a black line")
    assert figure.box == pytest.approx((72, 450, 312, 610), abs=0.5)
    table = next(block for block in found if block.kind == "table")
    assert table.text == "Table 1: Rivers and their lengths"
    assert table.box == pytest.approx((72, 157.8, 512, 157.8 + 13 * 18), abs=0.5)


def test_a_paragraph_that_goes_on_over_the_page_is_one(tmp_path: Path) -> None:
    pdf = made.Pdf().new_page().paragraph("The ferry leaves when the tide allows it and the last of the")
    pdf.new_page().paragraph("passengers has found a seat. Nobody waits for the mail.").paragraph("A second text.")
    found = blocks(pdf.save(tmp_path / "a.pdf"))
    assert [(block.page, block.text) for block in found] == [
        (1, "The ferry leaves when the tide allows it and the last of the passengers has found a seat. "
            "Nobody waits for the mail."),
        (2, "A second text."),
    ]  # fmt: skip


def test_words_cut_at_the_end_of_a_line_are_whole_and_compounds_keep_their_hyphen(tmp_path: Path) -> None:
    pdf = made.Pdf().new_page()
    for line in ("The naviga-", "tion of the well-known", "river North-", "East of here."):
        pdf.line(line)
    assert [block.text for block in blocks(pdf.save(tmp_path / "a.pdf"))] == [
        "The navigation of the well-known river North-East of here."
    ]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = made.Pdf().new_page()
    for x, word in ((72, "left"), (320, "right")):
        for n in range(5):
            pdf.line(f"This is {word} line {n} of it{'.' if n == 4 else ''}", at=(x, 100 + 14 * n))
    assert [block.text[:17] for block in blocks(pdf.save(tmp_path / "a.pdf"))] == [
        "This is left line",
        "This is right line"[:17],
    ]


def test_a_scanned_page_is_read_by_what_is_given(tmp_path: Path) -> None:
    pdf = made.Pdf().new_page().image(made.picture((600, 800), says="SCAN"), (0, 0, 595, 842))
    path = pdf.save(tmp_path / "scan.pdf")
    assert troubles(path) == [
        "page 1: no text and nothing here reads pictures: they are scans. "
        "Type \"pip install 'benchmark-agent[ocr]'\" to have them read"
    ]
    seen: list[bytes] = []

    def read(image: bytes) -> str:
        seen.append(image)
        return "The first line of\nthe scan.\n\nAnother paragraph."

    assert [(b.page, b.text) for b in blocks(path, read)] == [
        (1, "The first line of the scan."),
        (1, "Another paragraph."),
    ]
    assert seen[0].startswith(b"\x89PNG")


def test_menus_and_banners_are_no_text(folder: Path) -> None:
    text = " ".join(block.text for block in blocks(folder / "page.html"))
    assert not any(word in text for word in ("Home", "Buy", "banner", "reserved", "menu"))
    assert blocks(folder / "page.html")[-1].text == "Figure 3: A golden disc crossed by a black line"


def test_pictures_of_a_page_are_read_inside_the_folder_only(tmp_path: Path) -> None:
    inside = tmp_path / "site"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes(made.png(made.picture()))
    (inside / "here.png").write_bytes(made.png(made.picture()))
    sources = ("here.png", "../secret.png", "/etc/passwd", "https://example.org/a.png", "drawn.svg", "gone.png")
    (inside / "a.html").write_text("<body>" + "".join(f"<p><img src='{source}'></p>" for source in sources) + "</body>")
    assert (
        len([part for part in documents.read(inside / "a.html", Surroundings(inside)) if isinstance(part, Block)]) == 1
    )
    assert troubles(inside / "a.html") == [
        "the picture '../secret.png': the path '../secret.png' leaves its folder and is refused",
        "the picture '/etc/passwd': the path '/etc/passwd' leaves its folder and is refused",
        "the picture 'https://example.org/a.png': it lies elsewhere and is not fetched",
        "the picture 'drawn.svg': an SVG is not drawn here: it may refer to other files; save it as PNG",
        "the picture 'gone.png': there is no such file",
    ]


def test_lists_are_one_text(folder: Path) -> None:
    assert blocks(folder / "notes.md")[-1].text == "- one point\n- another point"


@pytest.mark.parametrize(
    ("rows", "grid"),
    [
        ([["a", "b"], ["x", "1,204"], ["y", "3.5"]], (("a", "b"), ("x", 1204), ("y", 3.5))),
        ([["a", "b"], ["x", "007"], ["y", "008"]], (("a", "b"), ("x", "007"), ("y", "008"))),
        ([["", "b", "b"], ["x", "", "2"]], (("name", "b", "b (3)"), ("x", None, 2))),
        ([["a", "b"], ["x", "1"], ["y", "n/a"]], (("a", "b"), ("x", "1"), ("y", "n/a"))),
        ([["a", "a"], ["x", "y"], [None, ""]], (("a", "a (2)"), ("x", "y"))),
        ([["only", "header"]], ()),
        ([["one"], ["column"]], ()),
    ],
)
def test_tables_are_made_regular(rows: list[list[str]], grid: tuple[tuple[object, ...], ...]) -> None:
    assert grid_of(rows) == grid


def test_captions() -> None:
    assert all(map(is_caption, ("Figure 3: A lake", "Tab. 2 Längen", "Fig. 4.1. X")))
    assert not any(map(is_caption, ("Figures are hard", "Table manners matter")))
    assert without_number("Figure 3: A lake") == "A lake"


# -- rows ------------------------------------------------------------------------------------------------


def test_spans_point_into_the_text_of_the_page(folder: Path) -> None:
    path = folder / "handbook.pdf"
    rows = [
        row
        for row in rows_of("handbook.pdf", "Handbook", documents.read(path, Surroundings(folder)))
        if isinstance(row, Made)
    ]
    texts: dict[int, list[str]] = {}
    for block in blocks(path):
        if block.kind == "text":
            texts.setdefault(block.page, []).append(block.text)
    passages = [row.values for row in rows if row.kind == "passages"]
    assert len(passages) == 8
    for values in passages:
        span = values["span"]
        assert isinstance(span, list)
        start, end = span
        assert "\n\n".join(texts[values["page"]])[start:end] == values["passage"]  # type: ignore[index]
        assert values["id"] == f"handbook.pdf#page={values['page']}&char={start},{end}"
    assert passages[0]["section"] == "The Arlen"


def test_long_texts_are_cut_between_sentences() -> None:
    sentences = [f"Sentence number {n} says that the lamp on pier {n} was lit. " for n in range(80)]
    parts = iter(
        [Block("heading", "A", level=1), Block("heading", "B", level=2), Block("text", "".join(sentences).strip())]
    )
    found = [row.values for row in rows_of("a.md", "a", parts) if isinstance(row, Made)]
    texts = [str(values["passage"]) for values in found]
    assert all(LEAST <= len(text) <= MOST and text.startswith("Sentence") and text.endswith("lit.") for text in texts)
    assert " ".join(texts) == "".join(sentences).strip()
    assert {values["section"] for values in found} == {"A > B"}


def test_text_without_a_sentence_is_cut_all_the_same() -> None:
    found = [row.values for row in rows_of("a.md", "a", iter([Block("text", "word " * 2000)])) if isinstance(row, Made)]
    assert len(found) == 7
    assert max(len(str(values["passage"])) for values in found) <= MOST


# -- the pool --------------------------------------------------------------------------------------------


def open_pool(*paths: Path, home: Path | None = None, heard: list[Event] | None = None) -> Pool:
    listener = heard.append if heard is not None else lambda event: None
    return Pool.open([str(path) for path in paths], READERS, home=home, listener=listener)


def test_a_folder_becomes_passages_tables_figures_and_large_tables(folder: Path) -> None:
    heard: list[Event] = []
    pool = open_pool(folder, heard=heard)
    cards = {card.id.removeprefix(f"{folder.name}-"): card for card in pool.cards}
    assert {name: card.rows for name, card in cards.items()} == {
        "passages": 19, "tables": 6, "figures": 4, "rivers-and-their-lengths": 12, "lengths-again": 12,
        "lengths-of-rivers": 12, "rivers-of-the-four-basins": 12, "the-bretta": 12,
    }  # fmt: skip
    assert {card.licence for card in cards.values()} == {"unknown"}
    roles = {field.name: (field.role, field.type) for field in cards["passages"].fields}
    assert roles["passage"] == ("context", "phrase")
    assert roles["page"] == ("metadata", "number")
    assert {f.name: f.type for f in cards["figures"].with_role("image", "context")} == {
        "image": "image",
        "caption": "phrase",
    }
    assert [f.type for f in cards["tables"].with_role("table")] == ["table"]
    measures = [f.label for f in cards["rivers-and-their-lengths"].with_role("measure")]
    assert measures == ["Length (km)".lower().removesuffix(" (km)")]
    assert any(event.message == "read handbook.pdf" and event.total == 6 for event in heard)
    row = pool.dataset(cards["rivers-and-their-lengths"].id).rows[2]
    assert (row.id, row.values["source_page"], row.values["River"]) == (
        "handbook.pdf#page=9&table=1&row=3",
        9,
        "Calder",
    )


def test_rows_are_the_same_each_time_and_stay_when_a_document_is_added(tmp_path: Path) -> None:
    place = tmp_path / "docs"
    place.mkdir()
    made.rivers_pdf(place / "handbook.pdf")

    def rows(home: str) -> dict[str, object]:
        pool = open_pool(place, home=tmp_path / home)
        return {row.id: dict(row.values) for card in pool.cards for row in pool.dataset(card.id).rows}

    first = rows("one")
    assert rows("two") == first
    assert len(first) == 22
    made.rivers_markdown(place / "a first.md")
    after = rows("one")
    assert {key: value for key, value in after.items() if key in first} == first
    assert len(after) > len(first)


def test_one_file_and_a_licence_beside_it(tmp_path: Path) -> None:
    path = made.rivers_pdf(tmp_path / "handbook.pdf")
    (tmp_path / "handbook.card.yaml").write_text("licence: CC-BY-4.0\ntopics: [rivers]\n")
    cards = open_pool(path).cards
    assert [card.id for card in cards] == [
        "handbook-figures", "handbook-passages", "handbook-rivers-and-their-lengths", "handbook-tables",
    ]  # fmt: skip
    assert {card.licence for card in cards} == {"CC-BY-4.0"}


def test_texts_beside_data_are_about_the_data(tmp_path: Path) -> None:
    (tmp_path / "sums.jsonl").write_text(
        "".join(json.dumps({"question": f"{n}?", "answer": str(n)}) + "\n" for n in range(9))
    )
    made.rivers_markdown(tmp_path / "about.md")
    (tmp_path / "sub").mkdir()
    made.rivers_markdown(tmp_path / "sub" / "README.md")
    assert [card.id for card in open_pool(tmp_path).cards] == ["sums"]


def test_without_the_libraries_the_finding_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made.rivers_pdf(tmp_path / "handbook.pdf")
    monkeypatch.setattr(documents, "_has", lambda module: False)
    with pytest.raises(
        UserError, match=r"handbook\.pdf: 'pypdfium2' is not installed: type .*benchmark-agent\[documents\]"
    ):
        open_pool(tmp_path)


def test_a_benchmark_is_made_of_documents_without_a_model(folder: Path, tmp_path: Path, command: Command) -> None:
    """Tables, figures and passages; every item says file, page and place."""
    goal = "Compare rivers by their lengths"
    said = command("build", goal, "--size", "20", "--pool", folder, "--out", tmp_path / "run", "--seed", "3")
    assert said.status == 0, said.err
    lines = (tmp_path / "run" / "benchmark" / "items.jsonl").read_text().splitlines()
    items = [json.loads(line) for line in lines]
    assert len(items) == 20
    rows = [row["row"] for item in items for row in item["sources"]]
    assert all("#" in row and "table=1&row=" in row for row in rows)
    assert any(row.startswith("handbook.pdf#page=9&") for row in rows)
    assert command("check", tmp_path / "run").status == 0


def test_tables_of_a_pdf_are_drawn_and_asked_about(tmp_path: Path, command: Command) -> None:
    """Each table of the document is a row of its own: pictures of tables are made of them."""
    pdf = made.Pdf()
    for year in range(2001, 2013):
        rows = [(river[0], river[1] + 7 * (year - 2000) * (n + 1), river[2]) for n, river in enumerate(made.RIVERS[:6])]
        pdf.new_page().paragraph(f"Table {year}: Catch of fish in {year}")
        pdf.table((("River", "Catch (kg)", "Basin"), *rows))
    (tmp_path / "pool").mkdir()
    pdf.save(tmp_path / "pool" / "catch.pdf")
    goal = "Can a model read tables in images?"
    said = command("build", goal, "--size", "8", "--pool", tmp_path / "pool", "--out", tmp_path / "run")
    assert said.status == 0, said.err
    items = [json.loads(line) for line in (tmp_path / "run" / "benchmark" / "items.jsonl").read_text().splitlines()]
    assert len(items) == 8
    assert all(item["sources"][0]["row"].startswith("catch.pdf#page=") for item in items)
    assert {item["input"][0]["type"] for item in items} == {"image"}
