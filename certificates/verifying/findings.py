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

    @property
    def genuine(self) -> bool:
        return self.intact and self.trusted


NOT_A_PDF = Reason("not_a_pdf", N_("This file is not a PDF. Upload the certificate's PDF file."))
ENCRYPTED = Reason(
    "encrypted",
    N_("The PDF is encrypted. Our certificates never are, so this is not the file that was issued."),
)
UNSIGNED = Reason(
    "unsigned",
    N_("The PDF carries no signature. It may be a print or a copy; ask the holder for the original file."),
)
DAMAGED = Reason(
    "signature_unreadable",
    N_("The PDF's signature is damaged or of an unknown kind, so nothing in the file can be relied on."),
)
ALTERED = Reason(
    "altered",
    N_("The file was altered after it was signed. Do not rely on it; look the certificate up by its number."),
)
CHANGED_LATER = Reason(
    "changed_after_signing",
    N_("Something was added to the file after it was signed. Ask the holder for the original file."),
)
FOREIGN = Reason(
    "foreign_signature",
    N_("The signature was not made by the issuing body, whatever name it bears. This is not a certificate of ours."),
)
SEVERAL = N_("The file bears %(count)s signatures; our certificates bear one.")
