"""Drafts of every kind and basis, sound ones and with planted faults, with the answers a careful reader gave to the
rendered prompts. What is expected of each was settled before the answers."""

from dataclasses import dataclass

from benchmark_agent.content import Audio, Composed, Image, Text
from tests.verification.proof_script import Script, item, judges, probes, solves

MILL = (
    "In a mill of Carrowby: Wheel P has 20 teeth. Wheel Q has 36 teeth and meshes directly with wheel P. "
    "Wheel R has 30 teeth and meshes directly with wheel Q. Wheel S has 16 teeth and meshes directly with wheel R."
)
ISLAND = (
    "On a distant island each of the groups named here has at least one member. All toskins are plinth-eaters. "
    "Some brammels are toskins."
)
TOWN = (
    "In Mossgate, north is up and all blocks have the same length. The market hall is one block diagonally to the "
    "southeast of the stable. The stable is one block diagonally to the southeast of the school."
)
FIRE = (
    "Porter: I saw smoke over the dye shed at six, and the door was barred from outside. "
    "Dyer: I barred the door at five, when I went home, and the stove was cold. "
    "Carter: I fetched two bales from the dye shed at half past five and leaned the door shut; nobody had barred it. "
    "Smith: I came by at twenty past five, and that door stood open."
)
LEDGER = (
    "Clerk: the grey mare was paid for with twelve crowns and a saddle. Groom: she came on Tuesday, before the rain. "
    "Farmer: I sold the mare on the day after the rain, and only for coin."
)
BRIDGE = (
    "The toll was lifted in March. In April the mayor said that the toll had never paid for its keeper. "
    "The keeper said that it had paid him twice over, until the ferry came."
)
PICTURE = Image(path=f"media/{'a' * 64}.png", sha256="a" * 64, width=640, height=480)
SOUNDS = [Audio(path=f"media/{c * 64}.wav", sha256=c * 64, duration=1.2, sample_rate=16000) for c in "bcde"]
NUMBERED = tuple(p for n, sound in enumerate(SOUNDS, 1) for p in (Text(text=f"Recording {n}:"), sound))
WHOSE = "Whose account do two others contradict?"
PEOPLE = ("the porter's", "the dyer's", "the carter's", "the smith's")


@dataclass(frozen=True)
class Tried:
    name: str
    body: Composed
    scripts: dict[str, Script]
    asked: str
    """Prompts in order; `+` marks the second try of a solver."""
    check: str = ""
    """The check that fails; empty where the draft is sound."""
    reason: str = ""
    flaw: str = ""


def sound(answer: str, quote: str = "", guess: str = "") -> dict[str, Script]:
    """Everybody agrees, and without the evidence the answer is not found."""
    return {"solve": solves(answer), "judge": judges(answer, quote=quote), "probe": probes(guess or answer)}


DRAFTS = [
    Tried(
        "gears, the data's own options",
        item(
            MILL, question="While wheel P makes 144 full turns, how many full turns does wheel S make?",
            options=("80", "115", "180", "179"), answer="180", gold_basis="source",
        ),
        sound("180", "Wheel P has 20 teeth ... Wheel S has 16 teeth", "115"), "solve probe judge",
    ),
    Tried(
        "a label of logic",
        item(
            ISLAND, question="Does it follow? “Not a single one of the plinth-eaters is among the brammels.”",
            answer_kind="label", options=("contradicted", "entailed", "unknown"), answer="contradicted",
            gold_basis="source",
        ),
        sound("contradicted", "Some brammels are toskins", "unknown"), "solve probe judge",
    ),
    Tried(
        "a label guessed right without evidence",
        item(
            ISLAND, question="Does it follow? “Some plinth-eaters are brammels.”", answer_kind="label",
            options=("contradicted", "entailed", "unknown"), answer="entailed", gold_basis="source",
        ),
        sound("entailed", "Some brammels are toskins"), "solve probe judge",
    ),
    Tried(
        "a word problem, which is its own evidence",
        item(
            question="Each of seven buses leaves with 33 passengers; 5 get off, 11 get on, 2 get off. How many arrive?",
            answer_kind="number", answer="259", gold_basis="source",
        ),
        sound("259"), "solve judge",
    ),
    Tried(
        "a place as a short answer",
        item(
            TOWN, question="Where is the school as seen from the market hall?", answer_kind="span", answer="northwest",
            accepted=("north-west",), gold_basis="source",
        ),
        sound("north-west", "one block diagonally to the southeast of the school", "southeast"), "solve probe judge",
    ),
    Tried(
        "four recordings, in the order they are named",
        Composed(
            input=NUMBERED, evidence=(1, 3, 5, 7), question="In which recording do you hear the digit 5?",
            answer_kind="choice", options=tuple(f"Recording {n}" for n in (1, 2, 3, 4)), answer="Recording 4",
            fixed_order=True, gold_basis="source",
        ),
        sound("Recording 4"), "solve probe judge",
    ),
    Tried(
        "knowledge, no evidence to take away",
        item(
            question="Which of these is the periodic-table period of flerovium?", answer="period 7",
            options=("period 1", "period 7", "period 6", "period 4"), gold_basis="source",
        ),
        sound("period 7"), "solve judge",
    ),
    Tried(
        "a comparison computed from records",
        item(
            "- cesium: 55\n- tellurium: 52", question="Which has the lower atomic number, and by how much?",
            options=("cesium, by 2", "cesium, by 3", "tellurium, by 2", "tellurium, by 3"), answer="tellurium, by 3",
            gold_basis="computed",
        ),
        sound("tellurium, by 3", "tellurium: 52"), "judge",
    ),
    Tried(
        "a computed statement the judge misreads and a solver does not",
        item(
            question="Is this statement true or false? The chemical symbol of phosphorus is Co.", answer_kind="binary",
            answer="false", gold_basis="computed",
        ),
        {"judge": judges("true"), "solve": solves("False")}, "judge solve",
    ),
    Tried(
        "a computed count nobody can read as meant",
        item(
            "| Day | Places |\n| Mon | 8 |\n| Fri | 6 |\n| Fri | 9 |", question="How many is it on the day in all?",
            answer_kind="number", answer="15", gold_basis="computed",
        ),
        {"judge": judges("none", doubts=""), "solve": solves("23")}, "judge solve", "solved_blind", "unclear",
    ),
    Tried(
        "trivial where reasoning is wanted",
        item(
            MILL, question="What kind of machine is it?", options=("circuit", "tank", "gears"), answer="gears",
            gold_basis="source",
        ),
        {
            "solve": solves("gears"),
            "judge": judges("gears", quote="In a mill", unmet=("hard",), doubts="hard: one glance at the text tells."),
            "probe": probes("tank"),
        },
        "solve probe judge", "judged", "hard: one glance",
    ),
    Tried(
        "three accounts, inference needed",
        item(FIRE, question=WHOSE, options=PEOPLE, answer="the dyer's"),
        sound("the dyer's", "nobody had barred it", "the carter's"), "solve probe judge",
    ),
    Tried(
        "planted: two right options",
        item(
            FIRE, question="Who was at the dye shed between five and six?", answer="the carter",
            options=("the carter", "the driver of the cart", "the watchman", "nobody"),
        ),
        {
            "solve": solves("the carter"),
            "judge": judges("the carter", "the driver of the cart"),
            "probe": probes("nobody"),
        },
        "solve probe judge", "judged", "not_unique: the judge holds several answers right: 'the",
    ),
    Tried(
        "planted: a wrong gold",
        item(FIRE, question=WHOSE, options=PEOPLE, answer="the porter's"),
        {"solve": solves("the dyer's", "the dyer's")}, "solve solve+", "solved_blind", "gold_disputed: 2 of 2",
    ),
    Tried(
        "planted: the stem tells the answer",
        item(
            FIRE, question="Two others contradict the dyer's account. Whose account do two others contradict?",
            options=PEOPLE, answer="the dyer's",
        ),
        {
            "solve": solves("the dyer's"),
            "judge": judges(
                "the dyer's", quote="nobody had barred it", unmet=("hides_answer",), doubts="It names the dyer."
            ),
            "probe": probes("the smith's"),
        },
        "solve probe judge", "judged", "hides_answer", "hides_answer",
    ),
    Tried(
        "planted: the material does not tell",
        item(LEDGER, question="What was the groom's name?", options=("Tam", "Joss", "Wil", "Pell"), answer="Joss"),
        {"solve": solves("none", "none")}, "solve solve+", "solved_blind", "gold_disputed",
    ),
    Tried(
        "planted: off the goal",
        item(LEDGER, question="How is a mare's age told?", options=("by teeth", "by coat"), answer="by teeth"),
        {
            "solve": solves("by teeth"),
            "judge": judges("by teeth", unmet=("on_goal", "needs_signal"), doubts="It asks about horses."),
            "probe": probes("by coat"),
        },
        "solve probe judge", "judged", "on_goal, needs_signal: It",
    ),
    Tried(
        "planted: the evidence is not needed",
        item(
            BRIDGE + " Paris is the capital of France.", question="Which city is the capital of France?",
            options=("Lyon", "Paris", "Lille"), answer="Paris",
        ),
        {"solve": solves("Paris"), "judge": judges("Paris"), "probe": probes("Paris", "knowledge")},
        "solve probe", "needs_evidence", "answered without its evidence, 'Paris', by knowledge",
    ),
    Tried(
        "planted: it can be read in two ways",
        item(
            LEDGER, question="On which day was she there?", options=("Tuesday", "the day after the rain", "never"),
            answer="Tuesday",
        ),
        {
            "solve": solves("Tuesday"),
            "judge": judges("Tuesday", unmet=("clear",), doubts="`she` and `there` may mean several things."),
            "probe": probes("never"),
        },
        "solve probe judge", "judged", "clear", "clear",
    ),
    Tried(
        "a picture",
        Composed(
            input=(PICTURE,), evidence=(0,), question="What does the seated woman in the painting hold?",
            answer_kind="choice", options=("a fan", "a letter", "a cat", "a lute"), answer="a letter",
            gold_basis="written",
        ),
        sound("a letter", guess="a fan"), "solve probe judge",
    ),
    Tried(
        "a label of the data that is wrong",
        item(
            BRIDGE, question="Did the keeper hold that the toll had paid?", answer_kind="binary", answer="no",
            gold_basis="source",
        ),
        {
            "solve": solves("yes", "no"),
            "judge": judges("yes", quote="it had paid him twice over"),
            "probe": probes("yes"),
        },
        "solve solve+ probe judge", "solved_blind", "gold_disputed: 2 of 3",
    ),
    Tried(
        "several right options wanted",
        item(
            LEDGER, question="Which two statements contradict another account?", answer_kind="multi_choice",
            options=("paid with a saddle", "came before the rain", "she was grey", "the clerk wrote"),
            answer="paid with a saddle\ncame before the rain",
        ),
        {
            "solve": lambda call: {"answer": call.letters("paid with a saddle", "came before the rain")},
            "judge": judges("paid with a saddle", "came before the rain", quote="only for coin"),
            "probe": lambda call: {
                "found_by": "guess", "answer": call.letters("she was grey", "came before the rain"), "reasoning": ""
            },
        },
        "solve probe judge",
    ),
    Tried(
        "a short answer said to be a guess, yet right",
        item(BRIDGE, question="What, says the keeper, ended his gain?", answer_kind="span", answer="the ferry"),
        {
            "solve": solves("the ferry"),
            "judge": judges("the ferry", quote="until the ferry came"),
            "probe": probes("a ferry"),
        },
        "solve probe", "needs_evidence", "answered without its evidence",
    ),
]  # fmt: skip
