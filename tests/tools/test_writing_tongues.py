"""Which language short questions are in, held against the evidence they are asked of."""

import pytest

from benchmark_agent.tools.writing.tongues import item_strays

ENGLISH = (
    "The ferry left the quay at nine in the morning with forty people on board.\n"
    "Nobody on deck had seen the rock before the fog came down over the sound."
)
SPANISH = (
    "El barco salió del muelle a las nueve de la mañana con cuarenta personas, y nadie en la cubierta vio la roca."
)


@pytest.mark.parametrize(
    ("question", "options", "evidence", "code"),
    [
        ("Um wie viel Uhr ist die Fähre wirklich vom Kai abgefahren?", ("Um neun Uhr", "Um zehn Uhr"), ENGLISH, "de"),
        ("At what hour did the ferry leave the quay that morning?", ("At nine", "At ten"), SPANISH, "en"),
        ("Which of Ximena, Oskar, Nomsa and Dilnoza saw the rock?", ("Ximena", "Oskar", "Nomsa"), ENGLISH, ""),
        ("¿A qué hora salió el barco del muelle aquella mañana?", ("A las nueve", "A las diez"), SPANISH, ""),
        ("Wer sah es?", ("Uma", "Oskar"), ENGLISH, ""),
    ],
)
def test_a_short_question_in_another_language_is_noticed(
    question: str, options: tuple[str, ...], evidence: str, code: str
) -> None:
    said = item_strays(question, options, (), evidence)
    assert said == (f"it reads as {code!r}, which is not the language of the evidence" if code else "")
