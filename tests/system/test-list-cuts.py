#!/usr/bin/env python3
# test-list-cuts.py: the power goes at any instant of an import: the list of before or the one of after, whole
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test-list-cuts.py [STATES]    how many states of the disk are looked at for each change (all without)"""
import json
import os
import random
import shutil
import sys

import power_cut
from system import BOLOCTL, Skip, expect, main, run

STATES = int(sys.argv[1]) if len(sys.argv) > 1 else 0
STATES_EACH = 5  # of one call
MARKS = ("OLD1ABC", "NEW1ABC", "BOTH123", "GONE123")


def write(folder, name, *rows):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(row + "\n" for row in rows))
    return path


def words(state, *arguments):
    return ["hotlist", *arguments, "--state", state]


def take(state, path, *arguments):
    return words(state, "import", path, "--name", "stolen", "--unsigned-by", "4711", *arguments)


def look(state):
    """What the lists say: which there are, and what they have on the marks."""
    code, out, err = run(words(state, "list", "--json"))
    expect(code == 0, "the lists cannot be told: " + err)
    lists = [json.loads(line) for line in out.splitlines()]
    code, out, err = run(words(state, "match", *MARKS, "--json"))
    expect(code == 0, "the lists cannot be asked: " + err)
    found = [json.loads(line) for line in out.splitlines()]
    return ([(one["name"], one["revision"], one["entries"]) for one in lists],
            [(one["plate"], one["entry_plate"], one["match"], one["make"]) for one in found])


def check(folder, command, again):
    """Cuts @command short wherever it can be; @again (or None) must do on whatever is left what it was to do.

    A leak checker cannot run under strace."""
    state = os.path.join(folder, "state")
    reason = power_cut.why_not(folder)
    if reason is not None:
        raise Skip(reason)
    os.makedirs(state, mode=0o700, exist_ok=True)
    before = power_cut.load(state)
    old = look(state)
    trace = os.path.join(folder, "trace")
    environment = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
    code, out, err = power_cut.record([BOLOCTL, *command], folder, trace, environment)
    expect(code == 0, err)
    new = look(state)
    expect(old != new, "nothing has changed: " + out)
    chance = random.Random(20260314)
    cuts = list(power_cut.states(state, before, trace, chance))
    expect(len(cuts) > 20, "only %d states" % len(cuts))
    last = cuts[-1][0]
    chosen = cuts if STATES == 0 else chance.sample(cuts, min(STATES, len(cuts))) + cuts[-STATES_EACH:]
    seen = set()
    for number, kind, image in chosen:
        shutil.rmtree(state)
        power_cut.put(image, state)
        what = "after call %d of %d, '%s'" % (number, last, kind)
        try:
            now = look(state)
            expect(now in (old, new), "%s: neither the lists of before nor those of after: %s" % (what, now))
            expect(now == new or number < last, "%s: what was told as done is lost" % what)
            seen.add(now == new)
            if again is not None and (kind == "between" or number == last):
                code, _, err = run(again)
                expect(code == 0 and look(state) == new, "%s: it cannot be done again: %s" % (what, err))
        except AssertionError as failure:
            raise AssertionError("%s\n%s" % (what, failure)) from failure
    expect(seen == {False, True} or STATES > 0, "the cuts were all on one side")


def test_first(folder):
    state = os.path.join(folder, "state")
    command = take(state, write(folder, "new.csv", "NEW1ABC,FORD", "BOTH123,VW"))
    check(folder, command, command)


def test_full(folder):
    state = os.path.join(folder, "state")
    expect(run(take(state, write(folder, "old.csv", "OLD1ABC,FORD", "BOTH123,VW")))[0] == 0, "the first list")
    command = take(state, write(folder, "new.csv", "NEW1ABC,FORD", "BOTH123,BMW"))
    check(folder, command, command)


def test_delta(folder):
    """Changes on a list of many, as an overlay: a second time they change nothing."""
    state = os.path.join(folder, "state")
    rows = ["X%dABC,AUDI" % n for n in range(1, 200)]
    expect(run(take(state, write(folder, "old.csv", "OLD1ABC,FORD", "BOTH123,VW", *rows)))[0] == 0, "the first list")
    command = take(state, write(folder, "new.csv", "NEW1ABC,FORD"), "--delta")
    check(folder, command, command)


def test_remove(folder):
    state = os.path.join(folder, "state")
    expect(run(take(state, write(folder, "old.csv", "OLD1ABC,FORD")))[0] == 0, "the first list")
    check(folder, words(state, "remove", "stolen"), None)


main([test_first, test_full, test_delta, test_remove])
