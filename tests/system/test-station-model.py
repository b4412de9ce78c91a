#!/usr/bin/env python3
# test-station-model.py: random batches, pieces, repeats, cuts and crashes against a model of the station
# SPDX-License-Identifier: GPL-3.0-or-later
import gzip
import hashlib
import json
import random
import sys
import uuid

from station import Station, record
from system import expect, main

SEED = 20260314
ROUNDS = 60
TOPICS = ("hit", "sighting", "disposition", "watch", "watch-end", "silence", "silence-end", "health")


class Model:
    """What protocol.md says a station does, in the fewest words."""

    def __init__(self):
        self.kept = {}   # identity: contents
        self.parts = {}  # id: (hash, bytes)

    def record(self, identity, body):
        if identity not in self.kept:
            self.kept[identity] = body
            return "stored", None
        return ("known" if self.kept[identity] == body else "rejected"), None

    def picture(self, identity, whole, offset, part):
        digest = hashlib.sha256(whole).digest()
        if identity in self.kept:
            return ("known" if self.kept[identity] == digest else "rejected"), None
        if offset == 0 and len(part) == len(whole):
            self.parts.pop(identity[1], None)
            self.kept[identity] = digest
            return "stored", None
        kept_digest, kept = self.parts.get(identity[1], (digest, b""))
        if kept_digest != digest:
            kept = b""
        if offset <= len(kept) < offset + len(part):
            kept = kept + part[len(kept) - offset:]
        self.parts.pop(identity[1], None)
        if len(kept) == len(whole):
            self.kept[identity] = digest
            return "stored", None
        if kept:
            self.parts[identity[1]] = (digest, kept)
        return "partial", len(kept)

    def have(self, identity):
        if identity in self.kept:
            return "known", None
        if identity[0] == "picture" and identity[1] in self.parts:
            return "partial", len(self.parts[identity[1]][1])
        return "unknown", None


class Driver:
    """Makes items that often meet what was sent before."""

    def __init__(self, chance):
        self.chance = chance

    def identity(self, topic):
        number = str(uuid.UUID(int=self.chance.randrange(40)))
        if topic == "picture":
            return (topic, number + "/" + self.chance.choice(("patch", "overview")), 1)
        if topic == "audit":
            return (topic, str(self.chance.randrange(1, 40)), 1)
        return (topic, number, self.chance.randrange(1, 3))

    def item(self):
        """(bytes, identity, model call's arguments)."""
        chance = self.chance
        if chance.random() < 0.6:
            identity = self.identity(chance.choice(TOPICS + ("audit",)))
            body = json.dumps({"v": chance.randrange(2)})
            header = '{"topic":"%s","id":"%s","state":%d,"body":%s}\n' % (*identity, body)
            return header.encode(), identity, ("record", identity, body)
        identity = self.identity("picture")
        whole = bytes([chance.randrange(2)]) * 100 + b"\n{}\n" * chance.choice((10, 200))
        if chance.random() < 0.3:
            begin, end = 0, len(whole)
        else:
            begin = chance.choice((0, 0, 40, 80, 120, 400))
            begin = min(begin, len(whole))
            end = min(len(whole), begin + chance.choice((0, 40, 80, 300, 1000)))
        header = {"topic": "picture", "id": identity[1], "state": 1, "sha256": hashlib.sha256(whole).hexdigest(),
                  "total": len(whole), "offset": begin, "bytes": end - begin}
        return (json.dumps(header) + "\n").encode() + whole[begin:end], identity, (
            "picture", identity, whole, begin, whole[begin:end])


def as_sent(line):
    return (line["result"], line.get("offset"))


def one_round(station, driver, model, number):
    items = [driver.item() for _ in range(driver.chance.randrange(1, 40))]
    body = b"".join(item[0] for item in items)
    options = []
    if driver.chance.random() < 0.5:
        body, options = gzip.compress(body), ["-H", "Content-Encoding: gzip"]
    lines = [json.loads(line) for line in station.ask("/v1/batch", *options, data=body).splitlines()]
    expect(len(lines) == len(items), "round %d: %d answers for %d items" % (number, len(lines), len(items)))
    for line, (_, identity, call) in zip(lines, items):
        expect((line["topic"], line["id"], line["state"]) == identity, "round %d: another order" % number)
        wanted = getattr(model, call[0])(*call[1:])
        expect(as_sent(line) == wanted, "round %d: %s: said %s, wanted %s" % (number, identity, as_sent(line), wanted))


def compare(station, driver, model):
    identities = sorted(set([driver.identity(topic) for topic in TOPICS + ("audit", "picture") for _ in range(30)]))
    data = "".join(json.dumps(dict(zip(("topic", "id", "state"), one))) + "\n" for one in identities)
    lines = [json.loads(line) for line in station.ask("/v1/have", data=data.encode()).splitlines()]
    for line, identity in zip(lines, identities):
        expect(as_sent(line) == model.have(identity), "%s: %s, wanted %s" % (identity, line, model.have(identity)))


def test_random_batches(folder):
    driver, model = Driver(random.Random(SEED)), Model()
    station = Station(folder)
    station.start()
    for number in range(ROUNDS):
        one_round(station, driver, model, number)
        if number % 10 == 9:
            compare(station, driver, model)
        if number % 20 == 19:  # everything was answered: a crash changes nothing
            station.kill()
            station.start()
            compare(station, driver, model)
    outcomes = {model.have(driver.identity("picture"))[0] for _ in range(200)}
    expect({"known", "partial"} <= outcomes, "the dice were too kind: %s" % outcomes)
    station.stop()


def test_two_cars_do_not_meet(folder):
    driver, models = Driver(random.Random(SEED + 1)), {"car1": Model(), "car2": Model()}
    with Station(folder) as station:
        station.car("car2")
        ask = station.ask
        for number in range(20):
            car = driver.chance.choice(("car1", "car2"))
            station.ask = lambda path, *options, car=car, **more: ask(path, *options, car=car, **more)
            one_round(station, driver, models[car], number)
        for car, model in models.items():
            station.ask = lambda path, *options, car=car, **more: ask(path, *options, car=car, **more)
            compare(station, driver, model)
        station.ask = ask


def test_torn_bodies(folder):
    """Wherever a body ends, its whole items are kept, and what came of a picture."""
    chance = random.Random(SEED + 2)
    with Station(folder) as station:
        for number in range(12):
            whole = b"\xff\xd8" + b"x" * 2000
            ident = str(uuid.UUID(int=1000 + number))
            header = {"topic": "picture", "id": ident + "/patch", "state": 1,
                      "sha256": hashlib.sha256(whole).hexdigest(), "total": len(whole), "offset": 0,
                      "bytes": len(whole)}
            first = record("hit", 2000 + number)
            body = first + (json.dumps(header) + "\n").encode() + whole
            cut = chance.randrange(len(first) + 1, len(body))
            station.ask("/v1/batch", data=body[:cut], status=400)
            came = max(0, cut - len(body) + len(whole))
            data = "".join(json.dumps({"topic": topic, "id": one, "state": 1}) + "\n" for topic, one in (
                ("hit", str(uuid.UUID(int=2000 + number))), ("picture", ident + "/patch")))
            lines = [json.loads(line) for line in station.ask("/v1/have", data=data.encode()).splitlines()]
            wanted = ("partial", came) if came else ("unknown", None)
            expect(lines[0]["result"] == "known" and as_sent(lines[1]) == wanted,
                   "cut at %d of %d: %s, wanted %s" % (cut, len(body), lines, wanted))


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
