"""What can go wrong, and the exit code each kind of failure has."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    BUG = 1
    USAGE = 2
    BAD_INPUT = 3
    DOES_NOT_FIT = 4
    SOLVER = 5
    NOTHING_RECOGNISED = 6
    GAP_LEFT = 10


class CredgapError(Exception):
    """A failure the user can act on: what and where in `message`, the way out in `hint`."""

    exit_code: Exit = Exit.BAD_INPUT

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CredgapError):
    """Options that contradict each other or are out of range."""

    exit_code = Exit.USAGE


class PostingError(CredgapError):
    """A posting that cannot be read."""


class ProfileError(CredgapError):
    """A profile, or `--have`, that cannot be read."""


class CatalogueError(CredgapError):
    """A catalogue that is not well formed or contradicts itself."""


class UnknownGoalError(CredgapError):
    """A goal role that is in no catalogue."""

    exit_code = Exit.USAGE


class DoesNotFitError(CredgapError):
    """What was demanded does not fit the limits."""

    exit_code = Exit.DOES_NOT_FIT


class SolverError(CredgapError):
    """The solver failed or returned what does not check."""

    exit_code = Exit.SOLVER


class NothingRecognisedError(CredgapError):
    """No skill was recognised, or none that counts; never to be read as "no gap"."""

    exit_code = Exit.NOTHING_RECOGNISED
