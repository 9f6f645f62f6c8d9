# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""A bash on a pseudo-terminal, into which the blocks of a README are typed."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

# What marks, in the output, where that of a typed command begins and ends:
# bash expands PS0 before it, and runs PROMPT_COMMAND after it. So prompts, and
# the echo of what is typed, stand outside. Never look for that echo: jobs in
# the background write into it.
# The ERR trap sees what fails inside of a command: in a loop, a function.
SET_UP = (
    " PS1= PS2= PS0='\\036TOKEN<\\037' README_ERR=0;"
    " PROMPT_COMMAND='printf \"\\036TOKEN=%d.%d\\037\" $? \"$README_ERR\"; README_ERR=0';"
    " set -E; trap 'README_ERR=$?; [ \"$BASH_SUBSHELL\" -eq 0 ] || exit \"$README_ERR\"' ERR\n")
# Colours, titles, and other commands to a terminal.
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]")
# What bash says of jobs.
JOB = re.compile(r"\[\d+\][+-]?\s+(\d+|(Done|Exit|Running|Terminated|Killed|Stopped|Interrupt|Hangup)\b.*)")


class Lost(Exception):
    """The shell is gone, or does not answer; the text says why."""


def words_of(pid):
    """The command line of a process; "" if it has ended."""
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def descendants(pid):
    """The processes below this one, whatever session they are in."""
    parents, found, below = {}, [], [pid]
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name, encoding="utf-8",
                      errors="replace") as stat:
                parent = int(stat.read().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue  # it has just ended
        parents.setdefault(parent, []).append(int(name))
    while below:
        below = [child for one in below for child in parents.get(one, ())]
        found += below
    return found


class Terminal:
    """type() a command; it has ended when there is a status."""

    def __init__(self, folder, env, account=None, patience=1):
        self.token = os.urandom(8).hex()
        self.marker = re.compile("\036%s(<|=(\\d+)\\.(\\d+))\037" % self.token)
        self.pending = ""  # came, and not looked at yet
        self.output = ""  # of the commands since forget()
        self.typed = False  # something, and it has not ended
        self.running = False  # what comes now is a command's output
        self.status = None  # (its own, that of what failed inside of it)
        self.gone = None
        self.patience = patience
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(folder)
                if account:
                    account.become()
                os.execvpe("bash", ["bash", "--norc", "--noprofile",
                                    "--noediting", "-i"], env)
            finally:
                os._exit(127)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 50, 132, 0, 0))
        modes = termios.tcgetattr(self.master)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(self.master, termios.TCSANOW, modes)
        self.set_up()
        self.forget()

    # What is typed

    def set_up(self):
        self.type(SET_UP.replace("TOKEN", self.token))
        self.wait_end(10 * self.patience)

    def enter(self, seconds):
        """The last command is a shell: the next ones are typed into that one."""
        if not self.wait(seconds, lambda: self.status or re.search(r"[#$] ?$", self.output)):
            raise Lost("no prompt after %.1f s" % seconds)
        if self.status:
            raise Lost("no shell: exit status %d" % self.status[0])
        shown = "\n".join(self.lines()) + "\n"
        self.set_up()
        self.output = shown

    def type(self, text):
        if self.gone:
            raise Lost(self.gone)
        self.status = None
        self.typed = True
        data = text.encode()
        while data:
            try:
                data = data[os.write(self.master, data):]
            except OSError:
                raise Lost("the shell has ended") from None

    def key(self, name):
        """C-c and the like: what the terminal makes of it reaches the command."""
        try:
            os.write(self.master, bytes([ord(name[-1].upper()) & 0x1f]))
        except OSError:
            raise Lost("the shell has ended") from None

    def forget(self):
        self.output = ""

    # What comes

    def read(self, seconds):
        """Takes what comes within this time, at once if something is there."""
        try:
            if not select.select([self.master], [], [], max(seconds, 0))[0]:
                return
            data = os.read(self.master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            self.gone = "the shell has ended (exit?)"
            return
        self.pending += data.decode(errors="replace")
        while True:
            found = self.marker.search(self.pending)
            if not found:
                break
            self.take(self.pending[:found.start()])
            self.pending = self.pending[found.end():]
            self.running = found.group(1) == "<"
            if not self.running:
                self.typed = False
                self.status = int(found.group(2)), int(found.group(3))
        # The rest, but for what may be a part of a marker.
        at = self.pending.find("\036")
        at = at if 0 <= at and len(self.pending) - at < 64 else len(self.pending)
        self.take(self.pending[:at])
        self.pending = self.pending[at:]

    def take(self, text):
        if self.running:
            self.output += text

    def wait(self, seconds, until):
        """Reads until until() is true. Returns whether it is."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0 or self.gone:
                return False
            self.read(min(left, 0.5))
        return True

    def wait_end(self, seconds):
        """Returns the status of what was typed, and of what failed in it."""
        if not self.wait(seconds, lambda: self.status is not None):
            if self.gone:
                raise Lost(self.gone)
            raise Lost("no end after %.1f s" % seconds)
        return self.status

    def lines(self):
        """The output, as one reads it: complete lines."""
        text = CONTROLS.sub("", self.output).replace("\r\n", "\n")
        lines = text.split("\n")
        if not lines[-1] or self.typed:
            lines.pop()
        # A line that was written over and over shows its last state.
        lines = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
        return [line for line in lines if not JOB.fullmatch(line)]

    # The end

    def rescue(self):
        """As a person would, when a command does not end. Returns what is to be
        said if that does not help: the terminal is lost."""
        if not self.typed:
            return []
        if not self.gone:
            try:
                self.key("C-c")
            except Lost:
                pass
            if self.wait(5 * self.patience, lambda: self.status is not None):
                return []
            self.close()
        return ["the terminal is lost"]

    def jobs(self):
        """The command lines of what still runs in it."""
        return list(filter(None, map(words_of, descendants(self.pid))))

    def close(self):
        """As one closes a window: what runs there gets SIGHUP, then SIGKILL."""
        left = [self.pid] + descendants(self.pid)
        if self.master < 0:
            return
        os.close(self.master)
        self.master = -1
        self.gone = self.gone or "the terminal is lost"
        end = time.monotonic() + 5 * self.patience
        while time.monotonic() < end and self.any_lives(left):
            time.sleep(0.02)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.any_lives(left)

    def any_lives(self, pids):
        try:
            os.waitpid(self.pid, os.WNOHANG)
        except OSError:
            pass
        return any(os.path.exists("/proc/%d" % pid) for pid in pids)
