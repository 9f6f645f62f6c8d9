// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Runs a tc program over each packet of a capture file: pcap_tc OBJECT PROGRAM
 * IN OUT. OUT, a capture file too, is what the packets are then; the verdicts
 * are printed, a line each, "-" where the kernel takes no such frame.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "captures.h"
#include "packets/capfile.h"
#include "progrun.h"

#define OUT_MAX 65536

static struct bpf_program *load(const char *path, const char *name, struct bpf_object **obj)
{
	*obj = bpf_object__open_file(path, NULL);
	if (!*obj || bpf_object__load(*obj)) {
		fprintf(stderr, "error: cannot load '%s'\n", path);
		return NULL;
	}
	return bpf_object__find_program_by_name(*obj, name);
}

/* A frame that the kernel does not take is left as it is. */
static int run(int prog, const struct frame *frame, struct capfile_writer *writer)
{
	static __u8 data[OUT_MAX];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data, .data_size_in = frame->len,
		    .data_out = data, .data_size_out = sizeof(data), .repeat = 1);
	struct capfile_packet packet = { .data = frame->data, .len = frame->len };
	int err = bpf_prog_test_run_opts(prog, &opts);

	if (err && err != -EINVAL) {
		fprintf(stderr, "error: %u bytes: %s\n", frame->len, strerror(-err));
		return err;
	}
	if (err) {
		printf("-\n");
	} else {
		printf("%d\n", (int)opts.retval);
		packet.data = data;
		packet.len = opts.data_size_out;
	}
	packet.orig_len = packet.len;
	return capfile_write(writer, &packet, 0);
}

int main(int argc, char **argv)
{
	struct capfile_writer *writer = NULL;
	struct bpf_program *prog;
	struct bpf_object *obj = NULL;
	struct fixture capture;
	int err = -1;
	__u32 i;

	if (argc != 5) {
		fprintf(stderr, "usage: pcap_tc OBJECT PROGRAM IN OUT\n");
		return 2;
	}
	prog = load(argv[1], argv[2], &obj);
	if (prog)
		writer = capfile_create(argv[4]);
	if (writer) {
		capture = capture_read(argv[3]);
		for (i = err = 0; !err && i < capture.count; i++)
			err = run(bpf_program__fd(prog), &capture.frame[i], writer);
		fixture_free(&capture);
		if (capfile_finish(writer))
			err = -1;
	}
	bpf_object__close(obj);
	return err ? 1 : 0;
}
