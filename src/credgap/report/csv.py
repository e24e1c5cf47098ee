"""A Report -> rows for a spreadsheet; every posting has at least one, also one without an answer (`error`).

A plan has a row for each step, a gap and an extract for each skill, a frontier for each point, and `why` one for each posting. Cells of
text never start a formula; numbers are not rounded, shares run from 0 to 1, days are written as 2026-11-22.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from credgap.models import Catalogue, Closing, Limits, Mention, Outline, Report, RoleReach
from credgap.report import sheet, words

Value = str | float | int | bool | dt.date | None
Row = Mapping[str, Value]

HEAD = ("id", "source", "title")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "extract": ("skill", "name", "kind", "importance", "level", "years", "group", "confidence", "how", "text", "line", "quote"),
    "gap": (
        *("verdict", "fit", "skill", "name", "kind", "importance", "level", "years", "group", "weight", "held", "counted"),
        *("confidence", "text", "line", "quote"),
    ),
    "plan": (
        *("verdict", "fit", "fit_after", "order", "credential", "name", "provider", "url", "cost", "currency", "hours", "hours_estimated"),
        *("start", "end", "trust", "lost_without", "closes", "price_checked", "plan_net", "plan_hours", "plan_finish", "plan_status"),
        "reason",
    ),
    "frontier": ("verdict", "fit", "axis", "at", "cover", "more", "net", "weeks", "currency", "credentials", "names", "added", "dropped"),
    "why": (
        *("verdict", "fit", "credential", "name", "in_plan", "place", "of", "cover_gain", "cost", "hours", "hours_estimated", "trust"),
        *("currency", "reasons", "plan_credentials", "plan_cover", "plan_net", "with_credentials", "with_cover", "with_net"),
    ),
    "explore": (
        *("goal", "name", "fit", "postings", "blocked", "cheapest", "cheapest_net", "cheapest_cover", "soonest", "soonest_hours", "finish"),
        *("currency", "carried", "missing"),
    ),
}
"""The columns of each command, after `id`, `source`, `title` and before `error` for those that read postings. Only added to."""

STEP = {"order", "credential", "name", "url", "cost", "hours", "hours_estimated", "start", "end", "lost_without"}


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """The rows of all reports, in input order, under one heading."""
    command = reports[0].command
    columns = (*HEAD, *COLUMNS[command], "error")
    return _write(columns, (row for r in reports for row in _of_report(r, catalogue)))


def roles(found: Sequence[RoleReach], *, limits: Limits) -> str:
    """A row for each role."""
    return _write(COLUMNS["explore"], (_role(r, limits.currency) for r in found))


def _write(columns: Sequence[str], rows: Iterable[Row]) -> str:
    made = list(rows)
    for row in made:
        assert row.keys() <= set(columns), f"no such columns: {row.keys() - set(columns)}"
    return sheet.rows(columns, made)


def _of_report(report: Report, catalogue: Catalogue) -> Iterator[Row]:
    wants = report.requirements
    head: Row = {"id": wants.id, "source": wants.source, "title": wants.title}
    if report.failure is not None:
        yield {**head, "error": report.failure}
        return
    if report.verdict is not None and report.gap is not None:
        head = {**head, "verdict": report.verdict.answer, "fit": report.gap.fit}
    rows = [{**head, **row} for row in _ROWS[report.command](report, catalogue)]
    yield from rows
    if not rows:
        yield head


def _extracted(report: Report, catalogue: Catalogue) -> Iterator[Row]:
    for r in report.requirements.requirements:
        own = r.model_dump(include={"skill", "name", "kind", "importance", "level", "years", "group", "confidence", "how"})
        yield {**own, **_where(r.mentions)}


def _needs(report: Report, catalogue: Catalogue) -> Iterator[Row]:
    fields = {"skill", "name", "kind", "importance", "level", "years", "group", "weight", "held", "counted", "confidence"}
    for n in report.gap.needs if report.gap else ():
        yield {**n.model_dump(include=fields), **_where(n.mentions)}


def _where(mentions: Sequence[Mention]) -> Row:
    return {"text": mentions[0].text, "line": mentions[0].line, "quote": mentions[0].quote} if mentions else {}


def _steps(report: Report, catalogue: Catalogue) -> Iterator[Row]:
    assert report.choice is not None, "a plan has a choice"
    plan = report.choice.plan
    whole: Row = {
        "fit_after": plan.cover_after,
        "currency": plan.cost.currency,
        "plan_net": plan.cost.net,
        "plan_hours": plan.hours,
        "plan_finish": plan.finish,
        "plan_status": plan.status,
        "reason": plan.reason,
    }
    for s in plan.steps:
        prices = catalogue.price_sources(catalogue.credential[s.credential], s.offer)
        own = s.model_dump(include=STEP)
        seen: Row = {"price_checked": max((x.checked for x in prices), default=None), "closes": "; ".join(map(_closing, s.closes))}
        yield {**whole, **own, **seen, "provider": catalogue.provider[s.provider].name, "trust": s.trust.value}
    if not plan.steps:
        yield whole


def _closing(c: Closing) -> str:
    return f"{c.name} from {words.percent(c.start)} to {words.percent(c.end)}"


def _points(report: Report, catalogue: Catalogue) -> Iterator[Row]:
    for f in report.frontiers:
        for p in f.points:
            yield {
                "axis": f.axis,
                "currency": f.currency,
                "at": p.at,
                "cover": p.best.cover,
                "more": p.more,
                "net": p.best.net,
                "weeks": p.weeks,
                "credentials": " ".join(p.best.credentials),
                "names": "; ".join(p.best.names),
                "added": " ".join(p.added),
                "dropped": " ".join(p.dropped),
            }


def _why(report: Report, catalogue: Catalogue) -> Iterator[Row]:
    why = report.why
    assert why is not None, "the command sets it"
    ranked = why.ranked.model_dump(include={"cover_gain", "cost", "hours", "hours_estimated"}) if why.ranked else {}
    yield {
        **why.model_dump(include={"credential", "name", "in_plan", "place", "of"}),
        **ranked,
        "trust": why.trust.value,
        "currency": words.currency(report),
        "reasons": " ".join(why.reasons),
        **_outline("plan", why.plan),
        **(_outline("with", why.with_it) if why.with_it else {}),
    }


def _outline(which: str, best: Outline) -> Row:
    return {f"{which}_credentials": " ".join(best.credentials), f"{which}_cover": best.cover, f"{which}_net": best.net}


def _role(r: RoleReach, currency: str) -> Row:
    found: dict[str, Value] = {**r.model_dump(include={"goal", "name", "fit", "postings", "blocked", "finish"}), "currency": currency}
    if r.cheapest is not None:
        found |= {"cheapest": " ".join(r.cheapest.credentials), "cheapest_net": r.cheapest.net, "cheapest_cover": r.cheapest.cover}
    if r.soonest is not None:
        found |= {"soonest": " ".join(r.soonest.credentials), "soonest_hours": r.soonest.hours}
    return found | {"carried": "; ".join(r.carried), "missing": "; ".join(r.missing)}


_ROWS: Mapping[str, Callable[[Report, Catalogue], Iterator[Row]]] = {
    "extract": _extracted,
    "gap": _needs,
    "plan": _steps,
    "frontier": _points,
    "why": _why,
}
