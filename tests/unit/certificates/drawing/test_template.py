"""A template is data that fits, or every place that does not is named."""

from __future__ import annotations

from typing import Any

import pytest

from certificates.drawing.template import built_in
from certificates.templates.checks import read


def changed(**changes: Any) -> dict[str, Any]:
    return built_in().model_dump(mode="json") | changes


def test_the_built_in_one_fits_and_survives_being_kept() -> None:
    assert read(changed()) == (built_in(), ())


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": {"zh": "", "en": ""}}, "title.zh"),
        ({"title": {"zh": "长" * 17}}, "title.zh"),
        ({"award": []}, "award"),
        ({"award": [{"zh": "授予{name}"}]}, "award.0.zh"),
        ({"award": [{"zh": "授予{holder"}]}, "award.0.zh"),
        ({"award": [{"zh": "好", "en": "{holder.__class__}"}]}, "award.0.en"),
        ({"notes": [{"zh": "\ue863"}]}, "notes.0.zh"),
        ({"fields": [{"what": "holder", "zh": "姓名"}, {"what": "level", "zh": "等级"}]}, "fields"),
        ({"fields": [{"what": "password", "zh": "姓名"}]}, "fields.0.what"),
        ({"accent": "#ff0000"}, "accent"),
        ({"conformance": "1b"}, "conformance"),
        ({"script": "print(1)"}, "script"),
        ({"seal": {"text": "章" * 30}}, "seal.text"),
        ({"title": 3}, "title"),
    ],
)
def test_each_fault_is_named_with_its_place(change: dict[str, Any], where: str) -> None:
    problems = read(changed(**change))[1]
    assert where in [one.where for one in problems]
    assert all(one.message % one.params for one in problems)


def test_a_value_with_braces_stays_a_value() -> None:
    words = built_in().award[0].model_copy(update={"zh": "{holder}与{level}", "en": ""})
    values = {"holder": ("{level}", "x"), "level": ("初级", "y")}
    assert words.filled(values).zh == "{level}与初级"


def test_what_is_no_object_at_all_is_refused() -> None:
    assert read([1, 2])[1]
    assert read(None)[1]
