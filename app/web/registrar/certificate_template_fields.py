"""What the page of a template sends, as data: the fields are named as the problems name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from certificates.drawing.template import MOST_AWARDS, MOST_FIELDS, MOST_NOTES, Accent, Ornament, What

WHATS = {
    What.HOLDER: _("Name of the holder"),
    What.SCHEME: _("Standard"),
    What.CODE: _("Number of the standard"),
    What.LEVEL: _("Level"),
    What.SERIAL: _("Certificate number"),
    What.ISSUED_ON: _("Date of issue"),
    What.EXPIRES_ON: _("Valid until"),
}
ACCENTS = {Accent.RED: _("Red"), Accent.BLUE: _("Blue"), Accent.GREEN: _("Green"), Accent.BROWN: _("Brown")}
ORNAMENTS = {
    Ornament.GOLD: _("Gold"),
    Ornament.JADE: _("Jade green"),
    Ornament.AZURE: _("Azure"),
    Ornament.ROSE: _("Rose"),
}
ORIENTATIONS = {"portrait": _("Upright (A4)"), "landscape": _("Lying (A4)")}
LANGUAGES = {"zh_en": _("Chinese and English"), "zh": _("Chinese only")}
CONFORMANCES = {"2b": _("PDF/A-2b"), "3b": _("PDF/A-3b, with the digital credential attached")}
CHOICES = {
    "orientation": ORIENTATIONS,
    "languages": LANGUAGES,
    "accent": ACCENTS,
    "ornament": ORNAMENTS,
    "conformance": CONFORMANCES,
}
_LONGEST = 400


def typed_body(form: Mapping[str, str]) -> dict[str, Any]:
    """Lines left empty are not there; the others close up."""
    return {
        "title": _pair(form, "title"),
        "award": _lines(form, "award", MOST_AWARDS),
        "fields": [
            {"what": form.get(f"fields.{place}.what", "")[:40]} | _pair(form, f"fields.{place}")
            for place in range(MOST_FIELDS)
            if form.get(f"fields.{place}.what")
        ],
        "notes": _lines(form, "notes", MOST_NOTES),
        "seal": {
            "shown": "seal.shown" in form,
            "text": _line(form, "seal.text"),
            "below": _line(form, "seal.below"),
        },
        "photo": "photo" in form,
        **{name: form.get(name, "")[:40] for name in CHOICES},
    }


def _lines(form: Mapping[str, str], kind: str, most: int) -> list[dict[str, str]]:
    pairs = (_pair(form, f"{kind}.{place}") for place in range(most))
    return [pair for pair in pairs if pair["zh"] or pair["en"]]


def _pair(form: Mapping[str, str], where: str) -> dict[str, str]:
    return {language: _line(form, f"{where}.{language}") for language in ("zh", "en")}


def _line(form: Mapping[str, str], where: str) -> str:
    """On one line, without blanks around it; NUL is no text that can be kept."""
    return " ".join(form.get(where, "").replace("\x00", "").split())[:_LONGEST]
