#!/usr/bin/env python3
# What this file is for: train the plate detector on generated plates, real frames and drawn scenes, in one command, resumable.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: train-detector.py --data DIR --out detector.pt [--steps 8000] [--seed 1] [--resume] [--from start.pt]"""
import argparse
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import feed
import fonts
import nets
import scenes
import weights

HERE = os.path.dirname(os.path.abspath(__file__))
OUTLINES = os.path.join(HERE, "..", "data", "plate", "outlines-gb.ini")
SIZES = (((384, 256), 16), ((640, 384), 6), ((192, 96), 64))


def make(rng, state, progress, data, big, close):
    if state is None or state[2] > 400:
        uk, other = fonts.make_fonts(rng, OUTLINES, 60, 12)
        frames = state[3] if state else scenes.load_frames(data)
        state = [uk, other, 0, frames]
    state[2] += 1
    k = rng.random()
    (w, h), n = SIZES[0 if k < 1 - big - close else 1 if k < 1 - close else 2]
    return state, scenes.batch(rng, n, w, h, state[3][0], state[3][1], state[0], state[1], 0.6 + 0.4 * min(1.0, progress / 0.5))


def smooth(d, beta=0.1):
    a = d.abs()
    return torch.where(a < beta, 0.5 * a * a / beta, a - 0.5 * beta)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--steps", type=int, default=8000)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--big", type=float, default=0.2, help="share of batches at 640x384 with plates up to 520 px")
    ap.add_argument("--close", type=float, default=0.4, help="share of batches of 192x96 close-ups")
    ap.add_argument("--minutes", type=float, default=0, help="end the schedule after this long, however many steps that is")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--from", dest="start")
    ap.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--bf16", action="store_true", help="convolve in bfloat16: twice as fast on processors with avx512_bf16, slower on other processors")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    net = nets.Detector().to(a.device, memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), a.lr, weight_decay=1e-3)
    seen = 0
    resumed = torch.load(a.out, map_location="cpu") if a.resume and os.path.exists(a.out) else None
    step = resumed["step"] if resumed else 0
    source = feed.Feed(make, (a.data, a.big, a.close), a.seed + 1000 * step, depth=8)
    if a.start and not resumed:
        seen = weights.load(net, a.start, nets.normalise(torch.from_numpy(source.next()[0])).to(a.device, memory_format=torch.channels_last))
    ema = nets.Ema(net, 0.998)
    if resumed:
        net.load_state_dict(resumed["net"])
        opt.load_state_dict(resumed["opt"])
        ema.state, ema.n, seen = resumed["ema"], step, resumed.get("crops", 0)
    second = feed.Twice(source, scenes.again, a.seed + step, 20)
    net.train()
    t0, n0, sums = time.time(), step, np.zeros(3)

    def save():
        torch.save({"net": net.state_dict(), "ema": ema.state, "opt": opt.state_dict(), "step": step, "crops": seen, "args": vars(a)}, a.out + ".tmp")
        os.replace(a.out + ".tmp", a.out)

    first = step / a.steps
    while step < a.steps:
        q = step / a.steps
        if a.minutes:
            q = max(q, first + (1 - first) * (time.time() - t0) / 60 / a.minutes)
            if q >= 1:
                break
        source.progress.value = q
        lr = a.lr * min(1, (step + 1) / min(100, 0.05 * a.steps)) * (0.5 + 0.5 * math.cos(math.pi * q)) + 1e-5
        for g in opt.param_groups:
            g["lr"] = lr
        x, heat, reg, wb, wc, wh = (torch.from_numpy(v).to(a.device) for v in second.next())
        with torch.autocast(a.device, dtype=torch.bfloat16, enabled=a.bf16):
            out = net(nets.normalise(x).to(memory_format=torch.channels_last))
        out = out.float()
        z = out[:, 0]
        p = torch.sigmoid(z).clamp(1e-5, 1 - 1e-5)
        pos = (heat >= 0.9999).float() * wh
        n = pos.sum().clamp(min=1)
        lh = -(pos * (1 - p) ** 2 * p.log() + (1 - pos) * wh * (1 - heat) ** 4 * p ** 2 * (1 - p).log()).sum() / n
        d = smooth(out[:, 1:] - reg)
        lb = (d[:, :4].sum(1) * wb).sum() / wb.sum().clamp(min=1)
        lc = (d[:, 4:].sum(1) * wc).sum() / wc.sum().clamp(min=1)
        # real plates have no labelled corners, but their corners must span the labelled box
        r, only = out[:, 1:], wb * (wc == 0).float()
        hull = torch.stack([-torch.minimum(r[:, 4], r[:, 10]), -torch.minimum(r[:, 5], r[:, 7]), torch.maximum(r[:, 6], r[:, 8]), torch.maximum(r[:, 9], r[:, 11])], 1)
        lu = (smooth(hull - reg[:, :4]).sum(1) * only).sum() / wb.sum().clamp(min=1)
        loss = lh + 2 * lb + 2 * lc + 2 * lu
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10)
        opt.step()
        ema.update(net)
        step += 1
        seen += x.shape[0]
        sums += [float(lh.detach()), float(lb.detach()), float(lc.detach())]
        if step % 50 == 0:
            dt = time.time() - t0
            print(f"step {step}/{a.steps} lr {lr:.5f} heat {sums[0]/50:.3f} box {sums[1]/50:.3f} corners {sums[2]/50:.3f} "
                  f"{(step-n0)/dt:.2f} steps/s left {(a.steps-step)*dt/(step-n0)/60:.0f} min", flush=True)
            sums[:] = 0
        if step % 200 == 0:
            save()
    save()
    source.stop()


if __name__ == "__main__":
    main()
