# tap.py: runs named checks and reports them as TAP
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check returns a list of sentences, empty when all is well, or a Skip."""
import shutil
import subprocess
import sys


class Skip(Exception):
    """Why a check cannot be made on this machine."""


def run(words, **options):
    """(status, everything said) of a program; Skip where it is not installed."""
    if shutil.which(words[0]) is None:
        raise Skip(f'{words[0]} is not installed')
    answer = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                            stdin=subprocess.DEVNULL, **options)
    return answer.returncode, answer.stdout


def report(checks):
    """Runs {name: function}, prints TAP, returns the exit status."""
    failed = 0
    print(f'1..{len(checks)}')
    for number, (name, check) in enumerate(checks.items(), 1):
        try:
            wrong = check()
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}')
            continue
        failed += bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for sentence in wrong:
            for line in sentence.splitlines():
                print(f'# {line}')
        sys.stdout.flush()
    return 1 if failed else 0
