"""The run folder: what each stage made, under the key of its inputs, and the log of finished jobs."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

import yaml
from pydantic import ValidationError

from benchmark_agent.errors import UserError
from benchmark_agent.events import Event
from benchmark_agent.record import Record, digest_of

R = TypeVar("R", bound=Record)


def write_atomic(path: Path, text: str) -> None:
    """Write beside and rename: a reader sees the old file or the new one, whole."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def read_record(path: Path, kind: type[R]) -> R:
    """A record from a YAML or JSON file a person may have edited.

    Raises:
        UserError: naming the file and the place, when it does not read.
    """
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(f"{str(path)!r} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{str(path)!r} is not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise UserError(f"{str(path)!r} does not read as a {kind.__name__}: {first_problem(error)}") from error


def first_problem(error: ValidationError) -> str:
    """What is wrong, where, and what was given, in one line; unknown names first, since they explain the rest."""
    problems = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    problem = problems[0]
    place = ".".join(str(step) for step in problem["loc"])
    scalar = place and isinstance(problem["input"], str | int | float)
    given = f", not {problem['input']!r}" if scalar and problem["type"] != "extra_forbidden" else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{place}{': ' if place else ''}{problem['msg']}{given}{more}"


class RunFolder:
    """One folder, one requirement. Stage results are kept under the digest of what they were made from."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def create(self) -> None:
        """Raises UserError when the folder cannot be made or written."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            (self.path / ".lock").touch()
        except OSError as error:
            raise UserError(
                f"the folder {str(self.path)!r} cannot be written: {error.strerror}; choose another with '--out DIR'"
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second build out of the folder.

        Raises:
            UserError: when another one is at work in it.
        """
        with (self / ".lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UserError(
                    f"another build is at work in {str(self.path)!r}; wait for it, or choose another with '--out DIR'"
                ) from error
            yield

    # -- stages ----------------------------------------------------------------------------------

    def kept(self, name: str, key: str) -> bool:
        """Whether the file `name` was made from inputs with this key (and may have been edited since)."""
        return (self / name).exists() and self._state().get(name, {}).get("key") == key

    def edited(self, name: str) -> bool:
        """Whether a person changed the file since it was written."""
        return (self / name).exists() and self._state().get(name, {}).get("written") != self.content(name)

    def content(self, name: str) -> str:
        """Digest of the file as it stands: an edited file is a new input to the stages after it."""
        return digest_of((self / name).read_text(encoding="utf-8"))

    def write(self, name: str, text: str) -> None:
        write_atomic(self / name, text)

    def save(self, name: str, key: str, record: Record) -> None:
        text = yaml.safe_dump(record.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100)
        write_atomic(self / name, text)
        self.stamp(name, key)

    def stamp(self, name: str, key: str) -> None:
        """Note that the file `name`, as it stands, was made from inputs with this key."""
        state = {**self._state(), name: {"key": key, "written": self.content(name)}}
        write_atomic(self / "state.json", json.dumps(state, indent=1, sort_keys=True))

    def _state(self) -> dict[str, dict[str, str]]:
        path = self / "state.json"
        if not path.exists():
            return {}
        state: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        return state

    # -- logs ------------------------------------------------------------------------------------

    def listener(self, also: Callable[[Event], None]) -> Callable[[Event], None]:
        """Keep every event in events.jsonl and hand it on."""

        def hear(event: Event) -> None:
            with (self / "events.jsonl").open("a", encoding="utf-8") as log:
                log.write(event.model_dump_json() + "\n")
            also(event)

        return hear


class Log:
    """An append-only JSONL file whose lines are whole: a torn last line is cut off when it is opened."""

    def __init__(self, path: Path, keep: Callable[[str], bool] = lambda line: True) -> None:
        self.path = path
        self._trim(keep)
        self._file: TextIO = path.open("a", encoding="utf-8")

    def _trim(self, keep: Callable[[str], bool]) -> None:
        if not self.path.exists():
            return
        end = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n") or not keep(line.decode("utf-8", "replace")):
                    break
                end += len(line)
        os.truncate(self.path, end)

    def write(self, lines: Iterable[str]) -> None:
        self._file.writelines(line + "\n" for line in lines)
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield line.rstrip("\n")
