"""Characters that stand for others in names: positions of older standards, duplicates, and what merely looks alike.

Sources: the private positions are those of GBK and GB 18030-2000/2005 that later got standard code points
(GB 18030-2022 uses these); radicals and strokes follow Unicode's EquivalentUnifiedIdeograph.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_RADICALS = """
    2E81=5382 2E82=4E5B 2E83=4E5A 2E84=4E59 2E85=4EBB 2E86=5182 2E87=20628 2E88=5200 2E89=5202 2E8A=535C 2E8B=353E
    2E8C=5C0F 2E8D=5C0F 2E8E=5140 2E8F=5C23 2E90=5C22 2E91=21BC2 2E92=5DF3 2E93=5E7A 2E94=5F51 2E95=5F50 2E96=5FC4
    2E97=5FC3 2E98=624C 2E99=6535 2E9B=65E1 2E9C=65E5 2E9D=6708 2E9E=6B7A 2E9F=6BCD 2EA0=6C11 2EA1=6C35 2EA2=6C3A
    2EA3=706C 2EA4=722B 2EA5=722B 2EA6=4E2C 2EA7=725B 2EA8=72AD 2EA9=738B 2EAA=24D14 2EAB=76EE 2EAC=793A 2EAD=793B
    2EAE=25AD7 2EAF=7CF9 2EB0=7E9F 2EB1=7F53 2EB2=7F52 2EB3=34C1 2EB4=5197 2EB5=2626B 2EB6=7F8A 2EB7=2634C
    2EB8=2634B 2EB9=8002 2EBA=8080 2EBB=807F 2EBC=8089 2EBD=26951 2EBE=8279 2EBF=8279 2EC0=8279 2EC1=864E 2EC2=8864
    2EC3=8980 2EC4=897F 2EC5=89C1 2EC6=89D2 2EC7=278B2 2EC8=8BA0 2EC9=8D1D 2ECA=27FB7 2ECB=8F66 2ECC=8FB6 2ECD=8FB6
    2ECE=8FB6 2ECF=9091 2ED0=9485 2ED1=9577 2ED2=9578 2ED3=957F 2ED4=95E8 2ED5=28E0F 2ED6=961D 2ED7=96E8 2ED8=9752
    2ED9=97E6 2EDA=9875 2EDB=98CE 2EDC=98DE 2EDD=98DF 2EDE=2967F 2EDF=98E0 2EE0=9963 2EE1=29810 2EE2=9A6C 2EE3=9AA8
    2EE4=9B3C 2EE5=9C7C 2EE6=9E1F 2EE7=5364 2EE8=9EA6 2EE9=9EC4 2EEA=9EFE 2EEB=6589 2EEC=9F50 2EED=6B6F 2EEE=9F7F
    2EEF=7ADC 2EF0=9F99 2EF1=9F9C 2EF2=4E80 2EF3=9F9F
"""
_STROKES = """
    31C6=200CC 31CF=4E40 31D0=4E00 31D1=4E28 31D2=4E3F 31D3=4E3F 31D4=4E36 31D5=200CD 31D6=4E5B 31D7=200CA
    31D8=200CE 31D9=2010C 31DA=4E85 31DB=21FE8 31DC=200CB 31DD=4E40 31DE=200D1 31DF=4E5A 31E0=4E59 31E1=2010E
"""
_LATE = {
    "\ue7c7": "\u1e3f", "\ue7c8": "\u01f9",
    "\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc", "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f", "\ue855": "\U000241fe",
    "\ue81e": "\u9fb4", "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7", "\ue832": "\u9fb8",
    "\ue843": "\u9fb9", "\ue854": "\u9fba", "\ue864": "\u9fbb",
}  # fmt: skip
"""Positions that stayed private until GB 18030-2022."""


def _pairs(table: str) -> dict[str, str]:
    return {chr(int(one, 16)): chr(int(other, 16)) for one, other in (pair.split("=") for pair in table.split())}


def _former_private() -> Iterator[tuple[str, str]]:
    """GBK put the 80 characters of its row FE at U+E815 and on; those with a standard place since are read off it."""
    for place, trail in enumerate([*range(0x50, 0x7F), *range(0x80, 0xA1)]):
        standard = bytes((0xFE, trail)).decode("gb18030")
        if unicodedata.category(standard) == "Lo":
            yield chr(0xE815 + place), standard


PRIVATE = dict(_former_private()) | _LATE
"""Private positions that mean one character by the national standard."""

RADICALS = _pairs(_RADICALS) | {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
"""Radicals as signs of their own, as they come out of dictionaries and out of PDF files, and the character meant."""

DOTS = frozenset(
    "\u2022\u30fb\uff65\u2027\u2219\u22c5\u2024\u25cf\u2e31\u2e33\u16eb\u0387\u318d\u119e\ua78f\u1427\U00010101"
)
"""What keyboards offer where the dot between the parts of a name (U+00B7) is meant."""

STOPS = frozenset(".\uff0e\ufe52\uff61\u3002")
"""The dot of a name where Chinese characters stand on both sides, else the end of an abbreviation."""

APOSTROPHES = frozenset("\u2018\u2019\u02bc\u2032\uff07\u0060\u00b4")
"""Fonts for Chinese draw some of them as wide as a character, so a name has the plain one."""

HYPHENS = frozenset("\u2010\u2011\u2212\ufe63\u2043")


def _alike() -> Iterator[tuple[str, str]]:
    for table in (
        "ロ口ニ二ハ八エ工カ力タ夕ト卜チ千ノ丿オ才ヒ匕セ七メ乂ム厶ミ彡ワ冖ヨ彐レ乚イ亻ー一ト卜ネ礻ホ朩ヌ又フ乛リ刂サ艹ナ𠂇",
        "ㄚ丫ㄍ巜ㄏ厂ㄙ厶ㄐ丩ㄒ丅ㄓ㞢ㄇ冂ㄈ匚ㄦ儿ㄧ一ㄨ乂ㄩ凵ㄗ卩ㄎ丂ㄅ勹ㄉ刀ㄋ乃ㄝ也ㄡ又ㄔ彳ㄕ尸ㄖ日ㄘ七ㄤ尢ㄥ乙",
        "ㅡ一ㅣ丨ㅁ口ㅅ人ㅈ大ㄱ乛ㄴ乚ㄷ匚ㅗ丄ㅜ丅ㅏ卜ᅵ丨ᅳ一ᄆ口ᄉ人ᄃ匚ᄀ乛",
        "○〇◯〇⭕〇ꓳ〇〸十〹卄〺卅",
        "ɡgɑa",
    ):
        yield from zip(table[::2], table[1::2], strict=True)


ALIKE = dict(_alike()) | _pairs(_STROKES)
"""What is no character of a name, and the one it is mistaken for."""


def of_hong_kong(character: str) -> str:
    """What a private position means on computers set up for Hong Kong (HKSCS), or nothing."""
    code = ord(character)
    for first, last, lead, skipped in (
        (0xE000, 0xE310, 0xFA, 0), (0xE311, 0xEEB7, 0x8E, 0), (0xEEB8, 0xF6B0, 0x81, 0), (0xF6B1, 0xF848, 0xC6, 63),
    ):  # fmt: skip
        if first <= code <= last:
            row, place = divmod(code - first + skipped, 157)
            trail = place + 0x40 if place < 63 else place - 63 + 0xA1
            meant = bytes((lead + row, trail)).decode("big5hkscs", errors="ignore")
            return meant if len(meant) == 1 else ""
    return ""
