# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What of the machine itself, outside of labs, a README must leave alone:
sysctls, routes, rules, neighbours. Here the sandbox stands for the machine."""

import os
import re
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


def interfaces():
    return set(os.listdir("/sys/class/net"))


class Host:
    """problems() tells what has changed since it was made, and once only."""

    def __init__(self, work):
        self.own = interfaces()
        self.path = os.path.join(work, "monitor")
        self.at = 0
        with open(self.path, "wb") as out:
            self.monitor = subprocess.Popen(
                ["ip", "-o", "monitor", "label", "route", "rule", "neigh"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        self.settings = self.sysctls()

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
        for path in sorted(set(now) | set(self.settings)):
            if now.get(path) != self.settings.get(path):
                found.append("%s: %r, was %r" % (path, now.get(path),
                                                 self.settings.get(path)))
        self.settings = now
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
