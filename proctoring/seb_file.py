"""The configuration file of Safe Exam Browser for one session, and reading the keys of files that others made."""

from __future__ import annotations

import gzip
import plistlib
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError

from app.core.errors import N_, Refusal
from proctoring.lockdown import config_key

MOST_BYTES = 2 * 1024 * 1024
"""Of a file that was uploaded, also once it is unpacked."""
GZIP, PLAIN = b"\x1f\x8b", b"plnd"
SHUT = (
    "allowDictation", "allowDictionaryLookup", "allowDisplayMirroring", "allowPreferencesWindow", "allowScreenSharing",
    "allowSiri", "allowSpellCheck", "allowSwitchToApplications", "allowVideoCapture", "allowVirtualMachine",
    "enablePrintScreen",
)  # fmt: skip
"""What the exam has no use for."""
KEPT = ("examSessionClearCookiesOnEnd", "examSessionClearCookiesOnStart", "removeBrowserProfile", "removeLocalStorage")
"""Left alone: a browser that is started again must find its unsent answers and its log-in."""

UNREADABLE = (
    ExpatError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, zlib.error, RecursionError,
)  # fmt: skip
"""What a damaged or hostile file makes its reader raise; settings within settings without end count as one."""


@dataclass(frozen=True)
class Wanted:
    """What differs from session to session."""

    start: str
    """Absolute address of the page it opens."""
    quit_hash: str = ""
    """SHA-256 of the password that ends it; anybody may end it if empty."""
    camera: bool = False


def hashed_password(password: str) -> str:
    return sha256(password.encode()).hexdigest()


def configuration(wanted: Wanted) -> dict[str, Any]:
    """Settings that hold the candidate on this server, and nothing that a server would have to keep secret."""
    host = urlsplit(wanted.start).netloc
    return {
        "sebConfigPurpose": 0,
        "startURL": wanted.start,
        "sendBrowserExamKey": True,
        "browserWindowWebView": 3,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": [{"action": 1, "active": True, "expression": f"{host}/*", "regex": False}],
        "newBrowserWindowByLinkPolicy": 0,
        "newBrowserWindowByScriptPolicy": 0,
        "browserWindowAllowReload": True,
        "showReloadButton": True,
        "showReloadWarning": True,
        "showTaskBar": True,
        "showTime": True,
        "showInputLanguage": True,
        "audioControlEnabled": True,
        "audioMute": False,
        "allowDownUploads": True,
        "allowDownloads": True,
        "allowQuit": True,
        "allowedDisplaysMaxNumber": 1,
        "browserMediaCaptureCamera": wanted.camera,
        "browserMediaCaptureMicrophone": False,
        **({"hashedQuitPassword": wanted.quit_hash} if wanted.quit_hash else {}),
        **dict.fromkeys((*SHUT, *KEPT), False),
    }


def written(config: dict[str, Any]) -> bytes:
    """The file as it is downloaded: a property list, not encrypted."""
    return plistlib.dumps(config)


def key_of_file(content: bytes) -> str:
    """The Config Key of a file that is not encrypted."""
    try:
        config = plistlib.loads(_unpacked(content), fmt=plistlib.FMT_XML)
        key = config_key(config) if isinstance(config, dict) and config else ""
    except UNREADABLE as problem:
        raise Refusal(
            "config_unreadable",
            N_("This is no configuration of Safe Exam Browser that can be read here. If it is encrypted, copy the "
               "Config Key from the configuration tool into the field for keys."),
        ) from problem  # fmt: skip
    if not key:
        raise Refusal("config_empty", N_("This file holds no settings. Choose a configuration of Safe Exam Browser."))
    return key


def _unpacked(content: bytes) -> bytes:
    """Plain, packed, or packed and marked as plain; never more than is allowed, whatever it claims to be."""
    for _ in range(3):
        if len(content) > MOST_BYTES:
            raise Refusal("config_too_large", N_("This file is too large to be a configuration of Safe Exam Browser."))
        if content.startswith(GZIP):
            with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
                content = packed.read(MOST_BYTES + 1)
        elif content.startswith(PLAIN):
            content = content.removeprefix(PLAIN)
    if len(content) > MOST_BYTES:
        raise Refusal("config_too_large", N_("This file is too large to be a configuration of Safe Exam Browser."))
    return content
