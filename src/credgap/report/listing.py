"""Skills, goals and credentials of the catalogue, what it holds, and what a check found -> a Sheet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from credgap import stats
from credgap.lint import Finding
from credgap.models import STALE_DAYS, Catalogue, Credential, FieldStats, Goal, HoursRange, Offer, Provider, Retake, Skill, Source, Stats
from credgap.pricing import count
from credgap.report.page import hours, money, percent
from credgap.report.sheet import Sheet
from credgap.report.shown import line
from credgap.report.story import Block, Heading, Items, Link, Paragraph, Table, Words
from credgap.trust import trust

BASIS = {
    "stated": "stated",
    "derived": "derived from what is stated",
    "estimate": "an estimate: low with half of it known, high for a beginner",
}
GOAL = ("id", "name", "aliases", "postings", "skill", "skill_name", "weight", "count", "level")
SKILL = ("id", "name", "kind", "category", "generic", "route", "aliases", "implies", "tutorial", "tutorial_url", "tutorial_checked")
CREDENTIAL = (
    *("id", "name", "kind", "field", "issuer", "provider", "status", "url", "price", "currency", "price_per", "offers", "exam_fee"),
    *("exam_fee_currency", "hours_low", "hours_high", "hours_basis", "teaches", "touches", "awards", "assessment", "renewal_months"),
    *("languages", "delivery", "trust", "price_checked", "sources"),
)
STATS = ("field", "credentials", "priced", "timed", "priced_and_timed", "estimated", "stale", "median_age_days")
FINDING = ("severity", "file", "line", "field", "what")
"""The columns of a row of each kind. Only added to."""


def _dumped(entries: Sequence[Any]) -> list[dict[str, Any]]:
    return [e.model_dump(mode="json", exclude_defaults=True) for e in entries]


# --- Roles ------------------------------------------------------------------------------------------------------


def goals(entries: Sequence[Goal], catalogue: Catalogue, *, one: bool) -> Sheet:
    """Roles, or `one` with the skills it asks for. A row of CSV is a skill of a role."""
    dumped = _dumped(entries)
    return Sheet(
        "goals",
        lambda: _goal(entries[0], catalogue) if one else _goals(entries),
        lambda: {"entries": dumped},
        GOAL,
        lambda: (row for g in entries for row in _goal_rows(g, catalogue)),
        lambda: dumped,
    )


def _goal_rows(g: Goal, catalogue: Catalogue) -> Iterator[Mapping[str, Any]]:
    head = {"id": g.id, "name": g.name, "aliases": g.aliases, "postings": g.postings}
    for s in g.skills:
        yield {**head, **s.model_dump(), "skill_name": catalogue.skill[s.skill].name}


def _goals(entries: Sequence[Goal]) -> Iterator[Block]:
    yield Table(
        ("Goal", "Role", "Skills", "Postings"),
        tuple((g.id, g.name, str(len(g.skills)), "unknown" if g.postings is None else str(g.postings)) for g in entries),
        frozenset({2, 3}),
    )


def _goal(g: Goal, catalogue: Catalogue) -> Iterator[Block]:
    yield Heading(1, f"{g.name} ({g.id})")
    if g.aliases:
        yield Paragraph("Also: " + ", ".join(g.aliases))
    if g.postings is not None:
        few = ": few, so take them as a hint" if g.thin else ""
        yield Paragraph(f"Weights are shares of {g.postings} postings of the role{few}.")
    if g.gates:
        yield Items(tuple(f"{'Must' if x.hard else 'Preferred'}: {x.text}" for x in g.gates))
    if g.note:
        yield Paragraph(g.note)
    yield Table(
        ("Skill", "Share", "Postings", "Level"),
        tuple((catalogue.skill[s.skill].name, percent(s.weight), "" if s.count is None else str(s.count), str(s.level)) for s in g.skills),
        frozenset({1, 2, 3}),
    )


# --- Skills -----------------------------------------------------------------------------------------------------


def skills(entries: Sequence[Skill], catalogue: Catalogue, *, one: bool) -> Sheet:
    """Skills, or `one` with its other names, what it counts for, and which credentials are about it."""
    dumped = _dumped(entries)
    return Sheet(
        "skills",
        lambda: _skill(entries[0], catalogue) if one else _skills(entries),
        lambda: {"entries": dumped},
        SKILL,
        lambda: map(_skill_row, entries),
        lambda: dumped,
    )


def _skill_row(s: Skill) -> Mapping[str, Any]:
    own = s.model_dump(include={"id", "name", "kind", "category", "generic", "route"})
    learnt = {"tutorial": s.tutorial.name, "tutorial_url": s.tutorial.url, "tutorial_checked": s.tutorial.checked} if s.tutorial else {}
    return {**own, "aliases": [a.name for a in s.aliases], "implies": [f"{i.skill} {i.share:g}" for i in s.implies], **learnt}


def _skills(entries: Sequence[Skill]) -> Iterator[Block]:
    yield Table(("Skill", "Name", "Kind", "Field"), tuple((s.id, s.name, s.kind.replace("_", " "), s.category) for s in entries))


def _skill(s: Skill, catalogue: Catalogue) -> Iterator[Block]:
    yield Heading(1, f"{s.name} ({s.id}): {s.kind.replace('_', ' ')}, {s.category}")
    if s.aliases:
        yield Paragraph("Also: " + ", ".join(a.name for a in s.aliases))
    if counts := [f"{catalogue.skill[k].name} {percent(v)}" for k, v in catalogue.shares[s.id].items() if k != s.id]:
        yield Paragraph("Counts for: " + ", ".join(counts))
    about = [c.id for c in catalogue.credentials if s.id in c.awards or any(t.skill == s.id and t.depth == "core" for t in c.teaches)]
    yield Paragraph("Credentials about it: " + (", ".join(about) or "none in this catalogue"))
    yield Paragraph(f"Best got by: {s.route}")
    if s.tutorial:
        yield Paragraph((f"Free to learn at: {s.tutorial.name}, ", Link(s.tutorial.url), f" (checked {s.tutorial.checked})"))


# --- Credentials ------------------------------------------------------------------------------------------------


def credentials(entries: Sequence[Credential], catalogue: Catalogue, *, today: dt.date, command: str, one: bool = False) -> Sheet:
    """Credentials, or `one` fact by fact, with its sources and what its trust is made of."""
    dumped = _dumped(entries)
    return Sheet(
        command,
        lambda: _credential(entries[0], catalogue, today) if one else _credentials(entries, catalogue, today),
        lambda: {"entries": dumped},
        CREDENTIAL,
        lambda: (_credential_row(c, catalogue) for c in entries),
        lambda: dumped,
    )


def _credential_row(c: Credential, catalogue: Catalogue) -> Mapping[str, Any]:
    own = c.model_dump(include=set(CREDENTIAL) - {"provider", "teaches", "sources", "trust", "offers", "exam_fee"})
    low, high = (c.hours.low, c.hours.high) if isinstance(c.hours, HoursRange) else (c.hours, c.hours)
    fee = {"exam_fee": c.exam_fee.amount, "exam_fee_currency": c.exam_fee.currency} if c.exam_fee else {}
    seen = [s.checked for n in range(len(c.offers)) for s in catalogue.price_sources(c, n)]
    cheapest: dict[str, Any] = {}
    if prices := _prices(c, catalogue):
        amount, currency, per = min(prices, key=lambda p: p[0])
        cheapest = {"price": amount, "currency": currency, "price_per": per}
    return {
        **own,
        **cheapest,
        **fee,
        "provider": catalogue.provider[c.provider].name,
        "offers": [_offer(o, catalogue) for o in c.offers],
        "hours_low": low,
        "hours_high": high,
        "teaches": [f"{t.skill} {t.level}" for t in c.teaches if t.depth == "core"],
        "touches": [f"{t.skill} {t.level}" for t in c.teaches if t.depth == "touched"],
        "renewal_months": c.renewal.months if c.renewal else None,
        "trust": trust(c, catalogue).value,
        "price_checked": max(seen, default=None),
        "sources": [s.url for s in c.sources],
    }


def _credentials(entries: Sequence[Credential], catalogue: Catalogue, today: dt.date) -> Iterator[Block]:
    yield Table(
        ("Credential", "Provider", "Price", "Hours"),
        tuple(
            (
                f"{c.name} [{c.id}]" + ("" if c.status == "current" else f" ({c.status})"),
                catalogue.provider[c.provider].name,
                _cheapest(c, catalogue) + ("!" if _is_stale(c, catalogue, today) else ""),
                _hours(c),
            )
            for c in entries
        ),
        frozenset({2, 3}),
    )
    if any(c.hours_basis == "estimate" for c in entries):
        yield Paragraph("* the hours are an estimate")
    if any(_is_stale(c, catalogue, today) for c in entries):
        yield Paragraph(f"! the price was last checked over {STALE_DAYS} days ago")


def _is_stale(c: Credential, catalogue: Catalogue, today: dt.date) -> bool:
    return (stats.age_of_price(c, catalogue, today) or 0) > STALE_DAYS


def _credential(c: Credential, catalogue: Catalogue, today: dt.date) -> Iterator[Block]:
    provider = catalogue.provider[c.provider]
    yield Heading(1, f"{c.name} ({c.id})")
    yield Paragraph(f"{c.kind.replace('_', ' ')} by {c.issuer}, at {provider.name}; status: {c.status}")
    yield Paragraph((Link(c.url),))
    if c.status == "retired":
        yield Paragraph("It can no longer be taken, so it is never planned.")
    yield Items(tuple(_facts(c, catalogue, today)))


def _facts(c: Credential, catalogue: Catalogue, today: dt.date) -> Iterator[Words]:
    yield from [f"price: {_offer(o, catalogue)}" for o in c.offers] or ["price: unknown"]
    if _is_stale(c, catalogue, today):
        yield f"the price was last checked over {STALE_DAYS} days ago: look before you pay"
    if c.exam_fee:
        yield f"exam fee on top: {money(c.exam_fee.amount, c.exam_fee.currency)}"
    yield f"hours: {_hours(c)}" + (f" ({BASIS[c.hours_basis]})" if c.hours_basis else "")
    for depth in ("core", "touched"):
        if taught := [f"{catalogue.skill[t.skill].name} {t.level}" for t in c.teaches if t.depth == depth]:
            yield f"teaches ({depth}; level 1 to 3): " + ", ".join(taught)
    for label, value in _further(c, catalogue):
        yield f"{label}: {value}"
    earned = trust(c, catalogue)
    yield f"trust: {earned.value:.2f} = " + " + ".join(f"{value:.2f} {part}" for part, value in earned.parts)
    for label, value in _provider(catalogue.provider[c.provider]):
        yield f"{label}: {value}"
    yield from map(_source, c.sources)


def _source(s: Source) -> Words:
    return "source: ", Link(s.url), f" ({', '.join(s.states) or 'page'}; checked {s.checked})"


def _provider(p: Provider) -> list[tuple[str, str]]:
    found = [("free at the provider", p.free), ("refund", p.refund), ("financial aid", p.aid)]
    return [(label, value) for label, value in found if value]


def _further(c: Credential, catalogue: Catalogue) -> list[tuple[str, str]]:
    asks = [
        *(f"{catalogue.skill[s.skill].name} at level {s.level}" for s in c.requires.skills),
        *(catalogue.credential[r].name for r in c.requires.credentials),
        *(f"{count(e.years, 'year')} in {' or '.join(catalogue.skill[s].name for s in e.skills)}" for e in c.requires.experience),
        *(
            [f"{c.requires.training.hours:g} hours of training in {catalogue.skill[c.requires.training.skill].name}"]
            if c.requires.training
            else []
        ),
        *([c.requires.membership] if c.requires.membership else []),
    ]
    advised = [
        *(catalogue.skill[s.skill].name for s in c.recommends.skills),
        *(catalogue.credential[r].name for r in c.recommends.credentials),
        *([c.recommends.note] if c.recommends.note else []),
    ]
    renewal = ""
    if c.renewal:
        cost = money(c.renewal.amount, c.renewal.currency or "USD") if c.renewal.amount is not None else "price unknown"
        renewal = f"every {c.renewal.months} months, {cost}"
    found = [
        ("awards", ", ".join(catalogue.skill[a].name for a in c.awards)),
        ("requires", "; ".join(asks)),
        ("recommends", "; ".join(advised)),
        ("assessment", ", ".join(a.replace("_", " ") for a in c.assessment)),
        ("retake", _retake(c.retake) if c.retake else ""),
        ("practical project", c.practical or ""),
        ("mentoring", c.mentoring or ""),
        ("renewal", renewal),
        ("accreditation", "; ".join(c.accreditation)),
        ("credit", c.credit or ""),
        ("languages", ", ".join(c.languages)),
        ("delivery", (c.delivery or "").replace("_", " ")),
        ("counts toward", "; ".join(catalogue.credential[k].name for k in c.stacks_into)),
        ("superseded by", c.superseded_by or ""),
    ]
    return [(label, value) for label, value in found if value]


def _retake(retake: Retake) -> str:
    price = money(retake.amount, retake.currency or "USD") if retake.amount is not None else ""
    return "; ".join(x for x in (price, retake.note or "") if x)


def _hours(c: Credential) -> str:
    mark = "*" if c.hours_basis == "estimate" else ""
    if isinstance(c.hours, HoursRange):
        return f"{c.hours.low:g}-{c.hours.high:g} h{mark}"
    return hours(c.hours) + mark


def _offer(o: Offer, catalogue: Catalogue) -> str:
    if o.pay == "free":
        return "free"
    if o.pay == "once":
        return money(o.amount, o.currency or "USD") + " once"
    plan = catalogue.subscription[o.plan or ""]
    yearly = f" or {money(plan.yearly, plan.currency)} a year" if plan.yearly is not None else ""
    return f"{plan.name}, {money(plan.monthly, plan.currency)} a month{yearly}"


def _prices(c: Credential, catalogue: Catalogue) -> list[tuple[float, str, str]]:
    """Amount, currency and what it is paid for, of each offer."""
    found = []
    for o in c.offers:
        plan = catalogue.subscription[o.plan or ""] if o.pay == "subscription" else None
        if plan is not None:
            found.append((plan.monthly, plan.currency, "month"))
        else:
            found.append((o.amount or 0.0, o.currency or "USD", "once" if o.pay == "once" else "free"))
    return found


def _cheapest(c: Credential, catalogue: Catalogue) -> str:
    fee = f" + {money(c.exam_fee.amount, c.exam_fee.currency)} exam" if c.exam_fee else ""
    if not (prices := _prices(c, catalogue)):
        return "unknown"
    amount, currency, per = min(prices, key=lambda p: p[0])
    return ("free" if per == "free" else money(amount, currency) + ("/month" if per == "month" else "")) + fee


# --- What a catalogue holds, and what a check found -------------------------------------------------------------


def counted(found: Stats) -> Sheet:
    """What a catalogue holds; a row of CSV for each field, and one for all."""
    dumped = _dumped([found])
    return Sheet(
        "catalog stats",
        lambda: _stats(found),
        lambda: {"entries": dumped},
        STATS,
        lambda: (f.model_dump() for f in (*found.fields, found.total)),
        lambda: dumped,
    )


def _stats(found: Stats) -> Iterator[Block]:
    yield Table(
        ("Field", "Credentials", "Price known", "Hours known", "Both", "Estimated", "Price >180 d", "Median age"),
        tuple(_counts(f) for f in (*found.fields, found.total)),
        frozenset(range(1, 8)),
    )
    for label, pairs in (("Kinds", found.kinds), ("Providers", found.providers), ("Skills", found.skills)):
        yield Paragraph(f"{label}: " + ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in pairs))
    yield Paragraph(f"Retired or superseded, never planned: {found.retired}")
    yield Paragraph(f"Skills with a free place to learn them: {found.tutorials}")
    yield Paragraph(f"Goal roles: {found.goals}, of which {found.thin_goals} rest on few postings")


def _counts(f: FieldStats) -> tuple[str, ...]:
    age = "unknown" if f.median_age_days is None else f"{f.median_age_days} d"
    return f.field, *map(str, (f.credentials, f.priced, f.timed, f.priced_and_timed, f.estimated, f.stale)), age


def findings(found: Sequence[Finding], names: str) -> Sheet:
    """What a check of the files `names` found."""
    dumped = [
        {"severity": f.severity, "file": f.place.file, "line": f.place.line, "field": f.place.field, "what": f.place.what} for f in found
    ]
    return Sheet("catalog check", lambda: _findings(found, names), lambda: {"findings": dumped}, FINDING, lambda: dumped)


def _findings(found: Sequence[Finding], names: str) -> Iterator[Block]:
    if found:
        yield Items(tuple(map(str, found)))
    yield Paragraph(_summary(found, names))


def _summary(found: Sequence[Finding], names: str) -> str:
    counts = Counter(f.severity for f in found)
    return f"{names}: " + (", ".join(count(n, severity) for severity, n in counts.items()) or "no fault found")


def finding_lines(found: Sequence[Finding], names: str) -> str:
    """The same for a terminal: a line for each, never wrapped, as compilers write them, and one with the counts."""
    return "".join(f"{line(x)}\n" for x in (*map(str, found), _summary(found, names)))
