from __future__ import annotations

import json

from sqlalchemy.orm import Session

from app.core.clock import now
from app.delivery import attempts, showing
from tests.factories import kinds, theory

WORDS = {"True": '"正确"', "False": "错\\误"}


def test_the_paper_reads_the_same_written_out_as_in_pieces(session: Session) -> None:
    (one,) = theory.open_sitting(session)
    attempt = attempts.start(session, one.sitter, one.attempt_id, now())
    paper = showing.paper_shown(session, attempt, WORDS.__getitem__, "/{}".format)
    written = showing.paper_json(session, attempt.id, attempt.paper.items, WORDS.__getitem__, "/{}".format)
    assert json.loads(written) == paper
    fixed = {option["text"] for item in paper["items"] for option in item["options"] if option["id"] in ("T", "F")}
    assert fixed == {*WORDS.values()}


def test_with_every_type_as_well(session: Session) -> None:
    one = kinds.open_sitting(session)
    attempt = attempts.start(session, one.sitter, one.attempt_id, now())
    paper = showing.paper_shown(session, attempt, WORDS.__getitem__, "/{}".format)
    written = showing.paper_json(session, attempt.id, attempt.paper.items, WORDS.__getitem__, "/{}".format)
    assert json.loads(written) == paper
    assert [one["number"] for one in paper["stimuli"]] == [1, 2]
