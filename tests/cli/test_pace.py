"""Speed and time left, as progress lines tell them."""

from benchmark_agent.cli.pace import pace


def test_fast_work_is_told_by_the_second_and_slow_work_by_the_piece() -> None:
    assert pace(made=200, left=100, seconds=2.0) == "100/s  1 s left"
    assert pace(made=4, left=2, seconds=108.0) == "27 s each  54 s left"
    assert pace(made=4, left=196, seconds=108.0) == "27 s each  88 min left"
