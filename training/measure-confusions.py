#!/usr/bin/env python3
# What this file is for: count what the reader takes for what, on labelled plates, and write data/plate/confusions.ini.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: measure-confusions.py LABELS.csv=READS.jsonl ... > ../data/plate/confusions.ini

READS.jsonl is the output of `boloctl read --json --crop` over the pictures of LABELS.csv. Only reads that are at most two
characters from their label count: others are not errors of single characters. 0 and O, and 1 and I, are the same."""
import collections
import csv
import json
import os
import sys

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRIOR = 6.0            # pseudo-errors a row, shared out as all rows' errors are and evenly: rare characters have few of their own
SHOWN = 0.02           # smaller shares are left to the rest of a row


def fold(text):
    return "".join(c for c in text.upper() if c in ALPHABET).replace("O", "0").replace("I", "1")


def align(read, truth):
    """Steps ('=', r, t, i), ('x', r, t, i), ('+', r, None, i), ('-', None, t, i); i is the index in the read."""
    n, m = len(read), len(truth)
    d = [[i + j if i * j == 0 else 0 for j in range(m + 1)] for i in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d[i][j] = min(d[i - 1][j - 1] + (read[i - 1] != truth[j - 1]), d[i - 1][j] + 1, d[i][j - 1] + 1)
    i, j, steps = n, m, []
    while i or j:
        if i and j and d[i][j] == d[i - 1][j - 1] + (read[i - 1] != truth[j - 1]):
            i, j = i - 1, j - 1
            steps.append(("=" if read[i] == truth[j] else "x", read[i], truth[j], i))
        elif i and d[i][j] == d[i - 1][j] + 1:
            i -= 1
            steps.append(("+", read[i], None, i))
        else:
            j -= 1
            steps.append(("-", None, truth[j], i))
    return d[n][m], steps[::-1]


def pairs(argument):
    labels, reads = argument.split("=")
    folder = os.path.dirname(os.path.abspath(labels))
    found = {}
    for line in open(reads):
        r = json.loads(line)
        if r["plates"]:
            found[os.path.abspath(r["path"])] = max(r["plates"], key=lambda p: p["confidence"])
    for row in csv.DictReader(open(labels)):
        p = found.get(os.path.abspath(os.path.join(folder, row["image"])))
        if p and row["text"] and row["quality"] == "ok":
            yield p, fold(row["text"])


def main():
    instead = collections.defaultdict(collections.Counter)
    count, edge, characters = collections.Counter(), collections.Counter(), collections.Counter()
    extra, missing, sure = collections.Counter(), collections.Counter(), collections.Counter()
    for argument in sys.argv[1:]:
        for plate, truth in pairs(argument):
            read = fold(plate["text"])
            distance, steps = align(read, truth)
            count["plates"] += 1
            count["right"] += distance == 0
            if distance > 2:
                count["far"] += 1
                continue
            for kind, r, t, i in steps:
                at_edge = i in (0, len(read) - 1) if kind != "-" else i in (0, len(read))
                if kind != "-":
                    characters[r] += 1
                    count["characters"] += 1
                    p = plate["chars"][i]["p"] if i < len(plate["chars"]) else 1
                    if p >= 0.995:
                        sure["all"] += 1
                        sure["wrong"] += kind != "="
                if kind == "x":
                    instead[r][t] += 1
                if kind == "+":
                    extra[r] += 1
                if kind == "-":
                    missing[t] += 1
                edge[kind, at_edge] += 1
    wrong = sum(sum(c.values()) for c in instead.values()) + sum(extra.values())
    print(f"""# What this file is for: how likely the reader is to take one character for another; see docs/matching.md.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Written by training/measure-confusions.py from {count['plates']} labelled plates, of which {count['right']} were read right and
# {count['far']} were further off than two characters: {wrong} characters wrong or too many, {sum(missing.values())} passed over.

[reader]
# A character of which nothing more is known is wrong that often; one that the reader is sure of, that often still.
wrong={wrong / count['characters']:.4f}
floor={max(sure['wrong'], 1) / max(sure['all'], 1):.5f}

# READ=LISTED:SHARE: of the errors at a character that was read so, that share was that character in truth. The rest of a
# row is shared by those that it does not name.
[instead]""")
    total = collections.Counter()
    for c in instead.values():
        total.update(c)
    alphabet = [c for c in ALPHABET if c not in "OI"]
    for r in alphabet:
        n = sum(instead[r].values())
        shares = {}
        for t in alphabet:
            if t != r:
                both = instead[t][r]
                prior = 0.5 * (both + 0.3) / (sum(instead[x][r] for x in alphabet) + 0.3 * 33) + 0.5 / 33
                shares[t] = (instead[r][t] + PRIOR * prior) / (n + PRIOR)
        whole = sum(shares.values())
        named = sorted(((s / whole, t) for t, s in shares.items() if s / whole >= SHOWN * 2), reverse=True)
        text = ";".join(f"{t}:{s:.3f}" for s, t in named)
        if text:
            print(f"{r}={text}")
    factors("extra", extra, {True: edge["+", True] / max(edge["+", True] + edge["x", True], 1),
                             False: edge["+", False] / max(edge["+", False] + edge["x", False], 1)}, characters,
            "Of the errors at a character, the share where nothing is there, at the ends of a mark and inside it; and how much\n"
            "# more often than that at some characters.")
    factors("missing", missing, {True: edge["-", True] / (2 * count["plates"]),
                                 False: edge["-", False] / (6 * count["plates"])}, characters,
            "How often a character is passed over, at a place at the ends and inside; and how much more often some are.")


def factors(group, counts, rates, characters, why):
    print(f"\n# {why}\n[{group}]\nedge={rates[True]:.5f}\ninner={rates[False]:.5f}")
    n, all_characters = sum(counts.values()), sum(characters.values())
    for c in sorted(counts):
        expected = n * characters[c] / all_characters
        factor = (counts[c] + 3) / (expected + 3)
        if factor >= 1.5:
            print(f"{c}={factor:.1f}")


if __name__ == "__main__":
    main()
