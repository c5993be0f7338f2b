"""The database itself refuses to change or remove what is kept for good.

Issued certificates, the log of decisions with its seals, item versions and acknowledged answers. TRUNCATE stays
possible: it needs the rights of the tables' owner, who could drop the triggers as well.
"""

from __future__ import annotations

from alembic import op

revision = "8b1f0c52d7aa"
down_revision = "32ed9c8caacb"
branch_labels = None
depends_on = None

KEPT_WHOLE = ("audit_line", "audit_seal", "item_version", "attempt_change", "certificate_event")


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_other_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (NEW.id, NEW.serial, NEW.application_id, NEW.person, NEW.holder, NEW.scheme, NEW.level, NEW.issued_on,
                NEW.issued_at, NEW.expires_on, NEW.demonstration, NEW.sha256, NEW.pdf)
               IS DISTINCT FROM
               (OLD.id, OLD.serial, OLD.application_id, OLD.person, OLD.holder, OLD.scheme, OLD.level, OLD.issued_on,
                OLD.issued_at, OLD.expires_on, OLD.demonstration, OLD.sha256, OLD.pdf)
            THEN
                RAISE EXCEPTION 'an issued certificate is never changed, only its status'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF OLD.status = 'revoked' AND NEW.status <> 'revoked' THEN
                RAISE EXCEPTION 'a revocation is final' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    for table in KEPT_WHOLE:
        op.execute(
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute("CREATE TRIGGER kept BEFORE DELETE ON certificate FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE TRIGGER unchanged BEFORE UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION refuse_other_certificate()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER unchanged ON certificate")
    for table in ("certificate", *KEPT_WHOLE):
        op.execute(f"DROP TRIGGER kept ON {table}")
    op.execute("DROP FUNCTION refuse_other_certificate()")
    op.execute("DROP FUNCTION refuse_change()")
