"""Names shrink before they break, and break between their parts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from certificates.drawing.name_lines import fit_name
from certificates.drawing.typefaces import width

BOX, SIZES = (218.0, 54.0), (26.0, 4.0)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("王小明", ("王小明",)),
        ("古丽娜扎尔·拜合提亚尔", ("古丽娜扎尔·拜合提亚尔",)),
        ("努尔买买提·阿布都克力木·艾则孜", ("努尔买买提·", "阿布都克力木·艾则孜")),
        ("Łukasz Brzęczyszczykiewicz", ("Łukasz ", "Brzęczyszczykiewicz")),
        ("Abdulrahman bin Muhammad Al-Thani Al-Hashimi", ("Abdulrahman bin Muhammad ", "Al-Thani Al-Hashimi")),
        ("Wolfeschlegelsteinhausenbergerdorff", ("Wolfeschlegelsteinhausenbergerdorff",)),
        ("永" * 20, ("永" * 10, "永" * 10)),
    ],
)
def test_a_name_breaks_where_a_reader_would_break_it(name: str, lines: tuple[str, ...]) -> None:
    assert fit_name(name, BOX, SIZES).lines == lines


def test_a_short_name_has_the_largest_letters_and_a_longer_one_somewhat_smaller_on_one_line() -> None:
    assert fit_name("王小明", BOX, SIZES).size == 26
    assert 26 * 0.7 <= fit_name("阿卜杜热依木·麦麦提吐尔", BOX, SIZES).size < 26


def test_a_name_beyond_all_measure_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        fit_name("永" * 3000, BOX, SIZES)
    assert refused.value.code == "text_does_not_fit"


@given(st.text(st.sampled_from("永王A W·-é字𠮷l1"), min_size=1, max_size=200))
@settings(max_examples=80, deadline=None)
def test_the_whole_name_stands_inside_its_box(name: str) -> None:
    setting = fit_name(name, BOX, SIZES)
    assert "".join(setting.lines) == name
    assert setting.size >= SIZES[1]
    assert all(width(line.rstrip(), setting.size, setting.font) <= BOX[0] + 0.1 for line in setting.lines)
    assert len(setting.lines) == 1 or setting.height <= BOX[1] + 0.1
