"""Cohort -> a page, Markdown, JSON, or a row for each person. Nothing here computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from string import ascii_uppercase
from typing import Any

from credgap.cohort import Asked, Cohort, Member
from credgap.gap import FULL
from credgap.report import sheet
from credgap.report.page import money, percent
from credgap.report.story import Bars, Block, Heading, Items, Link, Paragraph, Table
from credgap.report.words import price

IN_FIVES = 5
TAUGHT, NAMED = 12, 4
"""How many skills to be taught a page names, and how many people each."""
COMMON = 0.5
"""What so large a share of the team lacks is a gap in common."""
SMALL = 0.05
"""A plan that raises a skill by less is no sign in the matrix."""
COLUMNS = (
    *("number", "name", "verdict", "fit", "fit_after", "lacks", "has_part", "steps", "step_names", "cost", "currency", "hours", "finish"),
    *("status", "first_payment", "note"),
)
"""The columns of a row. Only added to."""


def render(found: Cohort, format: str, *, most: int, width: int = 100, color: bool = False, drawn: bool = False) -> str:
    """The cohort in one of the formats. `most` skills are shown on a page and in Markdown."""
    if format == "json":
        return sheet.document("cohort", sheet.plain(found))
    if format == "jsonl":
        return sheet.lines({**sheet.plain(m), "currency": found.currency} for m in found.people)
    if format == "csv":
        return sheet.rows(COLUMNS, (_row(m, found) for m in found.people))
    if format == "html":
        from credgap.report import crowdpage

        return crowdpage.cohort(found, _told(found, most, 160, bars=False), _asked, first=most)
    if format in ("markdown", "plain"):
        return sheet.told(_told(found, most, 160, bars=False), format, width=width)
    return sheet.page(_told(found, most, width, bars=True), width=width, color=color, drawn=drawn)


def _row(m: Member, found: Cohort) -> dict[str, Any]:
    plan, days = m.plan, [p.day for p in m.plan.payments if p.day] if m.plan else []
    return {
        "number": m.number,
        "name": m.name,
        "verdict": m.verdict.answer,
        "fit": m.fit,
        "fit_after": m.fit_after,
        "lacks": [a.name for a, h in zip(found.skills, m.held, strict=True) if h <= 1e-9],
        "has_part": [a.name for a, h in zip(found.skills, m.held, strict=True) if 1e-9 < h < FULL],
        "steps": [s.credential for s in plan.steps] if plan else [],
        "step_names": [s.name for s in plan.steps] if plan else [],
        "cost": plan.cost.net if plan else 0.0,
        "currency": found.currency,
        "hours": plan.hours if plan else 0.0,
        "finish": plan.finish.isoformat() if plan and plan.finish else None,
        "status": plan.status if plan else "blocked",
        "first_payment": min(days).isoformat() if days else None,
        "note": "; ".join(m.verdict.reasons) if plan is None else plan.reason,
    }


# --- The page -----------------------------------------------------------------------------------------------------


def _told(found: Cohort, most: int, width: int, *, bars: bool) -> Iterator[Block]:
    team, over = len(found.people), percent(found.threshold)
    yield Heading(1, f"{team} {'person' if team == 1 else 'people'} against {found.title} ({found.source})")
    planned = sum(bool(m.plan and m.plan.steps) for m in found.people)
    spent = f"{money(found.cost, found.currency)}" + (f" of {money(found.budget, found.currency)}" if found.budget is not None else "")
    yield Heading(2, "In short")
    yield Paragraph(
        f"Plans for {planned} of {team} people cost {spent} and take {found.hours:,.0f} hours in all. {found.passing_after} of {team} then"
        f" reach a fit of {over}, enough to apply; now it is {found.passing}.",
        strong=True,
    )
    yield Bars(
        ("Fit", "At", "To reach"),
        (("Mean fit now", percent(found.fit), f"{over}: enough to apply"), ("With the plans", percent(found.fit_after), "")),
        frozenset({1}),
        (found.fit, found.fit_after),
        mark=found.threshold,
    )
    yield Paragraph("Fit: how much of what the role asks a person shows, by weight.")
    if found.funded:
        yield Paragraph(f"Others pay {money(found.funded, found.currency)} on top.")
    yield Paragraph(
        ("Proven: no other way to spend this brings the team further." if found.status == "optimal" else "Not proven best: time was over.")
        + (" Neither money nor time was limited, so hours were held to 150 each." if found.hours_default else ""),
        tone="quiet",
    )
    letters = _letters(found)
    yield from _basket(found, letters)
    yield from _people(found, letters)
    yield from _matrix(found, most, width, bars=bars)
    yield from _common(found)
    yield from _teaching(found)
    yield from _money(found)
    if found.gates:
        yield Heading(2, "What no course opens")
        yield Items(
            tuple(
                f"{g.text} ({'a must' if g.hard else 'preferred'}): {g.met} meet it, {g.unmet} do not, {g.unknown} do not say"
                for g in found.gates
            )
        )
    warnings = list(found.warnings)
    if empty := [m.name for m in found.people if m.profile_empty]:
        warnings.append(f"Nothing is said of what {_some(empty)} can do: everything asked counts as missing.")
    if any(s.hours_estimated for m in found.people if m.plan for s in m.plan.steps):
        warnings.append("Some study hours are estimates; leave them out with --no-estimates.")
    if warnings:
        yield Heading(2, "Take care")
        yield Items(tuple(warnings))


def _letters(found: Cohort) -> dict[str, str]:
    """A letter for each credential of the plans, the one that most people take first: A to Z, then AA and so on."""
    taken = Counter(s.credential for m in found.people if m.plan for s in m.plan.steps)
    order = sorted(taken, key=lambda c: (-taken[c], c))
    return {c: (ascii_uppercase[n // 26 - 1] if n >= 26 else "") + ascii_uppercase[n % 26] for n, c in enumerate(order)}


def _basket(found: Cohort, letters: dict[str, str]) -> Iterator[Block]:
    """What is taken by how many, and what that costs: the list of what is to be paid."""
    if not letters:
        return
    steps = [(m.plan, s) for m in found.people if m.plan for s in m.plan.steps]
    rows = []
    for c, letter in letters.items():
        those = [(plan, s) for plan, s in steps if s.credential == c]
        step = those[0][1]
        paid = [p for plan, _ in those for p in plan.subscriptions if c in p.credentials]
        sums = [s.cost for _, s in those if s.cost is not None] + [p.amount for p in paid if p.credentials[0] == c]
        each = "unknown" if step.cost is None else paid[0].name if paid else money(step.cost, found.currency) if step.cost else "free"
        whole = "" if step.cost is None or (paid and not sum(sums)) else price(sum(sums), found.currency)
        hours = "unknown" if step.hours is None else f"{step.hours:,.0f}"
        rows.append((f"{letter}  {step.name}", str(len(those)), each, whole, hours))
    yield Heading(2, "What to take, and how often")
    yield Table(("Credential", "People", "Price each", "In all", "Hours each"), tuple(rows), frozenset({1, 3, 4}))
    pages = {s.credential: s.url for _, s in steps}
    yield Items(tuple((f"{letter}: ", Link(pages[c])) for c, letter in letters.items()))


def _people(found: Cohort, letters: dict[str, str]) -> Iterator[Block]:
    yield Heading(2, "Who takes what")
    rows = []
    unsure = False
    for m in found.people:
        plan = m.plan
        takes = "nothing: a must is unmet" if plan is None else " + ".join(letters[s.credential] for s in plan.steps) or "nothing"
        done = (str(plan.finish) if plan.finish else "unknown") if plan and plan.steps else ""
        cost = ("free" if not plan.cost.net else money(plan.cost.net, found.currency)) if plan and plan.steps else ""
        if plan and plan.steps:
            unsure = unsure or plan.cost.at_least or plan.hours_at_least
            cost += "+" * plan.cost.at_least
        hours = f"{plan.hours:,.0f}{'+' * plan.hours_at_least}" if plan and plan.steps else ""
        rows.append((f"{m.number}. {m.name}", percent(m.fit), percent(m.fit_after), takes, cost, hours, done))
    yield Bars(
        ("Person", "Fit now", "Then", "Takes", "Price", "Hours", "Finished by"),
        tuple(rows),
        frozenset({1, 2, 4, 5}),
        tuple(m.fit_after for m in found.people),
        at=3,
    )
    if unsure:
        yield Paragraph("+ at least: nobody has stated the hours, or the price, of one of them.")


def _matrix(found: Cohort, most: int, width: int, *, bars: bool) -> Iterator[Block]:
    """A sign for each person and skill, in groups of five, as many people across as the page has room for."""
    yield Heading(2, "Who has what")
    yield Paragraph(
        "A sign for each person, by the numbers above: # has it, + has a part, . lacks it; o the plan brings it, further or in full."
        " Must: demanded; plus: wished for; duty: only named."
    )
    shown = sorted(range(len(found.skills)), key=lambda u: (-found.skills[u].weight, -found.skills[u].lack, u))[:most]
    room = max(IN_FIVES, (width - 52) // (IN_FIVES + 1) * IN_FIVES) if bars else len(found.people)
    for first in range(0, len(found.people), room):
        across = found.people[first : first + room]
        heading = "".join(f"{m.number:<{IN_FIVES + 1}}" for m in across[::IN_FIVES]).rstrip()
        signs = [_signs(across, u) for u in shown]
        cells = [(" ".join("".join(x[n : n + IN_FIVES]) for n in range(0, len(x), IN_FIVES)),) if bars else x for x in signs]
        asked = ((found.skills[u].name, _asked(found.skills[u]), f"{found.skills[u].have}/{len(found.people)}") for u in shown)
        rows = tuple((*a, *x) for a, x in zip(asked, cells, strict=True))
        yield Table(("Asked", "As", "Have it", *((heading,) if bars else (str(m.number) for m in across))), rows, frozenset({2}))
    if more := len(found.skills) - len(shown):
        yield Paragraph(f"{more} further skills asked for weigh less (--most).")


def _signs(people: tuple[Member, ...], u: int) -> tuple[str, ...]:
    return tuple(
        "#" if m.held[u] >= FULL else "o" if m.reached[u] > m.held[u] + SMALL else "+" if m.held[u] > 1e-9 else "." for m in people
    )


def _asked(a: Asked) -> str:
    level = {1: ", basic", 3: ", advanced"}.get(a.level, "") if a.kind in ("hard", "soft") else ""
    return {"required": "must", "preferred": "plus", "context": "duty"}[a.importance] + level


def _common(found: Cohort) -> Iterator[Block]:
    team = len(found.people)
    rows = [a for a in found.skills if a.lack >= COMMON * team and a.importance != "context"]
    if not rows or team < 2:
        return
    yield Heading(2, "Gaps in common")
    yield Items(tuple(_gap(a, team) for a in sorted(rows, key=lambda a: (-a.weight * a.lack, a.name))[:TAUGHT]))


def _gap(a: Asked, team: int) -> str:
    lack = "all lack it" if a.lack == team else f"{a.lack} of {team} lack it"
    brings = f"the plans bring it, or a part, to {a.raised}" if a.raised else "no plan brings it"
    return f"{a.name} ({_asked(a)}): {lack}; {brings}"


def _teaching(found: Cohort) -> Iterator[Block]:
    shown = [t for t in found.teaching if t.importance != "context"][:TAUGHT]
    if not shown:
        return
    yield Heading(2, "Who could teach whom")
    yield Table(
        ("Skill", "Has it as asked", "Lacks it, or has a part"), tuple((t.name, _some(t.teachers), _some(t.learners)) for t in shown)
    )


def _some(names: tuple[str, ...] | list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _money(found: Cohort) -> Iterator[Block]:
    if found.months:
        yield Heading(2, "What is due when")
        yield Table(
            ("Month", "Due", "For"),
            tuple(
                (m.month or "no date", money(m.amount, found.currency), _some([f"{n} {money(a, found.currency)}" for n, a in m.people]))
                for m in found.months
            ),
            frozenset({1}),
        )
        if found.funded:
            yield Paragraph("Before what others pay back.")
    if len(found.sums) > 1:
        yield Heading(2, "What other budgets would buy the team")
        mine = found.budget
        yield Bars(
            ("Budget", "Spent", "Mean fit then", f"Reach {percent(found.threshold)}", "People with a plan"),
            tuple(
                (
                    money(s.budget, found.currency) + (" (this one)" if mine is not None and abs(s.budget - mine) < 0.005 else ""),
                    money(s.cost, found.currency),
                    percent(s.fit),
                    str(s.passing),
                    f"{s.planned}{', all free' if s.planned and not s.cost else ''}",
                )
                for s in found.sums
            ),
            frozenset({1, 2, 3}),
            tuple(s.fit for s in found.sums),
            at=3,
        )
        yield Paragraph("Each line is the best sharing out of its budget; beyond the last one more money changes nothing.", tone="quiet")
