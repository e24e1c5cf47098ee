"""Many rows: one row out for each row in, whatever the engine, whatever is broken, and however often the run was killed."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, Run

from credgap import batch, results, tables
from credgap.models import Catalogue, Limits

Cli = Callable[..., Run]
DAY = ("--today", "2026-11-20")
BASE = ("--catalog", str(SMALL), "--no-builtin", *DAY, "--min-gain", "0.1")
ROOT = Path(__file__).parents[1]
TEXTS = (
    "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n\nNice to have\n- Python\n",
    "Nurse\n\nRequirements\n- RN license required\n- SQL\n",
    "Developer\n\nRequirements\n- Python and pandas\n- PostgreSQL\n",
    "We sell shoes, “all” day.\n",
)


def has(*names: str) -> bool:
    return all(importlib.util.find_spec(n) for n in names)


needs_arrow = pytest.mark.skipif(not has("pyarrow"), reason="pyarrow is not installed")
needs_dask = pytest.mark.skipif(not has("distributed"), reason="dask.distributed is not installed")


def jsonl(path: Path, rows: int, *, repeats: bool = True) -> Path:
    texts = [TEXTS[n % 4] + f"\nNo. {n % 7 if repeats else n}\n" for n in range(rows)]
    lines = [json.dumps({"id": f"p{n}", "title": f"T{n}", "field": "x", "text": text}) for n, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("what", ["extract", "gap", "plan"])
def test_one_row_out_for_each_row_in(what: str, credgap: Cli, tmp_path: Path) -> None:
    run = credgap("batch", jsonl(tmp_path / "x.jsonl", 8), "--what", what, "--carry", "field", *BASE)
    assert run.code == 0, run.err
    rows = rows_of(run.out)
    assert [r["id"] for r in rows] == [f"p{n}" for n in range(8)]
    assert [r["status"] for r in rows] == ["ok", "ok", "ok", "nothing recognised"] * 2
    assert {r["field"] for r in rows} == {"x"}
    assert "8 rows" in run.err
    assert "2 failed: nothing recognised (row 4, 8)" in run.err
    if what == "plan":
        assert rows[0]["missing_required"] == "sql; tableau or power-bi"
        assert rows[0]["steps"] == "sql-course; python-course"
        assert float(rows[0]["fit_after"]) > float(rows[0]["fit_before"])
    assert credgap("batch", tmp_path / "x.jsonl", "--what", what, "--strict", *BASE).code == 3


@pytest.mark.parametrize("engine", ["processes", pytest.param("dask", marks=needs_dask)])
def test_every_engine_gives_the_same_bytes(engine: str, credgap: Cli, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "x.jsonl", 90)
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    assert credgap("batch", source, *BASE, "--engine", "serial", "-o", one).code == 0
    run = credgap("batch", source, *BASE, "--engine", engine, "--jobs", "2", "-o", other)
    assert run.code == 0, run.err
    assert other.read_bytes() == one.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.jsonl", "other.jsonl", "x.jsonl"]


@needs_dask
@needs_arrow
def test_parquet_read_by_the_workers_gives_the_rows_that_one_process_gives(credgap: Cli, tmp_path: Path) -> None:
    from distributed import LocalCluster
    from pyarrow import Table, parquet

    rows = [json.loads(x) for x in jsonl(tmp_path / "x.jsonl", 50).read_text().splitlines()]
    parquet.write_table(Table.from_pylist(rows), tmp_path / "x.parquet", row_group_size=20)
    words = ("batch", tmp_path / "x.parquet", *BASE, "--limit", "45", "-o")
    assert credgap(*words, tmp_path / "0.parquet").code == 0
    with LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        run = credgap(*words, tmp_path / "1.parquet", "--scheduler", cluster.scheduler_address)
    assert run.code == 0, run.err
    assert (tmp_path / "0.parquet").read_bytes() == (tmp_path / "1.parquet").read_bytes()
    assert parquet.read_table(tmp_path / "0.parquet").num_rows == 45


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b'7,"  ",a', "empty"),
    "binary": (b"7,\x00\x01\x02\x03\x00\x01\x02\x03abc,a", "not text"),
    "five megabytes": (b'7,"' + b"SQL " * 1_250_000 + b'",a', "too long"),
    "another encoding": ('7,"Requirements\n- SQL \u2013 caf\xe9",a'.encode("cp1252"), "ok"),
    "a quote left open": (b'7,"Requirements\n- SQL, Python, Tableau\n- more,a', "broken quotes"),
    "quotes within": (b'7,"Requirements\n- "SQL", Python, Tableau",a', "broken quotes"),
    "a quote in a bare cell": (b'7,5" pipes and SQL required,a', "ok"),
    "too many cells": (b"7,SQL,a,b", "too many cells"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_reported_by_its_number_and_leaves_the_others_alone(name: str, credgap: Cli, tmp_path: Path) -> None:
    good = [b'%d,"Requirements\n- SQL, Python, Tableau\n- ""PostgreSQL""",a' % n for n in range(1, 13)]
    path, bad = tmp_path / "x.csv", tmp_path / "bad.csv"
    path.write_bytes(b"\r\n".join([b"id,Description,kind", *good]) + b"\r\n")
    broken, status = BAD[name]
    bad.write_bytes(b"\r\n".join([b"id,Description,kind", *good[:6], broken, *good[7:8], broken, *good[9:]]))
    whole, run = (credgap("batch", p, "--what", "extract", "--carry", "kind", *BASE) for p in (path, bad))
    assert "'Description' is read as text" in run.err
    want, got = rows_of(whole.out), rows_of(run.out)
    assert len(got) == 12
    assert [got[6]["status"], got[8]["status"]] == [status, status]
    assert [r for n, r in enumerate(got) if n not in (6, 8)] == [r for n, r in enumerate(want) if n not in (6, 8)]
    if status != "ok":
        assert f"2 failed: {status} (row 7, 9)" in run.err
    elif "encoding" in name:
        assert "Windows-1252" in got[6]["note"]


def test_people_bring_their_own_goal_and_limits(credgap: Cli, tmp_path: Path) -> None:
    (tmp_path / "bo.yaml").write_text("skills: [sql]\n")
    (tmp_path / "ad.txt").write_text(TEXTS[0])
    (tmp_path / "people.csv").write_text(
        "id,have,profile,goal,posting,budget,by\n"
        "a,python; sql:3,,data-analyst,,0,\nb,,bo.yaml,,ad.txt,,\nc,,,data-analyst,,50,\nd,nonesuch,,data-analyst,,,\n"
        "e,,,plumber,,,\nf,,,data-analyst,,much,\ng,,,data-analyst,,,2026-01-01\nh,,,,,,\ni,,nix.yaml,data-analyst,,,\nj,,,,nix.txt,,\n"
    )
    rows = {r["id"]: r for r in rows_of(credgap("batch", tmp_path / "people.csv", *BASE).out)}
    assert [rows[x]["status"] for x in "abcdefghij"] == ["ok"] * 3 + ["profile", "goal", "limit", "limit", "empty", "profile", "posting"]
    assert float(rows["a"]["fit_before"]) > float(rows["b"]["fit_before"]) > float(rows["c"]["fit_before"]) == 0
    assert rows["b"]["missing_required"] == "tableau or power-bi"
    assert float(rows["c"]["cost_net"]) <= 50
    assert rows["a"]["title"] == "Data Analyst"
    (tmp_path / "team.csv").write_text("name,skills\nAnn,sql\n")
    run = credgap("batch", tmp_path / "team.csv", "--goal", "data-analyst", *BASE)
    assert "'skills' is read as have" in run.err
    assert float(rows_of(run.out)[0]["fit_before"]) > 0
    assert credgap("batch", tmp_path / "team.csv", *BASE).code == 2


def test_a_posting_that_stands_there_again_is_not_worked_again(small: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    monkeypatch.setattr(batch.Worker, "answer", lambda self, ask: worked.append(ask.text or "") or '{"status": "ok", "note": null}')
    records = [tables.Record(n + 1, {"id": n, "text": TEXTS[n % 3]}) for n in range(2000)]
    found = batch.rows(records, {"id": "id", "text": "text"})
    task = batch.Task("extract", small, Limits(today=dt.date(2026, 11, 20)))
    got = [r for chunk in batch.answered(found, task, lambda make, chunks: map(make(), chunks)) for r in chunk]
    assert [r["row"] for r in got] == list(range(1, 2001))
    assert sorted(worked) == sorted(TEXTS[:3])


SLOW = """
import sys, time
from credgap import batch, results
from credgap.cli import main
results.PART_ROWS, answer = 50, batch.Worker.answer
batch.Worker.answer = lambda self, ask: (time.sleep(0.01), answer(self, ask))[1]
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("ending", "kills"), [("csv", (1, 3)), pytest.param("parquet", (3,), marks=needs_arrow)])
def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(
    ending: str, kills: tuple[int, ...], credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kills`: after so many lines of the journal."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setattr(results, "PART_ROWS", 50)
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    words = ("batch", jsonl(tmp_path / "x.jsonl", 200, repeats=False), "--what", "extract", "--engine", "serial", *BASE, "-o")
    assert credgap(*words, whole).code == 0
    journal = results.journal_of(out)
    for lines in kills:
        run = subprocess.Popen([sys.executable, "-c", SLOW, *map(str, words), str(out), "--resume"], stderr=subprocess.DEVNULL)
        while not journal.exists() or journal.read_bytes().count(b"\n") < lines:
            assert run.poll() is None
            time.sleep(0.005)
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert not out.exists()
        if ending == "csv":
            with results.part_of(out).open("ab") as file:
                file.write(b'"half a li')
    run_on = credgap(*words, out, "--resume")
    assert run_on.code == 0
    assert "going on after row" in run_on.err
    assert out.read_bytes() == whole.read_bytes()
    assert not journal.exists()
    assert not results.part_of(out).exists()


def test_what_is_taken_up_has_to_be_the_same_question(credgap: Cli, tmp_path: Path) -> None:
    source, out = jsonl(tmp_path / "x.jsonl", 200), tmp_path / "out.csv"
    assert credgap("batch", source, *BASE, "--fail-fast", "-o", out).code == 3
    assert not out.exists()
    run = credgap("batch", source, *BASE, "--budget", "7", "--resume", "-o", out)
    assert run.code == 2
    assert "options" in run.err
    assert credgap("batch", source, *BASE, "--resume", "-o", out).code == 0
    assert len(rows_of(out.read_text())) == 200
    assert "whole already" in credgap("batch", source, *BASE, "--resume", "-o", out).err


def test_limit_and_sample_keep_the_order_and_the_seed(credgap: Cli, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "x.jsonl", 60)
    first = rows_of(credgap("batch", source, "--limit", "5", *BASE).out)
    assert [r["row"] for r in first] == ["1", "2", "3", "4", "5"]
    drawn, again = (rows_of(credgap("batch", source, "--sample", "9", "--seed", "4", *BASE).out) for _ in range(2))
    assert drawn == again
    numbers = [int(r["row"]) for r in drawn]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 9


@pytest.mark.parametrize("form", ["json", "terminal"])
def test_a_folder_gets_a_report_for_each_row(form: str, credgap: Cli, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    assert credgap("batch", jsonl(tmp_path / "x.jsonl", 4), *BASE, "--format", form, "-o", out).code == 0
    files = sorted(out.iterdir())
    assert [f.name.partition(".")[0] for f in files] == ["000001-p0", "000002-p1", "000003-p2", "000004-p3"]
    assert "p0" in files[0].read_text()
    assert "sql-course" in files[0].read_text()
    assert "no skill was recognised" in files[3].read_text()
    if form == "json":
        assert json.loads(files[3].read_text())["format_version"] == 1


def test_inputs_of_every_kind_give_the_same_rows(credgap: Cli, tmp_path: Path) -> None:
    plain = jsonl(tmp_path / "x.jsonl", 6)
    records = [json.loads(x) for x in plain.read_text().splitlines()]
    (tmp_path / "y.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([list(records[0]), *(list(r.values()) for r in records)])
    (tmp_path / "z.csv").write_text(out.getvalue(), encoding="utf-16")
    paths = [tmp_path / "y.jsonl.gz", tmp_path / "z.csv"]
    if has("zstandard"):
        import zstandard

        (tmp_path / "w.jsonl.zst").write_bytes(zstandard.compress(plain.read_bytes()))
        paths.append(tmp_path / "w.jsonl.zst")
    want = credgap("batch", plain, *BASE).out
    for path in paths:
        assert credgap("batch", path, *BASE).out == want, path
    (tmp_path / "cut.jsonl.gz").write_bytes((tmp_path / "y.jsonl.gz").read_bytes()[:80])
    run = credgap("batch", tmp_path / "cut.jsonl.gz", *BASE)
    assert run.code == 3
    assert "unpacked" in run.err


def test_a_cell_never_starts_a_formula(credgap: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": "=1+1", "title": "@x", "text": TEXTS[0]}) + "\n")
    (row,) = rows_of(credgap("batch", tmp_path / "x.jsonl", *BASE).out)
    assert (row["id"], row["title"]) == ("'=1+1", "'@x")


@needs_arrow
@pytest.mark.parametrize("library", ["pyarrow", "pandas", "polars"])
def test_a_frame_of_any_library_becomes_an_arrow_table(library: str, small: Catalogue) -> None:
    if not has(library):
        pytest.skip(f"{library} is not installed")
    columns = {"n": [4, 5, 6], "Description": [*TEXTS[:2], None]}
    module = importlib.import_module(library)
    made = module.table(columns) if library == "pyarrow" else module.DataFrame(columns)
    got = batch.frame(made, small, limits=Limits(today=dt.date(2026, 11, 20), min_gain=0.1), carry=["n"])
    assert got.column("status").to_pylist() == ["ok", "ok", "empty"]
    assert got.column("n").to_pylist() == [4, 5, 6]
    assert got.column("steps").to_pylist()[0] == ["sql-course", "python-course"]
    assert got.schema.field("finish").type == "date32[day]"


def test_the_library_is_imported_when_it_is_used() -> None:
    code = "import sys, credgap; assert 'pydantic' not in sys.modules; from credgap import Catalogue, Limits, analyse, load; analyse.advise"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
