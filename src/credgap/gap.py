"""Requirements + Profile -> Gap (what is held of what is asked) and Verdict (apply, study, look elsewhere)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from credgap import goal as goals
from credgap.models import (
    Catalogue,
    Credential,
    Gap,
    Gate,
    GateCheck,
    GateState,
    HeldCredential,
    Importance,
    Need,
    Profile,
    Requirement,
    Requirements,
    SkillKind,
    Teaching,
    Verdict,
)

WEIGHTS: Mapping[Importance, float] = {"required": 1.0, "preferred": 0.4, "context": 0.1}
COUNTED: tuple[SkillKind, ...] = ("hard", "certification")
TOUCHED = 0.3
"""How far a skill taught in passing counts beside one that the credential is about."""
EXPERIENCE_YEARS = 2.0
"""From so many years asked on, no course counts for more than EXPERIENCE_CAP: nobody buys experience."""
EXPERIENCE_CAP = 0.5
FIT = 0.75
FULL = 1.0 - 1e-9

DEGREES = ("high_school", "associate", "bachelor", "master", "doctorate")


def compare(
    wants: Requirements,
    profile: Profile,
    catalogue: Catalogue,
    *,
    today: dt.date,
    weights: Mapping[Importance, float] = WEIGHTS,
    count: Collection[SkillKind] = COUNTED,
) -> Gap:
    """Set what is asked beside what is held. `fit` is cover of the empty plan; 0 where nothing counts (`total` 0)."""
    holding = _holding(profile, catalogue, today)
    weight_of = _group_weights(wants.requirements, weights, catalogue, count)
    needs = tuple(
        _need(r, weight_of.get(r.group, 0.0) if r.group is not None else _weight(r, weights), profile, holding, catalogue, count)
        for r in wants.requirements
    )
    total = sum(unit[0].weight for unit in units(needs))
    held = sum(unit[0].weight * max(n.held for n in unit) for unit in units(needs))
    return Gap(
        fit=held / total if total else 0.0,
        total=total,
        needs=needs,
        gates=tuple(check_gate(g, profile, catalogue) for g in wants.gates),
        profile_empty=profile.empty,
    )


def units(needs: Iterable[Need]) -> tuple[tuple[Need, ...], ...]:
    """The counted needs, alternatives of one group together, in order of first appearance; each unit counts once."""
    found: dict[object, list[Need]] = {}
    for n in needs:
        if n.counted:  # of several postings together, one can ask for a skill in another way than the next
            found.setdefault((n.skill, n.level, n.years, n.held) if n.group is None else n.group, []).append(n)
    return tuple(tuple(unit) for unit in found.values())


class Asked(NamedTuple):
    """A skill at a level, as a credential is held against it."""

    skill: str
    level: int
    kind: SkillKind
    years_short: bool = False


ByLevel = tuple[float, float, float]
"""How far something taught, or held, meets a skill where level 1, 2 and 3 is asked, in (0, 1]."""


class Brought(NamedTuple):
    """What a credential alone brings, whatever is asked: how far it meets each skill, and the certifications that it counts as."""

    skills: Mapping[str, ByLevel]
    certifications: frozenset[str]


_BROUGHT: WeakKeyDictionary[Catalogue, dict[str, Brought]] = WeakKeyDictionary()


def brought(credential: Credential, catalogue: Catalogue) -> Brought:
    """What a credential brings, reckoned once for each of the catalogue."""
    if catalogue.credential.get(credential.id) is not credential:
        return _brought(credential, catalogue)
    known = _BROUGHT.setdefault(catalogue, {})
    if credential.id not in known:
        known[credential.id] = _brought(credential, catalogue)
    return known[credential.id]


def _brought(credential: Credential, catalogue: Catalogue) -> Brought:
    shares = catalogue.shares
    # What is advised to be known before is not brought by what implies it: a course in React does not teach JavaScript.
    before = {k for s in credential.recommends.skills for k in shares[s.skill]}
    certifications = frozenset(skill for award in credential.awards for skill in shares[award])
    return Brought(_best(credential.teaches, catalogue, before), certifications)


def _best(teachings: Iterable[Teaching], catalogue: Catalogue, before: Collection[str] = ()) -> dict[str, ByLevel]:
    """How far these teachings together meet each skill; what is known `before` only by what teaches it itself."""
    found: dict[str, ByLevel] = {}
    for t in teachings:
        depth = 1.0 if t.depth == "core" else TOUCHED
        for skill, share in catalogue.shares[t.skill].items():
            if skill not in before or skill == t.skill:
                met, known = _by_level(share, depth, t.level), found.get(skill)
                found[skill] = met if known is None else _larger(known, met)
    return found


@lru_cache(maxsize=4096)
def _by_level(share: float, depth: float, level: int) -> ByLevel:
    return share * depth * min(level, 1) / 1, share * depth * min(level, 2) / 2, share * depth * min(level, 3) / 3


@lru_cache(maxsize=4096)
def _larger(one: ByLevel, other: ByLevel) -> ByLevel:
    return max(one[0], other[0]), max(one[1], other[1]), max(one[2], other[2])


class AskedFor:
    """What is asked, laid out so that many credentials can be held against it."""

    def __init__(self, asked: Sequence[Asked], catalogue: Catalogue) -> None:
        self._asked, self._catalogue = asked, catalogue
        self._hard: dict[str, list[int]] = {}
        self._certified: dict[str, list[int]] = {}
        for n, x in enumerate(asked):
            (self._certified if x.kind == "certification" else self._hard).setdefault(x.skill, []).append(n)

    def taught(self, credential: Credential) -> dict[int, float]:
        """How far a credential alone meets what is asked, in (0, 1], trust aside (DESIGN: raw(c, s)), by its place in `asked`."""
        found: dict[int, float] = {}
        given = brought(credential, self._catalogue)
        for skill in self._hard.keys() & given.skills.keys():
            by_level = given.skills[skill]
            for n in self._hard[skill]:
                x = self._asked[n]
                value = by_level[x.level - 1]
                found[n] = min(value, EXPERIENCE_CAP) if x.years_short else value
        for skill in self._certified.keys() & given.certifications:
            found.update(dict.fromkeys(self._certified[skill], 1.0))
        return found


_ABOUT: WeakKeyDictionary[Catalogue, dict[tuple[str, bool], frozenset[str]]] = WeakKeyDictionary()


def about(skill: str, catalogue: Catalogue, *, awarded: bool) -> frozenset[str]:
    """The credentials that award a skill, or that are about it (or about what implies it, to whatever share)."""
    known = _ABOUT.setdefault(catalogue, {})
    found = known.get((skill, awarded))
    if found is None:
        helping = map(catalogue.credential.__getitem__, catalogue.helping(skill))
        found = known[skill, awarded] = frozenset(c.id for c in helping if _is_about(c, skill, catalogue, awarded))
    return found


def _is_about(c: Credential, skill: str, catalogue: Catalogue, awarded: bool) -> bool:
    given = c.awards if awarded else (t.skill for t in c.teaches if t.depth == "core")
    return any(skill in catalogue.shares[g] for g in given)


def taught(credential: Credential, asked: Sequence[Asked], catalogue: Catalogue) -> tuple[float, ...]:
    """How far a credential alone meets each thing asked, in [0, 1] (see `AskedFor`)."""
    found = AskedFor(asked, catalogue).taught(credential)
    return tuple(found.get(n, 0.0) for n in range(len(asked)))


def years_short(need: Need) -> bool:
    """Whether the posting asks for years of practice that the profile does not show."""
    return _short(need.years, need.years_held)


def _short(years: float | None, held: float | None) -> bool:
    return years is not None and years >= EXPERIENCE_YEARS and (held is None or held < years)


def unexpired(held: HeldCredential, catalogue: Catalogue, today: dt.date) -> bool:
    """Whether a credential earned still counts: until `expires`, or until its renewal is due where both are known."""
    if held.expires is not None:
        return held.expires >= today
    credential = catalogue.credential.get(held.id)
    if held.earned is None or credential is None or credential.renewal is None:
        return True
    return add_months(held.earned, credential.renewal.months) >= today


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_gate(gate: Gate, profile: Profile, catalogue: Catalogue) -> GateCheck:
    """Whether the profile opens a gate; unknown where it says nothing about it."""
    state, why = _GATE_CHECKS[gate.kind](gate, profile, catalogue)
    return GateCheck(gate=gate, state=state, why=why)


def judge(gap: Gap, *, fit: float = FIT) -> Verdict:
    """Say, before any plan, whether to apply now, study first, or look elsewhere."""
    unmet = [g for g in gap.gates if g.gate.hard and g.state == "unmet"]
    unknown = [g for g in gap.gates if g.gate.hard and g.state == "unknown"]
    soft = [g for g in gap.gates if not g.gate.hard and g.state == "unmet"]
    notes = tuple(f"Preferred, not a must: {g.gate.text} ({g.why})." for g in soft)
    if gap.profile_empty:
        standing = "The profile is empty, so the fit of 0% says what is asked, not what you can do."
    else:
        standing = f"The profile covers {gap.fit:.0%} of what is asked; the threshold is {fit:.0%}."
    if unmet:
        return Verdict(
            answer="blocked", reasons=(*(f"A must that no credential here opens: {g.gate.text} ({g.why})." for g in unmet), *notes)
        )
    if unknown:
        return Verdict(
            answer="unknown",
            reasons=(*(f"A must the profile says nothing about: {g.gate.text} ({g.why})." for g in unknown), standing, *notes),
        )
    return Verdict(
        answer="apply_now" if gap.fit >= fit - 1e-9 and not gap.profile_empty else "study_then_apply", reasons=(standing, *notes)
    )


def nearest_goals(profile: Profile, catalogue: Catalogue, *, today: dt.date, most: int = 3) -> tuple[tuple[str, float], ...]:
    """The goal roles the profile fits best, of those whose hard gates it does not fail: (id, fit), best first."""
    holding = _holding(profile, catalogue, today)
    found = []
    for role in catalogue.goals:
        asked = ((s, w, catalogue.skill[s.skill].kind) for s, w in goals.weighed(role))
        counted = [(s, w, kind) for s, w, kind in asked if _why_uncounted(s.skill, kind, catalogue, COUNTED) is None]
        total = sum(w for _, w, _ in counted)
        held = sum(w * _held(s.skill, kind, s.level, profile, holding) for s, w, kind in counted)
        if held > 0 and not any(g.hard and check_gate(g, profile, catalogue).state == "unmet" for g in goals.gates(role)):
            found.append((role.id, held / total))
    return tuple(sorted(found, key=lambda x: (-x[1], x[0]))[:most])


class _Holding:
    """Everything a profile holds, in the form in which requirements are held against it."""

    def __init__(self, skills: Mapping[str, ByLevel], certifications: frozenset[str], years: Mapping[str, float]) -> None:
        self.skills, self.certifications, self.years = skills, certifications, years


def _holding(profile: Profile, catalogue: Catalogue, today: dt.date) -> _Holding:
    teachings = [Teaching(skill=h.skill, level=h.level) for h in profile.skills]
    certifications = {h.skill for h in profile.skills if catalogue.skill[h.skill].kind == "certification"}
    for held in profile.credentials:
        credential = catalogue.credential.get(held.id)
        if not unexpired(held, catalogue, today):
            continue
        if credential is not None:
            teachings += credential.teaches
            certifications.update(credential.awards)
        elif held.id in catalogue.skill:
            certifications.add(held.id)
            teachings.append(Teaching(skill=held.id))
    certified = frozenset(s for c in certifications for s in catalogue.shares[c])
    years: dict[str, float] = {}
    for h in profile.skills:
        for skill, share in catalogue.shares[h.skill].items():
            if h.years is not None and share >= FULL:
                years[skill] = max(years.get(skill, 0.0), h.years)
    return _Holding(_best(teachings, catalogue), certified, years)


def _need(r: Requirement, weight: float, profile: Profile, holding: _Holding, catalogue: Catalogue, count: Collection[SkillKind]) -> Need:
    why = _why_uncounted(r.skill, r.kind, catalogue, count)
    years_held = holding.years.get(r.skill)
    return Need(
        skill=r.skill,
        name=r.name,
        kind=r.kind,
        importance=r.importance,
        level=r.level,
        years=r.years,
        years_held=years_held,
        group=r.group,
        weight=weight if why is None else 0.0,
        held=_held(r.skill, r.kind, r.level, profile, holding, short=_short(r.years, years_held)),
        counted=why is None,
        why_uncounted=why,
        route=catalogue.skill[r.skill].route,
        confidence=r.confidence,
        mentions=r.mentions,
    )


def _held(skill: str, kind: SkillKind, level: int, profile: Profile, holding: _Holding, *, short: bool = False) -> float:
    """How far a skill at a level is held; `short`: of the years asked, too few."""
    if kind == "certification":
        return float(skill in holding.certifications)
    if kind == "licence" and skill in (profile.licences or ()):
        return 1.0
    if kind == "human_language" and skill in (profile.languages or ()):
        return 1.0
    best = holding.skills[skill][level - 1] if skill in holding.skills else 0.0
    return min(best, EXPERIENCE_CAP) if short else best


def _why_uncounted(skill: str, kind: SkillKind, catalogue: Catalogue, count: Collection[SkillKind]) -> str | None:
    if kind not in count:
        return "shown, not weighed: " + kind.replace("_", " ")
    return "too wide to be learnt as such" if catalogue.skill[skill].generic else None


def _weight(r: Requirement, weights: Mapping[Importance, float]) -> float:
    return r.weight if r.weight is not None else weights[r.importance]


def _group_weights(
    wants: Iterable[Requirement], weights: Mapping[Importance, float], catalogue: Catalogue, count: Collection[SkillKind]
) -> dict[int, float]:
    found: dict[int, float] = {}
    for r in wants:
        if r.group is not None and _why_uncounted(r.skill, r.kind, catalogue, count) is None:
            found[r.group] = max(found.get(r.group, 0.0), _weight(r, weights))
    return found


def _check_licence(gate: Gate, profile: Profile, catalogue: Catalogue) -> tuple[GateState, str]:
    return _check_held(gate, profile, catalogue, profile.licences, "licences")


def _check_language(gate: Gate, profile: Profile, catalogue: Catalogue) -> tuple[GateState, str]:
    if gate.skill is not None and catalogue.skill[gate.skill].generic and profile.languages is not None:  # "bilingual"
        return ("met" if len(profile.languages) > 1 else "unmet"), f"languages in the profile: {len(profile.languages)}"
    return _check_held(gate, profile, catalogue, profile.languages, "languages")


def _check_held(gate: Gate, profile: Profile, catalogue: Catalogue, listed: Sequence[str] | None, key: str) -> tuple[GateState, str]:
    if gate.skill is None:
        return "unknown", "not in the vocabulary, so it cannot be checked"
    have = {*(listed or ()), *(h.skill for h in profile.skills)}
    if any(catalogue.shares.get(h, {}).get(gate.skill, 0.0) >= FULL for h in have):
        return "met", "in the profile"
    return ("unknown", f"the profile names no {key}") if listed is None else ("unmet", f"not among the {key} of the profile")


def _check_degree(gate: Gate, profile: Profile, catalogue: Catalogue) -> tuple[GateState, str]:
    if profile.education is None:
        return "unknown", "the profile names no education"
    asked = DEGREES.index(gate.degree) if gate.degree else DEGREES.index("bachelor")
    best = max((DEGREES.index(e.degree) for e in profile.education), default=-1)
    return ("met", f"the profile has {DEGREES[best].replace('_', ' ')}") if best >= asked else ("unmet", "no such degree in the profile")


def _check_years(gate: Gate, profile: Profile, catalogue: Catalogue) -> tuple[GateState, str]:
    if profile.years is None:
        return "unknown", "the profile does not say how many years"
    asked = gate.years or 0.0
    return ("met" if profile.years >= asked else "unmet"), f"the profile says {profile.years:g} years"


def _check_clearance(gate: Gate, profile: Profile, catalogue: Catalogue) -> tuple[GateState, str]:
    if profile.clearance is None:
        return "unknown", "the profile does not say"
    return ("met", "in the profile") if profile.clearance else ("unmet", "the profile says none")


_GATE_CHECKS = {
    "licence": _check_licence,
    "degree": _check_degree,
    "years": _check_years,
    "clearance": _check_clearance,
    "human_language": _check_language,
}
