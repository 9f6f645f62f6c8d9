# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Is what a program answers or forwards what it has to, and as it has to?
forwarded.py WHAT BEFORE AFTER VERDICTS: two capture files, and what
pcap_prepared printed; WHAT is

    echo     xdp_icmp_echo_func: echo requests become their answers
    route    xdp_router_func, in the network of packet03-redirecting/network.sh

Written from the comments of the programs, on its own. Checksums are computed
anew; one that was wrong is wrong by as much afterwards, and no checksum becomes
one that tshark calls bad."""

import argparse
import collections
import ipaddress
import sys

sys.dont_write_bytecode = True
import packets
import rewritten
from packets import word

SHORTEST = 14   # The kernel takes no shorter frame.
SEEN = 3000     # A longer packet is not seen whole.
PASS, DROP, TX, REFUSED = (("XDP_PASS", "0"), ("XDP_DROP", "0"),
                           ("XDP_TX", "0"), ("-", "0"))
kinds = collections.Counter()

NO_HOST = [ipaddress.ip_network(net) for net in (
    "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/32", "ff00::/8")]
OF_A_LINK = [ipaddress.ip_network(net) for net in (
    "169.254.0.0/16", "fe80::/10")]

# The interface, its MTU, and its network's number
OUT, NARROW, BACK = (103, 1500, 2), (105, 1400, 3), (101, 1500, 5)
CLOSED = None
ROUTES = {1: OUT, 11: BACK, 12: NARROW, 13: CLOSED}
NEIGHBOURS = {2: OUT, 3: NARROW, 4: CLOSED, 5: BACK}
NO = (8, 9, 11)     # prohibited, blackhole, unreachable


def addresses(data, at):
    size = 4 if data[at] >> 4 == 4 else 16
    first = at + (12 if size == 4 else 8)
    return [ipaddress.ip_address(bytes(data[i:i + size]))
            for i in (first, first + size)]


def is_any(address, networks):
    return any(address.version == net.version and address in net
               for net in networks)


def header(data, at):
    """"4" or "6" where there is a whole IP header, of that EtherType, and the
    datagram is all there; else why not."""
    kind = word(data, at - 2)
    if kind == 0x0800:
        if len(data) < at + 20 or data[at] >> 4 != 4 or data[at] & 15 < 5:
            return "broken"
        if data[at] & 15 > 5:
            return "options"
        whole = 20 <= word(data, at + 2) <= len(data) - at
        return "4" if whole else "broken"
    if kind != 0x86dd:
        return "not IP"
    if len(data) < at + 40 or data[at] >> 4 != 6 or \
            word(data, at + 4) > len(data) - at - 40:
        return "broken"
    return "6"


def resummed(before, after, at, sum_of):
    """The checksum at that place, as after a change of what it is of."""
    held, due, new = word(before, at), sum_of(before), sum_of(after)
    if held != due:
        kinds["a sum was wrong"] += 1
        new = (new + held - due) % 0xffff
    return rewritten.put(after, at, new)


def header_sum(at):
    return lambda data: packets.checksum(
        data[at:at + 10] + data[at + 12:at + 20])


def message_sum(layout, at):
    """Of an ICMP message whose checksum is there"""
    return lambda data: packets.checksum(
        packets.whole(rewritten.put(data, at, 0), layout))


def set_byte(data, at, value):
    return data[:at] + bytes((value,)) + data[at + 1:]


def echo_wanted(data):
    layout = packets.Layout(data)
    at = layout.type_at + 2
    kind = header(data, at)
    if data[0] & 1 or kind not in ("4", "6"):
        kinds["group" if data[0] & 1 else kind] += 1
        return PASS, data
    if len(layout.tags) > 8:
        kinds["too many tags"] += 1
        return PASS, data
    l4, size = (at + 20, 4) if kind == "4" else (at + 40, 16)
    proto, request = (1, (8, 0)) if kind == "4" else (58, (128, 0))
    if data[at + (9 if kind == "4" else 6)] != proto or layout.part or \
            l4 + 8 > layout.end or tuple(data[l4:l4 + 2]) != request:
        kinds["no request"] += 1
        return PASS, data
    if any(is_any(address, NO_HOST) for address in addresses(data, at)):
        kinds["no host's address"] += 1
        return PASS, data
    kinds["answered"] += 1
    first = l4 - 2 * size
    out = data[6:12] + data[:6] + data[12:first] + \
        data[first + size:l4] + data[first:first + size] + data[l4:]
    out = set_byte(out, at + (8 if kind == "4" else 7), 64)
    out = set_byte(out, l4, 0 if kind == "4" else 129)
    out = resummed(data, out, l4 + 2, message_sum(layout, l4 + 2))
    if kind == "4":
        if not word(out, l4 + 2):
            out = rewritten.put(out, l4 + 2, 0xffff)
        out = resummed(data, out, at + 10, header_sum(at))
    return TX, out


def network_of(address):
    """The number of its network and of itself there; None: another prefix"""
    if address.version == 4:
        parts = address.packed
        return (parts[2], parts[3]) if parts[:2] == bytes((10, 11)) else None
    words = address.exploded.split(":")
    if words[:3] != ["fc00", "dead", "cafe"]:
        return None
    if not words[3].isdigit():
        return None
    host = int(address) & (1 << 64) - 1
    # ::11 is written like the number 11.
    return int(words[3]), int("%x" % host) if host in (1, 2, 8, 9, 0x11) \
        else -1


def way(address):
    """How it leaves; PASS, DROP"""
    found = network_of(address)
    if not found:
        return PASS
    number, host = found
    if number == 14 and address.version == 4:
        return OUT
    if number == 15:
        return DROP if host in NO else PASS
    if number in NEIGHBOURS:
        return (NEIGHBOURS[number] or PASS) if host == 2 else PASS
    return ROUTES.get(number) or PASS


def route_wanted(data):
    at = SHORTEST
    kind = header(data, at)
    if data[0] & 1 or kind not in ("4", "6"):
        kinds["group" if data[0] & 1 else kind] += 1
        return PASS, data
    hops = at + (8 if kind == "4" else 7)
    found = addresses(data, at)
    if kind == "6" and data[at + 6] == 0:
        kinds["options"] += 1
        return PASS, data
    if any(is_any(address, NO_HOST + OF_A_LINK) for address in found):
        kinds["no address to forward"] += 1
        return PASS, data
    leaves = PASS if data[hops] < 2 else way(found[1])
    if leaves in (PASS, DROP):
        kinds["no hop left" if data[hops] < 2 else leaves[0]] += 1
        return leaves, data
    ifindex, mtu, number = leaves
    size = word(data, at + 2) if kind == "4" else 40 + word(data, at + 4)
    if size > mtu:
        kinds["over the MTU"] += 1
        return PASS, data
    kinds["forwarded"] += 1
    out = bytes((2, 0, 10, 11, number, 2, 2, 0, 10, 11, number, 1)) + data[12:]
    out = set_byte(out, hops, data[hops] - 1)
    if kind == "4":
        out = resummed(data, out, at + 10, header_sum(at))
    return ("XDP_REDIRECT", str(ifindex)), out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("what", choices=("echo", "route"))
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("verdicts")
    args = parser.parse_args()
    wanted = echo_wanted if args.what == "echo" else route_wanted
    before = packets.read(args.before)
    after = packets.read(args.after)
    with open(args.verdicts) as file:
        verdicts = [tuple(line.split()) for line in file]
    if not len(before) == len(after) == len(verdicts):
        sys.exit("error: %d packets became %d, with %d verdicts"
                 % (len(before), len(after), len(verdicts)))
    bad = set()
    for number, data in enumerate(before):
        if SHORTEST <= len(data) <= SEEN:
            due = wanted(data)
        else:
            due = REFUSED if len(data) < SHORTEST else PASS, data
        if (verdicts[number], after[number]) != due:
            print("# packet %d: %s %s, wanted %s %s" % (
                (number + 1,) + verdicts[number] + due[0]))
            bad.add(number)
    for number in rewritten.turned_bad(args.before, args.after):
        print("# packet %d: a checksum is bad now" % (number + 1))
        bad.add(number)
    if bad and args.keep:
        packets.write(args.keep, [before[number] for number in
                                  sorted(bad)[:rewritten.KEPT]])
        print("# the first of them, as they were, are kept: %s" % args.keep)
    print("# %d packets, %d wrong; %s" % (len(before), len(bad), ", ".join(
        "%s: %d" % pair for pair in kinds.most_common())))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
