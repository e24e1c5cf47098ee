"""A role's name -> Goal -> Requirements."""

from __future__ import annotations

from collections.abc import Iterator

from credgap.errors import UnknownGoalError
from credgap.models import Catalogue, Gate, Goal, GoalSkill, Requirement, Requirements

REQUIRED_FROM, PREFERRED_FROM = 0.5, 0.2
"""A goal's skills are required, or preferred, from these weights on."""
SURE, APART = 88.0, 4.0
"""A misspelt name is taken when it is at least SURE like one role (rapidfuzz ratio, 0 to 100) and APART from the next."""


def find(name: str, catalogue: Catalogue) -> tuple[Goal, bool]:
    """The role of that id, name or alias, and whether it had to be guessed; raises UnknownGoalError with the nearest names."""
    wanted = _folded(name)
    names = {_folded(n): g for g in reversed(catalogue.goals) for n in (*g.aliases, g.name, g.id)}
    if wanted in names:
        return names[wanted], False
    from rapidfuzz import fuzz, process

    near = process.extract(wanted, list(names), scorer=fuzz.ratio, limit=12)
    best: dict[str, float] = {}
    for text, score, _ in near:
        best.setdefault(names[text].id, score)
    ranked = list(best.items())
    if ranked and ranked[0][1] >= SURE and (len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= APART):
        return catalogue.goal[ranked[0][0]], True
    did_you_mean = ", ".join(i for i, score in ranked[:4] if score >= 50)
    raise UnknownGoalError(
        f"no role is called {name!r}",
        hint=(f"Did you mean {did_you_mean}? " if did_you_mean else "") + "`credgap goals` lists the roles.",
    )


def requirements(goal: Goal, catalogue: Catalogue) -> Requirements:
    """What a role asks for, in the form in which a posting's requirements are read; its largest weight becomes 1."""
    wants = tuple(
        Requirement(
            skill=s.skill,
            name=catalogue.skill[s.skill].name,
            kind=catalogue.skill[s.skill].kind,
            importance="required" if s.weight >= REQUIRED_FROM else "preferred" if s.weight >= PREFERRED_FROM else "context",
            level=s.level,
            weight=weight,
            how="goal",
        )
        for s, weight in weighed(goal)
    )
    asked = gates(goal)
    degree = next(("required" if g.hard else "preferred" for g in asked if g.kind == "degree"), "none")
    warnings: tuple[str, ...] = (f"{goal.name} rests on {goal.postings} postings only.",) if goal.thin else ()
    if goal.note:
        warnings += (goal.note,)
    return Requirements.model_validate(
        {
            "id": goal.id,
            "source": f"goal {goal.id}",
            "title": goal.name,
            "requirements": wants,
            "gates": asked,
            "degree": degree,
            "warnings": warnings,
        }
    )


def weighed(goal: Goal) -> Iterator[tuple[GoalSkill, float]]:
    """The skills of a role, each with its weight, of which the largest is 1."""
    largest = max(s.weight for s in goal.skills)
    return ((s, s.weight / largest) for s in goal.skills)


def gates(goal: Goal) -> tuple[Gate, ...]:
    """The gates of a role."""
    return tuple(Gate(kind=g.kind, text=g.text, hard=g.hard, skill=g.skill, degree=g.degree, years=g.years) for g in goal.gates)


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())
