"""XML from anyone: no document type, no entities but the five, no nets, bounded depth."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

from app.core.errors import N_
from question_bank.formats.texts import decoded_xml
from question_bank.formats.values import Unreadable

Element = Any
"""An lxml element; the library carries no types."""
_NAMED = re.compile(r"&([A-Za-z]{2,31}[0-9]{0,2});")
_FIVE = frozenset({"amp", "lt", "gt", "quot", "apos"})
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def parse(content: bytes) -> Element:
    """The root element, or one sentence on why there is none."""
    text = _NAMED.sub(_sign, decoded_xml(content))
    refuse_doctype(text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(_NOT_XML, error.lineno or 1, reason=str(error.msg)[:200]) from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable(_DOCTYPE)
    return root


_NOT_XML = N_("The file does not parse as XML (%(reason)s).")
_DOCTYPE = N_("The file brings its own document type or entities, which are not taken from anyone; remove the DOCTYPE.")


def _sign(match: re.Match[str]) -> str:
    """Entities of HTML, which some tools write without declaring them, as the characters they stand for."""
    return match[0] if match[1] in _FIVE else html5.get(f"{match[1]};", match[0])


def refuse_doctype(text: str) -> None:
    """A document type stands before the first element or nowhere."""
    place = 0
    while (place := text.find("<", place)) >= 0:
        if text.startswith("<!--", place):
            end = text.find("-->", place)
        elif text.startswith("<?", place):
            end = text.find("?>", place)
        elif text.startswith("<!", place):
            raise Unreadable(_DOCTYPE, text.count("\n", 0, place) + 1)
        else:
            return
        if end < 0:
            return
        place = end


def local(element: Element) -> str:
    """The name without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def plain(element: Element | None) -> str:
    """All text inside, as it stands."""
    return "" if element is None else "".join(element.itertext())


def children(element: Element, *names: str) -> list[Element]:
    return [child for child in element if local(child) in names]


def child(element: Element, name: str) -> Element | None:
    return next((one for one in element if local(one) == name), None)


def printable(text: str) -> str:
    """Text without the characters that XML has no way to write."""
    return _FORBIDDEN.sub("", text)
