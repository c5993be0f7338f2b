"""A bank with every type of item that gives exactly one paper of the demonstration scheme, as values and as rows."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from question_bank.bank_item import BankItem
from question_bank.item_types import Criterion
from question_bank.items import keep_items
from question_bank.stimuli import Media, Stimulus
from tests.factories import theory
from tests.factories.items import EXAMPLE
from tests.factories.theory import Sitting

OF = ("TYPES-DEMO", "demo")
PLAYS = 2
SECRETS = ("why it is so", "accepted form", "told to nobody", "credit for this")
"""Words that stand only in keys, reasons, criteria and names of files."""
BASE = replace(
    EXAMPLE, scheme=OF[0], level=OF[1], row="样", content="题型体验", point="判断", rationale=SECRETS[0], feedback={}
)
STEPS = {"A": "核实来电者身份", "B": "听清并复述诉求", "C": "给出处理办法与时限", "D": "确认满意并道别"}
CASE_TEXT = """某中心上午三个时段的数据如下：
| 时段 | 来电数 | 30 秒内接起 | 放弃 |
|---|---|---|---|
| 9:00–10:00 | 120 | 96 | 6 |
| 10:00–11:00 | 150 | 105 | 18 |
| 11:00–12:00 | 90 | 81 | 2 |
班长据此安排下午的班次，**不能再增加人手**。"""


@cache
def tone(seconds: float = 0.6) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        places = range(int(8000 * seconds))
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(place * 0.35))) for place in places))
    return kept.getvalue()


@cache
def chart() -> bytes:
    image = Image.new("RGB", (360, 180), "white")
    draw = ImageDraw.Draw(image)
    for place, height in enumerate((60, 120, 90, 40)):
        draw.rectangle((40 + 80 * place, 160 - height, 90 + 80 * place, 160), fill="#0f4c5c")
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def case() -> Stimulus:
    return Stimulus("KD-case", "上午的接通情况", CASE_TEXT)


def recording() -> Stimulus:
    sound = Media("told-to-nobody.wav", tone())
    return Stimulus("KD-sound", "客户的留言", "播放录音，听清客户的要求。", sound.name, PLAYS, {sound.name: sound})


def paper() -> list[BankItem]:
    """17 items, as many of each type as a paper has."""
    figure = Media("chart.png", chart())
    return [
        _one("01", "truefalse", key=("T",)),
        _one("02", "truefalse", key=("F",), stem="客户在留言中说明了订单号。", stimulus=recording()),
        _one("03", "single", stem="接通率最低的是哪个时段？", stimulus=case(), case=True),
        _one("04", "single", stem="应优先调整哪个时段的班次？", stimulus=case(), case=True),
        _one("05", "single", stem="哪一天的来电最多？\n![四天来电数的柱形图](chart.png)", media={"chart.png": figure}),
        _one("06", "single"),
        _one("07", "single"),
        _one("08", "multiple", key=("A", "C")),
        _one("09", "multiple", key=("A", "C")),
        _fill("10", "9:00–10:00 的接通率为 ____ %。", ("80 | 八十",), stimulus=case(), case=True),
        _fill("11", "请在 ____ 点以前回电，号码尾号 ____ 。", ("18 | accepted form", "0217"), stimulus=recording()),
        _fill("12", "投诉应在 ____ 小时内首次响应，", ("24 | accepted form",)),
        _one("13", "ordering", options=STEPS, key=tuple("BADC")),
        _one("14", "ordering", options=STEPS, key=tuple("ABCD")),
        _matching("15"),
        _matching("16"),
        _one("17", "open", options={}, key=(), criteria=(Criterion("credit for this", Decimal(18)),),
             stem="客户因两次重复扣费来电，情绪激动。请写出您的应对要点。"),
    ]  # fmt: skip


def bank(session: Session, items: Sequence[BankItem] = ()) -> None:
    keep_items(session, SYSTEM, list(items) or paper())


def open_sitting(session: Session) -> Sitting:
    """One candidate before an attempt on the one paper; committed."""
    bank(session)
    (sitting,) = theory.open_sitting(session, of=OF)
    return sitting


def _one(number: str, kind: str, **changes: Any) -> BankItem:
    options = {"options": {} if kind == "truefalse" else {one: f"选项 {one}（{number}）" for one in "ABCD"}}
    return replace(BASE, **({"id": f"KD-{number}", "type": kind, "stem": f"题干 {number}"} | options | changes))


def _fill(number: str, stem: str, key: tuple[str, ...], **changes: Any) -> BankItem:
    return _one(number, "fill", options={}, stem=stem, key=key, **changes)


def _matching(number: str) -> BankItem:
    options = {
        "1": "首次解决率",
        "2": "平均处理时长",
        "3": "放弃率",
        "A": "效率",
        "B": "质量",
        "C": "可及性",
        "D": "成本",
    }
    return _one(
        number, "matching", options=options, key=("1-B", "2-A", "3-C"), stem="把指标与它主要反映的方面对应起来。"
    )
