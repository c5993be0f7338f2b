"""One signature of a PDF: are the bytes it covers unchanged, and does its chain lead to a root of ours.

The signature and its chain are judged by pyHanko, as of the time when the signature provably or allegedly was made:
a certificate outlives the key that signed it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

# asn1crypto closes its list of attribute names at its first use, and `tsp` and `pdf` add some to it when imported:
# a process that judged a signature without them could sign nothing afterwards.
from asn1crypto import cms, pdf, tsp  # type: ignore[import-untyped]  # noqa: F401
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.archive.roots import counting
from certificates.signing.awaiting import completed
from certificates.verifying.findings import Stamp
from certificates.verifying.signature_places import Place
from certificates.verifying.trust import Trust

if TYPE_CHECKING:
    from pyhanko_certvalidator import ValidationContext

MOST_CERTIFICATES = 16
MOST_NAMESAKES = 2
"""Certificates under a name that another one bears already. Every order of them is a path to try, so that sixteen
would never come to an end; a chain has none, a cross-certified one has one."""
SIGNS_DOCUMENTS = frozenset({"digital_signature", "non_repudiation"})

# pyHanko reports a stranger's broken file with a traceback each; here that is an expected finding, not a fault.
for name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Judgement:
    """`authentic`: the signature is by the key it names, over some content. `unchanged`: over this content.

    `trusted`: that key was vouched for by a root of ours then. `stamp`: on the signature, or what it is itself.
    """

    place: Place
    readable: bool = False
    authentic: bool = False
    unchanged: bool = False
    trusted: bool = False
    out_of_term: bool = False
    bears_our_name: bool = False
    is_stamp: bool = False
    signer_name: str | None = None
    signed_at: datetime | None = None
    stamp: Stamp | None = None
    chain: tuple[x509.Certificate, ...] = ()


def judged(data: bytes, place: Place, trust: Trust) -> Judgement:
    """A stranger's signature can make a decoder raise anything; whatever it is, the signature is not readable."""
    try:
        contents = place.contents(data)
        content_info = cms.ContentInfo.load(contents)
        if any(contents[len(content_info.dump()) :]) or content_info["content_type"].native != "signed_data":
            return Judgement(place)
        signed_data = content_info["content"]
        if len(signed_data["signer_infos"]) != 1 or not all(map(_plain, (signed_data, *_tokens(signed_data)))):
            return Judgement(place)
        if not len(signed_data["signer_infos"][0]["signed_attrs"]):
            return Judgement(place)  # then a signature over attributes could pass for one over a file
        if signed_data["encap_content_info"]["content_type"].native == "tst_info":
            return _stamp(data, place, signed_data, trust)
        return _signature(data, place, signed_data, trust)
    except Exception:
        return Judgement(place)


def _plain(signed_data: cms.SignedData) -> bool:
    """Few certificates, and few ways to put them in order."""
    held = [one.chosen for one in signed_data["certificates"]]
    names = {one.subject.dump() for one in held if isinstance(one, asn1_x509.Certificate)}
    return len(held) <= MOST_CERTIFICATES and len(held) - len(names) <= MOST_NAMESAKES


def _tokens(signed_data: cms.SignedData) -> Iterator[cms.SignedData]:
    """The time stamps inside a signature, each with certificates of its own."""
    info = signed_data["signer_infos"][0]
    for attribute in (*info["signed_attrs"], *info["unsigned_attrs"]):
        yield from (one["content"] for one in attribute["values"] if isinstance(one, cms.ContentInfo))


def _signature(data: bytes, place: Place, signed_data: cms.SignedData, trust: Trust) -> Judgement:
    from pyhanko.sign.validation.generic_cms import (  # heavy: only when there is a signature
        async_validate_detached_cms,
        extract_tst_data_iter,
    )
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    claimed = place.moment(data)
    tokens = list(extract_tst_data_iter(signed_data["signer_infos"][0], signed=False))[:1]
    stamped = _moment_of(tokens[0]) if tokens else None
    status: Any = completed(
        async_validate_detached_cms(
            place.covered(data),
            signed_data,
            signer_validation_context=_context(trust.roots, stamped or claimed),
            ts_validation_context=_context(trust.tsa_roots or trust.roots, stamped),
            key_usage_settings=KeyUsageConstraints(key_usage=set(SIGNS_DOCUMENTS), match_all_key_usages=False),
        )
    )
    stamp = _stamp_of(status.timestamp_validity, whole=False) if status.timestamp_validity else None
    if stamp and not stamp.trusted and stamped != claimed:
        return _signature(data, place, _without_stamps(signed_data), trust)
    return Judgement(
        place,
        readable=True,
        authentic=status.valid,
        unchanged=status.intact and status.valid,
        trusted=status.trusted and claimed is not None,
        out_of_term=_out_of_term(status),
        bears_our_name=_bears_name_of(signed_data, trust.roots),
        signer_name=_common_name(status.signing_cert),
        signed_at=claimed,
        stamp=stamp,
        chain=_chain(status),
    )


def _stamp(data: bytes, place: Place, signed_data: cms.SignedData, trust: Trust) -> Judgement:
    """A time stamp over the whole file up to its end."""
    from hashlib import new

    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus

    context = _context(trust.tsa_roots or trust.roots, _moment_of(signed_data))
    covered = place.covered(data)
    values = completed(validate_tst_signed_data(signed_data, context, lambda name: new(name, covered).digest()))
    status = TimestampSignatureStatus(**values)
    stamp = _stamp_of(status, whole=True)
    return Judgement(
        place,
        readable=True,
        authentic=status.valid,
        unchanged=stamp is not None,
        trusted=bool(stamp and stamp.trusted),
        is_stamp=True,
        signer_name=_common_name(status.signing_cert),
        signed_at=status.timestamp,
        stamp=stamp,
        chain=_chain(status),
    )


def _context(roots: Sequence[x509.Certificate], moment: datetime | None) -> ValidationContext:
    """A moment before or after the period in which a root counts finds no root."""
    from pyhanko_certvalidator import ValidationContext

    if moment is not None:
        roots = counting(roots, moment)
    return ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots],
        moment=moment,
        allow_fetching=False,
        best_signature_time=moment,
    )


def _stamp_of(status: Any, *, whole: bool) -> Stamp | None:
    if not (status.intact and status.valid):
        return None
    ends = status.signing_cert.not_valid_after
    return Stamp(status.timestamp, _common_name(status.signing_cert), ends, bool(status.trusted), whole)


def _without_stamps(signed_data: cms.SignedData) -> cms.SignedData:
    bare = cms.SignedData.load(signed_data.dump())
    del bare["signer_infos"][0]["unsigned_attrs"]
    return bare


def _moment_of(token: cms.SignedData) -> datetime:
    moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _out_of_term(status: Any) -> bool:
    from pyhanko.sign.ades.report import AdESIndeterminate

    terms = (
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
        AdESIndeterminate.NOT_YET_VALID,
    )
    return status.trust_problem_indic in terms


def _chain(status: Any) -> tuple[x509.Certificate, ...]:
    """From the signer's certificate to the root, where a root of ours stands above it."""
    path = status.validation_path
    if not status.trusted or path is None:
        return ()
    upwards = reversed(list(path.iter_certs(include_root=True)))
    return tuple(x509.load_der_x509_certificate(one.dump()) for one in upwards)


def _bears_name_of(signed_data: cms.SignedData, roots: Sequence[x509.Certificate]) -> bool:
    ours = {root.subject.public_bytes() for root in roots}
    held = [one.chosen for one in signed_data["certificates"]]
    return any(name.dump() in ours for one in held for name in (one.subject, one.issuer))


def _common_name(certificate: asn1_x509.Certificate) -> str:
    names = certificate.subject.native
    return str(names.get("common_name") or certificate.subject.human_friendly)[:200]
