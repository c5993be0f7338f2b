"""One plain sentence and a tone for each outcome of a verification."""

from __future__ import annotations

from flask_babel import gettext

from app.core.errors import N_
from certificates.verifying.inquiry import Verification

_BY_REASON = {
    "not_a_pdf": ("warn", N_("This file cannot be checked: it is no PDF.")),
    "encrypted": ("warn", N_("This file cannot be checked: it is encrypted.")),
    "unsigned": ("warn", N_("This file carries no signature and proves nothing.")),
    "signature_unreadable": ("bad", N_("The signature in this file is damaged. Do not rely on it.")),
    "altered": ("bad", N_("This file was altered. Do not rely on it.")),
    "changed_after_signing": ("bad", N_("Something was added to this file later. Do not rely on it.")),
    "foreign_signature": ("bad", N_("This is not a certificate of ours. The signature was made by somebody else.")),
    "several_signatures": ("bad", N_("This file is not as it was issued. Do not rely on it.")),
    "not_in_register": ("warn", N_("The signature is ours, but the register does not know this document.")),
}
_OF_FILE = {
    "valid": ("good", N_("The file is genuine and the certificate is valid.")),
    "suspended": ("warn", N_("The file is genuine, but the certificate is suspended.")),
    "revoked": ("bad", N_("The file is genuine, but the certificate was revoked.")),
    "expired": ("warn", N_("The file is genuine, but the certificate has expired.")),
}
_OF_NUMBER = {
    "valid": ("good", N_("This certificate is valid.")),
    "suspended": ("warn", N_("This certificate is suspended.")),
    "revoked": ("bad", N_("This certificate was revoked.")),
    "expired": ("warn", N_("This certificate has expired.")),
}
_COPY_DAMAGED = (
    "bad",
    N_("The register's own copy of this certificate does not pass its check. Tell the issuing body."),
)
_DEMONSTRATION = ("warn", N_("This is a demonstration. It certifies nothing."))


def headline(found: Verification) -> tuple[str, str]:
    """(tone, sentence) of the verdict panel."""
    tone, sentence = _chosen(found)
    return tone, gettext(sentence)


def _chosen(found: Verification) -> tuple[str, str]:
    broken = next((_BY_REASON[reason.code] for reason in found.reasons if reason.code in _BY_REASON), None)
    if not found.by_file and not (found.intact and found.trusted):
        return _COPY_DAMAGED
    if broken:
        return broken
    if found.valid and found.certificate and found.certificate.demonstration:
        return _DEMONSTRATION
    return (_OF_FILE if found.by_file else _OF_NUMBER)[found.status]
