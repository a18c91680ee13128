"""Words as search sees them: one small function for every language, used wherever texts are matched.

No dictionary and no model: letters are folded, inflection is cut off roughly, and scripts written
without spaces become pairs of characters. Two texts match when they share terms.
"""

import re
import unicodedata
from functools import lru_cache

_STOPWORDS_OF = {
    "en": (
        "a about after all also am an and any are as at be been being between but by can could did do does doing "
        "for from had has have having he her here him his how i if in into is it its itself just me more most my "
        "no nor not of off on only or other our out over own same several she should so some such than that the "
        "their them then there these they this those to too under up us very via was we were what when where "
        "whether which while who whom whose why will with within without would you your"
    ),
    "es pt it fr": (
        "al ao aos au aux avec ce ces cette che chi com comment como con cosa cual cuales cuando da dal dalla "
        "dans das de degli dei del della delle dello des desde di do donc dos du e el ella elle elles em en entre "
        "era es est esta estan este esto estos et eux fra gli ha han hay il ils je la las le les leur leurs lo "
        "los lui mais mas mi muy na nas ne negli nei nel nella nelle no nos nous o on os ou par para pas per pero "
        "piu plus por porque pour qu quais qual quale quali quando que quel quelle quelles quels qui quien "
        "quienes sa sans se ser ses si sin sobre son sono sont sous su sul sulla sur sus tambem tambien tous tout "
        "toutes tra um uma un una unas une uno unos vous y ya"
    ),
    "de": (
        "aber als auf aus bei bin bis das dass dem den der des die dies diese diesem diesen dieser dieses durch "
        "ein eine einem einen einer eines er fur gegen ich ihr ihre im ist kann konnen mit nach nicht noch nur ob "
        "oder ohne sich sie sind uber um und unter vom von vor wann warum welche welcher wenn wer werden wie wird "
        "wo zu zum zur zwischen"
    ),
    "ru": (
        "а без бы был была были было в вам вас во вот все вы где да для до его ее если есть же за и из или им их "
        "к как какие какои ко когда которые кто ли между мне на над не него нет но о об от по под при с со так то "
        "только у уже хорошо что чтобы это этот я"
    ),
    "ar": (
        "التي الذي الي ان او بين ثم ذلك على عن في قد كان كل كيف لا ما مع من هذا هذه هل هو هي و وعلى وفي وما ومن وهل"
    ),
    "hi": ("एक और कर करना का कि की के कैसे को क्या जो तो था थी थे ने पर भी में यह या लिए वह से ही है हैं"),
}
"""As they stand after `fold`."""
_STOPWORDS = frozenset(word for words in _STOPWORDS_OF.values() for word in words.split())
_CHINESE_PAIRS = "什么 怎么 如何 能否 是否 可以 这个 那个 我们 他们 一个 以及 或者 哪个 哪些 多少"
_STOP_PAIRS = frozenset(_CHINESE_PAIRS.split())

_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u0655\u0670]")
_ARABIC = str.maketrans("ىةٱ", "يها")
_UNSPACED = "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"(?P<pairs>[{_UNSPACED}]+)|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[\u0900-\u0dff])*")
_HIRAGANA_ONLY = re.compile("[\u3041-\u309fー]+")
_VOWEL = re.compile("[aeiouy]")
_RUSSIAN_CASES = (
    "ами ями ого его ому ему ыми ими ая яя ое ее ые ие ыи ии ои еи ых их ую юю ов ев ам ям ах ях ом ем ию ия ью ть"
    " а я о е и ы у ю ь"
)
_RUSSIAN_ENDINGS = tuple(sorted(_RUSSIAN_CASES.split(), key=len, reverse=True))


def fold(text: str) -> str:
    """Compatibility forms unified (NFKC), case folded, accents of alphabetic scripts removed.

    Vowel signs of Indic and South-East Asian scripts and Japanese voicing marks stay: they are letters.
    """
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()))
    return unicodedata.normalize("NFC", plain).translate(_ARABIC)


def terms(text: str) -> list[str]:
    """The terms of `text`, in order, repeated as they occur: folded, without stopwords, roughly stemmed.

    Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese runs give their pairs of neighbouring characters.
    """
    found: list[str] = []
    for match in _WORD.finditer(fold(text)):
        word = match.group()
        if match.lastgroup:
            found.extend(_pairs(word))
        elif word not in _STOPWORDS:
            found.append(stem(word))
    return found


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [] if _HIRAGANA_ONLY.fullmatch(run) else [run]
    pairs = (run[at : at + 2] for at in range(len(run) - 1))
    return [pair for pair in pairs if pair not in _STOP_PAIRS and not _HIRAGANA_ONLY.fullmatch(pair)]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A folded word without its commonest inflection: plural, -ing, -ed; Russian case endings; Arabic article."""
    if len(word) < 4 or word[0].isdigit():
        return word
    if word.isascii():
        return _latin(word)
    if "\u0400" <= word[0] <= "\u04ff":
        return _without_ending(word, _RUSSIAN_ENDINGS)
    if "\u0600" <= word[0] <= "\u06ff":
        return _arabic(word)
    return word


def _latin(word: str) -> str:
    word = _singular(word)
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and not word.endswith("eed") and len(base) >= 3 and _VOWEL.search(base):
            doubled = base[-1] == base[-2] and base[-1] not in "lsz"
            word = base[:-1] if doubled else base
            break
    if len(word) >= 7 and word.endswith("en"):
        word = word[:-1]
    if len(word) >= 4 and word.endswith("e"):
        return word[:-1]
    if len(word) >= 6 and word[-1] in "aoi":
        return word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) >= 4 and word[-2] not in "aeiou" else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _arabic(word: str) -> str:
    for article in ("وال", "بال", "لل", "ال"):
        while word.startswith(article) and len(word) - len(article) >= 3:
            word = word[len(article) :]
    return _without_ending(word, ("ات", "ون", "ين", "ها", "ه"))
