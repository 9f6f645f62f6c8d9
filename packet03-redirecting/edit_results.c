// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* list: what became of packets in the router, by name. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "edit_parts.h"
#include "xdp_redirect.h"

#define NAME_MAX_LEN 32

#define FIB_NO_SRC_ADDR 9 /* BPF_FIB_LKUP_RET_NO_SRC_ADDR of 6.7 */

static const char *const names[ROUTER_RESULTS] = {
	/* What bpf_fib_lookup() says: BPF_FIB_LKUP_RET_* */
	[BPF_FIB_LKUP_RET_SUCCESS] = "success",
	[BPF_FIB_LKUP_RET_BLACKHOLE] = "blackhole",
	[BPF_FIB_LKUP_RET_UNREACHABLE] = "unreachable",
	[BPF_FIB_LKUP_RET_PROHIBIT] = "prohibit",
	[BPF_FIB_LKUP_RET_NOT_FWDED] = "not_fwded",
	[BPF_FIB_LKUP_RET_FWD_DISABLED] = "fwd_disabled",
	[BPF_FIB_LKUP_RET_UNSUPP_LWT] = "unsupp_lwt",
	[BPF_FIB_LKUP_RET_NO_NEIGH] = "no_neigh",
	[BPF_FIB_LKUP_RET_FRAG_NEEDED] = "frag_needed",
	[FIB_NO_SRC_ADDR] = "no_src_addr",
	/* What the program says before it asks, or after. */
	[ROUTER_FIB_ERROR] = "fib_error",
	[ROUTER_NO_PORT] = "no_port",
	[ROUTER_TTL] = "ttl",
	[ROUTER_OPTIONS] = "options",
	[ROUTER_ADDRESS] = "address",
	[ROUTER_BROKEN] = "broken",
	[ROUTER_VLAN] = "vlan",
	[ROUTER_NOT_IP] = "not_ip",
};

/* The name of a result; of one that this tree does not know, made in @text. */
static const char *result_name(__u32 result, char *text, size_t size)
{
	if (names[result])
		return names[result];
	snprintf(text, size, "fib result %u", result);
	return text;
}

/* One counter, the sum over all CPUs. */
static unsigned long long sum(int fd, __u32 key, __u64 *values, int cpus)
{
	unsigned long long total = 0;
	int i;

	if (!bpf_map_lookup_elem(fd, &key, values))
		for (i = 0; i < cpus; i++)
			total += values[i];
	return total;
}

static void print_result(__u32 result, unsigned long long packets, bool json)
{
	char text[NAME_MAX_LEN];
	const char *name = result_name(result, text, sizeof(text));

	if (json)
		printf("%s\"%s\": %llu", result ? ", " : "", name, packets);
	else
		printf("%-20s %12llu\n", name, packets);
}

int edit_list_results(int fd, bool json)
{
	int cpus = libbpf_num_possible_cpus();
	unsigned long long packets;
	__u64 *values;
	__u32 key;

	values = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*values));
	if (!values)
		return -ENOMEM;
	printf(json ? ", \"results\": {" : "result                    packets\n");
	for (key = 0; key < ROUTER_RESULTS; key++) {
		packets = sum(fd, key, values, cpus);
		if (packets || names[key])
			print_result(key, packets, json);
	}
	if (json)
		putchar('}');
	free(values);
	return 0;
}
