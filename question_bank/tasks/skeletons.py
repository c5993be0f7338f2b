"""What the part of its own kind begins with in a new task: the fields it needs, each with a word about it."""

from __future__ import annotations

from question_bank.tasks.body import block_name

_ROLE = """\
persona: ''        # 角色是谁，处境与性格
opening: ''        # 第一句话
mood:              # 情绪如何升高，什么能使其平静
  - ''
facts:             # 隐藏的事实；told：opening 一开始就说，if_asked 问到才说，only_if_verified 核实后才说，late 后来才说
  - {id: f1, fact: '', told: if_asked}
lines:             # 遇到什么情况说什么话
  - {when: '', say: ''}
ending: ''         # 何时、怎样结束
"""
_COACHING = (
    _ROLE
    + """\
record:            # 给考生看的录音整理与质检表
  transcript:
    - {at: 0, who: 坐席, say: ''}
  quality_sheet:
    - {point: '', result: ''}
"""
)
_BRIEFING = (
    _ROLE
    + """\
agenda:            # 给考生看的议程
  - ''
questions:         # 听众会问什么，怎样算答好
  - {ask: '', right: ''}
"""
)
_CHAT = """\
customers:         # 二至三位，同时在线
  - id: c1
    name: ''
    mood: calm     # calm、hurried 或 angry
    facts: ['']
    lines:
      - {id: l1, say: '', after: 0}
      - {id: l2, say: '', reply_to: l1, wait: 8}
      - {id: n1, say: '', if_silent: 60}
    resolved_by: ''
phrases: ['']      # 提供给考生的常用语
"""
_TICKET = """\
plays: 2
transcript:
  - {who: 客户, say: ''}
fields:
  - {id: name, label: 客户姓名, type: text, answer: ['']}
"""
_TYPING = """\
text: ''
digits: ''
minutes: {text: 5, digits: 3}
targets: {text: 40, digits: 80}   # 每分钟达到此数即得满分
"""
_FAULTS = """\
audio: recording.mp3
plays: 2
seconds: 90
transcript:
  - {from: 0, to: 5, who: 坐席, say: ''}
kinds:
  - {id: greeting, name: 开场问候}
faults:
  - {id: x1, kind: greeting, from: 0, to: 5, why: ''}
decoys: []
"""
_REPORT = """\
tables:
  - title: ''
    columns: ['', '']
    rows:
      - ['', '']
text: ''
questions:
  - {id: q1, ask: '', type: number, answer: 0, tolerance: 0, formula: 'T1!B1'}
  - {id: q2, ask: '', type: long, guide: ''}
"""
_ROSTER = """\
intervals:
  - {from: '09:00', calls: 0}
  - {from: '09:30', calls: 0}
aht: 240
service_level: {share: 0.8, seconds: 20}
shrinkage: 0.1
staff:
  - {id: p1, name: '', may: [early]}
shifts:
  - {id: early, name: 早班, from: '09:00', to: '17:00', break: ['12:00', '12:30']}
limits: {}
best: {p1: early}
"""
_BLOCKS = {
    "role": _ROLE, "coaching": _COACHING, "briefing": _BRIEFING, "chat": _CHAT, "ticket": _TICKET, "typing": _TYPING,
    "faults": _FAULTS, "report": _REPORT, "roster": _ROSTER,
}  # fmt: skip


def skeleton(kind: str) -> str:
    return _BLOCKS.get(kind) or _BLOCKS[block_name(kind)]
