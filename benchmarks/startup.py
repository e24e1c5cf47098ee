"""How long commands take to start, as ratios to importing their three largest libraries, all in one run.

    python benchmarks/startup.py [--runs 15]

The least of the runs counts, since noise only ever adds. Limits: --help 1.6, a plan for a goal (from the compiled catalogue) 2.5.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence

BASE = ("-c", "import typer, rich, pydantic")
MEASURED: dict[str, tuple[Sequence[str], float]] = {
    "credgap --help": (("-m", "credgap", "--help"), 1.6),
    "credgap plan --goal data-scientist": (("-m", "credgap", "plan", "--goal", "data-scientist", "--no-input"), 2.5),
}


def main() -> int:
    """Measure in turn, so that a slow moment of the machine falls on all alike; exit 1 where a limit is passed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=15)
    runs = arguments.parse_args().runs
    commands = {"base": BASE, **{name: argv for name, (argv, _) in MEASURED.items()}}
    for argv in commands.values():
        seconds(argv)
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(runs):
        for name, argv in commands.items():
            least[name] = min(least[name], seconds(argv))
    print(f"{'import typer, rich, pydantic':40s} {least['base'] * 1000:6.0f} ms")
    for name, (_, limit) in MEASURED.items():
        print(f"{name:40s} {least[name] * 1000:6.0f} ms  {least[name] / least['base']:.2f} times (limit {limit})")
    return int(any(least[name] > limit * least["base"] for name, (_, limit) in MEASURED.items()))


def seconds(argv: Sequence[str]) -> float:
    """Wall time of one run of this Python with these arguments."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *argv], check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
