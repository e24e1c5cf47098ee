"""Names of skills -> a guard-railed search for their misspellings in a text.

By edit distance alone this finds more wrong than right; so it asks for long names, a close hit, the same first letter, one
candidate, and a word that is no ordinary one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from credgap.files import data_folder

_TOKEN = re.compile(r"(?<![\w'@./])[a-z]{7,}(?![\w'@]|\.\w)")
_LEAST = 7
_FAR = 11
# What a word may end in and still be a form of the same word: "contracting" is no misspelling of "contraction".
_ENDINGS = frozenset(
    (  # noqa: SIM905
        "s es ed er ers or ors ing ings ion ions al ally ly ist ists ism ment ments able ible ability ive ant ent ance ence"
        " ancy ency ity ize ized izing ization e y ies ied ic ics ical ian ians ary ory ful ness d r rs n t te ted ting tion"
        " tions"
    ).split(" ")
) | {""}
_WORD_BEFORE = re.compile(r"([a-z]+) $")
_WORD_AFTER = re.compile(r" ([a-z]+)\b")


class Slip(NamedTuple):
    """A possible misspelling at [start, end): the folded name it may stand for, and the edits between."""

    start: int
    end: int
    name: str
    edits: int


@cache
def _ordinary() -> frozenset[str]:
    """Words that stand in many postings (data/words.txt), as folded by `skills.fold`; slips of the pen were left out of them."""
    return frozenset((data_folder() / "words.txt").read_text(encoding="ascii").split())


class Words:
    """The single words and the two-word names that may be found misspelt."""

    def __init__(self, names: Iterable[str]) -> None:
        self._single: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._second: dict[str, list[str]] = defaultdict(list)
        self._first: dict[str, list[str]] = defaultdict(list)
        for name in names:
            first, blank, second = name.partition(" ")
            if not blank:
                if len(name) >= _LEAST and name.isalpha():
                    self._single[name[0], len(name)].append(name)
            elif " " not in second:
                if len(second) >= _LEAST:
                    self._second[first].append(second)
                if len(first) >= _LEAST:
                    self._first[second].append(first)
        self._seen: dict[str, tuple[str, int] | None] = {}

    def find(self, text: str) -> Iterator[Slip]:
        """Where a folded text may hold a misspelt name."""
        for m in _TOKEN.finditer(text):
            word = m.group()
            if word in _ordinary() or any(word[at:] in _ordinary() for at in range(1, len(word) - _LEAST)):
                continue  # an ordinary word, or one glued to the end of the line before it ("awsexperience")
            one = self._one(word)
            slip = Slip(m.start(), m.end(), *one) if one else self._second_of_two(text, m) or self._first_of_two(text, m)
            if slip:
                yield slip

    def _one(self, word: str) -> tuple[str, int] | None:
        if word not in self._seen:
            near = [n for size in range(len(word) - 2, len(word) + 3) for n in self._single.get((word[0], size), ())]
            self._seen[word] = _only(word, near)
        return self._seen[word]

    def _second_of_two(self, text: str, m: re.Match[str]) -> Slip | None:
        before = _WORD_BEFORE.search(text, max(0, m.start() - 20), m.start())
        hit = _only(m.group(), self._second.get(before.group(1), ())) if before else None
        return Slip(before.start(), m.end(), f"{before.group(1)} {hit[0]}", hit[1]) if before and hit else None

    def _first_of_two(self, text: str, m: re.Match[str]) -> Slip | None:
        after = _WORD_AFTER.match(text, m.end())
        hit = _only(m.group(), self._first.get(after.group(1), ())) if after else None
        return Slip(m.start(), after.end(), f"{hit[0]} {after.group(1)}", hit[1]) if after and hit else None


def words(names: Iterable[str]) -> Words:
    """The search over folded names, each the name of one skill alone."""
    return Words(names)


def _only(word: str, names: Iterable[str]) -> tuple[str, int] | None:
    """The name a word is a misspelling of, and the edits between; None where it may be several, or is one."""
    from rapidfuzz.distance import OSA

    hits: list[tuple[int, str]] = []
    for name in names:
        if name[0] != word[0] or len(name) < _LEAST or (len(name) != len(word) and (name in word or word in name)):
            continue
        reach = 2 if len(name) >= _FAR else 1
        edits = OSA.distance(word, name, score_cutoff=reach)
        if edits == 0 or (edits <= reach and _inflected(word, name)):
            return None
        if edits <= reach:
            hits.append((edits, name))
    hits.sort()
    return (hits[0][1], hits[0][0]) if hits and (len(hits) == 1 or hits[0][0] < hits[1][0]) else None


def _inflected(word: str, name: str) -> bool:
    """Whether a word is another form of the name ("snowflakes", "modeler" beside "modeling") rather than a slip of the pen."""
    shared = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    return shared >= 4 and any(word[at:] in _ENDINGS and name[at:] in _ENDINGS for at in (shared, shared - 1))
