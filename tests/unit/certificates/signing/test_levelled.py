"""Each level holds what it promises, other programs agree, and whoever does not answer leaves nothing half signed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest
from asn1crypto import crl as asn1_crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from app.core.errors import Refusal
from certificates.drawing.pdf import draw
from certificates.signing.authorities import InTurn, RemoteAuthority
from certificates.signing.awaiting import completed
from certificates.signing.issuer import Issuer
from certificates.signing.levels import Level
from certificates.signing.proofs import Network, Proofs
from certificates.signing.seal import Seal
from certificates.signing.unavailable import Unavailable
from certificates.verifying.trust import Trust
from certificates.verifying.verification import inspect_pdf
from tests.factories.pki import CRLS, Pki, served
from tests.unit.certificates.conftest import NOW, a_face

REASON = "水平评价证书签发"


@pytest.fixture
def pki() -> Iterator[Pki]:
    with served() as made:
        made.at = NOW
        yield made


def house(pki: Pki, level: Level = Level.B_LTA) -> Issuer:
    root = pki.certificate("root")
    authority = InTurn([RemoteAuthority(pki.address("tsa"), [root])])
    seal = Seal.from_pkcs12(pki.pkcs12(), "tests only", at=NOW)
    return Issuer("body", "https://exam.example.org", seal, (root,), False, level, authority, Proofs([root], Network()))


@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_what_it_says(level: Level, pki: Pki, unsigned: bytes) -> None:
    signed = house(pki, level).sign(unsigned, reason=REASON, at=NOW)
    assert signed.level == level
    assert signed.pdf.startswith(unsigned)
    assert inspect_pdf(signed.pdf, [pki.certificate("root")]).genuine
    reader = PdfFileReader(BytesIO(signed.pdf))
    (signature,) = reader.embedded_regular_signatures
    stamped = [one["type"].native for one in signature.signer_info["unsigned_attrs"]]
    assert stamped == (["signature_time_stamp_token"] if level.stamped else [])
    assert ("/DSS" in reader.root) == level.proven
    assert len(reader.embedded_timestamp_signatures) == (level == Level.B_LTA)
    assert signed.weakens_at == (pki.certificate("tsa").not_valid_after_utc if level.stamped else None)
    signature.compute_integrity_info()
    after = signature.diff_result
    assert after is None or after.modification_level <= ModificationLevel.LTA_UPDATES


@pytest.mark.parametrize("level", list(Level))
def test_other_programs_agree(level: Level, pki: Pki, unsigned: bytes, tmp_path: Path) -> None:
    """pdfsig cannot check time stamps (RFC 3161), and says so of the one over the whole file."""
    file = tmp_path / "signed.pdf"
    file.write_bytes(house(pki, level).sign(unsigned, reason=REASON, at=NOW).pdf)
    pdfsig, qpdf = shutil.which("pdfsig"), shutil.which("qpdf")
    assert pdfsig
    assert qpdf
    said = subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, check=True, text=True).stdout
    assert said.count("Signature is Valid") == 1
    assert said.count("not yet been verified") == (level == Level.B_LTA)
    assert subprocess.run([qpdf, "--check", str(file)], capture_output=True, check=False).returncode == 0


def ades(pdf: bytes, pki: Pki, at: datetime) -> str:
    """PyHanko's judgement for archives, with the lists that its authorities publish then."""
    known = [CRLContainer(asn1_crl.CertificateList.load(pki.crl(label, at))) for label in CRLS]
    trust = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[pki.asn1("root")]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(trust, local_knowledge=LocalKnowledge(known_crls=known)))
    signature = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    moment = ValidationTimingInfo(at, at, point_in_time_validation=False)
    return str(completed(ades_lta_validation(signature, spec, moment)).ades_subindic)


@pytest.mark.parametrize("at", [NOW + timedelta(hours=1), datetime(2033, 6, 1, tzinfo=UTC)], ids=["now", "2033"])
def test_it_holds_when_the_signer_has_long_ended(at: datetime, pki: Pki, unsigned: bytes) -> None:
    """The signing certificate ends in 2029, the one that stamps in 2036."""
    whole = house(pki).sign(unsigned, reason=REASON, at=NOW).pdf
    assert ades(whole, pki, at) == "AdESPassed.OK"


@pytest.mark.parametrize("level", list(Level))
def test_it_can_be_lengthened(level: Level, pki: Pki, unsigned: bytes) -> None:
    issuer = house(pki, level)
    signed = issuer.sign(unsigned, reason=REASON, at=NOW).pdf
    longer = issuer.lengthen(signed, at=NOW + timedelta(minutes=1))
    again = issuer.lengthen(signed + longer.suffix, at=NOW + timedelta(minutes=2))
    whole = signed + longer.suffix + again.suffix
    assert again.weakens_at == pki.certificate("tsa").not_valid_after_utc
    assert inspect_pdf(whole, [pki.certificate("root")], known_since=NOW).genuine
    (signature, *_) = PdfFileReader(BytesIO(whole)).embedded_regular_signatures
    signature.compute_integrity_info()
    assert signature.diff_result is not None
    assert signature.diff_result.modification_level == ModificationLevel.LTA_UPDATES


def test_the_store_holds_each_thing_once(pki: Pki, unsigned: bytes) -> None:
    issuer = house(pki)
    signed = issuer.sign(unsigned, reason=REASON, at=NOW).pdf
    with pikepdf.open(BytesIO(signed + issuer.lengthen(signed, at=NOW).suffix)) as document:
        for kind in ("/Certs", "/OCSPs"):
            held = [one.read_bytes() for one in document.Root.DSS[kind]]
            assert len(held) == len(set(held)) > 1


def test_what_bears_no_signature_cannot_be_lengthened(pki: Pki, unsigned: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        house(pki).lengthen(unsigned, at=NOW)
    assert refused.value.code == "not_signed"


@pytest.mark.parametrize(
    ("level", "silent", "code"),
    [
        (Level.B_T, {"tsa"}, "timestamp_unavailable"),
        (Level.B_LTA, {"tsa"}, "timestamp_unavailable"),
        (Level.B_LT, {"crls", "ocsp"}, "revocation_unavailable"),
        (Level.B_LTA, {"crls", "ocsp"}, "revocation_unavailable"),
    ],
)
def test_who_does_not_answer_delays(level: Level, silent: set[str], code: str, pki: Pki, unsigned: bytes) -> None:
    issuer = house(pki, level)
    pki.out_of_order |= silent
    with pytest.raises(Unavailable) as refused:
        issuer.sign(unsigned, reason=REASON, at=NOW)
    assert (refused.value.code, refused.value.status) == (code, 503)
    pki.out_of_order.clear()
    assert issuer.sign(unsigned, reason=REASON, at=NOW).level == level


def test_an_authority_that_fails_between_two_time_stamps(pki: Pki, unsigned: bytes) -> None:
    """The signature has its own already; the file as a whole is not handed out."""
    issuer = house(pki)
    timestamps = issuer.timestamps
    assert isinstance(timestamps, InTurn)
    once = timestamps.token

    def then_silent(digest: bytes, *, at: datetime) -> object:
        token = once(digest, at=at)
        pki.out_of_order.add("tsa")
        return token

    timestamps.token = then_silent  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        issuer.sign(unsigned, reason=REASON, at=NOW)
    assert pki.asked["tsa"] == 2


def test_lists_are_fetched_once_for_many(pki: Pki) -> None:
    issuer = house(pki)
    for number in range(5):
        page = draw(a_face(serial=f"C-{number}"))
        assert inspect_pdf(issuer.sign(page, reason=REASON, at=NOW).pdf, [pki.certificate("root")]).genuine
    assert pki.asked == {"tsa": 10, "crls": 1, "ocsp": 2}


def stranger(pki: Pki) -> Issuer:
    return replace(house(pki), roots=(Pki().certificate("root"),), passed=set())


def unlisted(pki: Pki) -> Issuer:
    return replace(house(pki), timestamps=None)


@pytest.mark.parametrize(
    ("issuer", "code"), [(stranger, "seal_not_vouched_for"), (unlisted, "timestamps_missing")], ids=["roots", "no TSA"]
)
def test_what_would_not_hold_is_not_handed_out(
    issuer: Callable[[Pki], Issuer], code: str, pki: Pki, unsigned: bytes
) -> None:
    with pytest.raises(Refusal) as refused:
        issuer(pki).sign(unsigned, reason=REASON, at=NOW)
    assert (refused.value.code, refused.value.status) == (code, 503)


def test_roots_of_time_stamps_vouch_for_nothing_else(pki: Pki, unsigned: bytes) -> None:
    other = Pki()
    mixed = replace(house(pki), roots=(other.certificate("root"),), tsa_roots=(pki.certificate("root"),), passed=set())
    with pytest.raises(Refusal) as refused:
        mixed.sign(unsigned, reason=REASON, at=NOW)
    assert refused.value.code == "seal_not_vouched_for"


@pytest.mark.parametrize("level", list(Level))
def test_nothing_is_added_that_pdf_a_forbids(level: Level, pki: Pki, unsigned: bytes, tmp_path: Path) -> None:
    """The checker knows neither forms nor the store of proof and says so; it finds no fault."""
    file = tmp_path / "signed.pdf"
    issuer = house(pki, level)
    signed = issuer.sign(unsigned, reason=REASON, at=NOW).pdf
    for whole in (signed, signed + issuer.lengthen(signed, at=NOW).suffix):
        file.write_bytes(whole)
        assert {one.kind for one in pikepdf.pdfa.validate_written(file, "2b").findings} == {"unsupported"}
        with pikepdf.open(file) as document:
            assert "/Version" not in document.Root
            assert {(int(one.F), *map(int, one.Rect)) for one in document.pages[0].Annots} == {(132, 0, 0, 0, 0)}
            first, *others = [str(one.TU) for one in document.pages[0].Annots]
            assert first == "Signature of the issuing body"
            assert set(others) <= {"Time stamp"}


def test_time_stamps_of_a_public_authority(pki: Pki, unsigned: bytes) -> None:
    """Its root vouches for time stamps and, though it is known here, for no signature."""
    with served(partial(Pki, name="时间 TIME")) as public:
        public.at = NOW
        root, other = pki.certificate("root"), public.certificate("root")
        issuer = replace(
            house(pki),
            timestamps=RemoteAuthority(public.address("tsa"), [other]),
            proofs=Proofs([root, other], Network()),
            tsa_roots=(other,),
        )
        signed = issuer.sign(unsigned, reason=REASON, at=NOW).pdf
        whole = signed + issuer.lengthen(signed, at=NOW).suffix
    for file in (signed, whole):
        assert inspect_pdf(file, Trust([root], [other])).genuine
        assert not inspect_pdf(file, Trust([other], [other])).genuine


@pytest.mark.parametrize("level", [Level.B_T, Level.B_LTA])
def test_a_time_stamp_longer_than_any_before(level: Level, pki: Pki, unsigned: bytes) -> None:
    """As when an authority comes with another chain from one day to the next."""
    authority = RemoteAuthority(pki.address("tsa"), [pki.certificate("root")])
    authority.room = 100
    issuer = replace(house(pki, level), timestamps=authority)
    assert inspect_pdf(issuer.sign(unsigned, reason=REASON, at=NOW).pdf, issuer.roots).genuine
    authority.room = 100
    longer = issuer.lengthen(issuer.sign(unsigned, reason=REASON, at=NOW).pdf, at=NOW)
    assert longer.weakens_at == pki.certificate("tsa").not_valid_after_utc


def test_two_sign_at_once(pki: Pki) -> None:
    """Of one issuer, as the threads of a server do."""
    issuer = house(pki)
    pages = [draw(a_face(serial=f"C-{number}")) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        signed = list(pool.map(lambda page: issuer.sign(page, reason=REASON, at=NOW).pdf, pages))
    for page, file in zip(pages, signed, strict=True):
        assert file.startswith(page)
        assert inspect_pdf(file, issuer.roots).genuine
