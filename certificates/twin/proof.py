"""The same credential with a proof inside it: Data Integrity, eddsa-jcs-2022 or ecdsa-jcs-2019 by the kind of key.

Made with openvc when somebody asks for it, not when a certificate is issued: the token is what is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.core.errors import N_, Refusal
from certificates.register.keys import RegisterKey


class _Signer:
    """A key of the register as openvc takes one."""

    def __init__(self, key: RegisterKey, address: str) -> None:
        self._key, self._address = key, address

    @property
    def alg(self) -> str:
        return self._key.alg

    @property
    def kid(self) -> str:
        return self._address

    def sign(self, signing_input: bytes) -> bytes:
        return self._key.sign(signing_input)


def with_proof(credential: dict[str, Any], key: RegisterKey, address: str, at: datetime) -> dict[str, Any]:
    from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite

    suites = {"EdDSA": EddsaJcsProofSuite, "ES256": EcdsaJcsProofSuite}
    if key.alg not in suites:
        raise Refusal(
            "proof_not_offered",
            N_("The key of this register makes no proof of this kind. Take the credential as a signed token (JWT)."),
            status=406,
        )
    signer = _Signer(key, address)
    return suites[key.alg]().add_proof(credential, signing_key=signer, verification_method=address, created=at)
