"""The page: it needs nothing else, works by keyboard, on a phone and in the dark, and every colour can be read."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.util
import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SMALL, Run
from selectolax.lexbor import LexborHTMLParser

from credgap import batch, results
from credgap.errors import CredgapError
from credgap.report import crowdpage, html

Cli = Callable[..., Run]
CATALOGUE = ("--catalog", str(SMALL), "--no-builtin", "--today", "2026-11-20")
POSTING = "Data Analyst\n\nRequirements\n- 2+ years of SQL &amp; reporting\n- Tableau or Power BI\n\nNice to have\n- Python\n"
EXAMPLE = Path(__file__).parents[1] / "examples" / "data-analyst.txt"
TEMPLATES = Path(html.__file__).parent / "templates"
STYLE = (TEMPLATES / "style.css").read_text(encoding="utf-8")

# --- What can be seen without a browser --------------------------------------------------------------


@pytest.fixture(scope="session")
def palettes() -> dict[str, dict[str, str]]:
    light, dark = (dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL))
    assert light.keys() == dark.keys()
    return {"light": light, "dark": dark}


TEXT = ("ink", "dim", "link", "good", "warn", "bad")
MARKS = ("required", "preferred", "context", "gate", "fact", "unknown")
PAIRS = [
    *((t, s, 4.5) for t in TEXT for s in ("page", "card")),
    *(("ink", m, 4.5) for m in MARKS),
    *((g, s, 3.0) for g in ("held", "mark", "pay", "rule") for s in ("page", "card")),
    *((a, b, 3.0) for a, b in (("gain", "bed"), ("held", "gain"), ("held", "bed"), ("mark", "bed"), ("gain", "card"))),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_told_apart(scheme: str, palettes: dict[str, dict[str, str]]) -> None:
    palette = palettes[scheme]
    poor = {(a, b): round(c, 2) for a, b, least in PAIRS if (c := contrast(palette[a], palette[b])) < least}
    assert not poor


def test_no_colour_stands_outside_the_palette() -> None:
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b", rules)
    used = set(re.findall(r"(?<![-\w])(?:color|fill): var\(--([a-z]+)\)", rules))
    backgrounds = set(re.findall(r"background: var\(--([a-z]+)\)", rules))
    known = {c for a, b, _ in PAIRS for c in (a, b)}
    assert used | backgrounds <= known


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def page(credgap: Cli, *argv: str | Path, stdin: str = POSTING) -> LexborHTMLParser:
    run = credgap(*argv, *CATALOGUE, "--format", "html", stdin=stdin)
    assert run.code == 0, run.err
    assert len(run.out.encode()) < 1_500_000
    return LexborHTMLParser(run.out)


def test_the_policy_lets_run_this_style_and_this_script_alone(credgap: Cli) -> None:
    tree = page(credgap, "plan", "-", "--min-gain", "0.1")
    (meta,) = tree.css('meta[http-equiv="Content-Security-Policy"]')
    policy = meta.attributes["content"] or ""
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        (node,) = tree.css(name)
        digest = base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}';" in policy
    assert not tree.css("[style], [src], link, img, iframe, object, embed, form")


TEAM = "name,have,budget\nAnn,sql:3,\nBo,,50\nCy,python,\n"
POSTINGS = [
    {"id": f"p{n}", "field": f"f{n % 2}", "text": POSTING if n % 3 else "- Python\n- PostgreSQL\n- PMP required\n"} for n in range(12)
]
MANY = {
    "demand": ("demand", "postings.jsonl", "--by", "field", "--against", "postings.jsonl"),
    "cohort": ("cohort", "team.csv", "--goal", "data-analyst", "--min-gain", "0.1", "--budget", "250"),
    "index": ("batch", "postings.jsonl", "--min-gain", "0.1", "--output", "site"),
}


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, which is the current one, with postings and a team."""
    (tmp_path / "postings.jsonl").write_text("".join(json.dumps(p) + "\n" for p in [*POSTINGS, {"id": "none", "text": "We sell shoes.\n"}]))
    (tmp_path / "team.csv").write_text(TEAM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tree_of(name: str, credgap: Cli, many: Path) -> LexborHTMLParser:
    run = credgap(*MANY[name], *CATALOGUE, "--format", "html")
    assert run.code == 0, run.err
    return LexborHTMLParser((many / "site" / "index.html").read_text() if name == "index" else run.out)


@pytest.mark.parametrize("argv", [("plan", "-", "--min-gain", "0.1"), ("gap", "-"), ("extract", "-"), ("frontier", "-")])
def test_headings_and_tables_are_marked_up_in_order(argv: tuple[str, ...], credgap: Cli) -> None:
    in_order(page(credgap, *argv))


@pytest.mark.parametrize("name", MANY)
def test_so_they_are_on_the_pages_about_many(name: str, credgap: Cli, many: Path) -> None:
    tree = tree_of(name, credgap, many)
    in_order(tree)
    assert len(tree.css("script")) == len(tree.css("style")) == 1
    assert not tree.css("[style], [src], link, img, iframe, object, embed, form")


def in_order(tree: LexborHTMLParser) -> None:
    levels = [int(n.tag[1]) for n in tree.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    assert tree.css("table")
    for table in tree.css("table"):
        assert table.css_first("caption") is not None
        assert all(th.attributes.get("scope") in ("col", "row") for th in table.css("th"))
        widths = {len(r.css("th, td")) for r in table.css("tr")}
        assert len(widths) == 1
    ids = [n.attributes["id"] for n in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {(a.attributes["href"] or "")[1:] for a in tree.css('a[href^="#"]')} <= set(ids)
    for svg in tree.css("svg"):
        inner = svg.parent is not None and svg.parent.tag == "svg"
        assert inner or svg.attributes.get("aria-hidden") == "true" or svg.attributes.get("aria-label")


def test_the_evidence_marks_the_words_of_the_posting(credgap: Cli) -> None:
    tree = page(credgap, "plan", "-", "--min-gain", "0.1")
    for spoken in tree.css("mark .spoken"):
        spoken.decompose()
    marked = [(m.text(), m.attributes["class"]) for m in tree.css(".lines mark") if m.attributes["class"] in ("required", "preferred")]
    assert marked == [("SQL", "required"), ("Tableau", "required"), ("Power BI", "required"), ("Python", "preferred")]
    lines = {n.attributes.get("value"): n.text() for n in tree.css(".lines li")}
    assert lines["4"] == "- 2+ years of SQL & reporting"
    to_sql = next(r.css_first(".where a") for r in tree.css("#gap ~ .scroll tr") if r.css_first("th") and r.css_first("th").text() == "SQL")
    assert to_sql is not None
    assert tree.css_first(f'mark[id="{(to_sql.attributes["href"] or "")[1:]}"]').text() == "SQL"


def test_several_postings_make_one_page_with_an_index(credgap: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(POSTING)
    (tmp_path / "b.txt").write_text("We sell shoes.\n")
    tree = page(credgap, "plan", tmp_path, "--min-gain", "0.1")
    ids = {n.attributes["id"] for n in tree.css("[id]")}
    links = [(a.attributes["href"] or "")[1:] for a in tree.css("main table th a") if (a.attributes["href"] or "").startswith("#r")]
    assert len(links) == 2
    assert set(links) <= ids
    assert "no skill was recognised" in tree.css("article")[1].text()


def test_a_page_that_would_be_too_large_leaves_out_tails(credgap: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    record = json.dumps({"id": "a", "text": POSTING + "We are kind.\n" * 600})
    (tmp_path / "x.jsonl").write_text((record + "\n") * 3)
    monkeypatch.setattr(html, "MOST", 70_000)
    tree = page(credgap, "plan", tmp_path / "x.jsonl", "--min-gain", "0.1")
    assert len(tree.css("article")) == 3
    assert not tree.css(".lines")
    monkeypatch.setattr(html, "MOST", 30_000)
    tree = page(credgap, "plan", tmp_path / "x.jsonl", "--min-gain", "0.1")
    assert not tree.css("article")
    assert len(tree.css("main tbody tr")) == 3


def test_a_plan_has_the_chart_of_what_each_sum_buys(credgap: Cli) -> None:
    """Each point of the chart is a row of the table below it, at its place: rightmost and highest what costs and brings most."""
    tree = page(credgap, "plan", "-", "--min-gain", "0.1", "--budget", "40")
    section = next(s for s in tree.css("section") if s.css_first("#money"))
    rows = section.css("tbody tr")
    dots = [(float((d.attributes["cx"] or "")[:-1]), float((d.attributes["cy"] or "")[:-1])) for d in section.css("circle.dot")]
    costs = [float(r.css("td")[0].text().strip("$")) for r in rows]
    assert len(dots) == len(rows) > 1
    assert max(costs) > 40, "the chart stops at the budget"
    for (left, top), cost, row in zip(dots, costs, rows, strict=True):
        assert left == pytest.approx(100 * cost / (max(costs) * 1.08), abs=0.1)
        assert 100 - top == pytest.approx(float(row.css("td")[1].text().strip("%")), abs=0.6)
    assert {t.text() for t in section.css("svg text")} >= {"your budget", "enough to apply"}


def test_a_team_page_says_who_has_what_and_where_the_plans_lead(credgap: Cli, many: Path) -> None:
    tree = tree_of("cohort", credgap, many)
    matrix = tree.css_first("table.matrix")
    heads = [h.text() for h in matrix.css("thead th")]
    sql = next(r for r in matrix.css("tbody tr") if r.css_first("th").text() == "SQL")
    assert dict(zip(heads[3:], [c.text() for c in sql.css("td")][2:], strict=True)) == {"Ann": "has", "Bo": "no", "Cy": "plan"}
    assert any(s.css_first("svg circle.dot") is not None for s in tree.css("section")), "no chart of what other sums would buy"
    people = next(t for t in tree.css("table") if t.css_first("th").text() == "Person")
    takes = {r.css_first("th").text(): [a.attributes["href"] for a in r.css("a")] for r in people.css("tbody tr")}
    assert takes["Cy"] == ["https://example.org/sql"]


def test_a_demand_page_shows_how_near_the_postings_are_and_what_sets_lift(credgap: Cli, many: Path) -> None:
    tree = tree_of("demand", credgap, many)
    bars = next(s for s in tree.css("svg[role=img]") if len(s.css("rect.held")) == 10)
    assert sum(int(t.text()) for t in bars.css("text") if t.text().isdigit()) == int(tree.css_first(".figures dd").text())
    assert any(s.css("circle.dot") for s in tree.css("section"))


def test_every_row_of_a_batch_has_its_page_whatever_the_number_of_pages(credgap: Cli, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tree_of("index", credgap, many)
    monkeypatch.setattr(crowdpage, "MOST", crowdpage.ROOM_FOR_ALL_ELSE + 2_000)
    for file in (many / "site").iterdir():
        file.unlink()
    first = tree_of("index", credgap, many)
    parts = [a.attributes["href"] or "" for a in first.css("nav.pages a")]
    assert parts
    pages = [first, *(LexborHTMLParser((many / "site" / p).read_text()) for p in dict.fromkeys(parts))]
    links = [[a.attributes["href"] for p in those for a in p.css("tbody th a")] for those in ([whole], pages)]
    assert links[0] == links[1]
    assert len(links[0]) == 13
    for link in links[0]:
        row = LexborHTMLParser((many / "site" / (link or "")).read_text())
        assert [a.attributes["href"] for a in row.css("header a.home")] == ["index.html"]
    assert row.css_first("h2").text() == "No answer: nothing recognised"
    assert [m.text() for m in LexborHTMLParser((many / "site" / "000002-p1.html").read_text()).css(".lines mark.preferred")]


def test_a_batch_of_pages_that_was_stopped_goes_on_to_the_same_index(credgap: Cli, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree_of("index", credgap, many)
    texts = {f.name: f.read_text() for f in (many / "site").iterdir()}
    monkeypatch.setattr(batch, "ROWS", 4)
    shutil.rmtree(many / "site")
    add, calls = results.Folder.add, itertools.count()

    def stopped(self: results.Folder, rows: Any) -> None:
        if next(calls) == 2:
            raise CredgapError("the power is gone")
        add(self, rows)

    monkeypatch.setattr(results.Folder, "add", stopped)
    argv = (*MANY["index"], *CATALOGUE, "--format", "html")
    assert credgap(*argv).code != 0
    assert not (many / "site" / "index.html").exists()
    monkeypatch.setattr(results.Folder, "add", add)
    run = credgap(*argv, "--resume")
    assert "going on after row" in run.err
    assert {f.name: f.read_text() for f in (many / "site").iterdir()} == texts
    assert sorted(p.name for p in many.iterdir()) == ["postings.jsonl", "site", "team.csv"]


# --- What only a browser can see ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    chromium, driver = (shutil.which(x) for x in ("chromium", "chromedriver"))
    if chromium is None or driver is None:
        pytest.skip("there is no chromium with its driver here")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    yield started
    started.quit()


BAD = "<script>document.title='owned'</script> <img src=https://example.org/x onerror=alert(1)>"


@pytest.fixture(scope="module")
def pages(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages over the built-in catalogue, for postings and people that hold markup."""
    from credgap.cli import main

    folder = tmp_path_factory.mktemp("page")
    text = f"{EXAMPLE.read_text(encoding='utf-8')}\n- {BAD} R\n"
    (folder / "posting.txt").write_text(text, encoding="utf-8")
    skills = ("Python", "PostgreSQL", "PMP required", "Tableau or Power BI", "SQL, Python, pandas")
    records = [
        {"id": f"p{n}", "title": f"{BAD} {n}", "field": f"{BAD} {n % 3}", "text": f"Analyst\n\nRequirements\n- {skills[n % 5]}\n- SQL\n"}
        for n in range(24)
    ]
    (folder / "postings.jsonl").write_text("".join(json.dumps(r) + "\n" for r in [*records, {"id": "none", "text": "We sell shoes."}]))
    team = [{"name": f"<b onclick=alert(1)>{n}</b>", "have": ("sql:3", "python", "")[n % 3]} for n in range(6)]
    (folder / "team.jsonl").write_text("".join(json.dumps(p) + "\n" for p in team))
    out = ("--quiet", "--format", "html", "--output")
    large = ("--have", "excel:3", "--budget", "800", "--hours", "400", "--today", "2026-11-20", *out)
    little = (*CATALOGUE, "--hours", "400", *out)
    made = {
        "plan": ("plan", "posting.txt", *large, "plan.html"),
        "frontier": ("frontier", "posting.txt", *large, "frontier.html"),
        "demand": ("demand", "postings.jsonl", "--by", "field", "--fit", "0.4", *little, "demand.html"),
        "cohort": ("cohort", "team.jsonl", "--goal", "data-analyst", "--min-gain", "0.1", *little, "cohort.html"),
        "index": ("batch", "postings.jsonl", "--min-gain", "0.1", *little, "site"),
    }
    with contextlib.chdir(folder):
        assert {name: main([*argv]) for name, argv in made.items()} == dict.fromkeys(made, 0)
    return {name: folder / ("site/index.html" if name == "index" else f"{name}.html") for name in made}


@pytest.fixture(scope="module")
def shown(pages: dict[str, Path]) -> Path:
    """The page of the plan."""
    return pages["plan"]


PAGES = ("plan", "frontier", "demand", "cohort", "index")


def look(browser: Any, path: Path, *, width: int = 1280, dark: bool = False, media: str = "screen") -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(path.as_uri())


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched_and_nothing_complains(name: str, browser: Any, pages: dict[str, Path]) -> None:
    browser.get_log("performance")
    look(browser, pages[name])
    assert browser.title.endswith(" - credgap")
    assert [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")] == []
    sent = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    assert asked == [pages[name].as_uri()]
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_a_table_sorts_filters_and_shows_all(browser: Any, shown: Path) -> None:
    look(browser, shown)
    prices = """return [...document.querySelectorAll('#ranking ~ .scroll tbody tr')].filter(r => !r.hidden)
        .map(r => r.cells[3].dataset.value)"""
    button = "[...document.querySelectorAll('#ranking ~ .scroll thead button')].find(b => b.textContent.trim() === 'Price')"
    assert len(browser.execute_script(prices)) == 15
    for way in ("ascending", "descending"):
        browser.execute_script(f"{button}.click()")
        assert browser.execute_script(f"return {button}.parentElement.getAttribute('aria-sort')") == way
        found = [float(x) for x in browser.execute_script(prices) if x != ""]
        assert found == sorted(found, reverse=way == "descending")
    browser.find_element("css selector", "#ranking ~ .tools button").click()
    everything = browser.execute_script(prices)
    assert len(everything) > 50
    assert everything[-1] == "" or "" not in everything
    browser.find_element("css selector", "#ranking ~ .tools input").send_keys("google data")
    assert 0 < len(browser.execute_script(prices)) < len(everything)
    assert "rows shown" in browser.find_element("css selector", "#ranking ~ [role=status]").get_attribute("textContent")


def test_a_line_number_leads_to_its_words(browser: Any, shown: Path) -> None:
    look(browser, shown)
    browser.execute_script("document.querySelector('#gap ~ .scroll .where a').click()")
    assert browser.execute_script("return document.querySelector('mark:target') !== null")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_a_page_is_never_wider_than_its_window(width: int, name: str, browser: Any, pages: dict[str, Path]) -> None:
    """At 640, it is what 200% zoom makes of 1280."""
    look(browser, pages[name], width=width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


ROWS = """return [...document.querySelectorAll('table.filters tbody tr')].filter(r => !r.hidden)
    .map(r => [...r.cells].map(c => c.dataset.value ?? c.textContent))"""


def test_an_index_filters_by_fit_cost_and_status(browser: Any, pages: dict[str, Path]) -> None:
    from selenium.webdriver.support.ui import Select

    look(browser, pages["index"])
    fields = {x.text.split("\n")[0].strip(): x for x in browser.find_elements("css selector", ".tools label")}
    everything = browser.execute_script(ROWS)
    assert len(everything) == 25
    for label, column, scale, sign in (("Fit after in % at least", 4, 100, 1), ("Price at most", 5, 1, -1)):
        values = sorted({float(r[column]) for r in everything if r[column]})
        middle = values[len(values) // 2]
        field = fields[label].find_element("css selector", "input")
        field.send_keys(f"{scale * middle:.10g}")
        wanted = [r[column] for r in everything if r[column] and sign * (float(r[column]) - middle) >= -1e-9]
        assert sorted(r[column] for r in browser.execute_script(ROWS)) == sorted(wanted)
        assert 0 < len(wanted) < 25
        browser.execute_script("arguments[0].value = ''; arguments[0].dispatchEvent(new Event('input'))", field)
    Select(browser.find_element("css selector", ".tools select")).select_by_visible_text("Failed: nothing recognised")
    assert [r[2] for r in browser.execute_script(ROWS)] == ["Failed: nothing recognised"]
    browser.execute_script("[...document.querySelectorAll('tbody a')].at(-1).click()")
    assert browser.find_element("css selector", "h2").text == "No answer: nothing recognised"


def test_the_answer_is_in_the_first_screen(browser: Any, pages: dict[str, Path]) -> None:
    for width in (400, 1280):
        for name in ("plan", "demand", "cohort"):
            look(browser, pages[name], width=width)
            assert browser.execute_script("return document.querySelector('.figures').getBoundingClientRect().bottom") < 800, name


def test_the_keyboard_reaches_everything_in_order(browser: Any, shown: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    look(browser, shown)
    reached = []
    steps = browser.execute_script("return [...document.querySelectorAll('.next a')].map(a => a.textContent)")
    assert steps
    for _ in range(len(steps) + 4):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        reached.append(browser.execute_script("return document.activeElement.textContent"))
    assert reached == ["Skip to the report", *steps, "Plan", "Gap", "Still open"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(dark: bool, name: str, browser: Any, pages: dict[str, Path]) -> None:
    axe = importlib.util.find_spec("axe_playwright_python")
    if axe is None or axe.origin is None:
        pytest.skip("axe-playwright-python, which carries axe-core, is not installed")
    look(browser, pages[name], dark=dark)
    browser.execute_script("document.querySelectorAll('tr[hidden]').forEach(row => row.remove())")
    browser.execute_script((Path(axe.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = browser.execute_async_script("const done = arguments[0]; axe.run(document).then(r => done(r.violations), e => done(String(e)))")
    assert isinstance(found, list), found
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []


def test_it_prints_in_the_colours_of_paper(browser: Any, shown: Path) -> None:
    look(browser, shown, dark=True, media="print")
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    hidden = browser.execute_script(
        "return [...document.querySelectorAll('nav, .tools')].every(n => getComputedStyle(n).display === 'none')"
    )
    assert hidden
