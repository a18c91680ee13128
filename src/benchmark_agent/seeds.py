"""Every random choice derives from the requirement's seed and the content it applies to."""

import hashlib
from collections.abc import Iterator
from random import Random


def derive(*parts: object) -> int:
    """A 63-bit integer from the text of `parts`: the same in every process and order of work."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def rng(*parts: object) -> Random:
    """A generator seeded by `derive(*parts)`."""
    return Random(derive(*parts))


def permuted(n: int, seed: int) -> Iterator[int]:
    """The numbers 0..n-1 in a seeded order, each once, in constant memory.

    A Feistel network over the next power of four, walked until the value falls in range
    (cycle walking; Black and Rogaway 2002).
    """
    half = max(1, ((max(n - 1, 1)).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    keys = [derive("feistel", seed, turn) for turn in range(4)]
    for start in range(n):
        value = start
        while True:
            left, right = value >> half, value & mask
            for key in keys:
                mixed = ((right ^ key) * 0x9E3779B97F4A7C15 + (key >> 17)) & 0xFFFFFFFFFFFFFFFF
                mixed ^= mixed >> 29
                left, right = right, left ^ ((mixed * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF) >> 32) & mask
            value = (left << half) | right
            if value < n:
                break
        yield value
