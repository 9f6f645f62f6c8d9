# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Every XDP program of the lessons over every packet of a capture file:
programs.py RUN PCAP OBJECT... (RUN is xdp_run_user). Each gives a verdict
that there is, unless its verdicts.txt states numbers; those whose verdicts.txt never speaks of another output leave
each packet as it was."""

import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import packets

ACTIONS = ("XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT")
UNKNOWN = "XDP_UNKNOWN"  # any number that is no action
DROPPED = ACTIONS[:2] + (UNKNOWN,)


def stated(path):
    """(object, program) to what verdicts.txt says of it: verdict, output."""
    said, file_name, names = {}, "", []
    if not os.path.exists(path):
        return said
    with open(path) as file:
        lines = [line.split("#")[0].split() for line in file]
    for words in filter(None, lines):
        if words[0] == "object":
            file_name = words[1]
        elif words[0] == "program":
            names = words[1:]
        elif words[0] != "prepare":
            for name in names:
                said.setdefault((file_name, name), []).append(words[2:4])
    return said


def xdp_programs(path):
    said = subprocess.run(["llvm-objdump", "-t", path], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return re.findall(r" F xdp(?:\.frags)?\s+[0-9a-f]+ (\S+)$", said, re.M)


def run(command, pcap, path, name, out):
    """The verdict on each packet."""
    said = subprocess.run([command, "--json", "--in", pcap, "--out", out,
                           "--filename", path, "--progname", name],
                          stdout=subprocess.PIPE, text=True)
    if said.returncode:
        return None
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    return [line["action"] for line in lines if "packet" in line]


def fault(frames, verdicts, out, known, same):
    """What is wrong, or None."""
    if verdicts is None or len(verdicts) != len(frames):
        return "did not run over all packets"
    unknown = [verdict for verdict in verdicts if verdict not in known]
    if unknown:
        return "verdict '%s'" % unknown[0]
    kept = [frame for frame, verdict in zip(frames, verdicts)
            if verdict not in DROPPED]
    if same and packets.read(out) != kept:
        return "changed a packet"
    return None


def main():
    command, pcap, objects = sys.argv[1], sys.argv[2], sys.argv[3:]
    frames, count, unchanged, failed = packets.read(pcap), 0, 0, False
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.pcap")
        for path in objects:
            table = stated(os.path.join(os.path.dirname(path), "verdicts.txt"))
            for name in xdp_programs(path):
                lines = table.get((os.path.basename(path), name), [])
                is_same = {line[1] for line in lines} == {"same"}
                known = ACTIONS
                if any(line[0].isdigit() for line in lines):
                    known = (UNKNOWN, "XDP_ABORTED")
                said = fault(frames, run(command, pcap, path, name, out), out,
                             known, is_same)
                if said:
                    print("# %s of '%s': %s" % (name, path, said))
                    failed = True
                count, unchanged = count + 1, unchanged + is_same
    print("# %d programs, %d packets each; %d are to change nothing"
          % (count, len(frames), unchanged))
    sys.exit(1 if failed or not unchanged else 0)


if __name__ == "__main__":
    main()
