"""What we export as Croissant is a pool again: every item, with its media, options and answer."""

from pathlib import Path

import pytest

from benchmark_agent.benchmark.show import media_parts
from benchmark_agent.errors import UserError
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS
from tests.exporters.exported import TARGETS, written

ITEMS = {"text": 13, "media-image": 2, "media-image-media-image-2": 1, "media-audio": 2}


def test_an_export_is_read_back_item_by_item_with_media_options_and_answers(tmp_path: Path) -> None:
    benchmark = written(tmp_path / "made")
    TARGETS["croissant"].write(benchmark, tmp_path / "out")
    pool = Pool.open([str(tmp_path / "out")], READERS, home=tmp_path / "home")
    found = {card.id: card for card in pool.cards}
    assert {id.split("-", 4)[4]: card.rows for id, card in found.items()} == ITEMS
    assert {card.licence for card in found.values()} == {"CC-BY-4.0"}
    read = {row.id: (pool.dataset(id).rows.root, row.values) for id in found for row in pool.dataset(id).rows}
    for item in benchmark:
        root, row = read[item.id]
        assert (row["answer"], tuple(row["options"])) == (item.answer, item.options)
        shown = [(root / value).read_bytes() for name, value in row.items() if name.startswith("media_")]
        assert shown == [(benchmark.folder / part.path).read_bytes() for part in media_parts(item)]
    heard = next(card for id, card in found.items() if id.endswith("media-audio"))
    assert heard.modalities == ("audio", "text")
    assert next(f for f in heard.fields if f.path == "answer").description == "The right answer; letters for choices."


def test_an_export_that_was_changed_is_refused(tmp_path: Path) -> None:
    TARGETS["croissant"].write(written(tmp_path / "made"), tmp_path / "out")
    items = tmp_path / "out" / "items.jsonl"
    items.write_text(items.read_text(encoding="utf-8").replace("3.50", "3.51"), encoding="utf-8")
    with pytest.raises(UserError, match=r"items\.jsonl' is not the file that .* describes: its sha256 is "):
        Pool.open([str(tmp_path / "out")], READERS, home=tmp_path / "home")
