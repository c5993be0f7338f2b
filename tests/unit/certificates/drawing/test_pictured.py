"""Whoever is asked about a rare character sees it, whatever fonts the screen has."""

from __future__ import annotations

import pytest

from certificates.drawing.pictured import pictured


@pytest.mark.parametrize("character", ["䶮", "𠂇", "𠀀", "\U00030edd", "﨑"])
def test_a_rare_character_has_a_picture(character: str) -> None:
    picture = pictured(character)
    assert picture is not None
    assert picture.path.startswith("M")
    assert len(picture.path) > 50
    assert picture.box.split()[2:] == [str(picture.em)] * 2


@pytest.mark.parametrize("character", ["王", "A", "\U0002ebf0", "", "\ue863"])
def test_what_screens_show_and_what_no_font_has_has_none(character: str) -> None:
    assert pictured(character) is None
