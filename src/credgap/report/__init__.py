"""A Report -> text in one of the formats. Nothing here computes what is advised."""

from __future__ import annotations

from collections.abc import Sequence

from credgap.models import Catalogue, Report

FORMATS = ("terminal", "plain", "html", "markdown", "csv", "ics", "json", "jsonl")


def render(
    reports: Sequence[Report],
    format: str,
    *,
    catalogue: Catalogue,
    many: bool = False,
    width: int = 80,
    color: bool = False,
    home: str | None = None,
    drawn: bool = False,
    rows: int | None = None,
    details: bool = False,
) -> str:
    """The reports in one of FORMATS, ending in a line break.

    `many`: the input can hold several postings, so that JSON is a list of results even where there is one.
    `width` in columns, `color`, `drawn` (block signs for bars) and `rows` of the screen are for the terminal alone. `details`: all
    evidence, sums and sources in the formats that else leave some out (terminal, plain, markdown).
    `home` is for html: the index that the page links back to.
    """
    if format == "terminal":
        from credgap.report import terminal

        return terminal.render(reports, catalogue, width=width, color=color, drawn=drawn, rows=rows, details=details)
    if format == "html":
        from credgap.report import html

        return html.render(reports, catalogue, many=many, home=home)
    if format in ("plain", "markdown"):
        from credgap.report import markdown, plain

        return (plain.render if format == "plain" else markdown.render)(reports, catalogue, details=details)
    if format in ("csv", "ics"):
        from importlib import import_module

        text: str = import_module(f"credgap.report.{format}").render(reports, catalogue)
        return text
    from credgap.report import json, shown

    return shown.escaped(json.lines(reports, catalogue) if format == "jsonl" else json.document(reports, catalogue, many=many))
