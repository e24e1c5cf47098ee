"""A paste in a terminal -> text."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from credgap.cli.prompt import keys_at_once, say, write_to

if TYPE_CHECKING:
    from prompt_toolkit.output import Output

END = "."


def ask(*, plain: bool = False) -> str:
    """The text typed or pasted, up to Ctrl-D or a line that is a single full stop. Raises KeyboardInterrupt at Ctrl-C.

    Reads with bracketed paste, so that blank lines in the middle and lines of any length arrive whole. The prompt goes to stderr; the
    text is taken off the screen once it is read. `plain`: it is not shown at all.
    """
    with keys_at_once(signals=True):
        return _ask(plain=plain or os.environ.get("TERM") == "dumb")


def _ask(*, plain: bool) -> str:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.keys import Keys

    keys = KeyBindings()

    @keys.add("enter")
    def _line(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.current_line.strip() == END:
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    @keys.add("c-d")
    def _end(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("tab")
    def _tab(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\t")

    @keys.add(Keys.BracketedPaste)
    def _paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(event.data.replace("\r\n", "\n").replace("\r", "\n"))
        if ends(event.current_buffer.text):
            event.current_buffer.validate_and_handle()

    session: PromptSession[str] = PromptSession(
        multiline=True, key_bindings=keys, output=_unseen() if plain else write_to(), erase_when_done=True
    )
    with keys_at_once(signals=False):
        say("Paste the job posting. End with Ctrl-D, or with a line that is a single full stop. Ctrl-C stops.")
        return without_end(session.prompt(""))


def _unseen() -> Output:
    """An output that draws nothing, but has the terminal mark where a paste begins and ends."""
    from prompt_toolkit.output import DummyOutput

    class Unseen(DummyOutput):
        def enable_bracketed_paste(self) -> None:
            self._tell("\x1b[?2004h")

        def disable_bracketed_paste(self) -> None:
            self._tell("\x1b[?2004l")

        def _tell(self, signs: str) -> None:
            if os.environ.get("TERM") != "dumb":
                print(signs, end="", file=sys.stderr, flush=True)

    return Unseen()


def ends(text: str) -> bool:
    """Whether the last whole line is the single full stop."""
    return text.endswith("\n") and text.rstrip("\n").split("\n")[-1].strip() == END


def without_end(text: str) -> str:
    """The text without its closing full stop line."""
    lines = text.rstrip().split("\n")
    return "\n".join(lines[:-1]) if lines[-1].strip() == END else text
