"""`kill -9` at random moments of a build with models: nothing is lost, and only calls in flight are made twice."""

from pathlib import Path

from bench.kills import build, killed
from bench.policy import write_pool


def test_a_build_killed_again_and_again_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    pool = write_pool(tmp_path / "pool", rows=40)
    whole = build(tmp_path / "whole", pool, 16, resume=False)
    found = killed(tmp_path / "killed", pool, 16, kills=4, seed=3)
    assert found.kills >= 3
    assert found.digest == whole
    # Replies on their way from the model to the journal are lost too: they are in flight as far as the build knows.
    assert found.unanswered <= found.repeated <= found.unanswered + 8 * found.kills
