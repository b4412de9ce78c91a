# test-links.py: over slow, lossy and dying links everything arrives, and a new hit first
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-links.py FILL [full] [TEST…]: the links of the project's bars. With "full" the whole amounts, which take some 40
minutes; the times are printed beside the bars and asserted by nobody, for they are the machine's too. Named tests
(slow_and_lossy …) are run alone."""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

from system import SOURCE, Skip, expect, main, wait_for
from sync_case import Car, Station

sys.path.insert(0, os.path.join(SOURCE, "tests", "lib", "sync"))
from relay import ADDRESS, Link, can_run  # noqa: E402

FILL = sys.argv[1]
IS_FULL = "full" in sys.argv[2:]
WANTED = [name for name in sys.argv[2:] if name != "full"]
DEADLINE_S = 3600 if IS_FULL else 400


class Road:
    """A station and a car with a link between them."""

    def __init__(self, folder, **link):
        reason = can_run()
        if reason is not None:
            raise Skip(reason)
        self.link = Link(**link)
        self.station = Station(folder, host=ADDRESS["station"], port=8443,
                               enter=lambda words: self.link.sides["station"].enter(words)).start()
        self.car = Car(folder, self.station, FILL)
        self.process = None
        self.last = None

    def start(self, *options):
        self.process = self.link.popen("car", self.car.command("--wait", *options), stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self.read, args=(self.process,), daemon=True).start()

    def read(self, process):
        for line in process.stdout:
            self.last = json.loads(line)

    def finish(self):
        expect(self.process.wait(DEADLINE_S) == 0, "not everything was sent: %s" % self.last)
        return self.last

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.station.stop()
        self.link.close()


def say(words, *values):
    print("# " + words % values, flush=True)


def slow_link():
    """200 kbit/s, 300 ms there and back, 5 % lost."""
    return {"rate_bps": 200_000, "delay_ms": 150, "loss": 0.05}


def test_slow_and_lossy(folder):
    road = Road(folder, **slow_link())
    share = 1 if IS_FULL else 12
    road.car.fill(1930 // share, 0, 0)
    road.car.fill(50 // share, 0, 36000)
    road.car.fill(0, max(20 // share, 2), 36000)
    start = time.monotonic()
    road.start()
    end = road.finish()
    say("slow link: %d items, %.2f MB in %.0f s (bar for the whole: 600 s)", end["sent"], end["sent_bytes"] / 1e6,
        time.monotonic() - start)
    road.car.expect_whole()
    expect(road.link.n_lost > 0, "the link lost nothing")
    road.close()


def ups_and_downs(link, stop, up_s, down_s, is_announced):
    while not stop.wait(up_s):
        link.cut(is_announced)
        stop.wait(down_s)
        link.mend(is_announced)


def test_comes_and_goes(folder):
    """50 Mbit/s, a third of the time."""
    road = Road(folder, rate_bps=50_000_000, delay_ms=20)
    up_s, down_s = (20, 40) if IS_FULL else (3, 4)
    amount = (10_000, 60, 49_000) if IS_FULL else (500, 3, 40_000)
    road.car.fill(*amount)
    stop = threading.Event()
    start = time.monotonic()
    road.start()
    weather = threading.Thread(target=ups_and_downs, args=(road.link, stop, up_s, down_s, True), daemon=True)
    weather.start()
    end = road.finish()
    stop.set()
    weather.join()
    say("link that comes and goes: %d items, %.1f MB in %.0f s (bar for the whole: 900 s)", end["sent"],
        end["sent_bytes"] / 1e6, time.monotonic() - start)
    road.car.expect_whole()
    road.close()


def test_goes_without_a_word(folder):
    """The same, and the car's own device stays up all the time: nobody tells it anything."""
    road = Road(folder, rate_bps=8_000_000, delay_ms=40)
    road.car.fill(60, 2, 60_000)
    road.start()
    wait_for(lambda: road.last and road.last["sent"] > 0, "the first items", 120)
    road.link.cut(is_announced=False)
    wait_for(lambda: road.last["phase"] == "waiting", "the car to notice", 120)
    expect(road.last["failure"] and road.last["remedy"], str(road.last))
    road.link.mend(is_announced=False)
    road.finish()
    road.car.expect_whole()
    road.close()


def arrival_of_hit(road, dice):
    """Seconds from link-up until a hit that was made meanwhile is there, with a backlog before it."""
    known = {name for (name,) in road.station.rows("SELECT id FROM item WHERE topic = 1")}
    road.link.cut()
    road.car.fill(2, 1, 30_000)
    new = {name for (name,) in road.car.rows("journal.db", "SELECT id FROM hit")} - known
    road.start()
    wait_for(lambda: road.last and road.last["phase"] == "waiting", "the car to find no link", 60)
    time.sleep(dice.uniform(0, 3))
    road.link.mend()
    up = time.monotonic()
    wait_for(lambda: new <= {name for (name,) in road.station.rows("SELECT id FROM item WHERE topic = 1")},
             "the hit", 120)
    took = time.monotonic() - up
    road.kill()
    road.last = None
    return took


def hits_after_link_up(folder, name, bar_s, **link):
    road = Road(folder, **link)
    dice = random.Random(9)
    road.car.fill(200, 0, 40_000)
    road.start()
    wait_for(lambda: road.last and road.last["sent"] > 0, "the first contact", 120)
    road.kill()
    took = sorted(arrival_of_hit(road, dice) for _ in range(20 if IS_FULL else 2))
    say("%s: a new hit is there %.2f s after link-up, p95 %.2f s (bar: %d s)", name, took[len(took) // 2],
        took[min(len(took) - 1, int(len(took) * 0.95))], bar_s)
    expect(road.car.count_unsent() > 100, "there was no backlog left to overtake")
    road.close()


def test_hit_overtakes_on_the_slow_link(folder):
    hits_after_link_up(folder, "slow link", 5, **slow_link())


def test_hit_overtakes_on_the_fast_link(folder):
    hits_after_link_up(folder, "fast link", 2, rate_bps=50_000_000, delay_ms=20)


main([test for test in (test_slow_and_lossy, test_comes_and_goes, test_goes_without_a_word,
                        test_hit_overtakes_on_the_slow_link, test_hit_overtakes_on_the_fast_link)
      if not WANTED or test.__name__.removeprefix("test_") in WANTED])
