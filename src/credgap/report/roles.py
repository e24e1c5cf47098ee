"""Goal roles by how near a profile is to them -> text or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from credgap.models import Limits, RoleReach
from credgap.report import sheet


def render(
    found: Sequence[RoleReach],
    format: str,
    *,
    fit: float,
    limits: Limits,
    assumed: Sequence[str],
    width: int,
    color: bool = False,
    drawn: bool = False,
) -> str:
    """The roles in order, in any format but that of a calendar. `assumed` are the skills held by assumption alone."""
    dumped = [r.model_dump(mode="json") for r in found]
    if format == "jsonl":
        return sheet.lines(dumped)
    if format == "json":
        return sheet.document("explore", {"fit": fit, "assumed": list(assumed), "roles": dumped})
    if format == "csv":
        from credgap.report import csv

        return csv.roles(found, limits=limits)
    page = {"width": width, "color": color, "drawn": drawn} if format == "terminal" else {}
    text: str = import_module(f"credgap.report.{format}").roles(found, fit=fit, limits=limits, assumed=assumed, **page)
    return text
