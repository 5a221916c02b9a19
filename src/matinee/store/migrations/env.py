"""The environment that alembic runs: it uses the connection and transaction of `migrate.py`."""

from alembic import context

from matinee.store.migrate import VERSION_TABLE
from matinee.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
