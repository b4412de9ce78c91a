#!/usr/bin/env python3
# test-openapi.py: docs/openapi.yaml, docs/protocol.md and the station say the same
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import re
import subprocess
import sys
import uuid

from station import STATION, Station, record
from system import SOURCE, expect, main


def scalar(text):
    """A value of the little YAML that we write: lists in one line, quoted or bare texts."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [scalar(part) for part in text[1:-1].split(",") if part.strip()]
    if text[:1] == text[-1:] == '"':
        return text[1:-1]
    return {"true": True, "false": False}.get(text, int(text) if re.fullmatch(r"-?\d+", text) else text)


def lines_of(path):
    """[(indent, text, line number)] of what is no comment."""
    found = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            text = line.rstrip("\n")
            expect("\t" not in text, "line %d has a tab" % number)
            if text.strip() and not text.strip().startswith("#"):
                found.append((len(text) - len(text.lstrip()), text.strip(), number))
    return found


def read_block(lines, at, indent):
    """(value, next) of the mapping or the list that begins there."""
    value = [] if lines[at][1].startswith("- ") else {}
    while at < len(lines) and lines[at][0] >= indent:
        depth, text, number = lines[at]
        expect(depth == indent, "line %d stands too far in" % number)
        if isinstance(value, list):
            lines[at] = (indent + 2, text[2:], number)
            item, at = read_block(lines, at, indent + 2)
            value.append(item)
            continue
        match = re.fullmatch(r'("[^"]*"|[^\s:][^:]*):(?:\s+(.*))?', text)
        expect(match, "line %d is no member: %s" % (number, text))
        name = scalar(match.group(1)) if match.group(1).startswith('"') else match.group(1)
        expect(name not in value, "line %d: %s stands twice" % (number, name))
        at += 1
        if match.group(2) is not None:
            value[name] = scalar(match.group(2))
        else:
            expect(at < len(lines) and lines[at][0] > indent, "line %d has no value" % number)
            value[name], at = read_block(lines, at, lines[at][0])
    return value, at


def load():
    lines = lines_of(os.path.join(SOURCE, "docs", "openapi.yaml"))
    value, at = read_block(lines, 0, 0)
    expect(at == len(lines), "line %d does not belong to anything" % (lines[at][2] if at < len(lines) else 0))
    return value


def references(value):
    """Each $ref in it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def follow(document, reference):
    expect(reference.startswith("#/"), reference)
    for part in reference[2:].split("/"):
        expect(part in document, "%s points nowhere" % reference)
        document = document[part]
    return document


def test_references(folder):
    document = load()
    expect(document["openapi"].startswith("3.1"), document["openapi"])
    used = set(references(document))
    for reference in used:
        follow(document, reference)
    for kind in ("parameters", "responses", "schemas"):
        for name in document["components"][kind]:
            reference = "#/components/%s/%s" % (kind, name)
            # The header of an item is inside of a body that is no JSON: a description names it.
            expect(reference in used or name == "Header", reference + " is not used")


def test_paths(folder):
    """Every path that the server knows is there, and the other way round."""
    told = subprocess.run([STATION, "paths"], capture_output=True, text=True, check=True).stdout.split("\n")
    served = {line.replace("/FILE", "/{file}") for line in told if line}
    written = {"%s %s" % (method.upper(), path) for path, methods in load()["paths"].items() for method in methods}
    expect(served == written, "only the server: %s; only the file: %s" % (served - written, written - served))
    with open(os.path.join(SOURCE, "docs", "protocol.md"), encoding="utf-8") as file:
        titles = set(re.findall(r"^## `(GET|POST) (/v1/\w+)", file.read(), re.MULTILINE))
    plain = {tuple(line.replace("/{file}", "").split(" ")) for line in written if line != "GET /"}
    expect(titles == plain, "protocol.md has %s" % sorted(titles ^ plain))


def test_words(folder):
    """Topics and results are those of protocol.md."""
    with open(os.path.join(SOURCE, "docs", "protocol.md"), encoding="utf-8") as file:
        text = file.read()
    schemas = load()["components"]["schemas"]
    topics = re.search(r"^\| `topic` \| (.*) \|$", text, re.MULTILINE).group(1)
    expect(re.findall(r"`([\w-]+)`", topics) == schemas["Topic"]["enum"], topics)
    results = re.findall(r"^\| `(\w+)` \| (?:committed|was committed|of a picture|will never|could not)", text,
                         re.MULTILINE)
    expect(results + ["unknown"] == schemas["Result"]["properties"]["result"]["enum"], str(results))


def matches(document, schema, value, where):
    """What we use of JSON Schema."""
    if "$ref" in schema:
        schema = follow(document, schema["$ref"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    known = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None),
             "number": (int, float)}
    expect(any(isinstance(value, known[kind]) for kind in kinds), "%s: %r is no %s" % (where, value, kinds))
    expect("enum" not in schema or value in schema["enum"], "%s: %r" % (where, value))
    expect("pattern" not in schema or re.search(schema["pattern"], value), "%s: %r" % (where, value))
    if isinstance(value, dict):
        missing = set(schema.get("required", [])) - set(value)
        extra = set(value) - set(schema.get("properties", value))
        expect(not missing and not extra, "%s: missing %s, not described %s" % (where, missing, extra))
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                matches(document, schema["properties"][name], inner, where + "." + name)
    if isinstance(value, list):
        for inner in value:
            matches(document, schema["items"], inner, where + "[]")


def test_answers(folder):
    """What the station says is what the file describes."""
    document = load()
    schemas = document["components"]["schemas"]
    hit = {"text": "AB12CDE", "category": "stolen", "time": "2026-03-14T17:40:23.933Z", "covert": False}
    with Station(folder) as station:
        station.car("car2")
        matches(document, schemas["Hello"], json.loads(station.ask("/v1/hello")), "hello")
        for line in station.ask("/v1/batch", data=record("hit", 1, hit) + b"{}\n").splitlines():
            matches(document, schemas["Result"], json.loads(line), "batch")
        question = json.dumps({"topic": "hit", "id": str(uuid.UUID(int=1)), "state": 1}) + "\n"
        for line in station.ask("/v1/have", data=question.encode()).splitlines():
            matches(document, schemas["Result"], json.loads(line), "have")
        matches(document, schemas["Envelope"], json.loads(station.ask("/v1/lists")), "lists")
        shared = json.loads(station.ask("/v1/shared", car="car2"))
        expect(len(shared["hits"]) == 1, str(shared))
        matches(document, schemas["Shared"], shared, "shared")
        for path, status in (("/v1/nothing", 404), ("/v1/files/nothing", 404)):
            matches(document, schemas["Problem"], json.loads(station.ask(path, status=status)), path)


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
