"""Stories in Spanish, French, German and Chinese: where things are, and where those who left believe them to be."""

from dataclasses import dataclass
from random import Random

from benchmark_agent.starter.families import Row, asked, choices, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import listing

LANGUAGES = ("es", "fr", "de", "zh")


@dataclass(frozen=True, slots=True)
class World:
    """One language's words for a house in which things are carried about."""

    people: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    """Where something is, and where it is carried to: `im Garten`, `in den Garten`."""
    things: tuple[str, ...]
    opening: str
    put: str
    carry: str
    leave: str
    where: str
    belief: str
    mover: str
    gap: str
    """Between sentences."""
    comma: str
    last: str
    """Between names, and before the last name."""


def _twice(at: str, names: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{at} {name}", f"{at} {name}") for name in names.split("|"))


_SPANISH_PLACES = (
    ("en la cocina", "a la cocina"), ("en el jardín", "al jardín"), ("en el garaje", "al garaje"),
    ("en la biblioteca", "a la biblioteca"), ("en el sótano", "al sótano"), ("en la terraza", "a la terraza"),
    ("en el desván", "al desván"), ("en el comedor", "al comedor"),
)  # fmt: skip
_GERMAN_PLACES = (
    ("in der Küche", "in die Küche"), ("im Garten", "in den Garten"), ("in der Garage", "in die Garage"),
    ("im Keller", "in den Keller"), ("im Wohnzimmer", "ins Wohnzimmer"), ("auf dem Dachboden", "auf den Dachboden"),
    ("in der Werkstatt", "in die Werkstatt"), ("im Bad", "ins Bad"),
)  # fmt: skip

WORLDS = {
    "es": World(
        people=("Lucía", "Marcos", "Elena", "Andrés", "Pilar", "Tomás", "Marta", "Julián"),
        places=_SPANISH_PLACES,
        things=(
            "el paraguas azul", "la llave grande", "el álbum de fotos", "la linterna", "el violín", "la caja de té",
            "el mapa antiguo", "la cesta de mimbre",
        ),
        opening="{names} están en casa. Quien está en casa ve todo lo que hacen los demás.",
        put="{who} deja {thing} {at}.",
        carry="{who} lleva {thing} {to}.",
        leave="{who} sale de casa y no vuelve hasta la noche.",
        where="Antes de que anochezca, ¿dónde está {thing}?",
        belief="Antes de que anochezca, ¿dónde cree {who} que está {thing}?",
        mover="¿Quién fue la última persona que llevó {thing} a otro sitio?",
        gap=" ", comma=", ", last=" y ",
    ),
    "fr": World(
        people=("Camille", "Bastien", "Solène", "Mathieu", "Maud", "Quentin", "Lucie", "Rémi"),
        places=_twice(
            "dans", "la cuisine|le jardin|le garage|la bibliothèque|la cave|le grenier|la buanderie|le salon"
        ),
        things=(
            "le parapluie rouge", "la grande clé", "le carnet noir", "la lampe de poche", "le panier en osier",
            "la boîte à thé", "la vieille carte", "le violon",
        ),
        opening="{names} sont à la maison. Quiconque est à la maison voit tout ce que font les autres.",
        put="{who} pose {thing} {at}.",
        carry="{who} emporte {thing} {to}.",
        leave="{who} quitte la maison et ne rentre que le soir.",
        where="Avant le soir, où se trouve {thing} ?",
        belief="Avant le soir, où {thing} se trouve-t-{pronoun} d'après ce que croit {who} ?",
        mover="Qui a emporté {thing} ailleurs en dernier ?",
        gap=" ", comma=", ", last=" et ",
    ),
    "de": World(
        people=("Johanna", "Felix", "Greta", "Moritz", "Lena", "Anton", "Clara", "Jakob"),
        places=_GERMAN_PLACES,
        things=(
            "die Taschenlampe", "das Fotoalbum", "die Geige", "die blaue Vase", "das alte Radio", "die Teedose",
            "das Notizbuch", "die Landkarte",
        ),
        opening="{names} sind zu Hause. Wer zu Hause ist, sieht alles, was die anderen tun.",
        put="{who} lässt {thing} {at} zurück.",
        carry="{who} bringt {thing} {to}.",
        leave="{who} geht aus dem Haus und kommt erst am Abend zurück.",
        where="Wo ist {thing}, bevor es Abend wird?",
        belief="Wo vermutet {who} {thing}, bevor es Abend wird?",
        mover="Wer hat {thing} zuletzt woandershin gebracht?",
        gap=" ", comma=", ", last=" und ",
    ),
    "zh": World(
        people=("小明", "丽华", "建国", "雅琴", "志强", "晓燕", "文博", "秀英"),
        places=tuple(
            (f"在{name}", f"到{name}")
            for name in listing("厨房里 花园里 车库里 书房里 地下室里 阳台上 客厅里 储藏室里")
        ),
        things=("雨伞", "大钥匙", "相册", "手电筒", "小提琴", "茶叶罐", "旧地图", "竹篮子"),
        opening="{names}都在家里。在家的人能看到别人做的每一件事。",
        put="{who}把{thing}放{at}。",
        carry="{who}把{thing}拿{to}。",
        leave="{who}出门了，晚上才会回来。",
        where="天黑之前，{thing}在哪里？",
        belief="天黑之前，{who}以为{thing}在哪里？",
        mover="最后一次移动{thing}的人是谁？",
        gap="", comma="、", last="和",
    ),
}  # fmt: skip


@dataclass
class House:
    """Where things are, and where each person last saw them."""

    at: dict[str, tuple[str, str]]
    seen: dict[str, dict[str, str]]
    inside: list[str]
    mover: dict[str, str]

    def put(self, who: str, thing: str, place: tuple[str, str]) -> None:
        self.at[thing] = place
        self.mover[thing] = who
        for person in self.inside:
            self.seen[person][thing] = place[0]


def _story(random: Random, world: World) -> tuple[list[str], House, list[str]]:
    """The sentences, the house in the end, and the places each thing has been in."""
    people, things = random.sample(world.people, 4), random.sample(world.things, 3)
    house = House({}, {who: {} for who in people}, list(people), {})
    names = world.comma.join(people[:-1]) + world.last + people[-1]
    told = [world.opening.format(names=names)]
    for thing, place in zip(things, random.sample(world.places, 3), strict=True):
        who = random.choice(people)
        house.put(who, thing, place)
        told.append(world.put.format(who=who, thing=thing, at=place[0]))
    acts = ["carry", "carry", "carry", "leave", "leave"]
    random.shuffle(acts)
    for act in [*acts, "carry"]:
        who = random.choice(house.inside)
        if act == "leave":
            house.inside.remove(who)
            told.append(world.leave.format(who=who))
            continue
        thing = random.choice(things)
        taken = set(house.at.values())
        place = random.choice([spot for spot in world.places if spot not in taken])
        house.put(who, thing, place)
        told.append(world.carry.format(who=who, thing=thing, to=place[1]))
    return told, house, people


def _moves(random: Random, n: int) -> Row | None:
    language = LANGUAGES[n % 4]
    world = WORLDS[language]
    told, house, people = _story(random, world)
    thing = random.choice(sorted(house.at))
    kind = (n // 4) % 3
    gone = [who for who in people if who not in house.inside and house.seen[who][thing] != house.at[thing][0]]
    spots = [place for place, _ in world.places]
    tempting = [house.at[thing][0], *(place for place, _ in house.at.values()), *random.sample(spots, len(spots))]
    if kind == 0:
        question, answer = world.where.format(thing=thing), house.at[thing][0]
    elif kind == 1:
        if not gone:
            return None
        who = random.choice(gone)
        pronoun = "elle" if thing.startswith("la ") else "il"
        question, answer = world.belief.format(who=who, thing=thing, pronoun=pronoun), house.seen[who][thing]
    else:
        question, answer, tempting = world.mover.format(thing=thing), house.mover[thing], random.sample(people, 4)
        if not any(sentence.startswith(answer) and thing in sentence for sentence in told[4:]):
            return None
    return {
        "language": language,
        "context": world.gap.join(told),
        "question": question,
        "answer": answer.removeprefix("在") if language == "zh" else answer,
        "options": [
            str(option).removeprefix("在") if language == "zh" else option
            for option in _listed(choices(random, answer, tempting))
        ],
        "difficulty": "hard" if kind == 1 else "moderate",
    }


def _listed(options: object) -> list[str]:
    return [str(option) for option in options] if isinstance(options, list) else []


MOVES = procedural(
    "multilingual-beliefs",
    240,
    _moves,
    description=(
        "Stories in Spanish, French, German and Chinese in which people in a house put down things, carry them "
        "elsewhere "
        "and leave. Questions ask where a thing is, who moved it last, and where someone who has left believes it to "
        "be, "
        "although it was moved since. Tests reading, state tracking and theory of mind in four languages."
    ),
    topics=(
        "multilingual, Spanish, French, German, Chinese, reading comprehension, theory of mind, belief, state tracking"
    ),
    fields=(
        field("language", "category", "label", "language"),
        field("context", "context", label="story"),
        *asked("phrase"),
    ),
    languages=LANGUAGES,
    share=0.05,
)

DATASETS: tuple[Maker, ...] = (MOVES,)
