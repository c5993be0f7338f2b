"""A name is kept in its standard form, with what was typed beside it, and never exchanged behind its owner's back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.registration import Candidate
from app.registration import enrolment, profiles
from app.registration.enrolment import Enrolment
from app.registration.naming import NameToConfirm
from app.registration.profiles import Profile
from tests.factories import applicants, people


def kept(session: Session, *typed: Profile) -> Candidate:
    user = people.user(session, Role.CANDIDATE)
    for profile in typed:
        profiles.save_profile(session, applicants.actor(user), user.id, profile, now(), applicants.VAULT)
    return session.scalars(select(Candidate).where(Candidate.user_id == user.id)).one()


def typed(name: str, understood: str = "") -> Profile:
    return Profile(name, "resident", applicants.resident_number(), understood=understood)


def test_a_character_in_disguise_waits_for_a_yes(session: Session) -> None:
    with pytest.raises(NameToConfirm) as asked:
        kept(session, typed("⼭田"))
    assert asked.value.details["understood"] == "山田"
    assert asked.value.details["changes"][0]["typed_point"] == "U+2F2D"
    with pytest.raises(NameToConfirm):
        kept(session, typed("⼭田", understood="山口"))
    candidate = kept(session, typed("⼭田", understood="山田"))
    assert (candidate.name, candidate.name_as_typed) == ("山田", "⼭田")
    said = session.scalars(select(AuditLine).where(AuditLine.tag == "candidate:profile:saved")).all()[-1]
    assert (said.data["name"], said.data["typed"]) == ("山田", "⼭田")


def test_what_was_typed_first_stays_on_file_until_the_name_is_another(session: Session) -> None:
    first = typed("阿卜杜•麦麦提")
    again = replace(first, name="阿卜杜·麦麦提")
    assert kept(session, first, again).name_as_typed == "阿卜杜•麦麦提"


def test_another_name_has_its_own_original(session: Session) -> None:
    first = typed("阿卜杜•麦麦提")
    assert kept(session, first, replace(first, name="王小明")).name_as_typed == ""


@pytest.mark.parametrize("name", ["王3", "王ロ", "王😀", "王\ue000", "王\u200b"])
def test_what_no_name_is_written_with_is_not_taken_in(session: Session, name: str) -> None:
    with pytest.raises(Refusal):
        kept(session, typed(name))
    with pytest.raises(Refusal):
        listed(session, name)


def test_a_list_is_taken_in_with_its_originals(session: Session) -> None:
    candidate = listed(session, "⼭　田")
    assert (candidate.name, candidate.name_as_typed) == ("山田", "⼭　田")


def listed(session: Session, name: str) -> Candidate:
    user = people.user(session, Role.CANDIDATE)
    line = Enrolment(user.id, typed(name), applicants.picture(), applicants.statement(), {})
    [number] = enrolment.register_people(session, applicants.REGISTRAR, [line], now(), applicants.VAULT)
    return session.get_one(Candidate, number)
