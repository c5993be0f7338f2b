"""What a certification authority says of one certificate: its list of revoked ones (CRL), or its answer (OCSP).

Nothing is believed that the authority did not sign, that is past its own end, or that is larger than it need be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from certificates.signing.fetching import fetched
from certificates.signing.unavailable import Unavailable, revocation_unavailable

SECONDS = 10.0
MOST_BYTES = 2 * 1024 * 1024
NO_END = timedelta(hours=12)
"""An OCSP answer that names no end is good for this long."""


@dataclass(frozen=True)
class Evidence:
    """`good_until`: when to ask again. `ends`: when it is good for nothing."""

    good_until: datetime
    ends: datetime
    crl: bytes = b""
    ocsp: bytes = b""
    responders: tuple[x509.Certificate, ...] = ()
    revoked: bool = False


Lists = dict[str, Evidence]
"""What was fetched before, by address: one list speaks of many certificates."""


def crl_about(
    one: x509.Certificate, issuer: x509.Certificate, at: datetime, good_until: datetime, known: Lists
) -> Evidence:
    def ask(url: str) -> Evidence:
        held = known.get(url)
        if held is not None and at < held.good_until:
            return read_crl(held.crl, url, one, issuer, at, held.good_until)
        known[url] = said = read_crl(_fetched(url), url, one, issuer, at, good_until)
        return said

    return _first(_crl_addresses(one), ask)


def ocsp_about(one: x509.Certificate, issuer: x509.Certificate, at: datetime, good_until: datetime) -> Evidence:
    body = question(one, issuer)
    return _first(_ocsp_addresses(one), lambda url: read_ocsp(_fetched(url, body), url, one, issuer, at, good_until))


def question(one: x509.Certificate, issuer: x509.Certificate) -> bytes:
    asked = ocsp.OCSPRequestBuilder().add_certificate(one, issuer, hashes.SHA1()).build()  # noqa: S303  # as RFC 6960
    return asked.public_bytes(Encoding.DER)


def read_crl(
    data: bytes, source: str, one: x509.Certificate, issuer: x509.Certificate, at: datetime, good_until: datetime
) -> Evidence:
    """What a list says of the certificate, once it is known to be its issuer's and still good."""
    try:
        crl = x509.load_der_x509_crl(data) if not data.startswith(b"-----") else x509.load_pem_x509_crl(data)
        signed = crl.issuer == issuer.subject and crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        whole = all(_is_whole(item, one) for item in crl.extensions)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise revocation_unavailable(f"{source}: not a list of revoked certificates ({problem})") from problem
    if not signed:
        raise revocation_unavailable(f"{source}: the list is not signed by the certificate's issuer")
    ends = crl.next_update_utc
    if ends is None or ends <= at:
        raise revocation_unavailable(f"{source}: the list ended {ends or 'without naming a time'}")
    if not whole:
        raise revocation_unavailable(f"{source}: the list says something of part of the certificates only")
    revoked = crl.get_revoked_certificate_by_serial_number(one.serial_number) is not None
    return Evidence(min(good_until, ends), ends, crl=crl.public_bytes(Encoding.DER), revoked=revoked)


def _is_whole(item: x509.Extension[x509.ExtensionType], one: x509.Certificate) -> bool:
    """Does the list, with this extension, still say all there is to say of the certificate?"""
    if not item.critical:
        return True
    if not isinstance(item.value, x509.IssuingDistributionPoint):
        return False
    part, authority = item.value, is_authority(one)
    elsewhere = part.indirect_crl or part.only_some_reasons or part.only_contains_attribute_certs
    others = part.only_contains_user_certs if authority else part.only_contains_ca_certs
    return not (elsewhere or others)


def is_authority(one: x509.Certificate) -> bool:
    """Does it vouch for others, rather than sign or stamp by itself?"""
    try:
        return one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def read_ocsp(
    data: bytes, source: str, one: x509.Certificate, issuer: x509.Certificate, at: datetime, good_until: datetime
) -> Evidence:
    """What an answer says of the certificate, once it is known to be its issuer's and still good."""
    try:
        said = ocsp.load_der_ocsp_response(data)
        if said.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise revocation_unavailable(f"{source}: {said.response_status.name.lower()}")
        by = _responder(said, issuer)
        _verify(by, said.signature, said.tbs_response_bytes, said.signature_hash_algorithm)
        about_this = said.serial_number == one.serial_number
        status, ends = said.certificate_status, said.next_update_utc or said.this_update_utc + NO_END
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as problem:
        raise revocation_unavailable(f"{source}: not an answer of the authority ({problem})") from problem
    if not about_this or status == ocsp.OCSPCertStatus.UNKNOWN:
        raise revocation_unavailable(f"{source}: says nothing of the certificate")
    if ends <= at:
        raise revocation_unavailable(f"{source}: the answer ended {ends}")
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    responders = () if by == issuer else (by,)
    return Evidence(min(good_until, ends), ends, ocsp=data, responders=responders, revoked=revoked)


def _responder(said: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate:
    """The issuer, or whom it has named to answer."""
    for one in said.certificates:
        purposes = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value if one != issuer else ()
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes:
            one.verify_directly_issued_by(issuer)
            return one
    return issuer


def _verify(by: x509.Certificate, signature: bytes, signed: bytes, algorithm: hashes.HashAlgorithm | None) -> None:
    key = by.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm is not None:
        key.verify(signature, signed, ec.ECDSA(algorithm))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm is not None:
        key.verify(signature, signed, padding.PKCS1v15(), algorithm)
    else:
        raise UnsupportedAlgorithm("signed in a way not known here")


def _first(addresses: Iterable[str], ask: Callable[[str], Evidence]) -> Evidence:
    seen = []
    for url in addresses:
        try:
            return ask(url)
        except Unavailable as problem:
            seen.append(problem.about)
    raise revocation_unavailable("; ".join(seen))


def _fetched(url: str, body: bytes | None = None) -> bytes:
    headers = {"Content-Type": "application/ocsp-request"} if body else None
    return fetched(url, revocation_unavailable, seconds=SECONDS, most_bytes=MOST_BYTES, body=body, headers=headers)


def _crl_addresses(one: x509.Certificate) -> list[str]:
    try:
        points = one.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [name.value for point in points for name in point.full_name or () if _is_address(name)]


def _ocsp_addresses(one: x509.Certificate) -> list[str]:
    try:
        services = one.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    named = [each.access_location for each in services if each.access_method == AuthorityInformationAccessOID.OCSP]
    return [name.value for name in named if _is_address(name)]


def _is_address(name: x509.GeneralName) -> bool:
    return isinstance(name, x509.UniformResourceIdentifier) and name.value.startswith(("http://", "https://"))
