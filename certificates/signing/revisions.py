"""Adds revisions to a PDF: what stands in it stays, byte for byte, and each revision is put behind.

pyHanko can do this too, by parsing the whole file anew for each revision, which costs several times the signature.
Here a file of ours is opened once (by qpdf, which reads whatever shape it has), and the few objects that signing
changes are written again: the catalogue, the first page's list of annotations, and what is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO

import pikepdf

from certificates.signing.holes import Hole, entries_with_room
from certificates.signing.object_tables import in_lines, in_stream

END = re.compile(rb"startxref\s{1,4}(\d{1,10})\s{1,4}%%EOF\s{0,4}\Z")
ESIC = b"<< /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >>"
"""Says that the file uses what PAdES added to PDF 1.7. A catalogue that says more keeps what it says."""
OWN = ("/AcroForm", "/Perms", "/DSS", "/Extensions")


class UnfitForSigning(ValueError):
    """The file has not the plain shape of the files drawn here."""


class Growing:
    """A PDF file and the revisions put behind it; `added` is what to append to the file as it was given."""

    def __init__(self, pdf: bytes) -> None:
        end = END.search(pdf, max(0, len(pdf) - 1024))
        if end is None:
            raise UnfitForSigning("no end of file")
        self._size, self._parts, self._hash = len(pdf), [b"" if pdf.endswith(b"\n") else b"\n"], sha256(pdf)
        self._previous = int(end[1])
        self._in_streams = pdf[self._previous : self._previous + 4] != b"xref"
        with pikepdf.open(BytesIO(pdf)) as document:
            self._read(document)
        self._hash.update(self._parts[0])
        self._waiting: dict[int, bytes] = {}

    def _read(self, document: pikepdf.Pdf) -> None:
        root, page, trailer = document.Root, document.pages[0].obj, document.trailer
        if document.is_encrypted or root.objgen[1] or page.objgen[1]:
            raise UnfitForSigning("encrypted, or of an unusual shape")
        self._root_number, self._page_number = root.objgen[0], page.objgen[0]
        self._next = int(trailer.Size)
        first_id = trailer.ID[0].unparse() if "/ID" in trailer else b"<%s>" % sha256(b"").hexdigest()[:32].encode()
        self._trailer = b"/Root %d 0 R" % self._root_number
        if "/Info" in trailer:
            self._trailer += b" /Info " + trailer.Info.unparse()
        self._first_id = first_id
        form, store = root.get("/AcroForm"), root.get("/DSS")
        self._fields = _refs(form.get("/Fields")) if form is not None else []
        self._annotations = _refs(page.get("/Annots"))
        self._kept = {key: root[key].unparse() for key in ("/Perms", "/Extensions") if key in root}
        self._stored: dict[str, dict[bytes, bytes]] = {"/Certs": {}, "/CRLs": {}, "/OCSPs": {}}
        if store is not None:
            for kind, held in self._stored.items():
                held.update((one.read_bytes(), one.unparse()) for one in store.get(kind, ()))
        if store is not None and "/VRI" in store:
            self._kept["/VRI"] = store.VRI.unparse()
        self._store: bytes | None = store.unparse() if store is not None else None
        for key in OWN:
            if key in root:
                del root[key]
        if "/Annots" in page:
            del page["/Annots"]
        self._root, self._page = root.unparse(resolved=True)[:-2], page.unparse(resolved=True)[:-2]

    @property
    def added(self) -> bytes:
        return b"".join(self._parts)

    @property
    def signatures(self) -> int:
        return len(self._fields)

    @property
    def stored_certificates(self) -> list[bytes]:
        """Those in the document's store of proof, in DER."""
        return list(self._stored["/Certs"])

    def sign(self, name: str, entries: bytes, room: int, *, said: str, certifies: bool = False) -> Hole:
        """A revision with a signature field of that name, its signature of so many bytes still a hole.

        `said`, in ASCII, is for who hears the page. The field takes no place on it, and so none in the tree of tags.
        """
        value, field = self._take(), self._take()
        objects = self._with_store() | {
            value: b"<< %s %s >>" % (entries, entries_with_room(room)),
            field: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /TU (%s) /V %d 0 R /F 132 /Rect [0 0 0 0] "
            b"/P %d 0 R >>" % (name.encode(), said.encode(), value, self._page_number),
        }
        self._fields.append(b"%d 0 R" % field)
        self._annotations.append(b"%d 0 R" % field)
        if certifies:
            self._kept["/Perms"] = b"<< /DocMDP %d 0 R >>" % value
        objects[self._page_number] = self._page + b" /Annots [%s] >>" % b" ".join(self._annotations)
        return Hole(self._revision(objects), self._offset, self._hash)

    def store(self, certificates: Iterable[bytes], crls: Iterable[bytes], ocsps: Iterable[bytes]) -> None:
        """Takes them into the document's store of proof; written with the next revision."""
        new: dict[int, bytes] = {}
        for kind, given in (("/Certs", certificates), ("/CRLs", crls), ("/OCSPs", ocsps)):
            for one in given:
                if one not in self._stored[kind]:
                    number = self._take()
                    new[number] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(one), one)
                    self._stored[kind][one] = b"%d 0 R" % number
        number = self._take()
        held = b" ".join(b"%s [%s]" % (k.encode(), b" ".join(v.values())) for k, v in self._stored.items() if v)
        vri = b" /VRI " + self._kept["/VRI"] if "/VRI" in self._kept else b""
        new[number] = b"<< /Type /DSS %s%s >>" % (held, vri)
        self._store, self._waiting = b"%d 0 R" % number, new

    def close(self) -> None:
        """Writes what was stored as a revision of its own."""
        self.append(self._revision(self._with_store()))

    def append(self, revision: bytes) -> None:
        self._parts.append(revision)
        self._hash.update(revision)

    def _with_store(self) -> dict[int, bytes]:
        waiting, self._waiting = self._waiting, {}
        return waiting

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    @property
    def _offset(self) -> int:
        return self._size + sum(map(len, self._parts))

    def _catalogue(self) -> bytes:
        fields = b" /AcroForm << /Fields [%s] /SigFlags 3 >>" % b" ".join(self._fields) if self._fields else b""
        store = b" /DSS " + self._store if self._store else b""
        perms = b" /Perms " + self._kept["/Perms"] if "/Perms" in self._kept else b""
        return b"%s /Extensions %s%s%s%s >>" % (self._root, self._kept.get("/Extensions", ESIC), fields, perms, store)

    def _revision(self, objects: dict[int, bytes]) -> bytes:
        objects = objects | {self._root_number: self._catalogue()}
        if self._in_streams:
            table = self._take()
        written, offsets, place = [], {}, self._offset
        for number, body in sorted(objects.items()):
            text = b"%d 0 obj\n%s\nendobj\n" % (number, body)
            written.append(text)
            offsets[number] = place
            place += len(text)
        identity = b"/ID [%s <%s>]" % (self._first_id, self._hash.hexdigest()[:32].encode())
        trailer = b"/Size %d %s %s /Prev %d" % (self._next, self._trailer, identity, self._previous)
        self._previous = place
        if self._in_streams:
            offsets[table] = place
            written.append(in_stream(table, offsets, trailer))
        else:
            written.append(in_lines(offsets, trailer))
        return b"".join(written) + b"startxref\n%d\n%%%%EOF\n" % place


def _refs(array: object) -> list[bytes]:
    return [] if array is None else [one.unparse() for one in array]  # type: ignore[attr-defined]
