"""The service: books with their authors and reviews, and purchases that take a book from the stock."""

from flask import Flask, abort, jsonify, request
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bookshop.database import (
    Author,
    Book,
    Customer,
    Discount,
    Purchase,
    PurchaseLine,
    Review,
    engine,
)

app = Flask(__name__)


def described(book):
    return {
        "id": book.id,
        "title": book.title,
        "isbn": book.isbn,
        "cents": book.cents,
        "stock": book.stock,
        "authors": [author.name for author in book.authors],
        "stars": [review.stars for review in book.reviews],
    }


def find(session, model, key):
    return session.get(model, key) or abort(404)


@app.get("/health")
def health():
    with engine.connect() as connection:
        return jsonify(revision=connection.scalar(text("SELECT version_num FROM alembic_version")))


@app.get("/books")
def list_books():
    with Session(engine) as session:
        return jsonify(
            [described(book) for book in session.scalars(select(Book).order_by(Book.id))]
        )


@app.post("/books")
def add_book():
    given = request.get_json()
    with Session(engine) as session:
        book = Book(title=given["title"], cents=given["cents"], stock=given.get("stock", 0))
        book.isbn = given.get("isbn")
        book.authors = [Author(name=name) for name in given.get("authors", [])]
        session.add(book)
        session.commit()
        return jsonify(described(book)), 201


@app.post("/books/<int:book_id>/reviews")
def review_book(book_id):
    given = request.get_json()
    with Session(engine) as session:
        book = find(session, Book, book_id)
        book.reviews.append(Review(body=given["body"], stars=given["stars"]))
        session.commit()
        return jsonify(described(book)), 201


@app.post("/purchases")
def buy():
    given = request.get_json()
    with Session(engine) as session:
        book = find(session, Book, given["book"])
        percent = find(session, Discount, given["discount"]).percent if "discount" in given else 0
        # Two customers may want the last one.
        taken = session.execute(
            update(Book).where(Book.id == book.id, Book.stock > 0).values(stock=Book.stock - 1)
        )
        if not taken.rowcount:
            abort(409)
        customer = Customer(email=given["email"])
        session.add(customer)
        session.flush()
        cents = book.cents * (100 - percent) // 100
        purchase = Purchase(
            customer_id=customer.id, lines=[PurchaseLine(book_id=book.id, cents=cents)]
        )
        session.add(purchase)
        session.commit()
        return jsonify(id=purchase.id, cents=cents), 201
