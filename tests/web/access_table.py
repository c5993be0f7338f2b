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
_RECORDS = frozenset({Role.PROCTOR, Role.REGISTRAR, Role.AUDITOR})
_BANK = frozenset({Role.AUTHOR, Role.REVIEWER, Role.AUDITOR})
_AUTHOR = frozenset({Role.AUTHOR})
_REVIEWER = frozenset({Role.REVIEWER})
_WORKSHOP = _AUTHOR | _REVIEWER
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_VERIFIER = frozenset({Role.VERIFIER})
_STANDARDS = frozenset({Role.REGISTRAR, Role.AUDITOR, Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR})


def _all(who: Who, blueprint: str, endpoints: str) -> dict[str, Who]:
    return {f"{blueprint}.{name}": who for name in endpoints.split()}


TABLE: dict[str, Who] = {
    "static": ANYONE,
    **_all(ANYONE, "account", "admit choose_language join login start"),
    "api.admissions_create": ANYONE,
    **_all(LOGGED_IN, "account", "logout"),
    **_all(ANYONE, "public", "alive metrics ready verify verify_serial verify_upload verify_file_of"),
    **_all(ANYONE, "public", "log log_consistency log_entries log_head log_heads_after log_proof log_public_key"),
    **_all(ANYONE, "public", "achievement credential issuer_profile key keys_page keys_set status_list"),
    **_all(_VERIFIER, "verifier", "check home"),
    "api.verifications_create": _VERIFIER,
    # candidates
    **_all(_CANDIDATE, "candidate", "application apply begin document documents_step home identity_step photo"),
    **_all(_CANDIDATE, "candidate", "photo_step remove_document statement_step submit withdraw"),
    "candidate.ticket": _CANDIDATE,
    "api.lobby_show": _CANDIDATE,
    **_all(_CANDIDATE, "candidate_results", "credential index letter pdf"),
    **_all(_CANDIDATE, "candidate_email", "save show"),
    **_all(_CANDIDATE, "exam", "ahead begin show submit"),
    **_all(_CANDIDATE, "api", "attempts_index attempts_result attempts_start attempts_submit"),
    **_all(_CANDIDATE, "api", "media_picture media_play media_sound"),
    "api.attempts_changes": OWNER,
    **_all(OWNER, "api", "integrity_capture integrity_signals"),
    **_all(_CANDIDATE, "exam", "confirm_lockdown consent"),
    "api.integrity_consent": _CANDIDATE,
    "public.lockdown_file": ANYONE,
    "exam.worker": ANYONE,
    **_all(_CANDIDATE, "practice", "begin index show sit submit"),
    **_all(_CANDIDATE, "practical", "finish index start task"),
    **_all(_CANDIDATE, "api", "practical_work_entries practical_work_finish practical_work_index practical_work_play"),
    **_all(_CANDIDATE, "api", "practical_work_show practical_work_sound practical_work_start"),
    "api.practical_work_recording": _EXAMINER,
    **_all(_CANDIDATE, "api", "practice_begin practice_changes practice_index practice_picture practice_show"),
    "api.practice_submit": _CANDIDATE,
    # staff of a session
    **_all(_EXAMINER, "examiner", "begin end home photo review save sheet sign"),
    **_all(_EXAMINER, "examiner", "ask_correction current_pass evidence_of remove_evidence undo_begin"),
    "examiner.worker": ANYONE,
    "practical.worker": ANYONE,
    **_all(OWNER, "panel_desk", "call_third decide discarded_evidence score_register seat show sign_register talk"),
    **_all(OWNER, "panel_incidents", "add_evidence countersign_incident evidence record_incident resolve_incident"),
    **_all(OWNER, "panel_incidents", "seat show"),
    **_all(OWNER, "agreement", "download show"),
    "agreement.own": _EXAMINER,
    "api.agreement_show": OWNER,
    "api.agreement_anchors_index": _READING,
    **_all(_REGISTRAR, "api", "agreement_anchors_remove agreement_anchors_set"),
    **_all(_READING, "agreements", "download show"),
    "anchors.index": _READING,
    **_all(_REGISTRAR, "anchors", "edit remove"),
    **_all(_EXAMINER, "api", "corrections_ask evidence_add evidence_remove sheet_entries_receive sheets_undo_begin"),
    **_all(OWNER, "api", "corrections_decide corrections_index corrections_show_register corrections_sign_register"),
    **_all(OWNER, "api", "talks_create talks_index"),
    **_all(OWNER, "api", "evidence_index evidence_show"),
    **_all(_EXAMINER, "examiner", "answer_media give_back_answer next_answer open_answer save_answer"),
    **_all(_EXAMINER, "api", "open_answers_give_back open_answers_index open_answers_save open_answers_show"),
    **_all(_EXAMINER, "api", "open_answers_sign open_answers_take"),
    **_all(_EXAMINER, "api", "sheets_begin sheets_end sheets_index sheets_save_marks sheets_show sheets_sign"),
    **_all(_PROCTOR, "proctor", "act act_on check_in check_out give_time home open_room"),
    "api.interventions_act": _PROCTOR,
    **_all(_PROCTOR, "api", "interventions_extend interventions_pause interventions_resume interventions_void"),
    **_all(_PROCTOR, "api", "admissions_let_in admissions_reopen session_rooms_open_room"),
    "api.session_rooms_index": _WATCHING,
    **_all(_WATCHING, "proctor", "incident_list lost_time overview photo record_incident resolve_incident room seat"),
    **_all(_WATCHING, "api", "board_rooms board_show"),
    "api.notices_index": _CANDIDATE,
    **_all(_WATCHING, "proctor", "picture pictures seat_signals signals"),
    "proctor.decide_entry": _PROCTOR,
    **_all(_WATCHING, "proctor", "add_evidence attendance desk_photo evidence"),
    **_all(_RECORDS, "proctor", "record record_pdf"),
    **_all(_PROCTOR, "proctor", "add_remark check_person countersign_incident mark_absent sign_record"),
    **_all(_WATCHING, "api", "attendance_index incidents_index incidents_record incidents_resolve"),
    **_all(_RECORDS, "api", "record_pdf record_show"),
    **_all(_PROCTOR, "api", "attendance_check incidents_countersign record_sign"),
    **_all(_WATCHING, "rescue", "show upload"),
    "api.rescue_receive": _WATCHING,
    # the certifying body
    "rescue.decide": _REGISTRAR,
    **_all(_READING, "registrar", "application application_document application_photo applications home"),
    **_all(_READING, "registrar", "check_draw proof session sessions sites"),
    "registrar.proof_with_keys": _AUDITOR,
    **_all(_READING, "registrar", "check_receipt"),
    "api.receipts_check": _READING,
    **_all(_READING, "registrar", "integrity lockdown_config"),
    "registrar.change_integrity": _REGISTRAR,
    "api.session_integrity_show_terms": _READING,
    "api.session_integrity_change_terms": _REGISTRAR,
    **_all(_READING, "api", "draws_bank_check draws_proof"),
    "api.draws_redraw": _REGISTRAR,
    "registrar.redraw": _REGISTRAR,
    **_all(_REGISTRAR, "registrar", "add_candidates add_staff change_staff decide declare_conflict extra_time"),
    **_all(_REGISTRAR, "registrar", "assign_room change_room divide_rooms renew_code session_tickets"),
    **_all(_REGISTRAR, "api", "admissions_renew session_rooms_assign session_rooms_change session_rooms_divide"),
    **_all(_REGISTRAR, "registrar", "new_session new_site remove_seat run_session site"),
    "registrar.marking": _READING,
    "registrar.mark_again": _REGISTRAR,
    **_all(_READING, "api", "applications_index applications_show sessions_index sessions_show sites_index"),
    **_all(_REGISTRAR, "api", "applications_admit applications_refuse sessions_add_candidates sessions_allocate"),
    **_all(_REGISTRAR, "api", "sessions_close sessions_create sessions_open_doors sessions_prepare sessions_release"),
    **_all(_REGISTRAR, "api", "sessions_staff sites_change sites_create"),
    **_all(_READING, "certificate_templates", "index sample show shown"),
    **_all(_REGISTRAR, "certificate_templates", "abandon approve save send_back start try_out"),
    **_all(_READING, "sheet_forms", "blank filled index preview printed show"),
    **_all(_REGISTRAR, "sheet_forms", "abandon approve save send_back start"),
    **_all(_READING, "api", "sheet_forms_index sheet_forms_show"),
    **_all(_REGISTRAR, "api", "sheet_forms_abandon sheet_forms_approve sheet_forms_create sheet_forms_save"),
    **_all(_REGISTRAR, "api", "raters_create raters_delete sheet_forms_send_back sheet_forms_submit"),
    "raters.show": _READING,
    **_all(_READING, "papers", "excel pdf show"),
    **_all(_REGISTRAR, "papers", "attach_scan discard_typing find_sheet finish_typing scan type_in typed"),
    **_all(_READING, "api", "papers_excel papers_index papers_pdf"),
    **_all(_REGISTRAR, "api", "papers_finish papers_show_typed papers_type_in"),
    **_all(_EXAMINER, "examiner", "paper_excel paper_pdf papers"),
    **_all(_REGISTRAR, "raters", "name remove"),
    **_all(LOGGED_IN, "rate", "home"),
    **_all(OWNER, "rate", "save sheet"),
    **_all(_READING, "panel", "show"),
    **_all(_REGISTRAR, "panel", "allocate replace third use_new_form"),
    **_all(_READING, "panel", "day stations_page timetable"),
    **_all(_REGISTRAR, "panel", "assign_pair change_day name_head pair_page save_stations suggest_stations"),
    **_all(_READING, "api", "panel_changes_changes panels_show"),
    **_all(_REGISTRAR, "api", "panels_assign panels_set_head panels_set_rules panels_set_stations panels_use_form"),
    **_all(_REGISTRAR, "api", "panel_changes_another panel_changes_change panel_changes_third"),
    "api.panel_changes_declare": _EXAMINER,
    "examiner.declare_conflict": _EXAMINER,
    **_all(_READING, "results", "show"),
    **_all(_REGISTRAR, "results", "release"),
    **_all(_READING, "session_certificates", "progress show zip_file"),
    **_all(_REGISTRAR, "session_certificates", "issue_all issue_one try_again"),
    **_all(_READING, "api", "session_certificates_show session_certificates_zip_file"),
    "api.session_certificates_issue": _REGISTRAR,
    **_all(_READING, "register", "ending index letter pdf proofs show"),
    **_all(_REGISTRAR, "register", "change renew replace"),
    **_all(_READING, "api", "certificate_life_decisions certificate_life_letter certificate_life_list_ending"),
    **_all(_REGISTRAR, "api", "certificate_life_correct_name certificate_life_renew certificate_life_replace"),
    "names.show": _READING,
    "names.correct": _REGISTRAR,
    **_all(_READING, "api", "certificates_index certificates_pdf certificates_show credentials_show"),
    **_all(_REGISTRAR, "api", "certificates_reinstate certificates_revoke certificates_suspend"),
    # reading and keeping
    **_all(_STANDARDS, "schemes", "index show"),
    **_all(_BANK, "tasks", "changes export_tasks home review sound task"),
    **_all(_AUTHOR, "tasks", "edit import_tasks new_task rehearse_import run_import save write"),
    "tasks.judge": _REVIEWER,
    **_all(_BANK, "api", "task_bank_index task_bank_send task_bank_show"),
    **_all(_AUTHOR, "api", "task_bank_abandon task_bank_create task_bank_receive task_bank_revise task_bank_save"),
    **_all(_AUTHOR, "api", "task_bank_submit task_bank_take_back"),
    **_all(_REVIEWER, "api", "task_bank_approve task_bank_put_in_use task_bank_reinstate task_bank_retire"),
    "api.task_bank_send_back": _REVIEWER,
    **_all(_READING, "registrar", "session_tasks"),
    "api.task_draws_show": _READING,
    **_all(_REGISTRAR, "registrar", "draw_tasks redraw_task"),
    **_all(_REGISTRAR, "api", "task_draws_draw task_draws_redraw"),
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
