"""throw-away"""
from __future__ import annotations
from datetime import timedelta
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.models.account import Role
from app.models.exam import Attempt
from app.models.registration import Seat, StaffAssignment, StaffRole, ExamSession
from app.registration.rooms import divide
from proctoring import attendance, attendance_list, incidents, record, captures, terms, seb_file, interventions, admittance, pictures
from proctoring.attendance import Check
from proctoring.place import place_of
from proctoring.duty import Watcher
from tests.factories import desk, people, rooms, theory, integrity
from tests.factories.people import PASSWORD

def seat(session, here, n):
    session.expire_all()
    return session.scalars(select(Seat).where(Seat.session_id==here.session_id, Seat.number==n)).one()

def test_bulk_absent_keeps_those_checked_meanwhile(session):
    here=rooms.room(session,candidates=4,started=0); now=clock_now()
    attendance.check(session,here.actor,here.session_id,2,Check(),now)
    attendance.mark_absent(session,here.actor,here.session_id,[2,3,4],now)
    row=next(l for l in attendance_list.lines(session,desk.place(session,here)) if l.seat==2)
    assert row.arrival=='present'

def test_correction_keeps_arrival(session):
    here=rooms.room(session,candidates=4,started=0); opened=session.get_one(ExamSession,here.session_id).opened_at
    attendance.check(session,here.actor,here.session_id,2,Check(),opened)
    row=attendance.check(session,here.actor,here.session_id,2,Check('doubtful',note='x'),opened+timedelta(minutes=50))
    assert row.arrival=='present'

def test_absent_then_starts_is_seen(session):
    here=rooms.room(session,candidates=4,started=0); now=clock_now()
    attendance.mark_absent(session,here.actor,here.session_id,[2],now)
    a=session.get_one(Attempt,here.attempt_ids[1]); a.started_at=now; a.state='in_progress'; a.deadline=now+timedelta(hours=1); session.flush()
    found=attendance_list.lines(session,desk.place(session,here))
    assert [l.seat for l in found if l.unchecked_at_work]==[2]

def test_never_present_signs(session):
    here=desk.over(session)
    user=people.user(session,Role.PROCTOR,name='never')
    session.add(StaffAssignment(session_id=here.session_id,user_id=user.id,role=StaffRole.PROCTOR)); session.commit()
    pl=desk.place(session,here)
    with pytest.raises(Refusal):
        record.sign(session,desk.actor(user),pl,PASSWORD,record.sheet(session,pl,clock_now()).sha256,clock_now())

def test_nobody_came_record(session):
    here=rooms.room(session,candidates=2,started=0)
    pl=desk.place(session,here)
    later=clock_now()+timedelta(hours=1)
    s=record.sheet(session,pl,later); print(s.state,s.content['staff'],s.content['ended'])
    assert s.state=='running' or s.content['staff']['people']

def test_consent_terms_changed(session):
    here=rooms.room(session,candidates=2,started=0)
    exam=session.get_one(ExamSession,here.session_id)
    integrity.agreed(session,here.session_id,camera=True)
    exam.state='prepared'; session.commit()
    a=session.get_one(Attempt,here.attempt_ids[0]); 
    from app.core.audit import Actor
    captures.answer(session,Actor(a.user_id,'','t'),a.id,given=True,now=clock_now()); session.commit()
    integrity.agreed(session,here.session_id,camera=True,screen=True)
    d=admittance.door_of(session,a.id,a.user_id)
    print(d.taking_pictures,d.consent)
    assert d.consent is None

def test_seb_deep():
    for data in (b'<plist version="1.0"><dict><key>a</key>'+b'<array>'*60000+b'</array>'*60000+b'</dict></plist>',
                 b'<plist version="1.0"><dict><key>a</key><integer>0x'+b'F'*20000+b'</integer></dict></plist>'):
        with pytest.raises(Refusal):
            seb_file.key_of_file(data)
