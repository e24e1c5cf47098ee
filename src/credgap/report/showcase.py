"""A Showcase -> text for a terminal, or any form of a Sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credgap.models import Source
from credgap.report import sheet
from credgap.report.letter import on_page
from credgap.report.sheet import Sheet
from credgap.report.story import Block, Heading, Items, Link, Paragraph, Words
from credgap.showcase import Field, Showcase

COLUMNS = ("part", "name", "value", "note")
"""The columns of CSV: a row for each thing to copy, say or look at. Only added to."""


def render(found: Showcase, format: str, *, width: int) -> str:
    """The showcase in one of the forms of a sheet."""
    if format == "terminal":
        return on_page(_blocks(found), width=width)
    whole = found.model_dump(mode="json")
    made = Sheet("showcase", lambda: _blocks(found), lambda: whole, COLUMNS, lambda: _rows(found), lambda: [whole])
    return sheet.render(made, format, width=width)


def _rows(s: Showcase) -> Iterator[Mapping[str, str | None]]:
    yield from ({"part": "linkedin", **f.model_dump()} for f in s.linkedin)
    yield {"part": "resume", "value": s.resume}
    yield {"part": "project", "value": s.project.text, "note": s.project.show}
    yield from ({"part": "verify", "value": x} for x in s.verify)
    yield {"part": "page", "value": s.url}
    yield from ({"part": "source", "value": x.url, "note": f"{', '.join(x.states)}; checked {x.checked}"} for x in s.sources)


def _blocks(s: Showcase) -> Iterator[Block]:
    yield Heading(1, f"How to show it: {s.name}")
    yield Paragraph("What stands in [brackets] is for you to fill in.")
    yield Heading(2, "LinkedIn, Licenses & Certifications")
    yield Items(tuple(_field(f) for f in s.linkedin))
    yield Heading(2, "Résumé")
    yield Paragraph(s.resume)
    yield Heading(2, "A project that proves it" + ("" if s.project.basis == "credential" else " (a template)"))
    yield Paragraph(s.project.text)
    yield Paragraph(f"Show it as {s.project.show}.")
    yield Heading(2, "How an employer verifies it")
    yield Items((*s.verify[:-1], (f"{s.verify[-1]} ", Link(s.url))))
    if s.sources:
        yield Heading(2, "Sources")
        yield Items(tuple(_source(x) for x in s.sources))


def _field(field: Field) -> Words:
    if field.value is None:
        return f"{field.name}: [{field.note}]"
    note = f" ({field.note})" if field.note else ""
    if field.value.startswith("http"):
        return (f"{field.name}: ", Link(field.value), note)
    return f"{field.name}: {field.value}{note}"


def _source(source: Source) -> Words:
    return (Link(source.url), f" ({', '.join(source.states)}; checked {source.checked})")
