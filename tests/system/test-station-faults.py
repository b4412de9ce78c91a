#!/usr/bin/env python3
# test-station-faults.py: lists from a station, and each of its faults as a client sees it
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid

from station import STATION, Station, record, results
from system import BOLOCTL, SOURCE, expect, main, wait_for


def boloctl(*words):
    done = subprocess.run([BOLOCTL, *words], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, "boloctl %s: %s" % (" ".join(words), done.stderr))
    return done.stdout


class Owner:
    """Whose lists they are: signs them as an operator would, by boloctl."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "lists")
        self.keys = os.path.join(folder, "owner")
        os.makedirs(self.folder)
        os.makedirs(self.keys)
        boloctl("hotlist", "keygen", "hq", "--out", self.keys)

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, text, number, *options):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        if os.path.exists(self.path(name + ".sig")):
            os.unlink(self.path(name + ".sig"))
        boloctl("hotlist", "sign", self.path(name), "--key", os.path.join(self.keys, "hq.key"), "--name", "stolen",
                "--kind", "stolen", "--number", str(number), "--revision", "r%d" % number, *options)


def manifest(station):
    """The manifest as it is signed; its signature is looked at by the car's tests."""
    envelope = json.loads(station.ask("/v1/lists"))
    expect(set(envelope) == {"signed", "key", "signature"} and len(envelope["signature"]) == 128, str(envelope))
    return json.loads(envelope["signed"])


def wait_for_serial(station, above):
    return wait_for(lambda: (lambda found: found if found["serial"] > above else None)(manifest(station)),
                    "a manifest after %d" % above)


def test_lists(folder):
    owner = Owner(folder)
    text = "vrm,reason\n" + "".join("AB%02dCDE,x\n" % (n % 100) for n in range(20000))
    owner.put("stolen.csv", text, 417)
    with Station(folder, "--lists", owner.folder) as station:
        first = manifest(station)
        offered = first["lists"][0]
        file = offered["files"][0]
        expect((offered["name"], offered["number"], file["base"]) == ("stolen", 417, 0), str(offered))
        expect(file["bytes"] == len(text), "another size")
        with open(owner.path("stolen.csv.sig"), encoding="utf-8") as handle:
            expect(file["signature"] == handle.read(), "another signature")
        whole = station.ask("/v1/files/" + file["file"])
        expect(hashlib.sha256(whole).hexdigest() == file["sha256"] and whole.decode() == text, "another file")
        ranges(station, file, whole)
        owner.put("stolen.csv", text + "XY99ZZZ,y\n", 418)
        second = wait_for_serial(station, first["serial"])
        expect(second["lists"][0]["number"] == 418, str(second["lists"]))
        # Who is in the middle of the old one may finish it.
        expect(station.ask("/v1/files/" + file["file"]) == whole, "the old file has changed")
        os.unlink(owner.path("stolen.csv"))
        os.unlink(owner.path("stolen.csv.sig"))
        third = wait_for_serial(station, second["serial"])
        expect(third["lists"] == [] and third["removed"] == ["stolen"], str(third))
        serial = third["serial"]
    with Station(folder, "--lists", owner.folder) as station:
        expect(manifest(station)["serial"] == serial + 1, "the serial does not go on after a restart")


def ranges(station, file, whole):
    """A download goes on where it broke off, if the file is still the same."""
    path = "/v1/files/" + file["file"]
    part = station.ask(path, "-H", "Range: bytes=1000-", status=206)
    expect(part == whole[1000:], "another rest")
    tag = '"%s"' % file["sha256"]
    part = station.ask(path, "-H", "Range: bytes=1000-1999", "-H", "If-Range: " + tag, status=206)
    expect(part == whole[1000:2000], "another part")
    again = station.ask(path, "-H", "Range: bytes=1000-", "-H", 'If-Range: "%s"' % ("0" * 64))
    expect(again == whole, "a part of another file")
    head = station.ask(path, "-i").split(b"\r\n\r\n")[0].decode()
    expect("etag: " + tag in head.lower(), "no ETag: " + head)


def test_configuration(folder):
    configuration = os.path.join(folder, "configuration")
    os.makedirs(configuration)
    with open(os.path.join(configuration, "alert.conf"), "w", encoding="utf-8") as file:
        file.write("[x]\n")
    with Station(folder, "--configuration", configuration) as station:
        pushed = manifest(station)["configuration"]
        body = station.ask("/v1/files/" + pushed["file"])
        expect(len(body) == pushed["bytes"] and hashlib.sha256(body).hexdigest() == pushed["sha256"], str(pushed))
        inner = json.loads(json.loads(body)["signed"])
        expect(inner == {"number": 1, "files": {"alert.conf": "[x]\n"}}, str(inner))


def faulty(folder, *faults):
    return Station(folder, *[word for fault in faults for word in ("--fault", fault)])


def identity(number):
    return ("hit", str(uuid.UUID(int=number)), 1)


def restart_honest(station):
    """The same records, no faults."""
    station.stop()
    station.options = ()
    station.start()


def test_error(folder):
    with faulty(folder, "error") as station:
        body = json.loads(station.ask("/v1/batch", data=record("hit", 1), status=500))
        expect(body["retry"] is True and body["after_s"] == 1, str(body))
        restart_honest(station)
        expect(station.have([identity(1)]) == ["unknown"], "an error kept something")


def test_error_at_a_rate(folder):
    with faulty(folder, "error:0.5") as station:
        statuses = {station.curl("/v1/hello")[1] for _ in range(24)}
        expect(statuses == {200, 500}, "always the same: %s" % statuses)


def test_cut(folder):
    with faulty(folder, "cut") as station:
        code, status, body = station.curl("/v1/batch", data=b"".join(record("hit", n) for n in range(50)))
        expect(code == 18 and status == 200 and body, "curl %d, status %d, %d bytes" % (code, status, len(body)))
        expect(not body.endswith(b'"}'), "nothing is missing")
        restart_honest(station)
        expect(station.have([identity(49)]) == ["known"], "what was answered was not kept")


def test_cut_file(folder):
    owner = Owner(folder)
    owner.put("stolen.csv", "vrm,reason\n" + "AB12CDE,x\n" * 10000, 1)
    station = Station(folder, "--lists", owner.folder)
    with station:
        file = manifest(station)["lists"][0]["files"][0]["file"]
        whole = station.ask("/v1/files/" + file)
        station.stop()
        station.start("--fault", "cut")
        code, _, body = station.curl("/v1/files/" + file)
        expect(code == 18 and whole.startswith(body) and 0 < len(body) < len(whole), "not cut in its middle")


def test_drip(folder):
    with faulty(folder, "drip") as station:
        code, status, body = station.curl("/v1/hello", "--limit-rate", "1M", "-w", "\n%{time_total}\n%{http_code}")
        expect(code == 0 and status == 200, "curl %d, status %d" % (code, status))
        lines = body.split(b"\n")
        expect(json.loads(lines[0])["protocol"] == 1, "another answer")
        # Twenty drips or so, one every 50 ms: this is the fault itself, not a measure of speed.
        expect(float(lines[1]) > 0.3, "it came at once")


def test_lost(folder):
    with faulty(folder, "lost") as station:
        code, status, body = station.curl("/v1/batch", data=record("hit", 1))
        expect(code != 0 and status == 0 and not body, "an answer came: %d %s" % (status, body))
        restart_honest(station)
        expect(station.have([identity(1)]) == ["known"], "not kept")
        expect(results(station.send([record("hit", 1)])) == ["known"], "sent again, kept twice")


def test_double(folder):
    with faulty(folder, "double") as station:
        got = station.send([record("hit", 1), record("hit", 2)])
        expect([line["id"] for line in got] == [identity(n)[1] for n in (1, 1, 2, 2)], str(got))
        expect(results(got) == ["stored"] * 4, str(got))


def test_signature(folder):
    with faulty(folder, "signature") as station:
        spoilt = json.loads(station.ask("/v1/lists"))
        session = str(uuid.uuid4())
        station.send([record("hit", 1)], "-H", "Bolo-Session: " + session)
        digest = hashlib.sha256(("hit %s 1\n" % identity(1)[1]).encode()).hexdigest()
        wanted = json.dumps({"session": session, "items": 1, "sha256": digest}).encode()
        receipt = json.loads(station.ask("/v1/receipt", data=wanted))
    with open(os.path.join(station.state, "manifest.json"), encoding="utf-8") as file:
        kept = json.load(file)
    expect(spoilt["signed"] == kept["signed"] and spoilt["signature"] != kept["signature"], "the signature holds")
    expect(json.loads(receipt["signed"])["counts"] == {"hit": 1}, str(receipt))


def test_replay(folder):
    with Station(folder) as station:
        first = manifest(station)["serial"]
    with faulty(folder, "replay") as station:
        expect(manifest(station)["serial"] == first, "not the one before")


def test_clock(folder):
    with faulty(folder, "clock") as station:
        said = json.loads(station.ask("/v1/hello"))["time"]
        now = subprocess.run(["date", "-u", "+%s"], capture_output=True, text=True, check=True).stdout
        then = subprocess.run(["date", "-u", "-d", said, "+%s"], capture_output=True, text=True, check=True).stdout
        expect(300 < int(then) - int(now) < 900, "%s is not ten minutes off" % said)


def test_full(folder):
    with faulty(folder, "full") as station:
        got = station.send([record("hit", 1), record("hit", 2)])
        expect(results(got) == ["again"] * 2 and "full" in got[0]["reason"], str(got))
        restart_honest(station)
        expect(station.have([identity(1), identity(2)]) == ["unknown"] * 2, "kept on a full disk")
        expect(results(station.send([record("hit", 1)])) == ["stored"], "not stored afterwards")


def test_faults_are_documented(folder):
    """The manual page names each, and a wrong one is refused with all of them."""
    done = subprocess.run([STATION, "serve", "--state", os.path.join(folder, "s"), "--development", "--fault", "x"],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 1 and len(done.stderr.strip().splitlines()) == 1, done.stderr)
    kinds = re.search(r"there are (.*), each", done.stderr).group(1).split(", ")
    with open(os.path.join(SOURCE, "data", "man", "bolo-station.1"), encoding="utf-8") as file:
        named = re.findall(r"^\\fB(\w+)\\fP\|", file.read(), re.MULTILINE)
    expect(sorted(kinds) == sorted(named), "%s, but the page has %s" % (kinds, named))
    tested = {name[5:] for name in globals() if name.startswith("test_")}
    expect(set(kinds) <= tested, "no test of %s" % (set(kinds) - tested))


def test_usage(folder):
    """One sentence each, and the right exit status."""
    state = os.path.join(folder, "s")
    with open(os.path.join(folder, "file"), "w", encoding="utf-8"):
        pass
    for words, code in (
            (["serve"], 2), (["serve", "--state", state, "more"], 2), (["serve", "--nonsense"], 2),
            (["serve", "--state", state, "--port", "99999", "--development"], 2),
            (["serve", "--state", state], 1), (["serve", "--state", os.path.join(folder, "file", "x")], 1),
            (["serve", "--state", state, "--development", "--address", "nowhere"], 1),
            (["certificates"], 2), (["certificates", state, "--days", "0"], 2), (["certificates", state, "a b"], 1),
            (["deny", "--state", state], 2), (["deny", "--state", state, "--reason", "x", "/nowhere.pem"], 1),
            (["sevre"], 2)):
        done = subprocess.run([STATION, *words], capture_output=True, text=True, check=False)
        expect(done.returncode == code, "%s: %d: %s" % (words, done.returncode, done.stderr))
        expect(len(done.stderr.strip().splitlines()) == 1, "%s: not one sentence: %s" % (words, done.stderr))
    with Station(folder) as station:
        second = subprocess.run([STATION, "serve", "--state", station.state, "--port", "0", "--development"],
                                capture_output=True, text=True, check=False)
        expect(second.returncode == 1 and "another" in second.stderr, "two in one folder: " + second.stderr)


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
