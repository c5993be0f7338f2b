"""Messages to holders that wait to be sent; and files that are compressed already are not compressed once more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "12edd3161c33"
down_revision = "af91d57d6488"
branch_labels = None
depends_on = None


_FILES = (("certificate", "pdf"), ("certificate_archive", "suffix"), ("candidate", "photo"))
_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    for table, column in _FILES:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
    op.add_column("user_account", sa.Column("email", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "mail_message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before", _TIME, server_default=_NOW, nullable=False),
        sa.Column("created_at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_mail_message_state")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mail_message_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("kind", "subject_id", "user_id", name=op.f("uq_mail_message_kind_subject_id_user_id")),
    )
    op.create_index(
        "ix_mail_message_waiting", "mail_message", ["not_before"], postgresql_where=sa.text("state = 'waiting'")
    )


def downgrade() -> None:
    op.drop_table("mail_message")
    op.drop_column("user_account", "email")
    for table, column in _FILES:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTENDED")
