"""How a certificate's file is called in a bundle: the number and the name, fit for every system that unpacks it."""

from __future__ import annotations

from unicodedata import category, normalize

LONGEST = 120
"""Bytes of the name: systems take 255 for all of it, and the number and a folder need room as well."""
_RESERVED = frozenset('<>:"/\\|?*')


def file_name(serial: str, holder: str) -> str:
    """`SERIAL-NAME.pdf`; the number makes it the only one, so that the name may lose what no file system takes."""
    kept = "".join(_fit(one) for one in normalize("NFC", holder)).strip(" .")
    while len(kept.encode()) > LONGEST:
        kept = kept[:-1].rstrip(" .")
    return f"{serial}-{kept}.pdf" if kept else f"{serial}.pdf"


def _fit(character: str) -> str:
    if character in _RESERVED or character.isspace():
        return " " if character.isspace() else "_"
    return "" if category(character)[0] == "C" else character
