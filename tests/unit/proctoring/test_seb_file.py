"""The configuration that is handed out, and keys of files that others made."""

from __future__ import annotations

import gzip
import plistlib
from typing import Any

import pytest

from app.core.errors import Refusal
from proctoring import lockdown, seb_file
from proctoring.seb_file import Wanted

START = "https://exam.example:8443/admission?session=7"
CONFIG = seb_file.configuration(Wanted(START, seb_file.hashed_password("open sesame"), camera=True))


def test_the_file_holds_the_candidate_here_and_no_secret() -> None:
    read = plistlib.loads(seb_file.written(CONFIG))
    assert read == CONFIG
    assert (read["startURL"], read["sendBrowserExamKey"]) == (START, True)
    assert [rule["expression"] for rule in read["URLFilterRules"]] == ["exam.example:8443/*"]
    assert read["URLFilterEnable"] is read["browserMediaCaptureCamera"] is True
    assert b"open sesame" not in seb_file.written(CONFIG)


def test_what_a_restarted_browser_needs_is_left_alone() -> None:
    assert not any(CONFIG[name] for name in seb_file.KEPT)
    assert CONFIG["browserWindowAllowReload"]


def test_without_a_password_anybody_may_end_it() -> None:
    assert "hashedQuitPassword" not in seb_file.configuration(Wanted(START))


def test_sessions_have_keys_of_their_own() -> None:
    keys = {lockdown.config_key(seb_file.configuration(Wanted(f"https://a/admission?session={n}"))) for n in range(9)}
    assert len(keys) == 9


@pytest.mark.parametrize(
    "packed",
    [
        lambda xml: xml,
        gzip.compress,
        lambda xml: gzip.compress(b"plnd" + gzip.compress(xml)),
        lambda xml: b"plnd" + gzip.compress(xml),
    ],
)
def test_the_key_of_a_file_however_it_is_packed(packed: Any) -> None:
    assert seb_file.key_of_file(packed(seb_file.written(CONFIG))) == lockdown.config_key(CONFIG)


WITHIN = b"<plist version='1.0'><dict><key>a</key>%s</dict></plist>"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>
<plist version="1.0"><dict><key>a</key><string>&b;</string></dict></plist>"""


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "config_unreadable"),
        (b"no plist", "config_unreadable"),
        (WITHIN % (b"<array>" * 60_000 + b"</array>" * 60_000), "config_unreadable"),
        (WITHIN % (b"<integer>0x" + b"F" * 20_000 + b"</integer>"), "config_unreadable"),
        (b"pswd\x00\x01", "config_unreadable"),
        (b"bplist00\x00", "config_unreadable"),
        (BOMB, "config_unreadable"),
        (gzip.compress(b"\x00" * (seb_file.MOST_BYTES + 10)), "config_too_large"),
        (b"x" * (seb_file.MOST_BYTES + 1), "config_too_large"),
        (b"\x1f\x8bnot really", "config_unreadable"),
        (plistlib.dumps([1, 2]), "config_empty"),
        (plistlib.dumps({}), "config_empty"),
        (b"<plist><dict><string>x</string></dict></plist>", "config_unreadable"),
    ],
)
def test_files_that_are_none(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        seb_file.key_of_file(content)
    assert refused.value.code == code
