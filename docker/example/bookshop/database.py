"""The database ($DATABASE_URL), and the tables of the shop as the last migration leaves them."""

import os

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, create_engine
from sqlalchemy.orm import declarative_base, relationship

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)

Base = declarative_base()


class Author(Base):
    __tablename__ = "author"

    id = Column(Integer, primary_key=True)
    name = Column(String(200), nullable=False)


class Book(Base):
    __tablename__ = "book"
    __table_args__ = (Index("book_isbn", "isbn", unique=True),)

    id = Column(Integer, primary_key=True)
    title = Column(String(200), nullable=False)
    isbn = Column(String(17))
    cents = Column(Integer, nullable=False, server_default="0")
    stock = Column(Integer, nullable=False, server_default="0")
    authors = relationship(Author, secondary="authorship", order_by=Author.name)
    reviews = relationship("Review", order_by="Review.id")


class Authorship(Base):
    __tablename__ = "authorship"

    book_id = Column(ForeignKey("book.id"), primary_key=True)
    author_id = Column(ForeignKey("author.id"), primary_key=True)


class Review(Base):
    __tablename__ = "review"

    id = Column(Integer, primary_key=True)
    book_id = Column(ForeignKey("book.id"), nullable=False)
    body = Column(Text, nullable=False)
    stars = Column(Integer)


class Customer(Base):
    __tablename__ = "customer"

    id = Column(Integer, primary_key=True)
    email = Column(String(200), nullable=False)


class Purchase(Base):
    __tablename__ = "purchase"

    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customer.id"), nullable=False)
    lines = relationship("PurchaseLine")


class PurchaseLine(Base):
    __tablename__ = "purchase_line"

    purchase_id = Column(ForeignKey("purchase.id"), primary_key=True)
    book_id = Column(ForeignKey("book.id"), primary_key=True)
    cents = Column(Integer, nullable=False)


class Discount(Base):
    __tablename__ = "discount"

    code = Column(String(20), primary_key=True)
    percent = Column(Integer, nullable=False)
