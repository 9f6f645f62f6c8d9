# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Packets for the fuzzer: mutate.py COUNT SEED OUT. The fixtures, each with a
few faults of the kinds below, most of them in the headers, and some packets
of nothing but random bytes. The same seed gives the same packets.
mutate.py --fixtures OUT: the fixtures as they are, in one file."""

import random
import struct
import sys

sys.dont_write_bytecode = True
import packets
from packets import Layout, word

SHORTEST = 14   # what the kernel runs a program over
LONGEST = 512
TYPES = (0x0800, 0x86dd, 0x8100, 0x88a8, 0x9100, 0x0806, 0x88e5, 38, 1500)
PROTOCOLS = (0, 1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 135, 255)
BYTES = (0, 1, 4, 5, 7, 8, 0x40, 0x44, 0x45, 0x46, 0x4f, 0x60, 0x7f, 0x80, 0xff)


def put(data, at, value):
    if at + 2 <= len(data):
        struct.pack_into("!H", data, at, value & 0xffff)


def header_offset(rng, data, layout):
    """Anywhere from the EtherType to the end of the last header."""
    end = (layout.l4 or layout.ip or layout.type_at) + 20
    return rng.randrange(12, max(13, min(len(data), end)))


def flip_bit(rng, data, layout):
    data[header_offset(rng, data, layout)] ^= 1 << rng.randrange(8)


def set_byte(rng, data, layout):
    data[header_offset(rng, data, layout)] = rng.choice(BYTES)


def any_byte(rng, data, layout):
    data[rng.randrange(12, len(data))] = rng.randrange(256)


def truncate(rng, data, layout):
    del data[rng.randrange(SHORTEST, len(data) + 1):]


def cut_header(rng, data, layout):
    del data[max(SHORTEST, header_offset(rng, data, layout)):]


def pad(rng, data, layout):
    data += rng.randbytes(rng.randrange(1, 50))


def add_tags(rng, data, layout):
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 7, 8, 9))):
        kind = rng.choice((0x8100, 0x8100, 0x8100, 0x88a8, 0x88a8, 0x9100))
        if kind == 0x9100 and rng.randrange(4):
            kind = 0x8100
        data[12:12] = struct.pack("!HH", kind, rng.randrange(65536))


def drop_tag(rng, data, layout):
    if layout.tags:
        del data[12:16]


def extension(rng, following):
    kind = rng.choice(packets.EXTENSIONS)
    units = rng.choice((0, 0, 0, 1, 2, 3))
    size = {44: 8, 51: units * 4 + 8}.get(kind, units * 8 + 8)
    body = bytearray(size)
    body[0], body[1] = following, units
    if kind == 44:
        put(body, 2, rng.choice((0, 1, 8, 9, 0xfff8, 6)))
    elif kind == 43:
        body[2] = 253   # of experiments (RFC 4727)
    elif kind != 51:
        # Options: all padding (PadN)
        body[2], body[3] = 1, size - 4 if size - 4 < 256 else 0
    return kind, body


def add_extensions(rng, data, layout):
    if layout.ip is None or data[layout.ip] >> 4 != 6:
        return
    for _ in range(rng.choice((1, 1, 2, 3, 7, 8, 9))):
        kind, body = extension(rng, data[layout.ip + 6])
        data[layout.ip + 6] = kind
        data[layout.ip + 40:layout.ip + 40] = body
        put(data, layout.ip + 4, word(data, layout.ip + 4) + len(body))


def drop_extension(rng, data, layout):
    if layout.exts and layout.exts[0][0] == layout.ip + 40:
        at, kind = layout.exts[0]
        size = packets.ext_size(data, at, kind)
        data[layout.ip + 6] = data[at]
        del data[at:at + size]
        put(data, layout.ip + 4, word(data, layout.ip + 4) - size)


def add_options(rng, data, layout):
    if layout.ip is None or data[layout.ip] >> 4 != 4:
        return
    units = rng.randrange(1, 11)
    if (data[layout.ip] & 15) + units <= 15:
        data[layout.ip] += units
        data[layout.ip + 20:layout.ip + 20] = b"\1" * (units * 4)
        put(data, layout.ip + 2, word(data, layout.ip + 2) + units * 4)


def near(rng, value):
    return rng.choice((value - 8, value - 4, value - 1, value + 1, value + 8,
                       0, 7, 8, 19, 20, 0xffff, rng.randrange(65536)))


def change_length(rng, data, layout):
    if layout.ip is None:
        return
    at = layout.ip + (2 if data[layout.ip] >> 4 == 4 else 4)
    put(data, at, near(rng, word(data, at)))


def change_l4_length(rng, data, layout):
    if layout.l4 is None or layout.l4 + 20 > len(data):
        return
    if layout.proto == packets.UDP:
        put(data, layout.l4 + 4, near(rng, word(data, layout.l4 + 4)))
    elif layout.proto == packets.TCP:
        data[layout.l4 + 12] = rng.randrange(16) << 4


def change_type(rng, data, layout):
    put(data, layout.type_at, rng.choice(TYPES))


def change_protocol(rng, data, layout):
    if layout.exts and rng.randrange(2):
        at = rng.choice(layout.exts)[0]
    elif layout.ip is not None:
        at = layout.ip + (9 if data[layout.ip] >> 4 == 4 else 6)
    else:
        return
    data[at] = rng.choice(PROTOCOLS)


def change_fragment(rng, data, layout):
    parts = [at + 2 for at, kind in layout.exts if kind == 44]
    if parts:
        put(data, rng.choice(parts), rng.choice((0, 1, 2, 6, 7, 8, 9, 0xfff9)))
    elif layout.ip is not None and data[layout.ip] >> 4 == 4:
        put(data, layout.ip + 6, rng.choice((0, 0x2000, 0x4000, 0x8000, 1,
                                             0x1fff, 0x2001, 0xffff)))


def change_port(rng, data, layout):
    if layout.l4 is not None:
        put(data, layout.l4 + rng.choice((0, 2)),
            rng.choice((0, 1, 0xffff, rng.randrange(65536))))


def swap_tail(rng, data, layout):
    """What another fixture has behind a byte of its headers."""
    other = rng.choice(SHORT)
    data[header_offset(rng, data, layout):] = \
        other[rng.randrange(min(12, len(other)), len(other)):]
    data += bytes(max(0, SHORTEST - len(data)))


MUTATIONS = (flip_bit, flip_bit, flip_bit, set_byte, set_byte, any_byte,
             truncate, cut_header, pad, add_tags, add_tags, drop_tag,
             add_extensions, add_extensions, drop_extension, add_options,
             change_length, change_length, change_l4_length, change_type,
             change_protocol, change_fragment, change_port, swap_tail)
SHORT = [packet for packet in packets.fixtures()
         if SHORTEST <= len(packet) <= LONGEST]


def noise(rng):
    data = bytearray(rng.randbytes(rng.randrange(SHORTEST, 120)))
    data[0] &= 0xfe
    put(data, 12, rng.choice(TYPES + (rng.randrange(65536),)))
    if len(data) > 14 and word(data, 12) in (0x0800, 0x86dd):
        data[14] = 0x45 if word(data, 12) == 0x0800 else 0x60
    return data


def repair(rng, data):
    """Puts right checksums in, some of them as near to 0 as they come."""
    layout = Layout(data)
    if layout.ip is not None and data[layout.ip] >> 4 == 4 and layout.l4:
        put(data, layout.ip + 10, 0)
        put(data, layout.ip + 10,
            packets.checksum(data[layout.ip:layout.l4]))
    if packets.whole(data, layout) is None:
        return
    at = layout.l4 + packets.CHECKSUM[layout.proto]
    put(data, at, 0)
    edge = rng.randrange(4) == 0 and layout.proto in (6, 17)
    if edge and rng.randrange(2):
        put(data, layout.l4 + 2, 0)     # one less is 65535
    value = packets.checksum(packets.whole(data, layout))
    if edge:
        # The source port takes up the difference to the value wanted.
        # In either byte order: the program does not swap.
        wanted = rng.choice((0xffff, 0xfffe, 0xfeff, 0xfdff, 1, 0x100))
        port = word(data, layout.l4) + value + (wanted ^ 0xffff)
        while port > 0xffff:
            port = (port & 0xffff) + (port >> 16)
        put(data, layout.l4, port)
        value = packets.checksum(packets.whole(data, layout))
    if layout.proto == packets.UDP and rng.randrange(8) == 0:
        return
    put(data, at, value or (0xffff if layout.proto == packets.UDP else 0))


def packet(rng):
    if rng.randrange(20) == 0:
        return noise(rng)
    data = bytearray(rng.choice(SHORT))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 4))):
        rng.choice(MUTATIONS)(rng, data, Layout(data))
    if rng.randrange(2):
        repair(rng, data)
    return data


def main():
    if sys.argv[1] == "--fixtures":
        packets.write(sys.argv[2], packets.fixtures())
        return
    count, seed, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rng = random.Random(seed)
    packets.write(out, [packet(rng) for _ in range(count)])


if __name__ == "__main__":
    main()
