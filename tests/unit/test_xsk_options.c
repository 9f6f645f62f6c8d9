// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Sizes of a UMEM, and options of AF_XDP commands: good ones, and others. */
#include <errno.h>

#include <xdp/libxdp.h>

#include "afxdp/xsk.h"
#include "capture.h"
#include "tap.h"

static struct capture said;
static const struct netif lo = { .name = "lo", .index = 1 };

/* What opening it returns; @line is what that says, NULL: nothing. */
static void opens(struct umem_opts opts, int want, const char *line, const char *name)
{
	struct umem umem;
	int err;

	capture_begin(&said, STDERR_FILENO);
	err = umem_open(&umem, &opts, 2);
	capture_end(&said);
	is_int(err, want, name);
	ok(line ? strstr(said.text, line) != NULL : !*said.text, line ? line : "(without a word)");
	umem_close(&umem);
}

static void test_sizes(void)
{
	opens((struct umem_opts){ 0 }, 0, NULL, "nothing asked for");
	opens((struct umem_opts){ 64, 2048, 1024 }, 0, NULL, "the smallest");
	opens((struct umem_opts){ 0, 0, 2048 }, 0, NULL, "half a frame free");
	opens((struct umem_opts){ 63, 0, 0 }, -EINVAL,
	      "error: cannot use 63 frames: from 64 to 65536", "too few");
	opens((struct umem_opts){ 65537, 0, 0 }, -EINVAL, "error: cannot use 65537 frames",
	      "too many");
	opens((struct umem_opts){ 0, 1024, 0 }, -EINVAL, "error: cannot use frames of 1024 bytes",
	      "too small");
	opens((struct umem_opts){ 0, 3000, 0 }, -EINVAL, "frames of 3000 bytes", "no power of 2");
	opens((struct umem_opts){ 0, 8192, 0 }, -EINVAL, "frames of 8192 bytes",
	      "more than a page");
	opens((struct umem_opts){ 0, 2048, 1025 }, -EINVAL,
	      "error: cannot leave 1025 bytes of a frame of 2048 free", "too much headroom");
}

static void test_memory(void)
{
	struct umem_opts opts = { 100, 2048, 0 };
	struct umem umem;

	is_int(umem_open(&umem, &opts, 3), 0, "three sockets");
	is_int(umem.ring_size, 128, "a ring has a power of 2, and no frame less");
	is_int((long long)umem.size, 3 * 100 * 2048, "frames for all of them");
	memset(umem.area, 1, umem.size);
	ok(umem_data(&umem, 2048) == (char *)umem.area + 2048, "by offset");
	umem_close(&umem);
	ok(!umem.area && !umem.size, "closed");
	umem_close(&umem);
	opts.frames = 0;
	is_int(umem_open(&umem, &opts, 1), 0, "the default");
	ok(umem.opts.frames == 4096 && umem.ring_size == 4096, "4096 frames");
	umem_close(&umem);
}

/* @want, or what is wrong with @opts in @mode on lo, which has one queue */
static void chooses(struct xsk_opts opts, int mode, const char *line, const char *name)
{
	struct cpus queues;
	int err;

	capture_begin(&said, STDERR_FILENO);
	err = xsk_choose(&opts, mode, &lo, &queues);
	capture_end(&said);
	if (line) {
		is_int(err, -EINVAL, name);
		ok(!strncmp(said.text, line, strlen(line)) &&
			   strchr(said.text, '\n') == said.text + strlen(said.text) - 1,
		   line);
		return;
	}
	ok(!err && !*said.text && queues.count == 1 && !queues.cpu[0], name);
	ok(opts.copy == (mode == XDP_MODE_SKB), "(generic XDP copies)");
}

static void test_options(void)
{
	const int native = XDP_MODE_NATIVE, skb = XDP_MODE_SKB;

	chooses((struct xsk_opts){ 0 }, native, NULL, "all queues");
	chooses((struct xsk_opts){ .queues = "0" }, native, NULL, "this one");
	chooses((struct xsk_opts){ .queues = "0" }, skb, NULL, "in SKB mode");
	chooses((struct xsk_opts){ .zero_copy = true }, native, NULL, "zero-copy");
	chooses((struct xsk_opts){ .busy_poll = true, .budget = 8 }, native, NULL,
		"a budget for busy polling");
	chooses((struct xsk_opts){ .copy = true, .zero_copy = true }, native,
		"error: --copy and --zero-copy exclude each other", "both");
	chooses((struct xsk_opts){ .zero_copy = true }, skb,
		"error: --skb-mode and --zero-copy exclude", "no driver");
	chooses((struct xsk_opts){ .budget = 8 }, native, "error: --budget is for --busy-poll",
		"a budget for nothing");
	chooses((struct xsk_opts){ .queues = "1" }, native,
		"error: bad value '1' for --queue: 'lo' has the receive queues 0 to 0",
		"a queue that is not there");
	chooses((struct xsk_opts){ .queues = "0-3" }, native,
		"error: bad value '0-3' for --queue: 'lo' has", "some are not");
	chooses((struct xsk_opts){ .queues = "5000" }, native,
		"error: bad value '5000' for --queue: 'lo' has", "far too many");
	chooses((struct xsk_opts){ .queues = "x" }, native,
		"error: bad value 'x' for --queue: no list", "no number");
	chooses((struct xsk_opts){ .queues = "" }, native,
		"error: bad value '' for --queue: no list", "no queue at all");
}

int main(void)
{
	test_sizes();
	test_memory();
	test_options();
	return tap_done();
}
