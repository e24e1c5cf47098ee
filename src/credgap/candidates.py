"""Gap + Profile + Catalogue + Limits -> Pool: what every credential would do, asks for and costs, and what a set of them amounts to."""

from __future__ import annotations

import datetime as dt
import math
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from credgap import gap as gaps
from credgap import pricing
from credgap import schedule as schedules
from credgap.models import Catalogue, Closing, Credential, ExperienceNeed, Gap, HoursRange, Limits, Need, Profile, SkillLevel, Trust
from credgap.schedule import Schedule
from credgap.trust import trust

HAIR = 1e-9
FULL = 1.0 - HAIR
DEFAULT_HOURS = 150.0
"""The hours limit where neither money nor time is limited."""

Ids = tuple[str, ...]


@dataclass(frozen=True)
class SkillAsked:
    """A skill that the profile does not show and a credential enforces, and the credentials that teach it to that level."""

    skill: SkillLevel
    teachers: frozenset[str]


@dataclass(frozen=True)
class TrainingAsked:
    """Hours of training still wanting before an exam may be sat, and the hours that each credential would add."""

    skill: str
    hours: float
    given: Mapping[str, float]


@dataclass(frozen=True)
class Asks:
    """What a credential enforces beyond what the profile holds.

    `through` are credentials that held ones require: no need to take them, and no objection to it either.
    """

    credentials: frozenset[str] = frozenset()
    skills: tuple[SkillAsked, ...] = ()
    training: TrainingAsked | None = None
    through: frozenset[str] = frozenset()

    @cached_property
    def served_by(self) -> frozenset[str]:
        """Every credential that would serve one of these demands."""
        trained = frozenset(self.training.given) if self.training else frozenset()
        return self.credentials.union(self.through, trained, *(s.teachers for s in self.skills))

    @cached_property
    def nothing(self) -> bool:
        """Whether it can be taken first of all."""
        return not (self.credentials or self.skills or self.training)

    def met_by(self, done: Collection[str]) -> bool:
        """Whether these credentials, finished before, satisfy every demand."""
        if not all(q in done for q in self.credentials) or not all(any(t in done for t in s.teachers) for s in self.skills):
            return False
        return self.training is None or sum(h for c, h in self.training.given.items() if c in done) >= self.training.hours - HAIR


class Listed(NamedTuple):
    """A credential as one person finds it, whatever is asked; `barriers` say in words what keeps it out of any plan."""

    credential: Credential
    trust: Trust
    hours: float | None
    estimated: bool
    ways: pricing.Ways
    asks: Asks
    barriers: tuple[str, ...]


class Candidate(NamedTuple):
    """A credential beside one gap: what is `Listed` of it, and what it does.

    `raws` and `afters` have a number in [0, 1] for each unit, `member` says which alternative gives it. `helped` are the units that it
    raises above what is held, in order, and `gain` is what it alone adds to S. `core` says whether it is about something wanted that is
    not held in full.
    """

    credential: Credential
    trust: Trust
    hours: float | None
    estimated: bool
    ways: pricing.Ways
    asks: Asks
    barriers: tuple[str, ...]
    raws: tuple[float, ...]
    afters: tuple[float, ...]
    member: tuple[int, ...]
    helped: tuple[int, ...]
    gain: float
    core: bool


@dataclass(frozen=True)
class Pool:
    """The credentials that may matter, by id, beside one gap and one set of limits; none of them is held.

    `by_bound` are the hours that fit before the last day, `cost_bound` the most cents a plan may cost before others give their part;
    `musts` are the demanded skills that are not held, each with the credentials that bring it in full; `to_clear` the required units
    that the least cost, or the soonest day, is sought for: those that anything here can clear.
    """

    gap: Gap
    units: tuple[tuple[Need, ...], ...]
    held: tuple[float, ...]
    weights: tuple[float, ...]
    limits: Limits
    market: Market
    schedule: Schedule
    hours_limit: float | None
    by_bound: float | None
    cost_bound: float
    candidates: Mapping[str, Candidate]
    musts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    to_clear: frozenset[int] = frozenset()

    @property
    def profile(self) -> Profile:
        """Whose plan it is to be."""
        return self.market.profile

    @property
    def catalogue(self) -> Catalogue:
        """Where the credentials are from."""
        return self.market.catalogue

    @property
    def terms(self) -> pricing.Terms:
        """What decides prices."""
        return self.market.terms

    @cached_property
    def hours_bound(self) -> float:
        """The most hours a plan may take, infinite where nothing limits them."""
        return min(math.inf if x is None else x for x in (self.hours_limit, self.by_bound))

    @cached_property
    def ready(self) -> frozenset[str]:
        """The credentials that nothing bars and whose demands others that nothing bars can serve."""
        return takable(self, [i for i, c in self.candidates.items() if not c.barriers and (c.hours or 0.0) <= self.hours_bound + HAIR])

    @cached_property
    def useful(self) -> Ids:
        """The credentials that can stand in a plan at all, in the order of their ids."""
        return tuple(sorted(of_use(self, self.ready)))


def gather(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits, *, every: bool = True) -> Pool:
    """Set beside the gap every credential that is about something wanted, and whatever those ask for, held ones left out.

    Without `every`, and where nothing is demanded, those that can be in no best set are left out too: what adds less than a credential must
    bring, asks for nothing, and is not asked for.
    """
    units, here, schedule = gaps.units(gap.needs), market(profile, catalogue, limits), schedules.of(limits)
    pool = Pool(
        gap=gap,
        units=units,
        held=tuple(max(n.held for n in unit) for unit in units),
        weights=tuple(unit[0].weight for unit in units),
        limits=limits,
        market=here,
        schedule=schedule,
        hours_limit=DEFAULT_HOURS if _hours_by_default(limits) else limits.hours,
        by_bound=None if limits.by is None else schedule.hours_until(limits.by),
        cost_bound=0 if limits.free_only else math.inf if limits.budget is None else here.terms.most(pricing.cents(limits.budget)),
        candidates={},
        musts=_musts(gap.needs, here, limits.must),
    )
    effects, found = _Effects(pool), dict[str, Candidate]()
    core = effects.core - here.held
    todo = set(core) if every or demanding(pool) else {c for c in core if effects.may_matter(catalogue.credential[c])}
    todo |= set(limits.include).difference(here.held).union(*pool.musts.values())
    while todo:
        found.update((c, effects.candidate(here.listed(c), core=c in core)) for c in todo)
        todo = {q for c in todo for q in found[c].asks.served_by if q in catalogue.credential}.difference(found)
    pool = replace(pool, candidates=dict(sorted(found.items())))
    if limits.optimize == "coverage" or limits.target is not None or limits.reach is not None:
        return pool
    required = (u for u, unit in enumerate(units) if pool.held[u] < FULL and any(n.importance == "required" for n in unit))
    return replace(
        pool,
        to_clear=frozenset(
            u for u in required if any(c.raws[u] >= FULL and c.credential.status == "current" for c in pool.candidates.values())
        ),
    )


def _hours_by_default(limits: Limits) -> bool:
    return limits.hours is None and limits.budget is None and limits.by is None and not limits.free_only


SLACK, SLACK_OF_GAIN = 0.02, 0.1


def slack(pool: Pool, top: float = math.inf) -> float:
    """How far under the largest V, `top`, a plan may be for the sake of money; without it, the most that can be."""
    if pool.limits.slack is not None:
        return pool.limits.slack * pool.gap.total
    return min(SLACK * pool.gap.total, SLACK_OF_GAIN * max(0.0, top - value(pool, ())))


def demanding(pool: Pool) -> bool:
    """Whether something is demanded of a plan beyond being the best."""
    limits = pool.limits
    return bool(limits.include or pool.musts or limits.target is not None or limits.reach is not None or limits.optimize != "coverage")


# --- What a set amounts to ---------------------------------------------------------------------------


def value(pool: Pool, ids: Collection[str]) -> float:
    """V of a set: the weighted sum of what is met after it, less the least gain for each credential."""
    return covered(pool, ids) - pool.limits.min_gain * len(ids)


def covered(pool: Pool, ids: Collection[str]) -> float:
    """S of a set: the weighted sum of what is met after it, trust counted."""
    return math.fsum(w * r for w, r in zip(pool.weights, reached(pool, ids), strict=True))


def cleared(pool: Pool, ids: Collection[str]) -> float:
    """The weight of what is met in full after a set, trust aside."""
    return math.fsum(
        w
        for u, (w, h) in enumerate(zip(pool.weights, pool.held, strict=True))
        if max([h, *(pool.candidates[c].raws[u] for c in ids)]) >= FULL
    )


def cost(pool: Pool, ids: Iterable[str]) -> int:
    """What a set costs in cents, whoever pays."""
    return pricing.price([pool.candidates[c].ways for c in ids], pool.terms)


def net(pool: Pool, ids: Iterable[str]) -> int:
    """What a set costs in cents, once others have given their part."""
    return pool.terms.net(cost(pool, ids))


def reached(pool: Pool, ids: Collection[str]) -> tuple[float, ...]:
    """What is met of each unit after a set, in [0, 1], trust counted."""
    return tuple(max([h, *(pool.candidates[c].afters[u] for c in ids)]) for u, h in enumerate(pool.held))


def closings(pool: Pool, before: Sequence[float], ids: Collection[str]) -> tuple[Closing, ...]:
    """What a set raises above what each unit stood at before, by the member of the unit that it raises most."""
    found: dict[str, Closing] = {}
    for u in sorted({u for c in ids for u in pool.candidates[c].helped}):
        best = max(ids, key=lambda c: (pool.candidates[c].afters[u], c))
        after = pool.candidates[best].afters[u]
        if after > before[u] + HAIR:
            need = pool.units[u][pool.candidates[best].member[u]]
            closing = Closing.model_construct(skill=need.skill, name=need.name, start=before[u], end=after)
            known = found.get(need.skill)  # several postings can ask for a skill in several ways
            if known is None or known.end - known.start < after - before[u]:
                found[need.skill] = closing
    return tuple(found.values())


def hours(pool: Pool, ids: Iterable[str]) -> float:
    """Known study hours of a set."""
    return math.fsum(pool.candidates[c].hours or 0.0 for c in ids)


def bill(pool: Pool, ids: Iterable[str]) -> pricing.Bill:
    """The cheapest way to pay a set."""
    return pricing.settle([pool.candidates[c].ways for c in sorted(ids)], pool.terms)


def order(pool: Pool, ids: Collection[str]) -> Ids:
    """An order in which a set can be taken; what can never be taken is left out.

    Prerequisites first, then what shares the subscription just used (so that no month is paid twice), the larger gain, the id.
    """
    paid = bill(pool, ids).offers
    plan_of = {c: _plan_of(pool.candidates[c].credential, paid[c]) for c in ids}
    done: list[str] = []
    rest = set(ids)
    while able := [c for c in rest if pool.candidates[c].asks.met_by(done)]:
        last = plan_of[done[-1]] if done else None
        done.append(min(able, key=lambda c: (plan_of[c] is None or plan_of[c] != last, -pool.candidates[c].gain, c)))
        rest.remove(done[-1])
    return tuple(done)


def takable(pool: Pool, ids: Collection[str]) -> frozenset[str]:
    """Those of a set that can be taken in some order."""
    done = {c for c in ids if pool.candidates[c].asks.nothing}
    left = [c for c in ids if c not in done]
    while able := {c for c in left if c not in done and pool.candidates[c].asks.met_by(done)}:
        done |= able
    return frozenset(done)


def of_use(pool: Pool, ids: Collection[str]) -> frozenset[str]:
    """Those of a set that are about something wanted, or demanded, or are asked for, directly or not, by one that is."""
    used: set[str] = set()
    wanted = demanded(pool)
    new = {c for c in ids if pool.candidates[c].core or c in wanted}
    while new:
        used |= new
        new = {q for c in new for q in pool.candidates[c].asks.served_by if q in ids} - used
    return frozenset(used)


def demanded(pool: Pool) -> frozenset[str]:
    """The credentials that a plan has to hold, or that bring a skill which it has to bring."""
    return frozenset(pool.limits.include).union(*pool.musts.values())


def wrong(pool: Pool, ids: Collection[str]) -> str | None:
    """The first rule that a set breaks, in words; None for a set that may be planned."""
    limits = pool.limits
    if len(ids) > limits.max_credentials:
        return "more credentials than the limit"
    for c in ids:
        if pool.candidates[c].barriers:
            return f"{c}: {pool.candidates[c].barriers[0]}"
    if hours(pool, ids) > pool.hours_bound + HAIR:
        return "more hours than the limit"
    if pool.cost_bound < math.inf and cost(pool, ids) > pool.cost_bound:
        return "over the budget"
    if not set(limits.include).intersection(pool.candidates) <= set(ids):
        return "without what must be in it"
    if any(teachers.isdisjoint(ids) for teachers in pool.musts.values()):
        return "without a skill that it must bring"
    if any(all(pool.candidates[c].raws[u] < FULL for c in ids) for u in pool.to_clear):
        return "without a required skill that could be cleared"
    if limits.reach is not None and covered(pool, ids) < limits.reach * pool.gap.total - HAIR:
        return "under the cover to be reached"
    if limits.target is not None and cleared(pool, ids) < limits.target * pool.gap.total - HAIR:
        return "under the target"
    if len(takable(pool, ids)) < len(ids):
        return "what is required cannot come first"
    return "holds a credential of no use" if len(of_use(pool, ids)) < len(ids) else None


# --- Beside the profile --------------------------------------------------------------------------------


class Market:
    """The credentials as one person finds them: their trust, hours, prices and demands, each worked out when it is first looked at.

    Nothing here depends on what is asked, so that it serves for many postings.
    """

    def __init__(self, profile: Profile, catalogue: Catalogue, limits: Limits) -> None:
        self.profile, self.catalogue = profile, catalogue
        self.terms = pricing.terms(catalogue, profile, limits)
        self.held = frozenset(
            h.id for h in profile.credentials if h.id in catalogue.credential and gaps.unexpired(h, catalogue, limits.today)
        )
        """The credentials held that still count."""
        self._limits, self._hours_limited = limits, _hours_limited(limits)
        self._members = frozenset(m.casefold() for m in profile.memberships)
        self._begun = {b.id: b for b in reversed(profile.in_progress)}
        self._owned = tuple(catalogue.credential[i] for i in sorted(self.held))
        self._listed: dict[str, Listed] = {}
        self._shares: dict[tuple[str, int], float] = {}
        self._teachers: dict[tuple[str, int], frozenset[str]] = {}

    def listed(self, id: str) -> Listed:
        """A credential as this person finds it."""
        found = self._listed.get(id)
        if found is None:
            found = self._listed[id] = self._list(self.catalogue.credential[id])
        return found

    def trust(self, c: Credential) -> Trust:
        """How far a credential counts."""
        return trust(c, self.catalogue) if self._limits.trust else TRUSTED

    def share(self, skill: str, level: int) -> float:
        """How far a skill at a level is held, in [0, 1]."""
        key = skill, level
        if key not in self._shares:
            kind, shares = self.catalogue.skill[skill].kind, self.catalogue.shares
            asked = (gaps.Asked(skill, level, kind),)
            best = max((gaps.taught(c, asked, self.catalogue)[0] for c in self._owned), default=0.0)
            for h in self.profile.skills:
                reached = 1.0 if kind == "certification" else min(h.level, level) / level
                best = max(best, shares[h.skill].get(skill, 0.0) * reached)
            self._shares[key] = best
        return self._shares[key]

    def _list(self, c: Credential) -> Listed:
        trusted = self.trust(c)
        begun = self._begun.get(c.id)
        left = None if begun is None else begun.hours_left
        study = self._hours(c) if left is None else left
        ways = pricing.ways(c, study, self.terms, paid=begun is not None and begun.paid)
        return Listed(
            credential=c,
            trust=trusted,
            hours=study,
            estimated=study is not None and c.hours_basis == "estimate" and left is None,
            ways=ways,
            asks=self._asks(c),
            barriers=tuple(self._barriers(c, trusted, study, ways)),
        )

    def _hours(self, c: Credential) -> float | None:
        if c.hours is None or (c.hours_basis == "estimate" and not self._limits.estimates):
            return None
        if not isinstance(c.hours, HoursRange):
            return float(c.hours)
        core = [self.share(t.skill, t.level) for t in c.teaches if t.depth == "core"]
        return c.hours.low if core and math.fsum(core) / len(core) >= 0.5 - HAIR else c.hours.high

    def _asks(self, c: Credential) -> Asks:
        needs = c.requires
        if not (needs.credentials or needs.skills or needs.training):
            return NOTHING_ASKED
        skills = tuple(SkillAsked(s, self._taught_by(s) - {c.id}) for s in needs.skills if self.share(s.skill, s.level) < FULL)
        training = None
        if needs.training is not None:
            basic = SkillLevel(skill=needs.training.skill, level=1)
            had = math.fsum(self._hours(h) or 0.0 for h in self._owned if teaches(h, basic, self.catalogue))
            if had < needs.training.hours - HAIR:
                by_id = self.catalogue.credential
                given = {t: self._hours(by_id[t]) or 0.0 for t in sorted(self._taught_by(basic) - {c.id})}
                training = TrainingAsked(needs.training.skill, needs.training.hours - had, {t: h for t, h in given.items() if h > 0})
        required = frozenset(needs.credentials)
        return Asks(required - self.held, skills, training, self._through(required & self.held))

    def _through(self, held: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()
        todo, seen = list(held), set(held)
        while todo:
            for q in self.catalogue.credential[todo.pop()].requires.credentials:
                if q not in self.held:
                    found.add(q)
                elif q not in seen:
                    seen.add(q)
                    todo.append(q)
        return frozenset(found)

    def _taught_by(self, asked: SkillLevel) -> frozenset[str]:
        key = asked.skill, asked.level
        if key not in self._teachers:
            by_id = self.catalogue.credential
            not_held = (c for c in self.catalogue.helping(asked.skill) if c not in self.held)
            self._teachers[key] = frozenset(c for c in not_held if teaches(by_id[c], asked, self.catalogue))
        return self._teachers[key]

    def _barriers(self, c: Credential, trusted: Trust, study: float | None, ways: pricing.Ways) -> Iterable[str]:
        limits, names = self._limits, self.catalogue.credential
        if c.status == "superseded" and c.superseded_by is not None:
            successor = names[c.superseded_by].name if c.superseded_by in names else c.superseded_by
            yield f"superseded by {successor}"
        elif c.status != "current":
            yield "retired"
        if trusted.value < limits.min_trust - HAIR:
            yield f"its evidence earns a trust of {trusted.value:.2g}, under the least of {limits.min_trust:.2g}"
        for need in c.requires.experience:
            if not self._practised(need):
                about = " or ".join(self.catalogue.skill[s].name for s in need.skills) or "its field"
                yield f"asks {pricing.count(need.years, 'year')} in {about}; the profile does not show them"
        if c.requires.membership is not None and c.requires.membership.casefold() not in self._members:
            yield f"asks membership: {c.requires.membership}; the profile does not show it"
        if (limits.budget is not None or limits.free_only) and not ways.known and not limits.allow_unknown:
            yield "its price is unknown, so it may not fit the budget"
        if study is None and self._hours_limited and not limits.allow_unknown:
            yield "its hours are unknown, and hours are limited"
        yield from _unwanted(c, limits)

    def _practised(self, need: ExperienceNeed) -> bool:
        shares = self.catalogue.shares
        return any(
            h.years is not None and h.years >= need.years and any(shares[h.skill].get(s, 0.0) >= FULL for s in need.skills)
            for h in self.profile.skills
        )


MARKETS = 4
_MARKETS: OrderedDict[tuple[object, ...], Market] = OrderedDict()
"""The markets looked at last, by the identity of catalogue and profile, which the market keeps alive, and what matters of the limits."""


def market(profile: Profile, catalogue: Catalogue, limits: Limits) -> Market:
    """The credentials as a person with these limits finds them."""
    key = (id(catalogue), id(profile), *_seen_by(limits))
    found = _MARKETS.get(key)
    if found is None:
        found = _MARKETS[key] = Market(profile, catalogue, limits)
        if len(_MARKETS) > MARKETS:
            _MARKETS.popitem(last=False)
    _MARKETS.move_to_end(key)
    return found


def _seen_by(limits: Limits) -> tuple[object, ...]:
    """All of the limits that a market depends on: of budget and hours only whether there are any."""
    return (
        limits.today,
        limits.trust,
        limits.min_trust,
        limits.estimates,
        limits.allow_unknown,
        limits.currency,
        tuple(limits.rates.items()),
        limits.hours_per_week,
        *(limits.funding.share, limits.funding.cap, limits.funding.grant),
        limits.budget is not None or limits.free_only,
        _hours_limited(limits),
        *(limits.exclude, limits.kinds, limits.languages, limits.deliveries),
    )


def _hours_limited(limits: Limits) -> bool:
    return limits.hours is not None or limits.by is not None or _hours_by_default(limits)


def _musts(needs: Iterable[Need], here: Market, skills: Iterable[str]) -> dict[str, frozenset[str]]:
    """The skills demanded that are not held at the level asked (2 where nobody asks), with the credentials that bring them in full."""
    found = {}
    for skill in skills:
        level = max((n.level for n in needs if n.counted and n.skill == skill), default=2)
        if here.share(skill, level) < FULL:
            asked = (gaps.Asked(skill, level, here.catalogue.skill[skill].kind),)
            able = (c for c in here.catalogue.helping(skill) if c not in here.held)
            found[skill] = frozenset(c for c in able if gaps.taught(here.catalogue.credential[c], asked, here.catalogue)[0] >= FULL)
    return found


NOTHING_ASKED = Asks()
TRUSTED = Trust(value=1.0, parts=(("trust off", 1.0),))


class _Effects:
    """What is asked and how far it is held, laid out so that many credentials can be set beside it."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._held = pool, pool.held
        self._needs = tuple(n for unit in pool.units for n in unit)
        asked = [gaps.Asked(n.skill, n.level, n.kind, gaps.years_short(n)) for n in self._needs]
        self._asked_for = gaps.AskedFor(asked, pool.catalogue)
        self._unit_of = tuple((u, place) for u, unit in enumerate(pool.units) for place in range(len(unit)))
        """For each need its unit, and its place in it."""
        self._member = tuple(max(range(len(unit)), key=lambda m, unit=unit: (unit[m].held, -m)) for unit in pool.units)  # type: ignore[misc]
        """For each unit the member that is held best."""
        missing = (unit for unit, h in zip(pool.units, pool.held, strict=True) if h < FULL)
        wanted = {(n.skill, n.kind == "certification") for unit in missing for n in unit if n.importance != "context"}
        self.core = frozenset(c for skill, awarded in wanted for c in gaps.about(skill, pool.catalogue, awarded=awarded))
        """The credentials that are about, or award, something required or preferred that is not held in full."""

    def candidate(self, listed: Listed, *, core: bool) -> Candidate:
        """A credential beside what is asked."""
        taught = self._asked_for.taught(listed.credential)
        raws, afters, member = [0.0] * len(self._held), list(self._held), list(self._member)
        for n, raw in taught.items():
            u = self._unit_of[n][0]
            raws[u] = max(raws[u], raw)
        raised = self._raised(taught, listed.trust.value)
        for u, (after, place) in raised.items():
            afters[u], member[u] = after, place
        helped = tuple(sorted(u for u, (after, _) in raised.items() if after > self._held[u]))
        return Candidate(*listed, tuple(raws), tuple(afters), tuple(member), helped, self._gain(raised), core)

    def may_matter(self, c: Credential) -> bool:
        """Whether a credential adds as much as one must bring, or asks for others."""
        asks = c.requires
        if asks.credentials or asks.skills or asks.training:
            return True
        gain = self._gain(self._raised(self._asked_for.taught(c), self._pool.market.trust(c).value))
        return gain >= self._pool.limits.min_gain - HAIR

    def _raised(self, taught: Mapping[int, float], trusted: float) -> dict[int, tuple[float, int]]:
        """What is met of each unit of which an alternative is raised, and by which alternative."""
        found: dict[int, tuple[float, int]] = {}
        for n in sorted(taught):
            need, raw = self._needs[n], taught[n]
            if raw > need.held:
                u, place = self._unit_of[n]
                after = need.held + (1.0 if need.kind == "certification" else trusted) * (raw - need.held)
                most, best = found.get(u, (self._held[u], self._member[u]))
                if after > most or (after == most and place < best):
                    found[u] = after, place
        return found

    def _gain(self, raised: Mapping[int, tuple[float, int]]) -> float:
        """What is added to S."""
        return math.fsum(self._pool.weights[u] * (after - self._held[u]) for u, (after, _) in raised.items() if after > self._held[u])


def teaches(c: Credential, asked: SkillLevel, catalogue: Catalogue) -> bool:
    """Whether a credential is about a skill (or one that implies it in full) to the level asked, or awards the certification."""
    kind = catalogue.skill[asked.skill].kind
    if kind == "certification":
        return gaps.taught(c, (gaps.Asked(asked.skill, asked.level, kind),), catalogue)[0] >= FULL
    return any(t.depth == "core" and t.level >= asked.level and catalogue.shares[t.skill].get(asked.skill, 0.0) >= FULL for t in c.teaches)


def _unwanted(c: Credential, limits: Limits) -> Iterable[str]:
    """What the person does not want about a credential. What nobody has stated counts as unwanted, unless unknowns are allowed."""
    if c.id in limits.exclude or c.provider in limits.exclude:
        yield f"left out on demand ({'the provider ' + c.provider if c.provider in limits.exclude else c.id})"
    if limits.kinds and c.kind not in limits.kinds:
        yield f"is no {' or '.join(k.replace('_', ' ') for k in limits.kinds)}"
    for what, wanted, has in (
        ("languages", limits.languages, c.languages),
        ("delivery", limits.deliveries, (c.delivery,) if c.delivery else ()),
    ):
        if wanted and not has and not limits.allow_unknown:
            yield f"its {what} {'are' if what == 'languages' else 'is'} unknown"
        elif wanted and has and not set(wanted) & set(has):
            yield f"its {what} {'are' if what == 'languages' else 'is'} {', '.join(has)}"


def _plan_of(c: Credential, offer: int | None) -> str | None:
    return None if offer is None else c.offers[offer].plan


def last_day(pool: Pool, studied: float) -> dt.date:
    """The day on which the last of so many hours falls."""
    return pool.schedule.last_day(studied)
