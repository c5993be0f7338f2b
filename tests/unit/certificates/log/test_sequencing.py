"""Every decision is entered once, in order, whoever is at work and whatever breaks off."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.public_log import PublicLogEntry, PublicLogHead, PublicLogNode
from certificates.log import audit as log_audit
from certificates.log import leaf as log_leaf
from certificates.log import merkle
from certificates.log import proofs as log_proofs
from certificates.log import sequencing as public_log
from certificates.log import standing as log_standing
from certificates.register import issue, revocation
from tests.factories import certificates as factory
from tests.factories import public_log as logs

BY = factory.REGISTRAR


def leaves(session: Session) -> list[dict[str, Any]]:
    query = session.query(PublicLogEntry).order_by(PublicLogEntry.position)
    return [json.loads(entry.leaf) for entry in query]


def test_a_whole_life_is_entered_in_order(session: Session) -> None:
    made = logs.lived(session)
    revocation.revoke(session, BY, made.serial, "bought", now())
    session.commit()
    assert public_log.waiting(session)
    assert logs.sequenced(session) == 4
    assert not public_log.waiting(session)
    said = leaves(session)
    assert [one["event"] for one in said] == ["issued", "suspended", "reinstated", "revoked"]
    assert {one["certificate"] for one in said} == {log_leaf.commitment(made.serial, made.sha256).hex()}
    assert said[0]["at"] == log_leaf.written(made.issued_at)
    head = log_proofs.head_of(session)
    hashes = [merkle.leaf_hash(entry.leaf) for entry in session.query(PublicLogEntry).order_by(PublicLogEntry.position)]
    assert (head.size, head.root, head.holds()) == (4, merkle.root_of(hashes), True)
    assert log_audit.verify(session, now(), documents=True).problems == []


def test_the_log_names_nobody(session: Session) -> None:
    made = logs.lived(session, name="欧阳娜娜")
    logs.sequenced(session)
    everything = b"".join(entry.leaf for entry in session.query(PublicLogEntry)).decode()
    for secret in (made.serial, made.holder, made.sha256, made.person):
        assert secret not in everything
    assert all(set(one) == {"at", "certificate", "event", "version"} for one in leaves(session))


def test_doing_it_again_changes_nothing(session: Session) -> None:
    logs.lived(session)
    assert logs.sequenced(session) == 3
    before = session.query(PublicLogHead).count()
    assert [logs.sequenced(session) for _ in range(3)] == [0, 0, 0]
    assert (session.query(PublicLogEntry).count(), session.query(PublicLogHead).count()) == (3, before)


def test_the_first_head_is_signed_over_nothing_and_a_fresh_one_each_hour(session: Session) -> None:
    start = now()
    assert logs.sequenced(session, start) == 0
    head = log_proofs.head_of(session)
    assert (head.number, head.size, head.root) == (1, 0, merkle.EMPTY_ROOT)
    logs.sequenced(session, start + timedelta(minutes=59))
    logs.sequenced(session, start + public_log.FRESH)
    heads = log_proofs.heads_after(session, 0)
    assert [(one.number, one.size, one.at) for one in heads] == [(1, 0, start), (2, 0, start + public_log.FRESH)]
    logs.sequenced(session, start - timedelta(days=1))  # a clock put back
    assert log_proofs.head_of(session).at >= heads[-1].at


def test_what_is_rolled_back_never_happened(session: Session) -> None:
    made = factory.issued(session)
    logs.sequenced(session)
    revocation.revoke(session, BY, made.serial, "mistaken", now())
    session.rollback()
    assert not public_log.waiting(session)
    assert logs.sequenced(session) == 0


def test_a_sequencer_that_dies_loses_nothing(session: Session) -> None:
    logs.lived(session)
    public_log.sequence(session, logs.key(), now())
    session.rollback()  # killed before it committed
    assert session.query(PublicLogEntry).count() == 0
    assert logs.sequenced(session) == 3
    assert log_audit.verify(session, now()).intact


def test_the_longest_batch_is_one_head(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_log, "BATCH", 2)
    logs.lived(session)
    logs.lived(session, name="李四")
    assert logs.sequenced(session) == 6
    assert [head.size for head in log_proofs.heads_after(session, 0)] == [6]
    assert log_audit.verify(session, now()).intact


def test_many_at_once_are_each_entered_once(store: Flask, session: Session) -> None:
    applications = [factory.passed(session, name=f"王{'甲乙丙丁戊己'[number]}").id for number in range(6)]
    session.commit()

    def decide(application_id: int) -> None:
        with store.app_context():
            made = issue.issue(db.session(), BY, application_id, now(), factory.choice())
            db.session.commit()
            logs.sequenced(db.session())
            revocation.revoke(db.session(), BY, made.serial, "x", now())
            db.session.commit()
            logs.sequenced(db.session())
            db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(decide, applications))
    logs.sequenced(session)
    report = log_audit.verify(session, now())
    assert (report.entries, report.problems) == (12, [])
    said = leaves(session)
    for one in {entry["certificate"] for entry in said}:
        assert [entry["event"] for entry in said if entry["certificate"] == one] == ["issued", "revoked"]


def test_a_second_sequencer_steps_back(store: Flask, session: Session) -> None:
    logs.lived(session)
    public_log.sequence(session, logs.key(), now())  # and not yet committed

    def other() -> int:
        with store.app_context():
            entered = logs.sequenced(db.session())
            db.session.remove()
            return entered

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(other).result() == 0
    session.commit()
    assert session.query(PublicLogEntry).count() == 3


@pytest.mark.parametrize("table", ["public_log_entry", "public_log_node", "public_log_head"])
@pytest.mark.parametrize("change", ["DELETE FROM {0}", "UPDATE {0} SET {1} = {1}"])
def test_the_database_itself_refuses_changes(session: Session, table: str, change: str) -> None:
    logs.lived(session)
    logs.sequenced(session)
    column = "size" if table == "public_log_head" else "position"
    with pytest.raises(IntegrityError, match="never changed or removed"):
        session.execute(text(change.format(table, column)))


ON_CHANGED_PAST = {
    "the last entry removed": "DELETE FROM public_log_entry WHERE position = 2",
    "an entry added": "INSERT INTO public_log_entry VALUES (3, 99, 'x', 'x', 'x')",
    "the edge altered": "UPDATE public_log_entry SET leaf_hash = sha256('x') WHERE position = 2",
    "a kept hash altered": "UPDATE public_log_node SET hash = sha256('x') WHERE level = 1",
    "a kept hash removed": "DELETE FROM public_log_node",
    "the last head removed": "DELETE FROM public_log_head",
}


@pytest.mark.parametrize("attack", ON_CHANGED_PAST.values(), ids=ON_CHANGED_PAST)
def test_nothing_is_signed_over_a_changed_past(session: Session, attack: str) -> None:
    logs.lived(session)
    logs.sequenced(session)
    logs.attack(session, attack)
    factory.issued(session, name="李四")
    with pytest.raises(Refusal) as refused:
        logs.sequenced(session)
    assert (refused.value.code, refused.value.status) == ("log_broken", 503)
    session.rollback()
    assert public_log.waiting(session)


def test_proofs_lead_to_the_head_for_every_size(session: Session) -> None:
    heads = []
    for number in range(5):
        logs.lived(session, name=f"王{'甲乙丙丁戊己'[number]}")
        logs.sequenced(session)
        heads.append(log_proofs.head_of(session))
    for position in range(15):
        entry = session.get_one(PublicLogEntry, position)
        (proof,) = log_proofs.proofs(session, leaf_hash=entry.leaf_hash)
        assert (proof.index, proof.holds) == (position, True)
    for first in heads:
        for second in heads[first.number - 1 :]:
            path = log_proofs.consistency(session, first.size, second.size)
            assert merkle.consistency_holds(first.size, first.root, second.size, second.root, path)
    assert session.query(PublicLogNode).count() == 11
    with pytest.raises(NotFound):
        log_proofs.proofs(session, leaf_hash=bytes(32))
    with pytest.raises(Refusal) as refused:
        log_proofs.consistency(session, 1, 99)
    assert refused.value.code == "log_sizes_wrong"


def test_how_a_certificate_stands_in_the_log(session: Session) -> None:
    made = factory.issued(session)
    assert log_standing.standing(session, made).state == "waiting"
    logs.sequenced(session)
    assert (log_standing.standing(session, made).state, log_standing.standing(session, made).newest) == ("proved", 0)
    revocation.suspend(session, BY, made.serial, "x", now())
    session.commit()
    assert log_standing.standing(session, made).state == "waiting"
    logs.sequenced(session)
    assert (log_standing.standing(session, made).state, log_standing.standing(session, made).newest) == ("proved", 1)
    logs.attack(session, "UPDATE certificate SET status = 'valid'")
    session.refresh(made)
    assert log_standing.standing(session, made).state == "broken"
    logs.attack(session, "UPDATE certificate SET serial = '301011-2026-AAAA-AAAAA'")
    session.refresh(made)
    assert log_standing.standing(session, made).state == "missing"


Attack = Callable[[Session], None]
ATTACKS = {
    "an entry removed": ("DELETE FROM public_log_entry WHERE position = 1", "entry 1 is missing"),
    "an entry altered": ("UPDATE public_log_entry SET leaf = 'x' WHERE position = 1", "hash is not that of"),
    "entries exchanged": (
        "UPDATE public_log_entry a SET leaf = b.leaf, leaf_hash = b.leaf_hash FROM public_log_entry b"
        " WHERE (a.position, b.position) IN ((0, 1), (1, 0))",
        "do not lead to the root",
    ),
    "an event removed": ("DELETE FROM certificate_event WHERE id = 2", "was removed"),
    "an event altered": ("UPDATE certificate_event SET at = at - interval '1y' WHERE id = 2", "is not what event 2"),
    "an event never entered": (
        "INSERT INTO certificate_event (certificate_id, status, reason, at) VALUES (1, 'valid', '', now())",
        "is not in the log",
    ),
    "a document exchanged": ("UPDATE certificate SET sha256 = repeat('0', 64)", "is not what event 1"),
    "a status without an event": ("UPDATE certificate SET status = 'revoked'", "its last event says valid"),
    "a head removed": ("DELETE FROM public_log_head WHERE number = 1", "a head before number 2 is missing"),
    "a head altered": ("UPDATE public_log_head SET size = 2 WHERE number = 1", "signature of head 1"),
    "filed elsewhere": ("UPDATE public_log_entry SET certificate = 'x'", "under another certificate"),
    "a kept hash altered": ("UPDATE public_log_node SET hash = 'x'", "kept hash at level 1, position 0 is wrong"),
    "a kept hash removed": ("DELETE FROM public_log_node", "kept hash at level 1, position 0 is missing"),
    "bytes exchanged": ("UPDATE certificate SET pdf = 'x'", "the document of"),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "said"), ATTACKS.values(), ids=ATTACKS)
def test_the_operator_finds(session: Session, attack: str, said: str) -> None:
    logs.lived(session)
    logs.sequenced(session)
    logs.sequenced(session, now() + public_log.FRESH)
    logs.attack(session, attack)
    report = log_audit.verify(session, now(), documents=True)
    assert not report.intact
    assert any(said in problem for problem in report.problems), report.problems


def test_an_event_dated_back_is_named(session: Session) -> None:
    made = factory.issued(session)
    logs.sequenced(session)
    revocation.revoke(session, BY, made.serial, "x", now() - timedelta(days=30))
    session.commit()
    logs.sequenced(session)
    (problem,) = log_audit.verify(session, now()).problems
    assert "entry 1" in problem
    assert "dated back" in problem


def test_a_rebuilt_log_is_found_by_who_kept_a_head(session: Session) -> None:
    """With the log's own key everything can be made anew; only what stands outside tells."""
    logs.lived(session)
    logs.sequenced(session)
    kept = log_proofs.head_of(session)
    session.execute(text("TRUNCATE public_log_entry, public_log_node, public_log_head, public_log_pending"))
    logs.attack(session, "DELETE FROM certificate_event WHERE id IN (2, 3)",
                "INSERT INTO public_log_pending SELECT id FROM certificate_event")  # fmt: skip
    logs.sequenced(session)
    assert log_audit.verify(session, now()).intact
    report = log_audit.verify(session, now(), kept=(kept.size, kept.root))
    assert "kept outside" in report.problems[0]


def test_what_waits_too_long_is_told(session: Session) -> None:
    factory.issued(session)
    assert log_audit.verify(session, now()).problems == []
    (problem,) = log_audit.verify(session, now() + timedelta(minutes=2)).problems
    assert "does the worker run" in problem
