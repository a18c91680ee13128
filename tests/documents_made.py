"""Documents for the tests, made with the libraries that read them: a small world of rivers, in every format."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

HEADER = ("River", "Length (km)", "Basin", "Source")
RIVERS = (
    ("Arlen", 412, "North", "Lake Ossian"), ("Bretta", 268, "East", "Mount Corvin"),
    ("Calder", 731, "North", "Grey Fen"), ("Dunmere", 154, "West", "Mount Corvin"),
    ("Eskow", 903, "East", "Lake Tarn"), ("Fallow", 329, "West", "Hollow Moor"),
    ("Garrick", 587, "North", "Grey Fen"), ("Hessel", 246, "East", "Lake Ossian"),
    ("Ister", 1120, "West", "Mount Pell"), ("Jorun", 198, "North", "Hollow Moor"),
    ("Kessa", 455, "East", "Mount Pell"), ("Lorne", 672, "West", "Lake Tarn"),
)  # fmt: skip
_SAID = (
    "The {0} rises at {3} and runs for {1} kilometres before it reaches the sea.",
    "Boats have carried timber down the {0} since the first mills were built on its lower banks.",
    "In a dry summer the {0} shrinks to a string of pools, and herons gather where the fish are trapped.",
    "The towns of the {2} basin drew their water from the {0} until the reservoir above {3} was finished.",
    "Its floods, which come in April when the snow melts, have moved the mouth of the {0} twice in a century.",
)


def story(river: tuple[str, int, str, str]) -> list[str]:
    """A few paragraphs about one river."""
    lines = [sentence.format(*river) for sentence in _SAID]
    return [" ".join(lines[:2]), " ".join(lines[2:4]), lines[4]]


def picture(size: tuple[int, int] = (240, 160), colour: str = "steelblue", says: str = "") -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, size[0] - 20, size[1] - 20), fill=colour)
    draw.line((0, 0, *size), fill="black", width=3)
    if says:
        draw.text((30, size[1] // 2), says, fill="black", font_size=40)
    return image


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Pdf:
    """Pages of lines, rules and pictures, in points from the top left corner of an A4 page."""

    WIDTH, HEIGHT = 595.0, 842.0

    def __init__(self) -> None:
        import pypdfium2

        self.document: Any = pypdfium2.PdfDocument.new()
        self.page: Any = None
        self.fonts: dict[str, Any] = {}
        self.y = 0.0

    def new_page(self, header: str = "") -> "Pdf":
        self._done()
        self.page = self.document.new_page(self.WIDTH, self.HEIGHT)
        self.y = 90.0
        if header:
            self.line(header, at=(72, 40), size=8)
        return self

    def line(self, text: str, at: tuple[float, float] | None = None, size: float = 11, font: str = "Helvetica") -> None:
        from pypdfium2 import raw

        if font not in self.fonts:
            self.fonts[font] = raw.FPDFText_LoadStandardFont(self.document, font.encode())
        shown = raw.FPDFPageObj_CreateTextObj(self.document, self.fonts[font], size)
        data = (text + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(shown, (raw.FPDF_WCHAR * (len(text) + 1)).from_buffer_copy(data))
        x, y = at or (72, self.y)
        raw.FPDFPageObj_Transform(shown, 1, 0, 0, 1, x, self.HEIGHT - y)
        raw.FPDFPage_InsertObject(self.page, shown)
        if at is None:
            self.y += size * 1.2

    def heading(self, text: str, size: float = 18) -> "Pdf":
        self.y += size
        self.line(text, size=size, font="Helvetica-Bold")
        self.y += 6
        return self

    def paragraph(self, text: str, characters: int = 84) -> "Pdf":
        words, row = text.split(), ""
        for word in words:
            if len(row) + len(word) + 1 > characters:
                self.line(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        self.line(row)
        self.y += 9
        return self

    def table(self, rows: Sequence[Sequence[object]], width: float = 110, height: float = 18) -> "Pdf":
        from pypdfium2 import raw

        for row in rows:
            for at, cell in enumerate(row):
                x = 72 + at * width
                box = raw.FPDFPageObj_CreateNewRect(x, self.HEIGHT - self.y - height, width, height)
                raw.FPDFPath_SetDrawMode(box, raw.FPDF_FILLMODE_NONE, True)
                raw.FPDFPage_InsertObject(self.page, box)
                self.line(str(cell), at=(x + 4, self.y + height - 6), size=10)
            self.y += height
        self.y += 14
        return self

    def image(self, image: Image.Image, at: tuple[float, float, float, float]) -> "Pdf":
        """`at`: left, top, width, height."""
        import pypdfium2

        shown = pypdfium2.PdfImage.new(self.document)
        shown.set_bitmap(pypdfium2.PdfBitmap.from_pil(image))
        left, top, width, height = at
        shown.set_matrix(pypdfium2.PdfMatrix().scale(width, height).translate(left, self.HEIGHT - top - height))
        self.page.insert_obj(shown)
        return self

    def _done(self) -> None:
        if self.page is not None:
            self.page.gen_content()
            self.page.close()

    def save(self, path: Path) -> Path:
        self._done()
        self.document.save(str(path))
        self.document.close()
        return path


def rivers_pdf(path: Path) -> Path:
    """Nine pages: a story of each of eight rivers with a running header, then the table and a figure."""
    pdf = Pdf()
    for at, river in enumerate(RIVERS[:8], 1):
        pdf.new_page(f"A Handbook of Rivers   {at}").heading(f"The {river[0]}")
        for text in story(river):
            pdf.paragraph(text)
    pdf.new_page("A Handbook of Rivers   9").heading("Tables")
    pdf.paragraph("Table 1: Rivers and their lengths").table((HEADER, *RIVERS))
    pdf.image(picture(), (72, 450, 240, 160))
    pdf.y = 622
    pdf.paragraph("Figure 1: A round blue lake crossed by a black line")
    return pdf.save(path)


def rivers_docx(path: Path) -> Path:
    import docx

    document = docx.Document()
    document.add_heading("Rivers of the west", 0)
    for river in RIVERS[8:]:
        document.add_heading(f"The {river[0]}", 1)
        for text in story(river):
            document.add_paragraph(text)
    document.add_paragraph("Table 2. Lengths again", style="Caption")
    table = document.add_table(rows=0, cols=len(HEADER))
    for row in (HEADER, *RIVERS):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)
    document.add_picture(io.BytesIO(png(picture(colour="darkred"))))
    document.add_paragraph("Figure 2: A red disc crossed by a black line", style="Caption")
    document.save(str(path))
    return path


def rivers_pptx(path: Path) -> Path:
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    for river in RIVERS[:3]:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"The {river[0]}"
        slide.placeholders[1].text = "\n".join(story(river))
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Lengths"
    shown = slide.shapes.add_table(4, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for at, row in enumerate((HEADER, *RIVERS[:3])):
        shown.cell(at, 0).text, shown.cell(at, 1).text = str(row[0]), str(row[1])
    drawn = slide.shapes.add_picture(io.BytesIO(png(picture(colour="seagreen"))), Inches(1), Inches(5))
    drawn._element.nvPicPr.cNvPr.set("descr", "A green disc crossed by a black line")
    deck.save(str(path))
    return path


def rivers_xlsx(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Lengths"
    sheet.append(["Rivers of the four basins"])
    for row in (HEADER, *RIVERS):
        sheet.append(row)
    book.save(path)
    return path


def rivers_html(path: Path) -> Path:
    (path.parent / "disc.png").write_bytes(png(picture(colour="goldenrod")))
    told = "".join(f"<h2>The {r[0]}</h2>" + "".join(f"<p>{text}</p>" for text in story(r)) for r in RIVERS[:2])
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in RIVERS)
    head = "<tr>" + "".join(f"<th>{cell}</th>" for cell in HEADER) + "</tr>"
    path.write_text(
        "<!doctype html><html><head><title>Rivers</title><script>var menu = 1;</script></head><body>"
        "<nav><a href='/'>Home</a> <a href='/buy'>Buy the handbook</a></nav><header>Shop banner</header>"
        f"<main><h1>Rivers</h1>{told}<table><caption>Lengths of rivers</caption>{head}{rows}</table>"
        "<figure><img src='disc.png'><figcaption>Figure 3: A golden disc crossed by a black line</figcaption></figure>"
        "</main><footer>All rights reserved by the shop</footer></body></html>",
        encoding="utf-8",
    )
    return path


def rivers_markdown(path: Path) -> Path:
    told = "\n\n".join(f"## The {river[0]}\n\n" + "\n\n".join(story(river)) for river in RIVERS[:2])
    table = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (HEADER, ("---",) * 4, *RIVERS))
    path.write_text(f"# Rivers\n\n{told}\n\n{table}\n\n- one point\n- another point\n", encoding="utf-8")
    return path
