"""The signs of GIFT: what is escaped, where a question begins and ends, what stands in its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

_ESCAPE = re.compile(r"[\\~=#{}:]")
_ESCAPED = re.compile(r"\\([\\~=#{}:n>])")
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_OPENS = re.compile(r"\s*[~=}#]")
_KEPT_IN_TAGS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "%[]<>`\\")


@dataclass
class Block:
    """One question as it stands in the file, with what its comments say."""

    line: int
    text: str = ""
    code: str = ""
    tags: list[str] = field(default_factory=list)


def escaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\\" + match[0], text).replace("\n", "\\n")


def unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], text)


def comment(code: str, words: Mapping[str, str]) -> str:
    """[id:…] and one [tag:…] for each field, in the form Moodle reads."""
    tags = "".join(f" [tag:{name}:{_tag(value)}]" for name, value in words.items())
    return f"// [id:{code}]{tags}"


def _tag(value: str) -> str:
    """Letters of all languages as they are; what tags cannot hold as in addresses."""
    return "".join(
        sign if sign in _KEPT_IN_TAGS or (ord(sign) > 160 and sign.isprintable()) or sign == " " else quote(sign)
        for sign in value
    )


def tag_value(text: str) -> str:
    return unquote(text)


def find(text: str, signs: str, start: int = 0) -> int:
    """The first of these signs that is not escaped; -1 for none."""
    place = start
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] in signs:
            return place
        place += 1
    return -1


def split(text: str, sign: str) -> list[str]:
    """At every sign that is not escaped."""
    parts, start = [], 0
    while (place := find(text, sign, start)) >= 0:
        parts.append(text[start:place])
        start = place + 1
    return [*parts, text[start:]]


def blocks(text: str) -> Iterator[Block]:
    """Questions are set apart by blank lines; one whose brace is still open goes on after it."""
    lines = text.split("\n")
    block, said, code, tags, brace = Block(0), list[str](), "", list[str](), _Brace()
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if bare.startswith("//"):
            code = next((_plain(one) for one in _ID.findall(bare)), code)
            tags += [_plain(one) for one in _TAG.findall(bare)]
        elif bare:
            if not said:
                block = Block(number, "", code, tags)
                code, tags, brace = "", [], _Brace()
            said.append(line)
            brace.read(line)
        elif said and not (brace.open and _goes_on(lines[number : number + 3])):
            block.text, said = "\n".join(said), []
            yield block
    if said:
        block.text = "\n".join(said)
        yield block


class _Brace:
    """Whether the question's brace stands open, found out line by line."""

    def __init__(self) -> None:
        self.open = self.closed = False

    def read(self, line: str) -> None:
        start = 0
        if not self.open and not self.closed:
            start = find(line, "{")
            self.open = start >= 0
        if self.open and find(line, "}", start) >= 0:
            self.open, self.closed = False, True


def _plain(text: str) -> str:
    return text.replace("\\]", "]").strip()


def _goes_on(following: list[str]) -> bool:
    """Whether the next line that says anything is an answer."""
    after = next((line for line in following if line.strip()), "")
    return bool(_OPENS.match(after))
