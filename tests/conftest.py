"""What every test shares: one cache folder for the session, and the command line as a function."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from benchmark_agent.cli import main
from tests.support import Command, Said, store_rows

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")
"""The same examples on every machine: a failure is about the change at hand."""


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing of a test reaches the user's cache folder."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENCHMARK_AGENT_HOME", str(folder))
        yield folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `benchmark-agent` with arguments, in this process."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["benchmark-agent", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return run


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """A pool of one dataset: 80 records of stores."""
    folder = tmp_path / "pool"
    folder.mkdir()
    lines = (json.dumps(row) for row in store_rows(80))
    (folder / "stores.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
