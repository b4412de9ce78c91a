# source.py: looks at C and C++ text the way the lint needs: comments gone, functions and statements found
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure functions over text. All line numbers count from 1."""
import re
from typing import NamedTuple

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^">]+)[">]', re.MULTILINE)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.MULTILINE)
TRANSPARENT = re.compile(r'(?:extern\s*""|namespace(?:\s+\w+)?)\s*$')


class Function(NamedTuple):
    name: str
    line: int
    lines: int


class Statement(NamedTuple):
    line: int
    depth: int
    text: str


def _blank(match):
    text = match.group(0)
    if text[0] in '"\'':
        return text[0] + text[0] + ' ' * (len(text) - 2)
    return re.sub(r'[^\n]', ' ', text)


def strip(text):
    """The text with comments blanked and literals emptied; nothing changes its line."""
    return TOKEN.sub(_blank, text)


def without_directives(stripped):
    """Stripped text with its preprocessor lines blanked too."""
    return DIRECTIVE.sub(lambda match: re.sub(r'[^\n]', ' ', match.group(0)), stripped)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def includes(text):
    """[(line, is_system, name)] of the text; a commented include is none."""
    found = []
    # Literals must survive here, comments must not.
    plain = TOKEN.sub(lambda m: m.group(0) if m.group(0)[0] in '"\'' else _blank(m), text)
    for match in INCLUDE.finditer(plain):
        found.append((line_of(plain, match.start(2)), match.group(1) == '<', match.group(2)))
    return found


def _walk(body):
    """Yields (offset, kind, head, depth): kind is '{', '}' or ';', head the text since the last one."""
    depth, start, parentheses = 0, 0, 0
    transparent = []
    for match in re.finditer(r'[(){};]', body):
        char, at = match.group(0), match.start()
        if char in '()':
            parentheses += 1 if char == '(' else -1
            continue
        if parentheses > 0 and char == ';':
            continue
        head = body[start:at]
        if char == '{' and depth == len(transparent) and TRANSPARENT.search(head):
            transparent.append(depth)
            depth += 1
            start = at + 1
            continue
        if char == '}':
            depth -= 1
            if transparent and transparent[-1] == depth:
                transparent.pop()
                start = at + 1
                continue
        yield at, char, (start, head), depth - len(transparent)
        if char == '{':
            depth += 1
        start = at + 1


def functions(text):
    """The functions that the text defines, with their length from brace to brace."""
    body = without_directives(strip(text))
    found, opened = [], None
    for at, char, (_, head), depth in _walk(body):
        if char == '{' and depth == 0:
            match = re.search(r'([~\w:]+)\s*\([^{}]*\)\s*(?:const|noexcept|override|G_GNUC_\w+|\s)*$', head,
                              re.DOTALL)
            is_function = match and '=' not in head.split('(')[0]
            opened = (match.group(1), at) if is_function else None
        elif char == '}' and depth == 0 and opened:
            first = line_of(body, opened[1])
            found.append(Function(opened[0], first, line_of(body, at) - first + 1))
            opened = None
    return found


def statements(text):
    """Statements and declarations, each up to its `;` or `{`, with the line where it begins."""
    body = without_directives(strip(text))
    found = []
    for _, char, (start, head), depth in _walk(body):
        if char == '}' or not head.strip():
            continue
        first = start + len(head) - len(head.lstrip())
        found.append(Statement(line_of(body, first), depth, ' '.join(head.split())))
    return found
