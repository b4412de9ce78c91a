#!/usr/bin/env python3
# What this file is for: show that no picture, plate or near frame of a `dev` split is trained on or calibrated with.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: check-data.py DATA [--pictures]

Compares what rows.py hands to the trainers and to the calibration with every `dev` row of every set in DATA: names,
plate texts, moments of a drive and, with --pictures, the pictures themselves (a difference hash of 256 bits; two that
differ in at most 24 are one picture). Ends with 1 if anything is found."""
import argparse
import os
import sys

import rows

SAME_BITS = 24


def difference_hash(path):
    import cv2
    grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise SystemExit(f"check-data.py: cannot read {path}; the sets are not whole")
    small = cv2.resize(grey, (17, 16), interpolation=cv2.INTER_AREA)
    return int("".join("1" if b else "0" for b in (small[:, 1:] > small[:, :-1]).ravel()), 2)


def dev_pictures(data):
    for name in sorted(os.listdir(data)):
        if os.path.exists(os.path.join(data, name, "labels.csv")):
            for image in sorted({r["image"] for r in rows.read(data, name) if r["split"] != "train"}):
                yield name, image


def compare(data, mine, with_pictures):
    """Sentences that name what is wrong."""
    texts, moments = rows.dev_facts(data)
    dev = list(dev_pictures(data))
    names = {os.path.basename(image) for _, image in dev}
    out = []
    for name, image, labels in mine:
        if os.path.basename(image) in names:
            out.append(f"{name}/{image} is a dev picture too")
        if any(r["text"] and rows.fold(r["text"]) in texts for r in labels):
            out.append(f"{name}/{image} shows a dev plate")
        at = rows.moment(image)
        if at and any(abs(at[1] - t) <= rows.NEAR for t in moments.get(at[0], ())):
            out.append(f"{name}/{image} lies within {rows.NEAR} s of a dev frame")
    if with_pictures:
        theirs = [(difference_hash(os.path.join(data, n, i)), f"{n}/{i}") for n, i in dev if i.lower().endswith((".jpg", ".jpeg", ".png"))]
        for name, image, _ in mine:
            h = difference_hash(os.path.join(data, name, image))
            out += [f"{name}/{image} is the same picture as {other}" for o, other in theirs if bin(h ^ o).count("1") <= SAME_BITS]
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("data")
    ap.add_argument("--pictures", action="store_true")
    a = ap.parse_args()
    train, held = rows.pictures(a.data), rows.pictures(a.data, held=True)
    texts, moments = rows.dev_facts(a.data)
    wrong = compare(a.data, train + held, a.pictures)
    both = {rows.fold(r["text"]) for _, _, l in train for r in l if len(rows.fold(r["text"])) >= 4} & \
           {rows.fold(r["text"]) for _, _, l in held for r in l if r["text"]}
    wrong += [f"{len(both)} plates are both trained on and calibrated with"] if both else []
    print(f"{len(train)} pictures to train on, {len(held)} held for calibration; "
          f"{sum(1 for _ in dev_pictures(a.data))} dev pictures with {len(texts)} plates, {sum(map(len, moments.values()))} moments of drives")
    for w in wrong:
        print(w)
    print("found: nothing" if not wrong else f"found: {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
