"""Alembic's environment: the database and the tables are the application's own, and revchain's guard stops an upgrade that would
skip a migration."""

from logging.config import fileConfig

import revchain
from alembic import context
from bookshop.database import Base, engine

fileConfig(context.config.config_file_name, disable_existing_loggers=False)

options = {"target_metadata": Base.metadata, "on_version_apply": revchain.record}

if context.is_offline_mode():
    context.configure(url=engine.url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            revchain.verify(connection, context.script)
            context.run_migrations()
