"""A session's draw is sealed before the doors open, and each paper keeps what it was drawn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "5d2e80b7c316"
down_revision = "3f7c1a9e52d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_seal",
        sa.Column("session_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_session_seal_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_seal")),
    )
    op.add_column("paper", sa.Column("draw", JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.execute(
        "CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF session_id, secret, rules, sealed_at ON session_seal"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_column("paper", "draw")
    op.drop_table("session_seal")
