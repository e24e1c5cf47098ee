"""A Showcase -> text for a terminal, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from credgap.models import Source
from credgap.report import markdown
from credgap.report.json import FORMAT_VERSION
from credgap.report.letter import on_page
from credgap.report.story import Block, Heading, Items, Link, Paragraph, Words
from credgap.showcase import Field, Showcase


def render(found: Showcase, format: str, *, width: int) -> str:
    """The showcase in one of terminal, markdown, json."""
    if format == "json":
        body = found.model_dump(mode="json")
        return json.dumps({"format_version": FORMAT_VERSION, "command": "showcase", **body}, ensure_ascii=False, indent=1) + "\n"
    blocks = tuple(_blocks(found))
    return markdown.write(blocks) if format == "markdown" else on_page(blocks, width=width)


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
