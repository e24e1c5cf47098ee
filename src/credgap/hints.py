"""Words without which patterns cannot match, and a text -> where in it each pattern is worth trying, told in one pass."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from functools import cached_property

from ahocorasick_rs import AhoCorasick


class Hints:
    """Under each name hints: strings of which one stands in whatever is looked for under that name, in lower case.

    A hint that begins with a blank stands where a word begins, whatever sign is before it.
    """

    def __init__(self, hints: Mapping[str, Sequence[str]]) -> None:
        self._names: dict[str, set[str]] = {}
        for name, its in hints.items():
            for hint in its:
                self._names.setdefault(hint, set()).add(name)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([hint.lstrip(" ") for hint in self._names])

    @cached_property
    def _told(self) -> list[tuple[bool, set[str]]]:
        return [(hint.startswith(" "), names) for hint, names in self._names.items()]

    def in_stretches(self, text: str, starts: Sequence[int]) -> list[Set[str]]:
        """For each stretch of a text in lower case, from its start to the next one's, the names of which a hint begins in it."""
        found: list[set[str]] = [set() for _ in starts]
        told = self._told
        for number, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            begins_word, names = told[number]
            if not (begins_word and start and text[start - 1].isalnum()):
                found[bisect_right(starts, start) - 1] |= names
        return list(found)
