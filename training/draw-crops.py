#!/usr/bin/env python3
# What this file is for: draw UK plates as the camera might see them, cut out and labelled, to measure the reader's errors.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: draw-crops.py OUTDIR [--count N] [--seed S] [--strength X]

Writes OUTDIR/images/*.png and OUTDIR/labels.csv. What is drawn is not what the shipped reader was trained on: another
seed, UK plates on one line only, harder light and motion where --strength is above 1."""
import argparse
import csv
import os

import cv2
import numpy as np

import crops
import fonts
import plates

OUTLINES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "plate", "outlines-gb.ini")


def draw(rng, uk_fonts, other_fonts, strength):
    while True:
        text = plates.uk_text(rng)
        p = plates.render(rng, uk_fonts, other_fonts, style="uk", text=text, two_line=False,
                          scale=float(rng.uniform(0.5, 0.72)), strength=strength)
        img = plates.light(p.image, rng, strength)
        M, sw, sh, roll = crops.place(rng, p.quad, strength, float(np.exp(rng.uniform(np.log(45), np.log(160)))), rectified=True)
        small = crops.warp(img, M, sw, sh, sh / (p.quad[3, 1] - p.quad[0, 1]))
        return plates.sensor(small, rng, strength, roll, sw), "".join(g[0] for g in p.glyphs)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out")
    ap.add_argument("--count", type=int, default=4000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--strength", type=float, default=1.0)
    a = ap.parse_args()
    rng = np.random.default_rng([a.seed, 0xb010])
    uk_fonts, other_fonts = fonts.make_fonts(rng, OUTLINES, 120, 14)
    os.makedirs(os.path.join(a.out, "images"), exist_ok=True)
    with open(os.path.join(a.out, "labels.csv"), "w", newline="") as f:
        w = csv.writer(f)
        w.writerow("image,x1,y1,x2,y2,text,country,label_src,quality,split".split(","))
        for i in range(a.count):
            img, text = draw(rng, uk_fonts, other_fonts, a.strength)
            name = f"images/{i:06d}.png"
            cv2.imwrite(os.path.join(a.out, name), np.clip(img, 0, 255).astype(np.uint8))
            w.writerow([name, "", "", "", "", text, "GB", "drawn", "ok", "dev"])


if __name__ == "__main__":
    main()
