"""What the documentation says is so: links resolve, commands and names exist, examples run."""

import ast
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from benchmark_agent import plugins
from benchmark_agent.cli.app import app
from benchmark_agent.requirement import Requirement
from tests.support import Command

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / name for name in ("README.md", "AGENTS.md", "CONTRIBUTING.md")]
    + [*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
)
PACKAGE = ROOT / "src" / "benchmark_agent"
PLACES = [
    path.relative_to(ROOT).as_posix()
    for top in ("src", "docs", "examples", "tests", "bench")
    for path in (ROOT / top, *(ROOT / top).rglob("*"))
]
FILE = re.compile(r"[\w./-]+\.(?:py|yaml|toml|svg)|[\w/-]+/")
MADE = re.compile(
    r"runs/|my-data|pool\.yaml|goal\.yaml|card\.yaml|design\.yaml|grounding\.yaml|allocation\.yaml|media/|data/"
)
"""Files a user makes or gets: they need not be in the repository."""


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> Iterator[str]:
    """Fenced blocks of one language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[list[str]]:
    """Every `benchmark-agent ...` on a line of its own, or as code in running text."""
    lines = re.findall(r"^(?:    |\$ |)(benchmark-agent .+)$", text, re.MULTILINE)
    for line in (*lines, *re.findall(r"`(benchmark-agent [^`]+)`", text)):
        yield shlex.split(line, comments=True)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_resolve(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
            assert anchor in slugs, target


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_and_options_exist(page: Path) -> None:
    for words in commands(page.read_text(encoding="utf-8")):
        command: Any = get_command(app)
        rest = words[1:]
        while rest and hasattr(command, "commands"):
            if rest[0].startswith("-") or "|" in rest[0]:
                break
            assert rest[0] in command.commands, words
            command, rest = command.commands[rest[0]], rest[1:]
        known = {name for option in command.params for name in option.opts} | {"--help"}
        assert {word for word in rest if re.match(r"--?[a-z]", word)} <= known, words


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_named_in_code_exist(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for code in re.findall(r"`([^`\n]+)`", text):
        if not FILE.fullmatch(code) or MADE.search(code):
            continue
        assert any(f"/{place}".endswith(f"/{code.rstrip('/')}") for place in PLACES), code


def test_the_makefile_has_the_two_commands_of_the_readme() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    said = re.findall(r"\bmake (\w+)", (ROOT / "README.md").read_text())
    assert {"demo", "test"} <= set(said) <= set(targets)


def test_the_page_of_constructions_is_current() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "make_constructions.py"))["page"]()
    written = (ROOT / "docs" / "constructions.md").read_text(encoding="utf-8")
    assert written == page, "run: python docs/make_constructions.py"


def test_every_check_is_explained() -> None:
    page = (ROOT / "docs" / "stages" / "verification.md").read_text(encoding="utf-8")
    tree = ast.parse((PACKAGE / "verification" / "sets.py").read_text())
    admit = next(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == "SetChecks")
    of_set = re.findall(r"\('(\w+)', self\.\w+\.admit", ast.unparse(admit))
    assert of_set
    for name in (*of_set, *(check.name for check in plugins.load(third_party=False).checks)):
        assert f"| `{name}` |" in page, name


def test_every_finding_of_the_audit_is_explained() -> None:
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    code = "".join(path.read_text() for path in sorted((PACKAGE / "sources" / "audit").glob("*.py")))
    found = set(re.findall(r'"(\w+)",\s*"(?:error|warning|note)"', code))
    assert len(found) > 20
    assert {name for name in found if f"`{name}`" not in page} == set()


@pytest.mark.parametrize(("folder", "least"), [("goals", 6), ("gallery", 15)])
def test_example_goals_read(folder: str, least: int) -> None:
    files = sorted((ROOT / "examples" / folder).glob("*.yaml"))
    assert len(files) >= least
    index = (ROOT / "examples" / folder / "README.md").read_text()
    for file in files:
        Requirement.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        assert f"]({file.name})" in index


def test_the_goal_that_is_to_be_refused_is_refused(command: Command, tmp_path: Path) -> None:
    said = command("build", ROOT / "examples" / "goals" / "refused-x-rays.yaml", "--out", tmp_path / "run")
    assert said.status == 2
    assert "x rays" in said.err
    assert "--pool PATH" in said.err


def edited(block: str) -> None:
    """Apply a diff of the tutorial; figures in the lines taken out may have become others."""
    head, *lines = block.splitlines()
    path = Path(head.removeprefix("--- "))
    old = "\n".join(re.escape(line[1:]) for line in lines if line[0] in " -")
    new = "\n".join(line[1:] for line in lines if line[0] in " +")
    text = path.read_text()
    changed = re.sub(re.sub(r"\bitems:(\\ | )\d+", r"items: \\d+", old), new, text)
    assert changed != text, block
    path.write_text(changed)


def run_shell(block: str, command: Command) -> None:
    """The commands of a block: ours in this process, others by the shell."""
    for line in re.split(r"\n(?!(?:(?!END).*\n)*END\n)", block.strip() + "\n"):
        if not line.startswith("benchmark-agent"):
            ours = line.replace("python ", f"{shlex.quote(sys.executable)} ", 1) if line.startswith("python ") else line
            subprocess.run(["bash", "-euc", ours], check=True)
            continue
        wanted = re.search(r"# exit status (\d)", line)
        said = command(*shlex.split(line, comments=True)[1:])
        assert said.status == (int(wanted.group(1)) if wanted else 0), f"{line}\n{said.err}"


def test_the_tutorial_runs(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    ran = 0
    for kind, block in re.findall(r"^```(sh|diff|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if kind == "sh":
            run_shell(block, command)
        elif kind == "diff":
            edited(block)
        else:
            exec(compile(block, "tutorial", "exec"), {})
        ran += 1
    assert ran > 10
    allocation = yaml.safe_load((tmp_path / "runs" / "garden" / "allocation.yaml").read_text())
    assert 9 in [cell["items"] for cell in allocation["cells"]]
