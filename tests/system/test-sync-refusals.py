# test-sync-refusals.py: whom the car does not talk to: one sentence each, and not a byte of a record
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stations that are not what they should be, over real TLS. Certificates are made by openssl."""
import datetime
import json
import os
import socket
import ssl
import subprocess
import sys
import threading

from system import BUILD, Skip, events, expect, main, run

FILL = sys.argv[1]


def openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    expect(done.returncode == 0, "openssl %s: %s" % (arguments, done.stderr))


def make_authority(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=%s" % name, "-keyout", name + ".key", "-out", name + ".pem",
            "-addext", "basicConstraints=critical,CA:TRUE")


def make_certificate(folder, name, authority, days=30, host="localhost", start=None):
    """NAME.pem and NAME.key, signed by @authority (None: by itself)."""
    with open(os.path.join(folder, name + ".ext"), "w", encoding="utf-8") as file:
        file.write("subjectAltName=DNS:%s\n" % host)
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=%s" % name, "-keyout", name + ".key", "-out", name + ".csr")
    signer = ["-signkey", name + ".key"]
    if authority is not None:
        signer = ["-CA", authority + ".pem", "-CAkey", authority + ".key", "-CAcreateserial"]
    command = ["x509", "-req", "-in", name + ".csr", *signer, "-extfile", name + ".ext", "-out", name + ".pem"]
    if start is None:
        openssl(folder, *command, "-days", str(days))
        return
    # x509 cannot set a past end; ca can.
    with open(os.path.join(folder, "ca.conf"), "w", encoding="utf-8") as file:
        file.write("[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n"
                   "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")
    open(os.path.join(folder, "index"), "w").close()
    with open(os.path.join(folder, "serial"), "w", encoding="utf-8") as file:
        file.write("1001\n")
    openssl(folder, "ca", "-batch", "-config", "ca.conf", "-in", name + ".csr", "-cert", authority + ".pem",
            "-keyfile", authority + ".key", "-startdate", start[0], "-enddate", start[1], "-extfile", name + ".ext",
            "-out", name + ".pem", "-notext")


class Station(threading.Thread):
    """Says hello as it is told, counts requests and bytes after the handshake."""

    def __init__(self, folder, name, version=ssl.TLSVersion.TLSv1_3, off_s=0, answer=None, authority="authority"):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key"))
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.maximum_version = version
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.load_verify_locations(os.path.join(folder, authority + ".pem"))
        self.off_s = off_s
        self.answer = answer
        self.paths = []
        self.n_bytes = 0
        self.n_connections = 0
        self.socket = socket.create_server(("localhost", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            self.n_connections += 1
            try:
                with self.context.wrap_socket(plain, server_side=True) as stream:
                    self.serve(stream)
            except OSError:
                pass

    def serve(self, stream):
        data = b""
        while True:
            chunk = stream.recv(65536)
            if not chunk:
                return
            data += chunk
            self.n_bytes += len(chunk)
            while b"\r\n\r\n" in data:
                head, data = data.split(b"\r\n\r\n", 1)
                self.paths.append(head.split(b" ")[1].decode())
                stream.sendall(self.make_answer())

    def make_answer(self):
        if self.answer is not None:
            return self.answer
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.off_s)
        body = json.dumps({"protocol": 1, "station": "Test", "car": "car", "batch_bytes": 1 << 20,
                           "item_bytes": 1 << 18, "time": now.strftime("%Y-%m-%dT%H:%M:%S.000Z")}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    def close(self):
        self.socket.close()


def make_car(folder, port, certificate="car"):
    state = os.path.join(folder, "state")
    os.makedirs(state, exist_ok=True)
    with open(os.path.join(state, "sync.conf"), "w", encoding="utf-8") as file:
        file.write("[remote hq]\nurl = https://localhost:%d\nauthority = %s\ncertificate = %s\nkey = %s\n" % (
            port, *(os.path.join(folder, name) for name in
                    ("authority.pem", certificate + ".pem", certificate + ".key"))))
    if not os.path.exists(os.path.join(state, "journal.db")):
        done = subprocess.run([FILL, state, "3", "1", "2000"], capture_output=True, text=True)
        expect(done.returncode == 0, done.stderr)
    return state


def prepare(folder):
    make_authority(folder, "authority")
    make_certificate(folder, "car", "authority", host="car")


def refuse(folder, station, word, certificate="car", code=1):
    """The car says one sentence with @word, and no record has left it."""
    state = make_car(folder, station.port, certificate)
    got, out, err = run(["sync", "--wait", "--state", state], timeout=60)
    sentences = [line for line in err.splitlines() if line.startswith("boloctl sync:")]
    expect(got == code, "exit %d: %s%s" % (got, out, err))
    expect(len(sentences) == 1 and word in sentences[0], "%r is not in %r" % (word, err))
    # In the log too, whoever runs it.
    expect([line for line in err.splitlines() if "Message: " in line and word in line] or code == 0, err)
    expect("/v1/batch" not in " ".join(station.paths), "a batch was sent: %s" % station.paths)
    got, out, err = run(["sync", "--json", "--wait", "--state", state], timeout=60)
    end = events(out)[-1]
    expect(sum(end["unsent"].values()) == 4 + 1 + 8, "something has left the outbox: %s" % end)
    expect(word in end["failure"] and end["remedy"], "the screen is told nothing: %s" % end)
    expect(station.n_connections <= 4, "%d connections for two tries" % station.n_connections)
    station.close()


def test_expired(folder):
    prepare(folder)
    make_certificate(folder, "old", "authority", start=("20200101000000Z", "20210101000000Z"))
    station = Station(folder, "old")
    refuse(folder, station, "has expired")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_not_valid_yet(folder):
    prepare(folder)
    make_certificate(folder, "new", "authority", start=("20900101000000Z", "20910101000000Z"))
    station = Station(folder, "new")
    refuse(folder, station, "not valid yet")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_self_signed(folder):
    prepare(folder)
    make_certificate(folder, "alone", None)
    station = Station(folder, "alone")
    refuse(folder, station, "signed by itself")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_other_authority(folder):
    prepare(folder)
    make_authority(folder, "others")
    make_certificate(folder, "forged", "others")
    station = Station(folder, "forged")
    refuse(folder, station, "of another authority")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_other_address(folder):
    prepare(folder)
    make_certificate(folder, "elsewhere", "authority", host="elsewhere.example")
    station = Station(folder, "elsewhere")
    refuse(folder, station, "for another address")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_older_tls(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    station = Station(folder, "station", version=ssl.TLSVersion.TLSv1_2)
    refuse(folder, station, "older TLS than 1.3")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_denied(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    station = Station(folder, "station")
    state = make_car(folder, station.port)
    with open(os.path.join(folder, "station.pem"), encoding="utf-8") as file:
        der = ssl.PEM_cert_to_DER_cert(file.read())
    import hashlib
    os.makedirs(os.path.join(state, "sync", "hq"))
    with open(os.path.join(state, "sync", "hq", "denied"), "w", encoding="utf-8") as file:
        file.write("0" * 64 + "\n" + hashlib.sha256(der).hexdigest())
    refuse(folder, station, "was withdrawn")
    expect(station.n_bytes == 0, "%d bytes were sent" % station.n_bytes)


def test_own_expired(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    make_certificate(folder, "late", "authority", start=("20200101000000Z", "20210101000000Z"))
    station = Station(folder, "station")
    refuse(folder, station, "has expired on 2021-01-01", certificate="late")
    expect(station.n_connections == 0, "the station was called")


def test_own_of_another_authority(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    make_authority(folder, "others")
    make_certificate(folder, "stranger", "others", host="car")
    station = Station(folder, "station")
    state = make_car(folder, station.port, "stranger")
    got, out, err = run(["sync", "--state", state], timeout=60)
    expect(got == 1 and "boloctl sync: " in err, "%d %s" % (got, err))
    expect(not any("batch" in path for path in station.paths), str(station.paths))


def test_clock(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    station = Station(folder, "station", off_s=3600)
    refuse(folder, station, "clock is 60 minutes behind")
    expect(set(station.paths) == {"/v1/hello"}, str(station.paths))
    station = Station(folder, "station", off_s=-3600)
    refuse(folder, station, "clock is 60 minutes ahead")


def test_403(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    body = b'{"error":"this car is not known here","retry":false}'
    station = Station(folder, "station", answer=b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body), body))
    refuse(folder, station, "this car is not known here")


def test_newer_protocol(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    body = b'{"protocol":2,"station":"x","time":"2026-03-14T17:40:23.933Z"}'
    station = Station(folder, "station", answer=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    refuse(folder, station, "version 2 of the protocol")


def test_nonsense(folder):
    prepare(folder)
    make_certificate(folder, "station", "authority")
    for body in (b"<html>Please sign on</html>", b"[" * 5000, b"{\"protocol\":1}", b"\xff\xfe"):
        station = Station(folder, "station", answer=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (
            len(body), body))
        refuse(folder, station, "greeting")


def test_captive_portal(folder):
    """What answers speaks no TLS at all: it is tried again, not refused."""
    prepare(folder)
    make_certificate(folder, "station", "authority")
    portal = socket.create_server(("localhost", 0))

    def answer():
        while True:
            try:
                stream, _ = portal.accept()
            except OSError:
                return
            stream.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n")
            stream.close()
    threading.Thread(target=answer, daemon=True).start()
    state = make_car(folder, portal.getsockname()[1])
    got, out, err = run(["sync", "--json", "--state", state], timeout=60)
    expect(got == 1 and events(out)[-1]["failure"], "%d %s" % (got, err))
    portal.close()


def test_nobody_there(folder):
    prepare(folder)
    unused = socket.create_server(("localhost", 0))
    port = unused.getsockname()[1]
    unused.close()
    state = make_car(folder, port)
    got, out, err = run(["sync", "--state", state], timeout=60)
    expect(got == 1 and "cannot be reached" in err, "%d %s" % (got, err))
    expect("not sent" in out, out)


if not os.path.exists(FILL):
    raise Skip("%s is not built in %s" % (FILL, BUILD))
main([test_expired, test_not_valid_yet, test_self_signed, test_other_authority, test_other_address, test_older_tls,
      test_denied, test_own_expired, test_own_of_another_authority, test_clock, test_403, test_newer_protocol,
      test_nonsense, test_captive_portal, test_nobody_there])
