"""A posting and an index of skills -> what the posting asks for, its gates, what it says is not needed, and unknown terms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from credgap import asking, cues, gates, screening, stated, terms
from credgap.cues import Item
from credgap.models import (
    ClosingDate,
    Gate,
    Importance,
    Line,
    Mention,
    Negated,
    Posting,
    Requirement,
    Requirements,
    StatedPay,
    UnknownTerm,
)
from credgap.skills import Find, SkillIndex

_STRENGTH = {"required": 2, "preferred": 1, "context": 0}
WEIGHED = ("hard", "certification")
_BESIDE_GATE = ("licence", "human_language")


Placed = tuple[Find, Item]
"""A find, and the item it stands in."""


class _Asked(NamedTuple):
    """A find, and how its item asks for it."""

    find: Find
    item: Item
    importance: Importance
    level: int
    years: float | None
    group: int | None
    likelihood: float
    """How likely the posting asks for it at all."""


def find(posting: Posting, index: SkillIndex) -> Requirements:
    """What a posting asks for, in the order of the text. Empty where no skill is recognised: that is never "no gap"."""
    finds = index.find(posting)
    items = cues.items(posting)
    degrees = gates.degrees_named(items)
    wanted, denied = named(posting.clean, items, finds, degrees)
    foreign = screening.other_language(posting)
    asked = _asked(wanted, posting.clean, least=None if foreign is None else 0.0)
    requirements = _requirements(posting, asked)
    found_degrees = list(gates.degree_gates(degrees))
    return Requirements.made(
        id=posting.id,
        source=posting.source,
        title=posting.title,
        requirements=requirements,
        gates=_gates(posting, items, asked, [gate for gate, _ in found_degrees]),
        negated=_negated(posting, denied, {r.skill for r in requirements}),
        degree=gates.degree(found_degrees),
        closing=_closing(posting),
        pay=_pay(posting),
        unknown_terms=tuple(_unknown(posting, items, finds, index)),
        warnings=screening.warnings(posting, foreign),
        unfit=screening.unfit(posting),
    )


def _closing(posting: Posting) -> ClosingDate | None:
    if (found := stated.closing(posting.clean)) is None:
        return None
    start, end, line = _span(posting, found.start, found.end)
    return ClosingDate(text=posting.text[start:end], start=start, end=end, line=line, date=found.date)


def _pay(posting: Posting) -> StatedPay | None:
    if (found := stated.pay(posting.clean)) is None:
        return None
    start, end, line = _span(posting, found.start, found.end)
    return StatedPay(
        text=posting.text[start:end],
        start=start,
        end=end,
        line=line,
        low=found.low,
        high=found.high,
        currency=found.currency,
        period=found.period,
    )


_EMPLOYER_BEFORE = re.compile(
    r"(?:^|[.!?\n]\s*|\b)(?:[Aa]t|[Jj]oin(?:ing)?|[Aa]bout|[Ww]hy|[Ll]ife at|working (?:at|for)|[Ww]ork (?:at"
    r"|for)|employed by|©(?: \d{4})?) $"
)
_EMPLOYER_AFTER = re.compile(
    r"(?:'s (?:mission|culture|team|values|customers|platform|products?|growth|success|vision|employees"
    r"|headquarters|clients|offices?)\b|,? (?:Inc|LLC|Ltd|Corp|GmbH)\b"
    r"|(?: Inc\.?,?)? (?:is|was) (?:an?|the|one of|on a|looking|seeking|hiring|proud|committed|growing"
    r"|building)\b(?! (?:plus|must|bonus|big plus|strong plus|requirement|nice|huge plus))|(?:'s)? (?:is hiring"
    r"|offers|believes|provides|was founded|has been|employees)\b)"
)


_KNOWING = re.compile(r"\b(?:experience (?:with|in|using|of)|knowledge of|familiar|proficien|using|skills? in|expertise|certified)\b")


def named(
    clean: str, items: Sequence[Item], finds: Sequence[Find], degrees: Sequence[gates.Named] | None = None
) -> tuple[list[Placed], list[Placed]]:
    """Finds with their items, and those of them that are said not to be needed."""
    studied = list(gates.fields_of_study(gates.degrees_named(items) if degrees is None else degrees))
    placed = _placed(clean, items, finds, studied)
    denied = [(f, item) for f, item in placed if cues.negated(item, f.start, f.end)]
    return ([pair for pair in placed if pair not in denied] if denied else placed), denied


def _placed(clean: str, items: Sequence[Item], finds: Sequence[Find], studied: Sequence[tuple[int, int]]) -> list[Placed]:
    """Finds with their items; not headings, not fields of a degree, and not the employer's own name where it asks for nothing."""
    employers = {
        clean[f.start : f.end]
        for f in finds
        if f.skill.kind == "hard"
        and clean[f.start].isupper()
        and (_EMPLOYER_AFTER.match(clean, f.end) or _EMPLOYER_BEFORE.search(clean, max(0, f.start - 20), f.start))
    }
    return [
        (f, item)
        for f in finds
        if (item := cues.item_at(items, f.start))
        and not (f.skill.kind == "hard" and any(a <= f.start and f.end <= b for a, b in studied))
        and not (clean[f.start : f.end] in employers and not _KNOWING.search(item.text))
    ]


def _asked(placed: Sequence[Placed], clean: str, *, least: float | None = None) -> list[_Asked]:
    """The finds that are asked for; `least` is how likely that must be, where another limit than the fitted one holds."""
    groups = _alternatives([f for f, _ in placed], clean)
    model = asking.model("asked")
    spans = _names(placed)
    asked = []
    for f, item, importance, signs in weighed(placed, clean):
        likelihood = model.likelihood(signs) if f.skill.kind in WEIGHED else 1.0
        if likelihood < (model.least if least is None else least):
            continue
        group = groups.get((f.start, f.end)) if importance != "context" else None
        years = cues.years(item, f.start, f.end, spans[item.start])
        asked.append(_Asked(f, item, importance, cues.level(item, f.start, f.end), years, group, likelihood))
    return asked


def weighed(placed: Sequence[Placed], clean: str) -> Iterator[tuple[Find, Item, Importance, list[str]]]:
    """The finds that stand where something is asked, with how strongly, and with the signs by which to tell whether they are meant."""
    names = _names(placed)
    of_items: dict[int, tuple[list[str], asking.Surroundings]] = {}
    for f, item in placed:
        importance = cues.importance(item, f.start, f.end)
        if importance is None:
            continue
        if item.start not in of_items:
            its = [(a - item.start, b - item.start) for a, b in names[item.start]]
            of_items[item.start] = asking.of_item(item, len(its)), asking.Surroundings(item.text, its)
        shared, around = of_items[item.start]
        beside = around.of(f.start - item.start, f.end - item.start)
        yield f, item, importance, [*shared, *asking.of_find(clean, item, f, importance), *beside]


def _names(placed: Iterable[Placed]) -> dict[int, list[tuple[int, int]]]:
    """The spans of the finds of each item, by where the item begins."""
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for f, item in placed:
        spans[item.start].append((f.start, f.end))
    return spans


def _requirements(posting: Posting, asked: Sequence[_Asked]) -> tuple[Requirement, ...]:
    by_skill: dict[str, list[_Asked]] = defaultdict(list)
    for a in asked:
        by_skill[a.find.skill.id].append(a)
    members: dict[int, set[str]] = defaultdict(set)
    for its in by_skill.values():
        if (group := _group(its)) is not None:
            members[group].add(its[0].find.skill.id)
    numbers = {g: n for n, g in enumerate(sorted(g for g, ids in members.items() if len(ids) > 1), 1)}
    out = [_requirement(posting, its, numbers) for its in by_skill.values()]
    return tuple(r for r in out if r.mentions)


def _group(asked: Sequence[_Asked]) -> int | None:
    strongest = max(_STRENGTH[a.importance] for a in asked)
    return next((a.group for a in asked if a.group is not None and _STRENGTH[a.importance] == strongest), None)


def _requirement(posting: Posting, asked: Sequence[_Asked], numbers: dict[int, int]) -> Requirement:
    skill = asked[0].find.skill
    strongest = max((a.importance for a in asked), key=_STRENGTH.__getitem__)
    firm = [a for a in asked if a.importance == strongest]
    surest = max(asked, key=lambda a: a.find.confidence)
    group = _group(asked)
    return Requirement.made(
        skill=skill.id,
        name=skill.name,
        kind=skill.kind,
        importance=strongest,
        level=max((a.level for a in firm if a.level != 2), default=2) if skill.kind in ("hard", "soft") else 2,
        years=max((a.years for a in asked if a.years is not None), default=None),
        group=None if group is None else numbers.get(group),
        confidence=round(min(surest.find.confidence, max(a.likelihood for a in asked)), 2),
        how=surest.find.how,
        weight=None,
        mentions=_mentions(posting, (a.find for a in sorted(asked, key=lambda a: -_STRENGTH[a.importance]))),
    )


def _mentions(posting: Posting, finds: Iterable[Find]) -> tuple[Mention, ...]:
    lines = ((f, _line_at(posting, f.start)) for f in finds)
    spans = ((*_placed_in(posting, line, f.start, f.end), _quote(posting, line, f)) for f, line in lines)
    return tuple(
        Mention.made(text=posting.text[a:b], start=a, end=b, line=number, quote=quote)
        for a, b, number, quote in spans
        if not _broken(posting.text[a:b])
    )


QUOTED = 90
"""How many characters of a sentence or list item a quote shows at most, the name within them."""


def _quote(posting: Posting, line: Line, find: Find) -> str:
    """The line of the clean text around a find, without its bullet; a long one cut at blanks on either side."""
    before, name, after = (posting.clean[a:b] for a, b in ((line.start, find.start), (find.start, find.end), (find.end, line.end)))
    room = max(0, QUOTED - len(name))
    tail = after if len(after) <= room * 2 // 3 else after[: room * 2 // 3].rpartition(" ")[0] + " ..."
    head = before if len(before) <= room - len(tail) else "... " + before[-max(1, room - len(tail)) :].partition(" ")[2]
    return (head + name + tail).strip(" \t•·*-#").strip()


_START = attrgetter("start")


def _line_at(posting: Posting, at: int) -> Line:
    """The line that a place of the clean text stands in."""
    return posting.lines[bisect_right(posting.lines, at, key=_START) - 1]


def _broken(text: str) -> bool:
    return "\n" in text or "\r" in text


def _span(posting: Posting, start: int, end: int) -> tuple[int, int, int]:
    """A span of the clean text as a span of the text as given, and its line there."""
    return _placed_in(posting, _line_at(posting, start), start, end)


def _placed_in(posting: Posting, line: Line, start: int, end: int) -> tuple[int, int, int]:
    """As `_span`, where the line of the clean text is known."""
    a = posting.place(start)
    return a, max(a, posting.place(end - 1) + 1), line.number + posting.text.count("\n", posting.place(line.start), a)


# --- Alternatives -----------------------------------------------------------------------------------------

_GAP = re.compile(
    r"(?:\s(?:technolog(?:y|ies)|tools?|software|systems?|languages?|platforms?|frameworks?|programming)(?=,? (?:and/or|or)\s))?"
    r"[\s\"')]*(?:(?P<comma>,|;)?\s*(?P<word>and/or|or|and|&)?|(?P<slash>/))[\s\"'(]*"
)
_OR_LIKE = re.compile(
    r"[\s)\"']*,?\s*(?:and/or|or)\s+(?:an?\s+|any\s+)?(?:other |another )?(?:\w+ )?(?:equivalents?|equal|similar"
    r"|comparable|others?|another|related|like)\b"
)
_TOGETHER = frozenset(map(frozenset, (("html", "css"), ("ui", "ux"), ("unix", "linux"), ("css", "javascript"))))
_GAP_OVER_ONE = re.compile(
    r"(?:,\s|,?\s(?:and/or|or)\s)(?!(?:and|or|with|including)\b)[\w+#./-]+(?:\s[\w+#./-]+){0,3}(?:\s\([\w/ -]{2,12}\))?"
    r"(?:,?\s(?P<word>and/or|or)\s|(?P<comma>,)\s)(?P<slash>)"
)
"""What stands between two names of a list over one that is in no vocabulary."""
_ANY_OF = re.compile(r"\b(?:any|one|1|either|two|2|three|some|several|a (?:few|number))(?: or more)?(?: of)?\b[^.;]{0,60}$", re.IGNORECASE)

# Examples of one thing, of which one will do:
# "scripting (e.g. Perl, Lua)", "a ticket system (such as Zendesk, Jira)"; not "ETL tools (e.g. ...)".
_EXAMPLES_OF_ONE = re.compile(
    r"(?:\b(?:scripting|coding|programming)\b[\w ,/-]{0,40}"
    r"|\b(?:an?|another|similar|related) (?!\S*(?:skill|set|range|variety|stack|mix))(?:[\w/-]+ ){1,4})"
    r"\((?:e\.?g\.?|such as|like|for example)[:,]? ?$",
    re.IGNORECASE,
)


def _alternatives(finds: Sequence[Find], clean: str) -> dict[tuple[int, int], int]:
    """The spans of finds that are alternatives, with the number of their group."""
    groups: dict[tuple[int, int], int] = {}
    for number, members in enumerate(group for chain in _chains(finds, clean) for group in _either(chain, clean)):
        for f in members:
            groups.setdefault((f.start, f.end), number)
    return groups


def _chains(finds: Sequence[Find], clean: str) -> list[list[tuple[Find, str]]]:
    """Finds of one kind that follow each other with nothing but list signs between; each with the sign before it."""
    chains: list[list[tuple[Find, str]]] = []
    for f in finds:
        last = chains[-1][-1][0] if chains else None
        between = clean[last.end : f.start] if last and last.end <= f.start else ""
        if last and last.skill.id == f.skill.id and between.strip() == "(":
            chains[-1][-1] = f, chains[-1][-1][1]  # the abbreviation in brackets goes on with the list
            continue
        sign = _sign(between)
        if last and sign and last.skill.kind == f.skill.kind and "\n" not in clean[last.end : f.start]:
            chains[-1].append((f, sign))
        else:
            chains.append([(f, "")])
    return [chain for chain in chains if len(chain) > 1]


def _sign(between: str) -> str:
    """The sign of a list that stands between two names, or over one name that is in no vocabulary; "" for none."""
    gap = _GAP.fullmatch(between) or _GAP_OVER_ONE.fullmatch(between) if between else None
    return (gap.group("word") or gap.group("slash") or gap.group("comma") or "") if gap else ""


def _either(chain: Sequence[tuple[Find, str]], clean: str) -> list[list[Find]]:
    finds, signs = [f for f, _ in chain], [sign for _, sign in chain]
    if _OR_LIKE.match(clean, finds[-1].end) and "and" not in signs:
        return [finds]
    line = clean[clean.rfind("\n", 0, finds[0].start) + 1 : finds[0].start]
    if all(s in ("", ",", "/", "or", "and/or") for s in signs) and "," in signs and _ANY_OF.search(line[-80:]):
        return [finds]
    if "and" not in signs and "&" not in signs and _EXAMPLES_OF_ONE.search(line[-100:]):
        return [finds]
    groups: list[list[Find]] = []
    for i, sign in enumerate(signs):
        if sign in ("or", "and/or"):
            start = i - 1
            if i + 1 == len(signs) or signs[i + 1] not in (",", "/"):
                while start > 0 and signs[start] in (",", "/", "or", "and/or"):
                    start -= 1
            groups.append(finds[start : i + 1])
        elif sign == "/" and _instead(finds[i - 1], finds[i], clean):
            if groups and groups[-1][-1] is finds[i - 1]:
                groups[-1].append(finds[i])
            else:
                groups.append([finds[i - 1], finds[i]])
    return groups


def _instead(one: Find, other: Find, clean: str) -> bool:
    """Whether a stroke between two names means "or"."""
    pair = frozenset((clean[one.start : one.end].lower(), clean[other.start : other.end].lower()))
    return one.skill.category == other.skill.category and pair not in _TOGETHER


# --- Gates, negations, unknown terms ------------------------------------------------------------------------


def _gates(posting: Posting, items: Sequence[Item], asked: Sequence[_Asked], degrees: Sequence[gates.Found]) -> tuple[Gate, ...]:
    counted = [(a.find.start, a.find.end) for a in asked if a.years is not None]
    named = [
        _named_gate(a)
        for a in asked
        if a.find.skill.kind in _BESIDE_GATE
        and (a.importance != "context" or (a.item.role == "duties" and gates.demands(a.item)))
        and (a.find.skill.kind == "licence" or gates.speaks(a.item))
    ]
    patterns = [g for g in gates.pattern_gates(items) if not any(g.start < n.end and n.start < g.end for n in named)]
    years = gates.least_years(list(gates.year_gates(items, counted)), items)
    found = sorted([*named, *patterns, *gates.least_degree(degrees), *years], key=lambda g: (g.start, g.end))
    out: dict[tuple[object, ...], Gate] = {}
    for g in found:
        start, end, line = _span(posting, g.start, g.end)
        text = posting.text[start:end]
        if _broken(text):
            end = start + len(re.split(r"[\r\n]", text, maxsplit=1)[0])
            text = posting.text[start:end]
        key = (g.kind, g.skill or g.degree or g.years or text.lower())
        gate = Gate.made(
            kind=g.kind, text=text, hard=g.hard, start=start, end=end, line=line, skill=g.skill, degree=g.degree, years=g.years
        )
        if key not in out or (g.hard and not out[key].hard):
            out[key] = gate
    return tuple(sorted(out.values(), key=lambda g: (g.start, g.end)))


def _named_gate(a: _Asked) -> gates.Found:
    kind = "licence" if a.find.skill.kind == "licence" else "human_language"
    return gates.Found(
        "licence" if kind == "licence" else "human_language", a.find.start, a.find.end, a.importance != "preferred", skill=a.find.skill.id
    )


def _negated(posting: Posting, denied: Sequence[Placed], wanted: set[str]) -> tuple[Negated, ...]:
    by_skill: dict[str, list[Find]] = defaultdict(list)
    for f, item in denied:
        if f.skill.id not in wanted and item.role not in ("legal", "benefits", "company"):
            by_skill[f.skill.id].append(f)
    return tuple(Negated.made(skill=skill, mentions=mentions) for skill, its in by_skill.items() if (mentions := _mentions(posting, its)))


def _unknown(posting: Posting, items: Sequence[Item], finds: Sequence[Find], index: SkillIndex) -> Iterable[UnknownTerm]:
    for term in terms.unknown(posting.clean, items, [(f.start, f.end) for f in finds], index):
        start, end, line = _span(posting, term.start, term.end)
        text = posting.text[start:end]
        if not _broken(text):
            yield UnknownTerm.made(text=text, start=start, end=end, line=line)
