"""Every page that a person can open, in both languages: usable by everybody, without fault, every word translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.core import clock
from app.core.audit import SYSTEM
from app.core.db import db
from app.delivery import attempts
from app.models.bank import Item
from app.models.exam import Attempt
from app.models.practical import RubricSheet
from app.models.registration import Application, Seat, Site
from app.practical import sheets
from certificates import issue
from tests.factories import certificates, theory
from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
LANGUAGES = ("zh-CN", "en")
PERCENT = re.compile(r"%\(\w+\)s|\{\w+\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
BODY = (
    "/registrar/ /registrar/applications /registrar/applications?status=submitted /registrar/applications/{application}"
    " /registrar/sessions /registrar/sessions?state=closed /registrar/sessions/{theory}"
    " /registrar/sessions/{practical} /registrar/sites /registrar/sessions/{theory}/results"
    " /registrar/sessions/{practical}/results /registrar/sessions/{released}/certificates"
    " /registrar/sessions/{practical}/panel /register /register?q=nobody /register/{serial} /schemes/ /schemes/{scheme}"
)
PAGES = {
    "stranger": "/ /login /join /verify /verify/{serial} /nowhere",
    "candidate": "/my/ /my/apply /my/apply/{scheme}/junior /my/applications/{application} /exam/{running} /results",
    "newcomer": "/my/ /my/applications/{draft} /my/applications/{draft}/identity /my/applications/{draft}/photo"
    " /my/applications/{draft}/statement /my/applications/{draft}/documents /results /exam/{waiting}",
    "proctor": "/rooms/ /rooms/{theory} /rooms/{theory}?by=seat /rooms/{theory}/seats/1 /rooms/{theory}/seats/2"
    " /rooms/{theory}/incidents",
    "examiner": "/examiner/ /examiner/sheets/{sheet} /examiner/sheets/{sheet}/review",
    "registrar": f"{BODY} /registrar/sessions/new /registrar/sites/new /registrar/sites/{{site}}"
    " /registrar/sessions/{planned} /registrar/sessions/{planned}/seats/{planned_seat}/extra-time"
    " /registrar/sessions/{practical}/panel/sheets/{sheet}/replace /rooms/{theory} /rooms/{theory}/seats/1"
    " /rooms/{theory}/incidents",
    "auditor": f"{BODY} /audit/ /audit/?tag=nothing /audit/chain /bank",
    "author": "/bank /bank?words=nothing /bank/{item} /schemes/",
    "reviewer": "/bank /bank/{item}",
    "administrator": "/accounts/ /accounts/new /accounts/{account} /accounts/?text=nobody",
}
