#!/usr/bin/env python3
# test-station-tls.py: certificates that try to be another's, and versions that are too old
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import socket
import ssl
import subprocess
import sys
import warnings

from station import STATION, Station, need
from system import expect, main, wait_for


def openssl(*words):
    need("openssl")
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


def sign(station, name, subject, extensions="", authority="authority"):
    """A certificate with any subject and any extensions, by the station's authority or another."""
    def path(file):
        return os.path.join(station.keys, file)
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(name + ".key"),
            "-out", path(name + ".csr"), "-subj", subject, "-multivalue-rdn")
    with open(path(name + ".cnf"), "w", encoding="utf-8") as file:
        file.write(extensions or "basicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", path(name + ".csr"), "-CA", path(authority + ".pem"), "-CAkey",
            path(authority + ".key"), "-set_serial", "99", "-days", "3", "-extfile", path(name + ".cnf"),
            "-out", path(name + ".pem"))


def context(station, car="car1"):
    made = ssl.create_default_context(cafile=os.path.join(station.keys, "authority.pem"))
    if car is not None:
        made.load_cert_chain(os.path.join(station.keys, car + ".pem"), os.path.join(station.keys, car + ".key"))
    return made


def address(station):
    host, port = station.url.replace("https://", "").split(":")
    return host, int(port)


def test_names_that_are_two(folder):
    """Whose a certificate is must be clear: one common name, and only that."""
    with Station(folder) as station:
        station.car("victim")
        for name, subject in (
                ("two", "/CN=victim/CN=thief"), ("joined", "/CN=victim+CN=thief"),
                ("inside", "/O=x, CN=victim/CN=th ief"), ("none", "/O=victim"), ("empty", "/O=x/OU=victim"),
                ("zero", "/CN=victim "), ("slash", "/CN=a\\/CN=victim"), ("long", "/CN=" + "a" * 64 + "/O=x")):
            try:
                sign(station, name, subject)
            except subprocess.CalledProcessError:
                continue  # openssl itself does not make it
            code, status, body = station.curl("/v1/hello", car=name)
            if status == 200:
                expect(json.loads(body)["car"] not in ("victim", "thief"), "%s is taken for %s" % (subject, body))
            else:
                expect(status == 403, "%s: curl %d, status %d" % (subject, code, status))


def test_operators(folder):
    """The unit decides; a car cannot be an operator, nor an operator a car."""
    with Station(folder) as station:
        sign(station, "boss", "/CN=boss/OU=operator")
        station.ask("/", car="boss")
        station.ask("/v1/hello", car="boss", status=403)
        sign(station, "almost", "/CN=almost/OU=Operator")
        station.ask("/", car="almost", status=403)
        expect(json.loads(station.ask("/v1/hello", car="almost"))["car"] == "almost", "not a car")
        sign(station, "twice", "/CN=twice/OU=operator/OU=other")
        station.ask("/", car="twice", status=403)


def test_uses(folder):
    """A certificate that is for servers does not speak for a car; a car's does not sign others."""
    with Station(folder) as station:
        sign(station, "server", "/CN=server", "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
        for name in ("server", "station"):
            body = json.loads(station.ask("/v1/hello", car=name, status=403))
            expect("not for clients" in body["error"], str(body))
        sign(station, "child", "/CN=child", authority="car1")
        code, status, _ = station.curl("/v1/hello", car="child")
        expect(code != 0 and status == 0, "a car has signed a certificate: %d" % status)


def test_versions(folder):
    """TLS 1.3 and nothing else, whatever is offered."""
    with Station(folder) as station:
        warnings.simplefilter("ignore", DeprecationWarning)  # it is what we want to know
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2):
            old = context(station)
            try:
                old.minimum_version = ssl.TLSVersion.TLSv1
                old.maximum_version = version
            except ValueError:
                continue
            try:
                with socket.create_connection(address(station)) as plain:
                    with old.wrap_socket(plain, server_hostname=address(station)[0]) as secure:
                        raise AssertionError("the station speaks %s" % secure.version())
            except (ssl.SSLError, OSError):
                pass
        with socket.create_connection(address(station)) as plain:
            with context(station).wrap_socket(plain, server_hostname=address(station)[0]) as secure:
                expect(secure.version() == "TLSv1.3", secure.version())


def test_no_tls(folder):
    """Plain HTTP, and noise, get nothing; the next car is served."""
    with Station(folder) as station:
        for noise in (b"GET /v1/hello HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x00\xff" + b"x" * 300, b"\0" * 5000):
            with socket.create_connection(address(station)) as plain:
                plain.settimeout(60)
                plain.sendall(noise)
                try:
                    said = plain.recv(1000)
                except OSError:
                    said = b""
                expect(b"HTTP/1.1 2" not in said and b"protocol" not in said, "said in clear: %r" % said)
        idle = [socket.create_connection(address(station)) for _ in range(30)]
        station.ask("/v1/hello")
        for one in idle:
            one.close()


def test_expired_station(folder):
    """A car does not speak to a station whose own certificate is over."""
    station = Station(folder)
    subprocess.run([STATION, "certificates", station.keys, "car1", "--host", "127.0.0.1"], check=True,
                   capture_output=True)
    openssl("x509", "-req", "-in", make_request(station), "-CA", os.path.join(station.keys, "authority.pem"), "-CAkey",
            os.path.join(station.keys, "authority.key"), "-set_serial", "5", "-days", "-1", "-out",
            os.path.join(station.keys, "station.pem"))
    with station:
        code, status, _ = station.curl("/v1/hello")
        expect(code == 60 and status == 0, "curl %d, status %d" % (code, status))


def make_request(station):
    path = os.path.join(station.keys, "station.csr")
    openssl("req", "-new", "-key", os.path.join(station.keys, "station.key"), "-subj", "/CN=station", "-out", path)
    return path


def test_denied_and_admitted(folder):
    with Station(folder) as station:
        path = os.path.join(station.keys, "car1.pem")
        for words, status in ((["--reason", "lost"], 403), (["--admit"], 200)):
            subprocess.run([STATION, "deny", "--state", station.state, *words, path], check=True, capture_output=True)
            wait_for(lambda status=status: station.curl("/v1/hello")[1] == status, "status %d" % status)
        twice = subprocess.run([STATION, "deny", "--state", station.state, "--admit", path], capture_output=True,
                               text=True, check=False)
        expect(twice.returncode == 1 and "not denied" in twice.stderr, twice.stderr)


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
