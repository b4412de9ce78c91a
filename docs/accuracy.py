#!/usr/bin/env python3
# accuracy.py: measures reading, in accuracy and in time, and writes docs/accuracy.md
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every labelled set with one build, has the scorer score it, and writes the page.

docs/accuracy.py --boloctl build/boloctl --pictures DIR --scorer PROGRAM [--recordings DIR ...]

DIR holds a folder a set with a labels.csv (image,x1,y1,x2,y2,text,country,...,quality,split); sets
that are not there are left out and named. The scorer takes LABELS READS.jsonl --split dev --json.
"""
import argparse
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import Counter, namedtuple

# crop: each picture is one plate; clips: one voted answer a vehicle; none: no plate is in them.
Set = namedtuple("Set", "title folder country kind bar openalpr fastalpr")
SETS = [
    Set("UK test cases", "uk_testcases", None, "pictures", "16 of 17 exact", "35.3", "88.2 (94.1)"),
    Set("Open Images, UK", "openimages_plates", "GB", "pictures", "92 % exact", "23.1 (34.6)", "100 ¹"),
    Set("UK motorway, 4K", "uk_motorway4k", None, "pictures", "at most 1 missed", "13.0", "43.5 ²"),
    Set("UK crops", "eu_crops", "GB", "crop", "96 %", "", ""),
    Set("UK clip", "uk_clip", None, "clips", "", "", ""),
    Set("Romanian dash-cam", "ro_dashcam", None, "pictures", "92 % exact", "40.7 (48.2) ³", "98.6 ¹ ³"),
    Set("OpenALPR, Europe", "openalpr_eu", None, "pictures", "98 % folded", "72.2 (88.9)", "93.5 (100)"),
    Set("French", "fr_platesmania", None, "pictures", "90 % exact", "34.0 (38.1)", "94.9"),
    Set("Croatian", "hr_osijek", None, "pictures", "94 % exact", "37.5 (62.5)", "100"),
    Set("Polish, a", "pl_a", None, "pictures", "96 % folded", "57.8 (77.8)", "91.1 (100) ¹"),
    Set("Polish, b", "pl_b", None, "pictures", "96 % folded", "30.8 (53.9)", "100 ¹"),
    Set("Dutch clips", "nl_delft", None, "clips", "95 %", "86.5 ³", "98.1 ³"),
    Set("Dutch", "nl_spotter", None, "pictures", "", "", ""),
    Set("Spanish", "es_mastering", None, "pictures", "", "", ""),
    Set("OpenALPR, USA", "openalpr_us", None, "pictures", "70 % folded", "51.4 (53.2) ³", "83.3 (85.1) ³"),
    Set("No plates", "no_plates", None, "none", "1 in 100 pictures", "", ""),
]
BINS = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0]


def fail(sentence):
    sys.exit("accuracy.py: " + sentence)


def fold(text):
    kept = "".join(c for c in (text or "").upper() if c.isascii() and c.isalnum())
    return kept.replace("O", "0").replace("Q", "0").replace("I", "1")


def wilson(k, n):
    z = 1.96
    if not n:
        return 0.0, 0.0
    p = k / n
    d, c = 1 + z * z / n, p + z * z / (2 * n)
    h = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (c - h) / d, (c + h) / d


def run(words):
    """Runs a command; gives its output and its peak memory in MB."""
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(words, stdout=out, env=dict(os.environ, LC_ALL="C.UTF-8"))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return child.returncode, out.read(), usage.ru_maxrss / 1024


def objects(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def load_rows(one, folder):
    """The set's rows, of the split that is measured; other countries' plates do not count."""
    if one.kind == "none":
        return []
    with open(os.path.join(folder, "labels.csv"), newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row.get("split") == "dev"]
    for row in rows:
        row["image"] = os.path.join(folder, row["image"])
        if one.country and row["country"] != one.country:
            row["quality"] = "ignore"
    images = {row["image"] for row in rows if row.get("quality", "ok") in ("", "ok")}
    return [row for row in rows if row["image"] in images]


def write_rows(rows, path):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def name_cause(truth, said):
    if not said:
        return "not found or not read"
    truth, said = fold(truth), fold(said)
    if len(said) == len(truth):
        wrong = sum(a != b for a, b in zip(truth, said))
        return "one character mistaken" if wrong == 1 else "several mistaken"
    if len(said) < len(truth):
        return "characters left out"
    return "characters added"


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = w * h if w > 0 and h > 0 else 0.0
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def judge(rows, reads):
    """(confidence, right) of each read that can be judged, as the calibration was measured: 0 and
    O, 1 and I being the same; a read where no plate is labelled is wrong."""
    by_image = {}
    for row in rows:
        by_image.setdefault(row["image"], []).append(row)
    judged = []
    for read in reads:
        labelled = by_image.get(read["path"], [])
        is_boxed = all(row["x1"] for row in labelled)
        for plate in read["plates"]:
            xs, ys = zip(*plate["corners"])
            box = min(xs), min(ys), max(xs), max(ys)
            at = [row for row in labelled if row["x1"] and
                  iou(box, [float(row[key]) for key in ("x1", "y1", "x2", "y2")]) > 0.2]
            if at and (at[0]["quality"] not in ("", "ok") or not at[0]["text"]):
                continue
            if at:
                judged.append((plate["confidence"], fold(plate["text"]) == fold(at[0]["text"])))
            elif is_boxed:
                judged.append((plate["confidence"], False))
    return judged


def measure(options, one, scratch):
    folder = os.path.join(os.path.abspath(options.pictures), one.folder)
    if not os.path.isdir(folder):
        return None
    rows = load_rows(one, folder)
    paths = sorted({row["image"] for row in rows}) or [folder]
    words = [options.boloctl, "read", "--json"] + (["--crop"] if one.kind == "crop" else [])
    code, out, memory = run(words + paths)
    if code != 0:
        fail("%s could not read all of %s" % (options.boloctl, one.folder))
    reads = os.path.join(scratch, one.folder + ".jsonl")
    with open(reads, "w", encoding="utf-8") as file:
        file.write(out)
    lines = objects(out)
    result = {"set": one, "memory": memory, "reads": lines, "judged": [], "causes": Counter()}
    if one.kind == "none":
        _, scored, _ = run([options.scorer, "--none", reads, "--json"])
        result["judged"] = [(plate["confidence"], False) for read in lines for plate in read["plates"]]
    else:
        labels = os.path.join(scratch, one.folder + ".csv")
        write_rows(rows, labels)
        _, scored, _ = run([options.scorer, labels, reads, "--json", "--misses", "100000"])
        counted = [row for row in rows if row["text"] and row.get("quality", "ok") in ("", "ok")]
        result["distinct"] = len({row["text"] for row in counted})
        for line in scored.splitlines():
            if line.startswith("miss"):
                _, _, truth, said = (line.split("\t") + [""])[:4]
                result["causes"][name_cause(truth, said)] += 1
        if one.kind == "pictures":
            result["judged"] = judge(rows, lines)
    if not objects(scored):
        fail("%s gave no result for %s" % (options.scorer, one.folder))
    result["score"] = objects(scored)[0]
    print("%s: %s" % (one.folder, objects(scored)[0]), file=sys.stderr)
    return result


def share(k, n):
    low, high = wilson(k, n)
    return "%.1f (%.1f to %.1f)" % (100 * k / n, 100 * low, 100 * high) if n else "-"


def median(values):
    values = sorted(values)
    return values[len(values) // 2] if values else 0.0


def table(head, lines):
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)] + \
           ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def tell_sets(results):
    lines = []
    for result in results:
        one, score = result["set"], result["score"]
        if one.kind == "none":
            continue
        lines.append((one.title, score["plates"], result["distinct"], score["plates"] - score["found"],
                      share(score["exact"], score["plates"]), share(score["folded"], score["plates"]),
                      "-" if score["false_per_100_images"] is None else score["false_per_100_images"],
                      one.bar, one.openalpr, one.fastalpr))
    yield from table(("set", "plates", "distinct", "not found", "exact % (95 %)", "folded % (95 %)",
                      "false in 100 pictures", "bar", "OpenALPR", "fast-alpr"), lines)
    for result in results:
        if result["set"].kind == "none":
            yield ""
            yield "Pictures without plates: %d, with %d reads of confidence 0.5 or more (bar: %s)." % (
                result["score"]["images"], result["score"]["false"], result["set"].bar)


def tell_causes(results):
    causes = sorted({cause for result in results for cause in result["causes"]})
    yield from table(["set"] + causes, [
        [result["set"].title] + [result["causes"][cause] or "" for cause in causes]
        for result in results if result["causes"]])


def tell_calibration(results):
    judged = [one for result in results for one in result["judged"]]
    lines, error = [], 0.0
    for low, high in zip(BINS, BINS[1:]):
        here = [one for one in judged if low <= one[0] < high or (high == 1.0 and one[0] == 1.0)]
        if not here:
            continue
        said = sum(confidence for confidence, _ in here) / len(here)
        right = sum(is_right for _, is_right in here)
        error += abs(said - right / len(here)) * len(here) / len(judged)
        bar = "█" * round(20 * right / len(here))
        lines.append(("%.2f to %.2f" % (low, high), len(here), "%.3f" % said,
                      "%.3f" % (right / len(here)), bar))
    yield "Expected calibration error: **%.1f %%** over %d reads (bar: 3 %%)." % (100 * error, len(judged))
    yield ""
    yield from table(("confidence", "reads", "said", "right", ""), lines)


def tell_times(options, results):
    lines = []
    for result in results:
        stages = [read["ms"] for read in result["reads"] if isinstance(read.get("ms"), dict)]
        if stages:
            sizes = Counter("%dx%d" % (r["width"], r["height"]) for r in result["reads"] if "width" in r)
            lines.append((result["set"].title, len(stages), sizes.most_common(1)[0][0],
                          "%.1f" % median(s["detect"] for s in stages),
                          "%.1f" % median(s["read"] for s in stages),
                          "%.1f" % median(s["detect"] + s["read"] for s in stages),
                          "%.0f" % result["memory"]))
    yield from table(("set", "pictures", "usual size", "detect ms", "read ms", "both ms", "peak MB"), lines)
    yield ""
    _, out, _ = run([options.boloctl, "bench", "nets", "--json"])
    yield "The nets by each library, least CPU milliseconds, and the largest difference to oneDNN's outputs:"
    yield ""
    nets = objects(out)
    names = list(nets[0]["cpu_ms"])
    yield from table(["net", "input"] + names + ["difference of " + name for name in names[1:]], [
        [net["net"], "%dx%d" % (net["width"], net["height"])] +
        ["%.2f" % net["cpu_ms"][name] for name in names] + ["%.1e" % net["difference"][name] for name in names[1:]] for net in nets])


def tell_recordings(options):
    lines, cameras = [], []
    for folder in options.recordings:
        with tempfile.TemporaryDirectory() as state:
            _, out, _ = run([options.boloctl, "patrol", "--recording", folder, "--rate", "max", "--json",
                             "--state", state])
        last = objects(out)[-1]
        score, since = last["score"], last["since_readable_ms"]
        name = os.path.basename(os.path.normpath(folder))
        lines.append((name, "%d of %d" % (score["vehicles_exact"], score["vehicles"]),
                      "%d of %d" % (score["passes_exact"], score["passes"]), score["passes_misread"],
                      score["passes_unseen"], score["false_sightings"], last["corrected"],
                      "%.0f" % since["p50"], "%.0f" % since["p95"],
                      "%.1f" % (1000 * last["cpu_s"] / max(1, sum(
                          camera["frames_read"] for camera in last["cameras"].values())))))
        cameras += [(name, camera, "%d of %d" % (one["passes_exact"], one["passes"]), one["looks_median"],
                     "%.0f" % one["since_readable_p95_ms"])
                    for camera, one in score.get("cameras", {}).items()]
    yield from table(("recording", "vehicles exact", "passes exact", "misread", "unseen", "of no vehicle",
                      "corrected", "since readable p50 ms", "p95 ms", "CPU ms a frame"), lines)
    if cameras:
        yield ""
        yield from table(("recording", "camera", "passes exact", "looks a pass, median",
                          "since readable p95 ms"), cameras)


HEAD = """# How well Bolo reads, and how fast

Made by `docs/accuracy.py`; do not edit. **Development figures**: these pictures were looked at while the models and
their use were made. The same should be measured on pictures that nobody here has seen; a gain that does not carry over
is not one. Accuracy and times are from one build, one configuration and one run, whole picture to text, all stages on,
one thread. Times depend on the machine and on what else it did; its load when this was made: {load}.

Exact: character by character. Folded: O, Q and 0 the same, I and 1 the same, which no UK plate tells apart by shape.
Brackets of percentages: Wilson's 95 % interval.
"""

NOTES = """
Peers' figures are on the same rows by the same scorer, exact and in brackets folded: OpenALPR 2.3.0, and fast-alpr with
YOLOv9-t and CCT-xs-v2. ¹ Its own reader helped to label them. ² On the whole frame; nearly all when it is given tiles.
³ On more rows than these. One core: OpenALPR 45 ms (small pictures) to 255 ms (1280x720), fast-alpr 60 to 75 ms.
"""


def write_page(options, results):
    load = "%.1f on %d cores" % (os.getloadavg()[1], os.cpu_count())
    yield HEAD.format(load=load)
    yield "## By set\n"
    yield from tell_sets(results)
    yield NOTES
    yield "## Failures by cause\n"
    yield from tell_causes(results)
    yield "\n## Confidence\n"
    yield "How often a read of a given confidence is right (folded), reads of no labelled plate counted as wrong.\n"
    yield from tell_calibration(results)
    yield "\n## Time and memory\n"
    yield from tell_times(options, results)
    if options.recordings:
        yield "\n## Rendered drives\n"
        yield "Every frame read (`boloctl patrol --rate max`); a made-up world, easier than the road.\n"
        yield from tell_recordings(options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boloctl", default="build/boloctl")
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--scorer", required=True)
    parser.add_argument("--recordings", nargs="*", default=[])
    parser.add_argument("--sets", help="only these folders, separated by commas")
    parser.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "accuracy.md"))
    options = parser.parse_args()
    wanted = options.sets.split(",") if options.sets else None
    with tempfile.TemporaryDirectory() as scratch:
        chosen = [one for one in SETS if wanted is None or one.folder in wanted]
        results = [(one, measure(options, one, scratch)) for one in chosen]
    for one, result in results:
        if result is None:
            print("%s is not there: left out" % one.folder, file=sys.stderr)
    page = "\n".join(write_page(options, [result for _, result in results if result is not None]))
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(page.rstrip() + "\n")


if __name__ == "__main__":
    main()
