"""The workshop: revisions with every saving, comments, usage of versions, and compromised items.

The database itself refuses an approval by anyone who edited, a change after approval, and any change to what is done.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "a41c7be20f93"
down_revision = "5d2e80b7c316"
branch_labels = None
depends_on = None

OPEN = "state IN ('draft', 'in_review', 'approved')"


def upgrade() -> None:
    op.add_column("item", sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("item", sa.Column("compromised_by", sa.BigInteger(), nullable=True))
    op.add_column("item", sa.Column("compromised_reason", sa.Text(), server_default="", nullable=False))
    op.create_foreign_key(
        op.f("fk_item_compromised_by_user_account"), "item", "user_account", ["compromised_by"], ["id"]
    )
    _tables()
    op.execute(
        """
        CREATE FUNCTION guard_revision() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'draft' THEN
                    RAISE EXCEPTION 'a revision begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END IF;
            IF OLD.state IN ('in_use', 'abandoned') THEN
                RAISE EXCEPTION 'a closed revision is never changed' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF (NEW.id, NEW.item_id, NEW.number, NEW.author_id) IS DISTINCT FROM
               (OLD.id, OLD.item_id, OLD.number, OLD.author_id) THEN
                RAISE EXCEPTION 'a revision stays where it is' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF (NEW.content, NEW.edition) IS DISTINCT FROM (OLD.content, OLD.edition) AND NEW.state <> 'draft' THEN
                RAISE EXCEPTION 'what is changed is a draft again' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.state = 'approved' AND OLD.state NOT IN ('in_review', 'approved')
               OR NEW.state = 'in_use' AND OLD.state <> 'approved'
               OR OLD.state = 'approved' AND NEW.state IN ('approved', 'in_use') AND NEW.approved_by <> OLD.approved_by
            THEN
                RAISE EXCEPTION 'review comes before approval, approval before use'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.state IN ('approved', 'in_use') AND EXISTS (
                SELECT 1 FROM revision_edit e JOIN item_revision r ON r.id = e.revision_id
                WHERE r.item_id = NEW.item_id AND e.editor_id = NEW.approved_by AND r.number > (
                    SELECT coalesce(max(u.number), 0) FROM item_revision u
                    WHERE u.item_id = NEW.item_id AND u.state = 'in_use' AND u.id <> NEW.id
                )
            ) THEN
                RAISE EXCEPTION 'nobody approves what they edited' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION guard_revision_edit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM item_revision r
                WHERE r.id = NEW.revision_id AND r.state = 'draft' AND r.edition = NEW.edition FOR UPDATE
            ) THEN
                RAISE EXCEPTION 'only a draft is edited' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER guarded BEFORE INSERT OR UPDATE ON item_revision FOR EACH ROW EXECUTE FUNCTION guard_revision()"
    )
    op.execute("CREATE TRIGGER kept BEFORE DELETE ON item_revision FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE TRIGGER guarded BEFORE INSERT ON revision_edit FOR EACH ROW EXECUTE FUNCTION guard_revision_edit()"
    )
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON revision_edit FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _person(name: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_{table}_{name}_user_account"))


def _tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "item_revision",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("edition", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("round", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("submitted_at", moment, nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("version_number", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('approved', 'in_use')) = (approved_by IS NOT NULL)", name=op.f("ck_item_revision_approved")
        ),
        sa.CheckConstraint("approved_by <> author_id", name=op.f("ck_item_revision_four_eyes")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_revision_item_id_item")),
        _person("author_id", "item_revision"),
        _person("approved_by", "item_revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_revision")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_revision_item_id_number")),
    )
    op.create_index("uq_item_revision_open", "item_revision", ["item_id"], unique=True, postgresql_where=sa.text(OPEN))
    op.create_index("ix_item_revision_state", "item_revision", ["state"], postgresql_where=sa.text(OPEN))
    op.create_table(
        "revision_edit",
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("editor_id", sa.BigInteger(), nullable=True),
        sa.Column("editor_name", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["item_revision.id"], name=op.f("fk_revision_edit_revision_id_item_revision")
        ),
        _person("editor_id", "revision_edit"),
        sa.PrimaryKeyConstraint("revision_id", "edition", name=op.f("pk_revision_edit")),
    )
    op.create_table(
        "revision_comment",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("resolved_at", moment, nullable=True),
        sa.Column("resolved_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["item_revision.id"], name=op.f("fk_revision_comment_revision_id_item_revision")
        ),
        _person("author_id", "revision_comment"),
        _person("resolved_by", "revision_comment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_comment")),
    )
    op.create_index(op.f("ix_revision_comment_revision_id"), "revision_comment", ["revision_id"])
    op.create_table(
        "version_usage",
        sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("papers", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", moment, nullable=True),
        sa.Column("marked", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Numeric(7, 3), nullable=True),
        sa.Column("correlation", sa.Numeric(7, 3), nullable=True),
        sa.Column("answers", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("counted_at", moment, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_version_usage_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version_usage")),
    )


def downgrade() -> None:
    for table in ("version_usage", "revision_comment", "revision_edit", "item_revision"):
        op.drop_table(table)
    op.execute("DROP FUNCTION guard_revision_edit()")
    op.execute("DROP FUNCTION guard_revision()")
    for name in ("compromised_reason", "compromised_by", "compromised_at"):
        op.drop_column("item", name)
    op.execute("UPDATE item SET state = 'retired' WHERE state = 'draft'")
