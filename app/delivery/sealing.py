"""What of a session's terms the key of a sealed page depends on, as rows tell it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.delivery import sealed_page

READ = text(
    f"SELECT {sealed_page.TERMS.format(row='i')} FROM exam_session e"  # noqa: S608 - made of constants
    " LEFT JOIN session_integrity i ON i.session_id = e.id WHERE e.id = :session"
)


def terms_of(session: Session, session_id: int) -> str:
    return str(session.execute(READ, {"session": session_id}).scalar_one())
