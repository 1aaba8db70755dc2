"""The tables of the shop, as the last migration leaves them."""

import os

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

URL = os.environ.get("DATABASE_URL", "sqlite:///bookshop.db")

metadata = MetaData()

author = Table(
    "author",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
)

book = Table(
    "book",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("isbn", String(17)),
    Column("cents", Integer, nullable=False, server_default="0"),
    Column("stock", Integer, nullable=False, server_default="0"),
    Index("book_isbn", "isbn", unique=True),
)

authorship = Table(
    "authorship",
    metadata,
    Column("book_id", Integer, ForeignKey("book.id"), primary_key=True),
    Column("author_id", Integer, ForeignKey("author.id"), primary_key=True),
)

customer = Table(
    "customer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(200), nullable=False),
)

purchase = Table(
    "purchase",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Integer, ForeignKey("customer.id"), nullable=False),
)

purchase_line = Table(
    "purchase_line",
    metadata,
    Column("purchase_id", Integer, ForeignKey("purchase.id"), primary_key=True),
    Column("book_id", Integer, ForeignKey("book.id"), primary_key=True),
    Column("cents", Integer, nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("book_id", Integer, ForeignKey("book.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("stars", Integer),
)

discount = Table(
    "discount",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("percent", Integer, nullable=False),
)
