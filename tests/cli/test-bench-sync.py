# test-bench-sync.py: boloctl bench sync sends to a real station, says what it measured, and leaves nothing behind
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
import sys
import tempfile

# See tests/system/sync_case.py: the leak checker crashes at the end of programs with TLS threads.
if "ASAN_OPTIONS" in os.environ:
    os.environ["ASAN_OPTIONS"] += ":detect_leaks=0"

BOLOCTL = os.path.join(os.environ["BOLO_BUILD_DIR"], "boloctl")
FIGURES = ("records_per_s", "mb_per_s", "curl_mb_per_s", "ratio", "peak_rss_mb", "car_cpu_s")


def bench(folder, *options):
    done = subprocess.run([BOLOCTL, "bench", "sync", "--state", folder, *options], capture_output=True, text=True,
                          timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def check(name, number, problem):
    print("%s %d - %s" % ("not ok" if problem else "ok", number, name))
    for line in (problem or "").splitlines():
        print("# " + line)
    return bool(problem)


def check_json(folder):
    code, out, err = bench(folder, "--records", "120", "--json")
    if code != 0:
        return err
    said = json.loads(out)
    missing = [name for name in FIGURES if not isinstance(said.get(name), (int, float)) or said[name] <= 0]
    if missing:
        return "%s in %s" % (missing, said)
    # Each sighting, its two pictures, a hit a hundred.
    if said["items"] != 3 * 120 + 2 or said["bytes"] < 120 * 50000:
        return "not everything was sent: %s" % said
    if abs(said["ratio"] - said["mb_per_s"] / said["curl_mb_per_s"]) > 0.02:
        return "the ratio is of other numbers: %s" % said
    return "left behind: %s" % os.listdir(folder) if os.listdir(folder) else None


def check_large(folder):
    """Larger pictures than the station takes at once, and more of them than may wait for the disk."""
    code, out, err = bench(folder, "--records", "200", "--overview-bytes", "499000", "--json")
    if code != 0:
        return err
    said = json.loads(out)
    return None if said["items"] == 3 * 200 + 2 and said["bytes"] > 200 * 502000 else "not everything was sent: %s" % said


def check_words(folder):
    """A folder that is named from here is as good as one that is named from the top."""
    code, out, err = bench(os.path.relpath(folder), "--records", "20")
    return None if code == 0 and "records/s" in out and "peak memory" in out else out + err


def check_misuse(folder):
    code, _, err = bench(folder, "--records", "0")
    if code != 2 or len(err.splitlines()) != 1:
        return err
    code, _, err = bench(folder, "--overview-bytes", "600000")
    return None if code == 2 and len(err.splitlines()) == 1 else err


def main():
    checks = [("figures", check_json), ("large", check_large), ("words", check_words), ("misuse", check_misuse)]
    failed = 0
    print("1..%d" % len(checks))
    for number, (name, function) in enumerate(checks, 1):
        with tempfile.TemporaryDirectory(prefix="bolo-bench-") as folder:
            failed += check(name, number, function(folder))
        sys.stdout.flush()
    return 1 if failed else 0


sys.exit(main())
