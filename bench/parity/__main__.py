"""Run the parity of exports and print one table.

python -m bench.parity                  # every harness; missing ones are installed first, each in its own environment
python -m bench.parity inspect lm-eval  # some
python -m bench.parity --no-install     # only those that are installed

Environments are kept in $BENCHMARK_AGENT_PARITY, by default ~/.cache/benchmark-agent-parity.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from bench.parity import policy, sample
from bench.parity.compare import Agreement, compare
from bench.parity.environments import HARNESSES, Harness, Missing, install, run, version
from benchmark_agent import plugins
from benchmark_agent.benchmark.exporters.target import REPORT, ExportReport
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.record import digest_of

SIZE = 60
"""Items of the starter pool; the traps come beside them."""
SHOWN = 8
"""Differences that are printed."""
HEAD = "harness      version     items  scores   agree  prompts whole  not carried, or not run"


def main() -> int:
    """Exit status 0 when every harness that was asked for ran and agreed."""
    parser = argparse.ArgumentParser(description="Parity of exports with our own scores.")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(each.name for each in HARNESSES)} [all]")
    parser.add_argument("--no-install", action="store_true")
    given = parser.parse_args()
    unknown = set(given.names) - {each.name for each in HARNESSES}
    if unknown:
        parser.error(f"no harness is called {sorted(unknown)}")
    cache = Path(os.environ.get("BENCHMARK_AGENT_PARITY", Path.home() / ".cache" / "benchmark-agent-parity"))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        benchmark = sample.build(place, SIZE)
        items = list(benchmark)
        said = {style: policy.replies(items, style) for style in policy.STYLES}
        (place / "replies.json").write_text(json.dumps(said), encoding="utf-8")
        print(f"{len(items)} items, replies {digest_of(said)}\n{HEAD}", flush=True)
        chosen = [each for each in HARNESSES if not given.names or each.name in given.names]
        agreed = [_one(each, benchmark, said, place, cache, not given.no_install) for each in chosen]
    return 0 if all(agreed) else 1


def _one(
    harness: Harness, benchmark: Benchmark, said: dict[str, dict[str, str]], place: Path, cache: Path, fetch: bool
) -> bool:
    """Run one harness and print its line; whether it ran and agreed."""
    registry = plugins.load(third_party=False)
    try:
        python = install(harness, cache, fetch=fetch)
        export = registry.exporters[harness.export].write(benchmark, place / harness.export)
        results = place / f"{harness.name}.jsonl"
        run(harness, python, export, place / "replies.json", results, cache)
    except Missing as error:
        print(f"{harness.name:<12} {'-':<10} {'-':>6} {'-':>7} {'-':>7} {'-':>14}  not run: {error}", flush=True)
        return False
    report = ExportReport.model_validate_json((export / REPORT).read_bytes())
    gone = {each.why: each.items for each in report.left_out}
    gone |= {each.why: each.items for each in report.partly if harness.name == "hub" and "not in eval" in each.why}
    carried = frozenset(item.id for item in benchmark) - {id for ids in gone.values() for id in ids}
    found = compare(benchmark, results, said, registry.scorers.__getitem__, carried)
    _print(
        harness, version(harness, python, cache), found, "; ".join(f"{len(ids)}: {why}" for why, ids in gone.items())
    )
    return found.full


def _print(harness: Harness, installed: str, found: Agreement, left: str) -> None:
    agree = f"{found.same / max(1, found.scores):.1%}"
    whole = f"{found.whole / found.asked:.1%}" if found.asked else "-"
    name = f"{harness.name:<12} {installed:<10}"
    print(f"{name} {found.items:>6} {found.scores:>7} {agree:>7} {whole:>14}  {left}", flush=True)
    for difference in found.differences[:SHOWN]:
        print(f"    {difference[:300]}")


if __name__ == "__main__":
    sys.exit(main())
