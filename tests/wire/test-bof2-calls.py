# test-bof2-calls.py: each call that Bolo writes is one that the checker takes; none that is changed
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib", "bof2"))
sys.path.insert(0, os.path.join(HERE, "..", "packaging"))
import bof2_check  # noqa: E402
import tap  # noqa: E402

PROGRAM = sys.argv[1]
SECRET = "open <sesame> & co"


def write_calls(settings=None):
    """{file name: bytes} of a run of the program, with the text of a key file if given."""
    with tempfile.TemporaryDirectory() as folder:
        words = [PROGRAM, os.path.join(folder, "calls")]
        os.mkdir(words[1])
        if settings is not None:
            words.append(os.path.join(folder, "bof2.conf"))
            with open(words[2], "w", encoding="utf-8") as file:
                file.write(settings)
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        calls = {}
        for name in sorted(os.listdir(words[1])):
            with open(os.path.join(words[1], name), "rb") as file:
                calls[name] = file.read()
        return calls


def service(name):
    return "/bof2/services/" + name.split(".", 1)[1]


def check_all(settings=None):
    wrong, seen, values = [], set(), {}
    for name, data in write_calls(settings).items():
        try:
            operation, values[name] = bof2_check.check(service(name), data)
            seen.add(operation)
        except bof2_check.Wrong as error:
            wrong.append(f"{name}: {error}")
    missing = {entry[0] for entry in bof2_check.SERVICES.values()} - seen
    return wrong + [f"no call of {operation} was written" for operation in sorted(missing)], values


def as_it_comes():
    wrong, values = check_all()
    full = values["full.InputCaptureWebService"]
    bare = values["bare.InputCaptureWebService"]
    if full["signatureOfSender"] != SECRET or full["latitude"] != 51.5 or not full["plateJpegImage"]:
        wrong.append("what was given did not come back")
    if full["captureTime"] != "2026-01-31T09:15:02.120Z":
        wrong.append(f"the time is {full['captureTime']}")
    if full["captureTime"] != values["full.InputBinaryCaptureDataWebService"]["captureTime"]:
        wrong.append("text and picture do not say the same time")
    if bare["latitude"] is not None or bare["confidencePercentage"] is not None:
        wrong.append("what is not known was sent as something")
    reads = values["full.InputCompoundCaptureWebService"]["reads"]
    if len(reads) != 50 or reads[49]["signature"] != SECRET:
        wrong.append("not fifty captures with the secret")
    return wrong


def with_other_looks():
    return check_all("[services]\ntypes=soapenc\nabsent=empty\n")[0]


def with_another_table():
    """A force's own names are what is written, and what the checker then refuses."""
    calls = write_calls("[service ping]\nnamespace=urn:other\noperation=hello\n"
                        "parts=secret word string;source car short\n")
    text = calls["full.PingWebService"].decode()
    wrong = []
    if '<b:hello xmlns:b="urn:other"' not in text or '<car xsi:type="xsd:short">34</car>' not in text:
        wrong.append("the key file's names are not in the call: " + text)
    try:
        bof2_check.check(service("full.PingWebService"), calls["full.PingWebService"])
        wrong.append("the checker took another table's call")
    except bof2_check.Wrong:
        pass
    return wrong


# (service, what is replaced, by what): each must be refused.
CHANGES = [
    ("full.InputCaptureWebService", "<vrm ", "<vrn "),
    ("full.InputCaptureWebService", r"(<vrm.*</vrm>)(<feed.*?</feedIdentifier>)", r"\2\1"),
    ("full.InputCaptureWebService", 'vrm xsi:type="xsd:string"', 'vrm xsi:type="xsd:int"'),
    ("full.InputCaptureWebService", 'vrm xsi:type="xsd:string"', "vrm"),
    ("full.InputCaptureWebService", ">12<", ">40000<"),
    ("full.InputCaptureWebService", ">12<", ">0<"),
    ("full.InputCaptureWebService", ">93<", ">101<"),
    ("full.InputCaptureWebService", "51.50000", "51,5"),
    ("full.InputCaptureWebService", "51.50000(.*)-0.12000", r"0\1-0.0"),
    ("full.InputCaptureWebService", "2026-01-31T", "31/01/2026 "),
    ("full.InputCaptureWebService", ' soapenv:encodingStyle="[^"]*"', ""),
    ("full.InputCaptureWebService", "input.webservices", "output.webservices"),
    ("full.InputCaptureWebService", "<b:sendCapture ", "<b:sendCapture x='1' "),
    ("full.InputCaptureWebService", "soap/envelope/", "soap/envelop/"),
    ("full.InputCaptureWebService", "<soapenv:Body>", "<!-- x --><soapenv:Body>"),
    ("full.InputCaptureWebService", "AB12CDE", "ab12cde"),
    ("bare.InputCompactCaptureWebService", r"\|0\|", "|"),
    ("bare.InputCompactCaptureWebService", "AB12CDE", ""),
    ("full.InputCompoundCaptureWebService", r"string\[50\]", "string[49]"),
    ("full.InputCompoundCaptureWebService", "arrayType=\"xsd:string", "arrayType=\"xsd:int"),
    ("full.InputBinaryCaptureDataWebService", "<signature ", "<signatureOfSender "),
    ("full.InputBinaryCaptureDataWebService", r"(<binaryImage[^>]*>)[^<]*", r"\1%%%"),
    ("full.GetHotlistUpdatesService", "userName", "username"),
    ("full.GetHotlistRepoStatusService", "sourceID", "sourceId"),
    ("full.SetHotlistStatusService", "ExternalHotlistRevisions", "BofHotlistRevisions"),
    ("full.PingWebService", "sourcePncId", "sourceId"),
]


def changed_calls():
    wrong, calls = [], write_calls()
    for name, pattern, by in CHANGES:
        text = calls[name].decode()
        changed = re.sub(pattern, by, text, flags=re.DOTALL)
        if name == "full.InputBinaryCaptureDataWebService" and "ignature" in pattern:
            changed = changed.replace("</signature>", "</signatureOfSender>")
        if changed == text:
            wrong.append(f"'{pattern}' is not in {name}")
            continue
        try:
            bof2_check.check(service(name), changed.encode())
            wrong.append(f"{name} with '{pattern}' made '{by}' was taken")
        except bof2_check.Wrong:
            pass
    return wrong


def bad_settings():
    wrong = []
    for text, names in [
            ("[service pong]\npath=x\n", ":1: there is no service 'pong'"),
            ("[service ping]\npats=x\n", "did you mean 'path'"),
            ("[service ping]\nparts=secret word text\n", ":2: parts is not"),
            ("[service ping]\nparts=secret 1word string\n", ":2: parts is not"),
            ("[service ping]\nparts=a b string;a c string\n", ":2: parts is not"),
            ("[service ping]\nresult=x\n", ":2: result is not"),
            ("[service ping]\naction=a\"b\n", ":2: action is not"),
            ("[service ping]\noperation=a b\n", ":2: operation is not"),
            ("[service ping]\nnamespace=\n", ":2: namespace is not"),
            ("[services]\ntypes=xml\n", ":2: types=xml")]:
        try:
            write_calls(text)
            wrong.append(f"{text!r} was taken")
        except RuntimeError as error:
            if names not in str(error) or str(error).count("\n") != 1:
                wrong.append(f"{text!r}: {error}")
    return wrong


sys.exit(tap.report({
    "each service as it comes": as_it_comes,
    "with soapenc types and empty parts": with_other_looks,
    "with names of a key file": with_another_table,
    "no changed call is taken": changed_calls,
    "a key file that is wrong": bad_settings,
}))
