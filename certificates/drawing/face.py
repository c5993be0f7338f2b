"""What one certificate shows: values alone, so that it can be drawn in another process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from certificates.drawing import wording
from certificates.drawing.template import TemplateBody, What, built_in
from certificates.drawing.typefaces import composed


@dataclass(frozen=True)
class CertificateFace:
    holder_name: str
    photo: bytes | None  # a JPEG as app.core.images.clean_photo makes it
    scheme_name: str
    scheme_code: str
    level_name: str
    issued_on: date
    serial: str
    issuer_name: str
    verification_url: str
    demonstration: bool = False
    template: TemplateBody = field(default_factory=built_in)
    scheme_name_en: str = ""
    level_name_en: str = ""
    expires_on: date | None = None
    code: str = ""
    """The text of the QR code, where it is more than the address."""
    credential: bytes | None = None
    """The same statement for programs, to be attached where the template says so."""

    def texts(self) -> tuple[str, ...]:
        return (
            self.holder_name, self.scheme_name, self.scheme_code, self.level_name, self.serial, self.issuer_name,
            self.verification_url, self.scheme_name_en, self.level_name_en,
        )  # fmt: skip

    def value(self, what: What) -> tuple[str, str]:
        """In Chinese and, where that differs, in English."""
        ended = (chinese_day(self.expires_on), english_day(self.expires_on)) if self.expires_on else wording.FOR_EVER
        values = {
            What.HOLDER: (composed(self.holder_name), ""),
            What.SCHEME: (composed(self.scheme_name), composed(self.scheme_name_en)),
            What.CODE: (self.scheme_code, ""),
            What.LEVEL: (composed(self.level_name), composed(self.level_name_en)),
            What.SERIAL: (self.serial, ""),
            What.ISSUED_ON: (chinese_day(self.issued_on), english_day(self.issued_on)),
            What.EXPIRES_ON: ended,
        }
        return values[what]

    def values(self) -> dict[str, tuple[str, str]]:
        """What the placeholders of a template stand for, in Chinese and in English."""
        pairs = {
            what.value: self.value(what) for what in (What.HOLDER, What.SCHEME, What.CODE, What.LEVEL, What.SERIAL)
        }
        pairs |= {"issuer": (composed(self.issuer_name), ""), "date": self.value(What.ISSUED_ON)}
        return {name: (zh, en or zh) for name, (zh, en) in pairs.items()}


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def english_day(day: date) -> str:
    return f"{day.day} {wording.MONTHS[day.month - 1]} {day.year}"
