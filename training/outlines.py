# What this file is for: read a stroke-outline file (data/plate/outlines-*.ini) and draw its glyphs with OpenCV.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glyph masks are made by offsetting the centre line by hand (butt caps, mitred joins), so that no
font file and no drawing library beside OpenCV is needed."""
import configparser
import math

import cv2
import numpy as np

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def parse_path(text, steps=8):
    """SVG-like path to a list of (points, closed)."""
    tokens, subpaths, i = text.split(), [], 0
    points, closed = [], False
    while i < len(tokens):
        command = tokens[i]
        need = {"M": 2, "L": 2, "C": 6, "Z": 0}[command]
        v = [float(t) for t in tokens[i + 1:i + 1 + need]]
        i += 1 + need
        if command == "M":
            if points:
                subpaths.append((np.array(points), closed))
            points, closed = [v], False
        elif command == "L":
            points.append(v)
        elif command == "C":
            p0 = np.array(points[-1])
            p1, p2, p3 = (np.array(v[k:k + 2]) for k in (0, 2, 4))
            for s in range(1, steps + 1):
                t = s / steps
                points.append(list((1 - t) ** 3 * p0 + 3 * t * (1 - t) ** 2 * p1 + 3 * t * t * (1 - t) * p2 + t ** 3 * p3))
        else:
            closed = True
    if points:
        subpaths.append((np.array(points), closed))
    return subpaths


def load(path):
    """Returns ({'height_mm': ..}, {char: (advance, subpaths)})."""
    ini = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=None, comment_prefixes=("#",))
    ini.optionxform = str
    with open(path, encoding="utf-8") as f:
        ini.read_file(f)
    dims = {k: float(v) for k, v in ini["outline"].items() if k.endswith("_mm")}
    glyphs = {}
    for key, value in ini["glyphs"].items():
        advance, _, outline = value.partition(";")
        glyphs[key] = (float(advance), parse_path(outline))
    return dims, glyphs


def _fill(mask, polygon, scale, shift):
    q = np.round((np.asarray(polygon) * scale + shift) * 64).astype(np.int32)
    cv2.fillPoly(mask, [q.reshape(-1, 1, 2)], 255, cv2.LINE_AA, 6)


def stroke(mask, points, closed, pen, scale, shift=0.0):
    """Fill one stroked subpath into the mask."""
    p = [points[0]]
    for q in points[1:]:
        if np.hypot(*(q - p[-1])) > 1e-6:
            p.append(q)
    if closed and np.hypot(*(p[0] - p[-1])) < 1e-6:
        p.pop()
    n = len(p)
    segments = [(p[i], p[(i + 1) % n]) for i in range(n if closed else n - 1)]
    half = pen / 2
    for a, b in segments:
        d = (b - a) / np.hypot(*(b - a))
        o = np.array([-d[1], d[0]]) * half
        _fill(mask, [a + o, b + o, b - o, a - o], scale, shift)
    joins = range(len(segments)) if closed else range(1, len(segments))
    for i in joins:
        (a, b), (_, c) = segments[i - 1], segments[i]
        d0 = (b - a) / np.hypot(*(b - a))
        d1 = (c - b) / np.hypot(*(c - b))
        cross, dot = d0[0] * d1[1] - d0[1] * d1[0], float(np.dot(d0, d1))
        if abs(cross) < 1e-4:
            continue
        side = -1.0 if cross > 0 else 1.0
        o0, o1 = (np.array([-d[1], d[0]]) * half * side for d in (d0, d1))
        wedge = [b, b + o0]
        half_angle = math.sqrt(max(0.0, (1 + dot) / 2))      # cosine of half the turn
        if half_angle > 0.25:
            wedge.append(b + (o0 + o1) / (2 * half_angle ** 2))
        wedge.append(b + o1)
        _fill(mask, wedge, scale, shift)


def glyph_mask(glyph, dims, height=72, pen=None):
    """Grey mask (255 = ink) of the glyph's whole cell."""
    advance, subpaths = glyph
    scale = height / dims["height_mm"]
    mask = np.zeros((height, max(1, int(round(advance * scale)))), np.uint8)
    for points, closed in subpaths:
        stroke(mask, points, closed, pen or dims["stroke_mm"], scale, -0.5)
    return mask
