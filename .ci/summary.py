#!/usr/bin/env python3
# summary.py: counts test cases in Meson's JSON test logs and ends with "N passed, N failed"
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: summary.py STATUS LOG.json...   STATUS is what `meson test` returned."""
import json
import os
import re
import sys

CASE = re.compile(r'^(not )?ok\b\s*\d*\s*-?\s*(.*)$')
SKIP = re.compile(r'#\s*skip\S*\s*(.*)$', re.IGNORECASE)
TODO = re.compile(r'#\s*todo', re.IGNORECASE)
GOOD = ('OK', 'EXPECTEDFAIL')
# How many lines of a failed case or program are shown.
MOST_LINES = 30


class Count:
    """What became of the cases: how many passed, which failed, which were skipped and why."""

    def __init__(self):
        self.passed = 0
        self.failed = []  # (name, lines that say why)
        self.skipped = []  # (name, reason)

    def add_tap(self, name, output):
        """Counts the cases of one program's TAP output."""
        reasons = []
        for line in output.splitlines():
            case = CASE.match(line)
            if not case:
                if line.startswith('#') and len(reasons) < MOST_LINES:
                    reasons.append(line)
                continue
            title, reasons = case.group(2), []
            skip = SKIP.search(title)
            if skip:
                what = title[:skip.start()].strip() or name
                self.skipped.append((name + ' ' + what, skip.group(1).strip() or 'no reason given'))
            elif case.group(1) and not TODO.search(title):
                self.failed.append((name + ' ' + title, reasons))
            else:
                self.passed += 1

    def add(self, test):
        """Counts one test program of the log."""
        name, result = test['name'], test['result']
        output = test.get('stdout') or ''
        before = (self.passed, len(self.failed), len(self.skipped))
        if re.search(r'^(1\.\.\d+|TAP version)', output, re.MULTILINE):
            self.add_tap(name, output)
        seen = (self.passed, len(self.failed), len(self.skipped)) != before
        if result in GOOD:
            if not seen:
                self.passed += 1
        elif result == 'SKIP':
            if not seen:
                reason = re.sub(r'^1\.\.0 # SKIP *', '', output.strip(), flags=re.IGNORECASE).splitlines()
                self.skipped.append((name, reason[-1] if reason else 'no reason given'))
        elif len(self.failed) == before[1]:
            self.failed.append((name + ' (' + result.lower() + ')', output.splitlines()[-MOST_LINES:]))


def main(arguments):
    status, logs = int(arguments[0]), arguments[1:]
    count = Count()
    for log in filter(os.path.exists, logs):
        with open(log, encoding='utf-8') as lines:
            for line in lines:
                count.add(json.loads(line))
    if count.passed + len(count.failed) + len(count.skipped) == 0:
        print('No test ran.')
        status = status or 1
    elif status and not count.failed:
        count.failed.append(('meson test itself, with status %d' % status, []))
    print()
    for name, reason in count.skipped:
        print('skipped: %s: %s' % (name, reason))
    for name, reasons in count.failed:
        print('failed: ' + name)
        for line in reasons:
            print('    ' + line)
    last = '%d passed, %d failed' % (count.passed, len(count.failed))
    if count.skipped:
        last += ', %d skipped' % len(count.skipped)
    print(last)
    return 1 if count.failed or status else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
