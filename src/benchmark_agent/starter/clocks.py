"""Times of day and durations told in words, in Spanish, French, German and Chinese."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmark_agent.starter.families import Row, asked, procedural, square
from benchmark_agent.starter.languages import LANGUAGES
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import clock, listing

_ES = listing("_ una dos tres cuatro cinco seis siete ocho nueve diez once doce")
_FR = listing("_ une deux trois quatre cinq six sept huit neuf dix onze douze")
_DE = listing("_ eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
_ZH = listing("_ 一 两 三 四 五 六 七 八 九 十 十一 十二")


def _spanish(hour: int, minute: int) -> str:
    said = hour + (minute > 30)
    name = f"{'la' if said % 12 == 1 else 'las'} {_ES[(said - 1) % 12 + 1]}"
    part = "de la mañana" if hour < 12 else "de la tarde" if hour < 20 else "de la noche"
    tail = {
        0: "en punto", 5: "y cinco", 10: "y diez", 15: "y cuarto", 20: "y veinte", 25: "y veinticinco", 30: "y media",
        35: "menos veinticinco", 40: "menos veinte", 45: "menos cuarto", 50: "menos diez", 55: "menos cinco",
    }[minute]  # fmt: skip
    return f"a {name} {tail} {part}"


def _french(hour: int, minute: int) -> str:
    said = hour + (minute > 30)
    number = (said - 1) % 12 + 1
    name = f"{_FR[number]} heure{'s' if number > 1 else ''}"
    part = "du matin" if hour < 12 else "de l'après-midi" if hour < 18 else "du soir"
    tail = {
        0: "", 5: " cinq", 10: " dix", 15: " et quart", 20: " vingt", 25: " vingt-cinq", 30: " et demie",
        35: " moins vingt-cinq", 40: " moins vingt", 45: " moins le quart", 50: " moins dix", 55: " moins cinq",
    }[minute]  # fmt: skip
    return f"à {name}{tail} {part}"


def _german(hour: int, minute: int) -> str:
    part = "morgens" if hour < 10 else "vormittags" if hour < 12 else "nachmittags" if hour < 18 else "abends"
    this, following = _DE[(hour - 1) % 12 + 1], _DE[hour % 12 + 1]
    if minute == 0:
        return f"um {'ein' if this == 'eins' else this} Uhr {part}"
    said = {
        5: f"fünf nach {this}", 10: f"zehn nach {this}", 15: f"Viertel nach {this}", 20: f"zwanzig nach {this}",
        25: f"fünf vor halb {following}", 30: f"halb {following}", 35: f"fünf nach halb {following}",
        40: f"zwanzig vor {following}", 45: f"Viertel vor {following}", 50: f"zehn vor {following}",
        55: f"fünf vor {following}",
    }[minute]  # fmt: skip
    return f"um {said} {part}"


def _chinese(hour: int, minute: int) -> str:
    part = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    this, following = _ZH[(hour - 1) % 12 + 1], _ZH[hour % 12 + 1]
    if minute in (50, 55):
        return f"{part}差{'十' if minute == 50 else '五'}分{following}点"
    said = {
        0: "整", 5: "零五分", 10: "十分", 15: "一刻", 20: "二十分", 25: "二十五分", 30: "半", 35: "三十五分",
        40: "四十分", 45: "三刻",
    }[minute]  # fmt: skip
    return f"{part}{this}点{said}"


@dataclass(frozen=True, slots=True)
class Tongue:
    say: Callable[[int, int], str]
    lasting: dict[int, str]
    """Minutes to words."""
    events: tuple[tuple[str, str, str, str], ...]
    """Question forwards with {time} and {lasting}, what is asked; the same backwards."""
    ask_format: str


_TONGUES = {
    "es": Tongue(
        _spanish,
        {
            45: "tres cuartos de hora", 50: "cincuenta minutos", 75: "una hora y cuarto",
            80: "una hora y veinte minutos", 90: "una hora y media", 105: "una hora y tres cuartos",
            130: "dos horas y diez minutos", 150: "dos horas y media", 165: "dos horas y tres cuartos",
            195: "tres horas y cuarto",
        },
        (
            ("La película empieza {time} y dura {lasting}.", "¿A qué hora termina?",
             "La película termina {time} y ha durado {lasting}.", "¿A qué hora empezó?"),
            ("El barco zarpa {time} y la travesía dura {lasting}.", "¿A qué hora llega?",
             "El barco llega {time} después de una travesía de {lasting}.", "¿A qué hora zarpó?"),
            ("La reunión comienza {time} y dura {lasting}.", "¿A qué hora acaba?",
             "La reunión acaba {time} y ha durado {lasting}.", "¿A qué hora comenzó?"),
        ),
        "Responde en formato de 24 horas (HH:MM).",
    ),
    "fr": Tongue(
        _french,
        {
            45: "trois quarts d'heure", 50: "cinquante minutes", 75: "une heure et quart", 80: "une heure vingt",
            90: "une heure et demie", 105: "une heure quarante-cinq", 130: "deux heures dix",
            150: "deux heures et demie", 165: "deux heures quarante-cinq", 195: "trois heures et quart",
        },
        (
            ("Le film commence {time} et dure {lasting}.", "À quelle heure finit-il ?",
             "Le film finit {time} et a duré {lasting}.", "À quelle heure a-t-il commencé ?"),
            ("Le bateau part {time} et la traversée dure {lasting}.", "À quelle heure arrive-t-il ?",
             "Le bateau arrive {time} après une traversée qui a duré {lasting}.", "À quelle heure est-il parti ?"),
            ("La réunion débute {time} et dure {lasting}.", "À quelle heure se termine-t-elle ?",
             "La réunion se termine {time} et a duré {lasting}.", "À quelle heure a-t-elle débuté ?"),
        ),
        "Répondez au format 24 heures (HH:MM).",
    ),
    "de": Tongue(
        _german,
        {
            45: "eine Dreiviertelstunde", 50: "fünfzig Minuten", 75: "eineinviertel Stunden",
            80: "eine Stunde und zwanzig Minuten", 90: "eineinhalb Stunden", 105: "eindreiviertel Stunden",
            130: "zwei Stunden und zehn Minuten", 150: "zweieinhalb Stunden", 165: "zweidreiviertel Stunden",
            195: "dreieinviertel Stunden",
        },
        (
            ("Der Film beginnt {time} und dauert {lasting}.", "Wann ist er zu Ende?",
             "Der Film endet {time} und hat {lasting} gedauert.", "Wann hat er begonnen?"),
            ("Das Schiff legt {time} ab, und die Überfahrt dauert {lasting}.", "Wann kommt es an?",
             "Das Schiff kommt {time} an; die Überfahrt hat {lasting} gedauert.", "Wann hat es abgelegt?"),
            ("Die Sitzung fängt {time} an und dauert {lasting}.", "Wann ist sie vorbei?",
             "Die Sitzung ist {time} vorbei; sie hat {lasting} gedauert.", "Wann hat sie angefangen?"),
        ),
        "Antworte im 24-Stunden-Format (HH:MM).",
    ),
    "zh": Tongue(
        _chinese,
        {
            45: "三刻钟", 50: "五十分钟", 75: "一小时十五分钟", 80: "一小时二十分钟", 90: "一个半小时",
            105: "一小时四十五分钟", 130: "两小时十分钟", 150: "两个半小时", 165: "两小时四十五分钟",
            195: "三小时十五分钟",
        },
        (
            ("电影{time}开始，片长{lasting}。", "电影几点结束？",
             "电影{time}结束，片长{lasting}。", "电影是几点开始的？"),
            ("轮船{time}出发，航行{lasting}。", "轮船几点到达？",
             "轮船{time}到达，航行了{lasting}。", "轮船是几点出发的？"),
            ("会议{time}开始，开{lasting}。", "会议几点结束？",
             "会议{time}结束，开了{lasting}。", "会议是几点开始的？"),
        ),
        "请用二十四小时制回答（HH:MM）。",
    ),
}  # fmt: skip
_HOURS = (6, 7, 8, 9, 10, 14, 15, 16, 18, 19, 20, 21)
"""Hours at which the part of the day is called the same by all, whichever full hour the words name."""


def _row(random: Random, n: int) -> Row | None:
    language = LANGUAGES[n % 4]
    tongue = _TONGUES[language]
    hour, minute = random.choice(_HOURS), random.randrange(0, 60, 5)
    lasting = random.choice(sorted(tongue.lasting))
    said, sign = hour * 60 + minute, 1 if n // 4 % 2 else -1
    answer = said + sign * lasting
    if not 0 < answer < 24 * 60 or (hour == 19 and language == "es" and minute > 30):
        return None
    forwards, ask, backwards, ask_back = random.choice(tongue.events)
    story = (forwards if sign > 0 else backwards).format(time=tongue.say(hour, minute), lasting=tongue.lasting[lasting])
    slip = random.choice((60, -60, 30, -30))
    mistaken = random.choice((said - sign * lasting, answer + 60 - 2 * minute, answer + 15, answer - 15))
    if not 0 < min(answer, mistaken) + min(slip, 0) <= max(answer, mistaken) + max(slip, 0) < 24 * 60:
        return None
    gap = "" if language == "zh" else " "
    return {
        "language": language,
        "question": gap.join((story, ask if sign > 0 else ask_back, tongue.ask_format)),
        "answer": clock(answer),
        "options": square(random, answer, mistaken, lambda time: time + slip, clock),
        "difficulty": "hard" if minute > 30 or minute == 25 else "moderate",
    }


CLOCKS = procedural(
    "multilingual-clock-times",
    200,
    _row,
    description=(
        "Times of day and durations told in words in Spanish, French, German and Chinese (menos cuarto, moins vingt, "
        "fünf nach halb, 差五分); the end or the beginning is to be given in 24-hour format. Wrong options read the "
        "half hour of another language or go the wrong way. Tests number words, idiom and arithmetic with time."
    ),
    topics="multilingual, Spanish, French, German, Chinese, time, clock, duration, number word, arithmetic",
    fields=(field("language", "category", "label", "language"), *asked("phrase")),
    languages=LANGUAGES,
    share=0.05,
)

DATASETS: tuple[Maker, ...] = (CLOCKS,)
