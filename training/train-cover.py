#!/usr/bin/env python3
# What this file is for: train what the reader says of covered characters, on the features of a reader that stays as it is.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: train-cover.py READER.onnx --out cover.pt --minutes M [--seed 1] [--data DIR]

export.py adds it to the reader: export.py cover cover.pt data/models --version N. A column is covered where something hides
half of the character that stands there, or a tenth and this very reader no longer says which it is."""
import argparse
import math
import os
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import covers
import crops
import feed
import fonts
import nets
import real
import weights

from importlib import import_module

reader = import_module("train-reader")
MANY, SOME = 0.5, 0.1
UNKNOWN = -1.0


def columns_of(path):
    """Calls the reader on a crop: the best class of each column."""
    net = cv2.dnn.readNetFromONNX(path)

    def read(crop):
        g = crop.astype(np.float32)
        net.setInput(((g - g.mean()) / (g.std() + 4))[None, None])
        return net.forward()[0, :nets.CHARACTERS, 0].argmax(0)
    return read


def make(rng, state, progress, batch, lo, hi, data, path):
    if state is None or state[2] > 1500:            # new typefaces from time to time
        kept = state[3:] if state else [reader.scenery(data), covers.Real(real.load(data), columns_of(path)) if data else None]
        state = [*fonts.make_fonts(rng, reader.OUTLINES, 120, 14), 0] + kept
    state[2] += 1
    return state, covers.batch(rng, state[0], state[1], lo + (hi - lo) * min(1.0, progress / 0.6), batch, state[3], state[4])


TWINS = torch.arange(nets.CHARACTERS)
TWINS[crops.INDEX["O"]], TWINS[crops.INDEX["I"]] = 0, 1


def labels(said, y, hidden):
    """1 covered, 0 not, UNKNOWN, of each column; said: the reader's logits, y and hidden: as covers.sample gives them."""
    best = TWINS[said.argmax(1)]
    want = torch.where(y >= 0, TWINS[y.clamp(min=0)], y)
    beside = F.pad(best, (1, 1), value=-5)
    legible = (beside[:, :-2] == want) | (best == want) | (beside[:, 2:] == want)
    covered = (hidden >= MANY) | ((hidden >= SOME) & (y >= 0) & ~legible)
    grown = F.max_pool1d(covered.float()[:, None], 3, 1, 1)[:, 0] > 0
    out = covered.float()
    out[~covered & (grown | ((hidden >= SOME) & (hidden < MANY) & (y < 0)))] = UNKNOWN
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("reader")
    ap.add_argument("--out", required=True)
    ap.add_argument("--minutes", type=float, required=True)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--data")
    ap.add_argument("--from", dest="start", help="go on from this file")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    source = feed.Feed(make, (a.batch, 0.5, 0.8, a.data, a.reader), a.seed)
    net = nets.Reader()
    weights.load(net, a.reader, nets.normalise(torch.from_numpy(np.concatenate([source.next()[0] for _ in range(4)]))))
    net = nets.fold(net.eval()).to(memory_format=torch.channels_last)
    head, before = nets.Cover(), 0
    if a.start:
        state = torch.load(a.start, map_location="cpu")
        head.load_state_dict(state["ema"])
        before = state["crops"]
    opt = torch.optim.AdamW(head.parameters(), a.lr, weight_decay=1e-3)
    ema = nets.Ema(head, 0.998)
    second = feed.Twice(source, crops.again, a.seed)
    spent, last, step, sums = 0.0, time.time(), 0, np.zeros(2)
    while (q := spent / 60 / a.minutes) < 1:
        now = time.time()
        spent, last = spent + min(now - last, 2), now       # a pause does not count
        source.progress.value = q
        for g in opt.param_groups:
            g["lr"] = a.lr * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * q)) + 1e-5
        x, y, h = (torch.from_numpy(v) for v in second.next())
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                early, late, said = nets.look(net, nets.normalise(x).to(memory_format=torch.channels_last))
            z = head(early, late)
        z, want = z.float()[:, 0, 0], labels(said.float()[:, :, 0], y, h)
        known = want != UNKNOWN
        dense = F.binary_cross_entropy_with_logits(z[known], want[known])
        whole = F.binary_cross_entropy_with_logits(z.max(1)[0], (want == 1).any(1).float())
        opt.zero_grad(set_to_none=True)
        (4 * dense + whole).backward()
        opt.step()
        ema.update(head)
        step += 1
        sums += [float(dense.detach()), float(whole.detach())]
        if step % 100 == 0:
            print(f"step {step} columns {sums[0] / 100:.3f} plates {sums[1] / 100:.3f} {step * a.batch / spent:.0f}/s", flush=True)
            sums[:] = 0
        if step % 500 == 0:
            save(a, ema, step, before)
    save(a, ema, step, before)
    source.stop()


def save(a, ema, step, before):
    torch.save({"ema": ema.state, "step": step, "crops": before + step * a.batch, "args": vars(a)}, a.out + ".tmp")
    os.replace(a.out + ".tmp", a.out)


if __name__ == "__main__":
    main()
