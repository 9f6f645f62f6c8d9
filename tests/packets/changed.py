# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What becomes of a packet that is answered or forwarded. Which packets those
are is said by the lessons' verdicts.txt; here all are changed that can be.

Checksums are scapy's, of the whole message. One that was wrong is wrong by as
much afterwards: nobody is to take the packet for a good one (RFC 1624). In an
ICMP answer 0xffff stands for 0, the same number: it is right for zeros too."""

import struct

from scapy.layers.inet6 import IPv6, in6_chksum
from scapy.utils import checksum

from frames import AD, Q, V4, V6, put

# The part of the address that says which network, in
# packet03-redirecting/network.sh, and the network of the way there
WAYS = {1: 2, 2: 2, 11: 5, 12: 3, 14: 2}
PREFIX4, PREFIX6 = bytes((10, 11)), bytes.fromhex("fc00deadcafe")
LONGEST = 1514


def word(data, at):
    return struct.unpack_from(">H", data, at)[0] if at + 2 <= len(data) else -1


def summed(before, after, at, right):
    """The checksum at that place; right(packet) is what belongs there."""
    held, due, new = word(before, at), right(before), right(after)
    if held != due:
        new = (new + held - due) % 0xffff
    return put(after, at, ">H", new)


def header_sum(at):
    return lambda data: checksum(put(data[at:at + 20], 10, ">H", 0))


def network(data):
    """The EtherType behind the tags, and where the IP header begins."""
    at = 12
    while word(data, at) in (Q, AD):
        at += 4
    return word(data, at), at + 2


def swap(data, at, size):
    """Two fields of a size, one behind the other, in the other order"""
    return data[:at] + data[at + size:at + 2 * size] + \
        data[at:at + size] + data[at + 2 * size:]


def echo(data):
    """The answer to an echo request without options, if it is all there."""
    kind, at = network(data)
    if kind == V4 and word(data, at) >> 8 == 0x45 and \
            data[at + 9:at + 10] == b"\1" and \
            28 <= word(data, at + 2) <= len(data) - at and \
            word(data, at + 20) == 0x0800:
        end = at + word(data, at + 2)
        after = put(put(data, at + 20, "B", 0), at + 8, "B", 64)
        after = summed(data, after, at + 22, lambda packet: checksum(
            put(packet[at + 20:end], 2, ">H", 0)))
        after = put(after, at + 22, ">H", word(after, at + 22) or 0xffff)
        after = summed(data, after, at + 10, header_sum(at))
        return swap(swap(after, at + 12, 4), 0, 6)
    if kind == V6 and word(data, at) >> 12 == 6 and \
            data[at + 6:at + 7] == b"\x3a" and \
            8 <= word(data, at + 4) <= len(data) - at - 40 and \
            word(data, at + 40) == 0x8000:
        end = at + 40 + word(data, at + 4)
        after = put(put(data, at + 40, "B", 129), at + 7, "B", 64)
        after = summed(data, after, at + 42, lambda packet: in6_chksum(
            58, IPv6(packet[at:at + 40]), put(packet[at + 40:end], 2, ">H", 0)))
        return swap(swap(after, at + 8, 16), 0, 6)
    return data


def way(data):
    """The network that the packet leaves through, or None."""
    if data[12:15] == struct.pack(">HB", V4, 0x45) and \
            data[30:32] == PREFIX4 and len(data) >= 34:
        return WAYS.get(data[32])
    if data[12:14] == struct.pack(">H", V6) and data[38:44] == PREFIX6 and \
            len(data) >= 54:
        return WAYS.get(int("%x" % word(data, 44)))
    return None


def route(data):
    """One hop less, to the neighbour there."""
    out = way(data)
    hops = 22 if data[12:14] == struct.pack(">H", V4) else 21
    if not out or len(data) > LONGEST or data[hops] < 2:
        return data
    after = bytes((2, 0, 10, 11, out, 2, 2, 0, 10, 11, out, 1)) + data[12:]
    after = put(after, hops, "B", data[hops] - 1)
    return summed(data, after, 24, header_sum(14)) if hops == 22 else after


def reverse(data):
    """What goes the other way: the ends of an IP packet without options
    swapped, ports and all. Checksums are sums, and stay right."""
    kind, at = network(data)
    four = kind == V4
    address, end = (at + 12, at + 20) if four else (at + 8, at + 40)
    after = swap(swap(data, address, 4 if four else 16), 0, 6)
    proto = data[at + 9] if four else data[at + 6]
    return swap(after, end, 2) if proto in (6, 17) else after
