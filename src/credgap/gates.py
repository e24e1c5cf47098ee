"""Items and finds of a posting -> its gates: degree, licence, years in the field, clearance, spoken language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from credgap import cues
from credgap.cues import Item
from credgap.models import Degree, DegreeLevel, GateKind, Importance


class Found(NamedTuple):
    """A gate at [start, end) of the clean text."""

    kind: GateKind
    start: int
    end: int
    hard: bool
    skill: str | None = None
    degree: DegreeLevel | None = None
    years: float | None = None


_DEGREES: tuple[tuple[DegreeLevel, str], ...] = (
    ("doctorate", r"ph\.? ?d\b\.?|doctorate|doctoral|\bm\.?d\.? degree|j\.?d\.? degree|juris doctor|pharm\.? ?d"),
    (
        "master",
        r"master(?:'?s)?(?:'? degree| of (?:science|arts|business|engineering|public)| in )|masters?'?s? (?:degree"
        r"|or)|\bmasters?(?= preferred| required| or mba)|\bm\.?b\.?a\b|\bm\.?s\.?c?\.? (?:degree|in)\b|\bma/ms\b"
        r"|\bms/ma\b|graduate degree|advanced degree|postgraduate",
    ),
    (
        "bachelor",
        r"bachelor(?:'?s)?(?:'? degree| of (?:science|arts|engineering|business)| in )?|bachelors|\bb\.?a\.?/b\.?s\b"
        r"|\bb\.?s\.?/b\.?a\b|\bb\.?[sa]\.?c?\.? (?:degree|in|or|required|preferred)\b|\bb\.?sc\b|\bb\.?eng\b"
        r"|\bba?s(?= (?:[a-z]+ )?engineering)|\bb\.s\b|\bb\.a\b|university (?:degree|diploma|education)|college (?:degree"
        r"|graduate|diploma)|(?:4|four)[- ]year (?:college )?degree|undergraduate degree|higher education"
        r"|bs/ms|technical degree|(?:^|[•*-] ?)degree in|relevant degree|\ba degree in|degree (?:required"
        r"|preferred|in\b)|\b(?:engineering|accredited|finance|accounting|nursing|science|law|business|marketing) degree"
        r"|\bgraduate of (?!(?:\w+ )?(?:high school|secondary|vocational|technical school|bootcamp|an? (?:accredited )?program))"
        r"|educated to degree level|diploma of (?:\w+ ){0,2}higher|higher (?:medical|technical|legal|economic\w*|professional) education",
    ),
    ("associate", r"associate(?:'?s)?(?:'? degree| of (?:arts|science))|\b2[- ]year degree|two[- ]year degree"),
    ("high_school", r"high[- ]school|\bged\b|\bh\.?s\.? diploma|secondary (?:school|education)"),
)
_DEGREE_RANK = {name: rank for rank, (name, _) in enumerate(reversed(_DEGREES))}
_DEGREE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _DEGREES))
_NO_DEGREE = re.compile(
    r"\bdegree of\b|high degree|degrees? (?:fahrenheit|celsius)|(?<!or )(?<!currently )\bpursuing|^\W*(?:currently )?(?:enrolled"
    r"|pursuing)|(?:must be|students?|level) .{0,60}(?:enrolled|pursuing|degree program)|working towards? (?:a"
    r"|your)|current(?:ly)? (?:a )?student|no degree|tuition|degree program|completion of an|scrum master"
    r"|master(?:ing|y| data| schedule| plan)|without a degree|degree (?:is )?not"
)
_EQUIVALENT = re.compile(
    r"\bor (?:an? )?(?:\w+ ){0,3}?(?:equivalent|comparable)\b|\bequivalent (?:\w+ ){0,2}(?:experience"
    r"|combination|education|practical|work|training)|\bor (?:\w+ ){0,3}experience\b|\bin lieu of|combination of (?:education"
    r"|training|experience)|comparable (?:work )?experience|\bor (?:a )?minimum of \d"
)
_CLEARANCE = re.compile(
    r"(?:active |current )?(?:(?:top[- ])?secret|ts)(?:\s*/\s*sci)?(?: security)? clearance|\bts/sci\b"
    r"|security clearance|public trust(?: clearance| position)?|\b(?:dod|doe|q|l|nato|sc|dv) (?:security )?clearance"
    r"|clearance (?:is )?required|background investigation clearance"
)
_LICENCE = re.compile(
    r"(?:valid |current |active |unrestricted |state |clean )*(?:driver'?s?'?|drivers'|driving|nursing"
    r"|professional|medical|commercial driver'?s?'?|pharmacy|pharmacist|real estate|teaching|insurance"
    r"|electrical|electrician'?s?|plumbing|contractor'?s?|cosmetology|law|social work|rn|lpn|lvn|cdl"
    r"|pe|series \d+) licen[sc](?:e|es|ure)\b"
    r"|\blicen[sc](?:e|ed|ure) (?:to practice|as an?|in the state)[^.,;]{0,40}|\b(?:member of|admitted to"
    r"|admission to) the (?:\w+ )?bar\b|\bbar admission\b|\bprofessional licensure\b|\bmust be licensed[^.,;]{0,30}"
    r"|\bcdl\b(?: class [ab])?"
)
_NOT_LICENCE = re.compile(r"licen[sc]e (?:agreement|management|key|fee|holder)|software licen")
_FLUENT = re.compile(
    r"\b(?:fluen\w+|native|bilingual|proficien\w+|command|read|speak|spoken|written|verbal|language|level"
    r"|knowledge|understand)"
)


class Named(NamedTuple):
    """An item that names degrees, and where."""

    item: Item
    degrees: list[re.Match[str]]


def degrees_named(items: Sequence[Item]) -> list[Named]:
    """The items that name a degree, except those that ask for nothing."""
    hinted = (item for item in items if "degree" in item.hints and item.role not in ("benefits", "legal", "company"))
    return [Named(item, degrees) for item in hinted if (degrees := list(_DEGREE.finditer(item.text)))]


def degree_gates(named: Iterable[Named]) -> Iterator[tuple[Found, Importance]]:
    """Each item that names a degree, as one gate at the least degree it accepts, with how strongly that is asked."""
    for item, matches in named:
        if _NO_DEGREE.search(item.text):
            continue
        firm = [m for m in matches if cues.importance(_asking(item), item.start + m.start(), item.start + m.end()) == "required"]
        ranked = sorted(firm or matches, key=lambda m: _DEGREE_RANK[_level(m)])
        least = ranked[0]
        importance: Importance = "required" if firm else "preferred"
        if item.role == "duties" and least.start() > 20 and not re.search(r"\b(?:required|must|need|hold|possess|minimum)", item.text):
            continue
        hard = importance == "required" and not _EQUIVALENT.search(item.text)
        end = least.start() + len(_LOOSE_END.sub("", least.group()).rstrip())
        start = least.start() + len(least.group()) - len(least.group().lstrip(" •*-"))
        yield Found("degree", item.start + start, item.start + end, hard, degree=_level(least)), importance


_FIELD_END = re.compile(
    r"[;.](?=\s|$)|\b(?:experience|knowledge|skills?|with|plus|(?<!\()required|(?<!\()preferred|desired|certifi\w+"
    r"|licen[sc]\w+|and (?:at least|a minimum|\d|one|two|three|four|five)|\d+\+? (?:years|yrs)|including"
    r"|must|who|strong|proven)\b"
    r"|or (?:an? )?(?:\w+ )?(?:equivalent|comparable|combination)\b|(?<=related field)|(?<=related discipline)"
    r"|(?<=related area)|(?<=similar field)|(?<=relevant field)"
)
_FIELD_BEFORE = re.compile(r"((?:[\w&-]+,? ){1,6}(?:and |or )?[\w&-]+) (?:degree|diploma|major|majors)\b")
_MAJOR = re.compile(
    r"\b(?:major(?:ing|ed)?|minor|discipline|field of study|fields? such as|coursework) (?:in|of|such as)?\s*"
    r"|\b(?:stem )?(?:disciplines?|fields?) (?:such as|like|\(e\.g\.,?)\s*"
)


def fields_of_study(named: Iterable[Named]) -> Iterator[tuple[int, int]]:
    """The spans where fields of a degree are named: "a degree in statistics" asks for the degree, not for the skill."""
    for item, matches in named:
        degrees = [m for m in matches if m.lastgroup != "high_school"]
        if not degrees:
            continue
        for m in (*degrees, *_MAJOR.finditer(item.text, degrees[0].start())):
            stop = _FIELD_END.search(item.text, m.end())
            yield item.start + m.start(), item.start + (stop.start() if stop else len(item.text))
        for m in _FIELD_BEFORE.finditer(item.text):
            if not _FIELD_END.search(m.group(1)):
                yield item.start + m.start(), item.start + m.end()


def _level(m: re.Match[str]) -> DegreeLevel:
    return next(name for name, _ in _DEGREES if name == m.lastgroup)


def _asking(item: Item) -> Item:
    """The same item, read as a demand where no section says what it is."""
    return item._replace(role="required") if item.role in ("other", "stack", "duties") else item


def least_degree(found: Sequence[Found]) -> list[Found]:
    """Degree gates of which only the least demanded stays hard: where a lower degree will do, a higher one is no must."""
    least = min((_DEGREE_RANK[g.degree] for g in found if g.degree and g.hard), default=0)
    return [g._replace(hard=g.hard and g.degree is not None and _DEGREE_RANK[g.degree] == least) for g in found]


def least_years(found: Sequence[Found], items: Sequence[Item]) -> list[Found]:
    """Year gates, of those that go with a degree ("bachelor's and 9 years, master's and 7") the least alone."""
    tied = [g for g in found if (item := cues.item_at(items, g.start)) and "degree" in item.hints and _DEGREE.search(item.text)]
    least = min(tied, key=lambda g: g.years or 0.0, default=None)
    return [g for g in found if g not in tied or g is least]


def degree(found: Iterable[tuple[Found, Importance]]) -> Degree:
    """Whether a college degree is required, preferred, or not asked for; a high school diploma is none."""
    asked = {importance for gate, importance in found if gate.degree != "high_school"}
    return "required" if "required" in asked else "preferred" if "preferred" in asked else "none"


_OF_WORK = re.compile(r"experience|working|work in|career|background|\bin (?:an?|the)\b|role")
_NOT_OF_WORK = re.compile(
    r"years? (?:in business|of (?:history|growth|service|age))|(?:over|past|last|next) (?:the )?\w* ?years|warranty|contract"
)
MOST_YEARS = 25
"""More years than this are a firm's, not what it asks of a person."""
_TO_STOP = re.compile(r"[^•·,.;()]{0,110}(?=[•·,.;()]|$)|[^•·,.;()]{0,70}(?![\w'/-])")
_LOOSE_END = re.compile(
    r"(?:\s+(?:or|and|and/or|in|of|an?|the|with|to|for|as|at|on|by|from|preferably|including|is|are|other|some|our|their|its)"
    r"|\s*[-/&:])+\s*$"
)


def _phrase(text: str) -> int:
    """How much of a text is one phrase: to the first stop, or some 70 characters where that is far; no word cut, no "or" at the end."""
    m = _TO_STOP.match(text)
    return len(_LOOSE_END.sub("", m.group()).rstrip()) if m else 0


_DEMANDED = re.compile(r"\b(?:must|minimum|required|mandatory|at least|the following qualifications)\b")


def demands(item: Item) -> bool:
    """Whether an item by its own words is a demand, wherever it stands."""
    return bool(_DEMANDED.search(item.text))


def year_gates(items: Sequence[Item], taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Years of experience that no single skill has been credited with; `taken` are spans of names whose years are known."""
    for item in items:
        if item.role in ("benefits", "legal", "company") or (item.role == "duties" and not demands(item)):
            continue
        for m in cues.counts(item.text):
            start, end = item.start + m.start(), item.start + m.start("rest")
            near = item.text[max(0, m.start() - 40) : m.start("rest") + 120]
            credited = any(item.start <= a < item.end and (0 <= a - end < 90 or 0 <= start - b < 25) for a, b in taken)
            if credited or not 0 < cues.years_of(m) <= MOST_YEARS or not _OF_WORK.search(near) or _NOT_OF_WORK.search(near):
                continue
            hard = cues.importance(_asking(item), start, end) == "required"
            yield Found("years", start, end + _phrase(item.text[m.start("rest") :]), hard, years=cues.years_of(m))


def pattern_gates(items: Sequence[Item]) -> Iterator[Found]:
    """Clearances, and licences by the word "licence"."""
    for item in items:
        if item.role in ("benefits", "company"):
            continue
        kinds: tuple[tuple[GateKind, re.Pattern[str]], ...] = (("clearance", _CLEARANCE), ("licence", _LICENCE))
        for kind, pattern in kinds:
            if kind not in item.hints:
                continue
            for m in pattern.finditer(item.text):
                if kind == "licence" and (item.role == "legal" or _NOT_LICENCE.search(item.text)):
                    continue
                asked = cues.importance(_asking(item), item.start + m.start(), item.start + m.end())
                hard = (
                    asked == "required" and not re.search(r"\b(?:obtain|eligib\w+ (?:for|to)|or equivalent)\b", item.text)
                    if kind == "clearance"
                    else asked == "required"
                )
                yield Found(kind, item.start + m.start(), item.start + m.end(), hard)


def speaks(item: Item) -> bool:
    """Whether an item that names a language asks to speak it, rather than naming a people or a market."""
    return bool(_FLUENT.search(item.text)) or len(item.text.split()) <= 4
