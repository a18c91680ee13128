"""How long a user waits for `--help`."""

import subprocess
import sys
import time
from statistics import median

RUNS = 7


def run() -> list[tuple[str, float, str]]:
    """Median of whole processes."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "benchmark_agent", "--help"], capture_output=True, check=True)
        seconds.append(time.perf_counter() - start)
    return [("--help, whole process, median of 7", median(seconds), "s")]
