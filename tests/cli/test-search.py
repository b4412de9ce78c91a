#!/usr/bin/env python3
# test-search.py: boloctl search finds own sightings, and nothing is shown before the reason is kept
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import sqlite3
import sys
from datetime import datetime, timedelta

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))

from system import SOURCE, expect, main, run  # noqa: E402

FIXTURE = os.path.join(SOURCE, "tests", "store", "fixtures", "journal-v1.sql")
WHY = ["--reason", "crime", "--ref", "CR/1", "--officer", "PC 4127"]
# The fixture's sightings are of March 2026: old enough that somebody must allow it, once.
THEN = ["--from", "2026-03-14", "--to", "2026-03-15", "--authorised-by", "Supt 3"]


def make_state(folder):
    connection = sqlite3.connect(os.path.join(folder, "journal.db"))
    with open(FIXTURE, encoding="utf-8") as file:
        connection.executescript(file.read())
    marks = [row[0] for row in connection.execute("SELECT text FROM sighting_state")]
    connection.close()
    return marks


def audit(folder):
    connection = sqlite3.connect(os.path.join(folder, "audit.db"))
    rows = connection.execute("SELECT officer, subject, reason, reference, authoriser FROM audit ORDER BY number")
    found = rows.fetchall()
    connection.close()
    return found


def search(folder, mark, *more):
    return run(["search", mark, "--state", folder, *more])


def found(folder, mark, *more):
    code, out, err = search(folder, mark, "--json", *WHY, *THEN, *more)
    expect(code == 0, "search: " + err)
    return [json.loads(line) for line in out.splitlines()]


def test_a_mark_is_found_and_why_is_kept(folder):
    mark = make_state(folder)[0]
    lines = found(folder, mark.lower())
    expect(lines and all(line["text"] == mark for line in lines), json.dumps(lines))
    expect(lines[0]["match"] == "exact" and lines[0]["camera"] and lines[0]["captured"], json.dumps(lines))
    expect(audit(folder) == [("PC 4127", mark, "crime", "CR/1", "Supt 3")], str(audit(folder)))


def test_a_pattern_is_found(folder):
    marks = make_state(folder)
    lines = found(folder, marks[0][:2] + "?" + marks[0][3] + "*")
    expect(any(line["text"] == marks[0] for line in lines), json.dumps(lines))
    expect(all(line["match"] == "pattern" for line in lines), json.dumps(lines))
    expect(found(folder, "QQ9*") == [], "nothing there")


def test_words_for_an_officer(folder):
    mark = make_state(folder)[0]
    code, out, err = search(folder, mark, *WHY, *THEN)
    expect(code == 0 and "2026-03-14T" in out, out + err)
    code, out, _ = search(folder, "QQ99QQQ", *WHY, *THEN)
    expect(code == 0 and "not seen" in out, out)


def refused(folder, code, word, *arguments):
    got, out, err = run(["search", "--state", folder, *arguments])
    expect(got == code and not out, "%d: %s%s" % (got, out, err))
    expect(len(err.strip().splitlines()) == 1 and word in err, err)


def test_without_a_reason_nothing_is_shown(folder):
    mark = make_state(folder)[0]
    refused(folder, 2, "--reason", mark)
    refused(folder, 2, "--ref", mark, "--reason", "crime")
    refused(folder, 2, "one mark", *WHY)
    refused(folder, 1, "crime", mark, "--reason", "curiosity", "--ref", "x", "--officer", "PC 1")
    refused(folder, 1, "officer", mark, "--reason", "crime", "--ref", "x")
    refused(folder, 1, "no time", mark, *WHY, "--from", "yesterday")
    refused(folder, 1, "authorising", mark, *WHY, "--from", "2026-03-14", "--to", "2026-03-15")
    refused(folder, 1, "known", "*", *WHY)


def test_the_default_is_a_day(folder):
    """What the search looked through stands in the audit."""
    make_state(folder)
    code, out, err = search(folder, "AB12CDE", "--json", *WHY)
    expect(code == 0 and not out, out + err)
    connection = sqlite3.connect(os.path.join(folder, "audit.db"))
    details = connection.execute("SELECT details FROM audit").fetchone()[0].split()
    connection.close()
    code, _, err = search(folder, "AB12CDE", *WHY, "--from", "2h", "--to", "1h")
    expect(code == 0, err)
    begin, end = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (details[1], details[3]))
    expect(end - begin == timedelta(days=1), str(details))


def test_the_configuration_says_who_and_why(folder):
    make_state(folder)
    path = os.path.join(folder, "bolo.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[patrol]\nofficer=PC 77\n[search]\nreasons=homicide\n")
    code, _, err = run(["search", "AB12CDE", "--reason", "homicide", "--ref", "M/1", "--state", folder,
                        "--config", path])
    expect(code == 0, err)
    expect(audit(folder) == [("PC 77", "AB12CDE", "homicide", "M/1", None)], str(audit(folder)))


def test_an_audit_that_cannot_be_written_shows_nothing(folder):
    mark = make_state(folder)[0]
    with open(os.path.join(folder, "audit.db"), "w", encoding="utf-8") as file:
        file.write("this is no database")
    refused(folder, 1, "audit.db", mark, *WHY, *THEN)


def test_nothing_was_kept_yet(folder):
    code, out, err = search(os.path.join(folder, "new"), "AB12CDE", *WHY)
    expect(code == 0 and "not seen" in out, out + err)


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name.startswith("test_")])
