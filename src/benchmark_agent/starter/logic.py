"""Deduction: what follows from rules or from statements about groups, and who lies on an island of knights and knaves.

Truth is found over all models: every assignment of the switches, every choice of inhabited regions, every set of liars.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, permutations, product
from random import Random

from benchmark_agent.starter.families import Row, asked, choices, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import PEOPLE, TOWNS, capital, joined, listing, numeral

ENTAILED, CONTRADICTED, UNKNOWN = "entailed", "contradicted", "unknown"
LABELS = (ENTAILED, CONTRADICTED, UNKNOWN)

Mask = int
"""The models in which a statement holds: bit k for model k."""


def _mask(models: Sequence[Sequence[bool]], holds: Callable[[Sequence[bool]], bool]) -> Mask:
    return sum(1 << k for k, model in enumerate(models) if holds(model))


_STATES = tuple(product((False, True), repeat=6))
_ALL_STATES = (1 << len(_STATES)) - 1
_ON = tuple(_mask(_STATES, lambda state, k=k: state[k]) for k in range(6))  # type: ignore[misc]
"""For each of the six facts of a system, the states in which it is so."""

_SYSTEMS = (
    ("the pumping station", ("the red lamp is on", "the pump runs", "the valve is open", "the tank is full",
                             "the alarm rings", "the filter is blocked")),
    ("the greenhouse", ("the vents are open", "the heater runs", "the mist is on", "the blinds are down",
                        "the fan turns", "the soil is dry")),
    ("the lock gate", ("the upper gate is shut", "the sluice is raised", "the signal is green", "the chamber is full",
                       "the bridge is down", "the keeper is on duty")),
    ("the bakery", ("the oven is hot", "the dough has risen", "the shop is open", "the mixer turns",
                    "the delivery has come", "the till is locked")),
    ("the studio", ("the microphone is live", "the door is closed", "the tape is rolling", "the lights are dimmed",
                    "the band is tuning", "the clock is stopped")),
    ("the observatory", ("the dome is open", "the mirror is cooled", "the sky is clear", "the camera records",
                         "the motor hums", "the moon is up")),
)  # fmt: skip
_NEGATED = {
    " is ": " is not ", " are ": " are not ", " runs": " does not run", " rings": " does not ring",
    " turns": " does not turn", " hums": " does not hum", " records": " does not record", " has ": " has not ",
}  # fmt: skip


def negated(sentence: str) -> str:
    """`the pump runs` -> `the pump does not run`."""
    found = next(key for key in _NEGATED if key in sentence)
    return sentence.replace(found, _NEGATED[found], 1)


def _literal(random: Random, facts: tuple[str, ...], index: int) -> tuple[str, Mask]:
    if random.random() < 0.35:
        return negated(facts[index]), _ALL_STATES & ~_ON[index]
    return facts[index], _ON[index]


def _rule(random: Random, facts: tuple[str, ...]) -> tuple[str, Mask]:
    one, two, three = random.sample(range(len(facts)), 3)
    a, is_a = _literal(random, facts, one)
    b, is_b = _literal(random, facts, two)
    c, is_c = _literal(random, facts, three)
    text, mask = random.choice(
        (
            (f"If {a} and {b}, then {c}.", ~(is_a & is_b) | is_c),
            (f"{capital(a)} or {b}, or both.", is_a | is_b),
            (f"{capital(a)} only if {b}.", ~is_a | is_b),
            (f"{capital(a)} unless {b}.", is_a | is_b),
            (f"Either {a} or {b}, but never both.", is_a ^ is_b),
            (f"Whenever {a}, {b}.", ~is_a | is_b),
        )
    )
    return text, mask & _ALL_STATES


def verdict(models: Mask, claim: Mask) -> str:
    """Entailed when the claim holds in every model, contradicted when in none, else unknown."""
    return ENTAILED if models & claim == models else UNKNOWN if models & claim else CONTRADICTED


def _settles(models: Mask, premises: Sequence[Mask], claim: Mask, wanted: str) -> bool:
    """Whether the premises give the wanted verdict, and no single one of them does so alone."""
    left = models
    for premise in premises:
        left &= premise
    if not left or verdict(left, claim) != wanted:
        return False
    alone = [models & premise for premise in premises]
    return wanted == UNKNOWN or not any(verdict(one, claim) == wanted for one in alone if one)


def _switches(random: Random, wanted: str) -> Row | None:
    place, facts = random.choice(_SYSTEMS)
    rules = [_rule(random, facts) for _ in range(5)]
    given = random.sample(range(len(facts)), 1 + (random.random() < 0.5))
    known = [_literal(random, facts, index) for index in given]
    claim, mask = _literal(random, facts, random.choice([k for k in range(len(facts)) if k not in given]))
    models = _ALL_STATES
    for _, fact in known:
        models &= fact
    told = [text for text, _ in rules] + [f"{capital(text)}." for text, _ in known]
    if len(set(told)) < len(told) or not _settles(models, [rule for _, rule in rules], mask, wanted):
        return None
    town = random.choice(TOWNS)
    random.shuffle(told)
    return {
        "context": f"About {place} of {town} the following is true. {' '.join(told)}",
        "question": f"Judge this statement about {place} of {town}: “{capital(claim)}.” Does it follow?",
        "answer": wanted,
        "difficulty": "hard",
    }


_GROUPS = listing(
    "brammels toskins velders quibs dorrows lumpets zerrins fandles grisks morbets plinth-eaters snarrows "
    "tarn-dwellers "
    "wexels yorrins umbers"
)
_REGIONS = tuple(product((False, True), repeat=3))
_WORLDS = tuple(
    world
    for world in product((False, True), repeat=len(_REGIONS))
    if all(any(world[k] for k, region in enumerate(_REGIONS) if region[group]) for group in range(3))
)
"""Which regions of three groups, in or out of each, are inhabited; no group is empty."""
_ALL_WORLDS = (1 << len(_WORLDS)) - 1


def _inhabited(one: int, two: int, *, inside: bool) -> Mask:
    """Worlds in which some of group `one` are in group `two` (or, not `inside`, out of it)."""
    regions = [k for k, region in enumerate(_REGIONS) if region[one] and region[two] is inside]
    return _mask(_WORLDS, lambda world: any(world[k] for k in regions))


_SOME = {pair: _inhabited(*pair, inside=True) for pair in permutations(range(3), 2)}
_SOME_NOT = {pair: _inhabited(*pair, inside=False) for pair in permutations(range(3), 2)}


def _quantified(random: Random, names: Sequence[str], pair: tuple[int, int]) -> tuple[str, Mask]:
    a, b = names[pair[0]], names[pair[1]]
    kind = random.randrange(4)
    plain, wordy = (
        (f"All {a} are {b}.", f"Every one of the {a} is among the {b}."),
        (f"No {a} are {b}.", f"Not a single one of the {a} is among the {b}."),
        (f"Some {a} are {b}.", f"At least one of the {a} is among the {b}."),
        (f"Some {a} are not {b}.", f"At least one of the {a} is not among the {b}."),
    )[kind]
    mask = (~_SOME_NOT[pair], ~_SOME[pair], _SOME[pair], _SOME_NOT[pair])[kind] & _ALL_WORLDS
    return random.choice((plain, wordy)), mask


def _groups(random: Random, wanted: str) -> Row | None:
    names = random.sample(_GROUPS, 3)
    pairs = random.sample(sorted(_SOME), 3)
    premises = [_quantified(random, names, pair) for pair in pairs]
    claim, mask = _quantified(random, names, random.choice(sorted(_SOME)))
    if len({frozenset(pair) for pair in pairs}) < 2:
        return None
    if not _settles(_ALL_WORLDS, [premise for _, premise in premises], mask, wanted):
        return None
    return _told(random, premises, claim, wanted)


def _told(random: Random, premises: list[tuple[str, Mask]], claim: str, wanted: str) -> Row | None:
    texts = [text for text, _ in premises]
    if claim in texts:
        return None
    random.shuffle(texts)
    return {
        "context": f"On a distant island each of the groups named here has at least one member. {' '.join(texts)}",
        "question": f"Given this, judge the statement: “{claim}” Does it follow?",
        "answer": wanted,
        "difficulty": "moderate",
    }


def _entailment(random: Random, n: int) -> Row | None:
    wanted = LABELS[n % 3]
    return _switches(random, wanted) if n // 3 % 2 else _groups(random, wanted)


ENTAILMENT = procedural(
    "logical-entailment",
    270,
    _entailment,
    description=(
        "Does a statement follow? Half of the rows give rules about switches and states of a plant (if, only if, "
        "unless, either or), half give statements on invented groups (all, no, some, some not). The label says whether "
        "the statement is entailed, contradicted or left unknown; all three are equally frequent. Tests deduction."
    ),
    topics="logic, deduction, entailment, syllogism, inference, rule, quantifier, contradiction, reasoning",
    fields=(field("context", "context", label="premises"), *asked("label", options=False)),
    share=0.34,
)


def _claim(random: Random, names: list[str], who: int) -> tuple[str, Callable[[Sequence[bool]], bool]]:
    one, two = random.sample([k for k in range(len(names)) if k != who], 2)
    a, b = names[one], names[two]
    kind = random.randrange(6)
    if kind == 0:
        return f"{a} is a knave.", lambda m: not m[one]
    if kind == 1:
        return f"{a} and {b} are of the same kind.", lambda m: m[one] == m[two]
    if kind == 2:
        return f"{a} and I are of different kinds.", lambda m: m[one] != m[who]
    if kind == 3:
        return f"At least one of {a} and {b} is a knight.", lambda m: m[one] or m[two]
    if kind == 4:
        return f"Exactly two of us {numeral(len(names))} are knights.", lambda m: sum(m) == 2
    return f"If {a} is a knight, then {b} is a knave.", lambda m: not m[one] or not m[two]


def _knights_named(names: list[str], model: Iterable[bool]) -> str:
    knights = [name for name, honest in zip(names, model, strict=True) if honest]
    if len(knights) == len(names):
        return "all of them"
    return f"only {joined(knights)}" if knights else "none of them"


def _island(random: Random, n: int) -> Row | None:
    names = random.sample(PEOPLE, 3 + n % 2)
    claims = [_claim(random, names, who) for who in range(len(names))]
    models = [
        m
        for m in product((False, True), repeat=len(names))
        if all(test(m) == m[who] for who, (_, test) in enumerate(claims))
    ]
    if len(models) != 1 or not any(models[0]):
        return None
    answer = _knights_named(names, models[0])
    sets = [subset for size in range(len(names) + 1) for subset in combinations(range(len(names)), size)]
    others = [_knights_named(names, [k in subset for k in range(len(names))]) for subset in sets]
    random.shuffle(others)
    told = " ".join(f"{name}: “{text}”" for name, (text, _) in zip(names, claims, strict=True))
    return {
        "context": f"On {random.choice(TOWNS)} island knights always tell the truth and knaves always lie. {told}",
        "question": f"Which of {joined(names)} are knights?",
        "answer": answer,
        "options": choices(random, answer, others),
        "difficulty": "very hard" if len(names) > 3 else "hard",
    }


KNIGHTS = procedural(
    "knights-and-knaves",
    150,
    _island,
    description=(
        "Three or four islanders, each a knight who always tells the truth or a knave who always lies, speak about "
        "each other. Exactly one assignment fits all they say. The question asks who the knights are. Tests deduction "
        "from self-referring statements and search through cases."
    ),
    topics="logic, deduction, puzzle, truth, liar, case analysis, constraint, reasoning",
    fields=(field("context", "context", label="statements"), *asked("phrase")),
    share=0.05,
    even=True,
)

DATASETS: tuple[Maker, ...] = (ENTAILMENT, KNIGHTS)
