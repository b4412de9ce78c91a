#!/usr/bin/env python3
# What this file is for: train what the reader says of the issuing region, on the features of a reader that stays as it is.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: train-region.py READER.onnx --out region.pt --minutes M [--seed 1] [--data DIR]

export.py reader takes the pair: export.py region READER.onnx region.pt data/models"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn.functional as F

import crops
import feed
import nets
import regions
import weights

from importlib import import_module

make = import_module("train-reader").make


def load(path, source):
    """The folded reader of a shipped file, of which the regions are no part yet."""
    net = nets.Reader()
    first = torch.from_numpy(np.concatenate([source.next()[0] for _ in range(4)]))
    weights.load(net, path, nets.normalise(first))
    return nets.fold(net.eval())


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("reader")
    ap.add_argument("--out", required=True)
    ap.add_argument("--minutes", type=float, required=True)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--data")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    source = feed.Feed(make, (a.batch, 0.5, 0.7, a.data), a.seed)
    features = nets.features_of(load(a.reader, source)).to(memory_format=torch.channels_last)
    head = nets.Regions()
    opt = torch.optim.AdamW(head.parameters(), a.lr, weight_decay=1e-3)
    ema = nets.Ema(head, 0.998)
    second = feed.Twice(source, crops.again, a.seed)
    t0, step, sums = time.time(), 0, np.zeros(2)
    while (q := (time.time() - t0) / 60 / a.minutes) < 1:
        for g in opt.param_groups:
            g["lr"] = a.lr * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * q)) + 1e-5
        x, *_, r = (torch.from_numpy(v) for v in second.next())
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                seen = features(nets.normalise(x).to(memory_format=torch.channels_last))
            z = head(seen)
        loss = F.cross_entropy(z, r, ignore_index=regions.IGNORE)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        ema.update(head)
        step += 1
        known = r != regions.IGNORE
        sums += [float(loss.detach()), float((z.argmax(1) == r)[known].float().mean())]
        if step % 100 == 0:
            print(f"step {step} loss {sums[0] / 100:.2f} right {sums[1]:.1f} % {step * a.batch / (time.time() - t0):.0f}/s", flush=True)
            sums[:] = 0
        if step % 500 == 0:
            save(a, ema, step)
    save(a, ema, step)
    source.stop()


def save(a, ema, step):
    torch.save({"ema": ema.state, "step": step, "crops": step * a.batch, "args": vars(a)}, a.out)


if __name__ == "__main__":
    main()
