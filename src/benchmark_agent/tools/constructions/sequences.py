"""Orders of events, and the first wrong step of a solution."""

import ast
import re
from datetime import date as date_type
from fractions import Fraction
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Items, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import numbers, options, records, wording
from benchmark_agent.tools.constructions.comparisons import orders
from benchmark_agent.tools.constructions.dates import FORMS
from benchmark_agent.tools.constructions.dates import read as days_of
from benchmark_agent.tools.constructions.options import Option
from benchmark_agent.tools.constructions.records import Fact

MOST_EVENTS = 6
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


@construction(kinds=("choice",), signal="what the account says of the order")
def order_events(
    context: Annotated[Phrase, "context"],
    events: Annotated[Items, "context", "time", "rationale"],
    rng: Random,
) -> Composed:
    """Show an account and its events shuffled; ask which order is right, or which comes first, last or next."""
    texts = _steps(events, 3)
    start = rng.randint(0, max(0, len(texts) - MOST_EVENTS))
    right = texts[start : start + MOST_EVENTS]
    shuffled = rng.sample(right, len(right))
    whole = rng.random() < 0.5 or len(right) < 4
    marks = [f"{chr(65 + at)}." if whole else "-" for at in range(len(shuffled))]
    listed = "\n".join(f"{mark} {text}" for mark, text in zip(marks, shuffled, strict=True))
    shown = (options.text_part(context.text), options.text_part(f"Events, in no particular order:\n\n{listed}"))
    return _whole_order(right, shuffled, shown, rng) if whole else _one_place(right, shown, rng)


def _whole_order(right: list[str], shuffled: list[str], shown: tuple[Text, ...], rng: Random) -> Composed:
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
        input=shown,
    )


def _one_place(right: list[str], shown: tuple[Text, ...], rng: Random) -> Composed:
    at = rng.randrange(len(right))
    after = rng.random() < 0.5 and at > 0
    if after:
        question = f"Of the events listed, which comes directly after this one: “{right[at - 1]}”?"
    elif at == len(right) - 1:
        question = "Which of the events listed happens last?"
    else:
        question = f"Which of the {wording.count(len(right))} events listed happens {wording.ordinal(at + 1)}?"
    others = [text for text in right if text != right[at] and not (after and text == right[at - 1])]
    return options.choice(
        question,
        options.option(right[at]),
        [options.option(text) for text in rng.sample(others, min(3, len(others)))],
        rng,
        basis="source",
        proof=f"the dataset's own order: {' / '.join(right)}",
        input=shown,
    )


@construction(kinds=("choice",), signal="the dates of the records shown", companions=8)
def order_by_date(
    entity: Annotated[Phrase, "entity"],
    date: Annotated[Phrase, "time"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    dates: Annotated[tuple[Phrase, ...], "time"],
    rng: Random,
) -> Composed:
    """Show things with their dates, each written another way, and ask which order of four of them is chronological."""
    facts = records.gather(entity, date, entities, dates, least=4, most=6)
    days = {each.entity: _day(each.text) for each in facts.facts}
    four = rng.sample(facts.facts, 4)
    if len({days[each.entity] for each in four}) < 4:
        raise Unfit("two of the things have the same date")
    order = sorted((each.entity for each in four), key=lambda name: days[name])
    told = [Fact(each.entity, rng.choice(FORMS)(days[each.entity]), each.value) for each in facts.facts]
    latest = rng.random() < 0.3
    gold, *wrong = [Option(", ".join(each), "|".join(each)) for each in orders(order[::-1] if latest else order, rng)]
    way = "latest to earliest" if latest else "earliest to latest"
    return options.choice(
        f"Which list is in order of {facts.attribute}, from {way}?",
        gold,
        wrong,
        rng,
        basis="computed",
        proof="; ".join(f"{name}: {days[name].isoformat()}" for name in order),
        input=(records.show(facts.of(told).shuffled(rng), rng),),
    )


def _day(text: str) -> date_type:
    parsed = days_of(text)
    if parsed is None:
        raise Unfit(f"{text!r} is not a date that can be read")
    return parsed[0]


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


TOOLS = (order_events, order_by_date, find_wrong_step)
