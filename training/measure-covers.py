#!/usr/bin/env python3
# What this file is for: how sure the terminal is of plates that something covers, drawn ones and real ones that trained nothing.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: measure-covers.py DATA BOLOCTL MODELS...

For each folder of models, of drawn crops, of held real ones and of whole held pictures, bare and with something before their
characters: reads of more than 0.8, how many of them are wrong, and what share of all right reads is among them. Covered crops
are those of which a fifth of a character is hidden, or more; in the pictures some covers hide nothing. The samples are the same
for every folder."""
import os
import sys
import tempfile

import cv2
import numpy as np

import calibrate
import compare
import covers
import reads
import real
import rows

from importlib import import_module

HIDDEN = 0.2
N = 600


def drawn(cover):
    """[(crop, text)]: as compare.py covers them."""
    return [(crop, text) for crop, text, _ in compare.draw(N, lambda style, country: True, 1 if cover else 0, 4711)]


def held(data, cover):
    rng = np.random.default_rng(4712)
    source = covers.Real(real.load(data, held=True), import_module("train-cover").columns_of(
        os.path.join(compare.HERE, "..", "data", "models", "reader.onnx")))
    out = []
    while len(out) < N:
        crop, y, hidden, text = source(rng, 0.5, share=1.0 if cover else 0.0, with_text=True)
        if not cover or hidden.max() >= HIDDEN:
            out.append((crop, text))
    return out


def mixed(cover):
    """Drawn plates under the covers of covers.py, from another seed than training's."""
    rng = np.random.default_rng(4713)
    uk, other = compare.fonts.make_fonts(rng, os.path.join(compare.HERE, "..", "data", "plate", "outlines-gb.ini"), 80, 12)
    out, share = [], covers.SHARE
    covers.SHARE = 1.0 if cover else -covers.MISSES
    while len(out) < N:
        crop, y, hidden, text = covers.sample(rng, uk, other, 0.7, with_text=True)
        if (hidden.max() >= HIDDEN) == cover:
            out.append((crop, text))
    covers.SHARE = share
    return out


def pictures(data, cover):
    """[(picture, label)]: each labelled plate of the held pictures, once bare or eight times covered."""
    out = []
    for i, (name, image, labels) in enumerate(rows.pictures(data, held=True)):
        rng = np.random.default_rng(100 + i)
        grey = cv2.imread(os.path.join(data, name, image), cv2.IMREAD_GRAYSCALE)
        for label in (r for r in labels if r["x1"] and r["text"] and r["quality"] in ("ok", "small")):
            out += [(calibrate.covered(grey, label, rng), label) for _ in range(8)] if cover else [(grey, label)]
    return out


def read(boloctl, folder, samples, work):
    """[(plate read or None, right)]."""
    paths = [os.path.join(work, f"{i}.png") for i in range(len(samples))]
    for path, (picture, _) in zip(paths, samples):
        cv2.imwrite(path, picture)
    whole = isinstance(samples[0][1], dict)
    said, out = reads.read(boloctl, folder, paths, crop=not whole), []
    for path, (_, of) in zip(paths, samples):
        near = [p for p in said[path] if not whole or reads.overlap(reads.hull(p), reads.box_of(of)) > 0.1]
        best = max(near, key=lambda p: p["confidence"], default=None)
        out.append((best, best is not None and rows.fold(best["text"]) == rows.fold(of["text"] if whole else of)))
    return out


def main():
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    data, boloctl, *folders = sys.argv[1:]
    sets = [(name, make(cover), cover) for name, make in (("drawn", drawn), ("drawn, other covers", mixed), ("held", lambda c: held(data, c)),
            ("held pictures", lambda c: pictures(data, c)))
            for cover in (False, True)]
    with tempfile.TemporaryDirectory() as work:
        for folder in folders:
            print(folder)
            for name, samples, cover in sets:
                best = read(boloctl, folder, samples, work)
                right, sure = np.array([r for _, r in best]), np.array([p is not None and p["confidence"] > compare.SURE for p, _ in best])
                print(f"  {name}, {'covered' if cover else 'bare':8} {len(samples)}, right {100 * right.mean():5.1f} %, sure {sure.sum():4}, "
                      f"of them wrong {(sure & ~right).sum():3} ({100 * (1 - right[sure].mean()) if sure.any() else 0:.1f} %), of all right sure {100 * sure[right].mean():5.1f} %", flush=True)


if __name__ == "__main__":
    main()
