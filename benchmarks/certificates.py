"""Certificates drawn and signed per second on one core, beside the bare ECDSA P-256 signatures of the same run.

python -m benchmarks.certificates [SECONDS_PER_ROUND]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from app.core.images import clean_photo
from certificates.drawing.pdf import CertificateFace, draw
from certificates.signing.demo_ca import ensure_demo_ca
from certificates.signing.sign import Seal, sign
from certificates.verifying.verification import inspect_pdf, load_roots

ROUNDS = 3
FAMILY_NAMES, GIVEN_NAMES = "王李张刘陈杨赵黄周吴", "明芳伟娜敏静磊洋艳勇杰娟涛超秀霞平刚桂英"


def rate(work: Callable[[], object], seconds: float) -> float:
    """How often the work is done in a second of one core; what else the machine does meanwhile counts little."""
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        work()
        done += 1
    return done / spent


def faces() -> Callable[[], CertificateFace]:
    """Another person at each call, with a photo."""
    picture = BytesIO()
    Image.effect_noise((100, 140), 60).resize((800, 1120)).save(picture, "JPEG")
    photo, numbers = clean_photo(picture.getvalue()), count(1)

    def face() -> CertificateFace:
        number = next(numbers)
        name = FAMILY_NAMES[number % 10] + GIVEN_NAMES[number % 20] + GIVEN_NAMES[number // 20 % 20]
        serial = f"C-2026-{number:08}"
        return CertificateFace(
            holder_name=name,
            photo=photo,
            scheme_name="呼叫联络客服水平评价",
            scheme_code="PTS152010301-01",
            level_name="初级",
            issued_on=datetime.now(UTC).date(),
            serial=serial,
            issuer_name="示例评价中心",
            verification_url=f"https://exam.example.org/verify/{serial}",
        )

    return face


def main(seconds: float = 3.0) -> None:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        ca = ensure_demo_ca(Path(folder) / "ca", now)
    seal, roots = Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=now), load_roots(ca.root_pem)
    face, digest = faces(), bytes(256)
    page = draw(face())
    signed = sign(page, seal, reason="颁发证书", at=now)
    kinds: dict[str, Callable[[], object]] = {
        "raw": lambda: seal.key.sign(digest, ec.ECDSA(hashes.SHA256())),
        "drawn": lambda: draw(face()),
        "signed": lambda: sign(page, seal, reason="颁发证书", at=now),
        "drawn and signed": lambda: sign(draw(face()), seal, reason="颁发证书", at=now),
        "verified": lambda: inspect_pdf(signed, roots),
    }
    results: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, work in kinds.items():
            results[kind].append(rate(work, seconds))
    bare = statistics.median(results["raw"])
    print(f"certificates, one core, median of {ROUNDS} interleaved rounds of {seconds:g} s of processor time")
    print(f"  unsigned {len(page):,} bytes, signed {len(signed):,} bytes")
    print(f"  bare ECDSA P-256 signatures: {bare:,.0f}/s")
    for kind in list(kinds)[1:]:
        here = statistics.median(results[kind])
        print(f"  {kind:<17} {here:7.1f}/s   {1000 / here:6.2f} ms each   1 : {bare / here:,.0f} of the bare signature")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
