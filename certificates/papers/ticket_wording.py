"""The fixed words of an admission ticket, each in Chinese and English."""

from __future__ import annotations

TITLE = ("准考证", "Admission Ticket")
NAME = ("姓名", "Name")
IDENTITY = ("证件号码", "Identity document")
EXAM = ("考试科目", "Exam")
TIME = ("考试时间", "Date and time")
SITE = ("考点", "Site")
PLACE = ("考场 / 座位", "Room / seat")
NUMBER = ("准考证号", "Admission number")
CODE = ("一次性登录码", "One-time code")
LOGIN = ("登录网址", "Log in at")
NO_PHOTO = ("无照片", "No photo")
DEMONSTRATION = "演示"
RULES = ("考试当日须知", "On the day")
RULE_LINES = (
    "1. 请携带本准考证和有效身份证件原件，至少提前 30 分钟到达考点。",
    "2. 开考前 {before} 小时起可凭准考证号和登录码登录；登录码只能使用一次，请妥善保管，不要告诉他人。",
    "3. 考场开放 {late} 分钟后停止入场；考试时长 {minutes} 分钟，从本人点击开始时计算。",
    "4. 手机等电子设备须关机并交监考员保管。须更换电脑或登录码失效时，请举手告知监考员。",
)
RULE_LINES_EN = (
    "Bring this ticket and your identity document 30 minutes early. The code works once, from {before} hours before the"
    " opening; keep it to yourself.",
    "Entry ends {late} minutes after the doors open. You have {minutes} minutes from your own start. Phones off."
    " For another computer, ask the proctor.",
)
