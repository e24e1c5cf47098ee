"""What a posting states beside skills: its title and place, until when one may apply, and what it pays."""

# ruff: noqa: RUF001  (dashes as postings have them)

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from credgap import sections
from credgap.models import PayPeriod


class Closing(NamedTuple):
    """A closing date at [start, end) of the clean text; `date` None where day, month or year cannot be told for sure."""

    start: int
    end: int
    date: dt.date | None


class Pay(NamedTuple):
    """Pay stated at [start, end) of the clean text: `low` to `high` in `currency`; `period` None where it is not said."""

    start: int
    end: int
    low: float
    high: float
    currency: str
    period: PayPeriod | None


# --- Title and place -----------------------------------------------------------------------------------------

_EDGES = " \t*#_•·|:-"
_NAMED = re.compile(r"(?:(?:business|posting|working|official|functional|job|position|role) )?title", re.IGNORECASE)
_WHERE = re.compile(r"(?:(?:job|work|position|primary|duty|office) )?(?:location|place of work|duty station)s?", re.IGNORECASE)
_JOB_OF = re.compile(
    r"\b(?:seek(?:s|ing)?|look(?:s|ing)? for|hiring|recruiting|searching for|hire|invites applications for|the role of|position of)"
    r" (?:an?|the|our next|our)? ?(?:full[- ]time |part[- ]time |\w+(?:ed|ing) |talented |new |great )*"
    r"((?:(?:[A-Z][\w/&+.'-]*|of|and|for|-|–|/)[ ,]{1,2}){0,6}[A-Z][\w/-]+)"
)
_CITY = re.compile(r"\b([A-Z][a-z][a-zA-Z.'-]*(?: [A-Z][a-zA-Z.'-]+){0,2}, [A-Z]{2}\b)")
_HOW = re.compile(
    r"(?:[A-Z][a-zA-Z.'-]+ ){0,3}\((?:hybrid|remote|on-?site)[^)]{0,30}\)|^(?:fully )?(?:hybrid|remote|on-?site)$", re.IGNORECASE
)
_FIRST_LINES = 6
_LONGEST_TITLE, _LONGEST_PLACE = 90, 60


def title(clean: str) -> str | None:
    """The title of the job: what stands behind “Title:”, else a job's name among the first lines, else whom the text says it seeks.

    None where none of these is there.
    """
    lines = [line.strip(_EDGES) for line in clean.split("\n")]
    labelled = _labelled(lines, _NAMED)
    if labelled and len(labelled) <= _LONGEST_TITLE and not labelled.endswith("."):
        return labelled
    for line in [x for x in lines if x][:_FIRST_LINES]:
        if line[0].isupper() and not line.endswith((".", "!", "?", ",")) and ": " not in line and sections.names_a_job(line):
            return line
    for m in _JOB_OF.finditer(clean[:4000]):
        if sections.names_a_job(m[1]):
            return m[1]
    return None


def place(clean: str) -> str | None:
    """Where the work is: what stands behind “Location:”, else a town among the first lines; None where neither is there."""
    lines = [line.strip(" \t*#_•·|:") for line in clean.split("\n")]
    labelled = _labelled(lines, _WHERE)
    if labelled and len(labelled) <= _LONGEST_PLACE and labelled[0].isupper():
        return labelled
    for line in [x for x in lines if x][:_FIRST_LINES]:
        if len(line) <= _LONGEST_TITLE and (m := _HOW.search(line) or _CITY.search(line)):
            return m.group().strip()
    return None


def _labelled(lines: Sequence[str], label: re.Pattern[str]) -> str | None:
    """What stands behind a label ("Title: Nurse"), or in the line below one that stands alone."""
    for number, line in enumerate(lines[:60]):
        m = label.match(line)
        if m is None:
            continue
        rest = line[m.end() :]
        if not rest.strip(_EDGES):
            return next((x for x in lines[number + 1 : number + 3] if x), None)
        if rest.lstrip().startswith((":", "-", "|")):
            return rest.strip(_EDGES)
    return None


# --- Closing date --------------------------------------------------------------------------------------------

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}}"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})\b|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}"
)
_UNTIL = re.compile(
    r"\b(?:clos(?:es|ing|e)(?: (?:date|on|at|deadline))?|(?:application |submission )?deadline|apply (?:by|before|no later than)"
    r"|applications? (?:must be (?:received|submitted)|are due|due|will be accepted|close[sd]?|accepted|received|period (?:ends|closes))"
    r"(?: (?:by|until|through|on|before|no later than))?"
    r"|open (?:until|through)|valid through|expir(?:es|ation|y)(?: date)?(?: on)?|(?:last|final) (?:date|day)(?: to apply| of application)?"
    r"|(?:post|posting|job) (?:end|close) date|post(?:ed)? until|no later than|by close of business(?: on)?)\b"
)
_MAY_CLOSE = re.compile("clos|deadline|apply |applications|open |valid|expir|last |final |until|no later")
_NOT_OF_APPLYING = re.compile(
    r"\b(?:offer|project|contract|funding|tight|meet\w*|strict|multiple|fast|work\w* (?:to|under|with)) (?:\w+ )?deadline|deadlines"
)
_NEAR = 60
_SAME_OR_NEXT_LINE = re.compile(r"\W{0,4}\n[^\n]*|[^\n]*")
_NUMERIC = re.compile(r"(?<![\d.,$-])(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)")
_YEAR = re.compile(r"\d{4}")


def closing(clean: str) -> Closing | None:
    """The closing date of a posting; None where none stands in it. Where several do, the first."""
    text = clean.lower()
    if not _MAY_CLOSE.search(text):
        return None
    for m in _UNTIL.finditer(text):
        rest = _SAME_OR_NEXT_LINE.match(text, m.end(), m.end() + _NEAR)
        d = _DATE.search(text, m.end(), rest.end()) if rest else None
        if d and not _NOT_OF_APPLYING.search(text, max(0, m.start() - 20), m.end() + 1):
            return Closing(d.start(), d.end(), _date(d.group(), text))
    return None


def _date(text: str, around: str) -> dt.date | None:
    """The day that a date names; None without a year, and where 4/3 may be in April or in March and no other date of the text tells."""
    from dateutil import parser

    numeric = _NUMERIC.fullmatch(text)
    day_first = False
    if numeric:
        pairs = [(int(m.group(1)), int(m.group(3))) for m in (numeric, *_NUMERIC.finditer(around))]
        telling = next(((a, b) for a, b in pairs if min(a, b) <= 12 < max(a, b) <= 31), None)
        day_first = telling is not None and telling[0] > 12
        if telling is None and pairs[0][0] != pairs[0][1]:
            return None
    elif not _YEAR.search(text):
        return None
    try:
        return parser.parse(text.replace(" of ", " ").replace("sept ", "sep "), dayfirst=day_first).date()
    except (ValueError, OverflowError):
        return None


# --- Pay -------------------------------------------------------------------------------------------------------

_SIGNS = {
    "us$": "USD", "usd": "USD", "$": "USD", "£": "GBP", "gbp": "GBP", "€": "EUR", "eur": "EUR", "c$": "CAD", "ca$": "CAD", "cad": "CAD",
    "a$": "AUD", "au$": "AUD", "aud": "AUD", "nz$": "NZD", "nzd": "NZD", "s$": "SGD", "sgd": "SGD", "hk$": "HKD", "hkd": "HKD", "₹": "INR",
    "inr": "INR", "rs.": "INR", "rs": "INR", "₱": "PHP", "php": "PHP", "zar": "ZAR", "chf": "CHF", "sek": "SEK", "dkk": "DKK", "nok": "NOK",
    "pln": "PLN", "¥": "JPY", "jpy": "JPY", "aed": "AED",
}  # fmt: skip
_SIGN = "|".join(re.escape(s) for s in sorted(_SIGNS, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?![\d,])|\d{1,3}(?:,\d{2,3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_PERIOD = (
    r"(?:/|\bper |\ban? |\beach |\bp\.? ?)?\s?(?:one )?"
    r"(?P<period>hour(?:ly)?|hr|year(?:ly)?|yr|annum|annual(?:ly)?|a\b|month(?:ly)?|mo|week(?:ly)?|wk|day|daily)\b"
)
_WHICH: dict[str, PayPeriod] = {"h": "hour", "y": "year", "a": "year", "m": "month", "w": "week", "d": "day"}


def _amount(n: int) -> str:
    """The pattern of one amount, its groups numbered."""
    sign, code = rf"(?P<sign{n}>{_SIGN})", rf"(?P<code{n}>usd|gbp|eur|cad|aud|inr|php|chf|sek|dkk|sgd|€|£)(?!\w)"
    return rf"(?:{sign} ?)?(?P<n{n}>{_NUMBER})(?: ?(?P<k{n}>k\b))?(?: ?{code})?"


_PAY = re.compile(
    rf"{_amount(1)}(?:(?: ?(?:/|per |an? ) ?(?:hour|hr|year|yr|annum|month|mo|week|wk|day))?(?:\s?[-–—]\s?| to | and ){_amount(2)})?"
    rf"\+?(?:\s?\(?{_PERIOD})?"
)
_SAID_BEFORE = re.compile(
    r"\b(?:salar(?:y|ies)|pay|compensation|wages?|rate|range|remuneration|stipend|ote|earn(?:ings?)?|package|base|starting at"
    r"|hiring range)\b"
)
_YEARLY = re.compile(r"\b(?:annual(?:ly|ized)?|per year|yearly|per annum|year)\b")
_HOURLY = re.compile(r"\b(?:hourly|per hour|an hour|hour)\b")
_NO_PAY = re.compile(
    r"\b(?:bonus|sign[- ]on|referral|refer|recommend|budget|revenue|sales|raised|funding|million|billion|fund|portfolio|assets|allowance"
    r"|reimburse\w*|tuition|401|insurance"
    r"|benefit|coverage|credit|fee|deductible|discount|customers|worth|valued|valuation|savings|projects?|contribution"
    r"|relocation|quota|stock|equity|match)\b"
)
_MILLIONS = re.compile(r" ?(?:m\b|mm\b|million|billion|bn\b|b\b|\+? ?(?:million|billion|trillion))")


def pay(clean: str) -> Pay | None:
    """What a posting pays; None where it does not say. Of several amounts the first that says its period, else the first."""
    found = list(_pays(clean))
    return next((p for p in found if p.period), found[0] if found else None)


def _pays(clean: str) -> Iterator[Pay]:
    text = clean.lower()
    if not any(sign in text for sign in ("$", "£", "€", "₹", "₱", "usd", "gbp", "eur", "salary", "inr", "php", "cad", "aud", "chf")):
        return
    for m in _near_signs(text):
        sign = next((m.group(g) for g in ("sign1", "sign2", "code1", "code2") if m.group(g)), None)
        if sign is None or _MILLIONS.match(text, m.end()) or (m.start() and text[m.start() - 1].isalnum()):
            continue
        line = text[text.rfind("\n", 0, m.start()) + 1 : m.start()]
        before, after = line[-90:], text[m.end() : m.end() + 40].split("\n")[0]
        low, high = _value(m, "1"), _value(m, "2") if m.group("n2") else None
        if m.group("k2") and not m.group("k1") and low < 1000:
            low *= 1000
        unit = m.group("period")
        period: PayPeriod | None = _WHICH[unit[0]] if unit else None
        if period is None and (said := f"{before} {after}"):
            period = "year" if _YEARLY.search(said) else "hour" if _HOURLY.search(said) else None
        if not _SAID_BEFORE.search(before) and not (unit and (high is not None or not _NO_PAY.search(f"{before} {after}"))):
            continue
        if _NO_PAY.search(before[-30:]) and not _SAID_BEFORE.search(before[-25:]):
            continue
        top = low if high is None else high
        if top < low or top < 5 or not _likely(top, period):
            continue
        yield Pay(m.start(), m.start() + len(m.group().rstrip(" (")), low, top, _SIGNS[sign], period)


_ANY_SIGN = re.compile(_SIGN)


def _near_signs(text: str) -> Iterator[re.Match[str]]:
    """The amounts in the lines that hold a sign of money."""
    done = 0
    for sign in _ANY_SIGN.finditer(text):
        if sign.start() >= done:
            start, end = text.rfind("\n", 0, sign.start()) + 1, text.find("\n", sign.start())
            done = len(text) if end < 0 else end
            yield from _PAY.finditer(text, max(start, 0), done)


_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def _value(m: re.Match[str], n: str) -> float:
    figure: str = m.group(f"n{n}")
    plain = figure.replace(".", "") if _THOUSANDS.fullmatch(figure) else figure.replace(",", "")
    return float(plain) * (1000 if m.group(f"k{n}") else 1)


def _likely(amount: float, period: PayPeriod | None) -> bool:
    """Whether an amount can be pay for such a period, in any currency."""
    least = {"hour": 5, "day": 30, "week": 100, "month": 300, "year": 5000, None: 9}[period]
    return least <= amount <= 20_000_000
