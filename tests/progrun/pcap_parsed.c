// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What the parsers of headers/ say of each packet of a capture file, a line
 * each: the members of struct parsed, in their order, then the tags' ids.
 * "short" is a frame that the kernel runs no program over.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <stdio.h>
#include <string.h>

#include "captures.h"
#include "parsed.h"
#include "progrun.h"

#define FRAME_MIN 14

static void print_parsed(const struct parsed *said)
{
	__u32 i;

	printf("%d %d %d %d %u %u %u %u %u", said->eth < 0 ? said->eth : ntohs(said->eth), said->l3,
	       said->l4, said->common, said->l3_at, said->l4_at, said->l3_end, said->l4_end,
	       said->fragment);
	for (i = 0; i < said->vlans; i++)
		printf(" %u", said->vlan[i]);
	printf("\n");
}

static int parse(int prog, const struct frame *frame, const struct parse_test *test)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data, .data_size_in = frame->len,
		    .repeat = 1);
	int err;

	if (frame->len < FRAME_MIN) {
		printf("short\n");
		return 0;
	}
	err = bpf_prog_test_run_opts(prog, &opts);
	if (err) {
		fprintf(stderr, "error: %u bytes: %s\n", frame->len, strerror(-err));
		return err;
	}
	print_parsed(&test->parsed);
	return 0;
}

int main(int argc, char **argv)
{
	struct parse_test *test;
	struct fixture capture;
	struct bpf_object *obj;
	int prog, err = 0;
	__u32 i;

	if (argc != 2) {
		fprintf(stderr, "usage: pcap_parsed FILE\n");
		return 2;
	}
	obj = progrun_load("parse_kern.o");
	test = progrun_globals(obj, sizeof(*test));
	prog = progrun_prog(obj, "parse_func");
	capture = capture_read(argv[1]);
	for (i = 0; !err && i < capture.count; i++)
		err = parse(prog, &capture.frame[i], test);
	if (test->wrong) {
		fprintf(stderr, "error: %u pointers or cursors are wrong\n", test->wrong);
		err = -1;
	}
	fixture_free(&capture);
	bpf_object__close(obj);
	return err ? 1 : 0;
}
