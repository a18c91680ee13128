"""No item of a built benchmark says in text what only its picture or sound should tell."""

from pathlib import Path

import pytest

from benchmark_agent import build, load
from benchmark_agent.content import Modality, Text
from benchmark_agent.tools.sound.engines import missing_speech
from benchmark_agent.verification.types import Item
from benchmark_agent.wording import key, mentions

GOALS: dict[Modality, str] = {
    "image": "Read clocks and gauges in pictures",
    "audio": "Hear which number is said",
}


def told_without_media(item: Item) -> bool:
    """Whether the question and the texts of the input hold the gold, and no wrong option."""
    shown = key("\n".join([item.question, *(part.text for part in item.input if isinstance(part, Text))]))
    gold = item.options[ord(item.answer) - ord("A")] if item.options else item.answer
    wrong = [option for option in item.options if option != gold]
    return mentions(shown, key(gold)) and not any(mentions(shown, key(option)) for option in wrong)


@pytest.mark.parametrize("modality", GOALS)
def test_question_and_options_alone_do_not_hold_the_answer(modality: Modality, tmp_path: Path) -> None:
    if modality == "audio" and missing_speech():
        pytest.skip(missing_speech())
    size = 9 if modality == "image" else 3
    build(GOALS[modality], size=size, modalities=(modality,), out=tmp_path / "run")
    items = [item for item in load(tmp_path / "run") if item.answer_kind != "binary"]
    assert len(items) >= size / 2
    for item in items:
        assert any(part.type == modality for part in item.input)
        assert not told_without_media(item), item.question
        gold = item.options[ord(item.answer) - ord("A")] if item.options else item.answer
        assert told_without_media(item.model_copy(update={"question": f"{item.question} It is {gold}."}))
