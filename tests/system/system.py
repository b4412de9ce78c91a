# system.py: what the whole-program tests share: TAP, running boloctl, a short recording
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

BUILD = os.environ["BOLO_BUILD_DIR"]
SOURCE = os.environ["BOLO_SOURCE_DIR"]
BOLOCTL = os.path.join(BUILD, "boloctl")
DRIVE = os.path.join(BUILD, "bolo-drive")
# A sanitised build is several times slower; deadlines are for hangs, not for speed.
PATIENCE_S = 600


class Skip(Exception):
    """Raised with the reason why a test cannot be run here."""


def run(arguments, **options):
    """Runs boloctl; returns (exit code, standard output, standard error)."""
    done = subprocess.run([BOLOCTL] + [str(a) for a in arguments], capture_output=True, text=True,
                          timeout=options.pop("timeout", PATIENCE_S), **options)
    return done.returncode, done.stdout, done.stderr


def events(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def wait_for(condition, what, seconds=None):
    """Polls a condition until it is true; fails with what was waited for."""
    end = time.monotonic() + (seconds or PATIENCE_S)
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("waited in vain for " + what)


def recording(name="short"):
    """The folder of a rendered recording, made once a build from tests/recordings/NAME.ini."""
    target = os.path.join(BUILD, "tests", "recordings", name)
    if not os.path.exists(os.path.join(target, "recording.ini")):
        scenario = os.path.join(SOURCE, "tests", "recordings", name + ".ini")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        scratch = tempfile.mkdtemp(dir=os.path.dirname(target))
        subprocess.run([DRIVE, "render", scenario, os.path.join(scratch, "out")], check=True,
                       capture_output=True, timeout=PATIENCE_S * 4)
        try:
            os.rename(os.path.join(scratch, "out"), target)
        except OSError:
            pass  # another test was first
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def main(tests):
    """Runs functions named test_*, each with a fresh folder, and reports in TAP."""
    print("1..%d" % len(tests))
    failed = 0
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("test_", "").replace("_", "-")
        folder = tempfile.mkdtemp(prefix="bolo-system-")
        try:
            test(folder)
            print("ok %d %s" % (number, name), flush=True)
        except Skip as reason:
            print("ok %d %s # SKIP %s" % (number, name, reason), flush=True)
        except Exception:
            failed += 1
            print("not ok %d %s" % (number, name))
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            sys.stdout.flush()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)
