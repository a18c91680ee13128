"""Orders of events, and the first wrong step of a solution."""

import ast
import re
from fractions import Fraction
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Items
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import numbers, options, wording
from benchmark_agent.tools.constructions.comparisons import orders
from benchmark_agent.tools.constructions.options import Option

_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|step \d+[.:]?|[-*•])\s+", re.IGNORECASE)
_EQUATION = re.compile(r"^(?P<left>[^=]*[^=<>!\s])\s*=\s*(?P<right>[-−]?\d[\d,]*(?:\.\d+)?)(?P<rest>[^=\d]*)$")
_LEFT = re.compile(r"[-−(\d][-−+*/×÷x^().,\d\s]*$")
_UNITS = re.compile(r"[$€£%]|(?<=\d)\s*[A-Za-z]{2,}")
_SIGNS = str.maketrans({"−": "-", "×": "*", "x": "*", "÷": "/", ",": ""})


def _steps(items: Items, least: int) -> list[str]:
    texts = [_NUMBERED.sub("", text).strip() for text in items.items]
    if len(texts) < least or len({options.normal(text) for text in texts}) < len(texts) or not all(texts):
        raise Unfit(f"at least {least} different steps are needed")
    return texts


@construction(kinds=("choice",), signal="the order in which the events happen")
def order_events(events: Annotated[Items, "context", "time", "rationale", "span"], rng: Random) -> Composed:
    """Show events shuffled and ask which order is right, or which comes first, last or next."""
    texts = _steps(events, 3)
    start = rng.randint(0, max(0, len(texts) - 6))
    right = texts[start : start + 6]
    shuffled = rng.sample(right, len(right))
    if rng.random() < 0.5 or len(right) < 4:
        return _whole_order(right, shuffled, rng)
    return _one_place(right, shuffled, rng)


def _letters(shuffled: list[str]) -> str:
    return "\n".join(f"{chr(65 + at)}. {text}" for at, text in enumerate(shuffled))


def _whole_order(right: list[str], shuffled: list[str], rng: Random) -> Composed:
    marks = [chr(65 + shuffled.index(text)) for text in right]
    gold, *wrong = [Option(", ".join(each), "".join(each)) for each in orders(marks, rng)]
    return options.choice(
        rng.choice(
            (
                "In what order do these events happen, from first to last?",
                "Which sequence puts the events in the right order, earliest first?",
            )
        ),
        gold,
        wrong,
        rng,
        basis="source",
        proof=f"the dataset's own order: {gold.text}",
        input=(options.text_part(f"Events, in no particular order:\n\n{_letters(shuffled)}"),),
    )


def _one_place(right: list[str], shuffled: list[str], rng: Random) -> Composed:
    at = rng.randrange(len(right))
    after = rng.random() < 0.5 and at > 0
    if after:
        question = f"Which event comes directly after this one: {right[at - 1].rstrip('.')}?"
    elif at == len(right) - 1:
        question = "Which of the events happens last?"
    else:
        question = f"Which of the events happens {wording.ordinal(at + 1)}?"
    others = [text for text in right if text != right[at] and not (after and text == right[at - 1])]
    return options.choice(
        question,
        options.option(right[at]),
        [options.option(text) for text in rng.sample(others, min(3, len(others)))],
        rng,
        basis="source",
        proof=f"the dataset's own order: {' / '.join(right)}",
        input=(options.text_part("Events, in no particular order:\n\n" + "\n".join(f"- {text}" for text in shuffled)),),
    )


@construction(kinds=("choice",), signal="the steps, checked one after the other")
def find_wrong_step(steps: Annotated[Items, "rationale", "context"], rng: Random) -> Composed:
    """Alter the result of one step of a right calculation, so that it is provably wrong; ask which step that is."""
    texts = _steps(steps, 3)
    if len(texts) > 8:
        raise Unfit("the solution has more than eight steps")
    results = [stated_result(text) for text in texts]
    if any(result is False for result in results):
        raise Unfit("a step of the solution is wrong as it stands")
    sound = [at for at, result in enumerate(results) if result]
    if len(sound) < 2:
        raise Unfit("fewer than two steps state a calculation that can be checked")
    at = rng.choice(sound)
    match = _EQUATION.match(texts[at])
    assert match is not None
    said = match["right"]
    near = numbers.near_texts(said, rng, 1)
    if not near:
        raise Unfit(f"the result {said!r} cannot be altered")
    altered = texts[at][: match.start("right")] + near[0][0] + texts[at][match.end("right") :]
    shown = [*texts[:at], altered, *texts[at + 1 :]]
    choices = [Option(f"Step {n}", str(n)) for n in range(1, len(texts) + 1)]
    return options.choice(
        rng.choice(
            (
                "Which step is the first one with a mistake?",
                "One of these steps was miscalculated. Which is the first wrong one?",
            )
        ),
        choices[at],
        choices,
        rng,
        basis="computed",
        proof=f"step {at + 1} should give {said}, and gives {near[0][0]}",
        input=(options.text_part("\n".join(f"Step {n}: {text}" for n, text in enumerate(shown, 1))),),
        fixed_order=True,
    )


def stated_result(step: str) -> bool | None:
    """Whether the calculation `... 3 * 4 = 12` a step ends with is right; None when it states none that can be read."""
    match = _EQUATION.match(step.strip())
    if match is None:
        return None
    left = _LEFT.search(_UNITS.sub("", match["left"]))
    if left is None or not re.search(r"\d\s*[-−+*/×÷x^(]", left[0]):
        return None
    try:
        value = _evaluated(ast.parse(left[0].strip().translate(_SIGNS).replace("^", "**"), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError):
        return None
    return value == Fraction(match["right"].translate(_SIGNS))


def _evaluated(node: ast.expr) -> Fraction:
    """Raises ValueError for anything but the four operations, small powers and numbers."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluated(node.operand)
    if isinstance(node, ast.BinOp):
        return _operated(node.op, _evaluated(node.left), _evaluated(node.right))
    raise ValueError(ast.dump(node))


def _operated(operator: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Mult):
        return left * right
    if isinstance(operator, ast.Div):
        return left / right
    if isinstance(operator, ast.Pow) and right.denominator == 1 and 0 <= right <= 8:
        return left ** int(right)
    raise ValueError(ast.dump(operator))


TOOLS = (order_events, find_wrong_step)
