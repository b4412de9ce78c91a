#!/usr/bin/env python3
# What this file is for: fit data/models/calibration.ini on held pictures, and say how far stated confidence is off.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: calibrate.py fit BOLOCTL MODELS DATA        writes MODELS/calibration.ini
       calibrate.py judge BOLOCTL MODELS DATA      expected calibration error and reliability on every `dev` row

fit reads the held pictures of rows.py, which trained nothing, as they are and, to have small, dark, slanting and cut plates
too, in six poorer versions each, two of them with something before a plate. A read is right when it says the label's text, 0 and O, 1 and I being one; one where no
plate is labelled is wrong; one on a plate without a text counts for neither, and one of a plate that the border cuts is wrong
unless it says all of it.

What is said of covers takes part as it is, less RARE: covers are rare on roads, and how rare a held set does not tell. A read is
right as often as nothing is hidden (1 - covered), and then as the rest tells. So the versions with covers are only reported.

Three things are fitted: the temperature of the issuing region, and two of the text. The curve of [calibration], for frames: three numbers, a, b and c of logit(right) = a ln(raw) - b ln(1 -
raw) + c, written as points. The odds of [still], for single pictures: the same and what ODDS adds. So few numbers cannot
follow chance; each is held a little towards the nets' own word (a and b 1, the others 0)."""
import os
import shutil
import sys
import tempfile

import cv2
import numpy as np

import compare
import covers
import nets
import reads
import real
import regions
import rows

POINTS = (0.002, 0.01, 0.03, 0.07, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.96, 0.985, 0.995, 1.0)
BINS = 10
FRAME, STILL, COVERED = range(3)                       # kinds of version
ODDS = (("unfit", lambda p: not p["syntax"]),            # what is known of a read, and its name in calibration.ini
        ("missing", lambda p: max(0, 5 - len(p["text"]))),
        ("word", lambda p: not any(c.isdigit() for c in p["text"])),
        ("cut", lambda p: p["cut"]))                       # the last
RARE = 3.0                                              # log-odds: as if one plate in twenty were covered, not one of two
GUESS = 0.12, -0.50                                     # as in bolo-voter.c, into which fit's numbers go


def moved(labels, sx=1.0, sy=1.0, dx=0.0):
    """The labels of a picture that was scaled and then moved to the left by dx."""
    out = []
    for r in labels:
        r = dict(r)
        if r["x1"]:
            r.update(x1=float(r["x1"]) * sx - dx, x2=float(r["x2"]) * sx - dx, y1=float(r["y1"]) * sy, y2=float(r["y2"]) * sy)
            r.update((k, str(r[k])) for k in ("x1", "y1", "x2", "y2"))
        out.append(r)
    return out


def versions(grey, labels, rng, cover_rng):
    """(picture, labels, kind): as it is; smaller; dark, soft and noisy; narrow, as if seen from the side; cut through a plate;
    and twice with something before one. FRAME: one such as the curve is for; what a camera sees narrow or cut it sees better
    before or after, and is a STILL."""
    yield grey, labels, FRAME
    yield cv2.resize(grey, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), moved(labels, 0.6, 0.6), FRAME
    poor = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.8, 2.0)) * rng.uniform(0.25, 0.7) + rng.normal(0, 4, grey.shape)
    yield np.clip(poor, 0, 255).astype(np.uint8), labels, FRAME
    narrow = rng.uniform(0.5, 0.8)
    yield cv2.resize(grey, None, fx=narrow, fy=1, interpolation=cv2.INTER_AREA), moved(labels, narrow), STILL
    boxes = [reads.box_of(r) for r in labels if r["x1"] and r["text"]]
    if boxes:
        x0, _, x1, _ = boxes[rng.integers(len(boxes))]
        at = int(x0 + (x1 - x0) * rng.uniform(0.1, 0.5))
        if rng.random() < 0.5:
            yield grey[:, at:], moved(labels, dx=at), STILL
        else:
            at = int(x0 + x1) - at
            yield grey[:, :at], labels, STILL
        for _ in range(2):
            label = cover_rng.choice([r for r in labels if r["x1"] and r["text"]])
            yield covered(grey, label, cover_rng), labels, COVERED


def covered(grey, label, rng):
    """The picture with something before that plate, mostly before some of its characters; they are taken to stand evenly."""
    x0, y0, x1, y1 = reads.box_of(label)
    quad = np.float32([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    edges = np.linspace(x0 + 0.05 * (x1 - x0), x1 - 0.04 * (x1 - x0), len(reads.plain(label["text"])) + 1)
    glyphs = [("", a, y0 + 0.15 * (y1 - y0), b, y1 - 0.15 * (y1 - y0), 0) for a, b in zip(edges, edges[1:])]
    reach = int(2 * (y1 - y0)) + 8                         # a thing that goes on for ever would hide other plates
    a, b = max(0, int(x0) - reach), max(0, int(y0) - reach)
    out = grey.copy()
    part = out[b:int(y1) + reach, a:int(x1) + reach].astype(np.float32)
    covers.put(part, rng, [(c, l - a, t - b, r - a, f - b, n) for c, l, t, r, f, n in glyphs], quad - np.float32([a, b]))
    out[b:int(y1) + reach, a:int(x1) + reach] = np.clip(cv2.GaussianBlur(part, (0, 0), 0.4), 0, 255)
    return out


def held_reads(boloctl, models, data):
    """[(plate, right, kind)] by the nets' own confidence."""
    rng, cover_rng = np.random.default_rng(1), np.random.default_rng(2)
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "models")
        shutil.copytree(models, plain)
        os.remove(os.path.join(plain, "calibration.ini"))
        made = {}
        for i, (name, image, labels) in enumerate(rows.pictures(data, held=True)):
            grey = cv2.imread(os.path.join(data, name, image), cv2.IMREAD_GRAYSCALE)
            for k, (version, *of) in enumerate(versions(grey, labels, rng, cover_rng)):
                path = os.path.join(folder, f"{i}-{k}.png")
                cv2.imwrite(path, version)
                made[path] = of
        said = reads.read(boloctl, plain, sorted(made))
        return [s + (kind,) for path, (there, kind) in sorted(made.items()) for s in reads.judge(said[path], there)]


def temperature(models, data, each=6):
    """What the reader's logits of the issuing region must be divided by: on held plates whose country is known, each cut a few
    times, and on as many drawn ones, and between the two, as a mean of logarithms. The held are few, and poorer than most. The
    reader must say regions."""
    net = cv2.dnn.readNetFromONNX(os.path.join(models, "reader.onnx"))
    rng = np.random.default_rng(1)
    held = [(real.sample(rng, [[p]], 0.3)[0], p.region) for same in real.load(data, held=True) for p in same
            if p.region != regions.IGNORE for _ in range(each)]
    drawn = [(crop, region) for crop, _, region in compare.draw(len(held), lambda style, country: True, 0, 1)]
    fitted = []
    for name, samples in (("held", held), ("drawn", drawn)):
        z, y = [], np.array([region for _, region in samples])
        for crop, _ in samples:
            g = crop.astype(np.float32)
            net.setInput(((g - g.mean()) / (g.std() + 4))[None, None])
            z.append(net.forward()[0, nets.CHARACTERS:nets.CHARACTERS + regions.COUNT, 0].mean(1))
        z = np.array(z)
        fitted.append(min(np.exp(np.linspace(np.log(0.4), np.log(5), 60)),
                          key=lambda t: np.mean(np.logaddexp.reduce(z / t, 1) - z[np.arange(len(y)), y] / t)))
        print(f"regions of {len(y)} {name} crops: {100 * (z.argmax(1) == y).mean():.1f} % right, temperature {fitted[-1]:.2f}")
    return float(np.sqrt(np.prod(fitted)))


def guesses(boloctl, models, data):
    """(how sure the layout's guess is said to be, right) of held plates and of drawn ones, where the plate's look says nothing."""
    held, drawn = [], []
    pictures = {os.path.abspath(os.path.join(data, name, image)): labels for name, image, labels in rows.pictures(data, held=True)}
    said = reads.read(boloctl, models, sorted(pictures))
    for path, labels in pictures.items():
        for r in labels:
            known, p = regions.get_class_of_label(r["country"]), reads.plate_of(r, said.get(path, [])) if r["x1"] else None
            if p and p["region_by"] == "syntax" and known not in (regions.IGNORE, regions.NOT_READ):
                held.append((p["region_confidence"], p["region"].split("-")[0] == regions.CODES[known]))
    with tempfile.TemporaryDirectory() as folder:
        crops = {os.path.join(folder, f"{i}.png"): of for i, of in enumerate(compare.draw(700, lambda style, country: True, 0, 77))}
        for path, (crop, *_) in crops.items():
            cv2.imwrite(path, crop)
        for path, plates in reads.read(boloctl, models, sorted(crops), crop=True).items():
            p = max(plates, key=lambda q: q["confidence"], default=None)
            if p and p["region_by"] == "syntax":
                known = crops[path][2]
                drawn.append((p["region_confidence"], known != regions.NOT_READ and p["region"].split("-")[0] == regions.CODES[known]))
    return held, drawn


def fit_guess(boloctl, models, data):
    """GUESS_SURE and GUESS_START of bolo-voter.c, held a little towards 1 and 0."""
    held, drawn = guesses(boloctl, models, data)
    p = np.clip([s for s, _ in held + drawn], 1e-3, 1 - 1e-3)
    z = (np.log(p / (1 - p)) - GUESS[1]) / GUESS[0]       # as it was before
    y = np.array([float(right) for _, right in held + drawn])

    def loss(w):
        of = w[0] * z + w[1]
        return np.sum(np.logaddexp(0, of) - y * of) + ((w[0] - 1) ** 2 + w[1] ** 2) / 2

    w = min(((a, b) for a in np.arange(0, 1.5, 0.02) for b in np.arange(-2, 2, 0.02)), key=loss)
    print(f"guesses by layout: {len(held)} held, {len(drawn)} drawn; GUESS_SURE {w[0]:.2f} GUESS_START {w[1]:.2f}")


def features(raw):
    p = np.clip(np.atleast_1d(np.asarray(raw, np.float64)), 1e-3, 1 - 1e-3)
    return np.stack([np.log(p), -np.log(1 - p), np.ones_like(p)], 1)


def facts(plates):
    """The same and what else is known of each read."""
    return np.hstack([features([p["confidence"] for p in plates]), [[float(of(p)) for _, of in ODDS] for p in plates]])


def clear(plates):
    """How likely nothing is hidden; the reads are by RARE 0."""
    p = np.clip([p["covered"] for p in plates], 1e-4, 1 - 1e-4)
    return 1 / (1 + p / (1 - p) * np.exp(-RARE))


def fit(X, y, prior, hold, clear=1.0, start=0.0):
    """Logistic regression times clear, by steps that each gain, held a little towards the prior; start is added."""
    hold = np.diag(hold)

    def said(w):
        p = 1 / (1 + np.exp(-(X @ w + start)))
        return p, np.clip(p * clear, 1e-12, 1 - 1e-12)

    def loss(w):
        q = said(w)[1]
        return -np.sum(y * np.log(q) + (1 - y) * np.log(1 - q)) + (w - prior) @ hold @ (w - prior) / 2

    w = np.array(prior, np.float64)
    for _ in range(100):
        p, q = said(w)
        up, down = 1 - p, q * (1 - p) / (1 - q)           # slopes of the log-likelihood where right, and (less) where wrong
        step = np.linalg.solve((X * (q * up ** 2 + (1 - q) * down ** 2)[:, None]).T @ X + hold,
                               X.T @ ((1 - y) * down - y * up) + hold @ (w - prior))
        while loss(w - step) > loss(w) and np.abs(step).max() > 1e-9:
            step = step / 2
        w = w - step
    return w


def fit_all(plates, right, kind):
    """(numbers of the curve, of the odds). What the border cut is left out, but for its own number, and what was covered."""
    cut, bare = np.array([bool(p["cut"]) for p in plates]), kind != COVERED
    X, curve, usual, free = facts(plates), features([p["confidence"] for p in plates]), ~cut & (kind == FRAME), clear(plates)
    n, whole, cut = len(ODDS) - 1, ~cut & bare, cut & bare
    curve = np.maximum(fit(curve[usual], right[usual], [1, 1, 0], [2, 2, 0.1], free[usual]), [0, 0, -20])      # never falling
    odds = np.maximum(fit(X[whole, :-1], right[whole], [1, 1, 0] + n * [0], [2, 2, 0.1] + n * [1], free[whole]), [0, 0, -20] + n * [-20])
    return curve, np.append(odds, fit(X[cut, -1:], right[cut], [0], [0.3], free[cut], X[cut, :-1] @ odds))


def apply(w, X, clear=1.0):
    return clear / (1 + np.exp(-(X @ w)))


def reliability(samples):
    """(expected calibration error, [(low, n, mean confidence, share right)])."""
    bins, error = [], 0.0
    for i in range(BINS):
        part = [s for s in samples if i / BINS <= s[0] < (i + 1) / BINS or (i == BINS - 1 and s[0] == 1)]
        if part:
            said, right = sum(s[0] for s in part) / len(part), sum(s[1] for s in part) / len(part)
            error += abs(said - right) * len(part) / len(samples)
            bins.append((i / BINS, len(part), said, right))
    return error, bins


def write(models, n, good, curve, odds, cool):
    right = apply(curve, features(POINTS))
    with open(os.path.join(models, "calibration.ini"), "w", encoding="utf-8") as f:
        f.write("# What this file is for: how often a read of a given raw confidence is right, for both models together.\n"
                "# SPDX-License-Identifier: GPL-3.0-or-later\n#\n"
                "# raw is the probability of the read text over all its alignments, times min(1, detection score / 0.5);\n"
                "# right is the share of such reads that were right (0 and O, 1 and I being the same), false ones counted.\n"
                "# [calibration] is for the frames of a camera: straight lines between the points. [still] is for single\n"
                "# pictures: log-odds of right = sure ln raw - doubt ln (1 - raw) + start, and unfit where no syntax fits,\n"
                "# missing for each character less than five, word where there is no digit, cut at the picture's border.\n"
                "# [region] is what the logits of the issuing region are divided by, [cover] what is taken off those of covers;\n"
                "# all of the above is times the chance that nothing is hidden.\n"
                "# Written by training/calibrate.py from pictures that trained nothing:\n"
                f"# {n} reads, {good} of them right.\n[calibration]\n")
        f.write("raw=" + ";".join(f"{p:g}" for p in POINTS) + "\n")
        f.write("right=" + ";".join(f"{min(r, 0.999):.3g}" for r in right) + "\n[still]\n")
        for name, value in zip(("sure", "doubt", "start") + tuple(name for name, _ in ODDS), odds):
            f.write(f"{name}={value:.3f}\n")
        f.write(f"[region]\ntemperature={cool:.2f}\n[cover]\nrare={RARE:g}\n")


def dev_reads(boloctl, models, data):
    out = {}
    for name in sorted(os.listdir(data)):
        if os.path.exists(os.path.join(data, name, "labels.csv")):
            mine = reads.pictures(data, name)
            said = reads.read(boloctl, models, sorted(mine), reads.is_of_crops(name)) if mine else {}
            samples = [(p["confidence"], right) for path, labels in mine.items() for p, right in reads.judge(said.get(path, []), labels)]
            if samples:
                out[name] = samples
    return out


def dev_regions(boloctl, models, data):
    """{who said it: [(confidence, right)]} of the plates whose country is labelled; a part of a country is the country."""
    out = {}
    for name in sorted(os.listdir(data)):
        if not os.path.exists(os.path.join(data, name, "labels.csv")):
            continue
        mine = reads.pictures(data, name)
        said = reads.read(boloctl, models, sorted(mine), reads.is_of_crops(name)) if mine else {}
        for path, labels in mine.items():
            for r in (r for r in labels if r["quality"] == "ok" and r["country"] in regions.CODES):
                p = reads.plate_of(r, said.get(path, []))
                if p:
                    out.setdefault(p["region_by"], []).append((p["region_confidence"], (p["region"] or "").split("-")[0] == r["country"]))
    return out


def show(name, samples, bins=False):
    error, table = reliability(samples)
    print(f"{name:18} reads {len(samples):5} right {int(sum(s[1] for s in samples)):5} calibration error {100 * error:5.1f} %")
    if bins:
        for low, n, said, right in table:
            print(f"    {low:.1f} to {low + 1 / BINS:.1f}: {n:5} reads, said {100 * said:5.1f} %, right {100 * right:5.1f} %  {'#' * round(40 * right)}")


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("fit", "judge"):
        raise SystemExit(__doc__)
    what, boloctl, models, data = sys.argv[1:]
    if what == "fit":
        samples = held_reads(boloctl, models, data)
        if len(samples) < 100:
            raise SystemExit(f"calibrate.py: only {len(samples)} reads of held pictures in {data}; that fits nothing")
        plates, right, kind = [p for p, *_ in samples], np.array([float(r) for _, r, _ in samples]), np.array([k for *_, k in samples])
        raw = [p["confidence"] for p in plates]
        curve, odds = fit_all(plates, right, kind)
        by = {"raw": np.array(raw), "curve": apply(curve, features(raw), clear(plates)), "odds": apply(odds, facts(plates), clear(plates))}
        for what, part in (("held", kind != COVERED), ("held, covers", kind == COVERED)):
            for name, said in by.items():
                show(f"{what}, {name}", list(zip(said[part], right[part])), name == "odds")
        samples = [s for s in samples if s[2] != COVERED]
        write(models, len(samples), int(sum(r for _, r, _ in samples)), curve, odds, temperature(models, data))
        fit_guess(boloctl, models, data)
    else:
        each = dev_reads(boloctl, models, data)
        for name, samples in each.items():
            show(name, samples)
        show("all", [s for samples in each.values() for s in samples], True)
        for by, samples in sorted(dev_regions(boloctl, models, data).items()):
            show("region, " + by, samples, by == "plate")


if __name__ == "__main__":
    main()
