#!/usr/bin/env python3
# test-bad-input.py: each kind of bad input gets one clear sentence and a non-zero exit
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import struct
import subprocess
import zlib

from system import SOURCE, BOLOCTL, Skip, events, expect, main, recording, run


def write(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def png(width, height, rows=None):
    """A grey PNG; with rows=0 only its header tells a size."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = b"".join(b"\0" + b"\x80" * width for _ in range(height if rows is None else rows))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def refused(arguments, *words, code=1, env=None):
    got, out, err = run(arguments, env=env)
    expect(got == code, "exit code %d, wanted %d: %s" % (got, code, err))
    expect(len(err.strip().splitlines()) == 1, "one sentence, not:\n" + err)
    for word in words:
        expect(word in err, "no '%s' in: %s" % (word, err))


def test_text_renamed_jpg(folder):
    refused(["read", "--json", write(folder, "letter.jpg", "Dear Sir, …\n")], "letter.jpg")


def test_tiny_picture(folder):
    refused(["read", "--json", write(folder, "dot.png", png(1, 1))], "dot.png", "1 x 1 pixels")


def test_huge_picture(folder):
    refused(["read", "--json", write(folder, "wall.png", png(20000, 20000, 0))],
            "wall.png", "20000 x 20000 pixels")


def test_torn_clip(folder):
    with open(os.path.join(recording(), "front.mkv"), "rb") as file:
        whole = file.read()
    refused(["read", "--json", write(folder, "torn.mkv", whole[:200])], "torn.mkv")


def test_missing_picture(folder):
    refused(["read", os.path.join(folder, "none.jpg")], "none.jpg")


def test_unknown_configuration_key(folder):
    conf = write(folder, "bolo.conf", "[patrol]\nofficer=1\nforse=Anyshire\n")
    refused(["patrol", "--config", conf],
            "bolo.conf:3: unknown key 'forse' in [patrol]; did you mean 'force'?")


def test_unknown_camera_key(folder):
    conf = write(folder, "bolo.conf", "[patrol]\nofficer=1\n")
    write(folder, "cameras.d/front.conf", "[camera]\nsource=v4l2:/dev/video9\nmaks=1\n")
    refused(["patrol", "--config", conf], "front.conf:3", "'maks'", "'mask'")


def test_no_officer(folder):
    conf = write(folder, "bolo.conf", "[patrol]\n")
    write(folder, "cameras.d/front.conf", "[camera]\nsource=v4l2:/dev/video9\n")
    refused(["patrol", "--config", conf], "no officer is declared")


def test_wrong_model(folder):
    models = os.path.join(SOURCE, "data", "models")
    for name in ("detector.ini", "reader.ini", "detector.onnx", "reader.onnx"):
        with open(os.path.join(models, name), "rb") as file:
            write(folder, "models/" + name, file.read())
    write(folder, "models/reader.onnx", "not a model")
    conf = write(folder, "bolo.conf", "[patrol]\nofficer=1\n[vision]\nmodels=models\n")
    write(folder, "cameras.d/front.conf", "[camera]\nsource=v4l2:/dev/video9\n")
    refused(["patrol", "--config", conf, "--state", os.path.join(folder, "state")], "reader.onnx")


def test_list_with_a_bad_row(folder):
    path = write(folder, "list.csv",
                 "AB12CDE,FORD,FOCUS,BLUE,STOP,,STOLEN,,,,,,,,,\n"
                 ",FORD,FOCUS,BLUE,STOP,,STOLEN,,,,,,,,,\n"
                 "CD34EFG,FORD,FOCUS,BLUE,STOP,,STOLEN,,,,,,,,,\n")
    code, out, err = run(["hotlist", "import", path, "--name", "stolen", "--unsigned-by", "4711",
                          "--state", folder])
    expect(code == 0, "the rest loads: " + err)
    expect("2" in out + err and "VRM" in (out + err).upper(), "row and column: " + out + err)
    code, out, err = run(["hotlist", "match", "CD34EFG", "--json", "--state", folder])
    expect(code == 0 and "exact" in out, "the rest matches: " + out + err)


def test_read_only_state(folder):
    blocker = write(folder, "file", "x")
    refused(["patrol", "--recording", recording(), "--rate", "max",
             "--state", os.path.join(blocker, "state")], "state folder", "--state")


def test_full_disk(folder):
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk],
                      capture_output=True).returncode != 0:
        raise Skip("this machine lets no test mount a small disk")
    try:
        with open(os.path.join(disk, "filler"), "wb") as file:
            try:
                file.write(b"x" * 65536)
            except OSError:
                pass
        code, out, err = run(["patrol", "--recording", recording(), "--rate", "max", "--json",
                              "--state", disk])
        expect(code != 0, "a full disk is no success")
        expect("space" in (out + err).lower(), "says why: " + (out + err)[-300:])
        expect(not [e for e in events(out) if e["event"] == "stored"], "nothing is called stored")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_no_recording(folder):
    refused(["patrol", "--recording", folder, "--rate", "max"], "is not a recording")


def test_wrong_usage(folder):
    refused(["patrol"], "--recording DIR or --config FILE", code=2)
    refused(["patroll"], "did you mean 'patrol'?", code=2)
    refused(["read", "--jsn", "x.jpg"], "--jsn", code=2)


main([test_text_renamed_jpg, test_tiny_picture, test_huge_picture, test_torn_clip,
      test_missing_picture, test_unknown_configuration_key, test_unknown_camera_key,
      test_no_officer, test_wrong_model, test_list_with_a_bad_row, test_read_only_state,
      test_full_disk, test_no_recording, test_wrong_usage])
