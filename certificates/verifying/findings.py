"""What can be said of a PDF that someone shows as a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.core.errors import N_


class Reason(NamedTuple):
    """One finding: a code for programs and a sentence (msgid and its values) for people."""

    code: str
    message: str
    params: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Stamp:
    """A time stamp that fits what it stands on. `whole`: on the file up to there, not on the signature alone."""

    at: datetime
    authority: str
    ends: datetime
    """When the authority's certificate ends; from then on only a later stamp proves that this one is real."""
    trusted: bool
    whole: bool


@dataclass(frozen=True)
class Inspection:
    """`intact`: the whole file is as it was when the judged signature was made. `trusted`: that signature is ours."""

    is_pdf: bool = False
    encrypted: bool = False
    signed: bool = False
    intact: bool = False
    whole_file_covered: bool = False
    trusted: bool = False
    signer_name: str | None = None
    signed_at: datetime | None = None
    later_changes: bool = False
    reasons: tuple[Reason, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    revoked_at: datetime | None = None
    """When the signer's certificate was revoked, also where that was after the signature."""

    @property
    def genuine(self) -> bool:
        return self.intact and self.trusted

    @property
    def proven_at(self) -> datetime | None:
        """The earliest moment at which somebody else swears that the signature was there."""
        return min((stamp.at for stamp in self.stamps if stamp.trusted), default=None)

    @property
    def proof_ends(self) -> datetime | None:
        """Until when the chain of time stamps reaches: each must have been made before the one before it ended."""
        ends = None
        for stamp in sorted((one for one in self.stamps if one.trusted), key=lambda one: one.at):
            if ends is not None and stamp.at > ends:
                break
            ends = max(ends, stamp.ends) if ends is not None else stamp.ends
        return ends


EMPTY = Reason("empty_file", N_("The file is empty. Fetch the certificate again and upload its PDF file."))
PICTURE = Reason(
    "picture",
    N_("This is a picture. A photo or a scan carries no signature; ask the holder for the PDF file itself."),
)
PACKED = Reason(
    "packed",
    N_("This is a packed or an office file. Unpack it and upload the certificate's PDF file itself."),
)
NOT_A_PDF = Reason("not_a_pdf", N_("This file is not a PDF. Upload the certificate's PDF file."))
FOREIGN_START = Reason(
    "foreign_start",
    N_("Something that is no PDF stands before the PDF in this file, so two programs may show two different things."),
)
ENCRYPTED = Reason(
    "encrypted",
    N_("The PDF is encrypted. Our certificates never are, so this is not the file that was issued."),
)
TRUNCATED = Reason(
    "truncated",
    N_("The end of the file is missing. Fetch the certificate again and upload the whole file."),
)
PART = Reason(
    "part_of_certificate",
    N_("This is only the first part of a certificate's file; the end is missing. A part is not valid. Ask for all."),
)
PORTFOLIO = Reason(
    "portfolio",
    N_("This PDF is a folder holding other files. Take the certificate out of it and upload that file itself."),
)
SCAN = Reason(
    "scan",
    N_("The PDF only shows a picture of a page, and no signature. Ask for the file as it was issued."),
)
UNSIGNED = Reason(
    "unsigned",
    N_("The PDF carries no signature. It may be a print or a copy; ask the holder for the original file."),
)
HOLLOW = Reason(
    "signature_hollow",
    N_("The PDF says it is signed, but what it says is signed, or the signature itself, was taken out of it."),
)
WRAPPED = Reason(
    "signature_wrapped",
    N_("Parts of the file were kept out of what is signed, so that they could be changed at will."),
)
REWRITTEN = Reason(
    "rewritten",
    N_("Some program has saved the file anew, which broke its signature. Ask for the file as it was issued."),
)
DAMAGED = Reason(
    "signature_unreadable",
    N_("The PDF's signature is damaged or of an unknown kind, so nothing in the file can be relied on."),
)
ONLY_STAMPED = Reason(
    "only_time_stamped",
    N_("The file bears a time stamp but no signature of the issuing body. A time stamp says nothing of the content."),
)
ALTERED = Reason(
    "altered",
    N_("The file was altered after it was signed. Do not rely on it; look the certificate up by its number."),
)
COPIED = Reason(
    "signature_copied",
    N_("The signature was taken from another document of ours. Nobody signed what this file shows."),
)
RETOUCHED = Reason(
    "signature_retouched",
    N_("What is signed is unchanged, but the signature's bytes are not as we wrote them. Ask for the original file."),
)
CHANGED_LATER = Reason(
    "changed_after_signing",
    N_("Something was added to the file after it was signed. Ask the holder for the original file."),
)
APPENDED = Reason(
    "bytes_appended",
    N_("Behind the end of the certificate something was appended that is no part of it. Ask for the original file."),
)
JOINED = Reason(
    "joined_files",
    N_("Another PDF was joined to the certificate; a reader may show that one. Ask the holder for the original file."),
)
SHADOW = Reason(
    "shadow_content",
    N_("After the signature, what the pages show was exchanged or hidden. Do not rely on anything in this file."),
)
SIGNED_AGAIN = Reason(
    "signed_again",
    N_("Somebody else added a signature to the certificate. Only the file as it was issued can be relied on."),
)
ARCHIVED_ELSEWHERE = Reason(
    "archived_elsewhere",
    N_("A time stamp was added to the file that is not from us. Ask for the file as it was issued."),
)
IMITATED = Reason(
    "imitated_signature",
    N_("The signature bears the issuing body's name but was made with a key that is not ours. This is a forgery."),
)
FOREIGN = Reason(
    "foreign_signature",
    N_("The signature was not made by the issuing body, whatever name it bears. This is not a certificate of ours."),
)
OUT_OF_TERM = Reason(
    "signer_out_of_term",
    N_("The signature was made at a time when its key was not yet, or no longer, allowed to sign for us."),
)
REVOKED_SIGNER = N_(
    "The key that made the signature was withdrawn on %(date)s, and nothing proves that the signature is older."
)
ACTIVE = Reason(
    "active_content",
    N_("The file holds scripts or fillable forms. Our certificates never do; do not open it elsewhere."),
)
TOO_COMPLEX = Reason(
    "too_complex",
    N_("The file is built so unusually that it was not looked at further. It cannot be a certificate of ours."),
)
SEVERAL = N_("The file bears %(count)s signatures; our certificates bear one.")
