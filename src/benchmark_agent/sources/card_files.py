"""Cards and audits on disk: a card is YAML a person may edit; what was worked out is not worked out again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from benchmark_agent.errors import UserError
from benchmark_agent.record import digest_of
from benchmark_agent.sources.cards import Audit, DatasetCard
from benchmark_agent.sources.home import code_version, write_file
from benchmark_agent.store import read_record

Tell = Callable[[str], None]
_FACTS = ("id", "rows", "reader", "location", "digest")
"""What an edited card cannot change: these are facts of the data."""
_HEAD = (
    "# Written by benchmark-agent from the data below. Edit it: your card is used as long as the data stay the same.\n"
)


def card_folder(home: Path, dataset_id: str, place: str) -> Path:
    """Where the card of a dataset lies.

    Args:
        place: the data's own path, so that pools with a dataset of one name do not share a card.
    """
    return home / "cards" / f"{dataset_id}-{digest_of(place)[:8]}"


def version() -> str:
    """Digest of the code that writes cards and audits."""
    here = Path(__file__).parent
    return code_version(here, here.parent / "content.py", here.parent / "lexical.py", here.parent / "media.py")


class CardFile:
    """The card of one dataset, and its audits, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "card.yaml"

    def read(self, data: str, hints: Mapping[str, Any], write: Callable[[], DatasetCard], tell: Tell) -> DatasetCard:
        """The card a person edited, else the one written before by the same code, else a new one.

        Args:
            data: digest of the data. An edited card of other data is put aside as `card-<digest>.yaml`.
            hints: what the data's own files say; a change makes the card anew.
            write: makes the card.
            tell: hears what happened to an edited card.

        Raises:
            UserError: naming file and place, when an edited card does not read.
        """
        source = digest_of([data, version(), json.loads(json.dumps(hints, default=str, sort_keys=True))])
        kept = self._kept()
        edited = kept is not None and _hash(self.path.read_text(encoding="utf-8")) != kept["yaml"]
        if kept is not None and edited and kept["data"] == data:
            tell(f"the card {str(self.path)!r} was edited by hand and is used")
            return self._edited(kept)
        if kept is not None and not edited and kept["source"] == source:
            return DatasetCard.model_validate(kept["card"])
        if kept is not None and edited:
            aside = self.path.with_name(f"card-{kept['data']}.yaml")
            self.path.rename(aside)
            tell(
                f"the data changed since the card {str(self.path)!r} was edited; a new one is written, see {aside.name}"
            )
        return self._write(write(), data, source)

    def _write(self, card: DatasetCard, data: str, source: str) -> DatasetCard:
        text = _HEAD + yaml.safe_dump(card.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=110)
        write_file(self.path, text)
        about = {"yaml": _hash(text), "data": data, "source": source, "card": card.model_dump(mode="json")}
        write_file(self.folder / "written.json", json.dumps(about, ensure_ascii=False))
        return card

    def again(self) -> DatasetCard:
        """The card as `read` left it.

        Raises:
            UserError: when it is gone, or was edited into something that does not read.
        """
        kept = self._kept()
        if kept is None:
            raise UserError(f"the card {str(self.path)!r} was removed while the pool was in use; start again")
        edited = _hash(self.path.read_text(encoding="utf-8")) != kept["yaml"]
        return self._edited(kept) if edited else DatasetCard.model_validate(kept["card"])

    def _kept(self) -> dict[str, Any] | None:
        """What was noted when the card was written; None when there is no card."""
        try:
            kept: dict[str, Any] = json.loads((self.folder / "written.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return kept if self.path.is_file() else None

    def _edited(self, kept: dict[str, Any]) -> DatasetCard:
        card = read_record(self.path, DatasetCard)
        return card.model_copy(update={name: kept["card"][name] for name in _FACTS})

    def audit(self, card: DatasetCard, make: Callable[[], Audit]) -> Audit:
        """The audit of the data under this very card, made once."""
        path = self.folder / f"audit-{digest_of([card.fingerprint(), version()])}.json"
        try:
            return Audit.model_validate_json(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValidationError):
            found = make()
        write_file(path, found.model_dump_json())
        return found

    def languages(self, card: DatasetCard, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The language of every row under this very card, told once."""
        path = self.folder / f"languages-{digest_of([card.fingerprint(), version()])}.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(kept, list) and len(kept) == card.rows:
                return tuple(map(str, kept))
        except (FileNotFoundError, ValueError):
            pass
        found = make()
        write_file(path, json.dumps(found))
        return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
