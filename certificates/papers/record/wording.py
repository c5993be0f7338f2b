"""The fixed words of a room's record: Chinese, and English beside it."""

from __future__ import annotations

TITLE, TITLE_EN = "考场情况记录表", "Record of the Examination Room"
DRAFT = "草稿：尚无监考人员签署  Draft: not signed by any proctor yet"
INCOMPLETE = "签署未完成，待签：{names}  Signatures missing: {names}"
DEMONSTRATION = "演示数据，不作为考试依据  Demonstration data, no evidence of any examination"
SIGNED_NOTE = (
    "以下监考人员已重新输入本人密码，对上述内容（版本与校验值如下）予以确认。"
    "The proctors below entered their own passwords again and confirmed what stands above, by its version and hash."
)
NONE = "无  None"
TO_THE_END = "至结束 to the end"
AFTERWARDS = "考场结束后列出 Listed once the room is over"
FACTS = {
    "site": "考点 Site",
    "room": "考场 Room",
    "session": "场次 Session",
    "scheme": "评价标准 Scheme",
    "level": "等级 Level",
    "planned": "计划时间 Planned",
    "opened": "实际开考 Opened",
    "first_start": "首位考生开始 First start",
    "ended": "最后结束 Last end",
    "minutes": "考试时长 Duration",
    "papers": "试卷 Papers drawn",
    "snapshot": "题库快照 Snapshot",
}
CANDIDATES = {
    "expected": "应到 Expected",
    "present": "实到 Present",
    "late": "其中迟到 of them late",
    "absent": "缺考 Absent",
    "unchecked": "未核验 Not checked",
}
LISTS = {
    "late": "迟到考生 Late",
    "absent": "缺考考生 Absent",
    "unchecked": "未核验身份的考生 Identity not checked",
    "doubtful": "身份存疑 Identity doubtful",
    "different": "身份不符 Identity does not match",
}
AT_WORK = "已开始作答 at work"
SECTIONS = {
    "candidates": "一、考生到场情况  Attendance",
    "staff": "二、监考人员  Proctors",
    "interventions": "三、处置与补时  Interventions and time given",
    "messages": "四、向考生发布的通知  Messages to candidates",
    "incidents": "五、异常情况  Incidents",
    "outages": "六、中断情况  Interruptions",
    "closing": "七、结束情况  How the exams ended",
    "remarks": "八、备注  Remarks",
    "signatures": "九、监考人员签署  Signatures",
}
HEADS = {
    "staff": ("姓名 Name", "到场 From", "离场 To"),
    "breaches": ("起 From", "止 To", "在场 / 应有 Present / needed"),
    "interventions": ("时间 Time", "座位 Seat", "措施 What", "原因 Reason", "决定人 By"),
    "messages": ("时间 Time", "座位 Seats", "内容 Text", "发布人 By"),
    "incidents": ("发生 / 记录 Happened / recorded", "座位 Seat", "类别 Kind", "情况 What happened", "记录人 By"),
    "silences": ("座位 Seat", "次数 Times", "累计 Total", "最长 Longest"),
    "service": ("服务中断起 Service down from", "止 To"),
    "remarks": ("时间 Time", "内容 Text", "记录人 By"),
    "signatures": ("姓名 Name", "签署时间 Signed at"),
}
RATIO = (
    "监考人员与考生之比不低于 1:{ratio}，本考场应有监考人员 {need} 名。"
    "At least one proctor for {ratio} candidates: {need} needed here."
)
RATIO_KEPT = "开考至结束期间人数始终符合要求。The ratio was kept from the opening to the end."
RATIO_BROKEN = "下列时段监考人员不足。Too few proctors were present in these times:"
CLOSING = {
    "submitted": "考生交卷 Handed in",
    "deadline": "到时收卷 Time over",
    "proctor": "监考结束 Ended by the proctor",
    "session_closed": "场次结束收卷 Closed with the session",
    "voided": "作废 Voided",
    "unused": "未启用试卷 Papers not begun",
    "running": "作答中 Still running",
}
ACTS = {
    "attempt:paused": "暂停 Paused",
    "attempt:resumed": "恢复 Resumed",
    "attempt:extended": "补时 Time given",
    "attempt:voided": "作废 Voided",
    "attempt:taken_over": "更换机位登录 Other computer",
    "attempt:handed_over": "换机 Moved to another computer",
    "attempt:lockdown_waived": "免用锁定浏览器 Lockdown browser waived",
    "attempt:ended": "由监考结束 Ended by the proctor",
    "attempt:compensated": "中断补时 Compensation",
}
SEVERITIES = {"note": "记事 Note", "irregularity": "违规或异常 Irregularity", "serious": "严重 Serious"}
CATEGORIES = {
    "takeover": "换机登录 Second computer",
    "late": "迟到 Late",
    "identity": "身份核验 Identity",
    "impersonation": "替考 Impersonation",
    "talking": "交头接耳 Talking",
    "notes": "夹带 Forbidden notes",
    "phone": "手机等电子设备 Phone or device",
    "leaving": "擅自离场 Leaving the room",
    "misconduct": "其他违纪 Other misconduct",
    "computer": "计算机故障 Computer",
    "network": "网络故障 Network",
    "power": "停电 Power",
    "technical": "其他技术故障 Other technical fault",
    "health": "身体不适 Health",
    "disturbance": "秩序干扰 Disturbance",
    "alarm": "火警或疏散 Alarm or evacuation",
    "paper": "试题异议 Complaint about an item",
    "other": "其他 Other",
}
POSITION = "第 {position} 题 item {position}"
WITNESS = "见证人 Witness: {name}"
NO_WITNESS = "严重情况尚无第二名监考人员见证 No second proctor has countersigned"
EVIDENCE = "证据 Evidence: {name}（SHA-256 {digest}…）"
RESOLUTION = "处理结果 Settled: {how}"
WHOLE = "全场 All"
NOT_SIGNED = "未签 not signed"
FINGERPRINT = "内容校验值 SHA-256"
FOOT = (
    "场次 Session {session} · 版本 Version {version} · {digest} · 第 {page} 页，共 {pages} 页  Page {page} of {pages}"
)
SECONDS = "{seconds} 秒 s"
MINUTES = "{minutes} 分钟 minutes"
REASON = "考场情况记录签署 Record of an examination room"
