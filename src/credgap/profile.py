"""A profile file, and what `--have` says, -> Profile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from credgap.errors import ProfileError
from credgap.models import Catalogue, Goal, HeldSkill, Profile, Skill
from credgap.yamlfile import faults_of, parse

HAVE = re.compile(r"(?P<name>.+?)(?::(?P<level>[^:]*))?(?::(?P<years>[^:]*))?")
HAVE_HINT = 'Write --have "python, sql:3, excel:2:4y": a skill, its level (1 foundational, 2 working, 3 advanced), its years.'


class Names(Protocol):
    """What resolves a written name to a skill: id, name or alias, capitals aside."""

    def lookup(self, name: str, /) -> Skill | None:
        """The skill of that id, name or alias."""

    def nearest(self, name: str, /) -> Sequence[str]:
        """Names that look most like it, for a did-you-mean."""


def read(path: Path, names: Names, catalogue: Catalogue) -> Profile:
    """A profile file. Raises ProfileError naming file, line and field, and the nearest names of a skill not known."""
    try:
        text = path.read_bytes()
    except OSError as error:
        reason = "is a folder" if path.is_dir() else (error.strerror or str(error)).lower()
        raise ProfileError(f"{path}: {reason}", hint="--profile takes a YAML file; the README shows one.") from error
    return of_text(path, text, names, catalogue)


def of_text(path: Path, text: bytes, names: Names, catalogue: Catalogue) -> Profile:
    """What stands in a profile file, or is to be written into it. Raises ProfileError as `read` does."""
    document, fault = parse(path, text)
    if fault is not None:
        raise ProfileError(str(fault))
    if document is None:
        return Profile()
    if not isinstance(document, dict):
        raise ProfileError(f"{path}:1: a profile is a mapping, with keys such as skills, credentials, hours_per_week")
    try:
        return Profile.model_validate(_resolved(document, path, names, catalogue))
    except ValidationError as error:
        raise ProfileError("\n".join(str(f) for f in faults_of(error, path, text, (), ""))) from error


def have(text: str, names: Names) -> tuple[HeldSkill, ...]:
    """The skills of a `--have` list such as "python, sql:3, excel:2:4y"; raises ProfileError for one not known."""
    held: dict[str, HeldSkill] = {}
    for part in (p.strip() for p in text.split(",")):
        if not part:
            continue
        whole = names.lookup(part)
        match = HAVE.fullmatch(part)
        assert match is not None, "the pattern takes every non-empty text"
        skill = whole or _skill(match["name"].strip(), names, "--have")
        level, years = (None, None) if whole else (match["level"], match["years"])
        held[skill.id] = HeldSkill(skill=skill.id, level=_level(level, part), years=_years(years, part))
    return tuple(held.values())


def lay_over(profile: Profile, held: Iterable[HeldSkill]) -> Profile:
    """The profile with these skills added, or put in the place of what it says of them."""
    skills = {h.skill: h for h in profile.skills} | {h.skill: h for h in held}
    return profile.model_copy(update={"skills": tuple(skills.values())})


def _level(text: str | None, part: str) -> int:
    if text is None or text.strip() == "":
        return 2
    if text.strip() not in {"1", "2", "3"}:
        raise ProfileError(f"--have {part!r}: the level is 1, 2 or 3, not {text.strip()!r}", hint=HAVE_HINT)
    return int(text)


def _years(text: str | None, part: str) -> float | None:
    if text is None or text.strip() == "":
        return None
    number = re.fullmatch(r"(\d{1,2}(?:\.\d)?)\s*(?:y|yr|yrs|years?)?", text.strip())
    if number is None:
        raise ProfileError(f"--have {part!r}: the years are a number such as 4 or 4y, not {text.strip()!r}", hint=HAVE_HINT)
    return float(number[1])


def _skill(name: str, names: Names, where: str) -> Skill:
    skill = names.lookup(name)
    if skill is None:
        near = names.nearest(name)
        hint = f"Did you mean {', '.join(near)}? " if near else ""
        raise ProfileError(f"{where}: no skill is called {name!r}", hint=hint + "`credgap skills WORD` searches the vocabulary.")
    return skill


def _resolved(document: dict[str, Any], path: Path, names: Names, catalogue: Catalogue) -> dict[str, Any]:
    """The document with names of skills turned into ids; a credential may be named by the certification it is."""
    out = dict(document)
    skills = [_named(s, f"{path}: skills", names) for s in _list(document, "skills", path)]
    credentials = []
    for item in _list(document, "credentials", path):
        entry = item if isinstance(item, dict) else {"id": item}
        if str(entry.get("id")) in catalogue.credential:
            credentials.append(entry)
            continue
        credentials.append({**entry, "id": _certification(str(entry.get("id")), path, names, catalogue).id})
    for key in ("licences", "languages"):
        if document.get(key) is not None:
            out[key] = [_skill(str(n), names, f"{path}: {key}").id for n in _list(document, key, path)]
    for key, known in (("subscriptions", catalogue.subscription), ("in_progress", catalogue.credential)):
        for item in _list(document, key, path):
            name = item.get("id") if isinstance(item, dict) else item
            if name not in known:
                near = likest(str(name), known)
                raise ProfileError(f"{path}: {key}: {name!r} is in no catalogue", hint=f"Did you mean {near}?" if near else None)
    return out | {"skills": skills, "credentials": credentials}


def _list(document: dict[str, Any], key: str, path: Path) -> list[Any]:
    value = document.get(key)
    if value is not None and not isinstance(value, list):
        raise ProfileError(f"{path}: {key}: is not a list")
    return value or []


def _named(item: Any, where: str, names: Names) -> Any:
    if isinstance(item, str):
        return {"skill": _skill(item, names, where).id}
    if isinstance(item, dict) and isinstance(item.get("skill"), str):
        return {**item, "skill": _skill(item["skill"], names, where).id}
    return item


def _certification(name: str, path: Path, names: Names, catalogue: Catalogue) -> Skill:
    skill = names.lookup(name)
    if skill is not None and skill.kind == "certification":
        return skill
    near = likest(name, catalogue.credential)
    raise ProfileError(
        f"{path}: credentials: {name!r} is in no catalogue",
        hint=(f"Did you mean {near}? " if near else "")
        + "`credgap catalog list WORD` searches; what it does not know can be named under skills.",
    )


def likest(name: str, known: Iterable[str]) -> str:
    """The ids most like a name that is none of them, with commas between."""
    from rapidfuzz import fuzz, process

    return ", ".join(x for x, _, _ in process.extract(name, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=60))


ASSUMED_FROM = 0.3
"""A skill that so large a share of the postings of a role ask for is assumed of one who has held it."""


def from_role(profile: Profile, role: Goal, catalogue: Catalogue) -> Profile:
    """The profile with the hard and soft skills of a role held, where it says nothing of them itself; they are marked as assumed."""
    said = {h.skill for h in profile.skills}
    taken = tuple(
        HeldSkill(skill=s.skill, level=s.level)
        for s in role.skills
        if s.weight >= ASSUMED_FROM and s.skill not in said and catalogue.skill[s.skill].kind in ("hard", "soft")
    )
    return profile.model_copy(update={"skills": (*profile.skills, *taken), "assumed": tuple(h.skill for h in taken)})
