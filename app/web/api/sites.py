"""Exam sites."""

from __future__ import annotations

from pydantic import Field

from app.accounts.permissions import Permission
from app.core.db import db
from app.models.registration import Site
from app.registration import sites
from app.registration.sites import MOST_PLACES, SiteFacts
from app.web.access import principal
from app.web.api.operation import Body, operation


class SiteBody(Body):
    name: str = Field(min_length=1, max_length=200)
    address: str = Field("", max_length=500)
    capacity: int = Field(ge=1, le=MOST_PLACES)
    has_network: bool
    has_monitoring: bool


class SiteAnswer(Body):
    id: int
    name: str
    address: str
    capacity: int
    has_network: bool
    has_monitoring: bool


class SiteList(Body):
    sites: list[SiteAnswer]


@operation("GET", "/sites", Permission.READ_SESSIONS, "All exam sites", returns=SiteList)
def index() -> SiteList:
    return SiteList(sites=[_answer(site) for site in sites.all_sites(db.session())])


@operation(
    "POST", "/sites", Permission.PLAN_SESSIONS, "Add a site", body=SiteBody, returns=SiteAnswer, status=201,
    errors=(409,),
)  # fmt: skip
def create(body: SiteBody) -> SiteAnswer:
    site = sites.create_site(db.session(), principal().actor, SiteFacts(**body.model_dump()))
    db.session.commit()
    return _answer(site)


@operation(
    "PUT", "/sites/<id:site_id>", Permission.PLAN_SESSIONS, "Change a site", body=SiteBody, returns=SiteAnswer,
    errors=(404, 409),
)  # fmt: skip
def change(site_id: int, body: SiteBody) -> SiteAnswer:
    site = sites.change_site(db.session(), principal().actor, site_id, SiteFacts(**body.model_dump()))
    db.session.commit()
    return _answer(site)


def _answer(site: Site) -> SiteAnswer:
    return SiteAnswer(
        id=site.id, name=site.name, address=site.address, capacity=site.capacity,
        has_network=site.has_network, has_monitoring=site.has_monitoring,
    )  # fmt: skip
