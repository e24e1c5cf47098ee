"""The page: it needs nothing else, works by keyboard, on a phone and in the dark, and every colour can be read."""

from __future__ import annotations

import base64
import hashlib
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

from credgap.report import html

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


@pytest.mark.parametrize("argv", [("plan", "-", "--min-gain", "0.1"), ("gap", "-"), ("extract", "-"), ("frontier", "-")])
def test_headings_and_tables_are_marked_up_in_order(argv: tuple[str, ...], credgap: Cli) -> None:
    tree = page(credgap, *argv)
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


@pytest.fixture(scope="module")
def shown(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a plan over the built-in catalogue, for a posting that holds markup."""
    from credgap.cli import main

    folder = tmp_path_factory.mktemp("page")
    text = (
        EXAMPLE.read_text(encoding="utf-8")
        + "\n- <script>document.title='owned'</script> <img src=https://example.org/x onerror=alert(1)> R\n"
    )
    (folder / "posting.txt").write_text(text, encoding="utf-8")
    argv = ("plan", folder / "posting.txt", "--have", "excel:3", "--budget", "800", "--hours", "400", "--today", "2026-11-20", "--quiet")
    assert main([*map(str, argv), "--format", "html", "--output", str(folder / "plan.html")]) == 0
    return folder / "plan.html"


def look(browser: Any, path: Path, *, width: int = 1280, dark: bool = False, media: str = "screen") -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(path.as_uri())


def test_nothing_is_fetched_and_nothing_complains(browser: Any, shown: Path) -> None:
    browser.get_log("performance")
    look(browser, shown)
    assert browser.title == "posting.txt - credgap" or browser.title.endswith("posting.txt - credgap")
    assert [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")] == []
    sent = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    assert asked == [shown.as_uri()]
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


@pytest.mark.parametrize("width", [320, 400, 640, 1280])
def test_a_page_is_never_wider_than_its_window(width: int, browser: Any, shown: Path) -> None:
    """At 640, it is what 200% zoom makes of 1280."""
    look(browser, shown, width=width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_answer_is_in_the_first_screen(browser: Any, shown: Path) -> None:
    for width in (400, 1280):
        look(browser, shown, width=width)
        assert browser.execute_script("return document.querySelector('.figures').getBoundingClientRect().bottom") < 800


def test_the_keyboard_reaches_everything_in_order(browser: Any, shown: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    look(browser, shown)
    reached = []
    for _ in range(4):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        reached.append(browser.execute_script("return document.activeElement.textContent"))
    assert reached == ["Skip to the report", "Plan", "Gap", "Still open"]


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(dark: bool, browser: Any, shown: Path) -> None:
    axe = pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
    look(browser, shown, dark=dark)
    browser.execute_script("document.querySelectorAll('tr[hidden]').forEach(row => row.remove())")
    browser.execute_script((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
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
