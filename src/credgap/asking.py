"""A name found in a posting and the words around it -> how likely the posting asks for it.

A sum of weights, one for each sign that is there. `scripts/fit_weights.py` fits them to labelled postings and writes `data/weights.json`;
the signs speak of the sentence and of how the name is written, never of the skill nor of the names beside it, so that they hold in
fields nobody labelled.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import NamedTuple

from credgap import cues
from credgap.cues import Item
from credgap.files import data_folder
from credgap.models import Importance
from credgap.skills import Find, is_named


class Model(NamedTuple):
    """Weights of signs, and the likelihood below which a thing is left out."""

    base: float
    weights: Mapping[str, float]
    least: float

    def likelihood(self, signs: Sequence[str]) -> float:
        """Between 0 and 1."""
        return 1 / (1 + math.exp(-self.base - sum(map(self.weights.get, signs, repeat(0.0)))))


@cache
def _fitted() -> dict[str, Model]:
    raw = json.loads((data_folder() / "weights.json").read_text(encoding="utf-8"))
    return {name: Model(m["base"], m["weights"], m["least"]) for name, m in raw.items()}


def model(name: str) -> Model:
    """The fitted model of that name in data/weights.json."""
    return _fitted()[name]


_WORKER = (
    r"(?:developer|engineer|manager|analyst|specialist|architect|consultant"
    r"|director|officer|assistant|coordinator|administrator|scientist|designer|lead|expert|professional|researcher|technician|intern"
    r"|associate|executive|representative|programmer|head|recruiter|tester|leader|practitioner|advisor|strategist|planner|supervisor"
    r"|controller|auditor|accountant|writer|agent)s?"
)
_A_WORKER = re.compile(_WORKER)
_WORKERS = re.compile(rf"[ /-]+(?:(?:senior|lead|software|application|systems?)[ -])?{_WORKER}\b")
_TEAM = re.compile(
    r"(?:,? (?:and |& )?[\w&]+){0,4}? (?:teams?|departments?|groups?|colleagues|managers?|functions?|organi[sz]ations?|units?"
    r"|division|leaders"
    r"|stakeholders|staff|partners)\b"
)
_BESIDE = re.compile(r"\b(?:with|among|between|across|within|join|including)\b[^.;]{0,60}$")
_WORKS_WITH = re.compile(
    r"\b(?:work|partner|collaborat|coordinat|liais|interact|interfac|align|cooperat|teams? such as|functions? such as|not limited to)\w*"
    r"(?: \w+){0,2}(?: with)?\b[^.;:]{0,110}$"
)
_DEPARTMENT = re.compile(
    r"sales|marketing|(?:product|field|brand|digital|demand|global) marketing|finance|hr|human resources|legal"
    r"|product(?: management| development)?"
    r"|engineering|operations|it|information technology|creative|pr|(?:public|client|analyst|investor|media|customer|employee"
    r"|labor) relations"
    r"|(?:visual )?merchandising|customer (?:success|service|support|experience)|procurement|purchasing|supply chain|accounting"
    r"|quality(?: assurance)?"
    r"|manufacturing|production|r&d|research and development|business development|data science|design|communications|compliance"
    r"|security|audit"
    r"|risk(?: management)?|logistics|distribution|account management|human capital|training|analytics|business intelligence"
    r"|software development"
)
_WORD = re.compile(r"\w+")
_OF_US = "we our us company firm clients customers global world leading leader product products platform mission"
_US = frozenset(_OF_US.split())
_YOU = frozenset(["you", "your", "candidate", "candidates", "applicant", "applicants"])
_SEEKS = re.compile(
    r"\b(?:look(?:ing)? for|seek(?:s|ing)?|hiring|wanted|needed|someone|who (?:works?|has|have|knows?|can|is|are|will|loves?))\b"
)
_NOUN = re.compile(
    r" (?!(?:and|or|in|for|of|with|to|on|at|from|by|as|using|including|is|are|experience|skills?|knowledge|tools?|principles|concepts"
    r"|background)\b)[a-z]+"
)
_VAGUE = re.compile(
    r"(?:requirements?|issues|problems?|risks?|needs|goals?|results?|trends?|expectations|preferences|audiences?|stakeholders?"
    r"|measures|people|terms"
    r"|components?|activities|plans?|improvements?|opportunities|events|members|behaviou?rs?|information|concepts|ideas"
    r"|sources?|sets?|insights?"
    r"|actors?|standards?|regulations?|materials?|projects?|teams?|approach|solutions?|environments?|initiatives)$",
    re.IGNORECASE,
)
_ODD = re.compile(r"[a-z][A-Z]|[0-9+#.]")
_BULLET = re.compile(r"\W*[•*·-]")
_LISTED_AFTER = re.compile(r"\s*[,/)]")
_LISTED_BEFORE = re.compile(r"[,/(]\s*(?:and |or )?$")
_BEFORE = re.compile(r"\b(?:(?P<of>of|in|with|using)|(?P<the>the|our|their|its)|(?P<verb>[a-z]+(?:ing|e|s)))\s$")
_MANY = 5
_TOKEN = re.compile(r"[a-z']+|\x00+|[^\sa-z\x00]")
_WORDS_BEFORE = 4
_WORDS_AFTER = 3
_REACH = 80
"""In so many characters the words beside a name are looked for."""


def names_a_worker(word: str) -> bool:
    """Whether a word names who does a job ("engineer"), not what is done."""
    return _A_WORKER.fullmatch(word) is not None


def is_listed(text: str, start: int, end: int) -> bool:
    """Whether what stands at [start, end) of an item is a member of a list."""
    return _LISTED_AFTER.match(text, end) is not None or _LISTED_BEFORE.search(text[max(0, start - 6) : start]) is not None


def length(text: str) -> list[str]:
    """The sign of a short or a long item; none of one in between."""
    return ["short"] if len(text) < 60 else ["long"] if len(text) > 220 else []


def of_item(item: Item, names: int) -> list[str]:
    """The signs that hold for all names of an item, of which it holds `names`."""
    text = item.text
    signs = [f"names={min(_MANY, names)}"]
    if cues.demands(text):
        signs.append("demands")
    if cues.tasks(text):
        signs.append("tasks")
    if cues.opens_as_demand(text):
        signs.append("opens")
    words = _WORD.findall(text)
    you = not _YOU.isdisjoint(words)
    if not _US.isdisjoint(words):
        signs.append("us and you" if you else "us alone")
    elif you:
        signs.append("you alone")
    if _SEEKS.search(text):
        signs.append("seeks")
    if _BULLET.match(text):
        signs.append("bullet")
    return signs + length(text)


class Surroundings:
    """The words and signs of an item, in which each name is one word of no meaning."""

    def __init__(self, text: str, names: Sequence[tuple[int, int]]) -> None:
        parts, at = [], 0
        for start, end in sorted(names):
            begin, stop = max(at, start), min(end, len(text))
            parts += [text[at:begin], "\x00" * (stop - begin)]
            at = max(at, stop)
        self._text = "".join((*parts, text[at:]))

    def of(self, start: int, end: int) -> list[str]:
        """The signs of the words beside what stands at [start, end) of the item."""
        words = self._words(max(0, start - _REACH), start)[-_WORDS_BEFORE:]
        while self._text.startswith("\x00", end):
            end += 1  # a name that crosses this one goes on
        following = self._words(end, end + _REACH)[:_WORDS_AFTER]
        return [
            f"just before {words[-1] if words else 'is nothing'}",
            f"just after {following[0] if following else 'is nothing'}",
            *(f"before {word}" for word in dict.fromkeys(words)),
            *(f"after {word}" for word in dict.fromkeys(following)),
        ]

    def _words(self, start: int, end: int) -> list[str]:
        return ["a name" if word[0] == "\x00" else word for word in _TOKEN.findall(self._text, start, end)]


@lru_cache(maxsize=50_000)
def _far(written: str, name: str) -> bool:
    """Whether a phrase shares no word with the name of the skill, told by the first five letters."""
    stems = {w[:5] for w in name.lower().replace("-", " ").split() if len(w) > 2}
    return not any(w[:5] in stems for w in written.lower().replace("-", " ").split())


def of_find(clean: str, item: Item, find: Find, importance: Importance) -> list[str]:
    """The signs that hold for one name."""
    text, a, b = item.text, find.start - item.start, find.end - item.start
    written = clean[find.start : find.end]
    parts = written.lower().split()
    words = len(parts)
    signs = [f"{importance} in {item.role}", f"words={min(3, words)}", find.how.partition(" ")[0]]
    signs += [f"begins {parts[0]}", f"ends {parts[-1]}"]
    if find.how == "alias" and words > 1:
        signs.append("far" if _far(written, find.skill.name) else "near")
    if words > 1 and _VAGUE.search(written):
        signs.append("vague")
    if find.confidence < 0.95 and not find.how.startswith("misspelling"):
        signs.append("very unsure" if find.confidence < 0.85 else "unsure name" if is_named(clean, find.start) else "unsure")
    if find.skill.generic:
        signs.append("generic")
    if written.isupper() and len(written) < 6:
        signs.append("abbreviation")
    if _ODD.search(written):
        signs.append("odd letters")
    if find.skill.kind == "certification":
        signs.append("certification")
    if _WORKERS.match(text, b):
        signs.append("worker")
    if _TEAM.match(text[b : b + 60]) and _BESIDE.search(text[max(0, a - 70) : a]):
        signs.append("team")
    if _DEPARTMENT.fullmatch(text, a, b) and _WORKS_WITH.search(text[max(0, a - 130) : a]):
        signs.append("department")
    if words == 1 and _NOUN.match(text, b):
        signs.append("before a noun")
    if a < 4:
        signs.append("first")
    if is_listed(text, a, b):
        signs.append("listed")
    if (before := _BEFORE.search(text[max(0, a - 15) : a])) and before.lastgroup:
        signs.append(before.lastgroup)
    if find.start < 0.15 * len(clean):
        signs.append("early")
    elif find.start > 0.9 * len(clean):
        signs.append("late")
    return signs
