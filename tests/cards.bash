# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What tests with the two network cards of a guest share: card0 is here and
# card1 in the namespace far, with one wire between them. Their addresses are
# those of hosts 1 and 2 in both networks. `load ../tests/cards` after helpers; for a
# text, tests/docs/readme sources it.

V4=10.77.0 V6=fd77:

# cards_set_up: to be called from setup_file, where need_cards may not skip;
# sets $zero_copy if the driver can
cards_set_up()
{
	need_cards
	ip netns add far
	ip link set card1 netns far
	sysctl -q net.ipv6.conf.card0.accept_dad=0
	card_up card0 1
	far sysctl -q net.ipv6.conf.card1.accept_dad=0
	far bash -c "$(declare -f card_up); V4=$V4 V6=$V6; card_up card1 2"
	wait_for reachable
	zero_copy=''
	! bind_directly || zero_copy=y
	export zero_copy
}

# cards_for_text NAME: as a text has them: card0 is called NAME and is 192.0.2.1, its
# neighbour is 192.0.2.2
cards_for_text()
{
	local V4=192.0.2 V6=2001:db8:

	take_cards
	# As systemd sets it: ping is for all.
	sysctl -q net.ipv4.ping_group_range='0 2147483647'
	ip netns add far
	ip link set card1 netns far
	ip link set card0 name "$1"
	card_up "$1" 1
	far bash -c "$(declare -f card_up); V4=$V4 V6=$V6; card_up card1 2"
	wait_for ping -q -c 1 -W 1 "$V4.2"
	# The kernel says so a moment later.
	wait_for grep -qx up "/sys/class/net/$1/operstate"
}

# card_up CARD HOST: the address of that host
card_up()
{
	ip addr add "$V4.$2/24" dev "$1"
	ip link set "$1" up
	ip addr add "$V6:$2/64" dev "$1" nodad
}

# far COMMAND...: at the other end of the wire
far()
{
	nsenter --net=/run/netns/far "$@"
}

# reachable: by IPv4, from there
reachable()
{
	far ping -4 -q -c 1 -W 1 "$V4.1"
}

# need_zero_copy: what a test without that could not show
need_zero_copy()
{
	[ -n "$zero_copy" ] || skip "no af_xdp_zc here: not in the driver of the cards"
}

# bind_directly: can a socket of queue 0 be bound in zero-copy? By hand, with no
# line of ours or libxdp's: 64 frames, rings of 64 entries.
bind_directly()
{
	python3 - <<-'END'
		import ctypes, errno, mmap, socket, struct, sys
		SOL_XDP, RX_RING, UMEM_REG, FILL, COMPLETION = 283, 2, 4, 5, 6
		ZEROCOPY, AF_XDP = 1 << 2, 44
		libc = ctypes.CDLL(None, use_errno=True)
		memory = mmap.mmap(-1, 64 * 4096)
		address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
		s = socket.socket(AF_XDP, socket.SOCK_RAW)
		s.setsockopt(SOL_XDP, UMEM_REG, struct.pack(
		    "QQIIII", address, 64 * 4096, 4096, 0, 0, 0))
		for ring in RX_RING, FILL, COMPLETION:
		    s.setsockopt(SOL_XDP, ring, struct.pack("i", 64))
		where = struct.pack("HHIII", AF_XDP, ZEROCOPY,
		                    socket.if_nametoindex("card0"), 0, 0)
		if libc.bind(s.fileno(), where, len(where)):
		    error = ctypes.get_errno()
		    print("bind:", errno.errorcode[error])
		    sys.exit(1 if error == errno.EOPNOTSUPP else 2)
	END
}
