# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Does tshark find what the parsers of headers/ find? compare.py PARSED PCAP:
PARSED is what pcap_parsed says of the packets of PCAP. Both directions: what
the parsers found tshark has at the same place with the same value, and what
tshark found whole they have. Where our rules are others on purpose RULES says
so. With --keep FILE the first packets that differ are written to FILE."""

import argparse
import collections
import sys

sys.dont_write_bytecode = True
import packets
import shark

BROKEN, FRAGMENT, NOT_ASKED = -1, -2, -100
KEPT = 20
L4 = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
EXTENSIONS = ("ipv6.hopopts", "ipv6.dstopts", "ipv6.routing", "ipv6.fraghdr",
              "ah")
# Types of routing headers that tshark looks into
ROUTING = (0, 2, 3, 4)
RULES = {
    "more than 8 tags": "VLAN_MAX_DEPTH: the ninth is what comes next",
    "more than 8 extension headers":
        "IPV6_EXT_MAX_CHAIN: such a packet is broken",
    "an option longer than its extension header":
        "tshark reads options and goes no further, headers/ goes past them: "
        "the headers behind are compared with those of packets.Layout",
    "the content of a routing header":
        "as above: tshark reads it, and stops where it makes no sense",
    "a tag of type 0x9100": "no tag but an unknown type, by 802.1Q",
}
used, kinds = collections.Counter(), collections.Counter()


def rule(name):
    """Our rule applies here; that it is one of the table is the point."""
    used[name] += 1
    return bool(RULES[name])


class Said:
    """A line of pcap_parsed."""

    def __init__(self, line):
        numbers = [int(text) for text in line.split()]
        (self.eth, self.l3, self.l4, self.common, self.l3_at, self.l4_at,
         self.l3_end, self.l4_end, self.fragment) = numbers[:9]
        self.tags = numbers[9:]


class Seen:
    """What tshark says, in the same words: eth, tags, ip (its layer), chain
    (of extension headers), behind (the layer after them)."""

    def __init__(self, layers, data):
        self.data, self.size = data, len(data)
        self.layers = [layer for layer in layers
                       if layer.name not in ("geninfo", "frame")]
        self.eth, self.tags, self.tag_types = None, [], []
        self.ip = self.behind = None
        self.half = None    # the two words of a tag without fields
        self.chain = []
        rest = self.ethernet(self.layers)
        if rest and rest[0].name in ("ip", "ipv6"):
            self.ip = rest.pop(0)
            while rest and self.ip.name == "ipv6" and \
                    rest[0].name in EXTENSIONS:
                self.chain.append(rest.pop(0))
            self.behind = rest[0] if rest else None

    def ethernet(self, layers):
        """Returns the layers behind the tags."""
        rest = list(layers)
        if not rest or rest[0].name != "eth":
            return []
        self.eth = first(rest.pop(0), "eth.type", "eth.len",
                         "eth.invalid_lentype")
        while rest and rest[0].name in ("vlan", "ieee8021ad"):
            self.tag_types.append(self.eth)
            tag = rest.pop(0)
            self.tags.append(first(tag, tag.name + ".id", "ieee8021ad.svid"))
            if tag.get("cvid") is not None:
                self.tag_types.append(0x88a8)
                self.tags.append(tag.get("cvid"))
            if tag.name == "ieee8021ad" and not tag.fields and \
                    tag.at + 4 <= self.size:
                self.half = (packets.word(self.data, tag.at),
                             packets.word(self.data, tag.at + 2))
            self.eth = first(tag, "vlan.etype", "vlan.len", "ieee8021ah.etype")
        return rest


def first(layer, *names):
    for name in names:
        if name in layer.fields:
            return layer.fields[name]
    return None


def ethernet(said, seen):
    """Yields the differences; returns if there is more to compare."""
    tags, eth = seen.tags, seen.eth
    types = seen.tag_types + [eth]
    if 0x9100 in types[:min(len(tags), 8)]:
        rule("a tag of type 0x9100")
        where = types.index(0x9100)
        tags, eth = tags[:where], 0x9100
    elif len(tags) > 8:
        rule("more than 8 tags")
        tags, eth = tags[:8], types[8]
    elif len(tags) == 8 and seen.half and seen.half[1] == 0x88a8:
        # The eighth is all there, the ninth not, and tshark takes two
        # 802.1ad tags as one, which is cut.
        rule("more than 8 tags")
        tags, eth = tags[:7] + [seen.half[0] & 0xfff], 0x88a8
    elif len(tags) < 8 and eth in packets.TAGS:
        # Of a tag with no byte of it there tshark shows nothing.
        eth = None
    if eth is None:
        # Cut within header or tag: tshark shows what there is of it.
        if said.eth != BROKEN:
            yield "the Ethernet header is cut, said %d" % said.eth
        return
    if said.eth != eth:
        yield "type %s, said %s" % (eth, said.eth)
    if said.tags != tags:
        yield "tags %s, said %s" % (tags, said.tags)


def asked(said, seen):
    """Is there IP for both? Yields the difference if for one of them only."""
    ours = said.eth in (0x0800, 0x86dd)
    if (said.l3 != NOT_ASKED) != ours:
        yield "of type %d and l3 %d" % (said.eth, said.l3)


def ipv4(said, seen):
    ip = seen.ip
    size = ip.get("hdr_len") or 0
    length = ip.get("len") or 0
    good = "ip.dst" in ip.fields and ip.get("version") == 4 and \
        size >= 20 and length >= size and ip.at + size <= seen.size
    yield from same("IPv4 is there", good, said.l3 != BROKEN)
    if not good or said.l3 == BROKEN:
        return
    part = bool(ip.get("flags.mf") or ip.get("frag_offset"))
    yield from same("IPv4", ip.at, said.l3_at)
    yield from same("IPv4 header's end", ip.at + size, said.l3_end)
    yield from same("fragment", part, bool(said.fragment))
    proto = FRAGMENT if ip.get("frag_offset") else ip.get("proto")
    yield from same("protocol", proto, said.l3)
    yield from payload(said, seen, min(seen.size, ip.at + length))


def ext_end(layer):
    units = first(layer, layer.name + ".len", "ah.length")
    if layer.name == "ipv6.fraghdr":
        return layer.at + 8
    if units is None:
        return None
    return layer.at + (units * 4 + 8 if layer.name == "ah" else units * 8 + 8)


def option_broken(data, at, end):
    """Does an option reach behind its header (RFC 8200, 4.2)?"""
    while at < end:
        at += 1 if not data[at] else 2 + data[at + 1] if at + 1 < end else 2
    return at > end


def stopped(seen):
    """The rule by which tshark ends in the content of an extension header that
    itself is all there; None if it does not."""
    if not seen.chain or seen.behind is None or \
            seen.behind.name not in ("_ws.malformed", "_ws.unreassembled"):
        return None
    last = seen.chain[-1]
    end = ext_end(last)
    if end is None or end > seen.size:
        return None
    if last.name in ("ipv6.hopopts", "ipv6.dstopts") and \
            option_broken(seen.data, last.at + 2, end):
        return "an option longer than its extension header"
    if last.name == "ipv6.routing" and last.get("type") in ROUTING:
        return "the content of a routing header"
    return None


def ipv6_by_layout(said, seen):
    layout = packets.Layout(seen.data)
    good = layout.l4 is not None and len(layout.exts) <= 8
    yield from same("IPv6 is there", good, said.l3 != BROKEN)
    if good:
        yield from same("protocol", FRAGMENT if layout.later else layout.proto,
                        said.l3)
        yield from same("IPv6 headers' end", layout.l4, said.l3_end)


def ipv6(said, seen):
    if stopped(seen):
        rule(stopped(seen))
        yield from ipv6_by_layout(said, seen)
        return
    ip = seen.ip
    good = "ipv6.dst" in ip.fields and ip.get("version") == 6
    end, at, proto, later = 0, ip.at + 40, ip.get("nxt"), False
    count = 0
    if good:
        end = min(seen.size, at + ip.get("plen"))
    for layer in seen.chain:
        if not good or later:
            break
        following = first(layer, layer.name + ".nxt", "ah.next_header")
        good = layer.at == at and following is not None and \
            at + 8 <= end
        if not good:
            break
        at, proto = ext_end(layer), following
        later = bool(layer.get("offset"))
        good = at is not None and at <= end
        count += 1
        if good and not later and count == 8 and proto in packets.EXTENSIONS:
            rule("more than 8 extension headers")
            good = False
    # What is cut before its eighth byte tshark does not always show.
    good = good and (later or proto not in packets.EXTENSIONS)
    yield from same("IPv6 is there", good, said.l3 != BROKEN)
    if not good or said.l3 == BROKEN:
        return
    yield from same("IPv6", ip.at, said.l3_at)
    yield from same("IPv6 headers' end", at, said.l3_end)
    yield from same("protocol", FRAGMENT if later else proto, said.l3)
    yield from payload(said, seen, end)


def same(what, theirs, ours):
    if theirs != ours:
        yield "%s: %s, said %s" % (what, theirs, ours)


def payload(said, seen, end):
    name = L4.get(said.l3)
    layer = seen.behind
    if not name:
        yield from same("not asked", NOT_ASKED, said.l4)
        return
    found = layer is not None and layer.name == name
    if not found:
        yield from same("there is no " + name, True, said.l4 < 0)
        return
    value, size, ports = {"udp": udp, "tcp": tcp}.get(name, icmp)(layer, end)
    yield from same(name, value, said.l4)
    if name.startswith("icmp"):
        yield from same("the first 4 bytes of " + name, common(layer),
                        said.common)
    if value != BROKEN and said.l4 != BROKEN:
        yield from same(name + " begins", layer.at, said.l4_at)
        yield from same(name + " ends", layer.at + size, said.l4_end)
        if ports:
            yield from same("ports", ports, ports_at(seen.data, said.l4_at))


# Of each protocol: what its parser is to return, the bytes of the header, and
# source and destination port.

def udp(layer, end):
    if "udp.checksum" not in layer.fields or layer.get("length") < 8:
        return BROKEN, 0, None
    return layer.get("length") - 8, 8, ports_of(layer)


def tcp(layer, end):
    size = layer.get("hdr_len") or 0
    if "tcp.urgent_pointer" not in layer.fields or size < 20 or \
            layer.at + size > end:
        return BROKEN, 0, None
    return size, size, ports_of(layer)


def icmp(layer, end):
    return (layer.get("type") if layer.at + 8 <= end else BROKEN), 8, None


def common(layer):
    whole = layer.name + ".checksum" in layer.fields
    return layer.get("type") if whole else BROKEN


def ports_of(layer):
    return layer.get("srcport"), layer.get("dstport")


def ports_at(data, at):
    return packets.word(data, at), packets.word(data, at + 2)


def differences(said, seen):
    found = list(ethernet(said, seen)) + list(asked(said, seen))
    if found or said.l3 == NOT_ASKED:
        return found
    if seen.ip is None:
        return list(same("there is no IP", True, said.l3 == BROKEN))
    return list((ipv4 if seen.ip.name == "ip" else ipv6)(said, seen))


def kind(said):
    if said.l3 == FRAGMENT:
        return "fragment"
    if BROKEN in (said.eth, said.l3, said.l4):
        return "broken"
    return L4.get(said.l3, "other")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("parsed")
    parser.add_argument("pcap")
    args = parser.parse_args()
    with open(args.parsed) as file:
        lines = file.read().splitlines()
    frames, bad = packets.read(args.pcap), []
    layers = shark.dissect(args.pcap)
    if not len(frames) == len(lines) == len(layers):
        sys.exit("error: %d packets, %d lines, tshark has %d"
                 % (len(frames), len(lines), len(layers)))
    for number, line in enumerate(lines):
        if line == "short":
            kinds["too short"] += 1
            continue
        said = Said(line)
        kinds[kind(said)] += 1
        found = differences(said, Seen(layers[number], frames[number]))
        if found:
            bad.append(number)
            print("# packet %d: %s" % (number + 1, "; ".join(found)))
    if bad and args.keep:
        packets.write(args.keep, [frames[number] for number in bad[:KEPT]])
        print("# the first of them are kept: %s" % args.keep)
    print("# %d packets, %d differ; %s" % (len(frames), len(bad), ", ".join(
        "%s: %d" % pair for pair in kinds.most_common())))
    for name, count in used.items():
        print("# rule, %d times: %s (%s)" % (count, name, RULES[name]))
    if min(kinds[name] for name in ("udp", "tcp", "icmp", "icmpv6", "fragment",
                                    "broken")) * 200 < len(frames):
        sys.exit("error: too few packets of a kind")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
