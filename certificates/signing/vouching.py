"""The full check of a signed file, by pyHanko: what a careful reader finds, with the roots of this house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography import x509

from certificates.signing.awaiting import completed
from certificates.signing.key_holder import asn1
from certificates.signing.levels import Level, Signed


def vouched_for(
    signed: Signed, roots: Sequence[x509.Certificate], tsa_roots: Sequence[x509.Certificate], at: datetime
) -> bool:
    """Does the signature lead to a root of ours, do its time stamps, and does nothing follow that it forbids?"""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(signed.pdf))
    mode = "require" if signed.level.proven else "soft-fail"
    common: dict[str, Any] = {"moment": at, "allow_fetching": False, "revocation_mode": mode}
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        store = None

    def context(anchors: Sequence[x509.Certificate]) -> ValidationContext:
        settings = common | {"trust_roots": [asn1(one) for one in anchors]}
        return store.as_validation_context(settings) if store is not None else ValidationContext(**settings)

    (signature,) = reader.embedded_regular_signatures
    stamps = reader.embedded_timestamp_signatures
    if len(stamps) != (signed.level == Level.B_LTA):
        return False
    found = completed(async_validate_pdf_signature(signature, context(roots), context(tsa_roots)))
    judged = [completed(async_validate_pdf_timestamp(one, context(tsa_roots))) for one in stamps]
    return bool(found.bottom_line) and all(one.intact and one.valid and one.trusted for one in judged)
