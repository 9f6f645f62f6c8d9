# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The packets, a function a file. Each returns pairs: what it is, the bytes.

port(n) stands where a destination port is that a program which rewrites ports
has to change; ports that it must leave alone are plain numbers: of a packet
whose headers cannot be true, and of any fragment but the first. An echo request has the even sequence number 2 where nothing is said.
"""

import struct

from frames import (AD, AH, ARP, DSTOPTS, FRAGMENT, HOPOPTS, MACS, Q, ROUTING,
                    V4, V6, echo4, echo6, frame, ip4, ip6, pattern, put, put4,
                    tcp, to_group, udp, upper4, upper6, word_that_sums_to)

CHAIN = (HOPOPTS, DSTOPTS, ROUTING, FRAGMENT, AH, (DSTOPTS, 3), (ROUTING, 1),
         (AH, 3), DSTOPTS)
KINDS = (("hop-by-hop", HOPOPTS), ("routing", ROUTING), ("fragment", FRAGMENT),
         ("authentication", AH), ("destination options", DSTOPTS))


def filled(ethertype, wrap, layer, size):
    """A frame of this size, if its headers are not longer than that."""
    empty = len(frame(ethertype, wrap(layer(b""))))
    return frame(ethertype, wrap(layer(pattern(max(0, size - empty)))))


def ordinary(port):
    layers = (("UDP", lambda data: udp(port(53), data),
               lambda data: udp(port(53), data)),
              ("TCP", lambda data: tcp(port(80), data),
               lambda data: tcp(port(80), data)),
              ("ICMP echo request", lambda data: echo4(2, data),
               lambda data: echo6(2, data)))
    rows = []
    for name, four, six in layers:
        for size in (64, 128, 1500):
            for ethertype, wrap, layer in ((V4, ip4, four), (V6, ip6, six)):
                packet = filled(ethertype, wrap, layer, size)
                rows.append(("IPv%s, %s, %d bytes" % (
                    "4" if wrap is ip4 else "6", name, len(packet)), packet))
    return rows


def jumbo(port):
    return [
        ("IPv4, UDP, 9000 bytes",
         filled(V4, ip4, lambda data: udp(port(53), data), 9000)),
        ("IPv6, TCP, 9000 bytes",
         filled(V6, ip6, lambda data: tcp(port(80), data), 9000)),
        ("IPv6, echo request, 9000 bytes",
         filled(V6, ip6, lambda data: echo6(2, data), 9000)),
        ("IPv4, echo request, odd, 9000 bytes",
         filled(V4, ip4, lambda data: echo4(1, data), 9000)),
    ]


def icmp(port):
    rows = []
    # 256 is even, but not if read in the wrong byte order.
    for seq in (0, 1, 2, 255, 256, 65534, 65535):
        rows.append(("ICMP echo request %d" % seq,
                     frame(V4, ip4(echo4(seq)))))
        rows.append(("ICMPv6 echo request %d" % seq,
                     frame(V6, ip6(echo6(seq)))))
    for text, packet in (
            ("ICMP echo reply 2", frame(V4, ip4(echo4(2, kind=0)))),
            ("ICMPv6 echo reply 2", frame(V6, ip6(echo6(2, kind=129)))),
            ("ICMP type 128", frame(V4, ip4(echo4(2, kind=128)))),
            ("ICMPv6 type 8", frame(V6, ip6(echo6(2, kind=8)))),
            ("ICMP error that quotes an echo request",
             frame(V4, ip4(echo4(0, ip4(echo4(2)), kind=3, code=1)))),
            ("ICMPv6 error that quotes an echo request",
             frame(V6, ip6(echo6(0, ip6(echo6(2)), kind=1)))),
            ("ICMP echo request 2 with code 1",
             frame(V4, ip4(echo4(2, code=1)))),
            ("ICMP in IPv6", frame(V6, ip6((1, upper4(echo4(2))[1])))),
            ("ICMPv6 in IPv4", frame(V4, ip4((58, upper6(echo6(2))[1]))))):
        rows.append((text, packet))
    return rows


def cut(port):
    """ICMPv6 behind three tags, UDP and TCP: the first bytes of each."""
    tags = ((AD, 10), (Q, 20), (Q, 30))
    rows = []
    for name, whole, make in (
            ("3 tags, IPv6, echo request", 14 + 12 + 40 + 8,
             lambda port: frame(V6, ip6(echo6(2, b"payload!")), *tags)),
            ("1 tag, IPv4, UDP", 18 + 20 + 8,
             lambda port: frame(V4, ip4(udp(port(53), b"payload!")), 10)),
            ("IPv6, TCP", 14 + 40 + 20,
             lambda port: frame(V6, ip6(tcp(port(80), b"payload!"))))):
        for size in range(1, len(make(port)) + 1):
            # A port is changed where the whole header is there.
            packet = make(port if size >= whole else int)[:size]
            rows.append(("%s, %d bytes of it" % (name, size), packet))
    return rows


def ip_options(port):
    """No operation, timestamp and end of options, 0 to 40 bytes in all"""
    rows = []
    for size in range(0, 41, 4):
        options = (b"\x44\x08\x05\0\0\0\0\0" + b"\x01" * 32)[:size - 1] + b"\0"
        if size < 9:
            options = b"\x01" * size
        for name, layer in (("echo request", echo4(2)),
                            ("echo request 1", echo4(1)),
                            ("UDP", udp(port(53))), ("TCP", tcp(port(80)))):
            rows.append(("%d bytes of options, %s" % (size, name),
                         frame(V4, ip4(layer, options))))
    return rows


def ip_header(port):
    """IPv4 headers and IPv6 headers that say what cannot be"""
    request, data = ip4(echo4(2)), ip4(udp(53, b"payload!"))
    rows = []
    for ihl in range(5):
        rows.append(("ihl %d, echo request" % ihl,
                     frame(V4, put4(request, 0, "B", 0x40 | ihl))))
        rows.append(("ihl %d, UDP" % ihl,
                     frame(V4, put4(data, 0, "B", 0x40 | ihl))))
    rows.append(("ihl 15, longer than the packet",
                 frame(V4, put(request, 0, "B", 0x4f))))
    for version in (0, 5, 6, 15):
        rows.append(("version %d behind EtherType IPv4" % version,
                     frame(V4, put(request, 0, "B", version << 4 | 5))))
    for version in (0, 4, 5, 15):
        rows.append(("version %d behind EtherType IPv6" % version,
                     frame(V6, put(ip6(echo6(2)), 0, "B", version << 4))))
    rows.append(("wrong header checksum: not ours to judge",
                 frame(V4, put(request, 10, ">H", 0xdead))))
    rows.append(("ihl 2, and from there on like an echo request (TTL 8)",
                 frame(V4, put4(put4(request, 8, "B", 8), 0, "B", 0x42))))
    return rows


def ip_length(port):
    """The length in the IP header. Real: 20 or 40, 8 of header, 8 of data."""
    rows = []
    for length in (0, 19, 20, 27, 28, 35, 36, 37, 65535):
        # A header that is not within the datagram is not there.
        mine = port if length >= 28 else int
        rows.append(("IPv4, total length %d (right: 36), echo request" % length,
                     frame(V4, put4(ip4(echo4(2, b"payload!")), 2, ">H",
                                    length))))
        rows.append(("IPv4, total length %d (right: 36), UDP" % length,
                     frame(V4, put4(ip4(udp(mine(53), b"payload!")), 2, ">H",
                                    length))))
    for length in (0, 7, 8, 15, 16, 17, 65535):
        mine = port if length >= 8 else int
        rows.append(("IPv6, payload length %d (right: 16), echo request" % length,
                     frame(V6, put(ip6(echo6(2, b"payload!")), 4, ">H",
                                   length))))
        rows.append(("IPv6, payload length %d (right: 16), UDP" % length,
                     frame(V6, put(ip6(udp(mine(53), b"payload!")), 4, ">H",
                                   length))))
    rows.append(("IPv6, the length ends in an extension header",
                 frame(V6, put(ip6(echo6(2), (DSTOPTS, 1)), 4, ">H", 15))))
    rows.append(("IPv4, padding that looks like an echo request",
                 frame(V4, ip4((1, b"")) + upper4(echo4(2))[1])))
    rows.append(("IPv4, UDP and padding",
                 frame(V4, ip4(udp(port(53))) + bytes(18))))
    rows.append(("IPv4, TCP and padding",
                 frame(V4, ip4(tcp(port(80))) + bytes(6))))
    return rows


def fragments(port):
    """First, middle and last; the later ones begin like what is looked for."""
    trap4 = upper4(echo4(2))[1] + pattern(8)
    trap6 = upper6(echo6(2))[1] + pattern(8)
    ports = upper4(udp(53, pattern(8)))[1]
    rows = []
    for name, kind in (("echo request", "icmp"), ("UDP", "udp"),
                       ("TCP", "tcp")):
        four = {"icmp": echo4(2, trap4 * 2), "udp": udp(port(53), ports * 2),
                "tcp": tcp(port(80), ports * 2)}[kind]
        six = {"icmp": echo6(2, trap6 * 2), "udp": udp(port(53), ports * 2),
               "tcp": tcp(port(80), ports * 2)}[kind]
        first = 24 if kind == "tcp" else 8
        for part, at, end, more in (("first", 0, first, 1),
                                    ("middle", first, first + 16, 1),
                                    ("last", first + 16, None, 0)):
            proto, data = upper4(four)
            rows.append(("IPv4, %s, %s fragment" % (name, part), frame(
                V4, ip4((proto, data[at:end]), frag=more << 13 | at // 8))))
            proto, data = upper6(six)
            rows.append(("IPv6, %s, %s fragment" % (name, part), frame(
                V6, ip6((proto, data[at:end]), (FRAGMENT, at | more)))))
    rows += [
        ("IPv4, first fragment, too small for a UDP header",
         frame(V4, ip4((17, upper4(udp(53))[1][:4]), frag=1 << 13))),
        ("IPv4, last possible offset",
         frame(V4, ip4((1, trap4[:8]), frag=0x1fff))),
        ("IPv4, may not be fragmented: no fragment",
         frame(V4, ip4(echo4(2), frag=1 << 14))),
        ("IPv4, UDP, may not be fragmented: no fragment",
         frame(V4, ip4(udp(port(53)), frag=1 << 14))),
        ("IPv4, the reserved flag: no fragment",
         frame(V4, ip4(echo4(2), frag=1 << 15))),
        ("IPv6, the only fragment",
         frame(V6, ip6(echo6(2), FRAGMENT))),
        ("IPv6, UDP, the only fragment",
         frame(V6, ip6(udp(port(53)), FRAGMENT))),
        ("IPv6, later fragment behind extension headers",
         frame(V6, ip6((58, trap6), HOPOPTS, ROUTING, (FRAGMENT, 8)))),
        ("IPv6, later fragment that begins like a destination option",
         frame(V6, ip6((DSTOPTS, bytes([58, 0, 1, 4, 0, 0, 0, 0]) + trap6),
                       (FRAGMENT, 8)))),
        ("IPv4, the highest bit of the offset alone",
         frame(V4, ip4((1, trap4), frag=0x1000))),
        ("IPv6, the highest bit of the offset alone",
         frame(V6, ip6((58, trap6), (FRAGMENT, 0x8000)))),
        ("IPv6, the lowest bit of the offset alone",
         frame(V6, ip6((58, trap6), (FRAGMENT, 0x0008)))),
    ]
    return rows


def ip6_ext(port):
    """Each extension header alone, chains of 1 to 9, what ends a chain"""
    rows = []
    for name, kind in KINDS:
        for text, layer in (("echo request", echo6(2)),
                            ("echo request 1", echo6(1)),
                            ("UDP", udp(port(53))), ("TCP", tcp(port(80)))):
            rows.append(("%s, %s" % (name, text),
                         frame(V6, ip6(layer, kind))))
    for count in range(1, 10):
        mine = port if count <= 8 else int
        for text, layer in (("echo request", echo6(2)),
                            ("echo request 1", echo6(1)),
                            ("UDP", udp(mine(53)))):
            rows.append(("chain of %d, %s" % (count, text),
                         frame(V6, ip6(layer, *CHAIN[:count]))))
    rows.append(("the longest destination options, echo request",
                 frame(V6, ip6(echo6(2, pattern(16)), (DSTOPTS, 100)))))
    rows.append(("the longest authentication header, echo request",
                 frame(V6, ip6(echo6(2, pattern(16)), (AH, 250)))))
    data = upper6(echo6(2))[1]
    for name, proto in (("encrypted (ESP)", 50), ("no next header", 59),
                        ("mobility header", 135), ("HIP", 139),
                        ("shim6", 140), ("IPv6 in IPv6", 41),
                        ("unknown 253", 253)):
        rows.append((name, frame(V6, ip6((proto, data)))))
        rows.append((name + " behind destination options",
                     frame(V6, ip6((proto, data), DSTOPTS))))
    whole = ip6(echo6(2), (DSTOPTS, 2))
    rows.append(("an extension header longer than the packet",
                 frame(V6, put(whole, 41, "B", 9))))
    rows.append(("an extension header that the packet ends in",
                 frame(V6, whole[:46])))
    return rows


def udp_odd(port):
    """Checksums, ports and lengths of UDP"""
    rows = []
    for name, ethertype, wrap, family in (("IPv4", V4, ip4, 4),
                                          ("IPv6", V6, ip6, 6)):
        for dport in (0, 1, 2, 255, 256, 32768, 65535):
            rows.append(("%s, to port %d" % (name, dport),
                         frame(ethertype, wrap(udp(port(dport), b"odd")))))
        rows.append(("%s, no checksum" % name,
                     frame(ethertype, wrap(udp(port(53), b"x", chksum=0)))))
        rows.append(("%s, no checksum, to port 0" % name,
                     frame(ethertype, wrap(udp(port(0), b"x", chksum=0)))))
        for dport in (53, 52):
            word = word_that_sums_to(udp, dport, family)
            rows.append(("%s, sum of all ones to port %d" % (name, dport),
                         frame(ethertype, wrap(udp(port(53), word)))))
        for length in (0, 7):
            rows.append(("%s, length %d: cannot be" % (name, length),
                         frame(ethertype, wrap(udp(53, b"payload!",
                                                   len=length, chksum=1)))))
        for length in (8, 17, 65535):
            # In the checksum, the length stands once as said, once as it is.
            packet = wrap(udp(port(53), b"payload!"))
            rows.append(("%s, length %d (right: 16)" % (name, length),
                         frame(ethertype, put(packet, len(packet) - 12, ">H",
                                              length))))
    return rows


def tcp_odd(port):
    """Checksums, ports and data offsets of TCP"""
    rows = []
    for name, ethertype, wrap, family in (("IPv4", V4, ip4, 4),
                                          ("IPv6", V6, ip6, 6)):
        for dport in (0, 1, 80, 65535):
            rows.append(("%s, to port %d" % (name, dport),
                         frame(ethertype, wrap(tcp(port(dport), b"odd")))))
        for dport in (80, 79):
            word = word_that_sums_to(tcp, dport, family)
            rows.append(("%s, sum of all ones to port %d" % (name, dport),
                         frame(ethertype, wrap(tcp(port(80), word)))))
        for doff in range(5):
            rows.append(("%s, data offset %d: cannot be" % (name, doff),
                         frame(ethertype, wrap(tcp(80, dataofs=doff)))))
        for doff in (6, 15):
            rows.append(("%s, data offset %d" % (name, doff),
                         frame(ethertype, wrap(tcp(
                             port(80), b"\x01" * 40, dataofs=doff)))))
        rows.append(("%s, data offset 15, longer than the packet" % name,
                     frame(ethertype, wrap(tcp(80, b"\x01" * 39,
                                               dataofs=15)))))
    return rows


def tags(port):
    """VLAN tags: one to nine, of both kinds, priorities, ids"""
    rows = []
    for count in range(1, 10):
        mine = port if count <= 8 else int
        stack = [(AD if i % 2 else Q, 101 + i) for i in range(count)]
        for text, ethertype, packet in (
                ("IPv6, echo request", V6, ip6(echo6(2))),
                ("IPv4, echo request 1", V4, ip4(echo4(1))),
                ("IPv4, UDP", V4, ip4(udp(mine(53)))),
                ("IPv6, TCP", V6, ip6(tcp(mine(80))))):
            rows.append(("%d tag%s, %s" % (count, "s" * (count > 1), text),
                         frame(ethertype, packet, *stack)))
    deep = [101 + i for i in range(8)]
    for text, stack, chain in (("3 tags, destination options", deep[:3],
                                [DSTOPTS]),
                               ("8 tags, chain of 8", deep, CHAIN[:8])):
        for name, layer in (("echo request", echo6(2)),
                            ("echo request 1", echo6(1)),
                            ("UDP", udp(port(53)))):
            rows.append(("%s, %s" % (text, name),
                         frame(V6, ip6(layer, *chain), *stack)))
    request = ip4(echo4(2))
    for text, stack in (
            ("priority tag (id 0)", [(Q, 0xe000)]),
            ("802.1ad priority tag", [(AD, 0xe000)]),
            ("802.1ad tag alone", [(AD, 7)]),
            ("id 1", [1]),
            ("id 4095, all other bits set", [(Q, 0xffff)]),
            ("drop eligible", [(Q, 0x1005)]),
            ("id 42 alone", [42]),
            ("id 42 outside", [42, 1]),
            ("id 42 inside", [1, 42]),
            ("id 42 inside, with priority", [(AD, 1), (Q, 0xf02a)]),
            ("id 42 in both", [42, 42]),
            ("id 42 third", [1, 2, 42]),
            ("id 42 second of three", [1, 42, 3]),
            ("id 42 in the wrong byte order inside", [1, (Q, 0x2a00)]),
            ("id 298, 42 in the lower byte", [1, 298])):
        rows.append(("%s, echo request" % text, frame(V4, request, *stack)))
    rows.append(("802.1ad outside of an EtherType that is no tag (0x9100)",
                 frame(V4, request, (AD, 5), (0x9100, 42))))
    rows.append(("EtherType 0x9100: no tag", frame(V4, request, (0x9100, 5))))
    rows.append(("id 42 inside, then the frame ends",
                 frame(V4, b"", 1, 42, 3)[:24]))
    rows.append(("id 42 inside, ARP", frame(ARP, bytes(28), 1, 42)))
    rows.append(("a tag and nothing", frame(0xffff, b"", 1)))
    return rows


def other(port):
    """What is not IP"""
    request = bytes.fromhex("0001080006040001" "02000a0b0102" "0a0b0102"
                            "000000000000" "0a0b0101")
    llc = b"\x42\x42\x03" + pattern(35)
    snap = b"\xaa\xaa\x03\0\0\0" + struct.pack(">H", V4) + ip4(echo4(2))
    return [
        ("ARP request", frame(ARP, request + bytes(18))),
        ("ARP request behind a tag", frame(ARP, request + bytes(14), 7)),
        ("IEEE 802.3 with LLC (spanning tree)",
         b"\x01\x80\xc2\0\0\0" + MACS[6:] + struct.pack(">H", 38) + llc +
         bytes(8)),
        ("IEEE 802.3 with SNAP around IPv4 and an echo request",
         MACS + struct.pack(">H", len(snap)) + snap),
        ("EtherType for experiments (0x88b5)",
         frame(0x88b5, ip4(echo4(2)))),
        ("EtherType 0", frame(0, ip4(echo4(2)))),
        ("EtherType 0xffff", frame(0xffff, ip4(echo4(2)))),
        ("EtherType IPv4 in the wrong byte order",
         frame(0x0008, ip4(echo4(2)))),
        ("MPLS", frame(0x8847, b"\0\0\x1f\x40" + ip4(echo4(2)))),
        ("PPPoE", frame(0x8864, b"\x11\0\0\1\0\x1e\0\x21" + ip4(echo4(2)))),
        ("IPv4, SCTP", frame(V4, ip4((132, pattern(32))))),
        ("IPv4, UDP lite", frame(V4, ip4((136, upper4(udp(53))[1])))),
        ("IPv4, IPv4 in it, an echo request",
         frame(V4, ip4((4, ip4(echo4(2)))))),
        ("IPv4, GRE", frame(V4, ip4((47, b"\0\0\x08\0" + ip4(echo4(2)))))),
        ("a header and nothing, IPv4", frame(V4, b"")),
        ("a header and nothing, IPv6", frame(V6, b"")),
    ]


# Addresses that no packet on its way may have, and their neighbours, which may
SPECIAL4 = ("0.0.0.0", "0.255.255.255", "127.0.0.1", "127.255.255.255",
            "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255")
USUAL4 = ("1.0.0.0", "126.255.255.255", "128.0.0.0", "223.255.255.255")
LINK4 = ("169.254.0.1", "169.254.255.255")
NEAR_LINK4 = ("169.253.255.255", "169.255.0.0")
SPECIAL6 = ("::", "::1", "::ffff:10.11.1.3", "::ffff:ffff:ffff:ffff",
            "ff00::", "ff02::1", "ff0e::1234")
USUAL6 = ("0:1::", "1::", "feff::1", "fec0::1")
LINK6 = ("fe80::1", "febf:ffff::1")
NEAR_LINK6 = ("fe7f:ffff::1", "fec0::")


def addressed(wrap, ethertype, layer, name, addresses):
    """From and to each of the addresses"""
    return [("%s, %s %s" % (name, text, address),
             frame(ethertype, wrap(layer, **{field: address})))
            for address in addresses
            for text, field in (("from", "src"), ("to", "dst"))]


def echo_odd(port):
    """Echo requests, of which not each may be answered. Those that may come
    first; of those to be left alone the first is "to a group's MAC"."""
    rows, left = [], []
    for name, ethertype, wrap, echo, usual, special in (
            ("IPv4", V4, ip4, echo4, USUAL4 + LINK4 + NEAR_LINK4, SPECIAL4),
            ("IPv6", V6, ip6, echo6, USUAL6 + LINK6 + NEAR_LINK6, SPECIAL6)):
        rows += addressed(wrap, ethertype, echo(2), name, usual)
        left += [("%s, to a group's MAC, %s" % (name, mac),
                  to_group(frame(ethertype, wrap(echo(2))), mac))
                 for mac in ("01:00:5e:00:00:01", "33:33:00:00:00:01",
                             "ff:ff:ff:ff:ff:ff", "03:00:0a:0b:01:01")]
        left += addressed(wrap, ethertype, echo(2), name, special)
        for hops in (0, 1, 2, 63, 65, 255):
            rows.append(("%s, %d hops left" % (name, hops),
                         frame(ethertype, wrap(echo(2), ttl=hops))))
        for size in (0, 1, 7):
            rows.append(("%s, payload of %d bytes" % (name, size),
                         frame(ethertype, wrap(echo(2, pattern(size))))))
        whole = wrap(echo(2, b"\xff" * 8))
        at = len(whole) - 16
        for sum_ in (0, 0xdead, 0xffff, 0xf7ff, 0x0800, 0x7f00):
            rows.append(("%s, checksum 0x%04x: wrong" % (name, sum_),
                         frame(ethertype, put(whole, at + 2, ">H", sum_))))
        for sum_ in (0, 1, 0xf7ff, 0xf800, 0xff00, 0xfeff, 0xfffe):
            rows.append(("%s, checksum 0x%04x: right" % (name, sum_),
                         frame(ethertype, wrap(echo_that_sums_to(
                             wrap, echo, at, sum_)))))
        for code in (1, 255):
            left.append(("%s, code %d" % (name, code),
                         frame(ethertype, wrap(echo(2, code=code)))))
        for size in (len(whole) - 16, at + 7, at + 8, len(whole) - 1):
            left.append(("%s, %d bytes of %d" % (name, size, len(whole)),
                         frame(ethertype, whole[:size])))
        rows.append(("%s, padding behind it" % name,
                     frame(ethertype, wrap(echo(2)) + bytes(18))))
        rows.append(("%s, behind a tag" % name,
                     frame(ethertype, wrap(echo(2)), 7)))
    request = put4(ip4(echo4(2), frag=1 << 14), 1, "B", 0xff)
    rows.append(("IPv4, all bits of the type of service", frame(V4, request)))
    for sum_ in (0, 0xdead, 0xffff):
        rows.append(("IPv4, header checksum 0x%04x: wrong" % sum_,
                     frame(V4, put(ip4(echo4(2)), 10, ">H", sum_))))
    rows.append(("IPv6, all bits of class and flow label",
                 frame(V6, put(ip6(echo6(2)), 0, ">I", 0x6fffffff))))
    zeros = put4(ip4(echo4(0, bytes(8))), 24, ">I", 0)
    left.append(("IPv4, to be answered with nothing but zeros",
                 frame(V4, put(zeros, 22, ">H", 0xf7ff))))
    return rows + left


def echo_that_sums_to(wrap, echo, at, sum_):
    """An echo request whose checksum is that one, or another of its kind: the
    last word of the payload sees to it."""
    without = struct.unpack_from(">H", wrap(echo(2, bytes(8))), at + 2)[0]
    word = (without - sum_) % 0xffff
    return echo(2, bytes(6) + struct.pack(">H", word))


def forward(port):
    """What a router meets, in the network of packet03-redirecting/network.sh:
    1 and 14 are behind its neighbour, 11 is back where the packet came from,
    12 behind an MTU of 1400, 13 where no packet can be redirected to; 15 are
    routes that say no; 5 is its own network there. Forwarded is only what comes
    first, up to "behind IPv6"."""
    rows, left = [], []
    for name, ethertype, wrap, prefix, usual, special, nowhere in (
            ("IPv4", V4, ip4, "10.11.%d.%d", NEAR_LINK4, SPECIAL4 + LINK4,
             "192.0.2.1"),
            ("IPv6", V6, ip6, "fc00:dead:cafe:%d::%d", ("2001:db8::1",),
             SPECIAL6 + LINK6, "2001:db8::1")):
        def to(*parts, **fields):
            return frame(ethertype, wrap(udp(port(53), b"payload!"),
                                         dst=prefix % parts, **fields))

        def sized(size, *parts):
            return filled(ethertype, lambda layer: wrap(
                layer, dst=prefix % parts),
                lambda data: udp(port(53), data), size)

        rows += [("%s, %d hops left" % (name, hops), to(1, 1, ttl=hops))
                 for hops in (2, 3, 128, 255)]
        rows += [("%s, from %s" % (name, address), frame(
            ethertype, wrap(udp(port(53)), src=address)))
                 for address in usual]
        rows += [("%s, 1514 bytes" % name, sized(1514, 1, 1)),
                 ("%s, back the way it came" % name, to(11, 1)),
                 ("%s, 1414 bytes to the narrow network" % name,
                  sized(1414, 12, 1)),
                 ("%s, to a neighbour" % name, to(2, 2))]
        left += [("%s, %d hops left" % (name, hops), to(1, 1, ttl=hops))
                 for hops in (0, 1)]
        left += [("%s, 1515 bytes" % name, sized(1515, 1, 1)),
                 ("%s, 1415 bytes to the narrow network" % name,
                  sized(1415, 12, 1)),
                 ("%s, to a group's MAC" % name,
                  to_group(to(1, 1), "03:00:0a:0b:01:01")),
                 ("%s, through what takes no redirected packets" % name,
                  to(13, 1)),
                 ("%s, prohibited" % name, to(15, 8)),
                 ("%s, blackhole" % name, to(15, 9)),
                 ("%s, unreachable" % name, to(15, 11)),
                 ("%s, no route" % name, frame(ethertype, wrap(
                     udp(port(53)), dst=nowhere))),
                 ("%s, to the router" % name, to(5, 1)),
                 ("%s, to a neighbour that is not known" % name, to(2, 3))]
        left += addressed(wrap, ethertype, udp(port(53)), name, special)
    rows += [("IPv4, class and flags",
              frame(V4, put4(ip4(udp(port(53)), frag=1 << 14), 1, "B", 0xff))),
             ("IPv6, class and flow label",
              frame(V6, put(ip6(udp(port(53))), 0, ">I", 0x6fffffff)))]
    for sum_ in (0, 0xff, 0x100, 0xfefe, 0xfeff):
        rows.append(("IPv4, header checksum 0x%04x: right" % sum_,
                     frame(V4, header_that_sums_to(ip4(udp(port(53))), sum_))))
    for sum_ in (0, 0xff, 0x100, 0xfefe, 0xfeff, 0xffff):
        rows.append(("IPv4, header checksum 0x%04x: wrong" % sum_,
                     frame(V4, put(put(ip4(udp(port(53))), 10, ">H", sum_),
                                   4, ">H", 7))))
    rows.append(("IPv4, behind IPv6", frame(
        V4, ip4(udp(port(53)), dst="10.11.14.1"))))
    left.append(("IPv4, to the broadcast address of the network", frame(
        V4, ip4(udp(port(53)), dst="10.11.2.255"))))
    return rows + left


def header_that_sums_to(packet, sum_):
    """The packet with an identification that makes this its checksum."""
    without = struct.unpack_from(">H", put4(packet, 4, ">H", 0), 10)[0]
    return put4(packet, 4, ">H", (without - sum_) % 0xffff)


ALL = (ordinary, jumbo, icmp, cut, ip_options, ip_header, ip_length, fragments,
       ip6_ext, udp_odd, tcp_odd, tags, other,
       echo_odd, forward)
