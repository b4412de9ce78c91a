#!/usr/bin/env python3
# test-station-bench.py: bolo-station bench says what it measured, and leaves nothing behind
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
import sys

from station import STATION, new_database
from system import PATIENCE_S, expect, main


def bench(*words):
    done = subprocess.run([STATION, "bench", *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return done.returncode, done.stdout, done.stderr


def test_result(folder):
    database = new_database()
    code, out, err = bench("--records", "1003", "--cars", "4", "--state", folder,
                           *(["--postgres", database] if database else []))
    expect(code == 0, err)
    said = json.loads(out)
    expect(len(out.splitlines()) == 1, out)
    expect((said["records"], said["cars"]) == (1003, 4), out)
    expect(said["store"] == ("postgres" if database else "sqlite"), out)
    for name in ("records_per_s", "mb_per_s", "station_peak_rss_mb"):
        expect(said[name] > 0, "%s: %s" % (name, out))
    expect(0 < said["batch_ms"]["p50"] <= said["batch_ms"]["p99"], out)
    expect(os.listdir(folder) == [], "left behind: %s" % os.listdir(folder))


def test_a_car_a_record(folder):
    code, out, err = bench("--records", "3", "--cars", "3", "--state", folder)
    expect(code == 0 and json.loads(out)["records"] == 3, err)


def test_usage(folder):
    for words, status in ((["--records", "0"], 2), (["--cars", "0"], 2), (["--records", "5", "--cars", "6"], 2),
                          (["--cars", "2000", "--records", "5000"], 2), (["more"], 2), (["--nonsense"], 2),
                          (["--state", os.path.join(folder, "nowhere")], 1),
                          (["--records", "20", "--postgres", "host=/nowhere"], 1)):
        code, out, err = bench(*words)
        expect(code == status and not out, "%s: %d: %s" % (words, code, err))
        expect(any(line.startswith("bolo-station bench: ") for line in err.splitlines()), "%s: %s" % (words, err))
    expect(os.listdir(folder) == [], "left behind: %s" % os.listdir(folder))


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
