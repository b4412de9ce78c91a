#!/usr/bin/env python3
# What this file is for: drives the built bolo-drive program: usage, mistakes, exit codes, truth.
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
DEMO = os.path.join(os.environ["BOLO_DATA_DIR"], "demo.ini")
count = 0
failed = 0


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def check(name, is_good, seen=""):
    global count, failed
    count += 1
    failed += not is_good
    print(f"{'ok' if is_good else 'not ok'} {count} - {name}")
    if not is_good:
        print("# seen: " + repr(seen)[:600])


def with_scenario(change, *arguments):
    """Runs truth on the demo scenario with (old, new) replaced."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "changed.ini")
        with open(DEMO, encoding="utf-8") as demo, open(path, "w", encoding="utf-8") as changed:
            text = demo.read()
            assert change[0] in text
            changed.write(text.replace(*change))
        return run("truth", path, *arguments)


status, out, err = run("--version")
check("version", status == 0 and out.startswith("bolo-drive "), out)
status, out, err = run("--help")
check("help names both commands", status == 0 and "render" in out and "truth" in out, out)
for arguments in [(), ("render",), ("render", DEMO), ("film", DEMO, "x"), ("truth",),
                  ("truth", DEMO, "more"), ("truth", DEMO, "--seed", "99999999999")]:
    status, out, err = run(*arguments)
    check(f"wrong usage {' '.join(arguments[:1])} {len(arguments)}", status == 2 and err != "", err)
status, out, err = run("truth", DEMO, "--sed", "5")
check("unknown option", status == 2 and "--sed" in err, err)

status, out, err = run("truth", "/nowhere/none.ini")
check("no such file", status == 1 and "/nowhere/none.ini" in err and err.count("\n") == 1, err)
status, out, err = with_scenario(("vehicles=40", "vehicels=40"))
check("unknown key", status == 1 and "vehicels" in err and "vehicles" in err
      and err.count("\n") == 1, err)
status, out, err = with_scenario(("town:20", "city:20"))
check("unknown phase", status == 1 and "city" in err and err.count("\n") == 1, err)
status, out, err = with_scenario(("vehicles=40", "vehicles=4000"))
check("too many vehicles", status == 1 and "do not fit" in err, err)
status, out, err = run("render", DEMO, "/dev/null/folder")
check("folder that cannot be", status == 1 and "/dev/null/folder" in err
      and err.count("\n") == 1, err)

status, first, err = run("truth", DEMO)
lines = [json.loads(line) for line in first.splitlines()]
check("truth is JSON lines", status == 0 and len(lines) >= 40, err)
check("forty vehicles", len({line["vehicle"] for line in lines}) == 40)
check("four cameras", {line["camera"] for line in lines} == {"front", "oncoming", "left", "rear"})
check("three lights", {line["scene"] for line in lines} == {"day", "dusk", "night"})
wanted = [line for line in lines if line["wanted"] == "overt"]
check("a wanted one soon", min(line["readable_ms"] for line in wanted) < 15000)
check("all kinds of wanted", {line["wanted"] for line in lines}
      == {"none", "overt", "covert", "weeded", "decoy"})
check("lists named", all((line["list"] in ("stolen", "voi"))
                         == (line["wanted"] in ("overt", "covert", "weeded")) for line in lines))
check("corners in the picture", all(0 <= x <= 1280 and 0 <= y <= 720 for line in lines
                                    for x, y in line["corners_at_best"]))
check("wide enough", all(line["best_width_px"] >= 60 for line in lines))
check("in Surrey", all(51.1 < line["lat"] < 51.4 and -1 < line["lon"] < -0.4 for line in lines))
status, second, err = run("truth", DEMO)
check("the same again", first == second)
status, other, err = run("truth", DEMO, "--seed", "8")
marks = {line["plate"] for line in lines}
others = {json.loads(line)["plate"] for line in other.splitlines()}
check("another seed, other marks", status == 0 and not marks & others, sorted(marks & others))

print(f"1..{count}")
sys.exit(1 if failed else 0)
