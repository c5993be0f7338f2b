"""A recording is known by its make; what only begins like one is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.marking.sounds import sound_type
from tests.factories import sounds

ALL = {
    "audio/wav": sounds.wav(), "audio/ogg": sounds.ogg(), "audio/flac": sounds.flac(), "audio/mpeg": sounds.mp3(),
    "audio/webm": sounds.webm(), "audio/mp4": sounds.mp4(),
}  # fmt: skip
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(("kind", "data"), ALL.items())
def test_each_make_is_known(kind: str, data: bytes) -> None:
    assert sound_type(data) == kind


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("audio/ogg", sounds.ogg(b"\x01vorbis")), ("audio/mpeg", sounds.mp3(tag=300)),
        ("audio/mpeg", b"ID3\x04\0\0\0\0\0\0" + bytes(700) + sounds.mp3()), ("audio/webm", sounds.webm(b"A_VORBIS")),
    ],
)  # fmt: skip
def test_so_are_their_kin(kind: str, data: bytes) -> None:
    assert sound_type(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"", PAGE, sounds.wav(0), b"RIFF\x24\0\0\0WAVEfmt " + bytes(32), b"OggS" + PAGE, b"OggS\0" + PAGE * 3,
        sounds.ogg(b"\x80theora"), b"fLaC" + PAGE, b"ID3\x04\0\0\0\0\0\x0a" + PAGE * 9, b"\xff\xfb" + PAGE,
        b"\xff\xfb\x90\x00" + PAGE * 30, b"\0\0\0\x18ftypM4A " + PAGE, sounds.mp4(b"vide"), sounds.webm(b"V_VP8A_OPUS"),
        b"\x1aE\xdf\xa3webmA_OPUS" + PAGE, b"PK\x03\x04" + bytes(60), b"<svg/>",
    ],
)  # fmt: skip
def test_what_only_begins_like_one_is_none(data: bytes) -> None:
    assert sound_type(data) is None


@given(st.sampled_from(sorted(ALL)), st.integers(0, 500), st.binary(max_size=40))
def test_a_torn_file_is_judged_without_an_accident(kind: str, length: int, tail: bytes) -> None:
    assert sound_type(ALL[kind][:length] + tail) in {None, *ALL}
