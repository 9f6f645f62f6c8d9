// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Runs an XDP program over each packet of a capture file: pcap_prepared OBJECT
 * PROGRAM NAME IN OUT, prepared as NAME of the prepare.txt beside OBJECT ("":
 * as it is). OUT, a capture file too, is what the packets are then, dropped
 * ones included; the verdicts are printed, a line each, with the index of the
 * interface that a packet is redirected to; "-" where the kernel takes no such
 * frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "captures.h"
#include "packets/capfile.h"
#include "packets/prog_run.h"
#include "progrun.h"
#include "xdp_stats_kern_user.h"

static struct bpf_object *load(char *path, const char *prepared, unsigned int *ingress)
{
	struct bpf_object *obj = bpf_object__open_file(path, NULL);
	char *slash = strrchr(path, '/');

	if (!obj || !slash) {
		fprintf(stderr, "error: cannot open '%s'\n", path);
		exit(1);
	}
	*slash = '\0';
	progrun_prepare(obj, path, prepared, ingress);
	return obj;
}

static int run(struct prog_run *prog, unsigned int ingress, const struct frame *frame,
	       struct capfile_writer *writer)
{
	struct prog_run_input in = { .data = frame->data, .len = frame->len, .ifindex = ingress };
	struct capfile_packet packet = { .data = frame->data, .len = frame->len };
	struct prog_run_result result;
	int err = prog_run_packet(prog, &in, &result);

	if (err && frame->len >= PROG_RUN_MIN) {
		fprintf(stderr, "error: %u bytes: %s\n", frame->len, strerror(-err));
		return err;
	}
	printf("%s %u\n", err ? "-" : action2str(result.verdict), result.target.ifindex);
	if (!err) {
		packet.data = result.data;
		packet.len = result.len;
	}
	packet.orig_len = packet.len;
	return capfile_write(writer, &packet, 0);
}

int main(int argc, char **argv)
{
	struct capfile_writer *writer = NULL;
	struct prog_run prog = { 0 };
	struct bpf_program *found;
	struct bpf_object *obj;
	struct fixture capture;
	unsigned int ingress;
	int err = -1;
	__u32 i;

	if (argc != 6) {
		fprintf(stderr, "usage: pcap_prepared OBJECT PROGRAM NAME IN OUT\n");
		return 2;
	}
	obj = load(argv[1], argv[3], &ingress);
	found = bpf_object__find_program_by_name(obj, argv[2]);
	if (found && !prog_run_open(&prog, found))
		writer = capfile_create(argv[5]);
	if (writer) {
		capture = capture_read(argv[4]);
		for (i = err = 0; !err && i < capture.count; i++)
			err = run(&prog, ingress, &capture.frame[i], writer);
		fixture_free(&capture);
		if (capfile_finish(writer))
			err = -1;
	}
	prog_run_close(&prog);
	bpf_object__close(obj);
	return err ? 1 : 0;
}
