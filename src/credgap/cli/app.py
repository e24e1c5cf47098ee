"""The commands and their groups."""

from __future__ import annotations

from typing import Annotated

import typer

from credgap import __version__
from credgap.cli import advise, browse
from credgap.cli.catalog import catalog

app = typer.Typer(
    name="credgap",
    help="From a job posting to the credentials worth taking, inside a money and a time budget.",
    epilog="Start with: credgap plan --goal data-scientist --have 'python, sql' --budget 300",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"credgap {__version__}")
        raise typer.Exit


@app.callback()
def _main(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False) -> None:
    pass


app.command("plan")(advise.plan)
app.command("frontier")(advise.frontier)
app.command("why")(advise.why)
app.command("explore")(advise.explore)
app.command("gap")(advise.gap)
app.command("extract")(advise.extract)
app.command("goals")(browse.goals)
app.command("skills")(browse.skills)
app.add_typer(catalog, name="catalog")
