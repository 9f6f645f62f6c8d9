#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_ping_user on a network card: the two cards of a guest (make check-vm). The
# kernel at the other end of the wire answers.

# bats file_tags=kernel

load ../tests/helpers
load ../tests/cards

setup_file()
{
	need_sandbox
	# Each test says what is lacking: here nothing can be skipped.
	if [ -n "${VM_CARDS-}" ] && type -P jq >/dev/null; then
		cards_set_up
	fi
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	[ -n "${VM_CARDS-}" ] || need_cards
	need_cmd jq
	count=2000
	[ "${VM_GUEST-}" != tcg ] || count=300
}

teardown()
{
	[ -n "${VM_CARDS-}" ] || return 0
	ip link set card0 xdp off
}

# all_answered OPTION...: of a flood by IPv4, and by IPv6
all_answered()
{
	local to

	for to in "$V4.2" "$V6:2"; do
		run -0 --separate-stderr ./xdp_ping_user --json --flood -l 32 \
			-c "$count" "$@" "$to"
		jq -e --argjson n "$count" '.transmitted == $n and .received == $n
			and .damaged == 0 and .duplicates == 0 and .ifname == "card0"' \
			<<<"$output"
	done
	[[ $(ip -d link show card0) != *prog/xdp* ]]
}

@test "--zero-copy: the driver sends our frames, and brings the answers" {
	need_zero_copy
	run -0 --separate-stderr ./xdp_ping_user -z -c 3 -i 0.05 "$V4.2"
	[[ ${lines[0]} == *" by AF_XDP, zero-copy, queue 0" ]]
	[[ $output == *"3 packets transmitted, 3 received, 0% packet loss"* ]]
	all_answered --zero-copy
}

@test "--copy, and what the driver chooses" {
	run -0 --separate-stderr ./xdp_ping_user --copy -c 1 "$V4.2"
	[[ ${lines[0]} == *" by AF_XDP, copy, queue 0" ]]
	all_answered --copy
	all_answered
}

@test "a driver without zero-copy: one line, status 30" {
	[ -z "$zero_copy" ] || skip "the driver of the cards has zero-copy"
	run -30 --separate-stderr ./xdp_ping_user --zero-copy -c 1 "$V4.2"
	one_line_error "queue 0 of 'card0'" "its driver has no zero-copy"
}

@test "--skb-mode: generic XDP" {
	all_answered --skb-mode
}
