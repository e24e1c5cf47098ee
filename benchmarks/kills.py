"""Kill a batch at random moments, or workers of its Dask cluster, and see whether the result is that of a run left alone.

    python benchmarks/kills.py [--engine serial|processes|dask] [--rows 600] [--kills 10] [--what extract] [--output csv] [--seed 0]

Printed are for each kill the moment and the rows that were safe by then, and at the end whether the bytes are equal (exit 1 where not).
On `serial` and `processes` the whole run is killed with kill -9, with all its processes, and resumed. On `dask` one worker of a local
cluster of two is killed; the run goes on by itself. Outputs: csv, jsonl, parquet, parts (a folder of Parquet parts; the input is
Parquet then). --postings FILE (JSONL with `text`) works real ones instead of those made here.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from credgap import results

ROOT = Path(__file__).parents[1]
SAMPLES = ("data-analyst.txt", "bookkeeper.txt", "it-support.txt", "medical-receptionist.txt")
EARLY, EARLIEST = 0.3, 4.0
"""The share of kills that come at any moment of the first seconds of a run, and these seconds."""
STARTING = 40.0
"""Seconds that ten workers take to start again, more or less: kills are spread over this and the time of the run."""
RUN = """
import sys
from credgap import batch, results
from credgap.cli import main
results.PART_ROWS = batch.PIECE = 40
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
"""The command line, with parts so small that a short run has many."""


def _input(folder: Path, rows: int, postings: Path | None, *, parquet: bool) -> Path:
    if postings is not None:
        with postings.open(encoding="utf-8") as file:
            records = [json.loads(line) for line, _ in zip(file, range(rows), strict=False)]
    else:
        texts = [(ROOT / "examples" / name).read_text(encoding="utf-8") for name in SAMPLES]
        records = [{"id": f"p{n}", "text": f"{texts[n % len(texts)]}\nPosting {n}\n"} for n in range(rows)]
    records = [{"id": str(r.get("id", n)), "text": r["text"]} for n, r in enumerate(records)]
    if parquet:
        from pyarrow import Table
        from pyarrow import parquet as files

        files.write_table(Table.from_pylist(records), folder / "input.parquet", row_group_size=100)
        return folder / "input.parquet"
    (folder / "input.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return folder / "input.jsonl"


def _safe(out: Path) -> int:
    """Rows that the journal of an unfinished run has noted."""
    try:
        lines = results.journal_of(out).read_bytes().split(b"\n")[1:-1]
        return int(json.loads(lines[-1])["rows"]) if lines else 0
    except (FileNotFoundError, ValueError):
        return 0


def _same(one: Path, other: Path) -> bool:
    if not one.is_dir():
        return filecmp.cmp(one, other, shallow=False)
    names = [sorted(p.name for p in folder.iterdir()) for folder in (one, other)]
    return names[0] == names[1] and not any(filecmp.cmpfiles(one, other, names[0], shallow=False)[1:])


class _Runs:
    """Runs of one question into several outputs."""

    def __init__(self, script: Path, words: list[str], log: Path) -> None:
        self._script, self._words, self._log = script, words, log

    def start(self, out: Path, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(self._script), *self._words, "-o", str(out), *more]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, stderr=log, start_new_session=True)

    def whole(self, out: Path, *more: str) -> float:
        """Run to the end. Gives the seconds it took."""
        begun = time.monotonic()
        if self.start(out, *more).wait() != 0:
            sys.exit(f"The run failed: {self._log.read_text(encoding='utf-8')}")
        return time.monotonic() - begun


def _kill_runs(runs: _Runs, out: Path, engine: list[str], kills: int, draw: random.Random, *, seconds: float) -> None:
    """Kill the run `kills` times and resume it to its end: three in ten at any moment from its start, the others while it writes."""
    for n in range(1, kills + 1):
        before = _safe(out)
        run = runs.start(out, *engine, "--resume")
        begun = time.monotonic()
        if draw.random() < EARLY:
            time.sleep(draw.uniform(0.0, EARLIEST))
        else:
            while run.poll() is None and _safe(out) <= before:
                time.sleep(0.01)
            time.sleep(draw.uniform(0.0, 0.5 * seconds / kills))
        if run.poll() is not None:
            print(f"The run came to its end before kill {n}: give more --rows.")
            return
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        print(f"kill {n:2}: after {time.monotonic() - begun:5.1f} s, {_safe(out):,} rows safe", flush=True)
    runs.whole(out, *engine, "--resume")


def _kill_workers(runs: _Runs, out: Path, kills: int, draw: random.Random, *, seconds: float) -> None:
    """Kill a worker of a local cluster of two `kills` times, while a run goes on that is never resumed."""
    import logging

    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL) as cluster:
        run = runs.start(out, "--engine", "dask", "--scheduler", cluster.scheduler_address)
        while _safe(out) == 0 and run.poll() is None:
            time.sleep(0.05)
        begun = time.monotonic()
        for n in range(1, kills + 1):
            time.sleep(draw.uniform(0.0, 2.0 * (seconds + STARTING) / kills))
            while not (alive := [w.pid for w in cluster.workers.values() if w.pid]) and run.poll() is None:
                cluster.scale(2)
                time.sleep(0.5)
            if run.poll() is not None:
                print(f"The run came to its end before kill {n}: give more --rows.")
                break
            os.kill(draw.choice(alive), signal.SIGKILL)
            print(f"worker kill {n:2}: after {time.monotonic() - begun:5.1f} s, {_safe(out):,} rows safe", flush=True)
        while run.poll() is None:
            cluster.scale(2)  # a worker that is killed while it starts is started again by no nanny, but by who keeps the cluster
            time.sleep(0.5)
        if run.returncode != 0:
            sys.exit("The run failed.")


def main() -> None:
    """Make the input, run it once alone and once with kills, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=("serial", "processes", "dask"), default="serial")
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--what", choices=("extract", "gap", "plan"), default="extract")
    parser.add_argument("--output", choices=("csv", "jsonl", "parquet", "parts"), default="csv")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--postings", type=Path)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "run.py"
        script.write_text(RUN, encoding="utf-8")
        source = _input(folder, given.rows, given.postings, parquet=given.output == "parts")
        form = "parquet" if given.output == "parts" else given.output
        ending = "" if given.output == "parts" else f".{given.output}"
        words = ["batch", str(source), "--what", given.what, "--today", "2026-01-05", "--format", form]
        runs = _Runs(script, words, folder / "log")
        alone, killed = folder / f"alone{ending}", folder / f"killed{ending}"
        seconds = runs.whole(alone, "--engine", "serial")
        print(f"{given.rows:,} rows, left alone on one process: {seconds:.1f} s", flush=True)
        if given.engine == "dask":
            _kill_workers(runs, killed, given.kills, draw, seconds=seconds)
        else:
            jobs = ["--jobs", "2"] if given.engine == "processes" else []
            _kill_runs(runs, killed, ["--engine", given.engine, *jobs], given.kills, draw, seconds=seconds)
        same = _same(alone, killed)
        left = [p.name for p in folder.iterdir() if p.name.startswith("killed.") and p != killed]
        print(f"Bytes equal: {'yes' if same else 'NO'}." + (f" Left behind: {', '.join(left)}." if left else ""))
        sys.exit(0 if same and not left else 1)


if __name__ == "__main__":
    main()
