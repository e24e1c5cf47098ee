"""Skills, goals and credentials of the catalogue -> a list or one entry, as text or JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from credgap import stats
from credgap.lint import Finding
from credgap.models import STALE_DAYS, Catalogue, Credential, FieldStats, Goal, HoursRange, Offer, Provider, Retake, Skill, Stats
from credgap.pricing import count
from credgap.report.json import FORMAT_VERSION
from credgap.report.page import Column, Page, hours, money, percent
from credgap.trust import trust

BASIS = {
    "stated": "stated",
    "derived": "derived from what is stated",
    "estimate": "an estimate: low with half of it known, high for a beginner",
}


def rows(entries: Sequence[Any], format: str, text: Callable[[], str], *, command: str) -> str:
    """The entries as JSON or JSON lines, or what `text` makes of them."""
    if format == "terminal":
        return text()
    dumped = [e.model_dump(mode="json", exclude_defaults=True) for e in entries]
    if format == "jsonl":
        return "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in dumped)
    return json.dumps({"format_version": FORMAT_VERSION, "command": command, "entries": dumped}, ensure_ascii=False, indent=1) + "\n"


def goals(entries: Sequence[Goal], catalogue: Catalogue, *, width: int) -> str:
    """A line for each role."""
    page = Page(width=width, color=False)
    page.table(
        [Column("Goal"), Column("Role", flexible=True), Column("Skills", "right"), Column("Postings", "right")],
        [[g.id, g.name, str(len(g.skills)), "unknown" if g.postings is None else str(g.postings)] for g in entries],
        indent=0,
    )
    return page.text()


def goal(entry: Goal, catalogue: Catalogue, *, width: int) -> str:
    """One role with the skills it asks for."""
    page = Page(width=width, color=False)
    page.line(f"{entry.name} ({entry.id})", indent=0)
    if entry.aliases:
        page.line("Also: " + ", ".join(entry.aliases))
    if entry.postings is not None:
        page.line(f"Weights are shares of {entry.postings} postings of the role{': few, so take them as a hint' if entry.thin else ''}.")
    page.items(f"{'Must' if g.hard else 'Preferred'}: {g.text}" for g in entry.gates)
    if entry.note:
        page.line(entry.note)
    page.table(
        [Column("Skill", flexible=True), Column("Share", "right"), Column("Postings", "right"), Column("Level", "right")],
        [[catalogue.skill[s.skill].name, percent(s.weight), "" if s.count is None else str(s.count), str(s.level)] for s in entry.skills],
    )
    return page.text()


def skills(entries: Sequence[Skill], catalogue: Catalogue, *, width: int) -> str:
    """A line for each skill."""
    page = Page(width=width, color=False)
    page.table(
        [Column("Skill"), Column("Name", flexible=True), Column("Kind"), Column("Field")],
        [[s.id, s.name, s.kind.replace("_", " "), s.category] for s in entries],
        indent=0,
    )
    return page.text()


def skill(entry: Skill, catalogue: Catalogue, *, width: int) -> str:
    """One skill: other names, what it counts for, which credentials are about it."""
    page = Page(width=width, color=False)
    page.line(f"{entry.name} ({entry.id}): {entry.kind.replace('_', ' ')}, {entry.category}", indent=0)
    if entry.aliases:
        page.line("Also: " + ", ".join(a.name for a in entry.aliases))
    counts = [f"{catalogue.skill[k].name} {percent(v)}" for k, v in catalogue.shares[entry.id].items() if k != entry.id]
    if counts:
        page.line("Counts for: " + ", ".join(counts))
    about = [
        c.id for c in catalogue.credentials if entry.id in c.awards or any(t.skill == entry.id and t.depth == "core" for t in c.teaches)
    ]
    page.line("Credentials about it: " + (", ".join(about) or "none in this catalogue"))
    page.line(f"Best got by: {entry.route}")
    if entry.tutorial:
        page.line(f"Free to learn at: {entry.tutorial.name}, {entry.tutorial.url} (checked {entry.tutorial.checked})")
    return page.text()


def credentials(entries: Sequence[Credential], catalogue: Catalogue, *, width: int, today: dt.date) -> str:
    """A line for each credential."""
    page = Page(width=width, color=False)
    page.table(
        [
            Column("Credential", flexible=True, min_width=24),
            Column("Provider", flexible=True),
            Column("Price", "right"),
            Column("Hours", "right"),
        ],
        [
            [
                f"{c.name} [{c.id}]" + ("" if c.status == "current" else f" ({c.status})"),
                catalogue.provider[c.provider].name,
                _cheapest(c, catalogue) + ("!" if _is_stale(c, catalogue, today) else ""),
                _hours(c),
            ]
            for c in entries
        ],
        indent=0,
    )
    if any(c.hours_basis == "estimate" for c in entries):
        page.line("* the hours are an estimate", indent=0)
    if any(_is_stale(c, catalogue, today) for c in entries):
        page.line(f"! the price was last checked over {STALE_DAYS} days ago", indent=0)
    return page.text()


def _is_stale(c: Credential, catalogue: Catalogue, today: dt.date) -> bool:
    return (stats.age_of_price(c, catalogue, today) or 0) > STALE_DAYS


def credential(entry: Credential, catalogue: Catalogue, *, width: int, today: dt.date) -> str:
    """One credential, fact by fact, with its sources and what its trust is made of."""
    page = Page(width=width, color=False)
    provider = catalogue.provider[entry.provider]
    page.line(f"{entry.name} ({entry.id})", indent=0)
    page.line(f"{entry.kind.replace('_', ' ')} by {entry.issuer}, at {provider.name}; status: {entry.status}")
    page.line(entry.url)
    if entry.status == "retired":
        page.line("It can no longer be taken, so it is never planned.")
    page.items([f"price: {_offer(o, catalogue)}" for o in entry.offers] or ["price: unknown"])
    if _is_stale(entry, catalogue, today):
        page.items([f"the price was last checked over {STALE_DAYS} days ago: look before you pay"])
    if entry.exam_fee:
        page.items([f"exam fee on top: {money(entry.exam_fee.amount, entry.exam_fee.currency)}"])
    page.items([f"hours: {_hours(entry)}" + (f" ({BASIS[entry.hours_basis]})" if entry.hours_basis else "")])
    for depth in ("core", "touched"):
        taught = [f"{catalogue.skill[t.skill].name} {t.level}" for t in entry.teaches if t.depth == depth]
        if taught:
            page.items([f"teaches ({depth}; level 1 to 3): " + ", ".join(taught)])
    for label, value in _further(entry, catalogue):
        page.items([f"{label}: {value}"])
    earned = trust(entry, catalogue)
    page.items([f"trust: {earned.value:.2f} = " + " + ".join(f"{value:.2f} {part}" for part, value in earned.parts)])
    for label, value in _provider(provider):
        page.items([f"{label}: {value}"])
    page.items(f"source: {s.url} ({', '.join(s.states) or 'page'}; checked {s.checked})" for s in entry.sources)
    return page.text()


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


def _cheapest(c: Credential, catalogue: Catalogue) -> str:
    prices = []
    for o in c.offers:
        if o.pay == "subscription":
            plan = catalogue.subscription[o.plan or ""]
            prices.append((plan.monthly, money(plan.monthly, plan.currency) + "/month"))
        else:
            prices.append((o.amount or 0.0, "free" if o.pay == "free" else money(o.amount, o.currency or "USD")))
    fee = f" + {money(c.exam_fee.amount, c.exam_fee.currency)} exam" if c.exam_fee else ""
    return min(prices)[1] + fee if prices else "unknown"


def stats_page(found: Stats, *, width: int) -> str:
    """What a catalogue holds, field by field."""
    page = Page(width=width, color=False)
    heads = ("Field", "Credentials", "Price known", "Hours known", "Both", "Estimated", "Price >180 d", "Median age")
    page.table(
        [Column(heads[0], flexible=True, min_width=12), *(Column(h, "right") for h in heads[1:])],
        [_counts(f) for f in (*found.fields, found.total)],
        indent=0,
    )
    for label, pairs in (("Kinds", found.kinds), ("Providers", found.providers), ("Skills", found.skills)):
        page.line(f"{label}: " + ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in pairs), indent=0)
    page.line(f"Retired or superseded, never planned: {found.retired}", indent=0)
    page.line(f"Skills with a free place to learn them: {found.tutorials}", indent=0)
    page.line(f"Goal roles: {found.goals}, of which {found.thin_goals} rest on few postings", indent=0)
    return page.text()


def _counts(f: FieldStats) -> list[str]:
    age = "unknown" if f.median_age_days is None else f"{f.median_age_days} d"
    return [f.field, *map(str, (f.credentials, f.priced, f.timed, f.priced_and_timed, f.estimated, f.stale)), age]


def findings(found: Sequence[Finding], names: str, format: str) -> str:
    """What a check found: a line each and a last one with the counts, or JSON."""
    dumped = [
        {"severity": f.severity, "file": f.place.file, "line": f.place.line, "field": f.place.field, "what": f.place.what} for f in found
    ]
    if format == "jsonl":
        return "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in dumped)
    if format == "json":
        return (
            json.dumps({"format_version": FORMAT_VERSION, "command": "catalog check", "findings": dumped}, ensure_ascii=False, indent=1)
            + "\n"
        )
    counts = Counter(f.severity for f in found)
    last = f"{names}: " + (", ".join(count(n, severity) for severity, n in counts.items()) or "no fault found")
    return "\n".join([*map(str, found), last]) + "\n"
