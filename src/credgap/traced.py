"""Text of which each character knows its place in the text as given, so that cleaning never loses where a word stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Traced(NamedTuple):
    """A text, and for each of its characters the place it has in the text as given."""

    text: str
    places: list[int]

    def part(self, start: int, end: int) -> Traced:
        """Characters [start, end) alone."""
        return Traced(self.text[start:end], self.places[start:end])


def whole(text: str) -> Traced:
    """A text as given."""
    return Traced(text, list(range(len(text))))


def join(parts: list[Traced]) -> Traced:
    """Parts behind each other."""
    return Traced("".join(p.text for p in parts), [place for p in parts for place in p.places])


def rewrite(traced: Traced, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Traced:
    """`re.sub` that keeps every character traced: what replaces a match stands where the match began."""
    text, places = traced
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for m in pattern.finditer(text):
        new = replace(m)
        if new == m.group():
            continue
        parts += (text[done : m.start()], new)
        kept += places[done : m.start()]
        kept += places[m.start() : m.start() + len(new)] if len(new) == m.end() - m.start() else [places[m.start()]] * len(new)
        done = m.end()
    if not parts:
        return traced
    return Traced("".join([*parts, text[done:]]), kept + places[done:])
