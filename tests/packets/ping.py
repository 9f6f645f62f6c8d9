#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Echo requests, each when the one before is answered: ping.py COUNT SIZE ADDRESS...

With AHEAD=N in the environment N of them are on the way at a time.

To every address so many, with so many bytes of data. However long an answer
takes, it is waited for, which ping does with a fixed limit only; and it is to
be right: checksums are the kernel's affair, all else is looked at here.
"""

import os
import socket
import struct
import sys

WAIT = 30
SO_RCVBUFFORCE = 33
AHEAD = int(os.environ.get("AHEAD", "1"))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def message(kind, number, data):
    rest = struct.pack(">HH", os.getpid() & 0xffff, number) + data
    # The kernel itself fills in that of ICMPv6.
    total = checksum(bytes((kind, 0, 0, 0)) + rest)
    return struct.pack(">BBH", kind, 0, total) + rest


def ping(address, count, size):
    six = ":" in address
    request, reply = (128, 129) if six else (8, 0)
    link = socket.socket(socket.AF_INET6 if six else socket.AF_INET,
                         socket.SOCK_RAW, 58 if six else 1)
    link.connect((address, 0))
    link.settimeout(WAIT)
    # A veth with XDP may give each packet pages of its own, which count.
    link.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    sent = []
    for number in range(count):
        while len(sent) < min(count, number + AHEAD):
            sent.append(os.urandom(size))
            link.send(message(request, len(sent) - 1, sent[-1]))
        data = sent[number]
        got, wanted = b"", message(reply, number, data)
        while got[:1] != wanted[:1] or got[4:8] != wanted[4:8]:
            got = link.recv(65536)[0 if six else 20:]
        if got[8:] != data or not six and checksum(got):
            sys.exit(f"{address}: answer {number} is wrong: {got.hex()}")


if __name__ == "__main__":
    for where in sys.argv[3:]:
        ping(where, int(sys.argv[1]), int(sys.argv[2]))
