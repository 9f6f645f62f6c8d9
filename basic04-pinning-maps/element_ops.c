// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Read, write and delete one element, and explain what a map refuses. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>

#include "element_ops.h"
#include "log.h"
#include "stats.h"

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

/* In the words of who reads the README: what the error means for this map. */
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

static int get_proto(struct element *e)
{
	proto_key key = (proto_key)e->key;
	proto_value value;

	if (bpf_map_lookup_elem(e->fd, &key, &value))
		return refused("get", e, errno);
	printf("0x%04x %-6s %llu packets\n", key, proto_name(key), (unsigned long long)value);
	return output_flush();
}

int element_get(struct element *e)
{
	return e->is_proto ? get_proto(e) : get_stats(e);
}

int element_get_all(struct element *e)
{
	proto_key key, next;
	proto_value value;
	bool first = true;

	while (!bpf_map_get_next_key(e->fd, first ? NULL : &key, &next)) {
		first = false;
		key = next;
		if (!bpf_map_lookup_elem(e->fd, &key, &value))
			printf("0x%04x %-6s %llu packets\n", key, proto_name(key),
			       (unsigned long long)value);
	}
	return output_flush();
}

int element_set(struct element *e)
{
	int cpus = libbpf_num_possible_cpus();
	proto_key key = (proto_key)e->key;
	proto_value value = e->value;
	__u32 action = (__u32)e->key;
	struct datarec *values;
	int err;

	if (e->is_proto)
		return bpf_map_update_elem(e->fd, &key, &value, (__u64)e->flag) ?
			       refused("set", e, errno) :
			       0;
	/* A per-CPU map takes a value for each CPU, in one piece. */
	values = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*values));
	if (!values)
		return refused("set", e, ENOMEM);
	values[0].rx_packets = e->value;
	err = bpf_map_update_elem(e->fd, &action, values, (__u64)e->flag) ?
		      refused("set", e, errno) :
		      0;
	free(values);
	return err;
}

int element_delete(struct element *e)
{
	proto_key key = (proto_key)e->key;
	__u32 action = (__u32)e->key;
	const void *which = e->is_proto ? (void *)&key : (void *)&action;

	return bpf_map_delete_elem(e->fd, which) ? refused("delete", e, errno) : 0;
}
