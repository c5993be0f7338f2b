"""The terms of integrity of a session: what is recorded, which browser is asked for, whether pictures are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.integrity import SessionIntegrity
from app.models.registration import ExamSession, Part, SessionState
from proctoring import seb_file
from proctoring.lockdown import Mode, config_key, is_key
from proctoring.signals import CHOSEN, Kind, recorded_kinds

LEAST_SECONDS, MOST_SECONDS = 20, 1800
MOST_DAYS = 365
MOST_KEYS = 20
LONGEST_PURPOSE = 500
CAMERA, SCREEN = "camera", "screen"


@dataclass(frozen=True)
class Terms:
    """As candidates are told and the server acts on them."""

    signals: tuple[str, ...] = tuple(str(one) for one in CHOSEN)
    full_screen: bool = False
    lockdown: str = Mode.OFF
    quit_hash: str = ""
    config_key: str = ""
    extra_keys: tuple[str, ...] = ()
    camera: bool = False
    screen: bool = False
    capture_seconds: int = 120
    keep_days: int = 30
    purpose: str = ""

    @property
    def pictures(self) -> tuple[str, ...]:
        """The kinds of pictures that are taken."""
        return tuple(kind for kind, wanted in ((CAMERA, self.camera), (SCREEN, self.screen)) if wanted)

    @property
    def kinds(self) -> frozenset[Kind]:
        return recorded_kinds(self.signals, full_screen=self.full_screen, pictures=bool(self.pictures))

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one for one in (self.config_key, *self.extra_keys) if one)

    @property
    def told(self) -> dict[str, Any]:
        """What a consent to pictures is given to."""
        return {name: getattr(self, name) for name in ("camera", "screen", "capture_seconds", "keep_days", "purpose")}


_COLUMNS = tuple(Terms.__dataclass_fields__)
_BEFORE_OPENING = ("signals", "full_screen", "camera", "screen", "capture_seconds", "keep_days", "purpose")
"""What candidates are told before they start, so it stands once the doors are open."""


@dataclass(frozen=True)
class Wish:
    """New terms as a registrar gives them. `quit_password` None keeps the present one, empty takes it away."""

    terms: Terms
    quit_password: str | None = None
    files: Sequence[bytes] = field(default=())


def terms_of(session: Session, session_id: int) -> Terms:
    """Those of the session, the usual ones if nobody chose any."""
    columns = [getattr(SessionIntegrity, name) for name in _COLUMNS]
    row = session.execute(select(*columns).where(SessionIntegrity.session_id == session_id)).first()
    return of_row(row) if row else Terms()


def of_row(row: Any) -> Terms:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return Terms(**{**values, "signals": tuple(values["signals"]), "extra_keys": tuple(values["extra_keys"])})


def change(session: Session, actor: Actor, session_id: int, wish: Wish, start: str, now: datetime) -> Terms:
    """Puts the terms in force; `start` is the address that a configuration made now opens."""
    exam = _planned(session, session_id)
    before = terms_of(session, session_id)
    after = _checked(before, wish)
    moved = [name for name in _BEFORE_OPENING if getattr(before, name) != getattr(after, name)]
    if moved and exam.state not in (SessionState.PLANNED, SessionState.PREPARED):
        message = N_("The session is open and its candidates have been told what is recorded, so only Safe Exam "
                     "Browser can still be changed.")  # fmt: skip
        raise Refusal("terms_told", message, status=409, details={"fields": moved})
    row = session.get(SessionIntegrity, session_id) or SessionIntegrity(session_id=session_id)
    if after.lockdown != Mode.OFF:
        config = seb_file.configuration(seb_file.Wanted(start, after.quit_hash, camera=after.camera))
        row.config, after = seb_file.written(config), replace(after, config_key=config_key(config))
    else:
        row.config, after = None, replace(after, config_key="")
    for name in _COLUMNS:
        value = getattr(after, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    session.add(row)
    session.flush()
    told = {name: value for name, value in asdict(after).items() if name not in ("quit_hash", "extra_keys")}
    audit.record(session, "session:integrity", actor, "session", session_id, **told, keys=len(after.extra_keys),
                 quit_password=bool(after.quit_hash), at=now.isoformat())  # fmt: skip
    return after


def config_file(session: Session, session_id: int) -> bytes:
    """The configuration as it is handed out."""
    query = select(SessionIntegrity.config).where(SessionIntegrity.session_id == session_id)
    content = session.scalar(query)
    if content is None:
        raise NotFound()
    return content


def theory_session(session: Session, session_id: int) -> ExamSession:
    exam = session.get(ExamSession, session_id)
    if exam is None or exam.part != Part.THEORY:
        raise NotFound()
    return exam


def _planned(session: Session, session_id: int) -> ExamSession:
    """Held against opening and closing until the change is committed."""
    exam = theory_session(session, session_id)
    session.refresh(exam, ["state"], with_for_update={"key_share": True, "of": ExamSession})
    if exam.state in (SessionState.CLOSED, SessionState.RELEASED):
        message = N_("The session is over; what was recorded stays as it is.")
        raise Refusal("session_state", message, status=409, details={"state": exam.state})
    return exam


def _checked(before: Terms, wish: Wish) -> Terms:
    terms = wish.terms
    unknown = set(terms.signals) - set(CHOSEN)
    keys = tuple(dict.fromkeys(one.strip().lower() for one in terms.extra_keys if one.strip()))
    keys += tuple(key for key in map(seb_file.key_of_file, wish.files) if key not in keys)
    if unknown or terms.lockdown not in set(Mode):
        raise Refusal("terms_unknown", N_("Choose from what the page offers."), details={"unknown": sorted(unknown)})
    if len(keys) > MOST_KEYS or not all(map(is_key, keys)):
        message = N_("A key has 64 hexadecimal digits, one key on each line, at most %(most)s keys.")
        raise Refusal("key_malformed", message, most=MOST_KEYS)
    if not (LEAST_SECONDS <= terms.capture_seconds <= MOST_SECONDS and 1 <= terms.keep_days <= MOST_DAYS):
        message = N_("Pictures are taken every %(least)s to %(most)s seconds and kept for 1 to %(days)s days.")
        raise Refusal("capture_terms", message, least=LEAST_SECONDS, most=MOST_SECONDS, days=MOST_DAYS)
    if len(terms.purpose) > LONGEST_PURPOSE or (terms.pictures and not terms.purpose.strip()):
        message = N_("Say what the pictures are for, in at most %(most)s characters. Candidates read it before they "
                     "agree.")  # fmt: skip
        raise Refusal("purpose_missing", message, most=LONGEST_PURPOSE)
    password = before.quit_hash if wish.quit_password is None else _quit_hash(wish.quit_password)
    ordered = tuple(str(one) for one in CHOSEN if one in terms.signals)
    return replace(terms, signals=ordered, extra_keys=keys, quit_hash=password, purpose=terms.purpose.strip())


def _quit_hash(password: str) -> str:
    return seb_file.hashed_password(password) if password else ""
