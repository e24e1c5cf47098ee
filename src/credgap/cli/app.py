"""The commands and their groups. Only the command that is asked for is loaded: the others stand in the help by name and purpose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

from credgap import __version__
from credgap.cli.helptext import Command, Group


class Entry(NamedTuple):
    """Where a command, or a group of commands, stands, and the first line of its help."""

    module: str
    name: str
    purpose: str
    group: bool = False

    def load(self) -> Any:
        """The command's function, or the group."""
        return getattr(import_module(f"credgap.cli.{self.module}"), self.name)


ENTRIES: Mapping[str, Entry] = {
    "plan": Entry("advise", "plan", "Choose what to take, inside a money and a time budget."),
    "frontier": Entry("advise", "frontier", "Show what each further sum of money, or week, would buy."),
    "why": Entry("advise", "why", "Show where one credential stands beside the plan, and why."),
    "explore": Entry("advise", "explore", "Rank all goal roles by how near you are to them."),
    "gap": Entry("advise", "gap", "Show what you have and lack, and whether to apply."),
    "extract": Entry("advise", "extract", "Show what a posting asks for, line by line."),
    "batch": Entry("batch", "batch", "Work many postings or people: one row out for each row in."),
    "demand": Entry("crowd", "demand", "Count what many postings ask for, and what would answer it."),
    "cohort": Entry("crowd", "cohort", "Hold a team against a role, and plan within one budget."),
    "goals": Entry("browse", "goals", "List, search or show the goal roles."),
    "skills": Entry("browse", "skills", "List, search or show the skills."),
    "catalog": Entry("catalog", "catalog", "Show, search, count and check credentials.", group=True),
    "showcase": Entry(
        "after",
        "showcase",
        "Show how to present a credential, and how it is verified.",
    ),
    "letter": Entry(
        "after",
        "letter",
        "Write a request for tuition support to a manager.",
    ),
    "profile": Entry("profile", "profile", "Show and change what you have.", group=True),
    "config": Entry("config", "config", "Show and set defaults of your own.", group=True),
    "doctor": Entry(
        "doctor",
        "doctor",
        "Show what is installed and found, and what is wrong with it.",
    ),
}


def _version(wanted: bool) -> None:
    if wanted:
        print(f"credgap {__version__}")
        raise typer.Exit


def _main(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False) -> None:
    pass


def of(words: list[str]) -> typer.Typer:
    """The program for one command line: the command it names whole, the others by name and purpose."""
    found = _bare()
    named = next((w for w in words if not w.startswith("-")), None)
    for name, entry in ENTRIES.items():
        if name == named:
            _add(found, name, entry)
        else:
            found.command(name, cls=Command, help=entry.purpose)(_stub)
    return found


@cache
def whole() -> typer.Typer:
    """The program with every command, loaded when first asked for."""
    found = _bare()
    for name, entry in ENTRIES.items():
        _add(found, name, entry)
    return found


def _bare() -> typer.Typer:
    """The program without commands."""
    found = typer.Typer(
        name="credgap",
        cls=Group,
        help="From a job posting to the credentials worth taking, inside a money and a time budget.",
        epilog="Start with: credgap plan --goal data-analyst --have sql --budget 300",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    found.callback()(_main)
    return found


def _add(program: typer.Typer, name: str, entry: Entry) -> None:
    loaded = entry.load()
    if entry.group:
        program.add_typer(loaded, name=name)
    else:
        program.command(name, cls=Command)(loaded)


def _stub() -> None:
    """Stands for a command that is not asked for."""


def __getattr__(name: str) -> Any:
    """`app`: the program with every command, loaded when first asked for."""
    if name == "app":
        return whole()
    raise AttributeError(name)
