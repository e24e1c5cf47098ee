"""Gaps of several postings -> one Gap that a plan can lift together, and the fit of each posting after every step."""

from __future__ import annotations

from collections.abc import Sequence

from credgap.gap import units
from credgap.models import Gap, Importance, Need, Requirement, Requirements

ORDER: tuple[Importance, ...] = ("required", "preferred", "context")


def merge(gaps: Sequence[Gap]) -> Gap:
    """One gap in which every posting has the same say: its weights are scaled to the mean of all sums, and divided.

    So the cover of a plan is the mean of its covers, and half a required skill is one of a posting of the usual size. A skill that several
    ask for in the same way stands once, with the sum of its weights, and as the most demanding of them names it.
    """
    mean = sum(g.total for g in gaps) / len(gaps)
    single: dict[tuple[object, ...], Need] = {}
    grouped: list[Need] = []
    number = 0
    for gap in gaps:
        scale = mean / gap.total / len(gaps)
        for unit in units(gap.needs):
            if len(unit) == 1:
                need = unit[0].model_copy(update={"group": None, "weight": unit[0].weight * scale})
                key = need.skill, need.level, need.years, need.held
                before = single.get(key)
                single[key] = need if before is None else _more(before, need)
            else:
                grouped += (n.model_copy(update={"group": number, "weight": n.weight * scale}) for n in unit)
                number += 1
    needs = (*sorted(single.values(), key=lambda n: (ORDER.index(n.importance), -n.weight, n.skill)), *grouped)
    held = sum(u[0].weight * max(n.held for n in u) for u in units(needs))
    return Gap(fit=held / mean, total=mean, needs=needs, profile_empty=all(g.profile_empty for g in gaps))


def _more(before: Need, need: Need) -> Need:
    importance = min(before.importance, need.importance, key=ORDER.index)
    return before.model_copy(update={"weight": before.weight + need.weight, "importance": importance})


def requirements(wants: Sequence[Requirements]) -> Requirements:
    """What several postings ask for, each skill once, as the most demanding of them does; quotes stay with the postings."""
    found: dict[str, Requirement] = {}
    for each in wants:
        for r in each.requirements:
            known = found.get(r.skill)
            if known is None or ORDER.index(r.importance) < ORDER.index(known.importance):
                found[r.skill] = r.model_copy(update={"group": None, "mentions": ()})
    warnings = tuple(dict.fromkeys(w for each in wants for w in each.warnings))
    return Requirements(id="together", source=f"{len(wants)} postings together", requirements=tuple(found.values()), warnings=warnings)
