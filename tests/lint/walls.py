# walls.py: the lint's rules about who may include whom, read from docs/house.md
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each rule takes a Tree and returns a list of Breach."""
import os
import re
from typing import NamedTuple

import source
from tree import Breach

HOUSE = 'docs/house.md'
EVERYWHERE = re.compile(
    r'(?:glib\.h|glib-object\.h|glib-unix\.h|gmodule\.h|glib/\w+\.h|gobject/\w+\.h|gio/\w+\.h'
    r'|(?:assert|ctype|dirent|errno|fcntl|fenv|float|inttypes|langinfo|limits|locale|malloc|math|netdb|poll|pthread'
    r'|pwd|sched|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios'
    r'|time|unistd|wchar)\.h|(?:sys|net|netinet|arpa)/\w+\.h|libintl\.h)$')
CPP_STANDARD = re.compile(r'[a-z_0-9]+$')
GENERATED = re.compile(r'(?:bolo-config|bolo-[\w-]*resources|bolo-[\w-]*enums)\.h$')


class Room(NamedTuple):
    floor: int
    may: frozenset
    outside: tuple


def read_house(tree):
    """({room: Room}, [Breach]) from the table in docs/house.md."""
    rooms, breaches = {}, []
    text = tree.text(HOUSE)
    if text is None:
        return rooms, [Breach(HOUSE, 1, 'the table of rooms is missing; write it, the lint reads it')]
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if not line.startswith('|') or len(cells) != 4 or not cells[1].isdigit():
            continue
        may = frozenset() if cells[2] == '-' else frozenset(cells[2].split())
        outside = () if cells[3] == '-' else tuple(cells[3].split())
        rooms[cells[0]] = Room(int(cells[1]), may, outside)
        for other in sorted(may):
            if other not in rooms:
                breaches.append(Breach(HOUSE, number, f'{cells[0]} may include {other}, which stands no higher up '
                                       'in the table; list rooms from the ground up'))
            elif rooms[other].floor >= rooms[cells[0]].floor:
                breaches.append(Breach(HOUSE, number, f'{cells[0]} may include {other} of floor '
                                       f'{rooms[other].floor}; only lower floors'))
    if not rooms:
        breaches.append(Breach(HOUSE, 1, 'holds no table of rooms (room | floor | may include | outside headers)'))
    return rooms, breaches


def room_of(path):
    parts = path.split('/')
    return parts[1] if len(parts) > 2 and parts[0] == 'src' else None


def _headers(tree):
    """({name: path} of our headers, breaches for names that two rooms use)."""
    names, breaches = {}, []
    for path in tree.matching(r'src/[^/]+/.*\.h(?:pp)?$'):
        name = os.path.basename(path)
        if name in names:
            breaches.append(Breach(path, 1, f'{names[name]} has the same name; headers are included by bare name'))
        names.setdefault(name, path)
    return names, breaches


def includes(tree):
    """Ours: only lower rooms that the table allows, by bare name."""
    rooms, breaches = read_house(tree)
    headers, doubled = _headers(tree)
    breaches += doubled
    for path in tree.matching(r'src/.+\.(?:c|h|[ch]pp)$'):
        room = room_of(path)
        if room is not None and room not in rooms:
            breaches.append(Breach(path, 1, f'the room {room} is not in the table of {HOUSE}'))
            continue
        for line, is_system, name in source.includes(tree.text(path)):
            if is_system or GENERATED.match(name):
                continue
            if '/' in name:
                breaches.append(Breach(path, line, f'"{name}" is a path; include headers by bare name'))
            elif name not in headers:
                breaches.append(Breach(path, line, f'"{name}" is no header of any room'))
            elif room is not None:
                other = room_of(headers[name])
                if other != room and other not in rooms[room].may:
                    breaches.append(Breach(path, line, f'{room} may not include {other} ("{name}"); the table in '
                                           f'{HOUSE} allows it {" ".join(sorted(rooms[room].may)) or "nothing"}'))
    return breaches


def _is_allowed(path, name, outside):
    if EVERYWHERE.match(name):
        return True
    is_cpp = path.endswith(('.cpp', '.hpp'))
    if is_cpp and CPP_STANDARD.match(name):
        return True
    for entry in outside:
        if entry.startswith('cpp:'):
            if not is_cpp:
                continue
            entry = entry[4:]
        if name == entry or (entry.endswith('/') and name.startswith(entry)):
            return True
    return False


def outside_headers(tree):
    """Libraries only in their rooms."""
    rooms, _ = read_house(tree)
    breaches = []
    for path in tree.matching(r'src/.+\.(?:c|h|[ch]pp)$'):
        room = room_of(path)
        outside = rooms[room].outside if room in rooms else ()
        for line, is_system, name in source.includes(tree.text(path)):
            if is_system and not _is_allowed(path, name, outside):
                breaches.append(Breach(path, line, f'<{name}> has no place in {room or "a main file"}; the table in '
                                       f'{HOUSE} says which room may see which library'))
    return breaches


def _unit(path):
    """A file, its header and its private header are one."""
    stem = os.path.splitext(path)[0]
    return stem[:-len('-private')] if stem.endswith('-private') else stem


def _circles(graph):
    """Each circle of the graph {node: {other: (path, line)}} once, as a list of nodes."""
    found, state, stack = [], {}, []

    def visit(node):
        state[node] = 'open'
        stack.append(node)
        for other in sorted(graph.get(node, {})):
            if state.get(other) == 'open':
                found.append(stack[stack.index(other):])
            elif other not in state:
                visit(other)
        stack.pop()
        state[node] = 'done'

    for node in sorted(graph):
        if node not in state:
            visit(node)
    return found


def circles(tree):
    """No circle between rooms, and none between files (x.c and x.h are one)."""
    headers, _ = _headers(tree)
    rooms, units = {}, {}
    for path in tree.matching(r'src/[^/]+/.+\.(?:c|h|[ch]pp)$'):
        room, unit = room_of(path), _unit(path)
        for line, is_system, name in source.includes(tree.text(path)):
            if is_system or name not in headers:
                continue
            other = headers[name]
            if room_of(other) != room:
                rooms.setdefault(room, {}).setdefault(room_of(other), (path, line))
            if _unit(other) != unit:
                units.setdefault(unit, {}).setdefault(_unit(other), (path, line))
    breaches = []
    for what, graph in (('rooms', rooms), ('files', units)):
        for circle in _circles(graph):
            path, line = graph[circle[-1]][circle[0]]
            breaches.append(Breach(path, line, f'closes a circle of {what}: ' + ' -> '.join(circle + circle[:1]) +
                                   '; pass a value, emit a signal or split out a third'))
    return breaches


def readmes(tree):
    """Each room says what it is."""
    breaches = []
    for path in tree.matching(r'src/[^/]+/meson\.build$'):
        readme = os.path.dirname(path) + '/README.md'
        if tree.text(readme) is None:
            breaches.append(Breach(readme, 1, 'is missing: a room says its purpose, who may include it, its thread '
                                   'and its promises'))
    return breaches
