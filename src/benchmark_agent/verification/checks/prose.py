"""Checks of the language: the one asked for, of a sane length, free of debris."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from benchmark_agent.content import Composed
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.checks.rule import looks_like_code, looks_like_formula, quoted, text_parts
from benchmark_agent.verification.types import CheckContext
from benchmark_agent.wording import plain

MAX_QUESTION = 40_000
MAX_OPTION = 1_200
MAX_INPUT = 4_000_000
"""Characters. The longest contexts models take today."""
MAX_MEDIA = 64
MIN_QUESTION = 3


def length(draft: Draft, context: CheckContext) -> str:
    """Nothing is too short to ask or too long to be read."""
    body = draft.body
    question = body.question.strip()
    if len(question) < MIN_QUESTION:
        return f"the question {quoted(question)} is too short"
    if len(question) > MAX_QUESTION:
        return f"the question has {len(question)} characters"
    longest = max((len(option) for option in body.options), default=0)
    if longest > MAX_OPTION:
        return f"an option has {longest} characters"
    if sum(len(text) for _, text in text_parts(body)) > MAX_INPUT:
        return "the input is longer than any model reads"
    return f"the input has {len(body.input)} parts" if len(body.input) > MAX_MEDIA * 4 else ""


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    """The language model of py3langid: 1 s to load, once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


# Languages the identifier mistakes for each other; asked for one, any of its family passes.
_FAMILIES = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"hr", "sr", "bs", "sl", "mk"}),
    frozenset({"id", "ms", "jv"}),
    frozenset({"cs", "sk"}),
    frozenset({"es", "gl", "pt", "ca", "an", "oc"}),
    frozenset({"af", "nl"}),
    frozenset({"hi", "mr", "ne", "sa"}),
    frozenset({"ru", "uk", "be", "bg", "kk", "ky"}),
    frozenset({"fa", "ar", "ur", "ug", "ps"}),
)
_SCRIPTS = (
    ("Han", re.compile(r"[\u3400-\u9fff]"), frozenset({"zh", "ja", "ko"})),
    ("kana", re.compile(r"[\u3040-\u30ff]"), frozenset({"ja"})),
    ("Hangul", re.compile(r"[\uac00-\ud7af]"), frozenset({"ko"})),
    (
        "Cyrillic",
        re.compile(r"[\u0400-\u04ff]"),
        frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt"}),
    ),
    ("Greek", re.compile(r"[\u0370-\u03ff]"), frozenset({"el"})),
    ("Arabic", re.compile(r"[\u0600-\u06ff]"), frozenset({"ar", "fa", "ur", "ps", "ug", "ku", "sd"})),
    ("Hebrew", re.compile(r"[\u0590-\u05ff]"), frozenset({"he", "yi"})),
    ("Devanagari", re.compile(r"[\u0900-\u097f]"), frozenset({"hi", "mr", "ne", "sa"})),
    ("Thai", re.compile(r"[\u0e00-\u0e7f]"), frozenset({"th"})),
)
_OTHER_SCRIPTS = frozenset().union(*(languages for _, _, languages in _SCRIPTS))
_LETTER = re.compile(r"[^\W\d_]")
MIN_LETTERS = 60
"""Letters. Shorter texts are not judged by words, only by their script."""
_SURE = 0.95
"""Probability, 0-1, of another language at which a text is in the wrong one."""
_READ = 200
"""Characters of a text that are read to tell its language."""


def language(draft: Draft, context: CheckContext) -> str:
    """Question and texts are in a language the requirement asks for."""
    if not context.languages:
        return ""
    wanted = frozenset(code.split("-")[0].lower() for code in context.languages)
    body = draft.body
    given = " ".join(text[:_READ] for _, text in text_parts(body))[:_READ]
    asked = body.question[:_READ]
    for what, text in (("question", asked), ("input", given)):
        reason = _wrong_script(text, wanted)
        if not reason:
            reason = _wrong_words(" ".join((text, *body.options)) if text is asked else text, wanted)
        if reason:
            return f"the {what} {reason}; asked for: {', '.join(sorted(wanted))}"
    return ""


def _wrong_script(text: str, wanted: frozenset[str]) -> str:
    letters = len(_LETTER.findall(text))
    if letters < 4:
        return ""
    if not text.isascii():
        for name, script, languages in _SCRIPTS:
            if not wanted & languages and len(script.findall(text)) > letters / 2:
                return f"is in {name} script"
    if wanted <= _OTHER_SCRIPTS and letters >= 20:
        scripts = [script for _, script, languages in _SCRIPTS if wanted & languages]
        if not any(script.search(text) for script in scripts):
            return "is in another script"
    return ""


def _wrong_words(text: str, wanted: frozenset[str]) -> str:
    prose = [word for word in text.split() if not word.isascii() or word.strip("\"'().,;:!?").isalpha()]
    if sum(map(len, prose)) < MIN_LETTERS:
        return ""
    best, sure = _identifier().classify(" ".join(prose))
    near = wanted.union(*(family for family in _FAMILIES if wanted & family))
    wrong = best not in near and sure >= _SURE and not looks_like_code(text)
    return f"reads as '{best}'" if wrong else ""


_MOJIBAKE = re.compile(
    r"\ufffd|ï¿½|â€[\u0080-\u00bf™œ“”˜¢¦]?|Ã[\u0080-\u00bf©¨ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿‰¤¢£¡]|Â[\u00a0-\u00bf]|ï»¿"
)
_PLACEHOLDER = re.compile(
    r"(?<![\\\w^_}$])\{\{?\s*(?:[a-z][a-z0-9]*(?:[_.][a-z0-9]+)*)?\s*\}?\}|%\([a-z_]+\)s|(?<!\w)%s(?!\w)"
    r"|<(?:image|audio|img|video|placeholder|blank_\d+|name|answer|question|text)(?:[ _-]?\d+)?/?>"
    r"|\[(?:IMG|IMAGE|AUDIO|INSERT[^\]]*|PLACEHOLDER|T[O]DO|NAME|ANSWER)\]|\b(?:T[O]DO|F[I]XME|TBD)\b|(?i:lorem ipsum)"
)
_PLACEHOLDER_SIGNS = ("{", "%s", "%(", "<", "[", "ODO", "XME", "TBD", "orem ipsum", "OREM IPSUM")
"""One of these stands in every text that `_PLACEHOLDER` finds; so for `_NOTHING` below."""
_NOTHING_WORDS = ("None", "NULL", "null", "undefined", "NaN", "nan")
_NOTHING = re.compile(
    r"(?:None|NULL|null|undefined)(?=\s+[a-z]|[?,;|])(?! of\b)"
    r"|\bNaN\b|(?<![a-z] )\bnan\b|\bnan(?= ?(?:%|[|,;?]|[a-z]{1,2}\b))"
)
_BEFORE_NOTHING = re.compile(r"[a-z,:=|] $")
_MARKUP = re.compile(
    r"&(?:amp|lt|gt|quot|nbsp|apos|#\d{2,5});|</?(?:br|p|div|span|b|i|u|font|strong|em|sup|sub|a|li|ul)\b[^>]*>", re.I
)
_ONCE = frozenset(
    ["the", "a", "an", "of", "to", "in", "is", "are", "was", "and", "for", "with", "on", "at", "by", "from"]
)
"""English words that do not follow themselves."""
_INCH_OR_SECOND = re.compile(r"\d\s?\"|''")
_LONE_BRACKET = re.compile(r"[:;=]-?\(|[\[(]\S*,[^)]*\]")
"""A face, or a half-open interval."""
_MISSING = frozenset({"nan", "null", "undefined", "n/a", "na", "<na>", "#n/a", "[object object]"})


def debris(draft: Draft, context: CheckContext) -> str:
    """No template, markup or encoding is left over in the text, and the question is not cut off."""
    body = draft.body
    everything = "\n".join((body.question, *body.options, *(text[:20_000] for _, text in text_parts(body))))
    if not everything.isascii() and (found := _MOJIBAKE.search(everything)):
        return f"{quoted(found.group())} is text read in a wrong encoding"
    reason = _left_over(everything) or _question_debris(plain(body.question))
    if not reason and any(option.strip().casefold() in _MISSING for option in body.options):
        reason = "an option is a missing value"
    if reason and looks_like_code(everything):
        reason = ""
    return reason or _lists_options(body)


def _left_over(text: str) -> str:
    if any(sign in text for sign in _PLACEHOLDER_SIGNS):
        found = _PLACEHOLDER.search(text)
        if found and not looks_like_formula(text):
            return f"placeholder {quoted(found.group())} is left over"
    for found in _NOTHING.finditer(text) if any(word in text for word in _NOTHING_WORDS) else ():
        sure = found.group().lower() == "nan"
        if sure or _BEFORE_NOTHING.search(text[max(0, found.start() - 2) : found.start()]):
            return f"missing value {quoted(found.group())} is left over"
    if ("&" in text or "<" in text) and (found := _MARKUP.search(text)):
        return f"markup {quoted(found.group())} is left over"
    return ""


def _question_debris(question: str) -> str:
    """`question` on one line."""
    said = question.lower().split()
    doubled = next((word for word, after in pairwise(said) if word == after and word in _ONCE), "")
    if doubled:
        return f"the question says '{doubled} {doubled}'"
    if question.count('"') % 2 and not _INCH_OR_SECOND.search(question):
        return "the question opens a quotation and does not close it"
    unclosed = question.count("(") > question.count(")")
    if unclosed and not looks_like_formula(question) and not _LONE_BRACKET.search(question):
        return "the question opens a bracket and does not close it"
    return f"the question ends in {quoted(question[-12:])}" if question.endswith((",", "(", "-")) else ""


def _lists_options(body: Composed) -> str:
    """The question lists the options itself, with letters that will not match once their order is drawn."""
    if body.answer_kind not in ("choice", "multi_choice"):
        return ""
    question, listed = plain(body.question), 0
    for option in body.options:
        text = plain(option)
        if (
            len(text) > 1
            and text in question
            and re.search(r"(?:^|[\s(\[])[A-Z][).:\]]\s*" + re.escape(text) + r"(?!\w)", question)
        ):
            listed += 1
    return "the question lists the options itself" if listed >= 2 else ""
