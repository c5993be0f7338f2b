"""Files at each level of PAdES, signed by pyHanko with keys of the tests' own: another program's work."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto.keys import PrivateKeyInfo  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.factories.pki import Pki

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


class _Dated(PdfSigner):
    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def signer(pki: Pki, label: str = "signer") -> SimpleSigner:
    key = PrivateKeyInfo.load(pki.key(label).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    store = SimpleCertificateStore()
    store.register_multiple([pki.asn1("issuing"), pki.asn1("root")])
    return SimpleSigner(pki.asn1(label), key, store)


def signed_at_level(pdf: bytes, pki: Pki, level: str, at: datetime, *, claimed: datetime | None = None) -> bytes:
    """`at`: the true time, which time stamps and revocation data show; `claimed`: what the signature says."""
    proven = level in ("B-LT", "B-LTA")
    wanted = PdfSignatureMetadata(
        field_name="Issuer",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=proven,
        use_pades_lta=level == "B-LTA",
        validation_context=pki.context(at) if proven else None,
    )
    stamper = pki.stamper(at) if level != "B-B" else None
    work = _Dated(wanted, signer=signer(pki), timestamper=stamper)
    work.at = claimed or at
    return bytes(work.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue())


def renewed(pdf: bytes, pki: Pki, at: datetime, label: str = "tsa") -> bytes:
    """One more time stamp over all of it, with what proves the last one."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(pdf))
    output = PdfTimeStamper(pki.stamper(at, label)).update_archival_timestamp_chain(reader, pki.context(at))
    return bytes(output.getvalue())


def stamped(pdf: bytes, pki: Pki, at: datetime) -> bytes:
    """A bare time stamp over whatever the file is."""
    work = PdfTimeStamper(pki.stamper(at)).timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), "sha256")
    return bytes(work.getvalue())
