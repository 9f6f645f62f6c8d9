# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What of the machine itself, outside of labs, a README must leave alone:
sysctls, routes, rules, neighbours. Here the sandbox stands for the machine.
What is changed and put back at once is seen as well."""

import ctypes
import os
import re
import struct
import subprocess

# Counters and states that change by themselves, and what has no single value.
VOLATILE = re.compile(
    r"/proc/sys/(fs/(dentry|inode|file-nr|quota|aio-nr)|kernel/(random/|ns_last_pid|pty/nr|"
    r"hostname|sched_domain|spl)|net/netfilter/nf_conntrack_count|.*_flush$|"
    r"net/ipv[46]/route/(flush|min_adv)|vm/(drop_caches|compact_memory|stat_refresh))")
PER_INTERFACE = re.compile(r"/proc/sys/net/[^/]*/(?:conf|neigh)/([^/]+)/")
# Of a lab are: its neighbours, and the routes that an address brings with it.
DEVICE = re.compile(r"\bdev (\S+)")
OF_ADDRESS = re.compile(r"\bproto (kernel|ra)\b|^(?:Deleted )?(?:ff00::/8|multicast) ")


IN_MODIFY = 2
EVENT = struct.Struct("iIII")


class Writes:
    """Which files of /proc/sys somebody here writes to, if only for a moment: those
    that are there now, so not those of a lab."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        self.queue = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.folders = {}
        for folder, _, _ in os.walk("/proc/sys"):
            watch = libc.inotify_add_watch(self.queue, os.fsencode(folder), IN_MODIFY)
            self.folders[watch] = folder

    def paths(self):
        """Those written to since the last call."""
        found = set()
        while True:
            try:
                data = os.read(self.queue, 65536)
            except BlockingIOError:
                return found
            while data:
                watch, _, _, length = EVENT.unpack_from(data)
                name = data[EVENT.size:EVENT.size + length].rstrip(b"\0")
                found.add(os.path.join(self.folders.get(watch, "?"), os.fsdecode(name)))
                data = data[EVENT.size + length:]


def interfaces():
    return set(os.listdir("/sys/class/net"))


class Host:
    """problems() tells what has changed since it was made, and once only. card: what
    the text may change, as it may a lab."""

    def __init__(self, work, card=None):
        self.own = interfaces() - {card}
        self.path = os.path.join(work, "monitor")
        self.at = 0
        with open(self.path, "wb") as out:
            self.monitor = subprocess.Popen(
                ["ip", "-o", "monitor", "label", "route", "rule", "neigh"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        self.settings = self.sysctls()
        self.writes = Writes()

    def sysctls(self):
        found = {}
        for folder, _, names in os.walk("/proc/sys"):
            for name in names:
                path = os.path.join(folder, name)
                interface = PER_INTERFACE.match(path)
                if VOLATILE.match(path) or (
                        interface and interface.group(1) not in self.own
                        and interface.group(1) not in ("all", "default")):
                    continue
                try:
                    with open(path, "rb") as file:
                        found[path] = file.read()
                except OSError:
                    continue
        return found

    def outside_of_labs(self, event):
        """Is what "ip monitor" says about the machine itself?"""
        kind, _, text = event.partition("]")
        device = DEVICE.search(text)
        if not device or device.group(1) in self.own:
            return True
        return "NEIGH" not in kind and not OF_ADDRESS.search(text)

    def problems(self):
        found, now = [], self.sysctls()
        # One that is new came with a module: ip loads af_alg, of 7.3 with a setting.
        for path, value in sorted(self.settings.items()):
            if now.get(path) != value:
                found.append("%s: %r, was %r" % (path, now.get(path), value))
        self.settings = now
        found += ["%s: written to" % path for path in sorted(self.writes.paths())
                  if not VOLATILE.match(path)]
        with open(self.path, "rb") as file:
            file.seek(self.at)
            data = file.read()
        complete = data[:data.rfind(b"\n") + 1]
        self.at += len(complete)
        found += [event for event in complete.decode(errors="replace").splitlines()
                  if event.strip() and self.outside_of_labs(event)]
        return found

    def close(self):
        self.monitor.terminate()
        self.monitor.wait()
