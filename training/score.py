#!/usr/bin/env python3
# What this file is for: run the exported pair over pictures or a clip with cv2.dnn and write reads.jsonl, one line a picture.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: score.py MODELS PATH... [--out reads.jsonl] [--sizes 640,320] [--boxes] [--split dev]

PATH is a labels.csv (its pictures), a folder of pictures, or a clip (reads are printed per frame).
--boxes reads the labelled boxes instead of looking for plates (reader alone). Every picture is looked at in all sizes."""
import argparse
import csv
import json
import os
import time

import cv2
import numpy as np

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def normalise(grey):
    g = grey.astype(np.float32)
    return ((g - g.mean()) / (g.std() + 4))[None, None]


class Pair:
    def __init__(self, folder, threshold=0.3, gate=0.25):
        self.detector = cv2.dnn.readNetFromONNX(os.path.join(folder, "detector.onnx"))
        self.reader = cv2.dnn.readNetFromONNX(os.path.join(folder, "reader.onnx"))
        self.threshold, self.gate = threshold, gate

    def detect(self, grey, size):
        h, w = grey.shape
        f = min(size / w, 0.75 * size / h, 2.0)
        small = cv2.resize(grey, (max(1, round(w * f)), max(1, round(h * f))), interpolation=cv2.INTER_AREA if f < 1 else cv2.INTER_LINEAR)
        sh, sw = small.shape
        H, W = -(-sh // 32) * 32, -(-sw // 32) * 32
        canvas = np.full((H, W), int(small.mean()), np.uint8)
        canvas[:sh, :sw] = small
        self.detector.setInput(normalise(canvas))
        m = self.detector.forward()[0]
        s = 1 / (1 + np.exp(-m[0]))
        peak = (s >= self.threshold) & (s == cv2.dilate(s, np.ones((3, 3), np.uint8)))
        out = []
        for j, i in zip(*np.nonzero(peak)):
            X, Y = 8 * i + 4, 8 * j + 4
            v = m[1:, j, i] * 32
            box = np.array([X - v[0], Y - v[1], X + v[2], Y + v[3]]) / f
            quad = (v[4:].reshape(4, 2) + [X, Y]) / f
            out.append((float(s[j, i]), box, quad))
        return out

    def columns(self, crop):
        self.reader.setInput(normalise(crop))
        z = self.reader.forward()[0, :37, 0]               # regions and covers lie behind
        e = np.exp(z - z.max(0))
        return e / e.sum(0)

    def read(self, crop):
        p = self.columns(crop)
        best = p.argmax(0)
        text, conf, last = "", [], 36
        for k, c in enumerate(best):
            if c != 36:
                if c != last:
                    text += ALPHABET[c]
                    conf.append(p[c, k])
                else:
                    conf[-1] = max(conf[-1], p[c, k])
            last = c
        return text, float(min(conf)) if conf else 0.0

    @staticmethod
    def rectify(grey, quad, top=0.0, bottom=1.0):
        """Corner crop with margins; top and bottom cut a part of the plate out."""
        q = np.asarray(quad, np.float32)
        w = max(np.linalg.norm(q[1] - q[0]), np.linalg.norm(q[2] - q[3]))
        k = 4 if w > 400 else 2 if w > 200 else 1
        W, H = 160 * k, 48 * k
        a, b = 0.03, 0.06
        y0, y1 = (-b if top == 0 else top), (1 + b if bottom == 1 else bottom)
        # where the quad's unit square lies inside the crop
        sx, sy = W / (1 + 2 * a), H / (y1 - y0)
        dst = np.array([[a * sx, -y0 * sy], [(1 + a) * sx, -y0 * sy], [(1 + a) * sx, (1 - y0) * sy], [a * sx, (1 - y0) * sy]], np.float32)
        c = cv2.warpPerspective(grey, cv2.getPerspectiveTransform(q, dst), (W, H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return cv2.resize(c, (160, 48), interpolation=cv2.INTER_AREA) if k > 1 else c

    @staticmethod
    def boxcrop(grey, box):
        x0, y0, x1, y1 = box
        mx, my = 0.02 * (x1 - x0), 0.02 * (y1 - y0)
        x0, y0, x1, y1 = int(max(0, round(x0 - mx))), int(max(0, round(y0 - my))), int(round(x1 + mx)), int(round(y1 + my))
        c = grey[y0:y1, x0:x1]
        if c.size == 0:
            return None
        return cv2.resize(c, (160, 48), interpolation=cv2.INTER_AREA if c.shape[1] > 160 else cv2.INTER_LINEAR)

    def plate(self, grey, box, quad):
        reads = []
        if quad is not None:
            reads.append(self.read(self.rectify(grey, quad)))
        c = self.boxcrop(grey, box)
        if c is not None:
            reads.append(self.read(c))
        best = max(reads, key=lambda r: (r[1] if 2 <= len(r[0]) <= 8 else r[1] * 0.3))
        q = quad if quad is not None else np.array([[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]])
        w = (np.linalg.norm(q[1] - q[0]) + np.linalg.norm(q[2] - q[3])) / 2
        h = (np.linalg.norm(q[3] - q[0]) + np.linalg.norm(q[2] - q[1])) / 2
        if w / max(h, 1e-3) < 2.4:
            a, b = self.read(self.rectify(grey, q, 0, 0.56)), self.read(self.rectify(grey, q, 0.44, 1))
            if a[0] and b[0] and min(a[1], b[1]) > best[1] and len(a[0] + b[0]) <= 8:
                best = a[0] + b[0], min(a[1], b[1])
        return best

    def picture(self, grey, sizes):
        t0 = time.time()
        found = [c for s in sizes for c in self.detect(grey, s)]
        t1 = time.time()
        kept, plates = [], []
        for s, box, quad in sorted(found, key=lambda c: -c[0]):
            if box[2] - box[0] < 8 or box[3] - box[1] < 4:
                continue
            cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if any(iou(box, k) > 0.3 or (k[0] < cx < k[2] and k[1] < cy < k[3]) for k in kept):
                continue
            kept.append(box)
            text, conf = self.plate(grey, box, quad)
            conf *= min(1.0, s / 0.5)
            if not any(c.isdigit() for c in text):
                conf *= 0.4                               # a word; every UK mark has a figure
            need = self.gate if 4 <= len(text) <= 8 else 0.9
            if conf >= need and 2 <= len(text) <= 8:
                x0, y0, x1, y1 = (float(v) for v in box)
                plates.append({"text": text, "confidence": round(conf, 4), "detection": round(s, 3),
                               "corners": [[x0, y0], [x1, y0], [x1, y1], [x0, y1]], "quad": np.round(quad, 1).tolist()})
            else:
                plates.append({"text": text, "confidence": round(min(conf, 0.2), 4), "detection": round(s, 3), "corners":
                               [[float(box[0]), float(box[1])], [float(box[2]), float(box[1])], [float(box[2]), float(box[3])], [float(box[0]), float(box[3])]]})
        return plates, {"detect": 1000 * (t1 - t0), "read": 1000 * (time.time() - t1)}


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("models")
    ap.add_argument("paths", nargs="+")
    ap.add_argument("--out", default="reads.jsonl")
    ap.add_argument("--sizes", default="640,320")
    ap.add_argument("--boxes", action="store_true")
    ap.add_argument("--split")
    ap.add_argument("--threshold", type=float, default=0.3)
    a = ap.parse_args()
    cv2.setNumThreads(1)
    pair = Pair(a.models, a.threshold)
    sizes = [int(s) for s in a.sizes.split(",")]
    with open(a.out, "w", encoding="utf-8") as out:
        for path in a.paths:
            if path.endswith(".csv"):
                rows = {}
                with open(path, newline="", encoding="utf-8") as f:
                    for r in csv.DictReader(f):
                        if not a.split or r.get("split") == a.split:
                            rows.setdefault(r["image"], []).append(r)
                names = [(os.path.join(os.path.dirname(path), k), v) for k, v in rows.items()]
            elif os.path.isdir(path):
                names = [(os.path.join(r, n), []) for r, _, ns in os.walk(path) for n in sorted(ns) if n.lower().endswith((".jpg", ".jpeg", ".png"))]
            else:
                clip, n = cv2.VideoCapture(path), 0
                while True:
                    ok, img = clip.read()
                    if not ok:
                        break
                    plates, _ = pair.picture(cv2.cvtColor(img, cv2.COLOR_BGR2GRAY), sizes)
                    print(n, [(p["text"], p["confidence"], p["detection"]) for p in plates if p["confidence"] >= 0.25])
                    n += 1
                continue
            for name, rows in names:
                grey = cv2.imread(name, cv2.IMREAD_GRAYSCALE)
                if grey is None:
                    continue
                if a.boxes:
                    plates, ms = [], {}
                    for r in rows:
                        b = [float(r[k]) for k in ("x1", "y1", "x2", "y2")] if r["x1"] else [0, 0, grey.shape[1], grey.shape[0]]
                        text, conf = pair.plate(grey, b, None)
                        plates.append({"text": text, "confidence": round(conf, 4), "corners": [[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]]})
                else:
                    plates, ms = pair.picture(grey, sizes)
                out.write(json.dumps({"path": os.path.abspath(name), "plates": plates, "ms": ms}) + "\n")


if __name__ == "__main__":
    main()
