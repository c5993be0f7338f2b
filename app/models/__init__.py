"""Every table, so that one import knows them all."""

from app.models import account, audit, bank, certificate, exam, monitoring, practical, registration

__all__ = ["account", "audit", "bank", "certificate", "exam", "monitoring", "practical", "registration"]
