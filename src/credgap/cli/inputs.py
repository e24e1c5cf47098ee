"""Options of a command line -> catalogue, requirements, profile and limits."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from credgap.cli import folders
from credgap.errors import PostingError, UsageError

if TYPE_CHECKING:
    from credgap.cli.options import Choosing
    from credgap.models import Catalogue, HeldSkill, Importance, Limits, Posting, Profile, Requirements, Skill, SkillKind
    from credgap.skills import SkillIndex


def note(text: str, *, quiet: bool) -> None:
    """Talk, which goes to stderr so that stdout carries the result alone."""
    if not quiet:
        from credgap.cli.prompt import talk

        talk(f"note: {text}")


@dataclass(frozen=True)
class Data:
    """The catalogue of a run, and the index of its skill names, built when first needed."""

    catalogue: Catalogue

    @cached_property
    def index(self) -> SkillIndex:
        """The index that finds skills in text."""
        from credgap import compiled, skills

        def forms() -> compiled.Tables:
            return {"forms": skills.prepare(self.catalogue.skills)}

        kept = compiled.kept(folders.cache(), "names", self.catalogue.digest, forms)
        return skills.index(self.catalogue.skills, kept.get("forms", {}))

    def lookup(self, name: str) -> Skill | None:
        """The skill of that id, name or alias."""
        return self.catalogue.skill.get(name) or self.index.lookup(name)

    def nearest(self, name: str) -> Sequence[str]:
        """Names that look most like it."""
        return self.index.nearest(name)


def data(overlays: Iterable[Path] | None, no_builtin: bool) -> Data:
    """The catalogue, from its compiled copy where nothing has changed."""
    from credgap import catalogue

    paths = tuple(overlays or ())
    if no_builtin and not paths:
        raise UsageError("--no-builtin leaves no catalogue at all", hint="Name one: --catalog FILE.")
    return Data(catalogue.load(paths, builtin=not no_builtin, cache=folders.cache()))


@dataclass(frozen=True)
class Asked:
    """What is asked: the requirements of one or more postings, or of a goal. `many`: the input can hold several.

    `postings` are those that the requirements were read out of, in the same order; none for a goal.
    """

    wants: tuple[Requirements, ...]
    many: bool
    postings: tuple[Posting, ...] = ()


def is_pasted(postings: Sequence[str] | None) -> bool:
    """Whether the posting is to come from whoever sits at the terminal."""
    return list(postings or ("-",)) == ["-"] and sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def read(postings: Sequence[str] | None, goal: str | None, *, no_input: bool, plain: bool = False) -> tuple[Posting, ...]:
    """The postings named, piped or pasted; none where a goal is given. `plain`: what is pasted is not drawn.

    Commands call this before all else: a terminal that waits for a program cuts what is pasted meanwhile at 4,095 bytes.
    """
    if goal is None:
        return _postings(postings or (), no_input=no_input, plain=plain)
    if postings:
        raise UsageError("a posting and --goal contradict each other", hint="Give the one or the other.")
    return ()


def asked(found: Sequence[Posting], names: Sequence[str] | None, goal: str | None, source: Data, *, quiet: bool) -> Asked:
    """What the postings ask for, or the role. `names` are the words of the command line that named the postings."""
    if goal is not None:
        from credgap import goal as goals

        role, guessed = goals.find(goal, source.catalogue)
        if guessed:
            note(f"--goal {goal!r} is read as {role.name} ({role.id}).", quiet=quiet)
        return Asked((goals.requirements(role, source.catalogue),), many=False)
    from credgap import requirements

    many = len(names or ()) > 1 or any(Path(p).is_dir() or p.lower().endswith(".jsonl") for p in names or ())
    return Asked(tuple(requirements.find(p, source.index) for p in found), many=many, postings=tuple(found))


def profile(path: Path | None, have: str | None, source: Data, *, quiet: bool, own: bool = True) -> Profile:
    """The profile of the file (or, where `own`, of the configuration folder), with `--have` laid over it."""
    from credgap import profile as profiles
    from credgap.models import Profile

    if path is None and own:
        path = folders.own_profile()
        if path is not None:
            note(f"profile: {path}", quiet=quiet)
    base = profiles.read(path, source, source.catalogue) if path is not None else Profile()
    held: tuple[HeldSkill, ...] = profiles.have(have, source) if have is not None else ()
    return profiles.lay_over(base, held)


@dataclass(frozen=True)
class Given:
    """What the options of a command that plans amount to."""

    source: Data
    profile: Profile
    limits: Limits
    kinds: tuple[SkillKind, ...]
    weights: dict[Importance, float]


def choosing(chosen: Choosing, *, own: bool = True, source: Data | None = None) -> Given:
    """Read the catalogue, the profile and the limits that the options name. Raises UsageError for what contradicts itself.

    `own`: the profile of the configuration folder is that of the person asked about. `source`: the catalogue, where it was read already.
    """
    source = source or data(chosen.catalog, chosen.no_builtin)
    person = profile(chosen.profile, chosen.have, source, quiet=chosen.quiet, own=own)
    if chosen.from_role is not None:
        person = _from_role(chosen.from_role, person, source, quiet=chosen.quiet)
    return Given(source, person, _limits(chosen, person, source), counted(chosen.count), weights(chosen.weights))


def _from_role(name: str, person: Profile, source: Data, *, quiet: bool) -> Profile:
    from credgap import goal as goals
    from credgap import profile as profiles

    role, guessed = goals.find(name, source.catalogue)
    if guessed:
        note(f"--from {name!r} is read as {role.name} ({role.id}).", quiet=quiet)
    person = profiles.from_role(person, role, source.catalogue)
    note(f"--from {role.id}: {len(person.assumed)} skills are assumed to be held; --have and the profile count before that.", quiet=quiet)
    return person


def _limits(chosen: Choosing, person: Profile, source: Data) -> Limits:
    from pydantic import ValidationError

    from credgap.models import Limits

    day = today(chosen.today)
    first = chosen.start or day
    if chosen.start is not None and chosen.start < day:
        raise UsageError(f"--start {chosen.start} is before {day}, today", hint="Give a later day, or --today.")
    by = _last_day(chosen, first)
    if chosen.free_only and chosen.budget:
        raise UsageError("--free-only and --budget contradict each other", hint="Give the one or the other.")
    pace = chosen.hours_per_week if chosen.hours_per_week is not None else person.hours_per_week
    catalogue = source.catalogue
    given: dict[str, Any] = {
        "today": day,
        "start": chosen.start,
        "by": by,
        "days_off": tuple(map(_days_off, chosen.off or ())),
        "funding": {"share": chosen.reimburse or 0.0, "cap": chosen.reimburse_cap, "grant": chosen.grant or 0.0},
        "rates": dict(map(rate, chosen.rate or ())),
        "currency": chosen.currency.upper(),
        "trust": chosen.trust == "on",
        "estimates": not chosen.no_estimates,
        "optimize": "cost" if chosen.target is not None and chosen.optimize == "coverage" else chosen.optimize.value,
        "must": tuple(_skill_id(name, source) for name in chosen.must or ()),
        "include": tuple(known("--include", c, catalogue.credential) for c in chosen.include or ()),
        "exclude": tuple(known("--exclude", c, [*catalogue.credential, *catalogue.provider]) for c in chosen.exclude or ()),
        "prefer": tuple(known("--prefer", c, catalogue.provider) for c in chosen.prefer or ()),
        "kinds": tuple(chosen.kind or ()),
        "languages": tuple(chosen.language or ()),
        "deliveries": tuple(chosen.delivery or ()),
    }
    same = ("budget", "free_only", "hours", "max_credentials", "min_gain", "slack", "min_trust", "allow_unknown", "solve_seconds", "target")
    given |= {name: getattr(chosen, name) for name in same}
    held = {h.id for h in person.credentials}
    if twice := [c for c in given["include"] if c in held]:
        raise UsageError(f"--include {twice[0]}: the profile holds it already", hint="Leave it out.")
    if pace is not None:
        given["hours_per_week"] = pace
    try:
        return Limits.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        names = {"kinds": "kind", "languages": "language", "deliveries": "delivery", "days_off": "off", "funding": "reimburse"}
        option = "--" + names.get(str(wrong["loc"][0]), str(wrong["loc"][0])).replace("_", "-")
        raise UsageError(f"{option} {wrong['input']!r}: {wrong['msg'].lower()}") from error


def _last_day(chosen: Choosing, first: dt.date) -> dt.date | None:
    if chosen.by is not None and chosen.by < first:
        raise UsageError(f"--by {chosen.by} is before {first}, the day the plan starts", hint="Give a later day, or --today.")
    if chosen.weeks is None:
        return chosen.by
    last = first + dt.timedelta(days=max(0, int(chosen.weeks * 7) - 1))
    return last if chosen.by is None else min(last, chosen.by)


def _days_off(text: str) -> dict[str, dt.date]:
    from credgap.cli.options import date

    first, _, last = text.partition("..")
    return {"first": date(first), "last": date(last or first)}


def rate(text: str) -> tuple[str, float]:
    """A currency and what a unit of it is worth, as EUR=1.08. Raises UsageError."""
    from credgap.cli.options import amount

    code, equals, value = text.partition("=")
    if not equals or len(code.strip()) != 3:
        raise UsageError(f"--rate {text!r} is not understood", hint="Write --rate EUR=1.08: what one euro is worth in the plan's currency.")
    return code.strip().upper(), amount(value)


def _skill_id(name: str, source: Data) -> str:
    skill = source.lookup(name)
    if skill is None:
        near = ", ".join(source.nearest(name))
        raise UsageError(f"--must {name!r}: no skill is called so", hint=f"Did you mean {near}?" if near else None)
    return skill.id


def known(option: str, name: str, entries: Iterable[str]) -> str:
    """An id that is among the entries. Raises UsageError with the nearest ones."""
    ids = list(entries)
    if name not in ids:
        from credgap import profile as profiles

        near = profiles.likest(name, ids)
        raise UsageError(
            f"{option} {name!r} is in no catalogue", hint=f"Did you mean {near}?" if near else "`credgap catalog list` shows all."
        )
    return name


def counted(kinds: str | None) -> tuple[SkillKind, ...]:
    """The kinds that count: hard skills and certifications, and those named."""
    from credgap.gap import COUNTED
    from credgap.models import SkillKind

    extra = [k.strip() for k in (kinds or "").split(",") if k.strip()]
    known = get_args(SkillKind)
    for k in extra:
        if k not in known:
            raise UsageError(f"--count {k!r} is no kind of skill", hint=f"Kinds are {', '.join(known)}.")
    return tuple(k for k in known if k in COUNTED or k in extra)


def weights(text: str | None) -> dict[Importance, float]:
    """The weight of each importance: the defaults, and those given."""
    from credgap.cli.options import amount
    from credgap.gap import WEIGHTS

    found = dict(WEIGHTS)
    for part in (p.strip() for p in (text or "").split(",")):
        if not part:
            continue
        name, equals, value = part.partition("=")
        if not equals or name.strip() not in found:
            raise UsageError(f"--weights {part!r} is not understood", hint="Write --weights required=1,preferred=0.4,context=0.1.")
        found[name.strip()] = amount(value)  # type: ignore[index]
    return found


def today(given: dt.date | None) -> dt.date:
    """The day to count from: the one given, or the clock's."""
    return given if given is not None else dt.date.today()


def _postings(names: Sequence[str], *, no_input: bool, plain: bool) -> tuple[Posting, ...]:
    if not names:
        return (_standard_input(no_input=no_input, plain=plain),)
    from credgap import posting

    found: list[Posting] = []
    for name in names:
        if name == "-":
            found.append(_standard_input(no_input=no_input, plain=plain, named=True))
        else:
            found += posting.load(Path(name))
    return tuple(found)


def _standard_input(*, no_input: bool, plain: bool, named: bool = False) -> Posting:
    if sys.stdin is None or sys.stdin.closed:
        raise PostingError("no posting was given and standard input is closed", hint="Name a file, or --goal ROLE.")
    from credgap.cli import prompt

    if sys.stdin.isatty() and prompt.possible(no_input=no_input):
        from credgap.cli import paste

        data, name, source = paste.ask(plain=plain).encode(errors="replace"), "paste", "the paste"
    elif sys.stdin.isatty() and not named:
        why = "--no-input forbids asking" if no_input else "nobody can be asked: the result goes into a file or pipe, or CI is set"
        raise UsageError(
            f"no posting was given, and {why}", hint="Name a file, pipe the text in, or give --goal ROLE; --output FILE writes to a file."
        )
    else:
        data, name, source = sys.stdin.buffer.read(), "stdin", "standard input"
    from credgap import posting

    return posting.read(posting.decode(data, source=source), id=name, source=source)
