"""Whether a certificate that ends may have a new term, by the scheme's rule and what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.core.errors import N_
from app.registration.eligibility import Reason
from app.results.verdict import counts_until
from app.schemes.scheme import Renewal

SOON_MONTHS = 3
"""What counts as ending soon where a scheme renews nothing."""


@dataclass(frozen=True)
class Shown:
    """The certificate as it stands, and what its holder brings."""

    status: str
    expires_on: date | None
    training_hours: int = 0
    open_incidents: int = 0


@dataclass(frozen=True)
class Window:
    """The days on which a new term can be had, both included."""

    opens_on: date
    closes_on: date


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or earlier; a day that month does not have becomes its last."""
    return counts_until(datetime(day.year, day.month, day.day, tzinfo=UTC), months).date()


def window(rule: Renewal | None, expires_on: date | None) -> Window | None:
    """None where there is no new term without passing again."""
    if rule is None or expires_on is None:
        return None
    return Window(months_later(expires_on, -rule.months_before), months_later(expires_on, rule.months_after))


def reasons_against(rule: Renewal | None, shown: Shown, today: date) -> tuple[Reason, ...]:
    """All of them, so that everything can be mended at once."""
    return tuple(_reasons(rule, shown, today))


def _reasons(rule: Renewal | None, shown: Shown, today: date) -> Iterator[Reason]:
    if shown.expires_on is None:
        yield Reason("no_term", N_("This certificate has no end, so there is nothing to renew."))
        return
    span = window(rule, shown.expires_on)
    if rule is None or span is None:
        yield Reason(
            "renewal_unknown",
            N_("The scheme renews no certificates. The holder has to pass both parts again."),
        )
        return
    if shown.status != "valid":
        yield Reason("status_conflict", N_("Only a valid certificate can be renewed; this one is not valid now."))
    if today < span.opens_on:
        yield Reason(
            "renewal_too_early",
            N_("A new term can be had from %(from)s on, %(months)s months before the end."),
            {"from": span.opens_on.isoformat(), "months": rule.months_before},
        )
    if today > span.closes_on:
        yield Reason(
            "renewal_too_late",
            N_("A new term could be had until %(until)s. The holder has to pass both parts again."),
            {"until": span.closes_on.isoformat()},
        )
    if shown.training_hours < rule.training_hours:
        yield Reason(
            "training_hours_short",
            N_("%(have)s hours of training are on file; this level needs at least %(need)s."),
            {"have": shown.training_hours, "need": rule.training_hours},
        )
    if shown.open_incidents:
        yield Reason(
            "incident_open",
            N_("%(count)s incidents of this candidate are open. Resolve them first."),
            {"count": shown.open_incidents},
        )
