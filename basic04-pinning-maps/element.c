// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * get, set and del: one element of a pinned map read, written and deleted, and
 * what the map refuses explained.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>

#include "element.h"
#include "log.h"
#include "maps.h"
#include "stats.h"
#include "xdp_pinned.h"

#define PROTO_MAP "xdp_proto_map"
#define STATS_MAP "xdp_stats_map"

static const struct maps_layout proto_layout = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(proto_key),
	.value_size = sizeof(proto_value),
	.max_entries = PROTO_MAX,
};

/* An open map, and what is to be done with one of its elements. */
struct element {
	const char *map;
	bool is_proto;
	int fd;
	unsigned long long key, value;
	int flag;
};

static const char *proto_name(proto_key proto)
{
	switch (proto) {
	case ETH_P_IP:
		return "IPv4";
	case ETH_P_IPV6:
		return "IPv6";
	case ETH_P_ARP:
		return "ARP";
	case ETH_P_8021Q:
		return "VLAN";
	default:
		return "other";
	}
}

/* One error line, with what the error means for a map of this type. */
static int refused(const char *verb, const struct element *e, int err)
{
	const char *hint = "";

	if (err == ENOENT)
		hint = " (there is no such element)";
	else if (err == EEXIST && !e->is_proto)
		hint = " (all elements of an array exist from the beginning)";
	else if (err == EEXIST)
		hint = " (the element exists, and --noexist was given)";
	else if (err == EINVAL && !e->is_proto)
		hint = " (elements of an array cannot be deleted)";
	else if (err == E2BIG)
		hint = e->is_proto ? " (the map is full)" : " (no such index)";
	pr_err("cannot %s %#llx in '%s': %s%s", verb, e->key, e->map, strerror(err), hint);
	return -ENOEXEC;
}

/* One element of the per-CPU array: the sum over all CPUs. */
static int get_stats(struct element *e)
{
	struct stats_record rec;
	int err = stats_collect(e->fd, &rec);

	if (err || e->key >= XDP_ACTION_MAX)
		return refused("get", e, err ? -err : E2BIG);
	printf("%-12s %llu packets, %llu bytes\n", action2str((__u32)e->key),
	       (unsigned long long)rec.action[e->key].rx_packets,
	       (unsigned long long)rec.action[e->key].rx_bytes);
	return output_flush();
}

static void print_proto(proto_key key, proto_value packets)
{
	printf("0x%04x %-6s %llu packets\n", key, proto_name(key), (unsigned long long)packets);
}

static int get_proto(struct element *e)
{
	proto_key key = (proto_key)e->key;
	proto_value value;

	if (bpf_map_lookup_elem(e->fd, &key, &value))
		return refused("get", e, errno);
	print_proto(key, value);
	return output_flush();
}

/* All of them, key by key; one that is deleted meanwhile is passed over. */
static int get_all_protos(struct element *e)
{
	proto_key key, next;
	proto_value value;
	bool first = true;

	while (!bpf_map_get_next_key(e->fd, first ? NULL : &key, &next)) {
		first = false;
		key = next;
		if (!bpf_map_lookup_elem(e->fd, &key, &value))
			print_proto(key, value);
	}
	return output_flush();
}

static int set_element(struct element *e)
{
	int cpus = libbpf_num_possible_cpus();
	proto_key key = (proto_key)e->key;
	proto_value value = e->value;
	__u32 action = (__u32)e->key;
	struct datarec *values;
	int err;

	if (e->is_proto) {
		err = bpf_map_update_elem(e->fd, &key, &value, (__u64)e->flag);
		return err ? refused("set", e, errno) : 0;
	}
	/* A per-CPU map takes a value for each CPU, in one piece. */
	values = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*values));
	if (!values)
		return refused("set", e, ENOMEM);
	values[0].rx_packets = e->value;
	err = bpf_map_update_elem(e->fd, &action, values, (__u64)e->flag);
	err = err ? refused("set", e, errno) : 0;
	free(values);
	return err;
}

static int delete_element(struct element *e)
{
	proto_key key = (proto_key)e->key;
	__u32 action = (__u32)e->key;
	const void *which = e->is_proto ? (void *)&key : (void *)&action;

	return bpf_map_delete_elem(e->fd, which) ? refused("delete", e, errno) : 0;
}

static int parse_number(const char *what, const char *text, unsigned long long max,
			unsigned long long *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	if (isdigit((unsigned char)*text) && !*end && !errno && *number <= max)
		return 0;
	pr_err("bad %s '%s': not a number from 0 to %llu", what, text, max);
	return -EINVAL;
}

/* The verb decides how many words follow it. */
static int run_verb(struct element *e, int argc, char **argv)
{
	unsigned long long key_max = e->is_proto ? USHRT_MAX : UINT_MAX;

	if (argc > 1 && parse_number("key", argv[1], key_max, &e->key))
		return -EINVAL;
	if (argc > 2 && parse_number("value", argv[2], ULLONG_MAX, &e->value))
		return -EINVAL;
	if (!strcmp(argv[0], "get") && argc == 2)
		return e->is_proto ? get_proto(e) : get_stats(e);
	if (!strcmp(argv[0], "get") && argc == 1 && e->is_proto)
		return get_all_protos(e);
	if (!strcmp(argv[0], "set") && argc == 3)
		return set_element(e);
	if (!strcmp(argv[0], "del") && argc == 2)
		return delete_element(e);
	pr_err("bad command '%s' for '%s': it is get %s, set KEY VALUE or del KEY", argv[0], e->map,
	       e->is_proto ? "[KEY]" : "KEY");
	return -EINVAL;
}

int element_command(const struct element_opts *opts, const char *folder, int argc, char **argv)
{
	struct element e = { .flag = opts->flag };
	char path[PATH_MAX + sizeof(STATS_MAP) + 1];
	int err;

	e.map = opts->map ? opts->map : PROTO_MAP;
	e.is_proto = !strcmp(e.map, PROTO_MAP);
	if (!e.is_proto && strcmp(e.map, STATS_MAP)) {
		pr_err("bad map '%s': it is %s or %s", e.map, PROTO_MAP, STATS_MAP);
		return -EINVAL;
	}
	snprintf(path, sizeof(path), "%s/%s", folder, e.map);
	e.fd = maps_open_pinned(path, e.is_proto ? &proto_layout : &stats_layout);
	if (e.fd < 0) {
		if (e.fd == -ENOENT)
			pr_err("no map is pinned at '%s' (does a loader run?)", path);
		return -ENOEXEC;
	}
	err = run_verb(&e, argc, argv);
	close(e.fd);
	return err;
}
