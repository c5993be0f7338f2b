"""Signing at a level, step by step in memory: signature, its time stamp, proof, a time stamp over all, check."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography import x509

from app.core.errors import N_, Refusal
from certificates.signing.lasting import StampOf, certificates_of, not_signed, stamp_whole, unproven, with_room
from certificates.signing.levels import Level, Longer, Signed
from certificates.signing.proofs import Proof, Proofs
from certificates.signing.revisions import Growing
from certificates.signing.sign import confirm, opened, signed_revision
from certificates.signing.timestamps import Timestamps, Token
from certificates.signing.vouching import vouched_for

if TYPE_CHECKING:
    from certificates.signing.issuer import Issuer


def signed_at_level(issuer: Issuer, pdf: bytes, *, reason: str, at: datetime) -> Signed:
    return with_room(lambda: _signed(issuer, pdf, reason, at))


def lengthened(issuer: Issuer, pdf: bytes, *, at: datetime) -> Longer:
    return with_room(lambda: _lengthened(issuer, pdf, at))


def _signed(issuer: Issuer, pdf: bytes, reason: str, at: datetime) -> Signed:
    tokens: list[Token] = []
    stamp, room = None, 0
    if issuer.level.stamped:
        timestamps = _timestamps(issuer)
        stamp, room = StampOf(timestamps, at, tokens), timestamps.room
    grown = signed_revision(pdf, issuer.seal, reason=reason, at=at, stamp=stamp, stamp_room=room)
    proof = _add_proof(issuer, grown, tokens, at)
    signed = Signed(pdf + grown.added, issuer.level, tokens[-1].weakens_at if tokens else None)
    confirm(pdf, signed.pdf, issuer.seal, tokens, closed=issuer.level != Level.B_LT)
    _refuse_unvouched(issuer, signed, tokens, proof, at)
    return signed


def _lengthened(issuer: Issuer, pdf: bytes, at: datetime) -> Longer:
    chain = unproven(pdf)
    if not chain:
        raise not_signed()
    grown = opened(pdf)
    others = [*issuer.seal.chain, *map(x509.load_der_x509_certificate, grown.stored_certificates)]
    proof = _proofs(issuer).of(chain, at=at, others=others)
    grown.store(proof.certificates, proof.crls, proof.ocsps)
    token = stamp_whole(grown, _timestamps(issuer), at)
    return Longer(grown.added, token.weakens_at)


def _add_proof(issuer: Issuer, grown: Growing, tokens: list[Token], at: datetime) -> Proof | None:
    if not issuer.level.proven:
        return None
    chain = [issuer.seal.certificate, *issuer.seal.chain, *certificates_of(tokens)]
    proof = _proofs(issuer).of(chain, at=at)
    grown.store(proof.certificates, proof.crls, proof.ocsps)
    if issuer.level == Level.B_LTA:
        tokens.append(stamp_whole(grown, _timestamps(issuer), at))
    else:
        grown.close()
    return proof


def _refuse_unvouched(issuer: Issuer, signed: Signed, tokens: list[Token], proof: Proof | None, at: datetime) -> None:
    """In full once for each combination of certificates and proof: the same ones hold again."""
    parts = [one.signer.dump() for one in tokens]
    if proof is not None:
        parts += [*proof.certificates, *proof.crls, *proof.ocsps]
    key = sha256(b"".join(sha256(one).digest() for one in parts)).digest()
    if key in issuer.passed:
        return
    if not vouched_for(signed, issuer.roots, issuer.tsa_roots or issuer.roots, at):
        raise Refusal(
            "seal_not_vouched_for",
            N_(
                "The signing certificate does not lead to a trusted root, so nothing was issued. "
                "Check that TRUST_ROOTS holds the root above the signing certificate."
            ),
            status=503,
        )
    issuer.passed.add(key)


def _timestamps(issuer: Issuer) -> Timestamps:
    if issuer.timestamps is None:
        raise _no_timestamps(issuer)
    return issuer.timestamps


def _proofs(issuer: Issuer) -> Proofs:
    if issuer.proofs is None:
        raise _no_timestamps(issuer)
    return issuer.proofs


def _no_timestamps(issuer: Issuer) -> Refusal:
    return Refusal(
        "timestamps_missing",
        N_(
            "Signatures of level %(level)s need a time-stamp authority. Set TSA_URL to its address, or "
            "SIGNATURE_LEVEL to B-B."
        ),
        status=503,
        level=str(issuer.level),
    )
