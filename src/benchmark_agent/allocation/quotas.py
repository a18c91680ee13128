"""How many items each subtask should get: its weight's share, and never less than the floor."""

from collections.abc import Sequence
from fractions import Fraction


def default_floor(size: int, subtasks: int) -> int:
    """Items every subtask gets at least: enough to say something of it, at most a quarter of an even share."""
    return max(1, min(5, size // (4 * subtasks)))


def apportion(weights: Sequence[float], size: int, floor: int) -> tuple[int, ...]:
    """Whole numbers that sum to `size`, in proportion to `weights`, none under `floor`.

    Largest remainder (Hare quota) over the weights that ask for more than the floor; equal remainders go to the
    earlier weight. A floor that does not fit into `size` is lowered to the even share.
    """
    floor = min(floor, size // len(weights))
    exact = [Fraction(weight) for weight in weights]
    raised: set[int] = set()
    while True:
        free = [index for index in range(len(exact)) if index not in raised]
        pot, total = size - floor * len(raised), sum(exact[index] for index in free)
        under = {index for index in free if exact[index] * pot < floor * total}
        if not under:
            break
        raised |= under
    quotas = [floor] * len(exact)
    shares = {index: exact[index] * pot / total for index in free}
    for index in free:
        quotas[index] = int(shares[index])
    by_remainder = sorted(free, key=lambda index: (quotas[index] - shares[index], index))
    for index in by_remainder[: size - sum(quotas)]:
        quotas[index] += 1
    return tuple(quotas)
