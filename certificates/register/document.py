"""The file of a certificate as it is handed out: what was issued, and then each renewal of its proof."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.models.certificate import Certificate, CertificateArchive


def whole(session: Session, certificate: Certificate) -> bytes:
    """The bytes to hand out today; every earlier whole is a beginning of them and stays known by its hash."""
    return certificate.pdf + b"".join(suffixes(session, certificate.id))


def suffixes(session: Session, certificate_id: int) -> list[bytes]:
    query = select(CertificateArchive.suffix).where(CertificateArchive.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(CertificateArchive.number)))


def newest_sha256(session: Session, certificate: Certificate) -> str:
    """The hash of the whole as it is handed out today, known without reading a file."""
    query = select(CertificateArchive.sha256).where(CertificateArchive.certificate_id == certificate.id)
    return session.scalar(query.order_by(CertificateArchive.number.desc()).limit(1)) or certificate.sha256


def certificate_of(session: Session, digest: str) -> Certificate | None:
    """Whose file has this hash, as issued or after any of its renewals."""
    found = session.scalar(select(Certificate).where(Certificate.sha256 == digest))
    if found is not None:
        return found
    renewed = select(CertificateArchive.certificate_id).where(CertificateArchive.sha256 == digest)
    return session.scalar(select(Certificate).where(Certificate.id == renewed.scalar_subquery()))


def unchanged(session: Session, certificate: Certificate) -> bool:
    """Do the stored bytes still have the hashes that were kept with them, at every step?"""
    digest = sha256(certificate.pdf)
    if digest.hexdigest() != certificate.sha256:
        return False
    query = select(CertificateArchive).where(CertificateArchive.certificate_id == certificate.id)
    for one in session.scalars(query.order_by(CertificateArchive.number).options(undefer(CertificateArchive.suffix))):
        digest.update(one.suffix)
        if digest.hexdigest() != one.sha256:
            return False
    return True
