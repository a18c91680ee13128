"""`pool make`: obtain the packages, write the datasets, put them where `made:NAME` finds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from benchmark_agent.errors import UserError
from benchmark_agent.sources.home import code_version, fill_folder, home
from benchmark_agent.sources.pool_recipes import RECIPES
from benchmark_agent.sources.pool_recipes.obtain import INSTALLED, Agree, can_download, found, obtain
from benchmark_agent.sources.pool_recipes.output import Output
from benchmark_agent.sources.pool_recipes.types import Material, PoolRecipe


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    rows: Mapping[str, int]
    """By dataset."""


def recipe_called(name: str) -> PoolRecipe:
    """Raises UserError for an unknown name, with the names there are."""
    recipes = {recipe.name: recipe for recipe in RECIPES}
    if name in recipes:
        return recipes[name]
    close = get_close_matches(name, recipes, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise UserError(f"there is no recipe {name!r}; there are {', '.join(map(repr, sorted(recipes)))}.{hint}")


def made_folder(name: str) -> Path:
    """Where the pool of a recipe lies.

    Raises:
        UserError: for an unknown recipe, or a pool that is not made yet.
    """
    folder = pools_folder() / recipe_called(name).name
    if not folder.is_dir():
        raise UserError(f"the pool {name!r} is not made yet; type: benchmark-agent pool make {name}")
    return folder


def pools_folder() -> Path:
    return home() / "pools"


def make(
    name: str, agree: Agree, *, given: Path | None = None, out: Path | None = None, installed: Path = INSTALLED
) -> Made:
    """Make the pool of a recipe, in place of one made before.

    Args:
        agree: asked before a large download.
        given: the folder the packages are unpacked in; nothing is downloaded then.
        out: where to, instead of the cache folder.

    Raises:
        UserError: unknown recipe, missing material, or an `out` that holds something else.
    """
    recipe = recipe_called(name)
    if missing := recipe.missing():
        raise UserError(missing)
    if given is not None and not given.is_dir():
        raise UserError(f"there is no folder {str(given)!r}; name the one the packages are unpacked in")
    folder = out or pools_folder() / name
    if out is not None and out.exists() and any(out.iterdir()) and not (out / _STAMP).is_file():
        raise UserError(f"{str(out)!r} holds something else; name an empty folder with '--out', or leave it out")
    materials = obtain(recipe.packages, agree, given, installed)
    written: dict[str, int] = {}
    fill_folder(folder, lambda part: written.update(_write(recipe, materials, part)), replace=True)
    return Made(folder, written)


_STAMP = "made.txt"


def _write(recipe: PoolRecipe, materials: Mapping[str, Material], part: Path) -> dict[str, int]:
    versions = [f"{name} {material.version}".strip() for name, material in sorted(materials.items())]
    source = f"Debian package {', '.join(versions)}" if versions else recipe.gives
    output = Output(part, source, recipe.licence)
    recipe.write(materials, output)
    if not output.written:
        raise UserError(f"the material of {recipe.name!r} gave no dataset; is it the package the recipe is for?")
    for name, material in sorted(materials.items()):
        output.text(f"copyright-{name}.txt", material.root / "usr/share/doc" / name / "copyright")
    version = code_version(Path(__file__).parent)
    (part / _STAMP).write_text(f"{recipe.name} by recipe {version} from {source}\n", encoding="utf-8")
    return output.written


def state_of(recipe: PoolRecipe, installed: Path = INSTALLED) -> str:
    """Whether the pool is made, and if not, where its material would come from."""
    if (pools_folder() / recipe.name).is_dir():
        return f"made: --pool made:{recipe.name}"
    if missing := recipe.missing():
        return missing
    lacking = [package for package in recipe.packages if found(package, None, installed) is None]
    if not lacking:
        return "material is here"
    size = sum(package.megabytes for package in lacking)
    return f"downloads {size} MB" if can_download() else "not here: --from FOLDER"
