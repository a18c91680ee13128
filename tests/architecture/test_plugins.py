"""The registry: names are unique, an unknown name says what there is, digests are the same in every process."""

import os
import subprocess
import sys
from random import Random
from typing import Annotated

import pytest

from benchmark_agent import plugins
from benchmark_agent.content import Phrase
from benchmark_agent.errors import UserError
from benchmark_agent.seeds import permuted
from benchmark_agent.tools import tool


@tool()
def shout(passage: Annotated[Phrase, "context"], others: tuple[Phrase, ...], rng: Random, *, marks: int = 1) -> Phrase:
    """Write a passage in capitals."""
    return Phrase(text=passage.text.upper() + "!" * marks)


def test_a_tool_is_described_by_its_signature() -> None:
    passage, others = shout.params
    assert (passage.types, passage.roles, passage.many) == (("phrase",), ("context",), False)
    assert others.many
    assert shout.arguments == (("marks", 1),)
    assert shout.wants == (("rng", "random"),)
    assert shout.makes == "phrase"


def test_a_second_of_the_same_name_is_an_error() -> None:
    registry = plugins.Registry()
    registry.tools.add(shout, origin="shouting 0.1")
    with pytest.raises(UserError, match=r"two plugins register the tool 'shout': shouting 0\.1 and other"):
        registry.tools.add(shout, origin="other")


def test_an_unknown_name_lists_the_choices() -> None:
    registry = plugins.Registry()
    registry.tools.add(shout)
    with pytest.raises(UserError, match=r"no tool is called 'shoot'; there are \['shout'\]\. Did you mean 'shout'"):
        registry.tools["shoot"]


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    code = (
        "from benchmark_agent.requirement import Requirement as R;"
        "print(R(goal='goal', size=1, modalities={'text', 'image', 'audio'}).fingerprint())"
    )
    path = os.pathsep.join(sys.path)
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(prints) == 1


@pytest.mark.parametrize("n", [0, 1, 2, 7, 64, 1000])
def test_permuted_gives_each_number_once_in_a_seeded_order(n: int) -> None:
    order = list(permuted(n, 5))
    assert sorted(order) == list(range(n))
    assert order == list(permuted(n, 5))
    assert n < 7 or order != list(permuted(n, 6))
