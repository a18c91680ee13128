"""`hub:owner/name`: the real client against a Hub of our own on loopback."""

import io
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

import duckdb
import numpy as np
import pytest
import soundfile
from PIL import Image

from benchmark_agent.errors import UserError
from benchmark_agent.sources.home import using
from benchmark_agent.sources.hub import MOST_ROWS, Asked, asked_for
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS

pytest.importorskip("huggingface_hub", reason="the extra 'hub' is not installed")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CARD = {"license": "cc-by-4.0", "language": ["en"], "tags": ["gardens"]}


class HubStub(BaseHTTPRequestHandler):
    """The part of the Hub's protocol the client needs: dataset information, and files with their hashes."""

    files: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[str]] = []

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = unquote(self.path.partition("?")[0])
        type(self).asked.append(f"{self.command} {path}")
        if path.startswith("/api/datasets/"):
            self._about(path.removeprefix("/api/datasets/"))
        elif path.startswith(f"/datasets/owner/plots/resolve/{COMMIT}/"):
            data = self.files[path.rpartition(f"{COMMIT}/")[2]]
            self._send(200, data if body else b"", len(data), {"ETag": f'"{len(data):064x}"', "X-Repo-Commit": COMMIT})
        else:
            self._error(404, "EntryNotFound")

    def _about(self, name: str) -> None:
        if name.startswith("owner/locked"):
            self._error(403, "GatedRepo")
        elif not name.startswith("owner/plots"):
            self._error(404, "RepoNotFound")
        elif "/revision/" in name and name.rpartition("/")[2] not in ("main", COMMIT):
            self._error(404, "RevisionNotFound")
        else:
            siblings = [{"rfilename": path, "size": len(data)} for path, data in self.files.items()]
            about = {"id": "owner/plots", "sha": COMMIT, "siblings": siblings, "cardData": CARD, "gated": False,
                     "private": False, "disabled": False, "downloads": 0, "likes": 0, "tags": []}  # fmt: skip
            data = json.dumps(about).encode()
            self._send(200, data, len(data), {"Content-Type": "application/json"})

    def _error(self, status: int, code: str) -> None:
        self._send(status, b"", 0, {"X-Error-Code": code, "X-Error-Message": code})

    def _send(self, status: int, data: bytes, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def parquet(folder: Path, rows: int, first: int = 0) -> bytes:
    """A table of plots with a picture in each row, a label as a number, and the features `datasets` writes."""
    path = folder / "made.parquet"
    features = {"crop": {"names": ["beans", "kale"], "_type": "ClassLabel"}, "image": {"_type": "Image"}}
    told = json.dumps({"info": {"features": features}}).replace("'", "''")
    with duckdb.connect() as base:
        base.execute("CREATE TABLE t (image STRUCT(bytes BLOB, path VARCHAR), crop BIGINT, note VARCHAR)")
        for k in range(first, first + rows):
            buffer = io.BytesIO()
            picture = Image.new("RGB", (32, 32), (k * 5 % 255, 60, 200))
            picture.putpixel((k % 32, k // 32), (255, 255, 255))
            picture.save(buffer, "PNG")
            base.execute("INSERT INTO t VALUES ({'bytes': $1::BLOB, 'path': 'x.png'}, $2, $3)",
                         [buffer.getvalue(), k % 2, f"plot number {k} by the wall"])  # fmt: skip
        base.execute(f"COPY t TO '{path}' (FORMAT parquet, KV_METADATA {{huggingface: '{told}'}})")
    return path.read_bytes()


def sounds(folder: Path, rows: int) -> bytes:
    """A table with a tone of its own pitch in each row, as `datasets` writes an Audio column."""
    path = folder / "sounds.parquet"
    with duckdb.connect() as base:
        base.execute("CREATE TABLE t (audio STRUCT(bytes BLOB, path VARCHAR), bird VARCHAR)")
        for k in range(rows):
            encoded = io.BytesIO()
            wave = 0.4 * np.sin(np.arange(1600) * 2 * np.pi * (300 + 100 * k) / 16000)
            soundfile.write(encoded, wave, 16000, format="WAV" if k % 2 else "FLAC", subtype="PCM_16")
            base.execute("INSERT INTO t VALUES ({'bytes': $1::BLOB, 'path': 'x.wav'}, $2)",
                         [encoded.getvalue(), ("owl", "wren")[k % 2]])  # fmt: skip
        base.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


@contextmanager
def serving() -> Iterator[str]:
    """The stub at an address of its own, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), HubStub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def pointing_to(address: str) -> Iterator[None]:
    """The client asks there instead of the Hub."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("constants", "hf_api", "file_download"):
            held = __import__(f"huggingface_hub.{module}", fromlist=["ENDPOINT"])
            if hasattr(held, "ENDPOINT"):
                patch.setattr(held, "ENDPOINT", address)
        patch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
                      address + "/{repo_id}/resolve/{revision}/{filename}")  # fmt: skip
        patch.setenv("HF_ENDPOINT", address)
        yield


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[HubStub]]:
    folder = tmp_path_factory.mktemp("hub")
    HubStub.files = {
        "README.md": b"plots",
        "data/train-00000-of-00002.parquet": parquet(folder, 20),
        "data/train-00001-of-00002.parquet": parquet(folder, 10, first=20),
        "data/test-00000-of-00001.parquet": parquet(folder, 12, first=40),
        "birds/test-00000-of-00001.parquet": sounds(folder, 10),
    }
    with serving() as address, pointing_to(address):
        yield HubStub


@pytest.mark.usefixtures("stub")
def test_a_dataset_is_read_at_its_commit_with_pictures_labels_and_licence(tmp_path: Path) -> None:
    with using(tmp_path / "home"):
        pool = Pool.open(["hub:owner/plots:default"], READERS)
        assert {card.id: card.rows for card in pool.cards} == {"plots-test": 12, "plots-train": 30}
        card = pool.card("plots-train")
        assert card.licence == "CC-BY-4.0"
        assert card.source.endswith(f"owner/plots/tree/{COMMIT}")
        rows = pool.dataset("plots-train").rows
        assert [row.values["crop"] for row in rows][:3] == ["beans", "kale", "beans"]
        with Image.open(rows.root / rows[4].values["image"]) as shown:
            assert shown.getpixel((0, 1)) == (20, 60, 200)


def test_one_split_is_fetched_alone_and_once(tmp_path: Path, stub: type[HubStub]) -> None:
    stub.asked.clear()
    with using(tmp_path / "home"):
        for _ in range(2):
            pool = Pool.open([f"hub:owner/plots@{COMMIT}:default/test"], READERS)
            assert [card.id for card in pool.cards] == ["plots-test"]
    fetched = [each for each in stub.asked if each.startswith("GET") and each.endswith(".parquet")]
    assert fetched == [f"GET /datasets/owner/plots/resolve/{COMMIT}/data/test-00000-of-00001.parquet"]


def downloads(asked: list[str]) -> list[str]:
    return [each.rpartition("/")[2] for each in asked if each.startswith("GET") and each.endswith(".parquet")]


def test_no_file_is_fetched_that_the_rows_asked_for_do_not_need(tmp_path: Path, stub: type[HubStub]) -> None:
    with using(tmp_path / "home"):
        for rows, files in ((15, 1), (20, 1), (21, 2)):
            stub.asked.clear()
            pool = Pool.open([f"hub:owner/plots:default/train?rows={rows}"], READERS, home=tmp_path / str(rows))
            assert pool.card("plots-train").rows == rows
            assert downloads(stub.asked) == [f"train-0000{k}-of-00002.parquet" for k in range(files)]


@pytest.mark.usefixtures("stub")
def test_columns_of_sounds_become_files_that_play(tmp_path: Path) -> None:
    with using(tmp_path / "home"):
        pool = Pool.open(["hub:owner/plots:birds"], READERS)
        card, rows = pool.card("plots-birds-test"), pool.dataset("plots-birds-test").rows
        assert (card.modalities, card.field("audio").type) == (("audio",), "audio")  # type: ignore[union-attr]
        for k, row in enumerate(rows):
            assert row.values["audio"].endswith(".wav" if k % 2 else ".flac")
            wave, rate = soundfile.read(rows.root / row.values["audio"])
            pitch = np.argmax(np.abs(np.fft.rfft(wave))) * rate / len(wave)
            assert (len(wave), rate, pitch) == (1600, 16000, 300 + 100 * k)


def test_a_commit_that_is_here_needs_no_network(
    tmp_path: Path, stub: type[HubStub], monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = f"hub:owner/plots@{COMMIT}:default/test"
    with using(tmp_path / "home"):
        with serving() as address, pointing_to(address):
            Pool.open(["hub:owner/plots:default/test"], READERS)
        for made in ("rows", "cards"):
            shutil.rmtree(tmp_path / "home" / made)
        stub.asked.clear()
        with pointing_to(address):  # nobody is there any more
            pool = Pool.open([pinned], READERS)
            assert (pool.card("plots-test").rows, pool.card("plots-test").licence) == (12, "CC-BY-4.0")
            with pytest.raises(UserError, match=f"used here before: 'hub:owner/plots@{COMMIT}'"):
                Pool.open(["hub:owner/plots"], READERS)
            monkeypatch.setattr("time.sleep", lambda _: None)  # the client waits between its attempts
            with pytest.raises(UserError, match="the Hub cannot be reached for 'owner/plots'"):
                Pool.open([f"hub:owner/plots@{COMMIT}:default/train"], READERS)  # looked up, never fetched
    assert stub.asked == []


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("hub:owner/nothing", "there is no dataset 'owner/nothing' on the Hub, or it is private"),
        ("hub:owner/locked", "is gated: accept its terms at https://huggingface.co/datasets/owner/locked"),
        ("hub:owner/plots@v9", "has no revision 'v9'"),
        ("hub:owner/plots:default/dev", "it has 'birds/test', 'default/test', 'default/train'"),
        ("hub:plots", "names no dataset of the Hub; write hub:owner/name@revision:config/split?rows=N"),
    ],
)
def test_what_the_hub_does_not_give_says_why(given: str, said: str, tmp_path: Path) -> None:
    with using(tmp_path / "home"), pytest.raises(UserError, match=said.replace("?", r"\?")):
        Pool.open([given], READERS)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("hub:a/b", Asked("a/b")),
        ("hub:a/b@v1.0", Asked("a/b", "v1.0")),
        ("hub:a/b?rows=50", Asked("a/b", rows=50)),
        ("hub:a/b@v1:fr/test?rows=900000", Asked("a/b", "v1", "fr", "test", MOST_ROWS)),
        ("hub:a/b:fr/test", Asked("a/b", "", "fr", "test")),
        ("hub:a-b/c.d@refs/convert/parquet:fr", Asked("a-b/c.d", "refs/convert/parquet", "fr")),
    ],
)
def test_what_is_asked_for_is_read(given: str, asked: Asked) -> None:
    assert asked_for(given) == asked
