"""Sealing a session's draw, showing its secret after the close, and the proof that the stand-alone script checks."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.delivery import attempts, bank_check, sessions
from app.delivery.proof import Proof, proof_of
from app.models.audit import AuditLine
from app.models.exam import Attempt, Paper, SessionSeal
from app.models.registration import ExamSession, SessionState
from question_bank.sealing import drawn_digest
from tests.factories import theory
from tests.factories.theory import REGISTRAR

SCRIPT = Path(__file__).parents[4] / "tools" / "check_draw.py"


def prepared(session: Session, candidates: int = 3) -> ExamSession:
    theory.bank(session)
    exam = theory.theory_session(session, candidates=candidates)
    sessions.prepare_session(session, REGISTRAR, exam.id, now())
    return exam


def closed(session: Session, exam: ExamSession) -> None:
    sessions.open_session(session, REGISTRAR, exam.id, now())
    sessions.close_session(session, REGISTRAR, exam.id, now())


def logged(session: Session, tag: str) -> list[dict[str, object]]:
    return list(session.scalars(select(AuditLine.data).where(AuditLine.tag == tag).order_by(AuditLine.id)))


def checked(proof: Proof, folder: Path, *sealed: str) -> subprocess.CompletedProcess[str]:
    for name, text in proof.texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", str(SCRIPT), str(folder), *sealed]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_seal_stands_in_the_log_before_any_paper_is_drawn(session: Session) -> None:
    exam = prepared(session)
    tags = session.scalars(select(AuditLine.tag).order_by(AuditLine.id)).all()
    assert tags.index("session:sealed") < tags.index("session:drawn") < tags.index("session:prepared")
    (sealed,) = logged(session, "session:sealed")
    secret = session.get_one(SessionSeal, exam.id).secret
    assert sealed["secret_sha256"] == hashlib.sha256(bytes.fromhex(secret)).hexdigest()
    assert sealed["snapshot"] == exam.snapshot_id
    assert secret not in json.dumps([line.data for line in session.scalars(select(AuditLine))])


def test_the_secret_is_shown_only_once_the_session_is_closed(session: Session) -> None:
    exam = prepared(session)
    with pytest.raises(Refusal) as refused:
        proof_of(session, REGISTRAR, exam.id, now())
    assert refused.value.code == "seal_kept"
    sessions.open_session(session, REGISTRAR, exam.id, now())
    with pytest.raises(Refusal):
        proof_of(session, REGISTRAR, exam.id, now())
    assert logged(session, "session:revealed") == []
    sessions.close_session(session, REGISTRAR, exam.id, now())
    seal = session.get_one(SessionSeal, exam.id)
    assert seal.revealed_at is not None
    assert logged(session, "session:revealed") == [{"secret": seal.secret}]


@pytest.mark.parametrize("with_keys", [True, False])
def test_the_script_confirms_the_proof(session: Session, tmp_path: Path, with_keys: bool) -> None:
    """With a seat added later and a paper drawn again after a void."""
    exam = prepared(session)
    theory.seat(session, exam, theory.application(session), 4)
    first = session.scalars(select(Attempt).order_by(Attempt.id)).first()
    assert first is not None
    attempts.void(session, REGISTRAR, first.id, "wrong seat", now())
    sessions.prepare_session(session, REGISTRAR, exam.id, now())
    closed(session, exam)
    proof = proof_of(session, REGISTRAR, exam.id, now(), with_keys=with_keys)
    (sealed,) = logged(session, "session:sealed")
    done = checked(proof, tmp_path, str(sealed["secret_sha256"]))
    assert done.returncode == 0, done.stdout
    assert f"paper {exam.id}/1/1" in done.stdout
    assert ("keys were left out" in done.stdout) is not with_keys
    assert checked(proof, tmp_path, "0" * 64).returncode == 1
    assert logged(session, "session:proof:exported") == [{"keys": with_keys, "papers": 5}]


def test_a_proof_holds_no_texts_and_keys_only_when_asked_for(session: Session) -> None:
    exam = prepared(session)
    closed(session, exam)
    texts = "".join(proof_of(session, REGISTRAR, exam.id, now()).texts().values())
    assert "T-0001" in texts
    assert "T-0001 no" not in texts
    assert '"keys"' not in texts
    assert '"options"' not in texts
    archive = zipfile.ZipFile(io.BytesIO(proof_of(session, REGISTRAR, exam.id, now(), with_keys=True).archive()))
    assert sorted(archive.namelist()) == ["papers.json", "seal.json", "snapshot.json"]
    assert len(json.loads(archive.read("snapshot.json"))["keys"]) == 270


def test_a_paper_swapped_in_the_store_does_not_pass(session: Session, tmp_path: Path) -> None:
    exam = prepared(session)
    closed(session, exam)
    one, other = session.scalars(select(Paper).order_by(Paper.id).limit(2)).all()
    one.items, other.items = other.items, one.items
    session.flush()
    done = checked(proof_of(session, REGISTRAR, exam.id, now()), tmp_path)
    assert done.returncode == 1
    assert f"FAIL paper {exam.id}/1/0" in done.stdout


def test_papers_given_to_each_other_s_attempts_do_not_pass(session: Session, tmp_path: Path) -> None:
    exam = prepared(session)
    closed(session, exam)
    one, other = session.scalars(select(Attempt).order_by(Attempt.id).limit(2)).all()
    one.paper_id, other.paper_id = other.paper_id, one.paper_id
    session.flush()
    done = checked(proof_of(session, REGISTRAR, exam.id, now()), tmp_path)
    assert done.returncode == 1
    assert f"FAIL paper {exam.id}/1/0 was given to seat 2" in done.stdout


def test_files_that_agree_with_each_other_do_not_agree_with_the_log(session: Session, tmp_path: Path) -> None:
    """The last paper is left out, and all that the files say of themselves is made to fit."""
    exam = prepared(session)
    closed(session, exam)
    proof = proof_of(session, REGISTRAR, exam.id, now())
    (sealed,), (drawn,) = logged(session, "session:sealed"), logged(session, "session:drawn")
    hashes = [*map(str, sealed.values()), str(drawn["sha256"])]
    assert "must have too: none" in checked(proof, tmp_path, *hashes).stdout
    papers, seal = proof.files["papers.json"], proof.files["seal.json"]
    papers.pop()
    for paper in papers:
        paper["papers"] -= 1
    records = [{of: paper[of] for of in paper if of != "seat"} for paper in papers]
    seal["drawn"] = [{"papers": len(papers), "sha256": drawn_digest(records)}]
    assert checked(proof, tmp_path).returncode == 0
    done = checked(proof, tmp_path, *hashes)
    assert done.returncode == 1
    assert str(drawn["sha256"]) in done.stdout


def test_sessions_from_before_draws_were_sealed_have_no_proof(session: Session) -> None:
    exam = theory.theory_session(session)
    exam.state = SessionState.CLOSED
    session.flush()
    with pytest.raises(Refusal) as refused:
        proof_of(session, REGISTRAR, exam.id, now())
    assert refused.value.code == "session_unsealed"
    with pytest.raises(NotFound):
        proof_of(session, REGISTRAR, exam.id + 1, now())


def test_papers_from_before_draws_were_sealed_have_no_proof(session: Session) -> None:
    exam = prepared(session)
    closed(session, exam)
    session.execute(update(Paper).values(draw={}))
    with pytest.raises(Refusal) as refused:
        proof_of(session, REGISTRAR, exam.id, now())
    assert refused.value.code == "session_unsealed"


def test_a_seal_is_never_changed(session: Session) -> None:
    prepared(session)
    session.commit()
    for change in (update(SessionSeal).values(secret="00"), delete(SessionSeal)):
        with pytest.raises(DBAPIError):
            session.execute(change)
        session.rollback()


def test_a_session_too_large_for_the_bank_is_refused_as_the_check_says(session: Session) -> None:
    theory.bank(session, times=2)
    exam = theory.theory_session(session, candidates=3)
    found = bank_check.check_session(session, exam)
    assert not found.possible
    assert found.new_items == 90
    with pytest.raises(Refusal) as refused:
        sessions.prepare_session(session, REGISTRAR, exam.id, now())
    assert str(refused.value) == str(found.refusal())
    assert refused.value.details["raise_cap_to"] == found.raise_cap_to == 67
    assert bank_check.check_bank(session, exam.scheme, exam.level, 2).possible


def test_the_check_counts_seats_and_voided_papers(session: Session) -> None:
    exam = prepared(session)
    first = session.scalars(select(Attempt)).first()
    assert first is not None
    attempts.void(session, REGISTRAR, first.id, "wrong seat", now())
    found = bank_check.check_session(session, exam)
    assert (found.papers, found.possible) == (4, True)
    assert bank_check.as_value(found)["rehearsal"]["largest_share"] <= 50
