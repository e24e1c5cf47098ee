"""The configuration file and the environment -> defaults of one's own for the options of commands.

What holds: the command line, else the environment (CREDGAP_BUDGET), else the configuration file, else what the program has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from credgap.cli import folders
from credgap.errors import CredgapError, UsageError

KEYS: Mapping[str, str] = {
    "budget": "most money to spend, net",
    "currency": "currency of the budget, as EUR",
    "rate": "what a unit of another currency is worth, as {EUR: 1.08}",
    "hours": "most hours of study in all",
    "hours_per_week": "hours of study a week; goes before those of the profile",
    "max_credentials": "most credentials in a plan",
    "free_only": "only what costs nothing",
    "reimburse": "what an employer pays back, as 80%",
    "reimburse_cap": "the most that is paid back",
    "grant": "a sum that others give",
    "weights": "weights, as {required: 1, preferred: 0.4, context: 0.1}",
    "count": "kinds of skills that count too, as [soft, human_language]",
    "fit": "fit from which the advice is to apply now",
    "min_gain": "what a credential must add to be worth taking",
    "slack": "cover given up to save money",
    "min_trust": "least trust a credential must earn",
    "trust": "on or off",
    "allow_unknown": "let unknown prices and hours in",
    "no_estimates": "take estimated hours as unknown",
    "exclude": "credentials and providers to leave out",
    "prefer": "providers to prefer",
    "language": "only what is held in these languages",
    "delivery": "only what is held so",
    "alternatives": "how many other plans to name",
    "solve_seconds": "seconds for the proof",
    "catalog": "catalogue files, from the folder of the configuration file",
    "no_builtin": "leave the built-in catalogue out",
    "profile": "the profile file, from the folder of the configuration file",
    "format": "form of the result",
    "quiet": "no notes on standard error",
    "no_input": "never ask",
}
"""What can be set, and what it means."""
FILES = ("catalog", "profile")
GENERAL = (*FILES, "no_builtin", "format", "quiet", "no_input")
"""What a command heeds that plans nothing."""
LIMITS = ("currency", "hours_per_week", "delivery")
"""What the limits of a plan check beyond what the option does."""
YIELDS: Mapping[str, tuple[str, ...]] = {"format": ("--plain",), "budget": ("--free-only",), "free_only": ("--budget", "-b")}
"""Keys that give way to options of the command line that they would contradict."""
PREFIX = "CREDGAP_"
OWN = ("CREDGAP_DEBUG", "CREDGAP_NO_ANSWERS")
"""Variables of that prefix that set no option."""
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

Value = str | bool | list[str]
"""A value in the form in which an option takes it."""
Defaults = dict[str, Any]
"""Values by option; those of a group's commands by command."""


class ConfigurationError(CredgapError):
    """A configuration file, or a variable of the environment, that cannot be used."""


@dataclass(frozen=True)
class Setting:
    """A value that is set, as it was written, and where: a variable of the environment, or file and line."""

    key: str
    value: Any
    origin: str
    base: Path | None = None
    """The folder from which the files it names are counted; None: the folder one works in."""

    def wrong(self, why: str) -> ConfigurationError:
        """The error that says what is wrong with it, and where it stands."""
        return ConfigurationError(
            f"{self.origin}: {self.key}: {why}", hint=f"It means: {KEYS[self.key]}. `credgap config show` lists what is set."
        )


def of(words: Sequence[str], root: Any) -> tuple[Defaults, dict[str, Setting]]:
    """The defaults for one command line, and the settings they come from. Raises ConfigurationError.

    Commands that mend the configuration, and help, are not kept from their work by its faults.
    """
    if not any_set():
        return {}, {}
    try:
        found = read(folders.configuration(), os.environ)
        return _defaults(words, root, found), found
    except ConfigurationError:
        if words[:1] in (["config"], ["doctor"]) or {"-h", "--help", "--version"} & set(words):
            return {}, {}
        raise


def any_set() -> bool:
    """Whether there is anything that could set a default."""
    return any(name.startswith(PREFIX) and name not in OWN for name in os.environ) or folders.configuration().is_file()


def read(path: Path, environment: Mapping[str, str]) -> dict[str, Setting]:
    """All that is set, the environment before the file. Raises ConfigurationError for a key that is none, with its line."""
    return of_file(path) | of_environment(environment)


def of_file(path: Path) -> dict[str, Setting]:
    """What the configuration file sets. Raises ConfigurationError naming file and line."""
    from credgap import yamledit
    from credgap.yamlfile import line_of, parse

    text = yamledit.read(path).encode()
    document, fault = parse(path, text)
    if fault is not None:
        raise ConfigurationError(str(fault), hint="Mend the file, or delete it.")
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigurationError(f"{path}:1: a configuration is a mapping with a line for each key, such as budget: 300")
    found = {}
    for key, value in document.items():
        place = f"{path}:{line_of(text, (key,))}"
        if key not in KEYS:
            raise ConfigurationError(
                f"{place}: {key!r} is no key of a configuration", hint=f"{nearest(str(key))} `credgap config unset {key}` takes it out."
            )
        if value is not None:
            found[key] = Setting(key, value, place, path.parent)
    return found


def of_environment(environment: Mapping[str, str]) -> dict[str, Setting]:
    """What the environment sets: CREDGAP_ and a key in capitals. An empty variable sets nothing."""
    names = {PREFIX + key.upper(): key for key in KEYS}
    return {key: Setting(key, environment[name], f"the variable {name}") for name, key in names.items() if environment.get(name)}


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look as though they should set something, and do not."""
    known = {*OWN, *(PREFIX + key.upper() for key in KEYS)}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def nearest(key: str) -> str:
    """A hint that names the likest keys."""
    from credgap.cli.browse import did_you_mean

    return did_you_mean(key.replace("-", "_"), KEYS) or f"There are: {', '.join(KEYS)}."


def check(setting: Setting, root: Any) -> None:
    """Raise ConfigurationError for a value that no command takes."""
    those = [param for path, param in options_of(root) if param.name == setting.key and _heeds(path, setting.key)]
    if not any(_takes(param, setting) for param in those):
        offered = sorted({c for p in those for c in choices(p)})
        raise setting.wrong(f"{setting.value!r} is none of {', '.join(offered)}")
    param = next(p for p in those if _takes(p, setting))
    _check(setting, param)


def blamed(message: str, words: Sequence[str], found: Mapping[str, Setting]) -> str:
    """A message about an option, with the place where its value was set, if that is not the command line."""
    option = re.match(r"--([a-z-]+)\b", message)
    setting = found.get(option[1].replace("-", "_")) if option else None
    if option is None or setting is None or any(w.partition("=")[0] == option[0] for w in words):
        return message
    return f"{setting.origin}: {message}"


def options_of(root: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every option of every command, with the words of the command."""
    for name, command in getattr(root, "commands", {}).items():
        yield from options_of(command, (*path, name))
    if not hasattr(root, "commands"):
        yield from ((path, p) for p in root.params if p.param_type_name == "option")


def choices(param: Any) -> list[str]:
    """The words that an option takes, where it takes only some."""
    kind = param.type_descriptor.annotation
    return [str(c.value) for c in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def given(setting: Setting, *, flag: bool, several: bool) -> Value:
    """The value in the form in which an option takes it. Raises ConfigurationError."""
    value = setting.value
    if flag:
        return _truth(setting)
    if isinstance(value, bool) and setting.key == "trust":  # YAML reads on and off as true and false
        return "on" if value else "off"
    if isinstance(value, dict) and setting.key in ("weights", "rate"):
        value = [f"{k}={v}" for k, v in value.items()]
    if isinstance(value, str) and several:
        value = value.split(os.pathsep if setting.key in FILES else ",")
    items = [str(v).strip() for v in (value if isinstance(value, list) else [value])]
    if isinstance(value, dict | bool) or any(isinstance(v, dict | list) for v in (value if isinstance(value, list) else ())):
        raise setting.wrong(f"{value!r} is not a value it can have")
    if setting.key in FILES:
        items = [_file(setting, i) for i in items]
    if several:
        return items
    if len(items) > 1 and setting.key not in ("weights", "count"):
        raise setting.wrong(f"{value!r} is more than one value")
    return ",".join(items)


def _file(setting: Setting, name: str) -> str:
    path = Path(name).expanduser()
    path = path if setting.base is None else setting.base / path
    if not path.is_file():
        raise setting.wrong(f"there is no file {path}")
    return str(path)


def _truth(setting: Setting) -> bool:
    word = str(setting.value).strip().casefold()
    if word not in (*TRUE, *FALSE):
        raise setting.wrong(f"{setting.value!r} is neither true nor false")
    return word in TRUE


def _defaults(words: Sequence[str], root: Any, found: Mapping[str, Setting]) -> Defaults:
    """What a command takes in the place of its own defaults, under the words by which it is called."""
    command = root
    path: list[str] = []
    for word in words:
        further = getattr(command, "commands", {}).get(word)
        if further is None:
            break
        command, path = further, [*path, word]
    if hasattr(command, "commands"):
        return {}
    taken: Defaults = {}
    for param in command.params:
        setting = found.get(param.name or "")
        if setting is None or param.param_type_name != "option" or not _heeds(tuple(path), setting.key):
            continue
        if any(w.partition("=")[0] in YIELDS.get(setting.key, ()) for w in words):
            continue
        if not _takes(param, setting):
            check(setting, root)  # another command may take it: then this one keeps its own default
            continue
        _check(setting, param)
        taken[setting.key] = given(setting, flag=param.is_flag, several=param.multiple)
    for word in reversed(path):
        taken = {word: taken}
    return taken


def _heeds(path: tuple[str, ...], key: str) -> bool:
    """Whether a command heeds a key: of options called alike, those that write into a profile mean something else."""
    return path[:1] != ("profile",) or key in GENERAL


def _takes(param: Any, setting: Setting) -> bool:
    """Whether the value is among those that the option takes, where it takes only some."""
    some = choices(param)
    return not some or given(setting, flag=param.is_flag, several=param.multiple) in some


def _check(setting: Setting, param: Any) -> None:
    from pydantic import ValidationError
    from typer import Context, TyperException
    from typer.core import TyperCommand

    value = given(setting, flag=param.is_flag, several=param.multiple)
    try:
        made = param.process_value(Context(TyperCommand("check")), value)
        _beyond(setting.key, made)
    except TyperException as error:
        raise setting.wrong(getattr(error, "message", str(error))) from error
    except UsageError as error:
        raise setting.wrong(error.message) from error
    except ValidationError as error:
        why = "a currency has three letters, as EUR" if setting.key == "currency" else error.errors(include_url=False)[0]["msg"].lower()
        raise setting.wrong(f"{setting.value!r}: {why}") from error


def _beyond(key: str, made: Any) -> None:
    """What the commands check after their options are read."""
    from credgap.cli import inputs

    if key == "weights":
        inputs.weights(made)
    elif key == "count":
        inputs.counted(made)
    elif key == "rate":
        dict(map(inputs.rate, made))
    elif key in LIMITS:
        import datetime as dt

        from credgap.models import Limits

        field = {"delivery": "deliveries"}.get(key, key)
        Limits.model_validate({"today": dt.date(2000, 1, 1), field: made.upper() if key == "currency" else made})
