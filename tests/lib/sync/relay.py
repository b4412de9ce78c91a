# relay.py: a bad link between two network namespaces: delay, loss, rate, cuts; user space, no netem
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two namespaces, each with a TUN device, and a thread that carries packets from one to the other the
way a bad link would. Needs root and /dev/net/tun; can_run () says why not.

    link = Link(rate_bps=200_000, delay_ms=150, loss=0.05)
    link.popen("station", [...])      # 10.7.0.1
    link.popen("car", [...])          # 10.7.0.2
    link.cut(); link.mend()
"""
import array
import ctypes
import fcntl
import heapq
import os
import random
import select
import signal
import socket
import struct
import subprocess
import threading
import time

ADDRESS = {"station": "10.7.0.1", "car": "10.7.0.2"}
OTHER = {"station": "car", "car": "station"}
TUNSETIFF = 0x400454ca
IFF_TUN_NO_PI = 0x1001
CLONE_NEWNET = 0x40000000
MTU = 1500
# A queue before a slow link holds so much; what comes on top is lost, as in a router.
QUEUE_S = 1.0


def can_run():
    """None, or why a link cannot be made here."""
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun is not there"
    done = subprocess.run(["unshare", "--net", "ip", "tuntap", "add", "dev", "t0", "mode", "tun"],
                          capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else "a TUN device cannot be made: " + done.stderr.strip()


def _configure(name):
    for words in (["link", "set", "lo", "up"],
                  ["addr", "add", ADDRESS[name] + "/24", "dev", "link0"],
                  ["link", "set", "link0", "mtu", str(MTU), "up"],
                  ["route", "add", "default", "via", ADDRESS[OTHER[name]]]):
        subprocess.run(["ip", *words], check=True)


def _hold(name, channel):
    """The child: makes the namespace with its device, hands the device over, and stays."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        os._exit(1)
    libc.prctl(1, signal.SIGKILL)  # it goes with its parent
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", b"link0", IFF_TUN_NO_PI))
    _configure(name)
    channel.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [device]))])
    while True:
        signal.pause()


class _Side:
    def __init__(self, name):
        here, there = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _hold(name, there)
            finally:
                os._exit(1)
        there.close()
        _, parts, _, _ = here.recvmsg(1, socket.CMSG_SPACE(4))
        here.close()
        if not parts:
            raise RuntimeError("the namespace of the %s could not be made" % name)
        self.device = struct.unpack("i", parts[0][2][:4])[0]
        os.set_blocking(self.device, False)

    def enter(self, words):
        return ["nsenter", "--net=/proc/%d/ns/net" % self.pid, *words]

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.device)


class Link:
    def __init__(self, rate_bps=0, delay_ms=0, loss=0.0, seed=1):
        """@delay_ms: one way; @loss: of each packet, either way; @rate_bps: bits a second, 0: no limit."""
        self.rate_bps, self.delay_s, self.loss = rate_bps, delay_ms / 1000, loss
        self.random = random.Random(seed)
        self.is_up = True
        self.sides = {name: _Side(name) for name in ADDRESS}
        self.free_at = dict.fromkeys(ADDRESS, 0.0)
        self.waiting = []
        self.number = 0
        self.n_carried = self.n_lost = 0
        self.is_closed = False
        self.thread = threading.Thread(target=self._carry, daemon=True)
        self.thread.start()

    def popen(self, name, words, **options):
        """A program on that side."""
        return subprocess.Popen(self.sides[name].enter([str(word) for word in words]), **options)

    def run(self, name, words, **options):
        return subprocess.run(self.sides[name].enter([str(word) for word in words]), check=False, **options)

    def cut(self, is_announced=True):
        """Nothing goes through. Announced: the car's own device goes down too, as a modem's does."""
        self.is_up = False
        if is_announced:
            self.run("car", ["ip", "link", "set", "link0", "down"])

    def mend(self, is_announced=True):
        if is_announced:
            self.run("car", ["ip", "link", "set", "link0", "up"])
            self.run("car", ["ip", "route", "replace", "default", "via", ADDRESS["station"]])
        self.is_up = True

    def close(self):
        self.is_closed = True
        self.thread.join(5)
        for side in self.sides.values():
            side.close()

    def _take(self, name, now):
        """All that one side has to send now."""
        while True:
            try:
                packet = os.read(self.sides[name].device, 65536)
            except (BlockingIOError, OSError):
                return
            start = max(now, self.free_at[name])
            if not self.is_up or start - now > QUEUE_S or self.random.random() < self.loss:
                self.n_lost += 1
                continue
            if self.rate_bps:
                start += len(packet) * 8 / self.rate_bps
            self.free_at[name] = start
            self.number += 1
            heapq.heappush(self.waiting, (start + self.delay_s, self.number, OTHER[name], packet))

    def _give(self, now):
        while self.waiting and self.waiting[0][0] <= now:
            _, _, name, packet = heapq.heappop(self.waiting)
            if not self.is_up:
                self.n_lost += 1
                continue
            try:
                os.write(self.sides[name].device, packet)
                self.n_carried += 1
            except OSError:
                self.n_lost += 1

    def _carry(self):
        devices = {side.device: name for name, side in self.sides.items()}
        while not self.is_closed:
            left = self.waiting[0][0] - time.monotonic() if self.waiting else 0.05
            ready, _, _ = select.select(list(devices), [], [], min(max(left, 0), 0.05))
            now = time.monotonic()
            for device in ready:
                self._take(devices[device], now)
            self._give(now)
