"""One plain sentence for each answer to an employer."""

from __future__ import annotations

from flask_babel import gettext

from app.core.errors import N_
from certificates.register.batch_check import Answer

_NAMED = N_("Valid; number and name agree")
_SENTENCES = {
    "valid": N_("Valid; the name was not compared"),
    "suspended": N_("Suspended: proves nothing for now"),
    "revoked": N_("Withdrawn: proves nothing any more"),
    "replaced": N_("Replaced by another certificate: ask the holder for that one"),
    "expired": N_("Past its last day"),
    "unknown": N_("No certificate of ours has this number"),
    "name_differs": N_("The register holds another name under this number"),
}
_TONES = {"valid": "good", "suspended": "warn", "expired": "warn", "replaced": "warn"}
_DEMONSTRATION = N_("Demonstration: certifies nothing")


def told(answer: Answer) -> str:
    said: str = gettext(_sentence(answer))
    return said


def _sentence(answer: Answer) -> str:
    if answer.verdict != "valid":
        return _SENTENCES[answer.verdict]
    if answer.certificate is not None and answer.certificate.demonstration:
        return _DEMONSTRATION
    return _NAMED if answer.name_matches else _SENTENCES["valid"]


def tone(answer: Answer) -> str:
    if answer.verdict == "valid" and answer.certificate is not None and answer.certificate.demonstration:
        return "warn"
    return _TONES.get(answer.verdict, "bad")
