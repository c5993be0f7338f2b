"""Time stamps and revocation: how long, and against whom, a signature keeps its word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from certificates.verifying.findings import Stamp
from certificates.verifying.trust import Trust
from certificates.verifying.verification import Inspection, inspect_pdf
from tests.factories import attacks
from tests.factories.pki import Pki
from tests.factories.signed_files import LEVELS, renewed, signed_at_level, stamped

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
LATER = AT + timedelta(days=200)


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture(scope="module")
def files(pki: Pki, unsigned: bytes) -> dict[str, bytes]:
    made = {level: signed_at_level(unsigned, pki, level, AT) for level in LEVELS}
    return made | {"renewed": renewed(made["B-LTA"], pki, LATER)}


def inspected(pki: Pki, data: bytes, **more: object) -> Inspection:
    return inspect_pdf(data, Trust([pki.certificate("root")], **more))  # type: ignore[arg-type]


def codes(found: Inspection) -> list[str]:
    return [reason.code for reason in found.reasons]


@pytest.mark.parametrize(("level", "stamps"), [("B-B", 0), ("B-T", 1), ("B-LT", 1), ("B-LTA", 2), ("renewed", 3)])
def test_each_level_is_genuine_as_a_whole(level: str, stamps: int, files: dict[str, bytes], pki: Pki) -> None:
    found = inspected(pki, files[level])
    assert (codes(found), found.genuine, found.whole_file_covered) == ([], True, True)
    assert len(found.stamps) == stamps
    assert all(one.trusted for one in found.stamps)
    assert found.proven_at == (AT if stamps else None)
    assert found.signed_at == AT


@pytest.mark.parametrize("level", ["B-T", "B-LTA", "renewed"])
@pytest.mark.parametrize("name", attacks.FORGERIES)
def test_forgeries_at_every_level(level: str, name: str, files: dict[str, bytes], pki: Pki) -> None:
    found = inspected(pki, attacks.FORGERIES[name][0](files[level]))
    assert found.reasons
    assert not found.genuine


HOLLOW = [name for name, (_, code) in attacks.FORGERIES.items() if code == "signature_hollow"]


@pytest.mark.parametrize("name", HOLLOW)
def test_a_hollow_signature_is_named_also_where_a_time_stamp_is_left(
    name: str, files: dict[str, bytes], pki: Pki
) -> None:
    """Not as a file that never bore more than a time stamp."""
    assert codes(inspected(pki, attacks.FORGERIES[name][0](files["B-LTA"])))[0] in ("signature_hollow", "rewritten")


def test_how_long_the_proof_reaches() -> None:
    """As far as the stamps overlap: one that came too late proves nothing of the time before it."""

    def stamp(year: int, until: int) -> Stamp:
        return Stamp(datetime(year, 1, 1, tzinfo=UTC), "TSA", datetime(until, 1, 1, tzinfo=UTC), True, True)

    assert Inspection().proof_ends is None
    overlapping = Inspection(stamps=(stamp(2026, 2036), stamp(2035, 2045), stamp(2030, 2040)))
    assert overlapping.proof_ends == datetime(2045, 1, 1, tzinfo=UTC)
    late = Inspection(stamps=(stamp(2026, 2036), stamp(2037, 2047)))
    assert late.proof_ends == datetime(2036, 1, 1, tzinfo=UTC)


def test_a_stamp_of_an_unknown_authority_proves_nothing(files: dict[str, bytes], pki: Pki) -> None:
    other = Pki(name="另一 OTHER")
    found = inspected(pki, files["B-T"], tsa_roots=[other.certificate("root")])
    assert (found.genuine, found.proven_at) == (True, None)
    assert [one.trusted for one in found.stamps] == [False]
    assert codes(inspected(pki, files["B-LTA"], tsa_roots=[other.certificate("root")])) == ["archived_elsewhere"]


def test_a_stamp_by_somebody_else_on_our_file(files: dict[str, bytes], pki: Pki) -> None:
    """Harmless, but not what was issued; only the register can say so, and it does."""
    assert inspected(pki, renewed(files["B-LTA"], pki, LATER)).genuine
    other = Pki(name="另一 OTHER")
    assert codes(inspected(pki, stamped(files["B-LTA"], other, LATER))) == ["archived_elsewhere"]


@pytest.mark.parametrize("attack", [attacks.note_added, attacks.other_content, attacks.layers_switched])
def test_a_stamp_does_not_launder_a_change(attack: attacks.Attack, files: dict[str, bytes], pki: Pki) -> None:
    """The attacker has a true time stamp put over the changed file."""
    laundered = stamped(attack(files["B-LTA"]), pki, LATER)
    found = inspected(pki, laundered)
    assert not found.intact
    assert codes(found)[0] in ("shadow_content", "changed_after_signing")


# From the day on which a key was withdrawn, only proof that a signature is older saves it.
DAY = AT + timedelta(days=30)


@pytest.fixture(scope="module")
def stolen() -> Pki:
    pki = Pki()
    pki.revoke("signer", DAY)
    return pki


@pytest.fixture(scope="module")
def lists(stolen: Pki) -> list[bytes]:
    return [stolen.crl("issuing", DAY + timedelta(days=60))]


def test_revoked_a_signature_without_a_stamp_falls(stolen: Pki, lists: list[bytes], unsigned: bytes) -> None:
    file = signed_at_level(unsigned, stolen, "B-B", AT)
    assert inspected(stolen, file).genuine
    found = inspected(stolen, file, withdrawn=lists)
    assert (codes(found), found.trusted, found.intact) == (["signer_revoked"], False, True)
    assert found.reasons[0].params == {"date": DAY.date().isoformat()}


def test_revoked_unless_the_register_had_it_before(stolen: Pki, lists: list[bytes], unsigned: bytes) -> None:
    file = signed_at_level(unsigned, stolen, "B-B", AT)
    trust = Trust([stolen.certificate("root")], withdrawn=lists)
    assert inspect_pdf(file, trust, known_since=AT).genuine
    assert codes(inspect_pdf(file, trust, known_since=DAY)) == ["signer_revoked"]


def test_revoked_a_stamp_from_before_saves_it(stolen: Pki, lists: list[bytes], unsigned: bytes) -> None:
    found = inspected(stolen, signed_at_level(unsigned, stolen, "B-T", AT), withdrawn=lists)
    assert (found.genuine, found.revoked_at) == (True, DAY)


def test_revoked_a_stamp_from_after_does_not(stolen: Pki, lists: list[bytes], unsigned: bytes) -> None:
    """The thief dates the signature back, but the time stamp tells."""
    forged = signed_at_level(unsigned, stolen, "B-T", DAY + timedelta(days=1), claimed=AT)
    assert codes(inspected(stolen, forged, withdrawn=lists)) == ["signer_revoked"]


def test_revoked_a_list_that_somebody_else_signed_counts_for_nothing(stolen: Pki, unsigned: bytes) -> None:
    other = Pki()
    other.revoke("signer", DAY)
    false = other.crl("issuing", DAY + timedelta(days=60))
    assert inspected(stolen, signed_at_level(unsigned, stolen, "B-B", AT), withdrawn=[false, b"no list"]).genuine


def test_out_of_the_term_of_its_key(pki: Pki, unsigned: bytes) -> None:
    early = signed_at_level(unsigned, pki, "B-B", AT, claimed=datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=400))
    assert codes(inspected(pki, early)) == ["foreign_signature"] or not inspected(pki, early).genuine
    late = signed_at_level(unsigned, pki, "B-B", AT, claimed=AT + timedelta(days=365 * 6))
    assert codes(inspected(pki, late)) == ["signer_out_of_term"]
