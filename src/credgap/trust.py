"""A credential's evidence -> Trust: how far an employer can lean on it, by one documented rule whose parts are shown."""

from __future__ import annotations

from collections.abc import Mapping

from credgap.models import Catalogue, Credential, CredentialKind, Trust

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
NAMED_BY_EMPLOYERS = 0.1
ACCREDITED = 0.1


def trust(credential: Credential, catalogue: Catalogue) -> Trust:
    """How far the evidence of a credential carries, in [0.2, 1], with the parts that make the sum.

    The rule: 0.3 for having completed it, up to 0.15 for its kind, up to 0.4 for the strongest assessment, 0.1 if it awards a
    certification that postings name, or its issuer awards others that they name, 0.1 if an accrediting body lists it. So a badge for
    attendance earns 0.3, a badge with a quiz 0.4, a course certificate with a quiz 0.5 (0.6 where employers know the issuer), a
    professional certificate with a graded project 0.7, a vendor's proctored exam 0.9, and 1.0 if it is accredited too. A `trust` in the
    catalogue overrides the rule.
    """
    if credential.trust is not None:
        return Trust(value=credential.trust, parts=(("set in the catalogue", credential.trust),))
    parts = [("completed", COMPLETED), (credential.kind.replace("_", " "), KIND[credential.kind])]
    if credential.assessment:
        strongest = max(credential.assessment, key=lambda a: ASSESSMENT[a])
        parts.append((strongest.replace("_", " "), ASSESSMENT[strongest]))
    if credential.awards:
        parts.append(("a certification that postings name", NAMED_BY_EMPLOYERS))
    elif credential.issuer in catalogue.named_issuers:
        parts.append(("an issuer whose certifications postings name", NAMED_BY_EMPLOYERS))
    if credential.accreditation:
        parts.append(("listed by " + ", ".join(credential.accreditation), ACCREDITED))
    # Rounded because 0.3 + 0.1 + 0.4 + 0.1 is a hair under 0.9 in floating point, and the sum is held against a threshold.
    total = round(sum(value for _, value in parts), 6)
    return Trust(value=min(MOST, max(LEAST, total)), parts=tuple(p for p in parts if p[1] > 0))
