"""The command line: arguments -> exit code. The only prints and exits of the program are in this folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from credgap.errors import CredgapError, Exit

STOPPED = 130
"""Exit code where Ctrl-C stopped the program, as shells have it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    if "_CREDGAP_COMPLETE" in os.environ:
        from credgap.cli import complete

        shell = complete.asked()
        if shell is not None:
            return complete.answer(shell)
    from credgap.cli import answers

    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        kept = answers.question(words)
        if kept is None:
            return _run(words)
        if kept.recall():
            return int(Exit.DONE)
        with kept.listening():
            code = _run(words)
        if code == Exit.DONE:
            kept.keep()
        return code
    except BrokenPipeError:
        _drop_stdout()
        return int(Exit.DONE)
    except KeyboardInterrupt:
        return _stopped()


def _run(words: list[str]) -> int:
    """The only place that turns errors into messages and codes."""
    from typer import Abort, TyperException
    from typer import Exit as TyperExit
    from typer.main import get_command

    from credgap.cli import app as programs
    from credgap.cli import settings

    found: dict[str, settings.Setting] = {}
    try:
        command = get_command(programs.app if settings.any_set() else programs.of(words))
        defaults, found = settings.of(words, command)
        code = command.main(args=words, prog_name="credgap", standalone_mode=False, default_map=defaults, obj=tuple(words))
        sys.stdout.flush()
        return _stopped() if code == STOPPED else int(code or 0)
    except TyperExit as stop:
        return stop.exit_code
    except CredgapError as error:
        _complain(settings.blamed(error.message, words, found), error.hint)
        return int(error.exit_code)
    except BrokenPipeError:
        raise
    except (Abort, KeyboardInterrupt):
        return _stopped()
    except TyperException as error:
        return _usage(error)
    except Exception as error:
        if os.environ.get("CREDGAP_DEBUG"):
            raise
        _complain(f"this is a bug in credgap: {type(error).__name__}: {error}", "Set CREDGAP_DEBUG=1 to see where, and please report it.")
        return int(Exit.BUG)


def run() -> None:
    """Entry point of the `credgap` command."""
    sys.exit(main())


def _stopped() -> int:
    _complain("stopped", None)
    return STOPPED


def _usage(error: Exception) -> int:
    message = getattr(error, "format_message", lambda: str(error))()
    if type(error).__name__ == "NoArgsIsHelpError":
        print(message)
        return int(Exit.USAGE)
    path = getattr(getattr(error, "ctx", None), "command_path", "credgap")
    _complain(message.replace("Value error, ", ""), f"`{path} --help` shows what can be given.")
    return int(Exit.USAGE)


def _complain(message: str, hint: str | None) -> None:
    from credgap.cli.prompt import talk

    talk(f"credgap: {message}")
    if hint:
        talk(f"  {hint}")


def _drop_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not complain of the closed pipe at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
