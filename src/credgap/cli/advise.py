"""The commands that read a posting: extract, gap and plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from credgap.cli import inputs, options, output
from credgap.cli.options import Format
from credgap.errors import Exit, NothingRecognisedError

if TYPE_CHECKING:
    from credgap.models import Report, Requirements


def extract(
    postings: options.Postings = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    today: options.Today = None,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what a posting asks for, line by line.

    Example: credgap extract examples/data-analyst.txt
    """
    found = inputs.read(postings, None, no_input=no_input)
    from credgap import analyse

    source = inputs.data(catalog, no_builtin)
    asked = inputs.asked(found, postings, None, source, quiet=quiet)
    day = inputs.today(today)
    reports = _each(asked, "extract", lambda wants: analyse.extract(wants, today=day))
    output.show(reports, format, catalogue=source.catalogue, many=asked.many, output=output_file)
    return _code(reports, fail_on_gap=False, quiet=quiet)


def gap(
    postings: options.Postings = None,
    goal: options.GoalName = None,
    have: options.Have = None,
    profile: options.ProfileFile = None,
    count: options.Count = None,
    weights: options.Weights = None,
    fit: options.Fit = 0.75,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
    today: options.Today = None,
    fail_on_gap: options.FailOnGap = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what you have and lack, and whether to apply.

    Example: credgap gap examples/data-analyst.txt --have "sql, excel:3"
    """
    found = inputs.read(postings, goal, no_input=no_input)
    from credgap import analyse

    source = inputs.data(catalog, no_builtin)
    day, kinds, weighed = inputs.today(today), inputs.counted(count), inputs.weights(weights)
    person = inputs.profile(profile, have, source, quiet=quiet)
    asked = inputs.asked(found, postings, goal, source, quiet=quiet)
    reports = _each(
        asked, "gap", lambda wants: analyse.compare(wants, person, source.catalogue, today=day, weights=weighed, count=kinds, fit=fit)
    )
    output.show(reports, format, catalogue=source.catalogue, many=asked.many, output=output_file)
    return _code(reports, fail_on_gap=fail_on_gap, quiet=quiet)


@options.choosing
def plan(
    chosen: options.Choosing,
    postings: options.Postings = None,
    goal: options.GoalName = None,
    alternatives: options.Alternatives = 2,
    format: options.FormatOption = Format.terminal,
    output_file: options.Output = None,
    fail_on_gap: options.FailOnGap = False,
    no_input: options.NoInput = False,
) -> int:
    """Choose what to take, inside a money and a time budget.

    Example: credgap plan examples/data-analyst.txt --have "excel:3" --budget 300 --hours 200
    """
    found = inputs.read(postings, goal, no_input=no_input)
    from credgap import analyse

    given = inputs.choosing(chosen)
    asked = inputs.asked(found, postings, goal, given.source, quiet=chosen.quiet)
    reports = _each(
        asked,
        "plan",
        lambda wants: analyse.advise(
            wants,
            given.profile,
            given.source.catalogue,
            limits=given.limits,
            weights=given.weights,
            count=given.kinds,
            fit=chosen.fit,
            anyway=chosen.anyway,
            alternatives=alternatives,
        ),
    )
    output.show(reports, format, catalogue=given.source.catalogue, many=asked.many, output=output_file)
    return _code(reports, fail_on_gap=fail_on_gap, quiet=chosen.quiet)


def _each(asked: inputs.Asked, command: str, step: Callable[[Requirements], Report]) -> list[Report]:
    """The report of each; of several, one in which nothing was recognised keeps its place, with the reason."""
    from credgap.models import Report

    if not asked.many:
        return [step(wants) for wants in asked.wants]
    reports = []
    for wants in asked.wants:
        try:
            reports.append(step(wants))
        except NothingRecognisedError as error:
            kept = wants.model_copy(update={"warnings": (*wants.warnings, error.message)})
            failure = None if command == "extract" else error.message
            reports.append(Report.model_validate({"command": command, "requirements": kept, "failure": failure}))
    return reports


def _code(reports: list[Report], *, fail_on_gap: bool, quiet: bool) -> int:
    empty = sum(not r.requirements.requirements if r.command == "extract" else r.failure is not None for r in reports)
    if empty:
        inputs.note(f"in {empty} of {len(reports)} postings no skill that counts was recognised.", quiet=quiet)
    if empty and empty == len(reports) and not reports[0].requirements.gates:
        return int(Exit.NOTHING_RECOGNISED)
    return int(Exit.GAP_LEFT) if fail_on_gap and any(_required_open(r) for r in reports) else int(Exit.DONE)


def _required_open(report: Report) -> bool:
    """Whether a required skill is not cleared: after the plan, or, where there is none, by what is held."""
    if report.choice is not None:
        return any(n.importance == "required" for n in report.choice.not_closed)
    from credgap.gap import FULL, units

    needs = report.gap.needs if report.gap is not None else ()
    return any(unit[0].importance == "required" and max(n.held for n in unit) < FULL for unit in units(needs))
