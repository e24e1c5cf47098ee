"""The command line: exit codes, where output goes, and what is said when something is wrong."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, Run

from credgap import stated
from credgap.cli import app, paste
from credgap.files import write_whole

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")
POSTING = "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n- Communication\n\nNice to have\n- Python\n"
NURSE = "Nurse\n\nRequirements\n- RN license required\n- SQL\n"
ROOT = Path(__file__).parents[1]


def test_plan_in_json_carries_what_the_design_promises(credgap: Cli) -> None:
    run = credgap(
        "plan", "-", *CATALOGUE, "--budget", "200", "--format", "json", "--today", "2026-11-20", "--min-gain", "0.1", stdin=POSTING
    )
    assert run.code == 0, run.err
    got = json.loads(run.out)
    assert (got["format_version"], got["command"], got["verdict"]["answer"]) == (1, "plan", "study_then_apply")
    assert got["plan"]["status"] == "optimal"
    assert [s["credential"] for s in got["plan"]["steps"]] == ["sql-course", "python-course"]
    assert got["plan"]["cost"]["net"] == sum(s["cost"] or 0 for s in got["plan"]["steps"]) + sum(
        s["amount"] for s in got["plan"]["subscriptions"]
    )
    assert {"order", "credential", "name", "provider", "url", "offer", "closes", "cost", "hours", "start", "end", "trust", "why"} <= set(
        got["plan"]["steps"][0]
    )
    assert {n["skill"] for n in got["not_closed"]} & {"tableau", "power-bi"}
    assert {"credential", "score", "cover_gain", "cost", "hours", "trust", "fits", "why_not"} <= set(got["ranking"][0])


@pytest.mark.parametrize("command", ["plan", "gap", "extract"])
@pytest.mark.parametrize("format", ["terminal", "json", "jsonl"])
def test_every_command_speaks_every_format(command: str, format: str, credgap: Cli) -> None:
    run = credgap(command, "-", *CATALOGUE, "--format", format, stdin=POSTING)
    assert run.code == 0, run.err
    assert "SQL" in run.out
    if format != "terminal":
        assert json.loads(run.out)["command"] == command


def test_the_same_input_gives_the_same_output(credgap: Cli) -> None:
    first, second = (credgap("plan", "-", *CATALOGUE, "--today", "2026-11-20", stdin=POSTING).out for _ in range(2))
    assert first == second


def test_a_question_asked_again_is_answered_alike_and_anew_where_anything_changed(
    credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDGAP_NO_ANSWERS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    posting = tmp_path / "a.txt"
    posting.write_text(POSTING)
    ask = ("gap", posting, *CATALOGUE, "--today", "2026-11-20")
    first, second = credgap(*ask), credgap(*ask)
    assert first == second
    assert len(list((tmp_path / "cache" / "credgap" / "answers").iterdir())) == 1
    (kept,) = (tmp_path / "cache" / "credgap" / "answers").iterdir()
    kept.write_text("\0kept")
    assert credgap(*ask).out == "kept"
    posting.write_text(POSTING.replace("Python", "PostgreSQL"))
    assert "PostgreSQL" in credgap(*ask).out
    assert credgap(*ask, "--have", "sql").out != first.out
    assert credgap("gap", posting, *CATALOGUE, "--have", "nonesuch").code == 3
    assert credgap("gap", posting, *CATALOGUE, "--have", "nonesuch").code == 3


def test_what_is_piped_in_or_written_to_a_file_is_never_answered_from_before(
    credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of the command line are the same, the question is not."""
    monkeypatch.delenv("CREDGAP_NO_ANSWERS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    profile, posting, out = tmp_path / "p.yaml", tmp_path / "a.txt", tmp_path / "out.txt"
    profile.write_text("skills: [sql]\n")
    posting.write_text(POSTING)
    piped = ("gap", "--profile", profile, *CATALOGUE)
    assert "Tableau" in credgap(*piped, stdin=POSTING).out
    assert "Tableau" not in credgap(*piped, stdin="Requirements\n- Python\n").out
    for _ in range(2):
        assert credgap("gap", posting, *CATALOGUE, f"-o{out}").code == 0
        assert out.exists()
        out.unlink()
    held = ("gap", posting, *CATALOGUE, f"-p{profile}")
    before = credgap(*held).out
    profile.write_text("skills: [python]\n")
    assert credgap(*held).out != before


ERRORS = {
    "missing file": (["plan", "nix.txt"], "", 3, "nix.txt"),
    "empty paste": (["plan", "-"], "  \n", 3, "empty"),
    "binary rubbish": (["plan", "-"], b"\x00\x01\x02\xff" * 50, 3, "standard input"),
    "no skill": (["plan", "-"], "We sell shoes.\n", 6, "no skill was recognised"),
    "no skill that counts": (["gap", "-"], "Requirements\n- Communication\n", 6, "no skill that counts"),
    "no skill to extract": (["extract", "-"], "We sell shoes.\n", 6, "no skill was recognised"),
    "unknown skill": (["plan", "-", "--have", "Tablau"], POSTING, 3, "Tableau"),
    "missing profile": (["plan", "-", "--profile", "nix.yaml"], POSTING, 3, "nix.yaml"),
    "unknown goal": (["plan", "--goal", "data anal"], "", 2, "data-analyst"),
    "goal and posting": (["plan", "x.txt", "--goal", "data-analyst"], "", 2, "contradict"),
    "budget of nan": (["plan", "-", "--budget", "nan"], POSTING, 2, "nan"),
    "negative budget": (["plan", "-", "--budget", "-5"], POSTING, 2, "-5"),
    "a budget in words": (["plan", "-", "--budget", "much"], POSTING, 2, "much"),
    "a day that is none": (["plan", "-", "--by", "soon"], POSTING, 2, "2027-06-30"),
    "a day gone by": (["plan", "-", "--by", "2026-01-01", "--today", "2026-11-20"], POSTING, 2, "before"),
    "no hours a week": (["plan", "-", "--hours-per-week", "0"], POSTING, 2, "hours-per-week"),
    "a kind that is none": (["gap", "-", "--count", "softt"], POSTING, 2, "softt"),
    "weights": (["gap", "-", "--weights", "must=3"], POSTING, 2, "must=3"),
    "output into nowhere": (["gap", "-", "--output", "nowhere/x.txt"], POSTING, 3, "nowhere"),
    "unknown option": (["plan", "--buget", "3"], "", 2, "--buget"),
    "unknown command": (["pln"], "", 2, "pln"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_one_clear_message_and_an_exit_code(name: str, credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    argv, stdin, code, said = ERRORS[name]
    monkeypatch.chdir(tmp_path)
    run = credgap(argv[0], *argv[1:], *(CATALOGUE if len(argv) > 1 else ()), stdin=stdin)
    assert run.code == code, run.err
    assert run.out == ""
    assert said in run.err
    assert "Traceback" not in run.err


def test_a_folder_without_postings_is_an_error_and_one_with_them_gives_a_line_each(credgap: Cli, tmp_path: Path) -> None:
    assert credgap("plan", tmp_path, *CATALOGUE).code == 3
    (tmp_path / "a.txt").write_text(POSTING)
    (tmp_path / "b.txt").write_text("We sell shoes.\n")
    run = credgap("plan", tmp_path, *CATALOGUE, "--format", "jsonl")
    assert run.code == 0
    first, second = map(json.loads, run.out.splitlines())
    assert "plan" in first
    assert "no skill was recognised" in second["error"]
    assert "1 of 2" in run.err
    assert credgap("plan", tmp_path, *CATALOGUE, "--format", "jsonl", "--quiet").err == ""


def test_a_broken_line_of_jsonl_is_named(credgap: Cli, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"id": "a", "text": POSTING}) + "\n{broken\n")
    run = credgap("extract", path, *CATALOGUE)
    assert (run.code, run.out) == (3, "")
    assert "x.jsonl" in run.err
    assert "2" in run.err


def test_fail_on_gap(credgap: Cli) -> None:
    assert credgap("gap", "-", *CATALOGUE, "--fail-on-gap", stdin=POSTING).code == 10
    assert credgap("gap", "-", *CATALOGUE, "--have", "sql,tableau", "--fail-on-gap", stdin=POSTING).code == 0
    run = credgap("plan", "-", *CATALOGUE, "--have", "tableau", "--fail-on-gap", stdin=POSTING)
    assert run.code == 0, run.out


def test_an_empty_profile_and_an_unmet_licence_are_said(credgap: Cli, tmp_path: Path) -> None:
    assert "empty" in credgap("gap", "-", *CATALOGUE, stdin=POSTING).out
    profile = tmp_path / "p.yaml"
    profile.write_text("skills: [sql]\nlicences: []\n")
    got = json.loads(credgap("plan", "-", *CATALOGUE, "--profile", profile, "--format", "json", stdin=NURSE).out)
    assert got["verdict"]["answer"] == "blocked"
    assert got["plan"]["status"] == "nothing_to_buy"
    assert got["nearer_goals"]
    assert (
        json.loads(credgap("plan", "-", *CATALOGUE, "--profile", profile, "--anyway", "--format", "json", stdin=NURSE).out)["verdict"][
            "answer"
        ]
        == "blocked"
    )


def test_the_profile_of_the_configuration_folder_is_used_and_said(credgap: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "credgap").mkdir()
    (tmp_path / "credgap" / "profile.yaml").write_text("skills: [sql]\n")
    run = credgap("gap", "-", *CATALOGUE, "--format", "json", stdin=POSTING)
    assert json.loads(run.out)["gap"]["fit"] > 0
    assert "profile.yaml" in run.err


def test_output_goes_to_the_file_alone(credgap: Cli, tmp_path: Path) -> None:
    run = credgap("gap", "-", *CATALOGUE, "--output", tmp_path / "x.json", "--format", "json", stdin=POSTING)
    assert (run.code, run.out) == (0, "")
    assert json.loads((tmp_path / "x.json").read_text())["command"] == "gap"


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_a_report_fits_its_columns_and_draws_no_boxes(columns: int, credgap: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = credgap("plan", "-", *CATALOGUE, "--min-gain", "0.1", stdin=POSTING).out
    assert max(map(len, out.splitlines())) <= columns
    assert not set(out) & set("│─┃━╭╮\x1b")


def test_markup_in_a_posting_is_text(credgap: Cli) -> None:
    """Rich once swallowed `[aws]` and raised at `[/remote]`."""
    run = credgap("extract", "-", *CATALOGUE, stdin="Requirements\n- [/remote] SQL [bold] with [Zyxel Widgets]\n")
    assert run.code == 0, run.err


def test_a_catalogue_can_be_browsed_and_checked(credgap: Cli, tmp_path: Path) -> None:
    assert "data-analyst" in credgap("goals", *CATALOGUE).out
    assert "Reporting Analyst" in credgap("goals", "data-analyst", *CATALOGUE).out
    assert "sql-course" in credgap("skills", "sql", *CATALOGUE).out
    assert "PMP exam" in credgap("catalog", "list", "pmp", *CATALOGUE).out
    shown = credgap("catalog", "show", "pmp", *CATALOGUE).out
    assert "60-120 h*" in shown
    assert "checked 2026-11-01" in shown
    assert credgap("catalog", "show", "pmpp", *CATALOGUE).code == 2
    assert credgap("catalog", "check", SMALL, "--no-builtin").code == 0
    assert json.loads(credgap("catalog", "list", *CATALOGUE, "--format", "json").out)["entries"]


@pytest.mark.parametrize(("text", "expected"), [("a\n\nb\n.\n", "a\n\nb"), ("a\n. \n", "a"), ("a.\nb", "a.\nb"), ("x" * 6000, "x" * 6000)])
def test_a_paste_ends_with_a_line_that_is_a_full_stop(text: str, expected: str) -> None:
    assert paste.without_end(text) == expected


@pytest.mark.parametrize("end", ["\x04", "\r.\r"])
def test_a_paste_with_blank_lines_and_a_long_line_arrives_whole(end: str) -> None:
    """A plain terminal line is cut at 4,095 bytes; a bracketed paste is not."""
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input

    text = "Requirements\n\n" + "SQL and Python. " * 400 + "\n\nTableau"
    with create_pipe_input() as keys, create_app_session(input=keys):
        keys.send_text(f"\x1b[200~{text}\x1b[201~{end}")
        assert paste.ask().strip() == text


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m credgap skills --catalog {SMALL} --no-builtin | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command + "; echo ${PIPESTATUS[0]}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("example", "options"), [("data-analyst", ("--have", "excel:3")), ("it-support", ("--reimburse", "50%", "--max-credentials", "3"))]
)
def test_every_dollar_of_a_plan_can_be_followed_from_what_it_shows(example: str, options: tuple[str, ...], credgap: Cli) -> None:
    """The sums are done here as a reader would: prices of the catalogue, months of hours at five a week, what others pay."""
    limits = ("--budget", "600", "--hours", "300", "--today", "2026-11-22", "--format", "json")
    made = json.loads(credgap("plan", ROOT / "examples" / f"{example}.txt", *options, *limits).out)["plan"]
    assert made["steps"]
    shown = {
        s["credential"]: json.loads(credgap("catalog", "show", s["credential"], "--format", "json").out)["entries"][0]
        for s in made["steps"]
    }
    total = 0.0
    for s in made["steps"]:
        entry = shown[s["credential"]]
        offer = entry["offers"][s["offer"]]
        own = offer.get("amount", 0.0) + entry.get("exam_fee", {"amount": 0.0})["amount"]
        assert s["cost"] == own
        total += own
    for paid in made["subscriptions"]:
        hours = sum(s["hours"] for s in made["steps"] if s["credential"] in paid["credentials"])
        assert paid["months"] == -(-hours * 12 // (52 * 5))
        total += paid["amount"]
    assert made["cost"]["amount"] == pytest.approx(total) == pytest.approx(sum(p["amount"] for p in made["payments"]))
    back = 0.5 * total if "--reimburse" in options else 0.0
    assert made["cost"]["net"] == pytest.approx(total - back)


@pytest.mark.parametrize("name", app.ENTRIES)
def test_the_help_of_a_command_begins_as_the_list_of_commands_says(name: str) -> None:
    entry = app.ENTRIES[name]
    loaded = entry.load()
    said = loaded.info.help if entry.group else inspect.getdoc(loaded)
    assert said.split("\n")[0] == entry.purpose


def test_help_puts_options_under_what_they_are_about(credgap: Cli) -> None:
    said = credgap("plan", "--help").out
    groups = [
        "Arguments",
        "What is asked",
        "What you have",
        "Limits",
        "Who else pays",
        "The choice",
        "What the plan must have",
        "Data",
        "Output",
        "Help",
    ]
    places = [said.index(f"\n{g}") for g in groups]
    assert places == sorted(places)
    assert places[3] < said.index("-b, --budget") < places[4]
    assert "<" not in said[places[0] : places[1]]
    assert credgap("--help").out.count("...") == 1, "no purpose is cut short"


# the first lines of a text, and the title and place that it states
STATED = {
    "the first line": ("Junior Data Analyst\nHarbor Foods, Portland (hybrid)\n\nAbout us", "Junior Data Analyst", "Portland (hybrid)"),
    "labels": ("Acme Inc.\nTITLE:  Reader of Signs\nLOCATION:  Yerevan, Armenia\n", "Reader of Signs", "Yerevan, Armenia"),
    "labels of their own": ("Posting Title\nNurse\nLocation\nGolden, CO\n", "Nurse", "Golden, CO"),
    "whom it seeks": ("We make toys and are seeking a Senior Toy Designer to join us.\n", "Senior Toy Designer", None),
    "neither": ("We are a team of kind people.\nOur manager is nice.\nReports to: Sales Manager\nRead this, and Learn\n", None, None),
}


@pytest.mark.parametrize("name", STATED)
def test_title_and_place_are_those_stated(name: str) -> None:
    text, title, place = STATED[name]
    assert (stated.title(text), stated.place(text)) == (title, place)


def test_a_file_whose_writing_is_stopped_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "a.txt").write_text("old")
    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.txt", "new")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]
