"""Run the commands marked in README.md and put what they print below them.

    python scripts/update_readme.py [--check]

A block marked `<!-- run: ARGUMENTS -->` is filled with the command and its output at 100 columns. With --check nothing is written,
and the exit code is 1 where the README says something else than the commands do.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path
from unittest import mock

from credgap.cli import main as credgap

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"(<!-- run: (?P<arguments>.*?) -->\n```console\n)(?P<output>.*?)(```)", re.DOTALL)


def filled(text: str) -> str:
    """The text with every marked block filled anew."""
    return BLOCK.sub(lambda m: f"{m[1]}$ credgap {m['arguments']}\n{_output(m['arguments'])}{m[4]}", text)


def _output(arguments: str) -> str:
    with tempfile.TemporaryDirectory() as empty, contextlib.chdir(README.parent), contextlib.redirect_stdout(io.StringIO()) as out:
        settings = {"COLUMNS": "100", "XDG_CONFIG_HOME": empty, "NO_COLOR": "1"}
        with mock.patch.dict(os.environ, settings):
            code = credgap([*shlex.split(arguments), "--quiet"])
    if code:
        sys.exit(f"credgap {arguments}: exit {code}")
    return out.getvalue()


def main() -> int:
    """Fill the README, or check that it is filled as it should be."""
    before = README.read_text(encoding="utf-8")
    after = filled(before)
    if "--check" in sys.argv[1:]:
        return int(before != after)
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
