"""Bytes to text: UTF-8 unless the file says otherwise, and words on what it seems to be where it is neither."""

from __future__ import annotations

import codecs
import re

from app.core.errors import N_
from question_bank.formats.values import Unreadable

MOST_TEXT_BYTES = 64 * 2**20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_XML_HEAD = re.compile(r"\s*<\?xml[^>]{0,400}\?>")
_XML_ENCODINGS = frozenset(
    [
        *("utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"),
        *("gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-kr"),
    ]
)
_GUESSES = (("gb18030", "GBK/GB18030"), ("big5", "Big5"), ("shift_jis", "Shift_JIS"))
_HAN = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_SAMPLE = 200_000


def decoded(content: bytes) -> str:
    """The text of a file that declares nothing but perhaps a byte order mark; newlines as \\n."""
    _refuse_too_long(content)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise _not_utf8(content, error) from None
    return _clean(text, content)


def decoded_xml(content: bytes) -> str:
    """The text of an XML file without its declaration, whose encoding it was read by."""
    _refuse_too_long(content)
    if any(content.startswith(mark) for mark, _ in _MARKS):
        text = decoded(content)
    else:
        match = _DECLARED.match(content.lstrip()[:400])
        declared = match[1].decode("ascii").lower() if match else "utf-8"
        if declared not in _XML_ENCODINGS:
            raise Unreadable(N_("The file says it is written in %(encoding)s; save it as UTF-8."), encoding=declared)
        try:
            text = _clean(content.decode("gb18030" if declared in ("gb2312", "gbk") else declared), content)
        except UnicodeDecodeError as error:
            raise _not_utf8(content, error) from None
    return _XML_HEAD.sub("", text, count=1)


_OTHER_ENCODING = N_(
    "The file is not UTF-8 from here on; it seems to be %(encoding)s. Open it in an editor, "
    "choose “Save as” with the encoding UTF-8, and try again."
)


def _nul(content: bytes, line: int) -> Unreadable:
    """Two bytes for every sign and no mark in front: Windows calls that Unicode."""
    sample = content[:_SAMPLE]
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(codec, errors="replace")
        known = sum(1 for sign in text if sign in "\r\n\t" or " " <= sign <= "~" or _HAN.match(sign))
        if known >= 0.9 * len(text):
            return Unreadable(_OTHER_ENCODING, 1, encoding="UTF-16")
    return Unreadable(N_("The file holds a NUL character here; it is damaged or no text file."), line)


def _clean(text: str, content: bytes) -> str:
    if "\x00" in text:
        raise _nul(content, text.count("\n", 0, text.index("\x00")) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_too_long(content: bytes) -> None:
    if len(content) > MOST_TEXT_BYTES:
        message = N_("The file is larger than %(most)s MB; split it.")
        raise Unreadable(message, most=MOST_TEXT_BYTES // 2**20)


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> Unreadable:
    """Names the encoding it seems to be: the one in which a sample of it is mostly Chinese."""
    line = content[: error.start].count(b"\n") + 1
    sample = content[max(0, error.start - 100) :][:_SAMPLE]
    if b"\x00" in sample:
        return _nul(content, line)
    for codec, name in _GUESSES:
        text = sample.decode(codec, errors="replace")
        signs = [sign for sign in text if ord(sign) > 127]
        if signs and text.count("\ufffd") <= len(text) // 100 and len(_HAN.findall(text)) >= 0.8 * len(signs):
            return Unreadable(_OTHER_ENCODING, line, encoding=name)
    return Unreadable(N_("The file is not UTF-8 from here on; save it as UTF-8."), line)
