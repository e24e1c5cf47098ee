"""A Report with a plan -> a request for tuition support to a manager: its figures, and the posting's words as the reason.

What only the person knows is left as a blank in [brackets].
"""

from __future__ import annotations

import datetime as dt

from credgap import stated
from credgap.models import Catalogue, Funding, Id, Model, Report, Source, Step

QUOTED = 6
"""How many wordings of the posting a letter quotes."""
HAIR = 1e-9


class Reason(Model):
    """A skill that is asked for and that the plan brings: the posting's sentence and line, or the share of counted postings."""

    skill: Id
    name: str
    quote: str | None
    line: int | None
    share: float | None


class Item(Model):
    """A credential to be taken. `cost` is what it costs itself, None where it is unknown; subscriptions stand apart."""

    credential: Id
    name: str
    issuer: str
    url: str
    cost: float | None
    hours: float | None
    hours_estimated: bool
    start: dt.date | None
    end: dt.date | None
    skills: tuple[str, ...]
    sources: tuple[Source, ...]


class Letter(Model):
    """What a letter says. `role` is the title of the posting, or the one that its text states, None where there is none.

    `items` is empty where there is nothing to ask for; `reason` then says why. `fit_before` is None where the profile is empty.

    `asked` is what the employer is asked to give back, None where nobody has said how much; `granted` what others give, `own` the rest.
    """

    role: str | None
    goal: bool
    items: tuple[Item, ...]
    reasons: tuple[Reason, ...]
    subscriptions: tuple[tuple[str, int, float], ...]
    currency: str
    cost: float
    at_least: bool
    asked: float | None
    share: float | None
    cap: float | None
    granted: float
    own: float
    if_one_exam_fails: float | None
    renewals: tuple[tuple[str, dt.date, float | None], ...]
    hours: float
    hours_at_least: bool
    hours_per_week: float
    weeks: float
    finish: dt.date | None
    fit_before: float | None
    fit_after: float
    reason: str | None = None


def letter(report: Report, catalogue: Catalogue) -> Letter:
    """The letter that asks for support of the plan in a report."""
    assert report.choice is not None, "a plan has a choice"
    assert report.limits is not None, "a plan has limits"
    plan, limits, wants = report.choice.plan, report.limits, report.requirements
    cost, given = plan.cost, limits.funding
    asks = given.share > 0
    return Letter(
        role=wants.title or (stated.title(report.posting.clean) if report.posting is not None else None),
        goal=wants.source.startswith("goal "),
        items=tuple(_item(s, catalogue) for s in plan.steps),
        reasons=_reasons(report, catalogue),
        subscriptions=tuple((s.name, s.months, s.amount) for s in plan.subscriptions),
        currency=cost.currency,
        cost=cost.amount,
        at_least=cost.at_least,
        asked=max(0.0, cost.funded - _granted(given, cost.funded)) if asks else None,
        share=given.share if asks else None,
        cap=given.cap if asks else None,
        granted=_granted(given, cost.funded),
        own=cost.net,
        if_one_exam_fails=cost.if_one_exam_fails,
        renewals=tuple((r.name, r.day, r.amount) for r in plan.renewals),
        hours=plan.hours,
        hours_at_least=plan.hours_at_least,
        hours_per_week=limits.hours_per_week,
        weeks=plan.weeks,
        finish=plan.finish,
        fit_before=None if report.gap is None or report.gap.profile_empty else plan.cover_before,
        fit_after=plan.cover_after,
        reason=None if plan.steps else plan.reason or "No credential is worth taking inside these limits.",
    )


def _granted(given: Funding, funded: float) -> float:
    """What others than the employer give of the cost."""
    return min(given.grant, funded)


def _item(step: Step, catalogue: Catalogue) -> Item:
    credential = catalogue.credential[step.credential]
    return Item(
        credential=step.credential,
        name=step.name,
        issuer=credential.issuer,
        url=step.url,
        cost=step.cost,
        hours=step.hours,
        hours_estimated=step.hours_estimated,
        start=step.start,
        end=step.end,
        skills=tuple(c.name for c in step.closes),
        sources=catalogue.price_sources(credential, step.offer) or credential.sources[:1],
    )


def _reasons(report: Report, catalogue: Catalogue) -> tuple[Reason, ...]:
    """The skills that the plan brings, the most of them first, with the words that ask for them; each sentence once."""
    assert report.choice is not None, "a plan has a choice"
    gained: dict[str, float] = {}
    for step in report.choice.plan.steps:
        for c in step.closes:
            gained[c.skill] = gained.get(c.skill, 0.0) + c.end - c.start
    weights = {n.skill: n.weight for n in report.gap.needs} if report.gap else {}
    asked = {r.skill: r for r in report.requirements.requirements}
    role = catalogue.goal.get(report.requirements.id)
    shares = {s.skill: s.weight for s in role.skills} if role is not None and report.requirements.source.startswith("goal ") else {}
    found: list[Reason] = []
    said: set[str] = set()
    for skill in sorted((s for s in gained if s in asked), key=lambda s: (-gained[s] * weights.get(s, 0.0), s)):
        mention = next(iter(asked[skill].mentions), None)
        quote = (mention.quote or mention.text) if mention else None
        if quote in said:
            continue
        said |= {quote} if quote else set()
        found.append(
            Reason(
                skill=skill,
                name=asked[skill].name,
                quote=quote,
                line=mention.line if mention and not report.together else None,
                share=shares.get(skill),
            )
        )
    return tuple(found[:QUOTED])
