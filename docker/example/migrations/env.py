"""Alembic's environment: the database is $DATABASE_URL, the target the application's own tables."""

from logging.config import fileConfig

from alembic import context
from bookshop.database import URL, metadata
from sqlalchemy import create_engine

fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    context.configure(url=URL, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(URL).connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()
