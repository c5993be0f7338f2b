"""Keys of the register, credentials with their places in the status lists, and what employers asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "af91d57d6488"
down_revision = "64f3413733c7"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "published_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("jwk", JSONB(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=True),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_published_key")),
    )
    _credentials()
    op.create_table(
        "verifier_use",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_verifier_use_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_verifier_use")),
    )
    op.create_index("ix_certificate_not_valid", "certificate", ["id"], postgresql_where=sa.text("status <> 'valid'"))


def _credentials() -> None:
    op.create_table(
        "certificate_credential",
        sa.Column("certificate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("list_number", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("place >= 0 AND place < 131072", name=op.f("ck_certificate_credential_place")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_credential_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["kid"], ["published_key.kid"], name=op.f("fk_certificate_credential_kid_published_key")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_credential")),
        sa.UniqueConstraint("uuid", name=op.f("uq_certificate_credential_uuid")),
        sa.UniqueConstraint(
            "demonstration",
            "list_number",
            "place",
            name=op.f("uq_certificate_credential_demonstration_list_number_place"),
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_certificate_not_valid", table_name="certificate")
    op.drop_table("verifier_use")
    op.drop_table("certificate_credential")
    op.drop_table("published_key")
