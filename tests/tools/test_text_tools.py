"""Small text tools: whole sentences, turns with speakers, tables in Markdown."""

import pytest

from benchmark_agent.content import Dialog, Phrase, Table, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.text import TOOLS, sentences

TOOL = {tool.name: tool for tool in TOOLS}
PASSAGE = Phrase(text="One two three. Four five six seven! Eight nine?\nTen eleven.", name="passage")


def test_a_passage_is_cut_between_sentences() -> None:
    short = TOOL["truncate_passage"].run(PASSAGE, words=8)
    assert short == Phrase(text="One two three. Four five six seven!", name="passage")
    assert TOOL["truncate_passage"].run(PASSAGE, words=11) == PASSAGE


def test_a_first_sentence_that_is_too_long_is_refused() -> None:
    with pytest.raises(Unfit):
        TOOL["truncate_passage"].run(PASSAGE, words=2)


def test_sentences_of_scripts_without_spaces() -> None:
    assert sentences("今天下雨。我们在家！好吗？") == ["今天下雨。", "我们在家！", "好吗？"]


def test_a_dialog_is_written_a_turn_a_line() -> None:
    dialog = Dialog(turns=(Turn(speaker="Ann", text="Hi."), Turn(speaker="", text="A door closes.")), name="scene")
    assert TOOL["join_dialog"].run(dialog) == Phrase(text="Ann: Hi.\nA door closes.", name="scene")
    with pytest.raises(Unfit):
        TOOL["join_dialog"].run(Dialog(turns=()))


def test_a_table_is_written_in_markdown_with_its_name() -> None:
    table = Table(columns=("a", "b"), rows=(("x|y", 1.5), (None, 2)), name="Prices")
    text = "Prices\n\n| a | b |\n| --- | --- |\n| x\\|y | 1.5 |\n|  | 2 |"
    assert TOOL["table_to_text"].run(table) == Phrase(text=text, name="Prices")
    with pytest.raises(Unfit):
        TOOL["table_to_text"].run(Table(columns=("a",), rows=()))
