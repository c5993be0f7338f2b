"""Make the fonts in this folder from their sources; README.md says where those come from.

    python -m certificates.fonts.build SOURCES

Only needed to renew the fonts: the results are part of the repository.
"""

from __future__ import annotations

import lzma
import sys
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from certificates.drawing import wording
from certificates.fonts import FOLDER

HERE = FOLDER
UNUSED_TABLES = ["vhea", "vmtx", "BASE", "prop", "FFTM", "GDEF", "GSUB", "GPOS", "STAT", "gasp", "DSIG"]
HAN = [range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x323B0)]
LETTERS = [range(0x20, 0x7F), range(0xA0, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000)]
MARKS = [range(0x2000, 0x2070)]
RARE = (("BabelStoneHan.ttf", "RareHanSong"), ("uming.ttc", "RareHanMing"), ("HanaMinB.ttf", "RareHanB"))
"""In this order: the first two draw the forms of the mainland, Hanazono those of the first charts of Unicode."""


def reduced(source: Path, keep: set[int]) -> Any:
    """The font with only these characters, without layout tables and hints, which reportlab ignores."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += UNUSED_TABLES
    options.font_number = 0
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=keep)
    subsetter.subset(font)
    return font


def characters(path: Path) -> set[int]:
    """What the font can show: mapped characters, without Han characters whose outline is empty."""
    font = TTFont(str(path), lazy=True, fontNumber=0)
    places, number = font["loca"], font.getReverseGlyphMap()

    def has_outline(name: str) -> bool:
        return bool(places[number[name] + 1] > places[number[name]])

    return {code for code, name in font.getBestCmap().items() if has_outline(name) or code < 0x3000}


def among(codes: set[int], ranges: list[range]) -> set[int]:
    return {code for code in codes if any(code in block for block in ranges)}


def heavy() -> set[int]:
    """What titles and labels are written with: the fixed words, and what a template or the issuer's name may add."""
    pairs = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    return set(map(ord, wording.in_bold() + common + "·（）《》、，。：；—“”")) | set(range(0x20, 0x7F))


def rename(font: Any, name: str, notice: str) -> None:
    """Two licences ask for it: the sources' names are reserved, and a changed font says how and when it was changed."""
    records = {1: name, 2: "Regular", 3: name, 4: name, 6: name, 10: notice}
    for number, text in records.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["name"].names = [
        record for record in font["name"].names if record.nameID not in records or record.platformID == 3
    ]


def packed(source: Path, wanted: set[int], name: str) -> None:
    font = reduced(source, wanted)
    scale_upem(font, 512)
    rename(
        font, name, f"{source.stem}, reduced to the characters the fonts before it lack, 512 units an em, 2026-11-22"
    )
    plain = BytesIO()
    font.save(plain)
    (HERE / f"{name}.ttf.xz").write_bytes(lzma.compress(plain.getvalue(), preset=9 | lzma.PRESET_EXTREME))


def ranges(codes: set[int]) -> str:
    """30-39 41: what coverage.txt says of a font."""
    steps = groupby(enumerate(sorted(codes)), key=lambda pair: pair[1] - pair[0])
    runs = [[code for _, code in group] for _, group in steps]
    return " ".join(f"{run[0]:X}" if len(run) == 1 else f"{run[0]:X}-{run[-1]:X}" for run in runs)


def main(sources: Path) -> None:
    serif = sources / "NotoSerifSC_400Regular.ttf"
    latin = sources / "NotoSerif_400Regular.ttf"
    if serif.exists():
        reduced(serif, characters(serif)).save(HERE / "NotoSerifSC-Regular.ttf")
        reduced(sources / "NotoSerifSC_700Bold.ttf", heavy()).save(HERE / "NotoSerifSC-Bold.ttf")
        letters = among(characters(latin), LETTERS) | among(characters(latin), MARKS) - characters(serif)
        reduced(latin, letters).save(HERE / "NotoSerif-Letters.ttf")
    holds = {name: characters(HERE / f"{name}.ttf") for name in ("NotoSerifSC-Regular", "NotoSerif-Letters")}
    for source, name in RARE:
        covered = set().union(*holds.values())
        holds[name] = among(characters(sources / source), HAN) - covered
        packed(sources / source, holds[name], name)
    (HERE / "coverage.txt").write_text("".join(f"{name} {ranges(codes)}\n" for name, codes in holds.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
