"""The whole program: requirements -> gap -> verdict -> plan, as one Report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from credgap import gap as gaps
from credgap.errors import NothingRecognisedError
from credgap.models import (
    Catalogue,
    Choice,
    Gap,
    Importance,
    Limits,
    PayPeriod,
    Plan,
    Profile,
    Report,
    Requirements,
    SkillKind,
    StatedPay,
)


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
) -> Report:
    """What is held of what is asked, and the verdict. Raises NothingRecognisedError where nothing counts."""
    if wants.unfit:
        raise nothing_recognised(wants)
    gap = gaps.compare(wants, profile, catalogue, today=today, weights=weights, count=count)
    if gap.total <= 0:
        raise nothing_recognised(wants)
    verdict = gaps.judge(gap, fit=fit)
    nearer = gaps.nearest_goals(profile, catalogue, today=today) if verdict.answer == "blocked" else ()
    return Report(command="gap", requirements=_dated(wants, today), gap=gap, verdict=verdict, threshold=fit, nearer_goals=nearer)


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
) -> Report:
    """The verdict and the set of credentials to take; `anyway` plans past an unmet hard gate too.

    `alternatives` and `explain` are those of `plan.choose`.
    """
    report = compare(wants, profile, catalogue, today=limits.today, weights=weights, count=count, fit=fit)
    assert report.gap is not None, "compare sets it"
    assert report.verdict is not None, "compare sets it"
    if report.verdict.answer == "blocked" and not anyway:
        choice = _blocked(report.gap, limits)
    else:
        from credgap import plan

        choice = plan.choose(report.gap, profile, catalogue, limits, alternatives=alternatives, explain=explain)
        choice = choice.model_copy(update={"plan": _beside_pay(choice.plan, wants.pay)})
    return report.model_copy(update={"command": "plan", "choice": choice, "limits": limits})


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
