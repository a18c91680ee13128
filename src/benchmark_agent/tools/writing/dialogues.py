"""Conversations and testimonies made of a text, a record or a table."""

import re
from collections import Counter
from random import Random

from pydantic import Field

from benchmark_agent import prompts
from benchmark_agent.content import Composed, Dialog, Text, Turn
from benchmark_agent.errors import DECLINED, ToolError, Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.record import Record
from benchmark_agent.tools import Given, Pen, construction, tool
from benchmark_agent.tools.constructions.options import choice, option
from benchmark_agent.tools.text import sentences
from benchmark_agent.tools.writing import facts, mending, tongues
from benchmark_agent.tools.writing.shown import media_of, notes, shown
from benchmark_agent.tools.writing.trying import brief_for, naming
from benchmark_agent.wording import key, plain, words

SPEAKERS = range(2, 6)
MOST_TURNS = 30
_SMALL = 12
"""Numbers up to this one turn up in talk without stating a fact."""
_LEAST_SHARE = 0.15
"""Of the letters of a conversation, 0-1, that each language it is in must have."""
_SENTENCE = re.compile(r"(?<=[.?!;:…])\s+")
"""Between sentences: people change language from one to the next, within a line."""
_MOST_OTHER = 0.3
"""Of its letters, 0-1, in lines that seem to be in another language: lines in two are often taken for a third."""


class Line(Record):
    speaker: str
    text: str


class WrittenDialogue(Record):
    lines: tuple[Line, ...] = ()


@tool()
def write_dialogue(
    source: tuple[Given, ...],
    pen: Pen,
    background: tuple[Given, ...] = (),
    *,
    style: str = "conversation",
    speakers: int = 3,
    turns: int = 10,
    languages: str = "",
) -> Dialog:
    """Turn a text, record, table or talk into what 2 to 5 `speakers` say, in one language or mixed in several
    (`languages`: codes such as "en,es"; empty: the source's own): a "conversation" of about so many `turns`, or the
    accounts of "witnesses" of one event, a turn each, that differ in details. Its facts are the source's.

    Raises:
        Unfit: an argument is out of range, or there is nothing to talk about.
        ToolError: what was written is not such a conversation.
    """
    if style not in ("conversation", "witnesses") or speakers not in SPEAKERS:
        raise Unfit(f"{speakers} speakers in the style {style!r}: there are 2 to 5, 'conversation' and 'witnesses'")
    said = shown(source)
    codes = tongues.codes(languages)
    written = pen.ask(
        prompts.load("tools/write_dialogue"),
        WrittenDialogue,
        (*said.media, *media_of(background)),
        brief=brief_for(pen.brief, "write_dialogue"),
        source=said.text,
        background=notes(background),
        style=style,
        speakers=speakers,
        turns=min(max(turns, speakers), MOST_TURNS),
        languages=codes,
    )
    made = tuple(
        Turn(speaker=mending.plainly(line.speaker).rstrip(":"), text=_said(line))
        for line in written.lines
        if words(line.text) and words(line.speaker)
    )
    with naming("write_dialogue"):
        _conversation(made, style, speakers)
        _in_languages(made, codes, said.text)
        if style == "conversation" and not said.media:
            _keeps_facts(made, f"{said.text}\n{notes(background)}")
    return Dialog(turns=made, name="accounts" if style == "witnesses" else "conversation")


def _said(line: Line) -> str:
    """What is said, without the speaker's name before it."""
    text = mending.plainly(line.text)
    name = mending.plainly(line.speaker).rstrip(":")
    return text[len(name) + 1 :].strip() if text.casefold().startswith(f"{name.casefold()}:") else text


def _conversation(turns: tuple[Turn, ...], style: str, speakers: int) -> None:
    voices = Counter(turn.speaker for turn in turns)
    if len(voices) != speakers:
        raise ToolError(f"{len(voices)} speakers say something; there must be {speakers}: {', '.join(voices)}")
    if style == "witnesses" and len(turns) != speakers:
        raise ToolError(f"{speakers} witnesses gave {len(turns)} accounts; each gives one, in one line")
    if style == "conversation" and (len(turns) < 2 * speakers or min(voices.values()) < 2):
        raise ToolError(f"{len(turns)} turns are too few for {speakers} speakers; everybody speaks at least twice")
    if len({key(turn.text) for turn in turns}) < len(turns):
        raise ToolError("a line is said twice, word for word; let every line say something new")


def _in_languages(turns: tuple[Turn, ...], codes: tuple[str, ...], source: str) -> None:
    """Raises ToolError when a language that was asked for is hardly spoken, or another one is; where none was asked
    for, the source's is."""
    if not codes:
        if stray := tongues.strays(" ".join(turn.text for turn in turns), (), source):
            raise ToolError(f"the lines cannot be used: {stray}")
        return
    heard: Counter[str] = Counter()
    foreign = 0
    for turn in turns:
        for sentence in _SENTENCE.split(turn.text):
            heard[tongues.nearest(sentence, codes)] += tongues.letters(sentence)
        if not any(tongues.may_be(turn.text, code) for code in codes):
            foreign += tongues.letters(turn.text)
    if foreign > _MOST_OTHER * heard.total():
        raise ToolError(f"much of it is in none of the languages {', '.join(codes)}; write it in these alone")
    for code in codes:
        if heard[code] < _LEAST_SHARE * heard.total():
            raise ToolError(f"hardly anything is said in {code!r}; each of {', '.join(codes)} needs whole sentences")


def _keeps_facts(turns: tuple[Turn, ...], source: str) -> None:
    """Raises ToolError when a number is said that the source has not."""
    held = facts.numbers_in(source)
    talk = "\n".join(turn.text for turn in turns)
    invented = sorted(figure for figure in facts.figures(talk) if figure > _SMALL and figure not in held)
    if invented:
        raise ToolError(f"these numbers are not in the source: {', '.join(f'{n:g}' for n in invented)}; leave them out")


class Testimony(Record):
    """Fields in the order they are thought out."""

    why_not: str = Field("", description="only where the source tells of no event with such a detail: why")
    fits: bool = True
    gold: str = Field("", description="what really happened on the one detail, by the source")
    answer: str = ""
    mistaken: str = Field("", description="what the mistaken witnesses believe instead")
    other_wrong: tuple[str, ...] = ()
    question: str = ""
    accounts: tuple[Line, ...] = ()


PARTS = ("right", "mistaken", "otherwise", "silent")
"""What a witness may say of the detail that is asked for: `otherwise` is another mistake."""


@construction(kinds=("choice",), signal="what several witnesses say, and what each was able to perceive")
def ask_witnesses(
    source: tuple[Given, ...],
    pen: Pen,
    rng: Random,
    background: tuple[Given, ...] = (),
    *,
    witnesses: int = 4,
) -> Composed:
    """Let 3 to 5 `witnesses` tell the event of a text, each from a place of their own: some are right about one
    detail, some are mistaken and their account shows why, one does not know. Ask what really happened. Only the
    accounts are shown, not the source.

    Who is right is drawn before anything is written, and checked in the accounts.

    Raises:
        Unfit: the source tells of no such event.
        ToolError: the accounts are not as drawn.
    """
    if witnesses not in range(3, 6):
        raise Unfit(f"there are 3 to 5 witnesses, not {witnesses}")
    told, brief = shown(source), brief_for(pen.brief, "ask_witnesses")
    drawn = _drawn(witnesses, rng)
    written = pen.ask(
        prompts.load("tools/ask_witnesses"),
        Testimony,
        (*told.media, *media_of(background)),
        brief=brief,
        source=told.text,
        background=notes(background),
        drawn=drawn,
        languages=brief.languages,
    )
    if brief.adapt and not written.fits:
        raise Unfit(f"{DECLINED}: {written.why_not or 'no reason given'}")
    [[answer], wrong] = mending.options_of(written.answer, (), (written.mistaken, *written.other_wrong[:2]))
    mending.is_answer_of(written.gold, answer, wrong)
    accounts = _accounts(written, drawn, dict(zip(PARTS, (answer, *wrong[:2]), strict=False)))
    question = mending.question_of(written.question, "\n".join(accounts), [answer, *wrong])
    if stray := tongues.strays(" ".join((*accounts, question)), brief.languages, told.text):
        raise ToolError(f"the accounts cannot be used: {stray}")
    parts = tuple(Text(text=account) for account in accounts)
    who = {part: ", ".join(str(n) for n, each in enumerate(drawn, 1) if each == part) or "none" for part in PARTS}
    return choice(
        question,
        option(answer),
        [option(text) for text in wrong],
        rng,
        basis="written",
        proof=f"{plain(written.gold)} Right: witness {who['right']}; mistaken ({wrong[0]}): {who['mistaken']}; "
        f"mistaken otherwise ({wrong[1]}): {who['otherwise']}",
        input=parts,
    )


def _drawn(witnesses: int, rng: Random) -> tuple[str, ...]:
    """The part of each witness: one voice for each version told, so that counting voices does not tell; three versions
    where there are witnesses enough, since with two every second guess is right; the others silent."""
    versions = PARTS[: min(witnesses - 1, 3)]
    parts = [*versions, *["silent"] * (witnesses - len(versions))]
    rng.shuffle(parts)
    return tuple(parts)


def _accounts(written: Testimony, drawn: tuple[str, ...], versions: dict[str, str]) -> list[str]:
    """The accounts under their headings, each saying of the detail what was drawn for it.

    Raises:
        ToolError: when one does not.
    """
    lines = [line for line in written.accounts if words(line.text)]
    if len(lines) != len(drawn):
        raise ToolError(f"{len(drawn)} accounts are needed and there are {len(lines)}")
    if len({key(line.speaker) for line in lines}) < len(lines):
        raise ToolError("two witnesses have the same name")
    for number, (line, part) in enumerate(zip(lines, drawn, strict=True), 1):
        if part == "silent":
            _is_silent(number, line.text, written.gold, [versions[each] for each in drawn if each in versions])
        else:
            _says(number, line.text, part, versions)
    return [f"{mending.plainly(line.speaker).rstrip(':')}\n\n{_said(line)}" for line in lines]


def _telling(text: str, other: str) -> set[str]:
    """Terms that one answer has and the other has not."""
    return set(terms(text)) - set(terms(other))


def _says(number: int, account: str, part: str, versions: dict[str, str]) -> None:
    """Raises ToolError when the account has nothing of what tells its version from one of the others."""
    said = set(terms(account))
    tellings = [_telling(versions[part], text) for each, text in versions.items() if each != part]
    if any(marks and not marks & said for marks in tellings):
        raise ToolError(f"witness {number} must say {versions[part]!r} of the detail and does not; use these words")


def _is_silent(number: int, account: str, gold: str, versions: list[str]) -> None:
    """Raises ToolError when a sentence of the account tells one of the versions: says it, and most of what the gold
    holds besides. A place or a name alone may be needed to rule it out."""
    for sentence in sentences(account):
        said = set(terms(sentence))
        for version in versions:
            besides = set(terms(gold)).difference(*map(terms, versions))
            if _spoken(version) in _spoken(sentence) and 2 * len(besides & said) > len(besides):
                raise ToolError(f"witness {number} must not tell the detail and says {version!r} of it; leave that out")


def _spoken(text: str) -> str:
    return f" {' '.join(words(key(text)))} "


TOOLS = (write_dialogue, ask_witnesses)
