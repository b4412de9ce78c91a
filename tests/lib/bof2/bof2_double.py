# bof2_double.py: a BOF2 back office for tests: takes every call that the checker takes
# SPDX-License-Identifier: GPL-3.0-or-later
"""bof2_double.py FOLDER [--plain]

Serves https (a certificate of an authority of its own, made in FOLDER; a client certificate of it is
asked for) or, with --plain, http on a port of loopback that it writes to FOLDER/port. In FOLDER:

  calls.jsonl   each call that was right, with its values; pictures as sizes and hashes
  wrong.jsonl   each request that the checker refused, and why
  script.json   {operation: [answer, …]}: taken one after the other, the last one for ever; read
                anew with each call. An answer is {"text": …}, {"fault": …}, {"status": …},
                {"body": …}, {"cut": n} (the link ends after n bytes), {"hang": true} (nothing comes)
                or {"keep": false} with any of these: the call is not kept. Default: "OK".
  lists.json    {"repo": n, "lists": {name: {"revisions": [{"revision": r, "whole": path,
                "delta": path or null}, …]}}}: who holds the last but one gets the delta
  held.json     what callers said that they hold: {name: revision}
"""
import base64
import hashlib
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time
import xml.sax.saxutils

import bof2_check

SECRET = "open-sesame"
HEAD = ('<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
        f'xmlns:soapenv="{bof2_check.ENVELOPE}" xmlns:xsd="{bof2_check.XSD}" '
        f'xmlns:xsi="{bof2_check.XSI}" xmlns:soapenc="{bof2_check.ENCODING}"><soapenv:Body>')
TAIL = "</soapenv:Body></soapenv:Envelope>"
escape = xml.sax.saxutils.escape


class Unanswered(Exception):
    """The scripted answer is none that SOAP has."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer


class BackOffice:
    """What the calls do; one at a time."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        self.n_calls = {}
        self.behind = ""  # elements behind an answer that it refers to

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name, default):
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return default

    def append(self, name, record):
        with open(self.path(name), "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def answer(self, path, data, headers):
        """The body of the answer to a request, or Unanswered, or bof2_check.Wrong."""
        with self.lock:
            try:
                operation, values = bof2_check.check(path, data, headers)
                secret = values.get("signatureOfSender", values.get("signature"))
                if secret is None:
                    secret = values["reads"][0]["signature"]
                if secret != SECRET:
                    raise bof2_check.Wrong("the secret is another")
            except bof2_check.Wrong as error:
                self.append("wrong.jsonl", {"path": path, "why": str(error)})
                raise
            scripted = self.next_answer(operation)
            if scripted.get("keep", not {"fault", "status", "body"} & set(scripted)):
                self.append("calls.jsonl", {"call": operation, "values": plain(values)})
            if {"status", "body"} & set(scripted):
                raise Unanswered({**scripted, "whole": ""})
            body = self.make(path, operation, values, scripted)
            if {"cut", "hang"} & set(scripted):
                raise Unanswered({**scripted, "whole": body})
            return body, 500 if "fault" in scripted else 200

    def next_answer(self, operation):
        answers = self.read("script.json", {}).get(operation, [{}])
        nth = self.n_calls.get(operation, 0)
        self.n_calls[operation] = nth + 1
        return answers[min(nth, len(answers) - 1)]

    def make(self, path, operation, values, scripted):
        self.behind = ""
        if "fault" in scripted:
            return (HEAD + "<soapenv:Fault><faultcode>soapenv:Server.userException</faultcode>"
                    f"<faultstring>{escape(scripted['fault'])}</faultstring></soapenv:Fault>" + TAIL)
        part, kind = bof2_check.SERVICES[path.rstrip("/").rsplit("/", 1)[-1]][3]
        if "text" in scripted or kind == "string":
            inner = f'<{part} xsi:type="xsd:string">{escape(scripted.get("text", "OK"))}</{part}>'
        elif kind == "boolean":
            inner = f'<{part} xsi:type="xsd:boolean">true</{part}>'
        else:
            inner = getattr(self, "on_" + operation, lambda *_: f'<{part} xsi:nil="true"/>')(
                part, values)
        return (f'{HEAD}<n:{operation}Response xmlns:n="urn:double" '
                f'soapenv:encodingStyle="{bof2_check.ENCODING}">{inner}</n:{operation}Response>'
                f"{self.behind}{TAIL}")

    # ---- lists ------------------------------------------------------------------------------

    def on_getRepoStatus(self, part, values):
        repo = self.read("lists.json", {"repo": 0})["repo"]
        number = -1 if values["revNumber"] == repo else repo
        return f'<{part} xsi:type="xsd:long">{number}</{part}>'

    def on_getHotlistStatus(self, part, _values):
        """With references, as Apache Axis writes them."""
        book = self.read("lists.json", {"repo": 0, "lists": {}})
        items, behind = "", ""
        for number, (name, entry) in enumerate(book["lists"].items()):
            items += f'<{part} href="#id{number}"/>'
            behind += (f'<multiRef id="id{number}" soapenc:root="0" xsi:type="n:BofHotlistRevisions" '
                       f'xmlns:n="{bof2_check.SCARAB}">'
                       f'<externalSystemRevision xsi:type="xsd:string">{book["repo"]}'
                       f'</externalSystemRevision><hotlistName xsi:type="xsd:string">{escape(name)}'
                       f'</hotlistName><latestRevision xsi:type="xsd:string">'
                       f'{entry["revisions"][-1]["revision"]}</latestRevision></multiRef>')
        self.behind = behind
        return (f'<{part} soapenc:arrayType="n:BofHotlistRevisions[{len(book["lists"])}]" '
                f'xsi:type="soapenc:Array" xmlns:n="{bof2_check.SCARAB}">{items}</{part}>')

    def choose(self, name):
        """(revision, bytes): the delta for who holds the last but one, else the whole list."""
        revisions = self.read("lists.json", {})["lists"][name]["revisions"]
        held = self.read("held.json", {}).get(name)
        newest = revisions[-1]
        path = newest["whole"]
        if len(revisions) > 1 and newest["delta"] and held == revisions[-2]["revision"]:
            path = newest["delta"]
        with open(self.path(path), "rb") as file:
            return newest["revision"], file.read()

    def updates(self, part, name, size):
        revision, data = self.choose(name)
        is_big = size is not None and len(data) > size
        deltas = "" if is_big else base64.encodebytes(data).decode()
        return (f'<{part}><fileTooBig xsi:type="xsd:boolean">{str(is_big).lower()}</fileTooBig>'
                f'<hotlistDeltas xsi:type="xsd:base64Binary">{deltas}</hotlistDeltas>'
                f'<hotlistName xsi:type="xsd:string">{escape(name)}</hotlistName>'
                f'<latestRevision xsi:type="xsd:string">{revision}</latestRevision></{part}>')

    def on_getHotlistUpdates(self, part, values):
        return self.updates(part, values["hotlistName"], None)

    def on_getHotlistUpdatesRestrictSize(self, part, values):
        return self.updates(part, values["hotlistName"], values["size"])

    def on_setHotlistStatus(self, _part, values):
        held = self.read("held.json", {})
        for entry in values["hotlistsAndRevisions"]:
            held[entry["hotlistName"]] = entry["currentRevision"]
        with open(self.path("held.json"), "w", encoding="utf-8") as file:
            json.dump(held, file)
        return ""


def plain(value):
    """A call's values as JSON has them; bytes become their size and hash."""
    if isinstance(value, bytes):
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest(),
                "data": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()
                if name not in ("signature", "signatureOfSender", "capture", "captures")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def make_handler(office):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            data = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            try:
                body, status = office.answer(self.path, data, self.headers)
                self.reply(status, body.encode())
            except bof2_check.Wrong:
                self.reply(400, b"<html>no</html>")
            except Unanswered as error:
                self.misbehave(error.answer)

        def misbehave(self, answer):
            body = answer.get("body", answer["whole"]).encode()
            if "hang" in answer:
                time.sleep(3600)
            self.reply(answer.get("status", 200), body, answer.get("cut"))

        def reply(self, status, body, cut=None):
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if status // 100 == 3:
                self.send_header("Location", "http://127.0.0.1:9/stolen")
            self.end_headers()
            self.wfile.write(body if cut is None else body[:cut])
            if cut is not None:
                self.close_connection = True

        def log_message(self, *_):
            pass

    return Handler


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def make_certificates(folder):
    """ca.pem, and server and car with their keys, each signed by it."""
    path = lambda name: os.path.join(folder, name)  # noqa: E731
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", path("ca.key"), "-out", path("ca.pem"), "-days", "2",
            "-subj", "/CN=test authority")
    for name in ("server", "car"):
        openssl("req", *curve, "-keyout", path(name + ".key"), "-out", path(name + ".csr"),
                "-subj", f"/CN={name}")
        with open(path(name + ".ext"), "w", encoding="utf-8") as file:
            file.write("subjectAltName=IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", path(name + ".csr"), "-CA", path("ca.pem"),
                "-CAkey", path("ca.key"), "-CAcreateserial", "-days", "2",
                "-extfile", path(name + ".ext"), "-out", path(name + ".pem"))


def end_with_parent():
    """The test holds the other end of standard input: when it dies, so do we."""
    sys.stdin.buffer.read()
    os._exit(0)


def main(folder, is_plain):
    threading.Thread(target=end_with_parent, daemon=True).start()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make_handler(BackOffice(folder)))
    server.daemon_threads = True
    if not is_plain:
        make_certificates(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(os.path.join(folder, "server.pem"),
                                os.path.join(folder, "server.key"))
        context.load_verify_locations(os.path.join(folder, "ca.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
        # In the connection's own thread, so that one that never shakes hands holds nobody up.
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
        file.write(str(server.server_port))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], "--plain" in sys.argv[2:])
