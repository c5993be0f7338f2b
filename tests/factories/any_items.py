"""Items of every type with everything an item can carry, as hypothesis thinks of them."""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import strategies as st

from question_bank.bank_item import BankItem
from question_bank.item_content import Criterion
from question_bank.item_text import GAP, pictures
from question_bank.stimuli import Media, Stimulus

SIGNS = "甲乙丙丁（）：；、。，？！“”‘’…—《》aZ09 ~-+@:#'\"[]{}&*!|>%`,.?/\\<=_$^\n\u3000\u00a0\U00020000é²x"
ODD = [
    "=1+1", "+86 10", "-5", "@here", "]]>", "<b>x</b>", "&amp;nbsp;", "{}~=#:\\", "{1:SHORTANSWER:=x}", "a -> b",
    "C:\\new",
    "%50%half", "[html]x", "// no comment", "::name::", "$CATEGORY: x", "ANSWER: B", "A. 甲", "#5", "####", "TRUE", "T",
    "1.50",
    "**粗体**字", "a\n\nb", "  a  b", "| a | b |\n|---|---|\n| 1 | 2 |", "* ", "x\\", "_x0041_", "<!-- x -->",
    "a|b", "\\n",
    "—— 5 °C ± 0.5", "（2 分）", "•  点", "1. 一", "<img src=x>", "&#123;", "[tag:x]", "[id:y]",
]  # fmt: skip
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 8
PLACES = [("一", "职业素养"), ("五", "客户服务技巧"), ("六", "客户营销技巧")]
NAMES = ["pic.png", "图1.png", "img/a.png", "b+c.png"]

words = (st.text(st.sampled_from(SIGNS), min_size=1, max_size=24) | st.sampled_from(ODD)).map(str.strip)
words = words.filter(lambda text: bool(text) and not pictures(text))
plain = words.filter(lambda text: not GAP.search(text))
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True)


@st.composite
def shown(draw: st.DrawFn, text: st.SearchStrategy[str] = plain) -> str:
    """Text with our markup in it, perhaps with a picture."""
    found = draw(text)
    if draw(st.integers(0, 5)) == 0:
        name = draw(st.sampled_from(NAMES))
        found = f"{found}![{draw(st.sampled_from(['', '示意图', 'a b']))}]({name})"
    return found


def media_for(*texts: str) -> dict[str, Media]:
    """Under every name another picture."""
    names = dict.fromkeys(name for text in texts for name in pictures(text))
    return {name: Media(name, PNG + name.encode()) for name in names}


@st.composite
def stimuli(draw: st.DrawFn, code: str) -> Stimulus:
    sound = draw(st.booleans())
    text = draw(shown()) if not sound or draw(st.booleans()) else ""
    media = media_for(text)
    if sound:
        media["call.mp3"] = Media("call.mp3", MP3)
    return Stimulus(
        code, draw(plain), text, "call.mp3" if sound else "", draw(st.integers(1, 9)) if sound else 0, media
    )


@st.composite
def bodies(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Stem, options, key, feedback and criteria that agree."""
    if kind == "truefalse":
        return {"stem": draw(shown()), "key": (draw(st.sampled_from("TF")),)}
    if kind == "open":
        points = st.decimals("0.5", "100", places=1)
        criterion = st.builds(Criterion, plain, points)
        return {"stem": draw(shown()), "key": (), "criteria": tuple(draw(st.lists(criterion, min_size=1, max_size=3)))}
    if kind == "fill":
        gaps = draw(st.integers(1, 3))
        segment = plain.filter(lambda text: "_" not in text and "＿" not in text)
        stem = "____".join(draw(segment) for _ in range(gaps + 1))
        form = words.filter(lambda text: "|" not in text and len(text) < 40)
        entry = st.lists(form, min_size=1, max_size=3, unique=True).map(" | ".join)
        return {"stem": stem, "key": tuple(draw(entry) for _ in range(gaps))}
    texts = draw(st.lists(shown(), min_size=3, max_size=6, unique=True))
    if kind == "matching":
        left = draw(st.integers(2, len(texts) - 1)) if len(texts) > 3 else 2
        others = draw(st.lists(words.filter(lambda text: text not in texts), min_size=2, max_size=4, unique=True))
        options = {str(number): text for number, text in enumerate(texts[:left], 1)} | dict(
            zip("ABCD", others, strict=False)
        )
        letters = list("ABCD"[: len(others)])
        return {
            "stem": draw(shown()), "options": options,
            "key": tuple(f"{number}-{draw(st.sampled_from(letters))}" for number in range(1, left + 1)),
        }  # fmt: skip
    options = dict(zip("ABCDEF", texts, strict=False))
    if kind == "ordering":
        return {"stem": draw(shown()), "options": options, "key": tuple(draw(st.permutations(list(options))))}
    many = kind == "multiple"
    most = len(options) - 1 if many else 1
    right = draw(st.lists(st.sampled_from(list(options)), min_size=1 + many, max_size=most, unique=True))
    wrong = [one for one in options if one not in right]
    feedback = {one: draw(plain) for one in wrong if draw(st.booleans())}
    return {"stem": draw(shown()), "options": options, "key": tuple(sorted(right)), "feedback": feedback}


@st.composite
def items(draw: st.DrawFn, kind: str, code: str, stimulus: Stimulus | None, enemies: frozenset[str]) -> BankItem:
    row, content = draw(st.sampled_from(PLACES))
    body = draw(bodies(kind))
    return BankItem(
        id=code, scheme="PTS152010301-01", level="junior", row=row, content=content, type=kind,
        point=draw(plain.map(lambda text: text[:40])), difficulty=draw(st.decimals("0.001", "0.999", places=3)),
        rationale=draw(plain), source=draw(plain), author=draw(st.just("") | plain), reviewer=draw(st.just("") | plain),
        status=draw(st.just("") | plain), seconds=draw(st.integers(1, 3600)), case=draw(st.booleans()),
        stimulus=stimulus, enemies=enemies,
        media=media_for(body["stem"], *body.get("options", {}).values()), **body,
    )  # fmt: skip


@st.composite
def banks(draw: st.DrawFn, kinds: tuple[str, ...]) -> list[BankItem]:
    """A few items, some of them sharing a stimulus, some of them enemies."""
    listed = draw(st.lists(codes, min_size=1, max_size=4, unique_by=str.casefold))
    shared = draw(stimuli("S-1")) if draw(st.booleans()) else None
    found = []
    for place, code in enumerate(listed):
        enemies = frozenset(listed[:place][-1:]) if draw(st.booleans()) else frozenset[str]()
        stimulus = shared if draw(st.booleans()) else None
        found.append(draw(items(draw(st.sampled_from(kinds)), code, stimulus, enemies)))
    return found
