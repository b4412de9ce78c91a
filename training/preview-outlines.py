#!/usr/bin/env python3
# What this file is for: draw every character of an outline file, and two plates, into a PNG to look at.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: preview-outlines.py OUTLINES.ini PICTURE.png"""
import sys

import numpy as np
import cv2

import outlines


def line(text, dims, glyphs, scale=1.0):
    height = int(dims["height_mm"] * scale * 2)
    parts = []
    for c in text:
        gap = dims["group_gap_mm"] - dims["char_gap_mm"] if c == " " else dims["char_gap_mm"]
        if c != " ":
            parts.append(outlines.glyph_mask(glyphs[c], dims, height))
        parts.append(np.zeros((height, int(gap * scale * 2)), np.uint8))
    row = np.hstack(parts)
    return np.pad(row, int(22 * scale))


def main():
    dims, glyphs = outlines.load(sys.argv[1])
    missing = [c for c in outlines.ALPHABET if c not in glyphs]
    if missing:
        sys.exit("missing: " + " ".join(missing))
    rows = [line(t, dims, glyphs) for t in ("0123456789", "ABCDEFGHIJ", "KLMNOPQRST", "UVWXYZ", "LS15 EBC", "GC60 GQS")]
    width = max(r.shape[1] for r in rows)
    sheet = np.vstack([np.pad(r, ((0, 0), (0, width - r.shape[1]))) for r in rows])
    cv2.imwrite(sys.argv[2], 255 - sheet)


main()
