"""A command line begun in a shell -> what can follow: commands, options, skills, goals, ids.

The answer comes from a list kept in the cache folder, so that neither the commands nor the catalogue have to be read. It speaks as the
scripts do that `credgap --install-completion` installs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from credgap.cli import folders
from credgap.files import data_folder, keep_copy

VARIABLE = "_CREDGAP_COMPLETE"
"""Set by the shell's script; its value says which shell asks."""

BY_METAVAR: Mapping[str, tuple[str, ...]] = {
    "SKILLS": ("skills",),
    "SKILL": ("skills",),
    "ENTRY": ("skills", "credentials"),
    "ROLE": ("goals",),
    "ID": ("credentials",),
    "PROVIDER": ("providers",),
    "PLAN": ("plans",),
    "KIND": ("kinds",),
    "FIELD": ("fields",),
    "KEY": ("keys",),
    "NAME": ("saved",),
}
"""What completes the value of an option or argument, by how its value is called in the help."""
BY_NAME: Mapping[str, tuple[str, ...]] = {"exclude": ("credentials", "providers"), "provider": ("providers",)}
"""The same for options whose value is called as others are."""
BY_COMMAND: Mapping[str, tuple[str, ...]] = {"goals": ("goals",), "skills": ("skills",)}
"""What completes the word of the commands that list."""
LISTED = ("SKILLS",)
"""Values that are lists with commas between."""

Item = tuple[str, str]
"""A word that can stand here, and what it means."""
Tree = dict[str, Any]


def asked() -> str | None:
    """Which shell asks for completion, if one does."""
    kind, _, shell = os.environ.get(VARIABLE, "").partition("_")
    return shell if kind == "complete" and shell in SHELLS else None


def answer(shell: str) -> int:
    """Write what can follow, in the form that the shell's script reads."""
    words, word, write = SHELLS[shell]()
    return write(candidates(words, word, _kept()))


def candidates(words: list[str], word: str, tree: Tree) -> list[Item]:
    """What can stand in the place of `word`, behind `words`."""
    command, rest = tree["commands"], list(words)
    while rest and rest[0] in command.get("commands", {}):
        command = command["commands"][rest.pop(0)]
    before = rest[-1] if rest else ""
    if before == "=" or word == "=":  # bash parts words there
        before, word = (rest[-2] if before == "=" and len(rest) > 1 else before), "" if word == "=" else word
    option = command["options"].get(before)
    if option is not None and option["value"]:
        return _values(option, word, tree)
    name, equals, begun = word.partition("=")
    if equals and name in command["options"]:
        return [(f"{name}={v}", about) for v, about in _values(command["options"][name], begun, tree)]
    if word.startswith("-"):
        return [
            (n, o["help"])
            for n, o in command["options"].items()
            if n.startswith(word) and (n not in rest or o["several"]) and n[:2] == "--"
        ]
    if "commands" in command:
        return [(n, c["help"]) for n, c in command["commands"].items() if n.startswith(word)]
    argument = _argument(command, rest)
    return _values(argument, word, tree) if argument else []


def _argument(command: Tree, rest: list[str]) -> Tree | None:
    """The argument that comes next, after those given; an option that takes a value takes the next word."""
    given, skip = 0, False
    for word in rest:
        option = command["options"].get(word)
        if skip or word.startswith("-"):
            skip = not skip and option is not None and option["value"]
        else:
            given += 1
    arguments: list[Tree] = command["arguments"]
    if given < len(arguments):
        return arguments[given]
    return arguments[-1] if arguments and arguments[-1]["several"] else None


def _values(param: Tree, word: str, tree: Tree) -> list[Item]:
    if param["choices"]:
        return [(c, "") for c in param["choices"] if c.startswith(word)]
    before = ""
    if param["listed"]:
        before, word = word[: word.rfind(",") + 1], word[word.rfind(",") + 1 :].lstrip()
    wanted = word.casefold()
    found: list[Item] = []
    for noun in param["of"]:
        items = _saved() if noun == "saved" else tree["words"].get(noun, ())
        found += [(i, name) for i, name in items if i.startswith(wanted)] or [
            (i, name) for i, name in items if wanted and name.casefold().startswith(wanted)
        ]
    return [(before + i, name) for i, name in found]


def _saved() -> list[Item]:
    folder = folders.plans()
    return [(p.stem, "") for p in sorted(folder.glob("*.json"))] if folder.is_dir() else []


# --- The list that is kept -----------------------------------------------------------------------------


def _kept() -> Tree:
    """What commands, options and words there are: from the copy, where program, data and configuration are as they were."""
    path, mark = folders.cache() / "completion.json", _mark()
    try:
        kept: Tree = json.loads(path.read_text(encoding="utf-8"))
        if kept["mark"] == mark:
            return kept
    except (OSError, ValueError, KeyError, TypeError):
        pass
    made = {"mark": mark, "commands": _commands(), "words": _words()}
    keep_copy(path, json.dumps(made, ensure_ascii=False, separators=(",", ":")), among=path.name, most=1)
    return made


def _mark() -> str:
    """What changes where the program, its data or the configuration does."""
    program = Path(__file__).resolve().parents[1]
    seen = []
    for folder in (program, program / "cli", data_folder()):
        with os.scandir(folder) as entries:
            seen += [(e.name, e.stat().st_mtime_ns, e.stat().st_size) for e in entries if not e.name.startswith((".", "_"))]
    own = folders.configuration()
    return f"{sys.version} {sorted(seen)} {own.read_text(encoding='utf-8', errors='replace') if own.is_file() else ''}"


def _commands() -> Tree:
    from typer.main import get_command

    from credgap.cli.app import app

    return _command(get_command(app), "")


def _command(command: Any, name: str) -> Tree:
    own = [p for p in command.params if not getattr(p, "hidden", False)]
    tree: Tree = {
        "help": (command.help or "").strip().partition("\n")[0],
        "options": {n: _param(p, name) for p in own if p.param_type_name == "option" for n in (*p.opts, *p.secondary_opts)},
        "arguments": [_param(p, name) for p in own if p.param_type_name == "argument"],
    }
    tree["options"]["--help"] = {
        "help": "Show what can be given.",
        "value": False,
        "several": False,
        "choices": [],
        "of": [],
        "listed": False,
    }
    if hasattr(command, "commands"):
        tree["commands"] = {n: _command(c, n) for n, c in command.commands.items() if not c.hidden}
    return tree


def _param(param: Any, command: str) -> Tree:
    from credgap.cli.settings import choices

    called = param.metavar or ""
    of = BY_NAME.get(param.name) or BY_METAVAR.get(called) or (BY_COMMAND.get(command) if called == "WORD" else None) or ()
    return {
        "help": getattr(param, "help", None) or "",
        "value": not getattr(param, "is_flag", False),
        "several": param.multiple or param.nargs != 1,
        "choices": choices(param),
        "of": list(of),
        "listed": called in LISTED,
    }


def _words() -> dict[str, list[Item]]:
    """The words that complete values, with what they mean."""
    from typing import get_args

    from credgap.cli import inputs, settings
    from credgap.errors import CredgapError
    from credgap.models import CredentialKind

    try:
        found = settings.read(folders.configuration(), os.environ)
        files = settings.given(found["catalog"], flag=False, several=True) if "catalog" in found else []
        catalogue = inputs.data([Path(f) for f in files] if isinstance(files, list) else [], no_builtin=False).catalogue
    except CredgapError:
        catalogue = inputs.data([], no_builtin=False).catalogue
    return {
        "skills": [(s.id, s.name) for s in catalogue.skills],
        "goals": [(g.id, g.name) for g in catalogue.goals],
        "credentials": [(c.id, c.name) for c in catalogue.credentials if c.status == "current"],
        "providers": [(p.id, p.name) for p in catalogue.provider.values()],
        "plans": [(p.id, p.name) for p in catalogue.subscription.values()],
        "kinds": [(k, "") for k in get_args(CredentialKind)],
        "fields": [
            (f, catalogue.field[f].name if f in catalogue.field else "")
            for f in sorted({c.field or "" for c in catalogue.credentials} - {""})
        ],
        "keys": list(settings.KEYS.items()),
    }


# --- How the shells ask and are answered -----------------------------------------------------------------

Question = tuple[list[str], str, Callable[[list[Item]], int]]


def _bash() -> Question:
    words = _split(os.environ.get("COMP_WORDS", ""))
    at = int(os.environ.get("COMP_CWORD", "0"))
    before, word = words[1:at], words[at] if at < len(words) else ""
    there = ""  # bash parts words at colons, and completes what stands behind the last
    while len(before) > 1 and before[-1] == ":":
        there = f"{before[-2]}:{there}"
        before = before[:-2]
    return before, there + word, lambda found: _write(v.removeprefix(there) for v, _ in found)


def _zsh() -> Question:
    def written(found: list[Item]) -> int:
        rows = [f'"{_quoted(v)}"' + (f':"{_quoted(about)}"' if about else "") for v, about in found]
        return _write([f"_arguments '*: :(({chr(10).join(rows)}))'" if rows else "_files"])

    return *_typed(), written


def _fish() -> Question:
    def written(found: list[Item]) -> int:
        if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
            return 0 if found else 1
        return _write("\t".join(x for x in (v, " ".join(about.split())) if x) for v, about in found)

    return *_typed(), written


def _powershell() -> Question:
    words, word = _split(os.environ.get("_TYPER_COMPLETE_ARGS", "")), os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", "")
    return words[1:-1] if word else words[1:], word, lambda found: _write(f"{v}:::{about or ' '}" for v, about in found)


SHELLS: Mapping[str, Callable[[], Question]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
    "pwsh": _powershell,
}


def _typed() -> tuple[list[str], str]:
    """The words before the last, and the last, which is empty behind a blank."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _split(line)[1:]
    return (words[:-1], words[-1]) if words and not line.endswith(" ") else (words, "")


def _split(line: str) -> list[str]:
    """The words of a line as a shell parts them; a quote that is still open ends with the line."""
    import shlex

    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:
        words.append(lexer.token)
    return words


def _quoted(text: str) -> str:
    for sign, instead in (('"', '""'), ("'", "''"), ("$", "\\$"), ("`", "\\`"), (":", r"\\:")):
        text = text.replace(sign, instead)
    return text


def _write(lines: Iterable[str]) -> int:
    text = "\n".join(lines)
    if text:
        print(text)
    return 0
