#!/usr/bin/env python3
# test-replay.py: a recording in lock-step: right, stored, and the same at any load
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys

from system import events, expect, main, recording, run

# What depends on the machine's speed and nothing else.
LATENCIES = re.compile(r'"latency_ms":-?\d+')


def play(folder):
    code, out, err = run(["patrol", "--recording", recording(), "--rate", "max", "--json",
                          "--state", folder])
    expect(code == 0, "patrol ended with %d: %s" % (code, err))
    lines = [line for line in out.splitlines() if '"event":"summary"' not in line]
    summary = [e for e in events(out) if e["event"] == "summary"]
    expect(len(summary) == 1, "one summary")
    return [LATENCIES.sub("", line) for line in lines], events(out), summary[0]


def test_what_passed_is_read(folder):
    lines, all_events, summary = play(folder)
    score = summary["score"]
    expect(score["vehicles"] >= 4, "the recording has vehicles")
    expect(score["vehicles_exact"] >= 0.9 * score["vehicles"], json.dumps(score))
    for never in ("covert_raised", "weeded_raised", "decoys_exact", "double_alarms"):
        expect(score[never] == 0, "%s: %s" % (never, json.dumps(score)))
    expect(score["overt_hit"] == score["overt"] and score["overt"] > 0, json.dumps(score))


def test_everything_announced_is_in_the_journal(folder):
    lines, all_events, summary = play(folder)
    stored = {i for e in all_events if e["event"] == "stored" for i in e["ids"]}
    told = {e["id"] for e in all_events if e["event"] in ("sighting", "hit")}
    expect(told <= stored, "not stored: %s" % sorted(told - stored)[:3])
    journals = glob.glob(os.path.join(folder, "replay", "**", "journal.db"), recursive=True)
    expect(len(journals) == 1, "one journal: %s" % journals)
    journal = sqlite3.connect("file:%s?mode=ro" % journals[0], uri=True)
    kept = set()
    for (table,) in journal.execute("SELECT name FROM sqlite_master WHERE type='table'"):
        for row in journal.execute('SELECT * FROM "%s"' % table):
            kept.update(value for value in row if isinstance(value, str))
    expect(told <= kept, "announced but not kept: %s" % sorted(told - kept)[:3])


def test_every_sighting_has_a_place_and_an_honest_one(folder):
    lines, all_events, summary = play(folder)
    sightings = [e for e in all_events if e["event"] == "sighting"]
    expect(sightings, "there are sightings")
    for event in sightings:
        position = event["position"]
        expect(position is not None, "a sighting without a place: " + event["id"])
        expect((position["lat"], position["lon"]) != (0, 0), "at 0,0")
        expect(position["how"] in ("interpolated", "extrapolated"), position["how"])


def test_the_same_bytes_idle_and_loaded(folder):
    idle, _, _ = play(os.path.join(folder, "idle"))
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        loaded, _, _ = play(os.path.join(folder, "loaded"))
    finally:
        for process in busy:
            process.kill()
            process.wait()
    for number, (a, b) in enumerate(zip(idle, loaded)):
        expect(a == b, "line %d differs:\n%s\n%s" % (number, a, b))
    expect(len(idle) == len(loaded), "%d lines and %d" % (len(idle), len(loaded)))


main([test_what_passed_is_read, test_everything_announced_is_in_the_journal,
      test_every_sighting_has_a_place_and_an_honest_one, test_the_same_bytes_idle_and_loaded])
