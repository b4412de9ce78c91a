#!/usr/bin/env python3
# test-live.py: a patrol on a real RTSP server and a real gpsd that are killed, frozen and started again
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test-live.py RTSP_SERVER"""
import collections
import datetime
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from system import BOLOCTL, Skip, expect, main, recording, wait_for

RTSP_SERVER = sys.argv[1]
CAMERAS = ("one", "two", "three", "four")
# What the events must say within so long; a sanitised build has more time.
STATE_S = float(os.environ.get("BOLO_TEST_STATE_S", "3"))
START = (51.5, -1.25)
SPEED_MPS = 13.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sentence(body):
    total = 0
    for char in body.encode():
        total ^= char
    return "$%s*%02X\r\n" % (body, total)


def angle(degrees, width, sides):
    whole = int(abs(degrees))
    return "%0*d%08.5f,%s" % (width, whole, (abs(degrees) - whole) * 60, sides[degrees < 0])


def nmea(now, begun):
    """RMC and GGA of a car that drives north."""
    time_text = now.strftime("%H%M%S.") + "%02d" % (now.microsecond // 10000)
    latitude = START[0] + SPEED_MPS * (now - begun).total_seconds() / 111195
    place = angle(latitude, 2, "NS") + "," + angle(START[1], 3, "EW")
    return (sentence("GPGGA,%s,%s,1,09,0.9,80.0,M,47.0,M,," % (time_text, place)) +
            sentence("GPRMC,%s,A,%s,%.2f,0.0,%s,,,A" % (time_text, place, SPEED_MPS / 0.514444,
                                                        now.strftime("%d%m%y"))))


class Receiver:
    """A GPS receiver on a TCP port, five reports a second to whoever listens."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.stopping = threading.Event()
        self.begun = datetime.datetime.utcnow()
        self.server.settimeout(0.2)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.server.accept()
            except OSError:
                continue
            with connection:
                try:
                    while not self.stopping.wait(0.2):
                        connection.sendall(nmea(datetime.datetime.utcnow(), self.begun).encode())
                except OSError:
                    pass

    def stop(self):
        self.stopping.set()
        self.thread.join()
        self.server.close()


class Server:
    """A process that can be killed, frozen and started again with the same words."""

    def __init__(self, words):
        self.words = words
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Patrol:
    """boloctl patrol with its events as they come."""

    def __init__(self, config, state):
        self.process = subprocess.Popen(
            [BOLOCTL, "patrol", "--config", config, "--json", "--silent", "--state", state],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.events = []
        self.health = collections.defaultdict(lambda: (None, 0.0))
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == "health":
                self.health[event["what"]] = (event["state"], time.monotonic())
            self.events.append(event)

    def state(self, what):
        return self.health[what][0]

    def since(self, what):
        return self.health[what][1]

    def stop(self):
        """Exit code, and what it said on standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)
        self.thread.join()
        return self.process.returncode, self.process.stderr.read()


def write_configuration(folder, rtsp_port, gpsd_port):
    os.makedirs(os.path.join(folder, "cameras.d"))
    for name in CAMERAS:
        with open(os.path.join(folder, "cameras.d", name + ".conf"), "w", encoding="utf-8") as file:
            file.write("[camera]\nsource=rtsp://127.0.0.1:%d/%s\ntransport=tcp\nlatency_ms=100\n" %
                       (rtsp_port, name))
    path = os.path.join(folder, "bolo.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[patrol]\nofficer=1234\n[position]\nhost=127.0.0.1\nport=%d\n"
                   "[alert]\naudio_sink=fake\nspeech=off\nnotifications=false\n" % gpsd_port)
    return path


def camera_parts():
    return ["camera:" + camera for camera in CAMERAS]


def all_in(patrol, parts, states):
    return all(patrol.state(part) in states for part in parts)


def await_states(patrol, parts, states, what, limit_s=None):
    """Waits until each part is in one of the states; with a limit, it must have been in time."""
    begun = time.monotonic()
    expect(patrol.process.poll() is None, "the patrol has ended: " + what)
    wait_for(lambda: all_in(patrol, parts, states), what)
    took = max(patrol.since(part) for part in parts) - begun
    print("# %s: %.2f s" % (what, took), flush=True)
    if limit_s is not None:
        expect(took <= limit_s, "%s took %.2f s, more than %.1f" % (what, took, limit_s))


def placed_sightings(patrol):
    return [event for event in list(patrol.events)
            if event["event"] == "sighting" and event["position"] is not None]


def check_place(event):
    """On the receiver's road, and honest about how it is known."""
    position = event["position"]
    expect(abs(position["lon"] - START[1]) < 1e-3, "off the road: %s" % position)
    expect(START[0] - 1e-3 < position["lat"] < START[0] + 0.5, "off the road: %s" % position)
    expect(position["how"] in ("measured", "interpolated", "extrapolated"), position["how"])
    expect(math.isclose(position["speed_mps"], SPEED_MPS, abs_tol=1.0), str(position))
    expect(event["captured_by"] in ("rtcp", "arrival", "driver"), event["captured_by"])


class Stage:
    """Receiver, gpsd, RTSP server and patrol; all of them end with it."""

    def __init__(self, folder):
        gpsd = shutil.which("gpsd") or shutil.which("gpsd", path="/usr/sbin")
        if gpsd is None:
            raise Skip("gpsd is not installed")
        clips = [os.path.join(recording(), name + ".mkv") for name in ("left", "front")]
        rtsp_port, gpsd_port = free_port(), free_port()
        self.receiver = Receiver()
        self.gpsd = Server([gpsd, "-N", "-n", "-S", str(gpsd_port),
                            "tcp://127.0.0.1:%d" % self.receiver.port])
        self.rtsp = Server([RTSP_SERVER, "--port", str(rtsp_port)] +
                           ["%s=%s" % (name, clips[number % 2])
                            for number, name in enumerate(CAMERAS)])
        self.patrol = Patrol(write_configuration(folder, rtsp_port, gpsd_port),
                             os.path.join(folder, "state"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.rtsp.kill()
        self.gpsd.kill()
        self.receiver.stop()
        self.patrol.process.kill()
        self.patrol.process.wait()


OK = ("ok",)
BROKEN = ("lost", "degraded")


def test_cameras_and_gpsd_come_and_go(folder):
    with Stage(folder) as stage:
        patrol = stage.patrol
        parts = camera_parts()
        await_states(patrol, parts, OK, "four cameras work")
        await_states(patrol, ["gps"], OK, "GPS knows the position")
        wait_for(lambda: placed_sightings(patrol), "a sighting with a place")

        stage.rtsp.kill()
        await_states(patrol, parts, BROKEN, "the loss of the killed server is told", STATE_S)
        stage.rtsp.start()
        await_states(patrol, parts, OK, "cameras of the new server work")

        stage.rtsp.send(signal.SIGSTOP)
        await_states(patrol, parts, BROKEN, "the frozen server is told", STATE_S)
        stage.rtsp.send(signal.SIGCONT)
        await_states(patrol, parts, OK, "cameras of the thawed server work")

        stage.gpsd.kill()
        await_states(patrol, ["gps"], BROKEN, "the loss of gpsd is told", STATE_S)
        stage.gpsd.start()
        await_states(patrol, ["gps"], OK, "the new gpsd knows the position")

        before = len(placed_sightings(patrol))
        wait_for(lambda: len(placed_sightings(patrol)) > before, "a placed sighting after it all")
        for event in placed_sightings(patrol):
            check_place(event)

        code, said = patrol.stop()
        expect(code == 0, "ended with %d: %s" % (code, said))
        summary = [event for event in patrol.events if event["event"] == "summary"]
        expect(len(summary) == 1, "one summary")
        stored = {key for event in patrol.events if event["event"] == "stored"
                  for key in event["ids"]}
        for event in placed_sightings(patrol):
            expect(event["id"] in stored, "announced but never stored: " + event["id"])


main([test_cameras_and_gpsd_come_and_go])
