# What this file is for: the labelled real pictures that training may use, and those it must leave alone.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of split `train` are used, except

- frames of a drive within NEAR seconds of a frame of the `dev` split (the same car, a moment later),
- pictures that show a plate whose text is in any set's `dev` split,
- HELD pictures in every hundred (chosen by a hash of the name): kept for calibration. One that shows a plate which
  another picture trains is kept for neither.
"""
import csv
import hashlib
import os
import re

SETS = ("openimages_plates", "ro_dashcam")
NEAR = 30
HELD = 20
FRAME = re.compile(r"^dataset_(?:train|valid|test)_images_(.*)\.mp4_t_(\d+)\.\w+$")


def fold(text):
    """Letters and digits only, those drawn alike made the same."""
    return re.sub(r"[^A-Z0-9]", "", text.upper()).translate(str.maketrans("OQI", "001"))


def moment(image):
    """(drive, second) of a frame, None for a single picture."""
    m = FRAME.match(os.path.basename(image))
    return (m[1], int(m[2])) if m else None


def held_out(image):
    return int(hashlib.sha256(os.path.basename(image).encode()).hexdigest(), 16) % 100 < HELD


def read(data, name):
    with open(os.path.join(data, name, "labels.csv"), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def dev_facts(data):
    """(texts, moments) of every `dev` row of every set that lies in the folder."""
    texts, moments = set(), {}
    for name in sorted(os.listdir(data)):
        if not os.path.exists(os.path.join(data, name, "labels.csv")):
            continue
        for r in read(data, name):
            if r["split"] != "train":
                if len(fold(r["text"])) >= 4:
                    texts.add(fold(r["text"]))
                at = moment(r["image"])
                if at:
                    moments.setdefault(at[0], set()).add(at[1])
    return texts, moments


def why_not(rows, texts, moments):
    """Why the picture with these rows may not be trained on; None if it may."""
    at = moment(rows[0]["image"])
    if at and any(abs(at[1] - t) <= NEAR for t in moments.get(at[0], ())):
        return "near a dev frame"
    if any(fold(r["text"]) in texts for r in rows if r["text"]):
        return "a dev plate"
    return None


def pictures(data, held=False):
    """[(set, image path in the set, rows)] to train on, or, held, to calibrate with."""
    texts, moments = dev_facts(data)
    train, kept = [], []
    for name in SETS:
        images = {}
        for r in read(data, name):
            images.setdefault(r["image"], []).append(r)
        for image, rows in sorted(images.items()):
            if all(r["split"] == "train" for r in rows) and not why_not(rows, texts, moments):
                (kept if held_out(image) else train).append((name, image, rows))
    if not held:
        return train
    known = {fold(r["text"]) for _, _, rows in train for r in rows if r["text"]}
    return [p for p in kept if not any(r["text"] and fold(r["text"]) in known for r in p[2])]
