"""Who may call what: the table the product is held against, written by hand and not derived from the code."""

from __future__ import annotations

from app.models.account import Role

ANYONE = "anyone"
LOGGED_IN = "logged in"
OWNER = "owner"
"""Decided by the row: to everybody else it is as if it did not exist."""

Who = frozenset[Role] | str

_CANDIDATE = frozenset({Role.CANDIDATE})
_EXAMINER = frozenset({Role.EXAMINER})
_PROCTOR = frozenset({Role.PROCTOR})
_WATCHING = frozenset({Role.PROCTOR, Role.REGISTRAR})
_REGISTRAR = frozenset({Role.REGISTRAR})
_READING = frozenset({Role.REGISTRAR, Role.AUDITOR})
_AUDITOR = frozenset({Role.AUDITOR})
_BANK = frozenset({Role.AUTHOR, Role.REVIEWER, Role.AUDITOR})
_AUTHOR = frozenset({Role.AUTHOR})
_REVIEWER = frozenset({Role.REVIEWER})
_WORKSHOP = _AUTHOR | _REVIEWER
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_STANDARDS = frozenset({Role.REGISTRAR, Role.AUDITOR, Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR})


def _all(who: Who, blueprint: str, endpoints: str) -> dict[str, Who]:
    return {f"{blueprint}.{name}": who for name in endpoints.split()}


TABLE: dict[str, Who] = {
    "static": ANYONE,
    **_all(ANYONE, "account", "choose_language join login start"),
    **_all(LOGGED_IN, "account", "logout"),
    **_all(ANYONE, "public", "alive metrics ready verify verify_serial verify_upload"),
    # candidates
    **_all(_CANDIDATE, "candidate", "application apply begin document documents_step home identity_step photo"),
    **_all(_CANDIDATE, "candidate", "photo_step remove_document statement_step submit withdraw"),
    **_all(_CANDIDATE, "candidate_results", "index pdf"),
    **_all(_CANDIDATE, "exam", "begin show submit"),
    **_all(_CANDIDATE, "api", "attempts_index attempts_result attempts_start attempts_submit"),
    **_all(_CANDIDATE, "api", "media_picture media_play media_sound"),
    "api.attempts_changes": OWNER,
    # staff of a session
    **_all(_EXAMINER, "examiner", "begin end home photo review save sheet sign"),
    **_all(_EXAMINER, "examiner", "answer_media give_back_answer next_answer open_answer save_answer"),
    **_all(_EXAMINER, "api", "open_answers_give_back open_answers_index open_answers_save open_answers_show"),
    **_all(_EXAMINER, "api", "open_answers_sign open_answers_take"),
    **_all(_EXAMINER, "api", "sheets_begin sheets_end sheets_index sheets_save_marks sheets_show sheets_sign"),
    **_all(_PROCTOR, "proctor", "act check_in check_out home"),
    **_all(_PROCTOR, "api", "interventions_extend interventions_pause interventions_resume interventions_void"),
    **_all(_WATCHING, "proctor", "incident_list photo record_incident resolve_incident room seat"),
    "api.board_show": _WATCHING,
    # the certifying body
    **_all(_READING, "registrar", "application application_document application_photo applications home"),
    **_all(_READING, "registrar", "check_draw proof session sessions sites"),
    "registrar.proof_with_keys": _AUDITOR,
    **_all(_READING, "api", "draws_bank_check draws_proof"),
    "api.draws_redraw": _REGISTRAR,
    "registrar.redraw": _REGISTRAR,
    **_all(_REGISTRAR, "registrar", "add_candidates add_staff change_staff decide declare_conflict extra_time"),
    **_all(_REGISTRAR, "registrar", "new_session new_site remove_seat run_session site"),
    **_all(_READING, "api", "applications_index applications_show sessions_index sessions_show sites_index"),
    **_all(_REGISTRAR, "api", "applications_admit applications_refuse sessions_add_candidates sessions_allocate"),
    **_all(_REGISTRAR, "api", "sessions_close sessions_create sessions_open_doors sessions_prepare sessions_release"),
    **_all(_REGISTRAR, "api", "sessions_staff sites_change sites_create"),
    **_all(_READING, "panel", "show"),
    **_all(_REGISTRAR, "panel", "allocate replace third"),
    **_all(_READING, "results", "show"),
    **_all(_REGISTRAR, "results", "release"),
    **_all(_READING, "session_certificates", "show"),
    **_all(_REGISTRAR, "session_certificates", "issue_all issue_one"),
    **_all(_READING, "register", "index pdf show"),
    **_all(_REGISTRAR, "register", "change"),
    **_all(_READING, "api", "certificates_index certificates_pdf certificates_show"),
    **_all(_REGISTRAR, "api", "certificates_issue certificates_reinstate certificates_revoke certificates_suspend"),
    # reading and keeping
    **_all(_STANDARDS, "schemes", "index show"),
    **_all(_BANK, "author", "changes desk export_file export_items home item media preview review"),
    **_all(_AUTHOR, "author", "corrected_copy edit import_items import_template new_item rehearse_import run_import"),
    **_all(_AUTHOR, "author", "save write"),
    **_all(_WORKSHOP, "author", "change_enemies comment preview_many resolve_comment run_many"),
    "author.judge": _REVIEWER,
    "author.exposure": _REVIEWER | _READING,
    "author.withdraw": _REVIEWER | _REGISTRAR,
    **_all(_BANK, "api", "items_difference items_fared items_files_send items_index items_show"),
    "api.items_files_receive": _AUTHOR,
    **_all(_REVIEWER | _READING, "api", "items_papers items_to_redraw"),
    **_all(_AUTHOR, "api", "items_writing_abandon items_writing_create items_writing_rebase items_writing_save"),
    **_all(_AUTHOR, "api", "items_writing_start items_writing_submit items_writing_take_back"),
    **_all(_WORKSHOP, "api", "items_bulk_preview items_bulk_run items_writing_add_enemy items_writing_comment"),
    **_all(_WORKSHOP, "api", "items_writing_remove_enemy items_writing_reopen items_writing_resolve"),
    **_all(_REVIEWER, "api", "items_deciding_approve items_deciding_clear_compromised items_deciding_put_in_use"),
    **_all(_REVIEWER, "api", "items_deciding_reinstate items_deciding_retire items_deciding_send_back"),
    "api.items_deciding_mark_compromised": _REVIEWER | _REGISTRAR,
    **_all(_AUDITOR, "audit", "chain index"),
    **_all(_ADMINISTRATOR, "admin", "account change home new renew_password"),
    # programs
    **_all(ANYONE, "api", "openapi_openapi tokens_create"),
    **_all(LOGGED_IN, "api", "tokens_end"),
}
