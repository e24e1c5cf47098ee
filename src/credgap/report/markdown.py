"""Blocks -> Markdown as GitHub reads it. What others wrote is escaped, so that it marks nothing up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from credgap.models import Catalogue, Limits, Report, RoleReach
from credgap.report import story
from credgap.report.shown import line
from credgap.report.story import Block, Command, Heading, Items, Link, Paragraph, Table, Words

_MARKS = re.compile(r"[\\`*_\[\]<|~]|\$(?!\d)")
_LEADING = re.compile(r"^(\d+)([.)])|^([-+=#>])")
_ADDRESS = re.compile(r"(?i)(?<=\w)(:)(?=//)|(?<=\bwww)(\.)|(?<=\S)(@)(?=\S)")


def render(reports: Sequence[Report], catalogue: Catalogue, *, details: bool = False) -> str:
    """Every report in input order, each under a heading of its own."""
    return "\n".join(write(story.tell(r, catalogue, details=details)) for r in reports)


def roles(found: Sequence[RoleReach], *, fit: float, limits: Limits, assumed: Sequence[str]) -> str:
    """Goal roles, a row for each."""
    return write(story.roles(found, fit=fit, limits=limits, assumed=assumed))


def write(blocks: Iterable[Block]) -> str:
    """The blocks, a blank line between."""
    return "\n\n".join("\n".join(_lines(b)) for b in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield "#" * block.level + " " + plain(block.text).replace("#", "\\#")
        case Paragraph():
            text = _words(block.text, first=True)
            yield f"**{text}**" if block.strong else text
        case Items():
            yield from (f"{f'{n}.' if block.ordered else '-'} {_words(x, first=True)}" for n, x in enumerate(block.items, 1))
        case Table():
            yield _row(block.columns)
            yield "|" + "|".join("---:" if n in block.figures else "---" for n in range(len(block.columns))) + "|"
            yield from map(_row, block.rows)


def _row(cells: Iterable[Words]) -> str:
    return "| " + " | ".join(map(_words, cells)) + " |"


def _words(text: Words, *, first: bool = False) -> str:
    parts = (text,) if isinstance(text, str) else text
    return "".join(_word(x, first=first and not n) for n, x in enumerate(parts))


def _word(part: str | Link | Command, *, first: bool) -> str:
    if part == " ":
        return part
    if isinstance(part, Command):
        return f"`{line(part.text).replace('`', '')}`"
    if isinstance(part, Link):
        return f"<{_encoded(part.url)}>"
    return " " * (part.startswith(" ") and not first) + plain(part, first=first) + " " * part.endswith(" ")


def _encoded(url: str) -> str:
    """An address in which no sign ends a link or a cell."""
    return "".join(c if c not in '<>|"`\\' else f"%{ord(c):02X}" for c in line(url))


def plain(text: str, *, first: bool = False) -> str:
    """Text that Markdown shows as it is: every mark has a backslash, an address is no link, HTML is shown and not read.

    `first`: it stands where a line begins, so that its first sign could start a list or a heading.
    """
    text = _MARKS.sub(r"\\\g<0>", line(text).replace("&", "&amp;"))
    text = _ADDRESS.sub(lambda m: f"&#{ord(m.group())};", text)
    return _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text) if first else text
