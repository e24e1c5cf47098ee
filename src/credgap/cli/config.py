"""The commands of `credgap config`: show, set, unset, path."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credgap.cli import folders, inputs, options, output, settings
from credgap.cli.helptext import Command, Group
from credgap.cli.options import FactsForm
from credgap.errors import UsageError

if TYPE_CHECKING:
    from credgap.cli.settings import Setting

config = typer.Typer(
    cls=Group,
    help="Show and set defaults of your own.\n\nThe command line goes before the environment (CREDGAP_BUDGET=300), that before the"
    " configuration file, that before what the program has.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="What to set, such as budget; `credgap config show` lists all.")]


@config.command("show", cls=Command)
def show(format: options.FactsFormat = FactsForm.terminal, output_file: options.Output = None) -> None:
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
    if format is FactsForm.json:
        whole = {"format_version": _version(), "command": "config show", "file": str(path), "entries": entries}
        output.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", output_file)
        return
    output.write(_page(entries, path, output_file), output_file)


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


def _version() -> int:
    from credgap.report.json import FORMAT_VERSION

    return FORMAT_VERSION


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


def _page(entries: list[dict[str, Any]], path: Path, output_file: Path | None) -> str:
    from credgap.cli.browse import width_of
    from credgap.report.page import Column, Page

    page = Page(width=width_of(output_file), color=False)
    page.line(f"{path}{'' if path.is_file() else ' (not there yet)'}", indent=0)
    page.line("The command line goes before the environment, that before the file, that before the default.", indent=0)
    page.table(
        [Column("Key"), Column("Value", flexible=True), Column("From", flexible=True), Column("Means", flexible=True)],
        [[e["key"], _words(e["value"]), e["from"].replace(f"{path}:", "file, line "), e["meaning"]] for e in entries],
        indent=0,
    )
    for name in settings.unknown(os.environ):
        page.line(f"{name} in the environment sets nothing: there is no such key.", indent=0)
    return page.text()
