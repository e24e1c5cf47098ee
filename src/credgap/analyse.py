"""The whole program: requirements -> gap -> verdict -> plan, as one Report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from credgap import gap as gaps
from credgap import posting, requirements, skills, together
from credgap import profile as profiles
from credgap.errors import DoesNotFitError, NothingRecognisedError, ProfileError
from credgap.models import (
    Catalogue,
    Choice,
    Gap,
    Importance,
    Limits,
    PayPeriod,
    Plan,
    PostingFit,
    Profile,
    Report,
    Requirements,
    Skill,
    SkillKind,
    StatedPay,
)


class Reader:
    """What turns texts of postings into what they ask for, and the words of `--have` into profiles.

    The index of all names is made once, in some two seconds; reading is quick: keep it. `forms` are those of `skills.prepare`.
    """

    def __init__(self, catalogue: Catalogue, forms: Mapping[str, str] | None = None) -> None:
        self._catalogue = catalogue
        self._index = skills.index(catalogue.skills, forms or skills.prepare(catalogue.skills))

    def __call__(self, text: str) -> Requirements:
        """What a posting asks for. Raises PostingError where there is no text."""
        return requirements.find(posting.read(text, id="text", source="the posting"), self._index)

    def profile(self, have: str, base: Profile | None = None) -> Profile:
        """What "python, sql:3, excel:2:4y" has, laid over another profile. Raises ProfileError, which names the nearest skills."""
        return profiles.lay_over(base or Profile(), profiles.have(have, self))

    def lookup(self, name: str) -> Skill | None:
        """The skill of that id, name or alias."""
        return self._catalogue.skill.get(name) or self._index.lookup(name)

    def nearest(self, name: str) -> Sequence[str]:
        """Names that look most like it."""
        return self._index.nearest(name)


def extract(wants: Requirements, *, today: dt.date) -> Report:
    """What a posting asks for. Raises NothingRecognisedError where that is nothing at all, or the text no posting."""
    if wants.unfit or (not wants.requirements and not wants.gates):
        raise nothing_recognised(wants)
    return Report(command="extract", requirements=_dated(wants, today))


def _dated(wants: Requirements, today: dt.date) -> Requirements:
    """The same, with a warning where the closing date is over."""
    if wants.closing is None or wants.closing.date is None or wants.closing.date >= today:
        return wants
    over = f"Applications closed on {wants.closing.date} (line {wants.closing.line}): look for a posting that is still open."
    return wants.model_copy(update={"warnings": (over, *wants.warnings)})


def compare(
    wants: Requirements,
    profile: Profile,
    catalogue: Catalogue,
    *,
    today: dt.date,
    weights: Mapping[Importance, float] = gaps.WEIGHTS,
    count: Collection[SkillKind] = gaps.COUNTED,
    fit: float = gaps.FIT,
    brief: bool = False,
) -> Report:
    """What is held of what is asked, and the verdict; `brief`: without the roles that are nearer where it is blocked.

    Raises NothingRecognisedError where nothing counts, ProfileError where the profile names a skill that the catalogue has not got.
    """
    if wants.unfit:
        raise nothing_recognised(wants)
    if strangers := [h.skill for h in profile.skills if h.skill not in catalogue.skill]:
        raise ProfileError(
            f"the profile has {strangers[0]!r}, which is the id of no skill", hint="`Reader(catalogue).profile('excel:3')` takes names too."
        )
    gap = gaps.compare(wants, profile, catalogue, today=today, weights=weights, count=count)
    if gap.total <= 0:
        raise nothing_recognised(wants)
    verdict = gaps.judge(gap, fit=fit)
    if profile.assumed:
        wants = _assumed(wants, profile, catalogue)
    nearer = gaps.nearest_goals(profile, catalogue, today=today) if verdict.answer == "blocked" and not brief else ()
    return Report(
        command="gap",
        requirements=_dated(wants, today),
        gap=gap,
        verdict=verdict,
        threshold=fit,
        nearer_goals=nearer,
        beside=_beside(wants, profile, catalogue),
    )


def _beside(wants: Requirements, profile: Profile, catalogue: Catalogue) -> tuple[str, ...]:
    """The skills that the profile names and that bear on nothing that is asked."""
    asked = {r.skill for r in wants.requirements} | {g.skill for g in wants.gates if g.skill}
    named = (h.skill for h in profile.skills if h.skill not in profile.assumed)
    return tuple(catalogue.skill[s].name for s in dict.fromkeys(named) if asked.isdisjoint({s, *catalogue.shares.get(s, {})}))


def _assumed(wants: Requirements, profile: Profile, catalogue: Catalogue) -> Requirements:
    """The same, with a warning that names the skills asked for that are held by assumption alone."""
    taken = {s for a in profile.assumed for s in catalogue.shares[a]}
    names = ", ".join(dict.fromkeys(r.name for r in wants.requirements if r.skill in taken))
    warning = f"Assumed from the role held, to be confirmed: {names or 'nothing that is asked here'}."
    return wants.model_copy(update={"warnings": (warning, *wants.warnings)})


def advise(
    wants: Requirements,
    profile: Profile,
    catalogue: Catalogue,
    *,
    limits: Limits,
    weights: Mapping[Importance, float] = gaps.WEIGHTS,
    count: Collection[SkillKind] = gaps.COUNTED,
    fit: float = gaps.FIT,
    anyway: bool = False,
    alternatives: int = 0,
    explain: bool = True,
    brief: bool = False,
) -> Report:
    """The verdict and the set of credentials to take; `anyway` plans past an unmet hard gate too.

    `alternatives`, `explain` and `brief` are those of `plan.choose`.
    """
    report = compare(wants, profile, catalogue, today=limits.today, weights=weights, count=count, fit=fit, brief=brief)
    assert report.gap is not None, "compare sets it"
    assert report.verdict is not None, "compare sets it"
    if report.verdict.answer == "blocked" and not anyway:
        choice = _blocked(report.gap, limits)
    else:
        from credgap import plan

        choice = plan.choose(report.gap, profile, catalogue, limits, alternatives=alternatives, explain=explain, brief=brief)
        choice = choice.model_copy(update={"plan": _beside_pay(choice.plan, wants.pay)})
    return report.model_copy(update={"command": "plan", "choice": choice, "limits": limits})


def advise_together(
    wants: Sequence[Requirements],
    profile: Profile,
    catalogue: Catalogue,
    *,
    limits: Limits,
    weights: Mapping[Importance, float] = gaps.WEIGHTS,
    count: Collection[SkillKind] = gaps.COUNTED,
    fit: float = gaps.FIT,
    anyway: bool = False,
    alternatives: int = 0,
    explain: bool = True,
) -> Report:
    """One plan for several postings, and the fit of each before it and after every step.

    A posting with an unmet hard gate has no say in the plan unless `anyway`, and never passes. Postings in which nothing counts are
    left out, with a warning. Raises NothingRecognisedError where none is left.
    """
    from credgap import plan

    report, single = together_gap(wants, profile, catalogue, limits, weights=weights, count=count, fit=fit, anyway=anyway)
    assert report.gap is not None, "together_gap sets it"
    choice = plan.choose(report.gap, profile, catalogue, limits, alternatives=alternatives, explain=explain)
    steps = tuple(s.credential for s in choice.plan.steps)
    fits = tuple(
        f.model_copy(update={"fits": plan.fits(r.gap, profile, catalogue, limits, steps)})
        for f, r in zip(report.together, single, strict=True)
        if r.gap is not None
    )
    return report.model_copy(update={"command": "plan", "choice": choice, "limits": limits, "together": fits})


def together_gap(
    wants: Sequence[Requirements],
    profile: Profile,
    catalogue: Catalogue,
    limits: Limits,
    *,
    weights: Mapping[Importance, float] = gaps.WEIGHTS,
    count: Collection[SkillKind] = gaps.COUNTED,
    fit: float = gaps.FIT,
    anyway: bool = False,
) -> tuple[Report, tuple[Report, ...]]:
    """The gap of several postings together, and the report of each that counts."""
    found, left = [], []
    for each in wants:
        try:
            found.append(compare(each, profile, catalogue, today=limits.today, weights=weights, count=count, fit=fit))
        except NothingRecognisedError:
            left.append(each.title or each.source)
    if not found:
        raise NothingRecognisedError(
            "in none of these postings a skill that counts was recognised",
            hint="This is not “no gap”. Look at them with `credgap extract`.",
        )
    blocked = [r.verdict is not None and r.verdict.answer == "blocked" and not anyway for r in found]
    counted = [r.gap for r, b in zip(found, blocked, strict=True) if r.gap is not None and not b]
    if not counted:
        raise DoesNotFitError(
            "in every one of these postings a must is unmet that no credential opens", hint="--anyway plans all the same."
        )
    gap = together.merge(counted)
    asked = together.requirements([r.requirements for r in found])
    if left:
        asked = asked.model_copy(
            update={"warnings": (f"Left out, since nothing that counts was recognised: {', '.join(left)}.", *asked.warnings)}
        )
    fits = tuple(
        PostingFit(id=r.requirements.id, source=r.requirements.source, title=r.requirements.title, blocked=b, fits=(r.gap.fit,))
        for r, b in zip(found, blocked, strict=True)
        if r.gap is not None
    )
    verdict = gaps.judge(gap, fit=fit)
    return Report(command="gap", requirements=asked, gap=gap, verdict=verdict, threshold=fit, together=fits), tuple(found)


def frontier(report: Report, profile: Profile, catalogue: Catalogue, limits: Limits, axes: Collection[str] = ("money", "weeks")) -> Report:
    """A report with a gap, and what each further sum and week would buy."""
    from credgap import frontier as frontiers

    assert report.gap is not None, "the command before sets it"
    walks = {"money": frontiers.money, "weeks": frontiers.weeks}
    found = tuple(walk(report.gap, profile, catalogue, limits) for axis, walk in walks.items() if axis in axes)
    return report.model_copy(update={"command": "frontier", "frontiers": found, "limits": limits})


def explain(report: Report, credential: str, profile: Profile, catalogue: Catalogue, limits: Limits) -> Report:
    """A report with a plan, and where one credential stands beside it."""
    from credgap import why

    assert report.gap is not None, "the command before sets it"
    assert report.choice is not None, "the command before sets it"
    found = why.explain(credential, report.choice, report.gap, profile, catalogue, limits)
    return report.model_copy(update={"command": "why", "why": found})


def nothing_recognised(wants: Requirements) -> NothingRecognisedError:
    """The error for a posting in which no skill was recognised, or none that counts."""
    if wants.unfit:
        return NothingRecognisedError(
            f"{wants.source}: no posting, but {wants.unfit}",
            hint="Open the posting itself, copy its whole text, and pass that; or name a role: --goal data-scientist.",
        )
    unknown = ", ".join(u.text for u in wants.unknown_terms[:5])
    if wants.requirements:
        names = ", ".join(r.name for r in wants.requirements[:5])
        return NothingRecognisedError(
            f"{wants.source}: no skill that counts was recognised, only {names}",
            hint="This is not “no gap”. Soft skills and languages count with --count soft,human_language.",
        )
    return NothingRecognisedError(
        f"{wants.source}: no skill was recognised" + (f"; not understood: {unknown}" if unknown else ""),
        hint="This is not “no gap”. Paste the whole posting with its requirements, or name a role: --goal data-scientist.",
    )


def _blocked(gap: Gap, limits: Limits) -> Choice:
    from credgap import plan

    reason = "A must is unmet that no credential here opens, so nothing is worth buying for this posting (--anyway plans all the same)."
    return Choice(plan=plan.nothing(reason, gap, limits))


MONTHS: Mapping[PayPeriod, float] = {"hour": 2080 / 12, "day": 260 / 12, "week": 52 / 12, "month": 1, "year": 1 / 12}
"""How many of each a month of full-time work has."""


def _beside_pay(plan: Plan, pay: StatedPay | None) -> Plan:
    """The plan with its net cost as a share of the least pay of a month that the posting states, where it does in the same currency."""
    if pay is None or pay.period is None or pay.currency != plan.cost.currency or not pay.low or not plan.steps:
        return plan
    share = plan.cost.net / (pay.low * MONTHS[pay.period])
    return plan.model_copy(update={"cost": plan.cost.model_copy(update={"share_of_month": share})})
