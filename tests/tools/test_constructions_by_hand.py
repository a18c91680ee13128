"""Each construction on rows written by hand, its gold worked out by hand."""

import re
from random import Random

import pytest

from benchmark_agent.content import (
    Choices,
    Composed,
    Dialog,
    Items,
    Label,
    Number,
    Phrase,
    Table,
    Text,
    Turn,
)
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.constructions import TOOLS

BY_NAME = {tool.name: tool for tool in TOOLS}
SEEDS = range(12)


def make(name: str, seed: int = 0, **given: object) -> Composed:
    tool = BY_NAME[name]
    item = tool.run(**given, **{want: Random(seed) for want, _ in tool.wants})
    assert isinstance(item, Composed)
    return item


def phrases(*texts: str, name: str = "") -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text, name=name) for text in texts)


def towns(*texts: str) -> tuple[Phrase, ...]:
    return phrases(*texts, name="town")


def people_in(*values: int) -> tuple[Number, ...]:
    return tuple(Number(value=value, name="population") for value in values)


def test_every_tool_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len(BY_NAME) == len(TOOLS) >= 30
    for tool in TOOLS:
        assert tool.constructs
        assert tool.signal
        assert len(tool.description) > 40
        assert tool.companions == 0 or any(param.many for param in tool.params)


# -- the dataset's own questions -----------------------------------------------------------------


def test_as_is_keeps_options_and_answer() -> None:
    item = make("as_is", question=Phrase(text="2 + 2?"), options=Choices(options=("3", "4", "5"), answer=1))
    assert (item.answer, item.options, item.gold_basis) == ("4", ("3", "4", "5"), "source")
    assert not item.fixed_order


def test_as_is_keeps_the_order_of_options_that_refer_to_each_other() -> None:
    options = Choices(options=("red", "blue", "none of these"), answer=2)
    assert make("as_is", question=Phrase(text="Which?"), options=options).fixed_order


@pytest.mark.parametrize("options", [Choices(options=("a", "b")), Choices(options=("4", "4.0"), answer=0)])
def test_as_is_refuses_a_row_without_one_right_option(options: Choices) -> None:
    with pytest.raises(Unfit):
        make("as_is", question=Phrase(text="Which?"), options=options)


def test_as_is_context_shows_the_passage_as_evidence() -> None:
    item = make(
        "as_is_context",
        context=Phrase(text="The bell is red."),
        question=Phrase(text="What colour is the bell?"),
        options=Choices(options=("red", "blue"), answer=0),
    )
    assert item.input == (Text(text="The bell is red."),)
    assert item.evidence == (0,)


@pytest.mark.parametrize(
    ("answer", "kind", "gold", "accepted"),
    [
        (Number(value=12.50), "number", "12.5", ()),
        (Phrase(text="1,204"), "number", "1204", ()),
        (Phrase(text="Yes"), "binary", "yes", ()),
        (Label(text="neutral", vocabulary=("neutral", "good")), "label", "neutral", ()),
        (Items(items=("Paris", "City of Light")), "span", "Paris", ("City of Light",)),
    ],
)
def test_short_answers_have_the_kind_of_their_value(answer: object, kind: str, gold: str, accepted: object) -> None:
    item = make("short_answer", question=Phrase(text="What is it?"), answer=answer)
    assert (item.answer_kind, item.answer, item.accepted) == (kind, gold, accepted)
    assert item.options == (("neutral", "good") if kind == "label" else ())


@pytest.mark.parametrize(
    ("question", "answer"),
    [("What happened?", "word " * 13), ("Which of these is red?", "the bell"), ("Claire has the", "blue present")],
)
def test_short_answer_refuses_what_cannot_be_compared_or_asked_openly(question: str, answer: str) -> None:
    with pytest.raises(Unfit):
        make("short_answer", question=Phrase(text=question), answer=Phrase(text=answer))


def test_dialogs_and_tables_are_shown_as_text() -> None:
    dialog = Dialog(turns=(Turn(speaker="Ann", text="Hello."), Turn(speaker="Bo", text="Two teas.")))
    item = make("dialog_answer", dialog=dialog, question=Phrase(text="How many?"), answer=Number(value=2))
    assert item.input == (Text(text="Ann: Hello.\nBo: Two teas."),)
    table = Table(columns=("a", "b"), rows=(("x", 1), ("y", None)))
    item = make("table_answer", table=table, question=Phrase(text="What is b of x?"), answer=Number(value=1))
    assert item.input == (Text(text="| a | b |\n| --- | --- |\n| x | 1 |\n| y |  |"),)


def test_a_long_answer_is_asked_openly_only_where_it_can_be_read() -> None:
    said, question = Phrase(text="because the old lock had rusted"), Phrase(text="Why was it shut?")
    passage = Phrase(text="It was shut because the old lock had rusted.")
    assert make("short_answer_context", context=passage, question=question, answer=said).answer == said.text
    with pytest.raises(Unfit):
        make("short_answer", question=question, answer=said)


def test_as_is_context_takes_conversations_and_tables() -> None:
    question, options = Phrase(text="Who?"), Choices(options=("Ann", "Bo"), answer=0)
    dialog = Dialog(turns=(Turn(speaker="Ann", text="It was me."),))
    assert make("as_is_context", context=dialog, question=question, options=options).input == (
        Text(text="Ann: It was me."),
    )
    table = Table(columns=("who",), rows=(("Ann",),))
    assert make("as_is_context", context=table, question=question, options=options).input == (
        Text(text="| who |\n| --- |\n| Ann |"),
    )


def test_trace_code_shows_a_program_and_refuses_prose() -> None:
    question, answer = Phrase(text="What does it print?"), Number(value=6)
    item = make("trace_code", code=Phrase(text="x = 2\nprint(x * 3)"), question=question, answer=answer)
    assert item.input == (Text(text="```python\nx = 2\nprint(x * 3)\n```"),)
    with pytest.raises(Unfit):
        make("trace_code", code=Phrase(text="The cat sat on it."), question=question, answer=answer)


# -- questions as choices ------------------------------------------------------------------------


def answer_to_choice(question: str, answer: object, others: dict[str, str], seed: int = 0) -> Composed:
    return make(
        "answer_to_choice",
        seed,
        question=Phrase(text=question),
        answer=answer,
        questions=phrases(*others),
        answers=phrases(*others.values()),
    )


CAPITALS = {
    f"What is the capital of {c}?": a for c, a in zip("KLMNO", ("Paris", "Oslo", "Rome", "Lima", "Bern"), strict=True)
}


def test_answers_of_other_rows_are_the_wrong_options() -> None:
    item = answer_to_choice("What is the capital of Peruvia?", Phrase(text="Quito"), CAPITALS)
    assert item.answer == "Quito"
    assert set(item.options) - {"Quito"} <= set(CAPITALS.values())


def test_an_accepted_answer_is_never_a_wrong_option() -> None:
    answer = Items(items=("Quito", "Paris", "Oslo"))
    with pytest.raises(Unfit):
        answer_to_choice("What is the capital of Peruvia?", answer, dict(list(CAPITALS.items())[:4]))


def test_another_answer_to_the_same_question_may_be_right_and_is_left_out() -> None:
    same = {"Who wrote it?": "Ann Lee", "who wrote it": "Bo Day"}
    with pytest.raises(Unfit):
        answer_to_choice("Who wrote it?", Phrase(text="Cy Orr"), same)


def test_a_question_about_its_own_options_is_left_alone() -> None:
    with pytest.raises(Unfit):
        answer_to_choice("Which of these is a capital?", Phrase(text="Quito"), CAPITALS)


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_numbers_are_written_like_the_gold_and_differ_from_it(seed: int) -> None:
    item = answer_to_choice("How much?", Phrase(text="$1,204.50"), {}, seed)
    assert item.answer == "$1,204.50"
    assert len(set(item.option_values)) == 4
    assert all(option.startswith("$") and option[-3] == "." for option in item.options)


@pytest.mark.parametrize(("text", "value"), [("02/28/2019", "2019-02-28"), ("3 March 2020", "2020-03-03")])
def test_wrong_dates_are_written_like_the_gold(text: str, value: str) -> None:
    item = answer_to_choice("When?", Phrase(text=text), {})
    assert item.option_values[item.options.index(text)] == value
    assert len({len(option.split()) for option in item.options}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_gold_stands_in_the_passage_wrong_options_do(seed: int) -> None:
    passage = "At noon Olga met Pierre, who had written to Ivan. Then Anna came, and Boris left."
    item = make(
        "answer_to_choice_context",
        seed,
        context=Phrase(text=passage),
        question=Phrase(text="Who had sent a letter?"),
        answer=Phrase(text="Pierre"),
        questions=phrases("Who left?", "Who is that?", "Who ran?"),
        answers=phrases("Kilian", "Horst", "Ludwig"),
    )
    assert item.answer == "Pierre"
    assert all(option in passage for option in item.options)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_program_prints_stands_among_miscounts(seed: int) -> None:
    item = make(
        "trace_code_choice",
        seed,
        code=Phrase(text="x = [4, 7]\nprint(x, sum(x))"),
        question=Phrase(text="What does it print?"),
        answer=Phrase(text="[4, 7] 11"),
        questions=phrases("What does it print?"),
        answers=phrases("abc"),
    )
    assert item.answer == "[4, 7] 11"
    assert all(re.fullmatch(r"\[\d+, \d+\] \d+", option) for option in item.options)
    assert len(set(item.options)) == 4


def test_a_label_is_chosen_among_all_labels_of_a_small_set() -> None:
    label = Label(text="sad", vocabulary=("glad", "sad", "calm"), name="mood")
    item = make("label_to_choice", text=Phrase(text="It rained on us."), label=label)
    assert set(item.options) == {"glad", "sad", "calm"}
    assert item.answer == "sad"
    assert "mood" in item.question


def test_labels_of_a_scale_keep_their_order() -> None:
    scale = ("awful", "bad", "middling", "good", "great", "superb", "perfect")
    item = make("label_to_choice", text=Phrase(text="Fine."), label=Label(text="good", vocabulary=scale, ordered=True))
    places = [scale.index(option) for option in item.options]
    assert item.fixed_order
    assert places == list(range(places[0], places[0] + 4))
    assert item.answer == "good"


# -- evidence, order, steps, dialog --------------------------------------------------------------

HARBOUR = "The harbour log of Eastholt says that the crane lifted forty crates on Monday."
OTHERS = (
    "The school of Larkhaven bought a piano last spring.",
    "Rain fell on the market of Mossgate all day.",
    "A tram of Oakferry stopped between two bridges.",
    "The theatre of Saltmere sold every seat.",
)


@pytest.mark.parametrize("seed", SEEDS)
def test_buried_evidence_is_named_by_its_place(seed: int) -> None:
    item = make(
        "bury_evidence",
        seed,
        context=Phrase(text=HARBOUR),
        question=Phrase(text="According to the log of Eastholt, how many crates did the crane lift?"),
        answer=Phrase(text="forty"),
        contexts=phrases(*OTHERS, "Forty crates were seen in Hexley.", "The crane of Eastholt lifted crates."),
    )
    (at,) = item.evidence
    parts = [part.text for part in item.input if isinstance(part, Text)]
    assert HARBOUR in parts[at]
    assert sum("forty" in part.casefold() or "Eastholt" in part for part in parts) == 1
    assert [part.split("\n")[0] for part in parts] == [f"Passage {n}" for n in range(1, len(parts) + 1)]


def test_a_question_that_fits_any_passage_is_not_buried() -> None:
    with pytest.raises(Unfit):
        make(
            "bury_evidence",
            context=Phrase(text=HARBOUR),
            question=Phrase(text="What is the main idea?"),
            answer=Phrase(text="forty"),
            contexts=phrases(*OTHERS),
        )


STORY = ("the gate opened", "the horse ran off", "the farmer woke up", "the neighbour came", "the horse was found")


@pytest.mark.parametrize("seed", SEEDS)
def test_events_come_in_the_order_of_the_row(seed: int) -> None:
    item = make("order_events", seed, context=Phrase(text="It was a long day."), events=Items(items=STORY))
    shown = item.input[1]
    assert isinstance(shown, Text)
    if item.answer in STORY:
        place = STORY.index(item.answer)
        words = ("first", "second", "third", "fourth", "last")
        assert f"happens {words[place]}" in item.question or f"“{STORY[place - 1]}”" in item.question
    else:
        by_letter = {line[0]: line[3:] for line in shown.text.splitlines() if line[1:2] == "."}
        assert [by_letter[letter] for letter in item.answer.split(", ")] == list(STORY)


def test_dates_are_ordered_however_they_are_written() -> None:
    item = make(
        "order_by_date",
        entity=Phrase(text="Fair", name="event"),
        date=Phrase(text="2024-05-01", name="date"),
        entities=phrases("Race", "Vote", "Feast"),
        dates=phrases("3 March 2023", "December 31, 2023", "2024-05-02"),
    )
    order = "Race, Vote, Fair, Feast"
    assert item.answer in (order, ", ".join(reversed(order.split(", "))))


STEPS = ("Two boxes hold 2 * 12 = 24 eggs.", "She uses 24 - 5 = 19.", "She sells 19 / 2 = 9.5.", "So she keeps half.")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_altered_step_is_the_only_wrong_one(seed: int) -> None:
    item = make("find_wrong_step", seed, steps=Items(items=STEPS))
    (shown,) = item.input
    assert isinstance(shown, Text)
    lines = [line.partition(": ")[2] for line in shown.text.splitlines()]
    changed = [at for at, (line, step) in enumerate(zip(lines, STEPS, strict=True)) if line != step]
    assert changed == [int(item.answer.removeprefix("Step ")) - 1]
    assert changed[0] < 3  # the last step states nothing that could be wrong


def test_a_solution_that_is_wrong_already_is_refused() -> None:
    with pytest.raises(Unfit):
        make("find_wrong_step", steps=Items(items=("2 + 2 = 5", "5 + 1 = 6", "6 + 1 = 7")))


@pytest.mark.parametrize("seed", SEEDS)
def test_who_said_it_names_the_speaker(seed: int) -> None:
    said = (
        ("Ann", "Shall we take the ferry tomorrow morning?"),
        ("Bo", "The ferry is far too slow for me."),
        ("Cy", "Then let us hire a little motorboat."),
        ("Ann", "A motorboat needs a licence, I believe."),
    )
    item = make("who_said_it", seed, dialog=Dialog(turns=tuple(Turn(speaker=s, text=t) for s, t in said)))
    assert set(item.options) == {"Ann", "Bo", "Cy"}
    if "first" in item.question:
        assert item.answer == ("Ann" if "ferry" in item.question else "Cy")
    else:
        assert item.answer == next(speaker for speaker, text in said if text in item.question)


# -- records -------------------------------------------------------------------------------------

TOWNS = towns("Alt", "Bex", "Chur", "Davos", "Egg")
PEOPLE = people_in(100, 250, 400, 900, 1600)


def records(name: str, seed: int) -> Composed:
    rest = {"entities": TOWNS[1:], "measures": PEOPLE[1:]}
    return make(name, seed, entity=TOWNS[0], measure=PEOPLE[0], **rest)


@pytest.mark.parametrize("seed", range(40))
def test_aggregates_are_what_a_person_reckons(seed: int) -> None:
    item = records("aggregate_records", seed)
    values = {town.text: int(number.value) for town, number in zip(TOWNS, PEOPLE, strict=True)}
    named = [value for town, value in values.items() if town in item.question]
    question, answer = item.question, float(item.answer)
    if "mean" in question or "average" in question:
        assert answer == sum(named) / len(named)
    elif "combined" in question or "Add up" in question:
        assert answer == sum(named)
    elif "exceed" in question or "How much higher" in question:
        assert answer == max(named) - min(named)
    elif "highest" in question:
        assert answer == 1500
    else:
        bound = int(question.replace(",", "").split("?")[0].split(".")[0].split()[-1])
        assert answer == sum(v > bound if "above" in question else v < bound for v in values.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_comparing_ranking_and_contradicting_follow_the_figures(seed: int) -> None:
    values = {town.text: int(number.value) for town, number in zip(TOWNS, PEOPLE, strict=True)}
    item = records("compare_records", seed)
    winner, gap = item.answer.split(", by ")
    two = [town for town in values if town in item.question]
    best = max if "higher" in item.question else min
    assert winner == best(two, key=values.__getitem__)
    assert int(gap.replace(",", "")) == abs(values[two[0]] - values[two[1]])

    item = records("rank_records", seed)
    order = [values[town] for town in item.answer.split(", ")]
    assert order == sorted(order, reverse="highest to lowest" in item.question)
    assert len(set(item.options)) == 4

    item = records("find_contradiction", seed)
    report = item.input[1]
    assert isinstance(report, Text)
    kept = [town for town in item.options if f"{town} is {values[town]:,}." in report.text.replace("1600", "1,600")]
    assert set(item.options) - set(kept) == {item.answer}


@pytest.mark.parametrize("seed", range(30))
def test_a_changed_fact_changes_the_answer(seed: int) -> None:
    item = records("change_one_fact", seed)
    shown = item.input[0]
    assert isinstance(shown, Text)
    values = {t.text: int(n.value) for t, n in zip(TOWNS, PEOPLE, strict=True) if t.text in shown.text}
    before, _, after = item.question.partition(" were " if "were" in item.question else " had been ")
    changed = next(town for town in values if before.endswith(town))
    values[changed] = int(after.split(" instead")[0].split(", all")[0].replace(",", ""))
    if "total" in item.question:
        assert int(item.answer.replace(",", "")) == sum(values.values())
    else:
        ranked = sorted(values, key=values.__getitem__, reverse="highest" in item.question)
        assert item.answer == ranked["second" in item.question]


MANY = towns("Alt", "Bex", "Chur", "Davos", "Egg", "Flims", "Gais", "Horw", "Ins", "Jona", "Kloten", "Lyss")


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_are_counted(seed: int) -> None:
    texts = ("north", "north", "north", "south", "south", "east", "east", "south", "north", "north")
    labels = tuple(Label(text=text, vocabulary=("north", "south", "east"), name="region") for text in texts)
    item = make(
        "share_of_records", seed, entity=MANY[0], category=labels[0], entities=MANY[1:10], categories=labels[1:]
    )
    shown = item.input[0]
    assert isinstance(shown, Text)
    wanted = next(label for label in ("north", "south", "east") if label in item.question)
    listed = [text for town, text in zip(MANY, texts, strict=False) if town.text in shown.text]
    count = listed.count(wanted)
    asked_in_percent = "percent" in item.question
    assert float(item.answer) == (100 * count / len(listed) if asked_in_percent else count)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_hops_lead_to_the_best_of_the_same_category(seed: int) -> None:
    texts = ("north", "north", "north", "south", "south", "east", "east", "south")
    labels = tuple(Label(text=text, vocabulary=("north", "south", "east"), name="region") for text in texts)
    sizes = people_in(10, 40, 30, 90, 20, 80, 70, 60)
    item = make(
        "multi_hop_records",
        seed,
        entity=MANY[0],
        category=labels[0],
        measure=sizes[0],
        entities=MANY[1:8],
        categories=labels[1:],
        measures=sizes[1:],
    )
    assert item.answer == ("Bex" if "highest" in item.question else "Alt")
    assert item.evidence == (0, 1)


def test_a_join_goes_through_the_shared_column() -> None:
    left = Table(columns=("Pupil", "House"), rows=(("Ann", "red"), ("Bo", "blue"), ("Cy", "red")))
    right = Table(columns=("House", "Tutor"), rows=(("red", "Ms Ray"), ("blue", "Mr Orr"), ("green", "Dr Lee")))
    tutor = {"Ann": "Ms Ray", "Bo": "Mr Orr", "Cy": "Ms Ray"}
    for seed in SEEDS:
        item = make("multi_hop_join", seed, left=left, right=right)
        pupil = next(name for name in tutor if f" {name} " in item.question or f" {name}." in item.question)
        assert item.answer == tutor[pupil]
        assert set(item.options) == {"Ms Ray", "Mr Orr", "Dr Lee"}


# -- closed book ---------------------------------------------------------------------------------

METALS = phrases("Iron", "Gold", "Lead", "Zinc", "Tin", name="element")
SYMBOLS = phrases("Fe", "Au", "Pb", "Zn", "Sn", name="chemical symbol")
HEAT = tuple(Number(value=v, unit="K", name="melting point") for v in (1811, 1337, 601, 693, 505))


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_are_asked_both_ways(seed: int) -> None:
    given = {"entity": METALS[0], "attribute": SYMBOLS[0], "entities": METALS[1:], "attributes": SYMBOLS[1:]}
    forth = make("lookup_record", seed, **given)
    assert forth.answer == "Fe"
    assert "Iron" in forth.question
    assert len(forth.options) == 4
    back = make("reverse_lookup", seed, **given)
    assert back.answer == "Iron"
    assert "Fe" in back.question
    assert len(back.options) == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_statements_are_true_or_anothers_value(seed: int) -> None:
    given = {"entity": METALS[0], "attribute": HEAT[0], "entities": METALS[1:], "attributes": HEAT[1:]}
    item = make("statement_to_verify", seed, **given)
    assert (item.answer == "true") == ("1,811 K" in item.question)


def test_a_name_that_gives_the_value_away_is_not_asked() -> None:
    with pytest.raises(Unfit):
        make(
            "lookup_record",
            entity=Phrase(text="Mexico", name="country"),
            attribute=Phrase(text="Mexico City", name="capital"),
            entities=phrases("Peru", "Chad", "Mali", "Cuba"),
            attributes=phrases("Lima", "Doha", "Bamako", "Havana"),
        )


def test_a_value_that_lists_several_is_not_asked() -> None:
    with pytest.raises(Unfit):
        make(
            "lookup_record",
            entity=Phrase(text="Chad", name="country"),
            attribute=Phrase(text="French, Arabic", name="language"),
            entities=phrases("Peru", "Oman", "Mali"),
            attributes=phrases("Spanish", "Arabic", "French"),
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_odd_one_is_the_one_with_another_label(seed: int) -> None:
    kinds = dict(zip(("elm", "oak", "fir", "cod", "pike", "eel", "ash"), "tttffft", strict=True))
    labels = tuple(Label(text={"t": "tree", "f": "fish"}[k], name="kind") for k in kinds.values())
    names = phrases(*kinds, name="living thing")
    item = make("odd_one_out", seed, entity=names[0], category=labels[0], entities=names[1:], categories=labels[1:])
    found = [kinds[option] for option in item.options]
    assert found.count(kinds[item.answer]) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_extremes_are_asked_only_with_a_clear_margin(seed: int) -> None:
    wide = tuple(Number(value=v, unit="K", name="melting point") for v in (300, 900, 1800, 5000))
    given = {"entity": METALS[0], "entities": METALS[1:4]}
    item = make("recall_extreme", seed, measure=wide[0], measures=wide[1:], **given)
    assert item.answer == ("Zinc" if "highest" in item.question else "Iron")
    close = tuple(Number(value=v, unit="K", name="melting point") for v in (1000, 1001, 1002, 1003))
    with pytest.raises(Unfit):
        make("recall_extreme", seed, measure=close[0], measures=close[1:], **given)
