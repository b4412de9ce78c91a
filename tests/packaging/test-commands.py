#!/usr/bin/env python3
# test-commands.py: checks what ./run and ./test are made of: the count at the end, the packages at the start
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test-commands.py SOURCE"""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import tap  # noqa: E402

SOURCE = sys.argv[1]


def summarise(status, tests):
    """(exit status, lines) of .ci/summary.py over a log of these tests."""
    with tempfile.NamedTemporaryFile('w', suffix='.json', delete=False, encoding='utf-8') as log:
        log.write('\n'.join(json.dumps(test) for test in tests))
    try:
        answer, said = tap.run([sys.executable, os.path.join(SOURCE, '.ci', 'summary.py'), str(status), log.name])
    finally:
        os.unlink(log.name)
    return answer, said.splitlines()


def differs(got, expected):
    return [] if got == expected else [f'got {got!r}, expected {expected!r}']


def check_all_passed():
    status, lines = summarise(0, [{'name': 'a', 'result': 'OK', 'stdout': 'TAP version 13\n1..2\nok 1 x\nok 2 y\n'},
                                  {'name': 'b', 'result': 'OK', 'stdout': 'no TAP'}])
    return differs((status, lines[-1]), (0, '3 passed, 0 failed'))


def check_failed_and_skipped():
    status, lines = summarise(1, [{'name': 'a', 'result': 'FAIL',
                                   'stdout': '1..3\nok 1 x\nnot ok 2 y\n# because\nok 3 z # SKIP no gpsd\n'}])
    return (differs((status, lines[-1]), (1, '1 passed, 1 failed, 1 skipped')) +
            [f'lacks "{line}"' for line in ('skipped: a z: no gpsd', 'failed: a y', '    # because')
             if line not in lines])


def check_crashed():
    """A program that died before it could say "not ok" counts as one failure, with its last words."""
    status, lines = summarise(1, [{'name': 'b', 'result': 'ERROR', 'stdout': '1..2\nok 1 x\nBail out! boom\n'}])
    return (differs((status, lines[-1]), (1, '1 passed, 1 failed')) +
            ([] if '    Bail out! boom' in lines else ['its last words are missing']))


def check_timeout_without_output():
    return differs(summarise(1, [{'name': 'd', 'result': 'TIMEOUT', 'stdout': None}])[1][-1], '0 passed, 1 failed')


def check_whole_program_skipped():
    status, lines = summarise(0, [{'name': 'e', 'result': 'SKIP', 'stdout': '1..0 # SKIP nothing here\n'}])
    return (differs((status, lines[-1]), (0, '0 passed, 0 failed, 1 skipped')) +
            ([] if 'skipped: e: nothing here' in lines else [f'the reason is missing: {lines}']))


def check_meson_itself_failed():
    return differs(summarise(2, [{'name': 'a', 'result': 'OK', 'stdout': ''}])[1][-1], '1 passed, 1 failed')


def check_nothing_ran():
    status, lines = summarise(0, [])
    return differs((status, lines[0]), (1, 'No test ran.'))


class Machine:
    """A PATH with a dpkg-query, an apt-get and an apt-cache that pretend."""

    def __init__(self, installed, available=(), can_install=True):
        self.folder = tempfile.TemporaryDirectory()
        self.log = os.path.join(self.folder.name, 'log')
        self.installed = os.path.join(self.folder.name, 'installed')
        self.available = ' '.join(available)
        self.can_install = can_install
        self.write_list(installed)

    def write_list(self, names):
        with open(self.installed, 'w', encoding='utf-8') as handle:
            handle.write(''.join(f'installed {name}\n' for name in names))

    def write_program(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as handle:
            handle.write('#!/bin/bash\n' + text)
        os.chmod(path, 0o755)

    def install(self, wanted):
        """(status, what was said, what apt-get was asked for)."""
        self.write_program('dpkg-query', f'cat {self.installed}\n')
        self.write_program('apt-cache', f'''
case $1 in
  pkgnames) for name in {self.available}; do case $name in $2*) echo $name ;; esac; done ;;
  policy) for name in {self.available}; do [ $name = $3 ] && echo "  Candidate: 1.0"; done ;;
esac
''')
        self.write_program('apt-get', f'''
echo "$*" >>{self.log}
case "$*" in
  *update*) exit 100 ;;
  *) {"for name in ${@:4}; do echo installed $name; done >>" + self.installed if self.can_install else "echo E: no; exit 1"} ;;
esac
''')
        self.write_program('sudo', 'exec "$@"\n')
        script = f'. {os.path.join(SOURCE, ".ci", "packages.sh")}; bolo_install_packages "{wanted}"'
        answer = subprocess.run(['bash', '-c', script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                check=False, env={'PATH': self.folder.name + ':/usr/bin:/bin', 'LC_ALL': 'C.UTF-8'})
        asked = ''
        if os.path.exists(self.log):
            with open(self.log, encoding='utf-8') as handle:
                asked = handle.read()
        return answer.returncode, answer.stdout, asked


def check_nothing_missing():
    """Nothing is asked of apt where all is there, under whichever of its names."""
    machine = Machine(['gcc', 'pkgconf', 'libweston-12-dev'])
    return differs(machine.install('gcc pkg-config|pkgconf libweston-10-dev|libweston-*-dev'), (0, '', ''))


def check_missing_is_installed():
    """An update that fails is no reason to stop; only what is missing is installed, and named."""
    machine = Machine(['gcc'], ['meson', 'libweston-9-dev', 'libweston-14-dev', 'libweston-doc'])
    status, said, asked = machine.install('gcc meson libweston-10-dev|libweston-*-dev')
    return (differs(status, 0) + differs(asked.splitlines()[-1],
                                         '-qq install -y --no-install-recommends meson libweston-14-dev') +
            ([] if 'meson' in said and 'going on' in said else [f'does not say what it does: {said}']))


def check_unknown_package():
    status, said, _ = Machine([], ['meson']).install('meson nonesuch')
    return differs(status, 1) + ([] if 'apt knows no package nonesuch' in said else [said])


def check_install_fails():
    status, said, _ = Machine([], ['meson'], can_install=False).install('meson')
    return differs(status, 1) + ([] if 'could not install meson' in said and 'E: no' in said else [said])


def check_shell_syntax():
    wrong = []
    for name in ('run', 'test', '.ci/run', '.ci/packages.sh', 'po/update'):
        status, said = tap.run(['bash', '-n', os.path.join(SOURCE, name)])
        if status:
            wrong.append(said)
        if not name.endswith('.sh') and not os.access(os.path.join(SOURCE, name), os.X_OK):
            wrong.append(f'{name} cannot be executed')
    return wrong


def check_help():
    status, said = tap.run([os.path.join(SOURCE, 'test'), '--help'])
    return differs(status, 0) + ([] if '--sanitize' in said else [said])


if __name__ == '__main__':
    sys.exit(tap.report({name[6:].replace('_', ' '): check for name, check in list(globals().items())
                         if name.startswith('check_')}))
