"""What each role may do. The only place that says so; screens, API and command line ask here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.models.account import Role


class Permission(StrEnum):
    APPLY = "apply"
    SIT_EXAM = "sit_exam"
    READ_OWN = "read_own"
    """Own applications, places, results and certificates."""
    READ_BANK = "read_bank"
    EDIT_ITEMS = "edit_items"
    REVIEW_ITEMS = "review_items"
    WORK_ON_ITEMS = "work_on_items"
    """What authors and reviewers alike may do: comment, keep enemies apart, act on many items at once."""
    WITHDRAW_ITEMS = "withdraw_items"
    READ_EXPOSURE = "read_exposure"
    """On whose papers an item stands."""
    MARK_PRACTICAL = "mark_practical"
    WATCH_SESSION = "watch_session"
    INTERVENE = "intervene"
    READ_RECORDS = "read_records"
    """The records of the rooms, of who came and what happened."""
    DECIDE_APPLICATIONS = "decide_applications"
    READ_APPLICATIONS = "read_applications"
    PLAN_SESSIONS = "plan_sessions"
    READ_SESSIONS = "read_sessions"
    RELEASE_RESULTS = "release_results"
    READ_RESULTS = "read_results"
    ISSUE_CERTIFICATES = "issue_certificates"
    READ_REGISTER = "read_register"
    READ_SCHEMES = "read_schemes"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    CHECK_CERTIFICATES = "check_certificates"
    """Ask about many certificates at once; sees no more of each than a stranger who has its number."""


P = Permission
GRANTED: dict[Role, frozenset[Permission]] = {
    Role.CANDIDATE: frozenset({P.APPLY, P.SIT_EXAM, P.READ_OWN}),
    Role.AUTHOR: frozenset({P.READ_BANK, P.READ_SCHEMES, P.EDIT_ITEMS, P.WORK_ON_ITEMS}),
    Role.REVIEWER: frozenset(
        {P.READ_BANK, P.READ_SCHEMES, P.REVIEW_ITEMS, P.WORK_ON_ITEMS, P.WITHDRAW_ITEMS, P.READ_EXPOSURE}
    ),
    Role.EXAMINER: frozenset({P.MARK_PRACTICAL}),
    Role.PROCTOR: frozenset({P.WATCH_SESSION, P.INTERVENE, P.READ_RECORDS}),
    Role.REGISTRAR: frozenset(
        {
            P.WATCH_SESSION,
            P.READ_RECORDS,
            P.DECIDE_APPLICATIONS,
            P.READ_APPLICATIONS,
            P.PLAN_SESSIONS,
            P.READ_SESSIONS,
            P.RELEASE_RESULTS,
            P.READ_RESULTS,
            P.ISSUE_CERTIFICATES,
            P.READ_REGISTER,
            P.READ_SCHEMES,
            P.WITHDRAW_ITEMS,
            P.READ_EXPOSURE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            P.READ_APPLICATIONS,
            P.READ_SESSIONS,
            P.READ_RECORDS,
            P.READ_RESULTS,
            P.READ_REGISTER,
            P.READ_SCHEMES,
            P.READ_BANK,
            P.READ_EXPOSURE,
            P.READ_AUDIT,
        }
    ),
    Role.ADMINISTRATOR: frozenset({P.MANAGE_USERS, P.READ_SCHEMES}),
    Role.VERIFIER: frozenset({P.CHECK_CERTIFICATES}),
}


ON_THE_DAY = frozenset({P.SIT_EXAM})
"""All that a log-in by admission code may do, and that for one attempt only."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(GRANTED[role] for role in roles))
