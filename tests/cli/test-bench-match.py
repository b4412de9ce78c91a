#!/usr/bin/env python3
# test-bench-match.py: boloctl bench match and bench-near measure what they say, on small lists
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
import sys

BENCH_NEAR = sys.argv.pop(1)
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))

from system import expect, main, run  # noqa: E402


def bench(folder, *more):
    return run(["bench", "match", "--json", "--state", folder, *more])


def test_figures(folder):
    code, out, err = bench(folder, "--entries", "3000", "--queries", "500", "--seed", "4")
    expect(code == 0, err)
    figures = json.loads(out)
    expect(figures["entries"] == 3000, figures)
    for kind in ("exact_hit_us", "exact_miss_us", "near_us", "pattern_us", "cold_us"):
        times = figures[kind]
        expect(times["n"] > 100 and 0 < times["p50"] <= times["p99"], (kind, times))
    # Two thirds of the list are not weeded; what a read meets of another seed is next to nothing.
    expect(figures["exact_hit_us"]["n"] > 300, figures)
    for key in ("build_s", "open_ms", "open_cold_ms", "delta_s", "index_mb", "rows_mb", "peak_rss_mb"):
        expect(figures[key] >= 0, key)
    expect(0 < figures["delta_reader_us"]["p99"] <= figures["delta_reader_us"]["max"], figures)
    expect(figures["index_mb"] < figures["rows_mb"], figures)
    expect(os.listdir(folder) == [], "nothing is left behind")


def test_misuse(folder):
    for wrong in (["--entries", "0"], ["--entries", "many"], ["--queries", "1"], ["extra"]):
        code, out, _ = bench(folder, *wrong)
        expect(code == 2 and out == "", (wrong, code, out))


def plate(text, chars):
    return {"text": text, "confidence": 0.9, "corners": [],
            "chars": [{"c": c, "p": p, "alt": [{"c": a, "p": q} for a, q in alternatives]} for c, p, alternatives in chars]}


def near(folder, labels, reads):
    with open(os.path.join(folder, "labels.csv"), "w", encoding="utf-8") as file:
        file.write("image,x1,y1,x2,y2,text,country,label_src,quality,split\n")
        for name, text in labels:
            file.write(f"images/{name},,,,,{text},GB,drawn,ok,dev\n")
    with open(os.path.join(folder, "reads.jsonl"), "w", encoding="utf-8") as file:
        for name, one in reads:
            file.write(json.dumps({"path": f"images/{name}", "plates": [one]}) + "\n")
    return subprocess.run([BENCH_NEAR, "--entries", "100", "--state", folder, os.path.join(folder, "labels.csv"),
                           os.path.join(folder, "reads.jsonl")], capture_output=True, text=True, check=False)


def test_near(folder):
    sure = [(c, 1.0, []) for c in "AB12CDE"]
    doubtful = sure[:6] + [("F", 0.6, [("E", 0.3)])]
    done = near(folder, [("a.png", "AB12CDE"), ("b.png", "AB12CDE")],
                [("a.png", plate("AB12CDE", sure)), ("b.png", plate("AB12CDF", doubtful))])
    expect(done.returncode == 0, done.stderr)
    points = [json.loads(line) for line in done.stdout.splitlines()]
    expect(len(points) > 50, len(points))
    at = {(p["near"], p["length"], p["score"]): p for p in points}
    # The truth has half the likelihood of what was read: near at 0.3, not yet at 0.5 sharp.
    expect(at["alternatives", "all", 0.3]["recovered_pct"] == 100, at["alternatives", "all", 0.3])
    expect(at["alternatives", "all", 0.3]["wrong"] == 1, "one of two was misread")
    expect(at["alternatives", "6", 0.3]["wrong"] == 0, "it has seven characters")
    # Looser is never less.
    for way in ("alternatives", "edits"):
        found = [p["recovered_pct"] for p in points if p["near"] == way and p["length"] == "all"]
        expect(found == sorted(found), found)


def test_near_refuses(folder):
    done = near(folder, [], [])
    expect(done.returncode == 0, done.stderr)
    with open(os.path.join(folder, "reads.jsonl"), "w", encoding="utf-8") as file:
        file.write("no json\n")
    done = subprocess.run([BENCH_NEAR, "--entries", "100", "--state", folder, os.path.join(folder, "labels.csv"),
                           os.path.join(folder, "reads.jsonl")], capture_output=True, text=True, check=False)
    expect(done.returncode == 1 and "read --json" in done.stderr, done.stderr)


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name.startswith("test_")])
