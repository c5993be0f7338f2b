"""Fresh time stamps of issued certificates, and how each was signed."""

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
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON certificate_archive"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_column("certificate", "signature_level")
    op.drop_table("certificate_archive")
