"""Admission numbers and one-time codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9d3b2e4f1a53"
down_revision = "8c2a1d3e0f42"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("code_issue", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("seat", sa.Column("code_used_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("seat", sa.Column("code_open_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("login", sa.Column("attempt_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_login_attempt_id_attempt"), "login", "attempt", ["attempt_id"], ["id"])


def downgrade() -> None:
    op.drop_column("login", "attempt_id")
    op.drop_column("seat", "code_open_until")
    op.drop_column("seat", "code_used_at")
    op.drop_column("seat", "code_issue")
