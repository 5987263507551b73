"""What a recheck found of a capture; runs of other acts than enrolment; what is to be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("run", sa.Column("act", sa.String(), nullable=False, server_default="enrol"))
    op.add_column("capture", sa.Column("state", sa.String(), nullable=False, server_default="there"))
    op.add_column("capture", sa.Column("state_at", sa.DateTime()))
    op.add_column("capture", sa.Column("state_detail", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_visit_photo_id"), "visit", ["photo_id"])
    op.create_table(
        "doomed_record",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_doomed_record_source_id")),
        sa.PrimaryKeyConstraint("source_id", "file", "offset", name=op.f("pk_doomed_record")),
    )
    not_there = sa.text("state != 'there'")
    op.create_index(
        op.f("ix_capture_state"), "capture", ["state"], sqlite_where=not_there, postgresql_where=not_there
    )


def downgrade() -> None:
    op.drop_table("doomed_record")
    op.drop_index(op.f("ix_capture_state"), "capture")
    op.drop_index(op.f("ix_visit_photo_id"), "visit")
    for name in ("state_detail", "state_at", "state"):
        op.drop_column("capture", name)
    op.drop_column("run", "act")
