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


def take(folder, *arguments):
    return hotlist(folder, "import", *arguments, "--unsigned-by", "4711")


def refused(result, *words, code=1):
    got, _, err = result
    expect(got == code, "exit code %d, wanted %d: %s" % (got, code, err))
    expect(len(err.strip().splitlines()) == 1, "one sentence, not:\n" + err)
    for word in words:
        expect(word in err, "no '%s' in: %s" % (word, err))


def test_import(folder):
    path = write(folder, "stolen.csv", ROWS)
    code, out, err = take(folder, path)
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
    code, out, err = take(folder, path, "--name", "force", "--kind", "voi", "--json")
    expect(code == 0, err)
    *problems, report = events(out)
    expect([(p["row"], p["column"], p["rejected"]) for p in problems] ==
           [(2, "VRM", True), (5, "Weed date", False)], out)
    expect(report["event"] == "imported" and report["name"] == "force", out)
    expect(report["kind"] == "voi" and report["entries"] == 4 and report["rejected"] == 1, out)


def test_match(folder):
    take(folder, write(folder, "stolen.csv", ROWS))
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
    take(folder, path)
    code, out, err = take(folder, path)
    expect(code == 0 and "already" in out, "nothing to do is no failure: " + out + err)
    code, out, err = hotlist(folder, "remove", "stolen")
    expect(code == 0, err)
    refused(hotlist(folder, "remove", "stolen"), "stolen")
    code, out, err = hotlist(folder, "list")
    expect("no lists" in out, out)


def test_map(folder):
    path = write(folder, "in.csv", "Reg;Expires\nAB12CDE;2099-12-31\n")
    named = write(folder, "map.conf", "[format]\ndelimiter=;\n[columns]\nplate=Reg\nweed_date=Expires\n")
    code, out, err = take(folder, path, "--name", "x", "--map", named, "--json")
    expect(code == 0, err)
    expect(json.loads(out)["entries"] == 1, out)
    wrong = write(folder, "wrong.conf", "[columns]\nplate=1\nmaek=2\n")
    refused(take(folder, path, "--name", "x", "--map", wrong),
            "wrong.conf:3", "maek", "make")


def test_bad_input(folder):
    path = write(folder, "stolen.csv", ROWS)
    refused(take(folder, os.path.join(folder, "none.csv"), "--name", "x"), "none.csv")
    refused(take(folder, folder, "--name", "x"), "is not a file")
    refused(take(folder, write(folder, "empty.csv", "")), "empty.csv", "no row")
    refused(take(folder, path, "--name", "../x"), "../x")
    refused(take(folder, path, "--format", "ncix"), "ncix", "did you mean ncic")
    refused(take(folder, path, "--delta"), "not held")
    refused(hotlist(folder, "match", "?!"), "?!")
    refused(run(["hotlist", "list", "--state", os.path.join(path, "state")]), "state")


def test_unsigned(folder):
    path = write(folder, "stolen.csv", ROWS)
    refused(hotlist(folder, "import", path), "not signed", "--unsigned-by")
    code, out, err = hotlist(folder, "list")
    expect("no lists" in out, out)
    code, out, err = take(folder, path, "--json")
    report = events(out)[-1]
    expect((report["trust"], report["signer"]) == ("unsigned", "4711"), out)
    code, out, err = hotlist(folder, "list", "--json")
    expect((events(out)[0]["trust"], events(out)[0]["signer"]) == ("unsigned", "4711"), out)
    write(os.path.join(folder, "state"), "lists.conf", "[lists]\nunsigned=refuse\n")
    refused(take(folder, write(folder, "other.csv", "AB12CDE\n")), "signature only")


def test_signed(folder):
    key = os.path.join(folder, "hq.key")
    code, out, err = hotlist(folder, "keygen", "hq", "--out", folder)
    expect(code == 0 and os.stat(key).st_mode & 0o777 == 0o600, err)
    path = write(folder, "stolen.csv", ROWS)
    one = os.path.join(folder, "1.sig")
    code, out, err = hotlist(folder, "sign", path, "--key", key, "--number", "1", "--revision",
                             "spring", "--out", one)
    expect(code == 0, err)
    refused(hotlist(folder, "import", path, "--sig", one), "not trusted")
    refused(hotlist(folder, "trust", key), "secret")
    code, out, err = hotlist(folder, "trust", os.path.join(folder, "hq.pub"))
    expect(code == 0 and "hq" in out, err)
    code, out, err = hotlist(folder, "import", path, "--sig", one, "--json")
    report = events(out)[-1]
    expect((report["trust"], report["signer"], report["revision"]) == ("signed", "hq", "spring"), out)
    expect("csv" in report["format"] and report["contents"] == "full", out)
    code, out, err = hotlist(folder, "import", path, "--sig", one)
    expect(code == 0 and "already" in out, out + err)
    changes = write(folder, "stolen_del.csv", "AB12CDE\n")
    two = os.path.join(folder, "2.sig")
    code, out, err = hotlist(folder, "sign", changes, "--name", "stolen", "--key", key,
                             "--number", "2", "--base", "1", "--out", two)
    code, out, err = hotlist(folder, "import", changes, "--name", "stolen", "--sig", two, "--json")
    report = events(out)[-1]
    expect((report["contents"], report["deleted"], report["entries"]) == ("delta", 1, 3), out)
    refused(hotlist(folder, "import", path, "--sig", one), "not newer", "taken before")
    refused(hotlist(folder, "sign", path, "--key", key, "--number", "3", "--out", one), one)
    write(folder, "stolen.csv", ROWS + "GH78JKL\n")
    refused(hotlist(folder, "import", path, "--name", "stolen", "--sig", one), "not as long")


def test_no_progress_in_a_pipe(folder):
    path = write(folder, "many.csv", "".join("A%dXYZ,FORD\n" % i for i in range(20000)))
    code, out, err = take(folder, path)
    expect(code == 0 and err == "", "nothing on standard error, but: " + err)
    expect("20000 entries" in out, out)


def test_every_problem_is_told(folder):
    rows = "".join("A%dXYZ,,,,,,,,,,31/02/2030\n" % i for i in range(1500))
    code, out, err = take(folder, write(folder, "many.csv", rows), "--json")
    *problems, report = events(out)
    expect(len(problems) == 1500 and report["warnings"] == 1500, "%d problems" % len(problems))


def test_too_many_bad_rows(folder):
    path = write(folder, "stolen.csv", ROWS)
    take(folder, path)
    bad = write(folder, "bad.csv", "AB12CDF\n,x\n,y\n")
    code, out, err = take(folder, bad, "--name", "stolen")
    expect(code == 1 and "2 of 3 rows" in err and "50 %" in err, err)
    expect("row 2 (line 2), column VRM" in out, out)
    code, out, err = hotlist(folder, "match", "AB12CDF", "AB12CDE")
    expect("AB12CDF: not listed" in out and "AB12CDE: not listed" not in out, out)
    write(os.path.join(folder, "state"), "lists.conf", "[list stolen]\nmax_bad_percent=70\n")
    code, out, err = take(folder, bad, "--name", "stolen")
    expect(code == 0, err)


def test_ages(folder):
    take(folder, write(folder, "stolen.csv", ROWS))
    path = write(folder, "old.csv", "AB12CDE\n")
    os.utime(path, (1e9, 1e9))
    take(folder, path)
    write(os.path.join(folder, "state"), "lists.conf", "[lists]\nwarn_age_h=24\nstale_age_h=48\n")
    code, out, err = hotlist(folder, "list", "--json")
    expect([(e["name"], e["age"]) for e in events(out)] == [("old", "stale"), ("stolen", "fresh")], out)
    code, out, err = hotlist(folder, "list")
    expect("STALE" in out.splitlines()[0] and "STALE" not in out.splitlines()[1], out)
    write(os.path.join(folder, "state"), "lists.conf", "[lists]\nwarn_age=24\n")
    refused(take(folder, path, "--name", "x"), "lists.conf:2", "warn_age", "warn_age_h")


def test_wrong_use(folder):
    for arguments in ([], ["fetch"], ["sign", "x"], ["trust", "a", "b"], ["keygen"],
                      ["import", "x", "--map", "a", "--format", "csv"],
                      ["import", "x", "--sig", "a", "--unsigned-by", "b"], ["import"], ["import", "a", "b"], ["match"], ["remove"],
                      ["list", "x"], ["list", "--nmae", "x"]):
        refused(hotlist(folder, *arguments), "--help", code=2)


main([test_import, test_import_as_json, test_match, test_again_and_remove, test_map,
      test_bad_input, test_unsigned, test_signed, test_no_progress_in_a_pipe,
      test_every_problem_is_told, test_too_many_bad_rows, test_ages, test_wrong_use])
