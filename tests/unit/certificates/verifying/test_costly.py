"""Files made to keep their judge busy: each is refused before the work begins that has no end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509

from certificates.verifying import revocations
from certificates.verifying.revocations import embedded, revoked_at
from certificates.verifying.verification import inspect_pdf
from tests.factories import costly
from tests.factories.pki import STARTS, Pki

BEHIND = [
    costly.table_of_nothing,
    costly.table_of_nothing_in_disguise,
    costly.many_tables,
    costly.long_catalogue,
]


def codes(pdf: bytes, roots: list[x509.Certificate]) -> list[str]:
    return [reason.code for reason in inspect_pdf(pdf, roots).reasons]


def test_a_short_chain_is_judged(roots: list[x509.Certificate]) -> None:
    assert codes(costly.signed_by(costly.maze(4)), roots) == ["foreign_signature"]


def test_a_maze_of_authorities_is_not_walked(roots: list[x509.Certificate]) -> None:
    """With fifteen of them all ways through it would take longer than the file is of use."""
    assert codes(costly.signed_by(costly.maze()), roots) == ["signature_unreadable"]


def test_nor_one_in_a_time_stamp(roots: list[x509.Certificate]) -> None:
    leaf = [costly.certificate("leaf", costly.named("X"), 0, 1)]
    assert codes(costly.signed_by(leaf, **costly.stamped_in_a_maze()), roots) == ["signature_unreadable"]


@pytest.mark.parametrize("attack", BEHIND, ids=lambda attack: attack.__name__)
def test_no_reader_written_in_python_opens_what_a_stranger_appended(
    attack: Callable[[bytes], bytes], signed: bytes, roots: list[x509.Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its loops could be made to run for minutes by a few hundred bytes behind a genuine certificate."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    opened = list[object]()
    monkeypatch.setattr(PdfFileReader, "__init__", lambda *given, **_: opened.append(given))
    found = inspect_pdf(attack(signed), roots)
    assert found.reasons[0].code in ("changed_after_signing", "shadow_content")
    assert (found.genuine, opened) == (False, [])


def test_an_answer_that_says_the_same_a_hundred_times_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = list[object]()
    monkeypatch.setattr(revocations, "_verifies", lambda *given: checked.append(given))
    pki = Pki()
    signer, issuer = pki.certificate("signer"), pki.certificate("issuing")
    assert revoked_at([signer, issuer], [costly.answer(issuer, signer.serial_number, 20, 20)]) is None
    assert len(checked) <= 1 + revocations.MOST_RESPONDERS


@pytest.mark.parametrize("line_end", [b"", b"\n", b"\r\n"])
def test_a_list_in_a_stream_that_is_not_packed_counts(line_end: bytes) -> None:
    """As this house writes them itself: the line end before `endstream` is none of the list."""
    pki, at = Pki(), STARTS + timedelta(days=200)
    pki.revoke("signer", at)
    held = b"9 0 obj\n<< >>\nstream\n%s%sendstream\nendobj\n" % (pki.crl("issuing", at + timedelta(days=60)), line_end)
    assert revoked_at([pki.certificate("signer"), pki.certificate("issuing")], embedded(held)) == at
