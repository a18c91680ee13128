"""Stories, accounts, dialogues and maps are read again from their text, and every answer is found a second time."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

from benchmark_agent.starter import causes, clocks, datasets, languages

NUMBERS = {
    word: n
    for n, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}  # fmt: skip
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


@cache
def rows_of(name: str) -> list[dict[str, Any]]:
    maker = next(maker for maker in datasets() if maker.card.name == name)
    return list(maker.rows(Path("unused")))


def number(word: str) -> int:
    return NUMBERS[word.lower()] if word.lower() in NUMBERS else int(word)


def minutes(text: str) -> int:
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


# -- reports ------------------------------------------------------------------------------------

WHO = r"(?P<who>\w+)"
JOB = r"(?P<job>\w+)"
THING = r"the (?P<thing>[^;.]+?)"
ONE, TWO = r"the (?P<one>[^;.]+?)", r"the (?P<two>[^;.]+?)"
TIME = r"(?P<time>[\d:]+)"
MOVE_FORMS = (
    rf"At {TIME}, {WHO} the {JOB} carried {THING} from {ONE} to {TWO}\.",
    rf"{WHO}, the {JOB}, took {THING} out of {ONE} and left it in {TWO} at {TIME}\.",
    rf"By {TIME} {THING} was in {TWO}; {WHO} the {JOB} had brought it there from {ONE}\.",
)
REASON = (
    r"(?:The (\w+) later explained that|Asked about this, the (\w+) said that|In the margin the (\w+) wrote that) "
    r"(.+?)\."
)


def moves_of(context: str) -> list[dict[str, str]]:
    found = [match.groupdict() for form in MOVE_FORMS for match in re.finditer(form, context)]
    reasons = {next(filter(None, match[:3])): match[3] for match in re.findall(REASON, context)}
    return sorted(({**move, "reason": reasons[move["job"]]} for move in found), key=lambda move: minutes(move["time"]))


def report_answer(question: str, context: str) -> str:
    moves = moves_of(context)
    assert len(moves) == 4
    asked = question.split(", ", 1)[1]
    if match := re.match(r"where was the (.+) at ([\d:]+)\?", asked):
        return [m["two"] for m in moves if m["thing"] == match[1] and minutes(m["time"]) <= minutes(match[2])][-1]
    if match := re.match(r"where was the (.+) at the end of the day\?", asked):
        return [m["two"] for m in moves if m["thing"] == match[1]][-1]
    if match := re.match(r"what reason was given for what (\w+) did\?", asked):
        return next(m["reason"] for m in moves if m["who"] == match[1])
    if match := re.match(r"who put something in the (.+) because (.+)\?", asked):
        return next(m["who"] for m in moves if m["two"] == match[1] and m["reason"] == match[2])
    if match := re.match(r"at what time did the person act who said that (.+)\?", asked):
        return next(m["time"] for m in moves if m["reason"] == match[1])
    if match := re.match(r"what did the (\w+) move\?", asked):
        return "the " + next(m["thing"] for m in moves if m["job"] == match[1])
    price, gap = map(int, re.findall(r"(\d+) crowns", context))
    return str(price - gap)


def test_reports() -> None:
    for row in rows_of("reading-reports"):
        assert report_answer(row["question"], row["context"]) == row["answer"], row["id"]
        assert row["evidence"] in row["context"]
        assert row["answer"].removeprefix("the ") not in row["question"]


# -- witnesses ----------------------------------------------------------------------------------

COLOURS = "amber|black|blue|brown|green|grey|orange|purple|red|silver|white|yellow"
DETAILS = {
    "the colour of the vehicle": rf"\b({COLOURS})\b",
    "the time": r"(\d\d:\d\d)",
    "the number of people in the vehicle": r"(?i)\b(one|two|three|four|five|six) (?:person|people)",
    "the direction the vehicle came from": r"\b(north|south|east|west)\b",
    "the thing left on the road": r"\b(umbrella|suitcase|violin|helmet|lantern|parcel|briefcase|scarf|camera|stick)\b",
}


def test_witnesses() -> None:
    for row in rows_of("witness-accounts"):
        told = dict(re.findall(r"(\w+): “(.+?)”", row["context"]))
        said = {
            who: {detail: re.findall(form, text)[0].lower() for detail, form in DETAILS.items()}
            for who, text in told.items()
        }
        assert len(said) == 4
        question = row["question"]
        if match := re.search(r"contradicts the other three about (.+)\?", question):
            values = {who: facts[match[1]] for who, facts in said.items()}
            odd = [who for who, value in values.items() if list(values.values()).count(value) == 1]
            assert odd == [row["answer"]]
        elif match := re.search(r"On which point do (\w+) and (\w+) disagree", question):
            assert [d for d in DETAILS if said[match[1]][d] != said[match[2]][d]] == [row["answer"]]
        else:
            agreed = [detail for detail in DETAILS if len({facts[detail] for facts in said.values()}) == 1]
            assert row["answer"] in agreed
            assert set(row["options"]) & set(agreed) == {row["answer"]}


# -- dialogues ----------------------------------------------------------------------------------

CHANGES = (
    (r"(?:We would like|Please add|And|Put down) (\w+) (.+?)(?:, please| as well|, if you have them)?\.", "set"),
    (r"Make that (\w+) more, please\.|Sorry, (\w+) more than I said\.", "more"),
    (r"Change the (.+) to (\w+)\.", "change"),
    (r"Actually, we want (\w+) (.+) in all, not what I said before\.", "set"),
    (r"Leave out the (.+) altogether\.|On second thoughts, no (.+) at all\.", "drop"),
    (r"Take (\w+) off again\.|That is too many: (\w+) fewer, please\.", "fewer"),
    (r"Swap all the (.+) for the same number of (.+)\.|Instead of the (.+), give us as many (.+)\.", "swap"),
)
PLURALS = {
    "rye loaf": "rye loaves", "peony": "peonies", "iris": "irises", "compass": "compasses", "paint box": "paint boxes",
    "jar of honey": "jars of honey", "bag of flour": "bags of flour", "tin of beans": "tins of beans",
    "mango": "mangoes", "eucalyptus branch": "eucalyptus branches",
}  # fmt: skip


def replay(turns: list[dict[str, str]]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """What stands on the list in the end, and who touched what."""
    amounts: dict[str, int] = {}
    touched: list[tuple[str, str]] = []

    def write(who: str, what: str, n: int) -> None:
        plural = PLURALS.get(what, what + "s") if n == 1 and what not in amounts else what
        amounts[plural] = n
        touched.append((who, plural))

    for turn in turns:
        for form, kind in CHANGES:
            if match := re.fullmatch(form, turn["text"]):
                words = [group for group in match.groups() if group]
                who, last = turn["speaker"], touched[-1][1] if touched else ""
                if kind == "set":
                    write(who, words[1], number(words[0]))
                elif kind == "change":
                    write(who, words[0], number(words[1]))
                elif kind == "drop":
                    write(who, words[0], 0)
                elif kind == "swap":
                    n = amounts[words[0]]
                    write(who, words[0], 0)
                    write(who, words[1], n)
                else:
                    write(who, last, amounts[last] + (1 if kind == "more" else -1) * number(words[0]))
                break
    return amounts, touched


def test_dialogues() -> None:
    for row in rows_of("changing-orders"):
        amounts, touched = replay(row["dialog"])
        assert len(amounts) >= 3
        question, answer = row["question"].split(": ", 1)[1], row["answer"]
        if match := re.match(r"How many (.+) are on the \w+ in the end", question):
            expected = sum(amounts.values()) if match[1] == "pieces" else amounts[match[1]]
            assert answer == str(expected), row["id"]
        elif question.startswith("Of what"):
            best = max(amounts.values())
            assert [thing for thing, n in amounts.items() if n == best] == [answer]
        elif question.startswith("Which of these"):
            assert [thing for thing in row["options"] if amounts[thing] == 0] == [answer]
        else:
            match = re.match(r"Whose words settled the final number of (.+)\?", question)
            assert match
            assert [who for who, thing in touched if thing == match[1]][-1] == answer


# -- order and space ----------------------------------------------------------------------------


def clue_holds(clue: str, order: tuple[str, ...]) -> bool:
    at = {event: place for place, event in enumerate(order)}
    low = {event: event for event in order}
    clue = clue.rstrip(".")

    def find(text: str) -> int:
        return at[low[text[0].lower() + text[1:]]]

    if match := re.fullmatch(r"(.+) right after (.+)", clue):
        return find(match[1]) == find(match[2]) + 1
    if match := re.fullmatch(r"After (.+), the next thing was that (.+)", clue):
        return find(match[2]) == find(match[1]) + 1
    if match := re.fullmatch(r"Exactly (\w+) other events? came between these two: first (.+), later (.+)", clue):
        return find(match[3]) - find(match[2]) == number(match[1]) + 1
    if match := re.fullmatch(r"(.+) neither first nor last", clue):
        return 0 < find(match[1]) < len(order) - 1
    if match := re.fullmatch(r"(.+) some time before (.+)", clue):
        return find(match[1]) < find(match[2])
    match = re.fullmatch(r"Before (.+), (.+)", clue)
    assert match, clue
    return find(match[2]) < find(match[1])


def test_orders_follow_from_the_clues_alone() -> None:
    for row in rows_of("event-order"):
        head, *clues = row["context"].split(". ")
        events = tuple(re.split(r", | and ", head.split(": ", 1)[1]))
        left = list(permutations(events))
        for clue in clues:
            left = [order for order in left if clue_holds(clue, order)]
        assert left == [tuple(row["events"])], row["id"]
        order, question = left[0], row["question"].split(", ", 1)[1]
        if match := re.match(r"which event was the (\w+) of the six", question):
            expected = order[ORDINALS.index(match[1])]
        elif match := re.match(r"what happened directly (before|after) (.+)\?", question):
            expected = order[order.index(match[2]) + (1 if match[1] == "after" else -1)]
        assert row["answer"] == expected


COMPASS = {"north": 1j, "south": -1j, "east": 1 + 0j, "west": -1 + 0j}


def way(offset: complex) -> str:
    vertical = "north" if offset.imag > 0 else "south" if offset.imag < 0 else ""
    return vertical + ("east" if offset.real > 0 else "west" if offset.real < 0 else "")


def walked(text: str) -> tuple[complex, complex]:
    """Where the walk ends, and the direction faced, as complex numbers with east 1 and north i."""
    match = re.search(r"faces (\w+)", text)
    assert match
    facing, at = COMPASS[match[1]], 0j
    turns = {"left": 1j, "right": -1j, "around": -1 + 0j, None: 1 + 0j}
    for turn, blocks in re.findall(r"then (?:turns (\w+) and )?walks (\w+) blocks?", text):
        facing *= turns[turn or None]
        at += facing * number(blocks)
    return at, facing


def placed(text: str) -> dict[str, complex]:
    at: dict[str, complex] = {}
    facts = re.findall(r"The ([\w ]+?) is (\w+) blocks? (?:diagonally to the )?(\w+) of the ([\w ]+?)\.", text)
    at[facts[0][3]] = 0
    while len(at) < len({name for fact in facts for name in (fact[0], fact[3])}):
        for name, blocks, where, anchor in facts:
            step = sum(COMPASS[part] for part in COMPASS if part in where) * number(blocks)
            if anchor in at:
                at[name] = at[anchor] + step
            elif name in at:
                at[anchor] = at[name] - step
    return at


def test_walks_and_maps() -> None:
    for row in rows_of("spatial-relations"):
        question = row["question"]
        if match := re.search(r"where is the (.+) as seen from the (.+)\?", question):
            at = placed(row["context"])
            assert way(at[match[1]] - at[match[2]]) == row["answer"], row["id"]
            continue
        end, facing = walked(row["context"])
        if "In which direction" in question:
            assert way(end) == row["answer"]
        elif "Which way" in question:
            assert way(facing) == row["answer"]
        else:
            assert str(int(abs(end.real) + abs(end.imag))) == row["answer"]


# -- machines -----------------------------------------------------------------------------------


def tank(context: str, end: int, without: int | None) -> int:
    """Litres at `end`, second thoughts left out, in whole stretches of constant flow."""
    match = re.search(r"At ([\d:]+) a tank that can hold (\d+) litres contains (\d+) litres", context)
    first = re.search(r"lets in (\d+) litres", context)
    assert match
    assert first
    capacity, litres, at, inflow, outflow = int(match[2]), int(match[3]), minutes(match[1]), int(first[1]), 0
    changes = re.findall(r"At ([\d:]+) the (inlet is shut|inlet is set to (\d+)|outlet is opened; (\d+))", context)
    for time, what, rate_in, rate_out in [*changes, (f"{end // 60}:{end % 60:02d}", "", "", "")]:
        litres = max(0, min(capacity, litres + (inflow - outflow) * (minutes(time) - at)))
        at = minutes(time)
        if at == without:
            continue
        if what.startswith("inlet"):
            inflow = int(rate_in or 0)
        elif what:
            outflow = int(rate_out)
    return litres


def lamps(context: str, forgotten: int | None) -> str:
    branches = re.findall(r"Lamp (\d) is in one branch with switch(?:es)? ([A-E](?:(?:, | and )[A-E])*)\.", context)
    closed = set(re.findall(r"\b[A-EM]\b", context.split("At first the closed switches are")[1].split(";")[0]))
    flips = re.findall(r"\b[A-EM]\b", context.split("closing an open one:")[1])
    for index, switch in enumerate(flips):
        if index != forgotten:
            closed ^= {switch}
    on = [f"lamp {n}" for n, names in branches if {"M", *re.findall(r"[A-E]", names)} <= closed]
    return "none of them" if not on else on[0] if len(on) == 1 else f"{', '.join(on[:-1])} and {on[-1]}"


def gear_answer(context: str, question: str) -> str:
    teeth = dict(re.findall(r"Wheel (\w) has (\d+) teeth", context))
    links = re.findall(
        r"Wheel (\w) has \d+ teeth and (meshes|is driven by an open chain|is driven by a crossed belt)", context
    )
    if match := re.search(r"While wheel \w makes (\d+) full turns, how many full turns does wheel (\w)", question):
        return str(int(match[1]) * int(teeth["P"]) // int(teeth[match[2]]))
    same = {wheel: how == "is driven by an open chain" for wheel, how in links}
    if match := re.search(r"Suppose wheel \w and wheel (\w) were connected by (.+?) instead", question):
        same[match[1]] = match[2] == "an open chain"
    start = re.search(r"turns (\w+)\.", question)
    assert start
    turned = sum(not value for value in same.values()) % 2
    ways = ["clockwise", "counterclockwise"]
    return ways[(ways.index(start[1]) + turned) % 2]


def test_machines() -> None:
    for row in rows_of("small-machines"):
        context, question = row["context"], row["question"]
        if row["machine"] == "gears":
            expected = gear_answer(context, question)
        elif row["machine"] == "tank":
            times = re.findall(r"\d\d:\d\d", question)
            expected = str(tank(context, minutes(times[-1]), minutes(times[0]) if len(times) > 1 else None))
        else:
            match = re.search(r"Suppose the (\w+) flip", question)
            expected = lamps(context, ORDINALS.index(match[1]) if match else None)
        assert expected == row["answer"], row["id"]


def test_an_overflowing_and_an_empty_tank() -> None:
    full = [causes.Event(600, 20, 0), causes.Event(610, 0, 50)]
    assert causes.level_at(500, full, 610, 600) == 600
    assert causes.level_at(500, full, 615, 600) == 350
    assert causes.level_at(500, full, 660, 600) == 0


# -- other languages ----------------------------------------------------------------------------


def told_moves(row: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """(act, who, thing, place) of every sentence, by the templates turned into patterns."""
    world = languages.WORLDS[row["language"]]
    spots = {text: at for at, to in world.places for text in (at, to)}
    sentences = re.findall(r".+?[.。]", row["context"])
    for sentence in (sentence.strip() for sentence in sentences):
        who = next((name for name in world.people if sentence.startswith(name)), "")
        thing = next((name for name in world.things if name in sentence), "")
        place = max((text for text in spots if text in sentence), key=len, default="")
        if thing and who:
            yield "move", who, thing, spots[place]
        elif who and sentence == world.leave.format(who=who):
            yield "leave", who, "", ""


def test_stories_in_four_languages() -> None:
    for row in rows_of("multilingual-beliefs"):
        world, question = languages.WORLDS[row["language"]], row["question"]
        here = {name for name in world.people if name in row["context"]}
        last: dict[str, str] = {}
        knows: dict[tuple[str, str], str] = {}
        mover: dict[str, str] = {}
        for act, who, thing, place in told_moves(row):
            if act == "leave":
                here.remove(who)
                continue
            last[thing], mover[thing] = place, who
            knows |= {(name, thing): place for name in here}
        assert len(last) == 3
        thing = next(name for name in world.things if name in question)
        believer = next((name for name in world.people if name in question.replace(thing, "")), "")
        if question == world.mover.format(thing=thing):
            expected = mover[thing]
        elif believer:
            expected = knows[believer, thing]
            assert expected != last[thing]
        else:
            expected = last[thing]
        assert row["answer"] == expected.removeprefix("在"), row["id"]


SAID = {
    "es": (
        ("a las siete y media de la tarde", 1170),
        ("a las nueve menos cuarto de la mañana", 525),
        ("a las diez en punto de la noche", 1320),
    ),
    "fr": (
        ("à sept heures et demie du soir", 1170),
        ("à neuf heures moins le quart du matin", 525),
        ("à dix heures du soir", 1320),
    ),
    "de": (
        ("um halb acht abends", 1170),
        ("um Viertel vor neun morgens", 525),
        ("um fünf nach halb sieben morgens", 395),
        ("um ein Uhr nachmittags", 780),
    ),
    "zh": (("晚上七点半", 1170), ("上午八点三刻", 525), ("晚上差十分十点", 1310), ("下午两点整", 840)),
}


def test_times_are_said_as_they_are_in_each_language() -> None:
    for language, said in SAID.items():
        for words, at in said:
            assert clocks._TONGUES[language].say(at // 60, at % 60) == words


def test_clock_answers_follow_from_the_words() -> None:
    for row in rows_of("multilingual-clock-times"):
        tongue = clocks._TONGUES[row["language"]]
        said = {tongue.say(hour, minute): hour * 60 + minute for hour in clocks._HOURS for minute in range(0, 60, 5)}
        assert len(said) == 12 * len(clocks._HOURS)
        time = max((words for words in said if words in row["question"]), key=len)
        lasting = max((words for words in tongue.lasting.values() if words in row["question"]), key=len)
        duration = next(length for length, words in tongue.lasting.items() if words == lasting)
        back = any(ask in row["question"] for _, _, _, ask in tongue.events)
        expected = said[time] + (-duration if back else duration)
        assert row["answer"] == f"{expected // 60:02d}:{expected % 60:02d}", row["question"]
