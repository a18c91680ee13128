"""The three trial pools, each alone and all together with each other."""

from pathlib import Path

import pytest

from benchmark_agent.media import inside
from benchmark_agent.sources.media_paths import media_values
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS

DATA = Path(__file__).parents[2].parent / "shared" / "data"
EXPECTED = {
    "general_bench": {
        "art-image-visual-question-answering": 60,
        "bird-detection": 40,
        "causal-reasoning": 200,
        "chemistry-vqa": 44,
        "dialogue-relation-extraction": 200,
        "document-level-causal-reasoning": 226,
        "lung-nodule-diagnosis-vqa": 120,
        "multi-turn-daily-dialogue-generation": 222,
        "natural-language-inference": 196,
        "temporal-reasoning": 204,
    },
    "bbh": {
        "causal-judgement": 187,
        "date-understanding": 250,
        "disambiguation-qa": 250,
        "logical-deduction-three-objects": 250,
        "movie-recommendation": 250,
        "multistep-arithmetic-two": 250,
        "object-counting": 250,
        "penguins-in-a-table": 146,
        "snarks": 178,
        "temporal-sequences": 250,
        "tracking-shuffled-objects-three-objects": 250,
        "word-sorting": 250,
    },
    "spoken_digits": {"spoken-digits": 200},
}
READER = {"general_bench": "general-bench", "bbh": "bbh", "spoken_digits": "audio-folder"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the trial data beside the repository are missing")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_pool_alone(name: str) -> None:
    pool = Pool.open([str(DATA / name)], READERS)
    assert {card.id: card.rows for card in pool.cards} == EXPECTED[name]
    assert {card.reader for card in pool.cards} == {READER[name]}
    assert pool.problems == ()
    assert [pool.skipped(card.id) for card in pool.cards] == [()] * len(pool.cards)


def test_all_together_every_row_reads_and_every_medium_is_there() -> None:
    pool = Pool.open([str(DATA / name) for name in sorted(EXPECTED)], READERS)
    assert len(pool.cards) == 23
    media = 0
    for entry in pool.spec.entries:
        for row in entry.rows:
            for value in media_values(row.values):
                assert inside(entry.rows.root, value).is_file()
                media += 1
    assert media == 60 + 40 + 44 + 120 + 200


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("questions about chemistry pictures", "chemistry-vqa"),
        ("find the birds in photographs", "bird-detection"),
        ("recognise spoken digits", "spoken-digits"),
        ("relations between people in a dialogue", "dialogue-relation-extraction"),
        ("temporal reasoning in conversations", "temporal-reasoning"),
    ],
)
def test_a_goal_finds_its_dataset(goal: str, expected: str) -> None:
    pool = Pool.open([str(DATA / name) for name in sorted(EXPECTED)], READERS)
    assert pool.search(goal)[0][0].id == expected
