"""Many postings -> Demand: what they ask for and how often, what changed, what was not understood, which credentials lift most of them.

Postings are read one at a time; what is kept are counts, a sample, and, in temporary files, what lifts are counted over and the
marks of the texts that were met.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import sqlite3
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import NormalDist
from typing import IO, NamedTuple, cast

from credgap import analyse, lifts
from credgap import gap as gaps
from credgap.lifts import Lifts, Unit
from credgap.models import Catalogue, Importance, Limits, Profile, SkillKind

CHUNK = 32
"""Postings that are worked together."""
MOST_GROUPS = 200
"""Values of a column that are counted apart; what comes after these is counted together."""
OTHERS, NO_VALUE = "(others)", "(no value)"
MOST_TERMS = 200_000
"""Terms not understood that are counted at once; beyond that those seen once are forgotten, so that counts are at least."""
LEAST = 10
"""A difference is looked at where so many postings ask for the skill, both sides together."""
ALARM = 0.05
"""Of the differences that are called more than chance, at most this share is expected to be chance all the same."""
EXPECTED = 5.0
"""Where fewer are expected in one of the four cells, the exact test takes the place of the normal curve."""

# --- What is kept of one posting ----------------------------------------------------------------------------


class Read(NamedTuple):
    """What one posting asks for: each skill once, as it is most demanded (skill, importance, level, years).

    `why` says why it counts for nothing; `units` are what its fit is made of, and `blocked` whether a must is unmet.
    """

    skills: tuple[tuple[str, Importance, int, float | None], ...] = ()
    unknown: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    blocked: bool = False
    why: str | None = None


@dataclass(frozen=True)
class Task:
    """All that reading depends on, beside the texts. It is sent once to each worker. `lifts`: whether units are wanted."""

    catalogue: Catalogue
    today: dt.date
    profile: Profile = field(default_factory=Profile)
    forms: Mapping[str, str] | None = None
    weights: Mapping[Importance, float] = field(default_factory=lambda: dict(gaps.WEIGHTS))
    count: tuple[SkillKind, ...] = gaps.COUNTED
    anyway: bool = False
    lifts: bool = True


class Reader:
    """Texts -> what they ask for."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._wants = analyse.Reader(task.catalogue, task.forms)

    def __call__(self, texts: Sequence[str]) -> list[Read]:
        """What each of the texts asks for."""
        return [self._read(t) for t in texts]

    def _read(self, text: str) -> Read:
        task = self._task
        try:
            wants = self._wants(text)
        except Exception as error:  # one posting that trips the program must not take the others with it
            return Read(why=f"failed ({type(error).__name__})")
        if wants.unfit:
            return Read(why=f"no posting, but {wants.unfit}")
        unknown = tuple(u.text for u in wants.unknown_terms)
        if not wants.requirements:
            return Read(unknown=unknown, why="no skill recognised")
        found: dict[str, tuple[str, Importance, int, float | None]] = {}
        for r in wants.requirements:
            known = found.get(r.skill)
            if known is None or gaps.WEIGHTS[r.importance] > gaps.WEIGHTS[known[1]]:
                found[r.skill] = r.skill, r.importance, r.level, r.years
        units: tuple[Unit, ...] = ()
        blocked = False
        if task.lifts:
            gap = gaps.compare(wants, task.profile, task.catalogue, today=task.today, weights=task.weights, count=task.count)
            units = tuple((unit[0].weight, tuple(map(lifts.key, unit))) for unit in gaps.units(gap.needs) if unit[0].weight > 0)
            blocked = not task.anyway and any(g.gate.hard and g.state == "unmet" for g in gap.gates)
        return Read(tuple(found.values()), unknown, units, blocked)


class Row(NamedTuple):
    """A row of the input: its text, or the reason why there is none; on which side of a comparison, and under which value, it counts."""

    text: str | None
    fault: str | None = None
    before: bool = False
    value: str | None = None


class Placed(NamedTuple):
    """A row, and what it asks for; `fault` is the reason where it cannot be read or does not count."""

    before: bool
    value: str | None
    read: Read | None
    fault: str | None = None


Run = Callable[[Callable[[], Reader], Iterable[Sequence[str]]], Iterator[list[Read]]]
"""What runs a function over many chunks, in order: `engines.run` with an engine."""


def read(rows: Iterable[Row], task: Task, run: Run, *, repeats: bool = False) -> Iterator[Placed]:
    """Rows in order, as they are counted.

    The same text under the same value counts once, unless `repeats`; what is told apart are digests of 8 bytes.
    """
    waiting: deque[list[tuple[Row, bool]]] = deque()
    seen = _Seen()

    def chunks() -> Iterator[list[str]]:
        group: list[tuple[Row, bool]] = []
        texts: list[str] = []
        for row in rows:
            again = False
            if row.text is not None:
                again = not repeats and seen.before(_mark(row.text, row.before, row.value))
                if not again:
                    texts.append(row.text)
            group.append((row, again))
            if len(texts) >= CHUNK or len(group) >= 16 * CHUNK:
                waiting.append(group)
                yield texts
                group, texts = [], []
        if group:
            waiting.append(group)
            yield texts

    for found in run(partial(Reader, task), chunks()):
        reads = iter(found)
        for row, again in waiting.popleft():
            fault = "the same text again" if again else None if row.text is not None else row.fault or "empty"
            yield Placed(row.before, row.value, None if fault else next(reads), fault)


def _mark(text: str, before: bool, value: str | None) -> int:
    whole = f"{before}\0{value}\0{' '.join(text.split()).casefold()}"
    return int.from_bytes(hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


class _Seen:
    """The marks of texts that were met, in a temporary file of SQLite's, so that memory does not grow with them."""

    def __init__(self) -> None:
        self._marks = sqlite3.connect("", isolation_level=None)
        self._marks.execute("PRAGMA journal_mode = OFF")
        self._marks.execute("PRAGMA synchronous = OFF")
        self._marks.execute("CREATE TABLE marks (mark INTEGER PRIMARY KEY)")

    def before(self, mark: int) -> bool:
        """Whether this mark was met before; from now on it is."""
        return self._marks.execute("INSERT OR IGNORE INTO marks VALUES (?)", (mark,)).rowcount == 0


# --- Counting -----------------------------------------------------------------------------------------------


class _Skill:
    """How often a skill is asked: in how many postings, by importance, by level, with which years."""

    __slots__ = ("importance", "levels", "postings", "years")

    def __init__(self) -> None:
        self.postings = 0
        self.importance: Counter[Importance] = Counter()
        self.levels: Counter[int] = Counter()
        self.years: Counter[float] = Counter()


class Counts:
    """Counts over postings."""

    def __init__(self) -> None:
        self.postings = 0
        self.skills: dict[str, _Skill] = {}
        self.kinds: Counter[SkillKind] = Counter()
        self.named: Counter[SkillKind] = Counter()

    def add(self, one: Read, catalogue: Catalogue) -> None:
        """Count a posting in which a skill was recognised."""
        self.postings += 1
        kinds: Counter[SkillKind] = Counter()
        for skill, importance, level, years in one.skills:
            found = self.skills.get(skill)
            if found is None:
                found = self.skills[skill] = _Skill()
            found.postings += 1
            found.importance[importance] += 1
            found.levels[level] += 1
            if years is not None:
                found.years[years] += 1
            kinds[catalogue.skill[skill].kind] += 1
        self.named.update(kinds)
        self.kinds.update(dict.fromkeys(kinds, 1))

    def asking(self, skill: str) -> int:
        """How many postings ask for a skill."""
        found = self.skills.get(skill)
        return found.postings if found is not None else 0


class _Terms:
    """Terms not understood, counted once a posting whatever their capitals, shown as first written."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._written: dict[str, str] = {}
        self.postings, self.at_least = 0, False

    def add(self, terms: Iterable[str]) -> None:
        found = {" ".join(t.split()).casefold(): t for t in reversed(list(terms))}
        self.postings += bool(found)
        self._counts.update(found.keys())
        for folded, written in found.items():
            self._written.setdefault(folded, " ".join(written.split()))
        if len(self._counts) > MOST_TERMS:
            self.at_least = True
            self._counts = Counter({t: n for t, n in self._counts.items() if n > 1})
            self._written = {t: self._written[t] for t in self._counts}

    def most(self, number: int | None) -> list[tuple[str, int]]:
        ranked = sorted(self._counts.items(), key=lambda x: (-x[1], x[0]))[:number]
        return [(self._written[t], n) for t, n in ranked]


# --- The result -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SkillDemand:
    """How a skill is asked for: `share` of the postings; `required`, `preferred`, `context` and `levels` (1 to 3) count postings.

    `years_asked` counts those that ask years of it, `years` is their median.
    """

    skill: str
    name: str
    kind: SkillKind
    generic: bool
    postings: int
    share: float
    required: int
    preferred: int
    context: int
    levels: tuple[int, int, int]
    years_asked: int
    years: float | None


@dataclass(frozen=True)
class KindDemand:
    """Postings that ask at least one skill of a kind, how many a posting names, how many different ones there are."""

    kind: SkillKind
    postings: int
    share: float
    per_posting: float
    names: int


@dataclass(frozen=True)
class Difference:
    """How shares differ: `p` by chance alone (two-sided; None: too few to tell), `more_than_chance` all comparisons together."""

    skill: str
    name: str
    kind: SkillKind
    share: float
    before: float
    difference: float
    p: float | None
    more_than_chance: bool


@dataclass(frozen=True)
class GroupDemand:
    """The postings with one value of a column; `apart` is what sets them apart from all others, most first."""

    value: str
    postings: int
    skills: tuple[SkillDemand, ...]
    apart: tuple[Difference, ...]


@dataclass(frozen=True)
class UnknownDemand:
    """A term that no vocabulary knows, and how many postings hold it."""

    text: str
    postings: int
    share: float


@dataclass(frozen=True)
class Demand:
    """What many postings ask for. `left_out` counts rows by the reason why they count for nothing.

    Shares are of `postings`, those in which a skill was recognised. `against` names the other side of `changes`.
    """

    source: str
    rows: int
    left_out: tuple[tuple[str, int], ...]
    postings: int
    kinds: tuple[KindDemand, ...]
    skills: tuple[SkillDemand, ...]
    by: str | None
    groups: tuple[GroupDemand, ...]
    against: str | None
    postings_before: int
    changes: tuple[Difference, ...]
    unknown_postings: int
    unknown_at_least: bool
    unknown: tuple[UnknownDemand, ...]
    lifts: Lifts | None


def demand(
    placed: Iterable[Placed],
    task: Task,
    limits: Limits,
    *,
    source: str,
    by: str | None = None,
    against: str | None = None,
    fit: float = gaps.FIT,
    sample: int = lifts.SAMPLE,
    unknown: int | None = 200,
) -> Demand:
    """Count postings, compare the two sides where there are two, and look for the credentials that lift most of them."""
    now, before, groups = Counts(), Counts(), dict[str, Counts]()
    terms, left, rows = _Terms(), Counter[str](), 0
    with tempfile.SpooledTemporaryFile(max_size=32_000_000) as spool:
        kept = lifts.Kept(cast("IO[bytes]", spool), sample)
        for one in placed:
            rows += 1
            why = one.fault if one.read is None else one.read.why
            if one.read is not None and not one.before:
                terms.add(one.read.unknown)
            if one.read is None or why is not None:
                left[why or "empty"] += 1
                continue
            (before if one.before else now).add(one.read, task.catalogue)
            if one.before:
                continue
            if by is not None:
                value = one.value or NO_VALUE
                name = value if value in groups or len(groups) < MOST_GROUPS else OTHERS
                groups.setdefault(name, Counts()).add(one.read, task.catalogue)
            kept.add(one.read.units, blocked=one.read.blocked)
        lifted = lifts.lifts(kept, task.profile, task.catalogue, limits, fit) if task.lifts and kept.postings else None
    return Demand(
        source=source,
        rows=rows,
        left_out=tuple(sorted(left.items(), key=lambda x: (-x[1], x[0]))),
        postings=now.postings,
        kinds=_kinds(now, task.catalogue),
        skills=_skills(now, task.catalogue),
        by=by,
        groups=tuple(_groups(groups, now, task.catalogue)),
        against=against,
        postings_before=before.postings,
        changes=differences(now, before, task.catalogue) if before.postings else (),
        unknown_postings=terms.postings,
        unknown_at_least=terms.at_least,
        unknown=tuple(UnknownDemand(t, n, n / max(1, rows)) for t, n in terms.most(unknown)),
        lifts=lifted,
    )


def _skills(counts: Counts, catalogue: Catalogue) -> tuple[SkillDemand, ...]:
    found = []
    for skill, c in counts.skills.items():
        entry = catalogue.skill[skill]
        found.append(
            SkillDemand(
                skill=skill,
                name=entry.name,
                kind=entry.kind,
                generic=entry.generic,
                postings=c.postings,
                share=c.postings / counts.postings,
                required=c.importance["required"],
                preferred=c.importance["preferred"],
                context=c.importance["context"],
                levels=(c.levels[1], c.levels[2], c.levels[3]),
                years_asked=c.years.total(),
                years=_median(c.years),
            )
        )
    return tuple(sorted(found, key=lambda s: (-s.postings, s.skill)))


def _median(counts: Counter[float]) -> float | None:
    half, passed = counts.total() / 2, 0
    for years in sorted(counts):
        passed += counts[years]
        if passed >= half:
            return years
    return None


def _kinds(counts: Counts, catalogue: Catalogue) -> tuple[KindDemand, ...]:
    names = Counter(catalogue.skill[s].kind for s in counts.skills)
    found = (KindDemand(k, n, n / counts.postings, counts.named[k] / counts.postings, names[k]) for k, n in counts.kinds.items())
    return tuple(sorted(found, key=lambda k: (-k.postings, k.kind)))


def _groups(groups: Mapping[str, Counts], whole: Counts, catalogue: Catalogue) -> Iterator[GroupDemand]:
    """The groups, largest first, those without a value and all others together last."""
    for value, counts in sorted(groups.items(), key=lambda x: (x[0] in (OTHERS, NO_VALUE), -x[1].postings, x[0])):
        rest = whole.postings - counts.postings
        apart = differences(counts, whole, catalogue, within=True) if rest else ()
        yield GroupDemand(value, counts.postings, _skills(counts, catalogue), tuple(d for d in apart if d.more_than_chance))


# --- More than chance -----------------------------------------------------------------------------------------


def differences(now: Counts, before: Counts, catalogue: Catalogue, *, within: bool = False) -> tuple[Difference, ...]:
    """Shares of every skill on both sides, the largest rise first; `within`: `now` is a part of `before`, held against its rest."""
    n, m = now.postings, before.postings - (now.postings if within else 0)
    found: list[tuple[str, int, int, float | None]] = []
    for skill in {*now.skills, *before.skills}:
        a, b = now.asking(skill), before.asking(skill) - (now.asking(skill) if within else 0)
        found.append((skill, a, b, chance(a, n, b, m) if a + b >= LEAST else None))
    most = _threshold([p for *_, p in found if p is not None])
    made = []
    for skill, a, b, p in found:
        entry = catalogue.skill[skill]
        made.append(Difference(skill, entry.name, entry.kind, a / n, b / m, a / n - b / m, p, p is not None and p <= most))
    return tuple(sorted(made, key=lambda d: (-d.difference, d.skill)))


def chance(a: int, n: int, b: int, m: int) -> float:
    """How likely shares so far apart as `a` of `n` and `b` of `m` are by chance alone, two-sided.

    The test of two proportions with the pooled share, z = (a/n - b/m) / sqrt(s (1 - s) (1/n + 1/m)), s = (a + b) / (n + m); where
    fewer than EXPECTED are expected in a cell, Fisher's exact test: the sum over all tables with the same sums that are no likelier.
    """
    pooled = (a + b) / (n + m)
    if pooled in (0.0, 1.0):
        return 1.0
    if min(n, m) * min(pooled, 1 - pooled) < EXPECTED:
        return _exact(a, n, b, m)
    z = (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return 2 * NormalDist().cdf(-abs(z))


def _exact(a: int, n: int, b: int, m: int) -> float:
    asked = a + b

    def log(k: int) -> float:
        return _choose(n, k) + _choose(m, asked - k) - _choose(n + m, asked)

    here = log(a)
    likely = (log(k) for k in range(max(0, asked - m), min(n, asked) + 1))
    return min(1.0, math.fsum(math.exp(x) for x in likely if x <= here + 1e-7))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _threshold(ps: Collection[float]) -> float:
    """The largest p that is more than chance when so many are looked at together (Benjamini and Hochberg 1995)."""
    ranked = sorted(ps)
    return max((p for i, p in enumerate(ranked, 1) if p <= ALARM * i / len(ranked)), default=-1.0)


# --- Months ---------------------------------------------------------------------------------------------------------


def month(text: str | None) -> str | None:
    """The month of a date as YYYY-MM: "2026-10-03", "2026-10", "10/03/2026 12:00", "3 Oct 2026"; None where there is none."""
    if not text:
        return None
    head = text.strip()[:7]
    if len(head) == 7 and head[4] == "-" and head[:4].isdigit() and head[5:].isdigit():
        return head if 1 <= int(head[5:]) <= 12 else None
    from dateutil import parser

    try:
        return f"{parser.parse(text):%Y-%m}"
    except (ValueError, OverflowError):
        return None


def is_month(text: str) -> bool:
    """Whether a word is a month as YYYY-MM."""
    return len(text) == 7 and month(text) == text


DATES = ("date", "posted", "posted at", "posted on", "date posted", "posting date", "published", "published at", "created", "created at")
"""Names by which a column of dates is known."""


def date_column(names: Iterable[str]) -> str | None:
    """The column that most likely holds the date of a posting."""
    folded = {" ".join(n.replace("_", " ").replace("-", " ").casefold().split()): n for n in names}
    return next((folded[d] for d in DATES if d in folded), None)
