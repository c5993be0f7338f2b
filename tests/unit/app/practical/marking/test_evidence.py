"""Evidence: what it says it is, once, seen by whom it may be, and kept after the signature."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.marking import SheetEvidence
from app.practical.marking import evidence
from app.practical.marking.evidence import Piece
from app.practical.marking.evidence_content import MOST_BYTES, cleaned
from tests.factories import practical
from tests.factories.evidence import WAV, photo, picture, recording
from tests.factories.practical import Duty, mark_and_sign


def add(session: Session, duty: Duty, piece: Piece) -> SheetEvidence:
    return evidence.add(session, duty.actor, duty.sheet_id, duty.examiner_id, piece, now())


def test_the_same_key_is_one_piece(session: Session) -> None:
    _, [duty, other] = practical.open_practical(session)
    piece = photo()
    assert add(session, duty, piece).id == add(session, duty, piece).id
    assert session.scalar(select(func.count()).select_from(SheetEvidence)) == 1
    with pytest.raises(Refusal) as refused:
        add(session, other, piece)
    assert refused.value.code == "evidence_key_taken"


def test_pictures_are_drawn_anew(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    kept = add(session, duty, photo(content=picture(size=(3000, 2000)), kind="screen"))
    with Image.open(BytesIO(kept.content)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 1067))
        assert not image.getexif()


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("audio", b"this is no sound", "evidence_no_audio"),
        ("audio", picture(), "evidence_no_audio"),
        ("audio", b"\x1aE\xdf\xa3 webm V_VP9", "evidence_no_audio"),
        ("audio", b"\0\0\0\x18ftypmp42" + b"vide" * 9, "evidence_no_audio"),
        ("audio", b"", "evidence_no_audio"),
        ("photo", WAV, "evidence_no_picture"),
        ("photo", b"<svg onload='x()'/>", "evidence_no_picture"),
        ("photo", b"%PDF-1.7", "evidence_no_picture"),
        ("file", b"MZ\x90", "evidence_no_picture"),
        ("file", b"%PDF-1.7\n<script>alert(1)</script>", "evidence_no_picture"),
        ("audio", b"OggS" + b"<p>" * 90, "evidence_no_audio"),
        ("audio", WAV + bytes(MOST_BYTES), "evidence_too_large"),
    ],
)
def test_what_is_not_what_it_says_is_refused(kind: str, data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        cleaned(kind, data)
    assert refused.value.code == code


def test_a_recording_is_kept_as_it_came() -> None:
    assert cleaned("audio", WAV) == ("audio/wav", WAV)


def test_a_document_can_be_opened() -> None:
    kept = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(kept)
    assert cleaned("file", kept.getvalue()) == ("application/pdf", kept.getvalue())


@pytest.mark.parametrize("cut", [(5, 3), (None, 3), (2, None)])
def test_a_cut_has_two_times(session: Session, cut: tuple[int | None, int | None]) -> None:
    _, [duty, _] = practical.open_practical(session)
    with pytest.raises(Refusal, match="cut"):
        add(session, duty, recording(from_second=cut[0], to_second=cut[1]))
    assert add(session, duty, recording(from_second=12, to_second=19)).to_second == 19
    with pytest.raises(Refusal, match="cut"):
        add(session, duty, photo(from_second=1, to_second=2))


def test_only_its_examiner_sees_it_until_both_have_signed(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session, examiners=3)
    [third] = {one.user_id for one in exam.staff} - {first.examiner_id, second.examiner_id}
    kept = add(session, first, photo())
    viewers = [(second.examiner_id, False), (third, False), (0, True)]
    for viewer, reads_all in viewers:
        with pytest.raises(NotFound):
            evidence.opened(session, kept.id, viewer, reads_all=reads_all)
    mark_and_sign(session, first, "40")
    mark_and_sign(session, second, "90")
    assert evidence.opened(session, kept.id, second.examiner_id, reads_all=False).content
    assert evidence.opened(session, kept.id, 0, reads_all=True)
    with pytest.raises(NotFound):
        evidence.opened(session, kept.id, third, reads_all=False)  # called as the third, who marks blind
    with pytest.raises(NotFound):
        evidence.opened(session, kept.id, 0, reads_all=False)


def test_it_goes_before_the_signature_and_stays_after(session: Session) -> None:
    _, [duty, other] = practical.open_practical(session)
    gone, kept = add(session, duty, photo()), add(session, duty, recording())
    with pytest.raises(NotFound):
        evidence.remove(session, other.actor, gone.id, other.examiner_id)
    evidence.remove(session, duty.actor, gone.id, duty.examiner_id)
    mark_and_sign(session, duty, "80")
    with pytest.raises(Refusal) as refused:
        evidence.remove(session, duty.actor, kept.id, duty.examiner_id)
    assert refused.value.code == "evidence_kept"
    assert add(session, duty, photo()).late
    assert [piece.late for piece in evidence.by_criterion(session, [duty.sheet_id])["J03"]] == [False, True]
