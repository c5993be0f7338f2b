"""The stand-alone check of one certificate: proved from the log, proved again from a file, and never by mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.certificate import Certificate
from certificates.register import revocation
from tests.factories import certificates as factory
from tests.factories import public_log as logs
from tests.unit.tools.test_log_monitor import ADDRESS, loaded

INCLUSION = loaded("log_inclusion")


class Holder:
    """Somebody with the file and the number of a certificate."""

    def __init__(self, client: FlaskClient, made: Certificate, folder: Path, said: pytest.CaptureFixture[str]) -> None:
        self.client, self.said, self.number = client, said, made.serial
        self.pdf, self.proof, self.key = folder / "c.pdf", folder / "proof.json", logs.key().public.hex()
        self.pdf.write_bytes(made.pdf)

    def fetch(self, address: str, certificate: str) -> Any:
        assert address == ADDRESS
        answer = self.client.get("/register/log/proof", query_string={"certificate": certificate})
        return answer.json if answer.status_code == 200 else None

    def run(self, source: str = ADDRESS, *options: str, number: str = "", key: str = "") -> tuple[int, str]:
        self.said.readouterr()
        arguments = [str(self.pdf), number or self.number, source, "--key", key or self.key, *options]
        return INCLUSION.main(arguments, self.fetch), self.said.readouterr().out

    def saved(self) -> dict[str, Any]:
        assert self.run(ADDRESS, "--save", str(self.proof))[0] == 0
        proof: dict[str, Any] = json.loads(self.proof.read_text())
        return proof

    def judged(self, proof: dict[str, Any]) -> tuple[int, str]:
        self.proof.write_text(json.dumps(proof))
        return self.run(str(self.proof))


@pytest.fixture
def made(session: Session) -> Certificate:
    logs.lived(session, name="李四")
    made = factory.issued(session)
    revocation.suspend(session, factory.REGISTRAR, made.serial, "x", now())
    logs.sequenced(session)
    return made


@pytest.fixture
def holder(client: FlaskClient, made: Certificate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Holder:
    return Holder(client, made, tmp_path, capsys)


def test_from_the_log_and_from_a_file(holder: Holder) -> None:
    status, said = holder.run(ADDRESS, "--save", str(holder.proof))
    assert (status, "entry 4: issued" in said, "entry 5: suspended" in said, "PROVED" in said) == (0, True, True, True)
    assert holder.run(str(holder.proof))[0] == 0
    assert holder.run(str(holder.proof), number=f" {holder.number.lower()} ")[0] == 0


def test_with_the_key_that_the_monitor_kept(holder: Holder, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text(json.dumps({"keys": [holder.key]}))
    assert holder.run(key=str(tmp_path / "kept.json"))[0] == 0


@pytest.mark.parametrize("added", [b"\n9 0 obj\nendobj\nstartxref\n0\n%%EOF\n", b"x", b"\x00" * 9])
def test_of_a_file_with_more_behind_it_only_the_beginning_is_proved(added: bytes, holder: Holder) -> None:
    """It may be a later time stamp, or an update that shows another name; only the register can tell them apart."""
    issued = holder.pdf.read_bytes()
    holder.pdf.write_bytes(issued + added)
    for code, said in (holder.run(ADDRESS, "--save", str(holder.proof)), holder.run(str(holder.proof))):
        assert code == 3
        assert f"PROVED for the first {len(issued)} of its {len(issued) + len(added)} bytes alone" in said


def test_what_is_not_in_the_log(holder: Holder) -> None:
    assert "no entry of this file" in holder.run(number="301011-2026-AAAA-AAAAA")[1]
    holder.pdf.write_bytes(holder.pdf.read_bytes()[:-200])
    assert holder.run()[0] == 1


def test_nothing_else_is_taken_for_a_proof(holder: Holder, session: Session) -> None:
    proof = holder.saved()
    assert "not the one you gave" in holder.run(str(holder.proof), key="00" * 32)[1]
    entry = proof["entries"][0]
    changes: list[tuple[dict[str, Any], str]] = [
        ({"head": proof["head"] | {"size": 4}}, "signature"),
        ({"head": proof["head"] | {"at": "2020-01-01T00:00:00.000000Z"}}, "signature"),
        ({"entries": [entry | {"index": 1}]}, "does not lead"),
        ({"entries": [entry | {"leaf": entry["leaf"].replace("issued", "revoked")}]}, "does not lead"),
        ({"entries": [entry | {"path": entry["path"][:-1]}]}, "does not lead"),
        ({"entries": [entry | {"path": [*entry["path"], "00" * 32]}]}, "does not lead"),
        ({"entries": proof["entries"][::-1]}, "not in their order"),
    ]
    for change, words in changes:
        status, said = holder.judged(proof | change)
        assert (status, words in said) == (1, True), (change, said)


def test_the_proof_of_another_certificate(holder: Holder, session: Session) -> None:
    other = factory.issued(session, name="张三")
    logs.sequenced(session)
    proof = holder.saved()
    holder.pdf.write_bytes(other.pdf)
    assert holder.judged(proof)[0] == 1
    assert holder.run(str(holder.proof), number=other.serial)[0] == 1


def test_what_cannot_be_judged(holder: Holder, tmp_path: Path) -> None:
    assert holder.run(str(tmp_path / "missing.json"))[0] == 2
    assert holder.judged({"entries": [{}]})[0] == 2
    arguments = [str(holder.pdf), holder.number, "http://127.0.0.1:9", "--key", holder.key]
    assert INCLUSION.main(arguments) == 2
