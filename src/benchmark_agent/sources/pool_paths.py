"""What a user gives as a pool: folders, files, pool.yaml files and words with a meaning (`starter`, `gym:all`)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from benchmark_agent.errors import UserError
from benchmark_agent.sources import Reader
from benchmark_agent.sources.home import code_version, fill_folder, home, write_file
from benchmark_agent.sources.pool_file import listed, query_roots

STARTER = "starter"
MADE = "made:"
"""Before the name of a pool that `pool make` made."""
_LAYOUTS = (
    "What works: .jsonl, .json (a list of objects, or one under 'data' or 'examples'), .csv, .tsv, .parquet, "
    "folders of images or sounds with metadata.jsonl or one folder a class, the General-Bench layout, "
    "documents (.pdf, .docx, .pptx, .xlsx, .html, .md)"
)


@dataclass(frozen=True, slots=True)
class Root:
    given: str
    """As the user wrote it."""
    path: Path
    """Absolute; or a word with a colon, for readers that know it."""

    @property
    def exists(self) -> bool:
        return self.path.is_absolute()

    def shown(self, location: str) -> str:
        """A dataset's place as a person would write it."""
        if location.startswith(".#"):
            return f"{self.path}{location[1:]}"
        return str(self.path / location) if self.exists else f"{str(self.path).partition(':')[0]}:{location}"


def roots_of(paths: Sequence[str]) -> list[Root]:
    """The roots to look in, each once; the starter pool when nothing is given.

    Raises:
        UserError: for a path that does not exist, and a pool file that does not read.
    """
    found: dict[Path, Root] = {}
    for given in paths or (STARTER,):
        for root in _expanded(str(given), Path.cwd(), ()):
            found.setdefault(root.path, root)
    return list(found.values())


def _expanded(given: str, base: Path, inside: tuple[Path, ...]) -> Iterator[Root]:
    if given == STARTER:
        yield Root(given, starter_folder())
        return
    if given.startswith(MADE):
        from benchmark_agent.sources.pool_recipes.make import made_folder

        yield Root(given, made_folder(given.removeprefix(MADE)))
        return
    path = Path(given).expanduser()
    path = path if path.is_absolute() else base / path
    if not path.exists() and (given.startswith("hub:") or (":" in given and "/" not in given)):
        yield Root(given, Path(given))
        return
    if not path.exists():
        raise UserError(_no_such(given, path))
    path = path.resolve()
    if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
        if path in inside:
            raise UserError(f"the pool file {str(path)!r} names itself; take it out of its 'paths:'")
        for part in listed(path):
            if isinstance(part, str):
                yield from _expanded(part, path.parent, (*inside, path))
        yield from (Root(given, query) for query in query_roots(path))
        return
    yield Root(given, path)


def _no_such(given: str, path: Path) -> str:
    siblings = [part.name for part in path.parent.iterdir()] if path.parent.is_dir() else []
    close = get_close_matches(path.name, [*siblings, STARTER], n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"there is no pool at {given!r}; {hint}Give a folder or file of data, a pool.yaml, 'starter' or 'gym:all'"


def starter_folder() -> Path:
    """The pool that comes with the package, written out once for each version of it."""
    from benchmark_agent import starter

    version = code_version(Path(starter.__file__).parent)
    return fill_folder(home() / "starter" / version, starter.make)


def nothing_readable(root: Root, problems: Sequence[tuple[str, str]]) -> UserError:
    """Why a root gives no dataset: what failed to open, or what was seen there and what would work."""
    if problems:
        more = f" ({len(problems) - 1} more datasets there fail as well)" if len(problems) > 1 else ""
        return UserError(problems[0][1] + more)
    if not root.exists:
        return UserError(f"no source knows the pool {root.given!r}; give a folder or file, 'starter' or 'gym:all'")
    if root.path.is_file():
        return UserError(f"the file {root.given!r} is of no kind we read. {_LAYOUTS}")
    seen = Counter(file.suffix.lower() or "(no ending)" for file in root.path.rglob("*") if file.is_file())
    if not seen:
        return UserError(f"the pool {root.given!r} is empty. {_LAYOUTS}")
    listed = ", ".join(f"{n} {ending}" for ending, n in seen.most_common(6))
    return UserError(f"nothing in {root.given!r} can be read as a dataset: it holds {listed}. {_LAYOUTS}")


def add(pool_file: Path, path: str, readers: Sequence[Reader] = ()) -> None:
    """Append a path to a pool file, making the file when it is not there.

    Raises:
        UserError: when the path holds no dataset, or is in the file already.
    """
    from benchmark_agent.sources.pool import Pool

    if not readers:
        from benchmark_agent.sources.readers import READERS

        readers = READERS
    Pool.open([path], readers)
    entries = listed(pool_file) if pool_file.exists() else []
    entry = path
    if Path(path).expanduser().exists() and path != STARTER:
        target, base = Path(path).expanduser().resolve(), pool_file.resolve().parent
        entry = target.relative_to(base).as_posix() if target.is_relative_to(base) else str(target)
    if entry in entries:
        raise UserError(f"{entry!r} is in {str(pool_file)!r} already")
    write_file(pool_file, _appended(pool_file, entries, entry))


def _appended(pool_file: Path, entries: list[object], entry: str) -> str:
    """The file with one line more, comments kept; written anew when its form does not allow it."""
    line = yaml.safe_dump([entry], allow_unicode=True, default_flow_style=False, width=10_000)
    if entries:
        old = pool_file.read_text(encoding="utf-8").rstrip("\n") + "\n"
        for text in (old + line, old + "  " + line):
            try:
                if yaml.safe_load(text) == {**yaml.safe_load(old), "paths": [*entries, entry]}:
                    return text
            except yaml.YAMLError:
                continue
    return yaml.safe_dump({"paths": [*entries, entry]}, allow_unicode=True, sort_keys=False, width=10_000)
