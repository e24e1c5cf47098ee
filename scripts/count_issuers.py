"""Postings -> data/issuers.yaml: in how many postings of each field a certification of each issuer is asked for.

    python scripts/count_issuers.py POSTINGS.jsonl[.gz] [--output data/issuers.yaml]

Each line of POSTINGS has `text` and `field`; a field is one of data/fields.yaml or a name of OF. An issuer is named where a posting
asks for a certification that one of its credentials awards, or for its family ("an AWS certification"). The rule of trust reads the counts.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path

import format_data
from count_goals import rows

from credgap import catalogue, posting, requirements, skills
from credgap.files import data_folder
from credgap.models import EVERYWHERE, Catalogue, issuer_id

HEAD = (
    "# Made by scripts/count_issuers.py: in how many counted postings of each field a certification of the issuer is asked for.",
    "# yaml-language-server: $schema=catalogue.schema.json",
)
OF = {
    "admin_operations": ("office", "supply-chain"),
    "cybersecurity": ("security", "it-support"),
    "data_analytics": ("data", "machine-learning", "business-analysis"),
    "digital_marketing": ("marketing",),
    "education_nonprofit_public": ("education", "public-sector"),
    "engineering_other": ("engineering", "sustainability", "trades"),
    "finance_accounting": ("finance",),
    "healthcare": ("healthcare",),
    "hospitality_food": ("hospitality",),
    "hr_recruiting": ("hr", "soft"),
    "legal": ("legal",),
    "project_product_mgmt": ("project", "product", "agile", "business-analysis"),
    "sales_customer": ("sales",),
    "software_cloud_devops": ("software", "cloud", "it-support"),
    "trades_manufacturing_logistics": ("trades", "supply-chain"),
    "ux_design": ("ux",),
}
"""The fields of the catalogue that a wider field of postings stands for."""


def main() -> int:
    """Count, and write the issuers."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("postings", type=Path)
    arguments.add_argument("--output", type=Path, default=data_folder() / "issuers.yaml")
    given = arguments.parse_args()
    known = catalogue.load()
    index, owners = skills.index(known.skills), _owners(known)
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for n, row in enumerate(rows(given.postings)):
        asked = {r.skill for r in requirements.find(posting.read(row["text"], id=str(n), source="x"), index).requirements}
        field = row.get("field") or ""
        for issuer in {i for s in asked for i in owners.get(s, ())}:
            named[issuer].update((EVERYWHERE, *OF.get(field, (field,) if field in known.field else ())))
    entries = [{"id": issuer_id(name), "name": name, "named": dict(sorted(n.items()))} for name, n in named.items()]
    given.output.write_text("\n".join([*HEAD, *format_data.lines("issuers", entries)]) + "\n", encoding="utf-8")
    return 0


def _owners(known: Catalogue) -> dict[str, set[str]]:
    """For each certification skill the issuers of the credentials that award it, or award what counts for it in full (its family)."""
    found: dict[str, set[str]] = defaultdict(set)
    for c in known.credentials:
        for award in c.awards:
            for skill, share in known.shares[award].items():
                if share == 1 and known.skill[skill].kind == "certification":
                    found[skill].add(c.issuer)
    return found


if __name__ == "__main__":
    sys.exit(main())
