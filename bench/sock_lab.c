// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The lab of AF_XDP: that of rate.h, in which the kernel answers as well. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "log.h"
#include "sock.h"

/* The same frames for all, so that nothing else is compared. */
static const struct {
	const char *name, *object, *program, *way;
} yardsticks[SOCK_CASES] = {
	[SOCK_BY_DROP] = { "drop", NULL, "XDP_DROP", "drop" },
	[SOCK_BY_TX] = { "tx", "packet03-redirecting/xdp_redirect_kern.o", "xdp_icmp_echo_func",
			 "echo" },
	[SOCK_BY_STACK] = { "stack", NULL, "XDP_PASS", "echo" },
};

static int open_case(struct sock_bench *bench, enum sock_who who, const char *top)
{
	struct rate_case *one = &bench->rates.cases[who];
	unsigned int rounds = bench->rates.rounds;

	one->name = strdup(yardsticks[who].name);
	one->program = strdup(yardsticks[who].program);
	one->kind = strdup("echo4");
	one->rates = calloc(rounds, sizeof(double));
	one->lost = calloc(rounds, sizeof(double));
	if (!one->name || !one->program || !one->kind || !one->rates || !one->lost)
		return -ENOMEM;
	if (yardsticks[who].object &&
	    asprintf(&one->object, "%s/%s", top, yardsticks[who].object) < 0)
		return -ENOMEM;
	one->way = rate_way_find(yardsticks[who].way);
	return rate_open(one, &bench->rates.lab, top);
}

/* What the frames ask for is an address of this machine. */
static int let_stack_answer(const struct rate_lab *lab)
{
	const unsigned char *mac = lab->send.mac.addr;
	char command[128], said[256] = "";
	int status;

	snprintf(command, sizeof(command),
		 "ip neigh add 10.0.1.2 dev recv lladdr %02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	status = command_run_line("ip addr add 10.0.2.2/32 dev recv", said, sizeof(said));
	if (!status)
		status = command_run_line(command, said, sizeof(said));
	if (!status)
		return 0;
	pr_err("cannot make the lab: 'ip': %.*s", (int)strcspn(said, "\n"),
	       status < 0 ? strerror(-status) : said);
	return -EIO;
}

static int open_cases(struct sock_bench *bench, const char *top)
{
	struct rates *rates = &bench->rates;
	int err = 0;

	rates->cases = calloc(SOCK_CASES, sizeof(*rates->cases));
	if (!rates->cases)
		return -ENOMEM;
	for (; !err && rates->count < SOCK_CASES; rates->count++) {
		rates->cases[rates->count].live.netns = -1;
		rates->cases[rates->count].live.link = -1;
		err = open_case(bench, (enum sock_who)rates->count, top);
	}
	if (err)
		return err;
	/* What the kernel answers differs in fields that are its own affair. */
	rates->count = SOCK_BY_STACK;
	err = rate_try(rates);
	rates->count = SOCK_CASES;
	return err;
}

int sock_lab_make(struct sock_bench *bench, const char *top)
{
	struct rate_lab *lab = &bench->rates.lab;
	int err = rate_lab_make(lab);

	if (!err)
		err = let_stack_answer(lab);
	if (!err)
		err = rate_ends_open(lab, top);
	if (err)
		return err;
	bench->pass_fd = program_returns(XDP_PASS);
	if (bench->pass_fd < 0)
		return bench->pass_fd;
	err = open_cases(bench, top);
	return err ? err : sock_probe_open(bench);
}

void sock_lab_close(struct sock_bench *bench)
{
	rate_cases_close(&bench->rates);
	rate_ends_close(&bench->rates.lab);
	if (bench->pass_fd > 0)
		close(bench->pass_fd);
	if (bench->prober > 0)
		close(bench->prober);
}
