#!/usr/bin/env python3
# test-station.py: the station as a whole, over real TLS, asked by curl
# SPDX-License-Identifier: GPL-3.0-or-later
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import uuid

from station import STATION, Station, need, picture, record, results
from system import SOURCE, Skip, expect, main, wait_for

SESSION = "c0ffee00-0000-4000-8000-000000000001"


def openssl(*words):
    need("openssl")
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def certificate(station, name, *options, authority="authority", days="20"):
    """A car's certificate by hand: NAME.pem and NAME.key in the station's folder."""
    def path(file):
        return os.path.join(station.keys, file)
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(name + ".key"),
            "-out", path(name + ".csr"), "-subj", "/CN=" + name)
    if authority is None:
        openssl("x509", "-req", "-in", path(name + ".csr"), "-signkey", path(name + ".key"), "-days", days,
                "-out", path(name + ".pem"))
    else:
        openssl("x509", "-req", "-in", path(name + ".csr"), "-CA", path(authority + ".pem"),
                "-CAkey", path(authority + ".key"), "-set_serial", "7", "-days", days, *options,
                "-out", path(name + ".pem"))


def refused_by_tls(station, *options, car="car1"):
    code, status, body = station.curl("/v1/batch", *options, car=car, data=record("hit", 1))
    expect(code != 0 and status == 0 and not body, "not refused: curl %d, status %d, %s" % (code, status, body))


def nothing_kept(station):
    expect(station.have([("hit", str(uuid.UUID(int=1)), 1)]) == ["unknown"], "a refused record was kept")


def test_who_may_speak(folder):
    with Station(folder) as station:
        hello = json.loads(station.ask("/v1/hello"))
        expect(hello["car"] == "car1" and hello["protocol"] == 1, str(hello))
        refused_by_tls(station, car=None)
        refused_by_tls(station, "--tls-max", "1.2")
        certificate(station, "expired", days="-1")
        refused_by_tls(station, car="expired")
        certificate(station, "selfmade", authority=None)
        refused_by_tls(station, car="selfmade")
        os.makedirs(os.path.join(folder, "other"))
        subprocess.run([STATION, "certificates", os.path.join(folder, "other"), "thief"], check=True,
                       capture_output=True)
        for name in ("thief.pem", "thief.key"):
            os.rename(os.path.join(folder, "other", name), os.path.join(station.keys, name))
        refused_by_tls(station, car="thief")
        # An operator is let in, but is no car; a car does not see the operator's page.
        station.ask("/v1/hello", car="operator", status=403)
        station.ask("/", status=403)
        station.ask("/", car="operator")
        nothing_kept(station)
        for word in ("expired", "not by this station's authority"):
            expect(word in station.log(), "the log does not say: " + word)
    with Station(folder) as station:  # a car that trusts another authority does not send either
        code, status, _ = station.curl("/v1/hello", "--cacert", os.path.join(folder, "other", "authority.pem"))
        expect(code != 0 and status == 0, "curl spoke to a station of another authority")


def test_names_of_cars(folder):
    with Station(folder) as station:
        certificate(station, "good-Car_7")
        expect(json.loads(station.ask("/v1/hello", car="good-Car_7"))["car"] == "good-Car_7", "another car")
        certificate(station, "bad car;")
        station.ask("/v1/hello", car="bad car;", status=403)


def test_denied(folder):
    with Station(folder) as station:
        station.car("lost")
        station.ask("/v1/hello", car="lost")
        denied = subprocess.run([STATION, "deny", "--state", station.state, "--reason", "stolen",
                                 os.path.join(station.keys, "lost.pem")], check=True, capture_output=True, text=True)
        digest = denied.stdout.split()[1]
        wait_for(lambda: station.curl("/v1/hello", car="lost")[1] == 403, "the deny list to be heeded")
        body = json.loads(station.ask("/v1/batch", car="lost", data=record("hit", 1), status=403))
        expect("denied" in body["error"] and body["retry"] is False, str(body))
        nothing_kept(station)
        expect(digest in json.loads(json.loads(station.ask("/v1/lists"))["signed"])["denied"], "cars are not told")
        station.ask("/v1/hello")
    path = os.path.join(station.state, "denied.json")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(digest[:8], "00000000"))
    done = subprocess.run([STATION, "serve", "--state", station.state, "--port", "0", "--development"],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 1 and "not signed" in done.stderr, "a forged deny list: " + done.stderr)


def test_refusals_at_once(folder):
    """A denied car's long body is not waited for: the answer says that the connection ends."""
    with Station(folder) as station:
        head = station.ask("/v1/batch", "-i", car="operator", data=b"x" * 5000000, status=403)
        expect(b"connection: close" in head.lower(), "the connection goes on: %s" % head[:300])


def test_requests_that_are_wrong(folder):
    with Station(folder) as station:
        good = record("hit", 1)
        for path, data, status in (
                ("/v1/nonsense", None, 404), ("/v1/hello", b"x", 405), ("/v2/hello", None, 404),
                ("/v1/batch", b"no json\n", 400), ("/v1/batch", good[:-5], 400),
                ("/v1/batch", b"x" * 70000, 400), ("/v1/batch", record("hit", 1) * 60000, 413),
                ("/v1/have", b"nonsense\n", 400), ("/v1/have", b" " * (3 << 20), 413),
                ("/v1/receipt", b"{}", 400), ("/v1/shared?after=x", None, 400),
                ("/v1/files/nothing", None, 404), ("/v1/files/../station.db", None, 404)):
            body = json.loads(station.ask(path, "--path-as-is", data=data, status=status))
            expect(body["retry"] is False and body["error"], "%s: %s" % (path, body))
        station.ask("/v1/batch", "-H", "Content-Encoding: br", data=good, status=415)
        station.ask("/v1/batch", "-H", "Content-Encoding: gzip", data=good, status=400)
        station.ask("/v1/batch", "-H", "Bolo-Session: me", data=good, status=400)
        bomb = gzip.compress(b"{" + b" " * (64 << 20))
        station.ask("/v1/batch", "-H", "Content-Encoding: gzip", data=bomb, status=400)


def test_batches(folder):
    data = bytes(random.Random(7).randrange(256) for _ in range(300000))
    with Station(folder) as station:
        items = [record("sighting", n, {"n": n}) for n in range(1000)]
        got = station.send(items + [b'{"topic":"x","id":"1"}\n'], "-H", "Bolo-Session: " + SESSION)
        expect(results(got) == ["stored"] * 1000 + ["rejected"], "not in order, or not stored")
        expect([line["id"] for line in got[:1000]] == [str(uuid.UUID(int=n)) for n in range(1000)], "another order")
        zipped = gzip.compress(b"".join(items[:500]))
        again = station.ask("/v1/batch", "-H", "Content-Encoding: gzip", data=zipped)
        expect([json.loads(line)["result"] for line in again.splitlines()] == ["known"] * 500, "not known")
        # A picture larger than an item may be, in parts, over a restart.
        expect(results(station.send([picture(1, data, 0, 200000)])) == ["partial"], "not partial")
        station.kill()
        station.start()
        part = station.send([picture(1, data, 0, 10)])[0]
        expect((part["result"], part["offset"]) == ("partial", 200000), str(part))
        expect(results(station.send([picture(1, data, 200000)], "-H", "Bolo-Session: " + SESSION)) == ["stored"], "")
        expect(station.have([("picture", str(uuid.UUID(int=1)) + "/patch", 1), ("sighting", str(uuid.UUID(int=1)), 2)])
               == ["known", "unknown"], "have")
        # A body that breaks off: its whole items are kept, and of the picture what came.
        broken = record("hit", 5) + picture(2, data[:1000])[:-400]
        station.ask("/v1/batch", data=broken, status=400)
        wait_for(lambda: station.have([("hit", str(uuid.UUID(int=5)), 1),
                                       ("picture", str(uuid.UUID(int=2)) + "/patch", 1)]) == ["known", "partial"],
                 "what came before the end")
        receipt(station)


def receipt(station):
    lines = sorted(["sighting %s 1\n" % uuid.UUID(int=n) for n in range(1000)] +
                   ["picture %s/patch 1\n" % uuid.UUID(int=1)])
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    wanted = {"session": SESSION, "items": 1001, "sha256": digest}
    said = json.loads(json.loads(station.ask("/v1/receipt", data=json.dumps(wanted).encode()))["signed"])
    expect(said["counts"] == {"sighting": 1000, "picture": 1} and said["sha256"] == digest and
           said["car"] == "car1" and said["session"] == SESSION, str(said))
    wanted["items"] = 1002
    body = json.loads(station.ask("/v1/receipt", data=json.dumps(wanted).encode(), status=409))
    expect("1001" in body["error"] and "1002" in body["error"], str(body))


def test_cut_connections(folder):
    """The car dies in mid-body: what had come whole is kept."""
    with Station(folder) as station:
        words = ["curl", "-sS", "--cacert", os.path.join(station.keys, "authority.pem"),
                 "--cert", os.path.join(station.keys, "car1.pem"), "--key", os.path.join(station.keys, "car1.key"),
                 "-T", "-", "-X", "POST", station.url + "/v1/batch"]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.stdin.write(b"".join(record("hit", n) for n in range(300)) + record("hit", 300)[:20])
        process.stdin.flush()
        wait_for(lambda: station.have([("hit", str(uuid.UUID(int=200)), 1)]) == ["known"], "the first handful")
        process.kill()
        process.wait()
        process.stdin.close()
        wait_for(lambda: station.have([("hit", str(uuid.UUID(int=299)), 1)]) == ["known"], "the rest")
        expect(station.have([("hit", str(uuid.UUID(int=300)), 1)]) == ["unknown"], "half an item was kept")


def send_until_killed(station, car, told, stop):
    """Sends small batches of growing numbers; notes what was acknowledged."""
    number = 0
    while not stop.is_set():
        items = [record("sighting", number + n, {"car": car}) for n in range(20)] + [
            picture(number, ("%s %d" % (car, number)).encode() * 50)]
        code, status, body = station.curl("/v1/batch", car=car, data=b"".join(items))
        number += 20
        if code != 0 or status != 200:
            time.sleep(0.02)
            continue
        for line in body.splitlines():
            item = json.loads(line)
            if item["result"] in ("stored", "known"):
                told.append((item["topic"], item["id"], 1))


def test_kill(folder, rounds=3):
    """kill -9 while cars send: everything that was called stored is there."""
    chance = random.Random(20260314)
    station = Station(folder)
    station.car("car1", "car2", "car3")
    told = {car: [] for car in ("car1", "car2", "car3")}
    for _ in range(rounds):
        station.start()
        stop = threading.Event()
        before = sum(map(len, told.values()))
        threads = [threading.Thread(target=send_until_killed, args=(station, car, told[car], stop)) for car in told]
        for thread in threads:
            thread.start()
        wait_for(lambda: sum(map(len, told.values())) > before + 100, "some batches")
        time.sleep(chance.random() / 4)  # an instant that nobody has chosen
        station.kill()
        stop.set()
        for thread in threads:
            thread.join()
    with station:
        for car, items in told.items():
            for at in range(0, len(items), 5000):
                answers = station.have(items[at:at + 5000], car=car)
                expect(answers == ["known"] * len(answers), "%s: what was called stored is lost" % car)
    expect(sum(map(len, told.values())) > 300, "nothing was sent")


def greet(station, context, number, said):
    """One car's connection: hello, then a batch, by Python's TLS."""
    host, port = station.url.replace("https://", "").split(":")
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=120)
    connection.request("GET", "/v1/hello")
    connection.getresponse().read()
    connection.request("POST", "/v1/batch", b"".join(record("sighting", number * 50 + n) for n in range(50)))
    said[number] = results([json.loads(line) for line in connection.getresponse().read().splitlines()])
    connection.close()


def test_200_cars(folder):
    """All call in the same instant, as after a cut of the link."""
    with Station(folder) as station:
        cars = ["many%d" % n for n in range(20)]
        station.car(*cars)
        contexts = []
        for car in cars:
            contexts.append(ssl.create_default_context(cafile=os.path.join(station.keys, "authority.pem")))
            contexts[-1].load_cert_chain(os.path.join(station.keys, car + ".pem"),
                                         os.path.join(station.keys, car + ".key"))
        said = {}
        threads = [threading.Thread(target=greet, args=(station, contexts[n % len(contexts)], n, said))
                   for n in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect(len(said) == 200, "%d of 200 cars were answered" % len(said))
        expect(all(answer == ["stored"] * 50 for answer in said.values()), "not all was stored")


def open_sockets(station):
    """How many sockets the station has open; one that it closes while they are counted is none."""
    folder = "/proc/%d/fd" % station.process.pid
    count = 0
    for name in os.listdir(folder):
        try:
            count += os.readlink(os.path.join(folder, name)).startswith("socket:")
        except FileNotFoundError:
            pass
    return count


def test_callers_that_hang_up(folder):
    """A connection that its caller has ended is counted no more, and its socket is closed."""
    with Station(folder) as station:
        for _ in range(3):
            for _ in range(30):
                station.ask("/v1/hello")
            wait_for(lambda: open_sockets(station) < 10, "the sockets to be closed", 10)


def test_silent_callers(folder):
    """Hundreds who connect and say nothing, or begin a handshake and stop: cars are served among them, and they go."""
    with Station(folder) as station:
        host, port = station.url.replace("https://", "").split(":")
        silent = []
        for number in range(600):
            caller = socket.create_connection((host, int(port)))
            if number % 2:
                caller.sendall(b"\x16\x03\x01\x02\x00")
            silent.append(caller)
        for _ in range(5):
            expect(json.loads(station.ask("/v1/hello"))["car"] == "car1", "no car is let in")
        expect(results(station.send([record("sighting", 1)])) == ["stored"], "a car's batch")

        def is_gone(caller):
            caller.setblocking(False)
            try:
                return caller.recv(1) == b""
            except BlockingIOError:
                return False
            except OSError:
                return True
        wait_for(lambda: all(is_gone(caller) for caller in silent), "the silent ones are let go", 60)
        for caller in silent:
            caller.close()


def test_retention(folder):
    """What is older than the months that are kept goes, also from a file of the version before; audit records stay."""
    with Station(folder) as station:
        if station.database:
            raise Skip("the dates are set back in the file of SQLite")
        station.send([record("sighting", 1), record("hit", 2), picture(3, b"a picture"),
                      record("audit", 0, ident="17"), record("sighting", 4)])
    path = os.path.join(station.state, "station.db")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE item SET received_us = received_us - 400 * 86400 * 1000000 WHERE id NOT LIKE ?",
                       (str(uuid.UUID(int=4)),))
    connection.execute("UPDATE hit SET received_us = received_us - 400 * 86400 * 1000000")
    connection.executescript("DROP TABLE purge; DROP INDEX item_received; DROP TABLE pack; "
                             "ALTER TABLE item DROP COLUMN pack; ALTER TABLE item DROP COLUMN start; "
                             "ALTER TABLE item DROP COLUMN length; PRAGMA user_version = 1;")
    connection.commit()
    connection.close()

    def left():
        connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        try:
            return [row[0] for row in connection.execute("SELECT topic FROM item ORDER BY topic")]
        except sqlite3.Error:
            return None
        finally:
            connection.close()
    with Station(folder, "--keep-months", "0") as station:
        station.ask("/v1/hello")
        expect(left() == [1, 2, 2, 8, 10], "something went although everything is kept: %s" % left())
    with Station(folder) as station:
        wait_for(lambda: left() == [2, 8], "the purge", 60)
        expect(json.loads(station.ask("/v1/shared", car="car1"))["hits"] == [], "a hit is still told")
    connection = sqlite3.connect(path)
    expect(connection.execute("SELECT sum(items) FROM purge").fetchone()[0] == 3, "the purge is not on record")
    expect(connection.execute("SELECT count(*) FROM hit").fetchone()[0] == 0, "the hit is still in its table")
    connection.close()
    expect("Purged 3 items older than 12 months" in station.log(), station.log())
    code = subprocess.run([STATION, "serve", "--state", folder, "--keep-months", "-1"], check=False,
                          capture_output=True).returncode
    expect(code == 2, "a negative number of months was taken")


def test_web_page(folder):
    with Station(folder, "--name", "North & <shire>") as station:
        body = {"text": "<B>AD</B>", "category": "a&b", "time": "2026-03-14T17:40:23.933Z", "covert": False}
        station.send([record("hit", 1, body)], "-H", "Bolo-Backlog: 4711 2026-03-14T17:40:23.933Z",
                     "-H", "Bolo-Lists: <i>stolen</i>=1")
        def shown():
            text = subprocess.run(["curl", "-sS", "-i", station.page], capture_output=True, text=True).stdout
            return text if "4711" in text else None
        page = wait_for(shown, "the car on the page")
        for word in ("North &amp; &lt;shire&gt;", "&lt;B&gt;AD&lt;/B&gt;", "a&amp;b", "car1", "2026-03-14T17:40:23Z"):
            expect(word in page, "the page lacks " + word)
        for word in ("<B>AD", "<i>stolen", "<script"):
            expect(word not in page, "the page holds " + word)
        expect("default-src 'none'" in page, "no content security policy")
        # In clear it is the page alone.
        for path in ("/v1/hello", "/v1/lists"):
            said = subprocess.run(["curl", "-sS", "-w", "%{http_code}", station.page + path], capture_output=True,
                                  text=True).stdout
            expect(said.endswith("403"), "%s in clear: %s" % (path, said))


def test_shared(folder):
    def hit(mark, covert=False):
        return {"text": mark, "category": "stolen", "time": "2026-03-14T17:40:23.933Z", "covert": covert,
                "match": {"kind": "exact"}, "position": {"lat": 51.5, "lon": -0.1}}
    with Station(folder) as station:
        station.car("car2")
        station.send([record("hit", 1, hit("AB12CDE")), record("hit", 2, hit("SECRET1", True))])
        first = json.loads(station.ask("/v1/shared", car="car2"))
        expect([one["mark"] for one in first["hits"]] == ["AB12CDE"], str(first))
        one = first["hits"][0]
        expect(one["car"] == "car1" and one["verification"] == "unconfirmed" and one["lat"] == 51.5, str(one))
        expect(json.loads(station.ask("/v1/shared"))["hits"] == [], "a car's own hits come back")
        after = "/v1/shared?after=%d" % first["next"]
        expect(json.loads(station.ask(after, car="car2"))["hits"] == [], "twice")
        station.send([record("disposition", 9, {"hit": str(uuid.UUID(int=1)), "kind": 3})])
        again = json.loads(station.ask(after, car="car2"))
        expect([one["verification"] for one in again["hits"]] == ["confirmed"], str(again))


def test_tables_are_documented(folder):
    """docs/file-formats.md names every table and column of station.db."""
    if "BOLO_TEST_POSTGRES" in os.environ:
        raise Skip("this is about the SQLite file")
    with Station(folder) as station:
        station.send([record("hit", 1)])
    with open(os.path.join(SOURCE, "docs", "file-formats.md"), encoding="utf-8") as file:
        text = re.search(r"^## station\.db, version (\d+)\n(.*?)^## ", file.read(), re.MULTILINE | re.DOTALL)
    connection = sqlite3.connect(os.path.join(station.state, "station.db"))
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    expect(str(version) == text.group(1), "the file is version %d, documented is %s" % (version, text.group(1)))
    tables = [name for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    expect(len(tables) == 8, str(tables))
    for table in tables:
        section = re.search(r"^### `%s`\n(.*?)(?=^###|\Z)" % table, text.group(2), re.MULTILINE | re.DOTALL)
        expect(section, "table %s is not in docs/file-formats.md" % table)
        for column in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)):
            expect("`%s`" % column in section.group(1), "column %s.%s is not documented" % (table, column[0]))
    connection.close()


def modes(folder):
    return {oct(os.stat(os.path.join(root, name)).st_mode & 0o077) for root, _, names in os.walk(folder)
            for name in names if not name.endswith(".pub")}


def test_only_its_own_account_can_read(folder):
    old = os.umask(0o022)
    try:
        with Station(folder) as station:
            station.send([record("hit", 1)])
            expect(modes(station.state) == {"0o0"}, "others can read: %s" % modes(station.state))
            expect(os.stat(station.state).st_mode & 0o077 == 0, "others can look into the folder")
    finally:
        os.umask(old)


def test_database_server_goes(folder):
    """While PostgreSQL is away nothing is lost and nothing is called stored; when it is back all goes on."""
    if "BOLO_TEST_POSTGRES" not in os.environ:
        raise Skip("this is about PostgreSQL; see system-station-on-postgres")
    with Station(folder) as station:
        expect(results(station.send([record("hit", 1)])) == ["stored"], "not stored")
        told, stop = [], threading.Event()
        thread = threading.Thread(target=send_until_killed, args=(station, "car1", told, stop))
        thread.start()
        wait_for(lambda: len(told) > 50, "some batches")
        subprocess.run(os.environ["BOLO_TEST_POSTGRES_RESTART"].split(), check=True, stdout=subprocess.DEVNULL)
        before = len(told)
        wait_for(lambda: len(told) > before + 50, "batches after the server came back")
        stop.set()
        thread.join()
        answers = station.have(told + [("hit", str(uuid.UUID(int=1)), 1)])
        expect(answers == ["known"] * len(answers), "what was called stored is lost")


def test_discard(folder):
    with Station(folder) as station:
        said = json.loads(station.ask("/v1/discard", data=b"\0" * 20000000))
        expect(said == {"bytes": 20000000}, str(said))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        def test_many_kills(folder):
            test_kill(folder, int(sys.argv[1]))
        sys.exit(main([test_many_kills]))
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
