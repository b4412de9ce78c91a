# test-screen-while-sending.py: the terminal reads and shows while a whole shift leaves the car
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-screen-while-sending.py FILL: a whole shift of 515 MB waits in a terminal that plays a recording on a virtual
display; the station is on the same machine. How smooth the screen was is printed and asserted by nobody, for it is the
machine's too; that the shift arrives whole, beside what is read meanwhile, is."""
import json
import os
import subprocess
import sys

from system import BUILD, PATIENCE_S, Skip, expect, main, recording
from sync_case import Car, Station

FILL = sys.argv[1]


class Display:
    """A virtual one, as ./run makes it."""

    def __enter__(self):
        read, write = os.pipe()
        try:
            self.process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24",
                                             "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            raise Skip("there is no Xvfb for a virtual display") from None
        os.close(write)
        with os.fdopen(read) as file:
            self.name = ":" + file.readline().strip()
        expect(self.name != ":", "Xvfb did not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def play(folder, display):
    """What the terminal measured of itself."""
    measured = os.path.join(folder, "measured.json")
    settings = {"DISPLAY": display.name, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GTK_A11Y": "none"}
    done = subprocess.run([os.path.join(BUILD, "bolo"), "--replay", recording(), "--seat", "operator", "--silent",
                           "--state", folder, "--measure", measured, "--quit-at-end"],
                          env=dict(os.environ, **settings), capture_output=True, text=True, check=False,
                          timeout=PATIENCE_S * 4)
    expect(done.returncode == 0, done.stderr)
    with open(measured, encoding="utf-8") as file:
        return json.load(file)


def test_screen_while_sending(folder):
    station = Station(folder).start()
    # Replays keep their records below their state folder.
    car = Car(folder, station, FILL, name="replay", certificate="KT12")
    car.fill(10_000, 60, 49_000)
    with Display() as display:
        screen = play(folder, display)
    arrived = len(station.items())
    print("# while %d items went: frame clock p50 %.0f, p99 %.0f ms; main loop %d times over 100 ms late, %.0f ms at most; "
          "hits on the card in %.0f ms at most" %
          (arrived, screen["frame_clock_ms"]["p50"], screen["frame_clock_ms"]["p99"], screen["main_loop_stalls_over_100ms"],
           screen["main_loop_late_ms"]["max"], screen["hit_to_card_ms"]["max"]), flush=True)
    expect(arrived > 0, "nothing was sent while the recording played")
    expect(screen["hit_to_card_ms"]["count"] > 0, "no hit was shown")
    code, end, err = car.sync("--wait")
    expect(code == 0, "%s %s" % (end, err))
    car.expect_whole()
    station.stop()


main([test_screen_while_sending])
