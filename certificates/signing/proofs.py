"""Proof that no certificate of a chain was revoked: the lists and answers of its authorities, to be kept in the file.

Fetched once and used for every signature until it grows old; never past the moment it says itself it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.core import heavy
from app.core.errors import N_, Refusal
from certificates.signing.revocation import Evidence, Lists, crl_about, is_authority, ocsp_about
from certificates.signing.unavailable import Unavailable, revocation_unavailable

KEPT = timedelta(hours=6)
"""A list may be good for months; it is asked for again after this long, so that a revocation is seen."""
FAR = timedelta(days=2)
MOST_CERTIFICATES, MOST_KEPT = 24, 64


@dataclass(frozen=True)
class Proof:
    """All in DER. Until `good_until` the same proof serves again."""

    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    good_until: datetime


Ask = Callable[[x509.Certificate, x509.Certificate, datetime], Evidence]
"""A certificate, its issuer and the time → what its authority says; Unavailable if it says nothing."""


class Proofs:
    """Asks by `ask`: the network, or where the demonstration keeps its own authority."""

    def __init__(self, roots: Sequence[x509.Certificate], ask: Ask) -> None:
        self._roots, self._ask, self._lock = list(roots), ask, heavy.lock()
        self._kept: dict[bytes, Evidence] = {}
        self._whole: dict[frozenset[bytes], Proof] = {}

    def of(self, chain: Iterable[x509.Certificate], *, at: datetime, others: Iterable[x509.Certificate] = ()) -> Proof:
        """For these certificates and all above them, which may be among the others; refuses where one is revoked."""
        given, above = list(chain), list(others)
        key = frozenset(map(_der, given))
        with self._lock:
            known = self._whole.get(key)
            if known is None or not _fresh(known.good_until, at):
                known = self._gathered(given, above, at)
                if len(self._whole) >= MOST_KEPT:
                    self._whole.clear()
                self._whole[key] = known
            return known

    def _gathered(self, given: list[x509.Certificate], others: list[x509.Certificate], at: datetime) -> Proof:
        held, todo = {_der(one): one for one in given}, list(given)
        pool = [*given, *others, *self._roots]
        asked: dict[bytes, Evidence] = {}
        while todo:
            one = todo.pop()
            if _der(one) in asked or one in self._roots or one.subject == one.issuer or _needs_none(one):
                continue
            issuer = _issuer_of(one, pool)
            asked[_der(one)] = said = self._evidence(one, issuer, at)
            todo += [issuer, *said.responders]
            held |= {_der(more): more for more in (issuer, *said.responders)}
            if len(held) > MOST_CERTIFICATES:
                raise revocation_unavailable("the chain of the certificates does not end")
        all_said = asked.values()
        return Proof(
            tuple(held),
            tuple(dict.fromkeys(one.crl for one in all_said if one.crl)),
            tuple(dict.fromkeys(one.ocsp for one in all_said if one.ocsp)),
            min((one.good_until for one in all_said), default=at + KEPT),
        )

    def _evidence(self, one: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        known = self._kept.get(_der(one))
        if known is not None and _fresh(known.good_until, at):
            return known
        try:
            said = self._ask(one, issuer, at)
        except Unavailable:
            if known is None or known.ends <= at:
                raise
            return known
        if said.revoked:
            raise Refusal(
                "seal_revoked",
                N_("The certificate of %(name)s was revoked, so nothing was signed with it. Have a new one made."),
                status=503,
                name=one.subject.rfc4514_string(),
            )
        self._kept[_der(one)] = said
        return said


class Network:
    """Asks an authority about one certificate: by a question (OCSP) or by its list, whichever can be had.

    First by a question, for who signs or stamps: readers after EN 319 102-1 judge one that has ended by an answer
    about it, where some cannot by a list (pyHanko: unless a root signed it). Authorities are spoken of in lists.
    """

    def __init__(self) -> None:
        self._lists: Lists = {}

    def __call__(self, one: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        ways = (self._by_list, ocsp_about) if is_authority(one) else (ocsp_about, self._by_list)
        seen = [one.subject.rfc4514_string()]
        for ask in ways:
            try:
                return ask(one, issuer, at, at + KEPT)
            except Unavailable as problem:
                seen.append(problem.about)
        raise revocation_unavailable("; ".join(filter(None, seen)))

    def _by_list(self, one: x509.Certificate, issuer: x509.Certificate, at: datetime, good_until: datetime) -> Evidence:
        return crl_about(one, issuer, at, good_until, self._lists)


def _fresh(until: datetime, at: datetime) -> bool:
    """Not past its end; nor, where a clock was set back, from another time altogether."""
    return until - FAR < at < until


def _issuer_of(one: x509.Certificate, held: Iterable[x509.Certificate]) -> x509.Certificate:
    for other in held:
        if other.subject == one.issuer and _verifies(one, other):
            return other
    raise Refusal(
        "chain_incomplete",
        N_(
            "The certificate above %(name)s is missing, so it cannot be proven good. Add it to the signing chain or "
            "to the trusted roots."
        ),
        status=503,
        name=one.subject.rfc4514_string(),
    )


def _verifies(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except Exception:  # whatever is wrong with it, it is not the issuer
        return False
    return True


def _needs_none(one: x509.Certificate) -> bool:
    """An OCSP responder's certificate may say that nobody need ask about it."""
    try:
        return bool(one.extensions.get_extension_for_class(x509.OCSPNoCheck))
    except x509.ExtensionNotFound:
        return False


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
