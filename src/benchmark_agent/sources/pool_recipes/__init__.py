"""Recipes that turn public packages into pools: one module each."""

from benchmark_agent.sources.pool_recipes.asterisk import ASTERISK
from benchmark_agent.sources.pool_recipes.gym import GYM
from benchmark_agent.sources.pool_recipes.kgeography import KGEOGRAPHY
from benchmark_agent.sources.pool_recipes.tuxpaint import TUXPAINT
from benchmark_agent.sources.pool_recipes.types import PoolRecipe
from benchmark_agent.sources.pool_recipes.wordnet import WORDNET

RECIPES: tuple[PoolRecipe, ...] = (ASTERISK, GYM, KGEOGRAPHY, TUXPAINT, WORDNET)
