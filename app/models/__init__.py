"""Every table, so that one import knows them all."""

from app.models import (
    account,
    audit,
    bank,
    certificate,
    exam,
    monitoring,
    open_marking,
    practical,
    registration,
    workshop,
)

__all__ = [
    "account",
    "audit",
    "bank",
    "certificate",
    "exam",
    "monitoring",
    "open_marking",
    "practical",
    "registration",
    "workshop",
]
