"""The fixed words of a practical's papers: Chinese, and English beside it."""

from __future__ import annotations

TASKS = {
    "call": "呼入接待 Incoming call",
    "complaint": "投诉处理 Complaint",
    "sale": "呼出营销 Outgoing sales call",
    "coaching": "员工辅导 Coaching",
    "briefing": "班前会 Briefing",
    "chat": "在线客服 Online chat",
    "ticket": "信息录入 Recording a case",
    "typing": "文字录入 Typing",
    "faults": "录音质检 Finding faults",
    "report": "报表分析 Reading a report",
    "roster": "排班 Making a roster",
}
DEMONSTRATION = "演示数据，不作为考试依据  Demonstration data, no evidence of any examination"
FOOT = "{title}  {session}  第 {page} 页，共 {pages} 页  Page {page} of {pages}"
NONE = "无  None"
FACTS = {
    "scheme": "评价标准 Scheme",
    "level": "等级 Level",
    "site": "考点 Site",
    "time": "时间 Time",
    "session": "场次 Session",
    "count": "考生人数 Candidates",
}
SEAT, NAME, TIME, TASK, WHERE = "座位号\nSeat", "姓名 Name", "时间 Time", "考核任务 Task", "考位 Station"
FIRST, SECOND, THIRD = "第一考评员\nFirst", "第二考评员\nSecond", "第三考评员\nThird"
EXAMINERS_OF = "考评员 Examiners"
ABSENT = "缺考 Absent"
HEAD, EXAMINER, REGISTRAR = "考评组长 Head of the panel", "考评员 Examiner", "考务人员 Registrar"
SIGN = ("职责 Office", "姓名 Name", "签名 Signature", "日期 Date")
SIGNATURES = "签名  Signatures"
NO_TURN = "候场，听候安排 Wait to be called"


def task(kind: str) -> str:
    return TASKS.get(kind, kind)
