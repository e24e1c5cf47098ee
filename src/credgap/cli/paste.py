"""A paste in a terminal -> text."""

from __future__ import annotations

import sys

END = "."


def ask() -> str:
    """The text typed or pasted, up to Ctrl-D or a line that is a single full stop.

    Reads with bracketed paste, so that blank lines in the middle and lines of any length arrive whole. The prompt goes to stderr.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.keys import Keys
    from prompt_toolkit.output import create_output

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

    @keys.add(Keys.BracketedPaste)
    def _paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(event.data.replace("\r\n", "\n").replace("\r", "\n"))
        if ends(event.current_buffer.text):
            event.current_buffer.validate_and_handle()

    print("Paste the job posting. End with Ctrl-D, or with a line that is a single full stop.", file=sys.stderr)
    session: PromptSession[str] = PromptSession(multiline=True, key_bindings=keys, output=create_output(stdout=sys.stderr))
    return without_end(session.prompt(""))


def ends(text: str) -> bool:
    """Whether the last whole line is the single full stop."""
    return text.endswith("\n") and text.rstrip("\n").split("\n")[-1].strip() == END


def without_end(text: str) -> str:
    """The text without its closing full stop line."""
    lines = text.rstrip().split("\n")
    return "\n".join(lines[:-1]) if lines[-1].strip() == END else text
