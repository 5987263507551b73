"""Alembic's entry: runs on the connection that `Database.migrate` hands over."""

from alembic import context

from facewitness.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
    transaction_per_migration=False,
)
context.run_migrations()
