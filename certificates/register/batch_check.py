"""Many certificates asked about at once, by employers with an account: what the register says of each, counted by day.

Answers come from the register alone; no file is looked at. Whoever needs to know that a file is genuine uploads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.certificate import Certificate
from app.registration.facts import day_of
from certificates.register.entries import worth
from certificates.register.privacy import masked, same_name
from certificates.register.serials import normalised

MOST = 500
UNKNOWN, NAME_DIFFERS = "unknown", "name_differs"
_COUNT = text(
    "INSERT INTO verifier_use (user_id, day, asked) SELECT :user, :day, :many WHERE :many <= :quota"
    " ON CONFLICT (user_id, day) DO UPDATE SET asked = verifier_use.asked + :many"
    " WHERE verifier_use.asked + :many <= :quota RETURNING asked"
)
_ASKED = text("SELECT asked FROM verifier_use WHERE user_id = :user AND day = :day")


@dataclass(frozen=True)
class Question:
    serial: str
    name: str = ""


@dataclass(frozen=True)
class Answer:
    """`verdict`: the status of today, or `unknown`, or `name_differs`: then nothing else is told of the entry."""

    question: Question
    verdict: str
    certificate: Certificate | None = None

    @property
    def holder(self) -> str | None:
        """Whole for who named the holder; else the beginning alone."""
        if self.certificate is None:
            return None
        return self.certificate.holder if self.question.name else masked(self.certificate.holder)

    @property
    def name_matches(self) -> bool | None:
        """None where no name was given, or there is no such number."""
        if not self.question.name or self.verdict == UNKNOWN:
            return None
        return self.verdict != NAME_DIFFERS


@dataclass(frozen=True)
class Checked:
    answers: tuple[Answer, ...]
    left_today: int


def check(session: Session, actor: Actor, questions: Sequence[Question], now: datetime, *, quota: int) -> Checked:
    """All answers, or a refusal that costs nothing of the day's quota."""
    if not questions:
        raise Refusal("nothing_to_check", N_("There is no certificate number in what you sent. Give at least one."))
    if len(questions) > MOST:
        raise Refusal(
            "too_many_to_check",
            N_("At most %(most)s certificates can be checked at once; you sent %(count)s. Send them in parts."),
            most=MOST, count=len(questions),
        )  # fmt: skip
    left = _counted(session, actor, len(questions), day_of(now), quota)
    found = _found(session, questions)
    answers = tuple(_answer(question, found, day_of(now)) for question in questions)
    unknown, differing = (sum(one.verdict == word for one in answers) for word in (UNKNOWN, NAME_DIFFERS))
    audit.record(
        session, "register:checked", actor, "user", actor.user_id,
        asked=len(answers), unknown=unknown, name_differs=differing,
    )  # fmt: skip
    return Checked(answers, left)


def left_today(session: Session, user_id: int, now: datetime, *, quota: int) -> int:
    asked = session.scalar(_ASKED, {"user": user_id, "day": day_of(now)}) or 0
    return max(0, quota - asked)


def _counted(session: Session, actor: Actor, many: int, day: date, quota: int) -> int:
    """What is left of the day. One statement, so that two requests at once cannot both take the last of it."""
    asked = session.scalar(_COUNT, {"user": actor.user_id, "day": day, "many": many, "quota": quota})
    if asked is None:
        before = session.scalar(_ASKED, {"user": actor.user_id, "day": day}) or 0
        raise Refusal(
            "quota_exhausted",
            N_("Your account may check %(quota)s certificates a day; %(left)s are left today, and you sent %(many)s. "
               "Send fewer, or go on tomorrow."),
            status=429, details={"quota": quota, "left_today": max(0, quota - before)},
            quota=quota, left=max(0, quota - before), many=many,
        )  # fmt: skip
    return quota - int(asked)


def _found(session: Session, questions: Sequence[Question]) -> Mapping[str, Certificate]:
    numbers = {number for one in questions if (number := normalised(one.serial))}
    rows = session.scalars(select(Certificate).where(Certificate.serial.in_(numbers)))
    return {row.serial: row for row in rows}


def _answer(question: Question, found: Mapping[str, Certificate], today: date) -> Answer:
    certificate = found.get(normalised(question.serial) or "")
    if certificate is None:
        return Answer(question, UNKNOWN)
    if question.name and not same_name(question.name, certificate.holder):
        return Answer(question, NAME_DIFFERS)
    return Answer(question, worth(certificate, today), certificate)
