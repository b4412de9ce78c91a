# sync_case.py: a real bolo-station and a car with records, for tests of what goes between them
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess

from system import BOLOCTL, BUILD, expect, wait_for

# The leak checker of GCC 12 crashes at the end of a program whose TLS handshakes ran in threads that are gone ("Tracer
# caught signal 11"); the unit tests look for leaks in the same code.
if "ASAN_OPTIONS" in os.environ:
    os.environ["ASAN_OPTIONS"] += ":detect_leaks=0"

# What these tests provoke is warned of; it must not end the programs.
os.environ["G_DEBUG"] = "fatal-criticals"

STATION = os.path.join(BUILD, "bolo-station")
TOPICS = {1: "hit", 2: "sighting", 3: "disposition", 4: "watch", 8: "audit", 9: "health", 10: "picture"}


def find_unsent(state, but=""):
    """{file: rows that wait} of those of a car's files in which any do."""
    found = {}
    for name in sorted(os.listdir(state)):
        if not name.endswith(".db") or name == but:
            continue
        connection = sqlite3.connect("file:%s?mode=ro" % os.path.join(state, name), uri=True)
        n = connection.execute("SELECT count(*) FROM outbox WHERE waits <> 0").fetchone()[0]
        connection.close()
        if n:
            found[name] = n
    return found


class Station:
    """bolo-station in FOLDER/station, with certificates for @host and the car KT12."""

    def __init__(self, folder, host="localhost", port=0, enter=None, lists=None, configuration=None):
        self.folder = os.path.join(folder, "station")
        self.certificates = os.path.join(self.folder, "certificates")
        self.host, self.port, self.enter = host, port, enter
        self.lists, self.configuration = lists, configuration
        self.process = None
        os.makedirs(self.folder, exist_ok=True)
        done = subprocess.run([STATION, "certificates", "--host", host, self.certificates, "KT12", "KT13"],
                              capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)

    def start(self, *faults):
        words = [STATION, "serve", "--state", self.folder, "--certificates", self.certificates,
                 "--port", str(self.port), "--name", "Test"]
        if self.lists:
            words += ["--lists", self.lists]
        if self.configuration:
            words += ["--configuration", self.configuration]
        for fault in faults:
            words += ["--fault", fault]
        if self.enter:
            words = self.enter(words)
        log = open(os.path.join(self.folder, "log"), "a", encoding="utf-8")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True)
        while True:
            line = self.process.stdout.readline()
            expect(line, "bolo-station did not start; see its log: " + self.read_log()[-600:])
            if line.startswith("listening on "):
                self.port = int(line.strip().rsplit(":", 1)[1])
                return self

    def read_log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read()

    def stop(self, how=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process.stdout.close()
        self.process = None

    def rows(self, sql, *values):
        connection = sqlite3.connect("file:%s?mode=ro" % os.path.join(self.folder, "station.db"), uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def read_picture(self, pack, start, length):
        """The hash of what stands there."""
        with open(os.path.join(self.folder, "pictures-%d" % pack), "rb") as file:
            file.seek(start)
            picture = file.read(length)
        expect(len(picture) == length, "a picture reaches over the end of its file")
        return hashlib.sha256(picture).hexdigest()

    def items(self):
        """{(topic, id, state): hash of the picture, or None}; each stands there once."""
        found = {}
        for topic, name, state, pack, start, length in self.rows(
                "SELECT topic, id, state, pack, start, length FROM item"):
            key = (TOPICS.get(topic, topic), name, state)
            expect(key not in found, "%s is there twice" % (key,))
            found[key] = self.read_picture(pack, start, length) if pack is not None else None
        return found


def find_requests(log):
    """The paths, from what the car says with G_MESSAGES_DEBUG=bolo-https-link."""
    return re.findall(r"request [A-Z]+ (/[^\s?]*)", log)


class Car:
    """A state folder that sends to @station, filled by the tests' own program."""

    def __init__(self, folder, station, fill, name="KT12", certificate=None, **options):
        self.state = os.path.join(folder, name)
        self.fill_program = fill
        self.station = station
        os.makedirs(os.path.join(self.state, "list-keys"), exist_ok=True)
        done = subprocess.run([BOLOCTL, "hotlist", "trust", os.path.join(station.certificates, "station.pub"),
                               "--state", self.state], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)
        self.configure(certificate or name, **options)

    def configure(self, name="KT12", pictures="always", keys="station", interval=5, more=""):
        files = {"authority": "authority.pem", "certificate": name + ".pem", "key": name + ".key"}
        with open(os.path.join(self.state, "sync.conf"), "w", encoding="utf-8") as file:
            file.write("[remote hq]\nurl=https://%s:%d\n" % (self.station.host, self.station.port))
            for key, value in files.items():
                file.write("%s=%s\n" % (key, os.path.join(self.station.certificates, value)))
            file.write("pictures=%s\ninterval=%d\n%s" % (pictures, interval, more))
            if keys:
                file.write("station_keys=%s\n" % keys)

    def fill(self, sightings, hits, picture_bytes):
        done = subprocess.run([self.fill_program, self.state, str(sightings), str(hits), str(picture_bytes)],
                              capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)

    def rows(self, file, sql):
        connection = sqlite3.connect("file:%s?mode=ro" % os.path.join(self.state, file), uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def items(self):
        """What a station must have in the end, as Station.items gives it."""
        wanted = {("sighting", *row): None for row in self.rows(
            "journal.db", "SELECT sighting, number FROM sighting_state")}
        wanted.update({("hit", *row): None for row in self.rows("journal.db", "SELECT hit, number FROM hit_state")})
        for file in sorted(os.listdir(self.state)):
            if not file.startswith("media-") or not file.endswith(".db"):
                continue
            for sighting, kind, number, data in self.rows(file, "SELECT sighting, kind, number, data FROM picture"):
                name = "%s/%s" % (sighting, "patch" if kind == 1 else "overview")
                wanted[("picture", name, number)] = hashlib.sha256(data).hexdigest()
        return wanted

    def count_unsent(self):
        files = ["journal.db"] + [name for name in os.listdir(self.state)
                                  if name.startswith("media-") and name.endswith(".db")]
        return sum(self.rows(file, "SELECT count(*) FROM outbox WHERE waits <> 0")[0][0] for file in files)

    def command(self, *options):
        return [BOLOCTL, "sync", "--json", "--state", self.state, *options]

    def sync(self, *options, timeout=300):
        """(exit code, the last event, standard error)."""
        done = subprocess.run(self.command(*options), capture_output=True, text=True, timeout=timeout, check=False)
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, events[-1] if events else None, done.stderr

    def sync_counted(self, *options, timeout=300):
        """As sync, and the paths of all requests that were made."""
        done = subprocess.run(self.command(*options), capture_output=True, text=True, timeout=timeout, check=False,
                              env=dict(os.environ, G_MESSAGES_DEBUG="bolo-https-link"))
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, events[-1] if events else None, done.stderr, find_requests(done.stdout + done.stderr)

    def expect_whole(self, but=()):
        """Everything is there, once, byte for byte, and nothing else; nothing waits any more."""
        wanted = {key: value for key, value in self.items().items() if key not in but}
        found = {key: value for key, value in self.station.items().items()
                 if key[0] in ("hit", "sighting", "picture")}
        missing = [key for key in wanted if key not in found]
        expect(not missing, "%d items have not arrived, as %s" % (len(missing), missing[:3]))
        extra = [key for key in found if key not in wanted]
        expect(not extra, "%d items were never sent, as %s" % (len(extra), extra[:3]))
        wrong = [key for key in wanted if wanted[key] != found[key]]
        expect(not wrong, "%d pictures have other bytes, as %s" % (len(wrong), wrong[:3]))
        expect(self.count_unsent() == 0, "%d items still wait in the car" % self.count_unsent())


def wait_for_items(station, n, what, seconds=60):
    def enough():
        try:
            return station.rows("SELECT count(*) FROM item")[0][0] >= n
        except sqlite3.Error:
            return False
    wait_for(enough, what, seconds)
