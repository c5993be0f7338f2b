"""The fixed words of a printed rubric sheet: Chinese, and English beside it."""

from __future__ import annotations

TITLE, TITLE_EN = "操作技能考核评分表", "Rubric Sheet of the Practical"
DEMONSTRATION = "演示数据，不作为考试依据  Demonstration data, no evidence of any examination"
FACTS = {
    "scheme": "评价标准 Scheme",
    "level": "等级 Level",
    "version": "评分表版本 Version",
    "session": "场次 Session",
    "seat": "座位号 Seat",
    "candidate": "考生 Candidate",
    "place": "评分身份 Marking as",
    "rater": "评分人 Marked by",
}
HOW = (
    "在所选等次前的方框内打勾，并填写得分；得分须落在该等次的分数段内，以 {step} 分为最小单位。"
    "Tick the box of the band and enter points within it, in steps of {step}."
)
CRITERION, POINTS, NOTE = "评分要点 Criterion", "得分\nPoints", "备注 Note"
AREA = "{name}（{points} 分）"
CRITICAL = "★ 关键项 critical：{threshold}"
BELOW, NONE_AT_ALL = "低于 {below} 分即未达到", "得 0 分即未达到"
CRITICAL_NOTE = (
    "标 ★ 的关键项未达到的，无论总分多少，操作技能均不合格。"
    "A missed criterion marked ★ fails the practical, whatever the total."
)
DEDUCTIONS = "扣分 Deductions"
DEDUCTION_HEAD = ("扣分项 What for", "每次扣分 Each", "最多次数 At most", "次数 Times", "扣分 Points off")
TOTAL = "合计 Total"
TOTALS = ("得分合计 Points", "扣分合计 Deductions", "总分 Total")
SIGN = ("签名 Signature", "日期 Date")
EMPTY_BOX, TICKED_BOX = "□", "■"
SELF_RATER, OTHER_RATER = "自评 Self", "{name} Rater"
ORDERS = {
    "first": "第一考评员 First examiner",
    "second": "第二考评员 Second examiner",
    "third": "第三考评员 Third examiner",
}
OWN_VERSION, FORM_VERSION = "标准所附评分表 As in the scheme", "第 {number} 版 Version {number}"
FOOT = "{level} {version}  {who}  第 {page} 页，共 {pages} 页  Page {page} of {pages}"
NUMBER = "评分表编号 Sheet number"
