#!/usr/bin/env python3
# test-plot.py: docs/plot-matching.py draws every curve of what the bench says
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SCRIPT = os.path.join(os.environ["BOLO_SOURCE_DIR"], "docs", "plot-matching.py")
SVG = "{http://www.w3.org/2000/svg}"


def line(entries):
    times = {"p50": 0.5, "p99": 1.5}
    return json.dumps({"entries": entries, "open_ms": 0.2, "rss_growth_mb": 12.0, "exact_hit_us": times,
                       "exact_miss_us": times, "near_us": times, "pattern_us": times})


def main():
    print("1..1")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(line(n) for n in (1000000, 1000, 10000000)) + "\n")
        file.flush()
        drawn = subprocess.run([sys.executable, SCRIPT, file.name], capture_output=True, text=True, check=True)
    curves = ElementTree.fromstring(drawn.stdout).findall(SVG + "polyline")
    points = [[float(pair.split(",")[0]) for pair in curve.get("points").split()] for curve in curves]
    good = len(curves) == 6 and all(len(xs) == 3 and xs == sorted(xs) for xs in points)
    print(("ok" if good else "not ok") + " 1 plot")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
