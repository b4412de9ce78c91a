#!/usr/bin/env python3
# What this file is for: accuracy of a pair of nets, whole picture to text through boloctl, set by set.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: table.py BOLOCTL MODELS DATA [SET...]

For every set with a labels.csv: plates of quality ok in the `dev` split, share found (overlap over 0.4), read exactly,
and read with 0 = O = Q and 1 = I. A folder no_plates counts reads of confidence 0.5 and more, all of them false."""
import os
import sys

import reads
import rows


def score(boloctl, models, data, name, only=None):
    """(plates, found, exact, folded)."""
    mine = reads.pictures(data, name)
    said = reads.read(boloctl, models, sorted(mine), reads.is_of_crops(name)) if mine else {}
    n = found = exact = folded = 0
    for path, labels in mine.items():
        for r in labels:
            if r["quality"] != "ok" or not reads.plain(r["text"]) or (only and r["country"] != only):
                continue
            text = reads.said_of(r, said.get(path, []))
            n += 1
            found += text is not None
            exact += reads.plain(text or "") == reads.plain(r["text"])
            folded += rows.fold(text or "") == rows.fold(r["text"])
    return n, found, exact, folded


def false_reads(boloctl, models, data):
    folder = os.path.join(data, "no_plates")
    said = reads.read(boloctl, models, [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.lower().endswith(reads.PICTURES)])
    return len(said), sum(p["confidence"] >= 0.5 for plates in said.values() for p in plates)


def sets(data):
    return [n for n in sorted(os.listdir(data)) if os.path.exists(os.path.join(data, n, "labels.csv")) and reads.pictures(data, n)]


def lines(boloctl, models, data, names):
    """One line of text a set."""
    for name in names:
        for only in (None, "GB") if reads.is_of_crops(name) else (None,):
            n, found, exact, folded = score(boloctl, models, data, name, only)
            if n:
                yield (f"{name}{' ' + only if only else ''}: {n} plates, {100 * found / n:.1f} % found, "
                       f"{100 * exact / n:.1f} exact, {100 * folded / n:.1f} folded")
    if os.path.isdir(os.path.join(data, "no_plates")):
        n, wrong = false_reads(boloctl, models, data)
        yield f"no_plates: {wrong} false reads in {n} pictures"


def main():
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    boloctl, models, data, *names = sys.argv[1:]
    for line in lines(boloctl, models, data, names or sets(data)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
