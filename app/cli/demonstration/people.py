"""Invented people: varied names, and identity numbers of a district that no card was ever issued for."""

from __future__ import annotations

from datetime import date, timedelta

from app.registration.identity import check_digit

_RARE = ("李𬭊", "王𠮷", "张㛃", "赵䶮", "陈𫖯", "欧阳喆芃")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
_GIVEN_PAIRS = (
    "静怡志强雨桐建国思远晓燕子轩丽华明哲佳慧文博秀兰浩然梦洁国栋欣妍俊杰春梅宇航雅婷"
    "海涛若曦永强诗涵立新嘉怡振华美玲天佑晓彤鹏飞慧敏卫东语嫣家豪玉珍一鸣婉清少华紫萱"
)
_GIVEN = tuple(_GIVEN_PAIRS[place : place + 2] for place in range(0, len(_GIVEN_PAIRS), 2))
_DISTRICT = "110000"
_FIRST_BIRTH = date(1976, 1, 1)
_DAYS = 11_000

EMPLOYERS = ("远航客服中心", "晨光商城客户服务部", "城市热线服务站", "云桥在线客服", "安心保险客户中心")
SCHOOLS = ("滨江职业技术学校", "东湖中等专业学校")
BODY = "评价项目中心"
STAFF_NAMES = ("许明远", "何佩珊", "杜立群", "范雪莹", "石光宇", "钟晓岚", "傅国平", "姚静文")


def candidate_name(index: int) -> str:
    """Every tenth carries a rare character, beginning with the third, so that a small demonstration has one too."""
    if index % 10 == 2:
        return _RARE[index // 10 % len(_RARE)]
    return _SURNAMES[index * 7 % len(_SURNAMES)] + _GIVEN[(index * 11 + index // len(_SURNAMES)) % len(_GIVEN)]


def staff_name(index: int) -> str:
    if index < len(STAFF_NAMES):
        return STAFF_NAMES[index]
    return _SURNAMES[index * 3 % len(_SURNAMES)] + _GIVEN[index * 7 % len(_GIVEN)]


def identity_number(person: int) -> str:
    """Well-formed and different for every account number up to eleven million."""
    born = _FIRST_BIRTH + timedelta(days=person % _DAYS)
    first_17 = f"{_DISTRICT}{born:%Y%m%d}{person // _DAYS % 1000:03}"
    return first_17 + check_digit(first_17)
