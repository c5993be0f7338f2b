from pathlib import Path

import pytest

from app.core.errors import Refusal
from app.schemes.scheme import FOLDER, Renewal, load_scheme, read_scheme, scheme, schemes

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


def test_a_term_with_its_rule_of_renewal() -> None:
    path = FOLDER / "pts152010301-01.yaml"
    rule = "certificate_valid_months: 36, renewal: {months_before: 6, months_after: 2, training_hours: 20}"
    text = path.read_text(encoding="utf-8").replace("certificate_valid_months: null", rule)
    for level in read_scheme(text, path.name).levels:
        assert (level.certificate_valid_months, level.renewal) == (36, Renewal(6, 2, 20))
        assert level.objection_days == 30
    assert scheme(CODE).level("junior").renewal is None
