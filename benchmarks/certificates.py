"""Certificates drawn, signed and stored: rates of each step on one core, and of all together on two.

python -m benchmarks.certificates [SECONDS_PER_ROUND] [CERTIFICATES]

On one core, beside bare ECDSA P-256 and reportlab's bare drawing of the same words in the same run. Time stamps and
revocation lists come from the demonstration's own authority within the process: what a real one takes over the
network comes on top, and is waiting, not work. Then CERTIFICATES of each level on two processes into PostgreSQL.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path

import psutil
import psycopg
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image
from sqlalchemy import make_url

from app.core.images import clean_photo
from benchmarks.bare_page import bare_page
from certificates.drawing.pdf import CertificateFace, draw, drawn
from certificates.signing.demo_ca import DemoCA, ensure_demo_ca
from certificates.signing.demo_services import DemoLists, DemoTimestamps
from certificates.signing.issuer import Issuer
from certificates.signing.levels import Level
from certificates.signing.proofs import Proofs
from certificates.signing.seal import Seal
from certificates.verifying.verification import inspect_pdf, load_roots
from deploy import local

ROUNDS, PROCESSES, AT_ONCE, STORED = 3, 2, 20, 400
FAMILY_NAMES, GIVEN_NAMES = "王李张刘陈杨赵黄周吴", "明芳伟娜敏静磊洋艳勇杰娟涛超秀霞平刚桂英"
TABLE = (
    "CREATE TABLE IF NOT EXISTS signed (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " serial text UNIQUE, pdf bytea, sha256 text UNIQUE)"
)
INSERT = "INSERT INTO signed (serial, pdf, sha256) VALUES (%s, %s, %s)"


def rate(work: Callable[[], object], seconds: float) -> float:
    """How often the work is done in a second of one core; what else the machine does meanwhile counts little."""
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        work()
        done += 1
    return done / spent


def faces(prefix: str = "C") -> Callable[[], CertificateFace]:
    """Another person at each call, with a photo."""
    picture = BytesIO()
    Image.effect_noise((100, 140), 60).resize((800, 1120)).save(picture, "JPEG")
    photo, numbers = clean_photo(picture.getvalue()), count(1)

    def face() -> CertificateFace:
        number = next(numbers)
        name = FAMILY_NAMES[number % 10] + GIVEN_NAMES[number % 20] + GIVEN_NAMES[number // 20 % 20]
        serial = f"{prefix}-2026-{number:08}"
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


def house(ca: DemoCA, level: Level) -> Issuer:
    roots, seal = load_roots(ca.root_pem), Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=datetime.now(UTC))
    proofs = Proofs(roots, DemoLists(ca))
    return Issuer("body", "https://exam.example.org", seal, tuple(roots), True, level, DemoTimestamps(ca), proofs)


def on_one_core(ca: DemoCA, seconds: float) -> None:
    face, digest, key = faces(), bytes(256), ec.generate_private_key(ec.SECP256R1())
    page, now = draw(face()), datetime.now(UTC)
    houses = {level: house(ca, level) for level in (Level.B_B, Level.B_LTA)}
    files = {level: one.sign(page, reason="颁发证书", at=now).pdf for level, one in houses.items()}
    kinds: dict[str, Callable[[], object]] = {
        "bare ECDSA P-256": lambda: key.sign(digest, ec.ECDSA(hashes.SHA256())),
        "reportlab's bare page": lambda: bare_page(face()),
        "drawn": lambda: drawn(face()),
        "drawn, PDF/A checked": lambda: draw(face()),
        "signed B-B": lambda: houses[Level.B_B].sign(page, reason="颁发证书", at=now),
        "signed B-LTA": lambda: houses[Level.B_LTA].sign(page, reason="颁发证书", at=now),
        "verified B-B": lambda: inspect_pdf(files[Level.B_B], houses[Level.B_B].roots),
        "verified B-LTA": lambda: inspect_pdf(files[Level.B_LTA], houses[Level.B_B].roots),
    }
    results: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, work in kinds.items():
            results[kind].append(rate(work, seconds))
    print(f"certificates, one core, median of {ROUNDS} interleaved rounds of {seconds:g} s of processor time")
    sizes = ", ".join(f"{level} {len(file):,}" for level, file in files.items())
    print(f"  bytes: drawn {len(page):,}, signed {sizes}; reportlab's bare page {len(bare_page(face())):,}")
    for kind, rates in results.items():
        here = statistics.median(rates)
        print(f"  {kind:<22} {here:10,.1f}/s {1000 / here:8.3f} ms")


@dataclass(frozen=True)
class Share:
    """What one of the processes did. `memory`: in bytes, when a quarter was done and at the end."""

    done: int
    processor: float
    steps: tuple[float, float, float]
    memory: tuple[int, int]


def work_off(ca: DemoCA, level: Level, url: str, prefix: str, number: int) -> Share:
    """Draws, signs and stores so many, in transactions of a few."""
    face, issuer = faces(prefix), house(ca, level)
    issuer.sign(draw(face()), reason="颁发证书", at=datetime.now(UTC))
    steps, quarter, began = [0.0, 0.0, 0.0], 0, time.process_time()
    with psycopg.connect(url) as connection:
        for done in range(1, number + 1):
            one, start = face(), time.process_time()
            page = draw(one)
            at_drawn = time.process_time()
            pdf = issuer.sign(page, reason="颁发证书", at=datetime.now(UTC)).pdf
            at_signed = time.process_time()
            connection.execute(INSERT, (one.serial, pdf, sha256(pdf).hexdigest()))
            if not done % AT_ONCE:
                connection.commit()
            for step, spent in enumerate((at_drawn - start, at_signed - at_drawn, time.process_time() - at_signed)):
                steps[step] += spent
            if done == max(1, number // 4):
                quarter = resident()
    return Share(number, time.process_time() - began, (steps[0], steps[1], steps[2]), (quarter, resident()))


def resident() -> int:
    return psutil.Process().memory_info().rss


def on_two(ca: DemoCA, number: int, folder: Path) -> None:
    url = make_url(local.ensure_database(folder)).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLE)
        for level in (Level.B_B, Level.B_LTA):
            _measure(ca, level, number, url)
    finally:
        local.remove(folder)


def _measure(ca: DemoCA, level: Level, number: int, url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        warm = [pool.submit(work_off, ca, level, url, f"W{level}{one}", 5) for one in range(PROCESSES)]
        [one.result() for one in warm]
        server, began = _database_processor(url), time.monotonic()
        each = number // PROCESSES
        asked = [pool.submit(work_off, ca, level, url, f"{level}{one}", each) for one in range(PROCESSES)]
        shares = [one.result() for one in asked]
        wall, server = time.monotonic() - began, _database_processor(url) - server
    done = sum(one.done for one in shares)
    mine = sum(one.processor for one in shares)
    steps = [1000 * sum(one.steps[step] for one in shares) / done for step in range(3)]
    memory = "; ".join(f"{one.memory[0] / 2**20:.0f} → {one.memory[1] / 2**20:.0f} MB" for one in shares)
    print(f"{done:,} certificates {level}, drawn, PDF/A checked, signed and stored by {PROCESSES} processes")
    print(f"  {done / wall:.0f}/s as the clock has it (load {os.getloadavg()[0]:.1f})")
    print(f"  {PROCESSES * done / (mine + server):.0f}/s of {PROCESSES} cores by processor time", end="")
    print(f": {1000 * mine / done:.2f} ms each here, {1000 * server / done:.2f} ms of the database")
    print(f"  drawn {steps[0]:.2f} ms, signed {steps[1]:.2f} ms, stored {steps[2]:.2f} ms; memory {memory}")


def _database_processor(url: str) -> float:
    """Processor time of the server so far: of its first process, of those it started, and of those that ended."""
    with psycopg.connect(url) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
        if server is None:
            return 0.0
        own = server.cpu_times()
        return own.user + own.system + own.children_user + own.children_system + sum(map(_spent, server.children()))


def _spent(process: psutil.Process) -> float:
    try:
        return float(sum(process.cpu_times()[:2]))
    except psutil.NoSuchProcess:
        return 0.0


def main(seconds: float = 3.0, number: float = STORED) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ca = ensure_demo_ca(Path(folder) / "ca")
        on_one_core(ca, seconds)
        on_two(ca, int(number), Path(folder) / "store")
    print(f"  largest of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
