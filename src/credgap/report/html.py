"""A Report -> one page for a browser that needs nothing else: no network, no fonts, and a script it works without.

The page is made by Jinja2, which escapes whatever is filled in; its Content-Security-Policy lets run the one style and the one script
that are written here, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from credgap.models import (
    FEW_POSTINGS,
    STALE_DAYS,
    Catalogue,
    Credential,
    Frontier,
    Limits,
    Need,
    Payment,
    Plan,
    Point,
    Posting,
    Ranked,
    Report,
    Requirement,
    Requirements,
    RoleReach,
    Source,
    Step,
    last_day,
)
from credgap.pricing import count
from credgap.report import words
from credgap.report.page import money
from credgap.report.shown import shown

if TYPE_CHECKING:
    from jinja2 import Environment

MOST = 1_450_000
"""Bytes of a page. One that would be larger leaves out the tails of rankings, then the postings' texts, then all but the verdicts."""
ROOM = 0.04
"""The share of a chart's width that a number takes."""
NOTHING = {"money": "Without paying anything", "weeks": "Without study"}
TICKS = 4
"""How many days a timeline names, at most, between its ends."""


@dataclass(frozen=True)
class Detail:
    """How much of each report a page shows."""

    ranked: int | None = None
    text: bool = True
    whole: bool = True


DETAILS = (Detail(), Detail(ranked=60), Detail(ranked=20, text=False), Detail(ranked=5, text=False), Detail(whole=False))


def render(reports: Sequence[Report], catalogue: Catalogue, *, many: bool, home: str | None = None) -> str:
    """A page for the one report, or one with an index where the input can hold several.

    `home` is the file of an index that the page is one of many of: it links back to it, and shows the head of its ranking alone.
    """
    views = [View(r, catalogue, f"r{n}-" if many else "") for n, r in enumerate(reports, 1)]
    name = count(len(reports), "posting") if many else words.title(reports[0].requirements)
    text = ""
    for detail in DETAILS[1:] if home else DETAILS:
        text = page("report.html", title=name, views=views, many=many, detail=detail, command=reports[0].command, home=home)
        if len(text.encode("utf-8", "replace")) <= MOST:
            break
    return text


def roles(found: Sequence[RoleReach], *, fit: float, limits: Limits, assumed: Sequence[str]) -> str:
    """A page of goal roles, the nearest first."""
    return page("roles.html", title="Roles, the nearest first", found=found, fit=fit, limits=limits, assumed=assumed, few=FEW_POSTINGS)


def page(template: str, /, **given: Any) -> str:
    """A template filled in, with the style, the script and the policy that lets only these run."""
    from markupsafe import Markup

    style, script = (_file(f) for f in ("style.css", "script.js"))
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    made = environment().get_template(template)
    return made.render(style=Markup(style), script=Markup(script), policy=policy, **given) + "\n"


@cache
def _file(name: str) -> str:
    return (files("credgap.report") / "templates" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@cache
def environment() -> Environment:
    """What fills templates in: it escapes, and takes out of texts what is not seen."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("credgap.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    made.filters |= {"percent": words.percent, "money": money, "hours": words.hours, "weeks": words.weeks, "joined": words.joined}
    made.filters |= {"place": lambda x: f"{100 * x:.2f}%"}
    made.globals |= {"w": words}
    return made


def _plain(value: Any) -> Any:
    from markupsafe import Markup

    return value if isinstance(value, Markup) or not isinstance(value, str) else shown(value)


# --- What a template asks of a report ----------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A step on the timeline: where it begins and how wide it is, as shares of the whole."""

    step: Step
    left: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """The steps of a plan in time; places are shares of the whole, from its first day to its last."""

    first: date
    last: date
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    payments: tuple[tuple[float, Payment], ...]


@dataclass(frozen=True)
class Dot:
    """A point of a chart of steps: number, place from the left and height, as shares; `left_to` is where its line ends.

    `named`: there is room for its number; `falls`: it stands lower than the one before.
    """

    number: int
    left: float
    left_to: float
    height: float
    named: bool
    falls: bool


@dataclass(frozen=True)
class Chart:
    """Steps over an axis of money or weeks: its dots, the ticks below and beside it, and what it says in words.

    `across` is a height with its name, `upright` and `here` are places with theirs; all places are shares of the chart.
    """

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    heights: tuple[tuple[float, str], ...]
    said: str
    numbered: bool = True
    across: tuple[float, str] | None = None
    upright: tuple[float, str] | None = None
    here: tuple[float, float, str] | None = None


def chart(
    points: Sequence[tuple[float, float]],
    label: Callable[[float], str],
    said: str,
    *,
    across: tuple[float, str] | None = None,
    upright: tuple[float, str] | None = None,
    here: tuple[float, float, str] | None = None,
    top: float = 1.0,
    numbered: bool = True,
) -> Chart:
    """A chart of points (where from, height as a share) in rising order; `label` writes a value of the axis.

    Heights run up to `top` or a little more. `numbered`: the points are the rows of a table.
    """
    if top < 1.0:
        rise = _round_step(top)
        top = rise * math.ceil(top / rise - 1e-9)
    else:
        rise = 0.25
    points = [(x, y / top) for x, y in points]
    heights = tuple((n * rise / top, words.percent(n * rise)) for n in range(round(top / rise) + 1))
    most = max([x for x, _ in points] + [x[0] for x in (upright, here) if x]) * 1.08 or 1.0
    dots: list[Dot] = []
    lefts = [x / most for x, _ in points]
    last, before = -1.0, 0.0
    for n, ((_, height), left, to) in enumerate(zip(points, lefts, [*lefts[1:], 1.0], strict=True), 1):
        named = numbered and left - last >= ROOM
        last = left if named else last
        dots.append(Dot(n, left, to, height, named, falls=height < before))
        before = height
    step = _round_step(most)
    ticks = tuple((n * step / most, label(n * step)) for n in range(int(most / step) + 1) if n * step / most <= 0.97)
    return Chart(
        tuple(dots),
        ticks,
        heights,
        said,
        numbered,
        across,
        upright and (upright[0] / most, upright[1]),
        here and (here[0] / most, here[1], here[2]),
    )


def _round_step(most: float) -> float:
    """The least of 1, 2, 5, 10, 20, ... that cuts an axis into at most five parts."""
    power = 10.0 ** math.floor(math.log10(most / 5))
    return next(power * n for n in (1, 2, 5, 10) if power * n * 5 >= most * (1 - 1e-9))


@dataclass(frozen=True)
class Piece:
    """A run of a posting's text; `kind` is None for what nothing was found in, `id` is set on the first piece of a find."""

    text: str
    kind: str | None = None
    about: str = ""
    id: str | None = None


@dataclass(frozen=True)
class TextLine:
    """A line of a posting; `number` None for the further parts of a long one."""

    number: int | None
    heading: bool
    pieces: tuple[Piece, ...]


@dataclass
class _Find:
    start: int
    end: int
    kind: str
    names: list[str] = field(default_factory=list)


KINDS = {
    "required": "required",
    "preferred": "preferred",
    "context": "named, not demanded",
    "gate": "a must or preference that no course opens",
    "fact": "pay or closing date",
    "unknown": "not understood",
}
"""What is marked in a posting, the most telling first."""


@dataclass(frozen=True)
class View:
    """A report as its template sees it. `prefix` keeps the ids of several reports on a page apart."""

    report: Report
    catalogue: Catalogue
    prefix: str

    @property
    def wants(self) -> Requirements:
        """What is asked."""
        return self.report.requirements

    @property
    def plan(self) -> Plan | None:
        """The plan, where there is one."""
        return self.report.choice.plan if self.report.choice else None

    @property
    def currency(self) -> str:
        """The currency of all sums."""
        return words.currency(self.report)

    @property
    def bare(self) -> bool:
        """Whether the command shows neither the plan nor the gap."""
        return self.report.command in ("frontier", "why")

    def parts(self, needs: Sequence[Need]) -> Iterator[tuple[str, list[Need]]]:
        """The counted needs in three parts, within each what weighs most first."""
        return ((part, sorted(those, key=lambda n: -n.weight)) for part, those in words.three_parts(needs))

    @cached_property
    def after(self) -> Mapping[str, float]:
        """The share of each skill that is held after the plan, for those that the plan lifts."""
        found: dict[str, float] = {}
        for s in self.plan.steps if self.plan else ():
            for c in s.closes:
                found[c.skill] = max(found.get(c.skill, 0.0), c.end)
        return found

    def told(self, step: Step) -> tuple[list[Any], list[str]]:
        """What a step does: the closings worth a line each, and the names of the others."""
        told = [c for c in step.closes if c.end - c.start >= 0.1]
        return told, [c.name for c in step.closes if c not in told]

    def asked_by(self, skill: str) -> Requirement | None:
        """The requirement of a skill, where the posting has words for it."""
        return next((r for r in self.wants.requirements if r.skill == skill and r.mentions), None)

    @cached_property
    def timeline(self) -> Timeline | None:
        """The plan in time, where its days are known."""
        steps = [(s, s.start, s.end) for s in self.plan.steps if s.start and s.end] if self.plan else []
        if not steps or self.plan is None:
            return None
        first, last = min(a for _, a, _ in steps), max(b for _, _, b in steps)
        whole = (last - first).days + 1

        def place(day: date) -> float:
            return (day - first).days / whole

        return Timeline(
            first,
            last,
            tuple(Bar(s, place(a), ((b - a).days + 1) / whole) for s, a, b in steps),
            tuple((place(d), f"{d:%Y-%m}") for d in _months(first, last) if 0.12 <= place(d) <= 0.88),
            tuple((place(p.day), p) for p in self.plan.payments if p.day is not None and first <= p.day <= last),
        )

    def chart(self, frontier: Frontier) -> Chart:
        """A frontier as a chart, with the threshold, the budget, and the plan where there is one."""
        money_ = frontier.axis == "money"
        limits, plan = self.report.limits, self.plan
        budget = limits.budget if limits and money_ else None
        first, last = frontier.points[0], frontier.points[-1]
        return chart(
            [(p.at, p.best.cover) for p in frontier.points],
            (lambda x: money(x, frontier.currency)) if money_ else (lambda x: f"{x:g} weeks"),
            f"Steps, one for each row of the table below: a fit of {words.percent(first.best.cover)} from {words.at(frontier, first)} on, "
            f"{words.percent(last.best.cover)} from {words.at(frontier, last)} on.",
            across=None if self.report.threshold is None else (self.report.threshold, "enough to apply"),
            upright=None if budget is None else (budget, "your budget"),
            here=(plan.cost.net, plan.cover_after, "this plan") if plan and plan.steps and money_ and not self.bare else None,
        )

    def most(self, frontier: Frontier) -> str:
        """The sentence that a frontier comes down to."""
        first, best = frontier.points[0], max(frontier.points, key=lambda p: (p.best.cover, -p.at))
        at, threshold = words.at(frontier, best), self.report.threshold
        if best is first:
            return ""
        start = f"From {words.at(frontier, first)} on" if first.at else NOTHING[frontier.axis]
        beside = f"and {words.other(frontier, best)}" if frontier.axis == "money" else f"and costs {words.other(frontier, best)}"
        found = f"{start} the fit can be {words.percent(first.best.cover)}; the most there is, {words.percent(best.best.cover)}, "
        found += f"takes {at} {beside}."
        if threshold is None:
            return found
        if (enough := next((p for p in frontier.points if p.best.cover >= threshold - 1e-9), None)) is not None:
            return found + f" {words.percent(threshold)} is reached from {words.at(frontier, enough)} on."
        return found + f" {words.percent(threshold)}, enough to apply, is reached by none of these plans."

    def falls(self, frontier: Frontier) -> bool:
        """Whether a plan with fewer credentials takes the place of one with a higher fit."""
        return any(b.best.cover < a.best.cover and len(b.best.credentials) < len(a.best.credentials) for a, b in pairwise(frontier.points))

    def news(self, frontier: Frontier) -> Iterator[tuple[Point, str, str]]:
        """The rows of a frontier."""
        return words.news(frontier)

    def ranking(self, detail: Detail) -> list[tuple[int, Ranked, Credential, Source | None]]:
        """The ranked credentials with their places and the page on which the price was seen last."""
        if self.report.choice is None:
            return []
        if detail.ranked is None:
            shown_ = list(enumerate(self.report.choice.ranking, 1))
        else:
            shown_ = words.best_ranked(self.report.choice.ranking, detail.ranked, detail.ranked // 3)
        return [(n, r, self.catalogue.credential[r.credential], self._seen(r.credential)) for n, r in shown_]

    def _seen(self, credential: str) -> Source | None:
        c = self.catalogue.credential[credential]
        pages = [s for n in range(len(c.offers)) for s in self.catalogue.price_sources(c, n)]
        return max(pages, key=lambda s: s.checked, default=None)

    def sources(self) -> list[tuple[Step, tuple[Source, ...]]]:
        """The pages behind each step."""
        if self.plan is None:
            return []
        return [(s, self.catalogue.sources(self.catalogue.credential[s.credential], s.offer)) for s in self.plan.steps]

    def stale(self, source: Source) -> bool:
        """Whether a page was seen so long ago that the price should be looked at again."""
        today = self.report.limits.today if self.report.limits else None
        return today is not None and "price" in (source.states or ("price",)) and (today - last_day(source.checked)).days > STALE_DAYS

    @property
    def stale_days(self) -> int:
        """After how many days that is."""
        return STALE_DAYS

    @cached_property
    def text(self) -> tuple[TextLine, ...]:
        """The posting, line by line, with what was found in it marked; empty where its text is not at hand."""
        return tuple(_text(self.report.posting, self.wants, self.prefix)) if self.report.posting is not None else ()

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kinds of marks the text has, with what they mean."""
        there = {p.kind for x in self.text for p in x.pieces}
        return {k: v for k, v in KINDS.items() if k in there}

    @cached_property
    def _marked(self) -> dict[str, str]:
        pieces = (p for x in self.text for p in x.pieces if p.id)
        return {name: p.id or "" for p in reversed([*pieces]) for name in p.about.split("; ")}

    def mark_of(self, item: Need | Requirement) -> str | None:
        """The id of the first mark in the text that is about a skill."""
        return self._marked.get(item.name)


def _months(first: date, last: date) -> Iterator[date]:
    """First days of months between two days, evenly chosen, at most TICKS or so of them."""
    number = (last.year - first.year) * 12 + last.month - first.month
    each = max(1, -(-number // TICKS))
    for n in range(each, number + 1, each):
        month = first.month - 1 + n
        yield date(first.year + month // 12, month % 12 + 1, 1)


def _text(posting: Posting, wants: Requirements, prefix: str) -> Iterator[TextLine]:
    finds = _finds(posting, wants)
    number = None
    for x in posting.lines:
        pieces, at = [], x.start
        for n, f in enumerate(finds):
            a, b = max(f.start, x.start), min(f.end, x.end)
            if a >= b:
                continue
            pieces.append(Piece(posting.clean[at:a]))
            pieces.append(Piece(posting.clean[a:b], f.kind, "; ".join(f.names), f"{prefix}e{n}" if f.start >= x.start else None))
            at = b
        pieces.append(Piece(posting.clean[at : x.end]))
        if posting.clean[x.start : x.end].strip():
            yield TextLine(None if x.number == number else x.number, x.heading, tuple(p for p in pieces if p.text))
            number = x.number


def _finds(posting: Posting, wants: Requirements) -> list[_Find]:
    """What was found, as places in the clean text, in order; finds that overlap are one."""
    places = _places(posting)
    found: list[_Find] = []
    for start, end, kind, name in sorted(_marks(wants), key=lambda m: (m[0], -m[1])):
        a, b = bisect_left(places, start), bisect_left(places, end)
        if a >= b:
            continue
        if found and a < found[-1].end:
            last = found[-1]
            last.end, last.kind = max(last.end, b), min(last.kind, kind, key=list(KINDS).index)
        else:
            found.append(last := _Find(a, b, kind))
        if name not in last.names:
            last.names.append(name)
    return found


def _places(posting: Posting) -> list[int]:
    """For each character of the clean text its place in the text as given."""
    ends = [*(here for here, _ in posting.steps[1:]), len(posting.clean)]
    return [there + n - here for (here, there), end in zip(posting.steps, ends, strict=True) for n in range(here, end)]


def _marks(wants: Requirements) -> Iterable[tuple[int, int, str, str]]:
    for r in wants.requirements:
        for m in r.mentions:
            yield m.start, m.end, r.importance, r.name
    for g in wants.gates:
        yield g.start, g.end, "gate", f"{g.kind.replace('_', ' ')}, {'must' if g.hard else 'preferred'}"
    if wants.pay:
        yield wants.pay.start, wants.pay.end, "fact", "pay"
    if wants.closing:
        yield wants.closing.start, wants.closing.end, "fact", "closing date"
    for u in wants.unknown_terms:
        yield u.start, u.end, "unknown", "not understood"
