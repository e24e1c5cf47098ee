"""The commands for before and after a credential: letter asks for support, showcase shows what was earned."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from credgap.cli import advise, inputs, options, output
from credgap.cli.browse import width_of
from credgap.cli.dialogue import Talk
from credgap.cli.options import SheetForm
from credgap.errors import Exit, UsageError

Earned = Annotated[
    dt.date | None, typer.Option(parser=options.date, metavar="DAY", help="Day on which you earned it, as 2026-05-01.", show_default=False)
]


def showcase(
    credential: Annotated[str, typer.Argument(metavar="ID", help="Id of a credential.")],
    earned: Earned = None,
    catalog: options.CatalogFiles = None,
    no_builtin: options.NoBuiltin = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
) -> int:
    """Show how to present a credential, and how it is verified.

    What LinkedIn's form asks for, a résumé line, a project that proves the skills, and how an employer verifies it.

    Example: credgap showcase comptia-security-plus
    """
    from credgap import showcase as showcases
    from credgap.report import showcase as pages

    catalogue = inputs.data(catalog, no_builtin).catalogue
    inputs.known("ID", credential, catalogue.credential)
    found = showcases.showcase(catalogue.credential[credential], catalogue, earned=earned)
    output.write(pages.render(found, format, width=width_of(output_file)), output_file)
    return int(Exit.DONE)


@options.choosing
def letter(
    context: typer.Context,
    chosen: options.Choosing,
    postings: options.Postings = None,
    goal: options.GoalName = None,
    together: options.Together = False,
    format: options.SheetFormat = SheetForm.terminal,
    output_file: options.Output = None,
    no_input: options.NoInput = False,
) -> int:
    """Write a request for tuition support to a manager.

    It has the figures of the plan, and the posting's words as the reason.

    Example: credgap letter --goal data-analyst --have "excel:3" --budget 500 --reimburse 80%
    """
    talk = Talk(context, postings, goal, form=format, no_input=no_input)
    found = talk.read()
    from credgap import letter as letters
    from credgap.report import letter as pages

    given = inputs.choosing(chosen)
    asked = inputs.asked(found, postings, goal, given.source, quiet=chosen.quiet)
    if len(asked.wants) > 1 and not together:
        raise UsageError("a letter is about one plan", hint="Give one posting, or --together for one plan for all of them.")
    asked, given, chosen = talk.hold(asked, given, chosen)
    (report, *_) = advise.planned(asked, given, chosen, together=together, alternatives=0)
    if report.failure is not None:
        inputs.note(report.failure, quiet=chosen.quiet)
        return int(Exit.NOTHING_RECOGNISED)
    made = letters.letter(report, given.source.catalogue)
    output.write(pages.render(made, format, width=width_of(output_file)), output_file)
    if made.asked is None and made.cost > 0:
        inputs.note("--reimburse SHARE fills in how much you ask for.", quiet=chosen.quiet)
    talk.finish()
    return int(Exit.DONE)
