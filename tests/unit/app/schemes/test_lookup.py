from pathlib import Path

import pytest

from app.core.errors import Refusal
from app.schemes.scheme import load_scheme, scheme, schemes

CODE = "PTS152010301-01"


def test_levels_answer_to_code_and_name() -> None:
    assert scheme(CODE).level("初级") is scheme(CODE).level("junior")


def test_schemes_are_read_once() -> None:
    assert schemes() is schemes()
    assert schemes()[CODE] is scheme(CODE)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: scheme("PTS0"), "unknown_scheme"),
        (lambda: scheme(CODE).level("master"), "unknown_level"),
        (lambda: scheme(CODE).level("junior").theory.row("十一"), "unknown_row"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(ask, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.code == code
    assert refused.value.params["known"]


def test_a_missing_or_unreadable_file(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("code: Prüfung".encode("latin-1"))
    for path in (tmp_path / "nowhere.yaml", latin):
        with pytest.raises(Refusal) as refused:
            load_scheme(path)
        assert refused.value.code == "scheme_unreadable"
        assert refused.value.params["file"] == path.name
