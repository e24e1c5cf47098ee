"""Words of the names of skills -> a guard-railed search for their misspellings in a text.

By edit distance alone this finds more wrong than right; so it asks for a long word that is neither an ordinary one nor part of a
name, for one edit, for the same first letter, for one candidate alone, and for no word that is only another form of the candidate.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from credgap.files import data_folder

_TOKEN = re.compile(r"(?<![\w'@./&-])[a-z]{6,}(?![\w'@]|\.\w)")
_WORD = re.compile(r"[a-z]+")
_LEAST = 7
"""A word of fewer letters is never mended; a slip may leave one less of them."""
_OFTEN = 2
"""A word that stands more often in one text is someone's name."""
# What a word may end in and still be a form of the same word: "contracting" is no misspelling of "contraction".
_ENDINGS = frozenset(
    (  # noqa: SIM905
        "s es ed er ers or ors ing ings ion ions al ally ly ist ists ism ment ments able ible ability ive ant ent ance ence"
        " ancy ency ity ize ized izing ization e y ies ied ic ics ical ian ians ary ory ful ness d r rs n t te ted ting tion"
        " tions x"
    ).split(" ")
) | {""}


class Slip(NamedTuple):
    """A likely misspelling at [start, end) of a folded text, and the word it stands for."""

    start: int
    end: int
    word: str


@cache
def ordinary() -> frozenset[str]:
    """Words that stand in many postings (data/words.txt), as folded by `skills.fold`; slips of the pen were left out of them."""
    return frozenset((data_folder() / "words.txt").read_text(encoding="ascii").split())


class Words:
    """The words of names, which may be found misspelt."""

    def __init__(self, names: Iterable[str]) -> None:
        known = frozenset(word for part in set(" ".join(names).split(" ")) for word in _WORD.findall(part))
        self._right = known | ordinary()
        self._long: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(known):
            if len(word) >= _LEAST:
                self._long[word[0], len(word)].append(word)
        self._seen: dict[str, str | None] = {}

    def slips(self, text: str, words: frozenset[str]) -> list[Slip]:
        """Where a folded text may hold a misspelt word of a name; `words` are all that it writes in letters without a gap."""
        odd = [word for word in words - self._right if len(word) >= _LEAST - 1]
        meant = {word: right for word in odd if (right := self._meant(word)) and text.count(word) <= _OFTEN}
        found = [
            Slip(at, at + len(word), right)
            for word, right in meant.items()
            for at in places(text, word)
            if (token := _TOKEN.match(text, at)) and token.group() == word
        ]
        return sorted(found)

    def _meant(self, word: str) -> str | None:
        if word not in self._seen:
            self._seen[word] = self._nearest(word)
        return self._seen[word]

    def _nearest(self, word: str) -> str | None:
        """The one word a slip of the pen away; None where there are several or none, and for glued words ("awsexperience")."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        near = [w for size in (len(word) - 1, len(word), len(word) + 1) for w in self._long.get((word[0], size), ())]
        hits = [w for w, _, _ in extract(word, near, scorer=OSA.distance, score_cutoff=1, limit=5)]
        if not hits or any(_inflected(word, hit) for hit in hits) or any(word[at:] in ordinary() for at in range(1, len(word) - _LEAST)):
            return None
        stems = {hit.rstrip("s") for hit in hits}
        return hits[0] if len(stems) == 1 else None


def words(names: Iterable[str]) -> Words:
    """The search over the words of folded names."""
    return Words(names)


def places(text: str, word: str) -> Iterator[int]:
    """Where a word stands in a text, within longer words too."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _inflected(word: str, name: str) -> bool:
    """Whether a word is another form of the name ("snowflakes", "modeler" beside "modeling") rather than a slip of the pen."""
    shared = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    return shared >= 4 and any(word[at:] in _ENDINGS and name[at:] in _ENDINGS for at in (shared, shared - 1))
