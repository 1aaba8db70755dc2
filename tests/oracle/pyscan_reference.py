"""What a module declares according to CPython: the reference for revchain's Python scanner.

judge(data) parses the bytes with CPython itself and works out from its syntax tree what the scanner has to say.
"""

import ast
import codecs
import datetime
import io
import re
import sys
import tokenize
import unicodedata
import warnings

WANTED = ("revision", "down_revision", "branch_labels", "depends_on")

EXACT = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-8-sig"}
OPAQUE = re.compile(
    r"iso8859-\d+|cp125\d|cp(437|720|737|775|85\d|86[012356789]|874|1125)|koi8-[rtu]|kz1048|ptcp154|hp-roman8|tis-620"
    r"|mac-(roman|croatian|cyrillic|greek|iceland|latin2|romanian|turkish)|euc_\w+|gb2312"
)

# Errors of CPython's tokenizer and about indentation; all of them have to be found, on the same line.
STRUCTURAL = re.compile(
    r"unterminated |unmatched '|does not match opening|was never closed|unindent does not match"
    r"|inconsistent use of tabs|unexpected indent|too many levels of indentation|too many nested parentheses"
    r"|invalid character|invalid non-printable|unexpected character after line continuation|unexpected EOF"
    r"|expected an indented block|f-string: single '}'"
)
ENCODING = re.compile(
    r"encoding problem|unknown encoding|codec can't decode|null bytes|Non-UTF-8|not a text encoding"
)
UNDECODED = re.compile(r"codec can't decode")


class Value:
    """A value that names may share. kind: none, string, sequence, call, bad."""

    def __init__(self, kind, node, payload=None, ordered=False, changeable=False):
        self.kind = kind
        self.lines = [(node.lineno, node.end_lineno)]
        self.payload = payload
        self.ordered = ordered
        self.changeable = changeable
        self.changed = False


class Binding:
    def __init__(self, value=None, lines=(), line=0):
        self.value = value  # None: bound in a way that gives no value
        self.lines = list(lines)
        self.line = line


class Module:
    """Walks a syntax tree and keeps what its names are bound to."""

    def __init__(self, tree, text, opaque):
        self.text_lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self.tree = tree
        self.opaque = opaque
        self.names = {}
        self.globals = {}
        self.docstring = None
        self.docstring_exact = True
        first = (
            getattr(tree.body[0], "value", None)
            if tree.body and isinstance(tree.body[0], ast.Expr)
            else None
        )
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            self.docstring = first.value
            self.docstring_exact = self.string(first).kind == "string"
        for statement in tree.body:
            self.statement(statement, True)

    def segment(self, node):
        lines = [line.encode() for line in self.text_lines[node.lineno - 1 : node.end_lineno]]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"".join(lines).decode()

    # values

    def string(self, node):
        """A string; bad where the scanner cannot know its value."""
        segment = self.segment(node)
        bad = "\0" in node.value or (self.opaque and not segment.isascii())
        if not bad and "\\N" in segment:
            tokens = tokenize.generate_tokens(io.StringIO("(" + segment + ")").readline)
            for token in tokens:
                if (
                    token.type == tokenize.STRING
                    and "r" not in token.string[: token.string.find(token.string[-1])].lower()
                ):
                    bad = bad or re.search(r"(?<!\\)(\\\\)*\\N\{", token.string)
        return Value("bad" if bad else "string", node, node.value)

    def sequence(self, node):
        elements = [self.value(element) for element in node.elts]
        for element in elements:
            if element.kind == "bad" and not isinstance(element.payload, str):
                return Value("bad", node)
        return Value(
            "sequence",
            node,
            elements,
            not isinstance(node, ast.Set),
            not isinstance(node, ast.Tuple),
        )

    def is_chain(self, node):
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name)

    def call(self, node):
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)
        if (
            name != "get_down_revision"
            or not self.is_chain(function)
            or self.segment(node).startswith("(")
        ):
            return Value("bad", node)
        arguments = sorted(
            node.args + [k.value for k in node.keywords], key=lambda a: (a.lineno, a.col_offset)
        )
        keywords = {id(k.value): k for k in node.keywords}
        chosen = None
        for index, argument in enumerate(arguments):
            keyword = keywords.get(id(argument))
            if keyword is None:
                chosen = argument if index == 0 else None
                break
            if keyword.arg == "revision":
                chosen = argument
                break
            if keyword.arg is None:
                break
        value = self.value(chosen, nested=True) if chosen is not None else None
        if value is None or (value.kind == "bad" and not isinstance(value.payload, str)):
            return Value("bad", node)
        if not (value.kind == "string" or isinstance(value.payload, str)):
            return Value("bad", node)
        return Value("call", node, value)

    def value(self, node, nested=False):
        if isinstance(node, ast.Constant) and node.value is None:
            return Value("none", node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.string(node)
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return self.sequence(node)
        if isinstance(node, ast.Call) and not nested:
            return self.call(node)
        if isinstance(node, ast.Name) and node.id.isascii() and node.id not in self.globals:
            binding = self.names.get(node.id)
            if (
                binding
                and binding.value
                and (binding.value.kind != "bad" or isinstance(binding.value.payload, str))
            ):
                return binding.value
        return Value("bad", node)

    # bindings

    def spoil(self, name, node):
        binding = self.names.setdefault(name, Binding())
        if binding.value is not None:
            binding.lines = []
        binding.value = None
        binding.line = None
        binding.lines.append((node.lineno, node.end_lineno))

    def change(self, name, node):
        binding = self.names.get(name)
        if binding and binding.value and binding.value.changeable:
            binding.value.changed = True
            binding.value.lines.append((node.lineno, node.end_lineno))
        else:
            self.spoil(name, node)

    def change_object(self, node):
        if isinstance(node, ast.Name):
            binding = self.names.get(node.id)
            if binding and binding.value and binding.value.changeable:
                self.change(node.id, node)

    def spoil_target(self, target):
        if isinstance(target, ast.Name):
            self.spoil(target.id, target)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self.spoil_target(element)
        elif isinstance(target, ast.Starred):
            self.spoil_target(target.value)
        elif isinstance(target, (ast.Subscript, ast.Attribute)) and not self.segment(
            target
        ).startswith("("):
            while not isinstance(target, ast.Name):
                inner, target = (
                    target,
                    getattr(target, "value", None) or getattr(target, "func", None),
                )
                if target is None:
                    return
            if isinstance(inner, ast.Subscript):
                self.change(target.id, target)

    def is_plain(self, target):
        """Whether the target is names and commas, in one pair of brackets at most."""
        if not all(isinstance(element, ast.Name) for element in target.elts) or not target.elts:
            return False
        brackets = re.findall(r"[(\[]", re.sub(r"#[^\n]*", "", self.segment(target)))
        return len(brackets) <= 1

    def assign(self, target, value, statement):
        lines = [(statement.lineno, statement.end_lineno)]
        if isinstance(target, ast.Name):
            self.names[target.id] = Binding(value, lines, statement.lineno)
        elif (
            isinstance(target, (ast.Tuple, ast.List))
            and self.is_plain(target)
            and value.kind == "sequence"
            and value.ordered
            and not value.changed
            and len(value.payload) == len(target.elts)
        ):
            for element, item in zip(target.elts, value.payload):
                self.names[element.id] = Binding(item, lines, statement.lineno)
        else:
            self.spoil_target(target)

    # statements

    def walrus(self, node):
        """The := of an expression, but those in the bodies of lambdas."""
        if node is None:
            return
        if isinstance(node, ast.Lambda):
            for default in node.args.defaults + [d for d in node.args.kw_defaults if d]:
                self.walrus(default)
            return
        for child in ast.iter_child_nodes(node):
            self.walrus(child)
        if isinstance(node, ast.NamedExpr):
            self.spoil(node.target.id, node.target)

    def definition(self, node):
        """The parts of a def or class that run in the scope around it, and the global statements within."""
        for part in node.decorator_list:
            self.walrus(part)
        if isinstance(node, ast.ClassDef):
            for part in node.bases + [k.value for k in node.keywords]:
                self.walrus(part)
        else:
            self.walrus(node.args)
            self.walrus(node.returns)
        self.spoil(node.name, node)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                for name in inner.names:
                    self.globals.setdefault(name, []).append((inner.lineno, inner.end_lineno))

    def pattern(self, node):
        for inner in ast.walk(node):
            name = getattr(inner, "name", None) or getattr(inner, "rest", None)
            if name:
                self.spoil(name, inner)

    def simple(self, node, top):
        for child in ast.iter_child_nodes(node):
            self.walrus(child)
        if isinstance(node, ast.Assign):
            value = self.value(node.value) if top else None
            for target in node.targets:
                self.assign(target, value, node) if top else self.spoil_target(target)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                value = self.value(node.value) if top else None
                self.assign(node.target, value, node) if top else self.spoil_target(node.target)
        elif isinstance(node, ast.AugAssign):
            self.change_object(node.target)
            self.spoil_target(node.target)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self.spoil_target(target)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name != "*":
                    self.spoil(alias.asname or (alias.name.split(".")[0]), node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if isinstance(node.value.func, ast.Attribute):
                self.change_object(node.value.func.value)
        elif type(node).__name__ == "TypeAlias":
            self.spoil(node.name.id, node)

    def statement(self, node, top=False):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.definition(node)
            return
        bodies = [
            field
            for field in ("body", "handlers", "orelse", "finalbody", "cases")
            if getattr(node, field, None)
        ]
        if not bodies or isinstance(node, (ast.Expr, ast.Assign)):
            self.simple(node, top)
            return
        if isinstance(node, ast.Match):
            self.walrus(node.subject)
        for field in ("test", "iter", "target", "type", "guard"):
            self.walrus(getattr(node, field, None))
        if isinstance(node, (ast.For, ast.AsyncFor)):
            self.spoil_target(node.target)
        for item in getattr(node, "items", []):
            self.walrus(item.context_expr)
            if item.optional_vars:
                self.walrus(item.optional_vars)
                self.spoil_target(item.optional_vars)
        if isinstance(node, ast.ExceptHandler) and node.name:
            self.spoil(node.name, node)
        if hasattr(node, "pattern"):
            self.pattern(node.pattern)
        for field in bodies:
            for inner in getattr(node, field):
                self.statement(inner)


# What comes of a text: a Verdict.


class Verdict:
    def __init__(self, kind, **fields):
        self.kind = kind  # "module", "refused" (the whole file, on `line` if not None) or "either"
        self.__dict__.update(fields)


def declared_encoding(data):
    """The name in the coding line, and whether there is a byte order mark."""
    marked = data.startswith(codecs.BOM_UTF8)
    lines = re.split(rb"\r\n|\r|\n", data[3:] if marked else data, maxsplit=2)[:2]
    for line in lines:
        match = re.match(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line, re.ASCII | re.DOTALL)
        if match:
            return match.group(1).decode(), marked
        if not re.match(rb"[ \t\f]*(#|$)", line):
            break
    return None, marked


def codec_of(name):
    plain = name[:12].lower().replace("_", "-")
    if plain == "utf-8" or plain.startswith("utf-8-"):
        return "utf-8"
    if re.match(r"(latin-1|iso-8859-1|iso-latin-1)(-|$)", plain):
        return "iso8859-1"
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def parse(data):
    """The syntax tree, or the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data), None
    except (
        SyntaxError,
        ValueError,
        RecursionError,
        MemoryError,
        OverflowError,
        LookupError,
    ) as error:
        return None, error


def is_about_unassigned(message):
    """Whether CPython refuses a character that its Unicode has not assigned: a newer one may have."""
    character = re.fullmatch(r"invalid .*character .*U\+([0-9A-F]+)\)?", message)
    return character and unicodedata.category(chr(int(character[1], 16))) == "Cn"


def refusal(data, error, opaque):
    """What is said of text that CPython refuses; opaque: its bytes are not decoded by the scanner."""
    message = str(getattr(error, "msg", error))
    if opaque and UNDECODED.search(message):
        return Verdict("either", message=message)
    if ENCODING.search(message) and "unicodeescape" not in message:
        return Verdict("refused", line=None, message=message)
    if not STRUCTURAL.search(message) or is_about_unassigned(message):
        return Verdict("either", message=message)
    letters = (
        b"fFtT" if sys.version_info < (3, 12) else b"tT" if sys.version_info < (3, 14) else b""
    )
    if letters and re.search(rb"[%s][rR]?['\"]|[rR][%s]['\"]" % (letters, letters), data):
        return Verdict(
            "either", message=message
        )  # f-strings as in PEP 701 and t-strings, which it does not know
    if (
        sys.version_info < (3, 13)
        and data.endswith(b"\r\n")
        and "expected an indented block" in message
    ):
        return Verdict(
            "refused", line=None, message=message
        )  # it sees one more line behind the last one
    return Verdict("refused", line=error.lineno, message=message)


def judge(data):
    tree, error = parse(data)
    if b"\0" in data:
        return Verdict("refused", line=None, message="null bytes")
    name, marked = declared_encoding(data)
    codec = codec_of(name) if name else "utf-8"
    if sys.version_info < (3, 13) and data.endswith(b"\\\r\n"):
        return Verdict("either")  # likewise
    opaque = codec not in EXACT and codec is not None and OPAQUE.fullmatch(codec) is not None
    if error is not None:
        return refusal(data, error, opaque)
    if codec not in EXACT and not opaque:
        return Verdict("refused", line=None, message="the encoding is not supported")
    body = data[3:] if marked else data
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        return Verdict(
            "either" if opaque else "refused", line=None, message="not valid in the encoding"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    names = names_in(text) if opaque else []
    if names is None:
        return Verdict("either")
    if not all(name.isascii() for name in names):
        return Verdict("refused", line=None, message="a name in an encoding that is not decoded")
    return Verdict("module", module=Module(tree, text, opaque), text=text, codec=codec)


def names_in(text):
    """The names of a text; None where Python's own tokenizer in Python does not get through it."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    return [token.string for token in tokens if token.type in (tokenize.NAME, tokenize.ERRORTOKEN)]


# Dates.

DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|([+-])(\d\d)(?::(\d\d)(?::(\d\d))?)?))?)?",
    re.ASCII,
)


def create_date(docstring):
    """Microseconds since the epoch, or None."""
    space = " \t\v\f\r"
    for line in docstring.split("\n"):
        line = line.strip(space)
        if not line.startswith("Create Date:"):
            continue
        match = DATE.fullmatch(line[len("Create Date:") :].strip(space))
        if not match:
            return None
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        micro = int(((match.group(7) or "") + "000000")[:6])
        offset = [int(part or 0) for part in match.groups()[9:12]]
        if offset[0] > 23 or offset[1] > 59 or offset[2] > 59:
            return None
        delta = datetime.timedelta(hours=offset[0], minutes=offset[1], seconds=offset[2])
        try:
            moment = datetime.datetime(year, month, day, hour, minute, second, micro)
        except ValueError:
            return None
        sign = -1 if match.group(9) == "-" else 1
        return (moment - datetime.datetime(1970, 1, 1)) // datetime.timedelta(
            microseconds=1
        ) - sign * (delta // datetime.timedelta(microseconds=1))
    return None
