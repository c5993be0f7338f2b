"""The words of a letter about a decision, in Chinese and in English: what was decided, why, from when, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates.papers.letter.notice import Notice

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TITLES = {
    "issued": ("水平评价证书签发通知书", "Notice of Issue"),
    "suspended": ("水平评价证书暂停通知书", "Notice of Suspension"),
    "reinstated": ("水平评价证书恢复通知书", "Notice of Reinstatement"),
    "revoked": ("水平评价证书撤销通知书", "Notice of Withdrawal"),
    "replaced": ("水平评价证书换发通知书", "Notice of Replacement"),
    "renewed": ("水平评价证书续期通知书", "Notice of a New Term"),
}
GROUNDS = {
    "irregularity": ("考试违纪或程序异常", "irregularity in the examination"),
    "false_evidence": ("申报材料不实或缺失", "false or missing evidence"),
    "issued_in_error": ("签发有误", "issued in error"),
    "holder_request": ("持证人申请", "request of the holder"),
    "under_review": ("正在复核", "under review"),
    "unstated": ("未列明", "not stated"),
    "name_corrected": ("姓名更正", "correction of the name"),
    "renewed": ("有效期续展", "renewal of the term"),
    "earned_anew": ("有效期届满后重新考核合格", "both parts passed again after the term had ended"),
}
_DECISIONS = {
    "issued": (
        "您已达到该等级的全部要求，自{day}起签发上述证书。",
        "You have met all requirements of this level. The certificate named above is issued as of {day}.",
    ),
    "suspended": (
        "自{day}起暂停上述证书的效力。",
        "The certificate named above is suspended as of {day}.",
    ),
    "reinstated": (
        "自{day}起恢复上述证书的效力。",
        "The certificate named above is valid again as of {day}.",
    ),
    "revoked": (
        "自{day}起撤销上述证书。",
        "The certificate named above is withdrawn as of {day}.",
    ),
    "replaced": (
        "自{day}起为您换发证书，新证书编号为 {successor}；上述证书同时标注为“已换发”，不再使用。",
        "As of {day} a new certificate, No. {successor}, takes the place of the one named above, which is marked as "
        "replaced and no longer used.",
    ),
    "renewed": (
        "自{day}起为您签发新一期证书，新证书编号为 {successor}；上述证书同时标注为“已换发”，不再使用。",
        "As of {day} a certificate with a new term, No. {successor}, takes the place of the one named above, which is "
        "marked as replaced and no longer used.",
    ),
}
_FOLLOWS = {
    "issued": (
        "证书为电子证书，请登录报名系统下载并妥善保存。任何人均可凭证书编号、二维码或证书文件查验其真伪和当前状态。",
        "The certificate is an electronic document: log in to download it and keep the file. Anyone can verify it by "
        "its number, its code or its file.",
    ),
    "suspended": (
        "暂停期间，该证书不证明任何事项，请勿使用；他人查验时将看到“已暂停”及上述理由类别，不会看到具体说明。"
        "暂停不是最终决定：核查结束后，本机构将另行通知恢复或撤销。",
        "While it is suspended, the certificate proves nothing; please do not use it. Whoever verifies it sees that it "
        "is suspended and the kind of reason, not the words given here. A suspension is not final: you will hear from "
        "us whether it ends or the certificate is withdrawn.",
    ),
    "reinstated": (
        "您可以继续使用该证书，无需重新下载；证书内容和编号不变。",
        "You may use the certificate again. Its file and its number are the same as before.",
    ),
    "revoked": (
        "撤销是最终决定，该证书自即日起不再证明任何事项，请停止使用并删除其电子文件和打印件；"
        "他人查验时将看到“已撤销”及上述理由类别，不会看到具体说明。",
        "A withdrawal is final. The certificate no longer proves anything: please stop using it and destroy its file "
        "and all prints. Whoever verifies it sees that it was withdrawn and the kind of reason, not the words given "
        "here.",
    ),
    "replaced": (
        "请登录报名系统下载新证书，此后使用新证书；原证书查验时显示“已换发”并指向新证书。"
        "考核成绩、等级和有效期不受影响。",
        "Please log in to download the new certificate and use it from now on. Whoever verifies the old one is told "
        "that it was replaced and by which. Results, level and term are not affected.",
    ),
    "renewed": (
        "请登录报名系统下载新证书，此后使用新证书；原证书查验时显示“已换发”并指向新证书。",
        "Please log in to download the new certificate and use it from now on. Whoever verifies the old one is told "
        "that it was replaced and by which.",
    ),
}
_OBJECTION = (
    "如对本决定有异议，您可自本决定作出之日起{days}日内（截至{until}）以书面形式向本机构提出，"
    "写明本通知书编号、事实和理由，并附有关材料。异议由未参与本决定的人员复核，结果书面答复。异议期间，本决定照常执行。",
    "You may object in writing within {days} days of this decision, until {until}. Name the number of this notice, the "
    "facts and your reasons, and enclose what supports them. Somebody who had no part in this decision reviews it and "
    "answers in writing. Until then the decision stands.",
)
_NO_WORDS = ("无补充说明。", "Nothing further was stated.")
_ORDINARY = (
    "经考核，理论知识与操作技能均合格。",
    "The theory examination and the practical assessment were both passed.",
)
DEMONSTRATION = ("演示：本通知书不产生任何效力", "DEMONSTRATION: this notice has no effect")


@dataclass(frozen=True)
class Words:
    """One language of a letter, ready to be set."""

    title: str
    number: str
    greeting: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]
    code: str
    foot: str
    demonstration: str


def day(value: date, language: int) -> str:
    if language == 0:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def words(one: Notice, language: int) -> Words:
    """0 is Chinese, 1 is English."""
    return (_chinese, _english)[language](one)


def _chinese(one: Notice) -> Words:
    return Words(
        title=TITLES[one.kind][0],
        number=f"通知书编号：{one.number}",
        greeting=f"{one.holder}：",
        opening="就您的水平评价证书，本机构作出如下决定，现通知您。",
        facts=(
            ("持证人", one.holder), ("评价项目", one.scheme[0]), ("等级", one.level[0]), ("证书编号", one.serial),
            ("发证日期", day(one.issued_on, 0)), *((("有效期至", day(one.expires_on, 0)),) if one.expires_on else ()),
        ),
        sections=tuple(zip(("一、决定", "二、理由", "三、后果", "四、异议"), _sections(one, 0), strict=True)),
        closing=(one.issuer, *((f"决定人：{one.decider}",) if one.decider else ()), day(one.decided_on, 0)),
        code="扫码查验证书当前状态",
        foot=f"{TITLES[one.kind][0]} {one.number}",
        demonstration=DEMONSTRATION[0] if one.demonstration else "",
    )  # fmt: skip


def _english(one: Notice) -> Words:
    return Words(
        title=TITLES[one.kind][1],
        number=f"Notice No. {one.number}",
        greeting=f"{one.holder},",
        opening="About your certificate of competence we have decided as follows. Should the two languages differ, the "
        "Chinese text holds.",
        facts=(
            ("Holder", one.holder), ("Assessment", one.scheme[1]), ("Level", one.level[1]),
            ("Certificate No.", one.serial), ("Issued", day(one.issued_on, 1)),
            *((("Valid until", day(one.expires_on, 1)),) if one.expires_on else ()),
        ),
        sections=tuple(
            zip(("1. Decision", "2. Reasons", "3. What follows", "4. Objection"), _sections(one, 1), strict=True)
        ),
        closing=(one.issuer, *((f"Decided by {one.decider}",) if one.decider else ()), day(one.decided_on, 1)),
        code="Scan to see what the certificate is worth today",
        foot=f"{TITLES[one.kind][1]}  {one.number}",
        demonstration=DEMONSTRATION[1] if one.demonstration else "",
    )  # fmt: skip


def _sections(one: Notice, language: int) -> tuple[str, str, str, str]:
    decision = _DECISIONS[one.kind][language].format(day=day(one.decided_on, language), successor=one.successor)
    objection = _OBJECTION[language].format(days=one.objection_days, until=day(one.objections_until, language))
    return f"{decision}{_more(one, language)}", _why(one, language), _FOLLOWS[one.kind][language], objection


def _more(one: Notice, language: int) -> str:
    said = []
    if one.kind == "issued" and one.predecessor:
        said.append((f"本证书接替编号为 {one.predecessor} 的证书。", f" It takes the place of No. {one.predecessor}."))
    if one.kind == "replaced" and one.new_holder != one.holder:
        said.append((f"新证书所载姓名为：{one.new_holder}。", f" The new certificate bears the name {one.new_holder}."))
    if one.kind == "renewed" and one.new_term:
        said.append((f"新证书有效期至{day(one.new_term, 0)}。", f" It is valid until {day(one.new_term, 1)}."))
    return "".join(text[language] for text in said)


def _why(one: Notice, language: int) -> str:
    """The kind of reason, and then the words of whoever decided, as they were said."""
    if one.kind == "issued" and not one.reason:
        return _ORDINARY[language]
    colon, stop = ("：", "。") if language == 0 else (": ", ". ")
    kind = (
        f"{('理由类别', 'Kind of reason')[language]}{colon}{GROUNDS[one.ground][language]}{stop}" if one.ground else ""
    )
    if not one.reason:
        return kind or _NO_WORDS[language]
    return f"{kind}{('具体说明', 'In words')[language]}{colon}{one.reason}"
