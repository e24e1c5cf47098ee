"""The options that commands share: one definition, one help text, one check for each."""

from __future__ import annotations

import datetime as dt
import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """Forms in which a result can be written."""

    terminal = "terminal"
    json = "json"
    jsonl = "jsonl"


class TrustMode(StrEnum):
    """Whether trust weighs."""

    on = "on"
    off = "off"


def amount(text: str) -> float:
    """A sum or a number of hours, 0 or more: "500", "$500", "1,200.50"."""
    try:
        value = float(text.strip().lstrip("$€£").replace(",", "").replace("_", ""))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number") from None
    if not math.isfinite(value) or value < 0:
        raise typer.BadParameter(f"{text!r} is not a number of 0 or more")
    return value


def date(text: str) -> dt.date:
    """A day as YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2027-06-30") from None


WHAT, HAVE, LIMIT, CHOICE, DATA, OUT = "What is asked", "What you have", "Limits", "The choice", "Data", "Output"

Postings = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="POSTING",
        help="A file, a folder, a .jsonl file of postings, or - for standard input. None: paste it.",
        show_default=False,
    ),
]
GoalName = Annotated[
    str | None, typer.Option("--goal", "-g", metavar="ROLE", help="A role instead of a posting: data-scientist.", rich_help_panel=WHAT)
]
Count = Annotated[
    str | None,
    typer.Option(metavar="KINDS", help="Count these kinds too: soft, human_language, licence (comma between).", rich_help_panel=WHAT),
]
Weights = Annotated[
    str | None, typer.Option(metavar="LIST", help="Weights, such as required=1,preferred=0.4,context=0.1.", rich_help_panel=WHAT)
]
Fit = Annotated[
    float, typer.Option(min=0, max=1, metavar="SHARE", help="Fit from which the advice is to apply now, 0 to 1.", rich_help_panel=WHAT)
]

Have = Annotated[
    str | None,
    typer.Option(
        metavar="SKILLS", help="Skills you have, with level 1-3 and years if you like: 'python, sql:3, excel:2:4y'.", rich_help_panel=HAVE
    ),
]
ProfileFile = Annotated[
    Path | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="FILE",
        help="A profile file (YAML). Default: the one in your configuration folder.",
        rich_help_panel=HAVE,
    ),
]

Budget = Annotated[
    float | None, typer.Option("--budget", "-b", parser=amount, metavar="AMOUNT", help="Most money to spend, net.", rich_help_panel=LIMIT)
]
Currency = Annotated[
    str, typer.Option(metavar="CODE", help="Currency of the budget; prices in another are unknown.", rich_help_panel=LIMIT)
]
Hours = Annotated[float | None, typer.Option(parser=amount, metavar="HOURS", help="Most hours of study in all.", rich_help_panel=LIMIT)]
HoursPerWeek = Annotated[
    float | None,
    typer.Option(parser=amount, metavar="HOURS", help="Hours of study a week; 5 where nobody says.", rich_help_panel=LIMIT),
]
By = Annotated[dt.date | None, typer.Option(parser=date, metavar="DAY", help="Last day of study, as 2027-06-30.", rich_help_panel=LIMIT)]
MaxCredentials = Annotated[int, typer.Option(min=0, max=50, metavar="N", help="Most credentials in the plan.", rich_help_panel=LIMIT)]

MinGain = Annotated[
    float,
    typer.Option(
        min=0, metavar="WEIGHT", help="What a credential must add, in required skills, to be worth taking.", rich_help_panel=CHOICE
    ),
]
Slack = Annotated[float, typer.Option(min=0, max=1, metavar="SHARE", help="Cover given up to save money, 0 to 1.", rich_help_panel=CHOICE)]
MinTrust = Annotated[float, typer.Option(min=0, max=1, metavar="SHARE", help="Least trust a credential must earn.", rich_help_panel=CHOICE)]
TrustOption = Annotated[TrustMode, typer.Option("--trust", help="off: every credential is trusted in full.", rich_help_panel=CHOICE)]
AllowUnknown = Annotated[
    bool,
    typer.Option(
        "--allow-unknown", help="Let unknown prices and hours into a limited plan; totals then read 'at least'.", rich_help_panel=CHOICE
    ),
]
NoEstimates = Annotated[bool, typer.Option("--no-estimates", help="Take estimated study hours as unknown.", rich_help_panel=CHOICE)]
Anyway = Annotated[bool, typer.Option("--anyway", help="Plan even where a must is unmet that no credential opens.", rich_help_panel=CHOICE)]
SolveSeconds = Annotated[
    float,
    typer.Option(
        min=0.01, metavar="SECONDS", help="Time for the proof; after it the best plan so far and its distance.", rich_help_panel=CHOICE
    ),
]

CatalogFiles = Annotated[
    list[Path] | None,
    typer.Option("--catalog", metavar="FILE", help="A catalogue file laid over the built-in one; repeatable.", rich_help_panel=DATA),
]
NoBuiltin = Annotated[bool, typer.Option("--no-builtin", help="Leave the built-in catalogue out.", rich_help_panel=DATA)]

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="Form of the result.", rich_help_panel=OUT)]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.", rich_help_panel=OUT)]
Today = Annotated[dt.date | None, typer.Option(parser=date, metavar="DAY", help="Day to count from; default: today.", rich_help_panel=OUT)]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask.", rich_help_panel=OUT)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notes on standard error, errors alone.", rich_help_panel=OUT)]
FailOnGap = Annotated[bool, typer.Option("--fail-on-gap", help="Exit with 10 where a required skill is not cleared.", rich_help_panel=OUT)]
