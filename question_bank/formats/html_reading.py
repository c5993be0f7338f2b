"""HTML of other tools in our small markup. What has no place there keeps its words, and its tag is told."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree, html

from question_bank.formats.xml_reading import Element, local

Picture = Callable[[str, str], str]
"""(src, alt) → what stands in the text for it; "" for nothing."""
Special = Callable[[Element], str | None]
"""What stands in the text for an element that means something to the format; None for any other."""

_BLOCKS = frozenset(
    [
        *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dt", "dd", "blockquote", "section", "hr"),
        *("article", "header", "footer", "main", "figure", "figcaption", "address", "center", "details", "caption"),
    ]
)
_QUIET = frozenset(["span", "font", "small", "big", "label", "html", "body", "tbody", "tr", "td", "th", "abbr", "time"])
_QUIET |= {"contentbody", "stimulusbody", "itembody", "prompt"}
_DROPPED = frozenset(["script", "style", "head", "title", "meta", "link", "noscript", "template"])
_BOLD = frozenset({"strong", "b"})
_HIGH = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOW = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_BLANKS = re.compile(r"[ \t\r\n\f]+")
DEEPEST = 200


def _nowhere(src: str, alt: str) -> str:
    return alt


def _never(element: Element) -> str | None:
    return None


class HtmlReader:
    """Reads one text; `lost` names the tags whose meaning could not be kept."""

    def __init__(self, picture: Picture = _nowhere, special: Special = _never) -> None:
        self.picture, self.special = picture, special
        self.lost: set[str] = set()
        self._lines: list[str] = []
        self._line: list[str] = []

    def fragment(self, text: str) -> str:
        """A piece of HTML as it stands in another file."""
        if "<" not in text and "&" not in text:
            return self.plain(text)
        try:
            root = html.fragment_fromstring(text, create_parent="div")
        except (etree.LxmlError, ValueError):
            return self.plain(text)
        return self.element(root)

    def plain(self, text: str) -> str:
        return "\n".join(line for line in (_BLANKS.sub(" ", one).strip() for one in text.split("\n")) if line)

    def element(self, root: Element) -> str:
        """All that stands inside, root's own tag being of no matter."""
        self._inside(root, 0)
        self._end()
        found, self._lines = "\n".join(self._lines), []
        return found

    def _inside(self, element: Element, depth: int) -> None:
        self._words(element.text)
        for child in element:
            if depth < DEEPEST:
                self._read(child, depth + 1)
            else:
                self._words("".join(child.itertext()))
            self._words(child.tail)

    def _read(self, element: Element, depth: int) -> None:
        name = local(element).lower()
        if not name or name in _DROPPED:
            self.lost |= {name} & {"script", "style"}
            return
        special = self.special(element)
        if special is not None:
            self._put(special)
        elif name == "br":
            self._end()
        elif name == "img":
            self._line.append(self.picture(element.get("src", ""), element.get("alt", "")))
        elif name == "table":
            self._table(element, depth)
        elif name in _BOLD:
            self._marked(element, depth, _bold)
        elif name in ("sup", "sub"):
            self._marked(element, depth, _raised if name == "sup" else _lowered)
        elif name == "li":
            self._end()
            self._line.append(_bullet(element))
            self._inside(element, depth)
            self._end()
        elif name == "pre":
            self._pre(element)
        else:
            if name not in _BLOCKS and name not in _QUIET:
                self.lost.add(name)
            self._around(element, depth, name in _BLOCKS)

    def _around(self, element: Element, depth: int, block: bool) -> None:
        if block:
            self._end()
        self._inside(element, depth)
        if block:
            self._end()

    def _marked(self, element: Element, depth: int, mark: Callable[[str], str]) -> None:
        lines, start = len(self._lines), len(self._line)
        self._inside(element, depth)
        if len(self._lines) == lines:
            inner = "".join(self._line[start:])
            self._line[start:] = [mark(inner)]
        else:
            self.lost.add(local(element))

    def _table(self, element: Element, depth: int) -> None:
        self._end()
        rows = []
        for row in element.iter():
            if local(row).lower() == "tr":
                cells = [self._cell(cell) for cell in row if local(cell).lower() in ("td", "th")]
                rows.append(cells)
        wide = max((len(row) for row in rows), default=0)
        for place, row in enumerate(rows if wide else ()):
            self._lines.append(f"| {' | '.join([*row, *[''] * (wide - len(row))])} |")
            if not place:
                self._lines.append(f"|{'---|' * wide}")
        caption = next((one for one in element if local(one).lower() == "caption"), None)
        if caption is not None:
            self._around(caption, depth, True)

    def _cell(self, element: Element) -> str:
        inner = HtmlReader(self.picture, self.special)
        text = inner.element(element)
        self.lost |= inner.lost
        return text.replace("|", "｜").replace("\n", " ")

    def _pre(self, element: Element) -> None:
        self._end()
        self._lines += [line.rstrip() for line in "".join(element.itertext()).split("\n") if line.strip()]

    def _put(self, text: str) -> None:
        """Words with line breaks of their own."""
        first, *others = text.split("\n")
        self._line.append(first)
        for line in others:
            self._end()
            self._line.append(line)

    def _words(self, text: str | None) -> None:
        if text:
            self._line.append(_BLANKS.sub(" ", text))

    def _end(self) -> None:
        line = _BLANKS.sub(" ", "".join(self._line)).strip()
        self._line = []
        if line:
            self._lines.append(line)


def _bold(inner: str) -> str:
    words = inner.strip()
    if not words or "**" in words:
        return inner
    start = inner.index(words)
    return f"{inner[:start]}**{words}**{inner[start + len(words) :]}"


def _raised(inner: str) -> str:
    return _shifted(inner, _HIGH, "^")


def _lowered(inner: str) -> str:
    return _shifted(inner, _LOW, "_")


def _shifted(inner: str, signs: dict[str, str], mark: str) -> str:
    """x² where there is such a sign; x^(…) where there is none."""
    words = inner.strip().replace("−", "-")
    if all(sign in signs for sign in words):
        return "".join(signs[sign] for sign in words)
    return f"{mark}({words})"


def _bullet(element: Element) -> str:
    parent = element.getparent()
    if parent is None or local(parent).lower() != "ol":
        return "• "
    return f"{[one for one in parent if local(one).lower() == 'li'].index(element) + 1}. "
