"""Tars of the WebDataset layout."""

import io
import json
import tarfile
from pathlib import Path

from PIL import Image

from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS


def member(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def test_files_of_one_stem_are_a_row_and_path_tricks_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "birds.tar", "w") as tar:
        for k in range(10):
            buffer = io.BytesIO()
            Image.linear_gradient("L").rotate(36 * k).save(buffer, "PNG")
            member(tar, f"{k:04d}.png", buffer.getvalue())
            member(tar, f"{k:04d}.json", json.dumps({"bird": ("crow", "robin")[k % 2], "wings": 2}).encode())
        member(tar, "../../evil.txt", b"outside")
    pool = Pool.open([str(tmp_path)], READERS, home=tmp_path / "home")
    assert [(card.id, card.rows) for card in pool.cards] == [("birds", 10)]
    row = pool.dataset("birds").rows[3]
    assert (row.id, row.values["bird"]) == ("0003", "robin")
    with Image.open(pool.dataset("birds").rows.root / row.values["image"]) as shown:
        assert shown.size == (256, 256)
    assert pool.skipped("birds") == (
        ("../../evil", "the member '../../evil.txt' is refused: its path leaves the folder"),
    )
    assert not (tmp_path.parent.parent / "evil.txt").exists()
