"""Degraded images and text read in them: ratio by severity, images a second, characters read wrong, memory.

The ratio is the peak signal-to-noise ratio in decibels; of operations that move points, how far they go on average, in
percent of the diagonal. Reading needs the extra `ocr`.
"""

import resource
import time
from collections.abc import Iterator
from random import Random

import numpy as np

from benchmark_agent.starter.scenes import counting
from benchmark_agent.tools.image.degrading import OPERATIONS, SEVERITIES, Operation
from benchmark_agent.tools.image.pixels import Pixels, decode, encode, psnr
from benchmark_agent.tools.image.reading import errors_in, missing_reader, plain_text, read_text
from benchmark_agent.tools.render.pages import draw_page

PAGE = "The ferry leaves the north pier at noon and calls at 17 islands. Ask for Mirel at gate B in May. " * 5
SEEDS = (1, 2, 3)
READ = ("jpeg", "gaussian_noise", "gaussian_blur", "salt_pepper", "low_contrast", "rotate", "perspective", "rain")


def scene() -> Pixels:
    made = next(found for seed in range(99) if (found := counting(Random(seed), "hard")))
    return decode(made[1])


def measure(operation: Operation, picture: Pixels, severity: int) -> float:
    found = []
    for seed in SEEDS:
        worse = operation.applied(picture, severity, seed)
        warp = operation.warp(severity, seed, picture.shape[1], picture.shape[0])
        found.append(100 * warp.reach(picture.shape[1], picture.shape[0]) if warp else psnr(picture, worse))
    return float(np.mean(found))


def degrading(picture: Pixels) -> Iterator[tuple[str, float, str]]:
    total, monotone = 0.0, 0
    for operation in OPERATIONS.values():
        started = time.process_time()
        levels = [measure(operation, picture, severity) for severity in SEVERITIES]
        spent = (time.process_time() - started) / (len(SEEDS) * len(SEVERITIES))
        total += spent
        ordered = sorted(levels, reverse=operation.bend is None)
        monotone += levels == ordered
        told = ", ".join(f"{level:.1f}" for level in levels)
        yield f"images: {operation.name} {told}", spent * 1000, "ms an image"
    yield "images: operations that are monotone", monotone, f"of {len(OPERATIONS)}"
    yield "images: degraded", len(OPERATIONS) / total, "a second"


def readings() -> Iterator[tuple[str, float, str]]:
    page = decode(draw_page(PAGE))
    read_text(encode(page[:80]))
    started = time.process_time()
    clean = 100 * errors_in(PAGE, plain_text(read_text(encode(page))).replace("\n", " "))
    yield "images: characters read wrong, clean page", clean, "%"
    yield "images: a page read", time.process_time() - started, "s of processor time"
    for name in READ:
        for severity in (1, 3):
            worse = encode(OPERATIONS[name].applied(page, severity, 1))
            wrong = 100 * errors_in(PAGE, plain_text(read_text(worse)).replace("\n", " "))
            yield f"images: characters read wrong, {name} {severity}", wrong, "%"


def run() -> Iterator[tuple[str, float, str]]:
    yield from degrading(scene())
    yield "images: peak memory, degrading", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
    if not missing_reader():
        yield from readings()
        yield "images: peak memory, reading", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
