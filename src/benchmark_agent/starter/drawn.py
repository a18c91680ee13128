"""The starter pool's drawn pictures: every answer is computed from what was drawn."""

from benchmark_agent.starter import dials, figures, maps, networks, plots, scenes
from benchmark_agent.starter.makers import Maker

DATASETS: tuple[Maker, ...] = (
    *scenes.DATASETS,
    *dials.DATASETS,
    *plots.DATASETS,
    *figures.DATASETS,
    *networks.DATASETS,
    *maps.DATASETS,
)
