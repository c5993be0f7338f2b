"""Why a certificate may lose its worth, in kinds that strangers may see."""

from __future__ import annotations

from enum import StrEnum


class Ground(StrEnum):
    IRREGULARITY = "irregularity"
    FALSE_EVIDENCE = "false_evidence"
    ISSUED_IN_ERROR = "issued_in_error"
    HOLDER_REQUEST = "holder_request"
    UNDER_REVIEW = "under_review"
    UNSTATED = "unstated"


class Succession(StrEnum):
    """Why another certificate stands in its place; nobody chooses that, it follows from what was done."""

    NAME_CORRECTED = "name_corrected"
    RENEWED = "renewed"
    EARNED_ANEW = "earned_anew"
    """It had ended, and the holder passed both parts again."""


ANOTHER_MAY_FOLLOW = (Ground.ISSUED_IN_ERROR, Ground.HOLDER_REQUEST)
"""After a revocation for these, the same application may have another one."""
