"""What many postings ask for, a team, and the index of a batch -> pages for a browser, as those of one posting are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from credgap.gap import FULL
from credgap.pricing import count
from credgap.report import html
from credgap.report.html import MOST, Chart, chart
from credgap.report.page import money, percent
from credgap.report.shown import line
from credgap.report.story import Block, Command, Heading, Paragraph, Table, Words
from credgap.report.words import ANSWERS, HAIR, joined

if TYPE_CHECKING:
    from credgap.cohort import Cohort, Member
    from credgap.demand import Demand
    from credgap.lifts import Lift, Lifts

NAMED = 5
"""How many skills, or people, a summary names."""
CELLS = (8_000, 2_000, 0)
"""How many cells the table of who has what may have, and then, on a page that would be too large, fewer."""
PEOPLE = (2_000, 500, 100)
"""The same for the people of a table."""
LONGEST = 160
"""Signs of a title or a note that the index of a batch shows."""
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_SHARE = re.compile(r"<?\d+%")
_SIGNED = re.compile(r"[-+]\d+")
PEOPLE_UNDER, MATRIX_UNDER, SUMS_UNDER = "Who takes what", "Who has what", "What other budgets"
FITS_UNDER, SETS_UNDER = "What to take, to be within reach", "Sets"
"""How the headings begin below which a page has a chart, or a table of its own in place of the one for text."""
FILTERS = {"Share": "least", "Fit": "least", "Price": "most", "Hours": "most"}
"""Columns that can be held to a least or a most."""


# --- Blocks as a template takes them ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A cell: its words, what it is sorted by (None: by its words), and its bar: from and to, as shares."""

    words: Words
    value: float | str | None = None
    bar: tuple[float, float | None] | None = None
    signed: float | None = None


@dataclass(frozen=True)
class Rows:
    """A table: headings, what each can be filtered by, the columns that hold figures, the rows."""

    columns: tuple[str, ...]
    filters: tuple[str | None, ...]
    figures: frozenset[int]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass
class Section:
    """A heading, what stands below it, and what a page shows there beside."""

    title: str
    id: str
    level: int
    blocks: list[Block | Rows] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


def _sections(blocks: Iterable[Block]) -> tuple[Section, list[Section]]:
    """The head of a page, and its sections."""
    head, found = Section("", "top", 1), list[Section]()
    for block in blocks:
        if isinstance(block, Heading):
            if block.level == 1:
                head.title = block.text
            else:
                found.append(Section(block.text, f"s{len(found) + 1}", block.level))
            continue
        (found[-1] if found else head).blocks.append(rows(block) if isinstance(block, Table) else block)
    head.blocks = [b for b in head.blocks if not (isinstance(b, Paragraph) and b.strong)]  # the summary says it
    return head, found


def _below(found: Sequence[Section], title: str) -> Section | None:
    """The section whose heading begins so."""
    return next((s for s in found if s.title.startswith(title)), None)


def rows(table: Table) -> Rows:
    """A table with what its figures sort by, and bars for the first column of shares, for differences and for sums due."""
    texts = [[_text(c) for c in row] for row in table.rows]
    shares = [n for n in sorted(table.figures) if texts and all(_SHARE.fullmatch(r[n]) for r in texts)]
    first = shares[0] if shares else None
    signed = {n for n in table.figures if texts and all(_SIGNED.fullmatch(r[n]) for r in texts)}
    tops = {n: max((_number(r[n]) or 0.0 for r in texts), default=0.0) for n, c in enumerate(table.columns) if c == "Due"}

    def cell(words: Words, row: Sequence[str], n: int) -> Cell:
        if n not in table.figures:
            return Cell(words)
        value = _number(row[n])
        bar: tuple[float, float | None] | None = None
        if n == first:
            after = _number(row[n + 1]) if n + 1 in shares and table.columns[n + 1] == "After" else None
            bar = ((value or 0.0) / 100, None if after is None else after / 100)
        elif tops.get(n):
            bar = ((value or 0.0) / tops[n], None)
        return Cell(words, "" if value is None else value, bar, value if n in signed else None)

    return Rows(
        table.columns,
        tuple(FILTERS.get(c) if n in table.figures else None for n, c in enumerate(table.columns)),
        table.figures,
        tuple(tuple(cell(words, texts[m], n) for n, words in enumerate(row)) for m, row in enumerate(table.rows)),
    )


def _text(words: Words) -> str:
    return (
        words
        if isinstance(words, str)
        else "".join(x if isinstance(x, str) else x.text if isinstance(x, Command) else x.url for x in words)
    )


def _number(text: str) -> float | None:
    if text == "free":
        return 0.0
    found = _NUMBER.search(text)
    return float(found.group().replace(",", "")) if found else None


@dataclass(frozen=True)
class Summary:
    """The answer of a page in its first screen: a sentence, what to do, and figures."""

    answer: str
    to_do: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    fit: tuple[float, float, float] | None = None


# --- Demand -----------------------------------------------------------------------------------------------------


def demand(found: Demand, blocks: Iterable[Block], *, first: int) -> str:
    """What many postings ask for. `first` rows of each table are shown at once."""
    head, sections = _sections(blocks)
    if found.lifts is not None:
        if (section := _below(sections, FITS_UNDER)) is not None:
            section.extra["histogram"] = _histogram(found.lifts)
        if (section := _below(sections, SETS_UNDER)) is not None:
            section.extra["chart"], section.extra["caption"] = _lift_chart(found.lifts)
    return html.page(
        "crowd.html",
        about="what postings ask for",
        title=head.title,
        head=head,
        sections=sections,
        summary=_demanded(found),
        first=first,
    )


def _demanded(found: Demand) -> Summary | None:
    if not found.postings:
        return None
    top = [s for s in found.skills if s.kind == "hard" and not s.generic][:NAMED]
    figures = [("Postings", f"{found.postings:,}")]
    to_do: list[str] = []
    if (lifts := found.lifts) is not None:
        over = percent(lifts.threshold)
        figures += [
            ("Mean fit now", percent(lifts.mean_fit)),
            (f"Over {over} now", f"{lifts.passing:,} ({percent(lifts.passing / max(1, lifts.postings))})"),
        ]
        lifting = lifts.best if lifts.best and lifts.best.lifted else None
        if (best := lifting or lifts.most_fit) is not None:
            facts = f"{joined(best.names)}: {_price(best, lifts)}, {best.hours:,.0f} hours{' or more' * best.hours_at_least}"
            to_do.append(
                f"Take {facts}; it lifts {count(best.lifted, 'posting')} over {over}."
                if lifting
                else f"No set within the limits lifts a posting over {over}. Most for the mean fit brings {facts}."
            )
            after = lifts.passing + best.lifted
            figures += [
                ("Mean fit with it", percent(lifts.mean_fit + best.mean_gain)),
                (f"Over {over} with it", f"{after:,} ({percent(after / max(1, lifts.postings))})"),
            ]
    answer = "Asked for most: " + joined(f"{s.name} {percent(s.share)}" for s in top) if top else f"{count(found.postings, 'posting')}"
    return Summary(answer, tuple(to_do), tuple(figures))


def _price(x: Lift, found: Lifts) -> str:
    return "free" if x.cost == 0 else money(x.cost, found.currency)


@dataclass(frozen=True)
class Bars:
    """Upright bars: label, number, height as a share; and a line at a place along them."""

    bars: tuple[tuple[str, str, float], ...]
    at: float
    label: str
    said: str


def _histogram(found: Lifts) -> Bars:
    top = max((*found.fits, 1))
    return Bars(
        tuple((f"{10 * n}-{10 * n + 10}%", f"{number:,}", number / top) for n, number in enumerate(found.fits)),
        found.threshold,
        "enough to apply",
        "Postings by fit with what is held, as the sentence above says them.",
    )


def _lift_chart(found: Lifts) -> tuple[Chart | None, str]:
    """What sets lift, or raise the mean fit by, over what they cost."""
    lifted = any(x.lifted for x in found.sets)
    known = sorted(((x.cost, x.share if lifted else x.mean_gain) for x in found.sets if x.cost is not None), key=lambda p: p[0])
    rising: list[tuple[float, float]] = []
    for cost, height in known:
        if not rising or height > rising[-1][1]:
            rising.append((cost, height))
    if len(rising) < 2:
        return None, ""
    what = "share of postings lifted" if lifted else "rise of the mean fit"
    said = f"From {percent(rising[0][1])} for {money(rising[0][0], found.currency)} to {percent(rising[-1][1])} for"
    return (
        chart(
            rising, lambda x: money(x, found.currency), f"{said} {money(rising[-1][0], found.currency)}.", top=rising[-1][1], numbered=False
        ),
        f"By what a set costs: the {what}",
    )


# --- Cohort -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A person's row: name, fits, steps with their pages, price, hours, last day, and place in time as shares."""

    name: str
    number: int
    fit: float
    after: float
    takes: tuple[tuple[str, str], ...]
    nothing: str
    price: str
    cost: float | None
    hours: str
    hours_value: float | None
    done: str
    bars: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Matrix:
    """Who has what: names across, a row for each thing asked with how it is asked, how many have it, and a word for each person."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, str, int, tuple[str, ...]], ...]
    left_out: int


def cohort(found: Cohort, blocks: Iterable[Block], asked: Callable[[Any], str], *, first: int) -> str:
    """A team against a role. `first` skills are shown at once; `asked` says how much a skill is asked for."""
    blocks, text = tuple(blocks), ""
    for cells, most in zip(CELLS, PEOPLE, strict=True):
        head, sections = _sections(blocks)
        span = _span(found)
        if (section := _below(sections, PEOPLE_UNDER)) is not None:
            section.extra["people"] = [_person(m, found, span) for m in found.people[:most]]
            section.extra["span"], section.extra["of"] = span, len(found.people)
            section.blocks = [b for b in section.blocks if not isinstance(b, Rows)]
        if (section := _below(sections, MATRIX_UNDER)) is not None:
            section.extra["matrix"] = _matrix(found, asked, cells)
            section.blocks = []
        if (section := _below(sections, SUMS_UNDER)) is not None and len(found.sums) > 1:
            section.extra["chart"], section.extra["caption"] = _sums(found), "Mean fit of the team, by what is spent in all"
        text = html.page(
            "crowd.html",
            about="a team against a role",
            title=head.title,
            head=head,
            sections=sections,
            summary=_team(found, span),
            first=first,
        )
        if len(text.encode("utf-8", "replace")) <= MOST:
            break
    return text


def _span(found: Cohort) -> tuple[date, date] | None:
    """The first and the last day of all plans."""
    days = [d for m in found.people for s in (m.plan.steps if m.plan else ()) for d in (s.start, s.end) if d]
    return (min(days), max(days)) if days else None


def _team(found: Cohort, span: tuple[date, date] | None) -> Summary:
    team, planned = len(found.people), [m for m in found.people if m.plan and m.plan.steps]
    to_do = []
    if planned:
        of = f" of {money(found.budget, found.currency)}" if found.budget is not None else ""
        due = [m for m in found.months if m.month is not None]
        now = f"; {money(due[0].amount, found.currency)} of it is due in {due[0].month}" if due else ""
        to_do.append(
            f"Set aside {money(found.cost, found.currency)}{of} for {len(planned)} of {team} {'person' if team == 1 else 'people'}{now}."
        )
        begins = sorted((m for m in planned if m.plan and m.plan.steps[0].start), key=lambda m: (_begin(m), m.number))
        if begins:
            said = [f"{m.name} with {m.plan.steps[0].name}" for m in begins[:NAMED] if m.plan]
            more = f" and {len(begins) - NAMED} more" if len(begins) > NAMED else ""
            to_do.append(f"Begin on {_begin(begins[0])}: {joined(said)}{more}.")
    else:
        to_do.append("Buy nothing: no credential is worth taking inside these limits.")
    if under := team - found.passing_after:
        to_do.append(f"{under} of {team} {'is' if under == 1 else 'are'} still under {percent(found.threshold)} then: see the gaps below.")
    figures = [
        ("People", f"{team:,}"),
        ("Mean fit now", percent(found.fit)),
        ("Mean fit after", percent(found.fit_after)),
        (f"Over {percent(found.threshold)} now", f"{found.passing} of {team}"),
        (f"Over {percent(found.threshold)} after", f"{found.passing_after} of {team}"),
        ("Cost", money(found.cost, found.currency)),
        ("Study in all", f"{found.hours:,.0f} hours"),
    ]
    if span:
        figures.append(("All done by", str(span[1])))
    answer = f"The plans bring the team from {percent(found.fit)} to {percent(found.fit_after)}" if planned else "Nothing to buy"
    return Summary(answer, tuple(to_do), tuple(figures), (found.fit, found.fit_after, found.threshold))


def _begin(m: Member) -> date:
    return (m.plan.steps[0].start if m.plan else None) or date.max


def _person(m: Member, found: Cohort, span: tuple[date, date] | None) -> Person:
    plan = m.plan
    steps = plan.steps if plan else ()
    bars: list[tuple[float, float, str]] = []
    if span:
        whole = (span[1] - span[0]).days + 1
        bars = [((s.start - span[0]).days / whole, ((s.end - s.start).days + 1) / whole, s.name) for s in steps if s.start and s.end]
    cost = plan.cost.net if plan and steps else None
    return Person(
        m.name,
        m.number,
        m.fit,
        m.fit_after,
        tuple((s.name, s.url) for s in steps),
        "a must is unmet" if plan is None else "nothing",
        "" if plan is None or not steps else ("free" if not cost else money(cost, found.currency)) + "+" * plan.cost.at_least,
        cost,
        "" if plan is None or not steps else f"{plan.hours:,.0f}{'+' * plan.hours_at_least}",
        plan.hours if plan and steps else None,
        (str(plan.finish) if plan.finish else "unknown") if plan and steps else "",
        tuple(bars),
    )


def _matrix(found: Cohort, asked: Callable[[Any], str], cells: int) -> Matrix:
    order = sorted(range(len(found.skills)), key=lambda u: (-found.skills[u].weight, -found.skills[u].lack, u))
    across = found.people[: cells // max(1, len(order))]
    return Matrix(
        tuple(m.name for m in across),
        tuple((found.skills[u].name, asked(found.skills[u]), found.skills[u].have, tuple(_word(m, u) for m in across)) for u in order),
        len(found.people) - len(across),
    )


def _word(m: Member, u: int) -> str:
    if m.held[u] >= FULL:
        return "has"
    return "plan" if m.reached[u] > m.held[u] + 0.05 else "part" if m.held[u] > HAIR else "no"


def _sums(found: Cohort) -> Chart:
    return chart(
        [(s.budget, s.fit) for s in found.sums],
        lambda x: money(x, found.currency),
        f"Steps, one for each row of the table below: {percent(found.sums[0].fit)} for {money(found.sums[0].budget, found.currency)}, "
        f"{percent(found.sums[-1].fit)} for {money(found.sums[-1].budget, found.currency)}.",
        across=(found.threshold, "enough to apply"),
        upright=None if found.budget is None else (found.budget, "the budget"),
    )


# --- The index of a batch ---------------------------------------------------------------------------------------


VERDICTS = ("apply_now", "study_then_apply", "unknown", "blocked")
INDEX = "index.html"


def name(number: int) -> str:
    """The file of the first, second, ... page of an index."""
    return INDEX if number == 1 else f"index-{number}.html"


def index(entries: Sequence[Mapping[str, Any]], what: str, title: str) -> Iterator[tuple[str, str]]:
    """The pages of an index as file and text, none larger than MOST: by verdict and fit, what failed last.

    An entry is a row of a batch with `file`, the page it links to.
    """
    made: Any = html.environment().get_template("entry.html").module
    found = [str(made.entry(_cut(e), what)) for e in sorted(entries, key=_best_first)]
    pages: list[list[str]] = [[]]
    held = 0
    for text in found:
        size = len(text.encode("utf-8", "replace"))
        if held + size > MOST - ROOM_FOR_ALL_ELSE and pages[-1]:
            pages.append([])
            held = 0
        pages[-1].append(text)
        held += size
    counts = Counter(map(_said, entries))
    from markupsafe import Markup

    begin = 1
    spans = []
    for page in pages:
        spans.append((begin, begin + len(page) - 1))
        begin += len(page)
    for n, page in enumerate(pages, 1):
        given: dict[str, Any] = {"what": what, "title": title, "all": len(found), "counts": counts.most_common()}
        given |= {"rows": Markup("".join(page)), "spans": spans, "number": n, "name": name, "shown": len(page)}
        yield name(n), html.page("index.html", **given)


ROOM_FOR_ALL_ELSE = 60_000
"""Bytes of a page of an index beside its rows."""


def _cut(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its texts short, and its file as an address."""
    cut = dict(entry)
    for key in ("id", "title", "note"):
        text = line(str(entry.get(key) or ""))
        cut[key] = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return {**cut, "file": quote(entry["file"]), "said": _said(entry)}


def _said(entry: Mapping[str, Any]) -> str:
    """What came of a row, in so few words that rows can be picked by it."""
    if entry["status"] != "ok":
        return f"Failed: {entry['status']}"
    verdict = entry.get("verdict")
    if verdict == "study_then_apply" and entry.get("steps") == []:
        return "Not yet; nothing to buy"
    return "Depends on a must" if verdict == "unknown" else ANSWERS.get(verdict or "", "Read")


def _best_first(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    fit = entry.get("fit_after", entry.get("fit_before"))
    verdict = entry.get("verdict")
    return (
        entry["status"] != "ok",
        VERDICTS.index(verdict) if verdict in VERDICTS else len(VERDICTS),
        -(fit if isinstance(fit, (int, float)) else 0.0),
        entry.get("cost_net") or 0.0,
        entry["row"],
    )


def failure(cells: Mapping[str, Any]) -> str:
    """The page of a row that failed."""
    return html.page("failure.html", title=cells["title"] or cells["id"], cells=cells, home=INDEX)
