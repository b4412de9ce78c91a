# test-sync-bof2.py: a whole journal through boloctl sync to a BOF2 back office over TLS, as its checker wants it
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-sync-bof2.py FILL. The back office is tests/lib/bof2/bof2_double.py: it takes what a checker that shares no code
with us takes, and asks for the car's certificate."""
import json
import os
import subprocess
import sys
import zipfile

from sync_case import find_unsent
from system import BOLOCTL, SOURCE, expect, main, wait_for

FILL = sys.argv[1]
DOUBLE = os.path.join(SOURCE, "tests", "lib", "bof2", "bof2_double.py")
SETTINGS = """[server]
url=https://127.0.0.1:%(port)s/bof2/services
authority=%(folder)s/ca.pem
certificate=%(folder)s/car.pem
key=%(folder)s/car.key
[account]
username=car.7
secret_file=%(folder)s/secret
feed=12
source=34
[cameras]
front=1
rear=2
[answers]
success=^OK
retry=busy
reject=invalid
[captures]
%(captures)s
"""
LISTS = """[lists]
take=yes
trust=connection
[list Stolen Vehicles]
name=stolen
kind=stolen
"""
ROW = "%s,FORD,FOCUS,BLUE,STOP,,STOLEN,,,,,,,,,\n"


class Office:
    def __init__(self, folder, captures=""):
        self.folder = os.path.join(folder, "office")
        self.state = os.path.join(folder, "car")
        os.makedirs(self.folder)
        os.makedirs(self.state)
        self.process = subprocess.Popen([sys.executable, DOUBLE, self.folder], stdin=subprocess.PIPE)
        port = wait_for(lambda: self.read("port"), "the back office")
        self.write("secret", "open-sesame\n")
        self.write("bof2.conf", SETTINGS % {"port": port, "folder": self.folder, "captures": captures})
        with open(os.path.join(self.state, "sync.conf"), "w", encoding="utf-8") as file:
            file.write("[remote national]\ntype=bof2\nsettings=%s\npictures=always\n" % self.path("bof2.conf"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        if not os.path.exists(self.path(name)):
            return ""
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)

    def fill(self, sightings, hits):
        done = subprocess.run([FILL, self.state, str(sightings), str(hits), "jpeg"], capture_output=True, text=True,
                              check=False)
        expect(done.returncode == 0, done.stderr)

    def sync(self, code=0):
        done = subprocess.run([BOLOCTL, "sync", "--wait", "--json", "--state", self.state], capture_output=True,
                              text=True, timeout=240, check=False)
        expect(done.returncode == code, "exit %d: %s%s" % (done.returncode, done.stdout[-500:], done.stderr))
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")][-1]

    def offer(self, revisions):
        """[(revision, marks of the whole list, None or (marks that went, marks that came))], the newest last."""
        entries = []
        for revision, marks, changes in revisions:
            entries.append({"revision": revision, "whole": self.pack("whole-" + revision, R=marks),
                            "delta": self.pack("delta-" + revision, D=changes[0], I=changes[1]) if changes else None})
        self.write("lists.json", json.dumps({"repo": len(entries), "lists": {"Stolen Vehicles": {"revisions": entries}}}))

    def pack(self, name, **members):
        with zipfile.ZipFile(self.path(name), "w") as archive:
            for kind, marks in members.items():
                archive.writestr("34_Stolen Vehicles_%s.dat" % kind, "".join(ROW % mark for mark in marks))
        return name

    def match(self, *marks):
        """Which of them the car's lists have."""
        done = subprocess.run([BOLOCTL, "hotlist", "match", "--json", "--state", self.state, *marks],
                              capture_output=True, text=True, timeout=60, check=False)
        expect(done.returncode == 0, done.stderr)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        expect(all(entry["match"] == "exact" and entry["entry"].startswith("stolen/") for entry in found), done.stdout)
        return sorted(entry["plate"] for entry in found)

    def calls(self, *names):
        lines = [json.loads(line) for line in self.read("calls.jsonl").splitlines()]
        return [line for line in lines if line["call"] in names]

    def close(self):
        expect(self.read("wrong.jsonl") == "", "the checker refused: " + self.read("wrong.jsonl")[:500])
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()


def test_journal(folder):
    """From the program's own worker, where the handshake asks for the certificate."""
    office = Office(folder)
    office.fill(12, 2)
    end = office.sync()
    expect(end["sent"] >= 12 + 2 * 2 + 2 * 14 and end["failure"] is None, str(end))
    expect(find_unsent(office.state) == {}, str(find_unsent(office.state)))
    pictures = office.calls("addBinaryCaptureData")
    expect(len(pictures) == 2 * 14, "%d pictures" % len(pictures))
    n_calls = len(office.read("calls.jsonl").splitlines())
    expect(office.sync()["sent"] == 0, "something went twice")
    again = office.read("calls.jsonl").splitlines()[n_calls:]
    expect(not any("Capture" in json.loads(line)["call"] for line in again), str(again))
    office.close()


def test_pictures_with_their_reads(folder):
    """call=capture, pictures=with: one call a read, and both its pictures in it."""
    office = Office(folder, "call=capture\npictures=with\n")
    office.fill(5, 1)
    office.sync()
    calls = office.calls("sendCapture")
    expect(len(calls) == 6 and not office.calls("addBinaryCaptureData"), str([line["call"] for line in calls]))
    for line in calls:
        text = json.dumps(line)
        expect("plateJpegImage" in text and text.count('"bytes"') == 2, text[:400])
    expect(find_unsent(office.state) == {}, str(find_unsent(office.state)))
    office.close()


def test_audit_is_damaged(folder):
    """What is damaged is said; all else goes."""
    office = Office(folder)
    office.fill(3, 1)
    with open(os.path.join(office.state, "audit.db"), "wb") as file:
        file.write(b"no database at all, " * 500)
    end = office.sync(code=1)
    expect("No audit records are sent" in end["failure"] and "audit.db" in end["failure"], str(end))
    expect(end["remedy"].startswith("Tell the technician"), str(end))
    expect(find_unsent(office.state, but="audit.db") == {}, str(find_unsent(office.state, but="audit.db")))
    with open(os.path.join(office.state, "audit.db"), "rb") as file:
        expect(file.read().startswith(b"no database"), "the damaged audit was touched")
    office.close()


def test_lists_into_a_match(folder):
    """A list, then what has changed in it, from the office into the car's index: by the whole program, over TLS."""
    marks = ["AB12CDE", "AB34CDE", "AB56CDE", "XY99ZZZ"]
    office = Office(folder, "\n" + LISTS)
    whole = marks[:3] + ["CD%02dEFG" % number for number in range(60)]
    office.offer([("a-1", whole, None)])
    office.sync()
    expect(office.match(*marks) == ["AB12CDE", "AB34CDE", "AB56CDE"], str(office.match(*marks)))
    expect(json.loads(office.read("held.json")) == {"Stolen Vehicles": "a-1"}, office.read("held.json"))
    # AB34CDE was found, XY99ZZZ was stolen: only that comes.
    changed = [mark for mark in whole if mark != "AB34CDE"] + ["XY99ZZZ"]
    office.offer([("a-1", whole, None), ("a-2", changed, (["AB34CDE"], ["XY99ZZZ"]))])
    os.remove(office.path("whole-a-2"))
    office.sync()
    expect(office.match(*marks) == ["AB12CDE", "AB56CDE", "XY99ZZZ"], str(office.match(*marks)))
    expect(json.loads(office.read("held.json")) == {"Stolen Vehicles": "a-2"}, office.read("held.json"))
    # The records go as before, and a car that has everything asks for nothing more.
    office.fill(2, 1)
    office.sync()
    expect(find_unsent(office.state) == {}, str(find_unsent(office.state)))
    expect(office.match("CD59EFG", "AB34CDE") == ["CD59EFG"], "the list is whole")
    office.close()


main([test_journal, test_pictures_with_their_reads, test_audit_is_damaged, test_lists_into_a_match])
