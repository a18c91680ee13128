"""What cards and audits say of real data. Skipped where the data are not there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmark_agent.content import Boxes, Choices, Dialog, Items, Label
from benchmark_agent.media import MediaStore
from benchmark_agent.sources import Found, Row
from benchmark_agent.sources.audit import audit
from benchmark_agent.sources.cards import Audit, DatasetCard
from benchmark_agent.sources.infer import write_card
from benchmark_agent.sources.values import value_of

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the trial data are not in {DATA}")


class Rows:
    def __init__(self, rows: Sequence[Mapping[str, Any]], root: Path) -> None:
        self.rows, self.root = rows, root

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, ordinal: int) -> Row:
        return Row(ordinal, str(self.rows[ordinal].get("id", ordinal)), self.rows[ordinal])

    def __iter__(self) -> Iterator[Row]:
        return (self[i] for i in range(len(self)))


@cache
def general_bench(name: str) -> tuple[DatasetCard, Rows]:
    home = DATA / "general_bench" / "datasets"
    file = next(iter(sorted(home.glob(f"*/{name}/**/*.json"))))
    held = json.loads(file.read_text(encoding="utf-8"))
    for row in held["data"]:
        if "image_file" in row.get("input", {}):
            row["input"]["image_file"] = f"images/{row['input']['image_file']}"
    hints = {key: value for key, value in held.items() if key != "data"}
    for path in (DATA / "general_bench" / "dataset_cards").glob("*.json"):
        card = json.loads(path.read_text(encoding="utf-8"))
        if f"/{name}/" in card["raw_meta"]["source_json"]:
            hints |= card
    rows = Rows(held["data"], file.parent.parent if file.parent.name == "json" else file.parent)
    return write_card(name, Found(name, file.name, "general-bench", hints), rows), rows


@cache
def bbh(name: str) -> tuple[DatasetCard, Rows]:
    held = json.loads((DATA / "bbh" / f"{name}.json").read_text(encoding="utf-8"))
    rows = Rows(held["examples"], DATA / "bbh")
    return write_card(name, Found(name, f"{name}.json", "bbh", {}), rows), rows


def alarms(found: Audit) -> dict[str, int]:
    return {f.check: f.rows for f in found.findings if f.severity != "note"}


@pytest.mark.parametrize(
    ("name", "kind", "options", "expected"),
    [
        ("Document-Level-Causal-Reasoning", "free_text", "", {"none_of_the_above": 42, "truncated": 11}),
        ("Temporal-Reasoning", "accepted_list", "", {"near_duplicate_rows": 1, "accepted_at_odds": 4}),
        (
            "ArtImageVisualQuestionAnswering",
            "accepted_list",
            "",
            {"answer_says_nothing": 5, "skewed_answers": 0, "truncated": 1},
        ),
        ("BirdDetection", "boxes", "", {}),
        ("Causal-Reasoning", "letter", "input.options", {}),
        ("chemistry_vqa", "option_text", "input.question~options", {}),
        ("lung_nodule_diagnosis_vqa", "boolean", "input.question~options", {"noise_media": 94}),
        ("Natural-Language-Inference", "label", "input.prompt~options", {}),
        ("Dialogue-Relation-Extraction", "triple", "", {}),
        ("Multi-Turn-Daily-Dialogue-Generation", "free_text", "", {}),
    ],
)
def test_general_bench(name: str, kind: str, options: str, expected: dict[str, int]) -> None:
    card, rows = general_bench(name)
    assert (card.answer.kind, card.answer.options_field, card.languages) == (kind, options, ("en",))
    assert card.notes == (("the description says 200 of them; there are 40",) if name == "BirdDetection" else ())
    assert alarms(audit(card, rows)) == expected


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("causal_judgement", "boolean", {"contradicting_rows": 4}),
        ("date_understanding", "letter", {"options_shortcut": 0}),
        ("disambiguation_qa", "letter", {}),
        ("logical_deduction_three_objects", "letter", {}),
        ("movie_recommendation", "letter", {"answer_not_in_options": 1, "options_shortcut": 0}),
        ("multistep_arithmetic_two", "number", {}),
        ("object_counting", "number", {}),
        ("penguins_in_a_table", "letter", {}),
        ("snarks", "letter", {"missing_value": 1, "same_option_twice": 1, "duplicate_rows": 1}),
        ("temporal_sequences", "letter", {}),
        ("tracking_shuffled_objects_three_objects", "letter", {}),
        ("word_sorting", "free_text", {}),
    ],
)
def test_bbh(name: str, kind: str, expected: dict[str, int]) -> None:
    card, rows = bbh(name)
    assert card.answer.kind == kind
    assert alarms(audit(card, rows)) == expected
    assert not any("canary" in field.name for field in card.fields)


def test_spoken_digits() -> None:
    lines = (DATA / "spoken_digits" / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    rows = Rows([json.loads(line) for line in lines], DATA / "spoken_digits")
    card = write_card("spoken_digits", Found("spoken_digits", "spoken_digits", "audiofolder", {}), rows)
    assert {f.name: (f.role, f.type) for f in card.fields} == {
        "file_name": ("audio", "audio"),
        "digit": ("category", "label"),
        "speaker": ("category", "label"),
    }
    assert (card.modalities, card.languages, card.answer.field) == (("audio",), (), "digit")
    found = audit(card, rows)
    assert alarms(found) == {"answer_in_file_name": 200}
    assert (found.effective_rows, found.refused) == (200, "")


def test_every_row_that_may_be_used_reads_as_its_card_says(tmp_path: Path) -> None:
    names = ("Temporal-Reasoning", "Natural-Language-Inference", "Dialogue-Relation-Extraction")
    for card, rows in (*map(general_bench, names), bbh("movie_recommendation"), bbh("penguins_in_a_table")):
        unusable = set(audit(card, rows).unusable)
        fields = [f for f in card.fields if f.role in ("question", "options", "answer") and not f.missing]
        for row in rows:
            for field in fields if row.ordinal not in unusable else ():
                value = value_of(card, field, row, rows.root, MediaStore(tmp_path))
                assert value.type == field.type
                if isinstance(value, Choices) and card.answer.options_field == field.name:
                    assert value.answer is not None


def test_values_of_pictures_boxes_and_dialogs(tmp_path: Path) -> None:
    card, rows = general_bench("BirdDetection")
    store = MediaStore(tmp_path)
    for name, kind in (("input.image_file", "image"), ("output.text", "boxes")):
        field = card.field(name)
        assert field is not None
        value = value_of(card, field, rows[0], rows.root, store)
        assert value.type == kind
        if isinstance(value, Boxes):
            assert value.boxes[0].label == "bird"
            raw = rows[0].values["output"]["text"]["bird"][0]
            assert value.boxes[0].x1 == raw[0] + raw[2]
    card, rows = general_bench("Dialogue-Relation-Extraction")
    dialog, triples = card.field("input.raw_text~dialog"), card.field("output.text~triples")
    assert dialog is not None
    assert triples is not None
    said = value_of(card, dialog, rows[0], rows.root, store)
    assert isinstance(said, Dialog)
    assert said.turns[0].speaker == "Speaker 1"
    told = value_of(card, triples, rows[0], rows.root, store)
    assert isinstance(told, Items)
    assert all(item.count(" => ") == 2 for item in told.items)
    card, rows = general_bench("lung_nodule_diagnosis_vqa")
    answer = card.field(card.answer.field)
    assert answer is not None
    label = value_of(card, answer, rows[0], rows.root, store)
    assert isinstance(label, Label)
    assert label.vocabulary == ("yes", "no")
