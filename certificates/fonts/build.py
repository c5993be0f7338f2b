"""Make the fonts in this folder from their sources; README.md says where those come from.

    python -m certificates.fonts.build SOURCES

Only needed to renew the fonts: the results are part of the repository.
"""

from __future__ import annotations

import lzma
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from certificates.drawing import wording

HERE = Path(__file__).parent
UNUSED_TABLES = ["vhea", "vmtx", "BASE", "prop", "FFTM", "GDEF", "GSUB", "GPOS", "STAT", "gasp", "DSIG"]
HAN = [range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x323B0)]
LETTERS = [range(0x20, 0x7F), range(0xA0, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000)]
MARKS = [range(0x2000, 0x2070)]


def reduced(source: Path, keep: set[int]) -> Any:
    """The font with only these characters, without layout tables and hints, which reportlab ignores."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += UNUSED_TABLES
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=keep)
    subsetter.subset(font)
    return font


def characters(path: Path) -> set[int]:
    """What the font can show: mapped characters, without Han characters whose outline is empty."""
    font = TTFont(str(path), lazy=True)
    places, number = font["loca"], font.getReverseGlyphMap()

    def has_outline(name: str) -> bool:
        return bool(places[number[name] + 1] > places[number[name]])

    return {code for code, name in font.getBestCmap().items() if has_outline(name) or code < 0x3000}


def among(codes: set[int], ranges: list[range]) -> set[int]:
    return {code for code in codes if any(code in block for block in ranges)}


def rename(font: Any, name: str) -> None:
    """The licence of Hanazono reserves its names, so a reduced copy bears another."""
    records = {1: name, 2: "Regular", 3: name, 4: name, 6: name}
    for number, text in records.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["name"].names = [
        record for record in font["name"].names if record.nameID not in records or record.platformID == 3
    ]


def main(sources: Path) -> None:
    serif = sources / "NotoSerifSC_400Regular.ttf"
    covered = characters(serif)
    reduced(serif, covered).save(HERE / "NotoSerifSC-Regular.ttf")
    reduced(sources / "NotoSerifSC_700Bold.ttf", set(map(ord, wording.in_bold()))).save(HERE / "NotoSerifSC-Bold.ttf")
    latin = sources / "NotoSerif_400Regular.ttf"
    letters = among(characters(latin), LETTERS) | among(characters(latin), MARKS) - covered
    reduced(latin, letters).save(HERE / "NotoSerif-Letters.ttf")
    covered |= letters
    for source, name in (("HanaMinA.ttf", "RareHanA"), ("HanaMinB.ttf", "RareHanB")):
        wanted = among(characters(sources / source), HAN) - covered
        font = reduced(sources / source, wanted)
        scale_upem(font, 512)
        rename(font, name)
        plain = BytesIO()
        font.save(plain)
        (HERE / f"{name}.ttf.xz").write_bytes(lzma.compress(plain.getvalue(), preset=9 | lzma.PRESET_EXTREME))
        covered |= wanted


if __name__ == "__main__":
    main(Path(sys.argv[1]))
