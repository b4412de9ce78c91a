#!/usr/bin/env python3
# What this file is for: fit data/models/calibration.ini on held pictures, and say how far stated confidence is off.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: calibrate.py fit BOLOCTL MODELS DATA        writes MODELS/calibration.ini
       calibrate.py judge BOLOCTL MODELS DATA      expected calibration error and reliability on every `dev` row

fit reads the held pictures of rows.py, which trained nothing, as they are and, to have small, dark and noisy plates too,
in two poorer versions each. A read is right when it says the label's text, 0 and O, 1 and I being one; one where no plate
is labelled is wrong; one on a plate without a text counts for neither. Three numbers are fitted, a, b and c of
logit(right) = a ln(raw) - b ln(1 - raw) + c, and written as points. Three numbers cannot follow chance."""
import os
import shutil
import sys
import tempfile

import cv2
import numpy as np

import reads
import rows

POINTS = (0.002, 0.01, 0.03, 0.07, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.96, 0.985, 0.995, 1.0)
BINS = 10


def versions(grey, rng):
    """(picture, scale): as it is, then smaller, then dark, soft and noisy."""
    yield grey, 1.0
    yield cv2.resize(grey, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), 0.6
    poor = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.8, 2.0)) * rng.uniform(0.25, 0.7) + rng.normal(0, 4, grey.shape)
    yield np.clip(poor, 0, 255).astype(np.uint8), 1.0


def held_reads(boloctl, models, data):
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "models")
        shutil.copytree(models, plain)
        os.remove(os.path.join(plain, "calibration.ini"))  # the nets' own confidence
        made = {}
        for i, (name, image, labels) in enumerate(rows.pictures(data, held=True)):
            grey = cv2.imread(os.path.join(data, name, image), cv2.IMREAD_GRAYSCALE)
            for k, (version, scale) in enumerate(versions(grey, rng)):
                path = os.path.join(folder, f"{i}-{k}.png")
                cv2.imwrite(path, version)
                made[path] = labels, scale
        said = reads.read(boloctl, plain, sorted(made))
        return [s for path, (labels, scale) in sorted(made.items()) for s in reads.judge(said[path], labels, scale)]


def features(raw):
    p = np.clip(np.atleast_1d(np.asarray(raw, np.float64)), 1e-3, 1 - 1e-3)
    return np.stack([np.log(p), -np.log(1 - p), np.ones_like(p)], 1)


def fit(samples):
    """Beta calibration by Newton's steps, held a little towards right = raw."""
    X, y = features([s[0] for s in samples]), np.array([float(s[1]) for s in samples])
    prior, hold = np.array([1.0, 1.0, 0.0]), np.diag([2.0, 2.0, 0.1])
    w = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - np.linalg.solve((X * (p * (1 - p))[:, None]).T @ X + hold, X.T @ (p - y) + hold @ (w - prior))
    return np.maximum(w, [0, 0, -20])                     # never falling


def apply(w, raw):
    return 1 / (1 + np.exp(-(features(raw) @ w)))


def reliability(samples):
    """(expected calibration error, [(low, n, mean confidence, share right)])."""
    bins, error = [], 0.0
    for i in range(BINS):
        part = [s for s in samples if i / BINS <= s[0] < (i + 1) / BINS or (i == BINS - 1 and s[0] == 1)]
        if part:
            said, right = sum(s[0] for s in part) / len(part), sum(s[1] for s in part) / len(part)
            error += abs(said - right) * len(part) / len(samples)
            bins.append((i / BINS, len(part), said, right))
    return error, bins


def write(models, samples, w):
    right = apply(w, POINTS)
    n, good = len(samples), sum(s[1] for s in samples)
    with open(os.path.join(models, "calibration.ini"), "w", encoding="utf-8") as f:
        f.write("# What this file is for: how often a read of a given raw confidence is right, for both models together.\n"
                "# SPDX-License-Identifier: GPL-3.0-or-later\n#\n"
                "# raw is the probability of the read text over all its alignments, times min(1, detection score / 0.5);\n"
                "# right is the share of such reads that were right (0 and O, 1 and I being the same), false ones counted.\n"
                "# Straight lines between the points. Written by training/calibrate.py from pictures that trained nothing:\n"
                f"# {n} reads, {good} of them right.\n[calibration]\n")
        f.write("raw=" + ";".join(f"{p:g}" for p in POINTS) + "\n")
        f.write("right=" + ";".join(f"{min(r, 0.999):.3g}" for r in right) + "\n")


def dev_reads(boloctl, models, data):
    out = {}
    for name in sorted(os.listdir(data)):
        if os.path.exists(os.path.join(data, name, "labels.csv")):
            mine = reads.pictures(data, name)
            said = reads.read(boloctl, models, sorted(mine), reads.is_of_crops(name)) if mine else {}
            samples = [s for path, labels in mine.items() for s in reads.judge(said.get(path, []), labels)]
            if samples:
                out[name] = samples
    return out


def show(name, samples, bins=False):
    error, table = reliability(samples)
    print(f"{name:18} reads {len(samples):5} right {sum(s[1] for s in samples):5} calibration error {100 * error:5.1f} %")
    if bins:
        for low, n, said, right in table:
            print(f"    {low:.1f} to {low + 1 / BINS:.1f}: {n:5} reads, said {100 * said:5.1f} %, right {100 * right:5.1f} %  {'#' * round(40 * right)}")


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("fit", "judge"):
        raise SystemExit(__doc__)
    what, boloctl, models, data = sys.argv[1:]
    if what == "fit":
        samples = held_reads(boloctl, models, data)
        if len(samples) < 100:
            raise SystemExit(f"calibrate.py: only {len(samples)} reads of held pictures in {data}; that fits nothing")
        w = fit(samples)
        show("held, raw", samples)
        show("held, fitted", [(float(apply(w, c)[0]), r) for c, r in samples], True)
        write(models, samples, w)
    else:
        each = dev_reads(boloctl, models, data)
        for name, samples in each.items():
            show(name, samples)
        show("all", [s for samples in each.values() for s in samples], True)


if __name__ == "__main__":
    main()
