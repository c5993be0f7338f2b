"""What a PDF's signatures say, judged without trusting the file: bytes in, findings out, no network, no database.

The file is not parsed as a PDF (see signature_places.py); each signature and its chain are judged by judging.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cryptography import x509

from app.core.errors import N_, Refusal
from certificates.verifying import additions, findings, kinds
from certificates.verifying.findings import Inspection, Reason, Stamp
from certificates.verifying.judging import Judgement, judged
from certificates.verifying.later_proof import only_prove_age
from certificates.verifying.revocations import embedded, revoked_at
from certificates.verifying.signature_places import MOST_PLACES, Trouble, claimed, places, trouble
from certificates.verifying.trust import Trust, load_roots

__all__ = ["Inspection", "Reason", "Trust", "inspect_pdf", "load_roots", "too_large"]

MOST_BYTES = 20 * 1024 * 1024
ENCRYPTED = re.compile(rb"/Encrypt\s{0,20}(?:\d{1,10}\s{1,20}\d{1,10}\s{1,20}R|<<)")
_TROUBLES = {
    Trouble.HOLLOW: findings.HOLLOW,
    Trouble.WRAPPED: findings.WRAPPED,
    Trouble.CUT: findings.TRUNCATED,
    Trouble.REWRITTEN: findings.REWRITTEN,
}


def too_large(most_bytes: int) -> Refusal:
    return Refusal(
        "upload_too_large",
        N_("The file is larger than %(megabytes)s MB, so it cannot be a certificate of ours. Choose another file."),
        status=413,
        megabytes=most_bytes // (1024 * 1024),
    )


def inspect_pdf(
    data: bytes,
    trust: Trust | Sequence[x509.Certificate],
    *,
    known_since: datetime | None = None,
    most_bytes: int = MOST_BYTES,
) -> Inspection:
    """All that can be found out from the file alone; never raises for what is in it, only for its size.

    `known_since`: when the body itself took exactly these bytes in. Then what follows the signature is its own, and
    the signature is no younger than that.
    """
    if len(data) > most_bytes:
        raise too_large(most_bytes)
    if reason := kinds.unlike_pdf(data):
        return Inspection(reasons=(reason,))
    if ENCRYPTED.search(data):
        return Inspection(is_pdf=True, encrypted=True, signed=claimed(data), reasons=(findings.ENCRYPTED,))
    if not claimed(data):
        return _unsigned(data, False, kinds.unsigned(data))
    found = list(places(data, MOST_PLACES + 1))
    if not found:
        return _unsigned(data, True, findings.PORTFOLIO if kinds.embeds(data) else _TROUBLES[trouble(data)])
    if len(found) > MOST_PLACES:
        return Inspection(is_pdf=True, signed=True, reasons=(findings.TOO_COMPLEX,))
    trust = Trust.of(trust)
    judgements = [judged(data, place, trust) for place in found]
    summary = _summary(data, judgements, trust, known_since)
    return summary if summary.genuine else _with_more(data, summary)


def _unsigned(data: bytes, signed: bool, reason: Reason) -> Inspection:
    return _with_more(data, Inspection(is_pdf=True, signed=signed, reasons=(reason,)))


def _with_more(data: bytes, found: Inspection) -> Inspection:
    """What also stands out in a file that is not ours as it is."""
    first = () if data.startswith(b"%PDF-") else (findings.FOREIGN_START,)
    last = (findings.ACTIVE,) if kinds.active(data) else ()
    return replace(found, reasons=(*first, *found.reasons, *last))


def _summary(data: bytes, judgements: list[Judgement], trust: Trust, known_since: datetime | None) -> Inspection:
    """The signature that counts is the first of ours, or else the first of all."""
    signatures = [one for one in judgements if not one.is_stamp]
    if not signatures:
        lost = kinds.names_signature(data)
        reason = _TROUBLES[trouble(data)] if lost else findings.ONLY_STAMPED
        return Inspection(is_pdf=True, signed=True, reasons=(reason,))
    chosen = next((one for one in signatures if one.trusted), signatures[0])
    rest = data[chosen.place.end :]
    stamps = _stamps(chosen, judgements)
    revoked = revoked_at(chosen.chain, [*trust.withdrawn, *(embedded(rest) if chosen.trusted else ())])
    proven = min((at for at in (known_since, *(one.at for one in stamps if one.trusted)) if at), default=None)
    withdrawn = revoked is not None and (proven is None or proven >= revoked)
    added = _added(data, chosen, judgements, known_since)
    return Inspection(
        is_pdf=True,
        signed=True,
        intact=chosen.unchanged and added is None,
        whole_file_covered=added is None,
        trusted=chosen.trusted and not withdrawn,
        signer_name=chosen.signer_name,
        signed_at=chosen.signed_at,
        later_changes=added is not None,
        reasons=tuple(_reasons(chosen, added, len(signatures), revoked if withdrawn else None)),
        stamps=stamps,
        revoked_at=revoked,
    )


def _stamps(chosen: Judgement, judgements: list[Judgement]) -> tuple[Stamp, ...]:
    later = [one.stamp for one in judgements if one.is_stamp and one.place.end > chosen.place.end]
    return tuple(stamp for stamp in (chosen.stamp, *later) if stamp)


def _added(data: bytes, chosen: Judgement, judgements: list[Judgement], known_since: datetime | None) -> Reason | None:
    """What is wrong with that which follows the signature; nothing if it is the body's own, or only proves its age."""
    if chosen.place.end == len(data) or (known_since and chosen.unchanged):
        return None
    stamps_hold = all(one.trusted for one in judgements if one.is_stamp)
    if chosen.unchanged and chosen.trusted and stamps_hold and only_prove_age(data, chosen.place.end):
        return None
    settled = _settled(data, chosen, judgements)
    others = [one.place for one in judgements if not one.is_stamp and one.place.end > settled]
    return additions.named(data, settled, signed_again=bool(others))


def _settled(data: bytes, chosen: Judgement, judgements: list[Judgement]) -> int:
    """Up to where the file is as it may be: after the signature, or the last time stamp that stands in order."""
    ends = [one.place.end for one in judgements if one.is_stamp and one.trusted and one.place.end < len(data)]
    last = max(ends, default=0)
    in_order = last > chosen.place.end and chosen.trusted and only_prove_age(data[:last], chosen.place.end)
    return last if in_order else chosen.place.end


def _reasons(chosen: Judgement, added: Reason | None, count: int, revoked: datetime | None) -> list[Reason]:
    if not chosen.readable:
        return [findings.DAMAGED]
    reasons = []
    if not chosen.authentic:
        reasons.append(findings.DAMAGED)
    elif not chosen.unchanged:
        reasons.append(findings.ALTERED)
    elif added:
        reasons.append(added)
    if revoked:
        reasons.append(Reason("signer_revoked", findings.REVOKED_SIGNER, {"date": revoked.date().isoformat()}))
    elif chosen.unchanged and not chosen.trusted:
        reasons.append(_stranger(chosen))
    if count > 1:
        reasons.append(Reason("several_signatures", findings.SEVERAL, {"count": count}))
    return reasons


def _stranger(chosen: Judgement) -> Reason:
    if chosen.out_of_term:
        return findings.OUT_OF_TERM
    return findings.IMITATED if chosen.bears_our_name else findings.FOREIGN
