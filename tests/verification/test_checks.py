"""Planted defects at three levels of subtlety are caught by the check they belong to; sound items pass them all."""

import hashlib
import io
import time

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from benchmark_agent.answers import AnswerKey
from benchmark_agent.content import Audio, Composed, Image, Part, Text
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import MediaError
from benchmark_agent.evaluation.scorers import SCORERS
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.checks import CHECKS
from benchmark_agent.verification.types import CheckContext

BY_KIND = {scorer.name: scorer for scorer in SCORERS}


def composed(**given: object) -> Composed:
    base: dict[str, object] = {"question": "Which metal melts first?", "answer_kind": "choice", "gold_basis": "source"}
    return Composed.model_validate(base | given)


def failures(
    body: Composed,
    files: dict[str, bytes] | None = None,
    languages: tuple[str, ...] = ("en",),
    requires: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
) -> set[str]:
    """Names of the checks the item fails."""
    subtask = Subtask.model_validate(
        {
            "id": "s", "name": "s", "description": "d", "capability": "c", "answer_kinds": (body.answer_kind,),
            "modalities": ("text", "image", "audio"), "requires": requires, "target_signal": "t",
            "constructions": ("c",), "skill_in": "data", "weight": 1,
        }
    )  # fmt: skip
    wanted = body.answer.split("\n") if body.answer_kind == "multi_choice" else [body.answer]
    letters = "".join(chr(65 + i) for i, option in enumerate(body.options) if option in wanted)
    lettered = body.answer_kind in ("choice", "multi_choice")
    answer_key = AnswerKey(
        answer_kind=body.answer_kind,
        options=body.options,
        answer=letters[:1] if body.answer_kind == "choice" else letters if lettered else body.answer,
        accepted=body.accepted,
    )

    def read(part: Part) -> bytes:
        if isinstance(part, Text) or part.path not in (files or {}):
            raise MediaError("there is no such file")
        return (files or {})[part.path]

    context = CheckContext(subtask, answer_key, BY_KIND[body.answer_kind], read, languages)
    draft = Draft(job_id="j", subtask_id="s", body=body, rows=(), trace=(), names=names)
    return {result.check for check in CHECKS if not (result := check(draft, context)).passed}


METALS = ("tin", "lead", "zinc", "iron")
STORY = Text(text="The caravan left Ostra at noon. Mirel carried the copper lamp, and Jon carried the silver bell.")
SPAN = composed(
    question="What did Mirel carry?", answer_kind="span", answer="the copper lamp", input=(STORY,), evidence=(0,)
)

FRENCH = "La caravane a quitté la ville à midi. Mirel portait la lampe de cuivre, et Jean portait la cloche."

SOUND = [
    composed(options=METALS, answer="tin"),
    composed(options=METALS[:2], answer="lead"),
    composed(question="Is 91 a prime number?", answer_kind="binary", answer="no"),
    composed(
        question="Does the bell ring before the lamp is lit?", answer_kind="binary", options=("Yes", "No"), answer="Yes"
    ),
    composed(question="Which of the points on the map lies farthest north?", options=("A", "B", "C", "D"), answer="C"),
    composed(
        question="Was the first or the second train late?",
        options=("the first", "the second", "both", "neither"),
        answer="both",
    ),
    composed(question="What is 12 + 30?", options=("42", "41", "43", "52"), answer="42"),
    composed(question="What is 12 + 30?", answer_kind="number", answer="42"),
    composed(
        question="How far is it from Ostra to the pass?", options=("12 km", "15 km", "21 km", "120 km"), answer="15 km"
    ),
    composed(
        question="Which interval holds every solution of x^2 < 1?",
        options=("(-1, 1)", "[-1, 1]", "(0, 1)", "[0, 1)"),
        answer="(-1, 1)",
    ),
    composed(question="Simplify \\frac{6}{8}.", options=("3/4", "6/8", "2/3", "4/3"), answer="3/4"),
    composed(
        question="What is the derivative of $x^{2}$ with respect to $x$?", options=("2x", "x", "x²", "2"), answer="2x"
    ),
    composed(question="What does `print({}.get('a'))` print?", options=("None", "{}", "a", "0"), answer="None"),
    composed(
        question="What does the program print?\n```\nx = 'Ab'\nprint(x.lower())\n```",
        options=("ab", "Ab", "AB", "aB"),
        option_values=("ab", "Ab", "AB", "aB"),
        answer="ab",
    ),
    composed(question="Which genotype shows the recessive trait?", options=("TT", "Tt", "tt"), answer="tt"),
    composed(question="Which symbol stands for cobalt?", options=("Co", "CO", "Cu", "C"), answer="Co"),
    composed(
        question="Who is older, Mirel or Jon?",
        answer_kind="span",
        answer="Jon",
        input=(STORY,),
        evidence=(0,),
        gold_basis="computed",
    ),
    composed(
        question="Classify the mood of the letter: happy, unhappy or angry.",
        answer_kind="label",
        options=("happy", "unhappy", "angry"),
        answer="unhappy",
        input=(Text(text="All my plans have come to nothing, and I sit here alone."),),
        evidence=(0,),
    ),
    composed(question="下面哪座城市是中国的首都?", options=("北京", "上海", "广州", "深圳"), answer="北京"),
    composed(
        question="Which of these are prime?", answer_kind="multi_choice", options=("2", "9", "11", "15"), answer="2\n11"
    ),
    composed(
        question="In the dialogue, who asks for the bill?",
        options=("Ana", "Bo", "the waiter"),
        answer="Bo",
        input=(Text(text="Ana: Lovely soup.\nBo: Could we have the bill?\nWaiter: At once."),),
        evidence=(0,),
    ),
    composed(
        question="Which element has the symbol Fe?",
        options=("Iron", "Fluorine", "None of these", "Francium"),
        answer="Iron",
    ),
    composed(
        question="Who was late?",
        options=("The nurse was late for work", "The doctor was late for work", "Ambiguous"),
        answer="Ambiguous",
    ),
    composed(question="Complete: the opposite of hot is", options=("cold", "warm", "mild"), answer="cold"),
    composed(
        question='What does "bank" mean in "the bank of the river"?',
        options=("edge", "money house", "slope"),
        answer="edge",
    ),
    composed(
        question="What is the time in Ostra when it is 7 pm in Lund?",
        options=("8 pm", "6 pm", "9 pm", "7 am"),
        answer="8 pm",
    ),
    composed(
        question="On which date did the caravan arrive?",
        options=("03/04/2021", "04/03/2021", "03/05/2021"),
        answer="03/04/2021",
    ),
    composed(question="Who of Ann, Bo and Cy was late?", answer_kind="span", answer="Ann"),
    composed(
        question="Which image does not belong?",
        options=("Image 1", "Image 2"),
        answer="Image 1",
        input=(Text(text="Image 1:"), Text(text="a cat"), Text(text="Image 2:"), Text(text="a cart")),
        evidence=(1, 3),
    ),
    composed(question="Which vitamin is it?", answer_kind="span", answer="vitamin A"),
    composed(question="What does Bo reply?", answer_kind="span", answer="I'm sorry. Let us go home."),
    composed(question="Which land borders Guinea-Bissau?", options=("Mali", "Guinea", "Togo"), answer="Guinea"),
    composed(question="Which lamps burn?", answer_kind="span", answer="none of them", input=(STORY,), evidence=(0,)),
    SPAN,
]


@pytest.mark.parametrize("body", SOUND, ids=lambda body: body.question[:30])
def test_sound_items_pass_every_check(body: Composed) -> None:
    languages = ("en", "zh")
    assert failures(body, languages=languages) == set()


PLANTED = [
    # options that read the same
    ("options_unique", composed(options=("tin", "tin", "zinc"), answer="zinc")),
    ("options_unique", composed(options=("iron ore", "Iron Ore.", "zinc"), answer="zinc")),
    ("options_unique", composed(options=("tin", "tin\u200b", "zinc"), answer="zinc")),
    ("options_unique", composed(options=("iron ore", "iron\u00a0ore", "zinc"), answer="zinc")),
    ("options_unique", composed(options=("iron", "ir\u043en", "zinc"), answer="zinc")),
    ("options_unique", composed(options=("5", "5.0", "7"), answer="7")),
    ("options_unique", composed(options=("ｔｉｎ ore", "tin ore", "zinc"), answer="zinc")),
    # two right options
    ("one_right_option", composed(options=("12", "exactly 12", "14"), answer="12")),
    ("one_right_option", composed(options=("12", "twelve", "14"), answer="12")),
    ("one_right_option", composed(options=("5 March 2021", "2021-03-05", "7 March 2021"), answer="5 March 2021")),
    ("one_right_option", composed(options=("1/2", "0.5", "1/3"), answer="1/2")),
    ("one_right_option", composed(options=("2 km", "2000 m", "3 km"), answer="2 km")),
    ("one_right_option", composed(options=("7 pm", "19:00", "8 pm"), answer="7 pm")),
    (
        "one_right_option",
        composed(options=("half", "one part in two", "a third"), option_values=("0.5", "1/2", "1/3"), answer="half"),
    ),
    ("one_right_option", composed(options=("tin", "lead", "both A and B"), answer="tin")),
    ("one_right_option", composed(options=("tin", "stannum", "lead"), answer="tin", accepted=("stannum",))),
    # the schema
    ("schema", composed(question=" ", options=METALS, answer="tin")),
    ("schema", composed(options=METALS, answer="gold")),
    ("schema", composed(options=("tin", " "), answer="tin")),
    ("schema", composed(options=METALS, option_values=("1",), answer="tin")),
    ("schema", composed(answer_kind="span", options=METALS, answer="tin")),
    # answers that cannot be replied to
    ("answer_form", composed(answer_kind="number", answer="twelve or so")),
    ("answer_form", composed(answer_kind="number", answer="12 or so")),
    ("answer_form", composed(answer_kind="number", answer="a lot")),
    ("answer_form", composed(options=("(A) tin", "(B) lead", "(C) zinc"), answer="(A) tin")),
    ("answer_form", composed(answer_kind="span", answer="word " * 200 + "end")),
    ("gold_scores", composed(answer_kind="number", answer="10 or 12")),
    # leaks
    (
        "no_leak",
        composed(question="Which metal melts first? (The correct answer is tin.)", options=METALS, answer="tin"),
    ),
    (
        "no_leak",
        composed(
            question="Which metal melts first?",
            options=METALS,
            answer="tin",
            input=(Text(text="Metals melt. [Grader: accept tin]"),),
            evidence=(0,),
        ),
    ),
    (
        "no_leak",
        composed(question="Which metal melts first? If unsure, look at option C.", options=METALS, answer="tin"),
    ),
    ("no_leak", composed(question="Which metal, like tin in a pan, melts first?", options=METALS, answer="tin")),
    ("no_leak", composed(question="How long is the river?", options=("12 km", "14", "15", "19"), answer="12 km")),
    ("no_leak", composed(question="What does it weigh?", options=("12.53", "14", "15", "19"), answer="12.53")),
    ("no_leak", composed(question="Which city is it?", options=("Ostra", "lund", "kiel", "riga"), answer="Ostra")),
    (
        "no_leak",
        composed(question="Which one is it?", options=("A red one.", "A blue one", "A dark one"), answer="A red one."),
    ),
    (
        "no_leak",
        composed(
            question="What did Mirel, with her copper lamp, carry?",
            answer_kind="span",
            answer="copper lamp",
            input=(STORY,),
            evidence=(0,),
        ),
    ),
    ("no_leak", composed(question="Given 1875 as the year, when was it built?", answer_kind="number", answer="1875")),
    # evidence
    (
        "evidence_present",
        composed(
            question="What did Mirel carry?",
            answer_kind="span",
            answer="the copper lamp",
            input=(STORY,),
            evidence=(1,),
        ),
    ),
    (
        "evidence_present",
        composed(question="What did Mirel carry?", answer_kind="span", answer="the copper lamp", input=(STORY,)),
    ),
    (
        "schema",
        composed(
            question="What did Mirel carry?",
            answer_kind="span",
            answer="the lamp",
            input=(Text(text=" "),),
            evidence=(0,),
        ),
    ),
    (
        "evidence_needed",
        composed(
            question="What did Mirel carry?",
            answer_kind="span",
            answer="the copper lamp",
            input=(Text(text="The caravan left Ostra at noon. " + "It rained all day long on the high road. " * 6),),
            evidence=(0,),
        ),
    ),
    (
        "evidence_needed",
        composed(
            question="What did Mirel carry?",
            answer_kind="span",
            answer="copper lamp",
            input=(STORY, Text(text="A copper lamp is heavy.")),
            evidence=(0,),
        ),
    ),
    (
        "evidence_needed",
        composed(
            question="Who rang?",
            options=("Mirel Stone", "Jon Vale", "Ann Reed"),
            answer="Jon Vale",
            input=(STORY, Text(text="Jon Vale is here.")),
            evidence=(0,),
        ),
    ),
    # lengths
    (
        "option_balance",
        composed(
            options=("tin", "lead", "zinc", "the metal that most solders are made of today"),
            answer="the metal that most solders are made of today",
        ),
    ),
    (
        "option_balance",
        composed(options=("the metal that most solders hold", "the metal that most roofs had", "tin"), answer="tin"),
    ),
    # debris
    ("debris", composed(question="Which {metal} melts first?", options=METALS, answer="tin")),
    ("debris", composed(question="What is the height of None in metres?", answer_kind="number", answer="3")),
    ("debris", composed(question="Which of the the metals melts first?", options=METALS, answer="tin")),
    ("debris", composed(question="Which metal melts first, in the cafÃ© of Ostra?", options=METALS, answer="tin")),
    ("debris", composed(question='Which metal does "the old smith melt first?', options=METALS, answer="tin")),
    ("debris", composed(question="Which metal melts first (of those named?", options=METALS, answer="tin")),
    ("debris", composed(question="Which metal<br>melts first &amp; why?", options=METALS, answer="tin")),
    ("debris", composed(question="<image> Which metal melts first?", options=METALS, answer="tin")),
    ("debris", composed(question="Which metal melts first?", options=("nan", "lead", "zinc"), answer="zinc")),
    (
        "debris",
        composed(
            question="Which melts first?\n(A) tin\n(B) lead\n(C) zinc", options=("tin", "lead", "zinc"), answer="zinc"
        ),
    ),
    ("debris", composed(question="When the caravan left Ostra and,", answer_kind="span", answer="noon")),
    ("length", composed(question="?!", options=METALS, answer="tin")),
    # language
    (
        "language",
        composed(
            question="Welches der Metalle schmilzt zuerst, wenn der Schmied den Ofen langsam anheizt?",
            options=METALS,
            answer="tin",
        ),
    ),
    ("language", composed(question="哪种金属最先熔化?", options=METALS, answer="tin")),
    ("language", composed(question="Какой металл плавится первым?", options=METALS, answer="tin")),
    (
        "language",
        composed(
            question="What did Mirel carry?",
            answer_kind="span",
            answer="la lampe de cuivre",
            input=(Text(text=FRENCH),),
            evidence=(0,),
        ),
    ),
]


@pytest.mark.parametrize(
    ("check", "body"), PLANTED, ids=lambda given: given if isinstance(given, str) else given.question[:40]
)
def test_planted_defects_are_caught(check: str, body: Composed) -> None:
    assert check in failures(body)


def test_every_check_is_needed_for_some_planted_defect() -> None:
    heard = {"sound_whole", "noise_as_asked", "voices_apart", "speech_says_script"}  # planted in tests/sound
    seen = {"picture_whole", "text_legible"}  # planted in tests/picture
    assert {check for check, _ in PLANTED} | {"media_opens"} | heard | seen == {check.name for check in CHECKS}


def test_a_file_name_that_holds_the_answer_is_a_leak_only_where_it_is_shown() -> None:
    body = composed(question="Which digit is said in 7_george_32?", answer_kind="number", answer="7")
    assert "no_leak" in failures(body, names=("audio/7_george_32.wav",))
    hidden = composed(question="Which digit is said?", answer_kind="number", answer="7")
    assert "no_leak" not in failures(hidden, names=("audio/7_george_32.wav",))


def png(size: tuple[int, int] = (16, 16), *, blank: bool = False, note: str = "") -> bytes:
    pixels = np.zeros((*size, 3), dtype=np.uint8)
    if not blank:
        pixels[:8] = 200
    out = io.BytesIO()
    picture = Pillow.fromarray(pixels)
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    if note:
        info.add_text("Comment", note)
    picture.save(out, "PNG", pnginfo=info)
    return out.getvalue()


def wav(*, silent: bool = False) -> bytes:
    out = io.BytesIO()
    wave = np.zeros(800) if silent else np.sin(np.arange(800) / 5)
    soundfile.write(out, wave, 8000, format="WAV")
    return out.getvalue()


def picture_item(data: bytes, **changes: object) -> tuple[Composed, dict[str, bytes]]:
    digest = hashlib.sha256(data).hexdigest()
    part = Image(path=f"media/{digest}.png", sha256=digest, width=16, height=16)
    given = {
        "question": "Which bird is in the image?",
        "answer_kind": "label",
        "answer": "kestrel",
        "input": (part,),
        "evidence": (0,),
    }
    return composed(**(given | changes)), {part.path: data}


def test_media_that_open_pass() -> None:
    body, files = picture_item(png())
    assert failures(body, files, requires=("image",)) == set()
    data = wav()
    digest = hashlib.sha256(data).hexdigest()
    sound = Audio(path=f"media/{digest}.wav", sha256=digest, duration=0.1, sample_rate=8000)
    heard = composed(question="Which digit is said?", answer_kind="number", answer="7", input=(sound,), evidence=(0,))
    assert failures(heard, {sound.path: data}, requires=("audio",)) == set()


@pytest.mark.parametrize(
    "data", [b"", png()[:60], png(blank=True), png((8, 16)), png(note="a Kestrel in flight"), b"text"]
)
def test_media_that_are_empty_cut_blank_or_telling_fail(data: bytes) -> None:
    body, files = picture_item(data)
    assert failures(body, files) == {"media_opens"}


def test_media_that_are_gone_or_exchanged_fail() -> None:
    body, files = picture_item(png())
    assert failures(body, {}) == {"media_opens"}
    assert failures(body, dict.fromkeys(files, png(note="x"))) == {"media_opens"}


def test_a_required_modality_must_be_evidence() -> None:
    body, files = picture_item(png(), input=(STORY,))
    assert "evidence_needed" in failures(body, files, requires=("image",))


def test_a_caption_that_describes_the_image_makes_it_needless() -> None:
    body, files = picture_item(png(), alt=("a bird of prey above a field",))
    assert failures(body, files) == set()
    told = body.model_copy(
        update={"question": "The image shows a bird of prey above a field. Which bird is in the image?"}
    )
    assert failures(told, files) == {"evidence_needed"}


def test_the_checks_of_a_text_item_take_little_time() -> None:
    body = composed(options=METALS, answer="tin")
    failures(body)  # loads the language model
    start = time.process_time()
    for _ in range(100):
        failures(body)
    assert (time.process_time() - start) / 100 < 0.005


@settings(max_examples=50, deadline=None)
@given(
    kind=st.sampled_from(["choice", "multi_choice", "binary", "label", "span", "number"]),
    question=st.text(max_size=40),
    options=st.lists(st.text(max_size=8), max_size=4).map(tuple),
    answer=st.text(max_size=8),
    evidence=st.lists(st.integers(-1, 2), max_size=2).map(tuple),
    shown=st.text(max_size=30),
)
def test_a_malformed_draft_fails_checks_and_raises_nothing(
    kind: str, question: str, options: tuple[str, ...], answer: str, evidence: tuple[int, ...], shown: str
) -> None:
    body = composed(
        question=question,
        answer_kind=kind,
        options=options,
        answer=answer,
        evidence=evidence,
        input=(Text(text=shown),),
    )
    if kind in ("choice", "multi_choice") and answer not in options:
        assert "schema" in failures(body)
    else:
        failures(body)
