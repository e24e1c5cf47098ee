"""What a person sees of a report in a terminal: the answer on the first screen, all of it in columns, nothing that is not asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, Run

from credgap.cli import inputs, output
from credgap.report import page, terminal
from credgap.report.page import BLOCKS, SIGNS
from credgap.report.story import Bars, Heading, Items, Link, Paragraph, Table, Timeline

Cli = Callable[..., Run]
ROOT = Path(__file__).parents[1]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")
TODAY = ("--today", "2026-11-20")
POSTING = "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n- Communication\n\nNice to have\n- Python\n"
NURSE = "Registered Nurse\n\nRequirements\n- RN license\n- SQL\n"
TAKES = re.compile("^Take th|he best plan within your limits$", re.M)
ASKS = {
    "two steps": (("--budget", "200", "--min-gain", "0.1"), POSTING, "Study, then apply", "https://example.org"),
    "enough": (("--have", "sql:3,tableau:3,python:3"), POSTING, "Apply now", "Send the application"),
    "nothing helps": (("--budget", "0"), POSTING, "nothing here is worth buying", "credgap explore"),
    "a must is not said": (("--have", "sql"), NURSE, "First check 1 requirement", "credgap profile add rn"),
}


@pytest.mark.parametrize("name", ASKS)
def test_the_first_screen_answers(name: str, credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdict, fit, what to take, what it costs, when it is done and the first thing to do: in 24 lines of 80 columns."""
    options, posting, verdict, first = ASKS[name]
    monkeypatch.setenv("COLUMNS", "80")
    run = credgap("plan", "-", *CATALOGUE, *TODAY, *options, stdin=posting)
    assert run.code == 0, run.err
    screen = "\n".join(run.out.splitlines()[:23])
    assert re.search(rf"^Verdict: .*{verdict}", screen, re.M)
    assert re.search(r"^  Fit now  .*\d%", screen, re.M)
    assert "What to do next\n  1. " in screen
    assert first in screen
    if TAKES.search(screen):
        assert all(re.search(x, screen) for x in (r"With the plan .*\d%", r"In all \$\d+", r"\d hours", r"done by 20\d\d-\d\d-\d\d"))


@pytest.mark.parametrize("example", ["data-analyst", "it-support", "bookkeeper", "medical-receptionist"])
def test_a_plan_is_read_in_three_screens_and_traced(example: str, credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ask = ("plan", ROOT / "examples" / f"{example}.txt", "--have", "excel", "--budget", "300", "--hours", "200", "--today", "2026-11-22")
    short, whole = credgap(*ask).out, credgap(*ask, "--details").out
    assert short.count("\n") <= 105
    assert whole.count("\n") > short.count("\n")
    if TAKES.search(short):
        assert re.search(r"For\s+“[^”]+”\s+\(line\s+\d+\)", short)
        assert re.search(r"seen\s+on\s+\S+\.\w+,\s+20\d\d", short)
    assert "- Source:" not in short
    assert ("- Source:" in whole) == bool(TAKES.search(short))


@pytest.mark.parametrize("format", ["terminal", "plain", "markdown"])
@pytest.mark.parametrize("command", ["plan", "gap"])
def test_details_show_more_in_every_format_that_leaves_some_out(format: str, command: str, credgap: Cli) -> None:
    posting = POSTING + "\nDuties\n- Build models with Power BI and PostgreSQL\n"
    ask = (command, "-", *CATALOGUE, "--format", format)
    short, whole = credgap(*ask, stdin=posting).out, credgap(*ask, "--details", stdin=posting).out
    quoted = "PostgreSQL” \\(line" if format == "markdown" else "“PostgreSQL” (line"
    assert quoted not in short.replace("\\_", "_")
    assert "PostgreSQL" in short
    assert re.search(r"PostgreSQL” *\\?\(line", " ".join(whole.split()))


FAR = """Ward Analyst
Requirements
- SQL
- Tableau
- Java
- Rust
- Kubernetes
- Docker
- Photoshop
"""
MUSTS = ["- RN license required", "- Bachelor's degree required"]


@pytest.mark.parametrize("musts", [0, 1, 2])
def test_a_plan_far_from_enough_is_not_sold(musts: int, credgap: Cli) -> None:
    """What must be settled comes first, with commands to copy; a plan that stays far from enough says so."""
    posting = "\n".join((FAR, *MUSTS[:musts]))
    ask = ("plan", "-", "--have", "excel, patient care", "--budget", "300", "--hours", "150", *TODAY, "--no-input", "--plain")
    text = credgap(*ask, stdin=posting).out
    explore = 'credgap explore --have "excel, patient care"'
    steps = text[text.index("What to do next") :]
    assert explore in steps.splitlines()[1]
    assert "You also named Microsoft Excel and Patient care: not asked for here." in text
    assert re.search(r"far from 75%: do not pay for this posting alone\.", text)
    if musts:
        assert re.search(rf"^Verdict: First check {musts} requirements?, before you pay anything$", text, re.M)
        assert steps.count("credgap profile add") == musts
        assert text.index("What to do next") < text.index("the best plan within your limits")
        assert "3. Only if you have" in steps
    else:
        assert "2. If you still want it: " in steps


def test_a_cheaper_plan_nearly_as_good_is_named(small_report: object) -> None:
    from credgap.models import Outline
    from credgap.report import words

    (report,), _ = small_report  # type: ignore[misc]
    plan = report.choice.plan

    def said(cover: float, net: float | None) -> str | None:
        other = Outline(credentials=("x",), names=("Other",), cover=cover, net=net, hours=10, objective=1)
        return words.cheaper(report.model_copy(update={"choice": report.choice.model_copy(update={"alternatives": (other,)})}))

    saved = f"${plan.cost.net - 10:,.0f}"
    assert said(plan.cover_after - 0.01, 10.0) == f"{saved} less for 1 point less: Other (see Other plans)."
    assert said(plan.cover_after - 0.03, 10.0) is None
    assert said(plan.cover_after, plan.cost.net) is None
    assert said(plan.cover_after, None) is None


BLOCKS_OF_ALL_KINDS = [
    Heading(1, "A title"),
    Heading(2, "A verdict", "bad"),
    Paragraph("Words " * 40),
    Bars(("Fit", "At", "To reach"), (("Fit now", "20%", "75%: enough"), ("With it", "80%", "")), frozenset({1}), (0.2, 0.8), mark=0.75),
    Items(("A name:\nwhat it is", ("Look at ", Link("https://example.org/" + "a" * 90)))),
    Timeline(("Step", "From", "To", "Takes"), (("Step 1", "2026-11-20", "2027-01-10", "7 weeks"),), spans=((0.0, 1.0),)),
    Heading(3, "Some"),
    Table(("Skill", "Now", "Where"), (("A name that is long enough to be wrapped", "0%", "“some words” (line 3)"),), frozenset({1})),
    Heading(3, "More"),
    Table(("Skill", "Now", "Where"), (("Short", "10%", "“ünï” (line 3)"),), frozenset({1})),
    Bars(("Name", "Share"), (("x", "50%"),), frozenset({1}), (0.5,), at=2),
]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("drawn", [True, False])
def test_a_page_fits_and_is_the_same_without_colour(width: int, drawn: bool) -> None:
    """Colour never says what words do not: without its codes the page is the page without it."""
    bare = terminal.write(BLOCKS_OF_ALL_KINDS, width=width, color=False, drawn=drawn)
    colored = terminal.write(BLOCKS_OF_ALL_KINDS, width=width, color=True, drawn=drawn)
    address = next(x for x in bare.splitlines() if "://" in x)
    assert address.strip() == "https://example.org/" + "a" * 90 or width == 200, "an address is never cut"
    assert max(len(x) for x in bare.splitlines() if x != address) <= width
    assert re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\|\s", "", colored) == re.sub(r"\s", "", bare)
    assert "\x1b" not in bare
    assert ("█" in bare) == drawn
    assert all(word in bare for word in ["A", "name", "that", "is", "long", "enough", "to", "be", "wrapped"])


def test_tables_under_small_headings_stand_in_line() -> None:
    lines = terminal.write(BLOCKS_OF_ALL_KINDS, width=80, color=False).splitlines()
    assert len({x.index("%") for x in lines if "(line 3)" in x}) == 1
    assert sum("Where" in x for x in lines) == 1


def test_bars_say_what_is_there() -> None:
    assert page.bar(0.5, 10) == "#####....."
    assert page.bar(0.001, 10) == "#........."
    assert page.bar(0.0, 10, BLOCKS, 0.75) == "░░░░░░░░|░"
    assert page.bar(1.0, 4, SIGNS) == "####"
    assert page.span(0.5, 1.0, 8) == "....####"
    assert page.span(0.99, 1.0, 8) == ".......#"


def test_a_long_report_on_a_screen_ends_with_its_answer(credgap: Cli, small_report: object) -> None:
    reports, catalogue = small_report  # type: ignore[misc]
    whole = terminal.render(reports, catalogue, width=80, color=False, rows=24)
    assert whole.rindex("In short") > whole.rindex("Take care")
    assert "Study, then apply" in whole[whole.rindex("In short") :]
    assert "In short" not in terminal.render(reports, catalogue, width=80, color=False)
    assert "In short" not in terminal.render(reports, catalogue, width=80, color=False, rows=500)


@pytest.fixture
def small_report(tmp_path: Path) -> object:
    import datetime as dt

    from credgap import analyse
    from credgap.models import Limits, Profile

    posting = tmp_path / "a.txt"
    posting.write_text(POSTING)
    source = inputs.data([SMALL], True)
    found = inputs.read([str(posting)], None, no_input=True)
    asked = inputs.asked(found, [str(posting)], None, source, quiet=True)
    limits = Limits(today=dt.date(2026, 11, 20), budget=200, min_gain=0.1)
    return [analyse.advise(asked.wants[0], Profile(), source.catalogue, limits=limits)], source.catalogue


@pytest.mark.parametrize(
    ("terminal", "term", "no_color", "encoding", "expected"),
    [
        (True, "xterm", "", "utf-8", (True, True)),
        (True, "xterm", "1", "utf-8", (False, True)),
        (True, "dumb", "", "utf-8", (False, False)),
        (True, "xterm", "", "ascii", (True, False)),
        (False, "xterm", "", "utf-8", (False, False)),
    ],
)
def test_colours_and_block_signs_only_where_they_can_be_shown(
    terminal: bool, term: str, no_color: str, encoding: str, expected: tuple[bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Out:
        def isatty(self) -> bool:
            return terminal

    Out.encoding = encoding  # type: ignore[attr-defined]
    monkeypatch.setattr("sys.stdout", Out())
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", no_color)
    found = output.screen(None)
    assert (found.color, found.drawn) == expected
    assert (found.rows is None) != terminal
