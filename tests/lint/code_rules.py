# code_rules.py: the lint's rules about C and C++ code: budgets, banned words, state, layout
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each rule takes a Tree and returns a list of Breach."""
import os
import re
import shutil
import subprocess

import source
from tree import Breach

OURS = r'(?:src|tests)/.+\.(?:c|h|[ch]pp)$'
FILE_LINES = 800
FUNCTION_LINES = 100
FUNCTION_LINES_WISHED = 60

BANNED = (
    (re.compile(r'\bgoto\b'), 'goto is not used here; return early, or let g_autoptr clean up'),
    (re.compile(r'\b(?:alloca|g_alloca|g_newa0?)\s*\('), 'no memory from the stack by size; use g_new'),
    (re.compile(r'\bg_error\s*\('), 'g_error () ends the program; return a GError or use g_critical ()'),
    (re.compile(r'\bg_main_context_invoke(?:_full)?\s*\(\s*NULL\b'),
     'g_main_context_invoke (NULL, …) may run in the calling thread; attach a source to a named context'),
    (re.compile(r'\bbolo_\w*get_default\s*\('), 'no global instances: pass the object in'),
)
# Static tables that GObject itself fills, and the guards of one-time initialisers.
GOBJECT_STATE = re.compile(
    r'static\s+(?:GParamSpec\s*\*\s*\w*(?:props|properties)\w*\s*\[|guint\s+\w*signals\w*\s*\[)')
ONCE_GUARD = re.compile(r'static\s+(?:volatile\s+)?(?:gsize|GOnce|GQuark|GType|std::once_flag)\s+\w+\s*(?:=|$)')
NOT_VARIABLE = re.compile(r'(?:typedef|using|namespace|template|enum|struct|union|class|friend|G_\w+|GDK_\w+|extern)\b')
DECLARATION = re.compile(r'^(?:(?:static|const|volatile|unsigned|signed|long|short|thread_local|_Thread_local|__thread|'
                         r'struct|enum|union)\s+)*[A-Za-z_][\w:<>, ]*?(?:\s*\*+\s*(?:const\s+)?|\s+)+\w+\s*(?:\[[^\]]*\]\s*)*$')
CONSTANT = re.compile(r'\bconst(?:expr)?\b')


def file_lines(tree):
    """Files that one can still read at a sitting."""
    breaches = []
    for path in tree.matching(OURS):
        count = tree.text(path).count('\n')
        if count > FILE_LINES:
            breaches.append(Breach(path, FILE_LINES + 1, f'{count} lines; a file has at most {FILE_LINES}: split it by purpose'))
    return breaches


def function_lines(tree):
    """No function longer than a page and a half."""
    breaches = []
    for path in tree.matching(r'(?:src|tests)/.+\.(?:c|cpp)$'):
        for function in source.functions(tree.text(path)):
            if function.lines > FUNCTION_LINES:
                breaches.append(Breach(path, function.line, f'{function.name} () has {function.lines} lines; '
                                       f'at most {FUNCTION_LINES}, better {FUNCTION_LINES_WISHED}'))
    return breaches


def long_functions(tree):
    """Not a rule: how many functions are longer than wished, of how many."""
    functions = [function for path in tree.matching(r'src/.+\.(?:c|cpp)$')
                 for function in source.functions(tree.text(path))]
    return sum(function.lines > FUNCTION_LINES_WISHED for function in functions), len(functions)


def banned_words(tree):
    """Words that the house does without."""
    breaches = []
    for path in tree.matching(OURS):
        stripped = source.strip(tree.text(path))
        for pattern, sentence in BANNED:
            # A test may end by g_error (): it is what g_assert does.
            if path.startswith('tests/') and 'g_error' in pattern.pattern:
                continue
            for match in pattern.finditer(stripped):
                breaches.append(Breach(path, source.line_of(stripped, match.start()), sentence))
    return sorted(breaches, key=lambda breach: (breach.path, breach.line))


def _is_constant(declaration):
    """Whether the declared object itself cannot change: const after the last *, or anywhere without one."""
    declaration = re.sub(r'\[[^\]]*\]', '', declaration)
    last = declaration.rfind('*')
    return bool(CONSTANT.search(declaration[last + 1:] if last >= 0 else declaration))


def mutable_state(tree):
    """No variable that outlives the objects it belongs to."""
    breaches = []
    for path in tree.matching(r'src/.+\.(?:c|h|[ch]pp)$'):
        for line, depth, text in source.statements(tree.text(path)):
            declaration = text.split('=')[0].strip()
            if depth > 0 and not declaration.startswith('static '):
                continue
            if NOT_VARIABLE.match(declaration) and '=' not in text:
                continue
            if GOBJECT_STATE.match(text) or ONCE_GUARD.match(declaration) or _is_constant(declaration):
                continue
            pointer = re.match(r'[^(]*\(\s*\*\s*\w+(?:\s*\[[^\]]*\])?\s*\)\s*\(', declaration)
            if pointer or ('(' not in declaration and DECLARATION.match(declaration)):
                breaches.append(Breach(path, line, f'"{declaration}" is a static variable that can change; '
                                       'keep it in an object, or make it const'))
    return breaches


def test_lines(tree):
    """Enough tests beside the code."""
    def count(pattern):
        return sum(tree.text(path).count('\n') for path in tree.matching(pattern) if tree.text(path))
    production, tests = count(r'src/.+\.(?:c|h|[ch]pp)$'), count(r'tests/.+\.(?:c|h|[ch]pp|py|sh)$')
    if tests < 0.6 * production:
        return [Breach('tests', 1, f'{tests} lines of tests for {production} of production code are '
                       f'{tests / production:.2f} to one; at least 0.60')]
    return []


def has_layout_tool():
    return shutil.which('clang-format') is not None


def layout(tree):
    """.clang-format decides how code looks."""
    paths = tree.matching(OURS)
    if not paths or tree.root is None:
        return []
    answer = subprocess.run(['clang-format', '--dry-run', '--style=file', *paths], cwd=tree.root, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    first = {}
    for match in re.finditer(r'^([^:\n]+):(\d+):\d+: (?:warning|error): ', answer.stdout, re.MULTILINE):
        path = os.path.relpath(os.path.join(tree.root, match.group(1)), tree.root)
        first.setdefault(path, []).append(int(match.group(2)))
    return [Breach(path, lines[0], f'not laid out by .clang-format in {len(set(lines))} lines; run clang-format -i on it')
            for path, lines in sorted(first.items())]
