"""The catalogue's tables. `migrations/` makes them; a test holds the two to each other."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out; SQLite itself forgets zones."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To naive UTC; a naive datetime is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Back to aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

bank = sa.Table(
    "bank",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

source = sa.Table(
    "source",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("organisation", sa.String, nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("location", sa.String, nullable=False),
    sa.Column("steward", sa.String, nullable=False),
    sa.Column("basis", sa.String, nullable=False),
    sa.Column("licence", sa.String, nullable=False),
    sa.Column("note", sa.String, nullable=False),
    sa.Column("registered_at", UtcDateTime, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Column("scope", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("owner", sa.String, nullable=False, server_default=""),
    sa.Column("citation", sa.String, nullable=False, server_default=""),
    sa.Column("agreement", sa.String, nullable=False, server_default=""),
    sa.Column("agreement_digest", sa.String, nullable=False, server_default=""),
    sa.Column("minors", sa.String, nullable=False, server_default="not-stated"),
    sa.Column("starts", UtcDateTime),
    sa.Column("expires", UtcDateTime),
    sa.Column("review_by", UtcDateTime),
    sa.Column("approved_by", sa.String, nullable=False, server_default=""),
    sa.Column("approved_at", UtcDateTime),
)

source_reference = sa.Table(
    "source_reference",
    metadata,
    sa.Column("source_id", sa.ForeignKey("source.id"), primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("template", sa.LargeBinary, nullable=False),  # float32, little-endian
    sa.Column("given_at", UtcDateTime, nullable=False),
)

photo = sa.Table(
    "photo",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("format", sa.String, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("near_hash", sa.LargeBinary, nullable=False),
    sa.Column("near_group", sa.String(64), nullable=False, index=True),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("enrolled_at", UtcDateTime, nullable=False),
)

capture = sa.Table(
    "capture",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=True),
    sa.Column("photo_id", sa.ForeignKey("photo.id"), nullable=False),
    sa.Column("source_id", sa.ForeignKey("source.id"), nullable=False),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("locator", sa.String, nullable=False),
    sa.Column("page_url", sa.String, nullable=False),
    sa.Column("image_url", sa.String, nullable=False),
    sa.Column("page_title", sa.String, nullable=False),
    sa.Column("caption", sa.String, nullable=False),
    sa.Column("licence", sa.String, nullable=False),
    sa.Column("captured_at", UtcDateTime),
    sa.Column("is_file_time", sa.Boolean, nullable=False),
    sa.Column("record_file", sa.String),
    sa.Column("record_offset", sa.BigInteger),
    sa.Column("record_id", sa.String),
    sa.Column("preferences", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("state", sa.String, nullable=False, server_default="there"),
    sa.Column("state_at", UtcDateTime),
    sa.Column("state_detail", sa.String, nullable=False, server_default=""),
    sa.Index(
        "ix_capture_state",
        "state",
        sqlite_where=sa.text("state != 'there'"),
        postgresql_where=sa.text("state != 'there'"),
    ),
    sa.UniqueConstraint("source_id", "locator", "photo_id"),
    # With the source in it, SQLite finds a photo's captures by the photo, and never by going through a source.
    sa.Index(None, "photo_id", "source_id"),
)

face = sa.Table(
    "face",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=True),
    sa.Column("photo_id", sa.ForeignKey("photo.id"), nullable=False, index=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("geometry", sa.JSON, nullable=False),  # box (4), landmarks (10), detector score: 15 numbers
    sa.Column("quality", sa.JSON, nullable=False),
    sa.Column("refusal", sa.String),
    sa.Column("template", sa.LargeBinary),  # float32, little-endian; NULL where refused
    sa.Index("ix_face_model_id", "model", "id"),
    sqlite_autoincrement=True,  # an id once given is never given again, also after withdrawal
)

withdrawn_face = sa.Table(
    "withdrawn_face",
    metadata,
    sa.Column("position", _Id, primary_key=True, autoincrement=True),
    sa.Column("face_id", sa.BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

withdrawn_photo = sa.Table(
    "withdrawn_photo",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
)

doomed = sa.Table(
    "doomed",
    metadata,
    sa.Column("photo_id", sa.String(64), primary_key=True),  # withdrawn, its bytes not yet deleted
)

doomed_record = sa.Table(
    "doomed_record",
    metadata,
    sa.Column("source_id", sa.ForeignKey("source.id"), primary_key=True),
    sa.Column("file", sa.String, primary_key=True),
    sa.Column("offset", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("record_id", sa.String, nullable=False),
)

visit = sa.Table(
    "visit",
    metadata,
    sa.Column("source_id", sa.ForeignKey("source.id"), primary_key=True),
    sa.Column("path", sa.String, primary_key=True),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("photo_id", sa.String(64), index=True),
    sa.Column("skip_reason", sa.String),
    sa.Column("detail", sa.String, nullable=False),
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=True),
    sa.Column("source_id", sa.ForeignKey("source.id"), nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("door", sa.String, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("act", sa.String, nullable=False, server_default="enrol"),
)

search = sa.Table(
    "search",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("organisation", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("door", sa.String, nullable=False),
    sa.Column("purpose", sa.String, nullable=False),
    sa.Column("searched_at", UtcDateTime, nullable=False, index=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("probe_digests", sa.JSON, nullable=False),
    sa.Column("probe_notes", sa.JSON, nullable=False),
    sa.Column("filters", sa.JSON, nullable=False),
    sa.Column("threshold", sa.JSON, nullable=False),
    sa.Column("policy", sa.String, nullable=False),
    sa.Column("ledger_index", sa.BigInteger, nullable=False),
    sa.Column("plan", sa.JSON),
)

search_candidate = sa.Table(
    "search_candidate",
    metadata,
    sa.Column("search_id", sa.ForeignKey("search.id"), primary_key=True),
    sa.Column("rank", sa.Integer, primary_key=True),
    sa.Column("face_id", sa.BigInteger, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("expected_false", sa.Float, nullable=False),
    sa.Column("near_copy_of", sa.Integer),
)

ledger_entry = sa.Table(
    "ledger_entry",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
)

ledger_seal = sa.Table(
    "ledger_seal",
    metadata,
    sa.Column("position", sa.ForeignKey("ledger_entry.position"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("value", sa.String),
)

ledger_node = sa.Table(
    "ledger_node",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)
