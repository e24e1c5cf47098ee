"""Items and finds of a posting -> phrases that stand where skills stand and that no vocabulary knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from credgap import cues
from credgap.cues import Item

MOST = 15

_OPENER = re.compile(
    r"\b(?:experienced?|proficien(?:cy|t)|knowledge|expertise|familiar(?:ity)?|understanding|skilled"
    r"|skills|background|certified|certifications?|fluen(?:cy|t)|competen(?:cy|t|ce)|trained|training"
    r"|versed|expert|grasp|command|exposure)"
    r" (?:with|in|of|using|on|to|working with|working in)\b(?: (?:the|an?|one or more of|various|some"
    r"|common|modern|relevant)\b)*(?: (?:tools|technologies|languages|platforms|frameworks|software|systems"
    r"|applications)\b)?(?: (?:such as|like|including|e\.g\.))?:?\s*"
)
_EXAMPLES = re.compile(
    r"(?:\(|\b)(?:e\.g\.,?|such as|including|i\.e\.,?|like|for example,?|tools:|technologies:|software:"
    r"|languages:|skills:)\s*\(?"
)
_END = re.compile(
    r"[.;:!?()•]|\b(?:who|which|that|where|while|when|for|to|with|within|from|is|are|will|would|preferred"
    r"|required|desired|a plus|is a plus|at|by|through|as well as|you|we|our|your|used|using|based)\b"
    r"|$"
)
_SPLIT = re.compile(r"\s*(?:,|/|\||;)\s*(?:and/or |and |or )?|\s+(?:and/or|and|or|&)\s+")
_TRIM = re.compile(
    r"^(?:(?:or|and|a|an|the|all|any|other|various|modern|strong|solid|good|excellent|basic|advanced"
    r"|general|proven|similar|related|relevant|current|common|new|one|more|some|both|either|etc|in|of"
    r"|with|using|on|e\.g|our|your|this|these|deep|hands-on|practical|professional|prior|previous|multiple"
    r"|different|their|its|own|us|knowledge of|experience with|experience in|understanding of)\b[. ]*)+"
)
_TAIL = re.compile(
    r"\s+(?:experience|skills?|knowledge|certifications?|tools?|software|technologies|environments?|systems?"
    r"|platforms?|languages?|etc|or similar|concepts|principles|applications?|a|an|the|of|in|and|or)\.?$"
)
_PLAIN = re.compile(
    r"\b(?:years?|degree|teams?|company|environment|ability|able|people|customers?|clients?|role|position"
    r"|work(?:ing)?|jobs?|business|industry|field|fast|plus|preferred|required|candidates?|other|others"
    r"|similar|related|equivalent|minimum|high|school|diploma|university|bachelor'?s?|master'?s?|things"
    r"|best|practices|etc|"
    r"all|any|levels?|department|solutions?|products?|services?|projects?|programs?|users?|stakeholders?"
    r"|organi[sz]ations?|one|two|three|least|more|not|no|days?|hours?|weeks?|months?|relevant|settings?"
    r"|sector|areas?|issues|problems|methods|techniques|standards|requirements|processes|opportunit\w+"
    r"|it|them|they|us|me|how|what|their|its|his|her|every|each|only|also|can|may|must|should|have|has"
    r"|be|been|being|do|does|was|were|he|she|i|so|if|but|then|than|there|here|up|out|such|same|least"
    r"|large|small|complex|multiple|various|new)\b"
)
_NAMELIKE = re.compile(r"(?:[A-Z][\w+#.&'-]*|[a-z]*[A-Z][\w+#.-]*|\w*\d\w*)(?:[ -](?:[A-Z0-9][\w+#.&'-]*|of|for|and|&)){0,4}")
_STATES = frozenset(
    (  # noqa: SIM905
        "AM America American April August BA BS CA CEO CFO COO CTO DC December EEO EST EU English February Francisco Friday GED"
        " GPA HS II III IV January July June MA MBA MS March May Monday NY New November October PM PST PTO PhD San September"
        " States TX UK US USA United VP York"
    ).split()
)


class Term(NamedTuple):
    """A phrase at [start, end) of the clean text; the higher the score, the likelier a skill."""

    start: int
    end: int
    score: int


def unknown(clean: str, items: Sequence[Item], finds: Sequence[tuple[int, int]], most: int = MOST) -> list[Term]:
    """The likeliest unknown terms, most likely first; `finds` are the spans of all names that are known."""
    best: dict[str, Term] = {}
    for item in items:
        if cues.importance(item, item.start, item.start) not in ("required", "preferred") and item.role != "stack":
            continue
        inside = [(a, b) for a, b in finds if item.start <= a < item.end]
        for term in _in_item(clean, item, inside):
            key = clean[term.start : term.end].lower()
            if key not in best or best[key].score < term.score:
                best[key] = Term(best[key].start, best[key].end, term.score) if key in best else term
    return sorted(best.values(), key=lambda t: (-t.score, t.start))[:most]


def _in_item(clean: str, item: Item, finds: Sequence[tuple[int, int]]) -> Iterator[Term]:
    for opener, bonus in ((_OPENER, 1), (_EXAMPLES, 2)):
        if bonus == 2 and not _OPENER.search(item.text) and item.role not in ("required", "stack"):
            continue
        for m in opener.finditer(item.text):
            end = _END.search(item.text, m.end())
            stop = end.start() if end else len(item.text)
            yield from _chunks(clean, item.start + m.end(), item.start + stop, finds, bonus)
    for a, b in finds:
        yield from _beside(clean, item, a, b, finds)


def _chunks(clean: str, start: int, end: int, finds: Sequence[tuple[int, int]], bonus: int) -> Iterator[Term]:
    at = start
    for m in [*_SPLIT.finditer(clean, start, end), None]:
        stop = m.start() if m else end
        term = _term(clean, at, stop, finds, bonus)
        if term:
            yield term
        at = m.end() if m else end


def _beside(clean: str, item: Item, a: int, b: int, finds: Sequence[tuple[int, int]]) -> Iterator[Term]:
    """The next and the previous member of a list in which a known name stands."""
    after = re.match(r"\s*[,/]\s*(?:and |or )?([^,/;.()\n]{2,40}?)(?=\s*(?:[,/;.()\n]|$| and | or ))", clean[b : item.end])
    if after:
        yield from filter(None, [_term(clean, b + after.start(1), b + after.end(1), finds, 1, listed=True)])
    before = re.search(r"(?:[,/(:]\s*)([^,/;.():\n]{2,40}?)\s*[,/]\s*(?:and |or )?$", clean[item.start : a])
    if before:
        yield from filter(None, [_term(clean, item.start + before.start(1), item.start + before.end(1), finds, 1, listed=True)])


def _term(clean: str, start: int, end: int, finds: Sequence[tuple[int, int]], bonus: int, *, listed: bool = False) -> Term | None:
    text = clean[start:end]
    if "\n" in text:
        text = text[: text.index("\n")]
    lead = _TRIM.match(text.lower())
    offset = lead.end() if lead else 0
    while offset < len(text) and text[offset] in " \"'*_-":
        offset += 1
    text = text[offset:].rstrip(" .\"'*_-")
    while (tail := _TAIL.search(text.lower())) and tail.start() > 0:
        text = text[: tail.start()].rstrip()
    begin, stop = start + offset, start + offset + len(text)
    words = text.split()
    if (
        not 1 <= len(words) <= 4
        or len(text) < 2
        or (len(text) < 4 and not text.isupper())
        or len(text) > 45
        or not any(c.isalpha() for c in text)
        or any(begin < b and a < stop for a, b in finds)
    ):
        return None
    named = bool(_NAMELIKE.fullmatch(text))
    if words[0] in _STATES or (_PLAIN.search(text.lower()) and not (named and len(words) > 1 and not _PLAIN.fullmatch(words[0].lower()))):
        return None
    if named and (bonus > 1 or listed or any(c.isupper() for c in text[1:]) or not _starts_item(clean, begin)):
        return Term(begin, stop, 3 + bonus)
    if listed or (len(words) == 1 and bonus == 1):
        return None
    return Term(begin, stop, bonus)


def _starts_item(clean: str, at: int) -> bool:
    return not clean[max(0, at - 3) : at].strip(" •*-\n")
