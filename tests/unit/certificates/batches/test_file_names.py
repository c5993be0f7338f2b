from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.batches.file_names import file_name

SERIAL = "301011-2026-7K3M-9QXT7"


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("李𬭊", "李𬭊"),
        ("阿卜杜热依木·麦麦提", "阿卜杜热依木·麦麦提"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('A<b>:"/\\|?*', "A_b________"),
        ("Zoë \t Nguyễn ", "Zoë   Nguyễn"),
        ("a\u202egpj.\x00", "agpj"),
    ],
)
def test_as_it_reads(holder: str, name: str) -> None:
    assert file_name(SERIAL, holder) == f"{SERIAL}-{name}.pdf"


@given(st.text(max_size=300))
def test_fit_for_every_system(holder: str) -> None:
    name = file_name(SERIAL, holder)
    assert name.startswith(SERIAL)
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 160
    assert not set(name) & set('<>:"/\\|?*\x00\r\n')
    assert ".." not in name.removeprefix(SERIAL).lstrip("-")[:2]
