#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Runs a command on a terminal of its own: expect.py COMMAND...

Standard input has a step a line: "< TEXT" waits until the terminal shows TEXT,
"> TEXT" types it and Enter, "^ C" types Ctrl-C, ". K" types the key K alone,
"! COMMAND" runs a shell command elsewhere. Prints what the terminal shows.
The exit status is that of the command, or 125 when a TEXT has not come. (What types
READMEs is tests/docs/terminal.py: it knows bash only, and when a command ends.)
"""

import os
import pty
import select
import subprocess
import sys

SECONDS = 20


def read(terminal):
    """What the terminal shows next; nothing at its end."""
    if not select.select([terminal], [], [], SECONDS)[0]:
        return b""
    try:
        data = os.read(terminal, 65536)
    except OSError:  # the other side is closed
        data = b""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    return data


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    shown = b""
    for step in sys.stdin.read().splitlines():
        kind, text = step[0], step[2:].encode()
        if kind == ">":
            os.write(terminal, text + b"\n")
        elif kind == ".":
            os.write(terminal, text)
        elif kind == "!":
            subprocess.run(text, shell=True, check=True)
        elif kind == "^":
            os.write(terminal, bytes([text[0] & 0x1f]))
        while kind == "<" and text not in shown:
            more = read(terminal)
            if not more:
                print("\nnot shown: " + step[2:])
                return 125
            shown += more
        if kind == "<":
            shown = shown[shown.index(text) + len(text):]
    while read(terminal):
        pass
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


sys.exit(main())
