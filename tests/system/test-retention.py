#!/usr/bin/env python3
# test-retention.py: boloctl retention and bench store, as a script meets them
# SPDX-License-Identifier: GPL-3.0-or-later
import fcntl
import json
import os
import sqlite3

from system import SOURCE, expect, main, run

FIXTURES = os.path.join(SOURCE, "tests", "store", "fixtures")
# What the fixtures hold: marks, and words inside their pictures.
TRACES = (b"AB01ABX", b"ZZ99ZZZ", b"<patch 1>", b"<overview 3>", b"\xff\xd8\xff\xe0")


def load(dump, path):
    connection = sqlite3.connect(path)
    with open(os.path.join(FIXTURES, dump), encoding="utf-8") as file:
        connection.executescript(file.read())
    connection.close()


def make_state(folder):
    """A state folder with three sightings of March 2026 and a hit."""
    state = os.path.join(folder, "state")
    os.mkdir(state)
    load("journal-v1.sql", os.path.join(state, "journal.db"))
    load("media-v1.sql", os.path.join(state, "media-2026-03-14.db"))
    return state


def traces(state):
    found = set()
    for name in os.listdir(state):
        with open(os.path.join(state, name), "rb") as file:
            content = file.read()
        found.update(trace for trace in TRACES if trace in content)
    return found


def show(state, *more):
    code, out, err = run(["retention", "show", "--json", "--state", state, *more])
    expect(code == 0, "show: " + err)
    return json.loads(out)


def refused(arguments, *words, code=1):
    got, out, err = run(arguments)
    expect(got == code, "exit code %d, wanted %d: %s" % (got, code, err))
    expect(len(err.strip().splitlines()) == 1, "one sentence, not:\n" + err)
    for word in words:
        expect(word in err, "no '%s' in: %s" % (word, err))


def configure(folder, text):
    path = os.path.join(folder, "bolo.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def test_show_and_run(folder):
    state = make_state(folder)
    expect(traces(state) == set(TRACES), "the state holds what is to be purged")
    before = show(state)
    expect(before["sightings"] == 3 and before["due"] == 3 and before["hits"] == 1, str(before))
    expect(before["retention_days"] == 7 and before["last_purge"] is None, str(before))
    expect(before["oldest"].startswith("2026-03-14T17:20:01"), str(before))
    code, out, err = run(["retention", "run", "--json", "--state", state, "--officer", "PC 9"])
    report = json.loads(out)
    expect(code == 0 and report["complete"], out + err)
    expect(report["sightings"] == 3 and report["hits"] == 1 and report["files"] == 1, out)
    expect(traces(state) == set(), "left on the disk: %s" % traces(state))
    after = show(state)
    expect(after["sightings"] == 0 and after["oldest"] is None, str(after))
    expect(after["last_purge"] is not None, "the purge is on record")
    with sqlite3.connect(os.path.join(state, "journal.db")) as connection:
        rows = connection.execute("SELECT officer, text FROM note WHERE kind = 'purge'").fetchall()
    expect(len(rows) == 1 and rows[0][0] == "PC 9" and "3 sightings" in rows[0][1], str(rows))


def test_days_come_from_the_configuration(folder):
    state = make_state(folder)
    conf = configure(folder, "[patrol]\nofficer=PC 12\n[store]\nretention_days=365\n")
    counts = show(state, "--config", conf)
    expect(counts["retention_days"] == 365, str(counts))


def test_nothing_kept_yet(folder):
    counts = show(os.path.join(folder, "none"))
    expect(counts["sightings"] == 0 and counts["bytes"] == 0, str(counts))
    expect(not os.path.exists(os.path.join(folder, "none")), "looking makes nothing")


def test_wrong_use(folder):
    refused(["retention"], "show or run", code=2)
    refused(["retention", "purge"], "show or run", code=2)
    refused(["retention", "show", "--older"], "--older", code=2)


def test_wrong_configuration(folder):
    refused(["retention", "run", "--config", configure(folder, "[store]\nretention_day=7\n")],
            "bolo.conf:2", "'retention_day'", "'retention_days'")
    refused(["retention", "run", "--config", configure(folder, "[store]\nretention_days=366\n")],
            "bolo.conf:2", "365")
    refused(["retention", "run", "--config", configure(folder, "[store]\nretention_days=0\n")],
            "bolo.conf:2", "365")
    refused(["retention", "show", "--config", os.path.join(folder, "none.conf")], "none.conf")


def test_state_that_is_a_file(folder):
    path = configure(folder, "")
    refused(["retention", "run", "--state", os.path.join(path, "state")], "state folder", "--state")


def test_in_use(folder):
    state = make_state(folder)
    with open(os.path.join(state, "store.lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(["retention", "run", "--state", state], "Another Bolo", state)
        expect(show(state)["sightings"] == 3, "looking is allowed meanwhile")
    code, _, err = run(["retention", "run", "--state", state])
    expect(code == 0, "free again: " + err)


def test_damaged_journal(folder):
    state = make_state(folder)
    journal = os.path.join(state, "journal.db")
    with open(journal, "wb") as file:
        file.write(b"no database, but text\n" * 400)
    refused(["retention", "show", "--state", state], "journal.db", "damaged")
    # The warning in the log is right here, so it must not end the program as it does elsewhere.
    code, _, err = run(["retention", "run", "--state", state],
                       env=dict(os.environ, G_DEBUG="gc-friendly"))
    expect(code == 0, "a new journal is begun: " + err)
    expect("journal.db.damaged-" in err, "says where the old one is: " + err)
    kept = [name for name in os.listdir(state) if name.startswith("journal.db.damaged-")]
    expect(len(kept) == 1, "the damaged one is kept: %s" % os.listdir(state))


def test_newer_journal(folder):
    state = make_state(folder)
    connection = sqlite3.connect(os.path.join(state, "journal.db"))
    connection.execute("PRAGMA user_version=77")
    connection.close()
    for word in ("show", "run"):
        refused(["retention", word, "--state", state], "journal.db", "newer Bolo", "77")


def test_bench_store(folder):
    code, out, err = run(["bench", "store", "--records", "200", "--json", "--state", folder])
    expect(code == 0, err)
    result = json.loads(out)
    for key in ("insert_per_s", "purge_s"):
        expect(result[key] > 0, out)
    for key in ("commit_ms", "search_ms"):
        expect(result[key]["p99"] >= result[key]["p50"] > 0, out)
    expect(os.listdir(folder) == [], "it clears up: %s" % os.listdir(folder))
    code, out, err = run(["bench", "store", "--records", "200", "--remotes", "2", "--json", "--state", folder])
    expect(code == 0 and json.loads(out)["purge_s"] is None, out + err)
    refused(["bench", "store", "--records", "1"], "--records", code=2)
    refused(["bench", "store", "--remotes", "9"], "--remotes", code=2)


def test_files_are_documented(folder):
    """docs/file-formats.md names every table and column that there is."""
    with open(os.path.join(SOURCE, "docs", "file-formats.md"), encoding="utf-8") as file:
        text = file.read()
    for dump in ("journal-v2.sql", "media-v1.sql"):
        path = os.path.join(folder, dump + ".db")
        load(dump, path)
        connection = sqlite3.connect(path)
        tables = [row[0] for row in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        expect(len(tables) > 1, "the dump has tables")
        for table in tables:
            columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
            section = text.partition("### `%s`" % table)[2].partition("\n### ")[0]
            expect(section, "table %s is not in docs/file-formats.md" % table)
            for column in columns:
                expect("`%s`" % column[0] in section, "%s.%s is not documented" % (table, column[0]))
        connection.close()


main([test_show_and_run, test_days_come_from_the_configuration, test_nothing_kept_yet,
      test_wrong_use, test_wrong_configuration, test_state_that_is_a_file, test_in_use,
      test_damaged_journal, test_newer_journal, test_bench_store,
      test_files_are_documented])
