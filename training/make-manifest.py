#!/usr/bin/env python3
# What this file is for: list every real picture that training used, with its set, id, licence and what it was used for.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-manifest.py DATA > manifest.csv
       make-manifest.py --withheld DATA > withheld.csv     the dev pictures of the same two sets, which the tests compare"""
import csv
import os
import sys

import rows

EARLIER = "detector, versions 1 and 2 only"        # their training knew neither held pictures nor near frames


def uses(labels):
    return "detector and reader" if any(r["text"] for r in labels) else "detector"


def write_withheld(out, data):
    out.writerow(["set", "picture"])
    for name in rows.SETS:
        for image in sorted({r["image"] for r in rows.read(data, name) if r["split"] != "train"}):
            out.writerow([name, os.path.basename(image)])


def main():
    data = sys.argv[-1]
    out = csv.writer(sys.stdout, lineterminator="\n")
    if sys.argv[1] == "--withheld":
        write_withheld(out, data)
        return
    out.writerow(["set", "picture", "source", "licence", "used_by"])
    with open(os.path.join(data, "openimages_plates", "sources.csv"), encoding="utf-8") as f:
        sources = {r["image"]: r for r in csv.DictReader(f)}
    now = {(name, image): uses(labels) for name, image, labels in rows.pictures(data)}
    for name in rows.SETS:
        for image in sorted({r["image"] for r in rows.read(data, name) if r["split"] == "train" and r["x1"]}):
            base = os.path.basename(image)
            used = now.get((name, image), EARLIER)
            if name == "openimages_plates":
                s = sources[base]
                out.writerow([name, base, "Open Images " + s["open_images_id"],
                              f"picture {s['image_licence']} by its Flickr author; boxes {s['box_licence']} by Google", used])
            else:
                out.writerow([name, base, "github.com/RobertLucian/license-plate-dataset", "MIT", used])
    for base in sorted(os.listdir(os.path.join(data, "road_scenes"))):
        if base.lower().endswith((".jpg", ".jpeg", ".png")):
            owner = base.split("_", 1)[0].replace("+", "/")
            out.writerow(["road_scenes", base, "github.com/" + owner, "MIT", "detector and reader (no readable plate)"])


if __name__ == "__main__":
    main()
