"""Images a second, drawn and encoded on one core: scenes, tables, charts, pages, and items with a chart."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmark_agent.content import Table
from benchmark_agent.errors import Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.starter.scenes import counting
from benchmark_agent.tools.constructions.image_tables import ask_chart
from benchmark_agent.tools.render.charts import chart_of, draw_chart
from benchmark_agent.tools.render.pages import draw_page, draw_table

IMAGES = 100


def sales(seed: int) -> Table:
    random = Random(seed)
    names = random.sample(("Ash", "Birk", "Cove", "Dale", "Eden", "Firth", "Glen", "Hythe"), 7)
    rows = tuple((name, random.randrange(20, 900), random.randrange(5, 60)) for name in names)
    return Table(columns=("Town", "Visitors", "Hotels"), rows=rows, name=f"Visitors in week {seed}")


def rate(make: Callable[[int], object]) -> float:
    """Calls per second of processor time."""
    make(0)
    started = time.process_time()
    done = 0
    for seed in range(IMAGES):
        try:
            make(seed)
            done += 1
        except Unfit:
            continue
    return done / (time.process_time() - started)


def run() -> list[tuple[str, float, str]]:
    text = "The ferry leaves the north pier at noon and calls at two islands. " * 20
    with tempfile.TemporaryDirectory() as folder:
        media = MediaStore(Path(folder))
        return [
            ("images: scenes drawn", rate(lambda seed: counting(Random(seed), "hard")), "a second"),
            ("images: tables drawn", rate(lambda seed: draw_table(sales(seed))), "a second"),
            ("images: bar charts drawn", rate(lambda seed: draw_chart(chart_of(sales(seed), "bar"))), "a second"),
            ("images: pages drawn", rate(lambda seed: draw_page(f"{seed}. {text}")), "a second"),
            (
                "images: chart items made",
                rate(lambda seed: ask_chart.run(sales(seed), media, Random(seed))),
                "a second",
            ),
        ]
