"""The catalogues are there whether or not somebody compiled them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.web.language import LANGUAGES, catalogue

TRANSLATIONS = Path(__file__).parents[4] / "app" / "translations"
SAID = {"zh_CN": "交卷", "en": "Hand in"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_needs_no_compiling(tmp_path: Path, code: str) -> None:
    written = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
    (tmp_path / "messages.po").write_bytes(written.read_bytes())
    assert catalogue(tmp_path, code).gettext("Hand in") == SAID[code]


def test_a_catalogue_compiled_before_the_last_change_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "messages.po").write_bytes((TRANSLATIONS / "zh_CN/LC_MESSAGES/messages.po").read_bytes())
    (tmp_path / "messages.mo").write_bytes(b"of yesterday")
    os.utime(tmp_path / "messages.mo", (0, 0))
    assert catalogue(tmp_path, "zh_CN").gettext("Hand in") == SAID["zh_CN"]
