"""The commands that advise: extract, gap, plan, frontier, why, explore."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credgap.cli import folders, inputs, options, output
from credgap.cli.dialogue import Talk
from credgap.cli.options import Axis, ReportFormat
from credgap.errors import CredgapError, Exit, NothingRecognisedError, UsageError

if TYPE_CHECKING:
    from credgap.models import Report, Requirements

CHART_SECONDS = 1.0
"""How long each point of the chart of a page may take."""


def extract(
    postings: options.Postings = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    today: options.Today = None,
    format: options.ReportFormatOption = ReportFormat.terminal,
    plain: options.Plain = False,
    output_file: options.Output = None,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what a posting asks for, line by line.

    Example: credgap extract examples/data-analyst.txt
    """
    format = options.form(format, plain)
    found = inputs.read(postings, None, no_input=no_input, plain=format == "plain")
    from credgap import analyse

    source = inputs.data(catalog, no_builtin)
    asked = inputs.asked(found, postings, None, source, quiet=quiet)
    day = inputs.today(today)
    reports = _each(asked, "extract", lambda wants: analyse.extract(wants, today=day))
    output.show(reports, format, catalogue=source.catalogue, many=asked.many, output=output_file)
    return _code(reports, fail_on_gap=False, quiet=quiet)


def gap(
    context: typer.Context,
    postings: options.Postings = None,
    goal: options.GoalName = None,
    have: options.Have = None,
    profile: options.ProfileFile = None,
    count: options.Count = None,
    weights: options.Weights = None,
    fit: options.Fit = 0.75,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.ReportFormatOption = ReportFormat.terminal,
    plain: options.Plain = False,
    details: options.Details = False,
    output_file: options.Output = None,
    today: options.Today = None,
    fail_on_gap: options.FailOnGap = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what you have and lack, and whether to apply.

    Example: credgap gap --goal data-analyst --have "sql, excel:3"
    """
    format = options.form(format, plain)
    talk = Talk(context, postings, goal, form=format, no_input=no_input, limits=False)
    found = talk.read()
    from credgap import analyse

    chosen = options.Choosing(
        have=have, profile=profile, count=count, weights=weights, fit=fit, catalog=catalog, no_builtin=no_builtin, today=today, quiet=quiet
    )
    given = inputs.choosing(chosen)
    asked = inputs.asked(found, postings, goal, given.source, quiet=quiet)
    asked, given, chosen = talk.hold(asked, given, chosen)
    how: dict[str, Any] = {"today": given.limits.today, "weights": given.weights, "count": given.kinds, "fit": fit}
    reports = _each(asked, "gap", lambda wants: analyse.compare(wants, given.profile, given.source.catalogue, **how), _held(chosen))
    output.show(reports, format, catalogue=given.source.catalogue, many=asked.many, output=output_file, details=details)
    talk.finish()
    return _code(reports, fail_on_gap=fail_on_gap, quiet=quiet)


@options.choosing
def plan(
    context: typer.Context,
    chosen: options.Choosing,
    postings: options.Postings = None,
    goal: options.GoalName = None,
    together: options.Together = False,
    alternatives: options.Alternatives = 2,
    save: options.Save = None,
    diff: options.Diff = None,
    format: options.ReportFormatOption = ReportFormat.terminal,
    plain: options.Plain = False,
    details: options.Details = False,
    output_file: options.Output = None,
    fail_on_gap: options.FailOnGap = False,
    no_input: options.NoInput = False,
) -> int:
    """Choose what to take, inside a money and a time budget.

    Example: credgap plan --goal data-analyst --have "excel:3" --budget 300 --hours 200
    """
    format = options.form(format, plain, calendar=True)
    talk = Talk(context, postings, goal, form=format, no_input=no_input)
    found = talk.read()
    from credgap import saved

    keep = saved.path_of(save, folders.plans()) if save is not None else None
    old = saved.load(saved.path_of(diff, folders.plans())) if diff is not None else None
    given = inputs.choosing(chosen)
    asked = inputs.asked(found, postings, goal, given.source, quiet=chosen.quiet)
    many = asked.many and not together
    if (keep or old) and len(asked.wants) > 1 and many:
        raise UsageError("--save and --diff take one plan", hint="Give one posting, or --together.")
    asked, given, chosen = talk.hold(asked, given, chosen)
    reports = planned(asked, given, chosen, together=together, alternatives=alternatives)
    if old is not None:
        changed = saved.since(old, reports[0], given.profile, given.source.catalogue)
        news = (f"The plan kept as {diff} on {old.day}:", *(changed or ("Nothing has changed.",)))
        reports[0] = reports[0].model_copy(update={"since": news})
    if format is ReportFormat.html and len(reports) == 1:
        reports = [_charted(reports[0], given)]
    output.show(reports, format, catalogue=given.source.catalogue, many=many, output=output_file, details=details)
    if keep is not None:
        saved.save(reports[0], given.source.catalogue, keep)
        inputs.note(f"the plan is kept as {save} ({keep}).", quiet=chosen.quiet)
    talk.finish()
    return _code(reports, fail_on_gap=fail_on_gap, quiet=chosen.quiet)


def _charted(report: Report, given: inputs.Given) -> Report:
    """A plan with what each sum of money would buy, for the chart of its page; as it is where that is not worked out in time."""
    from credgap import analyse, candidates

    limits = report.limits
    if limits is None or report.choice is None or not report.choice.ranking:
        return report
    hours = candidates.DEFAULT_HOURS if limits.budget is None and limits.hours is None else limits.hours
    wide = limits.model_copy(update={"budget": None, "hours": hours, "solve_seconds": min(CHART_SECONDS, limits.solve_seconds)})
    try:
        walked = analyse.frontier(report, given.profile, given.source.catalogue, wide, ("money",))
    except CredgapError:
        return report
    return report.model_copy(update={"frontiers": walked.frontiers})


def planned(asked: inputs.Asked, given: inputs.Given, chosen: options.Choosing, *, together: bool, alternatives: int) -> list[Report]:
    """The plan for each posting, or one for all of them."""
    from credgap import analyse

    how: dict[str, Any] = {
        "limits": given.limits,
        "weights": given.weights,
        "count": given.kinds,
        "fit": chosen.fit,
        "anyway": chosen.anyway,
        "alternatives": alternatives,
    }
    if together:
        report = analyse.advise_together(asked.wants, given.profile, given.source.catalogue, **how)
        return [report.model_copy(update={"held": _held(chosen)})]
    return _each(asked, "plan", lambda wants: analyse.advise(wants, given.profile, given.source.catalogue, **how), _held(chosen))


def _held(chosen: options.Choosing) -> str:
    """The options that said what the person has, as they can be given again."""
    given = (("--have", chosen.have), ("--profile", chosen.profile), ("--from", chosen.from_role))
    return " ".join(f"{option} {_quoted(str(value))}" for option, value in given if value is not None)


def _quoted(value: str) -> str:
    """A value as every shell takes it, where it holds nothing that one would read as more than text."""
    if re.fullmatch(r"[\w./:+-]+", value):
        return value
    return f'"{value}"' if not re.search(r'["$`\\!]', value) else shlex.quote(value)


@options.choosing
def frontier(
    chosen: options.Choosing,
    postings: options.Postings = None,
    goal: options.GoalName = None,
    together: options.Together = False,
    axis: options.AxisOption = Axis.both,
    format: options.ReportFormatOption = ReportFormat.terminal,
    plain: options.Plain = False,
    output_file: options.Output = None,
    no_input: options.NoInput = False,
) -> int:
    """Show what each further sum of money, or week, would buy.

    Example: credgap frontier --goal data-analyst --have "excel:3" --hours 200
    """
    format = options.form(format, plain)
    found = inputs.read(postings, goal, no_input=no_input, plain=format == "plain")
    from credgap import analyse

    given = inputs.choosing(chosen)
    asked = inputs.asked(found, postings, goal, given.source, quiet=chosen.quiet)
    how: dict[str, Any] = {"weights": given.weights, "count": given.kinds, "fit": chosen.fit}
    axes = ("money", "weeks") if axis is Axis.both else (axis.value,)
    catalogue, limits = given.source.catalogue, given.limits

    def walked(report: Report) -> Report:
        return analyse.frontier(report, given.profile, catalogue, limits, axes)

    if together:
        merged, _ = analyse.together_gap(asked.wants, given.profile, catalogue, limits, anyway=chosen.anyway, **how)
        reports = [walked(merged)]
    else:
        reports = _each(
            asked, "frontier", lambda wants: walked(analyse.compare(wants, given.profile, catalogue, today=limits.today, **how))
        )
    output.show(reports, format, catalogue=catalogue, many=asked.many and not together, output=output_file)
    return _code(reports, fail_on_gap=False, quiet=chosen.quiet)


@options.choosing
def why(
    credential: Annotated[str, typer.Argument(metavar="ID", help="Id of a credential.")],
    chosen: options.Choosing,
    postings: options.Postings = None,
    goal: options.GoalName = None,
    together: options.Together = False,
    format: options.ReportFormatOption = ReportFormat.terminal,
    plain: options.Plain = False,
    output_file: options.Output = None,
    no_input: options.NoInput = False,
) -> int:
    """Show where one credential stands beside the plan, and why.

    Example: credgap why comptia-security-plus --goal security-analyst --budget 500
    """
    format = options.form(format, plain)
    found = inputs.read(postings, goal, no_input=no_input, plain=format == "plain")
    from credgap import analyse

    given = inputs.choosing(chosen)
    inputs.known("ID", credential, given.source.catalogue.credential)
    asked = inputs.asked(found, postings, goal, given.source, quiet=chosen.quiet)
    reports = [
        r if r.failure is not None else analyse.explain(r, credential, given.profile, given.source.catalogue, given.limits)
        for r in planned(asked, given, chosen, together=together, alternatives=0)
    ]
    output.show(reports, format, catalogue=given.source.catalogue, many=asked.many and not together, output=output_file)
    return _code(reports, fail_on_gap=False, quiet=chosen.quiet)


@options.choosing
def explore(
    chosen: options.Choosing,
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="How many roles to show.", rich_help_panel=options.OUT)] = 20,
    format: options.ReportFormatOption = ReportFormat.terminal,
    plain: options.Plain = False,
    output_file: options.Output = None,
) -> int:
    """Rank all goal roles by how near you are to them.

    For each: the fit now, and the least money and the soonest day to get there.

    Example: credgap explore --have "excel:3, sql, customer service" --budget 500 --max-credentials 4
    """
    from credgap import explore as explorer
    from credgap.report import roles

    format = options.form(format, plain)
    given = inputs.choosing(chosen)
    found = explorer.roles(
        given.profile,
        given.source.catalogue,
        given.limits,
        weights=given.weights,
        count=given.kinds,
        fit=chosen.fit,
        each=lambda goals: output.watched(list(goals), "Roles", quiet=chosen.quiet),
    )[:most]
    page = output.screen(output_file)
    text = roles.render(found, format, fit=chosen.fit, limits=given.limits, assumed=given.profile.assumed, **page.drawing())
    output.write(text, output_file)
    return int(Exit.DONE)


def _each(asked: inputs.Asked, command: str, step: Callable[[Requirements], Report], held: str = "") -> list[Report]:
    """The report of each, with its posting; of several, one in which nothing was recognised keeps its place, with the reason."""
    from credgap import stated
    from credgap.models import Report

    reports = []
    for wants, posting in zip(asked.wants, asked.postings or (None,) * len(asked.wants), strict=True):
        try:
            about: dict[str, Any] = {"posting": posting, "held": held}
            if posting is not None:
                about |= {"role": wants.title or stated.title(posting.clean), "place": stated.place(posting.clean)}
            reports.append(step(wants).model_copy(update=about))
        except NothingRecognisedError as error:
            if not asked.many:
                raise
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
