"""Cohorts: who has what, one budget shared out so that no other sharing brings the team further, what is due when, who teaches whom."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SMALL, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plan import some_wants, some_world

from credgap import candidates as pools
from credgap import cohort, gap
from credgap.cohort import Option, Person, Task, share_out
from credgap.models import Catalogue, Profile, Requirements

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin", "--today", "2026-11-20", "--min-gain", "0.1")
POSTING = "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n- Communication\n\nNice to have\n- Python\n"
TEAM = "Name,Skills,Budget\nAnn,sql:3; communication,\nBo,,\n=Cy,python,50\nAnn,tableau,\n"


@pytest.fixture
def team(tmp_path: Path) -> Path:
    path = tmp_path / "team.csv"
    path.write_text(TEAM)
    (tmp_path / "posting.txt").write_text(POSTING)
    return path


def held(credgap: Cli, team: Path, *words: str) -> dict[str, Any]:
    run = credgap("cohort", team, "--posting", team.parent / "posting.txt", *CATALOGUE, "--format", "json", *words)
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


# --- One budget for all, beside brute force -----------------------------------------------------------------------

some_options = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda x: Option(x[0], x[1], (f"{x[0]}-{x[1]}",))), min_size=1, max_size=5
)


@settings(max_examples=300)
@given(st.lists(some_options, min_size=1, max_size=5), st.one_of(st.none(), st.integers(0, 80)), st.integers(0, 10))
def test_a_budget_is_shared_out_as_well_as_any_choice_could(people: list[list[Option]], budget: int | None, slack: int) -> None:
    """Of all choices within the budget the largest sum; of those at most the slack under it the cheapest, and of these the best."""
    every = [
        (sum(o.value for o in x), sum(o.cents for o in x))
        for x in itertools.product(*people)
        if budget is None or sum(o.cents for o in x) <= budget
    ]
    got = share_out(people, budget, slack=slack)
    if not every:
        assert got is None
        return
    assert got is not None
    taken = [x[at] for x, at in zip(people, got, strict=True)]
    top = max(every)[0]
    near = [(cost, -value) for value, cost in every if value >= top - slack]
    assert (sum(o.cents for o in taken), -sum(o.value for o in taken)) == min(near)


@settings(max_examples=20)
@given(st.integers(0, 10**9))
def test_no_other_plans_for_the_team_reach_more(seed: int) -> None:
    """Beside every combination of every allowed set for every person."""
    r = random.Random(seed)
    data, _, _, limits = some_world(r)
    catalogue = Catalogue(**data)
    wants = Requirements.model_validate({"id": "x", "source": "x", "requirements": some_wants(r)})
    people = [Person(f"P{n}", Profile.model_validate(some_world(r)[1] | {"credentials": []})) for n in range(3)]
    limits = limits.model_copy(
        update={"budget": float(r.choice([0, 60, 150, 400])), "max_credentials": 2, "slack": None, "hours": 120.0, "allow_unknown": False}
    )
    limits = limits.model_copy(update={"must": (), "include": (), "target": None, "reach": None, "optimize": "coverage"})
    task = Task(wants, catalogue, limits, anyway=True)
    found = [gap.compare(wants, p.profile, catalogue, today=limits.today) for p in people]
    if found[0].total <= 0:
        return
    got = cohort.cohort(people, task)
    every = []
    for g, p in zip(found, people, strict=True):
        pool = pools.gather(g, p.profile, catalogue, cohort.limits_of(p, task).model_copy(update={"budget": limits.budget}))
        ids = sorted(c for c, x in pool.candidates.items() if not x.barriers)
        sets = [s for n in (0, 1, 2) for s in itertools.combinations(ids, n) if pools.wrong(pool, s) is None]
        every.append([(pools.net(pool, s), pools.value(pool, s)) for s in sets])
    able = [(sum(v for _, v in x), sum(c for c, _ in x)) for x in itertools.product(*every)]
    able = [(v, c) for v, c in able if c <= 100 * (limits.budget or 0)]
    top = max(v for v, _ in able)
    assert got.status == "optimal"
    assert sum(m.plan.objective for m in got.people if m.plan) == pytest.approx(top, abs=1e-7)
    assert got.cost * 100 == pytest.approx(min(c for v, c in able if v >= top - 1e-7))
    assert got.cost <= (limits.budget or 0) + 1e-9
    for m in got.people:
        assert m.plan is not None
        assert m.fit_after == pytest.approx(m.plan.cover_after)
    assert sum(x.amount for x in got.months) == pytest.approx(got.cost + got.funded)


def test_ten_times_the_people_take_no_thousand_times_the_time() -> None:
    """Sixty people with twenty plans each, of odd prices: the bound leaves few states."""
    r = random.Random(3)
    people = []
    for _ in range(60):
        prices = sorted(r.sample(range(900, 90_000), 19))
        gains = sorted(r.sample(range(10**9), 19))
        people.append([Option(0, 0, ()), *(Option(c, v, ("x",)) for c, v in zip(prices, gains, strict=True))])
    got = share_out(people, 900_000)
    assert got is not None
    assert sum(x[at].cents for x, at in zip(people, got, strict=True)) <= 900_000


# --- The command --------------------------------------------------------------------------------------------------


def test_who_has_what_and_who_gets_what(credgap: Cli, team: Path) -> None:
    found = held(credgap, team, "--budget", "150")
    assert [m["name"] for m in found["people"]] == ["Ann", "Bo", "=Cy", "Ann (2)"]
    assert found["cost"] <= 150
    assert found["status"] == "optimal"
    sql = next(a for a in found["skills"] if a["skills"] == ["sql"])
    assert (sql["have"], sql["partly"], sql["lack"]) == (1, 0, 3)
    assert next(a for a in found["skills"] if a["skills"] == ["tableau", "power-bi"])["name"] == "Tableau or Power BI"
    assert all(m["plan"]["cost"]["net"] <= 50 for m in found["people"] if m["name"] == "=Cy")
    taught = {t["skill"]: (t["teachers"], t["learners"]) for t in found["teaching"]}
    assert taught["sql"] == (["Ann"], ["Bo", "=Cy", "Ann (2)"])
    assert taught["tableau"][0] == ["Ann (2)"]
    more = held(credgap, team, "--budget", "600")
    assert more["fit_after"] >= found["fit_after"]
    assert more["sums"][-1]["fit"] >= more["fit_after"] - 1e-9


def test_names_can_be_left_out(credgap: Cli, team: Path) -> None:
    for format in ("terminal", "json", "jsonl", "csv", "markdown"):
        run = credgap("cohort", team, "--goal", "data-analyst", *CATALOGUE, "--anonymous", "--format", format)
        assert run.code == 0, run.err
        assert "Person 2" in run.out
        assert not any(name in run.out for name in ("Ann", "Bo", "Cy"))


@pytest.mark.parametrize("format", ["terminal", "json", "jsonl", "csv", "markdown"])
def test_every_format_speaks(credgap: Cli, team: Path, format: str) -> None:
    run = credgap("cohort", team, "--goal", "data-analyst", *CATALOGUE, "--budget", "200", "--format", format)
    assert run.code == 0, run.err
    assert "SQL" in run.out
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(run.out)))
        assert [r["name"] for r in rows] == ["Ann", "Bo", "'=Cy", "Ann (2)"]
    if format == "jsonl":
        assert [json.loads(x)["number"] for x in run.out.splitlines()] == [1, 2, 3, 4]


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_a_page_fits_its_columns(credgap: Cli, tmp_path: Path, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "many.csv"
    path.write_text("name,have\n" + "".join(f"Somebody With A Long Name {n},sql\n" for n in range(45)))
    monkeypatch.setenv("COLUMNS", str(columns))
    run = credgap("cohort", path, "--goal", "data-analyst", *CATALOGUE, "--budget", "2000")
    assert run.code == 0, run.err
    assert max(map(len, run.out.splitlines())) <= columns
    assert all(h.lower() in run.out.lower() for h in ("Then", "Price", "Hours", "Finished by", "Have it", "Spent"))


def test_people_come_as_a_folder_or_a_list(credgap: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    (folder / "ann.yaml").write_text("skills: [{skill: sql, level: 3}]\nhours_per_week: 8\n")
    (folder / "bo.yaml").write_text("name: Bo\nhave: python\nbudget: 20\n")
    listed = tmp_path / "team.yaml"
    listed.write_text("- {name: ann, skills: [{skill: sql, level: 3}], hours_per_week: 8}\n- {name: Bo, have: [python], budget: 20}\n")
    rows = tmp_path / "team.csv"
    rows.write_text("person;what they can;money\nann;sql:3;\nBo;python;20\n")
    found = []
    for path, words in ((folder, ()), (listed, ()), (rows, ("--column", "have=what they can", "--column", "budget=money"))):
        run = credgap("cohort", path, "--goal", "data-analyst", *CATALOGUE, "--budget", "300", "--format", "json", *words)
        assert run.code == 0, run.err
        people = json.loads(run.out)["people"]
        found.append([(m["name"], m["fit"], m["plan"]["cost"]["net"]) for m in people])
    assert found[0] == found[1]
    assert [x[:2] for x in found[2]] == [x[:2] for x in found[0]]


def test_what_everyone_has_is_laid_under_what_each_says(credgap: Cli, team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the profile of who asks is not that of the team."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "credgap").mkdir()
    (tmp_path / "credgap" / "profile.yaml").write_text("skills: [power-bi]\n")
    alone, common = held(credgap, team), held(credgap, team, "--have", "power-bi, sql:1")
    assert next(a for a in alone["skills"] if "power-bi" in a["skills"])["have"] == 1
    assert next(a for a in common["skills"] if "power-bi" in a["skills"])["have"] == 4
    assert next(a for a in common["skills"] if a["skills"] == ["sql"])["have"] == 1


def test_a_must_that_is_unmet_gets_no_plan(credgap: Cli, tmp_path: Path) -> None:
    (tmp_path / "nurse.txt").write_text("Nurse\n\nRequirements\n- RN license required\n- SQL\n")
    path = tmp_path / "team.yaml"
    path.write_text("- {name: Ann, licences: []}\n- {name: Bo, licences: [rn-license]}\n")
    ask = ("cohort", path, "--posting", tmp_path / "nurse.txt", *CATALOGUE, "--format", "json")
    found = json.loads(credgap(*ask).out)
    assert [m["plan"] is None for m in found["people"]] == [True, False]
    assert (found["gates"][0]["met"], found["gates"][0]["unmet"]) == (1, 1)
    assert all(m["plan"] for m in json.loads(credgap(*ask, "--anyway").out)["people"])


ERRORS = {
    "no role": ([], TEAM, 2, "--goal"),
    "two roles": (["--goal", "nurse", "--posting", "x.txt"], TEAM, 2, "one role"),
    "unknown skill": (["--goal", "data-analyst"], "name,have\nAnn,sql\nBo,Tablau\n", 3, "row 2 (Bo)"),
    "a budget in words": (["--goal", "data-analyst"], "name,have,budget\nAnn,sql,much\n", 3, "budget 'much'"),
    "nobody": (["--goal", "data-analyst"], "name,have\n", 3, "nobody"),
    "no column": (["--goal", "data-analyst"], "name,age\nAnn,20\n", 2, "--column have="),
    "too dear": (["--goal", "data-analyst", "--budget", "10", "--include", "sql-course"], "name,have\nAnn,sql\nBo,\n", 4, "common budget"),
    "demanded and impossible": (["--goal", "data-analyst", "--must", "tableau"], "name,have\nAnn,sql\n", 4, "Ann"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_what_is_wrong_is_said(credgap: Cli, tmp_path: Path, case: str) -> None:
    words, text, code, said = ERRORS[case]
    path = tmp_path / "team.csv"
    path.write_text(text)
    run = credgap("cohort", path, *CATALOGUE, *words)
    assert (run.code, run.out) == (code, "")
    assert said in run.err


def test_a_missing_list_is_said(credgap: Cli, tmp_path: Path) -> None:
    assert credgap("cohort", tmp_path / "nix", "--goal", "data-analyst", *CATALOGUE).code == 3
    (tmp_path / "x.yaml").write_text("skills: [\n")
    assert credgap("cohort", tmp_path / "x.yaml", "--goal", "data-analyst", *CATALOGUE).code == 3


def test_processes_plan_as_one_process_does(credgap: Cli, team: Path) -> None:
    assert held(credgap, team, "--jobs", "2") == held(credgap, team, "--jobs", "1")
