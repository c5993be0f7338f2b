"""A finished signature (CMS), taken apart so that others like it can be put together quickly.

Between two signatures of one key only the digest, the signature and the time stamp differ. pyHanko builds the first
one; building each anew would be most of the cost of signing. What is put together here is checked by sign.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import cms  # type: ignore[import-untyped]

TIME_STAMP_TOKEN = bytes.fromhex("060b2a864886f70d010910020e")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
SEQUENCE, SET, OCTETS, FIRST, SECOND = 0x30, 0x31, 0x04, 0xA0, 0xA1

Sign = Callable[[bytes], bytes]
"""What is to be signed → the signature."""
Stamp = Callable[[bytes], bytes]
"""A signature → a time-stamp token on it."""


@dataclass(frozen=True)
class Form:
    before: bytes
    """Of the signed data, what comes before its content."""
    content: bytes
    after: bytes
    signer: bytes
    attributes: bytes
    digest: bytes
    algorithm: bytes

    @classmethod
    def of(cls, finished: cms.ContentInfo, digest: bytes) -> Form:
        data = cms.ContentInfo.load(finished.dump())["content"]
        (info,) = data["signer_infos"]
        attributes = info["signed_attrs"].untag().dump()
        if attributes.count(digest) != 1 or info["unsigned_attrs"].native:
            raise ValueError("the signature has not the expected shape")
        return cls(
            before=_joined(data, "version", "digest_algorithms"),
            content=data["encap_content_info"].dump(),
            after=_joined(data, "certificates", "crls"),
            signer=_joined(info, "version", "sid", "digest_algorithm"),
            attributes=attributes,
            digest=digest,
            algorithm=info["signature_algorithm"].dump(),
        )

    def filled(self, digest: bytes, sign: Sign, stamp: Stamp | None = None, content: bytes | None = None) -> bytes:
        attributes = self.attributes.replace(self.digest, digest)
        signature = sign(attributes)
        info = [self.signer, FIRST.to_bytes(1, "big"), attributes[1:], self.algorithm, der(OCTETS, signature)]
        if stamp is not None:
            info.append(der(SECOND, der(SEQUENCE, TIME_STAMP_TOKEN + der(SET, stamp(signature)))))
        infos = der(SET, der(SEQUENCE, b"".join(info)))
        data = der(SEQUENCE, self.before + (content or self.content) + self.after + infos)
        return der(SEQUENCE, SIGNED_DATA + der(FIRST, data))


def der(tag: int, body: bytes) -> bytes:
    """One value in DER."""
    size = len(body)
    if size < 128:
        return bytes((tag, size)) + body
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 | len(digits))) + digits + body


def _joined(whole: object, *names: str) -> bytes:
    return b"".join(whole[name].dump() for name in names)  # type: ignore[index]
