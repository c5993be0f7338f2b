"""How a scheme's certificates look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7d841aad3075"
down_revision = "5c448884d9aa"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "certificate_template",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("edition", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", _TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_at", _TIME, nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.Column("replaced_at", _TIME, nullable=True),
        sa.CheckConstraint("approved_by <> author_id", name=op.f("ck_certificate_template_four_eyes")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_certificate_template_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_certificate_template_approved_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_template")),
        sa.UniqueConstraint("scheme", "number", name=op.f("uq_certificate_template_scheme_number")),
    )
    op.create_index(
        "uq_certificate_template_in_force", "certificate_template", ["scheme"], unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("certificate_template")
