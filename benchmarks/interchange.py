"""Import of 20,000 items from a workbook, reading and keeping, beside reading the bare cells in the same run.

python -m benchmarks.interchange [ITEMS]
"""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from python_calamine import CalamineWorkbook

from app.config import Settings
from app.core.audit import SYSTEM
from app.core.db import db
from app.factory import create_app
from app.schemes.scheme import scheme
from benchmarks.store import LEVEL, SCHEME, prepared
from question_bank.bank_item import BankItem
from question_bank.interchange import read_upload, write
from question_bank.items import keep_items

ITEMS = 20_000


def bank(count: int) -> list[BankItem]:
    """Single-choice items as long as those of the starter bank, spread over the level's rows."""
    rows = scheme(SCHEME).level(LEVEL).theory.rows
    rows = tuple(row for row in rows if row.contents)
    reason = "先核对客户身份，再按知识库答复，答不了的登记转办并约定回电时间。" * 3
    first = BankItem(
        id="", scheme=SCHEME, level=LEVEL, row=rows[0].no, content=rows[0].contents[0], type="single", point="应答",
        difficulty=Decimal("0.65"), stem="", key=("B",), rationale=reason, source="标准 3.1（五）",
        options={"A": "请客户自行上网查询", "B": "核对身份后查询并说明", "C": "转给其他同事", "D": "请客户改日再来电"},
        author="题库编写组", status="起始题库", feedback={"A": "把问题推回给客户。", "C": "无故转接。"},
    )  # fmt: skip
    return [
        replace(first, id=f"BM-{number:05d}", stem=f"客户第{number}次来电查询账单，座席最恰当的做法是哪一项？",
                row=row.no, content=row.contents[number % len(row.contents)])
        for number in range(count) for row in [rows[number % len(rows)]]
    ]  # fmt: skip


def measure(env: Mapping[str, str], count: int) -> None:
    app = create_app(Settings.from_env(env))
    began = time.perf_counter()
    written = write("excel", bank(count))
    wrote = time.perf_counter()
    with CalamineWorkbook.from_filelike(io.BytesIO(written.content)) as book:
        book.get_sheet_by_index(0).to_python()
    bare = time.perf_counter()
    found = read_upload(written.name, written.content)
    read = time.perf_counter()
    assert not found.problems
    assert len(found.items) == count
    with app.app_context():
        kept = keep_items(db.session(), SYSTEM, [one.item for one in found.items])
        db.session.commit()
        stored = time.perf_counter()
        again = keep_items(db.session(), SYSTEM, [one.item for one in found.items])
        db.session.rollback()
        unchanged = time.perf_counter()
        db.session.remove()
        db.engine.dispose()
    assert (kept.new, again.unchanged) == (count, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"workbook of {count:,} items, {len(written.content) / 2**20:.1f} MB")
    print(f"  bare cells, nothing checked   {bare - wrote:6.2f} s")
    print(f"  read and checked              {read - bare:6.2f} s")
    print(f"  kept in the bank              {stored - read:6.2f} s")
    print(f"  import in all                 {stored - bare:6.2f} s")
    print(f"  the same once more, unchanged {unchanged - stored:6.2f} s")
    print(f"  written                       {wrote - began:6.2f} s")
    print(f"  most memory of the process    {peak:6.0f} MB")


def main(count: int = ITEMS) -> None:
    with prepared(1) as store:
        measure(store.env, count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
