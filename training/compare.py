#!/usr/bin/env python3
# What this file is for: compare readers on crops that trained nothing: freshly drawn ones and those of held pictures.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: compare.py DATA READER.onnx...

A line a reader: share read right (0 and O, 1 and I being one) of drawn UK, European and French plates and of held real ones;
of covered plates the share read right, and the share of those said with more than 0.8 that are wrong; of the issuing regions
of drawn and held plates the share right, where the reader says them. The crops are the same for every reader."""
import os
import sys

import cv2
import numpy as np

import crops
import fonts
import nets
import outlines
import plates
import real
import regions

HERE = os.path.dirname(os.path.abspath(__file__))
SEED, STRENGTH = 90210, 0.8
SETS = (("UK", 1200, lambda style, country: style == "uk", 0), ("Europe", 1200, lambda style, country: style == "eu", 0),
        ("French", 600, lambda style, country: country == "FR", 0), ("covered", 500, lambda style, country: True, 1))
SURE = 0.8


def fold(text):
    return text.replace("O", "0").replace("I", "1")


def draw(n, wanted, covered, seed):
    """[(crop, text, class of the region)] of plates of the wanted kind, none of them empty."""
    rng = np.random.default_rng(seed)
    uk, other = fonts.make_fonts(rng, os.path.join(HERE, "..", "data", "plate", "outlines-gb.ini"), 80, 12)
    make = plates.make_text

    def choose(rng):
        while True:
            style, text, country = make(rng)
            if wanted(style, country):
                return style, text, country

    plates.make_text, crops.COVERED = choose, covered
    out = []
    while len(out) < n:
        crop, text, _, region = crops.sample(rng, uk, other, STRENGTH)
        if text:
            out.append((crop, text, region))
    plates.make_text = make
    return out


def held(data):
    """Each held plate three times, cut a little otherwise."""
    rng = np.random.default_rng(SEED)
    return [real.sample(rng, [[p]], 0.3) for same in real.load(data, held=True) for p in same[:1] for _ in range(3)]


def read(net, crop):
    """(text, probability of its least sure character, class of the region or None)."""
    g = crop.astype(np.float32)
    net.setInput(((g - g.mean()) / (g.std() + 4))[None, None])
    z = net.forward()[0, :, 0]
    said = z[nets.CHARACTERS:nets.CHARACTERS + regions.COUNT]
    p = np.exp(z[:nets.CHARACTERS] - z[:nets.CHARACTERS].max(0))
    p /= p.sum(0)
    text, sure, last = "", [], crops.BLANK
    for k, c in enumerate(p.argmax(0)):
        if c != crops.BLANK and c != last:
            text += outlines.ALPHABET[c]
            sure.append(0.0)
        if c != crops.BLANK:
            sure[-1] = max(sure[-1], p[c, k])
        last = c
    return text, min(sure, default=0.0), int(said.mean(1).argmax()) if len(said) else None


def judge(net, samples):
    """(share right, share wrong of the sure ones, share of known regions right)."""
    right, sure, known = [], [], []
    for crop, text, region in samples:
        said, confidence, where = read(net, crop)
        right.append(fold(said) == fold(text))
        if confidence > SURE:
            sure.append(right[-1])
        if where is not None and region not in (regions.IGNORE, regions.NOT_READ):
            known.append(where == region)
    return np.mean(right), 1 - np.mean(sure), np.mean(known) if known else float("nan")


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    data, *readers = sys.argv[1:]
    sets = [(name, draw(n, wanted, covered, SEED + i)) for i, (name, n, wanted, covered) in enumerate(SETS)]
    sets.append(("held", held(data)))
    for path in readers:
        net = cv2.dnn.readNetFromONNX(path)
        parts = []
        for name, samples in sets:
            right, wrong, region = judge(net, samples)
            parts.append(f"{name} ({len(samples)}) {100 * right:.1f}" + (f" wrong of sure {100 * wrong:.1f}" if name == "covered" else "")
                         + ("" if np.isnan(region) else f" region {100 * region:.1f}"))
        print(f"{path}: " + "; ".join(parts), flush=True)


if __name__ == "__main__":
    main()
