"""The words around a name in a posting -> how it is asked for: importance, level, years, negation."""

# ruff: noqa: RUF001  (dashes as postings have them)

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence, Set
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

from credgap import sections
from credgap.hints import Hints
from credgap.models import Importance, Line, Posting, SectionRole

# --- Items: what one bullet or sentence says, over the lines it is broken into -----------------------

_CONTINUES = re.compile(r"\s*(?:[a-z(&]|[A-Z][a-z]* ?/)")
_HOLDS_LIST = re.compile(r"\(.*[,/].*\)|: ?\S")
_CLOSED = re.compile(r"[.:;!?]\s*$")
_CLAUSE = re.compile(r"(?<=[.;!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)\s+(?=\S)|\s[•·|]\s")


class Item(NamedTuple):
    """A stretch of the clean text that reads as one bullet or sentence."""

    start: int
    end: int
    role: SectionRole
    text: str
    """Lower case, line ends as blanks; as long as [start, end)."""
    hints: Set[str]
    """What its words may name, of `HINTS`; what is not among them need not be looked for."""


HINTS = Hints(
    {
        "cue": (
            *("prefer", "plus", "nice", "ideally", "bonus", "desir", "advantag", "asset", "beneficial", "helpful", "useful", "value"),
            *("welcome", "appreciated", "valuable", "regarded", "would be", "good to have", "optional", "recommended", "even better"),
            *("must", "requir", "mandatory", "compulsory", "essential", "necessary", "need", "at least", "minimum"),
        ),
        "degree": (
            *(
                "degree",
                "bachelor",
                "graduate of",
                "higher ",
                "master",
                "doctora",
                "diploma",
                "ph.d",
                "phd",
                "ph d",
                "ph. d",
                "juris",
                "pharm",
                "postgrad",
            ),
            *("ma/ms", "ms/ma", "bs/ms", "university educ", "college grad", "higher educ", "high school", "high-school", "secondary "),
            *("associate of", "associates of", "associate's of", " ged", " mba", " m.b", " mb.a", " m.s", " ms ", " ms.", " msc"),
            *(" b.s", " b.a", " b.e", " beng", " bsc", *(f" {name}{end}" for name in ("ba", "bs", "bac", "bas") for end in " ./")),
        ),
        "opener": (
            *("experience", "proficien", "knowledge", "expertise", "familiar", "understanding", "skill", "background", "certifi"),
            *("fluen", "competen", "train", "versed", "expert", "grasp", "command", "exposure"),
        ),
        "examples": ("e.g.", "such as", "including", "i.e.", "like", "for example", "tools:", "technologies:", "software:"),
        "clearance": ("clearance", "ts/sci", "public trust"),
        "licence": ("licen", " bar", "cdl"),
    }
)
"""For what is rare in an item, and slow to look for."""


def items(posting: Posting) -> list[Item]:
    """The items of a posting, headings left out; a line that goes on in the next is one with it."""
    runs: list[list[Line]] = []
    previous: Line | None = None
    for line in posting.lines:
        text = posting.clean[line.start : line.end]
        if line.heading and not _HOLDS_LIST.search(text) and not _names_a_duty(text, line.role):
            previous = None
        elif not text.strip():
            previous = previous if previous and not runs[-1][-1].end - previous.end else None
        else:
            if (
                previous
                and line.number == previous.number + 1
                and _CONTINUES.match(text)
                and not _CLOSED.search(posting.clean[previous.start : previous.end])
            ):
                runs[-1].append(line)
            else:
                runs.append([line])
            previous = line
    its = [item for run in runs for item in _clauses(posting.clean, run[0].start, run[-1].end, _run_role(run))]
    starts = [0, *accumulate(len(item.text) + 1 for item in its[:-1])]
    hinted = HINTS.in_stretches("\n".join([item.text for item in its]), starts)
    return [Item(*item[:4], hints) for item, hints in zip(its, hinted, strict=False)]


def _names_a_duty(text: str, role: SectionRole) -> bool:
    """Whether a heading is none of a section, but names the duty or skill that the lines under it describe ("Brand management:")."""
    return role in ("duties", "required", "preferred", "stack") and sections.role_of(text) is None and not text.lstrip().startswith("#")


def _run_role(run: Sequence[Line]) -> SectionRole:
    return run[0].role


def _clauses(clean: str, start: int, end: int, role: SectionRole) -> list[Item]:
    text = clean[start:end]
    edges = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    lower = ((a, b, _lower(text[a:b])) for a, b in pairwise(edges) if text[a:b].strip())
    return [Item(start + a, start + b, _own_role(item, role), item, frozenset()) for a, b, item in lower]


_DUTY = re.compile(
    r"\W*(?:administer|analy[sz]e|assess|assist|build|collaborate|communicate|conduct|configure|coordinate|create|define|deliver|deploy"
    r"|design|develop|document|draft|drive|ensure|establish|evaluate|execute|facilitate|generate|handle|identify|implement|improve|install"
    r"|investigate|lead|maintain|manage|monitor|operate|optimi[sz]e|organi[sz]e|oversee|participate|perform|plan|prepare|process|produce"
    r"|provide|recommend|research|resolve|respond to|review|schedule|support|test|track|train|troubleshoot|update|verify|work|write)"
    r"(?:,| and| or|/)? (?!(?:your|in a|on a|with us|for us|an? (?:career|difference|culture|company))\b)"
)
_SPEAKS_OF_YOU = re.compile(
    r"\W*(?:you (?:have|bring|possess|know|are (?:proficient|experienced|familiar|fluent|skilled|comfortable"
    r"|an? (?:expert|strong|experienced)))|(?:the )?(?:incumbent|(?:ideal |successful )?candidates?) (?:will|must|should|has|have))\b"
)


def _own_role(text: str, role: SectionRole) -> SectionRole:
    """The role of an item: where a section that asks for nothing goes on without a heading, what opens as a duty or demand is one."""
    if role in ("company", "benefits", "legal"):
        if _DUTY.match(text):
            return "duties"
        if opens_as_demand(text) or _SPEAKS_OF_YOU.match(text):
            return "other"
    return role


def _lower(text: str) -> str:
    lower = text.lower().replace("\n", " ")
    return lower if len(lower) == len(text) else text.replace("\n", " ")


def item_at(its: Sequence[Item], at: int) -> Item | None:
    """The item a place stands in; None for a heading."""
    i = bisect_right(its, at, key=itemgetter(0)) - 1
    return its[i] if i >= 0 and at < its[i].end else None


# --- Importance -----------------------------------------------------------------------------------------

_SOFTENED = re.compile(
    r"(?P<preferred>\bprefer(?:red|ably|able|ence)?\b|\b(?:a|an|big|huge|strong|definite|major|added"
    r"|real|considered) plus\b|\bplus(?:es)?\s*[!.)]*\s*$|\bnice[- ]to[- ]haves?\b|\bideally\b|\bbonus(?: points)?\b"
    r"|\bdesir(?:ed|able)\b"
    r"|\badvantage(?:ous)?\b|\b(?:an|strong|valuable|added|considered|definite) asset\b|\bbeneficial\b"
    r"|\b(?:is|are|would be|be|very|highly|also) (?:helpful|useful|valued|welcomed|welcome|appreciated"
    r"|valuable)\b|\bhelpful\b|\bhighly regarded\b|\bwould be (?:great|nice|good|ideal|awesome|amazing)\b"
    r"|\bgood to have\b|\boptional\b"
    r"|\brecommended\b(?! (?:solutions?|actions?|changes?|improvements?|approach\w*|practices?|updates?))"
    r"|\bnot (?:strictly )?(?:required|necessary|essential|mandatory)\b|\beven better\b)"
    r"|(?P<required>\bmust(?:[- ]haves?)?\b|\b(?<!as )(?<!where )(?<!when )(?<!if )(?<!not )required\b"
    r"|\brequires?\b|\bmandatory\b|\bcompulsory\b|\b(?<!not )(?<!other )essential\b(?! (?:duties|functions"
    r"|job))|\b(?<!as )(?<!if )necessary\b|\bneed to (?:have|be|know)\b|\byou(?:'ll| will)? need\b|\bis a must\b"
    r"|\bat least\b|\bminimum(?: of)?\b)"
)
_LEADING = re.compile(
    r"^(?:prefer|ideally|bonus|nice|desir|must|required|require|you|need|minimum|at least|mandatory|compulsory"
    r"|even better|essential)"
)
_NOUN_AFTER = re.compile(
    r"\s*(?::|-|experience|skills?|knowledge|qualif|proficien|background|certif|technolog|tools|familiar"
    r"|languages?|is|are|have|know)"
)
_DEMANDS = re.compile(
    r"\bexperience[d]? (?:with|in|of|using|working|as|managing|building|developing|leading|designing)\b"
    r"|\b(?:years?|yrs)\b.{0,40}\bexperience\b|\bexperience\b|\bknowledge of\b|\bproficien|\bability to\b"
    r"|\bskills?\b|\bfamiliar|\bunderstanding of\b|\bexpertise\b"
    r"|\bbackground in\b|\bfluen|\bcertified\b|\bcertification|\blicensed?\b|\bwith (?:strong|solid|excellent"
    r"|proven)\b|\bknow how\b|\bcomfortable with\b|\btrack record\b|\bdegree\b|\byou have\b|\byou are\b"
    r"|\b(?:looking for|seeking|seeks|hiring|wanted)\b.{0,90}\b(?:who|with|skilled|experienced)\b"
    r"|\bqualified\b|\bpassion(?:ate)?\b|\bcandidates?\b|\bsomeone who\b|\b\d+\+? years\b"
)
_TASKS = re.compile(
    r"\b(?:you will|you'll|responsible for|responsibilities|will be|duties|this role|the role|will (?:work"
    r"|lead|manage|support|help|develop|design|build|own|drive|provide|assist))\b"
)
_OPENS_AS_DEMAND = re.compile(
    r"\W*(?:\d+\+? (?:or more )?years|(?:(?:proven|strong|solid|demonstrated|excellent|prior|previous"
    r"|relevant|hands-on|extensive|deep|good|basic|advanced|working|practical|in-depth|significant|direct"
    r"|professional|minimum|some) )*(?:experience|experienced|knowledge|familiar|familiarity|proficien\w+"
    r"|expertise|ability|understanding|background|fluen\w+|degree|bachelor\S*|track record|command|certification"
    r"|skills)|(?:very )?(?:strong|solid|deep|proven) (?!focus|emphasis|relationships?|partnerships?|ties|support)[\w+#./-]+"
    r"|must|minimum of|at least)\b"
)
_CUE_FIRST = re.compile(
    r"\(\W*(?:preferr?|a |an |not |nice|bonus|plus|required|must|desir|optional|highly|strongly|ideally"
    r"|mandatory|minimum|at least|\d)"
)
_BRACKETS = re.compile(r"\([^()]*\)")


def demands(text: str) -> bool:
    """Whether an item has the words of a demand ("experience with")."""
    return _DEMANDS.search(text) is not None


def tasks(text: str) -> bool:
    """Whether an item has the words of a duty ("you will")."""
    return _TASKS.search(text) is not None


def opens_as_demand(text: str) -> bool:
    """Whether an item begins as a demand ("3+ years", "Strong knowledge")."""
    return _OPENS_AS_DEMAND.match(text) is not None


def importance(item: Item, start: int, end: int) -> Importance | None:
    """How strongly an item asks for what stands at [start, end) of the clean text; None where it asks for nothing."""
    if item.role in ("company", "benefits", "legal"):
        return None
    cue = _cue(item.text, start - item.start, end - item.start) if "cue" in item.hints else None
    if item.role == "required":
        return "preferred" if cue == "preferred" else "required"
    if item.role == "preferred":
        return "required" if cue == "required" and _firm(item.text) else "preferred"
    if cue == "preferred":
        return "preferred"
    if item.role in ("duties", "stack"):
        return "required" if opens_as_demand(item.text) or (cue == "required" and _firm(item.text)) else "context"
    if cue == "required" or (demands(item.text) and not tasks(item.text)):
        return "required"
    return "context"


def _firm(text: str) -> bool:
    return bool(
        re.search(
            r"\bmust (?:have|possess|be (?:able|proficient|familiar|licensed|certified|a))|\b(?:is|are|experience"
            r"|skills?|certification|license|knowledge|proficiency) (?:required|mandatory|a must)|\(required\)"
            r"|^\W*minimum\b|\brequired[:.)]?\s*$",
            text,
        )
    )


def _cue(text: str, start: int, end: int) -> str | None:
    """The cue that governs [start, end): one in the same brackets, else the first behind it, else a leading one before it."""
    for m in _BRACKETS.finditer(text) if "(" in text else ():
        if not text[: m.start()].strip(" •*-"):
            continue  # "(Bonus) experience with ..." speaks of all that follows
        if m.start() < start and end <= m.end():
            inside = _cue_plain(text[m.start() + 1 : m.end() - 1], start - m.start() - 1, end - m.start() - 1)
            if inside:
                return inside
        elif m.end() <= start or m.start() - end > 2 or not _CUE_FIRST.match(m.group()):
            text = text[: m.start()] + " " * (m.end() - m.start()) + text[m.end() :]
    return _cue_plain(text, start, end)


def _cue_plain(text: str, start: int, end: int) -> str | None:
    before: str | None = None
    for m in _softeners(text):
        kind = "preferred" if m.group("preferred") else "required"
        if m.start() >= end:
            if _reaches(text[end : m.start()], m.group()):
                return kind
        elif (
            m.end() <= start
            and (_LEADING.match(m.group()) or _NOUN_AFTER.match(text, m.end()))
            and (m.start() < 25 or _NOUN_AFTER.match(text, m.end()) or m.group() in ("preferably", "ideally", "must", "at least"))
        ):
            before = kind
    return before


@lru_cache(maxsize=256)
def _softeners(text: str) -> tuple[re.Match[str], ...]:
    """The cues of an item, which all its names share."""
    return tuple(_SOFTENED.finditer(text))


def _reaches(gap: str, cue: str) -> bool:
    """Whether a cue behind a name still speaks of it: not over a new demand."""
    if cue in ("must", "at least", "minimum", "minimum of", "preferably", "ideally", "require", "requires") or cue.startswith("you"):
        return False
    return len(gap) < 120 and not _NEW_DEMAND.search(gap)


_NEW_DEMAND = re.compile(r"\b(?:and|but|with) (?:a |an )?(?:strong|solid|proven|minimum|at least|must|\d)|, (?:but|while|with) ")


# --- Negation -------------------------------------------------------------------------------------------

_NOT_NEEDED = re.compile(
    r"\b(?:no|not|don't|doesn't|do not|does not|never|isn't|aren't|is not|are not|need not)\b[^.;]{0,60}?\b(?:required"
    r"|necessary|needed|require|need|expect(?:ed)?|mandatory|a must|essential|a requirement)\b"
)
_NO_EXPERIENCE = re.compile(r"\bno (?:prior |previous )?[^.;,]{0,40}?\b(?:experience|knowledge|background|skills?)\b")
_WITHOUT = re.compile(r"(?<!or )\bwithout (?:any |prior |previous |using |the use of )?[^.;,]{0,40}")
_AFTER_ALL = re.compile(r"\b(?:but|plus|preferred|helpful|asset|desir|nice|advantage|bonus|though|however)\b")
_ONLY = re.compile(r"\bnot (?:only|just|limited|merely)\b|\bno (?:later|less|more|fewer)\b|\bif (?:not|you do not)\b")


@lru_cache(maxsize=256)
def _denies(text: str) -> bool:
    """Whether an item has words that may say of a name that it is not needed."""
    if "no" not in text and "n't" not in text and "never" not in text and "without" not in text:
        return False
    return not _AFTER_ALL.search(text) and not _ONLY.search(text)


def negated(item: Item, start: int, end: int) -> bool:
    """Whether an item names what stands at [start, end) only to say that it is not needed."""
    text, a, b = item.text, start - item.start, end - item.start
    if not _denies(text):
        return False
    for m in _NOT_NEEDED.finditer(text):
        if m.start() < a and b <= m.end():
            return True
        if (
            re.match(r"(?:is not|are not|isn't|aren't|not)\b", m.group())
            and b <= m.start()
            and m.start() - b < 30
            and "," not in text[b : m.start()]
        ):
            return True
        if (
            re.search(r"(?:require|need|expect)$", m.group())
            and m.end() <= a
            and a - m.end() < 50
            and not re.search(r"\b(?:but|only)\b", text[m.end() : a])
        ):
            return True
    return any(m.start() < a and b <= m.end() for p in (_NO_EXPERIENCE, _WITHOUT) for m in p.finditer(text))


# --- Level and years ------------------------------------------------------------------------------------

_LEVEL = re.compile(
    r"(?P<low>\b(?:basic|familiar(?:ity)?|exposure|awareness|introductory|beginner|foundational|fundamental"
    r"|rudimentary|entry[- ]level|some (?:knowledge|experience|understanding|familiarity)|general (?:knowledge"
    r"|understanding|familiarity)|interest in)\b)"
    r"|(?P<high>\b(?:expert(?:ise)?|advanced|deep(?:ly)?|mastery|master(?:ed|ing)|extensive(?:ly)?|in[- ]depth"
    r"|thorough|highly (?:skilled|proficient|experienced)|exceptional|comprehensive (?:knowledge|understanding)"
    r"|profound|superior)\b)"
    r"|(?P<mid>\b(?:working knowledge|proficien\w*|intermediate|solid|good|experience)\b)"
)


_LEVEL_BEHIND = re.compile(r"[\s:-]*\(?\s*(?:skills?|level|at an?)?\s*[:(-]?\s*(basic|beginner|foundational|familiar\w*|expert|advanced)\b")


@lru_cache(maxsize=256)
def _names_a_level(text: str) -> bool:
    return _LEVEL.search(text) is not None or "familiar" in text


def level(item: Item, start: int, end: int) -> int:
    """The level (1 to 3) that the words nearest before a name, or in brackets behind it, ask for."""
    text, a, b = item.text, start - item.start, end - item.start
    if not _names_a_level(text):
        return 2
    behind = _LEVEL_BEHIND.match(text[b : b + 30])
    if behind:
        return 1 if behind.group(1)[:3] in ("bas", "beg", "fou", "fam") else 3
    found = 2
    for m in _LEVEL.finditer(text[max(0, a - 70) : a]):
        found = 1 if m.group("low") else 3 if m.group("high") else found if m.group() == "experience" else 2
    return found


_COUNT = (
    r"(?:(?P<word>one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen)(?:\s*\(\d{1,2}\))?"
    r"|\(?(?P<number>\d{1,2}(?:\.5)?)\)?)"
)
YEARS = re.compile(
    rf"(?<![\d$/])(?<![\d\s(]\.){_COUNT}\s*\+?\s*(?:(?:-|to|–|or)\s*(?:\d{{1,2}}|two|three|four|five|six|seven|eight"
    rf"|ten)\s*)?(?:\+|plus|or more|full)?\s*\+?\s*(?:years?|yrs?)\b\.?'?(?! old| of age|-old)(?P<rest>[^.;]*)"
)
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
}
_LINK = re.compile(
    r"(?:[\s+'(]*(?:of|or more|plus|in|with|using|as|an?|the|and/or|and|or|experience|progressive(?:ly responsible)?"
    r"|relevant|related|proven|professional|hands[- ]on|work(?:ing)?|practical|direct|prior|full[- ]time"
    r"|solid|strong|demonstrated|industry|commercial|combined|recent|role|developing|programming|building"
    r"|managing|performing|designing|writing|successful|practice|knowledge|exp|minimum|required|preferred"
    r"|broad)[\s,:)-]*)*"
)


def years_of(m: re.Match[str]) -> float:
    """The number of years a match of YEARS names, the least where it is a range."""
    return float(m.group("number")) if m.group("number") else float(_WORDS[m.group("word")])


_BEFORE_COUNT = re.compile(r"\s*(?:experience|skills?|development|programming)?\s*[(:,-]*\s*(?:of )?(?:at least |minimum(?: of)? |for )?")


@lru_cache(maxsize=256)
def counts(text: str) -> tuple[re.Match[str], ...]:
    """The counts of years in an item, each a match of YEARS."""
    return tuple(YEARS.finditer(text)) if "year" in text or "yr" in text else ()


def years(item: Item, start: int, end: int, between: Sequence[tuple[int, int]] = ()) -> float | None:
    """Years of practice demanded of what stands at [start, end); `between` are other names that may stand in between."""
    text, a, b = item.text, start - item.start, end - item.start
    for m in counts(text):
        count_end = m.start("rest")
        if count_end <= a and a - count_end <= 90:
            gap = text[count_end:a]
            for x, y in between:
                if count_end <= x - item.start < a:
                    gap = gap.replace(text[x - item.start : y - item.start], " and ")
            if _LINK.fullmatch(gap):
                return years_of(m)
        elif b <= m.start() and _BEFORE_COUNT.fullmatch(text[b : m.start()]):
            return years_of(m)
    return None
