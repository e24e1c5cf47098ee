"""A chosen set -> Plan: its order, dates, offers and bill, with the reasons in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from credgap import candidates as pools
from credgap import pricing
from credgap.candidates import Candidate, Ids, Pool
from credgap.gap import add_months
from credgap.models import STALE_DAYS, Cost, Credential, Payment, Plan, RenewalDue, Source, Step, last_day
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
    net = pool.terms.net(bill.cents)
    before, after = pools.covered(pool, ()), pools.covered(pool, ids)
    return Plan(
        status=("optimal" if proven else "feasible") if ids else "nothing_to_buy",
        objective=pools.value(pool, ids),
        bound=bound,
        cover_before=before / pool.gap.total if pool.gap.total else 0.0,
        cover_after=after / pool.gap.total if pool.gap.total else 0.0,
        cost=Cost(
            amount=bill.cents / 100,
            net=net / 100,
            currency=pool.limits.currency,
            if_one_exam_fails=_if_one_fails(pool, in_order, bill),
            at_least=any(not pool.candidates[c].ways.known for c in ids),
            funded=(bill.cents - net) / 100,
            if_a_month_longer=pool.terms.net(bill.cents + _a_month_more(pool, bill)) / 100,
        ),
        hours=total,
        hours_at_least=not known_hours,
        weeks=total / pool.limits.hours_per_week,
        finish=made[-1].end if made else None,
        steps=made,
        subscriptions=bill.subscriptions,
        payments=_payments(pool, made, bill),
        renewals=_renewals(pool, made),
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
        found.append("Some study hours are estimates (--no-estimates leaves those out).")
    if chosen.cost.at_least or chosen.hours_at_least:
        what = " and ".join(w for w, is_in in (("price", chosen.cost.at_least), ("hours", chosen.hours_at_least)) if is_in)
        found.append(f"The plan holds a credential whose {what} nobody has stated: the totals are at least what is shown.")
    barred = sum(any("unknown" in b for b in c.barriers) for c in pool.candidates.values() if c.core)
    if barred:
        found.append(f"Left out for unknown price or hours: {barred:,} that would help (--allow-unknown).")
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
                start=None if begun is None or studied is None else pool.schedule.day_after(begun),
                end=None if studied is None else pools.last_day(pool, studied),
                trust=candidate.trust,
                why=tuple(_why(pool, candidate, in_order, bill)),
                lost_without=_lost_without(pool, in_order, c),
                refund=pool.catalogue.provider[candidate.credential.provider].refund,
                aid=pool.catalogue.provider[candidate.credential.provider].aid,
                counts_toward=tuple(
                    pool.catalogue.credential[s].name for s in candidate.credential.stacks_into if s in pool.catalogue.credential
                ),
                credit=candidate.credential.credit,
            )
        )
    return tuple(made)


def _lost_without(pool: Pool, ids: Ids, c: str) -> float:
    """The share of cover that goes with a credential and with all that cannot be taken without it."""
    left = pools.takable(pool, [i for i in ids if i != c])
    return (pools.covered(pool, ids) - pools.covered(pool, left)) / pool.gap.total if pool.gap.total else 0.0


def _why(pool: Pool, candidate: Candidate, in_order: Ids, bill: Bill) -> list[str]:
    c = candidate.credential
    words = []
    askers = [pool.candidates[o].credential.name for o in in_order if o != c.id and c.id in pool.candidates[o].asks.served_by]
    if askers:
        words.append(f"Needed before {', '.join(askers)}.")
    words.append(_payment(pool, candidate, bill))
    if c.exam_fee is not None:
        words.append(f"Exam fee {_said(pool, c.exam_fee.amount, c.exam_fee.currency)}.")
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
            ("Recommended before, not enforced: " if advised else "Good to know: ")
            + "; ".join([*advised, *([c.recommends.note] if c.recommends.note else [])]).rstrip(".")
            + "."
        )
    begun = next((b for b in pool.profile.in_progress if b.id == c.id), None)
    if begun is not None:
        told = ["hours" if begun.hours_left is None else "", "" if begun.paid else "price"]
        whole = " and ".join(t for t in told if t)
        words.append(
            "You have begun it already" + (f"; {whole} {'are' if 'hours' in whole else 'is'} that of the whole." if whole else ".")
        )
    seen = _newest(pool.catalogue.price_sources(c, bill.offers[c.id]))
    if seen is not None:
        words.append(f"Price checked {seen}.")
    return words


def _payment(pool: Pool, candidate: Candidate, bill: Bill) -> str:
    c, index = candidate.credential, bill.offers[candidate.credential.id]
    if index is None:
        return "Paid already." if candidate.ways.known else "Its price is unknown."
    offer = c.offers[index]
    if offer.plan is None:
        return "Free." if offer.pay == "free" or offer.amount is None else f"Paid once: {_said(pool, offer.amount, offer.currency)}."
    plan = pool.terms.plans[offer.plan]
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
    reckoning = f"for {hours:,.0f} hours at {pool.limits.hours_per_week:g} hours a week{shared}"
    return f"{plan.name}, {' and '.join(rates)}: {money(price / 100, plan.currency)} {reckoning}."


def _said(pool: Pool, amount: float, currency: str | None) -> str:
    """An amount, and what it is in the plan's currency where that is another."""
    own = pool.terms.cents(amount, currency)
    here = "" if currency == pool.limits.currency or own is None else f" ({money(own / 100, pool.limits.currency)})"
    return money(amount, currency or pool.limits.currency) + here


def _plan(pool: Pool, c: str, bill: Bill) -> str | None:
    index = bill.offers[c]
    return None if index is None else pool.candidates[c].credential.offers[index].plan


# --- Exams that fail, and prices that age ----------------------------------------------------------------------


def _if_one_fails(pool: Pool, in_order: Ids, bill: Bill) -> float | None:
    """Net cost with the dearest second attempt, or None where one is proctored and nobody says what it costs."""
    dearest = 0
    for c in in_order:
        price = _retake(pool, pool.candidates[c].credential, bill.offers[c])
        if price is None:
            return None
        dearest = max(dearest, price)
    return pool.terms.net(bill.cents + dearest) / 100


def _retake(pool: Pool, c: Credential, index: int | None) -> int | None:
    """What a second attempt costs in cents, 0 where there is no exam, None where it is unknown."""
    on = pool.terms
    if c.retake is not None and c.retake.amount is not None:
        return on.cents(c.retake.amount, c.retake.currency)
    if c.exam_fee is not None:
        return on.cents(c.exam_fee.amount, c.exam_fee.currency)
    if c.kind == "exam":
        paid = [] if index is None else [c.offers[index]]
        every = (on.cents(o.amount, o.currency) for o in [*paid, *c.offers] if o.pay == "once" and o.amount is not None)
        if once := [price for price in every if price is not None]:
            return once[0]
        if paid and paid[0].pay == "free" and "proctored_exam" not in c.assessment:
            return 0
    return None if c.kind == "exam" or "proctored_exam" in c.assessment else 0


def _a_month_more(pool: Pool, bill: Bill) -> int:
    """What it adds, in cents, that the study under each subscription takes a month longer than was paid for: a single month more."""
    short = (s for s in bill.subscriptions if s.months + 1 > pricing.MONTHS_A_YEAR * s.years + s.single_months)
    return sum(pricing.cents(pool.terms.plans[s.plan].monthly) for s in short)


def _payments(pool: Pool, made: Sequence[Step], bill: Bill) -> tuple[Payment, ...]:
    """What is due when: prices at the start of a step, exam fees at its end, subscriptions from the first hour under them on."""
    found: list[Payment] = []

    def due(day: dt.date | None, what: str, cents: int) -> None:
        if cents:
            found.append(Payment(day=day, what=what, amount=cents / 100))

    starts = {s.credential: s.start for s in made}
    for s in made:
        fee = pool.candidates[s.credential].ways.fee
        due(s.start, s.name, bill.own[s.credential] - fee)
        due(s.end, f"Exam fee of {s.name}", fee)
    for paid in bill.subscriptions:
        plan = pool.terms.plans[paid.plan]
        under = [starts[c] for c in paid.credentials]
        first, at = (None if None in under else min(d for d in under if d)), 0
        for number, length, price in ((paid.years, 12, plan.yearly or 0.0), (paid.single_months, 1, plan.monthly)):
            for _ in range(number):
                day = None if first is None else add_months(first, at)
                due(day, f"{plan.name}, a {'year' if length > 1 else 'month'}", pricing.cents(price))
                at += length
    return tuple(sorted(found, key=lambda p: (p.day is None, p.day or dt.date.max)))


RENEWALS_YEARS = 3


def _renewals(pool: Pool, made: Sequence[Step]) -> tuple[RenewalDue, ...]:
    """The renewals of the plan's credentials that fall due within three years from today."""
    until = add_months(pool.limits.today, 12 * RENEWALS_YEARS)
    found: list[RenewalDue] = []
    for s in made:
        renewal = pool.candidates[s.credential].credential.renewal
        day = s.end
        while renewal is not None and day is not None and (day := add_months(day, renewal.months)) <= until:
            cents = None if renewal.amount is None else pool.terms.cents(renewal.amount, renewal.currency)
            found.append(RenewalDue(credential=s.credential, name=s.name, day=day, amount=None if cents is None else cents / 100))
    return tuple(sorted(found, key=lambda r: (r.day, r.credential)))


def _newest(sources: Sequence[Source]) -> str | None:
    """The day, month or year of the newest source."""
    return max((s.checked for s in sources), default=None)
