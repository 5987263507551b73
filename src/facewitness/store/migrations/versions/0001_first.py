"""The first catalogue: sources, photos, faces, runs, searches and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = ("ledger_entry", "ledger_node")


def upgrade() -> None:
    op.create_table(
        "bank",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bank")),
    )
    op.create_table(
        "doomed",
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_doomed")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_entry")),
    )
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_ledger_node")),
    )
    op.create_table(
        "photo",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("near_hash", sa.LargeBinary(), nullable=False),
        sa.Column("near_group", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_near_group"), "photo", ["near_group"], unique=False)
    op.create_table(
        "search",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("searched_at", sa.DateTime(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("probe_digests", sa.JSON(), nullable=False),
        sa.Column("probe_notes", sa.JSON(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("threshold", sa.JSON(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("ledger_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search")),
    )
    op.create_index(op.f("ix_search_searched_at"), "search", ["searched_at"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("steward", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_organisation"), "source", ["organisation"], unique=False)
    op.create_table(
        "withdrawn_face",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("face_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_withdrawn_face")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "withdrawn_photo",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawn_photo")),
    )
    op.create_table(
        "capture",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("locator", sa.String(), nullable=False),
        sa.Column("page_url", sa.String(), nullable=False),
        sa.Column("image_url", sa.String(), nullable=False),
        sa.Column("page_title", sa.String(), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("captured_at", sa.DateTime(), nullable=True),
        sa.Column("is_file_time", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_capture_photo_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_capture_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint(
            "source_id", "locator", "photo_id", name=op.f("uq_capture_source_id_locator_photo_id")
        ),
    )
    op.create_index(op.f("ix_capture_photo_id"), "capture", ["photo_id"], unique=False)
    op.create_table(
        "face",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("template", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_face_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_face_model_id", "face", ["model", "id"], unique=False)
    op.create_index(op.f("ix_face_photo_id"), "face", ["photo_id"], unique=False)
    op.create_table(
        "ledger_seal",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["position"], ["ledger_entry.position"], name=op.f("fk_ledger_seal_position")
        ),
        sa.PrimaryKeyConstraint("position", "name", name=op.f("pk_ledger_seal")),
    )
    op.create_table(
        "run",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_run_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "search_candidate",
        sa.Column("search_id", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("face_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("expected_false", sa.Float(), nullable=False),
        sa.Column("near_copy_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["search_id"], ["search.id"], name=op.f("fk_search_candidate_search_id")),
        sa.PrimaryKeyConstraint("search_id", "rank", name=op.f("pk_search_candidate")),
    )
    op.create_table(
        "visit",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("photo_id", sa.String(length=64), nullable=True),
        sa.Column("skip_reason", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_visit_source_id")),
        sa.PrimaryKeyConstraint("source_id", "path", name=op.f("pk_visit")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
                )


def downgrade() -> None:
    op.drop_table("visit")
    op.drop_table("search_candidate")
    op.drop_table("run")
    op.drop_table("ledger_seal")
    op.drop_index(op.f("ix_face_photo_id"), table_name="face")
    op.drop_index("ix_face_model_id", table_name="face")
    op.drop_table("face")
    op.drop_index(op.f("ix_capture_photo_id"), table_name="capture")
    op.drop_table("capture")
    op.drop_table("withdrawn_photo")
    op.drop_table("withdrawn_face")
    op.drop_index(op.f("ix_source_organisation"), table_name="source")
    op.drop_table("source")
    op.drop_index(op.f("ix_search_searched_at"), table_name="search")
    op.drop_table("search")
    op.drop_index(op.f("ix_photo_near_group"), table_name="photo")
    op.drop_table("photo")
    op.drop_table("ledger_node")
    op.drop_table("ledger_entry")
    op.drop_table("doomed")
    op.drop_table("bank")
