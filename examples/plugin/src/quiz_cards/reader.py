"""The source: `*.quiz` files, blocks of `Q:` and `A:` lines with a blank line between."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmark_agent.errors import UserError
from benchmark_agent.sources import Found, Row


@dataclass(frozen=True)
class QuizRows:
    """The cards of one file. Small by nature, so they are held in memory."""

    root: Path
    cards: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.cards)

    def __getitem__(self, ordinal: int) -> Row:
        question, answer = self.cards[ordinal]
        return Row(ordinal=ordinal, id=str(ordinal), values={"question": question, "answer": answer})

    def __iter__(self) -> Iterator[Row]:
        return (self[k] for k in range(len(self)))


class QuizCards:
    """Recognises and serves quiz files."""

    name = "quiz-cards"

    def find(self, root: Path) -> Iterator[Found]:
        files = [root] if root.suffix == ".quiz" else sorted(root.glob("**/*.quiz"))
        for file in files:
            location = file.name if file == root else str(file.relative_to(root))
            yield Found(name=file.stem, location=location, reader=self.name, hints={"description": "Quiz cards"})

    def open(self, root: Path, location: str) -> QuizRows:
        file = root if root.is_file() else root / location
        return QuizRows(file.parent, tuple(_cards(file)))


def _cards(file: Path) -> Iterator[tuple[str, str]]:
    blocks = file.read_text(encoding="utf-8").split("\n\n")
    for number, block in enumerate((block.strip() for block in blocks if block.strip()), 1):
        lines = block.splitlines()
        if len(lines) != 2 or not lines[0].startswith("Q:") or not lines[1].startswith("A:"):
            raise UserError(f"card {number} of {str(file)!r} is not a 'Q:' line and an 'A:' line")
        yield lines[0][2:].strip(), lines[1][2:].strip()
