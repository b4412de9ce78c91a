# What this file is for: reader samples cut from real labelled pictures, never twice the same.
# SPDX-License-Identifier: GPL-3.0-or-later
import os

import cv2
import numpy as np

import crops
import plates
import regions
import rows

MARGIN = 0.6          # of the box, kept around it


class Plate:
    """A piece of a picture around one labelled plate: grey, the box in it, the text, the class of its region."""

    def __init__(self, image, box, text, region):
        self.image, self.box, self.text, self.region = image, box, text, region


def load(data, held=False):
    """Lists of the pictures of each text."""
    out = {}
    for name, image, labels in rows.pictures(data, held):
        grey = None
        for r in labels:
            text = rows.re.sub(r"[^A-Z0-9]", "", r["text"].upper())
            if not text or not r["x1"] or len(text) > crops.MAX_TEXT or r["quality"] not in ("ok", "small"):
                continue
            x0, y0, x1, y1 = (float(r[k]) for k in ("x1", "y1", "x2", "y2"))
            if (x1 - x0) / (y1 - y0) < 2.4:               # may be of two lines
                continue
            if grey is None:
                grey = cv2.imread(os.path.join(data, name, image), cv2.IMREAD_GRAYSCALE)
            mx, my = (x1 - x0) * MARGIN, (y1 - y0) * MARGIN
            a, b = max(0, int(x0 - mx)), max(0, int(y0 - my))
            part = grey[b:int(y1 + my) + 1, a:int(x1 + mx) + 1].copy()
            out.setdefault(text, []).append(Plate(part, np.array([x0 - a, y0 - b, x1 - a, y1 - b], np.float32), text,
                                                   regions.get_class_of_label(r["country"])))
    return [out[t] for t in sorted(out)]


def sample(rng, real, strength):
    """(crop uint8 48x160, text, region); the characters' places are not known."""
    u = rng.uniform
    same = real[rng.integers(len(real))]                  # a vehicle, then one of its pictures
    p = same[rng.integers(len(same))]
    x0, y0, x1, y1 = p.box
    w, h = x1 - x0, y1 - y0
    q = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    if rng.random() < 0.7:
        q = q + rng.normal(0, 0.02, (4, 2)) * [w * 0.5, h * 1.5]
        roll = rng.normal(0, 1.5) * np.pi / 180
    else:
        roll = rng.normal(0, 4.0) * np.pi / 180
    c, s = np.cos(roll), np.sin(roll)
    mid = q.mean(0)
    q = (q - mid) @ np.array([[1, 0], [rng.normal(0, 0.05), 1]]) @ np.array([[c, s], [-s, c]]) + mid
    q += np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [w * u(-0.005, 0.07), h * u(-0.01, 0.14)]
    shrink = 1.0 if w < 60 else u(max(0.35, 45 / w), 1.0)
    sw, sh = max(20, int(w * shrink)), max(8, int(h * shrink))
    M = cv2.getPerspectiveTransform(q.astype(np.float32), np.array([[0, 0], [sw, 0], [sw, sh], [0, sh]], np.float32))
    img = crops.warp(p.image, M, sw, sh, shrink).astype(np.float32)
    if rng.random() < 0.3:
        img = plates.light(img, rng, 0.4 * strength)
    if rng.random() < 0.1:
        img = 255 - img
    return crops.finish(camera(rng, img)), p.text, p.region


def camera(rng, img):
    """Little is added to a picture that went through a real camera already: it must stay readable."""
    u = rng.uniform
    if rng.random() < 0.25:
        img = cv2.GaussianBlur(img, (0, 0), u(0.3, 0.8))
    img = np.clip(img, 0, 255)
    if rng.random() < 0.4:
        img = 255 * (img / 255) ** u(0.6, 1.6)
    img = img * u(0.4, 1.0)
    if rng.random() < 0.4:
        img = img + rng.standard_normal(img.shape, dtype=np.float32) * float(img.std()) * u(0.02, 0.2)
    return np.clip(img, 0, 255).astype(np.uint8)
