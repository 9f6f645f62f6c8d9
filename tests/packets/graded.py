# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Packets for assignments only, a function a file, as in fixtures.py: those that
tell a right answer from one that is nearly right.

UDP goes to port 53 where nothing is said.
"""

from scapy.layers.inet import UDP
from scapy.packet import Raw

from frames import (AD, DSTOPTS, FRAGMENT, HOPOPTS, Q, ROUTING, V4, V6, extension,
                    frame, ip4, ip6, pattern, put, put4, tcp, udp, upper4, upper6)


def tagged():
    """IPv4 behind one tag and two"""
    data, other = ip4(udp(53)), ip4(tcp(80))
    return [("%s, %s" % (text, name), frame(V4, packet, *stack))
            for name, packet in (("UDP", data), ("TCP", other))
            for text, stack in (("802.1Q", [7]), ("802.1ad", [(AD, 7)]),
                                ("priority tag (id 0)", [(Q, 0xe000)]),
                                ("802.1Q in 802.1Q", [7, 8]),
                                ("802.1Q in 802.1ad", [(AD, 7), 8]))]


def vlan_ids():
    """IPv4, UDP: ids around 10 and 19, alone and with the bits beside them"""
    packet = ip4(udp(53))
    rows = [("id %d" % vid, frame(V4, packet, vid)) for vid in range(9, 21)]
    for text, stack in (
            ("id 266, 10 in the lower byte", [266]),
            ("id 2560, 10 in the wrong byte order", [2560]),
            ("id 4095", [4095]),
            ("id 10, priority 7", [(Q, 0xe00a)]),
            ("id 19, drop eligible", [(Q, 0x1013)]),
            ("id 15, priority 1", [(Q, 0x200f)]),
            ("id 9, priority 7", [(Q, 0xe009)]),
            ("id 20, drop eligible", [(Q, 0x1014)]),
            ("id 10 of 802.1ad", [(AD, 10)]),
            ("id 19 of 802.1ad, priority 3", [(AD, 0x6013)]),
            ("id 42 outside, 10 inside", [42, 10]),
            ("id 10 outside, 42 inside", [10, 42])):
        rows.append((text, frame(V4, packet, *stack)))
    return rows


def options():
    """IPv4: what a program finds that looks for UDP in the wrong place"""
    data = ip4(udp(9, b"payload!"))
    short = ip4(udp(9, b"payload!"), dst="10.11.0.53")
    return [
        ("options that look like port 53, UDP to port 9",
         frame(V4, ip4(udp(9), b"\x01\x01\0\x35"))),
        ("8 bytes of options, UDP to port 9", frame(V4, ip4(udp(9), b"\x01" * 8))),
        ("8 bytes of options, TCP to port 53", frame(V4, ip4(tcp(53), b"\x01" * 8))),
        ("ihl 0, total length 53", frame(
            V4, put4(put4(data + bytes(17), 2, ">H", 53), 0, "B", 0x40))),
        ("ihl 4, to 10.11.0.53", frame(V4, put4(short, 0, "B", 0x44))),
        ("40 bytes of options, and 4 bytes of UDP",
         frame(V4, ip4(udp(53), b"\x01" * 40))[:78]),
    ]


def port_53():
    """UDP to port 53 by both families, whole and cut short"""
    rows = []
    for name, packet, head in (("IPv4", frame(V4, ip4(udp(53))), 34),
                               ("IPv6", frame(V6, ip6(udp(53))), 54)):
        for size in (head, head + 4, head + 7, head + 8):
            rows.append(("%s, %d bytes of UDP" % (name, size - head), packet[:size]))
    return rows


def dns_size():
    """UDP of 500 to 513 bytes of data; frames and datagrams that differ in size"""
    rows = []
    for name, ethertype, wrap in (("IPv4", V4, ip4), ("IPv6", V6, ip6)):
        for size in (500, 512, 513):
            rows.append(("%s, %d bytes of data" % (name, size),
                         frame(ethertype, wrap(udp(53, pattern(size))))))
        rows.append(("%s, 20 bytes of data, and padding" % name,
                     frame(ethertype, wrap(udp(53, pattern(20)))) + bytes(540)))
        # A datagram of 600 bytes of data: the first part, and a later one
        proto, data = (upper4 if wrap is ip4 else upper6)(udp(53, pattern(600)))
        for text, at, more in (("first fragment", 0, 1),
                               ("later fragment that begins like UDP", 256, 0)):
            part = data[:256]
            packet = ip4((proto, part), frag=more << 13 | at // 8) if wrap is ip4 \
                else ip6((proto, part), (FRAGMENT, at | more))
            rows.append(("%s, 600 bytes of data, %s" % (name, text),
                         frame(ethertype, packet)))
        rows.append(("%s, 1000 bytes to port 54" % name,
                     frame(ethertype, wrap(udp(54, pattern(1000))))))
        rows.append(("%s, 1000 bytes from port 53" % name, frame(ethertype, wrap(
            UDP(sport=53, dport=1025) / Raw(pattern(1000))))))
        rows.append(("%s, TCP, 1000 bytes to port 53" % name,
                     frame(ethertype, wrap(tcp(53, pattern(1000))))))
    return rows


def extensions():
    """IPv6, UDP behind extension headers longer than 8 bytes, and fragments"""
    proto, data = upper6(udp(53))
    odd = put(extension(FRAGMENT, proto), 1, "B", 5) + data
    rows = [(text, frame(V6, ip6(layer, *chain))) for text, layer, chain in (
        ("hop-by-hop of 16 bytes", udp(53), [(HOPOPTS, 1)]),
        ("destination options of 32 bytes", udp(53), [(DSTOPTS, 3)]),
        ("routing of 24 bytes", udp(53), [(ROUTING, 2)]),
        ("hop-by-hop, routing, destination options", udp(53),
         [(HOPOPTS, 1), (ROUTING, 2), (DSTOPTS, 5)]),
        ("fragment header with 5 in its reserved byte", (FRAGMENT, odd), []),
        ("hop-by-hop, first fragment", udp(53), [HOPOPTS, (FRAGMENT, 1)]),
        ("hop-by-hop, later fragment", udp(53), [HOPOPTS, (FRAGMENT, 8)]),
        ("later fragment, the highest bit alone", udp(53), [(FRAGMENT, 0x8000)]),
        ("destination options, UDP to port 9", udp(9), [(DSTOPTS, 1)]),
        ("hop-by-hop, TCP to port 53", tcp(53), [HOPOPTS]))]
    rows.append(("hop-by-hop, 4 bytes of UDP",
                 frame(V6, ip6(udp(53), HOPOPTS))[:66]))
    return rows


ALL = (tagged, vlan_ids, options, port_53, dns_size, extensions)
