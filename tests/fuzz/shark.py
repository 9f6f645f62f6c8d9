# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What tshark says of the packets of a capture file. Of its protocols only
those are left on that headers/ has parsers for; nothing is put together again
from fragments, and no preference of the user counts."""

import os
import re
import subprocess
import tempfile

PROTOCOLS = ("frame eth ethertype vlan ieee8021ad ip ipv6 ipv6.hopopts "
             "ipv6.dstopts ipv6.routing ipv6.fraghdr ah udp tcp icmp icmpv6 "
             "data").split()
PREFERENCES = {
    "ip.defragment": "FALSE",
    "ipv6.defragment": "FALSE",
    # A length of 0 is one, not a packet that the card is to cut up.
    "ip.tso_support": "FALSE",
    "ipv6.exthdr_under_root_protocol_tree": "TRUE",
    "ip.check_checksum": "TRUE",
    "tcp.check_checksum": "TRUE",
    "udp.check_checksum": "TRUE",
    "tcp.desegment_tcp_streams": "FALSE",
    "tcp.analyze_sequence_numbers": "FALSE",
}
# The fields that are asked for, each of its own layer
FIELDS = {
    "eth": ("eth.type", "eth.len", "eth.invalid_lentype"),
    "vlan": ("vlan.id", "vlan.etype", "vlan.len"),
    # Two tags in a row are one layer: an S-tag, and a "C-tag" behind it.
    "ieee8021ad": ("ieee8021ad.id", "ieee8021ad.svid", "ieee8021ad.cvid",
                   "ieee8021ah.etype"),
    "ip": ("ip.version", "ip.hdr_len", "ip.len", "ip.proto", "ip.dst",
           "ip.frag_offset", "ip.flags.mf", "ip.checksum.status"),
    "ipv6": ("ipv6.version", "ipv6.plen", "ipv6.nxt", "ipv6.dst"),
    "ipv6.hopopts": ("ipv6.hopopts.nxt", "ipv6.hopopts.len"),
    "ipv6.dstopts": ("ipv6.dstopts.nxt", "ipv6.dstopts.len"),
    "ipv6.routing": ("ipv6.routing.nxt", "ipv6.routing.len",
                     "ipv6.routing.type"),
    "ipv6.fraghdr": ("ipv6.fraghdr.nxt", "ipv6.fraghdr.offset"),
    "ah": ("ah.next_header", "ah.length"),
    "udp": ("udp.srcport", "udp.dstport", "udp.length", "udp.checksum",
            "udp.checksum.status"),
    "tcp": ("tcp.srcport", "tcp.dstport", "tcp.hdr_len", "tcp.checksum",
            "tcp.urgent_pointer", "tcp.checksum.status"),
    "icmp": ("icmp.type", "icmp.checksum", "icmp.checksum.status"),
    "icmpv6": ("icmpv6.type", "icmpv6.checksum", "icmpv6.checksum.status"),
}
BAD = 0     # of a checksum status
LAYER = re.compile(r'  <proto name="([^"]*)".* size="(\d+)" pos="(\d+)"')
FIELD = re.compile(r' *<field name="([^"]*)".* show="([^"]*)"')


class Layer:
    def __init__(self, name, size, at):
        self.name, self.size, self.at = name, size, at
        self.fields = {}

    def get(self, name):
        """The field LAYER.name as a number; None if it is not there."""
        return self.fields.get(self.name + "." + name)


def number(text):
    """As tshark shows it: 7, 0x0007, False; an address is no number."""
    try:
        return {"True": 1, "False": 0}.get(text) if text in ("True", "False") \
            else int(text, 0)
    except ValueError:
        return text


def read(lines):
    """The layers of each packet, from the output of -T pdml."""
    layers = layer = None
    for line in lines:
        if line.startswith("    "):
            if layer is not None and "<field name=" in line:
                found = FIELD.match(line)
                if found and found[1] in FIELDS.get(layer.name, ()):
                    # What an ICMP error quotes comes later.
                    layer.fields.setdefault(found[1], number(found[2]))
        elif line.startswith("  <proto"):
            found = LAYER.match(line)
            layer = found and Layer(found[1], int(found[2]), int(found[3]))
            if layer:
                layers.append(layer)
        elif line.startswith("<packet>"):
            layers, layer = [], None
        elif line.startswith("</packet>"):
            yield layers


def command(path):
    words = ["tshark", "-n", "-r", path, "-T", "pdml"]
    for name, value in PREFERENCES.items():
        words += ["-o", "%s:%s" % (name, value)]
    return words


def dissect(path):
    """The layers of each packet of the file: a list for each."""
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, WIRESHARK_CONFIG_DIR=folder)
        known = subprocess.run(["tshark", "-G", "protocols"], env=env,
                               stdout=subprocess.PIPE, check=True, text=True,
                               stderr=subprocess.DEVNULL).stdout
        names = [line.split("\t")[2] for line in known.splitlines()]
        with open(os.path.join(folder, "disabled_protos"), "w") as file:
            file.writelines(name + "\n" for name in names
                            if name not in PROTOCOLS
                            and not name.startswith("_ws."))
        with subprocess.Popen(command(path), env=env, text=True,
                              errors="replace", stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as tshark:
            packets = list(read(tshark.stdout))
        if tshark.returncode:
            raise SystemExit("error: tshark ends with %d" % tshark.returncode)
    return packets
