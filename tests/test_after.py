"""Asking for support before a credential, and showing it after."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, Run

from credgap import showcase
from credgap.models import Catalogue, Credential

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")
POSTING = "Data Analyst\n\nRequirements\n- SQL, every day\n- Tableau\n\nNice to have\n- Python\n"
PLAN = ("--min-gain", "0.1", "--today", "2026-11-20", *CATALOGUE)


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(POSTING)
    return path


def test_showcase_fills_in_what_is_known_and_leaves_the_rest_blank(credgap: Cli) -> None:
    got = json.loads(credgap("showcase", "pmp", *CATALOGUE, "--format", "json").out)
    fields = {f["name"]: f["value"] for f in got["linkedin"]}
    assert fields["Name"] == "PMP exam"
    assert fields["Issuing organization"] == "PMI"
    assert [fields[n] for n in ("Issue date", "Expiration date", "Credential ID", "Credential URL")] == [None] * 4
    assert got["url"] == "https://example.org/pmp"
    assert "36 months" in json.dumps(got["linkedin"])
    assert "[month and year]" in got["resume"]
    assert got["project"]["basis"] == "template"
    assert any("supervision" in v for v in got["verify"])


def test_showcase_knows_the_days_of_what_was_earned(small: Catalogue) -> None:
    found = showcase.showcase(small.credential["pmp"], small, earned=dt.date(2026, 5, 3))
    fields = {f.name: f.value for f in found.linkedin}
    assert (fields["Issue date"], fields["Expiration date"]) == ("May 2026", "May 2029")


def test_a_project_of_the_credential_goes_before_a_template(small: Catalogue) -> None:
    credential = Credential.model_validate({**small.credential["sql-course"].model_dump(), "practical": "a report for a shop"})
    project = showcase.showcase(credential, small).project
    assert (project.basis, project.skills) == ("credential", ("SQL",))
    assert "a report for a shop" in project.text


def test_nothing_is_invented_about_what_the_person_did(credgap: Cli, small: Catalogue) -> None:
    """Every word of the résumé line outside the brackets stands in the catalogue."""
    for c in small.credentials:
        line = re.sub(r"\[.*?\]", "", showcase.showcase(c, small).resume)
        known = {c.name, c.issuer, "Skills", *(s.name for s in small.skills)}
        assert set(re.findall(r"\w+", line)) <= {w for k in known for w in re.findall(r"\w+", k)}


@pytest.mark.parametrize("format", ["terminal", "markdown", "json"])
@pytest.mark.parametrize("command", ["showcase", "letter"])
def test_every_form_is_written(command: str, format: str, credgap: Cli, posting: Path) -> None:
    words = ("showcase", "sql-course", *CATALOGUE) if command == "showcase" else ("letter", posting, "--reimburse", "80%", *PLAN)
    run = credgap(*words, "--format", format)
    assert run.code == 0, run.err
    assert "SQL Course" in run.out
    assert not set(run.out) & set("│─┃━╭╮\x1b")
    if format == "json":
        got = json.loads(run.out)
        assert (got["format_version"], got["command"]) == (1, command)


def test_a_letter_has_the_figures_of_the_plan_and_the_words_of_the_posting(credgap: Cli, posting: Path) -> None:
    options = ("--reimburse", "80%", "--reimburse-cap", "70", "--grant", "10", "--have", "tableau", *PLAN)
    plan = json.loads(credgap("plan", posting, *options, "--format", "json").out)["plan"]
    got = json.loads(credgap("letter", posting, *options, "--format", "json").out)
    assert (got["cost"], got["own"], got["hours"], got["finish"]) == (
        plan["cost"]["amount"],
        plan["cost"]["net"],
        plan["hours"],
        plan["finish"],
    )
    assert got["asked"] + got["granted"] + got["own"] == got["cost"]
    assert [i["credential"] for i in got["items"]] == [s["credential"] for s in plan["steps"]]
    assert {"quote": "SQL, every day", "line": 4}.items() <= next(r for r in got["reasons"] if r["skill"] == "sql").items()
    text = credgap("letter", posting, *options).out
    for said in (
        "The posting for Data Analyst asks for this",
        "“SQL, every day” (line 4)",
        "Asked of [company]: $",
        "[your name]",
        "https://example.org",
        "(seen 2026-11-01)",
        plan["finish"],
    ):
        assert said in text


def test_a_letter_about_a_role_quotes_the_shares_counted(credgap: Cli) -> None:
    out = " ".join(credgap("letter", "--goal", "data-analyst", *PLAN).out.split())
    assert "SQL, in 80% of the postings counted" in out
    assert "to pay [sum or share] of it" in out


def test_where_there_is_nothing_to_ask_there_is_no_letter(credgap: Cli, posting: Path) -> None:
    run = credgap("letter", posting, "--max-credentials", "0", *PLAN)
    assert run.code == 0
    assert "No letter" in run.out
    assert "Dear" not in run.out
    assert credgap("letter", posting, posting, *PLAN).code == 2
    assert credgap("letter", posting, posting, "--together", *PLAN).code == 0


def test_what_a_posting_says_harms_no_letter(credgap: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("Analyst\n\nRequirements\n- SQL \x1b[31m<script>alert(1)</script> **bold** [x](http://bad.example)\n")
    text = credgap("letter", path, *PLAN).out
    assert "\x1b" not in text
    marked = credgap("letter", path, *PLAN, "--format", "markdown").out
    assert not re.search(r"(?<!\\)(<script|\*\*|\]\()", marked)
