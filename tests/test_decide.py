"""What helps to decide beside the plan: many postings at once, the frontier, why not, which role, and a plan kept."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SMALL, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plan import Twin, some_wants, some_world

from credgap import analyse, frontier, gap, plan, together
from credgap.errors import DoesNotFitError
from credgap.models import Catalogue, Gap, Limits, Profile, Requirements

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")
TODAY = dt.date(2026, 11, 20)
FIRST = "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n\nNice to have\n- Python\n"
SECOND = "Python Developer\n\nRequirements\n- Python\n- SQL\n"
NURSE = "Nurse\n\nRequirements\n- RN license required\n- SQL\n"


def gap_of(wants: list[dict[str, Any]], profile: Profile, catalogue: Catalogue) -> Gap:
    asked = Requirements.model_validate({"id": "x", "source": "x", "requirements": wants})
    return gap.compare(asked, profile, catalogue, today=TODAY)


# --- Properties beside the twin -----------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_every_point_of_a_frontier_is_the_best_plan_for_its_sum(seed: int) -> None:
    r = random.Random(seed)
    data, profile, wants, limits = some_world(r)
    catalogue, person = Catalogue(**data), Profile.model_validate(profile)
    found = gap_of(wants, person, catalogue)
    if found.total <= 0:
        return
    limits = limits.model_copy(update={"slack": 0.0, "budget": 500.0, "allow_unknown": False})
    walked = frontier.money(found, person, catalogue, limits)
    assert walked.proven
    edges = [p.at for p in walked.points]
    assert edges == sorted(set(edges))
    for n, point in enumerate(walked.points):
        upper = edges[n + 1] - 0.01 if n + 1 < len(edges) else 500.0
        for budget in (point.at, (point.at + upper) / 2, upper):
            twin = Twin(data, profile, limits.model_copy(update={"budget": round(budget, 2)}), found)
            assert twin.best()[1:3] == (round(100 * (point.best.net or 0.0)), -round(point.best.objective, 7)), (budget, point)


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_the_cover_of_several_postings_together_is_the_mean_of_their_covers(seed: int) -> None:
    r = random.Random(seed)
    data, profile, wants, limits = some_world(r)
    catalogue, person = Catalogue(**data), Profile.model_validate(profile)
    each = [g for w in (wants, some_wants(r), some_wants(r)) if (g := gap_of(w, person, catalogue)).total > 0]
    if not each:
        return
    merged = together.merge(each)
    assert merged.fit == pytest.approx(sum(g.fit for g in each) / len(each))
    steps = r.sample(sorted(set(data["credentials"]) - {h["id"] for h in profile["credentials"]}), 2)
    covers = [plan.fits(g, person, catalogue, limits, steps) for g in each]
    assert plan.fits(merged, person, catalogue, limits, steps) == pytest.approx([sum(c) / len(each) for c in zip(*covers, strict=True)])


# --- Several postings ----------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("a", FIRST), ("b", SECOND), ("c", NURSE)):
        (tmp_path / f"{name}.txt").write_text(text)
    return tmp_path


def test_one_plan_for_several_postings_tells_who_passes_after_each_step(folder: Path, credgap: Cli, tmp_path: Path) -> None:
    none = tmp_path / "me.yaml"
    none.write_text("licences: []\n")
    options = ("--profile", none, "--budget", "500", "--hours", "100", "--min-gain", "0.1", "--fit", "0.5", "--today", "2026-11-20")
    run = credgap("plan", folder, *CATALOGUE, *options, "--together", "--format", "json")
    assert run.code == 0, run.err
    got = json.loads(run.out)
    assert [p["id"] for p in got["together"]] == ["a", "b", "c"]
    assert [p["blocked"] for p in got["together"]] == [False, False, True]
    assert {len(p["fits"]) for p in got["together"]} == {len(got["plan"]["steps"]) + 1}
    said = credgap("plan", folder, *CATALOGUE, *options, "--together").out
    assert "Before the plan, 0 of 3 are at 50%" in said
    assert "1 can never pass" in said


def test_postings_that_are_all_blocked_have_no_plan_together(small: Catalogue) -> None:
    wants = Requirements.model_validate(
        {
            "id": "x",
            "source": "x",
            "requirements": [{"skill": "sql", "name": "SQL", "kind": "hard", "importance": "required"}],
            "gates": [{"kind": "clearance", "text": "clearance", "hard": True}],
        }
    )
    with pytest.raises(DoesNotFitError):
        analyse.advise_together([wants], Profile(clearance=False), small, limits=Limits(today=TODAY))


# --- The commands --------------------------------------------------------------------------------------------

COMMANDS = {
    "frontier": ["frontier", "-", "--hours", "100"],
    "why": ["why", "sql-course", "-", "--budget", "200"],
    "explore": ["explore", "--have", "sql"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("format", ["terminal", "json", "jsonl"])
def test_each_speaks_every_format(command: str, format: str, credgap: Cli) -> None:
    run = credgap(*COMMANDS[command], *CATALOGUE, "--format", format, "--today", "2026-11-20", stdin=FIRST)
    assert run.code == 0, run.err
    assert run.out.strip()
    if format == "json":
        assert json.loads(run.out)["command"] == command


def test_why_says_what_beat_a_credential_or_keeps_it_out(credgap: Cli) -> None:
    options = (*CATALOGUE, "--budget", "200", "--min-gain", "0.1", "--today", "2026-11-20", "--format", "json")
    inside = json.loads(credgap("why", "sql-course", "-", *options, stdin=FIRST).out)["why"]
    assert inside["in_plan"]
    assert inside["reasons"][0].startswith("It is step 1")
    beside = json.loads(credgap("why", "pmp", "-", *options, stdin=FIRST).out)["why"]
    assert not beside["in_plan"]
    assert beside["place"] is None
    assert "would add nothing" in beside["reasons"][0]


def test_an_unknown_id_is_a_wrong_use(credgap: Cli) -> None:
    run = credgap("why", "sql-curse", "-", *CATALOGUE, stdin=FIRST)
    assert run.code == 2
    assert "sql-course" in run.err


# --- A plan kept ---------------------------------------------------------------------------------------------


def test_a_plan_kept_tells_later_what_changed(credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    options = ("plan", "-", *CATALOGUE, "--budget", "200", "--min-gain", "0.1")
    kept = credgap(*options, "--today", "2026-11-20", "--save", "job", stdin=FIRST)
    assert kept.code == 0, kept.err
    same = json.loads(credgap(*options, "--today", "2026-11-20", "--diff", "job", "--format", "json", stdin=FIRST).out)
    assert same["since"][1:] == ["Nothing has changed."]
    done = tmp_path / "me.yaml"
    done.write_text("credentials: [{id: sql-course}]\n")
    dearer = tmp_path / "more.yaml"
    text = SMALL.read_text()
    assert "amount: 100" in text
    dearer.write_text(text.replace("amount: 100", "amount: 190", 1))
    other = ("plan", "-", "--catalog", dearer, "--no-builtin", "--budget", "200", "--min-gain", "0.1", "--profile", done)
    later = json.loads(credgap(*other, "--today", "2026-12-01", "--diff", "job", "--format", "json", stdin=FIRST + "- Excel\n").out)
    said = " ".join(later["since"])
    assert "Done: SQL Course." in said
    assert "The price of SQL Course was $100 or $30 a month and is $190 or $30 a month." in said
    assert "No longer in the plan" in said


@pytest.mark.parametrize(("argv", "code"), [(("--diff", "nobody"), 2), (("--save", "../x"), 2)])
def test_a_name_that_cannot_be_is_said(argv: tuple[str, ...], code: int, credgap: Cli) -> None:
    assert credgap("plan", "-", *CATALOGUE, *argv, stdin=FIRST).code == code


def test_a_role_held_is_assumed_and_said_to_be(credgap: Cli) -> None:
    run = credgap("gap", "-", "--have", "sql", *CATALOGUE, stdin=FIRST)
    assert run.code == 0
    role = credgap("plan", "-", "--from", "data-analyst", "--today", "2026-11-20", "--budget", "100", stdin=FIRST)
    assert role.code == 0, role.err
    assert "to be confirmed" in role.out
