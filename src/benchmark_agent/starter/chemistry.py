"""Facts of the chemical elements from the package periodictable, and molar masses computed from them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import periodictable

from benchmark_agent.starter.families import Row, asked, family, near, split, square
from benchmark_agent.starter.makers import Maker, PartialCard, field
from benchmark_agent.starter.words import listing

_NOBLE = (2, 10, 18, 36, 54, 86)
_GASES = {1, 2, 7, 8, 9, 10, 17, 18, 36, 54, 86}
_LIQUIDS = {35, 80}
_LAST_WITH_KNOWN_STATE = 98
_DOUBTFUL = listing("calculated estimated approximate unavailable T=-")
"""Marks in the package of densities that are not a measurement near room temperature."""
_NO_DENSITY = {6, 15, 34, 43, 44, 45, 50, 61, 84, *range(90, 119)}
"""Several forms with different densities, radioactive, or handbooks differ."""
_LAST_STABLE = 83


def position(number: int) -> tuple[int, int | None]:
    """Period and group of an element; no group for the lanthanides and actinides.

    Source: IUPAC periodic table, groups 1-18.
    """
    period = 1 + sum(number > noble for noble in _NOBLE)
    before = 0 if period == 1 else _NOBLE[period - 2]
    step = number - before
    length = (2, 8, 8, 18, 18, 32, 32)[period - 1]
    left = length - step
    if left <= (0 if period == 1 else 5):
        return period, 18 - left
    if step <= 2:
        return period, step
    if length == 32 and step <= 17:
        return period, None
    return period, 18 - left


def _series(number: int, group: int | None) -> str | None:
    """The name of the element's family where chemists agree on it."""
    if 57 <= number <= 71:
        return "lanthanide"
    if 89 <= number <= 103:
        return "actinide"
    if number == 1 or number > 108 or group is None:
        return None
    names = {1: "alkali metal", 2: "alkaline earth metal", 17: "halogen", 18: "noble gas"}
    return names.get(group) or ("transition metal" if 4 <= group <= 11 else None)


def _state(number: int) -> str | None:
    if number in _GASES:
        return "gas"
    if number in _LIQUIDS:
        return "liquid"
    return "solid" if number <= _LAST_WITH_KNOWN_STATE and number not in (85, 87) else None


def _density(element: periodictable.core.Element) -> float | None:
    doubtful = any(mark in str(element.density_caveat) for mark in _DOUBTFUL)
    if doubtful or element.number in _GASES | _NO_DENSITY or not element.density:
        return None
    return float(element.density)


def _elements(folder: Path) -> Iterator[Row]:
    for element in periodictable.elements:
        if element.number == 0:
            continue
        period, group = position(element.number)
        natural = [isotope for isotope in element if isotope.abundance]
        yield {
            "id": element.symbol,
            "element": element.name,
            "symbol": element.symbol,
            "atomic_number": element.number,
            "atomic_mass": round(element.mass, 3) if natural else None,
            "density": _density(element),
            "natural_isotopes": (len(natural) or None) if element.number <= _LAST_STABLE else None,
            "period": f"period {period}",
            "group": f"group {group}" if group else None,
            "series": _series(element.number, group),
            "state": _state(element.number),
        }


ELEMENTS = Maker(
    PartialCard(
        name="chemical-elements",
        description=(
            "The 118 chemical elements with symbol, atomic number, standard atomic mass, density, number of naturally "
            "occurring isotopes, place in the periodic table, family and state at room temperature. Tests knowledge "
            "of chemistry and of the order in the periodic table. Families and values in dispute are left empty."
        ),
        topics=split("chemistry, element, periodic table, atomic mass, density, isotope, metal, science, fact"),
        licence="LicenseRef-public-domain",
        source="Python package periodictable 2.1.0; period, group and family computed from the atomic number",
        fields=(
            field("id", "id"),
            field("element", "entity"),
            field("symbol", "category", label="chemical symbol"),
            field("atomic_number", "measure", "number", "atomic number"),
            field("atomic_mass", "measure", "number", "standard atomic mass", unit="u"),
            field("density", "measure", "number", "density near room temperature", unit="g/cm3"),
            field("natural_isotopes", "measure", "number", "number of naturally occurring isotopes"),
            field("period", "category", "label", "periodic-table period"),
            field("group", "category", "label", "periodic-table group"),
            field("series", "category", "label", "family of elements"),
            field("state", "category", "label", "state at room temperature"),
        ),
    ),
    _elements,
)

COMPOUNDS = (
    ("water", "H2O"), ("carbon dioxide", "CO2"), ("methane", "CH4"), ("ammonia", "NH3"), ("sulfuric acid", "H2SO4"),
    ("nitric acid", "HNO3"), ("phosphoric acid", "H3PO4"), ("sodium chloride", "NaCl"), ("glucose", "C6H12O6"),
    ("sucrose", "C12H22O11"), ("ethanol", "C2H6O"), ("acetic acid", "C2H4O2"), ("benzene", "C6H6"),
    ("caffeine", "C8H10N4O2"), ("aspirin", "C9H8O4"), ("urea", "CH4N2O"), ("acetone", "C3H6O"),
    ("calcium carbonate", "CaCO3"), ("calcium hydroxide", "Ca(OH)2"), ("magnesium hydroxide", "Mg(OH)2"),
    ("aluminium sulfate", "Al2(SO4)3"), ("ammonium sulfate", "(NH4)2SO4"), ("ammonium nitrate", "NH4NO3"),
    ("calcium phosphate", "Ca3(PO4)2"), ("potassium permanganate", "KMnO4"), ("potassium dichromate", "K2Cr2O7"),
    ("copper sulfate", "CuSO4"), ("silver nitrate", "AgNO3"), ("iron(III) oxide", "Fe2O3"), ("magnetite", "Fe3O4"),
    ("titanium dioxide", "TiO2"), ("silicon dioxide", "SiO2"), ("lead(II) iodide", "PbI2"), ("barium sulfate", "BaSO4"),
    ("zinc oxide", "ZnO"), ("sodium bicarbonate", "NaHCO3"), ("sodium carbonate", "Na2CO3"),
    ("hydrogen peroxide", "H2O2"), ("sodium thiosulfate", "Na2S2O3"), ("iron(III) nitrate", "Fe(NO3)3"),
    ("magnesium nitrate", "Mg(NO3)2"), ("nickel(II) hydroxide", "Ni(OH)2"), ("chromium(III) sulfate", "Cr2(SO4)3"),
    ("tin(IV) chloride", "SnCl4"), ("uranium hexafluoride", "UF6"), ("sulfur hexafluoride", "SF6"),
    ("tungsten carbide", "WC"), ("strontium nitrate", "Sr(NO3)2"), ("mercury(II) sulfide", "HgS"),
    ("nicotine", "C10H14N2"), ("citric acid", "C6H8O7"), ("glycine", "C2H5NO2"), ("naphthalene", "C10H8"),
    ("potassium hexacyanoferrate(II)", "K4Fe(CN)6"), ("ammonium phosphate", "(NH4)3PO4"), ("octane", "C8H18"),
)  # fmt: skip


def _molar(random: Random, name: str, formula: str) -> Row:
    """Molar mass; wrong options drop a bracket's factor, one atom, or count an atom twice."""
    compound = periodictable.formula(formula)
    mass = float(compound.mass)
    weights = [float(element.mass) for element in compound.atoms]
    flat = float(periodictable.formula(formula.replace("(", "").replace(")", "")).mass)
    mistaken = flat if "(" in formula else mass + random.choice((1, -1)) * max(weights)
    atom = random.choice((1, -1)) * min(weights)
    return {
        "question": f"What is the molar mass of {name}, {formula}, in g/mol, to two decimals?",
        "answer": f"{mass:.2f}",
        "options": square(random, mass, mistaken, lambda grams: abs(grams + atom), lambda grams: f"{grams:.2f}"),
        "difficulty": "hard" if "(" in formula else "moderate",
    }


def _percent(random: Random, name: str, formula: str) -> Row:
    compound = periodictable.formula(formula)
    element = random.choice(sorted(compound.atoms, key=lambda atom: atom.number))
    n, total = compound.atoms[element], sum(compound.atoms.values())
    share = 100 * n * float(element.mass) / float(compound.mass)
    by_atoms = 100 * n / total
    one_atom = 100 * float(element.mass) / float(compound.mass)
    mistaken = by_atoms if n == 1 else random.choice((by_atoms, one_atom))
    return {
        "question": f"What percentage of the mass of {name}, {formula}, is {element.name}? Give one decimal.",
        "answer": f"{share:.1f}%",
        "options": square(random, share, mistaken, lambda percent: 100 - percent, lambda percent: f"{percent:.1f}%"),
        "difficulty": "hard",
    }


def _atoms(random: Random, name: str, formula: str) -> Row:
    units, compound = random.randint(2, 9), periodictable.formula(formula)
    total = units * sum(compound.atoms.values())
    first = random.choice(sorted(compound.atoms, key=lambda atom: atom.number))
    wrong = [total + units, total - units, units * len(compound.atoms), units * compound.atoms[first], total + 1]
    return {
        "question": f"How many atoms are there in {units} formula units of {name}, {formula}?",
        "answer": str(total),
        "options": near(random, total, wrong),
        "difficulty": "moderate",
    }


def _moles(random: Random, name: str, formula: str) -> Row:
    compound = periodictable.formula(formula)
    mass = float(compound.mass)
    grams = random.choice((5, 12, 25, 40, 75, 150, 320))
    wrong = mass + random.choice((1, -1)) * max(float(element.mass) for element in compound.atoms)
    factor = random.choice((10, 0.1, 2, 0.5))
    return {
        "question": f"How many moles are {grams} g of {name}, {formula}? Give three decimals.",
        "answer": f"{grams / mass:.3f}",
        "options": square(
            random, grams / mass, grams / wrong, lambda moles: moles * factor, lambda moles: f"{moles:.3f}"
        ),
        "difficulty": "hard",
    }


def _chemistry(random: Random, n: int) -> Row | None:
    name, formula = random.choice(COMPOUNDS)
    return (_molar, _percent, _atoms, _moles)[n % 4](random, name, formula)


MOLAR = Maker(
    PartialCard(
        name="molar-mass",
        description=(
            "Computations over chemical formulas: molar mass, mass percentage of an element, number of atoms, amount "
            "of substance in moles. Wrong options come from typical slips, such as forgetting the factor after a "
            "bracket. Tests parsing of formulas, knowledge of atomic masses and careful arithmetic."
        ),
        topics=split("chemistry, molar mass, formula, stoichiometry, mole, arithmetic, computation, science"),
        licence="CC0-1.0",
        source="Computed with the Python package periodictable 2.1.0 (public domain)",
        fields=(field("id", "id"), *asked("phrase")),
    ),
    family("molar-mass", 180, _chemistry, share=0.05),
)

DATASETS: tuple[Maker, ...] = (ELEMENTS, MOLAR)
