#!/usr/bin/env python3
# What this file is for: list every real picture that training may use, with its set, id and licence.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-manifest.py DATA > manifest.csv"""
import csv
import os
import sys

data = sys.argv[1]
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["set", "picture", "source", "licence", "used_by"])
sources = {r["image"]: r for r in csv.DictReader(open(os.path.join(data, "openimages_plates", "sources.csv"), encoding="utf-8"))}
for name in ("openimages_plates", "ro_dashcam"):
    rows = csv.DictReader(open(os.path.join(data, name, "labels.csv"), encoding="utf-8"))
    for image in sorted({r["image"] for r in rows if r["split"] == "train" and r["x1"]}):
        base = os.path.basename(image)
        if name == "openimages_plates":
            s = sources[base]
            out.writerow([name, base, "Open Images " + s["open_images_id"], f"picture {s['image_licence']} by its Flickr author; boxes {s['box_licence']} by Google", "detector"])
        else:
            out.writerow([name, base, "github.com/RobertLucian/license-plate-dataset", "MIT", "detector"])
for base in sorted(os.listdir(os.path.join(data, "road_scenes"))):
    if base.lower().endswith((".jpg", ".jpeg", ".png")):
        owner = base.split("_", 1)[0].replace("+", "/")
        out.writerow(["road_scenes", base, "github.com/" + owner, "MIT", "detector and reader (no readable plate)"])
