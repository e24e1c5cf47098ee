"""Catalogue files -> findings: faults that keep them from being used, doubts to look into, and notes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from credgap import catalogue
from credgap.catalogue import Section
from credgap.models import STALE_DAYS, Catalogue, Credential, HoursRange, Skill, Source, last_day
from credgap.yamlfile import Fault, Loc

Severity = Literal["fault", "doubt", "note"]

MOST_ONCE, MOST_FEE, MOST_MONTHLY = 25_000, 3_000, 1_000
"""The dearest programme, exam and month of a subscription that are believed, in dollars or the like."""
MOST_YEARLY = 24
"""The months that a year may cost: it often includes more than the months do."""
LEAST_HOURS = 3
"""Hours without which nobody reaches a working level (2) in a skill."""
STRONG = {"proctored_exam", "graded_project", "portfolio"}


@dataclass(frozen=True)
class Finding:
    """What was found at a place: a fault must be mended, a doubt looked at, a note known."""

    severity: Severity
    place: Fault

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}"


_Doubt = tuple[Section, str, Loc, Severity, str]


def check(paths: Sequence[Path], *, builtin: bool = True, today: dt.date) -> tuple[Finding, ...]:
    """Everything to be said of these files, laid over the built-in data; of the built-in data itself where there are none."""
    found = catalogue.of_files(paths, builtin=builtin)
    if found.faults:
        return tuple(Finding("fault", f) for f in found.faults)
    own = {key: origin for key, origin in found.origins.items() if not paths or origin.path in paths}
    doubts = _doubts(found.catalogue, own, today)
    return tuple(
        Finding(severity, own[section, name].fault(name, loc, what))
        for section, name, loc, severity, what in doubts
        if (section, name) in own
    )


def _doubts(c: Catalogue, own: Collection[tuple[Section, str]], today: dt.date) -> Iterator[_Doubt]:
    yield from _same_names(c.skills)
    yield from _same_credentials(c.credentials)
    reached = _reached(c)
    for k in c.credentials:
        if ("credentials", k.id) not in own:
            continue
        yield from (("credentials", k.id, *rest) for rest in (*_prices(k), *_hours(k), *_sources(k, today)))
        if c.field and k.field not in c.field:
            yield "credentials", k.id, ("field",), "doubt", f"the field {k.field!r} is in no file"
        if k.status == "current" and k.id not in reached:
            yield "credentials", k.id, ("teaches",), "note", "no goal asks for anything it is about"
    for p in c.provider.values():
        for n, plan in enumerate(p.plans):
            loc: Loc = ("plans", n)
            if plan.monthly > MOST_MONTHLY or (plan.yearly is not None and plan.yearly > MOST_YEARLY * plan.monthly):
                yield "providers", p.id, loc, "doubt", f"{plan.id}: {plan.monthly:g} a month and {plan.yearly} a year are hard to believe"
            if not plan.sources:
                yield "providers", p.id, loc, "doubt", f"{plan.id}: no page states its price"
            elif (days := _age(plan.sources, today)) > STALE_DAYS:
                yield "providers", p.id, loc, "note", f"{plan.id}: its price was last checked {days} days ago"


def _same_names(skills: Iterable[Skill]) -> Iterator[_Doubt]:
    owners: dict[str, list[str]] = defaultdict(list)
    for s in skills:
        owners[s.name.casefold()].append(s.id)
    for name, ids in owners.items():
        yield from (("skills", later, ("name",), "doubt", f"{name!r} is also the name of {ids[0]!r}") for later in ids[1:])


def _same_credentials(credentials: Iterable[Credential]) -> Iterator[_Doubt]:
    """Credentials of one issuer that share a name at one provider, or an address."""
    names: dict[tuple[str, str, str], str] = {}
    pages: dict[tuple[str, str], str] = {}
    for k in credentials:
        other = names.setdefault((k.provider, k.issuer, " ".join(k.name.casefold().split())), k.id)
        if other != k.id:
            yield "credentials", k.id, ("name",), "doubt", f"is the name of {other!r} too"
        other = pages.setdefault((k.issuer, k.url.rstrip("/")), k.id)
        if other != k.id:
            yield "credentials", k.id, ("url",), "note", f"is the address of {other!r} too"


def _reached(c: Catalogue) -> frozenset[str]:
    """The credentials that are about what some goal asks for."""
    return frozenset(k for skill in {s.skill for g in c.goals for s in g.skills} for k in c.helping(skill))


_Rest = tuple[Loc, Severity, str]


def _prices(k: Credential) -> Iterator[_Rest]:
    for n, offer in enumerate(k.offers):
        if offer.pay == "once" and not 0 < (offer.amount or 0) <= MOST_ONCE:
            yield ("offers", n, "amount"), "doubt", f"{offer.amount:g} {offer.currency} is hard to believe (free is `pay: free`)"
    if k.exam_fee is not None and not 0 < k.exam_fee.amount <= MOST_FEE:
        yield ("exam_fee", "amount"), "doubt", f"{k.exam_fee.amount:g} {k.exam_fee.currency} is hard to believe"
    dearest = max((o.amount for o in k.offers if o.amount is not None), default=None)
    if k.retake is not None and k.retake.amount is not None and dearest is not None and k.kind == "exam" and k.retake.amount > dearest:
        yield ("retake", "amount"), "doubt", f"a second attempt at {k.retake.amount:g} costs more than the first at {dearest:g}"


def _hours(k: Credential) -> Iterator[_Rest]:
    most = k.hours.high if isinstance(k.hours, HoursRange) else k.hours
    working = [t for t in k.teaches if t.depth == "core" and t.level >= 2]
    if most is not None and working and most < LEAST_HOURS * len(working):
        yield ("hours",), "doubt", f"{most:g} hours for {len(working)} core skills at a working level"
    advanced = [t.skill for t in k.teaches if t.depth == "core" and t.level == 3]
    if advanced and STRONG.isdisjoint(k.assessment):
        yield ("teaches",), "doubt", f"level 3 in {', '.join(advanced)} without an assessment that shows it"
    if k.hours_basis == "estimate" and not isinstance(k.hours, HoursRange):
        yield ("hours",), "doubt", "an estimate is a range: {low, high}"


def _sources(k: Credential, today: dt.date) -> Iterator[_Rest]:
    if not k.sources:
        yield ("sources",), "doubt", "no source"
        return
    figures = {
        "price": k.exam_fee is not None or any(o.pay != "subscription" for o in k.offers),
        "hours": k.hours is not None and k.hours_basis != "estimate",
        "renewal": k.renewal is not None,
        "accreditation": bool(k.accreditation),
        "credit": k.credit is not None,
    }
    stated = {what for s in k.sources for what in s.states}
    for figure, present in figures.items():
        if present and figure not in stated:
            yield ("sources",), "doubt", f"no source states its {figure}"
    priced = [s for s in k.sources if "price" in s.states]
    if priced and (days := _age(priced, today)) > STALE_DAYS:
        yield ("sources",), "note", f"its price was last checked {days} days ago"


def _age(sources: Iterable[Source], today: dt.date) -> int:
    """Days since the newest of these was seen."""
    return (today - max(last_day(s.checked) for s in sources)).days
