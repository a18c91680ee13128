"""Who said what in a conversation."""

from collections import Counter
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Dialog, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import options
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.text import dialog_text

_WORDS = range(4, 31)
"""Words a quoted turn may have."""


@construction(kinds=("choice",), signal="who says what in the conversation")
def who_said_it(dialog: Annotated[Dialog, "dialog", "context"], rng: Random) -> Composed:
    """Ask who said a line, who first brought up a word, or, among two speakers, what was answered to a line."""
    turns = [turn for turn in dialog.turns if turn.speaker.strip() and turn.text.strip()]
    speakers = list(dict.fromkeys(turn.speaker.strip() for turn in turns))
    if len(speakers) < 2 or len(turns) < 4:
        raise Unfit("a conversation of two speakers and four turns is needed")
    if len(speakers) == 2:
        return _reply(dialog, turns, rng)
    ways = [_speaker_of, _first_to_mention]
    rng.shuffle(ways)
    for way in ways:
        found = way(dialog, turns, speakers, rng)
        if found is not None:
            return found
    raise Unfit("no line of the conversation is one speaker's alone")


def _quotable(turns: list[Turn], speakers: list[str]) -> list[Turn]:
    """Turns of fair length that nobody else says and that name no speaker."""
    said = Counter(normal(turn.text) for turn in turns)
    return [
        turn
        for turn in turns
        if len(turn.text.split()) in _WORDS
        and said[normal(turn.text)] == 1
        and not any(speaker.casefold() in turn.text.casefold() for speaker in speakers if len(speaker) > 2)
    ]


def _asked(dialog: Dialog, question: str, gold: str, wrong: list[str], proof: str, rng: Random) -> Composed:
    return options.choice(
        question,
        options.option(gold),
        [options.option(text) for text in wrong],
        rng,
        basis="computed",
        proof=proof,
        input=(options.text_part(dialog_text(dialog)),),
    )


def _speaker_of(dialog: Dialog, turns: list[Turn], speakers: list[str], rng: Random) -> Composed | None:
    lines = _quotable(turns, speakers)
    if not lines:
        return None
    turn = rng.choice(lines)
    others = [speaker for speaker in speakers if speaker != turn.speaker.strip()]
    question = rng.choice((f"Who says “{turn.text}”?", f"Whose line is this: “{turn.text}”?"))
    wrong = rng.sample(others, min(3, len(others)))
    return _asked(dialog, question, turn.speaker.strip(), wrong, f"{turn.speaker}: {turn.text}", rng)


def _first_to_mention(dialog: Dialog, turns: list[Turn], speakers: list[str], rng: Random) -> Composed | None:
    """A word that two or more speakers use, asked of the one who used it first."""
    users: dict[str, list[Turn]] = {}
    for turn in turns:
        for word in dict.fromkeys(turn.text.casefold().split()):
            plain = word.strip(".,!?;:\"'“”‘’()")
            if len(plain) >= 5 and plain.isalpha() and terms(plain):
                users.setdefault(plain, []).append(turn)
    several = [word for word, said in users.items() if len({turn.speaker for turn in said}) >= 2]
    several = [word for word in several if not any(word in speaker.casefold() for speaker in speakers)]
    if not several:
        return None
    word = rng.choice(several)
    first = users[word][0]
    others = [speaker for speaker in speakers if speaker != first.speaker.strip()]
    wrong = rng.sample(others, min(3, len(others)))
    question = f"Who is the first to use the word “{word}” in this conversation?"
    return _asked(dialog, question, first.speaker.strip(), wrong, f"{first.speaker}: {first.text}", rng)


def _reply(dialog: Dialog, turns: list[Turn], rng: Random) -> Composed:
    """Which line follows a given one, directly and from the other speaker."""
    fine = {normal(turn.text) for turn in _quotable(turns, [])}
    places = [
        at
        for at in range(1, len(turns))
        if turns[at].speaker != turns[at - 1].speaker
        and normal(turns[at].text) in fine
        and normal(turns[at - 1].text) in fine
    ]
    rng.shuffle(places)
    for at in places:
        line, answer = turns[at - 1], turns[at]
        pool = [turn.text for turn in turns if turn not in (line, answer) and normal(turn.text) in fine]
        same = [turn.text for turn in turns if turn.text in pool and turn.speaker == answer.speaker]
        wrong = (same + [text for text in pool if text not in same])[:3]
        if len(wrong) < 2:
            continue
        question = f"What does {answer.speaker.strip()} say right after {line.speaker.strip()} says “{line.text}”?"
        return _asked(dialog, question, answer.text, wrong, f"{line.text} / {answer.text}", rng)
    raise Unfit("no two neighbouring lines are long enough and said once")


TOOLS = (who_said_it,)
