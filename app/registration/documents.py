"""Evidence that an applicant uploads: checked by its content, stored as it came, with its hash."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer
from sqlalchemy.sql.base import ExecutableOption

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import Application, Document, DocumentKind
from app.registration.applications import own_application, own_draft

MOST_BYTES = 5 * 1024 * 1024
MOST_DOCUMENTS = 20
_MAGIC = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def media_type(content: bytes) -> str:
    """What the file is by its first bytes, whatever its name says."""
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            return kind
    raise Refusal("document_unreadable", N_("This file is no PDF, JPEG or PNG. Save it as one of these and upload it."))


def add_document(
    session: Session, actor: Actor, user_id: int, application_id: int, kind: str, filename: str, content: bytes
) -> Document:
    application = own_draft(session, user_id, application_id)
    _check(session, application, kind, content)
    document = Document(
        application_id=application.id, kind=DocumentKind(kind), filename=plain_name(filename),
        media_type=media_type(content), content=content, sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    session.add(document)
    session.flush()
    audit.record(session, "application:document:added", actor, "application", application.id,
                 document=document.id, kind=kind, sha256=document.sha256)  # fmt: skip
    return document


def remove_document(session: Session, actor: Actor, user_id: int, application_id: int, document_id: int) -> None:
    application = own_draft(session, user_id, application_id)
    document = _document(session, application.id, document_id)
    audit.record(session, "application:document:removed", actor, "application", application.id,
                 document=document.id, kind=document.kind, sha256=document.sha256)  # fmt: skip
    session.delete(document)


def own_document(session: Session, user_id: int, application_id: int, document_id: int) -> Document:
    return read_document(session, own_application(session, user_id, application_id).id, document_id)


def read_document(session: Session, application_id: int, document_id: int) -> Document:
    return _document(session, application_id, document_id, undefer(Document.content))


def _document(session: Session, application_id: int, document_id: int, *options: ExecutableOption) -> Document:
    query = select(Document).where(Document.id == document_id, Document.application_id == application_id)
    document: Document | None = session.scalar(query.options(*options))
    if document is None:
        raise NotFound
    return document


def _check(session: Session, application: Application, kind: str, content: bytes) -> None:
    if kind not in set(DocumentKind):
        raise Refusal("document_kind_unknown", N_("Choose what the document proves: training or recommendation."))
    check_content(content)
    count = session.scalar(select(func.count()).select_from(Document).where(Document.application_id == application.id))
    if (count or 0) >= MOST_DOCUMENTS:
        raise Refusal(
            "documents_too_many",
            N_("An application takes at most %(count)s documents. Remove one first."),
            count=MOST_DOCUMENTS,
        )


def check_content(content: bytes) -> None:
    if not content:
        raise Refusal("document_empty", N_("The file is empty. Choose it again."))
    if len(content) > MOST_BYTES:
        raise Refusal(
            "document_too_large",
            N_("The file is larger than %(megabytes)s MB. Scan it smaller and upload it again."),
            status=413,
            megabytes=MOST_BYTES // 1024 // 1024,
        )


def plain_name(filename: str) -> str:
    """The last part of the path, printable and of bearable length."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(character for character in name if character.isprintable())[-120:] or "document"
