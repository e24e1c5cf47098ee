"""How long commands take to start, as ratios to importing their three largest libraries, all in one run.

    python benchmarks/startup.py [--runs 15]

The least of the runs counts, since noise only ever adds. Limits: --help 1.6; a plan asked for again 2.5, which the kept answer gives.
The same plan worked anew, from the compiled catalogue, is measured beside them without a limit.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence

ANEW = "the same, worked anew"
BASE = ("-c", "import typer, rich, pydantic")
PLAN = ("-m", "credgap", "plan", "--goal", "data-scientist", "--no-input")
MEASURED: dict[str, tuple[Sequence[str], float]] = {
    "credgap --help": (("-m", "credgap", "--help"), 1.6),
    "credgap plan --goal data-scientist": (PLAN, 2.5),
    ANEW: (PLAN, float("inf")),
}


def main() -> int:
    """Measure in turn, so that a slow moment of the machine falls on all alike; exit 1 where a limit is passed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=15)
    runs = arguments.parse_args().runs
    commands = {"base": BASE, **{name: argv for name, (argv, _) in MEASURED.items()}}
    for argv in commands.values():
        seconds(argv)  # compiles the catalogue, keeps the answer
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(runs):
        for name, argv in commands.items():
            least[name] = min(least[name], seconds(argv, anew=name == ANEW))
    print(f"{'import typer, rich, pydantic':40s} {least['base'] * 1000:6.0f} ms")
    for name, (_, limit) in MEASURED.items():
        print(
            f"{name:40s} {least[name] * 1000:6.0f} ms  {least[name] / least['base']:.2f} times"
            + (f" (limit {limit})" if limit < float("inf") else "")
        )
    return int(any(least[name] > limit * least["base"] for name, (_, limit) in MEASURED.items()))


def seconds(argv: Sequence[str], *, anew: bool = False) -> float:
    """Wall time of one run of this Python with these arguments."""
    environment = {**os.environ, **({"CREDGAP_NO_ANSWERS": "1"} if anew else {})}
    begun = time.perf_counter()
    subprocess.run([sys.executable, *argv], check=True, capture_output=True, env=environment)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
