"""Every paper of a practical's day, as PDF and as workbook, from the same values."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat
from app.practical.panels import panels as use_cases
from app.practical.typed.code import code_of
from certificates.papers.practical import papers as practical_papers
from certificates.papers.practical.papers import Kind, Wanted
from tests.factories import panels, practical, tasks

FORMULA = "=HYPERLINK(1)"
RARE = "李<b>𬭊</b>"


@pytest.fixture
def exam(session: Session) -> ExamSession:
    """With stations, tasks, times and names that try their luck."""
    tasks.in_use(session, tuple(tasks.CRITERIA), ("health", "finance"))
    made = panels.with_stations(session, candidates=4, examiners=4)
    seats = session.query(Seat).filter_by(session_id=made.id).order_by(Seat.number)
    for seat, name in zip(seats, (RARE, FORMULA), strict=False):
        seat.application.candidate.name = name
    use_cases.allocate_session(session, practical.REGISTRAR, made.id, now())
    session.commit()
    return made


def wanted(exam: ExamSession, kind: Kind, examiner: int | None = None) -> Wanted:
    return Wanted(kind, exam.id, 0, "http://exam.test/paper", examiner)


def text_of(session: Session, exam: ExamSession, kind: Kind, examiner: int | None = None) -> str:
    pages = PdfReader(BytesIO(practical_papers.pdf(session, wanted(exam, kind, examiner)))).pages
    return "\n".join(page.extract_text() for page in pages)


def cells_of(content: bytes) -> list[object]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]


def parts_of(content: bytes) -> str:
    """The worksheets as they lie in the file: a formula would be an <f>."""
    with ZipFile(BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist() if "/worksheets/" in name)


def test_every_paper_is_the_same_twice_and_no_name_is_ever_a_formula(session: Session, exam: ExamSession) -> None:
    for kind in Kind:
        assert practical_papers.pdf(session, wanted(exam, kind)) == practical_papers.pdf(session, wanted(exam, kind))
        assert str(exam.id) in text_of(session, exam, kind)
        book = practical_papers.workbook(session, wanted(exam, kind))
        assert any(cells_of(book)), kind
        assert "<f>" not in parts_of(book), kind
    names = cells_of(practical_papers.workbook(session, wanted(exam, Kind.ADMISSION)))
    assert FORMULA in names
    assert RARE in names
    assert RARE in text_of(session, exam, Kind.ADMISSION)


def test_who_may_not_know_does_not_read_it(session: Session, exam: ExamSession) -> None:
    """No name at a station's door, no script on a candidate's card, nothing of others on an examiner's paper."""
    door = text_of(session, exam, Kind.STATIONS)
    assert FORMULA not in door
    assert "<b>" not in door
    card, script = text_of(session, exam, Kind.CARDS), text_of(session, exam, Kind.SCRIPTS)
    assert "事实之1" in script
    assert "事实之1" not in card
    assert "仅供考评员使用" in script
    assert "仅供考评员使用" not in card
    [one, *others] = session.query(RubricSheet).order_by(RubricSheet.examiner_id, RubricSheet.id)
    own = text_of(session, exam, Kind.SHEETS, one.examiner_id)
    assert code_of(one.id) in own
    strange = [code_of(sheet.id) for sheet in others if sheet.examiner_id != one.examiner_id]
    assert strange
    assert not [code for code in strange if code in own]


def test_a_paper_with_nothing_on_it_is_refused(session: Session) -> None:
    bare = practical.practical_session(session)
    for kind, code in ((Kind.STATIONS, "paper_empty"), (Kind.SHEETS, "paper_empty"), (Kind.CARDS, "paper_empty")):
        with pytest.raises(Refusal) as refused:
            practical_papers.pdf(session, wanted(bare, kind))
        assert refused.value.code == code
