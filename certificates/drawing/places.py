"""Where each part of a certificate stands, upright or lying; in points from the lower left corner."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.drawing.ornament import A4


@dataclass(frozen=True)
class Places:
    size: tuple[float, float]
    left: float
    right: float
    banner: float
    issuer: float
    title: float
    title_size: float
    title_en: float
    rules: tuple[float, ...]
    photo: tuple[float, float]
    """Its frame, wide and high; it stands at the left, its top at the top of the fields."""
    fields: tuple[float, float]
    """Top and bottom."""
    award: tuple[float, float]
    code: tuple[float, float, float]
    """Left, bottom, side."""
    signed: tuple[float, float]
    """Left and top line of who issued it, and when."""
    seal: tuple[float, float]
    notes: tuple[float, float, float]
    """Left, right, first line."""

    @property
    def middle(self) -> float:
        return self.size[0] / 2


PORTRAIT = Places(
    size=A4,
    left=80.0,
    right=A4[0] - 80.0,
    banner=751.0,
    issuer=716.0,
    title=654.0,
    title_size=46.0,
    title_en=630.0,
    rules=(610.0, 294.0),
    photo=(99.2, 138.9),
    fields=(580.0, 396.0),
    award=(372.0, 306.0),
    code=(80.0, 160.0, 98.0),
    signed=(262.0, 226.0),
    seal=(466.0, 172.0),
    notes=(70.0, A4[0] - 70.0, 108.0),
)
LANDSCAPE = Places(
    size=(A4[1], A4[0]),
    left=96.0,
    right=A4[1] - 96.0,
    banner=505.0,
    issuer=481.0,
    title=434.0,
    title_size=38.0,
    title_en=416.0,
    rules=(403.0,),
    photo=(99.2, 138.9),
    fields=(388.0, 238.0),
    award=(228.0, 180.0),
    code=(96.0, 82.0, 80.0),
    signed=(440.0, 160.0),
    seal=(672.0, 117.0),
    notes=(200.0, 560.0, 89.0),
)
