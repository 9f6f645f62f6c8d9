// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Lists of CPUs: read, refused and written. */
#include <errno.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cpus.h"
#include "tap.h"

static struct cpus cpus;

/* @text is the set that is written as @want. */
static void is_set(const char *text, const char *want)
{
	char got[256] = "refused";

	if (!cpus_parse(text, &cpus))
		cpus_format(&cpus, got, sizeof(got));
	if (!ok(!strcmp(got, want), text))
		printf("# got %s, want %s\n", got, want);
}

static void refused(const char *text, int err)
{
	is_int(cpus_parse(text, &cpus), err, *text ? text : "(no list at all)");
}

static void test_lists(void)
{
	is_set("0", "0");
	is_set("3,1", "1,3");
	is_set("0,2-3", "0,2-3");
	is_set("0,1,2,3", "0-3");
	is_set("2-3,0-2,2", "0-3");
	is_set("0-4095", "0-4095");
	is_set("4095", "4095");
	refused("", -EINVAL);
	refused("x", -EINVAL);
	refused("-1", -EINVAL);
	refused("1-", -EINVAL);
	refused("3-1", -EINVAL);
	refused("1,", -EINVAL);
	refused(",1", -EINVAL);
	refused("1 2", -EINVAL);
	refused(" 1", -EINVAL);
	refused("+1", -EINVAL);
	refused("0x1", -EINVAL);
	refused("4096", -ERANGE);
	refused("0-4096", -ERANGE);
	refused("99999999999999999999", -ERANGE);
}

static void test_sets(void)
{
	char text[4];

	cpus_parse("0,2-3", &cpus);
	ok(cpus.count == 3 && cpus_has(&cpus, 0) && cpus_has(&cpus, 3), "those that are in a set");
	ok(!cpus_has(&cpus, 1) && !cpus_has(&cpus, 4), "those that are not");
	ok(cpus_index(&cpus, 0) == 0 && cpus_index(&cpus, 3) == 2, "where in a set they are");
	is_int(cpus_index(&cpus, 1), cpus.count, "where one is that is not");
	ok(!strcmp(cpus_format(&cpus, text, sizeof(text)), "0,2"),
	   "a list is cut to what there is room for");
	cpus.count = 0;
	ok(!*cpus_format(&cpus, text, sizeof(text)), "the empty set");
}

static void test_machine(void)
{
	is_int(cpus_read("online", &cpus), 0, "the CPUs of this machine");
	is_int(cpus.count, sysconf(_SC_NPROCESSORS_ONLN), "as many as it has");
	is_int(cpus_read("possible", &cpus), 0, "those that there may be");
	is_int(cpus.count, libbpf_num_possible_cpus(), "as many as a per-CPU map has values");
	is_int(cpus_read("nowhere", &cpus), -ENOENT, "a kind that is none");
}

int main(void)
{
	test_lists();
	test_sets();
	test_machine();
	return tap_done();
}
