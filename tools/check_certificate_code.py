#!/usr/bin/env python3
"""Checks the code printed on a certificate without asking anybody: what it says, and whether the issuing body said it.

    check_certificate_code.py --keys keys.json 'https://…/verify/301011-2026-…#c1.…'
    scan-a-code | check_certificate_code.py --keys keys.json -
    check_certificate_code.py --fetch https://exam.example.org --keys keys.json     # once, with a network

Give the text of the QR code as a reader shows it. keys.json is the register's list of public keys, which stands at
/register/keys.json: fetch it once from an address that you know, not from the one in the code, and keep it.

What holds here was signed by the issuing body when the certificate was made. Whether it was suspended or withdrawn
since, only the register knows: look the number up when you have a network.

Needs Python 3.11 and `cryptography`. Exit: 0 holds, 1 does not hold, 2 cannot be judged, 3 holds but proves nothing
(a demonstration, or past its last day).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import sys
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION, LABEL = "c1", "certificate-code 1"
HOLDS, BROKEN, NOT_JUDGED, WORTHLESS = 0, 1, 2, 3
LONGEST = 8192
NAMES = ("issued on", "valid until", "assessment", "level", "kind", "holder")


class Doubt(Exception):
    """The code does not hold."""


class NotJudged(Exception):
    """Nothing can be said: no code of this kind, or no keys to judge it by."""


def read(content):
    """(address, start of the key's name, facts as signed, signature) of the text of a code."""
    content = content.strip()
    if len(content) > LONGEST:
        raise NotJudged("the text is far too long for a code")
    address, mark, rest = content.partition("#")
    if not mark:
        raise NotJudged("the code holds an address alone, without a signed statement: look the number up there")
    parts = rest.split(".")
    if len(parts) != 4 or parts[0] != VERSION:
        raise NotJudged("what follows # is no statement that this program knows")
    try:
        return address, parts[1], decoded(parts[2]).decode("utf-8"), decoded(parts[3])
    except (ValueError, binascii.Error):
        raise Doubt("the statement is damaged") from None


def decoded(text):
    """Base64url in its one written form."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise ValueError("not in its one form")
    return raw


def signer_of(start, keys):
    """The key of codes whose name begins so. A short beginning fits several; none is taken on trust alone."""
    found = [one for one in keys if one.get("purpose") == "code" and start and one["kid"].startswith(start)]
    if len(start) < 8 or not found:
        raise Doubt("it was signed with a key that is not among the keys you keep (or the list is too old)")
    return found


def check(content, keys):
    """The facts and the key that signed them; raises Doubt where the statement does not hold."""
    address, start, facts, signature = read(content)
    signed = f"{LABEL}\n{address}\n{facts}".encode()
    for key in signer_of(start, keys):
        try:
            Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(signature, signed)
        except InvalidSignature:
            continue
        told = facts_of(address, facts)
        check_key(key, told)
        return told, key
    raise Doubt("the signature does not hold: the code was changed, or made by somebody else")


def facts_of(address, facts):
    lines = facts.split("\n")
    if len(lines) != len(NAMES):
        raise Doubt("the statement has another number of lines than it should")
    told = dict(zip(NAMES, lines, strict=True))
    return {"number": address.rpartition("/")[2], "address": address, **told}


def check_key(key, told):
    """A key that was given up proves nothing by itself; one that was followed by another, only for its own time."""
    if "withdrawn_at" in key:
        raise Doubt(f"its key was given up on {key['withdrawn_at'][:10]} ({key.get('withdrawn_for', '')}): look it up")
    if key.get("valid_until") and told["issued on"] > _day_after(key["valid_until"]):
        raise Doubt(f"it bears a date after its key went out of use ({key['valid_until'][:10]})")
    if bool(key.get("demonstration")) != (told["kind"] == "demonstration"):
        raise Doubt("a demonstration's key and a real certificate do not go together")


def _day_after(moment):
    """Dates of issue are those of the issuing body's place, which may be a day ahead."""
    return (date.fromisoformat(moment[:10]) + timedelta(days=1)).isoformat()


def keys_in(path):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))["keys"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise NotJudged(f"the keys in {path} cannot be read: {problem}") from None


def fetch(address, path):
    url = f"{address.rstrip('/')}/register/keys.json"
    if not url.startswith(("https://", "http://")):
        raise NotJudged("give the register's address with https://")
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  # checked above
            said = answer.read(1 << 20)
        count = len(json.loads(said)["keys"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise NotJudged(f"{url}: {problem}") from None
    Path(path).write_bytes(said)
    print(f"{count} keys kept in {path}.")


def judged(told, key, today):
    for name in ("holder", "assessment", "level", "number", "issued on", "valid until"):
        if told[name]:
            print(f"{name}: {told[name]}")
    print(f"key: {key['kid']}")
    if told["kind"] == "demonstration":
        print("DEMONSTRATION: the code holds, but it certifies nothing.")
        return WORTHLESS
    if told["valid until"] and told["valid until"] < today.isoformat():
        print(f"PAST ITS LAST DAY: the code holds, but the certificate was valid until {told['valid until']}.")
        return WORTHLESS
    print("HOLDS: signed by the issuing body. Compare name and number with the document and the person.")
    print(f"Suspended or withdrawn since? Only the register knows: {told['address']}")
    return HOLDS


def main(arguments, today=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code", nargs="?", help="text of the QR code, or - to read it from standard input")
    parser.add_argument("--keys", required=True, help="file with the register's public keys")
    parser.add_argument("--fetch", metavar="ADDRESS", help="fetch the keys from this register and keep them")
    given = parser.parse_args(arguments)
    try:
        if given.fetch:
            fetch(given.fetch, given.keys)
        if given.code is None:
            return HOLDS if given.fetch else parser.error("give the text of a code")
        content = sys.stdin.read(LONGEST + 1) if given.code == "-" else given.code
        return judged(*check(content, keys_in(given.keys)), today or datetime.now(UTC).date())
    except Doubt as doubt:
        print(f"DOES NOT HOLD: {doubt}")
        return BROKEN
    except (NotJudged, AttributeError, KeyError, TypeError, ValueError) as problem:
        print(f"NOT JUDGED: {problem if isinstance(problem, NotJudged) else repr(problem)}")
        return NOT_JUDGED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
