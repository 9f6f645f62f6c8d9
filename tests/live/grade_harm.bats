#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Answers that do harm: they are judged in time, and nothing of them stays.

# bats file_tags=slow

load ../helpers

# The answers here are the test's own: nobody else sees this mount.
setup_file()
{
	need_sandbox
	make -s -C "$TOP/grader" >&2
}

setup()
{
	cd "$TOP" || return
	mount -t tmpfs answers answers
}

teardown()
{
	umount answers
}

# answer_of ASSIGNMENT FILE: the solution, with what is read as FILE
answer_of()
{
	grader/grade.sh start "$1" >/dev/null
	cp "solutions/$1"/*.[ch] "answers/$1/"
	cat >"answers/$1/$2"
}

# judged ASSIGNMENT TEXT: it fails, with TEXT in the report, within the limit; and all is as
# it was, here and in the answers' folder but for what grade.sh writes.
judged()
{
	local before start=$SECONDS

	make -s -C "answers/$1" >&2
	: >"answers/$1/.graded"
	before=$(snapshot answers)
	run grader/grade.sh grade "$1"
	printf '%s\n' "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"  FAIL  $2"* && $output == *"  not done: "* ]]
	[ "$((SECONDS - start))" -lt 300 ] # far below what it would take else
	[ "${#output}" -lt 10000 ]
	unchanged "$before" answers
}

@test "an answer that never ends" {
	answer_of basic04-pinning-maps/02-reuse-map xdp_keep_user.c <<-'END'
		#include <signal.h>
		#include <unistd.h>

		int main(void)
		{
			signal(SIGTERM, SIG_IGN);
			signal(SIGINT, SIG_IGN);
			for (;;)
				pause();
		}
	END
	judged basic04-pinning-maps/02-reuse-map "a first start makes a map"
}

@test "an answer that floods its output" {
	answer_of basic04-pinning-maps/03-follow-map xdp_follow_user.c <<-'END'
		#include <signal.h>
		#include <stdio.h>

		int main(void)
		{
			signal(SIGXFSZ, SIG_IGN);
			signal(SIGINT, SIG_IGN);
			for (;;)
				fputs("100 packets, 100 new", stdout);
		}
	END
	judged basic04-pinning-maps/03-follow-map "it reports what is in the map"
}

@test "an answer whose map is pinned by its name" {
	local before

	answer_of basic01-xdp-pass/01-drop xdp_pass_kern.c <<-'END'
		#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>

		struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__type(key, __u32);
			__type(value, __u32);
			__uint(max_entries, 1);
			__uint(pinning, LIBBPF_PIN_BY_NAME);
		} stays SEC(".maps");

		SEC("xdp")
		int xdp_prog_simple(struct xdp_md *ctx)
		{
			__u32 key = 0;

			bpf_map_lookup_elem(&stays, &key);
			return XDP_DROP;
		}

		char _license[] SEC("license") = "GPL";
	END
	make -s -C answers/basic01-xdp-pass/01-drop >&2
	: >answers/basic01-xdp-pass/01-drop/.graded
	before=$(snapshot answers)
	run grader/grade.sh grade basic01/01
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	unchanged "$before" answers
}

@test "an answer that forks and stays" {
	answer_of basic04-pinning-maps/02-reuse-map xdp_keep_user.c <<-'END'
		#include <signal.h>
		#include <stdio.h>
		#include <unistd.h>

		int main(void)
		{
			int i;

			for (i = 0; i < 20; i++) {
				if (fork())
					continue;
				setsid();
				signal(SIGTERM, SIG_IGN);
				for (;;)
					pause();
			}
			puts("done");
			return 0;
		}
	END
	judged basic04-pinning-maps/02-reuse-map "a first start makes a map"
}

@test "an answer that leaves its program attached" {
	answer_of tracing04-ringbuf/01-event-per-packet xdp_udp_event_user.c < <(
		sed 's/err = ring ? 0 : .*/return 0;/' \
			solutions/tracing04-ringbuf/01-event-per-packet/xdp_udp_event_user.c)
	judged tracing04-ringbuf/01-event-per-packet "TCP and ICMP pass"
}
