#!/usr/bin/env python3
# What this file is for: train the plate reader from generated crops and a few real ones, in one command, resumable.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: train-reader.py --out reader.pt [--steps 12000] [--seed 1] [--data DIR] [--resume] [--from start.pt]

--data DIR adds real plates (train rows of openimages_plates and ro_dashcam) to the drawn ones, and plate-free scenery
(road_scenes) as negatives. None is needed."""
import argparse
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import crops
import feed
import fonts
import nets
import real
import weights

HERE = os.path.dirname(os.path.abspath(__file__))
OUTLINES = os.path.join(HERE, "..", "data", "plate", "outlines-gb.ini")


def make(rng, state, progress, batch, lo, hi, data):
    if state is None or state[2] > 1500:            # new typefaces from time to time
        kept = state[3:] if state else [scenery(data), labelled(data)]
        uk, other = fonts.make_fonts(rng, OUTLINES, 120, 14)
        state = [uk, other, 0] + kept
    state[2] += 1
    strength = lo + (hi - lo) * min(1.0, progress / 0.6)
    return state, crops.batch(rng, state[0], state[1], strength, batch, state[3], state[4])


def labelled(data):
    """Draws a sample of a real plate, or None where there is no folder."""
    if not data:
        return None
    plates = real.load(data)
    return (lambda rng, strength: real.sample(rng, plates, strength)) if plates else None


def scenery(data):
    if not data:
        return None
    import cv2
    folder = os.path.join(data, "road_scenes")
    out = []
    for root, _, names in os.walk(folder):
        for n in sorted(names):
            if n.lower().endswith((".jpg", ".png", ".jpeg")):
                g = cv2.imread(os.path.join(root, n), cv2.IMREAD_GRAYSCALE)
                if g is not None:
                    s = min(1.0, 1280 / g.shape[1])
                    out.append(cv2.resize(g, None, fx=s, fy=s, interpolation=cv2.INTER_AREA))
    return out or None


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--steps", type=int, default=12000)
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--strength", type=float, nargs=2, default=(0.5, 1.0))
    ap.add_argument("--minutes", type=float, default=0, help="end the schedule after this long, however many steps that is")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--data")
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--from", dest="start", help="fine-tune these weights: no frame labels, CTC from the first step")
    ap.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--bf16", action="store_true", help="convolve in bfloat16: twice as fast on processors with avx512_bf16, slower on other processors")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    net = nets.Reader().to(a.device, memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), a.lr, weight_decay=1e-3)
    step, crops_seen = 0, 0
    resumed = torch.load(a.out, map_location="cpu") if a.resume and os.path.exists(a.out) else None
    step = resumed["step"] if resumed else 0
    source = feed.Feed(make, (a.batch, a.strength[0], a.strength[1], a.data), a.seed + 1000 * step)
    if a.start and not resumed:
        first = torch.from_numpy(np.concatenate([source.next()[0] for _ in range(8)]))
        crops_seen = weights.load(net, a.start, nets.normalise(first).to(a.device, memory_format=torch.channels_last))
    ema = nets.Ema(net, 0.998)
    if resumed:
        net.load_state_dict(resumed["net"])
        opt.load_state_dict(resumed["opt"])
        ema.state, ema.n, crops_seen = resumed["ema"], step, resumed.get("crops", 0)
    second = feed.Twice(source, crops.again, a.seed + step)
    net.train()
    t0, n0, sums = time.time(), step, np.zeros(3)

    def save():
        torch.save({"net": net.state_dict(), "ema": ema.state, "opt": opt.state_dict(), "step": step, "crops": crops_seen, "args": vars(a)}, a.out + ".tmp")
        os.replace(a.out + ".tmp", a.out)

    first = step / a.steps
    while step < a.steps:
        q = step / a.steps
        if a.minutes:
            q = max(q, first + (1 - first) * (time.time() - t0) / 60 / a.minutes)
            if q >= 1:
                break
        source.progress.value = q
        lr = a.lr * min(1, (step + 1) / min(200, 0.05 * a.steps)) * (0.5 + 0.5 * math.cos(math.pi * q)) + 1e-5
        for g in opt.param_groups:
            g["lr"] = lr
        x, y, t, l = (torch.from_numpy(v).to(a.device) for v in second.next()[:4])
        with torch.autocast(a.device, dtype=torch.bfloat16, enabled=a.bf16):
            z = net(nets.normalise(x).to(memory_format=torch.channels_last))
        z = z.float().squeeze(2)                                                         # N x 37 x 40
        wf = 0.0 if a.start else 4 * max(0.0, 1 - q / 0.5)
        wc = 1.0 if a.start else 0.1 + 0.9 * min(1.0, q / 0.3)
        logp = F.log_softmax(z, 1).permute(2, 0, 1)
        ctc = F.ctc_loss(logp, t, torch.full((x.shape[0],), crops.COLUMNS), l, blank=crops.BLANK, zero_infinity=True)
        loss = wc * ctc
        frame = F.cross_entropy(z, y, ignore_index=crops.IGNORE) if wf else torch.zeros((), device=a.device)
        loss = loss + wf * frame
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        opt.step()
        ema.update(net)
        step += 1
        crops_seen += x.shape[0]
        with torch.no_grad():
            best, want, long = logp.argmax(2).T.cpu().numpy(), t.cpu().numpy(), l.cpu().numpy()
            good = 0
            for i in range(x.shape[0]):
                b = best[i]
                k = np.concatenate(([True], b[1:] != b[:-1])) & (b != crops.BLANK)
                good += np.array_equal(b[k], want[i, :long[i]])
        sums += [float(ctc.detach()), float(frame.detach()), good / x.shape[0]]
        if step % 100 == 0:
            dt = time.time() - t0
            print(f"step {step}/{a.steps} lr {lr:.5f} ctc {sums[0]/100:.3f} frame {sums[1]/100:.3f} read {sums[2]:.1f} % "
                  f"{(step-n0)*a.batch/dt:.0f}/s left {(a.steps-step)*dt/(step-n0)/60:.0f} min", flush=True)
            sums[:] = 0
        if step % 200 == 0:
            save()
    save()
    source.stop()


if __name__ == "__main__":
    main()
