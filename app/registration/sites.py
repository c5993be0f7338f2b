"""Exam sites: how many places they have and what they are equipped with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import Site
from app.registration.locks import locked

MOST_PLACES = 100_000


@dataclass(frozen=True)
class SiteFacts:
    name: str
    capacity: int
    has_network: bool
    has_monitoring: bool
    address: str = ""


def create_site(session: Session, actor: Actor, facts: SiteFacts) -> Site:
    return _save(session, actor, Site(), facts, "site:created")


def change_site(session: Session, actor: Actor, site_id: int, facts: SiteFacts) -> Site:
    return _save(session, actor, locked(session, Site, site_id), facts, "site:changed")


def all_sites(session: Session) -> Sequence[Site]:
    return session.scalars(select(Site).order_by(Site.name)).all()


def site(session: Session, site_id: int) -> Site:
    found = session.get(Site, site_id)
    if found is None:
        raise NotFound
    return found


def lacking(site: Site, must_have: Sequence[str]) -> list[str]:
    """What the scheme demands of a site for the practical and this one does not have."""
    has = {"network": site.has_network, "monitoring": site.has_monitoring}
    return [demand for demand in must_have if not has.get(demand, False)]


def refuse_lacking(site: Site, must_have: Sequence[str]) -> None:
    if missing := lacking(site, must_have):
        raise Refusal(
            "site_lacking",
            N_("No practical can be held at “%(site)s”: it lacks %(missing)s. Choose another site or equip this one."),
            status=409,
            details={"missing": missing},
            site=site.name,
            missing=missing,
        )


def _save(session: Session, actor: Actor, row: Site, facts: SiteFacts, tag: str) -> Site:
    if not 1 <= len(facts.name.strip()) <= 200 or len(facts.address) > 500:
        raise Refusal(
            "site_name_invalid", N_("Give the site a name of at most 200 and an address of at most 500 characters.")
        )
    if not 1 <= facts.capacity <= MOST_PLACES:
        raise Refusal("site_capacity_invalid", N_("Give the number of places, from 1 to %(most)s."), most=MOST_PLACES)
    row.name, row.address, row.capacity = facts.name.strip(), facts.address.strip(), facts.capacity
    row.has_network, row.has_monitoring = facts.has_network, facts.has_monitoring
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refusal(
            "site_name_taken", N_("There is already a site “%(name)s”. Choose another name."), status=409,
            name=facts.name.strip(),
        ) from error  # fmt: skip
    audit.record(session, tag, actor, "site", row.id, name=row.name, capacity=row.capacity,
                 network=row.has_network, monitoring=row.has_monitoring)  # fmt: skip
    return row
