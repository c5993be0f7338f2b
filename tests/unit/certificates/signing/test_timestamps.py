"""A time stamp is believed once it was checked; everything else an authority may say delays, and says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from asn1crypto import cms, tsp
from cryptography import x509

from certificates.signing.authorities import InTurn, RemoteAuthority
from certificates.signing.demo_ca import DemoCA
from certificates.signing.demo_services import DemoTimestamps
from certificates.signing.timestamps import Authority, Token, request
from certificates.signing.unavailable import Unavailable
from tests.factories.answering import answering
from tests.factories.pki import Pki, served
from tests.unit.certificates.conftest import NOW

DIGEST = bytes(range(32))


@pytest.fixture(scope="module")
def pki() -> Iterator[Pki]:
    with served() as made:
        made.at = NOW
        yield made


@pytest.fixture(autouse=True)
def in_order(pki: Pki) -> Iterator[None]:
    yield
    pki.out_of_order.clear()


def remote(pki: Pki, address: str = "", roots: list[x509.Certificate] | None = None) -> RemoteAuthority:
    return RemoteAuthority(address or pki.address("tsa"), [pki.certificate("root")] if roots is None else roots)


class Told(Authority):
    """Answers as it is told."""

    def __init__(self, pki: Pki, answer: Callable[[bytes], bytes]) -> None:
        super().__init__([pki.certificate("root")])
        self._answer = answer

    def answer(self, request: bytes, at: object) -> bytes:
        return self._answer(request)


def test_a_checked_time_stamp(pki: Pki) -> None:
    authority = remote(pki)
    token = authority.token(DIGEST, at=NOW)
    assert (token.digest, token.at) == (DIGEST, NOW)
    assert token.weakens_at == pki.certificate("tsa").not_valid_after_utc
    assert token.signer.dump() == pki.asn1("tsa").dump()
    assert len(token.der) < authority.room < len(token.der) + 200


def refused(work: Callable[[], Token]) -> str:
    with pytest.raises(Unavailable) as problem:
        work()
    assert (problem.value.code, problem.value.status) == ("timestamp_unavailable", 503)
    assert "TSA_URL" in str(problem.value)
    return problem.value.about


def test_nobody_there(pki: Pki) -> None:
    assert "refused" in refused(lambda: remote(pki, "http://127.0.0.1:1/tsa").token(DIGEST, at=NOW))


def test_out_of_order(pki: Pki) -> None:
    pki.out_of_order.add("tsa")
    assert "503" in refused(lambda: remote(pki).token(DIGEST, at=NOW))


def test_roots_that_do_not_vouch_for_it(pki: Pki) -> None:
    roots = [Pki().certificate("root")]
    assert "TSA_ROOTS" in refused(lambda: remote(pki, roots=roots).token(DIGEST, at=NOW))


def test_an_answer_to_another_question(pki: Pki) -> None:
    other = pki.stamp(request(DIGEST, 7), NOW)
    assert "another question" in refused(lambda: Told(pki, lambda _: other).token(DIGEST, at=NOW))


def test_a_stamp_on_something_else(pki: Pki) -> None:
    def swapped(asked: bytes) -> bytes:
        return pki.stamp(request(bytes(32), tsp.TimeStampReq.load(asked)["nonce"].native), NOW)

    assert "something else" in refused(lambda: Told(pki, swapped).token(DIGEST, at=NOW))


def test_a_signature_that_does_not_hold(pki: Pki) -> None:
    def broken(asked: bytes) -> bytes:
        answer = bytearray(pki.stamp(asked, NOW))
        answer[-5] ^= 1
        return bytes(answer)

    refused(lambda: Told(pki, broken).token(DIGEST, at=NOW))


def test_a_certificate_that_had_ended(pki: Pki) -> None:
    late = pki.certificate("tsa").not_valid_after_utc + timedelta(days=1)
    refused(lambda: Told(pki, lambda asked: pki.stamp(asked, late)).token(DIGEST, at=late))


def test_a_certificate_that_is_not_for_time_stamps(pki: Pki) -> None:
    """Whoever may sign documents may not stamp times with that key."""
    ca = DemoCA(b"", "tests only", b"", b"", b"", pki.pkcs12("signer"))
    stamped = DemoTimestamps(ca).token(DIGEST, at=NOW)
    answer = tsp.TimeStampResp.load(pki.stamp(request(DIGEST, 7), NOW))
    answer["time_stamp_token"] = cms.ContentInfo.load(stamped.der)
    authority = Told(pki, lambda _: answer.dump(force=True))
    with pytest.raises(Unavailable) as problem:
        authority._checked(answer.dump(force=True), DIGEST, None)  # type: ignore[arg-type]
    assert "vouches" in problem.value.about


@pytest.mark.parametrize("answer", [b"", b"0", b"<html>", b"0\x80" * 100, b"0\x05\x02\x01\x02\x05\x00", bytes(1000)])
def test_what_is_no_answer(answer: bytes, pki: Pki) -> None:
    refused(lambda: Told(pki, lambda _: answer).token(DIGEST, at=NOW))


def test_who_refuses(pki: Pki) -> None:
    refusing = bytes.fromhex("30053003020102")  # a status of 2 and no token
    assert "rejection" in refused(lambda: Told(pki, lambda _: refusing).token(DIGEST, at=NOW))


def test_the_next_one_is_asked_and_then_first(pki: Pki) -> None:
    dead, alive = remote(pki, "http://127.0.0.1:1/tsa"), remote(pki)
    authorities = InTurn([dead, alive])
    assert authorities.token(DIGEST, at=NOW).digest == DIGEST
    pki.asked.clear()
    dead.answer = pytest.fail  # type: ignore[method-assign,assignment]
    assert authorities.token(DIGEST, at=NOW).digest == DIGEST


def test_all_that_were_asked_are_named(pki: Pki) -> None:
    two = InTurn([remote(pki, f"http://127.0.0.1:1/{name}") for name in ("first", "second")])
    assert all(name in refused(lambda: two.token(DIGEST, at=NOW)) for name in ("/first", "/second"))


def test_name_and_password_are_sent(pki: Pki) -> None:
    with answering(lambda asked: (200, pki.stamp(asked.body, NOW))) as server:
        roots = [pki.certificate("root")]
        RemoteAuthority(server.url, roots, username="house", password="密码").token(DIGEST, at=NOW)
    assert server.asked[0].headers["Authorization"] == "Basic aG91c2U65a+G56CB"
    assert server.asked[0].headers["Content-Type"] == "application/timestamp-query"


@pytest.mark.parametrize(("status", "size"), [(302, 10), (200, 70_000), (500, 10)], ids=["detour", "size", "error"])
def test_detours_and_floods_are_not_followed(status: int, size: int, pki: Pki) -> None:
    with answering(lambda asked: (status, bytes(size)), {"Location": pki.address("tsa")}) as server:
        refused(lambda: remote(pki, server.url).token(DIGEST, at=NOW))
    assert len(server.asked) == 1


def test_only_web_addresses_are_asked(pki: Pki) -> None:
    assert "only http" in refused(lambda: remote(pki, "file:///etc/passwd").token(DIGEST, at=NOW))
