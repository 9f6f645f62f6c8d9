#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Sends packets of a file here: send.py IFNAME FILE [NUMBER]...

FILE is a name without .pcap; without a NUMBER all of its packets are sent.
"""

import os
import socket
import struct
import sys


def packets(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           name + ".pcap"), "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def main():
    wanted = [int(number) for number in sys.argv[3:]]
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((sys.argv[1], 0))
    for number, packet in enumerate(packets(sys.argv[2]), 1):
        if not wanted or number in wanted:
            out.send(packet)


if __name__ == "__main__":
    main()
