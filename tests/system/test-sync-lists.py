# test-sync-lists.py: lists, withdrawals and settings that a station gives, and those that it must not
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import zipfile

from sync_case import Car, Station
from system import BOLOCTL, events, expect, main, wait_for

FILL = sys.argv[1]
HEADER = "VRM,Reason\n"


def boloctl(*words):
    done = subprocess.run([BOLOCTL, *words], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, "%s: %s" % (words, done.stderr))
    return done.stdout


class Office:
    """Whoever signs the lists, with the station that gives them out."""

    def __init__(self, folder, **options):
        self.folder = folder
        self.lists = os.path.join(folder, "lists")
        self.settings = os.path.join(folder, "settings")
        os.makedirs(self.lists)
        os.makedirs(self.settings)
        done = subprocess.run([BOLOCTL, "hotlist", "keygen", "office"], cwd=folder, capture_output=True, text=True,
                              check=False)
        expect(done.returncode == 0, done.stderr)
        self.station = Station(folder, lists=self.lists, configuration=self.settings).start()
        self.car = Car(folder, self.station, FILL, **options)
        boloctl("hotlist", "trust", self.find("office", ".pub"), "--state", self.car.state)

    def find(self, start, *ends):
        for name in sorted(os.listdir(self.folder)):
            if name.startswith(start) and name.endswith(ends):
                return os.path.join(self.folder, name)
        raise AssertionError("no file %s…%s in %s" % (start, ends, os.listdir(self.folder)))

    def publish(self, name, number, *marks, delta_of=None, directory=None):
        """Signs a list of these marks and lays it where the station looks."""
        file = "%s-%d.csv" % (name, number) if delta_of is not None else name + ".csv"
        path = os.path.join(self.folder, file)
        with open(path, "w", encoding="utf-8") as out:
            out.write(HEADER + "".join("%s,stolen\n" % mark for mark in marks))
        words = ["hotlist", "sign", path, "--key", self.find("office", ".secret", ".key"), "--number", str(number),
                 "--name", name, "--kind", "stolen"]
        if delta_of is not None:
            words += ["--base", str(delta_of), "--delta"]
        if os.path.exists(path + ".sig"):
            os.remove(path + ".sig")
        boloctl(*words)
        for end in ("", ".sig"):
            shutil.copy(path + end, os.path.join(directory or self.lists, "." + file + end))
        for end in (".sig", ""):
            os.rename(os.path.join(directory or self.lists, "." + file + end),
                      os.path.join(directory or self.lists, file + end))

    def publish_changes(self, name, number, base, added, removed):
        """What is new and what is gone, packed together, beside the whole list that they are changes to."""
        file = "%s-%d.zip" % (name, number)
        path = os.path.join(self.folder, file)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
            for end, marks in (("ins", added), ("del", removed)):
                pack.writestr("%s_%s.csv" % (name, end), HEADER + "".join("%s,stolen\n" % mark for mark in marks))
        boloctl("hotlist", "sign", path, "--key", self.find("office", ".secret", ".key"), "--number", str(number),
                "--base", str(base), "--name", name, "--kind", "stolen")
        for end in (".sig", ""):
            shutil.copy(path + end, os.path.join(self.lists, "." + file + end))
            os.rename(os.path.join(self.lists, "." + file + end), os.path.join(self.lists, file + end))

    def held(self):
        """{list: its entries} in the car."""
        return {row["name"]: row["entries"] for row in events(boloctl("hotlist", "list", "--json", "--state",
                                                                      self.car.state))}

    def matches(self, mark):
        out = boloctl("hotlist", "match", mark, "--json", "--state", self.car.state)
        return any(row.get("list") or row.get("matches") for row in events(out))

    def sync_until(self, condition, what):
        """The station looks at its folders now and then."""
        def done():
            code, end, err = self.car.sync()
            expect(code == 0, "%s%s" % (end, err))
            return condition()
        wait_for(done, what, 90)


def test_whole_lists(folder):
    office = Office(folder)
    office.publish("stolen", 1, "AB12CDE", "KX68YZT")
    office.publish("local", 7, "CV99ERT")
    office.sync_until(lambda: set(office.held()) == {"stolen", "local"}, "both lists")
    expect(office.matches("AB12CDE") and office.matches("CV99ERT") and not office.matches("ZZ99ZZZ"), "matches")
    # A newer revision takes the place of the old one.
    office.publish("stolen", 2, "LM51NOP")
    office.sync_until(lambda: office.matches("LM51NOP"), "the second revision")
    expect(not office.matches("AB12CDE"), "the first revision is still in force")
    office.station.stop()


def test_nothing_twice(folder):
    """What is held is not fetched again."""
    office = Office(folder)
    office.publish("stolen", 1, "AB12CDE")
    office.sync_until(lambda: "stolen" in office.held(), "the list")
    manifest = os.path.join(office.car.state, "lists", "stolen", "manifest.ini")
    before = os.stat(manifest).st_mtime_ns
    expect(office.car.sync()[0] == 0, "sync")
    expect(os.stat(manifest).st_mtime_ns == before, "it was imported again")
    rest = [name for name in os.listdir(os.path.join(office.car.state, "sync", "hq")) if "stolen" in name]
    expect(not rest, "left behind: %s" % rest)
    office.station.stop()


def test_not_our_signer(folder):
    """A list by a key that the car does not trust stays out, with one sentence; the others come."""
    office = Office(folder)
    office.publish("stolen", 1, "AB12CDE")
    office.sync_until(lambda: "stolen" in office.held(), "the list")
    os.remove(os.path.join(office.car.state, "list-keys", "office.pub"))
    office.publish("stolen", 2, "LM51NOP")

    def refused():
        done = subprocess.run([BOLOCTL, "sync", "--state", office.car.state], capture_output=True, text=True,
                              check=False)
        return "not trusted here" in done.stdout + done.stderr
    wait_for(refused, "the refusal", 90)
    expect(office.held() == {"stolen": 1}, str(office.held()))
    office.station.stop()


def test_wrong_signature(folder):
    """A manifest that was changed on the way is refused before anything of it is used."""
    office = Office(folder)
    office.publish("stolen", 1, "AB12CDE")
    office.sync_until(lambda: "stolen" in office.held(), "the list")
    office.publish("stolen", 2, "LM51NOP")
    office.station.stop()
    office.station.start("signature:1")
    office.car.configure()
    code, end, err, requests = office.car.sync_counted()
    expect(code == 1 and "sign" in err and end["remedy"], "%d %s" % (code, err))
    expect(len(requests) <= 4 and requests.count("/v1/lists") == 1, str(requests))
    expect(not office.matches("LM51NOP"), "it was taken")
    office.station.stop()
    office.station.start()
    office.car.configure()
    office.sync_until(lambda: office.matches("LM51NOP"), "the list from the honest station")
    office.station.stop()


def test_replayed_manifest(folder):
    """One that is older than the car holds is refused, however well it is signed."""
    office = Office(folder)
    office.publish("stolen", 1, "AB12CDE")
    office.sync_until(lambda: "stolen" in office.held(), "the list")
    path = os.path.join(office.car.state, "sync", "hq", "numbers.ini")
    with open(path, encoding="utf-8") as file:
        numbers = file.read()
    serial = int(re.search(r"^serial=(\d+)$", numbers, re.MULTILINE).group(1))
    expect(serial > 0, numbers)
    with open(path, "w", encoding="utf-8") as file:
        file.write(numbers.replace("serial=%d" % serial, "serial=%d" % (serial + 1000)))
    code, end, err = office.car.sync()
    expect(code == 1 and "replay" in err and end["failure"], "%d %s" % (code, err))
    expect(office.held() == {"stolen": 1}, str(office.held()))
    office.station.stop()


def test_replaying_station(folder):
    """A station that every other time gives out the manifest before: what is in force stays, records are sent, and
    nobody is stormed."""
    office = Office(folder)
    office.publish("stolen", 1, "AB12CDE")
    office.sync_until(lambda: "stolen" in office.held(), "the list")
    office.publish("stolen", 2, "LM51NOP")
    office.sync_until(lambda: office.matches("LM51NOP"), "the second list")
    office.station.stop()
    office.station.start("replay:0.5")
    office.car.configure()
    for _ in range(30):
        office.car.fill(3, 1, 2000)
        code, end, err, requests = office.car.sync_counted("--wait")
        office.car.expect_whole()
        expect(requests.count("/v1/lists") <= 2 and len(requests) <= 10, str(requests))
        if code != 0:
            break
    expect(code == 1 and "replay" in err and end["failure"] and end["remedy"], "%d %s %s" % (code, end, err))
    expect(office.matches("LM51NOP") and not office.matches("AB12CDE"), "the old list is in force")
    office.station.stop()


def test_changes_to_a_list(folder):
    """Only the changes are fetched; a mark that they bring matches, one that they take away does not."""
    office = Office(folder)
    office.publish("stolen", 1, *("AB12CDE", "KX68YZT"), *("LM%02dNOP" % n for n in range(51, 99)))
    office.sync_until(lambda: office.matches("AB12CDE"), "the whole list")
    office.publish_changes("stolen", 2, 1, added=["CV99ERT"], removed=["AB12CDE"])
    requests = []

    def arrived():
        code, end, err, paths = office.car.sync_counted()
        expect(code == 0, "%s%s" % (end, err))
        requests.extend(paths)
        return office.matches("CV99ERT")
    wait_for(arrived, "the changes", 90)
    expect(not office.matches("AB12CDE") and office.matches("KX68YZT"), "other changes than were made")
    files = [path for path in requests if path.startswith("/v1/files/")]
    expect(len(files) == 1, "the whole list was fetched too: %s" % files)
    office.station.stop()


def test_no_trusted_station(folder):
    """Without station_keys nobody's lists are fetched; records go all the same."""
    office = Office(folder, keys="")
    office.publish("stolen", 1, "AB12CDE")
    office.car.fill(3, 0, 1000)
    code, end, err = office.car.sync()
    expect(code == 0 or "receipt" in err.lower(), "%s%s" % (end, err))
    office.car.expect_whole()
    expect(not office.held(), str(office.held()))
    office.station.stop()


def test_wrong_clock(folder):
    office = Office(folder)
    office.car.fill(2, 0, 0)
    office.station.stop()
    office.station.start("clock:1")
    office.car.configure()
    code, end, err, requests = office.car.sync_counted("--wait")
    expect(code == 1 and "clock" in err, "%d %s" % (code, err))
    expect(requests == ["/v1/hello"], str(requests))
    expect(office.car.count_unsent() == 2, "something was sent")
    office.station.stop()


def test_pushed_settings(folder):
    office = Office(folder)
    path = os.path.join(office.car.state, "lists.conf")
    with open(os.path.join(office.settings, "lists.conf"), "w", encoding="utf-8") as file:
        file.write("[lists]\nwarn_age_h=24\n")
    office.sync_until(lambda: os.path.exists(path), "the settings")
    with open(path, encoding="utf-8") as file:
        expect("warn_age_h=24" in file.read(), "other settings")
    # What cannot be read is refused whole; what was there stays.
    with open(os.path.join(office.settings, "lists.conf"), "w", encoding="utf-8") as file:
        file.write("[lists]\nwarn_age_hours=1\n")

    def refused():
        done = subprocess.run([BOLOCTL, "sync", "--state", office.car.state], capture_output=True, text=True,
                              check=False)
        return "warn_age_hours" in done.stdout + done.stderr
    wait_for(refused, "the refusal", 90)
    with open(path, encoding="utf-8") as file:
        expect("warn_age_h=24" in file.read(), "the settings are gone")
    office.station.stop()


POLICY = """[limits]
window_min=%d
[tone t]
low_hz=800
[kind default]
tone=t
"""


def told(office):
    """All that boloctl sync prints."""
    done = subprocess.run([BOLOCTL, "sync", "--state", office.car.state], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_pushed_policy(folder):
    """The alert policy waits for a start; one that cannot be read is refused with line and key, and a station that
    forges is not heard at all."""
    office = Office(folder)
    waits = "alert policy: number %d from Test is used from the next start"

    def push(text):
        with open(os.path.join(office.settings, "policy.ini"), "w", encoding="utf-8") as file:
            file.write(text)
    push(POLICY % 33)
    wait_for(lambda: waits % 1 in told(office), "the policy", 90)
    out = subprocess.run([BOLOCTL, "doctor", "--json", "--state", office.car.state], capture_output=True, text=True,
                         check=False).stdout
    detail = [row for row in events(out) if row.get("what") == "policy"][0]["detail"]
    expect("policy.ini is in force; number 1 from Test is used from the next start" in detail, detail)
    push((POLICY % 44).replace("low_hz", "low_herz"))
    wait_for(lambda: "Configuration 2 from Test is refused whole, policy.ini:4: unknown key 'low_herz'" in told(office),
             "the refusal", 90)
    # It is not fetched again until it changes.
    expect("refused whole" not in told(office) and waits % 1 in told(office), told(office))
    office.station.stop()
    push(POLICY % 55)
    office.station.start("signature:1")
    office.car.configure()
    code, end, err = office.car.sync()
    expect(code == 1 and "sign" in err, "%d %s" % (code, err))
    with open(os.path.join(office.car.state, "policy-waiting"), encoding="utf-8") as file:
        expect("window_min=33" in file.read(), "a forged one was taken")
    office.station.stop()
    office.station.start()
    office.car.configure()
    wait_for(lambda: waits % 3 in told(office), "the honest one", 90)
    # Taken back before it was ever used.
    os.remove(os.path.join(office.settings, "policy.ini"))
    wait_for(lambda: "alert policy" not in told(office), "that it is withdrawn", 90)
    office.station.stop()


main([test_whole_lists, test_nothing_twice, test_not_our_signer, test_wrong_signature, test_replayed_manifest,
      test_replaying_station, test_changes_to_a_list,
      test_no_trusted_station,
      test_wrong_clock, test_pushed_settings, test_pushed_policy])
