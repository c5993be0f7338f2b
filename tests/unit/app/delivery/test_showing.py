from __future__ import annotations

import json

from sqlalchemy.orm import Session

from app.core.clock import now
from app.delivery import attempts, showing
from tests.factories import theory

WORDS = {"True": '"正确"', "False": "错\\误"}


def test_the_paper_reads_the_same_written_out_as_in_pieces(session: Session) -> None:
    (one,) = theory.open_sitting(session)
    attempt = attempts.start(session, one.sitter, one.attempt_id, now())
    items = showing.paper_items(session, attempt, WORDS.__getitem__)
    assert json.loads(showing.paper_json(session, attempt, WORDS.__getitem__)) == {"items": items}
    fixed = {option["text"] for item in items for option in item["options"] if option["id"] in ("T", "F")}
    assert fixed == {*WORDS.values()}
