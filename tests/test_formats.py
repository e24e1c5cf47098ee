"""Reports as Markdown, CSV, calendar, plain sentences and a page: all of it, in order, and harmless whatever the posting holds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, Run
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from credgap.report import markdown, shown

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin")
TODAY = ("--today", "2026-11-20")
PLAN = (*CATALOGUE, *TODAY, "--min-gain", "0.1", "--budget", "200")
POSTING = "Data Analyst\n\nRequirements\n- SQL\n- Tableau or Power BI\n- Communication\n\nNice to have\n- Python\n"
TEXTS = ("terminal", "plain", "html", "markdown", "csv", "json", "jsonl")
BAD = "=cmd|'/C calc'!A0<img src=x onerror=alert(1)></script><script>alert(1)</script>\x1b[31m\x9b31m\x1b]0;owned\x07"
BAD += "\u202e\u2067[x](javascript:1)"
HOSTILE = f"{BAD}\n\nRequirements\n- @SUM(1) SQL {BAD}\n- -1+1 SQL\n- \x1b[5mPython\x1b[0m {BAD}\n- <b onclick=alert(1)>Tableau</b>\n"
COMMANDS = {
    "plan": ("plan", *PLAN, "--allow-unknown"),
    "gap": ("gap", *CATALOGUE, *TODAY),
    "extract": ("extract", *CATALOGUE, *TODAY),
    "frontier": ("frontier", *PLAN),
    "why": ("why", "sql-course", *PLAN),
}
LISTS = ("terminal", "plain", "markdown", "csv", "json", "jsonl")
# A command beside those of one posting, with its own forms; {posting}, {people}, {profile} are hostile files.
OTHERS = {
    "demand": (("demand", "{posting}", "--by", BAD, "--repeats", "--have", "python", *PLAN), (*LISTS, "html")),
    "demand, unknown": (("demand", "{posting}", "--rows", "unknown", *PLAN), ("csv", "jsonl")),
    "demand, compared": (("demand", "{posting}", "--against", "{posting}", *PLAN), (*LISTS, "html")),
    "cohort": (("cohort", "{people}", "--goal", "data-analyst", *PLAN), (*LISTS, "html")),
    "batch": (("batch", "{posting}", "--carry", BAD, *PLAN), ("csv", "jsonl")),
    "letter": (("letter", "{one}", *PLAN), LISTS),
    "showcase": (("showcase", "sql-course", *CATALOGUE), LISTS),
    "goals": (("goals", *CATALOGUE), LISTS),
    "skills": (("skills", *CATALOGUE), LISTS),
    "skills, one": (("skills", "sql", *CATALOGUE), LISTS),
    "catalog list": (("catalog", "list", *CATALOGUE, *TODAY), LISTS),
    "catalog search": (("catalog", "search", "course", *CATALOGUE, *TODAY), LISTS),
    "catalog show": (("catalog", "show", "sql-course", *CATALOGUE, *TODAY), LISTS),
    "catalog stats": (("catalog", "stats", *CATALOGUE, *TODAY), LISTS),
    "catalog check": (("catalog", "check", "{catalogue}", "--no-builtin", *TODAY), LISTS),
    "profile show": (("profile", "show", "--profile", "{profile}", *CATALOGUE), LISTS),
    "config show": (("config", "show"), LISTS),
    "doctor": (("doctor", *TODAY), LISTS),
    "explore": (("explore", *PLAN), (*LISTS, "html")),
}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files in which every text that is free does what it can to be more than text."""
    folder = tmp_path_factory.mktemp("hostile")
    found = {
        name: folder / file
        for name, file in {
            "posting": "x.jsonl",
            "one": "=one.txt",
            "people": "people.jsonl",
            "catalogue": "bad.yaml",
            "profile": "=me.yaml",
        }.items()
    }
    records = [{"id": BAD, "title": f"{BAD}\r\nEND:VEVENT\r\nX-BAD:1", "text": HOSTILE}, {"id": "b", "title": BAD, "text": "We sell.\n"}]
    found["posting"].write_text("".join(json.dumps(r | {BAD: f"{BAD} {n}"}) + "\n" for n, r in enumerate([*records, *records])))
    found["one"].write_text(HOSTILE)
    people = [{"name": f"{BAD} {n}", "have": have} for n, have in enumerate(("python", "", "sql:1"))]
    found["people"].write_text("".join(json.dumps(p) + "\n" for p in people))
    bad = json.dumps(BAD).replace("'", "\\u0027")
    found["profile"].write_text(f"skills: [sql]\nmemberships: [{bad}]\neducation: [{{degree: bachelor, field: {bad}}}]\n")
    text = SMALL.read_text()
    for name in ("SQL Course", "Python Course", "School", "School Plus"):
        text = re.sub(rf"((?:name|issuer): ){name}(?=[,}}\n])", lambda m, n=name: m[1] + bad[:-1] + f" {n}" + '"', text)
    text = text.replace("name: SQL, category", f"name: {bad}, aliases: [SQL], category")
    text = text.replace("name: Data Analyst\n", f'name: {bad[:-1]} Data Analyst"\n')
    found["catalogue"].write_text(text)
    return found


def run_hostile(credgap: Cli, hostile: dict[str, Path], argv: tuple[str, ...], format: str) -> Run:
    named = {"{" + name + "}": str(path) for name, path in hostile.items()} | {str(SMALL): str(hostile["catalogue"])}
    return credgap(*(named.get(a, a) for a in argv), "--format", format)


def of_one(command: str) -> tuple[str, ...]:
    name, *options = COMMANDS[command]
    first = options[:1] if name == "why" else []
    return (name, *first, "{posting}", *options[len(first) :])


def nothing_acts(run: Run, format: str) -> None:
    for text in (run.out, run.err):
        assert not set(text) & set("\x1b\x9b\x07\x00\u202e\u2067\ufeff")
    {"html": html_is_safe, "csv": csv_is_safe, "markdown": markdown_is_safe}.get(format, lambda text: None)(run.out)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("format", TEXTS)
def test_every_command_speaks_every_format_and_nothing_in_a_posting_acts(
    command: str, format: str, credgap: Cli, hostile: dict[str, Path]
) -> None:
    run = run_hostile(credgap, hostile, of_one(command), format)
    assert run.code == 0, run.err
    assert "SQL Course" in run.out or command in ("extract", "gap")
    nothing_acts(run, format)


@pytest.mark.parametrize(("command", "format"), [(c, f) for c, (_, forms) in OTHERS.items() for f in forms])
def test_nothing_that_others_wrote_acts_in_any_other_result(
    command: str, format: str, credgap: Cli, hostile: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDGAP_BAD\x1b[31m", BAD)
    run = run_hostile(credgap, hostile, OTHERS[command][0], format)
    assert run.code == 3 * (command == "doctor"), run.err
    assert run.out.strip() or "unknown" in command
    nothing_acts(run, format)
    if format in ("json", "jsonl"):
        for document in [run.out] if format == "json" else run.out.splitlines():
            json.loads(document)


@pytest.mark.parametrize("format", ["html", "markdown", "plain", "terminal", "json"])
def test_nothing_acts_in_a_folder_of_reports(format: str, credgap: Cli, hostile: dict[str, Path], tmp_path: Path) -> None:
    argv = ("batch", "{posting}", "--output", str(tmp_path / "out"), *PLAN)
    run = run_hostile(credgap, hostile, argv, format)
    assert run.code == 0, run.err
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == 4 + (format == "html")
    for file in files:
        assert re.fullmatch(r"[\w.-]+", file.name)
        nothing_acts(Run(0, file.read_text(encoding="utf-8"), ""), format)


def html_is_safe(text: str) -> None:
    tree = LexborHTMLParser(text)
    assert len(tree.css("script")) == 1
    assert {n.tag for n in tree.root.traverse()} & {"img", "b", "iframe", "object", "form", "base"} == set() if tree.root else False
    for node in tree.css("*"):
        assert not [a for a in node.attributes if a.startswith("on") or a == "style"]
        for name in ("href", "src"):
            assert re.match(r"#|https://|[\w.-]+\.html$", node.attributes.get(name) or "#")


def csv_is_safe(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text)))
    assert len({len(r) for r in rows}) == 1
    for cell in (c for r in rows for part in r for c in part.split(";")):
        assert not cell.strip().startswith(("=", "+", "-", "@")) or re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)


def markdown_is_safe(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inner = [t for token in tokens for t in (token, *(token.children or ()))]
    inner = [t for t in inner if t.type != "code_inline" or not re.match(r"credgap [a-z -]+$", t.content)]  # commands to run
    assert not {t.type for t in inner} & {"html_block", "html_inline", "image", "code_block", "fence", "code_inline"}
    assert {str(t.attrs["href"]).split("/")[2] for t in inner if t.type == "link_open"} <= {"example.org"}


def test_a_posting_cannot_write_into_the_calendar(credgap: Cli, hostile: dict[str, Path]) -> None:
    icalendar = pytest.importorskip("icalendar", reason="the extra calendar is not installed")
    run = run_hostile(credgap, hostile, of_one("plan"), "ics")
    assert run.code == 0, run.err
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", run.out)
    assert {c.name for c in icalendar.Calendar.from_ical(run.out).walk()} == {"VCALENDAR", "VEVENT"}
    names = {re.split("[:;]", x)[0] for x in run.out.replace("\r\n ", "").split("\r\n") if x}
    assert "X-BAD" not in names
    assert "END:VEVENT" in run.out


def test_a_calendar_has_an_event_for_each_step_payment_and_renewal(credgap: Cli, tmp_path: Path) -> None:
    icalendar = pytest.importorskip("icalendar", reason="the extra calendar is not installed")
    catalogue, text = tmp_path / "c.yaml", POSTING + "- PMP\n"
    catalogue.write_text(SMALL.read_text().replace("months: 36", "months: 12"))
    ask = (
        "plan",
        "-",
        "--catalog",
        catalogue,
        "--no-builtin",
        "--min-gain",
        "0.1",
        "--max-credentials",
        "4",
        "--have",
        "research::4y",
        "--include",
        "pmp",
    )
    plan = json.loads(credgap(*ask, *TODAY, "--format", "json", stdin=text).out)["plan"]
    first, later = (credgap(*ask, "--today", day, "--format", "ics", stdin=text) for day in ("2026-11-20", "2026-12-01"))
    assert first.code == 0, first.err
    assert all(len(x.encode()) <= 75 for x in first.out.split("\r\n"))
    events = icalendar.Calendar.from_ical(first.out).walk("VEVENT")
    assert len(events) == len(plan["steps"]) + len(plan["payments"]) + len(plan["renewals"])
    assert plan["renewals"]
    spans = {str(e["summary"]): (e.decoded("dtstart").isoformat(), (e.decoded("dtend")).isoformat()) for e in events}
    for step in plan["steps"]:
        start, end = spans[f"Study: {step['name']}"]
        assert start == step["start"]
        assert end > step["end"]
    again = icalendar.Calendar.from_ical(later.out).walk("VEVENT")
    assert {str(e["uid"]) for e in events} == {str(e["uid"]) for e in again}
    assert len({str(e["uid"]) for e in events}) == len(events)
    assert all(b["sequence"] > a["sequence"] for a, b in zip(events, again, strict=True))
    assert {e.decoded("dtstamp").date().isoformat() for e in events} == {"2026-11-20"}


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("gap", "-", "--format", "ics"), 2, "plan"),
        (("explore", "--format", "ics"), 2, "plan"),
        (("plan", "-", "--format", "json", "--plain"), 2, "--plain"),
        (("plan", "-", "--format", "ics", "--have", "sql,tableau,python"), 4, "calendar"),
    ],
)
def test_what_cannot_be_shown_so_is_said(argv: tuple[str, ...], code: int, said: str, credgap: Cli) -> None:
    run = credgap(*argv, *CATALOGUE, stdin=POSTING)
    assert (run.code, run.out) == (code, ""), run.err
    assert said in run.err


def test_plain_is_sentences_and_lists_in_reading_order(credgap: Cli) -> None:
    run = credgap("plan", "-", *PLAN, "--plain", stdin=POSTING)
    assert run.out == credgap("plan", "-", *PLAN, "--format", "plain", stdin=POSTING).out
    order = [
        "Verdict: Study, then apply",
        "Fit now: at 0%",
        "Take these, in this order",
        "Step 1: from",
        "In all",
        "What to do next",
        "1. Say what you have",
    ]
    order += ["About the plan", "The gap", "Missing", "Single credentials", "How to show", "Take care"]
    assert order == sorted(order, key=run.out.index)
    assert not re.search(r"\|  |###|\.\.\.\.|->|  +\S", run.out)
    assert re.search(r"^- SQL: now 0%; after \d+%; the posting says “SQL” \(line 4\)\.$", run.out, re.M)


def test_rows_for_all_postings_and_one_for_each_without_an_answer(credgap: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(POSTING)
    (tmp_path / "b.txt").write_text("We sell shoes.\n")
    (tmp_path / "c.txt").write_text(POSTING)
    for command in ("plan", "gap", "extract"):
        rows = list(csv.DictReader(io.StringIO(credgap(command, tmp_path, *CATALOGUE, *TODAY, "--format", "csv").out)))
        assert list(dict.fromkeys(r["id"] for r in rows)) == ["a", "b", "c"]
        assert [bool(r["error"]) for r in rows if r["id"] == "b"] == [command != "extract"]


def test_a_plan_in_csv_carries_its_steps(credgap: Cli) -> None:
    rows = list(csv.DictReader(io.StringIO(credgap("plan", "-", *PLAN, "--format", "csv", stdin=POSTING).out)))
    plan = json.loads(credgap("plan", "-", *PLAN, "--format", "json", stdin=POSTING).out)["plan"]
    for key in ("credential", "start", "end"):
        assert [r[key] for r in rows] == [s[key] for s in plan["steps"]]
    assert {float(r["plan_net"]) for r in rows} == {plan["cost"]["net"]}


@pytest.mark.parametrize("format", ["plain", "html", "markdown", "csv"])
def test_roles_in_every_format(format: str, credgap: Cli) -> None:
    run = credgap("explore", *CATALOGUE, *TODAY, "--have", "sql", "--format", format)
    assert run.code == 0, run.err
    assert "Data Analyst" in run.out
    assert "Registered Nurse" in run.out


ANY = st.text(st.characters(codec=None), max_size=60) | st.lists(
    st.sampled_from([*"=+-@;\t\r\n|<>`*_[]()#!\\&~$.1 ", "\x1b[31m", "\x9b", "\u202e", "\ud800", "http://x", "<b>", "a"]), max_size=20
).map("".join)


@given(ANY)
def test_shown_text_only_reads(text: str) -> None:
    once = shown.shown(text)
    assert shown.shown(once) == once
    once.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", once)
    assert not re.search(r"(^|;)\s*[=+\-@]", shown.cell(text))


@given(ANY)
def test_escaped_json_reads_back_as_the_same(text: str) -> None:
    document = shown.escaped(json.dumps({"a": text}, ensure_ascii=False, indent=1))
    document.encode("utf-8")
    assert json.loads(document) == {"a": text}


@given(ANY)
def test_markdown_shows_text_as_it_is(text: str) -> None:
    reader = MarkdownIt("commonmark").enable("table")
    read = reader.parse(f"- {markdown.plain(text, first=True) or 'x'}")
    assert {t.type for t in read} <= {"bullet_list_open", "list_item_open", "paragraph_open", "inline"} | {
        "paragraph_close",
        "list_item_close",
        "bullet_list_close",
    }
    inline = next(t for t in read if t.type == "inline")
    assert {t.type for t in inline.children or ()} <= {"text", "text_special"}
    assert "".join(t.content for t in inline.children or ()) == (shown.line(text) or "x")
