# ruff: noqa: RUF001  (odd characters are the matter of these tests)
"""Texts that are no posting, several, or not in English; what a posting states of pay and closing date; pages and records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from credgap import posting, screening, stated

SHARED = Path(__file__).parents[2] / "shared" / "data"

NO_POSTING = {
    "captcha": ("Checking your browser before you continue. Please enable JavaScript and cookies. Ray ID: 7f3a", "captcha"),
    "human": ("One more step\nVerify you are human by completing the action below.", "captcha"),
    "gone": ("Sorry, this job is no longer available. See our other openings.", "gone"),
    "404": ("404\nPage not found. The page you requested does not exist.", "gone"),
    "cookies": ("We use cookies. By your consent we and third parties store cookies. See our privacy policy.", "cookies"),
    "sign-in": ("Sign in\nUsername\nPassword\nForgot your password?\nCreate an account", "sign-in"),
    "award": (
        "Call for nominations: the Rowan Prize\nThe award honours a young statistician. Nominees need three letters of support."
        " The prize comes with an award of 5,000 euro. Nominations close in May; submissions by e-mail.",
        "award",
    ),
    "mash": ("sdfkjhsdf", "read"),
}


@pytest.mark.parametrize(("text", "word"), NO_POSTING.values(), ids=NO_POSTING)
def test_a_page_that_is_no_posting_is_refused_by_its_kind(text: str, word: str, credgap: Callable[..., Run]) -> None:
    run = credgap("plan", "--no-input", "--have", "sql", "-", stdin=text)
    assert run.code == 6
    assert run.out == ""
    assert word in run.err
    assert "copy" in run.err


REAL = {
    "closed banner over a posting": "No longer accepting applications\nData analyst\nRequirements\n- SQL and Excel\n- Two"
    " years of experience with Tableau\n"
    "Responsibilities\n- Build reports for the sales team",
    "privacy officer": "Privacy officer wanted. You will own our privacy policy, cookies and consent, and answer data subjects."
    " Requirements: experience with GDPR, knowledge of third-party risk. Full-time.",
    "award-winning": "Award-winning agency seeks a copywriter. Responsibilities: write ads that win awards. Skills: SEO,"
    " WordPress. Salary $50,000.",
    "terse": "Python developer, SQL, AWS. 3 years.",
}


@pytest.mark.parametrize("text", REAL.values(), ids=REAL)
def test_a_posting_is_never_refused_for_a_word(text: str) -> None:
    assert screening.unfit(posting.read(text, id="p", source="p")) is None


def test_several_postings_in_one_text_are_said_with_their_lines() -> None:
    one = "Title: {0}\nLocation: Leeds\nRequirements\n- {1}\nHow to apply: by e-mail\n\n"
    text = "".join(one.format(t, s) for t, s in (("Clerk", "Excel"), ("Nurse", "RN license"), ("Welder", "MIG welding")))
    p = posting.read(text, id="p", source="p")
    assert screening.starts(p) == (1, 7, 13)
    assert "folder" in screening.warnings(p, None)[0]
    assert screening.starts(posting.read(one.format("Clerk", "Excel"), id="p", source="p")) == ()


LANGUAGES = {
    "German": "Wir suchen für unser Team in Köln eine Fachkraft, die mit SAP und Excel arbeitet. Du hast eine Ausbildung und"
    " die Bereitschaft,"
    " dich in neue Themen einzuarbeiten, und bist offen für das Gespräch mit unseren Kunden.",
    "French": "Nous recherchons pour notre équipe une personne qui maîtrise Excel et SAP. Vous avez une formation dans le"
    " domaine et vous aimez"
    " travailler avec les clients dans un environnement international et nous vous offrons un poste.",
    "Japanese": "営業事務の募集です。Excel と SAP を使った経験のある方を歓迎します。チームで働くことが好きな方をお待ちしています。",
    None: "We are looking for a clerk for our team in Leeds who works with SAP and Excel and likes to talk to the people who buy from us.",
}


@pytest.mark.parametrize(("language", "text"), LANGUAGES.items(), ids=map(str, LANGUAGES))
def test_another_language_is_said_and_tools_are_found_all_the_same(language: str | None, text: str, credgap: Callable[..., Run]) -> None:
    other = screening.other_language(posting.read(text, id="p", source="p"))
    assert (other[0] if other else None) == language
    body = json.loads(credgap("extract", "--no-input", "--format", "json", "-", stdin=text).out)
    assert {"excel", "sap"} <= {r["skill"].split("-")[-1] for r in body["requirements"]}
    assert bool(body["warnings"]) == (language is not None)


PAY = {
    "Pay: $35.00 per hour": (35, 35, "USD", "hour"),
    "The salary range is $85,225 - $135,355 a year.": (85225, 135355, "USD", "year"),
    "Annual salary of $80k-115k USD": (80000, 115000, "USD", "year"),
    "Salary: £60,000 p.a.": (60000, 60000, "GBP", "year"),
    "Compensation range: €70.000": (70000, 70000, "EUR", None),
    "Salary 37,000-42,000 PHP per month": (37000, 42000, "PHP", "month"),
    "$2,514 to $5,142 a month": (2514, 5142, "USD", "month"),
    "Hiring salary range: $50,000 - 55,000.": (50000, 55000, "USD", None),
    "You own a budget of $500,000 a year.": None,
    "Sign-on bonus of $5,000": None,
    "We raised $20 million": None,
    "A $500 stipend for books": None,
}


@pytest.mark.parametrize(("text", "expected"), PAY.items(), ids=PAY)
def test_pay_is_read_where_it_is_pay(text: str, expected: tuple[float, float, str, str | None] | None) -> None:
    found = stated.pay(text)
    assert (found and (found.low, found.high, found.currency, found.period)) == expected


CLOSES = {
    "Closing date: 27 March 2026": dt.date(2026, 3, 27),
    "Application deadline:\n2026-05-01": dt.date(2026, 5, 1),
    "Apply by March 3rd, 2026": dt.date(2026, 3, 3),
    "Closing Date: 4/19/2026": dt.date(2026, 4, 19),
    "Opened 01/31/2026. Closing date: 2/8/2026": dt.date(2026, 2, 8),
    "Closing date: 4/3/2026": "4/3/2026",
    "Apply by 27 March": "27 march",
    "You meet tight deadlines, 12 May 2026 included": None,
    "Open until filled": None,
}


@pytest.mark.parametrize(("text", "expected"), CLOSES.items(), ids=CLOSES)
def test_a_closing_date_is_read_and_never_guessed(text: str, expected: dt.date | str | None) -> None:
    found = stated.closing(text)
    if isinstance(expected, str):
        assert found is not None
        assert found.date is None
        assert text.lower()[found.start : found.end] == expected
    else:
        assert (found and found.date) == expected


def test_a_posting_that_is_closed_says_so_first(credgap: Callable[..., Run]) -> None:
    text = "Data analyst\nRequirements: SQL and Excel\nPay: $30 to $35 an hour\nClosing date: 1 March 2026\n"
    run = credgap("extract", "--no-input", "--today", "2026-03-02", "-", stdin=text)
    assert "Pay stated: $30 to $35 an hour (line 3); Apply by 2026-03-01 (line 4)" in run.out
    assert "Applications closed on 2026-03-01" in run.out
    assert "closed on" not in credgap("extract", "--no-input", "--today", "2026-03-01", "-", stdin=text).out


# --- Pages and records ------------------------------------------------------------------------------------------

PAGES = {
    "tags": ("<p>We need <b>SQL</b></p><ul><li>Excel</li></ul>", "We need SQL"),
    "escaped": ("&lt;p&gt;We need SQL &amp;amp; Excel&lt;/p&gt;&lt;p&gt;Now&lt;/p&gt;", "We need SQL & Excel"),
    "menus": ("<html><body><nav>Python jobs</nav><main><p>We need SQL</p></main><footer>Java</footer></body></html>", "We need SQL"),
    "attribute with a sign": ('<p><a title="a > b">We need</a> SQL</p><p>x</p>', "We need SQL"),
    "smaller than": ("<p>We need <3 years of SQL</p><p>x</p>", "We need <3 years of SQL"),
    "open tags": ("<div><p>We need SQL<p>Excel<div>", "We need SQL"),
    "record": ('{"id": 7, "title": "Analyst", "description": "<p>We need SQL<\\/p><p>Excel &amp; R</p>"}', "Excel & R"),
    "job posting": (
        '<html><head><script type="application/ld+json">{"@type": "JobPosting", // note\n"title": "Analyst", "description":'
        ' "&lt;p&gt;We need SQL&lt;/p&gt;&lt;p&gt;Excel&lt;/p&gt;"}</script></head><body><p>Sign in</p></body></html>',
        "We need SQL",
    ),
}


@pytest.mark.parametrize(("text", "line"), PAGES.values(), ids=PAGES)
def test_pages_and_records_are_read_and_every_word_is_traced(text: str, line: str) -> None:
    p = posting.read(text, id="p", source="p")
    lines = [p.clean[x.start : x.end].strip(" •#") for x in p.lines]
    assert line in lines
    assert not {"Python jobs", "Java", "Sign in"} & set(lines)
    at = p.clean.index("SQL")
    assert text[p.place(at) : p.place(at) + 3] == "SQL"


MOJIBAKE = {
    "We donâ€™t need SQL": "We don't need SQL",
    "We don‚Äôt need‚ÄØSQL": "We don't need SQL",
    "RÃ©sumÃ© and SQL": "Résumé and SQL",
    "Résumé – and SQL": "Résumé - and SQL",
}


@pytest.mark.parametrize(("text", "clean"), MOJIBAKE.items())
def test_mojibake_is_mended_and_good_text_left_alone(text: str, clean: str) -> None:
    p = posting.read(text, id="p", source="p")
    assert p.clean == clean
    assert text[p.place(p.clean.index("SQL")) :][:3] == "SQL"


def test_tables_and_unfinished_merges_are_refused_with_the_way_out(tmp_path: Path, credgap: Callable[..., Run]) -> None:
    (tmp_path / "jobs.csv").write_text("title,company\nAnalyst,Rowan\n")
    (tmp_path / "merge.txt").write_text("We need SQL\n<<<<<<< HEAD\nand Excel\n=======\nand R\n>>>>>>> other\n")
    table, merge = credgap("extract", tmp_path / "jobs.csv"), credgap("extract", tmp_path / "merge.txt")
    assert (table.code, merge.code) == (3, 3)
    assert ".jsonl" in table.err
    assert "line 2" in merge.err


# What each odd file must come to: a skill that is found, a word of the refusal, or a word of the warning.
AWKWARD = {
    "01_full_linkedin_page.html": ("finds", "Machine learning"),
    "03_entity_escaped_html.txt": ("finds", "Machine learning"),
    "05_mojibake_macroman.txt": ("finds", "Cardiology"),
    "07_one_line_sections_run_together.txt": ("finds", "Adobe Photoshop"),
    "09_odd_bullets.txt": ("finds", "Statistics"),
    "11_emoji.txt": ("finds", "APIs"),
    "13_very_long_ats_page.txt": ("warns", "several|postings"),
    "15_all_caps.txt": ("finds", "SQL"),
    "17_almost_empty_keyboard_mash.txt": (6, "no text"),
    "19_spreadsheet_error.txt": (6, "no text"),
    "21_cookie_banner_only.txt": (6, "cookies"),
    "23_expired_page.txt": (6, "gone"),
    "25_pdf_text_tabs_for_spaces.txt": ("finds", "Quality control"),
    "27_mixed_english_german.md": ("warns", "German"),
    "29_japanese.txt": ("warns", "Japanese"),
    "31_lower_cased.txt": ("finds", "Python"),
    "33_many_jobs_in_one_file.md": ("warns", "postings"),
    "35_csv_with_merge_conflict.csv": (3, "table"),
    "37_pdf_file.pdf": (3, "PDF"),
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
@pytest.mark.parametrize(("name", "expected"), AWKWARD.items(), ids=AWKWARD)
def test_odd_files_are_read_right_or_refused(name: str, expected: tuple[object, str], credgap: Callable[..., Run]) -> None:
    run = credgap("extract", "--today", "2024-01-01", "--format", "json", SHARED / "postings" / "awkward" / name)
    what, word = expected
    if isinstance(what, int):
        assert (run.code, run.out) == (what, "")
        assert word in run.err
        return
    body = json.loads(run.out)
    names, warned = {r["name"] for r in body["requirements"]}, " ".join(body["warnings"])
    assert (word in names and not warned) if what == "finds" else any(w in warned for w in word.split("|"))
