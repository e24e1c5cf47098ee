"""Every data type, in the order in which data flows: catalogue, posting, requirements, profile, gap, plan."""

import datetime as dt
import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, NamedTuple, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=120)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def _partial_date(value: Any) -> Any:
    """A date as YAML reads it (2026-11-22 is a date, 2026 a number) as text."""
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, int) else value


PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), BeforeValidator(_partial_date)]
Level = Annotated[int, Field(ge=1, le=3)]
Share = Annotated[float, Field(gt=0, le=1)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
PositiveHours = Annotated[float, Field(gt=0, le=20_000, allow_inf_nan=False)]

SkillKind = Literal["hard", "soft", "certification", "human_language", "licence"]
Route = Literal["credential", "tutorial", "project", "experience"]
CredentialKind = Literal["badge", "certificate", "professional_certificate", "microdegree", "micromasters", "bootcamp", "exam"]
Importance = Literal["required", "preferred", "context"]
PayPeriod = Literal["hour", "day", "week", "month", "year"]
GateKind = Literal["licence", "degree", "years", "clearance", "human_language"]
GateState = Literal["met", "unmet", "unknown"]
Degree = Literal["required", "preferred", "none"]
DegreeLevel = Literal["high_school", "associate", "bachelor", "master", "doctorate"]


class Model(BaseModel):
    """Frozen and closed: a field nobody defined is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def made(cls, **values: Any) -> Self:
        """As `model_construct`, in a fraction of its time, for what is made by the dozen: every field must be given, and be right."""
        it = cls.__new__(cls)
        object.__setattr__(it, "__dict__", values)
        object.__setattr__(it, "__pydantic_fields_set__", set(values))
        object.__setattr__(it, "__pydantic_extra__", None)
        object.__setattr__(it, "__pydantic_private__", None)
        return it


# --- The catalogue ---------------------------------------------------------------------------------


class Alias(Model):
    """A name of a skill in text, and what must hold for it to count.

    `needs`: at least one of these words stands near. `unless`: phrases that hold the name and mean something else.
    `case`: whether the capitals must be as written; None leaves it to the rule for short acronyms.
    """

    name: Name
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    case: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class NameRule(Model):
    """The conditions of `Alias`, for the skill's own name."""

    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    case: bool | None = None


class Implied(Model):
    """Having the one skill counts for `share` of the other."""

    skill: Id
    share: Share


class Tutorial(Model):
    """A free page that teaches a skill and is likely to stay: official documentation first. `checked`: when it was seen."""

    name: Name
    url: Url
    checked: PartialDate


class Skill(Model):
    """Something a posting can ask for. `route` is how it is best got, `tutorial` a free place to learn it."""

    id: Id
    name: Name
    kind: SkillKind = "hard"
    category: str
    aliases: tuple[Alias, ...] = ()
    name_rule: NameRule = NameRule()
    implies: tuple[Implied, ...] = ()
    generic: bool = False
    route: Route = "credential"
    tutorial: Tutorial | None = None


class Source(Model):
    """A page, what it states, and the day (or month, or year) on which that was seen."""

    url: Url
    checked: PartialDate
    states: tuple[str, ...] = ()
    via: str | None = None


STALE_DAYS = 180
"""A price seen longer ago than this is worth a look before paying."""


def last_day(partial: str) -> dt.date:
    """The last day that a day, month or year (2026-11-22, 2026-11, 2026) may mean."""
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    if day:
        return dt.date(year, month, day)
    return dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - dt.timedelta(days=1)


class SubscriptionPlan(Model):
    """A provider's subscription. `shared: false` serves one credential at a time. `yearly` is absent where there is none."""

    id: Id
    name: Name
    monthly: Amount
    yearly: Amount | None = None
    currency: Currency
    shared: bool = True
    includes: str | None = None
    sources: tuple[Source, ...] = ()


class Provider(Model):
    """Who sells or hosts credentials, and how one can pay."""

    id: Id
    name: Name
    url: Url
    plans: tuple[SubscriptionPlan, ...] = ()
    free: str | None = None
    refund: str | None = None
    aid: str | None = None
    sources: tuple[Source, ...] = ()


class Money(Model):
    """An amount in a currency."""

    amount: Amount
    currency: Currency


class Offer(Model):
    """One way to pay for a credential."""

    pay: Literal["free", "once", "subscription"]
    amount: Amount | None = None
    currency: Currency | None = None
    plan: Id | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = {k for k in ("amount", "currency", "plan") if getattr(self, k) is not None}
        wanted = {"free": set(), "once": {"amount", "currency"}, "subscription": {"plan"}}[self.pay]
        if given != wanted:
            fields, here = ", ".join(sorted(wanted)) or "no further fields", ", ".join(sorted(given)) or "none"
            raise ValueError(f"an offer paid {self.pay!r} has {fields}; here: {here}")
        return self


class HoursRange(Model):
    """Study hours, least for someone who holds half of what is taught, most for a beginner."""

    low: PositiveHours
    high: PositiveHours

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is more than high")
        return self


class SkillLevel(Model):
    """A skill at a level."""

    skill: Id
    level: Level = 2


class Teaching(SkillLevel):
    """A skill a credential teaches: `core` is what it is about, `touched` is in passing."""

    depth: Literal["core", "touched"] = "core"


class ExperienceNeed(Model):
    """Years of practice in any one of the skills."""

    years: Annotated[float, Field(gt=0)]
    skills: tuple[Id, ...]


class TrainingNeed(Model):
    """Hours of training about a skill before the exam may be sat."""

    hours: PositiveHours
    skill: Id


class Requires(Model):
    """What the issuer enforces before the credential can be had."""

    skills: tuple[SkillLevel, ...] = ()
    credentials: tuple[Id, ...] = ()
    experience: tuple[ExperienceNeed, ...] = ()
    training: TrainingNeed | None = None
    membership: str | None = None


class Recommends(Model):
    """What the issuer merely advises; shown, never enforced."""

    skills: tuple[SkillLevel, ...] = ()
    credentials: tuple[Id, ...] = ()
    note: str | None = None


class Retake(Model):
    """What a further attempt costs, where known, and the rules: waits, attempts that are included."""

    amount: Amount | None = None
    currency: Currency | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.amount is None) != (self.currency is None):
            raise ValueError("an amount and its currency stand together")
        return self


class Renewal(Model):
    """After how many months the credential lapses, and what keeping it costs, where known."""

    months: Annotated[int, Field(gt=0)]
    amount: Amount | None = None
    currency: Currency | None = None
    note: str | None = None


class Credential(Model):
    """A credential that can be taken. A fact nobody has seen is absent (None), never zero.

    `practical` is what is made in it and `mentoring` who helps, where a page says so; `credit` is a credit recommendation.
    """

    id: Id
    name: Name
    provider: Id
    issuer: Name
    field: str | None = None
    kind: CredentialKind
    url: Url
    teaches: tuple[Teaching, ...] = ()
    awards: tuple[Id, ...] = ()
    requires: Requires = Requires()
    recommends: Recommends = Recommends()
    hours: PositiveHours | HoursRange | None = None
    hours_basis: Literal["stated", "derived", "estimate"] | None = None
    offers: tuple[Offer, ...] = ()
    exam_fee: Money | None = None
    retake: Retake | None = None
    practical: str | None = None
    mentoring: str | None = None
    renewal: Renewal | None = None
    assessment: tuple[Literal["quiz", "graded_project", "proctored_exam", "portfolio"], ...] = ()
    accreditation: tuple[str, ...] = ()
    credit: str | None = None
    stacks_into: tuple[Id, ...] = ()
    languages: tuple[str, ...] = ()
    delivery: Literal["online", "in_person", "blended"] | None = None
    status: Literal["current", "retired", "superseded"] = "current"
    superseded_by: Id | None = None
    trust: Annotated[float, Field(ge=0, le=1)] | None = None
    sources: tuple[Source, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _superseded(cls, value: Any) -> Any:
        return {"status": "superseded", **value} if isinstance(value, dict) and value.get("superseded_by") else value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if sum(t.depth == "core" for t in self.teaches) > 8:
            raise ValueError("more than eight core skills in `teaches`; mark what is in passing with depth: touched")
        if not self.teaches and not self.awards:
            raise ValueError("teaches nothing and awards nothing")
        if self.hours is not None and self.hours_basis is None:
            raise ValueError("hours without hours_basis (stated, derived or estimate)")
        if self.status == "superseded" and self.superseded_by is None:
            raise ValueError("`status: superseded` needs `superseded_by`")
        if self.status == "current" and self.superseded_by is not None:
            raise ValueError("what is superseded is not current")
        return self


class GoalSkill(Model):
    """A skill a role asks for: weight is the share of counted postings that name it, `count` how many did."""

    skill: Id
    weight: Annotated[float, Field(gt=0, le=1)]
    level: Level = 2
    count: Annotated[int, Field(ge=0)] | None = None


class GoalGate(Model):
    """What no micro-credential opens for the role as such."""

    kind: GateKind
    text: str
    hard: bool = True
    skill: Id | None = None
    degree: DegreeLevel | None = None
    years: float | None = None


FEW_POSTINGS = 20
"""Weights counted from fewer postings than this are said to rest on few."""


class Goal(Model):
    """A role, and what postings of that role ask for. `postings`: how many were counted."""

    id: Id
    name: Name
    aliases: tuple[Name, ...] = ()
    category: str | None = None
    onet: str | None = None
    postings: Annotated[int, Field(ge=0)] | None = None
    skills: Annotated[tuple[GoalSkill, ...], Field(min_length=1)]
    gates: tuple[GoalGate, ...] = ()
    note: str | None = None

    @property
    def thin(self) -> bool:
        """Whether the weights rest on so few postings that it must be said."""
        return self.postings is not None and self.postings < FEW_POSTINGS


class FieldStats(Model):
    """Counts over the credentials of a field: with an offer, with hours, with both, with estimated hours, with a price long unchecked."""

    field: str
    credentials: int
    priced: int
    timed: int
    priced_and_timed: int
    estimated: int
    stale: int
    median_age_days: int | None


class Stats(Model):
    """What a catalogue holds. Pairs are (name, count), largest first; `thin_goals` rest on fewer than 20 postings."""

    total: FieldStats
    fields: tuple[FieldStats, ...]
    kinds: tuple[tuple[str, int], ...]
    providers: tuple[tuple[str, int], ...]
    retired: int
    skills: tuple[tuple[str, int], ...]
    tutorials: int
    goals: int
    thin_goals: int


class FieldOfWork(Model):
    """A field that credentials and roles belong to. `caution`: what studies found against short credentials in it."""

    id: Id
    name: Name
    caution: str | None = None
    sources: tuple[Source, ...] = ()


EVERYWHERE = "any"
"""Stands for all fields together where postings are counted."""


class Issuer(Model):
    """Who stands behind certifications: in how many postings of each field, and of `any`, one is named. The id is `issuer_id(name)`."""

    id: Id
    name: Name
    named: Mapping[Id, Annotated[int, Field(ge=0)]]


def issuer_id(name: str) -> str:
    """The id under which an issuer is counted."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


T = TypeVar("T", bound=Model)
Plain = Mapping[str, Mapping[str, str]]
"""A catalogue as text: for each kind of entry and for `shares` the JSON of each by id, for `helping` ids with blanks between."""


class Entries(Mapping[str, T], Generic[T]):
    """Entries by id, in the order of ids. One kept as JSON or as plain data becomes a model when it is first asked for."""

    def __init__(self, model: type[T], entries: Mapping[str, T | str | dict[str, Any]]) -> None:
        self._model = model
        self._entries = {i: entries[i] for i in sorted(entries)}

    def __getitem__(self, key: str) -> T:
        entry = self._entries[key]
        if isinstance(entry, str):
            entry = self._entries[key] = self._model.model_validate_json(entry)
        elif isinstance(entry, dict):
            entry = self._entries[key] = self._model.model_validate(entry)
        return entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def plain(self) -> dict[str, str]:
        """The JSON of every entry, defaults left out."""
        return {i: e if isinstance(e, str) else self[i].model_dump_json(exclude_defaults=True) for i, e in list(self._entries.items())}


class Shares(Mapping[str, Mapping[str, float]]):
    """For each skill, how far having it counts for others (DESIGN: share(t, s)); itself 1, and alone where it implies nothing."""

    def __init__(self, ids: Collection[str], shares: Mapping[str, Mapping[str, float] | str]) -> None:
        self._ids = ids
        self._shares = dict(shares)

    def __getitem__(self, key: str) -> Mapping[str, float]:
        found = self._shares.get(key)
        if found is None:
            if key not in self._ids:
                raise KeyError(key)
            found = self._shares[key] = {key: 1.0}
        elif isinstance(found, str):
            found = self._shares[key] = json.loads(found)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class Catalogue:
    """Skills, providers, credentials, goals, fields and issuers by id, checked against each other.

    `shares`: for each skill, how far having it counts for every skill it implies in any number of steps, itself 1; shares multiply
    along a chain and the best chain counts. `digest` tells catalogues made from different files apart.
    """

    def __init__(
        self,
        *,
        skills: Mapping[str, Skill | str | dict[str, Any]],
        providers: Mapping[str, Provider | str | dict[str, Any]],
        credentials: Mapping[str, Credential | str | dict[str, Any]],
        goals: Mapping[str, Goal | str | dict[str, Any]],
        fields: Mapping[str, FieldOfWork | str | dict[str, Any]] | None = None,
        issuers: Mapping[str, Issuer | str | dict[str, Any]] | None = None,
        shares: Mapping[str, str] | None = None,
        helping: Mapping[str, str] | None = None,
        digest: str = "",
    ) -> None:
        self.skill = Entries(Skill, skills)
        self.provider = Entries(Provider, providers)
        self.credential = Entries(Credential, credentials)
        self.goal = Entries(Goal, goals)
        self.field = Entries(FieldOfWork, fields or {})
        self.issuer = Entries(Issuer, issuers or {})
        self.digest = digest
        self._helping = helping
        self.shares = Shares(self.skill, _all_shares(self.skills) if shares is None else shares)

    @cached_property
    def skills(self) -> tuple[Skill, ...]:
        """All skills, in the order of ids."""
        return tuple(self.skill.values())

    @cached_property
    def credentials(self) -> tuple[Credential, ...]:
        """All credentials, in the order of ids."""
        return tuple(self.credential.values())

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """All goals, in the order of ids."""
        return tuple(self.goal.values())

    @cached_property
    def subscription(self) -> dict[str, SubscriptionPlan]:
        """Subscription plans by id; ids are unique over all providers."""
        return {x.id: x for p in self.provider.values() for x in p.plans}

    def sources(self, credential: Credential, offer: int | None) -> tuple[Source, ...]:
        """The pages that state a credential's facts, and, where an offer is a subscription, its price."""
        plan = None if offer is None else credential.offers[offer].plan
        return credential.sources if plan is None else (*credential.sources, *self.subscription[plan].sources)

    def price_sources(self, credential: Credential, offer: int | None) -> tuple[Source, ...]:
        """The pages that state what one pays by this offer (by none: the exam fee and whatever else is priced)."""
        plan = None if offer is None else credential.offers[offer].plan
        own = tuple(s for s in credential.sources if "price" in s.states)
        return own if plan is None else (*own, *self.subscription[plan].sources)

    def helping(self, skill: str) -> tuple[str, ...]:
        """The credentials that are about a skill, or award it, or are about or award what implies it; in the order of ids."""
        if self._helping is None:
            self._helping = {s: " ".join(ids) for s, ids in self._all_helping().items()}
        return tuple(self._helping.get(skill, "").split())

    def _all_helping(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for c in self.credentials:
            given = (*(t.skill for t in c.teaches if t.depth == "core"), *c.awards)
            for skill in sorted({s for g in given for s in self.shares.get(g, ())}):
                found.setdefault(skill, []).append(c.id)
        return found

    def plain(self) -> Plain:
        """All of it as text: what the constructor takes."""
        return {
            "skills": self.skill.plain(),
            "providers": self.provider.plain(),
            "credentials": self.credential.plain(),
            "goals": self.goal.plain(),
            "fields": self.field.plain(),
            "issuers": self.issuer.plain(),
            "shares": {s: json.dumps(self.shares[s]) for s in self.shares if len(self.shares[s]) > 1},
            "helping": {s: " ".join(ids) for s, ids in self._all_helping().items()},
        }


def _all_shares(skills: Iterable[Skill]) -> dict[str, dict[str, float]]:
    direct = {s.id: tuple((i.skill, i.share) for i in s.implies) for s in skills}
    return {s: _best_shares(s, direct) for s in direct}


def _best_shares(start: str, direct: Mapping[str, tuple[tuple[str, float], ...]]) -> dict[str, float]:
    best, todo = {start: 1.0}, [start]
    while todo:
        here = todo.pop()
        for there, share in direct.get(here, ()):
            value = best[here] * share
            if value > best.get(there, 0.0):
                best[there] = value
                todo.append(there)
    return best


# --- The posting and what it asks for --------------------------------------------------------------

SectionRole = Literal["required", "preferred", "duties", "stack", "company", "benefits", "legal", "other"]


class Line(NamedTuple):
    """A line of a posting: offsets in characters into the clean text, and the kind of section it stands in.

    `number` counts lines of the text as given; a long line is cut into several with the same number.
    """

    number: int
    start: int
    end: int
    role: SectionRole = "other"
    heading: bool = False


class Posting(Model):
    """A posting as given (`text`) and cleaned for reading (`clean`, whose lines are `lines`, in order).

    `steps` are pairs (place in `clean`, place in `text`): from each on, both run in step until the next.
    """

    id: str
    source: str
    title: str | None = None
    text: str
    clean: str
    steps: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()

    def place(self, at: int) -> int:
        """Where the character `at` of the clean text stands in the text as given."""
        here, there = self.steps[bisect_right(self.steps, (at, len(self.text))) - 1]
        return there + at - here


class Mention(Model):
    """Where something stands in the posting's text as given: characters [start, end), line counted from 1.

    `quote` is the sentence or list item around it, cleaned, for people to read.
    """

    text: str
    start: int
    end: int
    line: int
    quote: str = ""


class Requirement(Model):
    """A skill a posting or goal asks for. Requirements with the same `group` are alternatives: any one will do.

    `mentions` stand in the order in which they demand it: required before preferred before context.
    """

    skill: Id
    name: str
    kind: SkillKind
    importance: Importance
    level: Level = 2
    years: float | None = None
    group: int | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    how: str = "exact"
    weight: float | None = None
    """Set for goals only: the share of postings that ask for it, scaled so that the role's largest is 1."""
    mentions: tuple[Mention, ...] = ()


class Gate(Model):
    """What no micro-credential opens. `hard` is a must; soft is preferred or "or equivalent"."""

    kind: GateKind
    text: str
    hard: bool
    start: int = 0
    end: int = 0
    line: int = 0
    skill: Id | None = None
    """The licence or language, where it is in the vocabulary."""
    degree: DegreeLevel | None = None
    years: float | None = None


class Negated(Model):
    """A skill the posting names and says is not needed."""

    skill: Id
    mentions: tuple[Mention, ...] = ()


class UnknownTerm(Model):
    """A phrase that stands where skills stand and is in no vocabulary."""

    text: str
    start: int
    end: int
    line: int = 0


class ClosingDate(Model):
    """Until when one may apply, as a posting says; `date` None where day, month or year cannot be told for sure."""

    text: str
    start: int
    end: int
    line: int
    date: dt.date | None = None


class StatedPay(Model):
    """The pay a posting states, `low` to `high` (equal where it is one amount); `period` None where it does not say which."""

    text: str
    start: int
    end: int
    line: int
    low: float
    high: float
    currency: Currency
    period: PayPeriod | None = None


class Requirements(Model):
    """All that was read out of one posting or goal. `source` names the file or the goal.

    `unfit` says what the text is where it is no posting ("a page whose posting is gone"): then nothing is to be advised on it.
    """

    id: str
    source: str
    title: str | None = None
    requirements: tuple[Requirement, ...] = ()
    gates: tuple[Gate, ...] = ()
    negated: tuple[Negated, ...] = ()
    degree: Degree = "none"
    closing: ClosingDate | None = None
    pay: StatedPay | None = None
    unknown_terms: tuple[UnknownTerm, ...] = ()
    warnings: tuple[str, ...] = ()
    unfit: str | None = None


# --- The person -------------------------------------------------------------------------------------


class HeldSkill(Model):
    """A skill a person says they have; years None: not said."""

    skill: Id
    level: Level = 2
    years: Annotated[float, Field(ge=0)] | None = None


class HeldCredential(Model):
    """A credential earned, by its id or that of the certification it is; counts until it expires or its renewal is due."""

    id: Id
    earned: dt.date | None = None
    expires: dt.date | None = None


class Education(Model):
    """A degree finished."""

    degree: DegreeLevel
    field: str | None = None


class Begun(Model):
    """A credential begun: the hours still to go, where known, and whether it is paid already."""

    id: Id
    hours_left: PositiveHours | None = None
    paid: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"id": value} if isinstance(value, str) else value


class Profile(Model):
    """What a person has. A key that is None was not said (unknown); an empty list says "none"."""

    skills: tuple[HeldSkill, ...] = ()
    credentials: tuple[HeldCredential, ...] = ()
    education: tuple[Education, ...] | None = None
    licences: tuple[Id, ...] | None = None
    languages: tuple[Id, ...] | None = None
    clearance: bool | None = None
    years: Annotated[float, Field(ge=0)] | None = None
    """Years worked in the field of the posting."""
    memberships: tuple[str, ...] = ()
    subscriptions: tuple[Id, ...] = ()
    in_progress: tuple[Begun, ...] = ()
    assumed: tuple[Id, ...] = ()
    """Skills that are not said to be held but taken from a role held: to be confirmed."""
    hours_per_week: Annotated[float, Field(gt=0, le=100)] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is said that could count as held."""
        return not (self.skills or self.credentials)


# --- The gap ------------------------------------------------------------------------------------------


class Need(Model):
    """A requirement beside what is held of it.

    `weight` is that of the whole group for a member of a group. `held` in [0, 1]. Uncounted needs are shown, never weighed.
    """

    skill: Id
    name: str
    kind: SkillKind
    importance: Importance
    level: Level
    years: float | None
    years_held: float | None = None
    group: int | None
    weight: float
    held: float
    counted: bool
    why_uncounted: str | None = None
    route: Route = "credential"
    confidence: float = 1.0
    mentions: tuple[Mention, ...] = ()


class GateCheck(Model):
    """A gate and whether the profile meets it, with the reason in words."""

    gate: Gate
    state: GateState
    why: str


class Gap(Model):
    """What is asked beside what is held. `total` is W, `fit` is cover of the empty plan in [0, 1]."""

    fit: float
    total: float
    needs: tuple[Need, ...]
    gates: tuple[GateCheck, ...] = ()
    profile_empty: bool = False


class Verdict(Model):
    """Apply now, study first, blocked, or unknown, with the reasons in words."""

    answer: Literal["apply_now", "study_then_apply", "blocked", "unknown"]
    reasons: tuple[str, ...] = ()


# --- The plan -----------------------------------------------------------------------------------------


class Funding(Model):
    """Money that others give: a share of the cost, up to `cap`, and then a sum (`grant`)."""

    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    cap: Amount | None = None
    grant: Amount = 0.0


class DaysOff(Model):
    """Days without study, from the first to the last."""

    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError("the last day off is before the first")
        return self


class Limits(Model):
    """What the person can give, what is demanded, and how the choice is made. Defaults are DESIGN's.

    `start` is the first day of study (`today` where None). `rates`: what one unit of another currency is worth in `currency`.
    `must` are skills that the plan has to clear, `include` credentials that it has to hold; `exclude` names credentials and providers.
    `slack` None is two points of cover, and at most a tenth of what the best plan gains, so that it never takes the whole plan.
    `target` is the share of the weight asked that has to be cleared, `reach` the cover, trust counted, that has to be reached.
    """

    today: dt.date
    start: dt.date | None = None
    days_off: tuple[DaysOff, ...] = ()
    budget: Amount | None = None
    funding: Funding = Funding()
    free_only: bool = False
    rates: Mapping[Currency, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    optimize: Literal["coverage", "cost", "time"] = "coverage"
    target: Share | None = None
    reach: Share | None = None
    must: tuple[Id, ...] = ()
    include: tuple[Id, ...] = ()
    exclude: tuple[Id, ...] = ()
    prefer: tuple[Id, ...] = ()
    kinds: tuple[CredentialKind, ...] = ()
    languages: tuple[str, ...] = ()
    deliveries: tuple[Literal["online", "in_person", "blended"], ...] = ()
    currency: Currency = "USD"
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    hours_per_week: Annotated[float, Field(gt=0, le=100)] = 5.0
    by: dt.date | None = None
    max_credentials: Annotated[int, Field(ge=0, le=50)] = 2
    min_gain: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.5
    slack: Annotated[float, Field(ge=0, le=1)] | None = None
    min_trust: Annotated[float, Field(ge=0, le=1)] = 0.4
    trust: bool = True
    allow_unknown: bool = False
    estimates: bool = True
    solve_seconds: Annotated[float, Field(gt=0)] = 5.0

    @property
    def first_day(self) -> dt.date:
        """The first day of study."""
        return self.start or self.today


class Trust(Model):
    """How far a credential's evidence carries, with the parts that make it."""

    value: Annotated[float, Field(ge=0, le=1)]
    parts: tuple[tuple[str, float], ...] = ()


class Closing(Model):
    """What a step does for one skill: the share held before and after, in [0, 1], trust counted."""

    skill: Id
    name: str
    start: float
    end: float


class Step(Model):
    """One credential of a plan. cost None: unknown price. Dates are first and last day of study, None: unknown hours.

    `cost` is what this step pays itself (once, fees); subscriptions are summed apart in `Plan.subscriptions`.
    """

    order: int
    credential: Id
    name: str
    provider: Id
    url: str
    offer: int | None
    closes: tuple[Closing, ...]
    cost: float | None
    hours: float | None
    hours_estimated: bool = False
    start: dt.date | None
    end: dt.date | None
    trust: Trust
    why: tuple[str, ...] = ()
    lost_without: float = 0.0
    """The share of cover that would be lost without this step and what needs it, in [0, 1]."""
    refund: str | None = None
    aid: str | None = None
    counts_toward: tuple[str, ...] = ()
    credit: str | None = None


class PaidSubscription(Model):
    """Months of a subscription that the plan pays, and the amount in the plan's currency.

    Paid as `years` whole years and `single_months` months; `months` is what the study of `credentials` needs.
    """

    plan: Id
    name: str
    months: int
    amount: float
    years: int
    single_months: int
    credentials: tuple[Id, ...]


class Payment(Model):
    """What is due on a day, and for what; `day` None where the dates are unknown."""

    day: dt.date | None
    what: str
    amount: float


class RenewalDue(Model):
    """When a credential lapses unless it is renewed, and what that costs; None: nobody has stated it, or in another currency."""

    credential: Id
    name: str
    day: dt.date
    amount: float | None


class Cost(Model):
    """What a plan costs, in `currency`. `at_least`: an unknown price is in it. `net` is `amount` less the `funded` part.

    `if_one_exam_fails` (None: unknown) and `if_a_month_longer` are net, too. `share_of_month` is `net` as a share of the pay of a month
    that the posting states, at the least it states.
    """

    amount: float
    net: float
    currency: Currency
    if_one_exam_fails: float | None
    at_least: bool = False
    funded: float = 0.0
    if_a_month_longer: float | None = None
    share_of_month: float | None = None


class Plan(Model):
    """The set to take together, proven (`bound` equals `objective`) or with its distance to the bound."""

    status: Literal["optimal", "feasible", "nothing_to_buy"]
    objective: float
    bound: float
    cover_before: float
    cover_after: float
    cost: Cost
    hours: float
    hours_at_least: bool = False
    weeks: float
    finish: dt.date | None
    steps: tuple[Step, ...] = ()
    subscriptions: tuple[PaidSubscription, ...] = ()
    payments: tuple[Payment, ...] = ()
    renewals: tuple[RenewalDue, ...] = ()
    reason: str | None = None


class Ranked(Model):
    """A single credential with what it requires: `score` is the V it adds alone."""

    credential: Id
    name: str
    score: float
    cover_gain: float
    cost: float | None
    hours: float | None
    hours_estimated: bool = False
    trust: float
    fits: bool
    why_not: str | None = None
    closes: tuple[Closing, ...] = ()


class NotClosed(Model):
    """A counted skill that the plan leaves open, how it is best got, what to do, and a free place to learn it, where one is known."""

    skill: Id
    name: str
    importance: Importance
    route: Route
    advice: str
    tutorial: Tutorial | None = None


class Outline(Model):
    """A plan in short: its credentials in order, the cover after it, what it costs net (None: unknown), its hours."""

    credentials: tuple[Id, ...]
    names: tuple[str, ...]
    cover: float
    net: float | None
    hours: float
    objective: float


class Change(Model):
    """The least change of one limit alone that would let something in, from `now` to `needed`, and the `best` plan without that limit.

    `limit` is the option that sets it; a day is written as text, all else as a number.
    """

    limit: Literal["budget", "hours", "by", "max_credentials", "min_trust"]
    now: float | str
    needed: float | str
    best: Outline


class Choice(Model):
    """All that the planner says: the plan, the ranking of single credentials, what stays open, what other limits and plans would give."""

    plan: Plan
    ranking: tuple[Ranked, ...] = ()
    not_closed: tuple[NotClosed, ...] = ()
    changes: tuple[Change, ...] = ()
    alternatives: tuple[Outline, ...] = ()
    warnings: tuple[str, ...] = ()


class PostingFit(Model):
    """One of several postings that one plan is made for: its fit before the plan and after each step.

    `blocked`: a must is unmet that no credential opens, so that it never passes.
    """

    id: str
    source: str
    title: str | None = None
    blocked: bool = False
    fits: tuple[float, ...]


class Point(Model):
    """A point where the best plan changes: from this much money (net), or these weeks, on it is `best`.

    `more` is the cover beyond that of the point before, `added` and `dropped` the credentials by which the plans differ.
    """

    at: float
    best: Outline
    weeks: float
    more: float
    added: tuple[Id, ...] = ()
    dropped: tuple[Id, ...] = ()


class Frontier(Model):
    """What each further sum, or week, buys: points in ascending order, the first what is held already. `proven`: every point is."""

    axis: Literal["money", "weeks"]
    currency: Currency
    points: tuple[Point, ...]
    proven: bool = True


class Why(Model):
    """Where one credential stands beside the plan.

    `place` among `of` ranked ones (None: it adds nothing); `with_it` is the best plan that holds it (None: there is none) and `plan` the
    best plan; `reasons` say in words what beat it, or what keeps it out.
    """

    credential: Id
    name: str
    in_plan: bool
    place: int | None
    of: int
    ranked: Ranked | None
    trust: Trust
    with_it: Outline | None
    plan: Outline
    reasons: tuple[str, ...]


class RoleReach(Model):
    """How near a profile is to a role: fit now, the cheapest and the soonest plan that reach the threshold (None: not within limits).

    `carried` are the skills asked for that are held in full, `missing` the required ones that are not held at all.
    """

    goal: Id
    name: str
    fit: float
    postings: int | None
    blocked: str | None
    cheapest: Outline | None
    soonest: Outline | None
    finish: dt.date | None
    carried: tuple[str, ...]
    missing: tuple[str, ...]


# --- The whole answer -----------------------------------------------------------------------------------


class Report(Model):
    """One analysed posting or goal: what every reporter renders and none computes.

    `gap`, `verdict` and `choice` are None for the commands that stop before them.
    """

    command: Literal["extract", "gap", "plan", "frontier", "why"]
    requirements: Requirements
    gap: Gap | None = None
    verdict: Verdict | None = None
    choice: Choice | None = None
    limits: Limits | None = None
    threshold: float | None = None
    """The fit from which the advice is to apply now."""
    failure: str | None = None
    """Why there is no answer for this one of several postings."""
    nearer_goals: tuple[tuple[str, float], ...] = ()
    """For a blocked posting: goal roles (id, fit) the profile is nearer to."""
    together: tuple[PostingFit, ...] = ()
    """The postings that one plan is made for, where there are several."""
    frontiers: tuple[Frontier, ...] = ()
    why: Why | None = None
    since: tuple[str, ...] = ()
    """What changed since the plan that was saved."""
    posting: Posting | None = None
    """The text that was analysed, for the formats that show it."""
    beside: tuple[str, ...] = ()
    """Skills that the profile names and that are not asked for."""
    role: str | None = None
    place: str | None = None
    """What the text gives as the job's title and place, where it was looked for."""
    held: str = ""
    """The options of the command line that said what the person has, to be given again."""
