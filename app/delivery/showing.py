"""What a candidate gets to see of an attempt; never a key, a rationale, a code, or anyone else's item."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.delivery import attempts, closing, papers, playing
from app.delivery.delivered import DeliveredStimulus, option_json
from app.delivery.papers import PaperItem
from app.models.certificate import PartResult
from app.models.exam import Attempt, AttemptState, Response
from app.models.registration import Seat
from question_bank.item_types import TrueFalse


def shown_state(attempt: Attempt) -> str:
    """Marking is nobody's news before the release: until then an attempt is handed in, or its time was over."""
    if attempt.state != AttemptState.MARKED:
        return str(attempt.state)
    by_candidate = attempt.closed_how == closing.BY_CANDIDATE
    return str(AttemptState.SUBMITTED if by_candidate else AttemptState.EXPIRED)


def own_attempts(session: Session, user_id: int, now: datetime) -> list[dict[str, Any]]:
    """Newest first, after closing those past their time. Commit afterwards."""
    found = attempts.of_user(session, user_id)
    if any(closing.overdue(session, attempt, now) for attempt in found):
        for attempt in found:
            attempts.close_if_due(session, attempt.id, now)
    return [
        {
            "id": one.id, "session": one.session_id, "scheme": one.session.scheme, "level": one.session.level,
            "state": shown_state(one), "seat": one.seat.number, "opens_at": one.session.opens_at,
            "closes_at": one.session.closes_at, "session_state": one.session.state, "started_at": one.started_at,
            "deadline": one.deadline, "submitted_at": one.submitted_at,
        }
        for one in found
    ]  # fmt: skip


def paper_shown(
    session: Session, attempt: Attempt, words: Callable[[str], str], address: Callable[[str], str]
) -> dict[str, Any]:
    """The whole paper; `words` translates the options of true/false items, `address` says where a picture is had."""
    return items_shown(session, attempt.id, papers.items_of(session, attempt.paper), words, address)


def items_shown(
    session: Session, attempt_id: int, items: Sequence[PaperItem], words: Callable[[str], str],
    address: Callable[[str], str],
) -> dict[str, Any]:  # fmt: skip
    fixed = {option: words(text) for option, text in TrueFalse.OPTIONS.items()}
    numbers = _numbers(items)
    shown: dict[str, Any] = {"items": [_shown(one, fixed) | _besides(one, numbers, address) for one in items]}
    if numbers:
        shown["stimuli"] = _stimuli(session, attempt_id, items, address)
    return shown


def paper_json(
    session: Session, attempt_id: int, entries: Sequence[Any], words: Callable[[str], str],
    address: Callable[[str], str],
) -> str:  # fmt: skip
    """The same as JSON, put together from what is written out already; `entries` as the paper keeps its items."""
    fixed = {option: option_json(option, words(text)) for option, text in TrueFalse.OPTIONS.items()}
    items = papers.placed(session, entries)
    numbers = _numbers(items)
    written = ",".join([_written(one, fixed, _besides(one, numbers, address)) for one in items])
    around = f',"stimuli":{json.dumps(_stimuli(session, attempt_id, items, address))}' if numbers else ""
    return f'{{"items":[{written}]{around}}}'


def _numbers(items: Sequence[PaperItem]) -> dict[int, int]:
    """The materials of a paper, numbered as they come; their numbers in the bank are nobody's business."""
    found = dict.fromkeys(one.item.stimulus.version_id for one in items if one.item.stimulus)
    return {version: place for place, version in enumerate(found, 1)}


def started(session: Session, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What stands on the paper, and until when."""
    standing = select(Response.position, Response.answer, Response.flagged).where(Response.attempt_id == attempt.id)
    given = session.execute(standing).all() if attempt.last_seq else ()
    return {
        "client": str(attempt.client),
        "state": str(attempt.state),
        "server_time": now,
        "deadline": attempt.deadline,
        "next_seq": attempt.last_seq + 1,
        "responses": {str(row.position): row.answer for row in given if row.answer},
        "flagged": sorted(row.position for row in given if row.flagged),
    }


def responses_of(session: Session, attempt: Attempt) -> dict[int, Response]:
    """What stands at each position that was ever answered or flagged."""
    return {row.position: row for row in session.scalars(select(Response).where(Response.attempt_id == attempt.id))}


def _shown(one: PaperItem, fixed: Mapping[str, str]) -> dict[str, Any]:
    texts = fixed if one.item.type == TrueFalse.code else one.item.options
    return {
        "position": one.position,
        "type": one.item.type,
        "marks": _number(one.marks),
        "stem": one.item.stem,
        "options": [{"id": option, "text": texts[option]} for option in one.options if option in texts],
    }


def _written(one: PaperItem, fixed: Mapping[str, str], besides: Mapping[str, Any]) -> str:
    item = one.item
    written = fixed if item.type == TrueFalse.code else item.options_json
    options = ",".join([written[option] for option in one.options if option in written])
    return (
        f'{{"position":{one.position},"type":"{item.type}","marks":{_number(one.marks)},'
        f'"stem":{item.stem_json},"options":[{options}]{"," + json.dumps(besides)[1:-1] if besides else ""}}}'
    )


def _besides(one: PaperItem, numbers: Mapping[int, int], address: Callable[[str], str]) -> dict[str, Any]:
    """What only some items have."""
    item, found = one.item, dict[str, Any]()
    if item.gaps:
        found["gaps"] = item.gaps
    if item.pictures:
        found["media"] = {name: address(digest) for name, digest in item.pictures.items()}
    if item.stimulus:
        found["stimulus"] = numbers[item.stimulus.version_id]
    return found


def _stimuli(
    session: Session, attempt_id: int, items: Sequence[PaperItem], address: Callable[[str], str]
) -> list[dict[str, Any]]:
    """The materials in the order of their numbers; of a recording how often it may be heard and still is."""
    materials = list({one.item.stimulus.version_id: one.item.stimulus for one in items if one.item.stimulus}.values())
    heard = playing.heard(session, attempt_id) if any(one.audio for one in materials) else {}
    return [_material(number, one, heard.get(one.version_id, 0), address) for number, one in enumerate(materials, 1)]


def _material(number: int, one: DeliveredStimulus, heard: int, address: Callable[[str], str]) -> dict[str, Any]:
    shown: dict[str, Any] = {"number": number, "title": one.title, "text": one.text}
    if one.pictures:
        shown["media"] = {name: address(digest) for name, digest in one.pictures.items()}
    if one.audio:
        shown |= {"plays": one.plays, "plays_left": max(0, one.plays - heard)}
    return shown


def handed_in(session: Session, attempt: Attempt) -> dict[str, Any]:
    answered = select(func.count()).where(Response.attempt_id == attempt.id, func.cardinality(Response.answer) > 0)
    return {
        "receipt": attempt.receipt,
        "state": shown_state(attempt),
        "submitted_at": attempt.submitted_at,
        "answered": session.scalar(answered) or 0,
    }


def released_result(session: Session, user_id: int, attempt_id: int) -> dict[str, Any]:
    """Score and marks by row; before the release there is nothing to see."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.user_id != user_id or attempt.state != AttemptState.RELEASED:
        raise NotFound()
    query = select(PartResult).join(Seat, Seat.application_id == PartResult.application_id)
    found = session.scalar(query.where(Seat.id == attempt.seat_id, PartResult.session_id == attempt.session_id))
    if found is None:
        raise NotFound()
    rows = [
        {field: str(row.get(field, "")) for field in ("no", "name", "marks", "of")} for row in found.breakdown["rows"]
    ]
    return {"score": format(found.score, "f"), "passed": found.passed, "rows": rows}


def _number(marks: Decimal) -> int | float:
    return int(marks) if marks == marks.to_integral_value() else float(marks)
