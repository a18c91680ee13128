"""Pages of documents a second, and the memory it takes."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

PAGES = 3000


def _write(folder: Path) -> None:
    """A PDF of many pages: a heading and three paragraphs each, a ruled table on every tenth."""
    from tests import documents_made as made

    pdf = made.Pdf()
    for number in range(PAGES):
        river = made.RIVERS[number % len(made.RIVERS)]
        pdf.new_page(f"A Handbook of Rivers   {number}").heading(f"The {river[0]}")
        for text in made.story(river):
            pdf.paragraph(text)
        if number % 10 == 0:
            pdf.paragraph(f"Table {number}: Rivers and their lengths").table((made.HEADER, *made.RIVERS))
    pdf.save(folder / "handbook.pdf")


def _read(folder: str) -> None:
    """Opens the pool in a process of its own, so that the peak of its memory is its own."""
    from benchmark_agent.sources.pool import Pool
    from benchmark_agent.sources.readers import READERS

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = perf_counter(), process_time()
    rows = sum(card.rows for card in Pool.open([folder], READERS).cards)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(perf_counter() - wall, process_time() - cpu, (after - before) / 1024, after / 1024, rows)


def run() -> Iterator[tuple[str, float, str]]:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "docs").mkdir()
        _write(Path(place) / "docs")
        told = subprocess.run(
            [sys.executable, "-m", "bench.bench_documents", str(Path(place) / "docs")],
            env={**os.environ, "BENCHMARK_AGENT_HOME": f"{place}/home"},
            capture_output=True, check=True, text=True,
        )  # fmt: skip
    wall, cpu, grown, peak, rows = map(float, told.stdout.split())
    yield f"documents: a PDF of {PAGES:,} pages becomes rows", wall, "s"
    yield "documents: PDF pages", PAGES / cpu, "pages/CPU-s"
    yield "documents: rows made of them", rows, "rows"
    yield "documents: memory it takes at most", grown, "MB"
    yield "documents: memory of the process at most", peak, "MB"


if __name__ == "__main__":
    _read(sys.argv[1])
