"""People who do not exist, to look at a template with."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from app.core.images import clean_photo
from app.schemes.scheme import scheme as scheme_of
from certificates.drawing.face import CertificateFace
from certificates.drawing.template import TemplateBody

DAY = date(2026, 12, 31)


class Sample(StrEnum):
    SHORT = "short"
    DOTTED = "dotted"
    LATIN = "latin"
    LONGEST = "longest"


NAMES = {
    Sample.SHORT: "王小明",
    Sample.DOTTED: "阿卜杜热依木·麦麦提吐尔逊·古丽巴哈尔",
    Sample.LATIN: "Maximiliane Charlotte Nguyễn-Wawrzyniakowska",
    Sample.LONGEST: "永" * 60,
}


def sample_face(
    scheme: str,
    body: TemplateBody,
    sample: Sample,
    issuer: str = "示例职业能力评价中心",
    url: str = "https://example.org",
) -> CertificateFace:
    """Always a demonstration: a preview must not pass for a certificate."""
    found = scheme_of(scheme)
    level = max(found.levels, key=lambda one: len(one.name)) if sample == Sample.LONGEST else found.levels[0]
    serial = "SAMPLE-2026-00000000-0"
    return CertificateFace(
        holder_name=NAMES[sample],
        photo=portrait(),
        scheme_name=found.name,
        scheme_code=found.code,
        level_name=level.name,
        issued_on=DAY,
        serial=serial,
        issuer_name=issuer,
        verification_url=f"{url}/verify/{serial}",
        demonstration=True,
        template=body,
        scheme_name_en=found.name_en,
        level_name_en=level.name_en,
    )


@cache
def portrait() -> bytes:
    """A head and shoulders without a face."""
    picture = Image.new("RGB", (700, 980), (214, 222, 232))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((215, 210, 485, 560), fill=(150, 162, 178))
    draw.ellipse((60, 620, 640, 1320), fill=(150, 162, 178))
    kept = BytesIO()
    picture.save(kept, "PNG")
    return clean_photo(kept.getvalue())
