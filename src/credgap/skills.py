"""Skills -> an index of all their names; the index and a posting -> where which skill is named, and how that is known."""

# ruff: noqa: RUF001  (dashes and quotes as postings have them)

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from operator import attrgetter, itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from credgap import spelling
from credgap.models import Alias, NameRule, Posting, Skill
from credgap.spelling import places


@dataclass(slots=True)
class Find:
    """A skill named in a posting: characters [start, end) of the clean text, how it was told, and how sure that is."""

    skill: Skill
    start: int
    end: int
    how: str
    confidence: float


# --- Folding: one form for what is the same to a reader ----------------------------------------------

MUCH_LESS_LIKE = 12
"""By so many points of a hundred a name may be less like what was written than the likest, to be named beside it."""
_FOLD = (*((sign, " ") for sign in "-‐‑‒–—_\u00a0\t"), *((sign, "'") for sign in "‘’`´"))
# British and American spellings fold to one, letter for letter, so that places stay; what becomes odd ("enterprize") does so on both sides.
_BRITISH = (
    ("is", re.compile(r"is(?<=[a-z]is)(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)\b)"), "iz"),
    ("ys", re.compile(r"ys(?<=[a-z]{2}ys)(?=(?:e|ed|er|ers|ing)\b)"), "yz"),
    ("licence", re.compile("licence"), "license"),
    ("defence", re.compile("defence"), "defense"),
    ("centre", re.compile(r"centre\b"), "center"),
    ("theatre", re.compile(r"theatre\b(?<=\btheatre)"), "theater"),
)


def fold(text: str) -> str:
    """Lower case, hyphens as blanks, American spelling; as long as `text`, character for character."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for sign, plain in _FOLD:
        lower = lower.replace(sign, plain)  # most signs are absent: much quicker than str.translate
    for british, pattern, american in _BRITISH:
        if british in lower:
            lower = pattern.sub(american, lower)
    return lower


_folded = lru_cache(maxsize=100_000)(fold)
"""`fold` for the words of the vocabulary, which come again and again."""


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


# Verbs that begin the name of a practice ("prepare budgets"), and say the same in their other forms ("prepares", "preparing").
_VERBS = (
    "achieve acquire adapt adjust administer advise advocate analyze answer apply approve arrange articulate assemble assess"
    " assign assist attract author automate bend build calculate calibrate capture categorize clean close coach collect communicate"
    " compare compile complete compose conduct configure construct convert coordinate craft create cultivate customize debug define"
    " deliver deploy determine develop diagnose dispense distribute draft drive edit educate engage ensure enter establish estimate"
    " evaluate examine execute explain extract facilitate fix follow forecast formulate foster gather generate guide handle hire"
    " identify illustrate implement improve increase inform inspect install instruct integrate interpret investigate keep launch"
    " leverage load maintain manage manipulate mentor migrate minimize mitigate moderate motivate negotiate observe obtain onboard"
    " operate optimize oversee perform pitch prepare preserve prevent prioritize procure produce promote prospect provide publish"
    " purchase qualify query raise read receive reconcile recruit reduce refine register remediate repair replace resolve respond"
    " retain retrieve schedule secure sell set simplify solve strengthen submit summarize supervise synthesize teach transcribe"
    " transform translate triage troubleshoot tune uncover understand update upgrade validate verify visualize weld write"
)
_DOUBLED_IN_ING = frozenset(("set", "run", "submit", "get"))


def _inflections(verb: str) -> tuple[str, str, str]:
    """ "prepare", "prepares", "preparing"."""
    if verb.endswith(("s", "x", "sh", "ch")):
        third = verb + "es"
    elif verb[-1] == "y" and verb[-2] not in "aeiou":
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    if verb.endswith("e") and not verb.endswith(("ee", "ye")):
        return verb, third, verb[:-1] + "ing"
    return verb, third, verb + (verb[-1] if verb in _DOUBLED_IN_ING else "") + "ing"


_INFLECTED = {form: _inflections(verb) for verb in _VERBS.split() for form in _inflections(verb)}


def _conjugated(form: str) -> tuple[str, ...]:
    """A folded name that a verb begins, with the verb's other forms; () for other names."""
    verb, blank, rest = form.partition(" ")
    if not blank or verb not in _INFLECTED:
        return ()
    return tuple(f"{v} {rest}" for v in _INFLECTED[verb] if v != verb)


def forms(skill: Skill) -> list[tuple[str, int]]:
    """All folded forms of a skill's names, each with the place of its alias (-1: the skill's own name)."""
    out: dict[str, int] = {}
    rule = skill.name_rule
    named = [(skill.name, bool(rule.needs or rule.case)), *((a.name, bool(a.needs or a.case)) for a in skill.aliases)]
    for place, (name, ruled) in enumerate(named, -1):
        if _PLURAL_ABBREVIATION.fullmatch(name):
            out.setdefault(f"{name.lower()}s", place)
        for form in _variants(name):
            for verbal in (form, *_conjugated(form)):
                head, blank, last = verbal.rpartition(" ")
                out.setdefault(verbal, place)
                if (blank or not ruled) and (other := _numbers(last)):
                    out.setdefault(f"{head}{blank}{other}", place)
    return list(out.items())


# --- The index -----------------------------------------------------------------------------------------

Prepared = Mapping[str, str]
"""For each folded form of a name its owners, as numbers with blanks between: plain text, quick to keep and to load."""

_PLACES = 1000
"""An owner is one number: the skill's place times this, plus the alias's place, plus one (the skill's own name is at -1)."""

_SHORT = 2
_LITTLE = 3
"""A name that is a word of at most so many letters is a little word."""
_TAILS = frozenset(
    (  # noqa: SIM905
        "system systems software tool tools certification certifications skills skill concepts principles experience knowledge technologies"
        " technology technique techniques methods"
        "  methodology methodologies practices processes procedures environment environments platform"
        ""
        " platforms applications application fundamentals best activities functions programs package"
        " product products ecosystem ecosystems function"
    ).split()
)
_HEADS = frozenset(("advanced", "basic", "effective", "excellent", "good", "processing", "strong", "track", "tracking"))
_LONG_WORD = 10
_ALONE = 8
"""A misspelt name of one word has at least so many letters: shorter ones are too near to ordinary words ("intact", "reacts")."""
_GLUED = 9
"""From so many characters on a name is seen even where it is glued to the word before it."""
_NEAR = 30
"""How many characters may stand between two members of a list."""
_FAR = 150
"""No name is longer than this less `_NEAR`."""
_START = attrgetter("start")
_SPAN = attrgetter("start", "end")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/+#.-]{0,4}")
_PLURAL_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_ABBREVIATION = re.compile(r"[A-Z]{2,4}")
_GLUE = (".", "-", "_", "@", "\x00")
"""Signs behind which letters are part of a file's or a person's name."""
_ITEM_GAP = r"[\s,;/|&()•·:+]*(?:(?:and/or|and|or|as well as|plus|including|e\.g\.?|i\.e\.?|such as|like),?[\s(]*)?"
_LIST_GAP = re.compile(rf"(?=.*(?:[,;/|&•·(]|\b(?:and|or|plus)\b)){_ITEM_GAP}\"?'?")
_LIST_GAP_OVER_ONE = re.compile(r"\s?[,;/|]\s?[\w.+#]+(?: [\w.+#]+)?\s?[,;/|]\s?(?:(?:and|or)\s)?")
_COORDINATED = re.compile(
    r"\b([a-z]{2,}+(?: [a-z]{3,}+)?)(,| (?:and(?:/or)?|or|[&/])|[&/]) ?([a-z]{2,}+(?:(?:,| and| or| &"
    r"|/) ?[a-z]{3,}+)??) ([a-z]{4,}+)(?: ([a-z]{4,}+))?",
    re.ASCII,
)

_PARTS = re.compile(r"[ ,/&]+")
_SECOND = re.compile(r" (?:and|or|&|/) ?([a-z]{4,})(?![\w-])")


def prepare(skills: Iterable[Skill]) -> Prepared:
    """All forms of all skills; the same list of skills must go to `index` with it."""
    owners: dict[str, list[str]] = {}
    for number, skill in enumerate(skills):
        for form, place in forms(skill):
            owners.setdefault(form, []).append(str(number * _PLACES + place + 1))
    return {form: " ".join(its) for form, its in owners.items()}


_Hit = tuple[int, int, str]
"""Where a form of a name begins and ends in a folded text, with its plural or version number, and the form."""


class _Evidence(NamedTuple):
    """What must stand near a name for it to be one."""

    words: frozenset[str]
    """Folded words of letters alone, with their endings."""
    others: tuple[str, ...]
    """Folded words with other signs in them, without their endings."""
    capital: tuple[str, ...]
    """Abbreviations, to be found as they are written: "IT" is not "it"."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One skill that a form may name, and the conditions, worked out once."""

    skill: Skill
    name: str
    """The skill's name, in lower case."""
    alias: str
    """The name of which the form is one, in lower case; `own` tells whether it is the skill's name."""
    own: bool
    how: str
    """How the name is told where the text writes the form as it is."""
    cased: str
    """The name with the capitals that must be there, "" where none must."""
    careless: bool
    """Whether these capitals may be missing in a list of skills."""
    no_plural: bool
    needs: _Evidence | None
    unless: tuple[tuple[int, tuple[str, ...]], ...]
    """Folded phrases in which the form means something else, by where in them it stands (-1: they stand near it)."""
    surety: float


class Words(NamedTuple):
    """How often a word begins and ends the names of skills."""

    first: Mapping[str, int]
    last: Mapping[str, int]


class SkillIndex:
    """All names of many skills, ready to be found in postings."""

    def __init__(self, skills: Sequence[Skill], prepared: Prepared) -> None:
        self._skills = tuple(skills)
        self._owners = prepared
        self._rules: dict[str, tuple[_Entry, ...]] = {}

    @cached_property
    def words(self) -> Words:
        """What the names are made of."""
        names = [name.lower().split() for skill in self._skills for name in (skill.name, *(a.name for a in skill.aliases)) if " " in name]
        return Words(Counter(n[0] for n in names), Counter(n[-1] for n in names))

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

    def knows(self, words: str) -> bool:
        """Whether words are a name of a skill, under whatever condition."""
        folded = fold(words)
        return folded in self._owners or folded.removesuffix("s") in self._owners

    def nearest(self, name: str, n: int = 3) -> list[str]:
        """The names of the `n` skills most like a name in no catalogue, for "did you mean"; none much less like it than the first."""
        from rapidfuzz import fuzz, process

        found: dict[str, None] = {}
        near = process.extract(fold(name.strip()), self._names.keys(), scorer=fuzz.ratio, limit=4 * n, score_cutoff=60)
        for match, _, _ in (m for m in near if m[1] > near[0][1] - MUCH_LESS_LIKE):
            found.setdefault(self._names[match].name)
        return list(found)[:n]

    # -- in a posting

    def find(self, posting: Posting) -> tuple[Find, ...]:
        """Every place where a skill is named, longest names first where they overlap; in the order of the text."""
        text = _Reading(posting)
        hits = self._hits(text)
        sure, pending = self._candidates(text, hits)
        sure += [_accepted(p) for p in (*_in_line_of_names(text, pending, sure), *_traits(text, pending))]
        fresh = sure
        while accepted := [(p, kinship) for p, near in _beside(pending, fresh) if (kinship := _in_list(text, p, near))]:
            spans = {(p.start, p.end) for p, _ in accepted}
            pending = [p for p in pending if (p.start, p.end) not in spans]
            fresh = [_accepted(p) for p, _ in sorted(accepted, key=lambda a: -a[1])]
            sure += fresh
        chosen = [self._trimmed(text, f) for f in _longest(sure, len(text.clean))]
        chosen += [*_within(sure, chosen, text.clean), *self._coordinated(text, hits, chosen), *self._sharing_head(text, chosen)]
        slips = self._misspelt(text, chosen)
        if slips:
            chosen = [f for f in chosen if not any(m.start <= f.start and f.end <= m.end for m in slips)] + slips
        return tuple(sorted(chosen, key=_SPAN))

    def _trimmed(self, text: _Reading, find: Find) -> Find:
        """The find without words at its ends that add nothing ("strong CRM systems"), where what is left names the same skill too."""
        named = text.folded[find.start : find.end]
        if " " not in named:
            return find
        words, _, last = named.rpartition(" ")
        if last in _TAILS and self._names_too(find.skill, words.rstrip()):
            return replace(find, end=find.start + len(words.rstrip()))
        first, _, words = named.partition(" ")
        if first in _HEADS and self._names_too(find.skill, words):
            return replace(find, start=find.end - len(words))
        return find

    def _names_too(self, skill: Skill, form: str) -> bool:
        return any(e.skill.id == skill.id for e in self._rules_of(form))

    def _candidates(self, text: _Reading, hits: Iterable[_Hit]) -> tuple[list[Find], list[Find]]:
        """The hits that are sure, and those that need a list of skills to stand in; both in the order of the text."""
        sure: list[Find] = []
        pending: list[Find] = []
        for start, end, form in hits:
            written = text.clean[start:end]
            before = len(pending)
            for entry in self._rules.get(form) or self._rules_of(form):
                verdict = _judge(text, entry, start, end)
                if verdict is None:
                    continue
                how = entry.how if written == form else _how(written.lower(), entry.name, entry.alias)
                find = Find(entry.skill, start, end, how, verdict)
                if verdict:
                    sure.append(find)
                    del pending[before:]
                    break
                pending.append(find)
        return sure, pending

    def _hits(self, text: _Reading) -> list[_Hit]:
        """Every name that stands in the text as whole words, in the order of the text."""
        folded = f"{text.folded}\n"  # the last name, too, has a character behind it
        matches = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        for word in self._little.intersection(text.words):
            matches += [(0, at, at + len(word)) for at in places(text.letters, f" {word} ")]
        hits = []
        for _, start, end in matches:
            if folded[start - 1].isalnum() and folded[start].isalnum() and not (end - start >= _GLUED and text.glued(start)):
                continue
            past, form = end, folded[start:end]
            if folded[end].isalnum():
                if text.clean[end : end + 1].isupper() and end - start > _SHORT and text.lost_end(end):
                    past = end
                elif folded[end].isalpha() and form.isalpha():
                    continue  # forms of one word carry their own plurals: "mean" is not in "means"
                else:
                    past = _past_ending(folded, end)
                if past < 0 or len(form) == 1:
                    continue  # "C2" is no C of version 2
            if end - start > _SHORT or _stands_alone(folded, start, past):
                hits.append((start, past, form))
        hits.sort()
        return hits

    @cached_property
    def _automaton(self) -> AhoCorasick:
        """All forms but the little words, to be found in one pass; built when the first posting is read."""
        return AhoCorasick([form for form in self._owners if len(form) > _LITTLE or not _is_word(form)])

    @cached_property
    def _little(self) -> frozenset[str]:
        """The forms that are little words: within longer words they stand so often that they are looked up among the text's words."""
        return frozenset(form for form in self._owners if len(form) <= _LITTLE and _is_word(form))

    def _rules_of(self, form: str) -> tuple[_Entry, ...]:
        """Whom a form may name and under which conditions, the surest first."""
        rules = self._rules.get(form)
        if rules is None:
            made = [self._entry(form, owner) for owner in map(int, self._owners.get(form, "").split())]
            rules = self._rules[form] = tuple(sorted(made, key=lambda e: (bool(e.needs), not e.own)))
        return rules

    def _entry(self, form: str, owner: int) -> _Entry:
        skill, place = self._skills[owner // _PLACES], owner % _PLACES - 1
        rule: Alias | NameRule = skill.aliases[place] if place >= 0 else skill.name_rule
        name = skill.aliases[place].name if place >= 0 else skill.name
        cased = _cased(name, rule.case)
        own, alias = skill.name.lower(), name.lower()
        return _Entry(
            skill=skill,
            name=own,
            alias=alias,
            own=place < 0,
            how=_how(form, own, alias),
            cased=cased,
            careless=rule.case is None and len(cased) > _SHORT,
            no_plural=bool(rule.case or rule.needs) and " " not in form and not form.endswith("s"),
            needs=_evidence(rule.needs) if rule.needs else None,
            unless=_by_place(form, rule.unless),
            surety=1.0 if place < 0 or form == _folded(name) else 0.95,
        )

    def _by_form(self, form: str) -> Skill | None:
        for shape in (form, form.removesuffix("s")):
            if shape not in self._owners:
                continue
            if plain := next((e.skill for e in self._rules_of(shape) if not e.needs), None):
                return plain
        return None

    def _coordinated(self, text: _Reading, hits: Iterable[_Hit], chosen: Sequence[Find]) -> Iterator[Find]:
        """In "data and text mining", data mining: the first of two names that share their last word."""
        folded = text.folded
        # The second name is a hit of two words, near behind a sign: no line is searched beyond its last one.
        seconds = [hit for hit in hits if " " in hit[2] and _joins(folded[max(0, hit[0] - _NEAR) : hit[0]])]
        lines = {folded.rfind("\n", 0, start): end for start, end, _ in seconds}
        for m in (m for before, end in lines.items() for m in _COORDINATED.finditer(folded, before + 1, end)):
            first, sign, second, noun, further = m.groups()
            last = second if second.isalpha() else _PARTS.split(second)[-1]
            if sign == "," and last == second:
                continue
            for size, before, shared in ((4, last, noun), (5, noun, further)):
                if not shared or not self._by_form(f"{before} {shared}"):
                    continue
                for head in (first, first.rpartition(" ")[2]) if " " in first else (first,):
                    start = m.start() + len(first) - len(head)
                    skill = self._by_form(f"{head} {shared}")
                    if skill and f" {head} " not in f" {shared} " and not any(f.start <= start < f.end for f in chosen):
                        yield Find(skill, start, m.end(size), "form", 0.85)
                        break

    def _sharing_head(self, text: _Reading, chosen: Sequence[Find]) -> Iterator[Find]:
        """In "data analysis and interpretation", data interpretation: the second of two names that share their first word."""
        for first in chosen:
            m = _SECOND.match(text.folded, first.end) if first.confidence >= 0.9 else None
            head = text.folded[first.start : first.end].rpartition(" ")[0] if m else ""
            skill = self._by_form(f"{head} {m.group(1)}") if m and head else None
            if m and skill and skill.id != first.skill.id and not any(f.start < m.end() and m.start(1) < f.end for f in chosen):
                yield Find(skill, first.start, m.end(), "form", 0.85)

    @cached_property
    def _spelling(self) -> spelling.Words:
        return spelling.words(self._owners)

    def _misspelt(self, text: _Reading, chosen: Sequence[Find]) -> list[Find]:
        """What is found besides once misspelt words are mended: read anew are the lines they stand in, and the lines beside those."""
        slips = self._spelling.slips(text.folded, text.words)
        if not slips:
            return []
        mended = _Mended(text, slips)
        sure, pending = self._candidates(mended, self._hits(mended))
        sure += [_accepted(p) for p, near in _beside(pending, sure) if _in_list(mended, p, near)]
        found = []
        for find in _longest(sure, len(mended.clean)):
            start, end = mended.place(find.start), mended.place(find.end)
            over = [slip for slip in slips if start <= slip.start and slip.end <= end]
            known = any(f.start <= start and end <= f.end for f in chosen)
            alone = end - start < _ALONE and " " not in text.folded[start:end] and not is_named(text.clean, start)
            if over and not known and not alone and find.skill.kind in ("hard", "certification"):
                found.append(Find(find.skill, start, end, f"misspelling of {find.skill.name}", 0.7))
        return found


def index(skills: Sequence[Skill], prepared: Prepared | None = None) -> SkillIndex:
    """The index of skills; `prepared` is what `prepare` made of the same skills in an earlier run."""
    return SkillIndex(skills, prepare(skills) if prepared is None else prepared)


# --- Judging a hit ---------------------------------------------------------------------------------------


_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = bytes(c if c in _CAPITALS.lower() else ord(" ") for c in range(256))
"""A blank for every byte that is no letter: much quicker than a search for words."""
_ADDRESSES = (
    ("http", re.compile(r"https?://[^\s<>()\"]+")),
    ("www.", re.compile(r"www\.[^\s<>()\"]+")),
    ("@", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w.-]+")),
)
_CAPITALISED = re.compile(r"[A-Z](?:[a-z]{2,}(?=[ ,.;:']|$)|(?= ))")
_PATH = re.compile(r"\.(?:com|org|net|edu|gov|io)/[^\s<>()\"]*")


_DIGITS = frozenset("0123456789")
_ALNUM = re.compile(r"[^\W_]")
_TAG_LINE = re.compile(r"\s*[a-z0-9.#+-]+(?: [a-z0-9.#+-]+){1,9}\s*")


class _Reading:
    """A posting while it is searched: its folded text, and which line a place stands in."""

    def __init__(self, posting: Posting) -> None:
        self.clean = posting.clean
        self.folded = fold(_without_addresses(posting.clean))
        self.starts, self.ends, self.roles = [], [], []
        for _, start, end, role, _ in posting.lines:
            if end > start:
                self.starts.append(start)
                self.ends.append(end)
                self.roles.append(role)

    @cached_property
    def flat(self) -> bool:
        """Whether a text has hardly a capital, so that they tell nothing."""
        signs = self.clean.encode("ascii", "replace")
        return (len(signs) - len(signs.translate(None, _CAPITALS))) * 100 < len(signs)

    @cached_property
    def letters(self) -> str:
        """The folded text with a blank for all but the letters a to z, and one more at both ends."""
        return f" {self.folded} ".encode("ascii", "replace").translate(_LETTERS).decode("ascii")

    @cached_property
    def words(self) -> frozenset[str]:
        """All that is written in the letters a to z without a gap."""
        return frozenset(self.letters.split())

    def has(self, word: str, start: int, end: int) -> bool:
        """Whether a word of letters stands between two places, and no digit joins on."""
        letters, folded = self.letters, self.folded
        at = letters.find(f" {word} ", start, end + 2)
        while at >= 0:
            past = at + len(word)
            if folded[at - 1 : at] not in _DIGITS and folded[past : past + 1] not in _DIGITS:
                return True
            at = letters.find(f" {word} ", past, end + 2)
        return False

    def line(self, at: int) -> int:
        return bisect_right(self.starts, at, 1) - 1 if self.starts else 0

    def glued(self, at: int) -> bool:
        """Whether a line end was lost before a capital ("IncludeProject management")."""
        return self.clean[at].isupper() and self.clean[at - 1].islower() and self.clean[at + 1 : at + 2].islower()

    def lost_end(self, at: int) -> bool:
        """Whether a line end was lost between a name and an ordinary word behind it ("PowerPointDigitally", "PythonA degree")."""
        word = _CAPITALISED.match(self.clean, at)
        return word is not None and self.clean[at - 1].islower() and (len(word.group()) == 1 or word.group().lower() in spelling.ordinary())

    def demands(self, at: int) -> bool:
        """Whether a place stands in a section of demands."""
        return bool(self.roles) and self.roles[self.line(at)] in ("required", "preferred")

    def around(self, at: int) -> tuple[int, int]:
        """Where the line of a place begins with the line before it, and ends with the line after it."""
        i = self.line(at)
        return self._around[i] if self._around else (0, len(self.folded))

    @cached_property
    def _around(self) -> list[tuple[int, int]]:
        return list(zip(self.starts[:1] + self.starts[:-1], self.ends[1:] + self.ends[-1:], strict=True))

    def tags(self, at: int) -> bool:
        """Whether the line of a place holds a few words without capitals and signs, as tags are written ("spring java cloud")."""
        i = self.line(at)
        return bool(self.starts) and _TAG_LINE.fullmatch(self.clean, self.starts[i], self.ends[i]) is not None

    def shouted(self, at: int) -> bool:
        i = self.line(at)
        return bool(self.starts) and self.clean[self.starts[i] : self.ends[i]].isupper()


class _Mended(_Reading):
    """The lines of a posting in which words are misspelt, and the lines beside them, with those words mended."""

    def __init__(self, text: _Reading, slips: Sequence[spelling.Slip]) -> None:
        wanted = sorted(
            {i for slip in slips for i in range(text.line(slip.start) - 1, text.line(slip.start) + 2)} & set(range(len(text.starts)))
        )
        clean, folded, size = [], [], 0
        self._steps: list[tuple[int, int]] = []
        self.starts, self.ends, self.roles = [], [], []
        for i in wanted:
            at, end = text.starts[i], text.ends[i]
            self.starts.append(size)
            self.roles.append(text.roles[i])
            inside = [slip for slip in slips if at <= slip.start < end]
            for slip in (*inside, None):
                stop = slip.start if slip else end
                self._steps.append((size, at))
                clean.append(text.clean[at:stop])
                folded.append(text.folded[at:stop])
                size += stop - at
                if slip:
                    self._steps.append((size, slip.start))
                    first = text.clean[slip.start]
                    clean.append(first + slip.word[1:])
                    folded.append(slip.word)
                    size += len(slip.word)
                    at = slip.end
            self.ends.append(size)
            clean.append("\n")
            folded.append("\n")
            size += 1
        self.clean, self.folded, self.flat = "".join(clean), "".join(folded), text.flat
        self._slips = {slip.start: slip for slip in slips}

    def place(self, at: int) -> int:
        """Where a place stands in the text as it was; one inside a mended word goes to its nearer end."""
        here, there = self._steps[bisect_right(self._steps, at, key=itemgetter(0)) - 1]
        slip = self._slips.get(there)
        if slip is not None and at > here:
            return slip.end if at - here >= len(slip.word) // 2 else slip.start
        return there + at - here


def is_named(clean: str, at: int) -> bool:
    """Whether a word is written as a name: with a capital, inside a sentence that is in lower case before it."""
    return clean[at].isupper() and at > 1 and clean[at - 1] == " " and clean[at - 2].islower()


def _without_addresses(text: str) -> str:
    for sign, pattern in _ADDRESSES:
        if sign in text:
            text = pattern.sub(lambda m: "\x00" * len(m.group()), text)
    return _PATH.sub(lambda m: "\x00" * len(m.group()), text)


def _is_word(form: str) -> bool:
    """Whether a folded form is written with the letters a to z alone."""
    return form.isalpha() and form.isascii()


def _cased(name: str, case: bool | None) -> str:
    """The name where its capitals count, "" where they do not: they do by `case: true`, and in short names all in capitals."""
    return "" if case is False or (case is None and not _ACRONYM.fullmatch(name)) else name


def _judge(text: _Reading, entry: _Entry, start: int, end: int) -> float | None:
    """How sure a hit is; 0.0 where it still needs a list of skills to stand in; None where it is none."""
    if entry.unless and _means_else(text.folded, entry.unless, start, end):
        return None
    written = text.clean[start:end]
    if entry.no_plural and written.endswith("s") and not (written[:-1].isupper() and len(written) > _SHORT + 1):
        return None  # a name that is also an ordinary word has no plural; an abbreviation has one ("SVMs")
    if entry.cased and not _cased_right(text, entry.cased, start, written):
        if written.islower() and entry.careless and not entry.needs and text.clean[start - 1 : start] not in _GLUE:
            return 0.9  # "html and css": an abbreviation that is no word, whose evidence rule would else be in the data
        careless = entry.careless and (written.islower() or written.istitle())
        return 0.0 if careless or (written.islower() and text.tags(start)) else None
    if entry.needs:
        return 0.9 if _has_evidence(text, entry.needs, start) else 0.0
    return entry.surety


def _cased_right(text: _Reading, name: str, start: int, written: str) -> bool:
    """Whether a name has its capitals; where a line is all capitals, or a text has none, there is nothing to tell by."""
    if written.startswith(name) or _folded(name) != text.folded[start : start + len(name)]:
        return True
    return (text.shouted(start) and written.isupper()) or (text.flat and len(name) > _SHORT)


def _by_place(form: str, unless: Iterable[str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The phrases in which a form means something else, by where it stands in them."""
    places: dict[int, list[str]] = {}
    for phrase in map(_folded, unless):
        places.setdefault(phrase.find(form), []).append(phrase)
    return tuple((at, tuple(phrases)) for at, phrases in places.items())


def _means_else(folded: str, unless: Iterable[tuple[int, tuple[str, ...]]], start: int, end: int) -> bool:
    for at, phrases in unless:
        if at < 0:
            near = folded[max(0, start - 40) : end + 40]
            for phrase in phrases:
                if phrase in near:
                    return True
        elif start >= at and folded.startswith(phrases, start - at):
            return True
    return False


@lru_cache(maxsize=20_000)
def _evidence(needs: tuple[str, ...]) -> _Evidence:
    plain = [fold(n) for n in needs if not _ABBREVIATION.fullmatch(n)]
    return _Evidence(
        frozenset(word + ending for word in plain if _is_word(word) for ending in ("", "s", "es")),
        tuple(word for word in plain if not _is_word(word)),
        tuple(n for n in needs if _ABBREVIATION.fullmatch(n)),
    )


def _has_evidence(text: _Reading, needs: _Evidence, start: int) -> bool:
    words, others, capital = needs
    a, b = text.around(start)
    for word in words & text.words:
        if text.has(word, a, b):
            return True
    for word in others:
        if _has_word(text.folded[a:b], word, ("", "s", "es")):
            return True
    return bool(capital) and any(_has_word(text.clean[a:b], word, ("", "s")) for word in capital)


def _joins(text: str) -> bool:
    """Whether a sign or word stands in a text that joins two names."""
    return "," in text or " and " in text or " or " in text or "/" in text or "&" in text


def _has_word(text: str, word: str, endings: Iterable[str]) -> bool:
    """Whether a word, with one of the endings, stands in a text, and neither ASCII letters nor digits join on."""
    for at in places(text, word):
        if at and _is_sign(text[at - 1]):
            continue
        for ending in endings:
            past = at + len(word) + len(ending)
            if text.startswith(ending, at + len(word)) and not _is_sign(text[past : past + 1]):
                return True
    return False


def _is_sign(character: str) -> bool:
    """Whether a character is an ASCII letter or digit."""
    return character.isascii() and character.isalnum()


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


def _how(written: str, name: str, alias: str) -> str:
    """How a skill is told by what is written, its own name and the name it was found by, all in lower case."""
    return "exact" if written == name else "alias" if written == alias else "form"


def _accepted(pending: Find) -> Find:
    """A find that stands in a list of skills."""
    return replace(pending, confidence=0.8)


def _beside(pending: Sequence[Find], sure: Sequence[Find]) -> Iterator[tuple[Find, list[Find]]]:
    """Each pending find with the sure ones that stand near enough to share a list with it."""
    others = sorted(sure, key=_START)
    starts = [other.start for other in others]
    for find in pending:
        a, b = bisect_left(starts, find.start - _FAR), bisect_right(starts, find.end + _NEAR)
        yield find, [o for o in others[a:b] if find.start - _NEAR <= o.end <= find.start or o.start >= find.end]


def _in_list(text: _Reading, find: Find, sure: Iterable[Find]) -> int:
    """Whether a find stands in a list beside a hard skill that is sure: 2 beside one of its category, 1 if it is written as a name.

    In brackets behind its own name it is sure, too (3).
    """
    best = 0
    named = text.clean[find.start].isupper() and not _within_a_title(text.clean, find.start, find.end)
    for other in sure:
        gap = text.folded[other.end : find.start] if other.end <= find.start else text.folded[find.end : other.start]
        if other.skill.id == find.skill.id and other.end <= find.start and gap.strip() == "(":
            return 3
        if "\n" in gap or other.skill.kind not in ("hard", "certification") or other.skill.generic:
            continue
        kin = other.skill.category == find.skill.category
        if kin and gap == " " and (named or other.skill.name.islower()):
            best = max(best, 1)  # a list that lost its commas
        if not kin and (find.skill.kind == "licence" or not {find.skill.category, other.skill.category} <= _TECHNICAL):
            continue  # "Chef, Ansible, Drone": a capital alone makes no aircraft of it
        if (kin or named) and (_LIST_GAP.fullmatch(gap) or _LIST_GAP_OVER_ONE.fullmatch(gap)):
            best = max(best, 2 if kin else 1)
    return best


def _in_line_of_names(text: _Reading, pending: Sequence[Find], sure: Sequence[Find]) -> list[Find]:
    """The finds of lines that hold nothing but names, most of them sure ones: the tags of a posting ("linux c c++ git").

    Both are in the order of the text.
    """
    by_line: dict[int, list[Find]] = {}
    for find in pending:
        by_line.setdefault(text.line(find.start), []).append(find)
    starts = [f.start for f in sure]
    out = []
    for line, waiting in by_line.items():
        start, end = text.starts[line], text.ends[line]
        if end - start > _TAGS:
            continue
        known = sure[bisect_left(starts, start) : bisect_left(starts, end)]
        if not known or (len(known) == 1 and not text.tags(start)):
            continue
        for f in sorted((*known, *waiting), key=_START):
            if _ALNUM.search(text.folded, start, f.start):
                break
            start = max(start, f.end)
        else:
            if not _ALNUM.search(text.folded, start, end):
                out += waiting
    return out


_SOUGHT = re.compile(r"\b(?:seeking|seeks|looking for|in search of|you are|you're|must be|should be)\b[^.;:\n]*$")
_TRAIT_OF = re.compile(
    r"(?:,? (?:and |& )?[a-z][a-z-]*){0,3}? (?:individual|person|professional|candidate|people|team player|engineer|developer|manager"
    r"|analyst|designer|leader|specialist|associate|assistant|coordinator|consultant|scientist|representative|colleague|teammate)s?\b"
)
_TRAIT_END = re.compile(r"\s*(?:[,.;)!&/\n]|$|and\b|or\b|skills?\b|abilit|attitude|with\b|when\b|in\b|to\b)")


def _traits(text: _Reading, pending: Sequence[Find]) -> list[Find]:
    """The soft skills named by an ordinary word ("organized", "integrity") that stand as a trait in a line of demands."""
    return [
        find
        for find in pending
        if find.skill.kind == "soft"
        and (
            (text.demands(find.start) and _TRAIT_END.match(text.folded, find.end))
            or (_TRAIT_OF.match(text.folded, find.end) and _SOUGHT.search(text.folded, max(0, find.start - 90), find.start))
        )
    ]


_TECHNICAL = frozenset(("cloud", "data", "it-support", "machine-learning", "security", "software"))
"""Fields whose tools stand in one list."""
_TAGS = 200
"""A line of more characters is no line of tags."""
_TITLE_BEFORE = re.compile(r"[A-Z][\w-]* $")
_TITLE_AFTER = re.compile(r" [A-Z]")


def _within_a_title(clean: str, start: int, end: int) -> bool:
    """Whether a capitalised word joins on, so that the name may be part of a longer one ("Merlin Dash")."""
    return bool(_TITLE_BEFORE.search(clean, max(0, start - 25), start) or _TITLE_AFTER.match(clean, end))


def _longest(finds: Iterable[Find], size: int) -> list[Find]:
    """Of finds that overlap in a text of `size` characters, the longest.

    Where two cross, a skill's own name comes before another's alias ("data warehousing concepts").
    """
    taken: list[Find | None] = [None] * size
    chosen: list[Find] = []
    for find in sorted(finds, key=lambda f: (f.start - f.end, -f.confidence, f.start)):
        start, end = find.start, find.end
        # None that is taken is shorter: one that overlaps covers the first character or the last.
        crossing = taken[end - 1]
        if taken[start] or (crossing and not _gives_way(crossing, find)):
            continue
        if crossing:
            chosen.remove(crossing)
            taken[crossing.start : crossing.end] = [None] * (crossing.end - crossing.start)
        chosen.append(find)
        taken[start:end] = [find] * (end - start)
    return chosen


def _within(sure: Iterable[Find], chosen: Sequence[Find], clean: str) -> Iterator[Find]:
    """A skill's own name in capitals within another name of another skill: SQL in "SQL queries"."""
    for find in sure:
        if find.how != "exact" or find.end - find.start <= _SHORT or not clean[find.start : find.end].isupper():
            continue
        over = next((c for c in chosen if c.start <= find.start and find.end <= c.end), None)
        if over is not None and over.how != "exact" and over.skill.id != find.skill.id and over.skill.kind == "hard":
            yield find


def _gives_way(long: Find, own: Find) -> bool:
    """Whether a longer find gives way to a skill's own name of several words that begins before it and crosses it."""
    crosses = own.start < long.start < own.end < long.end and own.end - own.start >= _LONG_WORD
    return crosses and own.how == "exact" and long.how != "exact"
