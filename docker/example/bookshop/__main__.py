"""The service: GET and POST /books, and GET /revision for the database's revision."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sqlalchemy import create_engine, select, text

from bookshop.database import URL, book

engine = create_engine(URL)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        with engine.connect() as connection:
            if self.path == "/books":
                rows = connection.execute(select(book).order_by(book.c.id)).mappings()
                self.answer(200, [dict(row) for row in rows])
            elif self.path == "/revision":
                row = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                self.answer(200, row)
            else:
                self.answer(404, "not found")

    def do_POST(self):
        if self.path != "/books":
            self.answer(404, "not found")
            return
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with engine.begin() as connection:
            result = connection.execute(
                book.insert().values(title=body["title"], cents=body["cents"])
            )
        self.answer(201, result.inserted_primary_key[0])

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("", 8000), Handler).serve_forever()
