"""A Report -> a plan kept in a file, and what changed since between that and a newer Report."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from credgap.errors import CredgapError, UsageError
from credgap.files import write_whole
from credgap.models import Catalogue, Model, Profile, Report
from credgap.pricing import money

VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class SavedStep(Model):
    """A step as it was planned, with its prices as they were then, in words."""

    credential: str
    name: str
    prices: tuple[str, ...]


class Saved(Model):
    """A plan as it was: when, for what, what was asked (importance by skill), fit, net cost, finish, steps."""

    version: int
    day: dt.date
    source: str
    asked: dict[str, str]
    fit: float
    net: float
    currency: str
    finish: dt.date | None
    steps: tuple[SavedStep, ...]


def path_of(name: str, folder: Path) -> Path:
    """Where a plan of that name is kept. Raises UsageError for a name that is no file name."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be the name of a plan", hint="Letters, digits, dots, hyphens and underscores: my-plan.")
    return folder / f"{name}.json"


def save(report: Report, catalogue: Catalogue, path: Path) -> None:
    """Keep the plan of a report. Raises CredgapError where the file cannot be written."""
    assert report.gap is not None, "a plan has a gap"
    assert report.choice is not None, "a plan has a choice"
    assert report.limits is not None, "a plan has limits"
    made = report.choice.plan
    kept = Saved(
        version=VERSION,
        day=report.limits.today,
        source=report.requirements.source,
        asked={n.skill: n.importance for n in report.gap.needs if n.counted},
        fit=report.gap.fit,
        net=made.cost.net,
        currency=made.cost.currency,
        finish=made.finish,
        steps=tuple(SavedStep(credential=s.credential, name=s.name, prices=_prices(s.credential, catalogue)) for s in made.steps),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, kept.model_dump_json(indent=1) + "\n")
    except OSError as error:
        raise CredgapError(f"{path}: {(error.strerror or str(error)).lower()}", hint="The plan was not kept.") from error


def load(path: Path) -> Saved:
    """A plan kept before. Raises CredgapError where there is none of that name, or the file is damaged."""
    try:
        return Saved.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        names = ", ".join(sorted(p.stem for p in path.parent.glob("*.json"))) if path.parent.is_dir() else ""
        raise UsageError(
            f"no plan is kept under the name {path.stem!r}",
            hint=f"There are: {names}." if names else "`credgap plan --save NAME` keeps one.",
        ) from None
    except (OSError, ValueError, ValidationError) as error:
        raise CredgapError(f"{path}: this is no plan that credgap kept", hint="Delete the file, and save the plan anew.") from error


def since(old: Saved, report: Report, profile: Profile, catalogue: Catalogue) -> tuple[str, ...]:
    """What changed since a plan was kept: what is asked, what is done, prices, and the plan itself; in sentences."""
    assert report.gap is not None, "a plan has a gap"
    assert report.choice is not None, "a plan has a choice"
    return (*_asked(old, report, catalogue), *_done(old, profile), *_dearer(old, catalogue), *_replanned(old, report))


def _asked(old: Saved, report: Report, catalogue: Catalogue) -> Iterator[str]:
    now = {n.skill: n.importance for n in report.gap.needs if n.counted} if report.gap else {}

    def names(skills: set[str]) -> str:
        return ", ".join(catalogue.skill[s].name if s in catalogue.skill else s for s in sorted(skills))

    if more := set(now) - set(old.asked):
        yield f"Newly asked: {names(more)}."
    if less := set(old.asked) - set(now):
        yield f"No longer asked: {names(less)}."
    if other := {s for s in set(now) & set(old.asked) if now[s] != old.asked[s]}:
        yield "Asked otherwise: " + ", ".join(f"{names({s})} (was {old.asked[s]}, is {now[s]})" for s in sorted(other)) + "."
    fit = report.gap.fit if report.gap else 0.0
    if abs(fit - old.fit) > 0.0005:
        yield f"The fit before any plan was {old.fit:.0%} and is {fit:.0%}."


def _done(old: Saved, profile: Profile) -> Iterator[str]:
    held, begun = {h.id for h in profile.credentials}, {b.id for b in profile.in_progress}
    for s in old.steps:
        if s.credential in held:
            yield f"Done: {s.name}."
        elif s.credential in begun:
            yield f"Begun: {s.name}."


def _dearer(old: Saved, catalogue: Catalogue) -> Iterator[str]:
    for s in old.steps:
        if s.credential not in catalogue.credential:
            yield f"{s.name} is no longer in the catalogue."
            continue
        now = _prices(s.credential, catalogue)
        if now != s.prices:
            yield f"The price of {s.name} was {' or '.join(s.prices) or 'unknown'} and is {' or '.join(now) or 'unknown'}."
        if catalogue.credential[s.credential].status != "current":
            yield f"{s.name} can no longer be taken."


def _replanned(old: Saved, report: Report) -> Iterator[str]:
    assert report.choice is not None, "a plan has a choice"
    made = report.choice.plan
    before, now = {s.credential: s.name for s in old.steps}, {s.credential: s.name for s in made.steps}
    for credential, name in now.items():
        if credential not in before:
            yield f"New in the plan: {name}."
    for credential, name in before.items():
        if credential not in now:
            yield f"No longer in the plan: {name}."
    if old.currency == made.cost.currency and abs(old.net - made.cost.net) >= 0.005:
        yield f"It cost {money(old.net, old.currency)} and costs {money(made.cost.net, old.currency)} from now on."
    if old.finish != made.finish:
        yield f"It was to end on {old.finish or 'an unknown day'} and ends on {made.finish or 'an unknown day'}."


def _prices(credential: str, catalogue: Catalogue) -> tuple[str, ...]:
    found = []
    c = catalogue.credential[credential]
    for o in c.offers:
        if o.plan is not None:
            plan = catalogue.subscription[o.plan]
            found.append(f"{money(plan.monthly, plan.currency)} a month")
        else:
            found.append("free" if o.amount is None else money(o.amount, o.currency or ""))
    fee = f"exam {money(c.exam_fee.amount, c.exam_fee.currency)}" if c.exam_fee else None
    return (*found, *([fee] if fee else []))
