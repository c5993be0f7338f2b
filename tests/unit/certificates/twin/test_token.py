"""The credential as a token and with a proof inside, verified by libraries and code that did not make it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.jwk import import_key
from jsonschema import Draft202012Validator

from app.core.errors import Refusal
from certificates.register.keys import RegisterKey
from certificates.twin import badge, token
from certificates.twin.proof import with_proof
from tests.factories import codes

UUID_ = UUID("6f7c2f0e-6d0c-4c54-9e57-0d9d7f1d2a11")
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TEXT = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "format": "uri", "pattern": "^https://"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}


def _object(properties: dict[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": required or list(properties), "properties": properties}


def _types(*names: str) -> dict[str, Any]:
    return {"type": "array", "allOf": [{"contains": {"const": name}} for name in names]}


ISSUER = _object({"id": ADDRESS, "type": _types("Profile"), "name": TEXT, "url": ADDRESS})
ACHIEVEMENT = _object(
    {
        "id": ADDRESS,
        "type": _types("Achievement"),
        "achievementType": {"enum": ["Certification"]},
        "name": TEXT,
        "description": TEXT,
        "criteria": _object({"narrative": TEXT}),
        "humanCode": TEXT,
        "inLanguage": {"type": "string", "pattern": "^[a-z]{2,4}(-[A-Z]{2})?$"},
    }
)
IDENTITY = _object({"type": {"const": "IdentityObject"}, "hashed": {"type": "boolean"}, "identityHash": TEXT,
                    "identityType": {"enum": ["name"]}})  # fmt: skip
STATUS = _object({"id": ADDRESS, "type": {"const": "BitstringStatusListEntry"}, "statusListCredential": ADDRESS,
                  "statusPurpose": {"enum": ["revocation", "suspension"]},
                  "statusListIndex": {"type": "string", "pattern": "^[0-9]+$"}})  # fmt: skip
CREDENTIAL = _object(
    {
        "@context": {"type": "array", "prefixItems": [{"const": one} for one in badge.CONTEXT], "minItems": 2},
        "id": ADDRESS,
        "type": _types("VerifiableCredential", "OpenBadgeCredential"),
        "name": TEXT,
        "issuer": ISSUER,
        "validFrom": MOMENT,
        "validUntil": MOMENT,
        "credentialSubject": _object(
            {
                "id": {"type": "string", "pattern": "^urn:uuid:"},
                "type": _types("AchievementSubject"),
                "identifier": {"type": "array", "items": IDENTITY, "minItems": 1},
                "licenseNumber": TEXT,
                "achievement": ACHIEVEMENT,
            }
        ),
        "credentialStatus": {"type": "array", "items": STATUS, "minItems": 2},
    },
    required=["@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject"],
)
"""What the published schema of an AchievementCredential asks for, in the members that ours has."""


def credential(**changes: Any) -> dict[str, Any]:
    status = [badge.status_entry(codes.PUBLIC_URL, "1", 77, purpose) for purpose in badge.PURPOSES]
    return badge.credential(codes.facts(**changes), UUID_, "示例评价中心", status)


def signed(key: RegisterKey, **changes: Any) -> str:
    return token.signed(credential(**changes), key, f"{codes.PUBLIC_URL}/register/keys/{key.kid}")


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # by a name that other libraries do not know yet
@pytest.mark.parametrize("kind", ["EdDSA", "ES256", "RS256"])
def test_two_other_libraries_verify_the_token(kind: str) -> None:
    key = codes.credential_key(kind)
    made = signed(key)
    by_pyjwt = jwt.decode(
        made, jwt.PyJWK(key.as_jwk()), algorithms=[kind], issuer=f"{codes.PUBLIC_URL}/register/issuer"
    )
    by_joserfc = jws.deserialize_compact(made, import_key(dict(key.as_jwk())), algorithms=[kind])
    assert by_joserfc.payload is not None
    assert json.loads(by_joserfc.payload) == by_pyjwt
    assert {name: by_pyjwt[name] for name in credential()} == credential()


def test_a_changed_name_does_not_pass() -> None:
    key = codes.credential_key()
    mine, theirs = (signed(key, holder=name).split(".") for name in ("王小明", "王小红"))
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{mine[0]}.{theirs[1]}.{mine[2]}", jwt.PyJWK(key.as_jwk()), algorithms=["EdDSA"])
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(signed(key), jwt.PyJWK(codes.credential_key().as_jwk()), algorithms=["EdDSA"])


def test_the_header_has_what_the_standard_allows_and_no_key_that_vouches_for_itself() -> None:
    key = codes.credential_key("RS256")
    header = jwt.get_unverified_header(signed(key))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": f"{codes.PUBLIC_URL}/register/keys/{key.kid}"}


def test_the_registered_claims_repeat_the_credential() -> None:
    claims = jwt.decode(signed(codes.credential_key(), expires_on=date(2029, 11, 20)),
                        options={"verify_signature": False})  # fmt: skip
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert datetime.fromtimestamp(claims["nbf"], UTC) == AT
    assert claims["validUntil"] == "2029-11-20T16:00:00Z"  # the last day counts whole, at the issuing body
    assert datetime.fromtimestamp(claims["exp"], UTC) == datetime(2029, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize("changes", [{}, {"expires_on": date(2029, 1, 1)}, {"demonstration": True}])
def test_the_shape_is_that_of_the_standard(changes: dict[str, Any]) -> None:
    """But for the second place in a list, for which the published schema has no room: so it is not named as ours."""
    Draft202012Validator(CREDENTIAL).validate(credential(**changes))
    assert "credentialSchema" not in credential(**changes)


def test_nothing_of_a_person_but_the_name() -> None:
    subject = credential()["credentialSubject"]
    assert set(subject) == {"id", "type", "identifier", "licenseNumber", "achievement"}
    assert [one["identityType"] for one in subject["identifier"]] == ["name"]


@pytest.mark.parametrize(("kind", "suite"), [("EdDSA", "eddsa-jcs-2022"), ("ES256", "ecdsa-jcs-2019")])
def test_the_proof_inside_holds_by_the_steps_of_the_standard(kind: str, suite: str) -> None:
    """RFC 8785 for texts and lists of ASCII names is JSON with sorted keys; the rest is two hashes and a signature."""
    key = codes.credential_key(kind)
    made = with_proof(credential(), key, "https://exam.example.org/register/keys/k", AT)
    proof = dict(made.pop("proof"))
    value = _base58(proof.pop("proofValue"))
    assert (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) == (
        "DataIntegrityProof", suite, "assertionMethod")  # fmt: skip
    proof["@context"] = made["@context"]
    hashes = b"".join(sha256(_canonical(one)).digest() for one in (proof, made))
    public = jwt.PyJWK(key.as_jwk()).key
    if isinstance(public, Ed25519PublicKey):
        public.verify(value, hashes)
    else:
        r, s = (int.from_bytes(half, "big") for half in (value[:32], value[32:]))
        public.verify(encode_dss_signature(r, s), hashes, ec.ECDSA(SHA256()))


def test_no_proof_by_a_key_that_has_no_suite() -> None:
    with pytest.raises(Refusal) as refused:
        with_proof(credential(), codes.credential_key("RS256"), "https://exam.example.org/k", AT)
    assert refused.value.code == "proof_not_offered"


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _base58(value: str) -> bytes:
    assert value[0] == "z"
    number = 0
    for character in value[1:]:
        number = number * 58 + "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".index(character)
    return number.to_bytes(64, "big")
