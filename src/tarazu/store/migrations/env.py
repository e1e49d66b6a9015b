"""What Alembic runs: the migrations, on the connection and inside the transaction of the caller."""

from alembic import context

from tarazu.store import tables  # noqa: F401  fills METADATA
from tarazu.store.metadata import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a column
    transactional_ddl=False,  # the caller's transaction holds all of it
)
context.run_migrations()
