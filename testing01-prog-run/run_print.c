// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table for people, JSON for programs. */
#include <stdio.h>

#include <net/if.h>

#include "json.h"
#include "log.h"
#include "run_print.h"
#include "xdp_stats_kern_user.h"

#define TEXT_MAX 128

int run_print_titles(void)
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

	printf("{\"packet\": %u, \"action\": \"%s\", ", number, action2str(result->verdict));
	if (result->verdict >= XDP_ACTION_MAX)
		printf("\"verdict\": %u, ", result->verdict);
	printf("\"len_in\": %u, \"len_out\": %u, \"ns\": %.1f", in->len, result->len, result->ns);
	if (result->metadata)
		printf(", \"metadata\": %u", result->metadata);
	if (target->kind == PROG_TARGET_DEV)
		printf(", \"ifindex\": %u", target->ifindex);
	if (target->kind == PROG_TARGET_CPU)
		printf(", \"cpu\": %u", target->key);
	if (*target->map) {
		printf(", \"map\": ");
		json_string(stdout, target->map);
	}
	if (*target->map && target->kind != PROG_TARGET_DEVS)
		printf(", \"key\": %u", target->key);
	printf("}\n");
}

int run_print(unsigned int number, const struct prog_run_input *in,
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

int run_print_skipped(unsigned int number, unsigned int len, unsigned int max, bool json)
{
	char reason[TEXT_MAX];

	if (len < PROG_RUN_MIN)
		snprintf(reason, sizeof(reason), "shorter than an Ethernet header, %u bytes",
			 PROG_RUN_MIN);
	else
		snprintf(reason, sizeof(reason), "longer than this kernel takes, %u bytes", max);
	if (json)
		printf("{\"packet\": %u, \"action\": null, \"len_in\": %u, \"error\": \"%s\"}\n",
		       number, len, reason);
	else
		printf("%6u %-12s %7u %7s %9s  %s\n", number, "not run", len, "-", "-", reason);
	return output_flush();
}
