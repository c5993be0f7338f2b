"""The part of a font that a document needs, as the document embeds it. Reads the parsed fonts without any state, so
that any number of threads may draw at a time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256

from certificates.drawing.typefaces import opened

_WORDS, _XY_SCALE, _MORE, _SCALE, _TWO_BY_TWO = 0x1, 0x40, 0x20, 0x8, 0x80
_WHOLE = 0xB1B0AFBA


class Source:
    """One of the fonts, by glyph number."""

    def __init__(self, name: str) -> None:
        self.name = name
        face = opened(name).face
        self.glyph_of: dict[int, int] = face.charToGlyph
        self.data: bytes = face._ttf_data  # type: ignore[attr-defined]
        self.tables = self._tables()
        head, hhea = self.table("head"), self.table("hhea")
        self.units: int = struct.unpack_from(">H", head, 18)[0]
        self.long: int = struct.unpack_from(">h", head, 50)[0]
        self.box = struct.unpack_from(">4h", head, 36)
        self.ascent, self.descent = struct.unpack_from(">2h", hhea, 4)
        self.measured = struct.unpack_from(">H", hhea, 34)[0]

    def _tables(self) -> dict[str, tuple[int, int]]:
        found = {}
        for number in range(struct.unpack_from(">H", self.data, 4)[0]):
            tag, _sum, start, length = struct.unpack_from(">4s3L", self.data, 12 + 16 * number)
            found[tag.decode()] = (start, length)
        return found

    def table(self, tag: str) -> bytes:
        start, length = self.tables[tag]
        return self.data[start : start + length]

    def outline(self, glyph: int) -> bytes:
        start, glyf = self.tables["loca"][0], self.tables["glyf"][0]
        if self.long:
            first, last = struct.unpack_from(">2L", self.data, start + 4 * glyph)
        else:
            first, last = (2 * one for one in struct.unpack_from(">2H", self.data, start + 2 * glyph))
        return self.data[glyf + first : glyf + last]

    def metrics(self, glyph: int) -> tuple[int, int]:
        """Advance and left bearing."""
        start, last = self.tables["hmtx"][0], self.measured - 1
        if glyph <= last:
            advance, bearing = struct.unpack_from(">Hh", self.data, start + 4 * glyph)
            return advance, bearing
        advance = struct.unpack_from(">H", self.data, start + 4 * last)[0]
        return advance, struct.unpack_from(">h", self.data, start + 4 * self.measured + 2 * (glyph - last - 1))[0]

    def scaled(self, value: float) -> float:
        return value * 1000 / self.units


@cache
def source(name: str) -> Source:
    return Source(name)


def components(outline: bytes) -> list[tuple[int, int]]:
    """Where a composed glyph names its parts, and which."""
    if len(outline) < 12 or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, place, more = [], 10, True
    while more:
        flags, glyph = struct.unpack_from(">2H", outline, place)
        found.append((place + 2, glyph))
        place += 4 + (4 if flags & _WORDS else 2)
        place += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
        more = bool(flags & _MORE)
    return found


@dataclass(frozen=True)
class Subset:
    """Characters of one font, numbered as the document's text names them."""

    font: str
    characters: tuple[str, ...]

    @cached_property
    def codes(self) -> dict[str, int]:
        return {character: code for code, character in enumerate(self.characters, 1)}

    @cached_property
    def title(self) -> str:
        """Six letters of its own, as the format wants, so that two subsets of a font are kept apart."""
        digest = sha256((self.font + "".join(self.characters)).encode()).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + self.font

    @cached_property
    def packed(self) -> tuple[bytes, int]:
        """The font file, compressed, and its length without."""
        program = self.program()
        return zlib.compress(program, 6), len(program)

    @cached_property
    def widths(self) -> str:
        one = source(self.font)
        glyphs = [0, *(one.glyph_of[ord(character)] for character in self.characters)]
        return " ".join(f"{one.scaled(one.metrics(glyph)[0]):g}" for glyph in glyphs)

    @cached_property
    def meaning(self) -> bytes:
        """Code → character, compressed: so that text can be searched, copied and read aloud."""
        rows = [f"<{code:04X}> <{one.encode('utf-16-be').hex().upper()}>" for one, code in self.codes.items()]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        text = (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        )
        return zlib.compress(text.encode(), 6)

    def program(self) -> bytes:
        """A TrueType file with these glyphs alone, and the parts that they are composed of."""
        one = source(self.font)
        wanted = [0, *(one.glyph_of[ord(character)] for character in self.characters)]
        places = {glyph: place for place, glyph in reversed(list(enumerate(wanted)))}
        outlines = []
        for glyph in wanted:  # grows while parts are found
            outline = bytearray(one.outline(glyph))
            for at, part in components(bytes(outline)):
                if part not in places:
                    places[part] = len(wanted)
                    wanted.append(part)
                struct.pack_into(">H", outline, at, places[part])
            outlines.append(bytes(outline) + bytes(-len(outline) % 4))
        return _file(one, wanted, outlines)


def _file(one: Source, glyphs: list[int], outlines: Iterable[bytes]) -> bytes:
    place, places, glyf = 0, [0], []
    for outline in outlines:
        glyf.append(outline)
        place += len(outline)
        places.append(place)
    head, hhea, maxp = bytearray(one.table("head")), bytearray(one.table("hhea")), bytearray(one.table("maxp"))
    struct.pack_into(">L", head, 8, 0)
    struct.pack_into(">h", head, 50, 1)
    struct.pack_into(">H", hhea, 34, len(glyphs))
    struct.pack_into(">H", maxp, 4, len(glyphs))
    tables = {
        "glyf": b"".join(glyf) or bytes(4),
        "head": bytes(head),
        "hhea": bytes(hhea),
        "hmtx": b"".join(struct.pack(">Hh", *one.metrics(glyph)) for glyph in glyphs),
        "loca": struct.pack(f">{len(places)}L", *places),
        "maxp": bytes(maxp),
    }
    return _assembled(tables)


def _assembled(tables: dict[str, bytes]) -> bytes:
    power = len(tables).bit_length() - 1
    start = 12 + 16 * len(tables)
    directory = [struct.pack(">L4H", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))]
    bodies, sums, head_at = [], 0, 0
    for tag, content in tables.items():
        padded = content + bytes(-len(content) % 4)
        total = _sum(padded)
        head_at = start if tag == "head" else head_at
        directory.append(struct.pack(">4s3L", tag.encode(), total, start, len(content)))
        bodies.append(padded)
        start += len(padded)
        sums += total
    front = b"".join(directory)
    whole = bytearray(front + b"".join(bodies))
    struct.pack_into(">L", whole, head_at + 8, (_WHOLE - _sum(front) - sums) % 2**32)
    return bytes(whole)


def _sum(content: bytes) -> int:
    return int(sum(struct.unpack(f">{len(content) // 4}L", content))) % 2**32
