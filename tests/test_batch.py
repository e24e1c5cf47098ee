"""Many rows: one row out for each row in, whatever the engine, whatever is broken, and however often the run was killed."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import importlib.util
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, Run

from credgap import HeldSkill, Profile, Reader, advise, batch, compare, results, tables
from credgap.errors import ProfileError
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


def as_parquet(source: Path, group: int) -> Path:
    from pyarrow import Table, parquet

    path = source.with_suffix(".parquet")
    rows = [json.loads(x) for x in source.read_text(encoding="utf-8").splitlines()]
    parquet.write_table(Table.from_pylist(rows), path, row_group_size=group)
    return path


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


def five_percent_bad(path: Path) -> Path:
    """A CSV of 100 postings, of which every twentieth is bad, each in another way."""
    lines = [b'%d,"Requirements\n- SQL, Python, Tableau\n- No. %d",a' % (n, n) for n in range(1, 101)]
    for n, name in enumerate(("empty", "binary", "five megabytes", "another encoding", "a quote left open"), 1):
        lines[20 * n - 10] = BAD[name][0]
    path.write_bytes(b"\r\n".join([b"id,Description,kind", *lines]) + b"\r\n")
    return path


def people(path: Path) -> Path:
    (path.parent / "bo.yaml").write_text("skills: [sql]\n")
    rows = [f"{n},{('python; sql:3', 'excel', 'nonesuch', '')[n % 4]},{'' if n % 3 else 'bo.yaml'},data-analyst,{n}" for n in range(40)]
    path.write_text("id,have,profile,goal,budget\n" + "\n".join(rows) + "\n")
    return path


SAME: dict[str, tuple[Callable[[Path], Path], str, tuple[str, ...]]] = {
    "postings to CSV": (lambda f: jsonl(f / "x.jsonl", 90), "csv", ("--what", "plan")),
    "bad rows to JSONL": (lambda f: five_percent_bad(f / "x.csv"), "jsonl", ("--what", "extract", "--carry", "kind")),
    "people to Parquet": (lambda f: people(f / "x.csv"), "parquet", ("--what", "gap")),
    "Parquet to one file": (lambda f: as_parquet(jsonl(f / "x.jsonl", 90), 50), "parquet", ("--limit", "75", "--what", "extract")),
    "Parquet to parts": (lambda f: as_parquet(jsonl(f / "x.jsonl", 90), 50), "parts", ("--sample", "40", "--what", "plan")),
}
"""Inputs, endings of outputs, and options."""


def bytes_of(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in out.iterdir()} if out.is_dir() else {"": out.read_bytes()}


@needs_arrow
@needs_dask
@pytest.mark.parametrize("name", SAME)
def test_every_engine_gives_the_same_bytes_and_says_the_same(
    name: str, credgap: Cli, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "PIECE", 30)
    make, ending, options = SAME[name]
    source, found = make(tmp_path), {}
    form = ("--format", "parquet") if ending == "parts" else ()
    for engine, words in {"serial": (), "processes": ("--jobs", "1"), "dask": ("--scheduler", scheduler)}.items():
        out = tmp_path / (engine + ("" if ending == "parts" else f".{ending}"))
        run = credgap("batch", source, *BASE, *options, *form, "--engine", engine, *words, "-o", out)
        assert run.code == 0, run.err
        said = [line for line in run.err.splitlines() if " a second" not in line]
        found[engine] = bytes_of(out), said
    assert found["processes"] == found["serial"]
    assert found["dask"] == found["serial"]
    if "bad" in name:
        failed = ("binary", "five megabytes", "empty", "a quote left open")
        want = {f"1 failed: {BAD[x][1]} (row {r})" for x, r in zip(failed, (31, 51, 11, 91), strict=True)}
        assert {x.removeprefix("note: ") for x in found["serial"][1] if " failed: " in x} == want
        assert any("Windows-1252" in x and "(row 71)" in x for x in found["serial"][1])
    if ending == "parts":
        assert min(found["serial"][0]).startswith("part-")
        assert len(found["serial"][0]) == 4
        from pyarrow import parquet

        rows = parquet.read_table(tmp_path / "serial").column("row").to_pylist()
        assert rows == sorted(set(rows))
        assert len(rows) == 40


@needs_dask
def test_a_cluster_on_this_machine_is_started_where_none_is_named(credgap: Cli, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "x.jsonl", 40)
    want = credgap("batch", source, *BASE, "--engine", "serial").out
    assert credgap("batch", source, *BASE, "--engine", "dask", "--jobs", "2").out == want


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
    assert rows_of(run.out)[0]["id"] == "Ann"
    assert credgap("batch", tmp_path / "team.csv", *BASE).code == 2
    run = credgap("batch", jsonl(tmp_path / "x.jsonl", 2), "--goal", "data-analyst", *BASE)
    assert run.code == 2
    assert "no column says anything of a person" in run.err


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
results.PART_ROWS = batch.PIECE = 50
answer = batch.Worker.answer
batch.Worker.answer = lambda self, ask: (time.sleep(0.01), answer(self, ask))[1]
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("ending", "kills"), [("csv", (1, 3)), *(pytest.param(x, (3,), marks=needs_arrow) for x in ("parquet", "parts"))])
def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(
    ending: str, kills: tuple[int, ...], credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kills`: after so many lines of the journal."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setattr(results, "PART_ROWS", 50)
    monkeypatch.setattr(batch, "PIECE", 50)
    source = jsonl(tmp_path / "x.jsonl", 200, repeats=False)
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    if ending == "parts":
        source, whole, out = as_parquet(source, 200), tmp_path / "whole", tmp_path / "out"
    form = "parquet" if ending == "parts" else ending
    words = ("batch", source, "--what", "extract", "--engine", "serial", "--format", form, *BASE, "-o")
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
    assert bytes_of(out) == bytes_of(whole)
    assert not journal.exists()
    assert not results.part_of(out).exists()


class Killed(BaseException):
    """Nothing of the program catches it."""


def killed_here(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("ending", ["csv", pytest.param("parquet", marks=needs_arrow), pytest.param("parts", marks=needs_arrow)])
def test_a_run_killed_in_its_last_steps_is_whole_after_the_next(
    ending: str, credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is in its place; the journal does not say so yet, or what stood beside the result is not cleared away yet."""
    whole, out = (tmp_path / (name + ("" if ending == "parts" else f".{ending}")) for name in ("whole", "out"))
    form = "parquet" if ending == "parts" else ending
    words = ("batch", jsonl(tmp_path / "x.jsonl", 8), "--what", "extract", "--format", form, *BASE, "-o")
    assert credgap(*words, whole).code == 0
    for step in ("end", "_clear"):
        with monkeypatch.context() as killed:
            owner = results._Journal if step == "end" else results
            killed.setattr(owner, step, killed_here)
            with pytest.raises(Killed):
                credgap(*words, out, "--resume")
        assert results.journal_of(out).exists()
        assert credgap(*words, out, "--resume").code == 0
        assert bytes_of(out) == bytes_of(whole)
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["x.jsonl", out.name, whole.name])
        shutil.rmtree(out) if out.is_dir() else out.unlink()


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


def test_of_tables_and_postings_in_a_folder_those_are_read_of_which_there_are_more(credgap: Cli, tmp_path: Path) -> None:
    for name in ("b.txt", "c.txt"):
        (tmp_path / name).write_text(TEXTS[0])
    (tmp_path / "a.csv").write_text("id,text\nrow,SQL required\n")
    run = credgap("batch", tmp_path, "--what", "extract", *BASE)
    assert [r["id"] for r in rows_of(run.out)] == ["b", "c"]
    assert "not read: a.csv" in run.err
    (tmp_path / "c.txt").unlink()
    run = credgap("batch", tmp_path, "--what", "extract", *BASE)
    assert [r["id"] for r in rows_of(run.out)] == ["row"]
    assert "not read: b.txt" in run.err


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
    assert ("sql-course" if form == "json" else "SQL Course") in files[0].read_text()
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


def test_a_text_becomes_a_report_in_the_library(small: Catalogue) -> None:
    read = Reader(small)
    day = dt.date(2026, 11, 20)
    report = advise(read(TEXTS[0]), read.profile("SQL:3"), small, limits=Limits(today=day, min_gain=0.1))
    assert report.choice is not None
    assert report.gap is not None
    assert report.gap.fit > 0
    assert "sql-course" not in [s.credential for s in report.choice.plan.steps]
    with pytest.raises(ProfileError, match="no skill is called"):
        read.profile("nonesuch")
    with pytest.raises(ProfileError, match="id of no skill"):
        compare(read(TEXTS[0]), Profile(skills=(HeldSkill(skill="nonesuch", level=2),)), small, today=day)


def test_the_library_is_imported_when_it_is_used() -> None:
    code = "import sys, credgap; assert 'pydantic' not in sys.modules; from credgap import Catalogue, Limits, analyse, load; analyse.advise"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
