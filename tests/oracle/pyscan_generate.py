"""Random modules for the test of revchain's Python scanner: made from a grammar, and mutations of real ones."""

import re

WANTED = ("revision", "down_revision", "branch_labels", "depends_on")
OTHERS = ("x", "parent", "revisions", "_base", "é")
FANCY = ("ｒevision", "𝒅own_revision", "depends＿on", "ﬁrst", "branch_labelﬆ"[:-1] + "s")

ENCODINGS = (
    ("utf-8", "utf-8"), ("UTF_8", "utf-8"), ("utf8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "latin-1"),
    ("ISO_8859-1", "latin-1"), ("latin-1-unix", "latin-1"), ("ascii", "ascii"), ("us-ascii", "ascii"),
    ("iso-8859-15", "iso-8859-15"), ("latin9", "iso-8859-15"), ("cp1252", "cp1252"), ("windows-1252", "cp1252"),
    ("koi8-r", "koi8-r"), ("iso-8859-2", "iso-8859-2"), ("cp1251", "cp1251"), ("mac-roman", "mac-roman"),
    ("euc-jp", "euc-jp"), ("shift_jis", "shift_jis"), ("gbk", "gbk"), ("utf-16", "utf-8"), ("nonsense", "utf-8"),
    ("rot13", "utf-8"), ("utf-7", "utf-8"), ("u8", "utf-8"), ("L1", "latin-1"), ("cp1252.x", "cp1252"),
)  # fmt: skip

CLOSED = ")]}"
OPEN = "([{"


class Grammar:
    def __init__(self, random):
        self.r = random

    def pick(self, *choices):
        return self.r.choice(choices)

    def chance(self, percent):
        return self.r.random() * 100 < percent

    # strings

    def text(self, quote, triple, raw):
        parts = [
            "a1",
            "b",
            "0f",
            "-",
            "#",
            "{",
            "}",
            "é",
            "'",
            '"',
            "日",
            " ",
            "\\\\",
            "\\'",
            '\\"',
            "\\\n",
        ]
        if not raw:
            parts += [
                "\\x41",
                "\\u00e9",
                "\\U0001F600",
                "\\ud800",
                "\\101",
                "\\7",
                "\\400",
                "\\q",
                "\\n",
                "\\t",
                "\\v",
            ]
            if self.chance(10):
                parts += ["\\N{BULLET}", "\\0", "\\x00", "\\\\N{x}"]
        if triple:
            parts += ["\n", quote]
        out = "".join(self.r.choice(parts) for _ in range(self.r.randrange(5)))
        if not triple:
            out = (
                out.replace(quote, "")
                if "\\" not in out
                else re.sub(r"(?<!\\)((?:\\\\)*)" + quote, r"\1", out)
            )
        elif out.endswith(quote):
            out += "z"
        return re.sub(quote * 3, "", out) if triple else out

    def string(self, plain=True):
        prefix = self.pick("", "", "", "", "r", "u", "R", "U")
        if not plain:
            prefix = self.pick("b", "f", "rb", "fr", "Rb", "F", "bR", "rF")
        quote = self.pick("'", '"')
        triple = self.chance(15)
        raw = "r" in prefix.lower()
        body = self.text(quote, triple, raw)
        if "b" in prefix.lower():
            body = "".join(c for c in body if ord(c) < 128)
        if "f" in prefix.lower():
            body = body.replace("{", "{{").replace("}", "}}") + self.pick(
                "", "{x}", "{x!r:>{x}}", "{x:%H:%M}", "{ {1: 2}[1] }"
            )
        if not triple and "\n" in body.replace("\\\n", ""):
            body = ""
        if (len(body) - len(body.rstrip("\\"))) % 2:
            body += "_"
        marks = quote * 3 if triple else quote
        return prefix + marks + body + marks

    def strings(self):
        return [self.string() for _ in range(1 if self.chance(75) else self.r.randrange(2, 4))]

    # expressions, as lists of tokens

    def name(self):
        return self.r.choice(WANTED + WANTED + OTHERS + (FANCY if self.chance(10) else ()))

    def elements(self, close, element=None):
        out = []
        for index in range(self.r.randrange(4)):
            out += ([","] if index else []) + (element or self.element)()
        if out and (self.chance(30) or (close == ")" and "," not in out)):
            out.append(",")
        return out

    def element(self):
        if self.chance(80):
            return self.strings()
        return self.value(1) if self.chance(50) else [self.name()]

    def call(self):
        path = self.pick([], [], ["revchain", "."], ["a", ".", "b", "."])
        argument = [self.pick("revision", "revision", "x")] if self.chance(60) else self.strings()
        if self.chance(10):
            argument = self.value(2)
        if self.chance(20):
            argument = ["revision", "="] + argument
            if self.chance(50):
                argument = ["versions_dir", "=", '"d"', ","] + argument
        elif self.chance(20):
            argument += [",", "versions_dir", "=", "f", "(", ")"]
        return (
            path
            + [self.pick(*["get_down_revision"] * 9, "other"), "("]
            + argument
            + self.pick([], [","])
            + [")"]
        )

    def unreadable(self):
        return self.pick(
            ["1"], ["True"], ["f", "(", ")"], ["x", ".", "y"], ["x", "[", "0", "]"], ['"a"', "+", '"b"'], ["{", "}"],
            ['"a"', "if", "x", "else", '"b"'], ["[", "y", "for", "y", "in", "x", "]"], ["-", "1"], ["..."],
            ["lambda", ":", '"a"'], ["{", '"a"', ":", "1", "}"], ["frozenset", "(", "{", '"a"', "}", ")"],
            ["(", self.name(), ":=", '"a"', ")"], ["[", "lambda", ":", "(", self.name(), ":=", "1", ")", "]"],
            ["f", "(", "lambda", "a", "=", "(", self.name(), ":=", "1", ")", ":", "a", ")"],
            ["[", self.name(), ":=", "1", ",", "2", "]"], ["(", "yield_", ")"], ["*", "x", ","], ["not", "x"],
            ["lambda", "a", "=", "1", ",", "*", "b", ":", "a"], [self.string(False)], [self.string(), self.string(False)],
            ["x", "=="  , "y"], ['"a"', ".", "upper", "(", ")"], ["(", '"a"', ")", "[", "0", "]"], ["1.5e3j"],
        )  # fmt: skip

    def value(self, depth=0):
        kind = self.r.randrange(100)
        if kind < 35:
            return self.strings()
        if kind < 45:
            return ["None"]
        if kind < 55 and depth < 3:
            return ["("] + self.value(depth + 1) + [")"]
        if kind < 65:
            return ["("] + self.elements(")") + [")"]
        if kind < 71:
            return ["["] + self.elements("]") + ["]"]
        if kind < 75:
            return ["{"] + (self.elements("}") or ['"a"']) + ["}"]
        if kind < 85:
            return self.call()
        if kind < 93:
            return [self.name()]
        return self.unreadable()

    def right_side(self):
        if self.chance(10):
            out = self.elements(")")
            return out or ['"a"', ","]
        return self.value()

    # statements

    def target(self):
        kind = self.r.randrange(100)
        if kind < 70:
            return [self.name()]
        if kind < 78:
            return ["(", self.name(), ")"]
        if kind < 84:
            return [self.name(), ",", self.name()] + self.pick([], [","])
        if kind < 88:
            return ["(", self.name(), ",", self.name(), ")"]
        if kind < 91:
            return ["[", self.name(), ",", self.name(), "]"]
        if kind < 93:
            return [self.name(), ",", "*", self.name()]
        if kind < 95:
            return ["(", self.name(), ",", "(", self.name(), ",", "x", ")", ")"]
        if kind < 97:
            return [self.name(), "[", self.name(), "]"]
        return [self.name(), ".", self.name()]

    def assignment(self):
        kind = self.r.randrange(10)
        if kind < 6:
            return self.target() + ["="] + self.right_side()
        if kind < 8:
            annotation = self.pick(
                ["str"], ["Union", "[", "str", ",", "None", "]"], ['"T"'], ["lambda", ":", "x"]
            )
            left = self.pick([self.name()], ["(", self.name(), ")"])
            return left + [":"] + annotation + (["="] + self.value() if self.chance(80) else [])
        return self.target() + ["="] + self.target() + ["="] + self.right_side()

    def simple(self):
        name = self.name()
        if self.chance(75):
            return self.assignment()
        return self.pick(
            ["import", name], ["import", "os", ".", name], ["import", name, ".", "path"], ["import", "os", "as", name],
            ["from", ".", "import", name], ["from", "a", "import", "(", "b", "as", name, ",", ")"],
            ["from", name, "import", "b"], ["del", name], ["del", "x", ",", "(", name, ")"], ["del", name, "[", "0", "]"],
            [name, "+=", '"a"'], [name, "[", "0", "]", "+=", "1"], [name, ".", "append", "(", '"a"', ")"], ["pass"],
            ["assert", "x", ",", "(", name, ":=", "1", ")"], ["print", "(", name, ")"], [name], ["f", "(", name, "=", "1", ")"],
            ["raise", "E", "from", name], ["[", name, "for", name, "in", "x", "]"], [self.string(False)], self.strings(),
            ["match", ":", "int", "=", '"a"'], ["type", "=", '"a"'], ["case", ",", "x", "=", "y"], ["print", "*", name],
        )  # fmt: skip

    def header(self):
        name = self.name()
        value = self.pick(
            ["x"],
            ["(", name, ":=", "1", ")"],
            ["{", "1", ":", "2", "}"],
            ["x", "[", "1", ":", "2", "]"],
        )
        return self.pick(
            ["if"] + value, ["while"] + value, ["for", name, "in"] + value,
            ["for", "a", ",", "(", "b", ",", name, ")", "in", "x"],
            ["with"] + value + ["as", name], ["with", "a", "as", "b", ",", "c", "as", "(", "d", ",", name, ")"],
            ["with", "(", "a", "as", name, ",", "b", ")"], ["def", "f", "(", ")"], ["def", name, "(", "a", ")"],
            ["def", "f", "(", "a", ":", "int", "=", "(", name, ":=", "1", ")", ",", "*", "b", ")", "->", "int"],
            ["class", "C"], ["class", name, "(", "B", ")"], ["async", "def", name, "(", ")"], ["try"], ["match"],
            ["for", name, ".", "a", "in", "x"], ["for", name, "[", "0", "]", "in", "x"], ["if", "lambda", ":", "1"],
            ["class", "C", "(", "metaclass", "=", "(", name, ":=", "M", ")", ")"],
        )  # fmt: skip

    def case(self):
        name = self.name()
        return ["case"] + self.pick(
            ["1"], [name], ["A", ".", name], ["A", "(", name, "=", "_", ")"], ["A", "(", "a", "=", name, ")"], [name, "(", ")"],
            ["[", "a", ",", "*", name, "]"], ["{", '"k"', ":", name, ",", "**", "rest", "}"], ["1", "|", "2", "as", name],
            [name, "if", name], ["_", "if", "(", name, ":=", "1", ")"], ["a", ",", name],
        )  # fmt: skip

    # layout

    def space(self, depth):
        if self.chance(70):
            return ""
        choices = [" ", " ", "  ", "\t", "\f", "\\\n", " \\\n  "]
        if depth > 0:
            choices += ["\n", "\n\t", " # ' comment (\n", "\n\n   "]
        return self.r.choice(choices)

    def render(self, tokens):
        out, depth = "", 0
        for index, token in enumerate(tokens):
            if token in CLOSED:
                depth -= 1
            if index:
                space = self.space(depth)
                before, after = out[-1], token[0]
                wordy = (before.isalnum() or before in "_\"'" or not before.isascii()) and (
                    after.isalnum() or after in "_\"'." or not after.isascii()
                )
                out += space or (" " if wordy or before == "." else self.pick("", " "))
            out += token
            if token in OPEN:
                depth += 1
        return out

    def line(self, indent):
        parts = [self.render(self.simple()) for _ in range(1 if self.chance(85) else 2)]
        if self.chance(3):
            parts.insert(0, '"""doc"""')
        return (
            indent
            + self.pick(";", "; ").join(parts)
            + self.pick("", "", "", ";", "  # comment 'x", "\t")
        )

    def block(self, indent, depth, scope=False):
        inner = indent + self.pick("    ", "    ", "\t", "  ", " ")
        out = []
        if scope and self.chance(30):
            out.append(inner + "global " + self.r.choice(WANTED + OTHERS))
        for _ in range(self.r.randrange(1, 4)):
            out += self.statement(inner, depth + 1)
        return out

    def compound(self, indent, depth):
        tokens = self.header()
        scope = tokens[0] in ("def", "class", "async")
        if tokens == ["match"]:
            out = [indent + "match x:"]
            inner = indent + "  "
            for _ in range(self.r.randrange(1, 3)):
                out += [inner + self.render(self.case()) + ":"] + self.block(inner, depth)
            return out
        out = (
            ["@" + self.render(["d", "(", self.name(), ":=", "1", ")"])]
            if scope and self.chance(10)
            else []
        )
        out = [indent + line for line in out]
        head = indent + self.render(tokens) + self.pick(":", " :")
        if self.chance(25):
            body = self.render(self.simple())
            if scope and self.chance(30):
                body = "global " + self.name() + "; pass"
            out.append(head + " " + body)
        else:
            out += [head + self.pick("", "  # why")] + self.block(indent, depth, scope)
        if tokens == ["try"]:
            out.append(
                indent + self.pick("except:", "except E as " + self.name() + ":", "finally:")
            )
            out += self.block(indent, depth)
        elif tokens[0] == "if" and self.chance(50):
            out.append(indent + self.pick("else:", "elif (" + self.name() + " := 2):"))
            out += self.block(indent, depth)
        return out

    def statement(self, indent="", depth=0):
        if self.chance(12):
            return [
                self.pick(
                    "", "   ", "\t# comment", "# coding is 'fun", " \f", "\\\n", indent + "\f"
                )
            ]
        if self.chance(20) and depth < 4:
            return self.compound(indent, depth)
        return [self.line(indent)]

    def date(self):
        year = self.pick(1, 1969, 1970, 2000, 2024, 2023, 9999, 0)
        text = "%04d-%02d-%02d" % (year, self.r.randrange(14), self.r.randrange(33))
        if self.chance(90):
            text += self.pick(" ", "T") + "%02d:%02d" % (self.r.randrange(25), self.r.randrange(61))
            if self.chance(90):
                text += ":%02d" % self.r.randrange(61)
                text += self.pick("", ".1", ".123456", ".123456789", ".", ".1234567890")
            text += self.pick(
                "",
                "",
                "Z",
                " UTC",
                "+01:00",
                " -11:30:15",
                "+24:00",
                "+05",
                "+0500",
                " z",
                "-00:61",
            )
        return text

    def docstring(self):
        quote = self.pick('"""', "'''")
        label = self.pick(
            "Create Date:", "  Create Date:", "\tCreate Date: ", "Create date: ", "Create Date:  "
        )
        lines = [
            "add a column",
            "",
            "Revision ID: 1a",
            "Revises: 2b",
            label + " " + self.date() + self.pick("", " ", " x"),
            "",
        ]
        if self.chance(10):
            lines.insert(2, self.pick("Create Date: 2020-01-02", "\\x41", "\\N{BULLET}", "\\0"))
        text = quote + "\n".join(lines) + quote
        return self.pick(
            text, text, "(" + text + ")", text + " 'tail'", text + "; x = 1", "r" + text
        )

    def module(self):
        """The bytes of a module."""
        lines = []
        name, codec = self.r.choice(ENCODINGS) if self.chance(25) else (None, "utf-8")
        if name:
            lines += self.pick([], [], ["#!/usr/bin/python"], [""], ["x = 1"])
            line = self.pick(
                "# -*- coding: %s -*-",
                "# vim: set fileencoding=%s :",
                "#coding=%s",
                "\f # encoding: %s",
            )
            lines.append(line % name)
        if self.chance(30):
            lines.append(self.docstring())
        for _ in range(self.r.randrange(1, 9)):
            lines += self.statement()
        data = "\n".join(lines)
        if self.chance(80):
            data += "\n"
        out = data.encode(codec, "ignore")
        ending = self.pick(b"\n", b"\n", b"\n", b"\r\n", b"\r")
        out = out.replace(b"\n", ending)
        if self.chance(5):
            out = b"\xef\xbb\xbf" + out
        return out


INSERTS = [bytes([c]) for c in b"'\"()[]{}\\\n\t #:;=,.@!$?`\f\r*rbf0"] + [
    b"'''", b'"""', b"    ", b"\\\n", b":=", b"\xc3\xa9", b"\xe2\x80\x9c", b"\xff", b"\xc2\xa0", b"\0", b"\xef\xbb\xbf", b"\x01",
    b"revision", b"if x:\n", b"\nrevision = 'm'\n", b"f'", b"{x}", b"\xcc\x81", b"lambda: ", b"None", b"def f():\n",
]  # fmt: skip


SOUP = (
    "f'", "'", 'f"', '"', '"""', "f'''", "rf'", "{", "}", "{{", "}}", ":", "!r", "=", "x", "\\", "\\N{", "\n", " ", "#", "(", ")",
    "[", "]", "lambda", ",", "revision", ":=", "  ", "\t", "if x:", "\n  ", "\\\n", "None", "1", "for", "in", "\f", ";", ".", "b'",
)  # fmt: skip


def soup(random):
    """A short text of pieces that have nothing to do with each other."""
    pieces = random.sample(SOUP, random.randrange(3, len(SOUP)))
    return "".join(random.choice(pieces) for _ in range(random.randrange(1, 25))).encode()


def mutate(random, data):
    """A few random edits of the bytes."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.choice((1, 1, 1, 2, 5, 30)))
        kind = random.randrange(8)
        if kind < 2:
            data = data[:at] + data[end:]
        elif kind < 4:
            data = data[:at] + random.choice(INSERTS) + data[at:]
        elif kind == 4:
            data = data[:at] + data[at:end] + data[at:]
        elif kind == 5 and at < len(data):
            data = data[:at] + random.choice(INSERTS) + data[at + 1 :]
        else:
            lines = data.splitlines(keepends=True)
            if lines:
                one, two = random.randrange(len(lines)), random.randrange(len(lines))
                if kind == 6:
                    lines[one], lines[two] = lines[two], lines[one]
                else:
                    lines[one : one + 1] = random.choice(
                        (
                            [],
                            [lines[one]] * 2,
                            [b" " + lines[one]],
                            [b"\t" + lines[one]],
                            [lines[one].lstrip()],
                            [lines[one][1:]],
                        )
                    )
                data = b"".join(lines)
    return data
