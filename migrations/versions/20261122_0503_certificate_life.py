"""Which certificate took the place of which; letters to holders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5c448884d9aa"
down_revision = "be787f09286b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificate", sa.Column("replaces_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_certificate_replaces_id_certificate"), "certificate", "certificate", ["replaces_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_certificate_replaces_id"), "certificate", ["replaces_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_certificate_replaces_id"), "certificate", type_="unique")
    op.drop_constraint(op.f("fk_certificate_replaces_id_certificate"), "certificate", type_="foreignkey")
    op.drop_column("certificate", "replaces_id")
