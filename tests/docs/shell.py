# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""One bash that runs the blocks of a README one after another."""

import os
import select
import signal
import subprocess
import time

# The shell stays at its top level, so that what a block defines is there for
# the next one. A failing command returns from the file it stands in: `set -e`
# without the end of the shell. set -m: jobs as at a prompt.
DRIVER = r"""
set -mE
trap 'readme_rc=$?
[ "$BASH_SUBSHELL" -eq 0 ] || exit "$readme_rc"
[ "${#BASH_SOURCE[@]}" -eq 0 ] || return "$readme_rc"' ERR
while IFS= read -r -u %(r)d readme_kind &&
      IFS= read -r -u %(r)d readme_file && IFS= read -r -u %(r)d readme_out; do
    if [ "$readme_kind" = bg ]; then
        ( trap 'readme_rc=$?
          [ "${#BASH_SOURCE[@]}" -eq 0 ] || return "$readme_rc"' ERR
          source "$readme_file"
          echo $? >"$readme_file.rc" ) >>"$readme_out" \
            2>>"$readme_out.err" </dev/null %(r)d<&- %(w)d>&- &
        echo $! >&%(w)d
        continue
    fi
    source "$readme_file" >>"$readme_out" 2>>"$readme_out.err" \
        </dev/null %(r)d<&- %(w)d>&-
    echo $? >&%(w)d
done
"""


class Lost(Exception):
    """The shell is gone; the text says why."""


def session_members(session):
    """The processes of this session."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getsid(int(name)) == session:
                found.append(int(name))
        except OSError:
            continue
    return found


def group_lives(group):
    """Is there a process in this group that has not ended?"""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name, encoding="utf-8",
                      errors="replace") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False


class Shell:
    """run() a file in the foreground, start() one in the background."""

    def __init__(self, folder, env):
        command_r, self.command = os.pipe()
        self.answer, answer_w = os.pipe()
        driver = DRIVER % {"r": command_r, "w": answer_w}
        self.process = subprocess.Popen(
            ["bash", "--norc", "-c", driver, "bash"], cwd=folder, env=env,
            stdin=subprocess.DEVNULL, start_new_session=True,
            pass_fds=(command_r, answer_w))
        os.close(command_r)
        os.close(answer_w)
        self.lost = None

    def ask(self, kind, path, out, limit):
        """Sends a file to the shell; returns the number it answers."""
        if self.lost:
            raise Lost(self.lost)
        os.write(self.command, ("%s\n%s\n%s\n" % (kind, path, out)).encode())
        answer, end = b"", time.monotonic() + limit
        while not answer.endswith(b"\n"):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.answer], [], [], left)[0]:
                self.kill()
                raise Lost("no end after %g s" % limit)
            part = os.read(self.answer, 64)
            if not part:
                self.kill()
                raise Lost("the shell has ended (exit?)")
            answer += part
        return int(answer)

    def run(self, path, out, limit):
        return self.ask("fg", path, out, limit)

    def start(self, path, out):
        return self.ask("bg", path, out, 10)

    def kill(self):
        """The shell and all it started. SIGTERM first: a loader undoes."""
        for number, patience in ((signal.SIGTERM, 2), (signal.SIGKILL, 2)):
            end = time.monotonic() + patience
            members = session_members(self.process.pid)
            for pid in members:
                # The shell itself last: it would orphan its jobs.
                if pid == self.process.pid and number == signal.SIGTERM:
                    continue
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
            while time.monotonic() < end and any(
                    pid != self.process.pid
                    for pid in session_members(self.process.pid)):
                time.sleep(0.02)
        self.process.wait()

    def close(self):
        """Ends the shell; what it left running is left."""
        os.close(self.command)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.answer)


def stop_group(group):
    """Ends a background block. Returns False if SIGTERM was not enough."""
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 2)):
        if not group_lives(group):
            return number == signal.SIGTERM
        try:
            os.killpg(group, number)
        except OSError:
            pass
        end = time.monotonic() + patience
        while time.monotonic() < end and group_lives(group):
            time.sleep(0.02)
        if not group_lives(group):
            return number == signal.SIGTERM
    return False
