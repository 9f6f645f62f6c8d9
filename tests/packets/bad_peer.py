#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Answers echo requests, each in a wrong way: bad_peer.py IFNAME FILE

FILE has the name of the way (see WAYS); it is read anew for each request. The
kernel is to be silent meanwhile: net.ipv4.icmp_echo_ignore_all and
net.ipv6.icmp.echo_ignore_all. Most wrong answers come in front of the right
one, so that whoever asked is done when all has come.
"""

import socket
import struct
import sys
import time

from ping import checksum

HOLD = 0.3  # seconds
OTHER_MAC = b"\2\0\0\0\0\x42"


class Echo:
    """An echo message, and what is around it; each field can be another."""

    def __init__(self, frame):
        self.six = frame[12:14] == b"\x86\xdd"
        self.quoted = frame[14:]
        self.dmac, self.smac = frame[6:12], frame[:6]
        self.src, self.dst = (frame[38:54], frame[22:38]) if self.six else \
            (frame[30:34], frame[26:30])
        head = 40 if self.six else 20
        body = self.quoted[head:]
        self.kind, self.code = 129 if self.six else 0, 0
        self.id, self.sequence = struct.unpack_from(">HH", body, 4)
        self.data = body[8:]
        self.hops, self.tag, self.options = 64, b"", b""
        self.sum_change = self.ip_sum_change = 0
        self.icmp_end = self.frame_end = None

    def changed(self, **fields):
        other = object.__new__(Echo)
        other.__dict__.update(self.__dict__)
        other.__dict__.update(fields)
        return other

    def ip(self, length):
        if self.six:
            return struct.pack(">IHBB", 6 << 28, length, 58, self.hops) + \
                self.src + self.dst
        head = struct.pack(">BBHHHBBH", 0x45 + len(self.options) // 4, 0,
                           20 + len(self.options) + length, 1, 0, self.hops, 1, 0)
        rest = self.src + self.dst + self.options
        total = checksum(head + rest) ^ self.ip_sum_change
        return head[:10] + struct.pack(">H", total) + rest

    def pseudo(self, length):
        return self.src + self.dst + struct.pack(">II", length, 58) \
            if self.six else b""

    def around(self, body):
        """The frame with that message of ICMP, which has no checksum yet."""
        total = checksum(self.pseudo(len(body)) + body) ^ self.sum_change
        body = body[:2] + struct.pack(">H", total) + body[4:]
        body = body[:self.icmp_end]
        kind = b"\x86\xdd" if self.six else b"\x08\0"
        frame = self.dmac + self.smac + self.tag + kind + self.ip(len(body)) + body
        return frame[:self.frame_end]

    def frame(self, **fields):
        echo = self.changed(**fields)
        return echo.around(struct.pack(">BBHHH", echo.kind, echo.code, 0, echo.id,
                                       echo.sequence) + echo.data)

    def error(self, kind, code, quoted=None, **fields):
        """About the request, or about what is quoted."""
        return self.changed(**fields).around(
            struct.pack(">BBHI", kind, code, 0, 0) + (quoted or self.quoted))

    def flipped(self, at):
        """The data, with another byte there."""
        data = bytearray(self.data)
        data[at] ^= 0x55
        return bytes(data)

    def asked(self, at, size):
        """The request, as it would be with other bytes there."""
        quoted = bytearray(self.quoted)
        for byte in range(at, at + size):
            quoted[byte] ^= 0x55
        return bytes(quoted)


def other_end(address):
    return address[:-1] + bytes((address[-1] ^ 0x40,))


# What comes in front of the right answer.
FIRST = {
    "sum": lambda e: e.frame(sum_change=0x0100),
    "ip_sum": lambda e: e.frame(ip_sum_change=1),
    "id": lambda e: e.frame(id=e.id ^ 1),
    "sequence": lambda e: e.frame(sequence=e.sequence ^ 0x8000),
    "code": lambda e: e.frame(code=1),
    "number": lambda e: e.frame(data=e.flipped(6)),
    "mark": lambda e: e.frame(data=e.flipped(8)),
    "data": lambda e: e.frame(data=e.flipped(-1)),
    "shorter": lambda e: e.frame(data=e.data[:-1]),
    "longer": lambda e: e.frame(data=e.data + b"x"),
    "cut": lambda e: e.frame(frame_end=-3),
    "cut_icmp": lambda e: e.frame(icmp_end=4),
    "from_ip": lambda e: e.frame(src=other_end(e.src)),
    "to_ip": lambda e: e.frame(dst=other_end(e.dst)),
    "from_mac": lambda e: e.frame(smac=OTHER_MAC),
    "to_mac": lambda e: e.frame(dmac=OTHER_MAC),
    "tag": lambda e: e.frame(tag=b"\x81\0\0\7"),
    "other_type": lambda e: e.frame(kind=e.kind + 13),
    "error_id": lambda e: e.error(3, e.six ^ 1, e.asked(44 if e.six else 24, 2)),
    "error_peer": lambda e: e.error(3, e.six ^ 1, e.asked(39 if e.six else 19, 1)),
    "error_short": lambda e: e.error(3, 0, e.quoted[:46 if e.six else 26]),
    "error_sum": lambda e: e.error(3, e.six ^ 1, sum_change=0x0100),
}

# What comes instead of it. "error-TYPE-CODE" is one of these, too.
INSTEAD = {
    "right": lambda e: [e.frame()],
    "hops": lambda e: [e.frame(hops=7)],
    "options": lambda e: [e.frame(options=bytes((1, 1, 1, 0)))],
    "never": lambda e: [],
    "third": lambda e: [e.frame()] if e.sequence % 3 else [],
}


class Peer:
    def __init__(self, name):
        self.way, self.held = None, ()
        self.link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(3))
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.link.bind((name, 3))
        self.mac = self.link.getsockname()[4]

    def hold(self, echo):
        """The answer before, once nobody waits for it any more."""
        before, self.held = self.held, (echo.frame(), time.monotonic())
        if before:
            time.sleep(max(0, before[1] + HOLD - time.monotonic()))
        return before[:1]

    def again(self, echo):
        """The answer before again, and this one."""
        before, self.held = self.held, (echo.frame(), 0)
        return [*before[:1], echo.frame()]

    def answers(self, way, echo):
        if way != self.way:
            self.way, self.held = way, ()
        if way in FIRST:
            return [FIRST[way](echo), echo.frame()]
        if way in INSTEAD:
            return INSTEAD[way](echo)
        if way.startswith("error-"):
            return [echo.error(*map(int, way.split("-")[1:]))]
        return self.hold(echo) if way == "late" else self.again(echo)

    def is_request(self, frame, sender):
        return sender[2] != socket.PACKET_OUTGOING and frame[:6] == self.mac and \
            (frame[12:15] == b"\x08\0\x45" and frame[23] == 1 and frame[34] == 8 or
             frame[12:14] == b"\x86\xdd" and frame[20] == 58 and frame[54] == 128)

    def serve(self, file):
        while True:
            frame, sender = self.link.recvfrom(65536)
            if not self.is_request(frame, sender):
                continue
            with open(file, encoding="ascii") as words:
                way = words.read().strip()
            for answer in self.answers(way, Echo(frame)):
                self.link.send(answer)


if __name__ == "__main__":
    peer = Peer(sys.argv[1])
    print("ready", flush=True)
    peer.serve(sys.argv[2])
