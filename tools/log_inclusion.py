"""Proves that a certificate stands in the public log of the register. Needs Python 3.9+ and `cryptography` alone.

    python log_inclusion.py CERTIFICATE.pdf NUMBER https://exam.example.org --key KEY [--save proof.json]
    python log_inclusion.py CERTIFICATE.pdf NUMBER proof.json --key KEY

NUMBER is the one that stands on the certificate. KEY is the log's public key in hexadecimal, or the file in which
log_monitor.py keeps it; do not take it from the log itself. Ends with 0 if the entry is proved, with 1 if it is not,
with 2 if nothing could be judged, with 3 if it is proved of the beginning of the file alone: then have the register
look at the file. What is written here is documented in docs/register-log.md of the project.
"""

# ruff: noqa: E401, I001
import argparse, base64, hashlib, json, sys, urllib.error, urllib.parse, urllib.request
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROMISED = "an entry appears within a minute of the decision"


class Doubt(Exception):
    """What was claimed does not hold."""


class Unreachable(Exception):
    """Nothing could be judged."""


def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


def root_from(leaf, index, size, path):
    """The root that a path of RFC 9162 leads to; None if it has the wrong length for this place."""
    number, last, current = index, size - 1, leaf
    if not 0 <= index < size:
        return None
    for one in path:
        if last == 0:
            return None
        if number & 1 or number == last:
            current = hashlib.sha256(b"\x01" + one + current).digest()
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            current = hashlib.sha256(b"\x01" + current + one).digest()
        number, last = number >> 1, last >> 1
    return current if last == 0 else None


def signed_text(head):
    root = base64.b64encode(bytes.fromhex(head["root"])).decode()
    return f"{head['origin']}\n{head['size']}\n{root}\nat {head['at']}\n".encode()


def check_head(head, keys):
    if head["public_key"] not in keys:
        raise Doubt(f"the head is signed by the key {head['public_key']}, which is not the one you gave")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
        key.verify(bytes.fromhex(head["signature"]), signed_text(head))
    except InvalidSignature:
        raise Doubt("the signature of the head does not hold") from None


def documents(pdf):
    """(length, hash) of the file and, since later stamps are only added at the end, of every earlier state in it."""
    ends, at = [len(pdf)], pdf.find(b"%%EOF")
    while at >= 0:
        ends += [at + 5 + len(tail) for tail in (b"\r\n", b"\n", b"\r", b"") if pdf.startswith(tail, at + 5)]
        at = pdf.find(b"%%EOF", at + 5)
    return [(end, hashlib.sha256(pdf[:end]).hexdigest()) for end in dict.fromkeys(ends)]


def commitment(number, document):
    return hashlib.sha256(f"register-log certificate 1\n{number}\n{document}\n".encode()).hexdigest()


def fetched(address, certificate):
    url = f"{address.rstrip('/')}/register/log/proof?{urllib.parse.urlencode({'certificate': certificate})}"
    try:
        request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise Unreachable(f"{url} answers {error.code}") from error
    except (OSError, ValueError) as error:
        raise Unreachable(f"{url}: {error}") from error


def proof_for(pdf, number, source, fetch):
    """(what stands for the certificate, its proof, how much of the file that is): from a file, or from the log for the
    first state it knows."""
    known = {commitment(number, document): end for end, document in documents(pdf)}
    if not source.startswith(("http://", "https://")):
        proof = json.loads(Path(source).read_text())
        said = {json.loads(one["leaf"])["certificate"] for one in proof["entries"]}
        found = next((one for one in known if {one} == said), None)
        return found, proof, known.get(found)
    for one, end in known.items():
        if proof := fetch(source, one):
            return one, proof, end
    return None, None, None


def judge(certificate, proof, keys):
    """The events, oldest first; raises Doubt where anything does not hold."""
    if certificate is None:
        raise Doubt(f"the log has no entry of this file with this number ({PROMISED})")
    head, events = proof["head"], []
    check_head(head, keys)
    for one in proof["entries"]:
        path = [bytes.fromhex(step) for step in one["path"]]
        if root_from(leaf_hash(one["leaf"].encode()), one["index"], head["size"], path) != bytes.fromhex(head["root"]):
            raise Doubt(f"entry {one['index'] + 1} does not lead to the root of the signed head")
        said = json.loads(one["leaf"])
        if said["certificate"] != certificate:
            raise Doubt(f"entry {one['index'] + 1} is of another certificate")
        events.append((one["index"], said["event"], said["at"]))
    if not events or [index for index, *_ in events] != sorted(index for index, *_ in events):
        raise Doubt("the proof holds no entries, or not in their order")
    return events


def keys_of(given):
    """A key in hexadecimal, or those that the monitor keeps."""
    if Path(given).is_file():
        return set(json.loads(Path(given).read_text())["keys"])
    return {given.lower()}


def main(arguments, fetch=fetched):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdf", type=Path)
    parser.add_argument("number")
    parser.add_argument("source", help="address of the register, or a file with the proof")
    parser.add_argument("--key", required=True, help="public key in hexadecimal, or the file of log_monitor.py")
    parser.add_argument("--save", type=Path, help="keep the proof in this file, to check it without a network")
    given = parser.parse_args(arguments)
    try:
        pdf, keys = given.pdf.read_bytes(), keys_of(given.key)
        certificate, proof, length = proof_for(pdf, given.number.strip().upper(), given.source, fetch)
        events = judge(certificate, proof, keys)
    except Doubt as doubt:
        print(f"NOT PROVED: {doubt}")
        return 1
    except (Unreachable, OSError, KeyError, TypeError, ValueError) as problem:
        print(f"NOT JUDGED: {problem!r}" if isinstance(problem, (KeyError, TypeError)) else f"NOT JUDGED: {problem}")
        return 2
    if given.save:
        given.save.write_text(json.dumps(proof, indent=1))
    for index, event, at in events:
        print(f"entry {index + 1}: {event} {at}")
    whole = length == len(pdf)
    part = "" if whole else f" for the first {length} of its {len(pdf)} bytes alone"
    print(f"PROVED{part}, against the head of {proof['head']['at']} ({proof['head']['size']} entries).")
    if not whole:
        print("What follows may be a later time stamp of the issuing body, or something that changes what is shown:")
        print("have the register look at the file before you believe it.")
    print("Later entries that were kept from you would not show here; log_monitor.py, which reads all, finds those.")
    return 0 if whole else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
