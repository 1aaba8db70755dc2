"""Templates for tests/oracle/merge.py: Alembic's own, those of real projects, and one for each construct."""

HEAD = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
'''
PLAIN = """revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}
"""
BODY = """

def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
"""

# Alembic 1.16 and later; `pyproject` and both async ones have the text of `generic`.
GENERIC = (
    HEAD
    + '''from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    """Upgrade schema."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Downgrade schema."""
    ${downgrades if downgrades else "pass"}
'''
)
MULTIDB = (
    """<%!
import re

%>"""
    + HEAD
    + '''from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    """Upgrade schema."""
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name: str) -> None:
    """Downgrade schema."""
    globals()["downgrade_%s" % engine_name]()

<%
    db_names = config.get_main_option("databases")
%>

## generate an "upgrade_<xyz>() / downgrade_<xyz>()" function
## for each database name in the ini file.

% for db_name in re.split(r',\\s*', db_names):

def upgrade_${db_name}() -> None:
    """Upgrade ${db_name} schema."""
    ${context.get("%s_upgrades" % db_name, "pass")}


def downgrade_${db_name}() -> None:
    """Downgrade ${db_name} schema."""
    ${context.get("%s_downgrades" % db_name, "pass")}

% endfor
'''
)
INDICO = (
    HEAD
    + """
import sqlalchemy as sa
from alembic import op
${imports + '\\n' if imports else ""}

# revision identifiers, used by Alembic.
"""
    + PLAIN
    + """
${('\\n' + '\\n\\n\\n'.join(x.strip() for x in toplevel_code) + '\\n\\n') if toplevel_code else ''}
def upgrade():
    ${upgrades if upgrades else "pass"}
"""
)
NEUTRON = """# Copyright ${create_date.year} OpenStack Foundation
#
from alembic import op
${imports if imports else ""}

# ${message}
#
# Revision ID: ${up_revision}
# Revises: ${down_revision}
# Create Date: ${create_date}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
% if branch_labels:
branch_labels = ${repr(branch_labels)}
% endif


def upgrade():
    ${upgrades if upgrades else "pass"}
"""
INDICO_PLUGIN = (
    HEAD
    + """% if not down_revision:
from sqlalchemy.sql.ddl import CreateSchema, DropSchema
% endif
"""
    + PLAIN
    + """
def upgrade():
% if not down_revision:
    op.execute(CreateSchema('plugin'))
% else:
    ## nothing
    pass
    % if depends_on is None and branch_labels is not None:
    op.execute(DropSchema('plugin'))
    % elif up_revision == "ee" or down_revision != None:
    pass  # ${len(down_revision)} ${"yes" if isinstance(down_revision, (tuple, list)) else "no"}
    % endif
% endif
"""
)


def around(text):
    """A template with one construct in it, as a comment of the migration."""
    return HEAD + "import os\n" + PLAIN + text + BODY


UNDERSTOOD = {
    "generic": GENERIC,
    "multidb": MULTIDB,
    "indico": INDICO,
    "indico-plugin": INDICO_PLUGIN,
    "neutron": NEUTRON,
    "warehouse": "# SPDX-License-Identifier: Apache-2.0\n" + HEAD.replace(" | comma,n", "") + PLAIN,
    "crlf": GENERIC.replace("\n", "\r\n"),
    "crlf-multidb": MULTIDB.replace("\n", "\r\n"),
    "coding": "## -*- coding: utf-8 -*-\n" + around("# é ${message}\n"),
    "coding-of-the-migration": "# -*- coding: utf-8 -*-\n" + GENERIC,
    "bom": "\ufeff" + GENERIC,
    "no-final-newline": GENERIC.rstrip("\n"),
    "escaped-newline": around("# one \\\ntwo\n"),
    "backslash": around("# one \\ two \\\\ three\n"),
    "percent": around("# 10 % and %% of it\nx = 5 % 3\n"),
    "dollar": around("# $ $x {a} $ {b} #{c}\n"),
    "comment": around("    ## a comment\n# # no comment\nx = 1 ## neither\n"),
    "doc": around("<%doc>\n nothing ${of} this\n</%doc>\n# kept\n"),
    "block": around("<%\n  a = 'x'\n  # why\n  b = a + 'y' + \"z\"\n%>\n# ${b} ${a}\n"),
    "block-in-one-line": around('<% a = "1" if message else "2" %># ${a}\n'),
    "loop": around(
        "% for name in ['a', 'b']:\n# ${name}\n% endfor\n".replace("['a', 'b']", "('a', 'b')")
    ),
    "nested-loops": around(
        "% for p in down_revision:\n% for name in ('x', 'y'):\n"
        "% if name == 'x':\n# ${p} ${name}\n% endif\n% endfor\n% endfor\n"
    ),
    "empty-loop": around("% for name in ():\n# ${name} ${nothing.at_all()}\n% endfor\n"),
    "if-in-text": around("# if: ${'a' if True else 'b'}${'' or 'c'}${'d' and 'e'}${not 1}\n"),
    "lazy": around("# ${'a' if True else open('/etc/passwd').read()}\n"),
    "lazy-or": around("# ${message or sorted(message)}\n"),
    "filters": around("# ${message | trim} ${' a ' | trim,str} ${down_revision | n,comma}\n"),
    "quotes": around("# ${'}'} ${\"|\"} ${'\\''} ${'''a'b'''} ${r'\\n'}\n"),
    "functions": around(
        "# ${str(down_revision)} ${comma(down_revision)} ${repr(message)} ${repr(None)}\n"
    ),
    "methods": around("# ${', '.join(down_revision)} ${'a,b'.split(',')} ${' x '.strip()}\n"),
    "format": around("# ${'%s-%s %% %r' % (message, 1, 'x')} ${'%d' % create_date.year}\n"),
    "option": around(
        "# ${config.get_main_option('databases')} ${config.get_main_option('x', 'y')}\n"
    ),
    "context": around(
        "# ${context.get('message')} ${context.get('nothing')} ${context.get('a', 'b')}\n"
    ),
    "continued": around("% if message and \\\n    up_revision:\n# both\n% endif\n"),
    "undefined": around(
        "# ${'set' if nothing else 'unset'} ${nothing or 'none'} ${nothing is None}\n"
    ),
    "compare": around(
        "# ${up_revision == 'x'} ${1 == True} ${None != ''} ${message is not None}\n"
    ),
}

REFUSED = {
    "a filter": around("# ${message | h}\n"),
    "an attribute": around("# ${message.upper}\n"),
    "a function": around("# ${open('/etc/passwd').read()}\n"),
    "an import": "<%! import os %>" + around("# ${os.getcwd()}\n"),
    "an import of a name": "<% from flask import current_plugin %>" + GENERIC,
    "a tag": '<%namespace name="x" file="y"/>' + GENERIC,
    "a block of a template": '<%block name="x">a</%block>' + GENERIC,
    "a while": around("% while True:\nx\n% endwhile\n"),
    "a comprehension": around("# ${[x for x in down_revision]}\n"),
    "an index": around("# ${down_revision[0]}\n"),
    "an undefined name": around("# ${nothing}\n"),
    "a call of an undefined name": around("# ${nothing('x')}\n"),
    "an open if": around("% if message:\nx\n"),
    "an expression that does not end": around("# ${message\n"),
    "a statement": around("<% import os %>\n"),
    "an f-string": around("# ${f'{message}'}\n"),
    "a sum of numbers": around("# ${1 + 2}\n"),
    "a doubled percent sign": around("%% x\n"),
    "loop": around("% for p in down_revision:\n# ${loop.index}\n% endfor\n"),
    "too much": around("% for a in down_revision:\n" * 18 + "x\n" + "% endfor\n" * 18),
    "deep brackets": around("# ${" + "(" * 60 + "1" + ")" * 60 + "}\n"),
    "latin-1": "## coding: latin-1\n" + GENERIC,
}

# What they give is no merge migration, with Alembic as well.
BROKEN = {
    "no parents": HEAD + "revision = ${repr(up_revision)}\ndown_revision = None\n",
    "another revision": HEAD + "revision = 'x'\ndown_revision = ${repr(down_revision)}\n",
    "a message that ends the docstring": GENERIC.replace("${message}", '${message}""" x"'),
}

FILE_TEMPLATES = [
    "%%(rev)s_%%(slug)s",
    "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s",
    "%%(year)d%%(month)02d%%(day)02d_%%(hour)02d%%(minute)02d%%(second)02d_%%(slug)s",
    "%%(epoch)s_%%(rev)s",
    "%%(epoch)d-%%(slug).5s",
    "%%(rev)20s|%%(rev)-8s|%%(slug)020s",
    "%%(day)3d|%%(day)-3d|%%(day)+d|%%(day)+04d|%%(day)5.3d|%%(day) i|%%(month)s|%%(year)-08d",
    "100%%%%_%%(rev)s",
    "migration",
    "%%(slug)s",
]
MESSAGES = [
    "merge heads",
    "Merge branch 'feature/x' into main (#12)",
    "a",
    "a_b__c",
    "  leading and trailing  ",
    "Añadir ÄÖÜ straße И чё 表 ا",
    "x" * 39,
    "x" * 40,
    "x" * 41,
    "aaaa " * 9,
    "word " * 7 + "overlong",
    "é" * 41,
    "!!!",
    'it\'s "quoted" \\ %s ${x} \t tab',
]
