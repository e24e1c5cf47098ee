"""A credential's evidence -> Trust: how far an employer can lean on it, by one documented rule whose parts are shown."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from credgap.models import EVERYWHERE, Catalogue, Credential, CredentialKind, Trust, issuer_id

LEAST, MOST = 0.2, 1.0
COMPLETED = 0.3
"""What any credential is worth as a sign that its holder saw something through."""
KIND: Mapping[CredentialKind, float] = {
    "badge": 0.0,
    "certificate": 0.1,
    "exam": 0.1,
    "professional_certificate": 0.15,
    "microdegree": 0.15,
    "micromasters": 0.15,
    "bootcamp": 0.15,
}
ASSESSMENT: Mapping[str, float] = {"proctored_exam": 0.4, "graded_project": 0.25, "portfolio": 0.2, "quiz": 0.1}
"""The strongest assessment counts, not their sum: a quiz adds nothing to a proctored exam."""
RECOGNISED = ((5, 0.1), (1, 0.05))
"""What it adds that so many postings of the field, or more, name a certification of the issuer."""
ACCREDITED = 0.1


_KNOWN: WeakKeyDictionary[Catalogue, dict[str, Trust]] = WeakKeyDictionary()


def trust(credential: Credential, catalogue: Catalogue) -> Trust:
    """The trust of a credential of a catalogue, reckoned once (see `reckoned`)."""
    known = _KNOWN.setdefault(catalogue, {})
    if catalogue.credential.get(credential.id) is not credential:
        return reckoned(credential, catalogue)
    if credential.id not in known:
        known[credential.id] = reckoned(credential, catalogue)
    return known[credential.id]


def reckoned(credential: Credential, catalogue: Catalogue) -> Trust:
    """How far the evidence of a credential carries, in [0.2, 1], with the parts that make the sum.

    The rule: 0.3 for having completed it, up to 0.15 for its kind, up to 0.4 for the strongest assessment, 0.1 if five or more counted
    postings of its field name a certification of its issuer (0.05 if fewer do; data/issuers.yaml has the counts), 0.1 if an accrediting
    body lists it. So a badge for attendance earns 0.3, a badge with a quiz 0.4, a course certificate with a quiz 0.5 (0.6 where
    employers know the issuer), a professional certificate with a graded project 0.7, a vendor's proctored exam 0.9, and 1.0 if it is
    accredited too. A `trust` in the catalogue overrides the rule.
    """
    if credential.trust is not None:
        return Trust(value=credential.trust, parts=(("set in the catalogue", credential.trust),))
    parts = [("completed", COMPLETED), (credential.kind.replace("_", " "), KIND[credential.kind])]
    if credential.assessment:
        strongest = max(credential.assessment, key=lambda a: ASSESSMENT[a])
        parts.append((strongest.replace("_", " "), ASSESSMENT[strongest]))
    parts += _recognised(credential, catalogue)
    if credential.accreditation:
        parts.append(("listed by " + ", ".join(credential.accreditation), ACCREDITED))
    # Rounded because 0.3 + 0.1 + 0.4 + 0.1 is a hair under 0.9 in floating point, and the sum is held against a threshold.
    total = round(sum(value for _, value in parts), 6)
    return Trust(value=min(MOST, max(LEAST, total)), parts=tuple(p for p in parts if p[1] > 0))


def _recognised(credential: Credential, catalogue: Catalogue) -> list[tuple[str, float]]:
    issuer = catalogue.issuer.get(issuer_id(credential.issuer))
    postings = 0 if issuer is None else issuer.named.get(credential.field or EVERYWHERE, 0)
    words = f"{'1 posting of its field names' if postings == 1 else f'{postings} postings of its field name'} one of {credential.issuer}"
    return next(([(words, value)] for least, value in RECOGNISED if postings >= least), [])
