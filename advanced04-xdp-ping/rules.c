// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The rules: a table of kinds, from which come the keys of each target. */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "log.h"
#include "maps.h"
#include "rules.h"

/* A kind of rule; its type of message by ICMP and by ICMPv6. */
struct kind {
	uint8_t type4, type6;
	uint32_t any, action;
	const char *text;
};

static const struct kind kinds[] = {
	/* One rule for all targets ... */
	{ ICMP_ECHOREPLY, ICMP6_ECHO_REPLY, PING_ANY_PEER, PING_FOREIGN,
	  "an answer from another: counted and passed" },
	{ ICMP_DEST_UNREACH, ICMP6_DST_UNREACH, PING_ANY_PEER, PING_FOREIGN,
	  "an error about nothing we asked: counted and passed" },
	{ ICMP_TIME_EXCEEDED, ICMP6_TIME_EXCEEDED, PING_ANY_PEER, PING_FOREIGN,
	  "an error about nothing we asked: counted and passed" },
	{ ICMP_PARAMETERPROB, ICMP6_PARAM_PROB, PING_ANY_PEER, PING_FOREIGN,
	  "an error about nothing we asked: counted and passed" },
	/* ... and one for each. */
	{ ICMP_ECHOREPLY, ICMP6_ECHO_REPLY, 0, PING_TAKE, "an answer: taken" },
	{ ICMP_ECHOREPLY, ICMP6_ECHO_REPLY, PING_ANY_ID, PING_FOREIGN,
	  "an answer to another: counted and passed" },
	{ ICMP_ECHOREPLY, ICMP6_ECHO_REPLY, PING_CUT, PING_DAMAGED,
	  "a message cut short: counted and passed" },
	{ ICMP_DEST_UNREACH, ICMP6_DST_UNREACH, 0, PING_TAKE, "an error about a request: taken" },
	{ ICMP_TIME_EXCEEDED, ICMP6_TIME_EXCEEDED, 0, PING_TAKE,
	  "an error about a request: taken" },
	{ ICMP_PARAMETERPROB, ICMP6_PARAM_PROB, 0, PING_TAKE, "an error about a request: taken" },
	/* With ICMP a packet too big is a code of the unreachable. */
	{ ICMP_DEST_UNREACH, ICMP6_PACKET_TOO_BIG, 0, PING_TAKE,
	  "an error about a request: taken" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
#define COMMON_KINDS 4 /* the first ones: for all targets */

static size_t kinds_of(const struct ping *ping)
{
	return ping->family == AF_INET6 ? KINDS : KINDS - 1;
}

static void make_key(const struct ping *ping, const struct kind *kind, const struct target *target,
		     struct ping_rule *rule)
{
	bool six = ping->family == AF_INET6;

	memset(rule, 0, sizeof(*rule));
	rule->protocol = six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	rule->type = six ? kind->type6 : kind->type4;
	rule->any = kind->any;
	if (!(kind->any & (PING_ANY_ID | PING_CUT)))
		rule->id = htons(ping->id);
	if (kind->any & PING_ANY_PEER)
		return;
	if (six)
		rule->peer = target->ends.dst.v6;
	else
		rule->peer.s6_addr32[0] = target->ends.dst.v4.s_addr;
}

int rules_prepare(const struct ping *ping, const struct attach *at)
{
	return maps_resize(at->obj, at->path, "ping_rule_map",
			   (unsigned int)(KINDS * ping->n_active + COMMON_KINDS));
}

static void print_rule(const struct ping *ping, const struct ping_rule *rule,
		       const struct kind *kind, const struct target *target)
{
	char id[8] = "any";

	if (!(rule->any & (PING_ANY_ID | PING_CUT)))
		snprintf(id, sizeof(id), "%u", ntohs(rule->id));
	pr_info("rule: %s type %u, id %s, peer %s: %s",
		ping->family == AF_INET6 ? "ICMPv6" : "ICMP", rule->type, id,
		rule->any & PING_ANY_PEER ? "any" : target->text, kind->text);
}

static int enter_rule(const struct ping *ping, int fd, const struct kind *kind, unsigned int number)
{
	const struct target *target = ping->active[number];
	struct ping_hit hit = { .action = kind->action, .target = number };
	struct ping_rule rule;

	make_key(ping, kind, target, &rule);
	if (bpf_map_update_elem(fd, &rule, &hit, BPF_ANY)) {
		pr_err("cannot enter a rule in 'ping_rule_map': %s", strerror(errno));
		return -ENOEXEC;
	}
	if (ping->opts->debug)
		print_rule(ping, &rule, kind, target);
	return 0;
}

int rules_enter(const struct ping *ping, const struct bpf_object *obj)
{
	int fd = maps_find(obj, "ping_rule_map"), err = 0;
	unsigned int i;
	size_t kind;

	if (fd < 0)
		return -ENOEXEC;
	for (kind = 0; !err && kind < COMMON_KINDS; kind++)
		err = enter_rule(ping, fd, &kinds[kind], 0);
	for (i = 0; !err && i < ping->n_active; i++)
		for (kind = COMMON_KINDS; !err && kind < kinds_of(ping); kind++)
			err = enter_rule(ping, fd, &kinds[kind], i);
	return err;
}

/* What one rule has counted. */
static uint64_t packets_of(const struct ping *ping, int fd, const struct kind *kind,
			   unsigned int number)
{
	struct ping_hit hit = { 0 };
	struct ping_rule rule;

	make_key(ping, kind, ping->active[number], &rule);
	return bpf_map_lookup_elem(fd, &rule, &hit) ? 0 : hit.packets;
}

uint64_t rules_collect(const struct ping *ping, const struct bpf_object *obj)
{
	int fd = maps_find(obj, "ping_rule_map");
	uint64_t without_socket = 0, packets;
	struct ping_counts *counts;
	unsigned int i;
	size_t kind;

	if (fd < 0)
		return 0;
	for (kind = 0; kind < kinds_of(ping); kind++) {
		for (i = 0; i < (kind < COMMON_KINDS ? 1 : ping->n_active); i++) {
			packets = packets_of(ping, fd, &kinds[kind], i);
			counts = &ping->active[i]->counts;
			if (kinds[kind].action == PING_FOREIGN)
				counts->foreign += packets;
			else if (kinds[kind].action == PING_DAMAGED)
				counts->damaged += packets;
			else
				without_socket += packets;
		}
	}
	return without_socket;
}
