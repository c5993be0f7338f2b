"""What an Open Badges 3.0 credential says of a certificate. Values in, JSON out; no photo, no identity number.

The shapes are those of https://www.imsglobal.org/spec/ob/v3p0 on the Verifiable Credentials data model 2.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.registration.facts import BODY_ZONE
from app.schemes.scheme import scheme as scheme_of
from certificates.register.facts import CertificateFacts

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
REVOCATION, SUSPENSION = "revocation", "suspension"
PURPOSES = (REVOCATION, SUSPENSION)


def credential(
    facts: CertificateFacts, uuid: UUID, issuer_name: str, status: Sequence[dict[str, str]]
) -> dict[str, Any]:
    """The unsigned credential; `status` are its places in the lists, one for each purpose. It names no schema: that of
    Open Badges 3.0 has room for one place alone, where the data model under it (W3C) has several."""
    achievement = achievement_of(facts.scheme, facts.level, facts.public_url)
    said: dict[str, Any] = {
        "@context": list(CONTEXT),
        "id": f"{facts.public_url}/register/credentials/{uuid}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": issuer_of(facts.public_url, issuer_name),
        "validFrom": moment(facts.issued_at),
        "credentialSubject": {
            "id": f"urn:uuid:{uuid}",
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": facts.holder, "identityType": "name"}
            ],
            "licenseNumber": facts.serial,
            "achievement": achievement,
        },
        "credentialStatus": list(status),
    }
    if facts.expires_on:
        said["validUntil"] = moment(end_of(facts.expires_on))
    if facts.demonstration:
        said["description"] = "DEMONSTRATION: certifies nothing. 演示证书，不证明任何事实。"
    return said


def issuer_of(public_url: str, name: str) -> dict[str, Any]:
    return {"id": f"{public_url}/register/issuer", "type": ["Profile"], "name": name, "url": public_url}


def achievement_of(scheme: str, level: str, public_url: str) -> dict[str, Any]:
    """The level itself, the same in every credential of it."""
    standard = scheme_of(scheme)
    one = standard.level(level)
    theory, practical = one.theory.pass_mark, one.practical.pass_mark
    return {
        "id": f"{public_url}/register/achievements/{standard.code}/{one.code}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": f"{standard.name} {one.name}",
        "description": f"{standard.name}（{standard.code}）{one.name}水平评价合格。 {standard.name_en}, {one.name_en}.",
        "criteria": {
            "narrative": f"理论知识考试不低于 {theory} 分，技能考核不低于 {practical} 分。"
            f" Theory at least {theory}, practical at least {practical}."
        },
        "humanCode": f"{standard.code}/{one.code}",
        "inLanguage": "zh-CN",
    }


def status_entry(public_url: str, list_name: str, place: int, purpose: str) -> dict[str, str]:
    address = f"{public_url}/register/status/{list_name}/{purpose}"
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def end_of(day: date) -> datetime:
    """The last day counts whole, at the certifying body."""
    return datetime.combine(day + timedelta(days=1), time(), BODY_ZONE)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
