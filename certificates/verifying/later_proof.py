"""Whether what stands behind a signature only proves its age: revocation data, time stamps, and nothing that shows.

qpdf opens the file as it was signed and as it is now, and the objects of both are held against each other. Nothing in
it is unpacked, so that a stranger's file costs no more than its size.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pikepdf

from certificates.verifying.reading import MOST_ESCAPES, written_out

MOST_ADDED = 1024 * 1024
NEVER_ADDED = (b"%PDF-", b"ObjStm", b"XRef")
"""Another file, and objects or tables in packed streams: a file of ours has its objects and tables in the open."""
STORE = ("/DSS", "/Extensions", "/AcroForm")
FORM = ("/Fields", "/SigFlags")
NOTES = ("/Annots",)
FIELD = {"/Type", "/Subtype", "/FT", "/T", "/TU", "/V", "/F", "/Ff", "/Rect", "/P"}
DATES = ("/ModDate", "/Producer")
"""Programs that add a time stamp note themselves and the hour, here and in the metadata, which no page shows."""


def only_prove_age(data: bytes, end: int) -> bool:
    """`end`: of what is signed. Strict: what is not known to be harmless is not."""
    rest = data[end:]
    if len(rest) > MOST_ADDED or rest.count(b"#") > MOST_ESCAPES or not rest.rstrip(b"\r\n").endswith(b"%%EOF"):
        return False
    if any(word in text for text in (rest, written_out(rest)) for word in NEVER_ADDED):
        return False
    try:
        with _opened(data[:end]) as before, _opened(data) as after:
            return _same_but_for_proof(before, after)
    except Exception:  # a reader of a stranger's file may raise anything
        return False


def _opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True)


def _same_but_for_proof(before: pikepdf.Pdf, after: pikepdf.Pdf) -> bool:
    """Every object is as it was, but for those that grow with a time stamp; and of these all but the stamps."""
    old, new = before.Root, after.Root
    page, shown = before.pages[0].obj, after.pages[0].obj
    form, fields = old.AcroForm, new.AcroForm
    noted = (before.docinfo, old.get("/Metadata"), old.get("/DSS"))
    grown = (old, page, form, form.Fields, page.Annots, *noted)
    apart = {one.objgen for one in grown if one is not None and one.is_indirect}
    same = (
        old.objgen == new.objgen
        and page.objgen == shown.objgen
        and _rest(before.docinfo, DATES) == _rest(after.docinfo, DATES)
        and _rest(old, STORE) == _rest(new, STORE)
        and _rest(form, FORM) == _rest(fields, FORM)
        and _rest(page, NOTES) == _rest(shown, NOTES)
        and all(
            _whole(one) == _whole(after.get_object(one.objgen)) for one in before.objects if one.objgen not in apart
        )
    )
    return same and _only_stamps(_added(form.Fields, fields.Fields), _added(page.Annots, shown.Annots))


def _only_stamps(fields: list[pikepdf.Object] | None, notes: list[pikepdf.Object] | None) -> bool:
    if fields is None or notes is None:
        return False
    return {one.objgen for one in notes} <= {one.objgen for one in fields} and all(map(_bare_stamp, fields))


def _whole(one: pikepdf.Object) -> tuple[bytes, bytes]:
    """What is written of an object, as it is written; of a stream its dictionary and its bytes, not unpacked."""
    if isinstance(one, pikepdf.Stream):
        return one.stream_dict.unparse(resolved=True), one.read_raw_bytes()
    return one.unparse(resolved=True), b""


def _rest(one: pikepdf.Object, without: Iterable[str]) -> dict[str, object]:
    return {key: _plainly(one.get(key)) for key in one.keys() if key not in without}  # noqa: SIM118 - cannot be iterated


def _plainly(value: object) -> object:
    """A string by its letters: programs write the same one in different ways."""
    if isinstance(value, pikepdf.String):
        return str(value)
    return value.unparse() if isinstance(value, pikepdf.Object) else value


def _added(before: pikepdf.Object, after: pikepdf.Object) -> list[pikepdf.Object] | None:
    """What a list has gained at its end; nothing where anything else became of it."""
    old, new = list(before), list(after)
    begins = [one.objgen for one in new[: len(old)]] == [one.objgen for one in old]
    return new[len(old) :] if begins and all(one.is_indirect for one in new) else None


def _bare_stamp(field: pikepdf.Object) -> bool:
    """A field that shows nothing, does nothing and holds a time stamp."""
    if not set(field.keys()) <= FIELD or field.get("/FT") != "/Sig" or field.V.get("/Type") != "/DocTimeStamp":
        return False
    return all(number == 0 for number in field.get("/Rect", ()))
