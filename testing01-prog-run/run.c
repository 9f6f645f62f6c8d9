// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A program over the packets of a file: packet by packet read, run, print, write.
 * run_once() is the call of BPF_PROG_RUN.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "json.h"
#include "log.h"
#include "packets/prog_run.h"
#include "run.h"
#include "signals.h"
#include "xdp_stats_kern_user.h"

/* ENOTSUPP: a number of the kernel's own that reaches us here. */
#define KERNEL_ENOTSUPP 524
#define TEXT_MAX 128

/*
 * One run of program @fd over one packet: BPF_PROG_RUN, a call of bpf(2). The
 * packet as the program left it is stored in @out, of PROG_RUN_OUT bytes. Returns 0
 * or -errno.
 */
static int run_once(int fd, const struct prog_run_input *in, unsigned char *out,
		    struct prog_run_result *result)
{
	/* What the program finds in its context, and what it leaves there. */
	struct xdp_md before = {
		.data_end = in->len,
		.ingress_ifindex = in->ifindex,
		.rx_queue_index = in->queue,
	};
	struct xdp_md after = { 0 };
	/* clang-format off */
	LIBBPF_OPTS(bpf_test_run_opts, opts,
		    .data_in = in->data, .data_size_in = in->len,
		    .data_out = out, .data_size_out = PROG_RUN_OUT,
		    .ctx_in = &before, .ctx_size_in = sizeof(before),
		    .ctx_out = &after, .ctx_size_out = sizeof(after),
		    .repeat = 1);
	/* clang-format on */

	if (bpf_prog_test_run_opts(fd, &opts))
		return -errno;
	/* What comes back begins with the metadata that the program has put there. */
	result->metadata = after.data < opts.data_size_out ? after.data : 0;
	result->verdict = opts.retval;
	result->data = out + result->metadata;
	result->len = opts.data_size_out - result->metadata;
	result->changed = result->len != in->len || memcmp(result->data, in->data, in->len) != 0;
	result->ns = opts.duration;
	return 0;
}

static int print_titles(void)
{
	printf("%6s %-12s %7s %7s %9s  %s\n", "packet", "action", "len in", "len out", "ns", "to");
	return output_flush();
}

/* "interface 5 (veth0)", without the name where there is none. */
static void name_interface(unsigned int ifindex, char *text, size_t size)
{
	char name[IF_NAMESIZE];

	if (!ifindex)
		snprintf(text, size, "nothing");
	else if (if_indextoname(ifindex, name))
		snprintf(text, size, "interface %u (%s)", ifindex, name);
	else
		snprintf(text, size, "interface %u", ifindex);
}

/* Where the packet was redirected to, in words. */
static const char *target_text(const struct prog_target *target, char *text, size_t size)
{
	char interface[TEXT_MAX / 2];

	name_interface(target->ifindex, interface, sizeof(interface));
	switch (target->kind) {
	case PROG_TARGET_NONE:
		return "";
	case PROG_TARGET_UNKNOWN:
		return "unknown";
	case PROG_TARGET_DEV:
		snprintf(text, size, *target->map ? "%s, %s[%u]" : "%s", interface, target->map,
			 target->key);
		break;
	case PROG_TARGET_DEVS:
		snprintf(text, size, "all of %s", target->map);
		break;
	case PROG_TARGET_CPU:
		snprintf(text, size, "CPU %u, %s", target->key, target->map);
		break;
	case PROG_TARGET_SOCKET:
		snprintf(text, size, "socket %s[%u]", target->map, target->key);
		break;
	}
	return text;
}

static void print_json(unsigned int number, const struct prog_run_input *in,
		       const struct prog_run_result *result)
{
	const struct prog_target *target = &result->target;
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_member(&json, "packet", "%u", number);
	json_text(&json, "action", action2str(result->verdict));
	if (result->verdict >= XDP_ACTION_MAX)
		json_member(&json, "verdict", "%u", result->verdict);
	json_member(&json, "len_in", "%u", in->len);
	json_member(&json, "len_out", "%u", result->len);
	json_member(&json, "ns", "%.1f", result->ns);
	if (result->metadata)
		json_member(&json, "metadata", "%u", result->metadata);
	if (target->kind == PROG_TARGET_DEV)
		json_member(&json, "ifindex", "%u", target->ifindex);
	if (target->kind == PROG_TARGET_CPU)
		json_member(&json, "cpu", "%u", target->key);
	if (*target->map)
		json_text(&json, "map", target->map);
	if (*target->map && target->kind != PROG_TARGET_DEVS)
		json_member(&json, "key", "%u", target->key);
	json_close(&json);
}

static int print_result(unsigned int number, const struct prog_run_input *in,
			const struct prog_run_result *result, bool json)
{
	char to[TEXT_MAX];

	if (json)
		print_json(number, in, result);
	else
		printf("%6u %-12s %7u %7u %9.1f%s%s\n", number, action2str(result->verdict),
		       in->len, result->len, result->ns, result->target.kind ? "  " : "",
		       target_text(&result->target, to, sizeof(to)));
	return output_flush();
}

static int print_skipped(unsigned int number, unsigned int len, unsigned int max, bool json)
{
	struct json line = { .out = stdout };
	char reason[TEXT_MAX];

	if (len < PROG_RUN_MIN)
		snprintf(reason, sizeof(reason), "shorter than an Ethernet header, %u bytes",
			 PROG_RUN_MIN);
	else
		snprintf(reason, sizeof(reason), "longer than this kernel takes, %u bytes", max);
	if (json) {
		json_open(&line, NULL, '{');
		json_member(&line, "packet", "%u", number);
		json_member(&line, "action", "null");
		json_member(&line, "len_in", "%u", len);
		json_text(&line, "error", reason);
		json_close(&line);
	} else {
		printf("%6u %-12s %7u %7s %9s  %s\n", number, "not run", len, "-", "-", reason);
	}
	return output_flush();
}

/* The kernel would not run it, and that is not about one packet's length. */
static int explain(unsigned int number, int err)
{
	if (err == -EINTR)
		return err;
	if (err == -EOPNOTSUPP || err == -KERNEL_ENOTSUPP) {
		pr_err("this kernel cannot run such a program on a given packet");
		return -EOPNOTSUPP;
	}
	pr_err("cannot run the program on packet %u: %s", number, strerror(-err));
	return -EIO;
}

/* A packet that was dropped does not come out. */
static int write_result(struct capfile_writer *writer, const struct capfile_packet *packet,
			const struct prog_run_result *result)
{
	/* What the file lacks of the packet is missing behind it as before. */
	struct capfile_packet out = {
		.time = packet->time,
		.len = result->len,
		.orig_len = result->len + (packet->orig_len - packet->len),
		.data = result->data,
	};

	if (!writer || (result->verdict != XDP_PASS && result->verdict != XDP_TX &&
			result->verdict != XDP_REDIRECT))
		return 0;
	return capfile_write(writer, &out, result->verdict);
}

static int run_packet(struct prog_run *run, const struct run_opts *opts,
		      const struct capfile_packet *packet, unsigned int number,
		      struct capfile_writer *writer)
{
	const struct prog_run_input in = {
		.data = packet->data,
		.len = packet->len,
		.ifindex = opts->ifindex,
		.queue = opts->queue,
		.repeat = opts->repeat,
	};
	bool shows = opts->json || log_shows(LOG_LEVEL_INFO);
	struct prog_run_result result = { 0 };
	int err;

	err = run_once(prog_run_begin(run), &in, run->out, &result);
	err = prog_run_end(run, &in, err, &result);
	if (err == -ERANGE)
		return shows ? print_skipped(number, packet->len, prog_run_max(run), opts->json) :
			       0;
	if (err)
		return explain(number, err);
	if (shows)
		err = print_result(number, &in, &result, opts->json);
	return err ? err : write_result(writer, packet, &result);
}

int run_file(const struct run_opts *opts, const struct bpf_program *prog,
	     struct capfile_reader *reader, struct capfile_writer *writer)
{
	struct capfile_packet packet;
	struct prog_run run;
	unsigned int number = 0;
	int err = prog_run_open(&run, prog);

	if (err)
		return explain(1, err);
	if (!opts->json && log_shows(LOG_LEVEL_INFO))
		err = print_titles();
	while (!err && (!opts->count || number < opts->count)) {
		err = signals_pending() ? -EINTR : capfile_next(reader, &packet);
		if (err <= 0)
			break;
		err = run_packet(&run, opts, &packet, ++number, writer);
	}
	prog_run_close(&run);
	return err == -EINTR ? 0 : err;
}
