# station.py: a bolo-station and its certificates, for tests of whole programs
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import shutil
import signal
import subprocess
import uuid

from system import BUILD, PATIENCE_S, Skip, expect, wait_for

STATION = os.path.join(BUILD, "bolo-station")


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Skip(program + " is not installed")


def new_database():
    """The connection to an empty database on the server that with-postgres has started; None without one."""
    server = os.environ.get("BOLO_TEST_POSTGRES")
    if server is None:
        return None
    name = "t" + uuid.uuid4().hex
    subprocess.run([os.environ["BOLO_TEST_PSQL"], server, "-qc", "CREATE DATABASE " + name], check=True,
                   capture_output=True)
    return server.replace("dbname=postgres", "dbname=" + name)


class Station:
    """A station in a folder; start it, ask it through curl, end it as you like."""

    def __init__(self, folder, *options):
        need("curl")
        self.folder = folder
        self.state = os.path.join(folder, "state")
        self.keys = os.path.join(self.state, "certificates")
        self.options = options
        self.database = new_database()
        self.process = None
        self.url = self.page = None

    def start(self, *more):
        log = open(os.path.join(self.folder, "log"), "a")
        self.process = subprocess.Popen(
            [STATION, "serve", "--state", self.state, "--port", "0", "--development", *self.options, *more,
             *(["--postgres", self.database] if self.database else [])],
            stdout=subprocess.PIPE, stderr=log, text=True, env=dict(os.environ, G_DEBUG="fatal-criticals"))
        log.close()
        self.url = self.process.stdout.readline().replace("listening on ", "").strip()
        self.page = self.process.stdout.readline().replace("web page on ", "").strip()
        expect(self.url.startswith("https://"), "the station did not start: " + self.log())
        return self

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """Ends it the polite way; it must do so."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        expect(code == 0, "the station ended with %d: %s" % (code, self.log()))

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None and kind is None:
            self.stop()
        elif self.process.poll() is None:
            self.kill()

    def car(self, *cars):
        """Makes certificates for cars."""
        subprocess.run([STATION, "certificates", self.keys, *cars], check=True, capture_output=True)

    def curl(self, path, *options, car="car1", data=None):
        """(exit code, status, body as bytes) of a request by curl, which shares no code with us."""
        words = ["curl", "-sS", "--cacert", os.path.join(self.keys, "authority.pem"), "-m", str(PATIENCE_S),
                 "-o", "-", "-w", "\n%{http_code}"]
        if car is not None:
            words += ["--cert", os.path.join(self.keys, car + ".pem"), "--key", os.path.join(self.keys, car + ".key")]
        if data is not None:
            words += ["--data-binary", "@-"]
        done = subprocess.run(words + list(options) + [self.url + path], input=data, capture_output=True,
                              timeout=PATIENCE_S)
        body, _, status = done.stdout.rpartition(b"\n")
        return done.returncode, int(status or 0), body

    def ask(self, path, *options, car="car1", data=None, status=200):
        code, got, body = self.curl(path, *options, car=car, data=data)
        expect((code, got) == (0, status), "%s: curl %d, status %d: %s" % (path, code, got, body[:300]))
        return body

    def send(self, items, *options, car="car1"):
        """The results of a batch, as [(topic, id, state, result)…]."""
        lines = self.ask("/v1/batch", *options, car=car, data=b"".join(items)).splitlines()
        return [json.loads(line) for line in lines]

    def have(self, identities, car="car1"):
        data = "".join(json.dumps(dict(zip(("topic", "id", "state"), one))) + "\n" for one in identities)
        return [json.loads(line)["result"] for line in self.ask("/v1/have", car=car, data=data.encode()).splitlines()]


def record(topic, number, body=None, state=1, ident=None):
    ident = ident or str(uuid.UUID(int=number))
    return (json.dumps({"topic": topic, "id": ident, "state": state, "body": body or {}}) + "\n").encode()


def picture(number, data, offset=0, length=None, kind="patch"):
    part = data[offset:] if length is None else data[offset:offset + length]
    header = {"topic": "picture", "id": "%s/%s" % (uuid.UUID(int=number), kind), "state": 1,
              "sha256": hashlib.sha256(data).hexdigest(), "total": len(data), "offset": offset, "bytes": len(part)}
    return (json.dumps(header) + "\n").encode() + part


def results(answer):
    return [line["result"] for line in answer]
