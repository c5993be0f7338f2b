"""A demonstration authority, a face and a signed certificate, made once for the tests beside this file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from PIL import Image

from app.core.images import clean_photo
from certificates.drawing.pdf import CertificateFace, draw
from certificates.signing.demo_ca import DemoCA, ensure_demo_ca
from certificates.signing.sign import Seal, sign
from certificates.verifying.verification import load_roots

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def a_face(**changes: Any) -> CertificateFace:
    values: dict[str, Any] = {
        "holder_name": "王小明",
        "photo": None,
        "scheme_name": "呼叫联络客服水平评价",
        "scheme_code": "PTS152010301-01",
        "level_name": "初级",
        "issued_on": date(2026, 11, 21),
        "serial": "C-2026-000123-7",
        "issuer_name": "示例评价中心",
        "verification_url": "https://exam.example.org/verify/C-2026-000123-7",
    }
    return CertificateFace(**(values | changes))


@pytest.fixture(scope="session")
def photo() -> bytes:
    picture = BytesIO()
    Image.linear_gradient("L").resize((700, 980)).convert("RGB").save(picture, "PNG")
    return clean_photo(picture.getvalue())


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> DemoCA:
    return ensure_demo_ca(Path(tmp_path_factory.mktemp("ca")) / "demo", NOW)


@pytest.fixture(scope="session")
def seal(ca: DemoCA) -> Seal:
    return Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=NOW)


@pytest.fixture(scope="session")
def roots(ca: DemoCA) -> list[x509.Certificate]:
    return load_roots(ca.root_pem)


@pytest.fixture(scope="session")
def unsigned(photo: bytes) -> bytes:
    return draw(a_face(photo=photo, demonstration=True))


@pytest.fixture(scope="session")
def signed(unsigned: bytes, seal: Seal) -> bytes:
    return sign(unsigned, seal, reason="颁发证书", at=NOW)
