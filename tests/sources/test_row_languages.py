"""Datasets in several languages: the rows of the wanted one serve, whatever share of the dataset they are."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmark_agent import plugins
from benchmark_agent.sources.languages import code_of, language_among
from benchmark_agent.sources.pool import Pool

TALES = {
    "en": "The {0} carried {1} baskets of apples up the hill and sold them to the miller before it rained.",
    "es": "El {0} llevó {1} cestas de manzanas a la colina y se las vendió al molinero antes de que lloviera.",
    "de": "Der {0} trug {1} Körbe mit Äpfeln den Hügel hinauf und verkaufte sie dem Müller, bevor es regnete.",
    "zh": "{0}先生把{1}篮苹果搬上山坡，在下雨之前全部卖给了磨坊主人，然后慢慢走回家去。",
}
QUESTIONS = {
    "en": "How many baskets did the {0} carry?",
    "es": "¿Cuántas cestas llevó el {0}?",
    "de": "Wie viele Körbe trug der {0}?",
    "zh": "{0}先生搬了几篮苹果？",
}
KEEPERS = ("Amaro", "Bruno", "Cidro", "Dario", "Elmo", "Fabio", "Guido", "Hugo", "Ivo", "Jano")


def rows(shares: dict[str, int], column: str = "") -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for code, count in shares.items():
        for n in range(count):
            name, crates = f"{KEEPERS[n % 10]}{n // 10 or ''}", n + 11
            row: dict[str, object] = {"context": TALES[code].format(name, crates), "answer": crates}
            row["question"] = QUESTIONS[code].format(name)
            made.append(row | ({column: {"en": "English", "es": "es-MX"}.get(code, code)} if column else {}))
    return [made[k * 7 % len(made)] for k in range(len(made))]


def pool_of(folder: Path, data: Sequence[dict[str, object]], home: Path) -> Pool:
    folder.mkdir(exist_ok=True)
    (folder / "tales.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in data))
    return Pool.open((str(folder),), tuple(plugins.load(third_party=False).readers), home=home)


@pytest.mark.parametrize("column", ["", "language"])
def test_only_rows_in_the_wanted_language_may_be_used(tmp_path: Path, column: str) -> None:
    data = rows({"en": 41, "es": 20, "de": 30, "zh": 12}, column)
    pool = pool_of(tmp_path / "data", data, tmp_path / "home")
    assert set(pool.card("tales").languages) == {"en", "es", "de", "zh"}
    whole = pool.audit("tales")
    for code, count in (("es", 20), ("zh", 12), ("de", 30)):
        found = pool.speaking((code,)).audit("tales")
        left = [data[row] for row in range(len(data)) if row not in set(found.unusable)]
        marks = {"es": "cestas", "zh": "篮", "de": "Körbe"}
        assert len(left) == count
        assert all(marks[code] in str(row["question"]) for row in left)
        assert found.effective_rows == pytest.approx(whole.effective_rows * count / len(data), abs=1)
        (said,) = (finding for finding in found.findings if finding.check == "other_language")
        assert said.message == f"{103 - count} of 103 rows are in other languages than {code}; left out"
    assert pool.speaking(()).audit("tales") == whole


def test_too_few_rows_in_the_language_are_a_reason_in_words(tmp_path: Path) -> None:
    pool = pool_of(tmp_path / "data", rows({"en": 33, "es": 4}, "lang"), tmp_path / "home")
    found = pool.speaking(("es",)).audit("tales")
    assert found.refused == "4 of its rows are in es; a dataset needs 5"


def test_languages_are_told_once_and_kept_beside_the_card(tmp_path: Path) -> None:
    pool = pool_of(tmp_path / "data", rows({"en": 30, "es": 30}), tmp_path / "home")
    first = pool.speaking(("es",)).audit("tales")
    (kept,) = pool.card_path("tales").parent.glob("languages-*.json")
    spoken = json.loads(kept.read_text())
    assert (spoken.count("es"), spoken.count("en")) == (30, 30)
    kept.write_text(json.dumps(["es"] * 60))
    assert pool.speaking(("es",)).audit("tales").unusable == ()
    kept.write_text("broken")
    assert Pool.reopen(pool.speaking(("es",)).spec).audit("tales") == first


@pytest.mark.parametrize(
    ("name", "code"),
    [("es", "es"), ("es-MX", "es"), ("pt_BR", "pt"), ("Spanish", "es"), ("Deutsch", "de"), ("js", ""), ("", "")],
)
def test_codes_tags_and_names_of_languages(name: str, code: str) -> None:
    assert code_of(name) == code


@pytest.mark.parametrize("code", TALES)
def test_one_sentence_is_enough_among_known_languages(code: str) -> None:
    assert language_among(TALES[code].format("Amaro", 3), tuple(TALES)) == code
    assert language_among("12 + 30", tuple(TALES)) == ""
