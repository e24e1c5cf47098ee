"""The commands of `credgap config`: show, set, unset, path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credgap.cli import folders, inputs, options, output, settings
from credgap.cli.helptext import Command, Group
from credgap.cli.options import SheetForm
from credgap.errors import UsageError

if TYPE_CHECKING:
    from credgap.cli.settings import Setting
    from credgap.report.story import Block

config = typer.Typer(
    cls=Group,
    help="Show and set defaults of your own.\n\nThe command line goes before the environment (CREDGAP_BUDGET=300), that before the"
    " configuration file, that before what the program has.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="What to set, such as budget; `credgap config show` lists all.")]


@config.command("show", cls=Command)
def show(format: options.SheetFormat = SheetForm.terminal, output_file: options.Output = None) -> None:
    """Show every default: its value, and where that comes from.

    What holds: the command line, else the environment (CREDGAP_ and the key in capitals, as CREDGAP_BUDGET=300), else the configuration
    file, else what the program has.

    Example: credgap config show
    """
    root, path = _root(), folders.configuration()
    found = settings.read(path, os.environ)
    for setting in found.values():
        settings.check(setting, root)
    entries = [_entry(key, found.get(key), root) for key in settings.KEYS]
    from credgap.cli.browse import write
    from credgap.report.sheet import Sheet

    made = Sheet(
        "config show",
        lambda: _blocks(entries, path),
        lambda: {"file": str(path), "entries": entries},
        ("key", "value", "from", "meaning"),
        lambda: ({**e, "value": None if e["value"] is None else _words(e["value"])} for e in entries),
        lambda: entries,
    )
    write(made, format, output_file)


@config.command("set", cls=Command)
def set_value(
    key: Key,
    value: Annotated[list[str], typer.Argument(metavar="VALUE", help="Its value. Several for a list, such as catalogue files.")],
    quiet: options.Quiet = False,
) -> None:
    """Set a default in the configuration file; its comments and order stay.

    Example: credgap config set hours_per_week 6
    """
    key = _known(key)
    settings.of_file(folders.configuration())
    keep(key, _value(key, value), quiet=quiet)


def keep(key: str, made: Any, *, quiet: bool) -> None:
    """Write a default into the configuration file, once it is seen that a command takes it. Raises ConfigurationError."""
    from credgap import yamledit

    path = folders.configuration()
    settings.check(settings.Setting(key, made, "the value given", path.parent), _root())
    yamledit.save(path, yamledit.put(yamledit.read(path), key, made))
    inputs.note(f"{key}: {_words(made)} ({path})", quiet=quiet)
    name = settings.PREFIX + key.upper()
    if os.environ.get(name):
        inputs.note(f"the variable {name} goes before it.", quiet=quiet)


@config.command("unset", cls=Command)
def unset(key: Key, quiet: options.Quiet = False) -> None:
    """Take a default out of the configuration file.

    Example: credgap config unset hours_per_week
    """
    from credgap import yamledit

    path = folders.configuration()
    text = yamledit.read(path)
    try:
        held = yamledit.data(text)
    except Exception:
        settings.of_file(path)  # raises, and says where the file is not well formed
        raise
    wanted = key if key in held else key.replace("-", "_")
    if wanted not in held:
        raise UsageError(f"{path} sets no {key!r}", hint=f"It sets: {', '.join(map(str, held)) or 'nothing'}.")
    yamledit.save(path, yamledit.dropped(text, wanted))
    inputs.note(f"{wanted} is no longer set ({path})", quiet=quiet)


@config.command("path", cls=Command)
def path() -> None:
    """Show where the configuration file stands, or would stand.

    Example: credgap config path
    """
    output.write(f"{folders.configuration()}\n", None)


def _root() -> Any:
    """All commands, with the options that take these defaults."""
    from typer.main import get_command

    from credgap.cli.app import app

    return get_command(app)


def _known(key: str) -> str:
    name = key.replace("-", "_")
    if name not in settings.KEYS:
        raise UsageError(f"{key!r} is no key of a configuration", hint=settings.nearest(name))
    return name


def _value(key: str, words: list[str]) -> Any:
    """The words of the command line as YAML would have them: numbers, true and false, lists."""
    import yaml

    if key in settings.FILES:
        files = [str(Path(w).expanduser().resolve()) for w in words]
        return files if key == "catalog" else files[0] if len(files) == 1 else files
    made = [yaml.safe_load(w) if w.strip() and ":" not in w else w for w in words]
    plain = [m if isinstance(m, int | float | bool) else w for m, w in zip(made, words, strict=True)]
    return plain[0] if len(plain) == 1 else plain


def _entry(key: str, setting: Setting | None, root: Any) -> dict[str, Any]:
    those = [p for _, p in settings.options_of(root) if p.name == key]
    if setting is None:
        default = next((p.default for p in those), None)
        return {"key": key, "value": _built_in(key, getattr(default, "value", default)), "from": "default", "meaning": settings.KEYS[key]}
    return {"key": key, "value": setting.value, "from": setting.origin, "meaning": settings.KEYS[key]}


def _built_in(key: str, default: Any) -> Any:
    """What holds where nobody has said, also where the option leaves that to the program."""
    if key == "weights":
        from credgap.gap import WEIGHTS

        return dict(WEIGHTS)
    if key == "hours_per_week":
        from credgap.models import Limits

        return Limits.model_fields[key].default
    return default


def _words(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, dict):
        return ", ".join(f"{k}={_words(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _blocks(entries: list[dict[str, Any]], path: Path) -> Iterator[Block]:
    from credgap.report.story import Heading, Paragraph, Table

    yield Heading(1, f"{path}{'' if path.is_file() else ' (not there yet)'}")
    yield Paragraph("The command line goes before the environment, that before the file, that before the default.")
    yield Table(
        ("Key", "Value", "From", "Means"),
        tuple((e["key"], _words(e["value"]), e["from"].replace(f"{path}:", "file, line "), e["meaning"]) for e in entries),
    )
    for name in settings.unknown(os.environ):
        yield Paragraph(f"{name} in the environment sets nothing: there is no such key.")
