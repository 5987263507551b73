"""The connection to the catalogue's database: opening, migrating, and one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from facewitness.errors import BadInput, BankError

HEAD = "0005"
"""The newest migration; a test holds it to `migrations/versions`."""

BUSY_SECONDS = 60
"""How long a writer waits for another before it gives up."""


class Database:
    """An engine whose transactions are either reading or writing, and say which."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A consistent snapshot."""
        with self._translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock from its start, so that it never fails half-way for it."""
        with (
            self._translated(),
            self.engine.connect() as plain,
            plain.execution_options(facewitness_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """No error of SQLAlchemy or SQLite leaves this room."""
        try:
            yield
        except sa.exc.OperationalError as error:
            raise BankError(
                f"The catalogue at {self.engine.url} cannot be used: {error.orig}.",
                "Check that the folder is writable, that the disk is not full, and that no other process "
                "holds the bank.",
            ) from error
        except sa.exc.DatabaseError as error:
            raise BankError(
                f"The catalogue at {self.engine.url} refused a statement: {error.orig}."
            ) from error
        except UnicodeEncodeError as error:
            raise BadInput(f"{error.object!r} cannot be written down: it is not valid text.") from error

    def migrate(self) -> None:
        """Bring the database to the newest schema; a no-op where it is there already."""
        version = self._version()
        if version == HEAD:
            return
        # Alembic takes a quarter of a second to import: only who needs it pays.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise BankError(
                f"The catalogue has schema {version!r}, which this release does not know.",
                "It was written by a newer Facewitness; upgrade this one.",
            )
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def _version(self) -> str | None:
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return version


def _prepare_sqlite(engine: sa.Engine) -> None:
    """WAL, enforced keys, erased content overwritten, and transactions that SQLAlchemy begins itself."""

    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # else the driver begins transactions on its own, and too late
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("facewitness_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", on_begin)
