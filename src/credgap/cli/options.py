"""The options that commands share: one definition, one help text, one check for each."""

from __future__ import annotations

import datetime as dt
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from credgap.errors import UsageError


class SheetForm(StrEnum):
    """Forms of a result that is a list, an entry or a text."""

    terminal = "terminal"
    plain = "plain"
    markdown = "markdown"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


class ReportFormat(StrEnum):
    """Forms in which a report can be written; ics is for plans alone."""

    terminal = "terminal"
    plain = "plain"
    html = "html"
    markdown = "markdown"
    csv = "csv"
    ics = "ics"
    json = "json"
    jsonl = "jsonl"


def form(format: ReportFormat, plain: bool, *, calendar: bool = False) -> ReportFormat:
    """The form asked for. Raises UsageError where two are asked for, or a calendar of what has no days."""
    if plain and format not in (ReportFormat.terminal, ReportFormat.plain):
        raise UsageError(f"--plain and --format {format} contradict each other", hint="Give the one or the other.")
    if format is ReportFormat.ics and not calendar:
        raise UsageError("--format ics is for `credgap plan` alone", hint="What this command shows has no days to put into a calendar.")
    return ReportFormat.plain if plain else format


class Axis(StrEnum):
    """Along what a frontier runs."""

    money = "money"
    weeks = "weeks"
    both = "both"


class Optimize(StrEnum):
    """What the choice is to make best."""

    coverage = "coverage"
    cost = "cost"
    time = "time"


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


def share(text: str) -> float:
    """A share: "80%", "0.8"."""
    value = amount(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    if value > 1:
        raise typer.BadParameter(f"{text!r} is no share; write 80% or 0.8")
    return value


def date(text: str) -> dt.date:
    """A day as YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2027-06-30") from None


WHAT, HAVE, LIMIT, MONEY = "What is asked", "What you have", "Limits", "Who else pays, and in what money"
CHOICE, WISHES, DATA, OUT = "The choice", "What the plan must have", "Data", "Output"

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

FromRole = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="ROLE", help="A role you have held: what most postings of it ask is assumed to be held.", rich_help_panel=HAVE
    ),
]
Together = Annotated[
    bool, typer.Option("--together", help="One plan for all these postings: the one that lifts them most.", rich_help_panel=WHAT)
]
Save = Annotated[str | None, typer.Option(metavar="NAME", help="Keep the plan under this name.", rich_help_panel=OUT)]
Diff = Annotated[
    str | None, typer.Option(metavar="NAME", help="Say what changed since the plan kept under this name.", rich_help_panel=OUT)
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
Start = Annotated[
    dt.date | None, typer.Option(parser=date, metavar="DAY", help="First day of study; today where nobody says.", rich_help_panel=LIMIT)
]
Weeks = Annotated[float | None, typer.Option(parser=amount, metavar="N", help="Most weeks from the first day on.", rich_help_panel=LIMIT)]
Off = Annotated[
    list[str] | None,
    typer.Option("--off", metavar="DAYS", help="Days without study, as 2026-12-20..2027-01-03; repeatable.", rich_help_panel=LIMIT),
]
FreeOnly = Annotated[bool, typer.Option("--free-only", help="Only what costs nothing, exam and all.", rich_help_panel=LIMIT)]
Reimburse = Annotated[
    float | None,
    typer.Option(
        parser=share, metavar="SHARE", help="What an employer pays back, as 80%; the budget is what is left.", rich_help_panel=MONEY
    ),
]
ReimburseCap = Annotated[
    float | None, typer.Option(parser=amount, metavar="AMOUNT", help="The most that is paid back.", rich_help_panel=MONEY)
]
Grant = Annotated[float | None, typer.Option(parser=amount, metavar="AMOUNT", help="A sum that others give.", rich_help_panel=MONEY)]
Rate = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE=RATE", help="What a unit of another currency is worth, as EUR=1.08; repeatable.", rich_help_panel=MONEY),
]
OptimizeOption = Annotated[
    Optimize,
    typer.Option(
        "--optimize",
        help="coverage; cost: least money that clears all required skills, or --target; time: soonest.",
        rich_help_panel=CHOICE,
    ),
]
Target = Annotated[
    float | None,
    typer.Option(
        parser=share, metavar="SHARE", help="Share of the weight asked to clear, as 80%; at the least cost.", rich_help_panel=CHOICE
    ),
]
Must = Annotated[
    list[str] | None, typer.Option(metavar="SKILL", help="A skill that the plan has to bring in full; repeatable.", rich_help_panel=WISHES)
]
Include = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="A credential that the plan has to hold; repeatable.", rich_help_panel=WISHES)
]
Exclude = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="A credential or provider to leave out; repeatable.", rich_help_panel=WISHES)
]
Prefer = Annotated[
    list[str] | None,
    typer.Option(metavar="PROVIDER", help="Of plans about as good, the one most at this provider; repeatable.", rich_help_panel=WISHES),
]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this kind, such as exam; repeatable.", rich_help_panel=WISHES)
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="Only what is held in this language, such as en; repeatable.", rich_help_panel=WISHES),
]
Deliveries = Annotated[
    list[str] | None,
    typer.Option("--delivery", metavar="HOW", help="Only what is held so: online, in_person, blended; repeatable.", rich_help_panel=WISHES),
]
By = Annotated[dt.date | None, typer.Option(parser=date, metavar="DAY", help="Last day of study, as 2027-06-30.", rich_help_panel=LIMIT)]
MaxCredentials = Annotated[int, typer.Option(min=0, max=50, metavar="N", help="Most credentials in the plan.", rich_help_panel=LIMIT)]

MinGain = Annotated[
    float,
    typer.Option(
        min=0, metavar="WEIGHT", help="What a credential must add, in required skills, to be worth taking.", rich_help_panel=CHOICE
    ),
]
Slack = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, metavar="SHARE", help="Cover given up to save money; 0.02, and at most a tenth of the gain.", rich_help_panel=CHOICE
    ),
]
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

AxisOption = Annotated[Axis, typer.Option("--along", help="Along money, weeks, or both.", rich_help_panel=OUT)]
Alternatives = Annotated[int, typer.Option(min=0, max=20, metavar="N", help="How many other plans to name.", rich_help_panel=OUT)]
CatalogFiles = Annotated[
    list[Path] | None,
    typer.Option("--catalog", metavar="FILE", help="A catalogue file laid over the built-in one; repeatable.", rich_help_panel=DATA),
]
NoBuiltin = Annotated[bool, typer.Option("--no-builtin", help="Leave the built-in catalogue out.", rich_help_panel=DATA)]

SheetFormat = Annotated[SheetForm, typer.Option("--format", "-f", help="Form of the result.", rich_help_panel=OUT)]
ReportFormatOption = Annotated[
    ReportFormat, typer.Option("--format", "-f", help="Form of the result; ics: the days of a plan.", rich_help_panel=OUT)
]
Plain = Annotated[bool, typer.Option("--plain", help="Sentences and lists in reading order, as for a screen reader.", rich_help_panel=OUT)]
Details = Annotated[
    bool,
    typer.Option(
        "--details", help="All evidence, sums, sources and ids; html and the formats for programs have them anyway.", rich_help_panel=OUT
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.", rich_help_panel=OUT)]
Today = Annotated[dt.date | None, typer.Option(parser=date, metavar="DAY", help="Day to count from; default: today.", rich_help_panel=OUT)]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask.", rich_help_panel=OUT)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notes on standard error, errors alone.", rich_help_panel=OUT)]
FailOnGap = Annotated[bool, typer.Option("--fail-on-gap", help="Exit with 10 where a required skill is not cleared.", rich_help_panel=OUT)]


@dataclass(frozen=True)
class Choosing:
    """The options of every command that plans, beside what is asked and how it is shown."""

    have: Have = None
    profile: ProfileFile = None
    from_role: FromRole = None
    budget: Budget = None
    currency: Currency = "USD"
    hours: Hours = None
    hours_per_week: HoursPerWeek = None
    start: Start = None
    by: By = None
    weeks: Weeks = None
    off: Off = None
    max_credentials: MaxCredentials = 2
    free_only: FreeOnly = False
    reimburse: Reimburse = None
    reimburse_cap: ReimburseCap = None
    grant: Grant = None
    rate: Rate = None
    optimize: OptimizeOption = Optimize.coverage
    target: Target = None
    min_gain: MinGain = 0.5
    slack: Slack = None
    min_trust: MinTrust = 0.4
    trust: TrustOption = TrustMode.on
    allow_unknown: AllowUnknown = False
    no_estimates: NoEstimates = False
    anyway: Anyway = False
    solve_seconds: SolveSeconds = 5.0
    must: Must = None
    include: Include = None
    exclude: Exclude = None
    prefer: Prefer = None
    kind: Kinds = None
    language: Languages = None
    delivery: Deliveries = None
    count: Count = None
    weights: Weights = None
    fit: Fit = 0.75
    catalog: CatalogFiles = None
    no_builtin: NoBuiltin = False
    today: Today = None
    quiet: Quiet = False


@cache
def _added() -> tuple[inspect.Parameter, ...]:
    """The options of `Choosing` as parameters; working the types out once saves half of the start."""
    hints = get_type_hints(Choosing, include_extras=True)
    return tuple(
        inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=hints[f.name]) for f in fields(Choosing)
    )


def choosing(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command, in place of its parameter `chosen`, all the options of `Choosing`."""
    added, own = _added(), inspect.signature(command, eval_str=True).parameters
    kept = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for name, p in own.items() if name != "chosen"]
    first = [p for p in kept if p.name in ("postings", "goal", "credential", "input")]
    parameters = [*first, *added, *(p for p in kept if p not in first)]

    @wraps(command)
    def run(**given: Any) -> int:
        chosen = Choosing(**{f.name: given.pop(f.name) for f in fields(Choosing)})
        return command(**given, chosen=chosen)

    del run.__wrapped__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": int}
    return run
