#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Sends files of packets here, and looks at the answers: answers.py IFNAME

Standard input says which packets are to be answered, "FILE NUMBERS" a line,
with numbers like 1-3,7 or - for none; all packets of each file are sent that
can be. The answer is to be the one in echo/FILE.pcap, and no other echo reply
may come. Prints how many were sent, and how many of them answered.
"""

import os
import socket
import struct
import sys

from send import packets

SOL_PACKET, PACKET_AUXDATA, VLAN_VALID = 263, 8, 0x10
LONGEST, WAIT = 1514, 30


def chosen(numbers):
    for part in numbers.split(",") if numbers != "-" else ():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def wanted(lines):
    """Of each file, in the order in which they are named: the numbers"""
    files = {}
    for line in lines:
        name, numbers = line.split()[:2]
        files.setdefault(name, set()).update(chosen(numbers))
    return files


def receive(link):
    """The next frame that came in, with the tag that the kernel took off it."""
    while True:
        data, extra, _, sender = link.recvmsg(2048, 256)
        if sender[2] != socket.PACKET_OUTGOING:
            break
    for level, kind, value in extra:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, *_, tag, proto = struct.unpack_from("=IIIHHHH", value)
            if status & VLAN_VALID:
                data = data[:12] + struct.pack(">HH", proto, tag) + data[12:]
    return data


def is_reply(data):
    at = 12
    while data[at:at + 2] in (b"\x81\0", b"\x88\xa8"):
        at += 4
    return data[at:at + 2] == b"\x08\0" and data[at + 11:at + 12] == b"\1" and \
        data[at + 22:at + 23] == b"\0" or \
        data[at:at + 2] == b"\x86\xdd" and data[at + 8:at + 9] == b"\x3a" and \
        data[at + 42:at + 43] == b"\x81"


def ask(link, packet, answer):
    link.send(packet)
    while not is_reply(got := receive(link)):
        pass
    if got != answer:
        sys.exit(f"{packet.hex()} was answered by {got.hex()}")


def main():
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    link.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    link.bind((sys.argv[1], 3))
    link.settimeout(WAIT)
    sent = answered = 0
    last = ()
    for name, numbers in wanted(sys.stdin).items():
        answers = list(packets(os.path.join("echo", name))) if numbers else ()
        for number, packet in enumerate(packets(name), 1):
            if not 14 <= len(packet) <= LONGEST:
                continue
            sent += 1
            if number in numbers:
                last = packet, answers[number - 1]
                ask(link, *last)
                answered += 1
            else:
                link.send(packet)
    # Once more: now what is not to be answered has had its chance.
    ask(link, *last)
    print(sent + 1, answered + 1)


if __name__ == "__main__":
    main()
