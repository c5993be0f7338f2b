"""The key in a device signs as the one in a file does; a device that does not answer delays and never half signs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates.verifying.verification import inspect_pdf
from tests.factories.device import LABEL, PIN, TOKEN, SoftDevice
from tests.factories.pki import Pki

OPENED = """
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.core import clock
from app.core.errors import Refusal
from app.config import Settings
from certificates.signing import device as devices
from certificates.signing.levels import Level
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
clock.now = lambda: AT
module, folder, token, pin, label = sys.argv[1:6]
folder = Path(folder)
chain = folder / "chain.pem"
settings = Settings(
    "", "", "", folder, False, signing_pkcs11_module=Path(module), signing_pkcs11_token=token, signing_pkcs11_pin=pin,
    signing_pkcs11_label=label, signing_chain=chain if chain.exists() else None, trust_roots=folder / "root.pem",
)
from certificates.signing.seals import issuer
def tried(work):
    try:
        return work()
    except Refusal as refusal:
        print(refusal.code, refusal.status, type(refusal).__name__, refusal)
"""
SIGNS = (
    OPENED
    + """
house = issuer(settings, False)
pdf = (folder / "page.pdf").read_bytes()
for number in range(3):
    (folder / f"signed-{number}.pdf").write_bytes(house.sign(pdf, reason="签发", at=AT).pdf)
print(house.level, house.seal.name)
"""
)


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture
def device(tmp_path: Path, pki: Pki, unsigned: bytes) -> SoftDevice:
    made = SoftDevice.made(tmp_path / "hsm", pki.key("signer"))
    (made.folder / "root.pem").write_bytes(pki.root_pem)
    (made.folder / "page.pdf").write_bytes(unsigned)
    (made.folder / "chain.pem").write_bytes(
        b"".join(one.public_bytes(Encoding.PEM) for one in (*pki.chain("signer"), pki.certificate("signer")))
    )
    return made


def runs(device: SoftDevice, program: str, *, token: str = TOKEN, pin: str = PIN, label: str = LABEL) -> str:
    return device.runs(program, str(device.folder), token, pin, label)


def test_it_signs_with_the_certificates_of_a_file(device: SoftDevice, pki: Pki) -> None:
    assert "B-B CN=测试 TEST signer" in runs(device, SIGNS)
    for number in range(3):
        signed = (device.folder / f"signed-{number}.pdf").read_bytes()
        assert inspect_pdf(signed, [pki.certificate("root")]).genuine
        (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
        context = ValidationContext(trust_roots=[pki.asn1("root")], moment=signature.self_reported_timestamp)
        assert validate_pdf_signature(signature, context).bottom_line


def test_it_signs_with_the_certificates_in_the_device(device: SoftDevice, pki: Pki) -> None:
    (device.folder / "chain.pem").unlink()
    for label in ("issuing", "signer"):
        (device.folder / f"{label}.der").write_bytes(pki.certificate(label).public_bytes(Encoding.DER))
    store = """
import sys, pkcs11
from pathlib import Path
from pkcs11.util.x509 import decode_x509_certificate
with pkcs11.lib(sys.argv[1]).get_token(token_label=sys.argv[3]).open(rw=True, user_pin=sys.argv[4]) as session:
    for label in ("issuing", "signer"):
        session.create_object(
            decode_x509_certificate(Path(sys.argv[2], label + ".der").read_bytes())
            | {pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True}
        )
"""
    runs(device, store)
    assert "B-B CN=测试 TEST signer" in runs(device, SIGNS)
    assert inspect_pdf((device.folder / "signed-0.pdf").read_bytes(), [pki.certificate("root")]).genuine


def test_a_lost_session_is_opened_again(device: SoftDevice) -> None:
    lost = (
        OPENED
        + """
house = issuer(settings, False)
os.kill(house.seal.key._link.pid, 9)
signed = house.sign((folder / "page.pdf").read_bytes(), reason="签发", at=AT)
print(len(signed.pdf) > 1000)
"""
    )
    assert "True" in runs(device, lost)


def test_a_forked_process_opens_its_own(device: SoftDevice) -> None:
    """As a server's workers do."""
    forked = (
        OPENED
        + """
house = issuer(settings, False)
child = os.fork()
if not child:
    house.sign((folder / "page.pdf").read_bytes(), reason="签发", at=AT)
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
house.sign((folder / "page.pdf").read_bytes(), reason="签发", at=AT)
"""
    )
    assert runs(device, forked).strip() == "7"


def test_a_device_that_is_gone_is_worth_another_try(device: SoftDevice) -> None:
    gone = (
        OPENED
        + """
import shutil
house = issuer(settings, False)
shutil.move(folder / "tokens", folder / "away")
(folder / "tokens").mkdir()
os.kill(house.seal.key._link.pid, 9)
tried(lambda: house.sign((folder / "page.pdf").read_bytes(), reason="签发", at=AT))
(folder / "tokens").rmdir()
shutil.move(folder / "away", folder / "tokens")
print(len(house.sign((folder / "page.pdf").read_bytes(), reason="签发", at=AT).pdf) > 1000)
"""
    )
    first, second = runs(device, gone).splitlines()
    assert first.startswith("seal_unavailable 503 Unavailable")
    assert second == "True"


def test_one_that_hangs_is_given_up_and_opened_anew(device: SoftDevice) -> None:
    """Stopped in the middle: as a library that waits for ever, in a call that nothing ends."""
    hanging = (
        OPENED
        + """
import signal
house, page = issuer(settings, False), (folder / "page.pdf").read_bytes()
devices.SECONDS = 0.2
stopped = house.seal.key._link.pid
os.kill(stopped, signal.SIGSTOP)
tried(lambda: house.sign(page, reason="签发", at=AT))
devices.SECONDS = 60
print(len(house.sign(page, reason="签发", at=AT).pdf) > 1000)
print(house.seal.key._link.pid != stopped)
house.seal.key._link.end()
try:
    os.kill(stopped, 0)
except ProcessLookupError:
    print("ended")
"""
    )
    first, *then = runs(device, hanging).splitlines()
    assert first.startswith("seal_unavailable 503 Unavailable")
    assert then == ["True", "True", "ended"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"token": "another"}, "seal_unavailable"), ({"label": "another"}, "seal_unavailable")],
    ids=["token", "label"],
)
def test_what_is_not_there_is_named(changes: dict[str, str], code: str, device: SoftDevice) -> None:
    assert runs(device, OPENED + "tried(lambda: issuer(settings, False))", **changes).startswith(f"{code} 503")


def test_a_refused_pin_is_not_tried_again(device: SoftDevice) -> None:
    """Devices lock themselves after a few."""
    twice = (
        OPENED
        + """
tried(lambda: issuer(settings, False))
devices.Link = None
tried(lambda: issuer(settings, False))
"""
    )
    said = runs(device, twice, pin="9999").splitlines()
    assert len(said) == 2
    assert all(one.startswith("seal_unusable 503 Refusal") and "PIN" in one for one in said)


def test_a_key_without_its_certificate(device: SoftDevice, pki: Pki) -> None:
    (device.folder / "chain.pem").write_bytes(pki.root_pem)
    said = runs(device, OPENED + "tried(lambda: issuer(settings, False))")
    assert said.startswith("seal_unusable")
    assert "SIGNING_CHAIN" in said


def test_a_library_that_is_none(device: SoftDevice) -> None:
    missing = OPENED.replace("Path(module)", "Path('/nowhere/lib.so')") + "tried(lambda: issuer(settings, False))"
    assert runs(device, missing).startswith("seal_unavailable 503")
