#!/usr/bin/env python3
# What this file is for: one command from nothing, or from the shipped net, to data/models/*.onnx with its card.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-model.py reader|detector --data DIR [--work DIR] [--models ../data/models] [--boloctl BOLOCTL] [TRAINER'S OPTIONS]

Trains (going on where an interrupted call stopped), exports, and, given a boloctl, measures the pair on every set in DIR and
puts the figures on the card. What the trainer takes (--from, --minutes, --steps, --seed, --bf16 ...) is handed on."""
import argparse
import configparser
import os
import subprocess
import sys

import table

HERE = os.path.dirname(os.path.abspath(__file__))
USUAL = {"reader": ["--steps", "20000"], "detector": ["--steps", "8000"]}


def run(script, *args):
    subprocess.run([sys.executable, os.path.join(HERE, script), *args], check=True)


def version_of(card):
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(card, encoding="utf-8")
    return ini.getint("model", "version", fallback=0)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("kind", choices=sorted(USUAL))
    ap.add_argument("--data", required=True)
    ap.add_argument("--work", default=".")
    ap.add_argument("--models", default=os.path.join(HERE, "..", "data", "models"))
    ap.add_argument("--boloctl", help="measures the result; without it the card says that nothing was measured")
    a, more = ap.parse_known_args()
    weights = os.path.join(a.work, a.kind + ".pt")
    options = more if "--steps" in more else USUAL[a.kind] + more
    run(f"train-{a.kind}.py", "--out", weights, "--data", a.data, "--resume", *options)
    version = str(version_of(os.path.join(a.models, a.kind + ".ini")) + 1)
    region, cover = os.path.join(a.work, "region.pt"), os.path.join(a.work, "cover.pt")

    def put(*scores):
        run("export.py", a.kind, weights, a.models, "--version", version, *scores)
        if a.kind == "reader":
            if not scores:
                run("train-region.py", os.path.join(a.models, "reader.onnx"), "--out", region, "--minutes", "13", "--data", a.data)
            run("export.py", "region", region, a.models, "--version", version)
            if not scores:
                run("train-cover.py", os.path.join(a.models, "reader.onnx"), "--out", cover, "--minutes", "17", "--data", a.data)
            run("export.py", "cover", cover, a.models, "--version", version)

    put()
    if a.boloctl:
        put("--scores", "development rows by table.py: " + "; ".join(table.lines(a.boloctl, a.models, a.data, table.sets(a.data))))


if __name__ == "__main__":
    main()
