"""English questions mended where only one reading is possible: agreement of the verb, and a misspelt opening."""

import re

_VERBS = """carry cover cross drink eat face fill fly hang hold lean lie look play pull push ride run sit sleep stand
surround swim touch walk wait watch wear work""".split()
_BARE = re.compile(
    rf"^(who|what) ({'|'.join(_VERBS)})\b(?! for\b)(?!.*\b(?:is|are|was|were|do|does|did|has|have)\b)", re.I
)
"""`who sit on a bench`: nothing else in the question is a verb that it could depend on."""
_DO_ONE = re.compile(
    r"^((?:who|what|where|when|why|how)(?: \w+)?) do (?=(?:a|an|each|every|this|he|she|it) (?!.* and ))", re.I
)
_MODALS = ("could", "would", "should")
_OPENING = re.compile(r"^(\w+)(?= you\b)", re.IGNORECASE)


def mended_grammar(text: str) -> str:
    """The question with `sits` for `sit` after who and what, `does` before one thing, and `Could` for `Cound` before
    `you`."""
    plain = _DO_ONE.sub(r"\1 does ", _BARE.sub(lambda found: f"{found[1]} {_third_person(found[2])}", text))
    return _OPENING.sub(_opening, plain)


def _third_person(verb: str) -> str:
    if verb[-1] == "y" and verb[-2] not in "aeou":
        return f"{verb[:-1]}ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _opening(found: re.Match[str]) -> str:
    """The modal verb that differs from the word in one letter, where there is one."""
    word = found[1].lower()
    near = [each for each in _MODALS if len(each) == len(word) and sum(map(str.__ne__, each, word)) == 1]
    if word in _MODALS or not near:
        return found[1]
    return near[0].capitalize() if found[1][0].isupper() else near[0]
