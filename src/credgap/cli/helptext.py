"""Commands and groups whose help puts options under what they are about, and says the purpose of each command whole.

Typer groups options only where rich draws the help, as boxes; this is the same for plain text.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

OWN, HELP = "Options", "Help"


def _write(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    """Arguments first, then the options that belong to this command alone, then each group in the order of its first."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], OWN: []}
    last: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None:
            continue
        if param.param_type_name == "argument":
            sections["Arguments"].append((record[0].partition(" <")[0], record[1]))
        elif "--help" in param.opts:
            last.append(record)
        else:
            sections.setdefault(getattr(param, "rich_help_panel", None) or OWN, []).append(record)
    for title, records in [*sections.items(), (HELP, last)]:
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Command(TyperCommand):
    """A command with its options in groups."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options."""
        _write(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands, each with its whole purpose."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write options and commands."""
        _write(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write name and purpose of each command."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, (c.help or "").strip().partition("\n")[0]) for name, c in found if c is not None and not c.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
