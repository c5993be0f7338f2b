"""Thirty years: keys end, authorities end, roots are changed, and what was signed in 2026 still verifies."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from functools import partial
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from asn1crypto.crl import CertificateList  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation import ades, async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext, context
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv import ades_past, poe, types
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from certificates.signing.awaiting import completed
from certificates.verifying.trust import Trust
from certificates.verifying.verification import inspect_pdf
from tests.factories.bare_pdf import bare_pdf
from tests.factories.houses import house
from tests.factories.pki import LABELS, Pki

ISSUED = datetime(2026, 6, 1, 8, tzinfo=UTC)
RENEWALS = (datetime(2035, 7, 1, tzinfo=UTC), datetime(2044, 7, 1, tzinfo=UTC))
NOW = datetime(2056, 11, 1, tzinfo=UTC)


def generations(ca_years: int) -> list[Pki]:
    """Each with roots of its own; of the end-entity certificates, those of the last one's stamps alone see the end."""
    made = partial(Pki, ca_years=ca_years, root_years=ca_years + 5)
    return [
        made(),
        made(name="第二代 SECOND", starts=datetime(2035, 1, 1, tzinfo=UTC), tsa_years=10),
        made(name="第三代 THIRD", starts=datetime(2044, 1, 1, tzinfo=UTC), tsa_years=15),
    ]


def renewed(pkis: list[Pki]) -> list[bytes]:
    """As issued, and after each renewal."""
    made = [house(pkis[0], ISSUED).sign(bare_pdf(), reason="Issue", at=ISSUED).pdf]
    for at, pki in zip(RENEWALS, pkis[1:], strict=True):
        longer = house(pki, at, others=pkis).lengthen(made[-1], at=at)
        made.append(made[-1] + longer.suffix)
    return made


@pytest.fixture(scope="module")
def ended() -> list[Pki]:
    """Authorities and roots that end within the thirty years as well."""
    return generations(ca_years=15)


@pytest.fixture(scope="module")
def files(ended: list[Pki]) -> list[bytes]:
    return renewed(ended)


@pytest.fixture(scope="module")
def standing() -> list[Pki]:
    """Authorities that outlive the thirty years: pyHanko does not look into the past of an ended one."""
    return generations(ca_years=35)


@pytest.fixture(scope="module")
def standing_files(standing: list[Pki]) -> list[bytes]:
    return renewed(standing)


class _Kind(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """What pyHanko takes for the time, wherever it asks for it."""

    class Moved(datetime, metaclass=_Kind):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with ExitStack() as stack:
        for module in (ades, ades_past, poe, types, context):
            stack.enter_context(patch.object(module, "datetime", Moved))
        yield


def by_the_book(data: bytes, pkis: list[Pki], moment: datetime) -> AdESSubIndic:
    """By pyHanko's own procedure for archived signatures (ETSI EN 319 102-1), with the lists of today."""
    anchors = SimpleTrustManager.build([pki.asn1("root") for pki in pkis])
    policy = CertValidationPolicySpec(anchors, CertRevTrustPolicy(REQUIRE_REVINFO))
    said = [*(pki.crl("root", moment) for pki in pkis), pkis[-1].crl("tsa-ca", moment)]
    today = [CRLContainer(CertificateList.load(one)) for one in said]
    spec = SignatureValidationSpec(
        policy,
        RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=LocalKnowledge(known_crls=today),
    )
    (signature,) = PdfFileReader(BytesIO(data)).embedded_regular_signatures
    timing = ValidationTimingInfo(moment, moment, point_in_time_validation=True)
    with clock_at(moment):
        return completed(ades.ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing)).ades_subindic


def step_by_step(data: bytes, pkis: list[Pki], now: datetime) -> list[bool]:
    """By pyHanko, each time stamp at the time of the one that covers it, and the signature at that of the first."""
    reader = PdfFileReader(BytesIO(data))
    store = DocumentSecurityStore.read_dss(reader)
    today = [CertificateList.load(pkis[-1].crl(label, now)) for label in ("root", "tsa-ca")]

    def context(moment: datetime) -> ValidationContext:
        settings = {"moment": moment, "trust_roots": [pki.asn1("root") for pki in pkis], "revocation_mode": "require"}
        return store.as_validation_context({**settings, "allow_fetching": False, "crls": today})

    stamps = reader.embedded_timestamp_signatures
    times = [one.signed_data["encap_content_info"]["content"].parsed["gen_time"].native for one in stamps]
    (signature,) = reader.embedded_regular_signatures
    first = completed(async_validate_pdf_signature(signature, context(times[0]), context(times[0])))
    judged = [
        completed(async_validate_pdf_timestamp(one, context(moment)))
        for one, moment in zip(stamps, [*times[1:], now], strict=True)
    ]
    return [first.bottom_line, *(one.intact and one.valid and one.trusted for one in judged)]


def trust(pkis: list[Pki]) -> Trust:
    return Trust([pki.certificate("root") for pki in pkis])


def test_every_certificate_behind_the_signature_has_ended(ended: list[Pki], standing: list[Pki]) -> None:
    assert all(ended[0].certificate(label).not_valid_after_utc < NOW for label in LABELS if label != "root")
    assert all(standing[0].certificate(label).not_valid_after_utc < NOW for label in ("signer", "tsa", "ocsp"))


def test_with_its_own_certificates_ended_the_procedure_of_the_standard_finds_it_good(
    standing_files: list[bytes], standing: list[Pki]
) -> None:
    signer_ended = datetime(2033, 1, 1, tzinfo=UTC)
    assert by_the_book(standing_files[0], standing[:1], signer_ended) == AdESPassed.OK


def test_thirty_years_on_the_procedure_of_the_standard_finds_a_renewed_one_good(
    standing_files: list[bytes], standing: list[Pki]
) -> None:
    """Past two time-stamp authorities whose certificates have ended: their answers (OCSP) are in the file."""
    assert by_the_book(standing_files[-1], standing, NOW) == AdESPassed.OK


def test_one_that_was_never_renewed_is_judged_honestly(standing_files: list[bytes], standing: list[Pki]) -> None:
    assert by_the_book(standing_files[0], standing, NOW) == AdESIndeterminate.OUT_OF_BOUNDS_NO_POE


def test_thirty_years_on_pyhanko_finds_every_link_of_the_chain_good(files: list[bytes], ended: list[Pki]) -> None:
    assert step_by_step(files[-1], ended, NOW) == [True] * 4


def test_thirty_years_on_we_find_it_good_even_with_all_authorities_ended(files: list[bytes], ended: list[Pki]) -> None:
    found = inspect_pdf(files[-1], trust(ended))
    assert (found.genuine, found.whole_file_covered, found.reasons) == (True, True, ())
    assert found.proven_at == ISSUED
    assert [stamp.at for stamp in found.stamps] == [ISSUED, ISSUED, *RENEWALS]


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_each_whole_of_the_past_is_a_beginning_of_the_next_and_still_ours(
    generation: int, files: list[bytes], ended: list[Pki]
) -> None:
    assert files[-1].startswith(files[generation])
    assert inspect_pdf(files[generation], trust(ended)).genuine


def test_without_the_old_roots_it_is_ours_no_more(files: list[bytes], ended: list[Pki]) -> None:
    assert not inspect_pdf(files[-1], trust(ended[1:])).genuine


def test_other_programs_read_the_renewed_file_and_find_its_signature_valid(files: list[bytes], tmp_path: Path) -> None:
    """pdfsig cannot check time stamps (RFC 3161) and says so of each over the whole file."""
    file = tmp_path / "renewed.pdf"
    file.write_bytes(files[-1])
    pdfsig, qpdf = shutil.which("pdfsig"), shutil.which("qpdf")
    assert pdfsig
    assert qpdf
    said = subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, check=True, text=True).stdout
    assert (said.count("Signature is Valid"), said.count("not yet been verified")) == (1, 3)
    assert subprocess.run([qpdf, "--check", str(file)], capture_output=True, check=False).returncode == 0
