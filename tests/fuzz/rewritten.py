# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Is what a program made of the packets what it is to make of them?
rewritten.py WHAT BEFORE AFTER, two capture files; WHAT is

    destination   the destination port of UDP and TCP is one less
    source        the source port is one more
    tag           without its first tag, or with one of id 1

--verdicts FILE: what pcap_tc printed. A tc program is not run over frames that
the kernel takes for none.

Ports: nothing else changes but the checksum, which is computed anew where the
datagram is all there; and no checksum becomes one that tshark calls bad."""

import argparse
import collections
import sys

sys.dont_write_bytecode = True
import packets
import shark

KEPT = 20
UNSPEC = "-1"   # TC_ACT_UNSPEC: on to the next filter
PORT = {"source": (0, 1), "destination": (2, -1)}
kinds = collections.Counter()


def has_port(data, layout):
    """Is there a header of UDP or TCP that headers/ takes as one?"""
    if layout.l4 is None or layout.later or len(layout.tags) > 8 or \
            len(layout.exts) > 8:
        return False
    room = min(layout.end, len(data)) - layout.l4
    if layout.proto == packets.UDP:
        return room >= 8 and packets.word(data, layout.l4 + 4) >= 8
    if layout.proto == packets.TCP and room >= 20:
        return 20 <= (data[layout.l4 + 12] >> 4) * 4 <= room
    return False


def may_be_refused(data):
    """bpf_prog_test_run_skb: no IP frame without a whole IP header, and none
    that is longer than a page."""
    ip_header = {0x0800: 20, 0x86dd: 40}
    return len(data) < 14 or len(data) > 3000 or \
        len(data) < 14 + ip_header.get(packets.word(data, 12), 0)


def put(data, at, value):
    return data[:at] + bytes((value >> 8, value & 0xff)) + data[at + 2:]


def updated(value, old, new, proto):
    """The checksum after the change: ones' complement, by the plain sum of
    what it was the complement of. Of TCP all of 0 to 0xffff occur."""
    total = (value ^ 0xffff) + (old ^ 0xffff) + new
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    value = total ^ 0xffff
    return value or (0xffff if proto == packets.UDP else 0)


def port_wanted(data, what):
    """The packet that is to come out."""
    layout = packets.Layout(data)
    if not has_port(data, layout):
        kinds["no port"] += 1
        return data
    at, step = PORT[what]
    old = packets.word(data, layout.l4 + at)
    new = (old + step) & 0xffff
    check = layout.l4 + packets.CHECKSUM[layout.proto]
    was = packets.word(data, check)
    out = put(data, layout.l4 + at, new)
    if layout.proto == packets.UDP and not was:
        kinds["UDP without checksum"] += 1
        return out
    if packets.sum_right(data, layout):
        kinds["right before"] += 1
        body = put(out, check, 0)
        anew = packets.checksum(packets.whole(body, layout))
        if layout.proto == packets.UDP:
            anew = anew or 0xffff
        return put(out, check, anew)
    kinds["wrong or not all there"] += 1
    return put(out, check, updated(was, old, new, layout.proto))


def tag_wanted(data):
    if packets.word(data, 12) not in packets.TAGS:
        kinds["with a tag"] += 1
        return data[:12] + b"\x81\0\0\1" + data[12:]
    if len(data) < 18:
        kinds["half a tag"] += 1
        return data
    kinds["without it"] += 1
    return data[:12] + data[16:]


def statuses(layers):
    """Of each checksum that tshark looked at: is it bad? The first of each."""
    found = {}
    for layer in layers:
        status = layer.get("checksum.status")
        if status is not None:
            found.setdefault(layer.name, status == shark.BAD)
    return found


def turned_bad(before, after):
    """Numbers of the packets of which a checksum is bad that was not."""
    for number, pair in enumerate(zip(shark.dissect(before),
                                      shark.dissect(after))):
        was, now = statuses(pair[0]), statuses(pair[1])
        if any(bad and not was.get(name) for name, bad in now.items()):
            yield number


def read_verdicts(path, count):
    if not path:
        return [UNSPEC] * count
    with open(path) as file:
        verdicts = file.read().split()
    if len(verdicts) != count:
        sys.exit("error: %d packets, %d verdicts" % (count, len(verdicts)))
    return verdicts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("--verdicts", metavar="FILE")
    parser.add_argument("what", choices=("tag", "source", "destination"))
    parser.add_argument("before")
    parser.add_argument("after")
    args = parser.parse_args()
    before, after = packets.read(args.before), packets.read(args.after)
    if len(before) != len(after):
        sys.exit("error: %d packets became %d" % (len(before), len(after)))
    bad = set()
    verdicts = read_verdicts(args.verdicts, len(before))
    for number, data in enumerate(before):
        if args.what == "tag":
            wanted = tag_wanted(data)
        elif verdicts[number] == "-" and may_be_refused(data):
            kinds["refused"] += 1
            wanted = data
        else:
            wanted = port_wanted(data, args.what)
            if verdicts[number] != UNSPEC:
                wanted = None
        if after[number] != wanted:
            print("# packet %d is not the one that was wanted" % (number + 1))
            bad.add(number)
    if args.what != "tag":
        for number in turned_bad(args.before, args.after):
            print("# packet %d: a checksum is bad now" % (number + 1))
            bad.add(number)
    if bad and args.keep:
        packets.write(args.keep,
                      [before[number] for number in sorted(bad)[:KEPT]])
        print("# the first of them, as they were, are kept: %s" % args.keep)
    print("# %d packets, %d wrong; %s" % (len(before), len(bad), ", ".join(
        "%s: %d" % pair for pair in kinds.most_common())))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
