"""A credential -> how to show it once it is earned: the fields LinkedIn asks for, a résumé line, a project, how it is verified.

What only the person knows is left as a blank in [brackets]; what nobody has stated is said to be unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal

from dateutil.relativedelta import relativedelta

from credgap.models import Catalogue, Credential, Model, Source

SHOWN = 3
"""How many skills a line of a résumé, or a project, names."""
ASSESSED: Mapping[str, str] = {
    "proctored_exam": "an exam under supervision",
    "graded_project": "a project that is graded",
    "portfolio": "a portfolio that is looked at",
    "quiz": "quizzes",
}
WORKS: Mapping[str, tuple[str, str]] = {
    "data": (
        "an analysis of public data that somebody could act on",
        "a public repository with the data, the steps and one page of findings",
    ),
    "machine-learning": (
        "a model for public data, held against a simple rule",
        "a public repository with the data, the figures and what failed",
    ),
    "software": ("a small program that somebody else uses", "a public repository with instructions and tests"),
    "cloud": (
        "a small service that is set up from a script and taken down again",
        "a public repository with the script and what it costs a month",
    ),
    "security": ("a risk assessment or a lab of a system of your own", "a report of a few pages, nothing confidential in it"),
    "it-support": ("a small network or set of accounts, set up and mended", "notes with pictures of what was wrong and what you did"),
    "ux": (
        "a study of one task with five people, and a better design for it",
        "a case study with sketches, what was tried and what changed",
    ),
    "design": ("a set of designs for one real or made-up client", "a portfolio page with the task, the drafts and the result"),
    "marketing": (
        "a plan for a real small organisation, and one piece of it carried out",
        "a page with the goal, what was done and the figures after it",
    ),
    "finance": (
        "a model or a report from published figures of one company",
        "a workbook whose formulas can be followed, with a page of conclusions",
    ),
    "project": (
        "a project of a club, a family or a team, planned and brought to its end",
        "its plan, what changed, and what you would do otherwise",
    ),
}
"""By field: a work that shows its skills, and the form in which it can be seen."""
ANY_WORK = ("a piece of work such as the job has, made or done by you", "a page or two: the task, what you did, what came of it")


class Field(Model):
    """A field of LinkedIn's form. `value` None: only the person can fill it in; `note` says with what."""

    name: str
    value: str | None
    note: str | None = None


class Project(Model):
    """A work that proves the skills. `basis` tells whether the credential has it in it, or it is a template."""

    basis: Literal["credential", "template"]
    text: str
    show: str
    skills: tuple[str, ...]


class Showcase(Model):
    """All that helps to show one credential."""

    credential: str
    name: str
    url: str
    linkedin: tuple[Field, ...]
    resume: str
    project: Project
    verify: tuple[str, ...]
    sources: tuple[Source, ...]


def showcase(credential: Credential, catalogue: Catalogue, *, earned: dt.date | None = None) -> Showcase:
    """How to show a credential; `earned` fills in the days, where they are known."""
    skills = _skills(credential, catalogue)
    wanted = {"renewal", "assessment", "practical", "accreditation", "credit"}
    return Showcase(
        credential=credential.id,
        name=credential.name,
        url=credential.url,
        linkedin=tuple(_fields(credential, skills, earned)),
        resume=_resume(credential, skills, earned),
        project=_project(credential, skills),
        verify=tuple(_verify(credential)),
        sources=tuple(s for s in credential.sources if wanted & set(s.states)),
    )


def _skills(credential: Credential, catalogue: Catalogue) -> tuple[str, ...]:
    """The names of what it is about, the highest level first; of what it awards, where it teaches nothing."""
    core = sorted((t for t in credential.teaches if t.depth == "core"), key=lambda t: -t.level)
    return tuple(catalogue.skill[t.skill].name for t in core) or tuple(catalogue.skill[a].name for a in credential.awards)


def _fields(c: Credential, skills: tuple[str, ...], earned: dt.date | None) -> Iterator[Field]:
    yield Field(name="Name", value=c.name)
    yield Field(name="Issuing organization", value=c.issuer)
    yield Field(
        name="Issue date", value=_month(earned) if earned else None, note=None if earned else "month and year in which you earned it"
    )
    if c.renewal is None:
        yield Field(name="Expiration date", value=None, note="leave it empty unless your certificate names a day: none is known here")
    elif earned:
        last = earned + relativedelta(months=c.renewal.months)
        yield Field(name="Expiration date", value=_month(last), note=f"{c.renewal.months} months after the issue date, unless renewed")
    else:
        yield Field(name="Expiration date", value=None, note=f"{c.renewal.months} months after the issue date, unless renewed")
    yield Field(name="Credential ID", value=None, note="the number on your certificate or badge, if it has one")
    yield Field(
        name="Credential URL", value=None, note="the link to your own certificate or badge; the page about the credential proves nothing"
    )
    if skills:
        yield Field(name="Skills", value=", ".join(skills))


def _month(day: dt.date) -> str:
    return f"{day:%B %Y}"


def _resume(c: Credential, skills: tuple[str, ...], earned: dt.date | None) -> str:
    when = _month(earned) if earned else "[month and year]"
    used = ", ".join(skills[:SHOWN])
    issuer = "" if c.issuer.casefold() in c.name.casefold() else f", {c.issuer}"
    return f"{c.name}{issuer}, {when}. [What you made or did with it, and for whom]: [what came of it, in a figure]. Skills: {used}."


def _project(c: Credential, skills: tuple[str, ...]) -> Project:
    work, form = WORKS.get(c.field or "", ANY_WORK)
    named = skills[:SHOWN]
    if c.practical:
        text = f"The credential has this in it: {c.practical}. Choose a subject of your own for it, where that is allowed, and keep it."
        return Project(basis="credential", text=text, show=form, skills=named)
    needs = f" It has to need {_listed(named)}." if named else ""
    return Project(
        basis="template", text=f"Make {work}: [the question or task, taken from a posting you want].{needs}", show=form, skills=named
    )


def _verify(c: Credential) -> Iterator[str]:
    yield f"By the link or the number of your own certificate, if {c.issuer} gives one: put it where LinkedIn asks for it. [link or number]"
    if c.assessment:
        yield f"What stands behind it: {_listed([ASSESSED[a] for a in c.assessment])}."
    else:
        yield "How it is assessed is not known here, so let the project speak."
    for body in c.accreditation:
        yield f"Listed by {body}: an employer can look it up there."
    if c.credit:
        yield f"Credit recommendation: {c.credit}."
    if c.renewal is not None:
        yield f"It lapses after {c.renewal.months} months unless renewed, so the day of issue matters."
    yield "What it covers stands on the page of the credential."


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return " and ".join(x for x in (", ".join(words[:-1]), *words[-1:]) if x)
