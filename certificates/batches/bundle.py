"""All certificates of a session as one ZIP file, made while it is sent: one document at a time is in memory.

The documents are as they are handed out anywhere else. Two lists come last, for people (CSV) and for programs (JSON),
with the SHA-256 of each file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from io import StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app.models.certificate import Certificate
from app.models.registration import Seat
from app.registration.facts import BODY_ZONE
from certificates.batches.file_names import file_name
from certificates.register.document import whole

AT_ONCE = 20
COLUMNS = ("file", "seat", "serial", "holder", "scheme", "level", "issued_on", "expires_on", "status", "sha256")
_HANDED_OUT = ("valid", "suspended")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Sink:
    """What the archive writes, until it is sent on. It cannot be wound back, as the connection cannot."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: Any) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data, self._written = b"".join(self._written), []
        return data


def count(session: Session, session_id: int) -> int:
    """How many certificates of a session there are to hand out."""
    query = select(func.count()).select_from(Certificate).join(Seat, Seat.application_id == Certificate.application_id)
    return session.scalar(query.where(Seat.session_id == session_id, Certificate.status.in_(_HANDED_OUT))) or 0


def bundle(session: Session, session_id: int, now: datetime) -> Iterator[bytes]:
    """The archive, piece by piece. Between two handfuls nothing of the database is held."""
    sink, rows = _Sink(), list[tuple[Any, ...]]()
    with ZipFile(sink, "w", ZIP_STORED) as archive:  # type: ignore[call-overload]
        for seat, certificate in _certificates(session, session_id):
            document = whole(session, certificate)
            name = file_name(certificate.serial, certificate.holder)
            _add(archive, name, document, certificate.issued_at)
            rows.append(_row(name, seat, certificate, sha256(document).hexdigest()))
            yield sink.taken()
        _add(archive, "manifest.csv", _as_csv(rows), now, ZIP_DEFLATED)
        _add(archive, "manifest.json", _as_json(rows, session_id, now), now, ZIP_DEFLATED)
    yield sink.taken()


def _certificates(session: Session, session_id: int) -> Iterator[tuple[int, Certificate]]:
    after = 0
    while True:
        query = (
            select(Seat.number, Certificate)
            .join(Seat, Seat.application_id == Certificate.application_id)
            .where(Seat.session_id == session_id, Seat.number > after, Certificate.status.in_(_HANDED_OUT))
            .order_by(Seat.number)
            .limit(AT_ONCE)
        )
        rows = session.execute(query.options(undefer(Certificate.pdf))).all()
        yield from ((row[0], row[1]) for row in rows)
        session.rollback()
        session.expunge_all()
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0]


def _add(archive: ZipFile, name: str, content: bytes, at: datetime, how: int = ZIP_STORED) -> None:
    entry = ZipInfo(name, at.astimezone(BODY_ZONE).timetuple()[:6])
    entry.compress_type, entry.external_attr = how, 0o644 << 16
    archive.writestr(entry, content)


def _row(name: str, seat: int, one: Certificate, digest: str) -> tuple[Any, ...]:
    expires_on = one.expires_on.isoformat() if one.expires_on else None
    return (name, seat, one.serial, one.holder, one.scheme, one.level, one.issued_on.isoformat(), expires_on,
            one.status, digest)  # fmt: skip


def _as_csv(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """With the mark by which spreadsheets know the encoding; and no name is taken for a formula."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([[_plain(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) else value


def _as_json(rows: Sequence[tuple[Any, ...]], session_id: int, now: datetime) -> bytes:
    listed = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return json.dumps({"session": session_id, "made_at": now.isoformat(), "certificates": listed},
                      ensure_ascii=False, indent=1).encode()  # fmt: skip
