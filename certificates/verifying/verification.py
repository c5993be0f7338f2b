"""What a PDF's signature says, judged without trusting the file: bytes in, findings out, no network, no database.

The file is not parsed as a PDF (see signature_places.py); the signature itself and its chain are judged by pyHanko.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.core.errors import N_, Refusal
from certificates.signing.awaiting import completed
from certificates.verifying import findings
from certificates.verifying.findings import Inspection, Reason
from certificates.verifying.signature_places import Place, claimed, places

__all__ = ["Inspection", "Reason", "inspect_pdf", "load_roots", "too_large"]

MOST_BYTES = 20 * 1024 * 1024
MOST_CERTIFICATES = 16
SIGNS_DOCUMENTS = frozenset({"digital_signature", "non_repudiation"})
ENCRYPTED = re.compile(rb"/Encrypt\s{0,20}(?:\d{1,10}\s{1,20}\d{1,10}\s{1,20}R|<<)")

# pyHanko reports a stranger's broken file with a traceback each; here that is an expected finding, not a fault.
for name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class _Judgement:
    """One signature: are the bytes it covers unchanged, does its chain lead to a root of ours."""

    place: Place
    readable: bool = False
    unchanged: bool = False
    trusted: bool = False
    signer_name: str | None = None
    signed_at: datetime | None = None


def load_roots(pem: bytes) -> list[x509.Certificate]:
    """The certificates that our own signatures lead to."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as problem:
        raise Refusal(
            "trust_roots_unusable",
            N_("The file of trusted root certificates cannot be read. Set one that holds certificates in PEM form."),
        ) from problem


def too_large(most_bytes: int) -> Refusal:
    return Refusal(
        "upload_too_large",
        N_("The file is larger than %(megabytes)s MB, so it cannot be a certificate of ours. Choose another file."),
        status=413,
        megabytes=most_bytes // (1024 * 1024),
    )


def inspect_pdf(data: bytes, trust_roots: Sequence[x509.Certificate], *, most_bytes: int = MOST_BYTES) -> Inspection:
    """All that can be found out from the file alone; never raises for what is in it, only for its size."""
    if len(data) > most_bytes:
        raise too_large(most_bytes)
    if b"%PDF-" not in data[:1024]:
        return Inspection(reasons=(findings.NOT_A_PDF,))
    if ENCRYPTED.search(data):
        return Inspection(is_pdf=True, encrypted=True, signed=claimed(data), reasons=(findings.ENCRYPTED,))
    if not claimed(data):
        return Inspection(is_pdf=True, reasons=(findings.UNSIGNED,))
    found = list(places(data))
    if not found:
        return Inspection(is_pdf=True, signed=True, reasons=(findings.DAMAGED,))
    return _summary([_judged(data, place, trust_roots) for place in found], len(data))


def _summary(judgements: list[_Judgement], size: int) -> Inspection:
    """The signature that counts is the first of ours, or else the first of all."""
    chosen = next((one for one in judgements if one.trusted), judgements[0])
    whole = chosen.place.end == size
    summary = Inspection(
        is_pdf=True,
        signed=True,
        intact=chosen.unchanged and whole,
        whole_file_covered=whole,
        trusted=chosen.trusted,
        signer_name=chosen.signer_name,
        signed_at=chosen.signed_at,
        later_changes=not whole,
    )
    return replace(summary, reasons=tuple(_reasons(chosen, whole, len(judgements))))


def _reasons(chosen: _Judgement, whole: bool, count: int) -> list[Reason]:
    if not chosen.readable:
        return [findings.DAMAGED]
    reasons = []
    if not chosen.unchanged:
        reasons.append(findings.ALTERED)
    elif not whole:
        reasons.append(findings.CHANGED_LATER)
    if chosen.unchanged and not chosen.trusted:
        reasons.append(findings.FOREIGN)
    if count > 1:
        reasons.append(Reason("several_signatures", findings.SEVERAL, {"count": count}))
    return reasons


def _judged(data: bytes, place: Place, trust_roots: Sequence[x509.Certificate]) -> _Judgement:
    """A stranger's signature can make a decoder raise anything; whatever it is, the signature is not readable."""
    try:
        contents = place.contents(data)
        content_info = cms.ContentInfo.load(contents)
        if any(contents[len(content_info.dump()) :]) or content_info["content_type"].native != "signed_data":
            return _Judgement(place)
        signed_data = content_info["content"]
        if len(signed_data["certificates"]) > MOST_CERTIFICATES or len(signed_data["signer_infos"]) != 1:
            return _Judgement(place)
        return _validated(data, place, signed_data, trust_roots)
    except Exception:
        return _Judgement(place)


def _validated(
    data: bytes, place: Place, signed_data: cms.SignedData, trust_roots: Sequence[x509.Certificate]
) -> _Judgement:
    """Judged as of the time of signing: a certificate outlives the key that signed it."""
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms  # heavy: only when there is a signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    moment = place.moment(data)
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in trust_roots],
        moment=moment,
        allow_fetching=False,
        best_signature_time=moment,
    )
    status = completed(
        async_validate_detached_cms(
            place.covered(data),
            signed_data,
            signer_validation_context=context,
            key_usage_settings=KeyUsageConstraints(key_usage=set(SIGNS_DOCUMENTS), match_all_key_usages=False),
        )
    )
    return _Judgement(
        place,
        readable=True,
        unchanged=status.intact and status.valid,
        trusted=status.trusted and moment is not None,
        signer_name=_common_name(status.signing_cert),
        signed_at=moment,
    )


def _common_name(certificate: asn1_x509.Certificate) -> str:
    names = certificate.subject.native
    return str(names.get("common_name") or certificate.subject.human_friendly)[:200]
