"""What a certificate will show: the facts in a template."""

from __future__ import annotations

from app.models.registration import Application
from app.schemes.scheme import scheme as scheme_of
from certificates.drawing.face import CertificateFace
from certificates.drawing.template import TemplateBody
from certificates.register.facts import CertificateFacts
from certificates.register.qr import code_content
from certificates.signing.issuer import Issuer
from certificates.twin.credentials import Credential


def face_of(
    application: Application, facts: CertificateFacts, issuer: Issuer, credential: Credential | None,
    template: TemplateBody,
) -> CertificateFace:  # fmt: skip
    scheme = scheme_of(facts.scheme)
    level = scheme.level(facts.level)
    return CertificateFace(
        holder_name=facts.holder,
        photo=application.candidate.photo,
        scheme_name=scheme.name,
        scheme_code=scheme.code,
        level_name=level.name,
        issued_on=facts.issued_on,
        serial=facts.serial,
        issuer_name=issuer.name,
        verification_url=facts.address,
        demonstration=issuer.demonstration,
        template=template,
        scheme_name_en=scheme.name_en,
        level_name_en=level.name_en,
        expires_on=facts.expires_on,
        code=code_content(facts, issuer.keys.code),
        credential=credential.file if credential and template.conformance == "3b" else None,
    )
