"""What items are for: exams, or practice that anyone may see. Once practised an item never comes back to exams."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NoReturn

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.bank import Item, ItemUse

_AHEAD = text("""
SELECT i.code FROM item i JOIN item_version v ON v.item_id = i.id
  JOIN paper p ON p.items @> jsonb_build_array(jsonb_build_object('version_id', v.id))
  JOIN attempt a ON a.paper_id = p.id JOIN exam_session s ON s.id = a.session_id
 WHERE i.id = ANY(:items) AND a.state IN ('prepared', 'in_progress', 'paused') AND s.state IN ('prepared', 'open')
 ORDER BY i.code LIMIT 1
""")
_PRACTISED = text("""
SELECT i.code FROM item i JOIN item_version v ON v.item_id = i.id
 WHERE i.id = ANY(:items) AND EXISTS (
       SELECT FROM practice_attempt p WHERE p.items @> jsonb_build_array(jsonb_build_object('version_id', v.id)))
 ORDER BY i.code LIMIT 1
""")
_APART = text("""
SELECT min(n.code) FROM (
    SELECT DISTINCT ON (i.id) i.code, i.use, v.stimulus_version_id FROM item i JOIN item_version v ON v.item_id = i.id
     WHERE i.state = 'in_use' ORDER BY i.id, v.number DESC
) n JOIN stimulus_version s ON s.id = n.stimulus_version_id GROUP BY s.stimulus_id
HAVING count(DISTINCT n.use) > 1 AND bool_or(n.code = ANY(:codes))
""")


def change_uses(session: Session, actor: Actor, wanted: Mapping[int, str], reason: str = "") -> None:
    """Item → its new use. All of them or, by the refusal, none."""
    if not wanted:
        return
    for use in ItemUse:
        items = [item for item, new in wanted.items() if new == use]
        if items:
            _refuse(session, use, items)
            session.execute(update(Item).where(Item.id.in_(items)).values(use=use))
    rows = session.execute(select(Item.id, Item.code, Item.use).where(Item.id.in_(list(wanted)))).all()
    refuse_mixed(session, [row.code for row in rows])
    lines = [(row.id, {"item": row.code, "use": row.use, **({"reason": reason} if reason else {})}) for row in rows]
    audit.record_many(session, "item:use_changed", actor, "item", lines)


def refuse_mixed(session: Session, codes: Collection[str]) -> None:
    """Whoever practises with a material must not meet it again in an exam."""
    if codes and (apart := session.scalar(_APART, {"codes": list(codes)})):
        message = N_(
            "Item %(item)s shares its material with items of another use; whoever practises would see it before the "
            "exam. Change all items of that material together."
        )
        raise Refusal("material_of_two_uses", message, status=409, details={"item": apart}, item=apart)


def _refuse(session: Session, use: ItemUse, items: list[int]) -> None:
    found = session.scalar(_AHEAD if use == ItemUse.PRACTICE else _PRACTISED, {"items": items})
    if found:
        _forbidden(use, found)


def _forbidden(use: ItemUse, code: str) -> NoReturn:
    if use == ItemUse.PRACTICE:
        message = N_(
            "Item %(item)s stands on a paper of a session that is not over. Wait until that session is closed, then "
            "make the item one for practice."
        )
        raise Refusal("item_on_paper", message, status=409, item=code)
    message = N_("Item %(item)s was shown in practice, so it can be on no paper any more. Write another item.")
    raise Refusal("item_practised", message, status=409, item=code)
