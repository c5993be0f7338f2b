"""Watches the public log of the register. Needs Python 3.9+ and `cryptography`, nothing else of the project.

    python log_monitor.py https://exam.example.org kept.json

Run it daily, from another house. The first run keeps the log's key and reads every entry; each later run proves that
the log it finds begins with the log it kept, reads what is new, and computes the root itself. Ends with 0 if all is
well; with 1 if the log misbehaves: then kept.json stays as it is, and the signed heads that show it are in
kept.json.evidence; with 2 if nothing could be judged. See docs/register-log.md of the project.
"""

# ruff: noqa: E401, I001
import argparse, base64, hashlib, json, re, sys, urllib.error, urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAGE = 1000
SIGNED = ("size", "root", "at", "origin")
LEAF = re.compile(
    rb'\{"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)","certificate":"([0-9a-f]{64})","event":"([a-z_]{1,40})",'
    rb'"version":1\}'
)


class Alarm(Exception):
    """The log does what a log must never do; `heads` shows it to others."""

    def __init__(self, words, *heads):
        super().__init__(words)
        self.heads = heads


class Unreachable(Exception):
    """Nothing could be judged."""


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(edge, size, leaf):
    """Adds a leaf's hash at the right edge of a tree of RFC 9162; the new size."""
    number = size
    while number & 1:
        leaf, number = node_hash(edge.pop(), leaf), number >> 1
    edge.append(leaf)
    return size + 1


def root_of(edge):
    if not edge:
        return hashlib.sha256(b"").digest()
    root = edge[-1]
    for one in reversed(edge[:-1]):
        root = node_hash(one, root)
    return root


def consistent(first, first_root, second, second_root, path):
    """RFC 9162, 2.1.4.2."""
    if first in (0, second):
        return not path and (first == 0 or first_root == second_root)
    if not 0 < first < second or not path:
        return False
    path = [first_root, *path] if first & (first - 1) == 0 else path
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, one)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def time_of(written):
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)  # noqa: UP017


def fetched(url):
    try:
        request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = error.read(1000).decode(errors="replace")
        if '"log_broken"' in said:
            raise Alarm(f"the log itself refuses to go on: {said}") from error
        raise Unreachable(f"{url} answers {error.code}: {said}") from error
    except (OSError, ValueError) as error:
        raise Unreachable(f"{url}: {error}") from error


class Monitor:
    """What was kept, and the log as it answers now."""

    def __init__(self, address, kept, fetch, stale=timedelta(days=1), again=False):
        self.address, self.fetch, self.back, self.stale = address.rstrip("/"), fetch, timedelta(hours=1), stale
        self.keys, self.head, self.again = list(kept.get("keys", [])), kept.get("head"), again
        self.size = self.head["size"] if self.head and not again else 0
        self.edge = [bytes.fromhex(one) for one in kept.get("edge", [])] if self.size else []
        self.events = {}

    def ask(self, what):
        return self.fetch(f"{self.address}/register/log/{what}")

    def run(self, now):
        if not self.keys:
            self.keys = [self.ask("key")["public_key"]]
        newest, kept = self.ask("head"), self.head
        self.check_signature(newest)
        if kept:
            self.check_against(kept, newest)
        heads = self.new_heads(newest)
        if now - time_of(newest["at"]) > self.stale:
            raise Alarm(f"the log stands still: its newest head is of {newest['at']}", newest)
        if time_of(newest["at"]) - now > self.back:
            raise Alarm(f"the newest head is dated ahead: {newest['at']} (or the clock here is wrong)", newest)
        before = None if self.again else kept
        for head in heads:
            self.read_up_to(head, before)
            before = head
        self.head = newest

    def check_signature(self, head):
        if head["public_key"] not in self.keys:
            words = f"head {head['number']} is signed by another key, {head['public_key']}. If the issuing body"
            raise Alarm(f"{words} announced a new key, compare it and run once with --new-key", head)
        root = base64.b64encode(bytes.fromhex(head["root"])).decode()
        text = f"{head['origin']}\n{head['size']}\n{root}\nat {head['at']}\n".encode()
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
            key.verify(bytes.fromhex(head["signature"]), text)
        except InvalidSignature:
            raise Alarm(f"the signature of head {head['number']} does not hold", head) from None

    def check_against(self, kept, newest):
        if newest["origin"] != kept["origin"]:
            raise Alarm(f"this is another log: {newest['origin']} instead of {kept['origin']}", kept, newest)
        if newest["size"] < kept["size"] or newest["number"] < kept["number"] or newest["at"] < kept["at"]:
            words = f"the log was rolled back: {newest['size']} entries at {newest['at']}"
            raise Alarm(f"{words}, and {kept['size']} at {kept['at']} before", kept, newest)
        path = []
        if kept["size"]:
            path = self.ask(f"consistency?first={kept['size']}&second={newest['size']}")["path"]
        roots = [bytes.fromhex(head["root"]) for head in (kept, newest)]
        if not consistent(kept["size"], roots[0], newest["size"], roots[1], [bytes.fromhex(one) for one in path]):
            words = "the past was changed: the log of today does not begin with the one kept"
            raise Alarm(f"{words} ({kept['size']} entries, {kept['at']})", kept, newest)

    def new_heads(self, newest):
        """Every head since the kept one, which must still be where it was; the kept one alone where none is newer."""
        after, heads = (self.head["number"] - 1 if self.head and not self.again else 0), []
        while True:
            page = self.ask(f"heads?after={after}")
            heads += page["heads"]
            if not page["more"] or not page["heads"] or heads[-1]["number"] >= newest["number"]:
                break
            after = heads[-1]["number"]
        heads = [head for head in heads if head["number"] <= newest["number"]]
        if self.head:
            there = [head for head in heads if head["number"] == self.head["number"]]
            if len(there) != 1 or any(there[0][name] != self.head[name] for name in SIGNED):
                raise Alarm(f"head {self.head['number']} is no longer the one kept", self.head, *there)
            heads = heads if self.again else [head for head in heads if head["number"] > self.head["number"]] or there
        if not heads or heads[-1]["root"] != newest["root"] or heads[-1]["size"] != newest["size"]:
            raise Alarm("the list of heads does not end with the newest head", newest, *heads[-1:])
        return heads

    def read_up_to(self, head, before):
        """The entries that this head adds, and whether they lead to its root."""
        self.check_signature(head)
        if before and head["number"] != before["number"]:
            follows = head["number"] == before["number"] + 1
            if not follows or head["size"] < before["size"] or head["at"] < before["at"]:
                raise Alarm(f"head {head['number']} does not follow from head {before['number']}", before, head)
        while self.size < head["size"]:
            end = min(self.size + PAGE, head["size"])
            leaves = self.ask(f"entries?start={self.size}&end={end}")["entries"]
            if not leaves:
                raise Alarm(f"entry {self.size + 1} is hidden: the log does not hand it out", head)
            for leaf in leaves[: end - self.size]:
                self.check_entry(leaf.encode(), head, before)
                self.size = append(self.edge, self.size, hashlib.sha256(b"\x00" + leaf.encode()).digest())
        if root_of(self.edge).hex() != head["root"]:
            words = f"the entries handed out do not lead to the root of head {head['number']}"
            raise Alarm(f"{words}: one of them was altered, exchanged or left out", *filter(None, (before, head)))

    def check_entry(self, leaf, head, before):
        if not (said := LEAF.fullmatch(leaf)):
            raise Alarm(f"entry {self.size + 1} has not the form of one: {leaf[:200]!r}", head)
        at, event = time_of(said[1].decode()), said[3].decode()
        self.events[event] = self.events.get(event, 0) + 1
        if before and at < time_of(before["at"]) - self.back:
            words = f"entry {self.size + 1} is dated back: {event} {said[1].decode()}"
            raise Alarm(f"{words}, but the head of {before['at']} does not have it", before, head)
        if at > time_of(head["at"]) + self.back:
            raise Alarm(f"entry {self.size + 1} is dated ahead: {said[1].decode()}, under a head of {head['at']}", head)

    def kept(self):
        return {"keys": self.keys, "head": self.head, "edge": [one.hex() for one in self.edge]}


def compare(monitor, other):
    """Two who watch the same log show each other what they kept: a log with two faces is found out."""
    theirs = json.loads(other.read_text())["head"]
    monitor.check_signature(theirs)
    first, second = sorted((theirs, monitor.head), key=lambda head: head["size"])
    monitor.check_against({**first, "number": 0, "at": ""}, second)


def main(arguments, fetch=fetched, now=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the register, such as https://exam.example.org")
    parser.add_argument("kept", type=Path, help="the file in which this script keeps the head and the key")
    parser.add_argument("--key", help="the public key to expect on the first run, in hexadecimal")
    parser.add_argument("--new-key", help="one more key to trust from now on, as the issuing body announced it")
    parser.add_argument("--again", action="store_true", help="read every entry from the first, not only the new ones")
    parser.add_argument("--compare", type=Path, help="the file that somebody else kept of the same log")
    parser.add_argument("--stale-hours", type=float, default=24, help="how old the newest head may be (24)")
    given = parser.parse_args(arguments)
    try:
        kept = json.loads(given.kept.read_text()) if given.kept.exists() else {"keys": [given.key] if given.key else []}
        first = not kept["keys"]
        kept["keys"] += [given.new_key] if given.new_key else []
        monitor = Monitor(given.address, kept, fetch, timedelta(hours=given.stale_hours), given.again)
        monitor.run(now or datetime.now(timezone.utc))  # noqa: UP017
        if given.compare:
            compare(monitor, given.compare)
    except Alarm as alarm:
        evidence = given.kept.with_name(given.kept.name + ".evidence")
        evidence.write_text(json.dumps({"alarm": str(alarm), "heads": alarm.heads}, indent=1))
        print(f"ALARM: {alarm}.\nThe signed heads that show it are in {evidence}; keep them.")
        return 1
    except (Unreachable, OSError, KeyError, TypeError, ValueError) as problem:
        print(f"NOT JUDGED: {problem if isinstance(problem, (Unreachable, OSError)) else repr(problem)}")
        return 2
    fresh = given.kept.with_name(given.kept.name + ".new")
    fresh.write_text(json.dumps(monitor.kept(), indent=1))
    fresh.replace(given.kept)
    if first:
        print(f"kept the key {monitor.keys[0]}: compare it with the one that the issuing body has in print")
    new = ", ".join(f"{count} {event}" for event, count in sorted(monitor.events.items())) or "no new entry"
    print(f"ok: {monitor.size} entries, head {monitor.head['number']} of {monitor.head['at']}; {new}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
