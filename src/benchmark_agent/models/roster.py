"""Who plays which role, and who is related to whom."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

import yaml

from benchmark_agent.errors import UserError
from benchmark_agent.models import Role, prices
from benchmark_agent.models.prices import Prices
from benchmark_agent.requirement import Roles

NAMES: tuple[str, ...] = get_args(Role)
_FAMILIES = {
    "chatgpt": "gpt",
    "codex": "gpt",
    "davinci": "gpt",
    "mixtral": "mistral",
    "ministral": "mistral",
    "magistral": "mistral",
    "codestral": "mistral",
    "devstral": "mistral",
    "pixtral": "mistral",
    "voxtral": "mistral",
    "qwq": "qwen",
    "qvq": "qwen",
    "codellama": "llama",
}
_KNOWN = frozenset(
    "gpt claude gemini gemma llama mistral qwen deepseek phi command aya nova grok kimi glm yi granite olmo smollm "
    "minimax ernie hunyuan nemotron falcon jamba sonar internlm baichuan exaone".split()
) | {*_FAMILIES.values()}
_NO_NAME = re.compile(
    r"v?\d+|\d+[bmk]|\d+x\d+b|a\d+b|q\d\w*|fp\d+|int\d+|bf16|gguf|awq|gptq|instruct|chat|it|"
    r"base|latest|preview|beta|hf|k|m|s"
)


def read(model: str | None = None, given: Sequence[str] = (), file: Path | None = None) -> Roles | None:
    """The roles asked for; None where nothing is.

    Args:
        model: plays every role nothing else is said of.
        given: `role=model`, or `solver=a,b,c`; stronger than the file.
        file: YAML with `planner`, `writer`, `solver` (one or a list), `judge`, `viewer`, or `model` for all.

    Raises:
        UserError: a role that does not exist, is said twice, or is left open.
    """
    said: dict[str, tuple[str, ...]] = _from_file(file) if file else {}
    in_file = next(iter(said.pop("model", ())), None)
    every = model or in_file
    said |= _from_flags(given)
    if not (said or every):
        return None
    by_default = dict.fromkeys(NAMES, (every,)) if every else {}
    return _complete({**by_default, **said})


def mentioned(model: str | None = None, given: Sequence[str] = (), file: Path | None = None) -> tuple[str, ...]:
    """Every model named, once, whether or not all roles have one.

    Raises:
        UserError: as `read`.
    """
    said = {"model": (model,) if model else ()} | (_from_file(file) if file else {}) | _from_flags(given)
    return tuple(dict.fromkeys(name for models in said.values() for name in models))


def _from_flags(given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {}
    for each in given:
        name, sign, models = each.partition("=")
        if not sign or not models.strip():
            raise UserError(f"'--role {each}' says no model; write '--role {name.strip() or 'judge'}=provider/model'")
        name = _role(name.strip(), "--role")
        if name in said:
            raise UserError(f"the role {name!r} is given twice; write '--role {name}=a,b' for several models")
        said[name] = tuple(model.strip() for model in models.split(",") if model.strip())
    return said


def _from_file(file: Path) -> dict[str, tuple[str, ...]]:
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"there is no file {str(file)!r}; it should say which model plays which role") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{str(file)!r} cannot be read as YAML: {error}") from None
    if not isinstance(found, dict):
        raise UserError(f"{str(file)!r} should say which model plays which role, like 'planner: provider/model'")
    said: dict[str, tuple[str, ...]] = {}
    for key, value in found.items():
        name = str(key) if key == "model" else _role(str(key), str(file))
        models = value if isinstance(value, list) else [value]
        if not models or not all(isinstance(each, str) and each for each in models):
            raise UserError(f"{str(file)!r} says no model for {name!r}; write '{name}: provider/model'")
        said[name] = tuple(models)
    return said


def _role(name: str, where: str) -> str:
    name = "solver" if name == "solvers" else name
    if name not in NAMES:
        close = get_close_matches(name, NAMES, n=1)
        hint = f". Did you mean {close[0]!r}?" if close else ""
        raise UserError(f"{where}: there is no role {name!r}; there are {', '.join(map(repr, NAMES))}{hint}")
    return name


def _complete(said: dict[str, tuple[str, ...]]) -> Roles:
    for name, models in said.items():
        if name != "solver" and len(models) > 1:
            raise UserError(f"the role {name!r} is for one model; {', '.join(map(repr, models))} are given")
        if repeated := [model for n, model in enumerate(models) if model in models[:n]]:
            raise UserError(f"the model {repeated[0]!r} is given twice as {name!r}; it would agree with itself")
    if open_roles := [name for name in NAMES if name not in said and name != "viewer"]:
        raise UserError(
            f"no model plays {', '.join(map(repr, open_roles))}; type '--model MODEL' for all roles, or "
            f"'--role {open_roles[0]}=MODEL'"
        )
    single = {name: models[0] for name, models in said.items() if name != "solver"}
    return Roles(**{**single, "solvers": said["solver"]})


def models_of(roles: Roles, role: Role) -> tuple[str, ...]:
    """Names of the models that play the role."""
    if role == "solver":
        return roles.solvers
    name = {"planner": roles.planner, "writer": roles.writer, "judge": roles.judge, "viewer": roles.viewer}[role]
    return (name,) if name else ()


def everyone(roles: Roles) -> tuple[str, ...]:
    """Every model that plays a role, once, in the order of the roles."""
    return tuple(dict.fromkeys(model for role in get_args(Role) for model in models_of(roles, role)))


def family(model: str, rows: Prices | None = None) -> str:
    """The family of a model: from the price file where it says one, else from the name.

    A provider, a size, a version or a date is no family. A model of an unknown name is its own family.
    """
    return (rows or prices.load()).info(model).family or guessed(model)


def guessed(model: str) -> str:
    """The family a name speaks of: `openai-api/local/Qwen2.5-7B-Instruct` -> `qwen`."""
    stem = model.lower().split("/")[-1].removeprefix("ft:").split(":")[0]
    words = [word for word in re.split(r"[^a-z0-9]+", stem) if word]
    for word in words:
        if re.fullmatch(r"o[1-9]", word):
            return "gpt"
        start = re.match(r"[a-z]+", word)
        name = _FAMILIES.get(start.group(), start.group()) if start else ""
        if name in _KNOWN:
            return name
    named = [word for word in words if not _NO_NAME.fullmatch(word)]
    return "-".join(named) or stem


def warnings(roles: Roles, rows: Prices | None = None, shown: Sequence[str] = ()) -> tuple[str, ...]:
    """What weakens the proof: those who write, solve and judge being related, or unable to take what is `shown`.

    Args:
        rows: the price file, which says families and what models take.
        shown: what items are wished to show: text, image, audio.
    """
    return (*_related(roles, rows), *_unseeing(roles, rows or prices.load(), shown))


def _unseeing(roles: Roles, rows: Prices, shown: Sequence[str]) -> list[str]:
    voters, viewer = (*roles.solvers, roles.judge), roles.viewer
    said = []
    for kind in shown:
        blind = [name for name in dict.fromkeys(voters) if kind not in rows.info(name).takes]
        if kind != "text" and blind and not (viewer and kind in rows.info(viewer).takes):
            said.append(
                f"{', '.join(map(repr, blind))} take no {kind} as far as the price file says, so they have no vote on "
                f"items that show one; name a model that describes it with '--role viewer=MODEL', or write what "
                f"they take into {prices.FILE!r}"
            )
    return said


def _related(roles: Roles, rows: Prices | None) -> list[str]:
    writer = family(roles.writer, rows)
    related = [name for name in roles.solvers if family(name, rows) == writer]
    said = []
    if len(related) == len(roles.solvers):
        said.append(
            f"writer and every solver are of the family {writer!r}: they share blind spots, so golds a model wrote are "
            "proved only weakly; add a solver of another family with '--role solver=A,B'"
        )
    if family(roles.judge, rows) == writer:
        said.append(
            f"writer and judge are of the family {writer!r}: models favour what their own family wrote; "
            "name another with '--role judge=MODEL'"
        )
    return said
