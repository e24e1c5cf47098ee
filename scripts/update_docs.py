"""Fill in what the README and docs/ show of the program: help, output, fields, pages of commands, and a picture.

    python scripts/update_docs.py [--check]

docs/commands/ and docs/plan.svg are made whole. In every other page a block is filled that stands under one of these marks:

    <!-- run: ARGUMENTS -->           the command and what it prints, 100 columns wide; `run to WORD:` ends with
                                      the line that begins with this word
    <!-- fields: ARGUMENTS -->        the fields of the JSON lines that the command writes; of several, with ` and ` between
    <!-- columns: ARGUMENTS -->       the columns of the CSV that the command writes
    <!-- file: PATH -->               the file
    <!-- commands -->                 the table of commands

With --check nothing is written; what is not as it should be is named, and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from credgap.cli import app, inputs
from credgap.cli import main as credgap

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PICTURE = 'plan examples/data-analyst.txt --have "sql, excel:3, pivot tables:3, statistics, python" --budget 300 --today 2026-11-22'
"""The command whose output is the picture."""
BACK, FORE = (24, 24, 24), (230, 230, 230)
"""Its colours: what is dim is still read with ease (5.9 to 1)."""
TALLEST = 52
"""Lines of the picture; it ends at the last blank line before."""
COLUMNS = 100
BLOCK = re.compile(
    r"(?P<head><!-- (?P<kind>run|fields|columns|file)(?: to (?P<last>\w+))?: (?P<given>[^\n]*?) -->\n```\w*\n)"
    r".*?(?P<end>^```)",
    re.DOTALL | re.MULTILINE,
)
EXAMPLE = re.compile(r"credgap (?:[^\n]|\n(?!\s*credgap ))*")
"""A command line, which may go on in the next line."""
TABLE = re.compile(r"(<!-- commands -->\n)(?:\|[^\n]*\n)*")


class Command(NamedTuple):
    """A command or a group of commands, as its help describes it."""

    name: str
    parsed: Any
    context: Any

    @property
    def paragraphs(self) -> list[str]:
        """Its help, without the examples."""
        return [" ".join(p.split()) for p in _paragraphs(self.parsed.help) if not p.startswith("Example")]

    @property
    def examples(self) -> list[str]:
        """The command lines its help gives as examples."""
        told = (p for p in _paragraphs(self.parsed.help) if p.startswith("Example"))
        return [" ".join(line.split()) for p in told for line in EXAMPLE.findall(p)]


def _paragraphs(text: str | None) -> list[str]:
    return [p.strip() for p in re.split(r"\n\s*\n", (text or "").replace("\b", "").replace("\f", "")) if p.strip()]


# --- The program, as one would run it ---------------------------------------------------------------------------


@contextlib.contextmanager
def alone(columns: int = COLUMNS) -> Iterator[None]:
    """Run in the folder of the project, with nobody's profile, defaults, kept answers or terminal."""
    with tempfile.TemporaryDirectory() as empty, contextlib.chdir(ROOT):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CREDGAP_") and k not in ("NO_COLOR", "FORCE_COLOR", "LINES")}
        own = {
            "COLUMNS": str(columns),
            "LINES": "60",
            "XDG_CONFIG_HOME": empty,
            "XDG_DATA_HOME": empty,
            "CREDGAP_NO_ANSWERS": "1",
            "TERM": "xterm-256color",
        }
        with mock.patch.dict(os.environ, kept | own, clear=True):
            yield


class _Screen(io.StringIO):
    """Standard output that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def once() -> None:
    """Read and index the data once for all commands of this process."""
    read = inputs.data

    @cache
    def kept(overlays: tuple[Path, ...], no_builtin: bool) -> inputs.Data:
        return read(overlays, no_builtin)

    inputs.data = lambda overlays, no_builtin: kept(tuple(overlays or ()), no_builtin)


@cache
def printed(arguments: str, *, columns: int = COLUMNS, terminal: bool = False) -> str:
    """What a command prints."""
    out = _Screen() if terminal else io.StringIO()
    words = shlex.split(arguments)
    with alone(columns), contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as errors:
        code = credgap(words)
    if code:
        sys.exit(f"credgap {arguments}: exit {code}\n{errors.getvalue()}")
    return out.getvalue()


# --- Blocks -----------------------------------------------------------------------------------------------------


def filled(text: str) -> str:
    """The text with every marked block filled anew."""
    text = BLOCK.sub(lambda m: f"{m['head']}{BLOCKS[m['kind']](m['given'], m['last'])}{m['end']}", text)
    return TABLE.sub(lambda m: m[1] + command_table("docs/commands/"), text)


def _run(arguments: str, last: str | None) -> str:
    text = printed(arguments)
    if last and (end := re.search(rf"^{last}\b.*\n", text, re.MULTILINE)):
        text = text[: end.end()] + ("...\n" if text[end.end() :] else "")
    return f"$ credgap {arguments}\n{text}"


def _columns(arguments: str, _: str | None) -> str:
    header = next(csv.reader(io.StringIO(printed(arguments))))
    lines: list[str] = []
    line = ""
    for name in header:
        if len(line) + len(name) > COLUMNS:
            lines, line = [*lines, line], ""
        line += f"{name}, "
    return "\n".join(x.rstrip() for x in [*lines, line.rstrip(", ")]) + "\n"


def _file(path: str, _: str | None) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _fields(arguments: str, _: str | None) -> str:
    """The fields of all the commands, between which ` and ` stands."""
    texts = [printed(a) for a in arguments.split(" and ")]
    return "".join(_tree("", [json.loads(line) for text in texts for line in text.splitlines()]))


def _tree(indent: str, values: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The fields that these objects have, with what they hold; those inside lists and objects indented."""
    for key in dict.fromkeys(k for v in values for k in v):
        found = [v[key] for v in values if key in v]
        inside = [x for f in found for x in (f if isinstance(f, list) else [f])]
        mark = "[]" if any(isinstance(f, list) for f in found) else ""
        objects = [x for x in inside if isinstance(x, dict)]
        names = dict.fromkeys(_kind(x) for x in inside if not isinstance(x, dict))
        if "null" in names:
            names["null"] = names.pop("null")  # to the end
        held = " or ".join([*(["object"] if objects and names else []), *names])
        yield f"{indent}{key}{mark}{': ' + held if held else ''}\n"
        yield from _tree(indent + "  ", objects)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    return {type(None): "null", int: "number", float: "number", str: "text", list: "list"}[type(value)]


BLOCKS: Mapping[str, Callable[[str, str | None], str]] = {"run": _run, "fields": _fields, "columns": _columns, "file": _file}


# --- The pages of the commands ----------------------------------------------------------------------------------


@cache
def commands() -> tuple[Command, ...]:
    """The commands and groups, in the order of the help."""
    from typer.main import get_command

    root: Any = get_command(app.whole())
    context = root.make_context("credgap", [], resilient_parsing=True)
    return tuple(_command(f"credgap {name}", root.commands[name], context) for name in app.ENTRIES)


def inside(group: Command) -> tuple[Command, ...]:
    """The commands of a group; none of a command."""
    held = getattr(group.parsed, "commands", {})
    return tuple(_command(f"{group.name} {name}", one, group.context) for name, one in held.items())


def _command(name: str, parsed: Any, parent: Any) -> Command:
    return Command(name, parsed, type(parent)(parsed, info_name=name.rpartition(" ")[2], parent=parent))


def command_table(folder: str) -> str:
    """The commands with their purposes; a group by each of its commands."""
    rows = ["| command | does |", "| --- | --- |"]
    for top in commands():
        page = f"{folder}{top.name.removeprefix('credgap ')}.md"
        for one in inside(top) or (top,):
            anchor = "" if one is top else "#" + one.name.replace(" ", "-")
            rows.append(f"| [`{one.name}`]({page}{anchor}) | {_purpose(one)} |")
    return "\n".join(rows) + "\n"


def _purpose(one: Command) -> str:
    return one.paragraphs[0]


def command_page(top: Command) -> str:
    """The page of a command, or of a group with its commands."""
    if not inside(top):
        return _section(top, 1)
    parts = [f"# {top.name}\n\n{chr(10).join(top.paragraphs)}\n"]
    return "\n".join([*parts, *(_section(one, 2) for one in inside(top))])


def _section(one: Command, level: int) -> str:
    sign = "#" * level
    usage = " ".join([one.name, *one.parsed.collect_usage_pieces(one.context)])
    parts = [f"{sign} {one.name}", *one.paragraphs, f"```text\n{usage}\n```"]
    if one.examples:
        parts += ["For example:", "```sh\n" + "\n".join(one.examples) + "\n```"]
    for heading, lines in _described(one).items():
        parts += [f"{sign}# {heading}" if level == 1 else f"**{heading}**", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _described(one: Command) -> dict[str, list[str]]:
    """The arguments and options of a command under the headings of their groups, each with its help."""
    groups: dict[str, list[str]] = {}
    for parameter in one.parsed.get_params(one.context):
        record = parameter.get_help_record(one.context)
        if record is None or "--help" in parameter.opts:
            continue
        heading = "Arguments" if parameter.param_type_name == "argument" else parameter.rich_help_panel or "Options"
        names, told = record
        if parameter.param_type_name == "argument":
            names = names.partition(" <")[0]  # the type in terms of Python
        groups.setdefault(heading, []).append(f"- `{names}`: {' '.join(told.split())}")
    rest = groups.pop("Options", None)
    return groups | ({"Options": rest} if rest else {})


# --- The picture ------------------------------------------------------------------------------------------------

SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>TITLE</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; \
line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""As rich has it, without the font that it would fetch from the network."""


def picture() -> str:
    """The beginning of a plan as a terminal shows it, as SVG."""
    from rich.console import Console
    from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
    from rich.text import Text

    width = 92
    lines = printed(PICTURE, columns=width, terminal=True).rstrip("\n").split("\n")
    if len(lines) > TALLEST:
        lines = lines[: max(n for n in range(TALLEST) if not lines[n].strip())]
    console = Console(record=True, file=io.StringIO(), width=width, legacy_windows=False, color_system="truecolor", force_terminal=True)
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    colors = [(c.red, c.green, c.blue) for c in map(SVG_EXPORT_THEME.ansi_colors.__getitem__, range(16))]
    theme = TerminalTheme(BACK, FORE, colors[:8], colors[8:])
    title = "credgap " + PICTURE.partition(" --today")[0]
    return console.export_svg(title=title, theme=theme, code_format=SVG.replace("TITLE", escape(title)), unique_id="credgap")


# --- All of it --------------------------------------------------------------------------------------------------


def made() -> dict[Path, str]:
    """Every page with a part that is made, as it should be."""
    pages = {page: filled(page.read_text(encoding="utf-8")) for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md")))}
    folder = DOCS / "commands"
    index = f"# Commands\n\nEvery command with all its options, as `--help` has them.\n\n{command_table('')}"
    pages |= {folder / "README.md": index, DOCS / "plan.svg": picture()}
    return pages | {folder / f"{top.name.removeprefix('credgap ')}.md": command_page(top) for top in commands()}


def main() -> int:
    """Write the pages, or say which are not as they should be."""
    once()
    pages = made()
    stray = [p for p in (DOCS / "commands").glob("*") if p not in pages]
    wrong = [p for p, text in pages.items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for page in (*wrong, *stray):
            print(f"{page.relative_to(ROOT)}: not as the program has it; run scripts/update_docs.py")
        return int(bool(wrong or stray))
    shutil.rmtree(DOCS / "commands", ignore_errors=True)
    for page, text in pages.items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
