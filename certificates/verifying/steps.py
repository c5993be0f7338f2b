"""What was checked, step by step, with what came out of each: for people who want to know why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.errors import N_
from certificates.verifying.findings import Inspection

if TYPE_CHECKING:
    from certificates.verifying.inquiry import Verification


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"
    """Not reached, because of what failed before, or nothing to say here."""


class Step(NamedTuple):
    code: str
    outcome: Outcome
    message: str
    params: Mapping[str, Any] = {}


def steps(found: Verification) -> tuple[Step, ...]:
    """In the order in which each rests on those before."""
    of_file = _of_file(found, found.inspection) if found.by_file and found.inspection else _of_copy(found)
    return (*of_file, _entered(found), _worth(found))


def _of_file(found: Verification, one: Inspection) -> tuple[Step, ...]:
    if not one.is_pdf or one.encrypted:
        return (Step("readable", Outcome.FAILED, N_("The file is not a PDF that can be read.")),)
    readable = Step("readable", Outcome.PASSED, N_("The file is a PDF that can be read."))
    if one.signer_name is None:
        return readable, Step("signed", Outcome.FAILED, N_("It bears no signature that can be checked."))
    return (
        readable,
        Step("signed", Outcome.PASSED, N_("It bears a signature.")),
        _unchanged(one),
        *((_ours(one), _proof(found, one)) if one.intact else ()),
    )


def _unchanged(one: Inspection) -> Step:
    if one.intact:
        return Step(
            "unchanged", Outcome.PASSED, N_("Nothing in the whole file was changed or added since it was signed.")
        )
    return Step("unchanged", Outcome.FAILED, N_("The file is not as it was when it was signed."))


def _ours(one: Inspection) -> Step:
    if one.trusted:
        return Step("ours", Outcome.PASSED, N_("The signature was made by the issuing body."))
    if one.revoked_at is not None:
        return Step("ours", Outcome.FAILED, N_("The key of the signature was withdrawn."))
    return Step("ours", Outcome.FAILED, N_("The signature was not made by the issuing body."))


def _proof(found: Verification, one: Inspection) -> Step:
    if one.proven_at is None:
        return Step("time", Outcome.OPEN, N_("No time stamp of another authority stands in the file."))
    if one.proof_ends and found.asked_at and one.proof_ends < found.asked_at:
        date = {"date": one.proof_ends.date().isoformat()}
        return Step(
            "time",
            Outcome.OPEN,
            N_("The proof of its time stamps ended on %(date)s; the register still vouches."),
            date,
        )
    return Step("time", Outcome.PASSED, N_("A time stamp of another authority proves when it was signed."))


def _of_copy(found: Verification) -> tuple[Step, ...]:
    if found.intact and found.trusted:
        return (
            Step("copy", Outcome.PASSED, N_("The register's own copy is unchanged and signed by the issuing body.")),
        )
    return (Step("copy", Outcome.FAILED, N_("The register's own copy does not pass its check.")),)


def _entered(found: Verification) -> Step:
    if not found.by_file:
        if found.name_matches is False:
            return Step("entered", Outcome.FAILED, N_("The name that you gave does not stand under this number."))
        return Step("entered", Outcome.PASSED, N_("The number stands in the register."))
    if found.certificate is not None:
        return Step("entered", Outcome.PASSED, N_("The register issued exactly this file."))
    return _not_entered(found)


def _not_entered(found: Verification) -> Step:
    if found.letter is not None:
        return Step("entered", Outcome.OPEN, N_("The issuing body wrote exactly this file: a letter, no certificate."))
    if _mistaken(found):
        return Step("entered", Outcome.FAILED, N_("The file is another certificate than the one you asked about."))
    if found.inspection and found.inspection.genuine:
        return Step("entered", Outcome.FAILED, N_("The register did not issue exactly this file."))
    return Step(
        "entered", Outcome.OPEN, N_("The register was not asked further: it issues only files that pass the above.")
    )


def _worth(found: Verification) -> Step:
    if found.name_matches is False and not found.by_file:
        return Step(
            "worth",
            Outcome.OPEN,
            N_("The name that you gave is not the one in the register, so nothing more is told of the entry."),
        )
    if _mistaken(found):
        return Step(
            "worth", Outcome.OPEN, N_("Nothing is said of a status, because the file is not what you asked about.")
        )
    if found.certificate is None:
        return Step(
            "worth", Outcome.OPEN, N_("Nothing is said of a status, because the file is no certificate as issued.")
        )
    if found.status == "valid":
        return Step("worth", Outcome.PASSED, N_("The certificate is valid today."))
    return Step("worth", Outcome.FAILED, N_("The certificate is not valid today."))


def _mistaken(found: Verification) -> bool:
    """A genuine file, but of another certificate or person than the asker named."""
    return any(reason.code in ("other_certificate", "other_holder") for reason in found.reasons)
