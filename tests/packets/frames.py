# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Frames, put together from their parts. The checksums are scapy's; what is
to be wrong is overwritten afterwards."""

import struct

from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6
from scapy.packet import Raw
from scapy.utils import checksum

MACS = bytes.fromhex("02000a0b0101" "02000a0b0102")
IP4 = {"src": "10.11.1.2", "dst": "10.11.1.1"}
IP6 = {"src": "fc00:dead:cafe:1::2", "dst": "fc00:dead:cafe:1::1"}
Q, AD = 0x8100, 0x88a8
V4, V6, ARP = 0x0800, 0x86dd, 0x0806
HOPOPTS, ROUTING, FRAGMENT, AH, DSTOPTS = 0, 43, 44, 51, 60


def frame(ethertype, payload, *tags):
    """Behind tags, outermost first: an id, which is 802.1Q, or (type, TCI)."""
    head = MACS
    for tag in tags:
        head += struct.pack(">HH", *(tag if isinstance(tag, tuple)
                                     else (Q, tag)))
    return head + struct.pack(">H", ethertype) + payload


def put(data, at, form, value):
    """A field overwritten; form is struct's."""
    field = struct.pack(form, value)
    return data[:at] + field + data[at + len(field):]


def put4(data, at, form, value):
    """A field of an IPv4 header overwritten, and its checksum made right."""
    data = put(put(data, at, form, value), 10, ">H", 0)
    size = max((data[0] & 15) * 4, 20)
    return put(data, 10, ">H", checksum(data[:size]))


def pattern(size):
    return bytes(i & 0xff for i in range(size))


def upper4(layer, **address):
    """What is behind the IP header, and the number that announces it."""
    packet = IP(bytes(IP(**{**IP4, **address}) / layer))
    return packet.proto, bytes(packet)[20:]


def upper6(layer, **address):
    packet = IPv6(bytes(IPv6(**{**IP6, **address}) / layer))
    return packet.nh, bytes(packet)[40:]


def ip4(layer, options=b"", frag=0, ttl=64, **address):
    """IPv4. layer is scapy's, or (protocol, bytes); frag the whole field;
    address src, dst or both."""
    proto, data = layer if isinstance(layer, tuple) else upper4(layer,
                                                                **address)
    header = bytes(IP(ihl=5, len=0, id=0x1234, ttl=ttl, proto=proto,
                      **{**IP4, **address}))
    header = put(header, 0, "B", 0x45 + len(options) // 4) + options
    header = put(header, 6, ">H", frag)
    return put4(header + data, 2, ">H", len(header) + len(data))


def ip6(layer, *chain, ttl=64, **address):
    """IPv6 and a chain of extension headers: types, or (type, units)."""
    proto, data = layer if isinstance(layer, tuple) else upper6(layer,
                                                                **address)
    for link in reversed(chain):
        kind, units = link if isinstance(link, tuple) else (link, 0)
        data = extension(kind, proto, units) + data
        proto = kind
    return bytes(IPv6(nh=proto, plen=len(data), hlim=ttl,
                      **{**IP6, **address})) + data


def extension(kind, proto, units=0):
    """One extension header, units of 8 bytes (AH: of 4) longer than need be.
    Of a fragment header units are its field of offset and M flag."""
    if kind == FRAGMENT:
        return struct.pack(">BBHI", proto, 0, units, 0xfeed)
    if kind == AH:
        # SPI, sequence number and a check value of 12 bytes
        return struct.pack(">BBHII", proto, 4 + units, 0, 0x100, 1) + \
            pattern(12 + 4 * units)
    if kind == ROUTING:
        # A type for experiments (RFC 4727), no segment left
        return struct.pack(">BBBBI", proto, units, 253, 0, 0) + \
            bytes(8 * units)
    padding, size = b"", 8 * units + 6
    while size:
        part = min(size, 200)
        padding += bytes([1, part - 2]) + bytes(part - 2)
        size -= part
    return bytes([proto, units]) + padding


def echo4(seq, payload=b"", kind=8, code=0):
    return ICMP(type=kind, code=code, id=0x4321, seq=seq) / Raw(payload)


def echo6(seq, payload=b"", kind=128, code=0):
    layer = ICMPv6EchoRequest(code=code, id=0x4321, seq=seq, data=payload)
    layer.type = kind
    return layer


def udp(dport, payload=b"", **fields):
    return UDP(sport=1025, dport=dport, **fields) / Raw(payload)


def tcp(dport, payload=b"", **fields):
    return TCP(sport=1025, dport=dport, seq=1, ack=2, flags="A", window=1000,
               **fields) / Raw(payload)


def to_group(packet, mac):
    """The frame, sent to another MAC address."""
    return bytes.fromhex(mac.replace(":", "")) + packet[6:]


def word_that_sums_to(layer, dport, family):
    """A payload of two bytes with which the checksum of a UDP or TCP layer to
    this port is the complement of a sum of 0xffff: 0, before UDP's rule."""
    _, data = (upper4 if family == 4 else upper6)(layer(dport, bytes(2)))
    return data[6:8] if layer is udp else data[16:18]
