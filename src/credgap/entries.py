"""A word such as "sql:3" or the id of a credential -> the list of a profile to which it belongs, and its entry there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from credgap import yamledit
from credgap.errors import ProfileError
from credgap.models import Catalogue, Skill
from credgap.profile import HAVE_HINT, Names, have

LEVELS: Mapping[int, str] = {
    1: "foundational: you know the basics, and do simple tasks with help",
    2: "working: you do everyday work with it on your own",
    3: "advanced: you solve hard problems with it, and others ask you",
}
"""What each level means, in a sentence."""
LISTS = ("skills", "credentials", "education", "licences", "languages", "memberships", "subscriptions", "in_progress")
"""The keys of a profile under which a list stands."""
UNSAID = ("education", "licences", "languages")
"""Lists that say “none” where they are empty: one that loses its last entry is taken out, so that it is unknown again."""
SINGLE = ("hours_per_week", "years", "clearance")
"""The keys under which one value stands."""
_KINDS = {"certification": "credentials", "licence": "licences", "human_language": "languages"}


class Entry(NamedTuple):
    """What stands in a list of a profile: under which key, the id by which it is known, its name for people, and as YAML has it."""

    key: str
    id: str
    name: str
    item: Any


def of_words(
    text: str, names: Names, catalogue: Catalogue, *, earned: dt.date | None = None, expires: dt.date | None = None
) -> list[Entry]:
    """The entries that a list such as "python, sql:3, comptia-security-plus" asks for. Raises ProfileError for a name not known."""
    return [_entry(w, names, catalogue, earned, expires) for w in (p.strip() for p in text.split(",")) if w]


def held(document: Mapping[str, Any], names: Names, catalogue: Catalogue) -> Iterator[tuple[int, Entry]]:
    """All that stands in the lists of a profile, with its place in its list."""
    for key in LISTS:
        for index, item in enumerate(document.get(key) or ()):
            field = {"skills": "skill", "education": "degree"}.get(key, "id")
            written = str(item.get(field) if isinstance(item, dict) else item)
            known, name = written, written
            if key in ("skills", "licences", "languages") or (key == "credentials" and written not in catalogue.credential):
                skill = names.lookup(written)
                known, name = (skill.id, skill.name) if skill else (written, written)
            elif key in ("credentials", "in_progress") and written in catalogue.credential:
                name = catalogue.credential[written].name
            yield index, Entry(key, known, name, item)


def add(text: str, new: Entry, names: Names, catalogue: Catalogue) -> str:
    """The text of a profile with an entry added, or put in the place of the one that says something else of the same."""
    for index, entry in held(yamledit.data(text), names, catalogue):
        if (entry.key, entry.id) == (new.key, new.id):
            item = _merged(entry.item, new)
            return text if item == entry.item else yamledit.replaced(text, new.key, index, item)
    return yamledit.added(text, new.key, _whole(new.item) if new.key == "skills" else new.item)


def _merged(old: Any, new: Entry) -> Any:
    """What is said of an entry now, and, where nothing new is said, what was said before."""
    if not isinstance(new.item, dict) or len(new.item) == 1:
        return old
    if isinstance(old, dict):
        return {**old, **{k: v for k, v in new.item.items() if k not in ("skill", "id")}}
    return _whole(new.item) if new.key == "skills" else new.item


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    """A skill with the level that is meant where none is said."""
    return {"skill": item["skill"], "level": item.get("level", 2), **item}


def remove(text: str, word: str, names: Names, catalogue: Catalogue) -> tuple[str, list[str]]:
    """The text of a profile without all that a word names, and what that was. Raises ProfileError where it names nothing held."""
    key = word.strip().replace("-", "_")
    document = yamledit.data(text)
    if key in SINGLE and key in document:
        return yamledit.dropped(text, key), [key]
    skill = names.lookup(word)
    meant = {word.strip().casefold(), *([skill.id] if skill else [])}
    found = [(i, e) for i, e in held(document, names, catalogue) if meant & {e.id.casefold(), e.name.casefold()}]
    for index, entry in reversed(found):
        last = entry.key in UNSAID and len(yamledit.data(text)[entry.key]) == 1
        text = yamledit.dropped(text, entry.key) if last else yamledit.removed(text, entry.key, index)
    if not found:
        raise ProfileError(f"the profile holds no {word!r}", hint=_nearest_held(word, document, names, catalogue))
    return text, [e.name for _, e in found]


def beginning(path: Path) -> str:
    """The text of a profile in which nothing is said yet, with a word about what can be."""
    levels = "\n".join(f"#   {n} {text}" for n, text in LEVELS.items())
    return (
        "# What I have. Every key may be left out: what is left out is unknown, not absent. An empty list says “none”.\n"
        f"# Levels of skills:\n{levels}\n"
        "# Further keys:\n"
        "#   education: [{degree: bachelor, field: Business}]\n"
        "#   licences: [drivers-license]\n"
        "#   languages: [english]\n"
        "#   subscriptions: [linkedin-learning]   (those somebody already pays)\n"
        "#   in_progress: [{id: ID, hours_left: 20}]\n"
        "#   years: 3   (worked in the field), clearance: false, hours_per_week: 6\n"
    )


def _entry(word: str, names: Names, catalogue: Catalogue, earned: dt.date | None, expires: dt.date | None) -> Entry:
    skill = names.lookup(word)
    name = word if skill is not None or word in catalogue.credential else re.split(r"\s*:", word)[0]
    skill = skill or names.lookup(name)
    days = {k: v for k, v in (("earned", earned), ("expires", expires)) if v is not None}
    if name in catalogue.credential and (skill is None or skill.kind == "certification"):
        key, known, shown = "credentials", name, catalogue.credential[name].name
    elif skill is None:
        raise ProfileError(f"no skill and no credential is called {name!r}", hint=_nearest(name, names, catalogue))
    else:
        key, known, shown = _KINDS.get(skill.kind, "skills"), skill.id, skill.name
    if key == "skills":
        assert skill is not None, "only a skill belongs there"
        return Entry(key, known, shown, _skill(word, skill, names))
    if name != word:
        raise ProfileError(f"{word!r}: only skills have a level and years", hint=HAVE_HINT)
    return Entry(key, known, shown, {"id": known, **days} if key == "credentials" and days else known)


def _skill(word: str, skill: Skill, names: Names) -> dict[str, Any]:
    """The entry of a skill, with its level and years where they are said."""
    (one,) = have(word, names)
    said = names.lookup(word) is None and re.fullmatch(r".+?:\s*\d.*", word) is not None and not re.fullmatch(r".+?:\s*:.*", word)
    years = {} if one.years is None else {"years": int(one.years) if one.years.is_integer() else one.years}
    return {"skill": skill.id} | ({"level": one.level} if said else {}) | years


def _nearest(name: str, names: Names, catalogue: Catalogue) -> str:
    from rapidfuzz import fuzz, process

    ids = [x for x, _, _ in process.extract(name.casefold(), list(catalogue.credential), scorer=fuzz.ratio, limit=2, score_cutoff=60)]
    near = [*names.nearest(name), *ids]
    return (f"Did you mean {', '.join(near)}? " if near else "") + "`credgap skills WORD` and `credgap catalog search WORD` search."


def _nearest_held(word: str, document: Mapping[str, Any], names: Names, catalogue: Catalogue) -> str:
    from rapidfuzz import fuzz, process

    known = list(dict.fromkeys(e.name for _, e in held(document, names, catalogue)))
    near = [x for x, _, _ in process.extract(word, known, scorer=fuzz.WRatio, processor=str.casefold, limit=3, score_cutoff=70)]
    return f"Did you mean {', '.join(near)}?" if near else "`credgap profile show` lists what it holds."
