# test-usb.py: records leave the car and lists enter it on a stick that may be pulled out at any time
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

from sync_case import Car, STATION, Station
from system import BOLOCTL, Skip, events, expect, main

FILL = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
FLIPS = 25


def boloctl(*words, cwd=None):
    done = subprocess.run([BOLOCTL, *words], capture_output=True, text=True, check=False, cwd=cwd)
    expect(done.returncode == 0, "%s: %s" % (words, done.stderr))
    return done.stdout


class StickCar(Car):
    """A car without a link: all that it has is a key and sticks."""

    def __init__(self, folder, station, name="KT12"):
        self.name = name
        super().__init__(folder, station, FILL, name=name)
        boloctl("hotlist", "keygen", name, cwd=self.state)
        os.makedirs(os.path.join(station.folder, "car-keys"), exist_ok=True)
        shutil.copy(os.path.join(self.state, name + ".pub"), os.path.join(station.folder, "car-keys"))
        self.stick = os.path.join(folder, "stick")
        os.makedirs(self.stick, exist_ok=True)

    def configure(self, name="KT12", **_options):
        self.write("[remote hq]\ntype=usb\nstation_keys=station\ncar_key=%s.key\n" % name)

    def write(self, text):
        with open(os.path.join(self.state, "sync.conf"), "w", encoding="utf-8") as file:
            file.write(text)

    def exchange(self, *options, stick=None):
        """(exit code, the summary of the last remote, standard error)."""
        return self.sync("--usb", stick or self.stick, *options)

    def expect_exchange(self, **wanted):
        code, summary, err = self.exchange()
        expect(code == 0, err)
        for key, value in wanted.items():
            expect(summary[key] == value, "%s is %s, not %s: %s" % (key, summary[key], value, summary))
        return summary

    def count_all_unsent(self):
        files = [name for name in os.listdir(self.state) if name.endswith(".db")]
        return sum(self.rows(file, "SELECT count(*) FROM outbox WHERE waits <> 0")[0][0] for file in files
                   if self.rows(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'outbox'")[0][0])

    def bundles(self, start="KT12-to-"):
        return sorted(name for name in os.listdir(self.stick) if name.startswith(start) and name.endswith(".bolo"))


def usb(station, *words, ok=True):
    done = subprocess.run([STATION, "usb", "--state", station.folder, *words], capture_output=True, text=True,
                          check=False)
    expect((done.returncode == 0) == ok, done.stdout + done.stderr)
    return done.stdout + done.stderr


def bring(car, stick=None):
    """What the station does when somebody brings the stick."""
    stick = stick or car.stick
    for name in car.bundles():
        usb(car.station, "import", os.path.join(stick, name))


def sizes(station):
    """Bytes of all bodies and pictures that the station keeps."""
    return station.rows("SELECT sum(CASE WHEN body IS NULL THEN length ELSE length(CAST(body AS BLOB)) END) FROM item")[0][0]


def take_home(car, name="KT12"):
    return usb(car.station, "export", "--car", name, car.stick).strip()


def offer(folder, station, car, number, *marks):
    """A signed list that the station offers; its manifest is made by a station that runs for a moment."""
    lists = os.path.join(folder, "lists")
    os.makedirs(lists, exist_ok=True)
    if not os.path.exists(os.path.join(folder, "office.key")):
        boloctl("hotlist", "keygen", "office", cwd=folder)
        boloctl("hotlist", "trust", os.path.join(folder, "office.pub"), "--state", car.state)
    path = os.path.join(folder, "stolen.csv")
    for old in (path + ".sig", os.path.join(lists, "stolen.csv"), os.path.join(lists, "stolen.csv.sig")):
        if os.path.exists(old):
            os.remove(old)
    with open(path, "w", encoding="utf-8") as out:
        out.write("VRM,Reason\n" + "".join("%s,stolen\n" % mark for mark in marks))
    boloctl("hotlist", "sign", path, "--key", os.path.join(folder, "office.key"), "--number", str(number),
            "--name", "stolen", "--kind", "stolen")
    for end in ("", ".sig"):
        shutil.copy(path + end, lists)
    station.lists = lists
    station.start()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with open(os.path.join(station.folder, "manifest.json"), encoding="utf-8") as file:
                signed = json.loads(json.load(file)["signed"])
            if any(one["number"] == number for one in signed["lists"]):
                break
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    else:
        raise AssertionError("the station does not offer the list")
    station.stop()


def matches(car, mark):
    out = boloctl("hotlist", "match", mark, "--json", "--state", car.state)
    return any(row.get("list") or row.get("matches") for row in events(out))


def one_sentence(err):
    lines = [line for line in err.splitlines() if line.startswith("boloctl")]
    return len(lines) == 1 and len(lines[0]) > 20


def test_round_trip(folder):
    station = Station(folder)
    car = StickCar(folder, station)
    offer(folder, station, car, 1, "AB12CDE", "KX68YZT")
    car.fill(30, 4, 4000)
    waiting = car.count_all_unsent()
    summary = car.expect_exchange(acknowledged=0, written=waiting)
    expect(summary["bundle"] and car.bundles() == ["KT12-to-station-000001.bolo"], car.bundles())
    expect(car.count_all_unsent() == waiting, "something left the outbox without a word from the station")
    bring(car)
    expect(len(station.items()) == waiting, "the station has %d of %d" % (len(station.items()), waiting))
    take_home(car)
    summary = car.expect_exchange(acknowledged=waiting, written=0, lists={"stolen": "up to date"}, bundle=None)
    car.expect_whole()
    expect(car.count_all_unsent() == 0, "%d items still wait" % car.count_all_unsent())
    expect(matches(car, "AB12CDE") and not matches(car, "ZZ99ZZZ"), "the list is not in force")
    with open(summary["receipt"], encoding="utf-8") as file:
        receipt = json.loads(json.load(file)["signed"])
    expect(receipt["car"] == "KT12" and receipt["items"] == waiting and receipt["counts"]["hit"] == 4, receipt)
    expect(len(receipt["sha256"]) == 64, receipt)
    expect(receipt["bytes"] == sizes(station), "%s, and %d are kept" % (receipt, sizes(station)))
    # Again: no harm, and nothing of ours is left on the stick.
    car.expect_exchange(acknowledged=0, written=0, lists={"stolen": "up to date"})
    expect(car.bundles() == [], car.bundles())


def test_more_and_again(folder):
    """A second visit to the same stick writes what is new, and both are acknowledged; whoever brings them in which
    order, or one of them alone, nothing is lost and nothing doubled."""
    station = Station(folder)
    car = StickCar(folder, station)
    car.fill(5, 1, 2000)
    first = car.count_all_unsent()
    car.expect_exchange(written=first, on_stick=0)
    kept = os.path.join(folder, "kept.bolo")
    shutil.copy(os.path.join(car.stick, car.bundles()[0]), kept)
    car.fill(5, 1, 2000)
    waiting = car.count_all_unsent()
    car.expect_exchange(written=waiting - first, on_stick=first)
    expect(car.bundles() == ["KT12-to-station-000001.bolo", "KT12-to-station-000002.bolo"], car.bundles())
    car.expect_exchange(written=0, on_stick=waiting, bundle=None)
    # The second one alone: what was in the first goes on waiting.
    usb(station, "import", os.path.join(car.stick, car.bundles()[1]))
    shutil.rmtree(car.stick)
    os.makedirs(car.stick)
    take_home(car)
    car.expect_exchange(acknowledged=waiting - first, written=first, on_stick=0)
    # The first one comes late, and twice.
    expect(" 0 stored" not in usb(station, "import", kept), "nothing was stored")
    expect(" 0 stored" in usb(station, "import", kept), "something was stored twice")
    bring(car)
    take_home(car)
    car.expect_exchange(acknowledged=first, written=0, on_stick=0)
    expect(not car.bundles(), car.bundles())
    car.expect_whole()


def test_swapped_and_emptied(folder):
    """Two sticks by turns, one of them emptied and one torn on the way: each visit leaves all that waits on the stick
    that is in."""
    station = Station(folder)
    car = StickCar(folder, station)
    sticks = [os.path.join(folder, name) for name in ("red", "blue")]
    dice = random.Random(5)
    for stick in sticks:
        os.makedirs(stick)
    for turn in range(8):
        car.fill(3, 1, 3000)
        car.stick = sticks[turn % 2]
        mine = [os.path.join(car.stick, name) for name in car.bundles()]
        if turn == 4:
            for path in mine:
                os.remove(path)
        if turn == 5:
            with open(mine[-1], "r+b") as file:
                file.truncate(os.path.getsize(mine[-1]) - 1 - dice.randrange(1000))
        waiting = car.count_all_unsent()
        summary = car.expect_exchange()
        expect(summary["written"] + summary["on_stick"] == waiting, "turn %d: %s" % (turn, summary))
        expect((summary["on_stick"] == 0) == (turn in (0, 1, 4)), "turn %d: %s" % (turn, summary))
    for stick in sticks:
        car.stick = stick
        bring(car)
    car.stick = sticks[0]
    take_home(car)
    car.expect_exchange(written=0)
    car.expect_whole()


def test_other_link_meanwhile(folder):
    """Written on a stick, then sent over a link: the stick's bundle does no harm."""
    station = Station(folder).start()
    car = StickCar(folder, station)
    files = {"authority": "authority.pem", "certificate": "KT12.pem", "key": "KT12.key"}
    car.write("[remote hq]\nurl=https://localhost:%d\nstation_keys=station\ncar_key=KT12.key\n" % station.port +
              "".join("%s=%s\n" % (key, os.path.join(station.certificates, value)) for key, value in files.items()))
    car.fill(10, 2, 3000)
    waiting = car.count_all_unsent()
    car.expect_exchange(written=waiting)
    code, _end, err = car.sync("--wait")
    expect(code == 0, err)
    expect(car.count_all_unsent() == 0, "the link does not take what is on a stick")
    expect(" 0 stored" in usb(station, "import", os.path.join(car.stick, car.bundles()[0])), "stored twice")
    take_home(car)
    car.expect_exchange(acknowledged=0, written=0)
    car.expect_whole()
    station.stop()


def test_refusals(folder):
    """Each is one sentence, nothing is taken, and what waits is written all the same."""
    station = Station(folder)
    car = StickCar(folder, station)
    StickCar(folder, station, name="KT13")
    offer(folder, station, car, 1, "AB12CDE")
    car.fill(3, 1, 1000)
    waiting = car.count_all_unsent()

    def refuse(sentence, code=1):
        got, summary, err = car.exchange()
        expect(got == code, "%d: %s" % (got, err))
        text = err + (summary["notice"] or "") + (summary["failure"] or "")
        expect(sentence in text, "%r is not in %r" % (sentence, text))
        expect(code == 0 or one_sentence(err), err)
        expect(car.count_all_unsent() == waiting and summary["acknowledged"] == 0, "something was taken")
        expect(summary["written"] + summary["on_stick"] == waiting, "nothing was written: %s" % summary)
        return summary

    car.expect_exchange(written=waiting)
    bring(car)
    # For another car: said, passed over.
    path = take_home(car, "KT13")
    refuse("is for the car KT13", code=0)
    # Renamed inside: encrypted for somebody else all the same.
    with open(path, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(data.replace(b"to: KT13", b"to: KT12", 1))
    refuse("for somebody else")
    os.remove(path)
    # By a station that the car does not trust, and by one that calls itself the same.
    path = take_home(car)
    with open(path, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(data.replace(b"key: station\n", b"key: mallory\n", 1))
    refuse("mallory")
    with open(path, "wb") as file:
        file.write(data)
    public = os.path.join(car.state, "list-keys", "station.pub")
    with open(public, encoding="utf-8") as file:
        right = file.read()
    boloctl("hotlist", "keygen", "station", cwd=folder)
    shutil.copy(os.path.join(folder, "station.pub"), public)
    got, summary, err = car.exchange()
    expect(got == 1 and one_sentence(err) and summary["acknowledged"] == 0, err)
    with open(public, "w", encoding="utf-8") as file:
        file.write(right)
    # Damaged: cut off or flipped anywhere.
    dice = random.Random(7)
    for cut in [0, 1, 100, len(data) // 2, len(data) - 1]:
        with open(path, "wb") as file:
            file.write(data[:cut])
        got, summary, err = car.exchange()
        expect(got == 1 and one_sentence(err) and summary["acknowledged"] == 0, "cut at %d: %s" % (cut, err))
    for _ in range(FLIPS):
        at = dice.randrange(len(data))
        with open(path, "wb") as file:
            file.write(data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1:])
        got, summary, err = car.exchange()
        # A flip in the name of the car makes it one for another car: that is no error, and takes nothing.
        expect((got == 1 and one_sentence(err)) or summary["notice"], "flip at %d: %s" % (at, err))
        expect(summary["acknowledged"] == 0 and car.count_all_unsent() == waiting, "flip at %d was taken" % at)
        expect(not summary["lists"], "flip at %d gave lists" % at)
    with open(path, "wb") as file:
        file.write(data)
    car.expect_exchange(acknowledged=waiting)
  


def test_replay(folder):
    """A stick with lists older than the car holds takes nothing back; what it acknowledges counts."""
    station = Station(folder)
    car = StickCar(folder, station)
    offer(folder, station, car, 1, "AB12CDE")
    old = take_home(car)
    kept = os.path.join(folder, "old.bolo")
    shutil.move(old, kept)
    offer(folder, station, car, 2, "LM51NOP")
    take_home(car)
    car.expect_exchange(lists={"stolen": "up to date"})
    expect(matches(car, "LM51NOP") and not matches(car, "AB12CDE"), "the second revision")
    shutil.rmtree(car.stick)
    os.makedirs(car.stick)
    shutil.copy(kept, os.path.join(car.stick, "again.bolo"))
    code, _summary, err = car.exchange()
    expect(code == 1 and one_sentence(err) and re.search("older|replay|serial", err), err)
    expect(matches(car, "LM51NOP") and not matches(car, "AB12CDE"), "an older revision came back")


def in_mount(options, stick, words):
    """The command with a file system of its own at @stick; what is written there is gone with it."""
    script = "mount -t tmpfs -o %s none %s && exec \"$@\"" % (options, stick)
    done = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh", *words],
                          capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        raise Skip("no file system can be mounted here: " + done.stderr.strip())
    return done


def test_bad_sticks(folder):
    """Full, read-only, not there, no folder: one sentence, and everything is kept."""
    station = Station(folder)
    car = StickCar(folder, station)
    car.fill(20, 2, 20000)
    waiting = car.count_all_unsent()
    command = car.command("--usb", car.stick)
    for options, sentence in (("size=64k", "No space left"), ("ro", "Read-only file system")):
        done = in_mount(options, car.stick, command)
        expect(done.returncode == 1 and one_sentence(done.stderr) and sentence in done.stderr, done.stderr)
        expect(car.count_all_unsent() == waiting, "something left the outbox")
    code, _summary, err = car.exchange(stick=os.path.join(folder, "nowhere"))
    expect(code == 1 and one_sentence(err) and "is it in?" in err, err)
    code, _summary, err = car.exchange("--wait")
    expect(code == 2, err)
    code, _summary, err = car.sync()
    expect(code == 1 and "--usb" in err, err)
    car.write("[remote hq]\ntype=usb\nstation_keys=station\n")
    code, _summary, err = car.exchange()
    expect(code == 1 and "car_key" in err, err)


def is_killed(car, after_s):
    """Exchanges with the stick for so long at most; whether that was too short."""
    process = subprocess.Popen(car.command("--usb", car.stick), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after_s)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def test_pulled_out(folder):
    """Killed at random instants while it writes, @KILLS times: the stick holds a whole bundle or none of that try."""
    station = Station(folder)
    car = StickCar(folder, station)
    car.fill(150, 5, 40000)
    begun = time.monotonic()
    car.expect_exchange()
    whole_s = time.monotonic() - begun
    shutil.rmtree(car.stick)
    os.makedirs(car.stick)
    dice = random.Random(11)
    killed = 0
    for _ in range(KILLS):
        car.fill(2, 1, 40000)
        killed += is_killed(car, dice.uniform(0, whole_s))
        # Whatever is there under its name is whole.
        bring(car)
        expect(car.count_all_unsent() > 0, "something left the outbox")
    expect(killed >= KILLS // 3, "only %d of %d were killed in time" % (killed, KILLS))
    waiting = car.count_all_unsent()
    summary = car.expect_exchange()
    expect(summary["written"] + summary["on_stick"] == waiting, summary)
    expect(not [name for name in os.listdir(car.stick) if name.endswith(".part")], os.listdir(car.stick))
    bring(car)
    take_home(car)
    # Killed while it takes what came home: the rest is taken the next time.
    for _ in range(3):
        is_killed(car, dice.uniform(0, whole_s))
    code, _summary, err = car.exchange()
    expect(code == 0, err)
    car.expect_whole()


main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
