# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" and "LAB" are of testenv/demo.sh
# advanced04's part of the demo; testenv/demo.sh sources it.

title "advanced04: a ping whose frames are all its own, and which checks every answer"
show ./xdp_ping_user --dev "$LAB" --quiet -c 3 -i 0.1 10.11.1.2
check "each was answered, and the answers were right" \
	shows '3 received, 0% packet loss' 'damaged 0, foreign 0, errors 0'
say "The same, 10,000 times, as fast as answers come:"
show ./xdp_ping_user --dev "$LAB" --quiet -c 10000 --flood 10.11.1.2
check "none was lost" shows '10000 received, 0% packet loss'
say "And with frames that the kernel makes:"
show ./xdp_ping_user --dev "$LAB" --quiet -c 10000 --flood --engine live 10.11.1.2
# 77: Linux before 5.18 has no live frames; it was said.
if [ "$?" -ne 77 ]; then
	check "none was lost" shows '10000 received, 0% packet loss'
fi
say "All other packets go to the stack, as before:"
ping_lab
check "the lab's own ping is answered" shows '3 received'
