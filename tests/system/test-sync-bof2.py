# test-sync-bof2.py: a whole journal through boloctl sync to a BOF2 back office over TLS, as its checker wants it
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-sync-bof2.py FILL. The back office is tests/lib/bof2/bof2_double.py: it takes what a checker that shares no code
with us takes, and asks for the car's certificate."""
import json
import os
import subprocess
import sys

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


main([test_journal, test_pictures_with_their_reads, test_audit_is_damaged])
