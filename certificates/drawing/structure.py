"""What a page consists of, for those who hear it: the tree of tagged elements."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Element:
    """A part of the page; its kids are other parts, or numbers of marked content."""

    tag: str
    lang: str = ""
    alt: str = ""
    more: str = ""
    kids: list[Element | int] = field(default_factory=list)
    number: int = 0

    def under(self) -> list[Element]:
        """It and all below it, in reading order."""
        return [self, *(below for kid in self.kids if isinstance(kid, Element) for below in kid.under())]


def text_string(text: str) -> str:
    """A text of the document's dictionaries: UTF-16 in hexadecimal, which needs no escapes."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def written(one: Element, parent: int, page: int) -> str:
    kids = " ".join(f"{kid.number} 0 R" if isinstance(kid, Element) else str(kid) for kid in one.kids)
    parts = [f"/Type /StructElem /S /{one.tag} /P {parent} 0 R /Pg {page} 0 R /K [{kids}]"]
    if one.lang:
        parts.append(f"/Lang ({one.lang})")
    if one.alt:
        parts.append(f"/Alt {text_string(one.alt)}")
    return f"<< {' '.join([*parts, one.more]).rstrip()} >>"
