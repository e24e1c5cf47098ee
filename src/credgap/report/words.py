"""Parts of a Report -> words; a terminal, which has signs and columns, writes some of them shorter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from credgap.models import (
    Catalogue,
    Change,
    Choice,
    Closing,
    Frontier,
    Gap,
    GateCheck,
    Mention,
    Need,
    NotClosed,
    Outline,
    Plan,
    Point,
    PostingFit,
    Ranked,
    Report,
    Requirement,
    Requirements,
    RoleReach,
    Source,
    StatedPay,
    Step,
    last_day,
)
from credgap.pricing import count
from credgap.report import page
from credgap.report.page import money

Item = TypeVar("Item", Need, Requirement)

ANSWERS = {
    "apply_now": "Apply now",
    "study_then_apply": "Study, then apply",
    "blocked": "Look elsewhere",
    "unknown": "Check a must first",
}
NOTHING_HELPS = "Not there yet, and nothing here is worth buying for it"
IMPORTANCE = {"required": "Required", "preferred": "Preferred", "context": "Named, not demanded"}
KINDS = {"hard": "skill", "soft": "soft skill", "certification": "certification", "human_language": "language", "licence": "licence"}
GATES = {"licence": "Licence", "degree": "Degree", "years": "Years", "clearance": "Clearance", "human_language": "Language"}
DEGREES = {
    "high_school": "a high school diploma",
    "associate": "an associate degree",
    "bachelor": "a bachelor's degree",
    "master": "a master's degree",
    "doctorate": "a doctorate",
}
SHORT = 5
"""Letters up to which the name of a degree is an abbreviation, and spelt out."""
LEVELS = {1: "foundational", 2: "working", 3: "advanced"}
UNSURE = 0.68
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
    return f"{value:,.0f} weeks" if value >= 2 or not value else f"{value:.1f} weeks"


def gain(share: float) -> str:
    """A difference of shares: "+12%", "-3%", "under +1%"."""
    sign = "-" if share < 0 else "+"
    return f"under {sign}1%" if percent(abs(share)).startswith("under") else sign + percent(abs(share))


def points(share: float) -> str:
    """A difference of shares in points of percent: "4 points", "under 1 point"."""
    whole = round(100 * share)
    return count(whole, "point") if whole >= 1 else "under 1 point"


def joined(texts: Iterable[str]) -> str:
    """The texts, commas between."""
    return ", ".join(texts)


def in_a_row(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "R, SQL and Excel"."""
    return joined(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]


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
        yield f"Pay stated: {paid(pay)}{'' if pay.period else ', period not said'}{_at(pay.line)}"
    if (closing := wants.closing) is not None:
        yield f"Apply by {closing.date or f'“{closing.text}”, a date that can be read in two ways'}{_at(closing.line)}"


def about(report: Report) -> str:
    """What is analysed, in a line: the title and place where the posting gives them, where it came from, and that no pay is stated."""
    wants = report.requirements
    named = wants.title or report.role
    source = wants.source + ("; pay not stated" if report.posting is not None and wants.pay is None else "")
    if named:
        return f"{named}{f', {report.place}' if report.place else ''} ({source})"
    return source


def taking(report: Report) -> str:
    """The heading of the steps of a plan; with what has to be settled before it, where something has."""
    plan = report.choice.plan if report.choice else None
    assert plan is not None, "the caller has a plan"
    unsure = demanded(report.gap, "unknown") if report.gap and report.verdict and report.verdict.answer == "unknown" else []
    if unsure:
        return f"If you have {'that' if len(unsure) == 1 else 'all of that'}: the best plan within your limits"
    if far(report):
        return "The best plan within your limits"
    return "Take this" if len(plan.steps) == 1 else "Take these, in this order"


def answer(report: Report) -> str:
    """The verdict in a few words."""
    assert report.verdict is not None, "only reports with a verdict have an answer"
    what, plan = report.verdict.answer, report.choice.plan if report.choice else None
    if what == "unknown" and report.gap is not None:
        first = f"First check {count(len(demanded(report.gap, 'unknown')), 'requirement')}"
        if plan is not None and plan.steps:
            return f"{first}, before you pay anything" if plan.cost.net or plan.cost.at_least else f"{first}, then study"
        ready = report.threshold is not None and report.gap.fit >= report.threshold - HAIR
        return f"{first}, then apply" if plan is not None and ready else first
    if what == "study_then_apply" and plan is not None and not plan.steps:
        return NOTHING_HELPS
    if what == "study_then_apply" and plan is not None and not reaches(report, plan):
        if far(report):
            return "Not this one for now; the plan is far from enough"
        return f"{ANSWERS[what]}; the plan alone is not enough"
    return ANSWERS[what]


def far(report: Report) -> bool:
    """Whether the fit after the plan is not even half of what is enough to apply."""
    plan = report.choice.plan if report.choice else None
    return plan is not None and bool(plan.steps) and report.threshold is not None and plan.cover_after < report.threshold / 2 - HAIR


def falls_short(report: Report) -> str | None:
    """That a plan is far from enough, and so no reason to pay; None where it is not."""
    if not far(report):
        return None
    assert report.choice is not None, "far looked"
    this = "these postings" if report.together else "this role" if report.requirements.source.startswith("goal ") else "this posting"
    fit, enough = percent(report.choice.plan.cover_after), percent(report.threshold or 0.0)
    cost = report.choice.plan.cost
    pay = f": do not pay for {this} alone" if cost.net or cost.at_least else ""
    return f"Even with this you would show {fit} of what is asked, far from {enough}{pay}."


NEARLY = 0.02
"""The cover that a cheaper plan may lack to be nearly as good."""


def cheaper(report: Report) -> str | None:
    """The cheapest of the other plans that are nearly as good and cost notably less, and what it saves; None where there is none."""
    plan = report.choice.plan if report.choice else None
    if report.choice is None or plan is None or plan.cost.at_least:
        return None
    near = [
        (a.net, a)
        for a in report.choice.alternatives
        if a.net is not None and a.net <= 0.9 * plan.cost.net and a.cover >= plan.cover_after - NEARLY
    ]
    if not near:
        return None
    net, best = min(near, key=lambda x: (x[0], -x[1].cover))
    points = round(100 * plan.cover_after) - round(100 * best.cover)
    less = f"{count(points, 'point')} less" if points > 0 else "about the same fit"
    saved = money(plan.cost.net - net, plan.cost.currency)
    return f"{saved} less for {less}: {joined(best.names)} (see Other plans)."


def reaches(report: Report, plan: Plan) -> bool:
    """Whether the fit after the plan is enough to apply."""
    return report.threshold is None or plan.cover_after >= report.threshold - HAIR


def because(report: Report) -> Iterator[str]:
    """Why the verdict is what it is, a sentence each."""
    gap = report.gap
    if gap is None:
        return
    unmet, unknown = (demanded(gap, state) for state in ("unmet", "unknown"))
    if unmet:
        yield f"The posting requires {joined(unmet)}: by your profile you do not have that, and no course brings it."
    if unknown and not unmet:
        yield f"No course brings, and your profile does not say whether you have: {'; '.join(unknown)}."
    if gap.profile_empty:
        yield "Nothing is known of what you have, so all of it counts as missing."
    elif report.threshold is not None:
        yield f"You show {percent(gap.fit)} of what is asked{_of_what(gap)}; {percent(report.threshold)} is enough to apply."
    if wished := [gate(g) for g in gap.gates if not g.gate.hard and g.state == "unmet"]:
        yield f"Preferred, not a must: {joined(wished)}."


def _of_what(gap: Gap) -> str:
    """What the fit is measured by, where nothing that counts is demanded."""
    counted = [n for n in gap.needs if n.counted]
    return ", by the skills its duties name" if counted and all(n.importance == "context" for n in counted) else ""


def demanded(gap: Gap, state: str) -> list[str]:
    """The musts that no course opens and that the profile meets, does not meet, or says nothing of."""
    return [gate(g) for g in gap.gates if g.gate.hard and g.state == state]


def gates_in_short(gap: Gap) -> Iterator[str]:
    """What no course opens and the verdict does not name: what is met, and what is preferred, by what the profile says of it."""
    said = {"met": "by your profile you have it", "unmet": "by your profile you do not have it", "unknown": "your profile does not say"}
    for hard, state in ((True, "met"), (False, "met"), (False, "unmet"), (False, "unknown")):
        if names := [gate(g) for g in gap.gates if g.gate.hard == hard and g.state == state]:
            yield f"{'A must' if hard else 'Preferred'}: {joined(names)}; {said[state]}."


def gate(g: GateCheck) -> str:
    """What no course opens, in the posting's words or spelt out where they are an abbreviation, and the line that asks for it."""
    return _must(g) + _at(g.gate.line)


def _must(g: GateCheck) -> str:
    text = g.gate.text if not g.gate.end else f"“{g.gate.text}”"
    if g.gate.kind == "degree" and g.gate.degree in DEGREES and (len(g.gate.text) <= SHORT or g.gate.degree == "high_school"):
        return f"{DEGREES[g.gate.degree]} ({text})"
    return text


def _at(number: int) -> str:
    return f" (line {number})" if number else ""


def unlined(report: Report) -> Report:
    """The report without the numbers of lines where all that is asked stands on one line, so that they tell nothing."""
    wants = report.requirements
    lines = {m.line for r in wants.requirements for m in r.mentions} | {g.line for g in wants.gates}
    lines |= {x.line for x in (wants.pay, wants.closing) if x is not None}
    if len(lines) != 1 or 0 in lines:
        return report

    def bare(items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple(i.model_copy(update={"mentions": tuple(m.model_copy(update={"line": 0}) for m in i.mentions)}) for i in items)

    stated = {k: x.model_copy(update={"line": 0}) for k in ("pay", "closing") if (x := getattr(wants, k)) is not None}
    gates = tuple(g.model_copy(update={"line": 0}) for g in wants.gates)
    wants = wants.model_copy(update={"requirements": bare(wants.requirements), "gates": gates, **stated})
    gap = report.gap
    if gap is not None:
        checked = tuple(g.model_copy(update={"gate": g.gate.model_copy(update={"line": 0})}) for g in gap.gates)
        gap = gap.model_copy(update={"needs": bare(gap.needs), "gates": checked})
    return report.model_copy(update={"requirements": wants, "gap": gap})


def nearer(report: Report, catalogue: Catalogue) -> str | None:
    """The roles the profile is nearer to, where the report names some."""
    if not report.nearer_goals:
        return None
    return "Nearer to the profile: " + joined(f"{catalogue.goal[g].name} ({percent(f)})" for g, f in report.nearer_goals) + "."


class Todo(NamedTuple):
    """Something to do, the page where it begins, and the commands to run for it."""

    text: str
    url: str | None = None
    commands: tuple[str, ...] = ()


def next_steps(report: Report) -> tuple[Todo, ...]:
    """What to do next, in order: the verdict and the plan as instructions."""
    report = unlined(report)
    if report.verdict is None or report.gap is None:
        return ()
    what, plan = report.verdict.answer, report.choice.plan if report.choice else None
    takes = plan is not None and bool(plan.steps)
    found: list[Todo] = []
    if what == "blocked":
        if not takes:
            return tuple(_elsewhere(report))
        found.append(Todo("Think twice: you ask for a plan although a must is unmet that no course brings."))
    if report.gap.profile_empty:
        found.append(Todo('Say what you have, and ask again: --have "excel, sql:3". What follows is for someone who has nothing of it.'))
    if what == "unknown":
        found += _either_or(report, report.gap)
    elif far(report):
        found.append(Todo("Look for roles nearer to you first:", commands=(_explore(report),)))
    if what == "apply_now":
        found.append(Todo("Send the application; study meanwhile." if takes else "Send the application."))
    if plan is not None and plan.steps:
        first, *rest = _studies(report, plan)
        when = _condition(report, report.gap)
        found += [first._replace(text=when + (first.text[:1].lower() + first.text[1:] if when else first.text)), *rest]
    elif what != "apply_now" and report.choice is not None:
        found += (Todo(f"Learn {n.name} for free:", n.tutorial.url) for n in free_pages(report.choice)[:2] if n.tutorial)
        if what == "study_then_apply":
            found.append(_later(report))
        elif what == "unknown" and report.gap.fit >= (report.threshold or 0.0) - HAIR:
            found.append(Todo("Then send the application."))
        elif what == "unknown":
            found.append(Todo(f"Then apply once you can show {percent(report.threshold or 0.0)} of what is asked."))
    elif what == "study_then_apply":
        found.append(Todo("Ask for a plan: credgap plan with the same posting, and --budget and --hours-per-week for what you can give."))
    return tuple(found)


def _condition(report: Report, gap: Gap) -> str:
    """What the first step of a plan hangs on, as the words before it; empty where on nothing."""
    if report.verdict is not None and report.verdict.answer == "unknown":
        which = "it" if len(demanded(gap, "unknown")) == 1 else "all of them"
        return f"Only if you have {which}{', and want it although the fit stays low' if far(report) else ''}: "
    return "If you still want it: " if far(report) else ""


def _either_or(report: Report, gap: Gap) -> Iterator[Todo]:
    """What to do where a must is not known to be met: without it, and with it."""
    musts = [_must(g) for g in gap.gates if g.gate.hard and g.state == "unknown"]
    one = len(musts) == 1
    asked = musts[0] if one else f"{'both' if len(musts) == 2 else f'all {len(musts)}'} requirements named above"
    lacks = "no" if one else "one is missing"
    yield Todo(f"Do you have {asked}? If {lacks}: stop here, pay nothing, and look for nearer roles:", commands=(_explore(report),))
    if said := _saying(gap):
        yield Todo(f"If {'yes' if one else 'you have all'}: say so, and run this plan again:", commands=said)


def _saying(gap: Gap) -> tuple[str, ...]:
    """The commands by which a profile is told that it meets the musts it says nothing of, one for each."""
    asked = [g.gate for g in gap.gates if g.gate.hard and g.state == "unknown"]
    said = [g.skill for g in asked if g.kind in ("licence", "human_language") and g.skill]
    said += [f"--degree {g.degree or 'bachelor'}" for g in asked if g.kind == "degree"]
    said += [f"--years {g.years:g}" for g in asked if g.kind == "years" and g.years]
    said += ["--clearance" for g in asked if g.kind == "clearance"]
    return tuple(f"credgap profile add {x}" for x in dict.fromkeys(said))


def _explore(report: Report) -> str:
    """The command that ranks roles for the same person."""
    return f"credgap explore {report.held}".strip()


def _elsewhere(report: Report) -> Iterator[Todo]:
    assert report.gap is not None, "the caller looked"
    yield Todo("Do not buy anything for this one: no credential brings what it demands.")
    if report.nearer_goals:
        yield Todo("Look at a role nearer to you:", commands=(f"credgap plan --goal {report.nearer_goals[0][0]} {report.held}".strip(),))
    else:
        yield Todo("Look for roles nearer to you:", commands=(_explore(report),))


def _studies(report: Report, plan: Plan) -> Iterator[Todo]:
    first = plan.steps[0]
    when = f" on {first.start}" if first.start else ""
    due = [p for p in plan.payments if p.day is not None and p.day == first.start]
    pay = _first_payment(plan, sum(p.amount for p in due)) if sum(p.amount for p in due) else ""
    if any(w.startswith(EXAM) for w in first.why):
        cost = f" ({money(first.cost, plan.cost.currency)})" if first.cost else ""
        from_ = f" from {first.start} on" if first.start else ""
        yield Todo(f"Study for {first.name}{from_}; book the exam{cost} when you are ready:", first.url)
    else:
        yield Todo(f"Start {first.name}{when}{pay}:", first.url)
    for step in plan.steps[1:]:
        yield Todo(f"Then take {step.name}{f', from {step.start} on' if step.start else ''}:", step.url)
    if not reaches(report, plan):
        assert report.choice is not None, "a plan stands in a choice"
        for n in free_pages(report.choice)[:1]:
            assert n.tutorial is not None, "free pages are tutorials"
            yield Todo(f"Learn {n.name} for free meanwhile:", n.tutorial.url)
        yield _later(report)
    elif report.verdict is not None and report.verdict.answer != "apply_now":
        yield Todo(f"Apply from {plan.finish} on." if plan.finish else "Then apply.")


def _first_payment(plan: Plan, amount: float) -> str:
    """What is due on the first day, and of how many payments it is the first."""
    whole = f" (the first of {len(plan.payments)} payments, {money(plan.cost.net, plan.cost.currency)} in all)"
    return f" and pay {money(amount, plan.cost.currency)}{whole if len(plan.payments) > 1 else ''}"


STILL_OPEN = 3
"""So many of the skills that are open after a plan are named on the first screen."""


def still_open(report: Report) -> list[str]:
    """The skills of which most is missing after the plan, by what they weigh, the first of them."""
    if report.gap is None:
        return []
    then = after(report)
    missing = [(n.weight * (1.0 - max(n.held, then.get(n.skill, 0.0))), n.name) for n in report.gap.needs if n.counted and n.group is None]
    return [name for share, name in sorted(missing, key=lambda m: -m[0])[:STILL_OPEN] if share > HAIR]


def _later(report: Report) -> Todo:
    enough = f"Apply once you can show {percent(report.threshold or 0.0)} of what is asked"
    if report.choice and report.choice.plan.steps and (names := still_open(report)):
        enough += f"; after the plan most is missing in {in_a_row(names)}"
    named = far(report) or (report.verdict is not None and report.verdict.answer == "unknown")
    return Todo(f"{enough}.") if named else Todo(f"{enough}, or look for a nearer role:", commands=(_explore(report),))


def free_pages(choice: Choice) -> list[NotClosed]:
    """The open skills that a free page teaches, the most demanded first."""
    return [n for i in ("required", "preferred") for n in choice.not_closed if n.importance == i and n.tutorial is not None]


def in_short(report: Report) -> str | None:
    """The whole answer in a sentence or two, for the end of a long report."""
    if report.verdict is None or report.choice is None:
        return None
    plan, first = report.choice.plan, next(iter(next_steps(report)), None)
    if not plan.steps:
        if report.verdict.answer == "unknown" and report.gap is not None:
            musts = [_must(g) for g in report.gap.gates if g.gate.hard and g.state == "unknown"]
            those = "it" if len(musts) == 1 else "all of them"
            return f"{answer(report)}: {'; '.join(musts)}. Without {those} look elsewhere; with {those} say so and ask again."
        return f"{answer(report)}. {' '.join((first.text, *first.commands)) if first else ''}".strip()
    done = f", done by {plan.finish}" if plan.finish else ""
    what = joined(s.name for s in plan.steps)
    least = "at least " if plan.cost.at_least else ""
    fit = f"fit {percent(plan.cover_before)} now, {percent(plan.cover_after)} then"
    sum_ = f"{what}: {least}{price(plan.cost.net, plan.cost.currency)}{done}; {fit}."
    if report.verdict.answer == "unknown" or far(report):
        return " ".join(filter(None, (f"{answer(report)}. The plan: {sum_}", falls_short(report))))
    return f"{answer(report)}. Take {sum_}"


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


def merged(items: Iterable[Item]) -> list[tuple[Item, tuple[str, ...]]]:
    """The items, alternatives as one that holds what the best of them does, each with the skills it stands for."""
    groups: dict[object, list[Item]] = {}
    for n, item in enumerate(items):
        groups.setdefault((item.group, item.importance) if item.group is not None else n, []).append(item)
    found = []
    for members in groups.values():
        item = members[0]
        if len(members) > 1:
            update: dict[str, object] = {"name": " or ".join(m.name for m in members), "group": None}
            if isinstance(item, Need):
                update["held"] = max(m.held for m in members if isinstance(m, Need))
            item = item.model_copy(update=update)
        found.append((item, tuple(m.skill for m in members)))
    return found


def quote(item: Need | Requirement | None) -> str:
    """Where the posting asks for it: the words and their line."""
    mentions: tuple[Mention, ...] = item.mentions if item is not None else ()
    return f"“{mentions[0].text}”{_at(mentions[0].line)}" if mentions else ""


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
    found = _asked_by(closing, report)
    if found is None:
        return text
    where = f" in line {found.mentions[0].line}" if found.mentions[0].line else ""
    return f"{text}, asked{where}: “{found.mentions[0].quote}”"


def facts(step: Step, currency: str) -> str:
    """Price, hours, trust and days of a step."""
    parts = [money(step.cost, currency)] if step.cost else []
    parts += [hours(step.hours, estimated=step.hours_estimated), f"trust {step.trust.value:.2f}"]
    if step.start and step.end:
        parts.append(f"{step.start} to {step.end}")
    return "; ".join(parts)


TRUST = "Trust: how much the proof behind a credential is worth, from 0.2 to 1."


def after(report: Report) -> dict[str, float]:
    """The share of each skill that is held after the plan, for those that the plan lifts."""
    found: dict[str, float] = {}
    for s in report.choice.plan.steps if report.choice else ():
        for c in s.closes:
            found[c.skill] = max(found.get(c.skill, 0.0), c.end)
    return found


def shares(wants: Requirements, catalogue: Catalogue) -> dict[str, str]:
    """For a role: what share of the postings that were counted for it ask for each skill; for a posting nothing."""
    role = catalogue.goal.get(wants.id) if wants.source.startswith("goal ") else None
    return {} if role is None else {s.skill: percent(s.weight) for s in role.skills}


def wanted(item: Need | Requirement) -> str:
    """The skill with its alternatives' number, level and years."""
    return joined((name(item), *terms(item)))


def payments(plan: Plan, *, details: bool = False) -> Iterator[str]:
    """What is due when; in short, where the sums are the same, how many there are."""
    sums = [(p.day, p.what, p.amount) for p in plan.payments]
    if details:
        yield from (f"To pay {day or 'some day'}: {money(amount, plan.cost.currency)}, {what}." for day, what, amount in sums)
    elif len(sums) > 1:
        days = [day for day, _, _ in sums if day is not None]
        each = {amount for _, _, amount in sums}
        if len(each) == 1 and days:
            yield f"To pay: {len(sums)} times {money(sums[0][2], plan.cost.currency)}, from {days[0]} to {days[-1]}."
        else:
            yield "To pay: " + joined(f"{day or 'some day'} {money(amount, plan.cost.currency)}" for day, _, amount in sums) + "."


def renewals(plan: Plan, *, details: bool = False) -> Iterator[str]:
    """When a credential lapses unless it is renewed; in short, the first time of each."""
    told = plan.renewals if details else {r.credential: r for r in reversed(plan.renewals)}.values()
    yield from (f"To be renewed by {r.day}: {r.name}, {price(r.amount, plan.cost.currency)}." for r in told)


def own_price(step: Step, catalogue: Catalogue, currency: str) -> str:
    """What is paid for a step itself, or how else it is paid."""
    if step.cost is None or step.cost or step.offer is None:
        return price(step.cost, currency)
    return "in the subscription" if catalogue.credential[step.credential].offers[step.offer].pay == "subscription" else "free"


def who(step: Step, catalogue: Catalogue) -> str:
    """Who sells a step's credential, and who issues it where that is another."""
    provider, issuer = catalogue.provider[step.provider].name, catalogue.credential[step.credential].issuer
    return provider if issuer == provider else f"{provider}, issued by {issuer}"


EXAM = "An exam:"
SAID_ELSEWHERE = ("Paid once", "Free.", EXAM, "A second attempt", "The ", "Price checked")
"""How those reasons of a step begin that its line of facts, or its source, says already, or that can wait."""


def remarks(step: Step, catalogue: Catalogue, *, brief: bool = False) -> Iterator[str]:
    """What else there is to know about a step; `brief`: what one should know before paying."""
    yield from (w for w in step.why if not brief or not w.startswith(SAID_ELSEWHERE))
    if step.lost_without and not (brief and step.order == 1):
        yield f"Without it the fit would be {points(step.lost_without)} lower."
    if step.counts_toward:
        yield f"Counts toward {joined(step.counts_toward)}."
    if step.credit:
        yield sentence(f"Credit: {step.credit}")
    free = step.offer is not None and catalogue.credential[step.credential].offers[step.offer].pay == "free" and not step.cost
    for label, text in (("Refund", step.refund), ("Aid", step.aid)):
        if text and not free:
            yield f"{label}: {first_sentence(text) if brief else text}"


def first_sentence(text: str) -> str:
    """The first sentence of a text of the catalogue."""
    head, end, _ = text.partition(". ")
    return head + end.rstrip()


def totals(plan: Plan) -> str:
    """What the plan costs and takes, in one sentence or two."""
    cost = plan.cost
    least = "at least " if cost.at_least else ""
    paid = price(cost.net, cost.currency) if not cost.at_least else money(cost.net, cost.currency)
    parts = [f"In all {'it is ' if paid == 'free' else ''}{least}{paid}{' of your own' if cost.funded else ''}"]
    if plan.hours:
        rough = "at least " if plan.hours_at_least else "about " if any(s.hours_estimated for s in plan.steps) else ""
        parts.append(f"{rough}{hours(plan.hours)}: {weeks(plan.weeks)} at {plan.hours / plan.weeks:g} a week")
    if plan.finish:
        parts.append(f"done by {plan.finish}")
    fails = ""
    if cost.if_one_exam_fails is None:
        fails = " What it costs to sit an exam again is unknown."
    elif cost.if_one_exam_fails > cost.net:
        fails = f" {money(cost.if_one_exam_fails, cost.currency)} if one exam is failed."
    return joined(parts) + "." + fails


def step_facts(step: Step, report: Report, plan: Plan, catalogue: Catalogue) -> str:
    """Price, hours and what a step is for, on a line."""
    currency = plan.cost.currency
    paid = next((s for s in plan.subscriptions if step.credential in s.credentials), None)
    if paid is None:
        cost = own_price(step, catalogue, currency)
    elif paid.credentials[0] == step.credential or len(plan.steps) == 1:
        cost = f"{money(paid.amount + (step.cost or 0.0), currency)} ({paid.name}, {count(paid.months, 'month')})"
    else:
        cost = f"in the same {paid.name}" + (f", and {money(step.cost, currency)}" if step.cost else "")
    study = "hours unknown" if step.hours is None else ("about " if step.hours_estimated else "") + hours(step.hours)
    exam = ("an exam without a course: find your own material",) if catalogue.credential[step.credential].kind == "exam" else ()
    return f"{sentence(joined((cost, study, *exam)))} For {evidence(step, report, shares(report.requirements, catalogue))}."


TELLING = 0.1
"""A step's gain below this share is named in passing."""


def evidence(step: Step, report: Report, asked_in: Mapping[str, str], most: int = 2) -> str:
    """The skills a step brings most of, in the posting's words, or with the share of postings that ask; and how many there are beside."""
    gained = sorted((c for c in step.closes if c.end - c.start > HAIR), key=lambda c: _importance(c, report))
    gained = [c for c in gained if _importance(c, report)[0] < 2] or gained  # those that the gap has a row for
    told = [c for c in gained if c.end - c.start >= TELLING][:most] or gained[:most]
    more = len(gained) - len(told)
    counted = {c.skill: f"{c.name} (asked in {asked_in[c.skill]} of postings)" for c in told if c.skill in asked_in}
    said = joined(quote(_asked_by(c, report)) or counted.get(c.skill, c.name) for c in told)
    return said + (f" and {more} more" if more > 0 else "")


def _importance(c: Closing, report: Report) -> tuple[int, float]:
    asked_by = next((r for r in report.requirements.requirements if r.skill == c.skill), None)
    order = ("required", "preferred", "context")
    return (order.index(asked_by.importance) if asked_by is not None else len(order)), c.start - c.end


def _asked_by(closing: Closing, report: Report) -> Requirement | None:
    """The requirement that a closing is for, where the posting has words for it."""
    return next((r for r in report.requirements.requirements if r.skill == closing.skill and r.mentions), None)


def who_else(step: Step, catalogue: Catalogue) -> str:
    """Who sells a step's credential, where its name does not say so."""
    names = dict.fromkeys((catalogue.provider[step.provider].name, catalogue.credential[step.credential].issuer))
    return joined(n for n in names if n.casefold() not in step.name.casefold())


def priced_by(step: Step, catalogue: Catalogue) -> Source | None:
    """The newest page that states a step's price, or, where none does, the newest about it at all."""
    credential = catalogue.credential[step.credential]
    pages = catalogue.price_sources(credential, step.offer) or catalogue.sources(credential, step.offer)
    return max(pages, key=lambda s: last_day(s.checked), default=None)


def host(url: str) -> str:
    """The site of a page: "example.org"."""
    return urlsplit(url).netloc.removeprefix("www.")


def span(step: Step) -> str:
    """How long a step lasts, in days or weeks of the calendar."""
    if step.start is None or step.end is None:
        return "unknown"
    days = (step.end - step.start).days + 1
    return count(days, "day") if days < 14 else f"{days / 7:.0f} weeks"


def of_money(plan: Plan) -> Iterator[str]:
    """What else there is to know about the money of a plan: who pays, what for, what may come on top."""
    cost = plan.cost
    for s in plan.subscriptions:
        yield f"Of which {s.name}: {count(s.months, 'month')}, {money(s.amount, cost.currency)}."
    if cost.funded:
        yield f"Others pay {money(cost.funded, cost.currency)} of {money(cost.amount, cost.currency)}."
    if cost.if_a_month_longer is not None and cost.if_a_month_longer > cost.net:
        yield f"If the study takes a month longer: {money(cost.if_a_month_longer, cost.currency)} in all."
    if cost.share_of_month is not None:
        yield f"That is {percent(cost.share_of_month)} of a month's pay, at the least that the posting states."


def of_proof(report: Report, plan: Plan) -> Iterator[str]:
    """Whether the plan reaches the threshold, and whether it is proven."""
    if report.threshold is not None and not reaches(report, plan):
        yield f"The fit is then still under the {percent(report.threshold)} that is enough to apply: see what stays open."
    if plan.status == "feasible":
        yield f"Not proven to be the best: one may exist that brings up to {plan.bound - plan.objective:.2g} required skills more."
    else:
        yield "Proven: no set within your limits brings notably more of what is asked."


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
    return money(point.at, frontier.currency) if frontier.axis == "money" else weeks(point.at)


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
