"""Acts by their present names, and articles that they have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.numerals import chinese_number
from question_bank.lint.texts import fields, told_field

ARTICLES = {
    "民法典": 1260,
    "刑法": 452,
    "消费者权益保护法": 63,
    "消费者权益保护法实施条例": 53,
    "个人信息保护法": 74,
    "数据安全法": 55,
    "网络安全法": 81,
    "反电信网络诈骗法": 50,
    "电子商务法": 89,
    "电子签名法": 36,
    "电信条例": 81,
    "广告法": 75,
    "价格法": 48,
    "反不正当竞争法": 41,
    "产品质量法": 74,
    "食品安全法": 154,
    "劳动法": 107,
    "劳动合同法": 98,
    "劳动合同法实施条例": 38,
    "劳动争议调解仲裁法": 54,
    "社会保险法": 98,
    "职业病防治法": 88,
    "安全生产法": 119,
    "消防法": 74,
    "道路交通安全法": 124,
    "保险法": 185,
    "旅游法": 112,
    "精神卫生法": 85,
    "未成年人保护法": 132,
    "妇女权益保障法": 86,
    "女职工劳动保护特别规定": 16,
    "职工带薪年休假条例": 10,
    "工资支付暂行规定": 20,
    "最低工资规定": 15,
    "党政机关公文处理工作条例": 42,
}
"""How many articles each has in its present version: nothing beyond can be cited."""

REPLACED = {
    "合同法": "民法典",
    "物权法": "民法典",
    "担保法": "民法典",
    "婚姻法": "民法典",
    "继承法": "民法典",
    "收养法": "民法典",
    "侵权责任法": "民法典",
    "民法通则": "民法典",
    "民法总则": "民法典",
    "工商行政管理局": "市场监督管理局",
    "工商行政管理部门": "市场监督管理部门",
    "工商局": "市场监督管理局",
    "质监局": "市场监督管理局",
    "信息产业部": "工业和信息化部",
    "银监会": "国家金融监督管理总局",
    "保监会": "国家金融监督管理总局",
    "银保监会": "国家金融监督管理总局",
}
_ACTS = "|".join(sorted(map(re.escape, ARTICLES), key=len, reverse=True))
_ARTICLE = r"第?[〇零一二三四五六七八九十百千\d]+条?"
_CITED = re.compile(rf"(?P<act>{_ACTS})[》\s]*(?P<articles>第{_ARTICLE[2:]}(?:\s*[、和及与至]\s*{_ARTICLE})*)")
_NUMBERS = re.compile(r"[〇零一二三四五六七八九十百千]+|\d+")
_OLD = re.compile(rf"(?<!劳动)(?<![\u4e00-\u9fff]银)({'|'.join(sorted(REPLACED, key=len, reverse=True))})(?!官)")
_TOLD_AS_OLD = re.compile(r"已废止|已由|取代|替代|废止|失效")


def check(item: BankItem) -> Iterator[Mark]:
    for name, text in (*fields(item), ("source", item.source)):
        yield from in_text(text, told_field(name))


def in_text(text: str, name: str) -> Iterator[Mark]:
    for cited in _CITED.finditer(text):
        last = ARTICLES[cited["act"]]
        for number in map(chinese_number, _NUMBERS.findall(cited["articles"])):
            if not 1 <= number <= last:
                message = N_("%(act)s has %(last)s articles; %(field)s cites article %(article)s.")
                params = {"act": cited["act"], "last": last, "article": number, "field": name}
                yield Mark("law_article", message, params)
    for old in _OLD.finditer(text):
        now = REPLACED[old[1]]
        before, after = text[: old.start()].rstrip("《"), text[old.end() : old.end() + 12]
        if now not in text and not before.endswith(("原", "曾")) and not _TOLD_AS_OLD.search(after):
            message = N_("“%(old)s” (%(field)s) is a name of the past; today it is %(now)s.")
            yield Mark("law_replaced", message, {"old": old[1], "now": now, "field": name})
