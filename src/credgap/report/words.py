"""Parts of a Report -> words; a terminal, which has signs and columns, writes some of them shorter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from credgap.models import (
    Catalogue,
    Change,
    Closing,
    Frontier,
    Gap,
    Mention,
    Need,
    Outline,
    Plan,
    Point,
    PostingFit,
    Ranked,
    Report,
    Requirement,
    Requirements,
    RoleReach,
    StatedPay,
    Step,
)
from credgap.pricing import count
from credgap.report import page
from credgap.report.page import money

ANSWERS = {
    "apply_now": "Apply now",
    "study_then_apply": "Study, then apply",
    "blocked": "Look elsewhere",
    "unknown": "It depends on a must that the profile does not speak of",
}
NOTHING_HELPS = "Not there yet, and nothing here is worth buying for it"
IMPORTANCE = {"required": "Required", "preferred": "Preferred", "context": "Named, not demanded"}
LEVELS = {1: "foundational", 2: "working", 3: "advanced"}
UNSURE = 0.6
"""Below this confidence a find is marked as unsure."""
HAIR = 1e-9


def percent(share: float) -> str:
    """A share as whole percent, with a word where the terminal has a sign: "under 1%"."""
    return page.percent(share).replace("<", "under ")


def hours(value: float | None, *, estimated: bool = False) -> str:
    """ "61 hours", "61 hours (an estimate)", or "unknown"."""
    return "unknown" if value is None else ("1 hour" if value == 1 else f"{value:,.0f} hours") + (" (an estimate)" if estimated else "")


def weeks(value: float) -> str:
    """ "12 weeks", or "1.4 weeks" where it is under two."""
    return f"{value:,.0f} weeks" if value >= 2 else f"{value:.1f} weeks"


def gain(share: float) -> str:
    """A difference of shares: "+12%", "-3%", "under +1%"."""
    sign = "-" if share < 0 else "+"
    return f"under {sign}1%" if percent(abs(share)).startswith("under") else sign + percent(abs(share))


def joined(texts: Iterable[str]) -> str:
    """The texts, commas between."""
    return ", ".join(texts)


def sentence(text: str) -> str:
    """The text with a capital and a full stop, where it has none."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", ":", "…")) else ".")


def title(wants: Requirements) -> str:
    """What is analysed: the title of the posting where it has one, else where it came from."""
    return wants.title or wants.source


def currency(report: Report) -> str:
    """The currency of the report's sums."""
    return report.limits.currency if report.limits else "USD"


def paid(pay: StatedPay) -> str:
    """ "$58,000 to $66,000 a year"; without the period where it is not said."""
    amount = money(pay.low, pay.currency) + (f" to {money(pay.high, pay.currency)}" if pay.high > pay.low else "")
    return amount + (f" {'an' if pay.period == 'hour' else 'a'} {pay.period}" if pay.period else "")


def stated(wants: Requirements) -> Iterator[str]:
    """What the posting says of pay and closing date, each with its line."""
    if (pay := wants.pay) is not None:
        yield f"Pay stated: {paid(pay)}{'' if pay.period else ', period not said'} (line {pay.line})"
    if (closing := wants.closing) is not None:
        yield f"Apply by {closing.date or f'“{closing.text}”, a date that can be read in two ways'} (line {closing.line})"


def answer(report: Report) -> str:
    """The verdict in a few words."""
    assert report.verdict is not None, "only reports with a verdict have an answer"
    choice = report.choice
    if report.verdict.answer == "study_then_apply" and choice is not None and not choice.plan.steps:
        return NOTHING_HELPS
    return ANSWERS[report.verdict.answer]


def nearer(report: Report, catalogue: Catalogue) -> str | None:
    """The roles the profile is nearer to, where the report names some."""
    if not report.nearer_goals:
        return None
    return "Nearer to the profile: " + joined(f"{catalogue.goal[g].name} ({percent(f)})" for g, f in report.nearer_goals) + "."


def to_do(report: Report) -> tuple[str, ...]:
    """What to do next, in order: the verdict and the plan as instructions."""
    if report.verdict is None:
        return ()
    what, plan = report.verdict.answer, report.choice.plan if report.choice else None
    if what == "blocked":
        unmet = [g.gate.text for g in report.gap.gates if g.gate.hard and g.state == "unmet"] if report.gap else []
        return (f"Do not buy anything for this one: it demands {joined(unmet) or 'a must that no credential opens'}.",)
    found: list[str] = []
    if what == "unknown":
        open_ = [g.gate.text for g in report.gap.gates if g.gate.hard and g.state == "unknown"] if report.gap else []
        found.append(f"Find out first whether you meet this must: {joined(open_)}.")
    if what == "apply_now":
        found.append("Send the application." if plan is None or not plan.steps else "Send the application; study meanwhile.")
    if plan is not None and plan.steps:
        found += _studies(report, plan)
    elif what == "study_then_apply" and plan is not None:
        found.append("Close what stays open without paying, as listed below.")
    return tuple(found)


def _studies(report: Report, plan: Plan) -> Iterator[str]:
    first = plan.steps[0]
    when = f" on {first.start}" if first.start else ""
    due = [p for p in plan.payments if p.day is not None and p.day == first.start]
    pay = f" and pay {money(sum(p.amount for p in due), plan.cost.currency)}" if sum(p.amount for p in due) else ""
    yield f"Start {first.name}{when}{pay}."
    if len(plan.steps) > 1:
        yield f"Then take {joined(s.name for s in plan.steps[1:])}."
    assert report.verdict is not None, "a plan has a verdict"
    if report.threshold is not None and plan.cover_after < report.threshold - HAIR:
        yield (
            f"Close some of what stays open, too: the plan alone brings the fit to {percent(plan.cover_after)}, "
            f"and {percent(report.threshold)} is enough to apply."
        )
    elif report.verdict.answer != "apply_now":
        yield f"Apply from {plan.finish} on." if plan.finish else "Then apply."


def asked(item: Need | Requirement) -> str:
    """How much a skill is asked for: importance, level where it is not the usual one, years."""
    return joined((item.importance, *terms(item)))


def terms(item: Need | Requirement) -> Iterator[str]:
    """The level where it is not the usual one, and the years."""
    if item.kind in ("hard", "soft") and item.level != 2:
        yield LEVELS[item.level]
    if item.years:
        yield count(item.years, "year")


def name(item: Need | Requirement) -> str:
    """The skill, with the number of its group of alternatives, and whether it is unsure."""
    group = f" (or, {item.group})" if item.group is not None else ""
    return item.name + group + (" (unsure)" if item.confidence < UNSURE else "")


def quote(item: Need | Requirement | None) -> str:
    """Where the posting asks for it: the words and their line."""
    mentions: tuple[Mention, ...] = item.mentions if item is not None else ()
    return f"“{mentions[0].text}” (line {mentions[0].line})" if mentions else ""


def three_parts(needs: Iterable[Need]) -> Iterator[tuple[str, list[Need]]]:
    """The counted needs: missing, partly held, held; parts without any left out."""
    counted = [n for n in needs if n.counted]
    parts = {
        "Missing": [n for n in counted if n.held <= HAIR],
        "Partly have": [n for n in counted if HAIR < n.held < 1 - HAIR],
        "Have": [n for n in counted if n.held >= 1 - HAIR],
    }
    return ((title, found) for title, found in parts.items() if found)


def closes(closing: Closing, report: Report) -> str:
    """What a step does for a skill, and the sentence that asks for it."""
    text = f"{closing.name}: from {percent(closing.start)} to {percent(closing.end)}"
    found = next((r for r in report.requirements.requirements if r.skill == closing.skill and r.mentions), None)
    return f"{text}, asked in line {found.mentions[0].line}: “{found.mentions[0].quote}”" if found else text


def facts(step: Step, currency: str) -> str:
    """Price, hours, trust and days of a step."""
    parts = [money(step.cost, currency)] if step.cost else []
    parts += [hours(step.hours, estimated=step.hours_estimated), f"trust {step.trust.value:.2f}"]
    if step.start and step.end:
        parts.append(f"{step.start} to {step.end}")
    return "; ".join(parts)


def own_price(step: Step, catalogue: Catalogue, currency: str) -> str:
    """What is paid for a step itself, or how else it is paid."""
    if step.cost is None or step.cost or step.offer is None:
        return price(step.cost, currency)
    return "in the subscription" if catalogue.credential[step.credential].offers[step.offer].pay == "subscription" else "free"


def who(step: Step, catalogue: Catalogue) -> str:
    """Who sells a step's credential, and who issues it where that is another."""
    provider, issuer = catalogue.provider[step.provider].name, catalogue.credential[step.credential].issuer
    return provider if issuer == provider else f"{provider}, issued by {issuer}"


def remarks(step: Step, catalogue: Catalogue) -> Iterator[str]:
    """What else there is to know about a step."""
    yield from step.why
    if step.lost_without:
        yield f"Without it the fit would be {percent(step.lost_without)} lower."
    if step.counts_toward:
        yield f"Counts toward {joined(step.counts_toward)}."
    if step.credit:
        yield sentence(f"Credit: {step.credit}")
    free = step.offer is not None and catalogue.credential[step.credential].offers[step.offer].pay == "free" and not step.cost
    for label, text in (("Refund", step.refund), ("Aid", step.aid)):
        if text and not free:
            yield f"{label}: {text}"


def totals(plan: Plan) -> str:
    """What the plan costs and takes, in one sentence."""
    cost = plan.cost
    parts = [
        f"In all {'at least ' if cost.at_least else ''}{money(cost.net, cost.currency)}{' of your own' if cost.funded else ''}",
        f"{'at least ' if plan.hours_at_least else ''}{hours(plan.hours)}",
        weeks(plan.weeks),
    ]
    if plan.finish:
        parts.append(f"done by {plan.finish}")
    if cost.if_one_exam_fails is None:
        parts.append("price if one exam is failed unknown")
    elif cost.if_one_exam_fails > cost.net:
        parts.append(f"{money(cost.if_one_exam_fails, cost.currency)} if one exam is failed")
    return joined(parts) + "."


def of_money(plan: Plan) -> Iterator[str]:
    """What else there is to know about the money of a plan: who pays, what for, what may come on top."""
    cost = plan.cost
    for s in plan.subscriptions:
        yield f"Of which {s.name}: {count(s.months, 'month')}, {money(s.amount, cost.currency)}."
    if cost.funded:
        yield f"Others pay {money(cost.funded, cost.currency)} of {money(cost.amount, cost.currency)}."
    if cost.if_a_month_longer is not None and cost.if_a_month_longer > cost.net:
        yield f"{money(cost.if_a_month_longer, cost.currency)} if the study under each subscription takes a month longer."
    if cost.share_of_month is not None:
        yield f"That is {percent(cost.share_of_month)} of a month's pay, at the least that the posting states."


def of_proof(report: Report, plan: Plan) -> Iterator[str]:
    """Whether the plan reaches the threshold, and whether it is proven."""
    if report.threshold is not None and plan.cover_after < report.threshold - HAIR:
        yield f"The fit is then still under the threshold of {percent(report.threshold)}: see what stays open."
    if plan.status == "feasible":
        yield f"Not proven: the best possible plan has at most {plan.bound - plan.objective:.3f} more (in required skills)."
    else:
        yield "Proven: no set inside the limits is better by these rules; of those within the slack of the best, it is the cheapest."


def price(amount: float | None, currency: str) -> str:
    """A price in words: "free" for 0."""
    return "free" if amount == 0 else "price unknown" if amount is None else money(amount, currency)


def outline(best: Outline, currency: str) -> str:
    """A plan in one line."""
    return f"{joined(best.names) or 'nothing'}: fit {percent(best.cover)}, {money(best.net, currency)}, {hours(best.hours)}"


def change(c: Change, currency: str) -> str:
    """Which limit alone would have to give, how far, and what it would buy."""
    needed, now = (x if isinstance(x, str) else f"{x:g}" for x in (c.needed, c.now))
    option = "--" + c.limit.replace("_", "-")
    return f"With {option} {needed} (now {now}) there would be a plan. The best without that limit: {outline(c.best, currency)}."


def passes(posting: PostingFit, stage: int, threshold: float) -> bool:
    """Whether one of several postings is at the threshold after so many steps."""
    return not posting.blocked and posting.fits[stage] >= threshold - HAIR


def passed(report: Report) -> Iterator[tuple[str, int]]:
    """Of several postings, how many pass before the plan and after each step."""
    for n in range(len(report.together[0].fits) if report.together else 0):
        yield ("Before the plan" if n == 0 else f"After step {n}"), sum(passes(p, n, report.threshold or 0.0) for p in report.together)


def nearest_first(report: Report) -> list[PostingFit]:
    """Several postings, those that can pass first, by the fit at the end."""
    return sorted(report.together, key=lambda p: (p.blocked, -p.fits[-1], p.id))


def axis(frontier: Frontier) -> str:
    """The heading of a frontier."""
    return "What each further sum of money buys" if frontier.axis == "money" else "What each further week buys"


def at(frontier: Frontier, point: Point) -> str:
    """Where on its axis a point stands."""
    return money(point.at, frontier.currency) if frontier.axis == "money" else f"{point.at:.1f} weeks"


def other(frontier: Frontier, point: Point) -> str:
    """What a point takes of what the axis does not measure."""
    return weeks(point.weeks) if frontier.axis == "money" else money(point.best.net, frontier.currency)


def news(frontier: Frontier) -> Iterator[tuple[Point, str, str]]:
    """Each point, the cover it has more than the one before, and what is new in the plan."""
    names: dict[str, str] = {}
    for n, p in enumerate(frontier.points):
        names.update(zip(p.best.credentials, p.best.names, strict=True))
        new = joined(names[c] for c in p.added) or "nothing new"
        instead = f", instead of {joined(names[c] for c in p.dropped)}" if p.dropped else ""
        more = gain(p.more) if n else ""
        yield p, more, new + instead if p.best.names else "nothing"


def of_frontier(frontier: Frontier) -> Iterator[str]:
    """Whether anything changes along a frontier, and whether it is proven."""
    if len(frontier.points) == 1:
        unit = ("sum buys", "week brings")[frontier.axis == "weeks"]
        yield f"Nothing changes: no further {unit} a better plan."
    yield "Proven: each point is the best plan from there on." if frontier.proven else "Not proven: the time for solving was over."


def best_ranked(ranking: Sequence[Ranked], most: int = 10, others: int = 4) -> list[tuple[int, Ranked]]:
    """The best that fit the limits first, then the best that do not, with their places; `most` in all, some of them `others`."""
    placed = list(enumerate(ranking, 1))
    fitting, rest = [x for x in placed if x[1].fits], [x for x in placed if not x[1].fits]
    first = fitting[: most - min(len(rest), others)]
    return [*first, *rest[: most - len(first)]]


def least(r: RoleReach, fit: float, currency: str) -> str:
    """The least money that reaches a role."""
    if r.blocked is not None:
        return f"a must is unmet: {r.blocked}"
    if r.fit >= fit - HAIR:
        return "nothing to take: apply"
    return "not within the limits" if r.cheapest is None else f"{money(r.cheapest.net, currency)}: {joined(r.cheapest.names)}"


def soonest(r: RoleReach) -> str:
    """The soonest day that reaches a role."""
    return f"{r.finish} ({hours(r.soonest.hours)})" if r.soonest is not None and r.finish is not None else ""


def line_of(p: PostingFit) -> str:
    """One of several postings in a few words."""
    return p.title or p.source


def how(r: Requirement) -> str:
    """In how many more places it stands, and how it was recognised where that is not by its name."""
    more = f"and {count(len(r.mentions) - 1, 'more place')}" if len(r.mentions) > 1 else ""
    return joined(filter(None, (more, "" if r.how in ("exact", "alias", "form", "goal") else r.how)))


def uncounted(gap: Gap | None) -> tuple[list[str], list[str], list[str]]:
    """What is asked and not weighed: to be shown by an example, to be named, and too wide to be learnt as such."""
    left = [n for n in gap.needs if not n.counted] if gap else []
    return (
        [n.name for n in left if n.kind == "soft"],
        [n.name for n in left if n.kind not in ("soft", "hard")],
        [n.name for n in left if n.kind == "hard"],
    )
