"""Checks of the evidence: it is there, it opens, and without it the answer is gone."""

import hashlib
import re

from benchmark_agent.content import Audio, Composed, Image, Text
from benchmark_agent.errors import MediaError
from benchmark_agent.media import open_audio, open_image
from benchmark_agent.metadata import carries
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.checks.leaks import distinctive, golds
from benchmark_agent.verification.checks.rule import is_special, quoted, right_options, text_parts
from benchmark_agent.verification.types import CheckContext
from benchmark_agent.wording import key, mentions, words

SILENT = 1e-4
"""Peak amplitude, 0-1, under which a sound is silent."""


def evidence_present(draft: Draft, context: CheckContext) -> str:
    """The evidence points at parts of the input; an input without evidence is decoration."""
    body = draft.body
    outside = [index for index in body.evidence if not 0 <= index < len(body.input)]
    if outside:
        return f"evidence names part {outside[0]}, and the input has {len(body.input)} parts"
    if len(set(body.evidence)) < len(body.evidence):
        return "evidence names a part twice"
    if body.input and not body.evidence:
        return "the input has parts, and none of them is named as evidence"
    return ""


def evidence_needed(draft: Draft, context: CheckContext) -> str:
    """Removing the evidence removes the answer, and the evidence has the modalities the subtask requires."""
    body = draft.body
    if evidence_present(draft, context):
        return ""  # said by the check before
    kinds = {body.input[index].type for index in body.evidence}
    for modality in context.subtask.requires:
        if modality != "text" and modality not in kinds:
            return f"the subtask requires {modality} as evidence, and the item has none"
    if body.answer_kind == "binary" or not body.evidence:
        return ""
    return _told_beside(body) or _described(body) or _unsupported(body)


def _told_beside(body: Composed) -> str:
    """The gold stands in a part that is not evidence, and no wrong option does."""
    beside = key("\n".join(text for index, text in text_parts(body) if index not in body.evidence))
    if not beside:
        return ""
    right = right_options(body)
    others = [key(option) for index, option in enumerate(body.options) if index not in right]
    for gold in golds(body):
        said = key(gold)
        if not distinctive(gold) or (body.answer_kind == "label" and not body.options):
            continue
        if mentions(beside, said) and not any(mentions(beside, other) for other in others):
            return f"the answer {quoted(gold)} stands in a part that is not evidence"
    return ""


_DESCRIPTION = 12
"""Characters. A shorter description of a medium may turn up in a text by chance."""


def _described(body: Composed) -> str:
    """What the only medium shows is also written out in words."""
    if sum(not isinstance(part, Text) for part in body.input) != 1:
        return ""  # a question that describes one of several media asks to find it
    shown = key(" ".join((body.question, *(text for _, text in text_parts(body)))))
    told = next((alt for alt in body.alt if len(alt) >= _DESCRIPTION and key(alt) in shown), "")
    return f"the text says what the medium shows: {quoted(told)}" if told else ""


_TURNS_OR_GAPS = re.compile(r"^[^\n:]{1,40}: .*\n[^\n:]{1,40}: |<mask>|_{3,}|\[mask\]", re.IGNORECASE | re.MULTILINE)
_PASSAGE = 40
"""Words. Answers over shorter texts, dialogues and texts with gaps are often worked out, and so are single words."""


def _unsupported(body: Composed) -> str:
    """A span of the dataset's own must stand, at least in part, in the text it is a span of."""
    texts = [part.text for part in (body.input[index] for index in body.evidence) if isinstance(part, Text)]
    if body.answer_kind != "span" or body.gold_basis != "source" or len(texts) < len(body.evidence):
        return ""
    derived = any(sign.isdigit() for sign in body.answer) or _TURNS_OR_GAPS.search("\n".join(texts))
    if derived or is_special(body.answer) or sum(len(text.split()) for text in texts) < _PASSAGE:
        return ""
    if len([word for word in words(key(body.answer)) if len(word) > 3 or not word.isascii()]) < 2:
        return ""
    held = {word[:5] for text in texts for word in words(key(text))}
    said = [word for gold in golds(body) for word in words(key(gold))]
    telling = [word for word in said if len(word) > 3 or not word.isascii() or word.isdigit()] or said
    if any(word[:5] in held for word in telling):
        return ""
    return f"no word of the answer {quoted(body.answer)} stands in the evidence"


def media_opens(draft: Draft, context: CheckContext) -> str:
    """Every medium is the file it claims to be, decodes, shows or sounds, and does not carry the answer inside."""
    for index, part in enumerate(draft.body.input):
        if isinstance(part, Text):
            continue
        try:
            data = context.read_media(part)
            reason = _matches(part, data)
        except (MediaError, OSError) as error:
            reason = str(error)
        if not reason and any(carries(data, gold) for gold in golds(draft.body)):
            reason = "the file carries the answer in its metadata"
        if reason:
            return f"part {index}: {reason}"
    return ""


def _matches(part: Image | Audio, data: bytes) -> str:
    """Raises MediaError when the data do not decode."""
    if hashlib.sha256(data).hexdigest() != part.sha256:
        return "the file is not the one the draft was made with"
    if isinstance(part, Image):
        _, width, height, blank = open_image(data)
        if blank:
            return "the image is blank"
        return "" if (width, height) == (part.width, part.height) else f"the image has {width} x {height} pixels"
    _, seconds, rate, peak = open_audio(data)
    if peak < SILENT:
        return "the sound is silent"
    return (
        "" if abs(seconds - part.duration) < 0.01 and rate == part.sample_rate else f"the sound lasts {seconds:.2f} s"
    )
