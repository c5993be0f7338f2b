"""Time stamps (RFC 3161): asked of an authority, and not believed before they were checked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Protocol

from asn1crypto import algos, cms, core, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from certificates.signing.awaiting import completed
from certificates.signing.key_holder import asn1
from certificates.signing.unavailable import Unavailable, timestamp_unavailable

FIRST_GUESS = 12 * 1024


@dataclass(frozen=True)
class Token:
    """A time stamp in DER. `weakens_at`: when the certificate of its authority ends."""

    der: bytes
    digest: bytes
    """What it was asked to stamp, and did."""
    at: datetime
    weakens_at: datetime
    signer: asn1_x509.Certificate
    certificates: tuple[asn1_x509.Certificate, ...]
    """All that came with it."""


class Timestamps(Protocol):
    """Somewhere time stamps come from."""

    @property
    def room(self) -> int:
        """Bytes to keep free for one."""

    def token(self, digest: bytes, *, at: datetime) -> Token:
        """A checked time stamp on a SHA-256, or Unavailable. `at` is the asker's time: an authority has its own."""


class Authority:
    """One authority, told apart from those who only claim to be one by the roots that vouch for it."""

    def __init__(self, roots: Sequence[x509.Certificate]) -> None:
        self._roots = [asn1(one) for one in roots]
        self._vouched: set[bytes] = set()
        self.room = FIRST_GUESS

    def token(self, digest: bytes, *, at: datetime) -> Token:
        nonce = secrets.randbits(62) | 1 << 62
        answer = self.answer(request(digest, nonce), at)
        try:
            token = self._checked(answer, digest, nonce)
        except Unavailable:
            raise
        except Exception as problem:  # a stranger's answer can make a decoder raise anything
            raise timestamp_unavailable(f"{self.name}: the answer is not a time stamp ({problem})") from problem
        self.room = len(token.der) + 64
        return token

    name = ""

    def answer(self, request: bytes, at: datetime) -> bytes:
        """A TimeStampResp for a TimeStampReq."""
        raise NotImplementedError

    def _checked(self, answer: bytes, digest: bytes, nonce: int) -> Token:
        response = _Response.load(answer, strict=True)
        if (said := response["status"]["status"].native) not in ("granted", "granted_with_mods"):
            raise timestamp_unavailable(f"{self.name}: refused ({said})")
        content = response["time_stamp_token"]
        data = content["content"]
        info: Any = data["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
            raise timestamp_unavailable(f"{self.name}: stamped something else")
        if info["nonce"].native != nonce:
            raise timestamp_unavailable(f"{self.name}: an answer to another question")
        signer, certificates = self._signed_by(data)
        moment, ends = info["gen_time"].native, signer.not_valid_after
        if not signer.not_valid_before <= moment <= ends:
            raise timestamp_unavailable(f"{self.name}: the authority's certificate was not valid then")
        return Token(content.dump(), digest, moment, ends, signer, certificates)

    def _signed_by(self, data: cms.SignedData) -> tuple[asn1_x509.Certificate, tuple[asn1_x509.Certificate, ...]]:
        from pyhanko.sign.validation.generic_cms import validate_sig_integrity

        (info,) = data["signer_infos"]
        certificates = tuple(one.chosen for one in data["certificates"])
        signer = next((one for one in certificates if _identifies(info["sid"], one)), None)
        if signer is None:
            raise timestamp_unavailable(f"{self.name}: the authority's certificate is missing")
        content = data["encap_content_info"]["content"].contents
        intact, valid = validate_sig_integrity(info, signer, "tst_info", sha256(content).digest())
        if not (intact and valid):
            raise timestamp_unavailable(f"{self.name}: the signature does not hold")
        if signer.sha256 not in self._vouched:  # the same for all its time stamps; asked once
            self._vouch(data)
            self._vouched.add(signer.sha256)
        return signer, certificates

    def _vouch(self, data: cms.SignedData) -> None:
        from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
        from pyhanko.sign.validation.status import TimestampSignatureStatus
        from pyhanko_certvalidator import ValidationContext

        info: Any = data["encap_content_info"]["content"].parsed
        context = ValidationContext(trust_roots=self._roots, moment=info["gen_time"].native, allow_fetching=False)
        imprint = info["message_imprint"]["hashed_message"].native
        found = completed(validate_tst_signed_data(data, context, lambda _algorithm: imprint))
        if not TimestampSignatureStatus(**found).trusted:
            raise timestamp_unavailable(f"{self.name}: no trusted root vouches for its certificate; check TSA_ROOTS")


class _Response(core.Sequence):  # type: ignore[misc]
    """As RFC 3161 has it: who refuses sends no token, which asn1crypto's own class does not take."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def request(digest: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    asked = {"version": 1, "message_imprint": tsp.MessageImprint(imprint), "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(asked).dump())


def _identifies(sid: cms.SignerIdentifier, certificate: asn1_x509.Certificate) -> bool:
    if sid.name == "subject_key_identifier":
        return bool(certificate.key_identifier == sid.chosen.native)
    named = sid.chosen
    return bool(
        named["issuer"].dump() == certificate.issuer.dump()
        and named["serial_number"].native == certificate.serial_number
    )
