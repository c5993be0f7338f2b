"""Other programs find of every genuine file what we find: pyHanko, poppler's pdfsig, and qpdf.

Where they differ it is said here: pdfsig cannot judge time stamps after RFC 3161 and lists each as not verified, and
it knows nothing of our roots (-nocert), so who signed is for pyHanko and us to say.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from sqlalchemy.orm import Session

from app.core.clock import now
from certificates.verifying.house import trust_of
from certificates.verifying.verification import Trust, inspect_pdf
from deploy import tools
from tests.factories import attacks
from tests.factories import certificates as factory
from tests.factories.pki import Pki
from tests.factories.signed_files import LEVELS, renewed, signed_at_level

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
FLAWED = ("one byte changed", "a word changed", "another content stream", "a layer", "zeros for contents")


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture(scope="module")
def files(pki: Pki, unsigned: bytes) -> dict[str, bytes]:
    made = {level: signed_at_level(unsigned, pki, level, AT) for level in LEVELS}
    twice = renewed(made["B-LTA"], pki, AT + timedelta(days=300))
    return made | {"renewed": twice, "renewed again": renewed(twice, pki, AT + timedelta(days=900))}


@pytest.mark.parametrize("kind", [*LEVELS, "renewed", "renewed again"])
def test_all_agree_on_a_genuine_file(kind: str, files: dict[str, bytes], pki: Pki, tmp_path: Path) -> None:
    _agreed(files[kind], Trust([pki.certificate("root")]), AT, tmp_path)


def test_all_agree_on_what_this_house_issues(session: Session, tmp_path: Path) -> None:
    made = factory.issued(session)
    _agreed(made.pdf, trust_of(current_app.extensions["settings"]), now(), tmp_path)


@pytest.mark.parametrize("name", FLAWED)
def test_others_object_too_where_we_do(name: str, files: dict[str, bytes], pki: Pki, tmp_path: Path) -> None:
    """Not all of them to everything, which is why the register compares the whole file."""
    forged = attacks.FORGERIES[name][0](files["B-B"])
    assert not inspect_pdf(forged, [pki.certificate("root")]).genuine
    verdicts = (partial(_pyhanko, forged, Trust([pki.certificate("root")]), AT), partial(_pdfsig, forged, tmp_path))
    assert not all(_holds(verdict) for verdict in verdicts)


def _agreed(pdf: bytes, trust: Trust, at: datetime, folder: Path) -> None:
    assert inspect_pdf(pdf, trust).genuine
    assert _pyhanko(pdf, trust, at)
    assert _pdfsig(pdf, folder)
    assert _qpdf(pdf, folder)


def _holds(verdict: Callable[[], bool]) -> bool:
    try:
        return verdict()
    except Exception:
        return False


def _pyhanko(pdf: bytes, trust: Trust, at: datetime) -> bool:
    """The signature as of the time when it was made, and every time stamp over the whole file as of its own."""

    def context(moment: datetime) -> ValidationContext:
        roots = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (*trust.roots, *trust.tsa_roots)]
        return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)

    reader = PdfFileReader(BytesIO(pdf))
    (signature,) = reader.embedded_regular_signatures
    found = validate_pdf_signature(signature, context(at))
    stamps = []
    for one in reader.embedded_timestamp_signatures:
        moment = inspect_pdf(pdf[: sum(list(one.byte_range)[2:])], trust).stamps[-1].at
        stamps.append(validate_pdf_timestamp(one, context(moment)))
    return bool(found.bottom_line) and all(one.intact and one.valid and one.trusted for one in stamps)


def _pdfsig(pdf: bytes, folder: Path) -> bool:
    """One signature, valid; what else it lists are time stamps that it cannot verify."""
    told = _run(pdf, folder, "pdfsig", "-nocert", "signed.pdf").stdout
    states = re.findall(r"Signature Validation: (.+)", told)
    kinds = re.findall(r"Signature Type: (.+)", told)
    stamps = [state for state, kind in zip(states, kinds, strict=True) if kind == "unknown"]
    assert set(stamps) <= {"Signature has not yet been verified."}
    rest = [state for state, kind in zip(states, kinds, strict=True) if kind != "unknown"]
    return rest == ["Signature is Valid."]


def _qpdf(pdf: bytes, folder: Path) -> bool:
    done = _run(pdf, folder, "qpdf", "--check", "signed.pdf")
    return done.returncode == 0 and "No syntax or stream encoding errors found" in done.stdout


def _run(pdf: bytes, folder: Path, program: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "signed.pdf").write_bytes(pdf)
    command = [str(tools.find(program)), *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
