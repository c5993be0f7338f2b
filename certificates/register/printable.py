"""Reasons why a name cannot stand on a certificate, each naming the character."""

from __future__ import annotations

from app.core import names
from app.core.errors import Refusal
from app.registration.eligibility import Reason
from certificates.drawing.coverage import unprintable_in


def reasons_against_name(name: str) -> tuple[Reason, ...]:
    """The name on file has to be one, in its standard form, and a font has to have each character."""
    try:
        names.require_standard(name)
    except Refusal as refusal:
        return (_reason(refusal),)
    return tuple(map(_reason, unprintable_in(name)))


def _reason(refusal: Refusal) -> Reason:
    return Reason(refusal.code, refusal.message, refusal.params)
