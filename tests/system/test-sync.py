# test-sync.py: from a car to a real station: all of it, once, whatever either of them does on the way
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import random
import signal
import subprocess
import sys
import time

from sync_case import STATION, Car, Station, find_requests, wait_for_items
from system import BOLOCTL, events, expect, main, run, wait_for

FILL = sys.argv[1]
N_KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 6


def prepare(folder, sightings=60, hits=4, picture_bytes=9000, **options):
    station = Station(folder, **options).start()
    car = Car(folder, station, FILL)
    car.fill(sightings, hits, picture_bytes)
    return station, car


def test_everything_and_a_receipt(folder):
    station, car = prepare(folder)
    code, end, err = car.sync("--wait")
    expect(code == 0, err)
    car.expect_whole()
    expect(end["sent"] == 64 + 4 + 128 and end["failure"] is None, str(end))
    with open(end["receipt"], encoding="utf-8") as file:
        signed = json.loads(json.load(file)["signed"])
    expect(signed["counts"] == {"hit": 4, "sighting": 64, "picture": 128}, str(signed))
    expect(signed["car"] == "KT12", str(signed))
    # Once more: there is nothing to do, and nothing is doubled.
    code, end, err = car.sync("--wait")
    expect(code == 0 and end["sent"] == 0, "%s%s" % (end, err))
    car.expect_whole()
    station.stop()


def test_bodies(folder):
    """A record arrives as the patrol prints it, with what only the record has."""
    station, car = prepare(folder, 1, 1, 3000)
    expect(car.sync("--wait")[0] == 0, "sync")
    body = json.loads(station.rows("SELECT body FROM item WHERE topic = 1")[0][0])
    row = car.rows("journal.db", "SELECT id, encounter FROM hit")[0]
    expect((body["id"], body["encounter"]) == row and body["event"] == "hit", str(body))
    for key in ("time", "camera", "text", "confidence", "position", "match", "officer", "corners", "overview_camera"):
        expect(key in body, "%s is not in %s" % (key, sorted(body)))
    expect(len(body["corners"]) == 4 and len(body["corners"][0]) == 2, str(body["corners"]))
    station.stop()


def test_watch_audit_and_what_was_said(folder):
    station, car = prepare(folder, 1, 0, 0)
    code, _, err = run(["hotlist", "watch", "AB12CDE", "--reason", "seen", "--expires", "8h", "--officer", "PC 1",
                        "--state", car.state])
    expect(code == 0, err)
    code, end, err = car.sync("--wait")
    expect(code == 0, err)
    # The command knows of the station only when sync has told the files; what was made before counts too.
    bodies = {topic: json.loads(body) for topic, body in station.rows("SELECT topic, body FROM item WHERE topic > 2")}
    expect(bodies[4]["mark"] == "AB12CDE" and bodies[4]["expires"].endswith("Z"), str(bodies))
    expect(bodies[8]["act"] == "watch-added" and len(bodies[8]["hash"]) == 64, str(bodies))
    station.stop()


def expect_no_storm(fault, requests, seconds):
    """Each failure makes the car wait half a second at least, and costs a greeting and a question; beside
    that a connection has a batch or some, the manifest and a receipt."""
    greetings = requests.count("/v1/hello")
    expect(greetings >= 1, "%s: no request was seen" % fault)
    expect(greetings <= 3 + 2 * seconds, "%s: %d greetings in %.1f s" % (fault, greetings, seconds))
    expect(len(requests) <= 30 + 6 * greetings, "%s: %d requests, %d greetings: %s" % (
        fault, len(requests), greetings, requests))


def test_faults(folder):
    """Each misbehaviour of the station that leaves it a station: nothing is lost, nothing is doubled, and it is not
    stormed. Those for which the car refuses it are in test-sync-lists.py."""
    station = Station(folder).start()
    station.stop()
    car = Car(folder, station, FILL)
    done = subprocess.run([BOLOCTL.replace("boloctl", "bolo-station"), "serve", "--fault", "?", "--state", folder],
                          capture_output=True, text=True, check=False)
    expect(done.returncode != 0, "an unknown fault was taken")
    for fault in ("error:0.15", "cut:0.15", "lost:0.15", "double:0.5", "drip:0.1", "full:0.15"):
        car.fill(25, 2, 6000)
        station.start(fault)
        car.configure()
        start = time.monotonic()
        code, end, err, requests = car.sync_counted("--wait", timeout=240)
        seconds = time.monotonic() - start
        station.stop()
        expect(code == 0, "%s: %s%s" % (fault, end, err))
        car.expect_whole()
        expect_no_storm(fault, requests, seconds)


def test_no_storm(folder):
    """A station that refuses everything is asked a handful of times, not a hundred."""
    station = Station(folder).start("error:1")
    car = Car(folder, station, FILL)
    car.fill(5, 1, 2000)
    car.configure()
    process = subprocess.Popen(car.command("--wait"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, G_MESSAGES_DEBUG="bolo-https-link"))
    time.sleep(8)
    process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    tries = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    expect(tries and tries[-1]["phase"] == "waiting", str(tries[-1:]))
    requests = find_requests(out + err)
    # 1, 2, 4, 8 s, each shortened by a half at most.
    expect(2 <= len(requests) <= 5 and set(requests) == {"/v1/hello"}, str(requests))
    expect(car.count_unsent() == 6 + 1 + 12, "something has left the outbox")
    station.stop()
    station.start()
    car.configure()
    expect(car.sync("--wait")[0] == 0, "the honest station")
    car.expect_whole()
    station.stop()


def test_car_is_killed(folder):
    """kill -9 of the car's side at random instants."""
    station, car = prepare(folder, 10, 1, 5000)
    dice = random.Random(5)
    for _ in range(N_KILLS):
        car.fill(40, 1, 15000)
        process = subprocess.Popen(car.command("--wait"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.02, 0.8))
        process.send_signal(signal.SIGKILL)
        process.wait()
    code, end, err = car.sync("--wait")
    expect(code == 0, "%s%s" % (end, err))
    car.expect_whole()
    station.stop()


def test_station_is_killed(folder):
    station, car = prepare(folder, 10, 1, 5000)
    dice = random.Random(6)
    for _ in range(N_KILLS):
        car.fill(40, 1, 15000)
        process = subprocess.Popen(car.command("--wait"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.05, 0.6))
        station.stop(signal.SIGKILL)
        station.start()
        expect(process.wait(120) == 0, "the car gave up")
    car.expect_whole()
    station.stop()


def test_two_cars(folder):
    """Each under its own name: what one sends is not the other's."""
    station, car = prepare(folder, 5, 1, 2000)
    other = Car(folder, station, FILL, name="KT13")
    other.fill(7, 0, 2000)
    expect(car.sync("--wait")[0] == 0 and other.sync("--wait")[0] == 0, "sync")
    names = station.rows("SELECT c.name, count(*) FROM item AS i JOIN car AS c ON c.number = i.car"
                         " WHERE topic = 2 GROUP BY c.name ORDER BY c.name")
    expect(names == [("KT12", 6), ("KT13", 7)], str(names))
    station.stop()


def test_shared_hits(folder):
    """Two cars, one station: a hit of one is information in the other, with how far it may be relied on, and raises
    nothing there: no hit, no alarm, nothing to be sent."""
    station = Station(folder).start()
    one = Car(folder, station, FILL)
    two = Car(folder, station, FILL, name="KT13")
    one.fill(2, 1, 0)
    expect(one.sync()[0] == 0, "the first car")
    hit = one.rows("journal.db", "SELECT hit FROM hit_state")[0][0]

    def shared():
        done = subprocess.run(two.command(), capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)
        return [row for row in events(done.stdout) if row["event"] == "shared"]
    seen = shared()
    expect(len(seen) == 1 and seen[0]["car"] == "KT12" and seen[0]["id"] == hit, seen)
    expect(seen[0]["verification"] == "unconfirmed" and seen[0]["mark"] and seen[0]["category"], seen)
    # What the officer in the first car then says of it is told too.
    subprocess.run([FILL, one.state, "--confirm", hit], check=True)
    expect(one.sync()[0] == 0, "the first car")
    seen = shared()
    expect(len(seen) == 1 and seen[0]["verification"] == "confirmed", seen)
    expect(two.rows("journal.db", "SELECT count(*) FROM hit_state")[0][0] == 0, "it became a hit of the other car")
    expect(two.count_unsent() == 0, "the other car sends it on")
    # Its own hits do not come back to a car.
    done = subprocess.run(one.command(), capture_output=True, text=True, check=False)
    expect(not [row for row in events(done.stdout) if row["event"] == "shared"], done.stdout)
    station.stop()


def test_denied_car(folder):
    """A lost car: refused before a byte of a record, in one sentence on the screen and in both logs."""
    station = Station(folder).start()
    car = Car(folder, station, FILL)
    car.fill(3, 1, 0)
    done = subprocess.run([STATION, "deny", "--state", station.folder, "--certificates", station.certificates,
                           "--reason", "lost", os.path.join(station.certificates, "KT12.pem")],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stderr)

    def refused():
        code, end, err = car.sync()
        return code == 1 and "denied" in end["failure"] and end["remedy"] and "denied" in err
    wait_for(refused, "the refusal", 60)
    expect("this certificate is denied" in station.read_log(), station.read_log())
    # What went before the station looked at its deny list is not meant.
    taken = len(station.items())
    car.fill(3, 1, 0)
    waiting = car.count_unsent()
    expect(waiting > 0 and refused(), "a denied car is heard")
    expect(car.count_unsent() == waiting and len(station.items()) == taken, "records were taken after the denial")
    station.stop()


def test_pictures_stay(folder):
    station, car = prepare(folder, 5, 0, 3000)
    car.configure(pictures="never")
    code, end, err = car.sync("--wait")
    expect(code == 0 and end["pictures_held"], "%s%s" % (end, err))
    expect({key[0] for key in station.items()} == {"sighting"}, "pictures were sent")
    car.configure(pictures="always")
    expect(car.sync("--wait")[0] == 0, "sync")
    car.expect_whole()
    station.stop()


def test_patrol_has_the_files(folder):
    """Two programs never send at a time: the second says so."""
    station, car = prepare(folder, 2, 0, 0)
    first = subprocess.Popen([sys.executable, "-c", "import fcntl,sys,time;f=open(sys.argv[1],'w');"
                              "fcntl.flock(f,fcntl.LOCK_EX);print('held',flush=True);time.sleep(60)",
                              os.path.join(car.state, "store.lock")], stdout=subprocess.PIPE, text=True)
    first.stdout.readline()
    code, out, err = run(["sync", "--state", car.state])
    first.kill()
    first.communicate()
    expect(code == 1 and "Another Bolo" in err, err)
    expect(car.sync("--wait")[0] == 0, "sync")
    station.stop()


def test_live_while_records_come(folder):
    """Records that are stored between two runs follow; a remote that goes takes its queue along."""
    station, car = prepare(folder, 3, 0, 1000)
    expect(car.sync("--wait")[0] == 0, "sync")
    car.fill(3, 1, 1000)
    wait_for_items(station, 9, "the first nine")
    expect(car.sync("--wait")[0] == 0, "sync")
    car.expect_whole()
    os.remove(os.path.join(car.state, "sync.conf"))
    car.fill(2, 0, 0)
    code, out, err = run(["sync", "--state", car.state])
    expect(code == 1 and "no remote" in err, err)
    station.stop()


main([test_everything_and_a_receipt, test_bodies, test_watch_audit_and_what_was_said, test_faults, test_no_storm,
      test_car_is_killed, test_station_is_killed, test_two_cars, test_shared_hits, test_denied_car, test_pictures_stay, test_patrol_has_the_files,
      test_live_while_records_come])
