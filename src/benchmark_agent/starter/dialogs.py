"""Long dialogues in which what is ordered, booked or packed changes from turn to turn."""

from dataclasses import dataclass, field
from random import Random

from pydantic import JsonValue

from benchmark_agent.starter import makers
from benchmark_agent.starter.families import Row, asked, choices, near, procedural
from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.words import PEOPLE, count, joined, numeral


@dataclass(frozen=True, slots=True)
class Scene:
    clerk: str
    greeting: str
    things: tuple[tuple[str, str], ...]
    """Singular and plural."""
    list_name: str


_SCENES = (
    Scene("Baker", "Good morning! What can I pack for the two of you?", (
        ("rye loaf", "rye loaves"), ("seed roll", "seed rolls"), ("almond croissant", "almond croissants"),
        ("plum tart", "plum tarts"), ("pretzel", "pretzels"), ("cheese scone", "cheese scones"),
        ("cinnamon bun", "cinnamon buns")), "order"),
    Scene("Florist", "Welcome. Shall we start with the table flowers?", (
        ("white rose", "white roses"), ("fern", "ferns"), ("tulip", "tulips"), ("sunflower", "sunflowers"),
        ("iris", "irises"), ("peony", "peonies"), ("eucalyptus branch", "eucalyptus branches")), "order"),
    Scene("Outfitter", "You are off to the mountains, I hear. What do you need?", (
        ("rope", "ropes"), ("carabiner", "carabiners"), ("headlamp", "headlamps"), ("water bottle", "water bottles"),
        ("sleeping mat", "sleeping mats"), ("gas canister", "gas canisters"), ("map", "maps")), "list"),
    Scene("Stationer", "Hello. You wanted to order supplies for the school?", (
        ("notebook", "notebooks"), ("glue stick", "glue sticks"), ("ruler", "rulers"), ("compass", "compasses"),
        ("red pen", "red pens"), ("paint box", "paint boxes"), ("eraser", "erasers")), "order"),
    Scene("Grocer", "Good afternoon. I have your basket open, go ahead.", (
        ("lemon", "lemons"), ("cabbage", "cabbages"), ("jar of honey", "jars of honey"), ("leek", "leeks"),
        ("bag of flour", "bags of flour"), ("mango", "mangoes"), ("tin of beans", "tins of beans")), "basket"),
    Scene("Librarian", "Hello, which equipment does your club want to borrow?", (
        ("tripod", "tripods"), ("microphone", "microphones"), ("projector", "projectors"), ("tablet", "tablets"),
        ("speaker", "speakers"), ("extension cable", "extension cables"), ("headset", "headsets")), "loan"),
)  # fmt: skip

_ADD = ("We would like {n}, please.", "Please add {n}.", "And {n}, if you have them.", "Put down {n} as well.")
_MORE = ("Make that {n} more, please.", "Sorry, {n} more than I said.")
_CHANGE = ("Change the {many} to {n}.", "Actually, we want {n} in all, not what I said before.")
_DROP = ("Leave out the {many} altogether.", "On second thoughts, no {many} at all.")
_FEWER = ("Take {n} off again.", "That is too many: {n} fewer, please.")
_SWAP = ("Swap all the {many} for the same number of {others}.", "Instead of the {many}, give us as many {others}.")
_NOISE = (
    ("Do you take cards?", "Yes, cards are fine."),
    ("How late are you open today?", "Until six, as always."),
    ("It has got cold outside.", "They say it may even snow tonight."),
    ("Could we have a receipt later?", "Of course, I will print one."),
    ("My cousin used to work here.", "Really? Before my time, I think."),
    ("Is there a place to park nearby?", "Behind the chapel, free for an hour."),
)


@dataclass
class Order:
    """What has been said, and what stands on the list after it."""

    scene: Scene
    turns: list[tuple[str, str]]
    amounts: dict[str, int] = field(default_factory=dict)
    """Plural name to how many; an entry taken off stays with 0."""
    peak: dict[str, int] = field(default_factory=dict)
    history: list[tuple[str, str]] = field(default_factory=list)
    """Who changed which thing, in order."""

    def set(self, who: str, many: str, amount: int) -> None:
        self.amounts[many] = amount
        self.peak[many] = max(self.peak.get(many, 0), amount)
        self.history.append((who, many))


def _amount(scene: Scene, many: str, n: int) -> str:
    singular = next(one for one, other in scene.things if other == many)
    return count(n, singular, many)


def _add(random: Random, order: Order, who: str) -> str | None:
    fresh = [many for _, many in order.scene.things if many not in order.amounts]
    if not fresh:
        return None
    many, n = random.choice(fresh), random.randint(2, 12)
    order.set(who, many, n)
    wording = random.choice(_ADD) if len(order.history) > 1 else _ADD[0]
    return wording.format(n=_amount(order.scene, many, n))


def _present(random: Random, order: Order) -> str | None:
    present = [many for many, n in order.amounts.items() if n]
    return random.choice(present) if present else None


def _more(random: Random, order: Order, who: str) -> str | None:
    """More of the thing named last: the speaker does not name it again."""
    last = order.history[-1][1] if order.history else ""
    if not order.amounts.get(last):
        return None
    n = random.randint(1, 5)
    order.set(who, last, order.amounts[last] + n)
    return random.choice(_MORE).format(n=numeral(n))


def _change(random: Random, order: Order, who: str) -> str | None:
    many = _present(random, order)
    if not many:
        return None
    n = random.choice([k for k in range(1, 13) if k != order.amounts[many]])
    template = _CHANGE[0] if many != order.history[-1][1] else random.choice(_CHANGE)
    order.set(who, many, n)
    named = _amount(order.scene, many, n)
    return template.format(many=many, n=named if template is _CHANGE[1] else numeral(n))


def _fewer(random: Random, order: Order, who: str) -> str | None:
    many = order.history[-1][1] if order.history else ""
    if order.amounts.get(many, 0) < 3:
        return None
    n = random.randint(1, order.amounts[many] - 1)
    order.set(who, many, order.amounts[many] - n)
    return random.choice(_FEWER).format(n=numeral(n))


def _drop(random: Random, order: Order, who: str) -> str | None:
    many = _present(random, order)
    if not many:
        return None
    order.set(who, many, 0)
    return random.choice(_DROP).format(many=many)


def _swap(random: Random, order: Order, who: str) -> str | None:
    many = _present(random, order)
    fresh = [other for _, other in order.scene.things if other not in order.amounts]
    if not many or not fresh or order.amounts[many] < 2:
        return None
    other = random.choice(fresh)
    n = order.amounts[many]
    order.set(who, many, 0)
    order.set(who, other, n)
    return random.choice(_SWAP).format(many=many, others=other)


_ACTS = (_add, _add, _add, _more, _change, _change, _fewer, _drop, _swap)
_REPLIES = ("Noted.", "Certainly.", "Done.", "All right.", "No problem.", "Very well.")


def _talk(random: Random) -> tuple[Order, str, str]:
    scene = random.choice(_SCENES)
    one, two = random.sample(PEOPLE, 2)
    order = Order(scene, [(scene.clerk, scene.greeting)])
    steps = random.randint(7, 10)
    while steps:
        act = _add if len(order.history) < 3 else random.choice(_ACTS)
        who = random.choice((one, two))
        said = act(random, order, who)
        if said is None:
            continue
        steps -= 1
        order.turns += [(who, said), (scene.clerk, random.choice(_REPLIES))]
        if random.random() < 0.25:
            remark, reply = random.choice(_NOISE)
            if remark not in [text for _, text in order.turns]:
                order.turns += [(random.choice((one, two)), remark), (scene.clerk, reply)]
    order.turns.append((one, "That is everything, thank you."))
    return order, one, two


def _many(random: Random, order: Order) -> tuple[str, str, JsonValue] | None:
    changed = [many for many, n in order.amounts.items() if [m for _, m in order.history].count(many) > 1 and n]
    if not changed:
        return None
    many = random.choice(changed)
    n = order.amounts[many]
    wrong = [order.peak[many], n + 2, abs(n - 2), *order.amounts.values()]
    return f"How many {many} are on the {order.scene.list_name} in the end?", str(n), near(random, n, wrong)


def _total(random: Random, order: Order) -> tuple[str, str, JsonValue] | None:
    kept = {many: n for many, n in order.amounts.items() if n}
    if len(kept) < 3:
        return None
    total = sum(kept.values())
    wrong = [sum(order.peak.values()), total + max(kept.values()), total - min(kept.values())]
    question = f"How many pieces are on the {order.scene.list_name} in the end, everything counted together?"
    return question, str(total), near(random, total, wrong)


def _most(random: Random, order: Order) -> tuple[str, str, JsonValue] | None:
    ranked = sorted(order.amounts.items(), key=lambda pair: -pair[1])
    if len(ranked) < 4 or ranked[0][1] == ranked[1][1]:
        return None
    names = [many for many, _ in ranked]
    question = f"Of what is there most on the {order.scene.list_name} in the end?"
    return question, names[0], choices(random, names[0], names[1:])


def _gone(random: Random, order: Order) -> tuple[str, str, JsonValue] | None:
    gone = [many for many, n in order.amounts.items() if not n]
    kept = [many for many, n in order.amounts.items() if n]
    if len(gone) != 1 or len(kept) < 3:
        return None
    question = f"Which of these was asked for at first but is not on the {order.scene.list_name} in the end?"
    return question, gone[0], choices(random, gone[0], random.sample(kept, 3))


def _last(random: Random, order: Order) -> tuple[str, str, JsonValue] | None:
    touched = [(who, many) for who, many in order.history]
    many = random.choice(sorted(order.amounts))
    people = {who for who, thing in touched if thing == many}
    if len(people) != 2 or not order.amounts[many]:
        return None
    who = [person for person, thing in touched if thing == many][-1]
    others = sorted({person for person, _ in touched} - {who})
    options = choices(random, who, [*others, order.scene.clerk, "nobody after the first mention"])
    return f"Whose words settled the final number of {many}?", who, options


_QUESTIONS = (_many, _total, _most, _gone, _last)


def _dialog(random: Random, n: int) -> Row | None:
    order, one, two = _talk(random)
    made = _QUESTIONS[n % len(_QUESTIONS)](random, order)
    if made is None or not made[2]:
        return None
    question, answer, options = made
    turns: list[JsonValue] = [{"speaker": speaker, "text": text} for speaker, text in order.turns]
    return {
        "dialog": turns,
        "question": f"In the talk of {joined([one, two])} with the {order.scene.clerk.lower()}: {question}",
        "answer": answer,
        "options": options,
        "difficulty": "very hard" if len(order.history) > 9 else "hard",
    }


DIALOGS = procedural(
    "changing-orders",
    240,
    _dialog,
    description=(
        "Dialogues of fifteen to thirty turns in a shop or library, in which two customers add, raise, lower, swap and "
        "cancel things, often without naming them again, with small talk in between. Questions ask for the final "
        "number, the total, what was cancelled and who settled it. Tests dialogue state tracking and reference."
    ),
    topics="dialogue, conversation, state tracking, reference, order, shopping, speaker, memory, counting",
    fields=(makers.field("dialog", "dialog", "dialog", "conversation"), *asked("phrase")),
    share=0.08,
)

DATASETS: tuple[Maker, ...] = (DIALOGS,)
