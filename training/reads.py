# What this file is for: run `boloctl read` over a labelled set and match its reads with the labels.
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import re
import subprocess

import rows

FOUND, NEAR = 0.4, 0.2          # overlap with the label's box
CUT = 2                         # pixels from the picture's border, as in bolo-still.c: a part may be missing
PICTURES = (".jpg", ".jpeg", ".png")


def overlap(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def plain(text):
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def box_of(label):
    return [float(label[k]) for k in ("x1", "y1", "x2", "y2")] if label["x1"] else None


def hull(plate):
    xs, ys = [c[0] for c in plate["corners"]], [c[1] for c in plate["corners"]]
    return [min(xs), min(ys), max(xs), max(ys)]


def pictures(data, name, split="dev"):
    """{absolute path: labels} of the still pictures of a set."""
    out = {}
    for r in rows.read(data, name):
        if r["split"] == split and r["image"].lower().endswith(PICTURES):
            out.setdefault(os.path.abspath(os.path.join(data, name, r["image"])), []).append(r)
    return out


def is_of_crops(name):
    return name.endswith("crops")


def read(boloctl, models, paths, crop=False):
    """{absolute path: plates} by the real program; each plate with "cut", whether the picture's border cuts it."""
    command = [boloctl, "read", "--json", "--models", models] + (["--crop"] if crop else []) + list(paths)
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    for d in lines:
        for p in d.get("plates", ()):
            x0, _, x1, _ = hull(p)
            p["cut"] = (x0 < CUT or x1 > d["width"] - CUT) and x1 - x0 < d["width"] / 2
    return {os.path.abspath(d["path"]): d["plates"] for d in lines if "plates" in d}


def judge(plates, labels):
    """[(plate, right)] of one picture's reads; those that no label can judge are left out."""
    boxes = [(box_of(r), r) for r in labels]
    if not any(b for b, _ in boxes):                      # the picture is a plate, or has one
        if not plates or not labels[0]["text"]:
            return []
        best = max(plates, key=lambda p: p["confidence"])
        return [(best, rows.fold(best["text"]) == rows.fold(labels[0]["text"]))]
    out = []
    for p in plates:
        share, label = max(((overlap(hull(p), b), r) for b, r in boxes if b), key=lambda f: f[0])
        if share > NEAR:
            if rows.fold(label["text"]) and label["quality"] != "ignore":
                out.append((p, rows.fold(p["text"]) == rows.fold(label["text"])))
        elif all(b for b, _ in boxes):                    # else it might be the plate whose box is unknown
            out.append((p, False))
    return out


def plate_of(label, plates):
    """The read of a labelled plate; None when it was not found."""
    box = box_of(label)
    if box is None:
        return max(plates, key=lambda p: p["confidence"], default=None)
    best = max(plates, key=lambda p: overlap(hull(p), box), default=None)
    return best if best is not None and overlap(hull(best), box) > FOUND else None


def said_of(label, plates):
    """What was read of it."""
    plate = plate_of(label, plates)
    return plate["text"] if plate else None
