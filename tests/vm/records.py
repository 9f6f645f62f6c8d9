# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What the tables of kernels are made from: records of runs, and needs.

A record is a file of tests/vm/results. Its name is a kernel's short version
and a compiler's, 6.1-clang14; `tests/run.sh --record FILE` writes it:
    kernel 6.1.0-56-amd64
    system Debian 12        what the kernel comes from; may be left out
    clang 14.0.6
    date 2026-11-21
    lesson basic01-xdp-pass passed 41 failed 0 skipped 1
    skip basic01-xdp-pass no dispatcher here: Operation not permitted
with a "lesson" line a lesson and a "skip" line a skipped test.

LESSON/needs says what a lesson wants of the kernel:
    must  xdp_native   why the lesson cannot be done without
    part  dispatcher   why a part of it cannot
    aside batch        what is better with it; all can be done without
In both "#" begins a comment line. Whatever else is there is an error.
"""

import collections
import datetime
import os
import re
import subprocess

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
RESULTS = os.path.join(TOP, "tests/vm/results")
FACTS = ("kernel", "system", "clang", "date")

KINDS = ("must", "part", "aside")
Need = collections.namedtuple("Need", "kind name reason")


class Failure(Exception):
    """What is wrong, as one line for the user."""


def shown(path):
    """The path as messages name it: from the top of the tree, if there."""
    inside = os.path.relpath(path, TOP)
    return path if inside.startswith("..") else inside


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        raise Failure("cannot read '%s': it is not UTF-8"
                      % shown(path)) from None
    except OSError as err:
        raise Failure("cannot read '%s': %s"
                      % (shown(path), err.strerror)) from None


def entries(path):
    """Each line that says something: (its place, its words)."""
    for number, line in enumerate(read(path).splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield "%s:%d" % (shown(path), number), line.split()


def ask(what, *command):
    """The lines that a command of this tree prints."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("MAKE", "MFLAGS"))}
    try:
        asked = subprocess.run(command, env=env, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True,
                               check=False)
    except OSError as err:
        raise Failure("cannot list the %s: '%s': %s (run make)" % (
            what, shown(command[0]), err.strerror)) from None
    if asked.returncode != 0:
        raise Failure("cannot list the %s: '%s' failed" % (
            what, " ".join(map(shown, command))))
    return asked.stdout.splitlines()


def lessons():
    """The lessons that make knows."""
    return sorted(ask("lessons", "make", "-s", "-C", TOP, "lessons"),
                  key=lambda name: (name.startswith("advanced"), name))


def features():
    """The names of what a kernel may have, as in :needs of a README."""
    doctor = os.path.join(TOP, "doctor/doctor_user")
    return {line.split()[0] for line in ask("features", doctor, "--list")}


def read_needs(lesson, known):
    """The needs of a lesson in their order; none where it has no such file."""
    path = os.path.join(TOP, lesson, "needs")
    needs = {}
    if not os.path.exists(path):
        return []
    for place, words in entries(path):
        if words[0] not in KINDS or len(words) < 3:
            raise Failure("%s: not 'must', 'part' or 'aside', a feature "
                          "and a reason" % place)
        if words[1] not in known:
            raise Failure("%s: there is no feature '%s' (doctor/doctor_user "
                          "--list names them)" % (place, words[1]))
        if words[1] in needs:
            raise Failure("%s: '%s' is there twice" % (place, words[1]))
        needs[words[1]] = Need(words[0], words[1], " ".join(words[2:]))
    return list(needs.values())


class Record:
    """One run of the tests. version and compiler: what the file's name says;
    counts: lesson to (passed, failed, skipped); skips: lesson to reasons."""

    def __init__(self, path):
        self.path = shown(path)
        name = re.fullmatch(r"(\d[\w.-]*)-clang(\d+)", os.path.basename(path))
        if not name:
            raise Failure("%s: not named like 6.1-clang14" % self.path)
        self.version, self.compiler = name.groups()
        self.facts = {}
        self.counts = {}
        self.skips = collections.defaultdict(list)
        place = self.path + ":1"
        for place, words in entries(path):
            self.take(place, words)
        self.check(place)

    def take(self, place, words):
        key, text = words[0], " ".join(words[1:])
        if key in FACTS and text:
            if key in self.facts:
                raise Failure("%s: '%s' is there twice" % (place, key))
            self.facts[key] = text
        elif key == "lesson":
            counts = re.fullmatch(
                r"(\S+) passed (\d+) failed (\d+) skipped (\d+)", text)
            if not counts:
                raise Failure("%s: not 'lesson NAME passed N failed N "
                              "skipped N'" % place)
            if counts.group(1) in self.counts:
                raise Failure("%s: '%s' is there twice"
                              % (place, counts.group(1)))
            self.counts[counts.group(1)] = tuple(
                int(count) for count in counts.groups()[1:])
        elif key == "skip" and len(words) > 2:
            self.skips[words[1]].append(" ".join(words[2:]))
        else:
            raise Failure("%s: cannot make sense of '%s'"
                          % (place, " ".join(words)))

    def check(self, place):
        """That it is whole; place is where it ends."""
        for fact in FACTS:
            if fact not in self.facts and fact != "system":
                raise Failure("%s: ends without a '%s'" % (place, fact))
        for fact, wanted in (("kernel", self.version),
                             ("clang", self.compiler)):
            if not re.match(re.escape(wanted) + r"(?!\d)", self.facts[fact]):
                raise Failure("%s: %s is '%s', which the file's name does "
                              "not say" % (place, fact, self.facts[fact]))
        try:
            datetime.datetime.strptime(self.facts["date"], "%Y-%m-%d")
        except ValueError:
            raise Failure("%s: date is '%s', not like 2026-11-21"
                          % (place, self.facts["date"])) from None
        for lesson in sorted(set(self.counts) | set(self.skips)):
            skipped = self.counts.get(lesson, (0, 0, 0))[2]
            if len(self.skips[lesson]) != skipped:
                raise Failure("%s: '%s' says skipped %d, and has %d lines "
                              "'skip'" % (place, lesson, skipped,
                                          len(self.skips[lesson])))


def version_key(version):
    """6.9 is older than 6.12."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part)
            for part in re.findall(r"\d+|[^\d.]+", version)]


def read_records():
    """All of tests/vm/results, old kernels first."""
    names = os.listdir(RESULTS) if os.path.isdir(RESULTS) else []
    records = [Record(os.path.join(RESULTS, name)) for name in sorted(names)
               if not name.startswith(".")]
    return sorted(records, key=lambda record: (version_key(record.version),
                                               int(record.compiler)))
