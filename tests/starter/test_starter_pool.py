"""The starter pool as a user gets it: how much there is, that it never changes, that its cards fit its rows."""

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmark_agent import starter
from benchmark_agent.content import Choices, Number
from benchmark_agent.errors import StageError
from benchmark_agent.seeds import rng
from benchmark_agent.sources.cards import Field
from benchmark_agent.starter.families import choices, family, near, square
from benchmark_agent.starter.makers import Maker, write

OURS = [maker for maker in starter.datasets() if not maker.card.name.startswith("drawn-")]
ASKED = [maker for maker in OURS if any(field.role == "question" for field in maker.card.fields)]
EVIDENCE = ("context", "code", "table", "second_table", "dialog")


@cache
def rows_of(name: str) -> list[dict[str, Any]]:
    maker = next(maker for maker in OURS if maker.card.name == name)
    return list(maker.rows(Path("unused")))


def by_name(makers: list[Maker]) -> Any:
    return pytest.mark.parametrize("name", [maker.card.name for maker in makers])


def test_there_is_enough_and_no_two_datasets_share_a_name() -> None:
    names = [maker.card.name for maker in starter.datasets()]
    assert len(set(names)) == len(names)
    assert len(OURS) >= 24
    assert sum(len(rows_of(maker.card.name)) for maker in OURS) >= 5_500
    assert {language for maker in OURS for language in maker.card.languages} >= {"en", "es", "fr", "de", "zh"}
    assert {field.type for maker in OURS for field in maker.card.fields} >= {
        "phrase", "number", "label", "choices", "items", "table", "dialog",
    }  # fmt: skip


def test_two_makes_are_the_same_bytes(tmp_path: Path) -> None:
    """Once here, and once in an interpreter that hashes strings in another order, in another zone and locale."""
    for maker in OURS:
        write(maker, tmp_path / "one")
    script = (
        "import sys; from pathlib import Path; from benchmark_agent import starter\n"
        "from benchmark_agent.starter.makers import write\n"
        "for maker in starter.datasets():\n"
        "    if not maker.card.name.startswith('drawn-'): write(maker, Path(sys.argv[1]))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "two")], check=True, env=environment)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) == 2 * len(OURS)
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_make_writes_every_dataset_as_a_folder_of_rows_and_a_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "datasets", lambda: tuple(OURS[:3]))
    starter.make(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(maker.card.name for maker in OURS[:3])
    for maker in OURS[:3]:
        lines = (tmp_path / maker.card.name / "data.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == rows_of(maker.card.name)


@by_name(OURS)
def test_the_card_says_what_the_rows_hold(name: str, tmp_path: Path) -> None:
    maker = next(maker for maker in OURS if maker.card.name == name)
    count = write(maker, tmp_path)
    card = yaml.safe_load((tmp_path / name / "card.yaml").read_text(encoding="utf-8"))
    fields = [Field.model_validate(entry) for entry in card["fields"]]
    rows = rows_of(name)
    assert count == len(rows) >= 100
    assert all(set(row) == {field.path for field in fields} for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert 2 <= card["description"].count(". ") + card["description"].count(": ") + 1 <= 6
    assert len(card["topics"]) >= 6
    for field in fields:
        found = [row[field.path] for row in rows if row[field.path] is not None]
        assert found, field.name
        kinds: dict[str, tuple[type, ...]] = {
            "number": (int, float), "table": (dict,), "choices": (list,), "items": (list,), "dialog": (list,),
        }  # fmt: skip
        assert all(isinstance(value, kinds.get(field.type, (str,))) for value in found), field.name
        if field.ordered:
            counted = Counter(found)
            assert {value.label: value.rows for value in field.vocabulary} == counted
        if field.type == "table":
            assert all(len(line) == len(value["columns"]) for value in found for line in value["rows"])


@by_name(ASKED)
def test_no_question_comes_twice_and_no_answer_is_a_safe_guess(name: str) -> None:
    rows = rows_of(name)
    asked = Counter((row["question"], *(str(row.get(part)) for part in EVIDENCE)) for row in rows)
    assert max(asked.values()) == 1
    commonest = Counter(str(row["answer"]) for row in rows).most_common(1)[0][1]
    bound = 0.34 if name == "logical-entailment" else 0.17
    assert commonest <= bound * len(rows)


@by_name([maker for maker in ASKED if maker.card.name != "logical-entailment"])
def test_the_answer_stands_once_among_distinct_options(name: str) -> None:
    at: Counter[int] = Counter()
    for row in rows_of(name):
        options = row["options"]
        folded = [option.casefold().strip() for option in options]
        assert len(set(folded)) == len(options) >= 2, row["id"]
        assert options.count(str(row["answer"])) == 1, row["id"]
        at[options.index(str(row["answer"]))] += 1
        assert Choices(options=tuple(options), answer=options.index(str(row["answer"])))
    assert max(at.values()) < 0.45 * sum(at.values()) or name == "small-machines"


@by_name(ASKED)
def test_text_is_clean(name: str) -> None:
    for row in rows_of(name):
        told = [row["question"], str(row.get("context", "")), *(turn["text"] for turn in row.get("dialog", []))]
        for text in told:
            assert "{" not in text or "code" in row, text
            assert "  " not in text, text
            assert " a a" not in text.replace(" a and", "") or "language" in row
            for wrong in (" a orange", " a umbrella", " a amber", " 1 hours", "one blocks", " ..", " ,", "None"):
                assert wrong not in text, text


def test_numbers_of_fact_tables_are_numbers() -> None:
    for name in ("countries", "airports", "chemical-elements", "public-holidays"):
        maker = next(maker for maker in OURS if maker.card.name == name)
        measures = [field for field in maker.card.fields if field.role == "measure"]
        assert measures
        for row in rows_of(name):
            for field in measures:
                if row[field.path] is not None:
                    assert Number(value=row[field.path], unit=field.unit, name=field.label)


def test_a_family_that_runs_dry_says_so() -> None:
    rows = family("dry", 3, lambda random, n: {"question": "Always the same?", "answer": str(random.random())})
    with pytest.raises(StageError, match=r"'dry' made 1 of 3 rows"):
        list(rows(Path("unused")))


def test_an_answer_takes_no_more_than_its_share() -> None:
    rows = family(
        "skewed", 20, lambda random, n: {"question": str(random.random()), "answer": random.choice("aaaab")}, share=0.5
    )
    assert Counter(row["answer"] for row in rows(Path("unused"))) == {"a": 10, "b": 10}


def test_options_of_a_square_are_each_one_mistake_from_two_others() -> None:
    options = square(rng("test"), 100, 130, lambda value: value + 1, str)
    assert sorted(options) == ["100", "101", "130", "131"]  # type: ignore[type-var, arg-type]
    assert square(rng("test"), 1, 1, lambda value: value + 1, str) == []
    assert choices(rng("test"), "a", ["a", "b", "b", "c"]) == []


def test_number_options_hold_the_answer_and_stay_above_the_bound() -> None:
    for k in range(200):
        options = near(rng("near", k), 2, [9, 2, -5], low=0)
        assert isinstance(options, list)
        assert "2" in options
        assert len(set(options)) == 4
        assert all(int(str(option)) >= 0 for option in options)


def test_the_version_follows_the_source() -> None:
    assert len(starter.VERSION) == 16
    assert starter._version() == starter.VERSION
