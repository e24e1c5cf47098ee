"""Goal roles by how near a profile is to them -> text or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from credgap.models import FEW_POSTINGS, Limits, RoleReach
from credgap.report import sheet
from credgap.report.page import Column, Page, hours, money, percent

SHOWN = 4
"""How many skills a row names."""


def render(found: Sequence[RoleReach], format: str, *, fit: float, limits: Limits, assumed: Sequence[str], width: int) -> str:
    """The roles in order, in any format but that of a calendar. `assumed` are the skills held by assumption alone."""
    dumped = [r.model_dump(mode="json") for r in found]
    if format == "jsonl":
        return sheet.lines(dumped)
    if format == "json":
        return sheet.document("explore", {"fit": fit, "assumed": list(assumed), "roles": dumped})
    if format == "csv":
        from credgap.report import csv

        return csv.roles(found, limits=limits)
    if format in ("plain", "html", "markdown"):
        from importlib import import_module

        text: str = import_module(f"credgap.report.{format}").roles(found, fit=fit, limits=limits, assumed=assumed)
        return text
    page = Page(width=width, color=False)
    page.heading(f"Roles, the nearest first; the threshold is a fit of {percent(fit)}")
    page.table(
        [
            Column("Role", flexible=True, min_width=18),
            Column("Fit now", "right"),
            Column("Least money", flexible=True, min_width=16),
            Column("Soonest", flexible=True, min_width=10),
            Column("Carries over", flexible=True, min_width=14),
        ],
        [_row(r, fit, limits.currency) for r in found],
        indent=0,
    )
    page.line(f"At most {limits.max_credentials} credentials each (--max-credentials).", indent=0, style="dim")
    if any(r.postings is not None and r.postings < FEW_POSTINGS for r in found):
        page.line("* the role rests on few postings", indent=0)
    if assumed:
        page.line(f"{len(assumed)} skills are assumed from the role held: confirm them in the profile.", indent=0)
    return page.text()


def _row(r: RoleReach, fit: float, currency: str) -> list[str]:
    few = "*" if r.postings is not None and r.postings < FEW_POSTINGS else ""
    if r.blocked is not None:
        least = f"a must is unmet: {r.blocked}"
    elif r.fit >= fit - 1e-9:
        least = "nothing to take: apply"
    elif r.cheapest is None:
        least = "not within the limits"
    else:
        least = f"{money(r.cheapest.net, currency)}: {', '.join(r.cheapest.names)}"
    soonest = f"{r.finish} ({hours(r.soonest.hours)})" if r.soonest is not None and r.finish is not None else ""
    more = len(r.carried) - SHOWN
    carried = ", ".join(r.carried[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    return [f"{r.name}{few} [{r.goal}]", percent(r.fit), least, soonest, carried or "nothing"]
