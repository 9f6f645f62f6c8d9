#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Makes the packets of the tests: make.py [FOLDER], by default its own.

    FOLDER/*.pcap                the packets
    FOLDER/list.txt              a line for each: file, number, bytes, what it is
    FOLDER/patch_ports/*.pcap    what becomes of those whose destination port
                                 is to be one less: made anew with that port,
                                 checksum and all, and not changed
    FOLDER/echo/*.pcap           what becomes of echo requests: their answers
    FOLDER/route/*.pcap          of packets that are forwarded (changed.py)
    FOLDER/graded/*.pcap         packets for assignments only (graded.py), and
                                 their list.txt
    FOLDER/reverse/ordinary.pcap the ordinary ones, going the other way

The same bytes on every run. Needs scapy (package python3-scapy).
"""

import os
import struct
import sys

sys.dont_write_bytecode = True
try:
    import changed
    import fixtures
    import graded
except ImportError as error:
    sys.exit("error: %s (package python3-scapy; run with /usr/bin/python3)"
             % error)


def pcap(packets):
    """A capture file of Ethernet frames, all of them taken in the year 2000."""
    data = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for number, packet in enumerate(packets):
        data += struct.pack("<IIII", 946684800, number, len(packet),
                            len(packet)) + packet
    return data


def write(folder, name, data):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


LIST_HEAD = ["# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause",
             "# Made by make.py: file, number of the packet, bytes, what it is"]


def lines_of(name, rows):
    return ["%-10s %3d %4d  %s" % (name, number, len(packet), text)
            for number, (text, packet) in enumerate(rows, 1)]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(
        os.path.abspath(__file__))
    lines = list(LIST_HEAD)
    for make in fixtures.ALL:
        rows = make(lambda port: port)
        before = [packet for _, packet in rows]
        after = [packet for _, packet in make(lambda port: (port - 1) % 65536)]
        write(folder, make.__name__ + ".pcap", pcap(before))
        if after != before:
            write(os.path.join(folder, "patch_ports"),
                  make.__name__ + ".pcap", pcap(after))
        for change in (changed.echo, changed.route):
            after = [change(packet) for packet in before]
            if after != before:
                write(os.path.join(folder, change.__name__),
                      make.__name__ + ".pcap", pcap(after))
        if make is fixtures.ordinary:
            write(os.path.join(folder, "reverse"), make.__name__ + ".pcap",
                  pcap([changed.reverse(packet) for packet in before]))
        lines += lines_of(make.__name__, rows)
    write(folder, "list.txt", ("\n".join(lines) + "\n").encode())
    lines = list(LIST_HEAD)
    for make in graded.ALL:
        rows = make()
        write(os.path.join(folder, "graded"), make.__name__ + ".pcap",
              pcap([packet for _, packet in rows]))
        lines += lines_of(make.__name__, rows)
    write(os.path.join(folder, "graded"), "list.txt",
          ("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main()
