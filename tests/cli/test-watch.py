#!/usr/bin/env python3
# test-watch.py: boloctl hotlist watch and silence: added, listed, ended, audited, queued
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))

from system import SOURCE, expect, main, run  # noqa: E402

FIXTURE = os.path.join(SOURCE, "tests", "store", "fixtures", "journal-v1.sql")
WHO = ["--officer", "PC 4127"]
WHY = ["--reason", "Left the scene", "--expires", "8h"] + WHO


def hotlist(folder, *arguments):
    return run(["hotlist", arguments[0], *arguments[1:], "--state", folder])


def succeed(folder, *arguments):
    code, out, err = hotlist(folder, *arguments)
    expect(code == 0, "%s: %s%s" % (arguments, out, err))
    return out


def lines(folder, *arguments):
    return [json.loads(line) for line in succeed(folder, *arguments, "--json").splitlines()]


def rows(folder, name, question):
    connection = sqlite3.connect(os.path.join(folder, name))
    found = connection.execute(question).fetchall()
    connection.close()
    return found


def refused(folder, code, word, *arguments):
    got, out, err = hotlist(folder, *arguments)
    expect(got == code and not out, "%s: %d: %s%s" % (arguments, got, out, err))
    expect(len(err.strip().splitlines()) == 1 and word in err, err)


def test_a_watch_entry_lives_and_ends(folder):
    out = succeed(folder, "watch", "ab ?2*", "--description", "dark van", *WHY)
    expect("not seen before" in out, out)
    held = lines(folder, "watch")
    expect([(w["mark"], w["reason"], w["category"], w["description"], w["officer"]) for w in held]
           == [("AB?2*", "Left the scene", "watch", "dark van", "PC 4127")], json.dumps(held))
    expect("AB?2*" in succeed(folder, "watch"), "in words too")
    # From now on there is somebody to send to.
    connection = sqlite3.connect(os.path.join(folder, "watch.db"))
    connection.execute("INSERT INTO receiver (bit, name) VALUES (1, 'hq')")
    connection.commit()
    connection.close()
    succeed(folder, "unwatch", "AB?2*", *WHO)
    expect(lines(folder, "watch") == [], "still there")
    expect("no watch entries" in succeed(folder, "watch"), "says so")
    acts = rows(folder, "audit.db", "SELECT act, officer, subject FROM audit ORDER BY number")
    expect(acts == [(2, "PC 4127", "AB?2*"), (3, "PC 4127", "AB?2*")], str(acts))
    queued = rows(folder, "watch.db", "SELECT topic FROM outbox ORDER BY number")
    expect(queued == [("watch-end",)], str(queued))


def test_what_has_passed_is_shown(folder):
    connection = sqlite3.connect(os.path.join(folder, "journal.db"))
    with open(FIXTURE, encoding="utf-8") as file:
        connection.executescript(file.read())
    mark = connection.execute("SELECT text FROM sighting_state").fetchone()[0]
    # The fixture is older than a watch entry looks back.
    connection.execute("UPDATE sighting_state SET captured_us = strftime('%s', 'now') * 1000000 - 60000000")
    connection.commit()
    connection.close()
    found = lines(folder, "watch", mark, *WHY)
    expect(found and all(line["text"] == mark and line["match"] == "exact" for line in found), json.dumps(found))


def test_an_entry_is_silenced_and_comes_back(folder):
    succeed(folder, "silence", "stolen", "kx68 yzt", "--entry-ref", "CR/9", "--recovered", *WHY)
    held = lines(folder, "silence")
    expect([(s["list"], s["plate"], s["entry_ref"], s["as"], s["officer"]) for s in held]
           == [("stolen", "KX68YZT", "CR/9", "recovered", "PC 4127")], json.dumps(held))
    expect("KX68YZT in stolen" in succeed(folder, "silence"), "in words too")
    succeed(folder, "unsilence", held[0]["silence"], *WHO)
    expect(lines(folder, "silence") == [], "still there")
    acts = rows(folder, "audit.db", "SELECT act, subject FROM audit ORDER BY number")
    expect(acts == [(5, "stolen/KX68YZT"), (6, "stolen/KX68YZT")], str(acts))


def test_what_is_over_ends_and_is_audited(folder):
    succeed(folder, "watch", "AB12CDE", *WHY)
    succeed(folder, "silence", "stolen", "KX68YZT", *WHY)
    connection = sqlite3.connect(os.path.join(folder, "watch.db"))
    connection.execute("UPDATE watch SET expires_us = added_us + 1")
    connection.execute("UPDATE silence SET until_us = added_us + 1")
    connection.commit()
    connection.close()
    expect(lines(folder, "watch") == [], "still there")
    acts = rows(folder, "audit.db", "SELECT act, officer FROM audit ORDER BY number")
    expect(acts == [(2, "PC 4127"), (5, "PC 4127"), (4, None), (7, None)], str(acts))


def test_what_is_wrong_is_refused(folder):
    refused(folder, 1, "--expires", "watch", "AB12CDE", "--reason", "x", *WHO)
    refused(folder, 1, "reason", "watch", "AB12CDE", "--expires", "8h", *WHO)
    refused(folder, 1, "officer", "watch", "AB12CDE", "--reason", "x", "--expires", "8h")
    refused(folder, 1, "72 hours", "watch", "AB12CDE", "--reason", "x", "--expires", "100h", *WHO)
    refused(folder, 1, "72 hours", "watch", "AB12CDE", "--reason", "x", "--expires", "2020-01-01", *WHO)
    refused(folder, 1, "no time", "watch", "AB12CDE", "--reason", "x", "--expires", "soon", *WHO)
    refused(folder, 1, "known", "watch", "A*", *WHY)
    refused(folder, 2, "one mark", "watch", "AB12CDE", "CD34EFG", *WHY)
    refused(folder, 1, "no watch entry", "unwatch", "AB12CDE", *WHO)
    refused(folder, 2, "unwatch", "unwatch", *WHO)
    refused(folder, 2, "silence", "silence", "stolen", *WHY)
    refused(folder, 1, "24 hours", "silence", "stolen", "AB12CDE", "--reason", "x", "--expires", "25h", *WHO)
    refused(folder, 1, "no silence", "unsilence", "x", *WHO)
    refused(folder, 2, "unsilence", "unsilence", *WHO)
    expect(rows(folder, "audit.db", "SELECT count(*) FROM audit") == [(0,)], "nothing was done")


def test_the_configuration_sets_the_caps(folder):
    path = os.path.join(folder, "bolo.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[patrol]\nofficer=PC 77\n[watch]\nmax_h=2\n")
    refused(folder, 1, "2 hours", "watch", "AB12CDE", "--reason", "x", "--expires", "3h", "--config", path)
    succeed(folder, "watch", "AB12CDE", "--reason", "x", "--expires", "90m", "--config", path)
    expect(lines(folder, "watch")[0]["officer"] == "PC 77", "who the configuration names")


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name.startswith("test_")])
