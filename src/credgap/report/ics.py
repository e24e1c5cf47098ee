"""A Report with a plan -> a calendar (RFC 5545): an event for each step, payment and renewal.

An event keeps its UID from one plan for the same posting to the next, and a later day of asking has a higher SEQUENCE, so that a calendar
that takes in the file again moves the events it has. What a later plan no longer holds stays in the calendar.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from credgap.errors import CredgapError, DoesNotFitError
from credgap.models import Catalogue, Report
from credgap.report import words
from credgap.report.page import money
from credgap.report.shown import line

if TYPE_CHECKING:
    from icalendar import Event

DAY = dt.timedelta(days=1)
EPOCH = dt.date(2020, 1, 1).toordinal()
"""The day from which SEQUENCE counts."""


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """One calendar for all plans. Raises CredgapError without the extra, DoesNotFitError where no plan has anything with a day."""
    try:
        from icalendar import Calendar
    except ImportError as error:
        raise CredgapError("a calendar needs the library icalendar", hint='Install it: pip install "credgap[calendar]"') from error
    whole = Calendar()
    whole.add("prodid", "-//credgap//study plan//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("x-wr-calname", "Study plan")
    taken: set[str] = set()
    for report in reports:
        for event in _events(report, catalogue):
            if str(event["uid"]) not in taken:  # a credential that several postings ask for is studied once
                taken.add(str(event["uid"]))
                whole.add_component(event)
    if not taken:
        raise DoesNotFitError(
            "there is nothing to put into a calendar: no plan here holds a credential with known hours",
            hint="`credgap plan` without --format ics says why.",
        )
    text: str = whole.to_ical().decode("utf-8")
    return text


def _events(report: Report, catalogue: Catalogue) -> Iterator[Event]:
    if report.choice is None or report.limits is None:
        return
    plan, day = report.choice.plan, report.limits.today
    about, currency = words.title(report.requirements), plan.cost.currency
    for s in plan.steps:
        if s.start is not None and s.end is not None:
            told = [f"{words.who(s, catalogue)}; {words.facts(s, currency)}.", *(words.closes(c, report) for c in s.closes)]
            told += [*words.remarks(s, catalogue), f"For: {about}"]
            yield _event(report, ("study", s.credential), f"Study: {s.name}", s.start, s.end, told, day, s.url)
    seen: Counter[str] = Counter()
    for p in plan.payments:
        if p.day is not None:
            seen[p.what] += 1
            told = [f"{money(p.amount, currency)}, as the plan of {day} reckons it.", f"For: {about}"]
            key = ("payment", p.what, str(seen[p.what]))
            yield _event(report, key, f"Pay {money(p.amount, currency)}: {p.what}", p.day, p.day, told, day, None)
    seen.clear()
    for r in plan.renewals:
        seen[r.credential] += 1
        told = [f"Without renewal it lapses. Renewal: {words.price(r.amount, currency)}.", f"For: {about}"]
        key = ("renewal", r.credential, str(seen[r.credential]))
        yield _event(report, key, f"Renew {r.name}", r.day, r.day, told, day, catalogue.credential[r.credential].url)


def _event(
    report: Report, key: tuple[str, ...], summary: str, first: dt.date, last: dt.date, told: Sequence[str], today: dt.date, url: str | None
) -> Event:
    """An event of whole days, which leaves them free for other appointments."""
    from icalendar import Event, vText

    event = Event()
    digest = hashlib.sha256("\x1f".join((report.requirements.id, *key)).encode("utf-8", "replace")).hexdigest()[:32]
    stamp = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    event.add("uid", f"{key[0]}-{digest}@credgap")
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", max(0, today.toordinal() - EPOCH))
    event.add("dtstart", first)
    event.add("dtend", last + DAY)
    event.add("summary", vText(line(summary)))
    event.add("description", vText("\n".join(map(line, told))))
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["credgap"])
    if url is not None:
        event.add("url", line(url))
    return event
