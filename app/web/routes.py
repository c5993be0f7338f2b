"""Hangs every person's pages and the API into the application, all behind the CSRF check."""

from __future__ import annotations

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from app.web import access
from app.web.account import admission  # noqa: F401  # adds the log-in on the day
from app.web.account import views as account
from app.web.admin import views as admin
from app.web.api import (  # noqa: F401  # importing a noun registers its operations
    admissions,
    agreement,
    applications,
    attempts,
    attendance,
    board,
    certificate_life,
    certificates,
    corrections,
    credentials,
    draws,
    evidence,
    incidents,
    integrity,
    interventions,
    items,
    items_bulk,
    items_deciding,
    items_files,
    items_writing,
    lobby,
    media,
    notices,
    open_answers,
    openapi,
    panel_changes,
    panels,
    papers,
    practical_work,
    practice,
    raters,
    receipts,
    record,
    rescue,
    session_integrity,
    session_rooms,
    sessions,
    sheet_entries,
    sheet_forms,
    sheets,
    sites,
    talks,
    task_bank,
    task_draws,
    tokens,
    verifications,
)
from app.web.api import session_certificates as _session_certificates  # noqa: F401
from app.web.api.operation import ANYONE, OPERATIONS, api
from app.web.auditor import views as auditor
from app.web.author import (  # noqa: F401  # add their pages to the list's  # noqa: F401  # add their pages to the tasks'
    acts,
    desk,
    editing,
    exporting,
    exposure,
    importing,
    item,
    many,
    showing,
    task_acts,
    task_editing,
    task_files,
    task_page,
)
from app.web.author import tasks as author_tasks
from app.web.author import views as author
from app.web.candidate import ahead as candidate_ahead  # noqa: F401  # adds the sealed page to the exam's
from app.web.candidate import applying, documents, exam, tickets  # noqa: F401  # add the steps and the ticket
from app.web.candidate import credential as candidate_credential  # noqa: F401  # adds the credential to the results
from app.web.candidate import email as candidate_email
from app.web.candidate import home as candidate
from app.web.candidate import integrity as candidate_integrity  # noqa: F401  # asks before the start, notes while it runs
from app.web.candidate import practical as candidate_practical
from app.web.candidate import practice as candidate_practice
from app.web.candidate import results as candidate_results
from app.web.examiner import agreement as panel_agreement
from app.web.examiner import corrections as examiner_corrections  # noqa: F401  # adds what comes after signing
from app.web.examiner import desk as examiner_desk
from app.web.examiner import evidence as examiner_evidence  # noqa: F401
from app.web.examiner import incidents as panel_incidents
from app.web.examiner import open_answers as examiner_answers  # noqa: F401  # adds the open answers to the examiner's pages
from app.web.examiner import papers as examiner_papers  # noqa: F401  # adds an examiner's own papers
from app.web.examiner import tablet as examiner_tablet  # noqa: F401  # adds the worker and the pass
from app.web.examiner import ties as examiner_ties  # noqa: F401  # an examiner declares a tie
from app.web.examiner import views as examiner
from app.web.proctor import attendance as proctor_attendance  # noqa: F401
from app.web.proctor import board as proctor_board  # noqa: F401  # the others add pages to the rooms
from app.web.proctor import incidents as proctor_incidents  # noqa: F401
from app.web.proctor import lost_time, rooms, seats  # noqa: F401
from app.web.proctor import record as proctor_record  # noqa: F401
from app.web.proctor import signals as proctor_signals  # noqa: F401  # what the computers noticed, and pictures
from app.web.public import lockdown as public_lockdown  # noqa: F401  # hands out configurations
from app.web.public import log as public_log  # noqa: F401  # adds the public log of the register
from app.web.public import register as public_register  # noqa: F401  # adds what programs read of the register
from app.web.public import verification  # noqa: F401  # adds its pages to the public ones
from app.web.public import views as public
from app.web.rate import views as rate
from app.web.registrar import agreements as registrar_agreements
from app.web.registrar import anchors as registrar_anchors
from app.web.registrar import applications as registrar_applications  # noqa: F401
from app.web.registrar import certificate_templates as registrar_certificate_templates
from app.web.registrar import certificates as session_certificates
from app.web.registrar import draw as registrar_draw  # noqa: F401
from app.web.registrar import integrity as registrar_integrity  # noqa: F401
from app.web.registrar import names as registrar_names
from app.web.registrar import panel, panel_day, panel_stations, panel_timetable, register, results, schemes  # noqa: F401  # add their pages to the panel's
from app.web.registrar import papers as session_papers
from app.web.registrar import papers_typed as registrar_papers_typed  # noqa: F401  # adds the typing in
from app.web.registrar import places as registrar_places  # noqa: F401
from app.web.registrar import proofs as registrar_proofs  # noqa: F401  # adds its page to the register's
from app.web.registrar import raters as registrar_raters
from app.web.registrar import receipts as registrar_receipts  # noqa: F401
from app.web.registrar import rescue as late_answers
from app.web.registrar import rooms as registrar_rooms  # noqa: F401
from app.web.registrar import sessions as registrar_sessions  # noqa: F401
from app.web.registrar import sheet_forms as registrar_sheet_forms
from app.web.registrar import sites as registrar_sites  # noqa: F401
from app.web.registrar import succession as registrar_succession  # noqa: F401  # adds its pages to the register's
from app.web.registrar import tasks as registrar_tasks  # noqa: F401
from app.web.registrar import views as registrar
from app.web.verifier import views as verifier

_OPEN_TO_ALL = frozenset(f"api.{operation.endpoint}" for operation in OPERATIONS if operation.permission == ANYONE) | {
    "public.verify_upload",  # anyone may ask whether a certificate holds; asking changes nothing
    "public.verify_file_of",
}


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    for blueprint in (
        account.bp,
        auditor.bp,
        author.bp,
        author_tasks.bp,
        schemes.bp,
        exam.bp,
        candidate_practical.bp,
        candidate_practice.bp,
        candidate_results.bp,
        candidate_email.bp,
        results.bp,
        examiner.bp,
        examiner_desk.bp,
        panel_incidents.bp,
        panel_agreement.bp,
        registrar_agreements.bp,
        registrar_anchors.bp,
        panel.bp,
        registrar_sheet_forms.bp,
        registrar_raters.bp,
        session_papers.bp,
        rate.bp,
        registrar_certificate_templates.bp,
        session_certificates.bp,
        register.bp,
        registrar_names.bp,
        late_answers.bp,
        rooms.bp,
        public.bp,
        candidate.bp,
        registrar.bp,
        admin.bp,
        verifier.bp,
        api,
    ):
        app.register_blueprint(blueprint)

    @app.before_request
    def _refuse_forged() -> None:
        """A cookie travels by itself, so what changes something needs the page's token; a bearer token does not."""
        if access.uses_bearer(request) or request.endpoint in _OPEN_TO_ALL:
            return
        if request.blueprint == api.name and access.login_id_of_request() is None:
            access.check(None)  # nobody to act for, so nothing to forge: a program is told to log in
        csrf.protect()
