"""Demand: what is counted, what is called more than chance, and which credentials are said to lift how many postings."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import itertools
import json
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import SMALL, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plan import some_wants, some_world

from credgap import candidates as pools
from credgap import demand, gap, lifts, plan
from credgap.models import Catalogue, Profile, Requirements

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin", "--today", "2026-11-20")
TODAY = dt.date(2026, 11, 20)
ANALYST = "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n- Communication\n\nNice to have\n- Python\n"
DEVELOPER = "Python Developer\n\nRequirements\n- Advanced Python\n- SQL\n- experience with Zyxel Widgets\n"
NURSE = "Nurse\n\nRequirements\n- RN license required\n- SQL\n"


def written(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w") as file:
        file.writelines(json.dumps(r) + "\n" for r in rows)
    return path


@pytest.fixture
def postings(tmp_path: Path) -> Path:
    """Three analysts in Rome, one of them word for word as another, two developers in Oslo, an empty row, a broken one."""
    texts = [(ANALYST, "Rome", "2026-09-01")] * 2 + [(ANALYST + "- SQL reporting\n", "Rome", "2026-09-30")]
    texts += [(DEVELOPER, "Oslo", "2026-10-02"), (DEVELOPER + "\n- PostgreSQL\n", "=Oslo", "2026-10-03"), ("", "Oslo", "2026-10-03")]
    path = written(tmp_path / "p.jsonl.gz", [{"id": n, "text": t, "city": c, "date": d} for n, (t, c, d) in enumerate(texts)])
    with gzip.open(path, "at") as file:
        file.write("{broken\n")
    return path


def asked(credgap: Cli, *words: str | Path) -> dict[str, Any]:
    run = credgap("demand", *words, *CATALOGUE, "--format", "json")
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def test_it_counts_each_skill_once_a_posting_and_each_text_once(credgap: Cli, postings: Path) -> None:
    found = asked(credgap, postings)
    assert (found["command"], found["rows"], found["postings"]) == ("demand", 7, 4)
    assert dict(found["left_out"]) == {"the same text again": 1, "empty": 1, "not JSON": 1}
    skills = {s["skill"]: s for s in found["skills"]}
    assert (skills["sql"]["postings"], skills["sql"]["share"], skills["sql"]["required"]) == (4, 1.0, 4)
    assert (skills["python"]["required"], skills["python"]["preferred"], skills["python"]["levels"]) == (2, 2, [0, 2, 2])
    kinds = {k["kind"]: k for k in found["kinds"]}
    assert kinds["soft"]["share"] == 0.5
    assert {u["text"]: u["postings"] for u in found["unknown"]}["Zyxel Widgets"] == 2
    assert asked(credgap, postings, "--repeats")["postings"] == 5
    assert asked(credgap, postings, "--where", "city=rome")["postings"] == 2
    assert asked(credgap, postings, "--limit", "1")["rows"] == 1


def test_it_counts_by_a_column_and_by_month(credgap: Cli, postings: Path) -> None:
    found = asked(credgap, postings, "--by", "city")
    assert [(g["value"], g["postings"]) for g in found["groups"]] == [("Rome", 2), ("=Oslo", 1), ("Oslo", 1)]
    assert [g["value"] for g in asked(credgap, postings, "--by", "month")["groups"]] == ["2026-09", "2026-10"]
    run = credgap("demand", postings, *CATALOGUE, "--by", "city", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert {r["group"] for r in rows} == {"", "Rome", "Oslo", "'=Oslo"}
    assert [r["postings"] for r in rows if r["group"] == "" and r["skill"] == "sql"] == ["4"]


def test_two_inputs_and_two_months_are_compared(credgap: Cli, postings: Path, tmp_path: Path) -> None:
    many = [{"id": n, "text": f"{ANALYST}\n\nOffice {n}", "date": "2026-08-01"} for n in range(30)]
    few = [{"id": n, "text": f"{DEVELOPER}\n\nOffice {n}", "date": "2026-09-01"} for n in range(30)]
    first, second = written(tmp_path / "a.jsonl", many), written(tmp_path / "b.jsonl", few)
    both = written(tmp_path / "c.jsonl", [*many, *few])
    for words in ((second, "--against", first), (both, "--against", "2026-08"), (both, "--month", "2026-09", "--against", "2026-08")):
        found = asked(credgap, *words)
        assert (found["postings"], found["postings_before"]) == (30, 30)
        changes = {c["skill"]: c for c in found["changes"]}
        assert (changes["tableau"]["before"], changes["tableau"]["share"], changes["tableau"]["difference"]) == (1.0, 0.0, -1.0)
        assert changes["tableau"]["more_than_chance"]
        assert not changes["sql"]["more_than_chance"]
    page = credgap("demand", second, "--against", first, *CATALOGUE).out
    assert "Asked for less" in page
    assert "-100" in page


@pytest.mark.parametrize("format", ["terminal", "json", "jsonl", "csv", "markdown"])
@pytest.mark.parametrize("rows", ["skills", "unknown", "credentials"])
def test_every_format_speaks(credgap: Cli, postings: Path, format: str, rows: str) -> None:
    run = credgap("demand", postings, *CATALOGUE, "--format", format, "--rows", rows, "--by", "city", "--fit", "0.5")
    assert run.code == 0, run.err
    assert {"skills": "SQL", "unknown": "Zyxel", "credentials": "SQL Course"}[rows] in run.out
    if format == "jsonl":
        assert all(json.loads(line) for line in run.out.splitlines())


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_a_page_fits_its_columns(credgap: Cli, postings: Path, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = credgap("demand", postings, *CATALOGUE, "--by", "city").out
    assert max(map(len, out.splitlines())) <= columns
    assert all(h in out.lower() for h in ("must", "advanced", "years", "within reach", "mean fit then"))


ERRORS = {
    "no such column": (["--by", "town"], 2, "town"),
    "no such value": (["--where", "city=Paris"], 6, "no demand"),
    "where without a value": (["--where", "city"], 2, "--where"),
    "no month": (["--month", "October"], 2, "2026-10"),
    "no date": (["--month", "2026-10", "--date", "when"], 2, "when"),
    "no text": (["--column", "text=body"], 2, "body"),
    "no other input": (["--against", "nix.jsonl"], 3, "nix.jsonl"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_what_is_wrong_is_said(credgap: Cli, postings: Path, case: str) -> None:
    words, code, said = ERRORS[case]
    run = credgap("demand", postings, *CATALOGUE, *words)
    assert (run.code, run.out) == (code, "")
    assert said in run.err


# --- More than chance -----------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_the_exact_test_is_the_sum_over_all_tables(n: int, m: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    tables = {k: math.comb(n, k) * math.comb(m, a + b - k) for k in range(max(0, a + b - m), min(n, a + b) + 1)}
    expected = sum(c for c in tables.values() if c <= tables[a]) / math.comb(n + m, a + b)
    assert demand._exact(a, n, b, m) == pytest.approx(expected)


def test_the_test_of_two_proportions_is_that_of_the_books() -> None:
    """41 of 200 against 60 of 200: pooled share 0.2525, z = -2.187, p = 0.0287."""
    assert demand.chance(41, 200, 60, 200) == pytest.approx(0.02875, abs=5e-5)
    assert demand.chance(5, 10, 5, 10) == pytest.approx(1.0)
    assert demand.chance(0, 10, 0, 10) == 1.0


def test_of_what_is_called_more_than_chance_little_is_chance() -> None:
    """Two draws from one world: hardly ever is anything called a change."""
    r = random.Random(1)
    false = 0
    for _ in range(20):
        ps = [demand.chance(sum(r.random() < q for _ in range(150)), 150, sum(r.random() < q for _ in range(150)), 150) for q in [0.3] * 40]
        false += any(p <= demand._threshold(ps) for p in ps)
    assert false <= 3


# --- Lifts beside a slow twin -----------------------------------------------------------------------------------


def serial(make: Callable[[], Any], chunks: Iterable[Sequence[str]]) -> Iterator[Any]:
    return map(make(), chunks)


@settings(max_examples=25)
@given(st.integers(0, 10**9))
def test_what_is_said_to_be_lifted_is_what_plans_say(seed: int) -> None:
    """Singles and sets are counted as `plan.fits` counts them, keep every limit, and with all sets tried none lifts more."""
    r = random.Random(seed)
    data, profile, _, limits = some_world(r)
    catalogue, person = Catalogue(**data), Profile.model_validate(profile)
    limits = limits.model_copy(update={"budget": r.choice([None, 200.0]), "min_gain": 0.0, "max_credentials": 2})
    wants = [some_wants(r) for _ in range(4)]
    asked = [Requirements.model_validate({"id": "x", "source": "x", "requirements": w}) for w in wants]
    found = [g for w in asked if (g := gap.compare(w, person, catalogue, today=limits.today)).total > 0]
    if not found:
        return
    kept = lifts.Kept(io.BytesIO(), 10)
    for g in found:
        kept.add([(u[0].weight, tuple(map(lifts.key, u))) for u in gap.units(g.needs)], blocked=False)
    got = lifts.lifts(kept, person, catalogue, limits, 0.6)
    for x in (*got.singles, *got.sets):
        pairs = [plan.fits(g, person, catalogue, limits, x.credentials) for g in found]
        assert x.lifted == sum(p[0] < 0.6 - 1e-9 <= p[-1] for p in pairs)
        assert x.mean_gain == pytest.approx(sum(p[-1] - p[0] for p in pairs) / len(found))
    pool = pools.gather(lifts._union(kept.keys, catalogue), person, catalogue, lifts._plain(limits))
    able = [c for c, x in pool.candidates.items() if not x.barriers]
    every = [s for n in (1, 2) for s in itertools.combinations(sorted(able), n) if pools.wrong(pool, s) is None]
    counts = lifts._count(kept.records(), lifts._Effects(pool, kept.keys, catalogue), every, 0.6)[0]
    top = max((t.lifted for t in counts.values()), default=0)
    assert max((x.lifted for x in (*got.singles, *got.sets)), default=0) == top


def test_demands_on_the_set_are_kept(credgap: Cli, postings: Path) -> None:
    found = asked(credgap, postings, "--fit", "0.3", "--include", "sql-course")["lifts"]
    assert all("sql-course" in x["credentials"] for x in (*found["singles"], *found["sets"]))
    assert asked(credgap, postings, "--fit", "0.3", "--max-credentials", "0")["lifts"]["sets"] == []
    free = asked(credgap, postings, "--fit", "0.3", "--free-only")["lifts"]
    assert {c for x in free["singles"] for c in x["credentials"]} == {"python-course"}
    cheap = asked(credgap, postings, "--fit", "0.3", "--target", "50%")["lifts"]["best"]
    assert cheap["cost"] == min(x["cost"] for x in found["sets"]) or cheap["cost"] == 0
    assert asked(credgap, postings, "--no-lifts")["lifts"] is None


def test_the_memory_of_terms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "MOST_TERMS", 10)
    terms = demand._Terms()
    for n in range(100):
        terms.add(["Often", f"once {n}"])
    assert terms.most(1) == [("Often", 100)]
    assert terms.at_least
    assert len(terms.most(None)) <= 11


def test_every_engine_counts_as_one_process_does(credgap: Cli, postings: Path, scheduler: str) -> None:
    one = asked(credgap, postings, "--engine", "serial", "--by", "city")
    for words in (("--jobs", "2"), ("--scheduler", scheduler)):
        assert asked(credgap, postings, *words, "--by", "city") == one
