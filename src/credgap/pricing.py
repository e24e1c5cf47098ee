"""Offers, fees and subscriptions -> what a set of credentials costs, exactly, in whole cents."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from credgap.models import Catalogue, Credential, Funding, Limits, Offer, PaidSubscription, Profile, SubscriptionPlan

MONTHS_A_YEAR = 12
HAIR = 1e-9


@dataclass(frozen=True)
class Terms:
    """What decides prices beside the offers: the subscriptions there are, in the currency of the plan where there is a rate, those held,
    the currency, the rates of others, hours per week, and what others pay.
    """

    plans: Mapping[str, SubscriptionPlan]
    held: frozenset[str]
    currency: str
    hours_per_week: float
    rates: Mapping[str, float] = field(default_factory=dict)
    funding: Funding = field(default_factory=Funding)
    _known: dict[tuple[str, int], int] = field(default_factory=dict, compare=False, repr=False)

    def month_cents(self, plan: str, needed: int) -> int:
        """What so many months of a subscription cost, reckoned once."""
        found = self._known.get((plan, needed))
        if found is None:
            found = self._known[plan, needed] = mix(self.plans[plan], needed)[0]
        return found

    @property
    def hours_per_month(self) -> float:
        """Study hours in an average month."""
        return self.hours_per_week * 52 / 12

    def cents(self, amount: float, currency: str | None) -> int | None:
        """An amount in cents of the plan's currency; None without a rate for it."""
        rate = 1.0 if currency == self.currency else self.rates.get(currency or "")
        return None if rate is None else cents(amount * rate)

    def net(self, gross: int) -> int:
        """What is left to pay of a cost in cents, once others have given their part. Never falls where the cost rises."""
        given = self.funding
        back = math.floor(gross * given.share + HAIR)
        if given.cap is not None:
            back = min(back, cents(given.cap))
        return max(0, gross - back - cents(given.grant))

    def most(self, net: int) -> float:
        """The greatest cost in cents that leaves no more than this to pay; infinite where others pay for everything."""
        given = self.funding
        if given == Funding():
            return net
        if given.share >= 1 and given.cap is None:
            return math.inf
        low, high = 0, 1
        while self.net(high) <= net:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.net(middle) <= net else (low, middle)
        return low


class Alone(NamedTuple):
    """A way to pay that no other credential bears on: cents, index of the offer, and the subscription that serves it alone."""

    cents: int
    offer: int | None
    plan: str | None = None


@dataclass(frozen=True)
class Ways:
    """How one credential can be paid.

    `alone` is the cheapest way of its own; `shared` are the subscriptions it could share, as (plan, index of the offer). Where the
    offer or the fee cannot be priced, `known` is False; where no offer can, `alone` is (0, None). `fee` is in cents.
    """

    credential: str
    hours: float | None
    fee: int
    alone: Alone | None
    shared: tuple[tuple[str, int], ...]
    known: bool


@dataclass(frozen=True)
class Bill:
    """The cheapest way to pay a set: total and own payments in cents, the offer taken by each, and the subscriptions."""

    cents: int
    offers: Mapping[str, int | None]
    own: Mapping[str, int]
    subscriptions: tuple[PaidSubscription, ...]


def terms(catalogue: Catalogue, profile: Profile, limits: Limits) -> Terms:
    """The terms on which this person buys."""
    on = Terms({}, frozenset(profile.subscriptions), limits.currency, limits.hours_per_week, limits.rates, limits.funding)
    return replace(on, plans={i: _converted(p, on) for i, p in catalogue.subscription.items()})


def _converted(plan: SubscriptionPlan, on: Terms) -> SubscriptionPlan:
    monthly = on.cents(plan.monthly, plan.currency)
    if plan.currency == on.currency or monthly is None:
        return plan
    yearly = None if plan.yearly is None else on.cents(plan.yearly, plan.currency)
    prices = {"monthly": monthly / 100, "yearly": None if yearly is None else yearly / 100, "currency": on.currency}
    return plan.model_copy(update=prices)


def cents(amount: float) -> int:
    """An amount in whole cents."""
    return round(amount * 100)


def money(amount: float, currency: str) -> str:
    """An amount as people write it: $59, $59.50, 59 EUR."""
    figure = f"{amount:,.0f}" if abs(amount - round(amount)) < 0.005 else f"{amount:,.2f}"
    return f"${figure}" if currency == "USD" else f"{figure} {currency}"


def count(number: float, unit: str) -> str:
    """A number with its unit: 1 month, 2 months, 1.5 years."""
    return f"{number:g} {unit}" + ("" if number == 1 else "s")


def months(hours: float, on: Terms) -> int:
    """Months of a subscription that so many hours of study need."""
    return math.ceil(hours / on.hours_per_month - HAIR)


def mix(plan: SubscriptionPlan, needed: int) -> tuple[int, int, int]:
    """The cheapest (cents, years, months) that covers so many months."""
    monthly = cents(plan.monthly)
    if plan.yearly is None:
        return needed * monthly, 0, needed
    yearly = cents(plan.yearly)
    rests = ((y, max(0, needed - MONTHS_A_YEAR * y)) for y in range(needed // MONTHS_A_YEAR + 2))
    return min((y * yearly + m * monthly, y, m) for y, m in rests)


def ways(credential: Credential, hours: float | None, on: Terms, *, paid: bool = False) -> Ways:
    """How a credential can be paid; offers in a currency without a rate, or by the month with unknown hours, cannot be priced.

    One that is `paid` already costs nothing more, whatever the offer was.
    """
    if paid:
        return Ways(credential.id, hours, 0, Alone(0, None), (), known=True)
    fee = 0 if credential.exam_fee is None else on.cents(credential.exam_fee.amount, credential.exam_fee.currency)
    alone = [found for i, o in enumerate(credential.offers) if (found := _alone(i, o, hours, on)) is not None]
    shared = tuple((o.plan, i) for i, o in enumerate(credential.offers) if o.plan is not None and _is_shared(o.plan, hours, on))
    priced = bool(alone or shared)
    return Ways(
        credential=credential.id,
        hours=hours,
        fee=fee or 0,
        alone=min(alone, key=lambda a: (a.cents, a.offer)) if alone else None if shared else Alone(0, None),
        shared=shared,
        known=priced and fee is not None,
    )


def price(items: Sequence[Ways], on: Terms) -> int:
    """The cents of the cheapest bill for a set."""
    coupled = [w for w in items if w.shared]
    fixed = sum(w.fee for w in items) + sum(w.alone.cents for w in items if not w.shared and w.alone is not None)
    if not coupled:
        return fixed
    if len(coupled) == 1:
        w = coupled[0]
        return fixed + min(([w.alone.cents] if w.alone is not None else []) + [_plan_cents(p, w.hours or 0.0, on) for p, _ in w.shared])
    plans = sorted({p for w in coupled for p, _ in w.shared})
    return fixed + _cheapest(coupled, plans, on)[0]


def _cheapest(coupled: Sequence[Ways], plans: Sequence[str], on: Terms) -> tuple[int, tuple[int, ...], tuple[float, ...]]:
    """Cents, the offer taken by each, and the hours under each plan, of the cheapest way to pay those that can share.

    Only shared subscriptions couple the choices, and a subscription's price depends on the sum of its hours alone, so the search
    keeps one best choice for each vector of sums.
    """
    states: dict[tuple[float, ...], tuple[int, tuple[int, ...]]] = {(0.0,) * len(plans): (0, ())}
    for w in coupled:
        states = _extend(states, w, plans)
    return min(
        (paid + sum(_plan_cents(p, h, on) for p, h in zip(plans, key, strict=True)), picks, key) for key, (paid, picks) in states.items()
    )


def settle(items: Sequence[Ways], on: Terms) -> Bill:
    """The cheapest bill for a set."""
    plans = sorted({p for w in items for p, _ in w.shared})
    coupled = [w for w in items if w.shared]
    _, choice, sums = _cheapest(coupled, plans, on)
    chosen: dict[str, int | None] = {w.credential: w.alone.offer for w in items if not w.shared and w.alone is not None}
    chosen.update((w.credential, pick) for w, pick in zip(coupled, choice, strict=True))
    plan_of = {w.credential: {i: p for p, i in w.shared}.get(pick) for w, pick in zip(coupled, choice, strict=True)}
    together = {p: tuple(c for c, plan in plan_of.items() if plan == p) for p in plans}
    subscriptions = [_paid(on.plans[p], h, together[p], on) for p, h in zip(plans, sums, strict=True) if h > 0]
    own = {w.credential: w.fee for w in items}
    for w in items:
        if w.alone is None or chosen[w.credential] != w.alone.offer:
            continue
        if w.alone.plan is None:
            own[w.credential] += w.alone.cents
        else:
            subscriptions.append(_paid(on.plans[w.alone.plan], w.hours or 0.0, (w.credential,), on))
    return Bill(sum(own.values()) + sum(cents(s.amount) for s in subscriptions), chosen, own, tuple(subscriptions))


def _extend(
    states: Mapping[tuple[float, ...], tuple[int, tuple[int, ...]]], w: Ways, plans: Sequence[str]
) -> dict[tuple[float, ...], tuple[int, tuple[int, ...]]]:
    found: dict[tuple[float, ...], tuple[int, tuple[int, ...]]] = {}

    def keep(key: tuple[float, ...], state: tuple[int, tuple[int, ...]]) -> None:
        if key not in found or state < found[key]:
            found[key] = state

    for key, (paid, picks) in states.items():
        if w.alone is not None and w.alone.offer is not None:
            keep(key, (paid + w.alone.cents, (*picks, w.alone.offer)))
        for plan, index in w.shared:
            at = plans.index(plan)
            keep((*key[:at], key[at] + (w.hours or 0.0), *key[at + 1 :]), (paid, (*picks, index)))
    return found


def _alone(index: int, offer: Offer, hours: float | None, on: Terms) -> Alone | None:
    if offer.pay == "free":
        return Alone(0, index)
    if offer.pay == "once":
        price = on.cents(offer.amount or 0.0, offer.currency)
        return None if price is None else Alone(price, index)
    assert offer.plan is not None
    if offer.plan in on.held:
        return Alone(0, index)
    plan = on.plans[offer.plan]
    if plan.shared or hours is None or plan.currency != on.currency:
        return None
    return Alone(mix(plan, months(hours, on))[0], index, plan.id)


def _is_shared(plan_id: str, hours: float | None, on: Terms) -> bool:
    plan = on.plans[plan_id]
    return plan.shared and plan_id not in on.held and hours is not None and plan.currency == on.currency


def _plan_cents(plan_id: str, hours: float, on: Terms) -> int:
    return on.month_cents(plan_id, months(hours, on)) if hours > 0 else 0


def _paid(plan: SubscriptionPlan, hours: float, credentials: tuple[str, ...], on: Terms) -> PaidSubscription:
    needed = months(hours, on)
    price, years, rest = mix(plan, needed)
    return PaidSubscription(
        plan=plan.id, name=plan.name, months=needed, amount=price / 100, years=years, single_months=rest, credentials=credentials
    )
