"""The key ceremony, run as two persons would run it, and what comes of it in the service."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from certificates.archive.roots import read_roots
from certificates.signing.sign import Seal, sign
from certificates.verifying.verification import inspect_pdf
from tests.factories.bare_pdf import bare_pdf

SCRIPT = Path(__file__).parents[3] / "tools" / "key_ceremony.py"
ONE, OTHER, OPERATOR = "seven wet umbrellas sing", "the ladder eats blue tea", "only for this machine here"
NAMES = ("--organisation", "演示中心", "--first", "王敏", "--second", "李强")


class Ceremony:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, says: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", str(SCRIPT), "--folder", str(self.folder), *arguments],
            input="".join(f"{line}\n" for line in says), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def done(self, *arguments: str, says: tuple[str, ...] = ()) -> str:
        answer = self.run(*arguments, says=says)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def begun(self) -> Ceremony:
        self.done("root", *NAMES, "--crl-url", "https://crl.example.org/", says=(ONE, ONE, OTHER, OTHER))
        self.done("issuing", says=(ONE, OTHER, ONE, ONE, OTHER, OTHER))
        return self

    def signer(self, *more: str) -> Path:
        before = set(self.folder.glob("*.pem"))
        own = () if "--csr" in more else (OPERATOR, OPERATOR)
        self.done("signer", *more, says=(ONE, OTHER, *own))
        (made,) = set(self.folder.glob("*.pem")) - before
        return made


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Opening a lock is dear on purpose, so this is done once."""
    return Ceremony(tmp_path_factory.mktemp("ceremony") / "keys").begun().folder


@pytest.fixture
def ceremony(begun: Path, tmp_path: Path) -> Ceremony:
    return Ceremony(Path(shutil.copytree(begun, tmp_path / "keys")))


def test_the_key_it_makes_signs_a_document_that_verifies(ceremony: Ceremony) -> None:
    made = ceremony.signer()
    now = datetime.now(UTC)
    seal = Seal.from_pkcs12(made.with_suffix(".p12").read_bytes(), OPERATOR, at=now)
    signed = sign(bare_pdf(), seal, reason="trial", at=now)
    roots = read_roots((ceremony.folder / "root.pem").read_bytes())
    assert inspect_pdf(signed, roots).genuine


def test_neither_person_alone_opens_a_key(ceremony: Ceremony) -> None:
    held = ceremony.folder / "root.key.json"
    before = held.read_bytes()
    for says in ((ONE, ONE), (OTHER, OTHER), (OTHER, ONE), (ONE, "")):
        answer = ceremony.run("crl", "root", says=says)
        assert answer.returncode == 1
        assert "is not the right one" in answer.stderr
    assert held.read_bytes() == before
    assert not (ceremony.folder / "root.crl").exists()


def test_half_of_the_lock_says_nothing_of_the_key(ceremony: Ceremony) -> None:
    held = json.loads((ceremony.folder / "root.key.json").read_text())
    assert [share["name"] for share in held["shares"]] == ["王敏", "李强"]
    assert "PRIVATE" not in json.dumps(held)
    held["sealed"] = held["sealed"][:-8] + "AAAAAAA="
    (ceremony.folder / "root.key.json").write_text(json.dumps(held))
    answer = ceremony.run("crl", "root", says=(ONE, OTHER))
    assert (answer.returncode, answer.stderr) == (1, "The key file was changed since it was made.\n")


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ((ONE, ONE, ONE, ONE), "same passphrase"),
        ((ONE, OTHER), "differ"),
        (("short", "short"), "16 characters"),
        ((ONE,), "Nobody answered"),
    ],
)
def test_passphrases_that_would_not_protect_are_refused_and_nothing_is_written(
    tmp_path: Path, says: tuple[str, ...], words: str
) -> None:
    answer = Ceremony(tmp_path / "keys").run("root", *NAMES, says=says)
    assert answer.returncode == 1
    assert words in answer.stderr
    assert not (tmp_path / "keys").exists()


def test_one_person_under_two_names_of_the_same_kind_is_refused(tmp_path: Path) -> None:
    answer = Ceremony(tmp_path).run("root", "--organisation", "x", "--first", "王敏", "--second", "王敏")
    assert answer.returncode == 1
    assert "Two persons are needed" in answer.stderr


def test_a_device_gets_a_certificate_for_its_own_key(ceremony: Ceremony, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    (tmp_path / "request.pem").write_bytes(request.public_bytes(Encoding.PEM))
    made = ceremony.signer("--csr", str(tmp_path / "request.pem"), "--from", "2030-01-01", "--years", "2")
    certificate, *chain = x509.load_pem_x509_certificates(made.read_bytes())
    assert certificate.public_key() == key.public_key()
    assert certificate.not_valid_before_utc == datetime(2030, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc == datetime(2032, 1, 1, tzinfo=UTC)
    assert len(chain) == 2
    assert not made.with_suffix(".p12").exists()


def test_a_request_for_another_kind_of_key_is_refused(ceremony: Ceremony, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    (tmp_path / "request.pem").write_bytes(request.public_bytes(Encoding.PEM))
    answer = ceremony.run("signer", "--csr", str(tmp_path / "request.pem"))
    assert answer.returncode == 1
    assert "P-256" in answer.stderr


def test_a_stamping_certificate_serves_that_alone(ceremony: Ceremony) -> None:
    made = x509.load_pem_x509_certificates(ceremony.signer("--purpose", "stamping").read_bytes())[0]
    purposes = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical
    assert list(purposes.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_lists_name_what_was_revoked_and_are_renewed(ceremony: Ceremony) -> None:
    made = ceremony.signer()
    certificate = x509.load_pem_x509_certificates(made.read_bytes())[0]
    serial = f"{certificate.serial_number:x}"
    ceremony.done("revoke", serial, "--reason", "key_compromise", "--since", "2027-05-01", says=(ONE, OTHER))
    first = x509.load_der_x509_crl((ceremony.folder / "issuing.crl").read_bytes())
    ceremony.done("crl", "issuing", "--days", "30", says=(ONE, OTHER))
    second = x509.load_der_x509_crl((ceremony.folder / "issuing.crl").read_bytes())
    numbers = [one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for one in (first, second)]
    assert numbers == [1, 2]
    issuing = x509.load_pem_x509_certificate((ceremony.folder / "issuing.pem").read_bytes())
    assert second.is_signature_valid(issuing.public_key())  # type: ignore[arg-type]
    line = second.get_revoked_certificate_by_serial_number(certificate.serial_number)
    assert line is not None
    assert line.revocation_date_utc == datetime(2027, 5, 1, tzinfo=UTC)
    point = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0]
    assert point.full_name is not None
    assert point.full_name[0].value == "https://crl.example.org/issuing.crl"
    again = ceremony.run("revoke", serial, "--reason", "superseded", says=(ONE, OTHER))
    assert again.returncode == 1
    assert "revoked already" in again.stderr


def test_who_leaves_has_no_way_back_in(ceremony: Ceremony) -> None:
    fresh = "a new person with new words"
    says = (ONE, OTHER, ONE, ONE, fresh, fresh)
    said = ceremony.done("passphrase", "issuing", "second", "--name", "赵云", says=says)
    assert "王敏 · 赵云" in said
    assert ceremony.run("crl", "issuing", says=(ONE, OTHER)).returncode == 1
    ceremony.done("crl", "issuing", says=(ONE, fresh))


def test_a_change_of_the_transcript_or_of_a_file_shows(ceremony: Ceremony) -> None:
    ceremony.signer()
    assert ceremony.done("check").startswith("Well: 3 steps, 3 certificates")
    transcript, root = ceremony.folder / "transcript.md", ceremony.folder / "root.pem"
    said = transcript.read_text()
    transcript.write_text(said.replace("王敏", "王明", 1))
    answer = ceremony.run("check")
    assert answer.returncode == 1
    assert "step 2 of the transcript does not follow" in answer.stdout
    transcript.write_text(said)
    root.write_bytes((ceremony.folder / "issuing.pem").read_bytes())
    assert "root.pem is not as the transcript says" in ceremony.run("check").stdout


def test_every_fingerprint_of_the_transcript_is_that_of_the_certificate(ceremony: Ceremony) -> None:
    said = (ceremony.folder / "transcript.md").read_text().replace(" ", "").lower()
    for name in ("root.pem", "issuing.pem"):
        made = x509.load_pem_x509_certificate((ceremony.folder / name).read_bytes())
        assert made.fingerprint(hashes.SHA256()).hex() in said


def test_the_files_are_for_their_owner_only(ceremony: Ceremony) -> None:
    ceremony.signer()
    assert {path.stat().st_mode & 0o777 for path in ceremony.folder.iterdir()} == {0o600}
    (packed,) = ceremony.folder.glob("*.p12")
    with pytest.raises(ValueError, match=r"(?i)password|mac"):
        pkcs12.load_key_and_certificates(packed.read_bytes(), b"")
