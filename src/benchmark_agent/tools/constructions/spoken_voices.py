"""Constructions on how something is said, not what: whose voice, which language, what is heard behind it."""

from random import Random

from benchmark_agent.content import Composed, Part, Text
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.sources.languages import language_among, language_of
from benchmark_agent.tools import Media, construction
from benchmark_agent.tools.constructions.spoken_parts import (
    Script,
    choice_by_ear,
    language_in,
    read_by_someone,
    read_line,
    some_lines,
    spoken_lines,
)
from benchmark_agent.tools.sound import noise
from benchmark_agent.tools.sound.engines import missing_speech, spoken_languages
from benchmark_agent.tools.sound.takes import USUAL, cast_of, confusable, keep, told

VOICES = 4
LANGUAGES = {
    "en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "ru": "Russian", "hi": "Hindi", "ja": "Japanese", "zh": "Chinese", "ko": "Korean",
    "ar": "Arabic", "tr": "Turkish", "sv": "Swedish", "cs": "Czech", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip
BEHIND = {
    "babble": "Several people who talk at once",
    "white": "A steady hiss",
    "hum": "A low electric hum",
    "tones": "Beeps of different pitch",
}
"""What each kind of noise sounds like to who does not know how it was made."""
LOUD = 8.0
"""Decibels of speech to what is heard behind it."""


def missing_languages() -> str:
    """What is needed to speak three languages, without which a choice among them says little."""
    able = spoken_languages()
    if len(able) >= 3 or not able:
        return missing_speech()
    return (
        f"speech in three languages is needed, and the engines here speak {', '.join(able)}: install the program "
        "'espeak-ng' for Spanish and German, or set BENCHMARK_AGENT_KOKORO_URL to the address of a Kokoro server"
    )


@construction(kinds=("choice",), signal="whose voice is heard", shows="audio", missing=missing_speech)
def hear_same_voice(text: Script, rng: Random, media: Media) -> Composed:
    """Have one of four people read a line, then each of the four another one, and ask whose voice the first was."""
    lines = some_lines(spoken_lines(text), rng, range(VOICES + 1, VOICES + 2))
    rng.shuffle(lines)
    voices = list(cast_of(language_in(text), VOICES))
    rng.shuffle(voices)
    at = rng.randrange(VOICES)
    takes = [read_line(line, voice, rng) for line, voice in zip(lines, (voices[at], *voices), strict=True)]
    if close := confusable([said for take in takes for said in take.making.said]):
        raise ToolError(f"the voices {close[0]!r} and {close[1]!r} came out too alike to be told apart")
    titles = ("First recording:", *(f"Recording {n}:" for n in range(1, VOICES + 1)))
    shown: list[Part] = []
    for title, take in zip(titles, takes, strict=True):
        shown += [Text(text=title), keep(take, media)]
    options = tuple(f"Recording {n}" for n in range(1, VOICES + 1))
    return Composed(
        input=tuple(shown),
        question="In which of the numbered recordings does the person of the first recording speak?",
        answer_kind="choice",
        options=options,
        answer=options[at],
        fixed_order=True,
        gold_basis="computed",
        evidence=tuple(range(1, len(shown), 2)),
        proof=f"the first recording and {options[at]} were given to one voice, the others to other voices",
        alt=tuple(told(take.making) for take in takes),
    )


@construction(kinds=("choice",), signal="the language that is spoken", shows="audio", missing=missing_languages)
def hear_language(text: Script, rng: Random, media: Media) -> Composed:
    """Speak a sentence in its own language and ask which language it is."""
    whole = text.text if text.type == "phrase" else " ".join(turn.text for turn in text.turns)
    able = [code for code in spoken_languages() if code in LANGUAGES]
    code = language_of(whole) or language_among(whole, sorted({*able, *USUAL}))
    if code not in able:
        raise Unfit(f"the language of the text is not certain, or not spoken here: {', '.join(able)} are")
    lines = spoken_lines(text)
    if not lines:
        raise Unfit("no sentence of the text can be spoken")
    take = read_by_someone(rng.choice(lines), code, rng)
    others = rng.sample([LANGUAGES[other] for other in able if other != code], min(3, len(able) - 1))
    question = "Which language is spoken in the recording?"
    proof = f"a sentence of a text in {LANGUAGES[code]} was spoken by a voice for it"
    return choice_by_ear(question, LANGUAGES[code], others, (keep(take, media),), proof, (told(take.making),), rng)


@construction(kinds=("choice",), signal="what is heard behind the speaker", shows="audio", missing=missing_speech)
def hear_background(text: Script, rng: Random, media: Media) -> Composed:
    """Speak a sentence over people who talk, a hiss, a hum or beeps, and ask what is heard behind the speaker."""
    lines = spoken_lines(text)
    if not lines:
        raise Unfit("no sentence of the text can be spoken")
    scene = rng.choice(list(BEHIND))
    take = noise.mixed(read_by_someone(rng.choice(lines), language_in(text), rng), scene, LOUD, rng)
    question = "What is heard behind the person who speaks?"
    proof = f"{scene} noise was mixed in at {LOUD:g} dB"
    return choice_by_ear(
        question,
        BEHIND[scene],
        [name for other, name in BEHIND.items() if other != scene],
        (keep(take, media),),
        proof,
        (told(take.making),),
        rng,
    )


TOOLS = (hear_same_voice, hear_language, hear_background)
