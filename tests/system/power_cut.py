# power_cut.py: what a disk may hold when the power goes in the middle of a program, by its system calls
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program is run under strace; what it did to the files under one folder is played back, call by call, on a model
that tells what lies in the system's cache from what fsync has made durable. After any call the model says what the disk
may hold then: at least what is durable, at most all, and anything between, folder by folder and file by file, since
nothing orders the one before the other but fsync. A call that changes files and is not known here is an error."""
import os
import re
import subprocess

# What changes files, names or the place where the next write goes; and a few more, so that none is missed.
TRACED = ("openat,open,creat,close,dup,dup2,dup3,write,pwrite64,writev,pwritev,pwritev2,lseek,ftruncate,truncate,"
          "fallocate,fsync,fdatasync,sync,syncfs,sync_file_range,mkdir,mkdirat,rmdir,rename,renameat,renameat2,link,"
          "linkat,symlink,symlinkat,unlink,unlinkat,copy_file_range,sendfile,splice")
LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$", re.DOTALL)
DONE = re.compile(r"^(.*)\) += (-?\d+)(?: .*)?$", re.DOTALL)
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


class File:
    def __init__(self, data=b""):
        self.data = data
        self.durable = data

    def write(self, data, offset):
        self.data = self.data.ljust(offset, b"\0")
        self.data = self.data[:offset] + data + self.data[offset + len(data):]

    def sync(self):
        self.durable = self.data


class Folder:
    """Names, and the changes of them that no fsync has made durable: lists of (name, File, Folder or None)."""

    def __init__(self):
        self.names = {}
        self.durable = {}
        self.pending = []

    def change(self, *changes):
        self.names = applied(self.names, changes)
        self.pending.append(changes)

    def sync(self):
        self.durable = dict(self.names)
        self.pending = []


def applied(names, changes):
    names = dict(names)
    for name, what in changes:
        if what is None:
            names.pop(name, None)
        else:
            names[name] = what
    return names


def load(path):
    """What lies at @path, all of it durable."""
    if not os.path.isdir(path):
        with open(path, "rb") as file:
            return File(file.read())
    folder = Folder()
    for name in os.listdir(path):
        folder.names[name] = load(os.path.join(path, name))
    folder.sync()
    return folder


class Replay:
    """The folder @top of the disk while the calls of a program go by; @folder is what it held before."""

    def __init__(self, top, folder):
        self.top = os.path.realpath(top)
        self.folder = folder
        self.open = {}

    def resolve(self, path):
        """(folder, name) of what lies under the top; None elsewhere."""
        path = os.path.normpath(os.path.join(self.top, os.fsdecode(path)))
        inside = os.path.relpath(path, self.top)
        if inside.startswith(".."):
            return None
        parts = [] if inside == "." else inside.split(os.sep)
        if not parts:
            return self.folder, None
        folder = self.folder
        for part in parts[:-1]:
            folder = folder.names[part]
        return folder, parts[-1]

    def get(self, path):
        place = self.resolve(path)
        if place is None:
            return None
        return place[0] if place[1] is None else place[0].names[place[1]]

    def call(self, name, words, strings, result):
        """One call that worked. Returns whether it changed anything."""
        handler = getattr(self, "on_" + name.replace("64", "").replace("at2", "at"), None)
        if handler is None:
            raise AssertionError("a call that this test does not know: %s(%s)" % (name, words))
        return handler(words, strings, result)

    def file_of(self, words):
        return self.open.get(int(words.split(",")[0].strip()))

    def on_openat(self, words, strings, result):
        place = self.resolve(strings[0])
        if place is None:
            return False
        folder, name = place
        changed = False
        if name is not None and name not in folder.names:
            folder.change((name, File()))
            changed = True
        what = folder if name is None else folder.names[name]
        if "O_TRUNC" in words and what.data:
            what.data = b""
            changed = True
        self.open[result] = [what, len(what.data) if "O_APPEND" in words else 0]
        return changed

    on_open = on_creat = on_openat

    def on_close(self, words, strings, result):
        self.open.pop(int(words.split(",")[0]), None)
        return False

    def on_write(self, words, strings, result):
        file = self.file_of(words)
        if file is None:
            return False
        data = b"".join(strings)[:result]
        file[0].write(data, file[1])
        file[1] += len(data)
        return True

    on_writev = on_write

    def on_pwrite(self, words, strings, result):
        file = self.file_of(words)
        if file is None:
            return False
        file[0].write(b"".join(strings)[:result], int(words.rsplit(",", 1)[1]))
        return True

    on_pwritev = on_pwrite

    def on_lseek(self, words, strings, result):
        file = self.file_of(words)
        if file is not None:
            file[1] = result
        return False

    def on_ftruncate(self, words, strings, result):
        file = self.file_of(words)
        if file is None:
            return False
        length = int(words.split(",")[1])
        file[0].data = file[0].data[:length].ljust(length, b"\0")
        return True

    def on_fsync(self, words, strings, result):
        file = self.file_of(words)
        if file is None:
            return False
        file[0].sync()
        return True

    on_fdatasync = on_fsync

    def on_mkdir(self, words, strings, result):
        place = self.resolve(strings[0])
        if place is None:
            return False
        place[0].change((place[1], Folder()))
        return True

    on_mkdirat = on_mkdir

    def on_unlink(self, words, strings, result):
        place = self.resolve(strings[0])
        if place is None:
            return False
        place[0].change((place[1], None))
        return True

    on_unlinkat = on_rmdir = on_unlink

    def on_rename(self, words, strings, result):
        old, new = self.resolve(strings[0]), self.resolve(strings[1])
        if old is None and new is None:
            return False
        if old is None or new is None:
            raise AssertionError("a rename into the folder or out of it: " + words)
        what = old[0].names[old[1]]
        if old[0] is new[0]:
            old[0].change((old[1], None), (new[1], what))
        else:
            new[0].change((new[1], what))
            old[0].change((old[1], None))
        return True

    on_renameat = on_rename


def calls(path):
    """(name, arguments, strings, result) of every call that worked, in the order in which they ended."""
    begun = {}
    with open(path, encoding="ascii") as file:
        for line in file:
            match = LINE.match(line.rstrip("\n"))
            if match is None:
                continue  # a signal, an exit
            process, resumed, name, rest = match.groups()
            if resumed is not None:
                name, rest = resumed, begun.pop(process) + rest
            if rest.endswith("<unfinished ...>"):
                begun[process] = rest[:-len("<unfinished ...>")]
                continue
            done = DONE.match(rest)
            if done is None or int(done.group(2)) < 0:
                continue
            strings = STRING.findall(done.group(1))
            if any(cut for _, cut in strings):
                raise AssertionError("strace has cut a text short: " + line[:200])
            yield (name, STRING.sub("", done.group(1)), [bytes.fromhex(text.replace("\\x", "")) for text, _ in strings],
                   int(done.group(2)))


def why_not(folder):
    """Why programs cannot be traced here; None where they can."""
    done = subprocess.run(["strace", "-f", "-o", os.path.join(folder, "trial"), "true"], capture_output=True, text=True)
    return None if done.returncode == 0 else "strace cannot trace here: " + done.stderr.strip().replace("\n", "; ")


def record(words, folder, trace, environment=None):
    """Runs @words under strace, in @folder; (exit code, standard output, standard error)."""
    done = subprocess.run(["strace", "-f", "-xx", "-s", "1000000", "-e", "signal=none", "-e", "trace=" + TRACED, "-o", trace,
                           *words], capture_output=True, text=True, cwd=folder, env=environment)
    return done.returncode, done.stdout, done.stderr


def states(top, before, trace, chance):
    """After every call that changed something: (number of the call, kind, Image). A disk that lost nothing, one that lost
    all that it might, one that kept the names and lost the data, and two between."""
    replay = Replay(top, before)
    number = 0
    for call in calls(trace):
        if not replay.call(*call):
            continue
        number += 1
        yield number, "most", image(replay.folder, lambda folder: folder.names, lambda file: file.data)
        yield number, "least", image(replay.folder, lambda folder: folder.durable, lambda file: file.durable)
        yield number, "names", image(replay.folder, lambda folder: folder.names,
                                     lambda file: file.durable if file.durable == file.data else
                                     file.durable[:len(file.data)].ljust(len(file.data), b"\0"))
        for _ in range(2):
            yield number, "between", image(
                replay.folder,
                lambda folder: some(folder, chance),
                lambda file: file.data if file.data == file.durable else
                chance.choice((file.data, file.durable, file.data[:chance.randint(0, len(file.data))])))


def some(folder, chance):
    """The names after as many of the changes, from the first on, as chance has it."""
    names = folder.durable
    for changes in folder.pending[:chance.randint(0, len(folder.pending))]:
        names = applied(names, changes)
    return names


def image(what, names_of, data_of):
    """What lies there, as bytes and dictionaries."""
    if isinstance(what, File):
        return data_of(what)
    return {name: image(one, names_of, data_of) for name, one in names_of(what).items()}


def put(what, path):
    """Writes an image to the disk."""
    if isinstance(what, bytes):
        with open(path, "wb") as file:
            file.write(what)
        return
    os.makedirs(path, mode=0o700)
    for name, one in what.items():
        put(one, os.path.join(path, name))
