"""Cohort -> a page, Markdown, JSON, or a row for each person. Nothing here computes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credgap.cohort import Asked, Cohort, Member
from credgap.gap import FULL
from credgap.report import sheet
from credgap.report.page import bar, money, percent
from credgap.report.story import Block, Heading, Items, Paragraph, Table

IN_FIVES = 5
BAR = 10
TAUGHT, NAMED = 12, 6
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


def render(found: Cohort, format: str, *, most: int, width: int = 100, color: bool = False) -> str:
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
    return sheet.page(_told(found, most, width, bars=True), width=width, color=color)


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
    team = len(found.people)
    yield Heading(1, f"{team} {'person' if team == 1 else 'people'} against {found.title} ({found.source})")
    planned = sum(bool(m.plan and m.plan.steps) for m in found.people)
    spent = f"{money(found.cost, found.currency)}" + (f" of {money(found.budget, found.currency)}" if found.budget is not None else "")
    yield Paragraph(
        f"Mean fit {percent(found.fit)} now, {percent(found.fit_after)} after the plans; over {percent(found.threshold)} are"
        f" {found.passing} of {team} now, {found.passing_after} after. Plans for {planned} of {team}: {spent}, {found.hours:,.0f} hours.",
        strong=True,
    )
    if found.funded:
        yield Paragraph(f"Others pay {money(found.funded, found.currency)} on top.")
    yield Paragraph(
        (
            "Proven: no other plans within the limits bring the team further"
            if found.status == "optimal"
            else "Not proven best: time was over"
        )
        + ", by the weight of what is asked, less what each credential must bring (--min-gain)."
        + (" Neither money nor time was limited, so hours were held to 150 each." if found.hours_default else "")
    )
    yield from _people(found, bars=bars and width >= sheet.ROOM)
    yield from _matrix(found, most, width, bars=bars)
    yield from _common(found)
    yield from _teaching(found)
    yield from _money(found)
    if found.gates:
        yield Heading(2, "Musts and preferences that no course opens")
        yield Items(
            tuple(
                f"{g.text} ({'must' if g.hard else 'preferred'}): {g.met} meet it, {g.unmet} do not, {g.unknown} do not say"
                for g in found.gates
            )
        )
    warnings = list(found.warnings)
    if empty := [m.name for m in found.people if m.profile_empty]:
        warnings.append(f"Nothing is said of what {_some(empty)} can do: everything asked counts as missing.")
    if any(s.hours_estimated for m in found.people if m.plan for s in m.plan.steps):
        warnings.append("Some study hours are estimates; leave them out with --no-estimates.")
    if warnings:
        yield Heading(2, "Mind")
        yield Items(tuple(warnings))


def _people(found: Cohort, *, bars: bool) -> Iterator[Block]:
    yield Heading(2, "Who, and what each would take")
    rows = []
    for m in found.people:
        plan = m.plan
        takes = "a must is unmet" if plan is None else ", ".join(s.name for s in plan.steps) or "nothing"
        done = (str(plan.finish) if plan.finish else "unknown") if plan and plan.steps else ""
        cost = ("free" if not plan.cost.net else money(plan.cost.net, found.currency)) if plan and plan.steps else ""
        if plan and plan.steps and plan.cost.at_least:
            cost += "+"
        rows.append(
            (
                f"{m.number}. {m.name}",
                percent(m.fit),
                *([bar(m.fit, BAR)] if bars else []),
                percent(m.fit_after),
                takes,
                cost,
                f"{plan.hours:,.0f}{'+' * plan.hours_at_least}" if plan and plan.steps else "",
                done,
            )
        )
    columns = ("Person", "Fit", *([""] if bars else []), "After", "Takes", "Price", "Hours", "Done")
    at = 3 if bars else 2
    yield Table(columns, tuple(rows), frozenset({1, at, at + 2, at + 3}))
    if any(m.plan and (m.plan.hours_at_least or m.plan.cost.at_least) for m in found.people):
        yield Paragraph("+ at least: nobody has stated the hours, or the price, of one of them.")


def _matrix(found: Cohort, most: int, width: int, *, bars: bool) -> Iterator[Block]:
    """A sign for each person and skill, in groups of five, as many people across as the page has room for."""
    yield Heading(2, "Who has what")
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
    more = len(found.skills) - len(shown)
    yield Paragraph(
        "# has it, + has a part, . lacks it; o the plan brings it, further or in full. A column for each person, by number."
        + (f" {more} further skills asked for weigh less (--most)." if more else "")
    )


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
    yield Items(
        tuple(
            f"{a.name} ({_asked(a)}): {'all' if a.lack == team else f'{a.lack} of {team}'} lack it; the plans bring it to {a.raised}"
            for a in sorted(rows, key=lambda a: (-a.weight * a.lack, a.name))[:TAUGHT]
        )
    )


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
        yield Heading(2, "What other sums would buy the team")
        yield Table(
            ("Up to", "Spent", "Mean fit", f"Over {percent(found.threshold)}", "Plans"),
            tuple(
                (money(s.budget, found.currency), money(s.cost, found.currency), percent(s.fit), str(s.passing), str(s.planned))
                for s in found.sums
            ),
            frozenset({1, 2, 3, 4}),
        )
        yield Paragraph("Each line is the best sharing out of its sum; beyond the last one more money changes nothing.")
