"""Small files that would keep whoever judges them busy for hours, where nothing bounds the work."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from asn1crypto import cms, ocsp, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from certificates.signing.holes import Hole, entries_with_room

STARTS = datetime(2026, 1, 1, tzinfo=UTC)
ROOM = 12_000
NOTHING = {"content_type": "data"}


@cache
def key(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(subject: str, issuer: x509.Name, public: int, signer: int) -> asn1_x509.Certificate:
    built = x509.CertificateBuilder(
        issuer, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]), key(public).public_key(),
        x509.random_serial_number(), STARTS, STARTS.replace(year=2040),
    )  # fmt: skip
    made = built.add_extension(x509.BasicConstraints(True, None), True).sign(key(signer), hashes.SHA256())
    return asn1_x509.Certificate.load(made.public_bytes(Encoding.DER))


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def maze(doors: int = 9) -> list[asn1_x509.Certificate]:
    """A certificate, and above it two authorities who vouch for each other again and again: each order is a way up."""
    pairs = [("X", "Y", 1, 2) if number % 2 else ("Y", "X", 2, 1) for number in range(doors)]
    above = [certificate(subject, named(issuer), public, signer) for subject, issuer, public, signer in pairs]
    return [certificate("leaf", named("X"), 0, 1), *above]


def signature(
    digest: bytes, certificates: list[asn1_x509.Certificate], content: dict[str, Any] = NOTHING, **unsigned: Any
) -> bytes:
    """A right one by the first of the certificates, with all of them in it."""
    first = certificates[0]
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [content["content_type"]]},
            {"type": "message_digest", "values": [digest]},
        ]
    )
    info = {
        "version": "v1", "digest_algorithm": {"algorithm": "sha256"}, "signed_attrs": attributes,
        "sid": {"issuer_and_serial_number": {"issuer": first.issuer, "serial_number": first.serial_number}},
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": key(0).sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
    } | unsigned  # fmt: skip
    info["sid"] = cms.SignerIdentifier(info["sid"])
    held = [cms.CertificateChoices({"certificate": one}) for one in certificates]
    data = cms.SignedData(
        {"version": "v3", "digest_algorithms": [{"algorithm": "sha256"}], "certificates": held,
         "encap_content_info": content, "signer_infos": [info]}
    )  # fmt: skip
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def stamped_in_a_maze() -> dict[str, Any]:
    """The same trap in the time stamp on a signature."""
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)})
    said = tsp.TSTInfo(
        {"version": "v1", "policy": "1.2.3", "message_imprint": imprint, "serial_number": 1, "gen_time": STARTS}
    )
    content = {"content_type": "tst_info", "content": cms.ParsableOctetString(said.dump())}
    token = cms.ContentInfo.load(signature(sha256(said.dump()).digest(), maze(), content))
    return {"unsigned_attrs": [{"type": "signature_time_stamp_token", "values": [token]}]}


def signed_by(certificates: list[asn1_x509.Certificate], **unsigned: Any) -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    entries = b"<< /Type /Sig /M (D:20260601000000Z) %s >>" % entries_with_room(ROOM)
    hole = Hole(b"2 0 obj\n%s\nendobj\nstartxref\n0\n%%%%EOF\n" % entries, len(head), sha256(head))
    return head + hole.filled(signature(hole.digest, certificates, **unsigned))


def _trailer(pdf: bytes) -> bytes:
    previous, size = (re.findall(word + rb"\s+(\d+)", pdf)[-1] for word in (rb"startxref", rb"/Size"))
    return b"/Size %s /Root 1 0 R /Prev %s" % (size, previous)


def table_of_nothing(pdf: bytes) -> bytes:
    """A table that says it has a thousand million lines of no width."""
    table = b"<< /Type /XRef /W [0 0 0] /Index [0 1000000000] /Length 1 %s >>" % _trailer(pdf)
    return pdf + b"900 0 obj\n%s\nstream\n0\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(pdf))


def table_of_nothing_in_disguise(pdf: bytes) -> bytes:
    return table_of_nothing(pdf).replace(b"/XRef /W", b"/X#52ef /#57")


def many_tables(pdf: bytes, count: int = 1000) -> bytes:
    """Each leads to the one before, and all but the last without the word that revisions are counted by."""
    for _ in range(count):
        previous, size = re.findall(rb"/Prev (\d+)|startxref\s+(\d+)", pdf)[-1], re.findall(rb"/Size (\d+)", pdf)[-1]
        place = len(pdf)
        pdf += b"xref\n0 0\ntrailer\n<< /Size %s /Root 1 0 R /Prev %s >>\n" % (size, previous[0] or previous[1])
    return pdf + b"startxref\n%d\n%%%%EOF\n" % place


def long_catalogue(pdf: bytes, words: int = 300_000) -> bytes:
    """A million letters of nothing in the object that a reader looks at again and again."""
    start = pdf.rfind(b"\n1 0 obj\n<<") + 1 or pdf.find(b"1 0 obj\n<<")
    body = pdf[start : pdf.index(b"endobj", start)].rstrip()[:-2] + b"/PieceInfo [" + b"0 " * words + b"] >>\nendobj\n"
    table = b"xref\n1 1\n%010d 00000 n \ntrailer\n<< %s >>\n" % (len(pdf), _trailer(pdf))
    return pdf + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def answer(issuer: x509.Certificate, serial: int, said: int, signers: int) -> bytes:
    """An OCSP answer that says the same of one certificate many times, by one of many who never signed it."""
    above, moment = asn1_x509.Certificate.load(issuer.public_bytes(Encoding.DER)), STARTS
    one = {
        "cert_id": {"hash_algorithm": {"algorithm": "sha1"}, "issuer_name_hash": bytes(20),
                    "issuer_key_hash": bytes(20), "serial_number": serial},
        "cert_status": ocsp.CertStatus({"revoked": {"revocation_time": moment}}), "this_update": moment,
    }  # fmt: skip
    told = {
        "responder_id": ocsp.ResponderId({"by_name": above.subject}),
        "produced_at": moment,
        "responses": [one] * said,
    }
    basic = ocsp.BasicOCSPResponse(
        {"tbs_response_data": told, "signature_algorithm": {"algorithm": "sha256_ecdsa"},
         "signature": key(0).sign(b"", ec.ECDSA(hashes.SHA256())),
         "certs": [certificate("R", issuer.subject, 0, 0)] * signers}
    )  # fmt: skip
    held = {"response_type": "basic_ocsp_response", "response": basic}
    return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": held}).dump())
