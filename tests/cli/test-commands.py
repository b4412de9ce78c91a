#!/usr/bin/env python3
# test-commands.py: boloctl as scripts meet it: help, usage, exit codes, and what each command prints
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))

from system import BUILD, SOURCE, Skip, events, expect, main, recording, run  # noqa: E402

COMMANDS = (["read"], ["patrol"], ["doctor"], ["hotlist"], ["search"], ["retention"], ["bench"])
WITH_OPTIONS = (["read"], ["patrol"], ["doctor"], ["search"], ["retention"], ["bench", "match"], ["bench", "read"],
                ["bench", "store"], ["bench", "nets"],
                ["bench", "patrol"], ["hotlist", "import"], ["hotlist", "list"], ["hotlist", "match"],
                ["hotlist", "remove"], ["hotlist", "watch"], ["hotlist", "silence"])
# Options of GLib and of GStreamer themselves.
FOREIGN = re.compile(r"--(?:help|gst|version)")


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
    return path


def succeed(*arguments):
    code, out, err = run(list(arguments))
    expect(code == 0, "%s ended with %d: %s%s" % (" ".join(map(str, arguments)), code, out, err))
    return out


def fail(code, *arguments):
    """Ends with this code and one line that says why."""
    got, _, err = run(list(arguments))
    expect(got == code, "%s ended with %d, not %d: %s" % (arguments, got, code, err))
    expect(len(err.strip().splitlines()) == 1, "one line, not: " + err)
    expect(err.startswith("boloctl"), "says who speaks: " + err)
    return err


def json_lines(text):
    """Each line is one JSON object."""
    lines = [json.loads(line) for line in text.splitlines()]
    expect(all(isinstance(line, dict) for line in lines), text)
    return lines


# --- help and usage ------------------------------------------------------------------------------

def test_help_lists_every_command(_):
    out = succeed("--help")
    for (name,) in COMMANDS:
        expect(re.search(r"^  %s\s+\S" % name, out, re.MULTILINE), "no %s in: %s" % (name, out))


def test_no_command_is_wrong_usage(_):
    code, out, err = run([])
    expect(code == 2 and "Usage" in err and not out, "%d: %s%s" % (code, out, err))


def test_version(_):
    with open(os.path.join(SOURCE, "meson.build"), encoding="utf-8") as file:
        version = re.search(r"version: '([^']+)'", file.read()).group(1)
    expect(succeed("--version").strip() == "boloctl " + version, "not " + version)


def test_each_command_has_help_and_the_common_options(_):
    for words in WITH_OPTIONS:
        out = succeed(*words, "--help")
        for option in ("--json", "--state", "--config"):
            expect(option in out, "%s has no %s: %s" % (words, option, out))


def test_each_option_is_in_the_manual(_):
    with open(os.path.join(SOURCE, "data", "man", "boloctl.1"), encoding="utf-8") as file:
        page = file.read().replace("\\-", "-")
    for words in WITH_OPTIONS:
        for option in re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", succeed(*words, "--help"), re.MULTILINE):
            if not FOREIGN.match(option):
                expect(option in page, "boloctl.1 does not know %s of %s" % (option, " ".join(words)))


def test_each_option_of_the_other_programs_is_in_their_manuals(_):
    for program in ("bolo", "bolo-drive"):
        path = os.path.join(BUILD, program)
        if not os.path.exists(path):
            raise Skip("this tree has no " + program)
        with open(os.path.join(SOURCE, "data", "man", program + ".1"), encoding="utf-8") as file:
            page = file.read().replace("\\-", "-")
        out = subprocess.run([path, "--help"], capture_output=True, text=True, check=True).stdout
        options = re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", out, re.MULTILINE)
        expect(len(options) > 2, out)
        for option in options:
            expect(option in page, "%s.1 does not know %s" % (program, option))


def test_wrong_usage_says_what(_):
    expect("did you mean 'retention'" in fail(2, "retentoin"), "nearest command")
    expect("zzzz" in fail(2, "zzzz"), "unknown command")
    for words in (["retention"], ["retention", "walk"], ["doctor", "now"], ["bench"], ["bench", "tea"],
                  ["hotlist"], ["hotlist", "burn"], ["hotlist", "import"], ["hotlist", "match"],
                  ["hotlist", "remove"], ["read"], ["patrol"], ["search"]):
        code, _, err = run(words)
        expect(code == 2 and err.strip(), "%s ended with %d: %s" % (words, code, err))
    for words in WITH_OPTIONS:
        expect("--nonsense" in fail(2, *words, "--nonsense"), "names the option")


# --- lists ---------------------------------------------------------------------------------------

ROWS = ("AB12CDE,FORD,FOCUS,BLUE,STOP,FIREARMS,THEFT,,,,31/12/2099,,,,,\n"
        "CD34 EFG,BMW,X5,BLACK,SILENT,,DRUGS,,,,31/12/2099,,,,,\n"
        "EF56GHJ,VW,GOLF,RED,STOP,,OLD,,,,01/01/2020,,,,,\n"
        "GH07JKL,KIA,RIO,WHITE,WHATEVER,,ODD,,,,,,,,,\n")


def make_list(folder, name="wanted", text=ROWS, *more):
    path = write(folder, name + ".csv", text)
    return succeed("hotlist", "import", path, "--name", name, "--kind", "stolen", "--state", folder,
                   "--unsigned-by", "4711", *more)


def matches_of(folder, plate):
    return json_lines(succeed("hotlist", "match", plate, "--json", "--state", folder))


def texts(values):
    return json.dumps(values)


def test_list_is_imported_listed_and_removed(folder):
    make_list(folder)
    out = succeed("hotlist", "list", "--state", folder)
    expect("wanted" in out and "stolen" in out, out)
    held = json_lines(succeed("hotlist", "list", "--json", "--state", folder))
    expect(len(held) == 1 and "wanted" in texts(held), texts(held))
    succeed("hotlist", "remove", "wanted", "--state", folder)
    expect("wanted" not in succeed("hotlist", "list", "--json", "--state", folder), "still there")
    fail(1, "hotlist", "remove", "wanted", "--state", folder)


def test_marks_match_however_they_are_written(folder):
    make_list(folder)
    for plate in ("AB12CDE", "ab12 cde", "AB12-CDE"):
        found = texts(matches_of(folder, plate))
        expect("exact" in found and "FIREARMS" in found.upper(), "%s: %s" % (plate, found))
    # where the syntax settles it, I can only have been 1
    expect("exact" in texts(matches_of(folder, "ABI2CDE")), "settled by the syntax")
    expect("exact" not in texts(matches_of(folder, "AB12CDF")), "another mark")


def test_what_no_syntax_settles_is_folded(folder):
    make_list(folder, "odd", "ZZ00ZZ,FORD,KA,PINK,STOP,,THEFT,,,,,,,,,\n")
    (found,) = matches_of(folder, "ZZO0ZZ")
    expect(found["match"] == "folded" and found["differs"] == [2], texts(found))


def test_weeded_rows_do_not_match(folder):
    make_list(folder)
    expect("exact" not in texts(matches_of(folder, "EF56GHJ")), "past its weed date")


def test_a_new_revision_replaces_the_old(folder):
    make_list(folder)
    make_list(folder, "wanted", "JK68LMN,FORD,KA,PINK,STOP,,THEFT,,,,,,,,,\n")
    expect("exact" in texts(matches_of(folder, "JK68LMN")), "the new row")
    expect("exact" not in texts(matches_of(folder, "AB12CDE")), "the old row is gone")
    held = json_lines(succeed("hotlist", "list", "--json", "--state", folder))
    expect(len(held) == 1, texts(held))


def test_a_broken_file_leaves_the_old_revision(folder):
    make_list(folder)
    fail(1, "hotlist", "import", os.path.join(folder, "none.csv"), "--name", "wanted",
         "--unsigned-by", "4711", "--state", folder)
    fail(1, "hotlist", "import", write(folder, "empty.csv", ""), "--name", "wanted",
         "--unsigned-by", "4711", "--state", folder)
    expect("exact" in texts(matches_of(folder, "AB12CDE")), "the good revision is still there")


def test_a_list_with_a_map(folder):
    layout = os.path.join(SOURCE, "data", "examples", "list-map.conf")
    make_list(folder, "partner", "Registration;Make;Model;Colour;Action;Warnings;Reason;Expires\n"
              "LM19NPR;VW;UP;GREY;STOP;;THEFT;31.12.2099\n", "--map", layout)
    expect("exact" in texts(matches_of(folder, "LM19NPR")), "read by its header")
    wrong = write(folder, "wrong.conf", "[format]\ndelimeter=comma\n")
    err = fail(1, "hotlist", "import", os.path.join(folder, "partner.csv"), "--name", "partner",
               "--map", wrong, "--unsigned-by", "4711", "--state", folder)
    expect("wrong.conf:2" in err and "'delimiter'" in err, err)


def test_bad_names_are_refused(folder):
    path = write(folder, "list.csv", ROWS)
    for name in ("../escape", "a/b", "", ".hidden"):
        code, _, err = run(["hotlist", "import", path, "--name", name, "--unsigned-by", "4711",
                            "--state", folder])
        expect(code in (1, 2) and err.strip(), "%r was taken: %s" % (name, err))
    expect(not os.path.exists(os.path.join(os.path.dirname(folder), "escape")), "wrote outside")


# --- records -------------------------------------------------------------------------------------

def test_retention_of_nothing(folder):
    expect("7" in succeed("retention", "show", "--state", folder), "the default of 7 days")
    shown = json_lines(succeed("retention", "show", "--json", "--state", folder))
    expect(len(shown) >= 1, texts(shown))
    succeed("retention", "run", "--officer", "1234", "--state", folder)


def test_retention_by_configuration(folder):
    conf = write(folder, "bolo.conf", "[store]\nretention_days=3\n")
    expect("3" in succeed("retention", "show", "--config", conf, "--state", folder), "three days")
    for value in ("0", "400", "many"):
        wrong = write(folder, "wrong.conf", "[store]\nretention_days=%s\n" % value)
        err = fail(1, "retention", "show", "--config", wrong, "--state", folder)
        expect("wrong.conf:2" in err, err)


def test_bench_store(folder):
    lines = json_lines(succeed("bench", "store", "--records", "200", "--json", "--state", folder))
    expect(len(lines) == 1, texts(lines))
    for key in ("insert_per_s", "commit_ms", "search_ms", "purge_s"):
        expect(key in lines[0], "no %s in %s" % (key, texts(lines)))
    expect(lines[0]["insert_per_s"] > 0 and lines[0]["commit_ms"]["p99"] >= lines[0]["commit_ms"]["p50"],
           texts(lines))


def test_bench_nets(_):
    lines = json_lines(succeed("bench", "nets", "--repeats", "2", "--json"))
    expect({line["net"] for line in lines} == {"reader", "detector"}, texts(lines))
    for line in lines:
        backends = set(line["cpu_ms"])
        expect(backends - {"bfloat16"} == {"oneDNN", "OpenCV"}, texts(lines))
        expect(set(line["difference"]) == backends - {"oneDNN"}, texts(lines))
        expect(min(line["cpu_ms"].values()) > 0 and line["difference"]["OpenCV"] < 1e-3, texts(lines))
        expect(line["difference"].get("bfloat16", 0) < 0.5, texts(lines))
    fail(2, "bench", "nets", "--repeats", "0")


# --- reading -------------------------------------------------------------------------------------

def truth():
    with open(os.path.join(recording(), "truth.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_a_clip_gives_a_line_a_sighting(_):
    clip = os.path.join(recording(), "left.mkv")
    lines = json_lines(succeed("read", "--json", clip))
    last, sightings = lines[-1], lines[:-1]
    expect(last["path"] == clip and last["sightings"] == len(sightings) and last["ms"] > 0, texts(last))
    for line in sightings:
        expect(line["path"] == clip and len(line["corners"]) == 4 and line["readings"] >= 1, texts(line))
        expect(line["first_ms"] <= line["best_ms"] <= line["last_ms"], texts(line))
        expect(0 <= line["confidence"] <= 1, texts(line))
    there = {row["plate"].replace(" ", "") for row in truth() if row["camera"] == "left"}
    read = {line["text"] for line in sightings if line["confidence"] >= 0.8}
    expect(len(there & read) >= 0.8 * len(there), "there: %s, read: %s" % (sorted(there), sorted(read)))


def test_the_same_clip_gives_the_same_lines(_):
    clip = os.path.join(recording(), "left.mkv")
    first, second = (json_lines(succeed("read", "--json", clip))[:-1] for _ in range(2))
    expect(first == second, "%s\n%s" % (texts(first), texts(second)))


def still_of(folder):
    """A frame of the recording as JPEG, and the mark that is on it."""
    rows = [row for row in truth() if row["camera"] == "left"]
    row = max(rows, key=lambda each: each["last_frame"] - each["first_frame"])
    frame = (row["first_frame"] + row["last_frame"]) // 2
    try:
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", "location=" + os.path.join(recording(), "left.mkv"),
                        "!", "matroskademux", "!", "avdec_h264", "!", "jpegenc", "quality=92",
                        "!", "multifilesink", "location=" + folder + "/%05d.jpg"],
                       check=True, capture_output=True, timeout=240)
    except FileNotFoundError as missing:
        raise Skip("gst-launch-1.0 is not installed") from missing
    return os.path.join(folder, "%05d.jpg" % frame), row["plate"].replace(" ", "")


def test_a_picture_gives_its_plates(folder):
    picture, mark = still_of(folder)
    (line,) = json_lines(succeed("read", "--json", picture))
    expect((line["path"], line["width"], line["height"]) == (picture, 1280, 720), texts(line))
    expect(set(line["ms"]) >= {"detect", "read"}, texts(line["ms"]))
    expect(mark in [plate["text"] for plate in line["plates"]], "%s is not in %s" % (mark, texts(line)))
    for plate in line["plates"]:
        expect(len(plate["corners"]) == 4 and len(plate["chars"]) == len(plate["text"]), texts(plate))
        expect("".join(char["c"] for char in plate["chars"]) == plate["text"], texts(plate))
        expect(all(0 <= char["p"] <= 1 for char in plate["chars"]), texts(plate))
        expect("syntax" in plate and "region" in plate, texts(plate))


def test_words_without_json(folder):
    picture, mark = still_of(folder)
    out = succeed("read", picture)
    expect(mark in out.replace(" ", ""), out)


# --- the engine ----------------------------------------------------------------------------------

def test_doctor_tells_all_parts(folder):
    out = succeed("doctor", "--state", folder)
    for part in ("models", "gps", "clock", "lists", "storage", "policy", "sound"):
        expect(re.search(r"^%s\s+\S+\s+\S" % part, out, re.MULTILINE), "no line for %s: %s" % (part, out))
    expect(re.search(r"^models\s+ok", out, re.MULTILINE), "the models are not found: " + out)
    expect(re.search(r"^storage\s+ok", out, re.MULTILINE), "the state folder is not sound: " + out)


def test_doctor_in_json(folder):
    for line in json_lines(succeed("doctor", "--json", "--state", folder)):
        expect(line["event"] == "health" and line["state"] in ("ok", "starting", "degraded", "lost"), texts(line))
        expect(line["state"] == "ok" or line.get("detail"), "says nothing: " + texts(line))


def test_doctor_names_what_a_configuration_lacks(folder):
    os.mkdir(os.path.join(folder, "cameras.d"))
    write(folder, "cameras.d/front.conf", "[camera]\nsource=v4l2:/dev/video97\n")
    conf = write(folder, "bolo.conf", "[position]\nhost=127.0.0.1\nport=1\n")
    out = succeed("doctor", "--config", conf, "--state", folder)
    expect(re.search(r"^camera:front\s+lost\s+.*video97", out, re.MULTILINE), out)
    expect(re.search(r"^gps\s+lost\s+gpsd at 127.0.0.1:1 does not answer", out, re.MULTILINE), out)


def test_patrol_ends_when_told(folder):
    code, out, err = run(["patrol", "--recording", recording(), "--for", "2", "--json", "--silent",
                          "--officer", "1234", "--state", folder])
    expect(code == 0, err)
    told = events(out)
    expect(told[-1]["event"] == "summary", texts(told[-1]))
    for event in told[:-1]:
        expect(event.get("id") or event["event"] in ("health", "stored", "summary"), texts(event))
        expect(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", event["time"]), texts(event))


def test_retention_after_a_patrol(folder):
    succeed("patrol", "--recording", recording(), "--for", "6", "--silent", "--officer", "1234",
            "--state", folder)
    succeed("retention", "show", "--state", folder)


names = sys.argv[1:]
main([value for name, value in list(globals().items())
      if name.startswith("test_") and (not names or name[5:] in names)])
