"""Fresh time stamps of issued certificates, how each was signed, and with which keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "be787f09286b"
down_revision = "be25c7ad1230"
branch_labels = None
depends_on = None


_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "certificate_archive",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("suffix", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("weakens_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_archive_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_archive")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_certificate_archive_certificate_id_number")),
        sa.UniqueConstraint("sha256", name=op.f("uq_certificate_archive_sha256")),
    )
    op.add_column("certificate", sa.Column("signature_level", sa.Text(), server_default="B-B", nullable=False))
    op.add_column("certificate", sa.Column("weakens_at", _TIME, nullable=True))
    op.create_index(op.f("ix_certificate_weakens_at"), "certificate", ["weakens_at"])
    op.create_table(
        "archive_trouble",
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("not_before", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_archive_trouble")),
    )
    op.create_table(
        "known_key",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("first_seen", _TIME, nullable=False),
        sa.Column("last_seen", _TIME, nullable=False),
        sa.CheckConstraint("use IN ('signing', 'stamping', 'root')", name=op.f("ck_known_key_use")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_known_key")),
    )
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON certificate_archive"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("known_key")
    op.drop_table("archive_trouble")
    op.drop_index(op.f("ix_certificate_weakens_at"), "certificate")
    op.drop_column("certificate", "weakens_at")
    op.drop_column("certificate", "signature_level")
    op.drop_table("certificate_archive")
