"""Names and words of the invented worlds. Places are invented, so that no question can be answered from memory."""

from collections.abc import Sequence


def listing(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


WOMEN = listing(
    "Amara Beatriz Clara Dilnoza Elif Farah Greta Hana Ingrid Jamila Katya Leila Mirela Nadia Odile Priya Renata Rosa "
    "Sunniva Tamsin Uma Vera Wanjiru Ximena Yuki Zofia Anneke Bronwyn Ngozi Dorothea Esther Fiona Nomsa Pilar"
)
MEN = listing(
    "Anton Bashir Cedric Dmitri Emeka Fabian Gustav Hamid Ivo Joaquin Kofi Lars Mateo Nikolai Omar Pavel Rafael Stefan "
    "Tomas Umar Viktor Wei Yusuf Zoltan Arjun Boris Callum Diego Edwin Felix Hugo Ismail Tariq Oskar"
)
PEOPLE = tuple(sorted((*WOMEN, *MEN)))

TOWNS = listing(
    "Aldermoor Brackwater Carrowby Dunmere Eastholt Fennick Garrowden Hexley Jarrowfield Larkhaven Mossgate Northwick "
    "Oakferry Pellbrook Quarrington Ravensleigh Saltmere Thornvale Underhollow Vexley Westerfold Yarrowdale"
)

JOBS = listing(
    "archivist baker carpenter chemist electrician gardener geologist glazier librarian locksmith mechanic nurse "
    "photographer plumber porter potter surveyor tailor translator watchmaker"
)

COLOURS = listing("amber black blue brown green grey orange purple red silver white yellow")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_SMALL = listing("zero one two three four five six seven eight nine ten eleven twelve")
_ORDINALS = listing("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")


def article(noun: str) -> str:
    """`a lamp`, `an amber lamp`."""
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def numeral(n: int) -> str:
    """`four`, `15`; words up to twelve."""
    return _SMALL[n] if n < len(_SMALL) else str(n)


def count(n: int, singular: str, plural: str = "") -> str:
    """`one apple`, `15 apples`."""
    return f"{numeral(n)} {singular if n == 1 else plural or singular + 's'}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def clock(minutes: int) -> str:
    """`09:05`, from minutes after midnight."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def ordinal(n: int) -> str:
    """`first` to `twelfth`."""
    return _ORDINALS[n - 1]


def capital(sentence: str) -> str:
    """With its first letter in upper case, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]
