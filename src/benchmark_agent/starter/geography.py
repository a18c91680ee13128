"""Facts of countries and airports, from the packages countryinfo and airportsdata.

countryinfo is dated, so what ages or is disputed is left out: population, official languages, demonyms; capitals that
moved or are shared; areas that depend on a claim or on what counts as territory; borders that do.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import airportsdata
from countryinfo import CountryInfo, all_countries

from benchmark_agent.starter.families import Row, asked, choices, family, split
from benchmark_agent.starter.makers import Maker, PartialCard, field
from benchmark_agent.starter.words import joined, listing

_STATES = listing(
    "AF AL DZ AD AO AG AR AM AU AT AZ BS BH BD BB BY BE BZ BJ BT BO BA BW BR BN BG BF BI KH CM CA CV CF TD CL CN CO KM "
    "CR CI HR CU CZ DK DJ DM DO EC EG SV ER EE ET FJ FI FR GA GM GE DE GH GR GD GT GN GW GY HT HN HU IS IN ID IR IQ IE "
    "IT JM JP JO KZ KE KI KW KG LA LV LB LS LR LY LI LT LU MG MW MY MV ML MT MH MR MU MX MD MC MN ME MA MZ MM NA NR NP "
    "NL NZ NI NE NG KP NO OM PK PW PA PG PY PE PH PL PT QA RO RU RW KN LC VC WS SM ST SA SN RS SC SL SG SK SI SB SO ZA "
    "KR SS ES LK SD SR SE CH SY TJ TZ TH TL TG TO TT TN TR TM TV UG UA AE GB US UY UZ VU VE VN YE ZM ZW CD CG"
)
_NAMES = {"BS": "Bahamas", "GM": "Gambia"}
_CAPITALS = {"KZ": "Astana", "BI": "Gitega"}
"""Moved or renamed since the package's data."""
_NO_CAPITAL = listing("BO ZA LK ID GQ NR YE IL")
"""Shared between cities, moving, without status, or disputed."""
_NO_AREA = listing("FR RS IL RU UA US EC SG BH IN PK CN MA NO CY SD SS SR VE GY CL")
"""Depends on a claim, on overseas parts or on land reclaimed since, or is wrong in the package."""
_SUBREGIONS = {"RS": "Southern Europe", "ME": "Southern Europe"}
_NO_BORDERS = listing("IN LK AF PK CN CY DK CA ES MA DZ MR IL EG JO SY LB RS ME AL MK FR BR SR SZ MZ ZA UA RU BG GR GB")
"""Disputed, shared with a territory or a state left out of the table, or wrong in the package."""


@cache
def states() -> dict[str, CountryInfo]:
    """The package's record of each state kept, by ISO 3166-1 alpha-2 code."""
    found: dict[str, CountryInfo] = {}
    for country in all_countries():
        if country.iso(2) in _STATES and country.area():
            found.setdefault(country.iso(2), country)
    return {code: found[code] for code in _STATES}


def country_name(code: str) -> str:
    return _NAMES.get(code) or str(states()[code].info()["name"])


def the(name: str) -> str:
    """A country's name as it stands in a sentence."""
    takes = ("Bahamas", "Gambia", "Netherlands", "Philippines", "Maldives", "Comoros", "Seychelles")
    return f"the {name}" if name in takes or any(word in name for word in ("Republic", "United", "Islands")) else name


@cache
def neighbours() -> dict[str, tuple[str, ...]]:
    """Names of the countries with a land border, for the states whose borders are certain and mutual."""
    alpha3 = {country.iso(3): code for code, country in states().items()}
    found: dict[str, tuple[str, ...]] = {}
    for code, country in states().items():
        others = country.borders() or []
        if code not in _NO_BORDERS and all(other in alpha3 for other in others):
            found[country_name(code)] = tuple(sorted({country_name(alpha3[other]) for other in others}))
    return {
        name: others
        for name, others in found.items()
        if all(name in found[other] for other in others if other in found)
    }


def _countries(folder: Path) -> Iterator[Row]:
    for code in sorted(states(), key=country_name):
        country, name = states()[code], country_name(code)
        calling, domains = country.calling_codes() or [], country.tld() or []
        borders = neighbours().get(name)
        yield {
            "id": code,
            "country": name,
            "capital": None if code in _NO_CAPITAL else _CAPITALS.get(code, country.capital()),
            "region": country.region(),
            "subregion": _SUBREGIONS.get(code, country.subregion()),
            "area": None if code in _NO_AREA else country.area(),
            "bordering_countries": None if borders is None else len(borders),
            "calling_code": f"+{calling[0]}" if len(calling) == 1 and calling[0][0] not in "17" else None,
            "internet_domain": domains[0] if len(domains) == 1 else None,
        }


COUNTRIES = Maker(
    PartialCard(
        name="countries",
        description=(
            "Sovereign states with capital, United Nations region and subregion, area, number of land neighbours, "
            "telephone code and internet domain. Tests knowledge of world geography: recalling one fact, comparing "
            "sizes, grouping by region. Facts that are disputed, shared or out of date are left empty."
        ),
        topics=split("geography, country, capital, region, area, world knowledge, border, fact"),
        licence="MIT",
        source="Python package countryinfo 1.0.1 (areas as published about 2014), corrected and pruned",
        fields=(
            field("id", "id"),
            field("country", "entity"),
            field("capital", "category", label="capital"),
            field("region", "category", "label", "UN region"),
            field("subregion", "category", "label", "UN subregion"),
            field("area", "measure", "number", "total area", unit="km2", description="As published about 2014."),
            field("bordering_countries", "measure", "number", "number of countries it shares a land border with"),
            field("calling_code", "category", label="international telephone code"),
            field("internet_domain", "category", label="internet country domain"),
        ),
    ),
    _countries,
)


def _border(random: Random, n: int) -> Row | None:
    """Two kinds: which country borders both of two others, and which does not border a given one."""
    known = neighbours()
    name = random.choice(sorted(known))
    near = [other for other in known[name] if other in known]
    if len(near) < 3:
        return None
    if random.random() < 0.35:
        wrong = sorted({far for other in near for far in known[other] if far in known} - {name, *near})
        if not wrong:
            return None
        answer = random.choice(wrong)
        return {
            "question": f"Which of these countries does not share a land border with {the(name)}?",
            "answer": answer,
            "options": choices(random, answer, random.sample(near, 3)),
            "difficulty": "moderate",
        }
    pair = sorted(random.sample(near, 2))
    both = set(known[pair[0]]) & set(known[pair[1]])
    if len(both) != 1:
        return None
    wrong = sorted((set(known[pair[0]]) ^ set(known[pair[1]])) - {*pair})
    random.shuffle(wrong)
    return {
        "question": f"Which country shares a land border with both {joined([the(one) for one in pair])}?",
        "answer": name,
        "options": choices(random, name, wrong),
        "difficulty": "hard",
    }


def _border_row(random: Random, n: int) -> Row | None:
    row = _border(random, n)
    return row if row and row["options"] else None


BORDERS = Maker(
    PartialCard(
        name="land-borders",
        description=(
            "Multiple-choice questions about land borders of countries: which country touches both of two others, and "
            "which does not touch a given one. The wrong options lie close by, so that a vague idea of the map does "
            "not help. Tests geographical knowledge and reasoning over a graph of neighbours."
        ),
        topics=split("geography, border, neighbour, country, map, multi-hop, graph reasoning, world knowledge"),
        licence="MIT",
        source="Computed from the Python package countryinfo 1.0.1; disputed borders left out",
        fields=(field("id", "id"), *asked("phrase")),
    ),
    family("land-borders", 150, _border_row, share=0.05, even=True),
)

_AIRPORTS = listing(
    "ATL JFK ORD LAX DEN SFO SEA MIA BOS IAD PHX SLC SAN TPA ANC HNL YYC YHZ MEX CUN GDL SJO GUA HAV KIN SDQ NAS BOG "
    "CTG LIM CUZ SCL GRU GIG BSB SSA MVD ASU CCS LHR MAN EDI DUB CDG NCE LYS AMS FRA MUC HAM BER VIE ZRH GVA FCO MXP "
    "MAD BCN AGP LIS OPO CPH ARN GOT OSL BGO HEL KEF WAW KRK PRG BUD OTP SOF BEG ZAG LJU ATH TIA RIX VNO TLL ESB "
    "AYT TBS EVN GYD AMM BEY DXB AUH DOH KWI BAH MCT RUH JED BGW CAI CMN RAK TUN ALG ADD NBO MBA DAR KGL EBB LOS "
    "ABV ACC DKR ABJ JNB CPT DUR WDH GBE HRE LUN MPM TNR MRU DEL BOM BLR MAA CCU HYD CMB MLE KTM DAC KHI LHE ALA PEK "
    "PVG CAN CTU ICN PUS HND KIX FUK OKA ULN HAN SGN BKK CNX HKT VTE RGN KUL PEN SIN CGK MNL BWN SYD MEL BNE PER ADL "
    "DRW HBA AKL WLG CHC ZQN NAN POM APW"
)
_CITIES = {
    "GIG": "Rio de Janeiro",
    "BEG": "Belgrade",
    "EBB": "Entebbe",
    "BLR": "Bengaluru",
    "ULN": "Ulaanbaatar",
    "KEF": "Keflavik",
    "GRU": "São Paulo",
    "BOG": "Bogotá",
    "BSB": "Brasília",
    "ASU": "Asunción",
    "SJO": "San José",
    "CUN": "Cancún",
    "AGP": "Málaga",
    "IAD": "Washington, D.C.",
}


def _airports(folder: Path) -> Iterator[Row]:
    book = airportsdata.load("IATA")
    for code in _AIRPORTS:
        airport = book[code]
        city = _CITIES.get(code, str(airport["city"]))
        yield {
            "id": code,
            "airport": f"{city} ({code})",
            "country": country_name(airport["country"]),
            "time_zone": airport["tz"],
            "latitude": round(airport["lat"], 2),
            "longitude": round(airport["lon"], 2),
            "elevation": round(airport["elevation"]),
            "hemisphere": "northern" if airport["lat"] > 0 else "southern",
        }


AIRPORTS = Maker(
    PartialCard(
        name="airports",
        description=(
            "Large and well-known airports of all continents with city, country, time zone, position and elevation. "
            "Tests knowledge of where cities lie: which is farther north or east, higher above the sea, in which "
            "country and time zone. Positions are in degrees, south and west negative."
        ),
        topics=split("geography, airport, city, latitude, longitude, elevation, aviation, travel, position, fact"),
        licence="MIT",
        source="Python package airportsdata 20260905; airports with doubtful positions left out",
        fields=(
            field("id", "id"),
            field("airport", "entity", label="airport", description="City and IATA code."),
            field("country", "category", "label", "country"),
            field("time_zone", "category", "label", "IANA time zone"),
            field("latitude", "measure", "number", "latitude", unit="degrees north"),
            field("longitude", "measure", "number", "longitude", unit="degrees east"),
            field("elevation", "measure", "number", "elevation above sea level", unit="feet"),
            field("hemisphere", "category", "label", "hemisphere"),
        ),
    ),
    _airports,
)

DATASETS: tuple[Maker, ...] = (COUNTRIES, BORDERS, AIRPORTS)
