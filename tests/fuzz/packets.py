# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Capture files, checksums, and where the headers of a packet are: written
from the RFCs, on its own, as far as the fuzzer needs it."""

import glob
import os
import struct

FOLDER = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(FOLDER))
TAGS = (0x8100, 0x88a8)
EXTENSIONS = (0, 43, 44, 51, 60)
TCP, UDP = 6, 17
# Where the checksum is in the header
CHECKSUM = {1: 2, 6: 16, 17: 6, 58: 2}


def read(path):
    """The packets of a pcap file of this machine's byte order."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] not in (struct.pack("=I", 0xa1b2c3d4),
                        struct.pack("=I", 0xa1b23c4d)):
        raise SystemExit("error: '%s' is no capture file" % path)
    packets, at = [], 24
    while at < len(data):
        size = struct.unpack_from("=I", data, at + 8)[0]
        packets.append(data[at + 16:at + 16 + size])
        at += 16 + size
    return packets


def write(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number, packet in enumerate(packets):
            file.write(struct.pack("<IIII", 946684800 + number, 0, len(packet),
                                   len(packet)) + packet)


def fixtures():
    paths = sorted(glob.glob(os.path.join(TOP, "tests/packets/*.pcap")))
    return [packet for path in paths for packet in read(path)]


def word(data, at):
    return data[at] << 8 | data[at + 1]


def checksum(data):
    """RFC 1071, the plain way."""
    if len(data) % 2:
        data = bytes(data) + b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


class Layout:
    """Offsets of what was found: type_at (the last EtherType), ip, exts (pairs
    of offset and type), proto, l4 (None: not reached), end (of the datagram),
    later (a fragment but the first), part (any fragment)."""

    def __init__(self, data):
        self.tags, self.exts = [], []
        self.ip = self.l4 = self.proto = None
        self.later = self.part = False
        self.type_at, self.end = 12, len(data)
        if len(data) < 14:
            return
        while word(data, self.type_at) in TAGS:
            if self.type_at + 6 > len(data):
                return
            self.tags.append(self.type_at)
            self.type_at += 4
        at = self.type_at + 2
        kind = word(data, self.type_at)
        if kind == 0x0800 and len(data) >= at + 20 and data[at] >> 4 == 4:
            self.ipv4(data, at)
        elif kind == 0x86dd and len(data) >= at + 40 and data[at] >> 4 == 6:
            self.ipv6(data, at)

    def ipv4(self, data, at):
        size = (data[at] & 15) * 4
        fragment = word(data, at + 6)
        self.ip, self.proto = at, data[at + 9]
        self.end = at + word(data, at + 2)
        self.part = fragment & 0x3fff != 0
        self.later = fragment & 0x1fff != 0
        if size >= 20 and at + size <= min(self.end, len(data)):
            self.l4 = at + size

    def ipv6(self, data, at):
        self.ip, self.proto = at, data[at + 6]
        self.end = at + 40 + word(data, at + 4)
        at += 40
        while self.proto in EXTENSIONS and not self.later:
            if at + 8 > min(self.end, len(data)):
                return
            self.exts.append((at, self.proto))
            if self.proto == 44:
                self.part |= word(data, at + 2) & 0xfff9 != 0
                self.later = word(data, at + 2) >= 8
            size = ext_size(data, at, self.proto)
            self.proto = data[at]
            at += size
        if at <= min(self.end, len(data)):
            self.l4 = at


def ext_size(data, at, kind):
    if kind == 44:
        return 8
    return data[at + 1] * 4 + 8 if kind == 51 else data[at + 1] * 8 + 8


def has_segments_left(data, layout):
    """Then the checksum is of the last address in the routing header, not of
    that in the IPv6 header (RFC 8200, 8.1)."""
    return any(kind == 43 and data[place + 3] for place, kind in layout.exts)


def whole(data, layout):
    """The bytes that the checksum of UDP, TCP or ICMP is of, pseudo header
    included; None where they are not all there, or cannot be known."""
    if layout.l4 is None or layout.part or layout.proto not in CHECKSUM:
        return None
    end = layout.end
    if layout.proto == UDP and layout.l4 + 8 <= min(end, len(data)):
        end = min(end, layout.l4 + word(data, layout.l4 + 4))
    size = end - layout.l4
    if end > len(data) or size < CHECKSUM[layout.proto] + 2 or \
            has_segments_left(data, layout):
        return None
    body = data[layout.l4:end]
    if data[layout.ip] >> 4 == 6:
        addresses = data[layout.ip + 8:layout.ip + 40]
    else:
        addresses = data[layout.ip + 12:layout.ip + 20]
    if layout.proto == 1:
        return bytes(body)
    return bytes(addresses) + struct.pack("!II", size, layout.proto) + \
        bytes(body)


def sum_right(data, layout):
    """True, False, or None: it cannot be known. A UDP checksum of 0 is none."""
    bytes_ = whole(data, layout)
    if bytes_ is None:
        return None
    if layout.proto == UDP and not word(data, layout.l4 + 6):
        return None
    return checksum(bytes_) == 0
