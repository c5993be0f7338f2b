"""Whether a name on file can be printed on a certificate, told while there is time to mend it."""

from __future__ import annotations

from app.web.reasons import told
from certificates.register.printable import reasons_against_name


def name_problem(name: str) -> str:
    """What stands against printing it, or nothing."""
    return " ".join(told(reason) for reason in reasons_against_name(name))
