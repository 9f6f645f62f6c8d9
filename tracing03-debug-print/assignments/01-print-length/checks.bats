#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What is judged: lines of a trace instance that only this check reads. All programs of the
# machine print there, so the packets have types by which their lines are known.

# shellcheck disable=SC2154 # live.bash sets them
load ../../../grader/live

setup()
{
	in_answer
	answer "$TOP/basic01-xdp-pass/xdp_pass_user" --dev grade --filename ./xdp_line_kern.o \
		--progname xdp_line_func
	[ "$status" -eq 0 ] || {
		show "$output"
		hints "The loader's words are above: for a program that is rejected the line of it." \
			"Compare (void *)(eth + 1) with data_end before you read the header." \
			"if ((void *)(eth + 1) > data_end) return XDP_PASS;"
	}
	# With one digit more an EtherType, which is another one in the wrong byte order.
	printf -v type '%x' $((0xa00 + RANDOM % 80 * 16 + 2 + RANDOM % 8))
	trace=/sys/kernel/tracing/instances/$SANDBOX_ID-grade
	mkdir "$trace" || skip "no tracing instance can be made here"
	echo 'bpf_string ~ "*xdp_line*"' >"$trace/events/bpf_trace/bpf_trace_printk/filter"
	echo 1 >"$trace/events/bpf_trace/bpf_trace_printk/enable"
}

teardown()
{
	[ ! -d "${trace-/nowhere}" ] || rmdir "$trace"
	out_of_answer
}

# lines TEXT: those that have it, from where the program's own text begins
lines()
{
	sed -n 's/^.*\(xdp_line.*\)$/\1/p' "$trace/trace" | grep -F -- "$1"
}

# nearest: a line of the program, for show
nearest()
{
	lines xdp_line | tail -n 1
}

@test "a line has the length of the packet" {
	deliver 1 raw --type "0x${type}1" --size 777
	[ -z "$(lines ": 763 bytes, type ${type}1")" ] || {
		show "a packet of 777 bytes: got: $(lines ': 763 bytes')"
		hints "The Ethernet header belongs to the frame, and to its length." \
			"Subtract where the frame begins, and not where its header ends." \
			"data_end - data"
	}
	[ -n "$(lines ': 777 bytes')" ] || {
		show "a packet of 777 bytes: expected \"xdp_line: 777 bytes, type ${type}1\""
		show "got: $(nearest)"
		hints "bpf_printk() takes numbers behind the text, as printf() does: %u, %lu, %x." \
			"The frame is from ctx->data to ctx->data_end, its Ethernet header with it." \
			"bpf_printk(\"xdp_line: %lu bytes, type %x\", data_end - data, ...);"
	}
}

@test "a line has the EtherType, in host byte order" {
	deliver 1 raw --type "0x${type}1" --size 778
	[ -z "$(lines ": 778 bytes, type ${type}1")" ] || return 0
	show "expected \"xdp_line: 778 bytes, type ${type}1\""
	show "got: $(nearest)"
	printf -v swapped '%x' "0x${type:2}1${type:0:2}"
	[ -z "$(lines ": 778 bytes, type $swapped")" ] ||
		hints "A header is in network byte order. How does %x print a number?" \
			"bpf_ntohs() of <bpf/bpf_endian.h> makes it a number of this machine." \
			"bpf_ntohs(eth->h_proto)"
	hints "The EtherType is in the struct ethhdr at ctx->data; %x prints it." \
		"The verifier wants to see that the whole header is there: eth + 1 is not behind data_end." \
		"bpf_printk(\"xdp_line: %lu bytes, type %x\", data_end - data, bpf_ntohs(eth->h_proto));"
}

@test "one line for each packet" {
	deliver 1 raw --type "0x${type}2" --size 64
	deliver 3 raw --type "0x${type}3" --size 100
	deliver 1 raw --type "0x${type}4" --size 1400
	for line in "1 xdp_line: 64 bytes, type ${type}2" "3 xdp_line: 100 bytes, type ${type}3" \
		"1 xdp_line: 1400 bytes, type ${type}4"; do
		count=$(lines "${line#* }" | wc -l)
		[ "$count" -eq "${line%% *}" ] || {
			show "expected ${line%% *} of the line \"${line#* }\", got $count"
			hints "One call of bpf_printk() in each run of the program: for all packets, and once." \
				"A newline comes by itself: with \\n in the text there is an empty line more."
		}
	done
}
