"""Whether a certificate in a signer's chain was withdrawn, as revocation lists and OCSP answers say.

A list counts only if the authority above the certificate signed it; nothing is fetched here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from asn1crypto import parser  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from certificates.verifying.reading import MOST_UNPACKED, streams, unpacked

MOST_LISTS = 32
MOST_BYTES = 512 * 1024
MOST_IN_ANSWER = 32 * 1024
MOST_RESPONDERS = 4
"""Certificates in an answer: it is signed once, by the authority or by one that it appointed."""


def embedded(data: bytes) -> list[bytes]:
    """What looks like a list, an answer or a certificate in the streams of a file's later part."""
    found, budget = list[bytes](), MOST_UNPACKED
    for stream in streams(data):
        content = unpacked(data, stream, min(MOST_BYTES, budget))
        budget -= len(content)
        if content[:1] == b"\x30" and len(content) < MOST_BYTES:
            found.append(_without_line_end(content))
        if len(found) == MOST_LISTS or budget <= 0:
            break
    return found


def _without_line_end(content: bytes) -> bytes:
    """A stream that is not packed is followed by the file's own line end, which is none of the value in it."""
    try:
        return content[: parser.peek(content)]
    except ValueError:
        return content


def revoked_at(chain: Sequence[x509.Certificate], told: Iterable[bytes]) -> datetime | None:
    """The earliest withdrawal of a certificate of the chain, which begins with the signer's and ends with a root."""
    told = list(told)
    moments = [
        moment
        for subject, issuer in pairwise(chain)
        for one in told
        if (moment := _by_list(one, subject, issuer) or _by_answer(one, subject, issuer))
    ]
    return min(moments, default=None)


def _by_list(der: bytes, subject: x509.Certificate, issuer: x509.Certificate) -> datetime | None:
    try:
        one = x509.load_der_x509_crl(der)
        if one.issuer != issuer.subject:
            return None
        entry = one.get_revoked_certificate_by_serial_number(subject.serial_number)
        if entry is None or not one.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
            return None
        return entry.revocation_date_utc
    except (ValueError, TypeError):
        return None


def _by_answer(der: bytes, subject: x509.Certificate, issuer: x509.Certificate) -> datetime | None:
    if len(der) > MOST_IN_ANSWER:
        return None
    try:
        answer = ocsp.load_der_ocsp_response(der)
        if answer.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        said = next((one for one in answer.responses if one.serial_number == subject.serial_number), None)
        if said and said.certificate_status == ocsp.OCSPCertStatus.REVOKED and _signed_for(answer, issuer):
            return said.revocation_time_utc
    except (ValueError, TypeError, x509.ExtensionNotFound, InvalidSignature):
        return None
    return None


def _signed_for(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """By the authority itself or by a responder that it appointed."""
    for signer in (issuer, *answer.certificates[:MOST_RESPONDERS]):
        if signer is not issuer:
            try:
                signer.verify_directly_issued_by(issuer)
                usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
                continue
            if ExtendedKeyUsageOID.OCSP_SIGNING not in usage:
                continue
        if _verifies(answer, signer):
            return True
    return False


def _verifies(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, algorithm = signer.public_key(), answer.signature_hash_algorithm
    try:
        if algorithm is None:
            return False
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True
