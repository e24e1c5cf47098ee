"""Items and finds of a posting -> phrases that stand where skills stand and that no vocabulary knows, most likely first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from credgap import asking, cues, spelling
from credgap.cues import Item
from credgap.skills import SkillIndex, Words

MOST = 25
"""How many unknown terms of one posting are shown at most."""

# Words that end a phrase: function words, and those that postings put around every skill.
_STOPS = frozenset(
    (  # noqa: SIM905
        "a ability able about across advanced after against all also am among an and annual annually another any applicant"
        " applicants apply appropriate are as assist assisting at bachelor bachelor's background based basic be because been"
        " before being best between both build builds but by can candidate candidates complex could current daily day days deep"
        " degree demonstrated desire did different do does doing down during duties e e.g each effectively eg eight either else"
        " ensure ensuring equivalent etc even every excellent existing experience experienced expertise external familiar"
        " familiarity few field fields five following for four from full g general good great had hands-on has have having he help"
        " helping her here high highly his hours how i i.e ideal ideally ie if in include included includes including internal"
        " into is it its job just key knowledge large least less level levels like maintain maintaining make making many master's"
        " may me might minimum modern month monthly more most much multiple must my necessary need needed needs neither new nice"
        " nine no nor not of off on one ongoing only onto opportunities opportunity or other others our out over own owning part"
        " passion passionate per perform performing please plus preferably preferred previous prior proficiency proficient proven"
        " provide provides providing quarterly regular regularly related relevant required responsibilities responsible role run"
        " running same seven several shall she should similar since six skill skills so solid some strong successfully such"
        " support supporting ten than that the their them then there these they this those three through time to too two under"
        " understanding unless until up us use used uses using various very via was we week weekly well were what when where which"
        " while who whom whose why will willing willingness with within without work working works would year yearly years yes yet"
        " you your"
    ).split()
)
_PIECE = re.compile(r"(?P<word>[a-z0-9][a-z0-9+#./&'-]*[a-z0-9+#]|[a-z0-9])|[|,;:()\[\]!?\"•·]|\.(?=\s|$)|\s[-/&]\s|\s/|/\s")
_LONGEST = 4
_REACH = 80
_BESIDE = 16
_CLAUSE_END = re.compile(r"[.;]")
_OPENER = re.compile(
    r"\b(?:experienced?|proficien(?:cy|t)|knowledge|expertise|familiar(?:ity)?|understanding|skilled|skills|background|certified"
    r"|certifications?|fluen(?:cy|t)|competen(?:cy|t|ce)|trained|training|versed|expert|grasp|command|exposure)"
    r" (?:with|in|of|using|on|to|working with|working in)\b"
)
_EXAMPLES = re.compile(r"(?:\(|\b)(?:e\.g\.,?|such as|including|i\.e\.,?|like|for example,?|tools:|technologies:|software:)")
_NAMELIKE = re.compile(r"(?:[A-Z][\w+#.&'-]*|[a-z]*[A-Z][\w+#.-]*|\w*\d\w*)(?:[ -](?:[A-Z0-9][\w+#.&'-]*|of|for|and|&)){0,4}")
_STATES = frozenset(
    (  # noqa: SIM905
        "AM America American April August BA BS CA CEO CFO COO CTO DC December EEO EST EU English February Francisco Friday GED"
        " GPA HS II III IV January July June MA MBA MS March May Monday NY New November October PM PST PTO PhD San September"
        " States TX UK US USA United VP York"
    ).split()
)
_PLAIN = re.compile(
    r"\b(?:years?|degree|teams?|company|environment|people|customers?|clients?|position|jobs?|business|industry|fast|minimum|school|diploma"
    r"|university|things|practices|department|solutions?|products?|services?|projects?|programs?|users?|stakeholders?|organi[sz]ations?"
    r"|hours?|weeks?|months?|settings?|sector|areas?|issues|problems|methods|techniques|standards|requirements|processes|goals|needs"
    r"|success|growth|world|career|office|members?|leaders?|leadership|manager|managers|ways?|impact|value|values|quality)\b"
)


class Term(NamedTuple):
    """A phrase at [start, end) of the clean text, and how likely it names a skill."""

    start: int
    end: int
    likelihood: float


def unknown(clean: str, items: Sequence[Item], finds: Sequence[tuple[int, int]], index: SkillIndex, most: int = MOST) -> list[Term]:
    """The likeliest unknown terms, most likely first; `finds` are the spans of all names that were found."""
    model = asking.model("unknown")
    best: dict[str, Term] = {}
    for start, end, signs in candidates(clean, items, finds, index.words):
        likelihood = model.likelihood(signs)
        if likelihood < (model.least / 2 if "opened name" in signs else model.least):  # a name of which knowledge is asked
            continue
        key = clean[start:end].lower()
        if (key not in best or best[key].likelihood < likelihood) and not index.knows(key):
            best[key] = Term(start, end, likelihood)
    return sorted(best.values(), key=lambda t: (-t.likelihood, t.start))[:most]


def candidates(clean: str, items: Sequence[Item], finds: Sequence[tuple[int, int]], known: Words) -> Iterator[tuple[int, int, list[str]]]:
    """Phrases between the known names of the items that ask for something, with their signs."""
    at = 0
    for item in items:
        while at < len(finds) and finds[at][0] < item.start:
            at += 1
        last = at
        while last < len(finds) and finds[last][0] < item.end:
            last += 1
        asked = cues.importance(item, item.start, item.start)
        if asked is None or (asked == "context" and item.role == "other"):
            continue
        inside = [(a - item.start, b - item.start) for a, b in finds[at:last]]
        shared = [f"{asked} in {item.role}", f"finds={min(3, len(inside))}", *asking.length(item.text)]
        openers = [m.end() for m in _OPENER.finditer(item.text)] if "opener" in item.hints else []
        examples = [m.end() for m in _EXAMPLES.finditer(item.text)] if "examples" in item.hints else []
        for a, b in _phrases(item.text, inside):
            signs = _signs(clean[item.start + a : item.start + b], item.text, a, b, known, openers, examples)
            if signs is not None:
                yield item.start + a, item.start + b, shared + signs


def _phrases(text: str, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of words between stop words, signs and known names; of more than four words the last three."""
    for a, b in known:
        text = text[: max(0, a)] + "|" * (b - max(0, a)) + text[b:]
    run: list[tuple[int, int]] = []
    for m in (*_PIECE.finditer(text), None):
        if m and (word := m["word"]) and word not in _STOPS and not word.isdigit():
            run.append(m.span())
        elif run:
            yield run[0 if len(run) <= _LONGEST else -3][0], run[-1][1]
            run = []


def _after(places: Sequence[int], item: str, at: int) -> bool:
    """Whether one of the places stands shortly before, in the same clause."""
    return bool(places) and any(p <= at <= p + _REACH and not _CLAUSE_END.search(item, p, at) for p in places)


def _beside(words: Sequence[str]) -> str:
    """The word next to a phrase, or the sign it ends or begins with; "" where there is none."""
    return words[0].strip("()\"'*") if words else ""


def _signs(written: str, item: str, a: int, b: int, known: Words, openers: Sequence[int], examples: Sequence[int]) -> list[str] | None:
    """The signs of a phrase; None where it is none."""
    words = written.split()
    if len(written) < 2 or "\n" in written or len(written) > 45 or words[0] in _STATES:
        return None
    lower = [w.lower() for w in words]
    if asking.names_a_worker(lower[-1]):
        return None
    signs = [f"words={len(words)}"]
    capital = not written.islower()
    named = capital and _NAMELIKE.fullmatch(written) is not None
    if named:
        signs.append("named" if a > 3 or any(c.isupper() for c in written[1:]) else "named first")
    if capital and written.isupper() and len(written) < 6:
        signs.append("abbreviation")
    elif len(written) < 4:
        return None
    before = item[max(0, a - _BESIDE) : a]
    for sign, is_there in (
        ("opened", _after(openers, item, a)),
        ("example", _after(examples, item, a)),
        ("listed", asking.is_listed(item, a, b)),
    ):
        if is_there:
            signs += [sign, f"{sign} name"] if named else [sign]
    if a < 4:
        signs.append("first")
    if before.endswith(("the ", "our ", "their ", "its ", "this ")):
        signs.append("the")
    elif before.endswith(("of ", "in ", "with ", "using ")):
        signs.append("of")
    signs += [f"before:{_beside(before.split()[-1:])}", f"after:{_beside(item[b : b + _BESIDE].split()[:1])}"]
    signs += [f"last:{lower[-1]}", f"first:{lower[0]}"]
    last, first = known.last.get(lower[-1], 0), known.first.get(lower[0], 0)
    signs.append("last often" if last > 20 else "last some" if last > 4 else "last rare" if last else "last never")
    if len(words) > 1:
        signs.append("first often" if first > 20 else "first some" if first > 4 else "first rare" if first else "first never")
    if _PLAIN.search(" ".join(lower)):
        signs.append("plain")
    if lower[-1].endswith("ing"):
        signs.append("-ing")
    elif lower[-1].endswith(("tion", "ment", "sis", "ance", "ics", "ogy")):
        signs.append("-tion")
    elif lower[-1].endswith(("ly", "ed", "ive", "able", "ful", "ous")):
        signs.append("-ly")
    if not spelling.ordinary().issuperset(lower):
        signs.append("rare word")
    return signs
