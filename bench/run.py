"""Run every bench module and print one table: name, value, unit.

python -m bench.run                # all of them
python -m bench.run search build   # those whose name has one of the words
"""

import importlib
import sys
from pathlib import Path


def main(words: list[str]) -> None:
    """Print the figures of every `bench_*.py` beside this file that matches."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    for name in names:
        if words and not any(word in name for word in words):
            continue
        for figure, value, unit in importlib.import_module(f"bench.{name}").run():
            print(f"{figure:<58} {value:>12,.3f} {unit}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
