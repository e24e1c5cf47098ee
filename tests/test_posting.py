"""Reading postings: text, bytes and files; every character traced to the text as given; lines and their sections."""

# ruff: noqa: RUF001  (odd characters are what is tested)

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credgap import posting
from credgap.errors import PostingError
from credgap.models import Posting

PIECES = [
    "Python",
    " ",
    "\n",
    "<b>",
    "</b>",
    "<p>",
    "<li>",
    "&amp;",
    "&nbsp;",
    "\u200b",
    "\u00a0",
    "\t",
    "’",
    "ﬁ",
    "𝗣𝘆",
    "â€™",
    "\r\n",
    "İ",
    "\ud800",
    "C++",
    ": ",
    ". Strong",
    "Requirements",
]
odd_text = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=40).map("".join)


def read(text: str) -> Posting:
    return posting.read(text, id="p", source="test")


def roles(text: str) -> dict[str, str]:
    """The role of each line that is no heading."""
    p = read(text)
    return {p.clean[x.start : x.end].strip(" •*-"): x.role for x in p.lines if not x.heading and p.clean[x.start : x.end].strip()}


@given(odd_text)
def test_every_character_stands_somewhere_in_the_given_text_and_in_order(text: str) -> None:
    """Lines partition the clean text; places never go back and never leave the text; plain letters stand where they are said to."""
    if not text.strip():
        return
    p = read(text)
    places = [p.place(i) for i in range(len(p.clean))]
    assert places == sorted(places)
    assert all(0 <= x < len(text) for x in places)
    assert "\n".join(p.clean[x.start : x.end] for x in p.lines) == p.clean
    assert all(c in unicodedata.normalize("NFKC", text[x]) for x, c in zip(places, p.clean, strict=True) if c in "Pytho")


@given(odd_text)
def test_a_line_has_the_number_it_has_in_the_given_text(text: str) -> None:
    """Counted by line feeds, as an editor shows it, however much was cleaned away before."""
    if not text.strip():
        return
    p = read(text)
    for line in p.lines:
        if line.end > line.start and p.clean[line.start] not in "\n":
            assert line.number == text.count("\n", 0, p.place(line.start)) + 1


@pytest.mark.parametrize(
    ("given_text", "clean"),
    [
        ("<p>R&amp;D in <b>Java</b>Script</p>", "R&D in JavaScript"),
        ("&lt;p&gt;We use &lt;b&gt;SQL&lt;/b&gt; here.&lt;/p&gt;", "We use SQL here."),
        ("<style>p {color: red}</style><p>Excel</p><script>var python = 1</script>", "Excel"),
        ("Microsoft\u00a0Excel\u200b and\tWord", "Microsoft Excel and Word"),
        ("driverâ€™s licence, driver‚Äôs", "driver's licence, driver's"),
        ("certiﬁed 𝗣𝘆𝘁𝗵𝗼𝗻", "certified Python"),
        ("Use of a < b and C++ > C", "Use of a < b and C++ > C"),
    ],
)
def test_cleaning(given_text: str, clean: str) -> None:
    """Tags, entities, mojibake, odd blanks and letters are read as a person reads them."""
    assert read(given_text).clean.replace("\n", "").strip() == clean


def test_lines_that_were_cleaned_away_still_count() -> None:
    p = read("<p>a</p><script>\n\n\n</script><p>SQL</p>")
    assert [x.number for x in p.lines if p.clean[x.start : x.end] == "SQL"] == [4]


def test_list_items_glued_together_are_cut_apart_and_brand_names_are_not() -> None:
    p = read("Strong SQL skillsExperience with PowerPointAbility to travel (10%)Must know JavaScript.Valid licence")
    assert [p.clean[x.start : x.end] for x in p.lines] == [
        "Strong SQL skills",
        "Experience with PowerPoint",
        "Ability to travel (10%)",
        "Must know JavaScript.",
        "Valid licence",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Windows, SQLIf you know both, read on!", ["Windows, SQL", "If you know both, read on!"]),
        ("Licensed plumber5 years of work", ["Licensed plumber", "5 years of work"]),
        ("Uses SQLite and HTML5 for 1.5 years", ["Uses SQLite and HTML5 for 1.5 years"]),
        (
            "Bachelor's Degree in law or in something near it, with time spent on the shop floor, in the yard, on the road, at the "
            "desk, in the archive, in the cellar and under the roof, always with people, often with paper, sometimes with both of "
            "them at once, never alone in the dark of the night OR equivalent experience",
            [],
        ),
    ],
)
def test_short_names_years_and_degrees_at_the_joints(text: str, lines: list[str]) -> None:
    p = read(text)
    assert [p.clean[x.start : x.end] for x in p.lines] == (lines or [text])


SECTIONS = [
    ("## What You'll Do\n- Build reports\n\n## Who you are\n- Knows SQL", {"Build reports": "duties", "Knows SQL": "required"}),
    ("KEY RESPONSIBILITIES\nBuild reports\nQUALIFICATIONS\nKnows SQL", {"Build reports": "duties", "Knows SQL": "required"}),
    (
        "<b>Requirements:</b><ul><li>Knows SQL</li></ul><b>Nice to have</b><ul><li>Knows R</li></ul>",
        {"Knows SQL": "required", "Knows R": "preferred"},
    ),
    ("Responsibilities: build reports\nPreferred qualifications: knows R", {"build reports": "duties", "knows R": "preferred"}),
    (
        "Required/Minimum Qualifications\nKnows SQL\nAdditional or Preferred Qualifications\nKnows R",
        {"Knows SQL": "required", "Knows R": "preferred"},
    ),
    (
        "Strong candidates may also have:\nWorked with R\nWhat we offer\nFree Excel classes",
        {"Worked with R": "preferred", "Free Excel classes": "benefits"},
    ),
    ("Requirements\nKnows SQL\nTechnical skills:\nKnows R", {"Knows SQL": "required", "Knows R": "required"}),
    ("Nice to have\nExperience with the following:\nTableau", {"Tableau": "preferred"}),
    ("About Acme\nWe sell SQL\nThe role\nYou write SQL", {"We sell SQL": "company", "You write SQL": "duties"}),
    ("Duties\nLocation: Leeds\nWrite SQL", {"Leeds": "legal", "Write SQL": "duties"}),
    ("Duties\nLOCATION - LEEDS\nWrite SQL", {"Write SQL": "duties"}),
    ("About us\nWe sell SQL\nBackground in two of the following areas:\nR", {"We sell SQL": "company", "R": "required"}),
    ("About us\nWe sell SQL\nThe Role - What you will do\nWrite R", {"We sell SQL": "company", "Write R": "duties"}),
    ("Requirements\nKnows SQL\nIn this role you'll get to:\nWrite R", {"Knows SQL": "required", "Write R": "duties"}),
    ("About us\nWe sell SQL\nGood to have...\nKnows R", {"We sell SQL": "company", "Knows R": "preferred"}),
    (
        "Pay: $20 an hour Schedule: Monday to Friday Experience: SQL: 1 year Preferred Skills: R",
        {"Pay: $20 an hour": "other", "Monday to Friday": "legal", "SQL: 1 year": "required", "R": "preferred"},
    ),
    (
        "Requirements\nKnows SQL\nWe are an equal opportunity employer.\nDental, vision and health insurance",
        {"Knows SQL": "required", "We are an equal opportunity employer.": "legal", "Dental, vision and health insurance": "benefits"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), SECTIONS, ids=[s[0][:30] for s in SECTIONS])
def test_sections(text: str, expected: dict[str, str]) -> None:
    """Headings of every style open the section they name; legal text and benefits are known by their own words."""
    assert roles(text) == expected


def test_a_posting_on_one_line_has_sections_too() -> None:
    text = (
        "We make maps for cities all over the world and have done so for a long time, with care and with "
        "joy. Responsibilities: Draw maps every day. Keep them up to date. "
        "Requirements: Knows SQL well. Reads plans. Preferred Qualifications: Knows R. Benefits: Free lunch "
        "every single day of the week for everybody."
    )
    found = roles(text)
    assert (found["Draw maps every day."], found["Knows SQL well."], found["Knows R."]) == ("duties", "required", "preferred")
    assert found["Free lunch every single day of the week for everybody."] == "benefits"
    assert {x.number for x in read(text).lines} == {1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"a\x00b\x00c", "binary"),
        (bytes(range(1, 9)) * 20, "binary"),
        (b" \n\t ", "empty"),
    ],
)
def test_what_is_no_text_is_refused_with_a_way_out(data: bytes, said: str) -> None:
    with pytest.raises(PostingError, match=said) as error:
        posting.decode(data, source="job.pdf")
    assert error.value.hint
    assert "job.pdf" in error.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert posting.decode("Résumé – C++".encode(encoding), source="x") == "Résumé – C++"


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(PostingError):
        read(" \n ")


def test_a_folder_is_read_in_the_order_of_names_and_an_empty_one_names_the_endings(tmp_path: Path) -> None:
    with pytest.raises(PostingError) as error:
        posting.load(tmp_path)
    assert str(tmp_path) in error.value.message
    assert ".jsonl" in (error.value.hint or "")
    (tmp_path / "b.md").write_text("SQL")
    (tmp_path / "a.txt").write_text("R")
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": 7, "text": "Go", "title": "Clerk", "more": 1}) + "\n\n")
    (tmp_path / "d.png").write_bytes(b"\x89PNG")
    assert [(p.id, p.text, p.title) for p in posting.load(tmp_path)] == [("a", "R", None), ("b", "SQL", None), ("7", "Go", "Clerk")]


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": "a"}', '{"id": "a", "text": 3}', '{"id": "a", "text": " "}'])
def test_a_bad_record_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text('{"id": "ok", "text": "SQL"}\n' + line + "\n")
    with pytest.raises(PostingError, match=r"many\.jsonl, line 2"):
        posting.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostingError, match="no such file") as error:
        posting.load(tmp_path / "none.txt")
    assert error.value.hint
