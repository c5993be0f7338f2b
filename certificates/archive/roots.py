"""Which roots are trusted, and for signatures of which time.

TRUST_ROOTS names a file of certificates in PEM form, one after the other. A root stays in it for as long as
certificates under it are to verify, long after its own end. Two lines before a certificate may narrow the time for
which it counts:

    counts-from: 2026-01-01
    counts-until: 2034-06-30T12:00:00+00:00
    -----BEGIN CERTIFICATE-----

A signature counts if the time proven for it lies in that period; without the lines, in the root's own validity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import overload

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.core.errors import N_, Refusal

BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
LINE = re.compile(rb"^counts-(from|until):[ \t]*(\S+)[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Root:
    certificate: x509.Certificate
    counts_from: datetime
    counts_until: datetime

    def counts_at(self, moment: datetime) -> bool:
        return self.counts_from <= moment <= self.counts_until


class Roots(Sequence[x509.Certificate]):
    """The certificates themselves for whoever asks no more, and the period of each for whoever does."""

    def __init__(self, entries: Sequence[Root]) -> None:
        self.entries = tuple(entries)

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, index: int) -> x509.Certificate: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[x509.Certificate]: ...
    def __getitem__(self, index: int | slice) -> x509.Certificate | Sequence[x509.Certificate]:
        if isinstance(index, slice):
            return Roots(self.entries[index])
        return self.entries[index].certificate

    def __iter__(self) -> Iterator[x509.Certificate]:
        return (one.certificate for one in self.entries)

    def counting_at(self, moment: datetime) -> tuple[x509.Certificate, ...]:
        return tuple(one.certificate for one in self.entries if one.counts_at(moment))


def counting(roots: Sequence[x509.Certificate], moment: datetime) -> Sequence[x509.Certificate]:
    """Those that vouch for a signature of that moment; of a plain list, all that were valid then."""
    if isinstance(roots, Roots):
        return roots.counting_at(moment)
    return tuple(one for one in roots if whole_period(one).counts_at(moment))


def together(*parts: Sequence[x509.Certificate]) -> Roots:
    """All of them, each once; where one stands twice, as it is said first."""
    entries: dict[bytes, Root] = {}
    for part in parts:
        for root in part.entries if isinstance(part, Roots) else map(whole_period, part):
            entries.setdefault(root.certificate.fingerprint(hashes.SHA256()), root)
    return Roots(tuple(entries.values()))


def whole_period(certificate: x509.Certificate) -> Root:
    return Root(certificate, certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def read_roots(pem: bytes) -> Roots:
    """As the file says; refuses one that cannot be read, with the place."""
    entries, before = [], 0
    for number, block in enumerate(BLOCK.finditer(pem), start=1):
        said = dict(LINE.findall(pem, before, block.start()))
        before = block.end()
        try:
            root = whole_period(x509.load_pem_x509_certificate(block.group()))
        except ValueError as problem:
            raise _unusable(number) from problem
        first, last = _time(said.get(b"from"), number), _time(said.get(b"until"), number)
        entries.append(Root(root.certificate, first or root.counts_from, last or root.counts_until))
    if not entries:
        raise _unusable(1)
    return Roots(entries)


def _time(text: bytes | None, number: int) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.decode())
    except ValueError as problem:
        raise _unusable(number) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unusable(number: int) -> Refusal:
    return Refusal(
        "trust_roots_unusable",
        N_(
            "The file of trusted roots cannot be read at its certificate %(number)s. It must hold certificates in PEM "
            "form; the lines counts-from and counts-until before one give days like 2026-01-31."
        ),
        status=503,
        number=number,
    )
