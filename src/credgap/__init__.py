"""credgap: from a job posting to the credentials worth taking, inside a money and a time budget.

As a library: `load` reads the catalogue; a `Reader` turns a text into what it asks for, and words into a profile; `analyse` has the steps
(`extract`, `compare`, `advise`), each of which gives a `Report`; `batch.frame` works a whole pandas, polars or Arrow table.

    >>> catalogue = load()
    >>> read = Reader(catalogue)
    >>> wants, person = read(Path("posting.txt").read_text()), read.profile("python, excel:3")
    >>> report = advise(wants, person, catalogue, limits=Limits(today=date.today(), budget=300))
    >>> [step.name for step in report.choice.plan.steps]

What `__all__` names is imported when it is first used, and stays: names are only added.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from credgap import analyse, batch
    from credgap.analyse import Reader, advise, compare, extract
    from credgap.catalogue import load
    from credgap.errors import CredgapError
    from credgap.models import Catalogue, HeldSkill, Limits, Posting, Profile, Report, Requirements

__version__ = "0.1.0"

__all__ = [
    "Catalogue",
    "CredgapError",
    "HeldSkill",
    "Limits",
    "Posting",
    "Profile",
    "Reader",
    "Report",
    "Requirements",
    "__version__",
    "advise",
    "analyse",
    "batch",
    "compare",
    "extract",
    "load",
]

_HOME = {
    **dict.fromkeys(("Catalogue", "HeldSkill", "Limits", "Posting", "Profile", "Report", "Requirements"), "models"),
    **dict.fromkeys(("Reader", "advise", "compare", "extract"), "analyse"),
    "CredgapError": "errors",
    "load": "catalogue",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"credgap.{_HOME[name]}"), name)
    if name in ("analyse", "batch"):
        return import_module(f"credgap.{name}")
    raise AttributeError(f"module 'credgap' has no attribute {name!r}")
