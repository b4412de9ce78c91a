#!/usr/bin/env python3
# test-hotlist.py: boloctl hotlist, as a script meets it
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os

from system import events, expect, main, run

ROWS = ("AB12 CDE,FORD,FOCUS,BLUE,STOP,FIREARMS;VIOLENT,STOLEN,,,43,,,,,,\n"
        ",VW,GOLF,RED,STOP,,STOLEN,,,,,,,,,\n"
        "XY99ZZZ,BMW,,BLACK,SILENT,,DRUGS,,,,31/12/2099,,,,,\n"
        "CD34EFG,BMW,,BLACK,STOP,,STOLEN,,,,01/01/2020,,,,,\n"
        "EF56GHJ,BMW,,BLACK,STOP,,STOLEN,,,,31/02/2030,,,,,\n")


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def hotlist(folder, *arguments):
    return run(["hotlist", *arguments, "--state", os.path.join(folder, "state")])


def refused(result, *words, code=1):
    got, _, err = result
    expect(got == code, "exit code %d, wanted %d: %s" % (got, code, err))
    expect(len(err.strip().splitlines()) == 1, "one sentence, not:\n" + err)
    for word in words:
        expect(word in err, "no '%s' in: %s" % (word, err))


def test_import(folder):
    path = write(folder, "stolen.csv", ROWS)
    code, out, err = hotlist(folder, "import", path)
    expect(code == 0, err)
    expect("row 2 (line 2), column VRM" in out, out)
    expect("row 5 (line 5), column Weed date: '31/02/2030'" in out, out)
    expect("4 entries in force (1 past their weed date, 1 covert), 1 rows left out" in out, out)
    code, out, err = hotlist(folder, "list", "--json")
    lists = events(out)
    expect(len(lists) == 1 and lists[0]["name"] == "stolen" and lists[0]["kind"] == "stolen", out)
    expect((lists[0]["entries"], lists[0]["weeded"]) == (4, 1), out)
    expect("covert" not in out, "who may import a list has it; who may list them need not know: " + out)
    expect(lists[0]["age_s"] >= 0 and lists[0]["loaded"].endswith("Z"), out)


def test_import_as_json(folder):
    path = write(folder, "in.csv", ROWS)
    code, out, err = hotlist(folder, "import", path, "--name", "force", "--kind", "voi", "--json")
    expect(code == 0, err)
    *problems, report = events(out)
    expect([(p["row"], p["column"], p["rejected"]) for p in problems] ==
           [(2, "VRM", True), (5, "Weed date", False)], out)
    expect(report["event"] == "imported" and report["name"] == "force", out)
    expect(report["kind"] == "voi" and report["entries"] == 4 and report["rejected"] == 1, out)


def test_match(folder):
    hotlist(folder, "import", write(folder, "stolen.csv", ROWS))
    code, out, err = hotlist(folder, "match", "ab12cde", "XY99 ZZZ", "CD34EFG", "AB12CDF", "--json")
    expect(code == 0, err)
    found = events(out)
    expect([match["plate"] for match in found] == ["AB12CDE"], out)
    expect(found[0]["match"] == "exact" and found[0]["markers"] == ["FIREARMS", "VIOLENT"], out)
    expect(found[0]["entry"] == "stolen/1", out)
    # A mark that only a covert row is for is answered as one that nobody lists.
    code, out, err = hotlist(folder, "match", "XY99ZZZ")
    expect((code, out, err) == (0, "XY99ZZZ: not listed\n", ""), out + err)
    code, out, err = hotlist(folder, "match", "AB12CDF", "AB12CDE")
    expect("AB12CDF: not listed" in out, out)
    expect("AB12CDE: FIREARMS, VIOLENT; STOLEN in stolen" in out, "markers stand first: " + out)


def test_again_and_remove(folder):
    path = write(folder, "stolen.csv", ROWS)
    hotlist(folder, "import", path)
    code, out, err = hotlist(folder, "import", path)
    expect(code == 0 and "already" in out, "nothing to do is no failure: " + out + err)
    code, out, err = hotlist(folder, "remove", "stolen")
    expect(code == 0, err)
    refused(hotlist(folder, "remove", "stolen"), "stolen")
    code, out, err = hotlist(folder, "list")
    expect("no lists" in out, out)


def test_map(folder):
    path = write(folder, "in.csv", "Reg;Expires\nAB12CDE;2099-12-31\n")
    named = write(folder, "map.conf", "[format]\ndelimiter=;\n[columns]\nplate=Reg\nweed_date=Expires\n")
    code, out, err = hotlist(folder, "import", path, "--name", "x", "--map", named, "--json")
    expect(code == 0, err)
    expect(json.loads(out)["entries"] == 1, out)
    wrong = write(folder, "wrong.conf", "[columns]\nplate=1\nmaek=2\n")
    refused(hotlist(folder, "import", path, "--name", "x", "--map", wrong),
            "wrong.conf:3", "maek", "make")


def test_bad_input(folder):
    path = write(folder, "stolen.csv", ROWS)
    refused(hotlist(folder, "import", os.path.join(folder, "none.csv"), "--name", "x"), "none.csv")
    refused(hotlist(folder, "import", folder, "--name", "x"), "is not a file")
    refused(hotlist(folder, "import", write(folder, "empty.csv", "")), "empty.csv", "no row")
    refused(hotlist(folder, "import", path, "--name", "../x"), "../x")
    refused(hotlist(folder, "import", path, "--format", "ncic"), "ncic", "csv")
    refused(hotlist(folder, "match", "?!"), "?!")
    refused(run(["hotlist", "list", "--state", os.path.join(path, "state")]), "state")


def test_wrong_use(folder):
    for arguments in ([], ["fetch"], ["import"], ["import", "a", "b"], ["match"], ["remove"],
                      ["list", "x"], ["list", "--nmae", "x"]):
        refused(hotlist(folder, *arguments), "--help", code=2)


main([test_import, test_import_as_json, test_match, test_again_and_remove, test_map,
      test_bad_input, test_wrong_use])
