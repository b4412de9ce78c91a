#!/usr/bin/env python3
# test-kill.py: kill -9 at random instants: what was announced as stored is there afterwards
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading

from system import BOLOCTL, expect, main, recording

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
SEED = 20260314


def run_and_kill(state, seconds, once_stored):
    """Returns the ids announced as stored before the kill, which comes @seconds after the start;
    or after the first of them, so that there are some however slow the machine is."""
    process = subprocess.Popen([BOLOCTL, "patrol", "--recording", recording(), "--rate", "4",
                                "--json", "--silent", "--state", state],
                               stdout=subprocess.PIPE, text=True)
    stored = set()
    timer = threading.Timer(seconds, process.kill)
    if not once_stored:
        timer.start()
    try:
        for line in process.stdout:
            if not line.endswith("\n"):
                continue  # torn by the kill: it was not announced whole
            event = json.loads(line)
            if event["event"] == "stored":
                stored.update(event["ids"])
                if once_stored:
                    once_stored = False
                    timer.start()
        process.wait()
    finally:
        timer.cancel()
        process.kill()
        process.wait()
    return stored


def kept_ids(state):
    ids = set()
    for path in glob.glob(os.path.join(state, "**", "*.db"), recursive=True):
        connection = sqlite3.connect(path)
        expect(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok", path)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'"):
            for row in connection.execute('SELECT * FROM "%s"' % table):
                ids.update(value for value in row if isinstance(value, str))
        connection.close()
    return ids


def test_nothing_announced_is_lost(folder):
    chance = random.Random(SEED)
    announced = set()
    for kill in range(KILLS):
        announced |= run_and_kill(folder, chance.uniform(1.0, 4.0), kill == 0)
        missing = announced - kept_ids(folder)
        expect(not missing, "kill %d lost %d of %d" % (kill, len(missing), len(announced)))
    expect(announced, "something was announced")
    print("# %d kills, %d records announced, none lost" % (KILLS, len(announced)))


main([test_nothing_announced_is_lost])
