"""Constructions on real facts and on the public sets beside the checkout, judged against the source itself."""

from collections import Counter
from pathlib import Path
from random import Random

import periodictable
import pytest

from benchmark_agent.content import Composed, Dialog, Label, Number, Phrase
from benchmark_agent.errors import SourceError, Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS
from benchmark_agent.sources.values import value_of
from benchmark_agent.tools.constructions import TOOLS

BY_NAME = {tool.name: tool for tool in TOOLS}
DATA = Path(__file__).parents[2].parent / "shared" / "data"
ELEMENTS = {e.name.capitalize(): e for e in periodictable.elements if e.number > 0 and e.density}


def element(name: str, field: str) -> Phrase | Number:
    if field == "symbol":
        return Phrase(text=ELEMENTS[name].symbol, name="chemical symbol")
    return Number(value=round(ELEMENTS[name].density, 4), unit="g/cm3", name="density")


def items(tool_name: str, field: str, count: int = 40) -> list[Composed]:
    tool = BY_NAME[tool_name]
    key = "measure" if any(param.name == "measure" for param in tool.params) else "attribute"
    found = []
    for seed in range(count):
        random = Random(seed)
        own, *others = random.sample(sorted(ELEMENTS), tool.companions + 1)
        try:
            item = tool.run(
                **{
                    "entity": Phrase(text=own, name="element"),
                    "entities": tuple(Phrase(text=other, name="element") for other in others),
                    key: element(own, field),
                    f"{key}s": tuple(element(other, field) for other in others),
                    "rng": random,
                }
            )
        except Unfit:
            continue
        found.append(item)
    assert len(found) > count // 2
    return found


def test_no_wrong_option_is_true_of_its_element() -> None:
    symbols = {e.symbol: name for name, e in ELEMENTS.items()}
    for item in items("reverse_lookup", "symbol"):
        asked = next(name for symbol, name in symbols.items() if f" {symbol} " in item.question.replace("?", " "))
        assert item.answer == asked
        assert asked not in set(item.options) - {item.answer}
    for item in items("lookup_record", "symbol"):
        assert symbols[item.answer] in item.question
        assert not any(symbols[option] in item.question.split() for option in item.options if option != item.answer)


def test_extremes_are_the_packages_own() -> None:
    for item in items("recall_extreme", "density"):
        best = max if "highest" in item.question else min
        assert item.answer == best(item.options, key=lambda name: ELEMENTS[name].density)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    if not (DATA / "general_bench").exists():
        pytest.skip(f"the public sets are not at {DATA}")
    paths = [str(DATA / "general_bench"), str(DATA / "bbh")]
    return Pool.open(paths, READERS, home=tmp_path_factory.mktemp("home"))


def column(pool: Pool, dataset: str, name: str, media: Path, count: int = 40) -> list[object]:
    found = pool.dataset(dataset)
    field = found.card.field(name)
    assert field is not None
    values: list[object] = []
    for ordinal in range(min(count, len(found.rows))):
        try:
            values.append(value_of(found.card, field, found.rows[ordinal], found.rows.root, MediaStore(media)))
        except SourceError:
            values.append(None)
    return values


def test_inference_pairs_become_choices_among_the_three_labels(pool: Pool, tmp_path: Path) -> None:
    texts = column(pool, "natural-language-inference", "input.raw_text", tmp_path)
    labels = column(pool, "natural-language-inference", "output.category", tmp_path)
    golds: Counter[str] = Counter()
    for text, label in zip(texts, labels, strict=True):
        assert isinstance(text, Phrase)
        assert isinstance(label, Label)
        item = BY_NAME["label_to_choice"].run(text=text, label=label, rng=Random(0))
        assert set(item.options) == {"entailment", "neutral", "contradiction"}
        assert item.answer == label.text
        golds[item.answer] += 1
    assert len(golds) == 3


def test_lines_of_real_conversations_are_asked_of_those_who_say_them(pool: Pool, tmp_path: Path) -> None:
    made = 0
    for dialog in column(pool, "dialogue-relation-extraction", "input.raw_text~dialog", tmp_path):
        if not isinstance(dialog, Dialog):
            continue
        try:
            item = BY_NAME["who_said_it"].run(dialog=dialog, rng=Random(1))
        except Unfit:
            continue
        made += 1
        if item.question.startswith(("Who says", "Whose line")):
            line = item.question.split("“")[1].split("”")[0]
            assert [turn.speaker for turn in dialog.turns if turn.text == line] == [item.answer]
    assert made > 15
