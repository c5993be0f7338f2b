"""One plain sentence and a tone for each outcome of a verification, and what to do next."""

from __future__ import annotations

from flask_babel import gettext

from app.core.errors import N_
from certificates.verifying.inquiry import Verification

ASK_HOLDER, LOOK_UP, TELL_US, ASK_US, NOTHING = "ask_holder", "look_up", "tell_us", "ask_us", "nothing"
COMPARE = "compare"

_BY_REASON = {
    "empty_file": ("warn", N_("This file cannot be checked: it is empty.")),
    "picture": ("warn", N_("This file cannot be checked: it is a picture.")),
    "packed": ("warn", N_("This file cannot be checked: it is packed or an office file.")),
    "not_a_pdf": ("warn", N_("This file cannot be checked: it is no PDF.")),
    "encrypted": ("warn", N_("This file cannot be checked: it is encrypted.")),
    "too_complex": ("bad", N_("This file is no certificate of ours.")),
    "truncated": ("warn", N_("This file is not whole. It proves nothing.")),
    "part_of_certificate": ("warn", N_("This is only a part of a certificate's file. It proves nothing.")),
    "portfolio": ("warn", N_("This is a folder of files, not a certificate.")),
    "scan": ("warn", N_("This file is a picture of a page. It proves nothing.")),
    "unsigned": ("warn", N_("This file carries no signature and proves nothing.")),
    "only_time_stamped": ("bad", N_("Nobody signed this file. It proves nothing.")),
    "signature_hollow": ("bad", N_("The signature was taken out of this file. Do not rely on it.")),
    "signature_wrapped": ("bad", N_("The signature in this file is a trick. Do not rely on it.")),
    "signature_unreadable": ("bad", N_("The signature in this file is damaged. Do not rely on it.")),
    "signature_copied": ("bad", N_("The signature in this file belongs to another document. This is a forgery.")),
    "rewritten": ("warn", N_("This file was saved anew and has lost its signature. It proves nothing.")),
    "foreign_start": ("bad", N_("This file is not as it was issued. Do not rely on it.")),
    "altered": ("bad", N_("This file was altered. Do not rely on it.")),
    "changed_after_signing": ("bad", N_("Something was added to this file later. Do not rely on it.")),
    "bytes_appended": ("bad", N_("Something was appended to this file. Do not rely on it.")),
    "joined_files": ("bad", N_("Two files were joined here. Do not rely on what it shows.")),
    "shadow_content": ("bad", N_("What this file shows was exchanged after it was signed. Do not rely on it.")),
    "signed_again": ("bad", N_("Somebody else added a signature to this file. Do not rely on it.")),
    "archived_elsewhere": ("warn", N_("This file is not as we issued it.")),
    "signature_retouched": ("warn", N_("This file is not exactly as it was issued.")),
    "imitated_signature": ("bad", N_("This is a forgery: the signature bears our name but is not ours.")),
    "foreign_signature": ("bad", N_("This is not a certificate of ours. The signature was made by somebody else.")),
    "signer_out_of_term": ("bad", N_("The signature was made with a key that was not allowed to sign then.")),
    "signer_revoked": ("bad", N_("The signature was made with a withdrawn key. Do not rely on it.")),
    "several_signatures": ("bad", N_("This file is not as it was issued. Do not rely on it.")),
    "not_in_register": ("warn", N_("The signature is ours, but the register does not know this document.")),
    "letter": ("warn", N_("This file is a letter of ours about a certificate, not a certificate.")),
    "other_certificate": ("bad", N_("This file is a different certificate from the one you asked about.")),
    "name_differs": ("bad", N_("The register holds another name under this number. Do not rely on it.")),
    "other_holder": ("bad", N_("This file is the certificate of somebody else.")),
}
_OF_FILE = {
    "valid": ("good", N_("The file is genuine and the certificate is valid.")),
    "suspended": ("warn", N_("The file is genuine, but the certificate is suspended.")),
    "revoked": ("bad", N_("The file is genuine, but the certificate was revoked.")),
    "replaced": ("warn", N_("The file is genuine, but another certificate has taken its place.")),
    "expired": ("warn", N_("The file is genuine, but the certificate has expired.")),
}
_OF_NUMBER = {
    "valid": ("good", N_("This certificate is valid.")),
    "suspended": ("warn", N_("This certificate is suspended.")),
    "revoked": ("bad", N_("This certificate was revoked.")),
    "replaced": ("warn", N_("Another certificate has taken the place of this one.")),
    "expired": ("warn", N_("This certificate has expired.")),
}
_COPY_DAMAGED = (
    "bad",
    N_("The register's own copy of this certificate does not pass its check. Tell the issuing body."),
)
_DEMONSTRATION = ("warn", N_("This is a demonstration. It certifies nothing."))

_ADVICE = {
    ASK_HOLDER: N_(
        "Ask the holder for the PDF file as it was handed out, and upload that one. The holder can fetch it anew."
    ),
    LOOK_UP: N_("Decide nothing on this file. Look up the number that it shows: only the register's entry counts."),
    TELL_US: N_("Keep the file as it is and tell the issuing body where it came from. Do not pass it on."),
    ASK_US: N_("Ask the issuing body about this document, and decide nothing before it answers."),
    COMPARE: N_(
        "Compare number and name once more with the document. If they are as you typed them, do not accept it: ask "
        "the holder for the PDF file and upload that one."
    ),
    NOTHING: N_("Compare name, level and number with the document before you, and the photo with the person."),
}
_FORGED = [
    "signature_hollow",
    "signature_wrapped",
    "signature_copied",
    "imitated_signature",
    "foreign_signature",
    "shadow_content",
    "signer_revoked",
    "signer_out_of_term",
    "joined_files",
    "only_time_stamped",
]
_CHANGED = ["altered", "changed_after_signing", "bytes_appended", "signed_again", "several_signatures", "foreign_start"]


def headline(found: Verification) -> tuple[str, str]:
    """(tone, sentence) of the verdict panel."""
    tone, sentence = _chosen(found)
    return tone, gettext(sentence)


def advice(found: Verification) -> list[str]:
    """What to do now."""
    broken = _broken(found)
    if broken is None:
        return [gettext(_ADVICE[NOTHING])] if found.certificate and found.status == "valid" else []
    if broken == "name_differs":
        return [gettext(_ADVICE[COMPARE])]
    if broken in _FORGED:
        return [gettext(_ADVICE[one]) for one in (LOOK_UP, TELL_US)]
    if broken in _CHANGED:
        return [gettext(_ADVICE[one]) for one in (LOOK_UP, ASK_HOLDER)]
    if broken in ("other_certificate", "other_holder", "letter"):
        return []
    whom = ASK_US if broken == "not_in_register" else ASK_HOLDER
    return [gettext(_ADVICE[whom])]


def _chosen(found: Verification) -> tuple[str, str]:
    if not found.by_file and not (found.intact and found.trusted):
        return _COPY_DAMAGED
    if broken := _broken(found):
        return _BY_REASON[broken]
    if found.valid and found.certificate and found.certificate.demonstration:
        return _DEMONSTRATION
    return (_OF_FILE if found.by_file else _OF_NUMBER)[found.status]


def _broken(found: Verification) -> str | None:
    return next((reason.code for reason in found.reasons if reason.code in _BY_REASON), None)
