"""What all scorers know of model replies: thinking, markup, final statements, refusals, options named in prose."""

import re
from collections.abc import Iterator
from functools import lru_cache

from benchmark_agent.answers import Score
from benchmark_agent.wording import key, occurrences, visible

_THINKING = re.compile(r"<(think|thinking|reasoning|scratchpad)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_TAGGED = re.compile(r"<(?:final_?)?answer>(.*?)(?:</(?:final_?)?answer>|\Z)", re.DOTALL | re.IGNORECASE)
_LATEX_TEXT = re.compile(r"\\(?:text|textbf|mathrm|mathbf|textit)\s*\{([^{}]*)\}")
_LATEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{(-?\d+)\}\s*\{(\d+)\}")
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_HASHED = re.compile(r"^\s*####\s*(?=\S)", re.MULTILINE)
_MATH = re.compile(r"\$([^$\n]+)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]")
_BOLD = re.compile(r"\*\*|__(?=\W|\w+__)|(?<=\w)__(?=\W|$)|`+")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](\S(?:[^*_\n]*\S)?)[*_](?![\w*])")
_LINE_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*•])[ \t]+", re.MULTILINE)


def clean(reply: str) -> str:
    """The reply without thinking, markup and typography. Boxed and tagged answers become `answer: ...` lines."""
    text = visible(reply).strip()
    if "<" in text:
        text = _TAGGED.sub(r"\nanswer: \1\n", _THINKING.sub("", text))
    if "\\" in text:
        text = _LATEX_FRACTION.sub(r"\1/\2", _LATEX_TEXT.sub(r"\1", text)).replace("\\times", "x")
        text = _BOXED.sub(r"\nanswer: \1\n", text.replace("\\%", "%").replace("\\,", ""))
    if "$" in text or "\\" in text:
        text = _MATH.sub(lambda found: found[1] or found[2] or found[3], text)
    if any(mark in text for mark in "*_`#>•") or "- " in text:
        text = _LINE_MARKS.sub("", _HASHED.sub("answer: ", _BOLD.sub("", text)))
        text = _EMPHASIS.sub(r"\1", text)
    return text.strip()


_LEAD = r"(?:(?:final|correct|right|best|most likely|likely|my|the)\s+)*"
# `The final answer to the question is`, `"answer":`
_NAMES_IT = rf"""\b{_LEAD}(?:answer|choice|option|response|solution|result|label|conclusion)s?["']?
    (?:\s+(?:choice|option|letter|here|to|for|of|that|the|this|question|problem|best|supported|by|i|would|give))*
    \s*(?:is|are|was|would\s+be|must\s+be|should\s+be|will\s+be|has\s+to\s+be|:|=)+
    (?:\s+(?:therefore|thus|then|clearly|simply|probably|likely|most\s+likely|definitely)[:,]?)?\s*"""
# `I would go with`, `if I had to guess`
_CHOOSES_IT = r"""\bi(?:'d|\s+would|'ll|\s+will|\s+have\s+to|\s+must|\s+would\s+have\s+to)?\s+
    (?:also\s+)?(?:choose|pick|select|go\s+with|go\s+for|guess|say|answer|opt\s+for|vote\s+for)[:,]?\s+(?:that\s+)?
    |\b(?:my|best)\s+guess(?:\s+is|\s+would\s+be|:)\s*
    |\bhad\s+to\s+guess[:,]?\s+(?:i(?:'d|\s+would)\s+say\s+)?"""
_IN_OTHER_LANGUAGES = r"""答案(?:应该|应当)?(?:是|为|选|:)+\s*|(?:应该|应|故|所以|因此|我)?选(?:择|项)?(?:是|为|:)?\s*
    |(?:答え|正解)(?:は|:)\s*|(?:정답|답)(?:은|:)\s*
    |\b(?:respuesta|resposta|risposta|r[ée]ponse)(?:\s+(?:correcta|correta|corretta|correcte|finale?))?
     \s*(?:es|é|è|est|:)\s*(?:la\s+|l')?
    |\bantwort(?:\s+(?:ist|lautet)|:)\s*|\bответ\s*[:—-]?\s*"""
_CUE = re.compile(f"{_NAMES_IT}|{_CHOOSES_IT}|{_IN_OTHER_LANGUAGES}", re.IGNORECASE | re.VERBOSE)
_CUE_WORDS = (
    "answer", "choice", "option", "response", "solution", "result", "label", "conclu", "guess", "choose", "pick",
    "select", "go with", "go for", "say", "opt for", "vote", "resp", "risp", "antwort",
)  # fmt: skip
"""One of these stands in every ASCII text that `_CUE` finds."""
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2})[.!?](?=\s|$)|[.!?](?=\s+[A-Z])|[。！？]|\n")
_LINE_END = re.compile(r"\n")
_NEGATED = re.compile(r"\s*(?:not|n't|never|neither|incorrect|wrong|unclear|unknown if)\b", re.IGNORECASE)


def statements(text: str, *, whole_line: bool = False) -> Iterator[str]:
    """What follows each `the answer is`, the last one first; up to the end of its sentence. Negated ones are left out.

    Args:
        text: as `clean` leaves it.
        whole_line: up to the end of the line, for answers of several sentences.
    """
    low = text.lower()
    if low.isascii() and not any(word in low for word in _CUE_WORDS):
        return
    for found in reversed(list(_CUE.finditer(text))):
        tail = text[found.end() : found.end() + 400].lstrip()
        if tail and not _NEGATED.match(tail):
            end = (_LINE_END if whole_line else _SENTENCE_END).search(tail, 1)
            yield tail[: end.start() if end else None].strip()


def rest_of_statement(text: str) -> str | None:
    """Everything that follows the last `the answer is` that is not negated; None where there is none."""
    for found in reversed(list(_CUE.finditer(text))):
        rest = text[found.end() :].strip()
        if rest and not _NEGATED.match(rest):
            return rest
    return None


_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCES.split(text) if part and part.strip()]


_REFUSAL = re.compile(
    r"""\bi(?:'m|\s+am)\s+(?:very\s+|so\s+)?(?:sorry|unable|not\s+(?:able|sure\s+i\s+can|going\s+to))
       |\bi\s+(?:can(?:'t|not|\s+not)|won't|will\s+not|do\s+not\s+feel|don't\s+feel|must\s+decline|decline)\b
       |\bas\s+an?\s+(?:ai|language\s+model)|\bunable\s+to\s+(?:answer|help|assist|see|view|hear|process|determine)
       |\b(?:can't|cannot)\s+(?:help|assist|see|view|hear|answer|provide|access)|^\W*(?:sorry|apologies)\b
       |抱歉|对不起|我(?:不能|无法)|申し訳|죄송|\blo\s+siento\b|\bno\s+puedo\b|\bje\s+(?:suis\s+désolée?|ne\s+peux\s+pas)
       |\b(?:tut\s+mir\s+leid|ich\s+kann\b.{0,40}\bnicht)\b|\bmi\s+dispiace\b|\bdesculpe\b|извините|не\s+могу""",
    re.IGNORECASE | re.VERBOSE,
)


def unparsed(text: str, reason: str) -> Score:
    """The verdict on a reply that names no answer: a refusal when it reads as one."""
    if not text:
        return Score(value=0, outcome="unparsable", reason="the reply is empty")
    if _REFUSAL.search(text):
        return Score(value=0, outcome="refusal", reason="the reply declines to answer")
    return Score(value=0, outcome="unparsable", reason=reason)


def judged(right: bool, parsed: str, reason: str = "") -> Score:
    """The verdict on a reply that names `parsed`."""
    return Score(value=float(right), parsed=parsed, outcome="right" if right else "wrong", reason=reason)


_NEGATION = re.compile(
    r"(?:\b(?:not|never|neither|nor|rather than|instead of|unlike)|n't)(?:\s+(?!but\b|it\b|rather\b)\w+){0,2}\s*$"
)


@lru_cache(maxsize=256)
def _by_length(options: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Index and key of each option, the longest key first, so that `New York City` hides `New York`."""
    keys = [(index, key(clean(option))) for index, option in enumerate(options)]
    return tuple(sorted(((i, k) for i, k in keys if k), key=lambda pair: (-len(pair[1]), pair[0])))


def named_options(text: str, options: tuple[str, ...], *, shortest: int = 1) -> list[int]:
    """Indexes of the options whose text stands in `text` as whole words, not negated, in the order of options.

    Args:
        text: as `clean` leaves it.
        shortest: options whose text has fewer characters are not looked for.
    """
    # Edge marks are kept but for the trailing full stop, so that offsets into the text stay meaningful.
    body = key(text)
    found = []
    for index, option in _by_length(options):
        if len(option) < shortest:
            continue
        for start in occurrences(body, option):
            if not _NEGATION.search(body[max(0, start - 30) : start]):
                found.append(index)
                break
        body = body.replace(option, "\0") if option in body else body
    return sorted(found)


def option_said(text: str, options: tuple[str, ...]) -> int | None:
    """Index of the option whose text `text` is, when it is nothing else."""
    said = key(text)
    matches = [index for index, option in _by_length(options) if option == said]
    return matches[0] if len(matches) == 1 else None
