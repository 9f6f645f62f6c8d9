# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# testing01's part of the demo; testenv/demo.sh sources it.

title "testing01: run a program over packets of a file, without an interface"
if [ ! -x ./xdp_run_user ]; then
	say "Left out: it was built without libpcap."
else
	say "An ARP request, as it would stand in a file that tcpdump wrote:"
	demo_file=$(mktemp)
	{
		# The file's header, the record's (60 bytes at 0 s), the frame.
		printf '\324\303\262\241\2\0\4\0%b\0\0\4\0\1\0\0\0' '\0\0\0\0\0\0\0\0'
		printf '%b\74\0\0\0\74\0\0\0' '\0\0\0\0\0\0\0\0'
		printf '\377\377\377\377\377\377\2\0\0\0\0\1\10\6%046d' 0
	} >"$demo_file"
	show ./xdp_run_user --in "$demo_file" --repeat 1000
	rm -f "$demo_file"
	check "the program passes it as it came" shows XDP_PASS 60 60
fi
