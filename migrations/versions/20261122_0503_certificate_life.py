"""Which certificate took the place of which; letters to holders; names that were put right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5c448884d9aa"
down_revision = "be787f09286b"
branch_labels = None
depends_on = None


_TIME = sa.DateTime(timezone=True)
_BEFORE = (
    "id", "serial", "application_id", "person", "holder", "scheme", "level", "issued_on", "issued_at", "expires_on",
    "demonstration", "sha256", "pdf",
)  # fmt: skip
_NOW = (*_BEFORE, "replaces_id", "signature_level")
_LETTER = ("id", "certificate_id", "event_id", "number", "facts")


def upgrade() -> None:
    op.add_column("certificate", sa.Column("replaces_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_certificate_replaces_id_certificate"), "certificate", "certificate", ["replaces_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_certificate_replaces_id"), "certificate", ["replaces_id"])
    op.add_column("certificate_event", sa.Column("ground", sa.Text(), server_default="", nullable=False))
    _letters()
    _names()
    _orders()
    _guard(_NOW, ("revoked", "replaced"))


def downgrade() -> None:
    _guard(_BEFORE, ("revoked",))
    op.drop_table("certificate_succession")
    op.drop_table("name_correction")
    op.drop_table("certificate_letter")
    op.execute("DROP FUNCTION refuse_other_letter()")
    op.drop_column("certificate_event", "ground")
    op.drop_constraint(op.f("uq_certificate_replaces_id"), "certificate", type_="unique")
    op.drop_constraint(op.f("fk_certificate_replaces_id_certificate"), "certificate", type_="foreignkey")
    op.drop_column("certificate", "replaces_id")


def _letters() -> None:
    op.create_table(
        "certificate_letter",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("drawn_at", _TIME, nullable=True),
        sa.CheckConstraint("(pdf IS NULL) = (sha256 IS NULL)", name=op.f("ck_certificate_letter_drawn_whole")),
        _key("certificate_letter", "certificate_id", "certificate"),
        _key("certificate_letter", "event_id", "certificate_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_letter")),
        sa.UniqueConstraint("event_id", name=op.f("uq_certificate_letter_event_id")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_letter_number")),
    )
    op.create_index(op.f("ix_certificate_letter_certificate_id"), "certificate_letter", ["certificate_id"])
    op.execute(
        f"""
        CREATE FUNCTION refuse_other_letter() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.pdf IS NOT NULL OR {_row("NEW", _LETTER)} IS DISTINCT FROM {_row("OLD", _LETTER)} THEN
                RAISE EXCEPTION 'a letter is never changed' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("CREATE TRIGGER kept BEFORE DELETE ON certificate_letter FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE TRIGGER unchanged BEFORE UPDATE ON certificate_letter"
        " FOR EACH ROW EXECUTE FUNCTION refuse_other_letter()"
    )


def _names() -> None:
    op.create_table(
        "name_correction",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", _TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("before <> after", name=op.f("ck_name_correction_changes")),
        _key("name_correction", "candidate_id", "candidate"),
        _key("name_correction", "by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_correction")),
    )
    op.create_index(op.f("ix_name_correction_candidate_id"), "name_correction", ["candidate_id"])
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON name_correction FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _orders() -> None:
    op.create_table(
        "certificate_succession",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("training_hours", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", _TIME, nullable=False),
        sa.Column("problem", postgresql.JSONB(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name=op.f("ck_certificate_succession_state")),
        _key("certificate_succession", "certificate_id", "certificate"),
        _key("certificate_succession", "asked_by", "user_account"),
        _key("certificate_succession", "successor_id", "certificate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_succession")),
    )
    op.create_index(
        "uq_certificate_succession_waiting",
        "certificate_succession",
        ["certificate_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _guard(columns: tuple[str, ...], last: tuple[str, ...]) -> None:
    """What the database refuses to change of a certificate, and the states that nothing leads out of."""
    final = ", ".join(f"'{one}'" for one in last)
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION refuse_other_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {_row("NEW", columns)} IS DISTINCT FROM {_row("OLD", columns)} THEN
                RAISE EXCEPTION 'an issued certificate is never changed, only its status'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF OLD.status IN ({final}) AND NEW.status <> OLD.status THEN
                RAISE EXCEPTION 'a certificate that was % stays so', OLD.status
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def _row(name: str, columns: tuple[str, ...]) -> str:
    return f"({', '.join(f'{name}.{column}' for column in columns)})"


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
