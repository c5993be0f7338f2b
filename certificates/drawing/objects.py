"""A PDF file written object by object, as PDF/A wants it: a binary mark, an identifier, a plain table of places."""

from __future__ import annotations

import zlib
from hashlib import sha256

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class File:
    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def promise(self) -> int:
        """A number for an object that is written later."""
        self._objects.append(b"")
        return len(self._objects)

    def add(self, content: str) -> int:
        self._objects.append(content.encode("ascii"))
        return len(self._objects)

    def put(self, number: int, content: str) -> None:
        self._objects[number - 1] = content.encode("ascii")

    def stream(self, content: bytes, entries: str = "", *, packed: bool = False, filtered: bool = True) -> int:
        """`packed`: compressed already; not `filtered`: to be read by programs that know nothing of PDF."""
        if filtered:
            content = content if packed else zlib.compress(content, 6)
            entries = f"/Filter /FlateDecode {entries}"
        head = f"<< /Length {len(content)} {entries}".rstrip() + " >>"
        self._objects.append(b"%s\nstream\n%s\nendstream" % (head.encode("ascii"), content))
        return len(self._objects)

    def jpeg(self, content: bytes, entries: str) -> int:
        head = f"<< {entries} /Filter /DCTDecode /Length {len(content)} >>"
        self._objects.append(b"%s\nstream\n%s\nendstream" % (head.encode("ascii"), content))
        return len(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def written(self, root: int, info: int) -> bytes:
        parts, places, at = [HEADER], [], len(HEADER)
        for number, content in enumerate(self._objects, 1):
            part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
            places.append(at)
            parts.append(part)
            at += len(part)
        count = len(places) + 1
        name = sha256(b"".join(parts)).hexdigest()[:32].upper()
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        parts.append(
            f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root {root} 0 R /Info {info} 0 R "
            f"/ID [<{name}> <{name}>] >>\nstartxref\n{at}\n%%EOF\n".encode("ascii")
        )
        return b"".join(parts)
