"""A chosen set -> Plan: its order, dates, offers and bill, with the reasons in plain words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from credgap import candidates as pools
from credgap import pricing
from credgap.candidates import HAIR, Candidate, Ids, Pool
from credgap.models import STALE_DAYS, Cost, Credential, Plan, Source, Step, last_day
from credgap.pricing import Bill, count, money

LONG_WEEKS = 52
"""A plan longer than this is said to be long."""


def plan(pool: Pool, ids: Ids, *, proven: bool, bound: float, reason: str | None) -> Plan:
    """Write out a set that is known to keep every rule."""
    bill = pools.bill(pool, ids)
    in_order = pools.order(pool, ids)
    made = _steps(pool, in_order, bill)
    known_hours = all(s.hours is not None for s in made)
    total = pools.hours(pool, ids)
    net = bill.cents / 100
    before, after = pools.covered(pool, ()), pools.covered(pool, ids)
    return Plan(
        status=("optimal" if proven else "feasible") if ids else "nothing_to_buy",
        objective=pools.value(pool, ids),
        bound=bound,
        cover_before=before / pool.gap.total if pool.gap.total else 0.0,
        cover_after=after / pool.gap.total if pool.gap.total else 0.0,
        cost=Cost(
            amount=net,
            net=net,
            currency=pool.limits.currency,
            if_one_exam_fails=_if_one_fails(pool, in_order, bill, net),
            at_least=any(not pool.candidates[c].ways.known for c in ids),
        ),
        hours=total,
        hours_at_least=not known_hours,
        weeks=total / pool.limits.hours_per_week,
        finish=made[-1].end if made else None,
        steps=made,
        subscriptions=bill.subscriptions,
        reason=reason,
    )


def warnings(pool: Pool, chosen: Plan) -> tuple[str, ...]:
    """What a reader should know before acting on a plan."""
    limits, found = pool.limits, []
    if pool.gap.profile_empty:
        found.append("The profile is empty: everything asked counts as missing. Say what you have, and the plan may shrink.")
    if pool.hours_limit is not None and limits.hours is None:
        found.append(f"Neither money nor time was limited, so hours were held to {pool.hours_limit:g}.")
    if chosen.weeks > LONG_WEEKS:
        found.append(
            f"This takes {chosen.weeks:.0f} weeks at {limits.hours_per_week:g} hours a week; --hours or --by keeps a plan shorter."
        )
    if any(s.hours_estimated for s in chosen.steps):
        found.append("Some study hours are estimates, marked as such; leave them out with --no-estimates.")
    if chosen.cost.at_least or chosen.hours_at_least:
        what = " and ".join(w for w, is_in in (("price", chosen.cost.at_least), ("hours", chosen.hours_at_least)) if is_in)
        found.append(f"The plan holds a credential whose {what} nobody has stated: the totals are at least what is shown.")
    barred = sum(any("unknown" in b for b in c.barriers) for c in pool.candidates.values() if c.core)
    if barred:
        found.append(f"Left out for an unknown price or unknown hours: {count(barred, 'credential')} of those that help (--allow-unknown).")
    fields = dict.fromkeys(pool.candidates[s.credential].credential.field or "" for s in chosen.steps)
    found += (f"{f.name}: {f.caution}" for f in map(pool.catalogue.field.get, fields) if f is not None and f.caution)
    for s in chosen.steps:
        seen = _newest(pool.catalogue.price_sources(pool.candidates[s.credential].credential, s.offer))
        if seen is not None and (limits.today - last_day(seen)).days > STALE_DAYS:
            found.append(f"The price of {s.name} was last checked {seen}: look before you pay.")
    return tuple(found)


# --- Steps ---------------------------------------------------------------------------------------------------


def _steps(pool: Pool, in_order: Ids, bill: Bill) -> tuple[Step, ...]:
    made: list[Step] = []
    studied: float | None = 0.0
    standing: Sequence[float] = pool.held
    for at, c in enumerate(in_order, 1):
        candidate = pool.candidates[c]
        begun = studied
        studied = None if begun is None or candidate.hours is None else begun + candidate.hours
        closes = pools.closings(pool, standing, [c])
        standing = pools.reached(pool, in_order[:at])
        made.append(
            Step(
                order=at,
                credential=c,
                name=candidate.credential.name,
                provider=candidate.credential.provider,
                url=candidate.credential.url,
                offer=bill.offers[c],
                closes=closes,
                cost=bill.own[c] / 100 if candidate.ways.known else None,
                hours=candidate.hours,
                hours_estimated=candidate.estimated,
                start=None if begun is None or studied is None else _day_after(pool, begun),
                end=None if studied is None else pools.last_day(pool, studied),
                trust=candidate.trust,
                why=tuple(_why(pool, candidate, in_order, bill)),
            )
        )
    return tuple(made)


def _day_after(pool: Pool, studied: float) -> dt.date:
    """The day of the first hour that follows so many."""
    return pool.limits.today + dt.timedelta(days=math.floor(studied * 7 / pool.limits.hours_per_week + HAIR))


def _why(pool: Pool, candidate: Candidate, in_order: Ids, bill: Bill) -> list[str]:
    c = candidate.credential
    words = []
    askers = [pool.candidates[o].credential.name for o in in_order if o != c.id and c.id in pool.candidates[o].asks.served_by]
    if askers:
        words.append(f"Needed before {', '.join(askers)}.")
    words.append(_payment(pool, candidate, bill))
    if c.exam_fee is not None:
        words.append(f"Exam fee {money(c.exam_fee.amount, c.exam_fee.currency)}.")
    if c.kind == "exam":
        words.append("An exam: it tests and does not teach, so find your own study material first.")
    if c.retake is not None and c.retake.note:
        words.append(f"A second attempt: {c.retake.note.rstrip('.')}.")
    if candidate.estimated:
        words.append(f"The {candidate.hours:g} hours are an estimate.")
    elif candidate.hours is None:
        words.append("Nobody has stated its hours, so no dates follow.")
    advised = [pool.catalogue.skill[s.skill].name for s in c.recommends.skills]
    advised += [pool.catalogue.credential[q].name for q in c.recommends.credentials if q in pool.catalogue.credential]
    if advised or c.recommends.note:
        words.append(
            "Recommended before, not enforced: "
            + "; ".join([*advised, *([c.recommends.note] if c.recommends.note else [])]).rstrip(".")
            + "."
        )
    if c.id in pool.profile.in_progress:
        words.append("You have begun it already; hours and price are those of the whole.")
    seen = _newest(pool.catalogue.price_sources(c, bill.offers[c.id]))
    if seen is not None:
        words.append(f"Price checked {seen}.")
    return words


def _payment(pool: Pool, candidate: Candidate, bill: Bill) -> str:
    c, index = candidate.credential, bill.offers[candidate.credential.id]
    if index is None:
        return "Its price is unknown."
    offer = c.offers[index]
    if offer.plan is None:
        return "Free." if offer.pay == "free" or offer.amount is None else f"Paid once: {money(offer.amount, pool.limits.currency)}."
    plan = pool.catalogue.subscription[offer.plan]
    if plan.id in pool.terms.held:
        return f"Under {plan.name}, which you have."
    sharing = [o for o in bill.offers if plan.shared and _plan(pool, o, bill) == plan.id]
    together = sharing or [c.id]
    hours = pools.hours(pool, together)
    needed = pricing.months(hours, pool.terms)
    price, years, rest = pricing.mix(plan, needed)
    rates = [f"{count(years, 'year')} at {money(plan.yearly or 0.0, plan.currency)}"] if years else []
    rates += [f"{count(rest, 'month')} at {money(plan.monthly, plan.currency)}"] if rest else []
    others = [pool.candidates[o].credential.name for o in together if o != c.id]
    shared = f", shared with {', '.join(others)}" if others else ""
    reckoning = f"for {hours:g} hours at {pool.limits.hours_per_week:g} hours a week{shared}"
    return f"{plan.name}, {' and '.join(rates)}: {money(price / 100, plan.currency)} {reckoning}."


def _plan(pool: Pool, c: str, bill: Bill) -> str | None:
    index = bill.offers[c]
    return None if index is None else pool.candidates[c].credential.offers[index].plan


# --- Exams that fail, and prices that age ----------------------------------------------------------------------


def _if_one_fails(pool: Pool, in_order: Ids, bill: Bill, net: float) -> float | None:
    """Net cost and the dearest second attempt, or None where one is proctored and nobody says what it costs."""
    dearest = 0.0
    for c in in_order:
        credential = pool.candidates[c].credential
        price = _retake(pool, credential, bill.offers[c])
        if price is None:
            return None
        dearest = max(dearest, price)
    return net + dearest


def _retake(pool: Pool, c: Credential, index: int | None) -> float | None:
    """What a second attempt costs, 0 where there is no exam, None where it is unknown."""

    def here(amount: float, currency: str | None) -> float | None:
        return amount if currency == pool.limits.currency else None

    if c.retake is not None and c.retake.amount is not None:
        return here(c.retake.amount, c.retake.currency)
    if c.exam_fee is not None:
        return here(c.exam_fee.amount, c.exam_fee.currency)
    if c.kind == "exam":
        paid = [] if index is None else [c.offers[index]]
        once = [o.amount for o in [*paid, *c.offers] if o.pay == "once" and o.currency == pool.limits.currency]
        if once:
            return once[0]
        if paid and paid[0].pay == "free" and "proctored_exam" not in c.assessment:
            return 0.0
    return None if c.kind == "exam" or "proctored_exam" in c.assessment else 0.0


def _newest(sources: Sequence[Source]) -> str | None:
    """The day, month or year of the newest source."""
    return max((s.checked for s in sources), default=None)
