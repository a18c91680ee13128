"""Checks of form: the draft is whole, its options differ, one is right, and the scorer agrees."""

import re
from collections.abc import Callable

from benchmark_agent.answers import AnswerKey
from benchmark_agent.content import Composed, Text
from benchmark_agent.quantities import amount_of, same_amount
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.checks.rule import quoted, right_options
from benchmark_agent.verification.types import CheckContext
from benchmark_agent.wording import exact_key, key, mentions, plain

MAX_OPTIONS = 26
"""Options are lettered A to Z."""


def schema(draft: Draft, context: CheckContext) -> str:
    """The draft is whole, and its parts fit its answer kind."""
    body = draft.body
    if not body.question.strip():
        return "the question is empty"
    if not body.answer.strip():
        return "the answer is empty"
    if body.answer_kind not in context.scorer.answer_kinds:
        return f"scorer '{context.scorer.name}' does not score answers of kind '{body.answer_kind}'"
    if any(isinstance(part, Text) and not part.text.strip() for part in body.input):
        return "a text part of the input is empty"
    return _options_fit(body)


def _options_fit(body: Composed) -> str:
    count = len(body.options)
    if body.option_values and len(body.option_values) != count:
        return f"{count} options have {len(body.option_values)} option values"
    if any(not plain(option) for option in body.options):
        return "an option is empty"
    if body.answer_kind in ("span", "number", "open"):
        return f"an answer of kind '{body.answer_kind}' takes no options" if count else ""
    if body.answer_kind in ("choice", "multi_choice"):
        if not 2 <= count <= MAX_OPTIONS:
            return f"a {body.answer_kind} item needs 2 to {MAX_OPTIONS} options and has {count}"
    elif not count:
        return ""
    if body.answer_kind == "binary" and count != 2:
        return f"a binary item has two options or none, not {count}"
    wanted = body.answer.split("\n") if body.answer_kind == "multi_choice" else [body.answer]
    absent = [answer for answer in wanted if answer not in body.options]
    if absent:
        return f"the answer {quoted(absent[0])} is not among the options"
    return "an answer is named twice" if len(set(wanted)) < len(wanted) else ""


def options_unique(draft: Draft, context: CheckContext) -> str:
    """No two options read alike: case, spacing, invisible signs, width, lookalike letters, edge marks, 5 and 5.0."""
    body = draft.body
    for form in (exact_key, _caseless(body)):
        seen: dict[str, str] = {}
        for option in body.options:
            sign = form(option)
            if sign in seen:
                return f"options {quoted(seen[sign])} and {quoted(option)} read the same"
            seen[sign] = option
    return ""


_SHORT = 3
"""Letters. In shorter words case carries meaning: Co and CO, Tt and tt, mW and MW."""


def _caseless(body: Composed) -> Callable[[str], str]:
    """How an option is compared without case; case is kept where it is meant."""
    meant = len(set(body.option_values)) == len(body.options) > 0

    def form(option: str) -> str:
        amount = amount_of(option)
        if amount is not None and amount.form != "fraction" and not amount.percent:
            return f"{amount.value:.12g} {key(amount.unit)}"
        longest = max((len(word) for word in re.findall(r"[^\W\d_]+", option)), default=0)
        return exact_key(option) if meant or longest < _SHORT else key(option)

    return form


_BY_LETTER = re.compile(
    r"\b(?:both|either|neither|options?|choices?|answers?)\s+\(?[A-H]\)?(?:\s*(?:and|or|nor|,|&)\s*\(?[A-H]\)?)?\b(?!\w)"
)


def _names_others(body: Composed) -> str:
    if body.fixed_order or body.answer_kind not in ("choice", "multi_choice"):
        return ""
    naming = next((option for option in body.options if _BY_LETTER.search(option)), "")
    return f"option {quoted(naming)} names others by letter, and their order is drawn later" if naming else ""


def _same(a: str, b: str) -> bool:
    return exact_key(a) == exact_key(b) or same_amount(a, b)


def one_right_option(draft: Draft, context: CheckContext) -> str:
    """By value, no wrong option equals a right one, and none refers to others by a letter that will change."""
    body = draft.body
    right = right_options(body)
    if not right or len(body.option_values) not in (0, len(body.options)):
        return ""
    if body.answer_kind == "choice" and len(right) > 1:
        return "several options are the answer"
    if reason := _names_others(body):
        return reason
    values = body.option_values or body.options
    for index, option in enumerate(body.options):
        if index in right:
            continue
        for answer in right:
            if _same(values[index], values[answer]) or same_amount(option, body.options[answer]):
                return f"option {quoted(option)} means the same as the answer {quoted(body.options[answer])}"
        if any(_same(option, form) for form in body.accepted):
            return f"option {quoted(option)} is among the accepted answers"
    return ""


_OWN_LETTER = re.compile(r"^\s*[(\[]?([A-Z])[)\].:]\s+\S")
_HEDGED = re.compile(r"\b(?:or so|approximately|roughly|about|maybe|perhaps|ish)\b|\?", re.IGNORECASE)
MAX_SPAN_WORDS = 80
MAX_LABEL_WORDS = 15


def answer_form(draft: Draft, context: CheckContext) -> str:
    """The answer has the form its kind promises, and can be replied to."""
    body = draft.body
    if body.answer_kind == "choice" or body.answer_kind == "multi_choice":
        marks = [_OWN_LETTER.match(option) for option in body.options]
        lettered = [mark.group(1) for mark in marks if mark]
        if len(lettered) == len(body.options) and lettered == sorted(set(lettered)):
            return "the options carry letters of their own"
        return ""
    for form in (body.answer, *body.accepted):
        reason = _value_form(body.answer_kind, form)
        if reason:
            return reason
    return ""


def _value_form(kind: str, form: str) -> str:
    if not form.strip():
        return "an accepted answer is empty"
    if form != form.strip():
        return f"the answer {quoted(form)} has space around it"
    if kind == "number":
        if _HEDGED.search(form):
            return f"the number {quoted(form)} is hedged"
        return "" if amount_of(form) else f"the answer {quoted(form)} is not a number"
    words = len(form.split())
    if kind == "span" and (words > MAX_SPAN_WORDS or "\n\n" in form):
        return f"an answer of {words} words is too long to be compared as a span"
    if kind == "label" and words > MAX_LABEL_WORDS:
        return f"a label of {words} words is not a label"
    return ""


_JUNK = ("", "I do not know.")


def gold_scores(draft: Draft, context: CheckContext) -> str:
    """The item's scorer gives 1 to the gold in several styles, and 0 to wrong options, junk and nothing."""
    answer_key, score = context.key, context.scorer
    if answer_key.answer_kind == "open":
        return ""
    for style in _gold_styles(answer_key):
        verdict = score(answer_key, style)
        if verdict.value < 1:
            return f"the gold replied as {quoted(style)} scores {verdict.value:g}: {verdict.reason or verdict.parsed}"
    for reply in (*_wrong_replies(draft.body, answer_key), *_JUNK):
        if score(answer_key, reply).value > 0:
            return f"the reply {quoted(reply)} scores above 0"
    return ""


def _gold_styles(answer_key: AnswerKey) -> tuple[str, ...]:
    gold = answer_key.answer
    if answer_key.answer_kind == "choice":
        return (gold, f"({gold})", f"The answer is ({gold}).")
    if answer_key.answer_kind == "multi_choice":
        return (gold, ", ".join(gold), f"Answer: {', '.join(gold)}")
    end = "" if gold.endswith((".", "!", "?")) else "."
    return (gold, *answer_key.accepted[:3], f"The answer is {gold}{end}")


def _wrong_replies(body: Composed, answer_key: AnswerKey) -> tuple[str, ...]:
    kind, gold = answer_key.answer_kind, answer_key.answer
    if kind == "choice":
        wrong = tuple(chr(65 + i) for i in range(len(body.options)) if chr(65 + i) != gold)
        return wrong[:8]
    if kind == "multi_choice":
        every = "".join(chr(65 + i) for i in range(len(body.options)))
        return tuple(reply for reply in (every, gold[:-1]) if reply and reply != gold)
    if kind == "number":
        amount = amount_of(gold)
        return (f"{amount.value + 1:.12g}", f"{-amount.value - 1:.12g}") if amount else ()
    if kind == "binary":
        return tuple(option for option in body.options if option != body.answer)
    if kind == "label":
        accepted = {key(form) for form in (gold, *answer_key.accepted)}
        return tuple(option for option in answer_key.options if key(option) not in accepted)[:8]
    return () if mentions(key(body.question), key(gold)) else (body.question,)
