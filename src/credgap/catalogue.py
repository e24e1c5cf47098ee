"""YAML files -> Catalogue, checked; and its compiled copy in a cache folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from credgap import __version__, compiled
from credgap.errors import CatalogueError
from credgap.files import data_folder
from credgap.models import Catalogue, Credential, FieldOfWork, Goal, Issuer, Provider, Skill
from credgap.yamlfile import Fault, Loc, faults_of, line_of, parse

Section = Literal["skills", "providers", "credentials", "goals", "fields", "issuers"]
ENTRY: Mapping[Section, type[BaseModel]] = {
    "skills": Skill,
    "providers": Provider,
    "credentials": Credential,
    "goals": Goal,
    "fields": FieldOfWork,
    "issuers": Issuer,
}
BUILTIN = tuple(f"{section}.yaml" for section in ENTRY)
SHOWN = 20
"""How many faults of a file one message names."""
NEAR = 60
"""How like an unknown id another must be, of 100, to be named as what may be meant."""


@dataclass(frozen=True)
class Origin:
    """Where an entry was written."""

    path: Path
    text: bytes
    section: Section
    index: int

    def label(self, item: Any) -> str:
        """How to call the entry in a message."""
        name = item.get("id") if isinstance(item, dict) else None
        return f"{self.section}.{name or self.index}"

    def fault(self, name: str, loc: Loc, what: str) -> Fault:
        """What is wrong at a place of the entry."""
        field = ".".join(map(str, (self.section, name, *loc)))
        return Fault(str(self.path), line_of(self.text, (self.section, self.index, *loc)), field, what)


def load(overlays: Sequence[Path] = (), *, builtin: bool = True, cache: Path | None = None) -> Catalogue:
    """Read the built-in files and lay the overlays over them, entry by entry (same id: replaced).

    `cache` is a folder for the compiled copy, or None for none. Raises CatalogueError naming file, line and field.
    """
    paths = [data_folder() / name for name in BUILTIN] if builtin else []
    texts = [(path, _bytes(path)) for path in (*paths, *overlays)]
    digest = _digest(texts)
    plain = compiled.kept(cache, "catalogue", digest, lambda: _checked(texts).plain())
    return Catalogue(**{table: plain.get(table, {}) for table in (*ENTRY, "shares", "helping")}, digest=digest)


def _checked(texts: Iterable[tuple[Path, bytes]]) -> Catalogue:
    catalogue, faults, _ = assemble(texts)
    if faults:
        raise CatalogueError(_several(faults), hint="`credgap catalog check FILE` lists every fault of a file.")
    return catalogue


class Assembled(NamedTuple):
    """What files give together; with faults, the catalogue holds only what was well formed. `origins` by section and id."""

    catalogue: Catalogue
    faults: tuple[Fault, ...]
    origins: Mapping[tuple[Section, str], Origin]


def of_files(paths: Sequence[Path], *, builtin: bool = True) -> Assembled:
    """Files laid over the built-in data (or standing alone), with every fault. Raises CatalogueError where one cannot be read."""
    return assemble([(p, _bytes(p)) for p in (*(data_folder() / name for name in BUILTIN if builtin), *paths)])


def assemble(texts: Iterable[tuple[Path, bytes]]) -> Assembled:
    """Parse, lay over each other and cross-check."""
    entries: dict[Section, dict[str, Any]] = {section: {} for section in ENTRY}
    origins: dict[tuple[Section, str], Origin] = {}
    faults: list[Fault] = []
    for path, text in texts:
        here: set[tuple[Section, str]] = set()
        for origin, item in _items(path, text, faults):
            try:
                entry: Any = ENTRY[origin.section].model_validate(item)
            except ValidationError as error:
                faults += faults_of(error, path, text, (origin.section, origin.index), origin.label(item))
                continue
            if (origin.section, entry.id) in here:
                faults.append(origin.fault(entry.id, ("id",), "stands twice in this file"))
            here.add((origin.section, entry.id))
            origins[origin.section, entry.id] = origin
            entries[origin.section][entry.id] = entry
    catalogue = Catalogue(
        skills=entries["skills"],
        providers=entries["providers"],
        credentials=entries["credentials"],
        goals=entries["goals"],
        fields=entries["fields"],
        issuers=entries["issuers"],
    )
    if not faults:
        faults += (origins[section, name].fault(name, loc, what) for section, name, loc, what in _contradictions(catalogue))
    return Assembled(catalogue, tuple(faults), origins)


def _items(path: Path, text: bytes, faults: list[Fault]) -> Iterator[tuple[Origin, Any]]:
    """The entries of a file as plain data; what keeps the file from being read as a catalogue is added to `faults`."""
    document, fault = parse(path, text)
    if fault is not None:
        faults.append(fault)
    elif document is not None and not isinstance(document, dict):
        faults.append(Fault(str(path), 1, "", f"a catalogue is a mapping with the keys {', '.join(ENTRY)}"))
    for key, items in document.items() if isinstance(document, dict) else ():
        if key not in ENTRY:
            faults.append(Fault(str(path), line_of(text, (key,)), str(key), f"unknown key; a catalogue has {', '.join(ENTRY)}"))
        elif items is not None and not isinstance(items, list):
            faults.append(Fault(str(path), line_of(text, (key,)), key, "is not a list"))
        else:
            yield from ((Origin(path, text, key, index), item) for index, item in enumerate(items or ()))


_Found = tuple[Section, str, Loc, str]


def _contradictions(c: Catalogue) -> Iterator[_Found]:
    """Entries that name what does not exist, or that contradict each other."""
    known: dict[str, Collection[str]] = {"skill": c.skill, "provider": c.provider, "credential": c.credential, "plan": c.subscription}

    def missing(section: Section, owner: str, refs: Iterable[tuple[str, str, Loc]]) -> Iterator[_Found]:
        for noun, ref, loc in refs:
            if ref not in known[noun]:
                yield section, owner, loc, f"names the {noun} {ref!r}, which is in no file{_nearest(ref, known[noun])}"

    for s in c.skills:
        yield from missing("skills", s.id, (("skill", i.skill, ("implies", n, "skill")) for n, i in enumerate(s.implies)))
    plans: dict[str, str] = {}
    for p in c.provider.values():
        for n, plan in enumerate(p.plans):
            if plans.setdefault(plan.id, p.id) != p.id:
                yield "providers", p.id, ("plans", n, "id"), f"the plan {plan.id!r} is also one of {plans[plan.id]}"
    for k in c.credentials:
        yield from missing("credentials", k.id, _credential_refs(k))
        for n, award in enumerate(k.awards):
            if award in c.skill and c.skill[award].kind != "certification":
                yield (
                    "credentials",
                    k.id,
                    ("awards", n),
                    f"{award!r} is a {c.skill[award].kind} skill; only certification skills are awarded",
                )
        if k.id in _required(k.id, c):
            yield "credentials", k.id, ("requires", "credentials"), "requires itself, directly or by way of others"
    for g in c.goals:
        yield from missing("goals", g.id, (("skill", x.skill, ("skills", n, "skill")) for n, x in enumerate(g.skills)))
        yield from missing("goals", g.id, (("skill", x.skill, ("gates", n, "skill")) for n, x in enumerate(g.gates) if x.skill))
        ids = [x.skill for x in g.skills]
        for n, skill in enumerate(ids):
            if skill in ids[:n]:
                yield "goals", g.id, ("skills", n, "skill"), f"{skill!r} stands twice"


def _nearest(word: str, known: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process

    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    return f"; nearest: {found[0]!r}" if found else ""


def _credential_refs(k: Credential) -> Iterator[tuple[str, str, Loc]]:
    yield "provider", k.provider, ("provider",)
    yield from (("skill", t.skill, ("teaches", n, "skill")) for n, t in enumerate(k.teaches))
    yield from (("skill", a, ("awards", n)) for n, a in enumerate(k.awards))
    yield from (("plan", o.plan, ("offers", n, "plan")) for n, o in enumerate(k.offers) if o.plan)
    yield from (("credential", r, ("stacks_into", n)) for n, r in enumerate(k.stacks_into))
    if k.superseded_by:
        yield "credential", k.superseded_by, ("superseded_by",)
    for key, asks in (("requires", k.requires), ("recommends", k.recommends)):
        yield from (("skill", s.skill, (key, "skills", n, "skill")) for n, s in enumerate(asks.skills))
        yield from (("credential", r, (key, "credentials", n)) for n, r in enumerate(asks.credentials))
    for n, e in enumerate(k.requires.experience):
        yield from (("skill", s, ("requires", "experience", n, "skills", m)) for m, s in enumerate(e.skills))
    if k.requires.training:
        yield "skill", k.requires.training.skill, ("requires", "training", "skill")


def _required(start: str, c: Catalogue) -> set[str]:
    """Everything a credential requires, in any number of steps."""
    found: set[str] = set()
    todo = [start]
    while todo:
        here = c.credential.get(todo.pop())
        for r in here.requires.credentials if here else ():
            if r not in found:
                found.add(r)
                todo.append(r)
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = "is a folder" if path.is_dir() else (error.strerror or str(error)).lower()
        raise CatalogueError(
            f"{path}: {reason}", hint="--catalog takes a YAML file with skills, providers, credentials or goals."
        ) from error


def _several(faults: Sequence[Fault]) -> str:
    more = f"\n(and {len(faults) - SHOWN} more)" if len(faults) > SHOWN else ""
    return "\n".join(str(f) for f in faults[:SHOWN]) + more


def _digest(texts: Iterable[tuple[Path, bytes]]) -> str:
    digest = hashlib.sha256(__version__.encode())
    for module in ("models.py", "catalogue.py", "skills.py"):
        digest.update(Path(__file__).with_name(module).read_bytes())
    for path, text in texts:
        digest.update(f"{path.name}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()[:32]
