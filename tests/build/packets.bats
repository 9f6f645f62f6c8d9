#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The packets in tests/packets are those that the script there makes.

load build

# scapy_python: a python3 that has scapy; the distribution's may not be the
# first in PATH.
scapy_python()
{
	local python

	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import scapy' 2>/dev/null; then
			echo "$python"
			return
		fi
	done
	return 1
}

@test "make.py makes the same packets, byte by byte, each time" {
	python=$(scapy_python) || skip "no scapy here (package python3-scapy)"
	before=$(files "$TOP/tests/packets")
	"$python" "$TOP/tests/packets/make.py" "$BATS_TEST_TMPDIR/made"
	diff -r --exclude='*.py' "$TOP/tests/packets" "$BATS_TEST_TMPDIR/made"
	[ "$(files "$TOP/tests/packets")" = "$before" ]
}

@test "list.txt names every packet" {
	cd "$TOP/tests/packets"
	for file in *.pcap graded/*.pcap; do
		name=${file##*/}
		# 24 bytes of file header, 16 of each packet
		awk -v name="${name%.pcap}" -v size="$(stat -c %s "$file")" '
			$1 == name { size -= 16 + $3; n++; bad += $2 != n }
			END { exit bad || !n || size != 24 }' "$(dirname "$file")/list.txt" ||
			fail "$file"
	done
}
