"""Blocks -> sentences and lists in reading order, for screen readers and for mail: no tables, no bars, no wrapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from credgap.models import Catalogue, Limits, Report, RoleReach
from credgap.report import story
from credgap.report.shown import line
from credgap.report.story import Block, Command, Heading, Items, Link, Paragraph, Table, Words


def render(reports: Sequence[Report], catalogue: Catalogue, *, details: bool = False) -> str:
    """Every report in input order; where there are several, each says which it is."""
    if len(reports) == 1:
        return write(story.tell(reports[0], catalogue, details=details))
    texts = (f"Posting {n} of {len(reports)}.\n{write(story.tell(r, catalogue, details=details))}" for n, r in enumerate(reports, 1))
    return "\n".join(texts)


def roles(found: Sequence[RoleReach], *, fit: float, limits: Limits, assumed: Sequence[str]) -> str:
    """Goal roles, an item for each."""
    return write(story.roles(found, fit=fit, limits=limits, assumed=assumed))


def write(blocks: Iterable[Block]) -> str:
    """The blocks as lines: a sentence or an item each, a blank line before each heading."""
    return "\n".join(x for b in blocks for x in _lines(b)).strip("\n") + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from ("", line(block.text))
        case Paragraph():
            yield _words(block.text)
        case Items():
            yield from (f"{f'{n}.' if block.ordered else '-'} {_words(x)}" for n, x in enumerate(block.items, 1))
        case Table():
            for row in block.rows:
                first, *rest = (_words(x) for x in row)
                said = [f"{h.lower()} {x}" for h, x in zip(block.columns[1:], rest, strict=True) if x]
                yield "- " + first + (": " + "; ".join(said) if said else "") + "."


def _words(text: Words) -> str:
    return line(
        text if isinstance(text, str) else "".join(x.url if isinstance(x, Link) else x.text if isinstance(x, Command) else x for x in text)
    )
