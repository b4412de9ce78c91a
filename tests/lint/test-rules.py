#!/usr/bin/env python3
# test-rules.py: shows each rule of the lint a fixture that breaks it, and compares what it says
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fixture `fixtures/RULE[-CASE].txt` is a small tree and, last, the lines expected of that rule."""
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import code_rules  # noqa: E402
import tree as trees  # noqa: E402


def load_rules():
    loader = importlib.machinery.SourceFileLoader('house_lint', os.path.join(HERE, 'house-lint'))
    spec = importlib.util.spec_from_loader('house_lint', loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module.RULES


def check_fixture(rule, path):
    """The lines that differ, as a unified list; empty when rule and fixture agree."""
    with open(path, encoding='utf-8') as handle:
        tree, expected = trees.from_fixture(handle.read())
    said = [str(breach) for breach in rule(tree)]
    return ([f'not said: {line}' for line in expected if line not in said] +
            [f'not expected: {line}' for line in said if line not in expected])


def check_layout():
    """The layout rule needs files on disk: one well laid out, one not."""
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, 'src/base'))
        shutil.copy(os.path.join(HERE, '../../.clang-format'), root)
        for name, text in (('good.c', 'int\nmain (void)\n{\n  return 0;\n}\n'), ('bad.c', 'int main(void) { return 0; }\n')):
            with open(os.path.join(root, 'src/base', name), 'w', encoding='utf-8') as handle:
                handle.write(text)
        said = [str(breach) for breach in code_rules.layout(trees.on_disk(root))]
    expected = ['src/base/bad.c:1: not laid out by .clang-format in 1 lines; run clang-format -i on it']
    return [] if said == expected else [f'said {said}']


def check_status():
    """The program itself: 0 for a clean tree, 1 for a breach, 2 for a wrong rule."""
    differences = []
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, 'src/base'))
        path = os.path.join(root, 'src/base/a.c')
        for text, arguments, status in (('int x (void);\n', ['banned_words'], 0), ('goto a;\n', ['banned_words'], 1),
                                        ('', ['no_such_rule'], 2)):
            with open(path, 'w', encoding='utf-8') as handle:
                handle.write(text)
            answer = subprocess.run([sys.executable, os.path.join(HERE, 'house-lint'), root, *arguments],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if answer.returncode != status:
                differences.append(f'{arguments} on {text!r} ended with {answer.returncode}, not {status}')
            if status == 1 and 'src/base/a.c:1: goto is not used here' not in answer.stdout:
                differences.append(f'did not name the line: {answer.stdout!r}')
    return differences


def main():
    rules = load_rules()
    folder = os.path.join(HERE, 'fixtures')
    cases = []
    for name in sorted(os.listdir(folder)):
        rule = rules[os.path.splitext(name)[0].split('-')[0]]
        cases.append((name, lambda rule=rule, name=name: check_fixture(rule, os.path.join(folder, name))))
    shown = {name.split('.')[0].split('-')[0] for name, _ in cases} | {'layout'}
    cases.append(('every rule has a fixture', lambda: [f'none for {rule}' for rule in rules if rule not in shown]))
    cases.append(('layout', check_layout if code_rules.has_layout_tool() else None))
    cases.append(('exit status', check_status))

    failed = 0
    print(f'1..{len(cases)}')
    for number, (name, check) in enumerate(cases, 1):
        if check is None:
            print(f'ok {number} - {name} # SKIP clang-format is not installed')
            continue
        differences = check()
        failed += bool(differences)
        print(f'{"not ok" if differences else "ok"} {number} - {name}')
        for difference in differences:
            print(f'# {difference}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
