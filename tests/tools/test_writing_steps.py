"""Dialogues, testimonies, planted mistakes, rewordings, translations and items from a goal."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmark_agent.content import Composed, Dialog, Items, Number, Phrase, Text, Turn
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools import Given
from tests.tools.writing_support import BRIEF, Script, failures, tool

STORY = Given(
    name="story",
    role="context",
    value=Phrase(
        text="At 18:40 the ferry Lindholm left Port Ansel with 112 passengers. Captain Reva had turned it to the north "
        "side of the rock, since the south side was full of nets. It struck a chain and stopped for 25 minutes."
    ),
)

# -- rewrite_question --------------------------------------------------------------------------------------------------

ASKED = Composed(
    input=(Text(text="Ana: I leave on Friday.\nBo: Not before 14:30, I hope.\nAna: Just after “the talk”."),),
    question="Which of Ana and Bo does not want Ana to leave before 14:30, by “the talk”?",
    answer_kind="choice",
    options=("Ana", "Bo"),
    answer="Bo",
    gold_basis="computed",
    evidence=(0,),
)


def reworded(question: str, item: Composed = ASKED, **more: Any) -> Composed:
    made: Composed = tool("rewrite_question").run(item, Script([{"question": question}]), **more)
    return made


def test_a_question_is_put_in_other_words_and_the_rest_stays() -> None:
    made = reworded("Given “the talk”, is it Ana or Bo who would rather not see Ana go before 14:30?", style="harder")
    assert made == ASKED.model_copy(update={"question": made.question})
    assert made.question.startswith("Given “the talk”")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which of Ana and Bo does not want Ana to leave before 15:30, by “the talk”?", "changes or leaves out"),
        ("Which of Ana and Bo does not want Ana to leave before 14:30?", "'the talk'"),
        ("Which of them does not want Ana to leave before 14:30, by “the talk”?", "'Bo'"),
        ("Which of Ana and Bo wants Ana to leave before 14:30, by “the talk”?", "negation"),
        ("", "the question is empty"),
        ("First find Ana, then tell: does not Bo or Ana want to leave before 14:30, “the talk”?", "how to proceed"),
    ],
)
def test_a_question_that_asks_something_else_is_refused(question: str, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        reworded(question)


def test_an_answer_must_not_come_into_the_question() -> None:
    item = ASKED.model_copy(update={"question": "Who says no?", "answer": "Bartholomew", "options": ("Ana", "Jo")})
    with pytest.raises(ToolError, match="says the answer 'Bartholomew'"):
        reworded("Is it not Bartholomew who says no?", item)


def test_a_question_that_is_its_own_evidence_is_left_alone() -> None:
    script = Script([])
    with pytest.raises(Unfit, match="its own evidence"):
        tool("rewrite_question").run(ASKED.model_copy(update={"question": "word " * 100}), script)
    assert script.asked == []


# -- write_dialogue ----------------------------------------------------------------------------------------------------

TALK = [
    ("Ilse", "So the Lindholm left at 18:40, was that Port Ansel or the old pier?"),
    ("Tom", "**Tom:** Port Ansel. And she was nearly full, 112 people, if the list is right."),
    ("Ilse", "Then Reva took the side I would not have taken."),
    ("Tom", "You would have caught the nets then. She caught a chain, that is all."),
]


def dialogue(lines: list[tuple[str, str]], **more: Any) -> Dialog:
    reply: dict[str, object] = {"lines": [{"speaker": who, "text": text} for who, text in lines]}
    made: Dialog = tool("write_dialogue").run((STORY,), Script([reply]), **{"speakers": 2, **more})
    return made


def test_a_conversation_of_two() -> None:
    made = dialogue(TALK)
    assert made.turns[1] == Turn(speaker="Tom", text=TALK[1][1].removeprefix("**Tom:** "))
    assert [turn.speaker for turn in made.turns] == ["Ilse", "Tom"] * 2


def test_a_conversation_in_two_languages() -> None:
    mixed = [
        ("Ilse", "The ferry left at 18:40, and I still do not know why she went around the north side of the rock."),
        ("Tomás", "Por las redes: el lado sur estaba lleno, y la capitana Reva no quiso arriesgarse con tanta gente."),
        ("Ilse", "And what was it that stopped her in the end, the chain or the nets?"),
        ("Tomás", "La cadena. Se quedaron parados veinticinco minutos, eso dijo mi prima, que iba a bordo."),
    ]
    assert len(dialogue(mixed, languages="en, es").turns) == 4
    with pytest.raises(ToolError, match="hardly anything is said in 'es'"):
        dialogue(TALK, languages="en,es")
    within = [
        ("Ilse", "I still do not know why the ferry went around the north side. ¿Fue por las redes?"),
        ("Tomás", "Sí, por las redes. On the south side there were too many, and the captain did not dare."),
        ("Ilse", "So what was it that stopped her in the end, the chain or the nets? No me digas."),
        ("Tomás", "La cadena. My cousin was on board, and they were stuck for twenty-five minutes, she says."),
    ]
    assert len(dialogue(within, languages="en,es").turns) == 4  # hardly a line is Spanish, some sentences are
    german = [
        (who, "Das Schiff fuhr nördlich, weil im Süden " + "Netze lagen " * n) for n, (who, _) in enumerate(TALK, 1)
    ]
    with pytest.raises(ToolError, match="in none of the languages en, es"):
        dialogue(german, languages="en,es")


def test_testimonies_are_a_turn_each_and_may_differ_from_the_source() -> None:
    made = dialogue([("Cook", "I counted 140 heads."), ("Mate", "We stopped for an hour.")], style="witnesses")
    assert (made.name, len(made.turns)) == ("accounts", 2)


@pytest.mark.parametrize(
    ("lines", "more", "said"),
    [
        (TALK, {"speakers": 3}, "2 speakers say something; there must be 3"),
        (TALK[:3], {}, "too few for 2 speakers"),
        ([*TALK, ("Tom", TALK[0][1])], {}, "said twice"),
        ([*TALK, ("Tom", "They waited 55 minutes.")], {}, "not in the source: 55"),
        ([], {}, "0 speakers"),
        (TALK, {"style": "witnesses"}, "2 witnesses gave 4 accounts"),
    ],
)
def test_what_is_no_such_conversation_is_refused(lines: Any, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        dialogue(lines, **more)


@pytest.mark.parametrize("more", [{"speakers": 9}, {"style": "opera"}, {"languages": "klingon"}])
def test_arguments_out_of_range_are_refused_unasked(more: dict[str, Any]) -> None:
    with pytest.raises(Unfit):
        tool("write_dialogue").run((STORY,), Script([]), **{"speakers": 2, **more})


# -- ask_witnesses -----------------------------------------------------------------------------------------------------

SAYS = {
    "right": "I stood at the rail and saw the rock pass on our right, so we were on the north side of it for sure.",
    "mistaken": "I was asleep below; the cook told me later that we went by the south side, so that is what I know.",
    "otherwise": "Through the fog I took the bell for the one on the west side, so on the west side it was, I say.",
    "silent": "From the quay I only saw that the water left of the rock was white with nets and their buoys.",
}


def says(parts: list[str], **more: Any) -> dict[str, Any]:
    return {
        "gold": "The ferry passed the rock on its north side.",
        "answer": "On the north side",
        "mistaken": "On the south side",
        "other_wrong": ["On the west side", "On the east side"],
        "question": "On which side did the ferry really pass the rock?",
        "accounts": [{"speaker": f"Witness {n}", "text": f"{SAYS[part]} ({n})"} for n, part in enumerate(parts)],
        **more,
    }


def drawn(seed: int) -> list[str]:
    """What the prompt tells each witness to be."""
    script = Script([{"fits": False}])
    with pytest.raises(Unfit):
        tool("ask_witnesses").run((STORY,), script, Random(seed))
    listed = [line for line in script.asked[0].splitlines() if line[:3] in ("  1", "  2", "  3", "  4")]
    marks = {"`mistaken`": "mistaken", "is right about": "right", "`other_wrong`": "otherwise"}
    return [next((part for mark, part in marks.items() if mark in each), "silent") for each in listed]


def witnesses(reply: dict[str, Any], seed: int = 5) -> Composed:
    made: Composed = tool("ask_witnesses").run((STORY,), Script([reply]), Random(seed))
    return made


def test_the_gold_is_what_the_drawn_witnesses_say(tmp_path: Path) -> None:
    parts = drawn(5)
    assert sorted(parts) == ["mistaken", "otherwise", "right", "silent"]
    made = witnesses(says(parts))
    assert (made.answer, made.gold_basis, made.evidence) == ("On the north side", "written", (0, 1, 2, 3))
    assert f"Right: witness {parts.index('right') + 1}" in made.proof
    assert all("112 passengers" not in part.text for part in made.input if isinstance(part, Text))
    assert failures(made, MediaStore(tmp_path)) == []


def test_accounts_that_are_not_as_drawn_are_refused() -> None:
    parts = drawn(5)
    swapped = [{"right": "mistaken", "mistaken": "right"}.get(part, part) for part in parts]
    with pytest.raises(ToolError, match="of the detail and does not; use these words"):
        witnesses(says(swapped))
    talking = [{"speaker": part, "text": f"{SAYS[part]} The ferry passed it on the north side."} for part in parts]
    with pytest.raises(ToolError, match="must not tell the detail and says 'On the north side'"):
        witnesses(says(parts, accounts=talking))
    elsewhere = [{"speaker": part, "text": f"{SAYS[part]} My own boat lay on the south side."} for part in parts]
    assert witnesses(says(parts, accounts=elsewhere)).answer == "On the north side"
    one_mistake = ["mistaken" if part == "otherwise" else part for part in parts]
    with pytest.raises(ToolError, match="must say 'On the west side' of the detail and does not"):
        witnesses(says(one_mistake))
    with pytest.raises(ToolError, match="4 accounts are needed and there are 3"):
        witnesses(says(parts[:3]))
    with pytest.raises(ToolError, match="wrong options"):
        witnesses(says(parts, mistaken="on the North side"))
    accounts = [{"speaker": "I", "text": SAYS[part]} for part in parts]
    with pytest.raises(ToolError, match="same name"):
        witnesses(says(parts, accounts=accounts))


@pytest.mark.parametrize(("count", "silent"), [(3, 1), (4, 1), (5, 2)])
def test_each_version_has_one_voice(count: int, silent: int) -> None:
    script = Script([{"fits": False}])
    with pytest.raises(Unfit):
        tool("ask_witnesses").run((STORY,), script, Random(0), witnesses=count)
    prompt = script.asked[0]
    assert prompt.count(". is right about") == prompt.count(". says `mistaken`") == 1
    assert prompt.count(". says the first of `other_wrong`") == min(count - 3, 1)
    assert prompt.count(". says nothing of the detail") == silent


# -- perturb_step ------------------------------------------------------------------------------------------------------

STEPS = Items(
    items=(
        "1. The tank holds 90 litres and a third of it is full, so 30 litres are in it.",
        "2. The tap adds 4 litres a minute, which makes 40 litres in 10 minutes.",
        "3. After 10 minutes there are 30 + 40 = 70 litres in the tank.",
    )
)
PROBLEM = (Given(name="problem", role="question", value=Phrase(text="How much is in the tank after 10 minutes?")),)
WRONG = {
    1: "The tank holds 90 litres and a third of it is full, so 45 litres are in it.",
    2: "Step 2: The tap adds 4 litres a minute, which makes 44 litres in 10 minutes.",
    3: "After 10 minutes there are 30 + 40 = 60 litres in the tank",
}


def planted(step: str, seed: int = 0, answer_kinds: tuple[str, ...] = ("choice",), **more: Any) -> Composed:
    script = Script([{"changed": "the result", "step": step}], BRIEF.model_copy(update={"answer_kinds": answer_kinds}))
    made: Composed = tool("perturb_step").run(more.pop("solution", STEPS), script, Random(seed), **more)
    return made


def asked_for(seed: int) -> int:
    script = Script([{"step": ""}])
    with pytest.raises(ToolError):
        tool("perturb_step").run(STEPS, script, Random(seed))
    return int(script.asked[0].split("mistake in step ")[1][0])


def test_the_gold_is_the_step_that_was_drawn(tmp_path: Path) -> None:
    seen = set()
    for seed in range(12):
        number = asked_for(seed)
        seen.add(number)
        made = planted(WRONG[number], seed, problem=PROBLEM)
        assert made.answer == f"Step {number}"
        assert made.options == ("Step 1", "Step 2", "Step 3")
        lines = made.input[1].text.splitlines() if isinstance(made.input[1], Text) else []
        same = [line.split(": ", 1)[1] == step[3:] for line, step in zip(lines, STEPS.items, strict=True)]
        assert same.count(False) == 1
        assert not same[number - 1]
        assert lines[number - 1].endswith(".")
        assert failures(made, MediaStore(tmp_path)) == []
    assert seen == {1, 2, 3}


def test_the_number_of_the_step_may_be_asked_for(tmp_path: Path) -> None:
    number = asked_for(0)
    made = planted(WRONG[number], answer_kinds=("number",))
    assert (made.answer_kind, made.answer, made.options) == ("number", str(number), ())
    brief = BRIEF.model_copy(update={"answer_kinds": ("number",)})
    assert failures(made, MediaStore(tmp_path), brief) == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("", "unchanged"),
        ("{same}", "unchanged"),
        ("{other}", "repeats another step"),
        ("Water is heavy and this has nothing to do with it", "written anew"),
        ("{same}, as anybody can see at once", "says the same in other words"),
        ("{same} not (a wrong step)", "says that it is wrong"),
    ],
)
def test_what_is_no_planted_mistake_is_refused(step: str, said: str) -> None:
    number = asked_for(0)
    same, other = STEPS.items[number - 1][3:-1], STEPS.items[number % 3][3:]
    with pytest.raises(ToolError, match=said):
        planted(step.format(same=same, other=other))


def test_a_direction_turned_round_is_a_mistake() -> None:
    prose = Phrase(
        text="Open the left valve slowly. Close the valve after the bell. Wait until the pump is silent now."
    )
    script = Script([{"step": "Close the valve before the bell."}])
    for seed in range(9):
        script = Script([{"step": ""}])
        with pytest.raises(ToolError):
            tool("perturb_step").run(prose, script, Random(seed))
        if "mistake in step 2" in script.asked[0]:
            assert planted("Close the valve before the bell.", seed, solution=prose).answer == "Step 2"
            return
    pytest.fail("step 2 was never drawn")


@pytest.mark.parametrize("text", ["One step.", "Yes. No. So.", "Same. Same. Same step here is."])
def test_solutions_without_steps_that_say_something_are_refused_unasked(text: str) -> None:
    with pytest.raises(Unfit):
        tool("perturb_step").run(Phrase(text=text), Script([]), Random(0))


# -- translate ---------------------------------------------------------------------------------------------------------

ENGLISH = Phrase(
    text="On 14 May the singer Marta Olsen left London with 3 trunks and 1,250 letters that nobody had read."
)


def translated(text: str, to: str = "es", source: Phrase = ENGLISH) -> Phrase:
    made: Phrase = tool("translate").run(source, Script([{"text": text}]), to=to)
    return made


def test_numbers_and_names_survive() -> None:
    spanish = "El 14 de mayo la cantante Marta Olsen dejó Londres con 3 baúles y 1.250 cartas que nadie había leído."
    assert translated(spanish).text == spanish
    arabic = "في ١٤ مايو غادرت المغنية مارتا أولسن لندن ومعها ٣ حقائب و ١٢٥٠ رسالة لم يقرأها أحد من قبل أبدا."
    assert translated(arabic, "ar").text == arabic


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("El 14 de mayo la cantante Marta Olsen dejó Londres con 3 baúles y 1.350 cartas que nadie leyó.", "numbers"),
        ("El 14 de mayo una cantante dejó la ciudad con 3 baúles y 1.250 cartas que nadie había leído.", "names"),
        ("Am 14. Mai verließ die Sängerin Marta Olsen London mit 3 Koffern und 1.250 ungelesenen Briefen.", "not in"),
        (ENGLISH.text, "nothing was translated"),
        ("", "nothing was translated"),
        ("Sí.", "translate the whole text"),
    ],
)
def test_a_translation_that_lost_something_is_refused(text: str, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        translated(text)


def test_what_needs_no_translation_asks_nobody() -> None:
    english = Phrase(text="The letters are in the second trunk and nobody has read them.")
    assert tool("translate").run(english, Script([]), to="en") == english
    with pytest.raises(Unfit, match="no language 'english'"):
        tool("translate").run(english, Script([]), to="english")


# -- write_from_goal ---------------------------------------------------------------------------------------------------

FROM_GOAL: dict[str, object] = {
    "passage": "The keeper noted at dusk that the lamp was lit late, because the oil went to the old tower. "
    "His sister, who fetched it, met nobody on the path, though the gate stood open when she left and shut on her way "
    "back. The dog slept through all of it.",
    "gold": "Somebody the dog knew shut the gate.",
    "question": "Who most likely shut the gate?",
    "answer": "Somebody familiar to the dog",
    "distractors": [
        {"changed": "familiar -> unknown", "text": "Somebody unknown to the dog"},
        {"changed": "who", "text": "The sister on her way out"},
        {"changed": "who", "text": "The keeper before lighting the lamp"},
    ],
}


def test_items_from_the_goal_differ_by_their_number(tmp_path: Path) -> None:
    asked = []
    for number in range(1, 41):
        script = Script([FROM_GOAL])
        item = tool("write_from_goal").run(Number(value=number), script, Random(number))
        asked.append(script.asked[0].split("For this one")[1].split("Fill in")[0])
    assert len(set(asked)) == 40
    assert item.input == (Text(text=str(FROM_GOAL["passage"])),)
    assert item.evidence == (0,)
    assert failures(item, MediaStore(tmp_path)) == []


def test_an_item_of_knowledge_alone_shows_nothing(tmp_path: Path) -> None:
    item = tool("write_from_goal").run(Number(value=1), Script([{**FROM_GOAL, "passage": " "}]), Random(1))
    assert (item.input, item.evidence) == ((), ())
    assert failures(item, MediaStore(tmp_path)) == []
