# tree.py: the source tree as the lint sees it: on disk, or made of one fixture file
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Tree gives paths (relative, with /) and their text, and reads each file once."""
import os
import re
from typing import NamedTuple


class Breach(NamedTuple):
    path: str
    line: int
    sentence: str

    def __str__(self):
        return f'{self.path}:{self.line}: {self.sentence}'


class Tree:
    """The files in `texts`, {path: text, or None for bytes that are no text}."""

    def __init__(self, texts, root=None):
        self._texts = texts
        self.root = root
        self.paths = sorted(texts)

    def text(self, path):
        """The file's text, or None where there is no such text file."""
        if path not in self._texts:
            return None
        value = self._texts[path]
        if callable(value):
            value = self._texts[path] = value()
        return value

    def matching(self, pattern):
        """The paths that begin with what the pattern matches."""
        return [path for path in self.paths if re.match(pattern, path)]


def _read(path):
    try:
        with open(path, encoding='utf-8') as handle:
            return handle.read()
    except UnicodeDecodeError:
        return None


def on_disk(root):
    """The project below root: what a commit holds, neither builds nor recordings nor fixtures."""
    texts = {}
    for folder, folders, names in os.walk(root):
        relative = os.path.relpath(folder, root).replace(os.sep, '/')
        relative = '' if relative == '.' else relative + '/'
        folders[:] = [name for name in folders
                      if (not name.startswith('.') or name == '.ci')
                      and name not in ('__pycache__', 'fixtures', 'subprojects')
                      and not (relative == '' and name.startswith('build'))]
        for name in names:
            if name.endswith(('.pyc', '.o')) or name.startswith('.#'):
                continue
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                texts[relative + name] = lambda path=path: _read(path)
    return Tree(texts, root)


def from_fixture(text):
    """(Tree, expected lines) of a fixture: sections `==> path`, the last one `==> expected`."""
    texts, expected, current = {}, [], None
    for line in text.splitlines():
        if line.startswith('==> '):
            current = line[4:].strip()
            if current != 'expected':
                texts[current] = ''
        elif current == 'expected':
            if line.strip():
                expected.append(line.strip())
        elif current is not None:
            repeat = re.match(r'@(\d+) (.*)$', line)
            texts[current] += (repeat.group(2) + '\n') * int(repeat.group(1)) if repeat else line + '\n'
    return Tree(texts), expected
