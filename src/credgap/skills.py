"""Skills -> an index of all their names; the index and a posting -> where which skill is named, and how that is known."""

# ruff: noqa: RUF001  (dashes and quotes as postings have them)

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from credgap import spelling
from credgap.models import Alias, Posting, Skill


class Find(NamedTuple):
    """A skill named in a posting: characters [start, end) of the clean text, how it was told, and how sure that is."""

    skill: Skill
    start: int
    end: int
    how: str
    confidence: float


# --- Folding: one form for what is the same to a reader ----------------------------------------------

_FOLD = str.maketrans({**dict.fromkeys("-‐‑‒–—_", " "), **dict.fromkeys("‘’`´", "'"), "\u00a0": " ", "\t": " "})
# British and American spellings fold to one, letter for letter, so that places stay; what becomes odd ("enterprize") does so on both sides.
_BRITISH = re.compile(
    r"s(?<=[a-z]is)(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)\b)|s(?<=[a-z]{2}ys)(?=(?:e|ed|er|ers"
    r"|ing)\b)|c(?<=licenc)(?=e)|c(?<=defenc)(?=e)|re\b(?<=\wcentre)|re\b(?<=\bcentre)|re\b(?<=\btheatre)"
)


def fold(text: str) -> str:
    """Lower case, hyphens as blanks, American spelling; as long as `text`, character for character."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _BRITISH.sub(lambda m: {"s": "z", "c": "s", "re": "er"}[m.group()], lower.translate(_FOLD))


# --- Forms: the ways of writing a name ---------------------------------------------------------------

_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
_DOUBLED = re.compile(r"(?<=[aeiou])(ll?)(?=(?:ing|ed|er|ers)\b)")
_LONGER = (
    ("our", "or"),
    ("ogue", "og"),
    ("programme", "program"),
    ("judgement", "judgment"),
    ("grey", "gray"),
    ("fulfilment", "fulfillment"),
    ("enrolment", "enrollment"),
)
_LONGER_WORD = re.compile(r"\b(?:behavio|colo|labo|favo|harbo|catal|dial|program|judg|gr[ae]y|fulfil|enrol)")
_NO_SPLIT = frozenset(("in", "on", "of", "to", "up"))
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_SHORT_SLASH = re.compile(r"\b(\w{1,3})/(\w{1,3})\b")
_AMPERSAND = re.compile(r" ?& ?")


def _numbers(word: str) -> str | None:
    """The singular of a last word, or a plural that does more than add "s" or "es" (those are seen when a name is found)."""
    if len(word) < 3 or not word.isalpha():
        return None
    if word[-1] == "s":
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("sses", "xes", "ches", "shes")) and len(word) > 5:
            return word[:-2]
        if word.endswith("sis") and len(word) > 5:
            return word[:-2] + "es"
        return None if word.endswith(("ss", "us", "is", "ics")) or len(word) < 5 else word[:-1]
    return word[:-1] + "ies" if word[-1] == "y" and word[-2] not in "aeiou" else None


def _spellings(name: str) -> Iterator[str]:
    """A folded name, and how else its parts may be joined or its words spelt."""
    yield name
    if not name.isascii() or not name.replace(" ", "").isalpha():
        if "'" in name:
            yield from (name.replace("'", ""), name.replace("'s", ""))
        if "&" in name:
            yield from (_AMPERSAND.sub(sign, name) for sign in (" and ", " & ", "&"))
        if "/" in name:
            yield from (name.replace("/", " / "), name.replace("/", " "), _SHORT_SLASH.sub(r"\1\2", name))
        if ".js" in name:
            yield from (name.replace(".js", "js"), name.replace(".js", " js"))
    if " and " in name:
        yield from (name.replace(" and ", " & "), name.replace(" and ", "&"))
    if _LONGER_WORD.search(name):
        for british, american in _LONGER:
            yield name.replace(british, american)
            if british not in name:
                yield re.sub(rf"{american}(?=\b|al|s)", british, name) if american in ("or", "og") else name.replace(american, british)
    if m := _DOUBLED.search(name):
        yield name[: m.start()] + ("l" if m.group(1) == "ll" else "ll") + name[m.end() :]


def _variants(name: str) -> set[str]:
    folded = fold(name)
    if "  " in folded or folded[0] == " " or folded[-1] == " ":
        folded = " ".join(folded.split())
    found = set(_spellings(folded))
    blanks = folded.count(" ")
    if "-" in name and len(name) > 5:
        found.add(" ".join(fold(_HYPHEN.sub("", name)).split()))
    if blanks == 1 and len(folded) > 6 and (joined := folded.replace(" ", "")).isalpha():
        found.add(joined)
    elif (
        not blanks
        and not name.islower()
        and len(parts := _CAMEL.split(name)) == 2
        and _NO_SPLIT.isdisjoint((parts[0].lower(), parts[1].lower()))
        and len(parts[1]) > 1
    ):
        found.add(fold(" ".join(parts)))
    return found


def forms(skill: Skill) -> list[tuple[str, int]]:
    """All folded forms of a skill's names, each with the place of its alias (-1: the skill's own name)."""
    out: dict[str, int] = {}
    rule = skill.name_rule
    named = [(skill.name, bool(rule.needs or rule.case)), *((a.name, bool(a.needs or a.case)) for a in skill.aliases)]
    for place, (name, ruled) in enumerate(named, -1):
        for form in _variants(name):
            head, blank, last = form.rpartition(" ")
            out.setdefault(form, place)
            if (blank or not ruled) and (other := _numbers(last)):
                out.setdefault(f"{head}{blank}{other}", place)
    return list(out.items())


# --- The index -----------------------------------------------------------------------------------------

Prepared = Mapping[str, str]
"""For each folded form of a name its owners, as numbers with blanks between: plain text, quick to keep and to load."""

_PLACES = 1000
"""An owner is one number: the skill's place times this, plus the alias's place, plus one (the skill's own name is at -1)."""

_SHORT = 2
_LONG_WORD = 10
_NEAR = 30
"""How many characters may stand between two members of a list."""
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/+#.-]{0,4}")
_ABBREVIATION = re.compile(r"[A-Z]{2,4}")
_ITEM_GAP = r"[\s,;/|&()•·:+]*(?:(?:and/or|and|or|as well as|plus|including|e\.g\.?|i\.e\.?|such as|like),?[\s(]*)?"
_LIST_GAP = re.compile(rf"(?=.*(?:[,;/|&•·(]|\b(?:and|or|plus)\b)){_ITEM_GAP}\"?'?")
_LIST_GAP_OVER_ONE = re.compile(r"\s?[,;/|]\s?[\w.+#]+(?: [\w.+#]+)?\s?[,;/|]\s?(?:(?:and|or)\s)?")
_COORDINATED = re.compile(
    r"(?<![\w-])([a-z]{2,}(?: [a-z]{3,})?)(,| and/or| and| or| ?&| ?/) ?([a-z]{2,}(?:(?:,| and| or| &"
    r"|/) ?[a-z]{3,})??) ([a-z]{4,})(?: ([a-z]{4,}))?"
)


def prepare(skills: Iterable[Skill]) -> Prepared:
    """All forms of all skills; the same list of skills must go to `index` with it."""
    owners: dict[str, list[str]] = {}
    for number, skill in enumerate(skills):
        for form, place in forms(skill):
            owners.setdefault(form, []).append(str(number * _PLACES + place + 1))
    return {form: " ".join(its) for form, its in owners.items()}


class _Entry(NamedTuple):
    skill: Skill
    alias: Alias
    place: int
    form: str
    cased: str


class SkillIndex:
    """All names of many skills, ready to be found in postings."""

    def __init__(self, skills: Sequence[Skill], prepared: Prepared) -> None:
        self._skills = tuple(skills)
        self._owners = prepared
        self._forms = list(prepared)
        self._rules: dict[str, tuple[_Entry, ...]] = {}

    # -- by name

    @cached_property
    def _names(self) -> dict[str, Skill]:
        names: dict[str, Skill] = {}
        for skill in self._skills:
            names.setdefault(fold(skill.name), skill)
        for skill in self._skills:
            names.setdefault(fold(skill.id), skill)
            for alias in skill.aliases:
                names.setdefault(fold(alias.name), skill)
        return names

    def lookup(self, name: str) -> Skill | None:
        """The skill of that id, name, alias or other form of them; no evidence is asked for."""
        folded = " ".join(fold(name.strip()).split())
        if found := self._names.get(folded):
            return found
        entries = self._rules_of(folded) or self._rules_of(folded.removesuffix("s"))
        return entries[0].skill if entries else None

    def nearest(self, name: str, n: int = 3) -> list[str]:
        """The names of the `n` skills most like a name that is in no catalogue, for "did you mean"."""
        from rapidfuzz import fuzz, process

        found: dict[str, None] = {}
        for match, _, _ in process.extract(fold(name.strip()), self._names.keys(), scorer=fuzz.ratio, limit=4 * n, score_cutoff=60):
            found.setdefault(self._names[match].name)
        return list(found)[:n]

    # -- in a posting

    def find(self, posting: Posting) -> tuple[Find, ...]:
        """Every place where a skill is named, longest names first where they overlap; in the order of the text."""
        text = _Reading(posting)
        sure, pending = self._candidates(text)
        while accepted := [(p, kinship) for p in pending if (kinship := _in_list(text, p, sure))]:
            spans = {(p.start, p.end) for p, _ in accepted}
            pending = [p for p in pending if (p.start, p.end) not in spans]
            sure += [p._replace(confidence=0.8) for p, _ in sorted(accepted, key=lambda a: -a[1])]
        chosen = _longest(sure)
        chosen += [*self._coordinated(text, chosen), *self._misspelt(text, chosen)]
        return tuple(sorted(chosen, key=lambda f: (f.start, f.end)))

    def _candidates(self, text: _Reading) -> tuple[list[Find], list[Find]]:
        sure: list[Find] = []
        pending: list[Find] = []
        for start, end, form in self._hits(text):
            waiting: list[Find] = []
            for entry in self._rules_of(form):
                verdict = _judge(text, entry, start, end)
                if verdict is None:
                    continue
                find = Find(entry.skill, start, end, _how(text, entry, start, end), verdict)
                if verdict:
                    sure.append(find)
                    break
                waiting.append(find)
            else:
                pending += waiting
        return sure, pending

    def _hits(self, text: _Reading) -> Iterator[tuple[int, int, str]]:
        """Every name that stands in the text as whole words, with where, in the order of the text."""
        folded, size = text.folded, len(text.folded)
        for start, end, number in sorted((s, e, n) for n, s, e in self._automaton.find_matches_as_indexes(folded, overlapping=True)):
            if start and folded[start - 1].isalnum() and folded[start].isalnum():
                continue
            past, form = end, self._forms[number]
            if end < size and folded[end].isalnum():
                if form.isalpha() and folded[end].isalpha():
                    continue  # forms of one word carry their own plurals: "mean" is not in "means"
                past = _past_ending(folded, end)
            if past > end and len(form) == 1:
                continue  # "C2" is no C of version 2
            if past > 0 and (end - start > _SHORT or _stands_alone(folded, start, past)):
                yield start, past, form

    @cached_property
    def _automaton(self) -> AhoCorasick:
        """All forms, to be found in one pass; built when the first posting is read."""
        return AhoCorasick(self._forms)

    def _rules_of(self, form: str) -> tuple[_Entry, ...]:
        """Whom a form may name and under which conditions, the surest first."""
        rules = self._rules.get(form)
        if rules is None:
            made = []
            for owner in map(int, self._owners.get(form, "").split()):
                skill, place = self._skills[owner // _PLACES], owner % _PLACES - 1
                rule = skill.name_rule
                alias = (
                    skill.aliases[place]
                    if place >= 0
                    else Alias.model_construct(name=skill.name, needs=rule.needs, unless=rule.unless, case=rule.case)
                )
                made.append(_Entry(skill, alias, place, form, _letters(alias)))
            rules = self._rules[form] = tuple(sorted(made, key=lambda e: (bool(e.alias.needs), e.place >= 0)))
        return rules

    def _by_form(self, form: str) -> Skill | None:
        for shape in (form, form.removesuffix("s")):
            if plain := next((e.skill for e in self._rules_of(shape) if not e.alias.needs), None):
                return plain
        return None

    def _coordinated(self, text: _Reading, chosen: Sequence[Find]) -> Iterator[Find]:
        """In "data and text mining", data mining: the first of two names that share their last word."""
        taken = {i for f in chosen for i in range(f.start, f.end)}
        for m in _COORDINATED.finditer(text.folded):
            first, last = m.group(1), re.split(r"[ ,/&]+", m.group(3))[-1]
            seconds = (last, m.group(4))
            if m.group(2) == "," and last == m.group(3):
                continue
            for size, noun in ((4, m.group(4)), (5, m.group(5))):
                for head in (first, first.split()[-1]):
                    start = m.start() + len(first) - len(head)
                    skill = self._by_form(f"{head} {noun}") if noun and self._by_form(f"{seconds[size - 4]} {noun}") else None
                    if skill and start not in taken and f" {head} " not in f" {noun} ":
                        yield Find(skill, start, m.end(size), "form", 0.85)
                        break

    @cached_property
    def _spelling(self) -> spelling.Words:
        return spelling.words(form for form, owner in self._owners.items() if " " not in owner)

    def _misspelt(self, text: _Reading, chosen: Sequence[Find]) -> Iterator[Find]:
        covered = {i for f in chosen for i in range(f.start, f.end)}
        for slip in self._spelling.find(text.folded):
            if covered.isdisjoint(range(slip.start, slip.end)):
                entry = self._rules_of(slip.name)[0]
                skill = entry.skill
                if entry.alias.needs or entry.alias.case or skill.generic or skill.kind not in ("hard", "certification"):
                    continue
                find = Find(skill, slip.start, slip.end, f"misspelling of {skill.name}", 0.7)
                if _slip_is_likely(text, slip) or _in_list(text, find, chosen):
                    yield find


def index(skills: Sequence[Skill], prepared: Prepared | None = None) -> SkillIndex:
    """The index of skills; `prepared` is what `prepare` made of the same skills in an earlier run."""
    return SkillIndex(skills, prepare(skills) if prepared is None else prepared)


# --- Judging a hit ---------------------------------------------------------------------------------------


_CAPITAL = re.compile("[A-Z]")
_ADDRESSES = (
    ("http", re.compile(r"https?://[^\s<>()\"]+")),
    ("www.", re.compile(r"www\.[^\s<>()\"]+")),
    ("@", re.compile(r"[\w.+-]{1,64}@[\w.-]+")),
)
_PATH = re.compile(r"\.(?:com|org|net|edu|gov|io)/[^\s<>()\"]*")


class _Reading:
    """A posting while it is searched: its folded text, and which line a place stands in."""

    def __init__(self, posting: Posting) -> None:
        self.clean = posting.clean
        self.folded = fold(_without_addresses(posting.clean))
        lines = [line for line in posting.lines if line.end > line.start]
        self.starts = [line.start for line in lines]
        self.ends = [line.end for line in lines]
        self.flat = len(_CAPITAL.findall(posting.clean)) * 100 < len(posting.clean)

    def line(self, at: int) -> int:
        return max(0, bisect_right(self.starts, at) - 1)

    def around(self, at: int) -> tuple[int, int]:
        """Where the line of a place begins with the line before it, and ends with the line after it."""
        i = self.line(at)
        return (self.starts[max(0, i - 1)], self.ends[min(len(self.ends) - 1, i + 1)]) if self.starts else (0, len(self.folded))

    def shouted(self, at: int) -> bool:
        i = self.line(at)
        return bool(self.starts) and self.clean[self.starts[i] : self.ends[i]].isupper()


def _without_addresses(text: str) -> str:
    for sign, pattern in _ADDRESSES:
        if sign in text:
            text = pattern.sub(lambda m: "\x00" * len(m.group()), text)
    return _PATH.sub(lambda m: "\x00" * len(m.group()), text)


def _letters(alias: Alias) -> str:
    """The letters whose capitals count, "" where none do: `case: true`, and short names all in capitals."""
    if alias.case is False or (alias.case is None and not _ACRONYM.fullmatch(alias.name)):
        return ""
    return alias.name


def _judge(text: _Reading, entry: _Entry, start: int, end: int) -> float | None:
    """How sure a hit is; 0.0 where it still needs a list of skills to stand in; None where it is none."""
    alias = entry.alias
    if alias.unless and _means_else(text, alias.unless, entry.form, start, end):
        return None
    written = text.clean[start:end]
    if (alias.case or alias.needs) and " " not in entry.form and written.endswith("s") and not entry.form.endswith("s"):
        return None  # a name that is also an ordinary word has no plural
    if entry.cased and not _cased_right(text, entry.cased, start, written):
        careless = alias.case is None and len(entry.cased) > _SHORT and (written.islower() or written.istitle())
        return 0.0 if careless else None
    if alias.needs:
        return 0.9 if _has_evidence(text, alias.needs, start) else 0.0
    return 1.0 if entry.place < 0 or entry.form == fold(alias.name) else 0.95


def _cased_right(text: _Reading, name: str, start: int, written: str) -> bool:
    """Whether a name has its capitals; where a line is all capitals, or a text has none, there is nothing to tell by."""
    if written.startswith(name) or fold(name) != text.folded[start : start + len(name)]:
        return True
    return (text.shouted(start) and written.isupper()) or (text.flat and len(name) > _SHORT)


def _means_else(text: _Reading, phrases: Iterable[str], form: str, start: int, end: int) -> bool:
    for phrase in phrases:
        folded = fold(phrase)
        at = folded.find(form)
        if at < 0:
            if folded in text.folded[max(0, start - 40) : end + 40]:
                return True
        elif start >= at and text.folded.startswith(folded, start - at):
            return True
    return False


@lru_cache(maxsize=20_000)
def _evidence(needs: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What finds the evidence in folded text, and what finds abbreviations in text as written: "IT" is not "it"."""
    plain = [fold(n) for n in needs if not _ABBREVIATION.fullmatch(n)]
    capital = [n for n in needs if _ABBREVIATION.fullmatch(n)]
    return _any_word(plain, "(?:s|es)?"), _any_word(capital, "s?")


def _any_word(words: Sequence[str], ending: str) -> re.Pattern[str] | None:
    any_of = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{any_of}){ending}(?![A-Za-z0-9])") if words else None


def _has_evidence(text: _Reading, needs: tuple[str, ...], start: int) -> bool:
    plain, capital = _evidence(needs)
    a, b = text.around(start)
    return bool((plain and plain.search(text.folded, a, b)) or (capital and capital.search(text.clean, a, b)))


def _slip_is_likely(text: _Reading, slip: spelling.Slip) -> bool:
    """One edit in a long word, or in a word written as a name inside a sentence; a name that recurs is someone's."""
    word = text.folded[slip.start : slip.end]
    if slip.edits > 1 or text.folded.count(word) > 2:
        return False
    inside = slip.start > 1 and text.clean[slip.start - 1] == " " and text.clean[slip.start - 2] not in ".!?:•*-\n"
    return len(word) >= _LONG_WORD or (inside and text.clean[slip.start].isupper())


def _past_ending(text: str, at: int) -> int:
    """Where a plural or a version number glued to a name ends ("tests", "html5"); -1 where the name is part of another word."""
    before = text[at - 1]
    if text[at] == "s" and before.isalpha():
        at += 1
    elif text.startswith("es", at) and before in "xzsh":
        at += 2
    elif before.isalpha():
        while at < len(text) and (text[at].isdigit() or (text[at] == "." and text[at + 1 : at + 2].isdigit())):
            at += 1
    return -1 if at < len(text) and text[at].isalnum() else at


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a name of one or two characters is a word of its own, and no part of "R&D", "R-squared", "C++", "e.g."."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if after[:1] in ("+", "#", "'", "&") or before[-1:] in ("&", "'", ".", "@", "#", "$"):
        return False
    return not (after[:1] == "." and after[1:2].isalnum())


def _how(text: _Reading, entry: _Entry, start: int, end: int) -> str:
    written = text.clean[start:end].lower()
    if written == entry.skill.name.lower():
        return "exact"
    return "alias" if written == entry.alias.name.lower() else "form"


def _in_list(text: _Reading, find: Find, sure: Iterable[Find]) -> int:
    """Whether a find stands in a list beside a hard skill that is sure: 2 beside one of its category, 1 if it is written as a name.

    In brackets behind its own name it is sure, too (3).
    """
    best = 0
    named = text.clean[find.start].isupper() and not _within_a_title(text.clean, find.start, find.end)
    for other in sure:
        if not (find.start - _NEAR <= other.end <= find.start or find.end <= other.start <= find.end + _NEAR):
            continue
        gap = text.folded[other.end : find.start] if other.end <= find.start else text.folded[find.end : other.start]
        if other.skill.id == find.skill.id and other.end <= find.start and gap.strip() == "(":
            return 3
        if "\n" in gap or other.skill.kind not in ("hard", "certification") or other.skill.generic:
            continue
        kin = other.skill.category == find.skill.category
        if (kin or named) and (_LIST_GAP.fullmatch(gap) or _LIST_GAP_OVER_ONE.fullmatch(gap)):
            best = max(best, 2 if kin else 1)
    return best


_TITLE_BEFORE = re.compile(r"[A-Z][\w-]* $")
_TITLE_AFTER = re.compile(r" [A-Z]")


def _within_a_title(clean: str, start: int, end: int) -> bool:
    """Whether a capitalised word joins on, so that the name may be part of a longer one ("Merlin Dash")."""
    return bool(_TITLE_BEFORE.search(clean, max(0, start - 25), start) or _TITLE_AFTER.match(clean, end))


def _longest(finds: Iterable[Find]) -> list[Find]:
    """Of finds that overlap, the longest."""
    taken: set[int] = set()
    chosen: list[Find] = []
    for find in sorted(finds, key=lambda f: (f.start - f.end, -f.confidence, f.start)):
        if taken.isdisjoint(range(find.start, find.end)):
            taken.update(range(find.start, find.end))
            chosen.append(find)
    return chosen
