// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A line for each answer. */
#include <stdio.h>

#include "json.h"
#include "log.h"
#include "show.h"
#include "stats.h"

#define US 1e3
#define MS 1e6

const char *show_time(double ns, char *text)
{
	double ms = ns / MS;
	int places = ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3;

	snprintf(text, SHOW_TIME, "%.*f", places, ms);
	return text;
}

int show_begin(const struct ping *ping)
{
	const struct target *first = ping->asked[0];
	char src[ADDR_TEXT];

	if (ping->opts->json || !log_shows(LOG_LEVEL_INFO))
		return 0;
	addr_to_str(&first->ends.src, src);
	if (ping->count > 1)
		printf("PING %u of %u addresses", ping->n_asked, ping->count);
	else
		printf("PING %s (%s)", first->name ? first->name : first->text, first->text);
	printf(" from %s %s: %u data bytes, id %u, %s\n", src, ping->dev.name, ping->opts->size,
	       ping->id, ping->mode);
	return output_flush();
}

static const char *result_of(enum reply_kind kind, enum history_answer answer)
{
	switch (kind) {
	case REPLY_GOOD:
		return answer == HISTORY_FIRST	   ? "received" :
		       answer == HISTORY_DUPLICATE ? "duplicate" :
						     "late";
	case REPLY_DAMAGED:
		return "damaged";
	case REPLY_FOREIGN:
		return "foreign";
	default:
		return "error";
	}
}

static void print_json(const struct ping *ping, const struct reply *reply, enum reply_kind kind,
		       enum history_answer answer, uint64_t ns)
{
	char from[ADDR_TEXT];

	stats_json_begin(ping->dev.name, monotonic_now() - ping->first);
	printf("\"from\": \"%s\", \"icmp_seq\": %u, \"ttl\": %u, "
	       "\"bytes\": %zu, \"result\": \"%s\"",
	       addr_to_str(&reply->packet.src, from), reply->sequence, reply->packet.hops,
	       reply->packet.len, result_of(kind, answer));
	if (kind == REPLY_GOOD && ns)
		printf(", \"rtt_us\": %.3f", (double)ns / US);
	if (kind == REPLY_ERROR)
		printf(", \"type\": %u, \"code\": %u, \"error\": \"%s\"", reply->type, reply->code,
		       show_trouble_name(ping->family, reply->type, reply->code));
	if (reply->wrong)
		printf(", \"wrong\": \"%s\"", reply->wrong);
	printf("}\n");
}

static void print_line(const struct reply *reply, enum reply_kind kind, enum history_answer answer,
		       uint64_t ns)
{
	char from[ADDR_TEXT], time[SHOW_TIME];

	printf("%zu bytes from %s: icmp_seq=%u ttl=%u", reply->packet.len,
	       addr_to_str(&reply->packet.src, from), reply->sequence, reply->packet.hops);
	if (kind == REPLY_GOOD && ns)
		printf(" time=%s ms", show_time((double)ns, time));
	if (kind == REPLY_GOOD && answer == HISTORY_DUPLICATE)
		printf(" (DUP!)");
	if (kind == REPLY_GOOD && answer == HISTORY_LATE)
		printf(" (late)");
	if (reply->wrong)
		printf(" (%s: %s)", result_of(kind, answer), reply->wrong);
	printf("\n");
}

int show_reply(const struct ping *ping, const struct reply *reply, enum reply_kind kind,
	       enum history_answer answer, uint64_t ns)
{
	if (!ping_has_lines(ping))
		return 0;
	if (ping->opts->json)
		print_json(ping, reply, kind, answer, ns);
	else if (kind != REPLY_ERROR && log_shows(LOG_LEVEL_INFO))
		print_line(reply, kind, answer, ns);
	return output_flush();
}

static const char *mac_text(const struct netif_mac *mac, char *text)
{
	const unsigned char *at = mac->addr;

	snprintf(text, SHOW_TIME, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2], at[3],
		 at[4], at[5]);
	return text;
}

void show_packet(const struct ping *ping, const struct reply *reply)
{
	const struct packet *packet = &reply->packet;
	char from[SHOW_TIME], to[SHOW_TIME], src[ADDR_TEXT], dst[ADDR_TEXT];
	const unsigned char *icmp = packet->body;

	pr_info("packet: Ethernet %s > %s, %s %s > %s, %s %u, %zu bytes",
		mac_text(&packet->src_mac, from), mac_text(&packet->dst_mac, to),
		ping->family == AF_INET6 ? "IPv6" : "IPv4", addr_to_str(&packet->src, src),
		addr_to_str(&packet->dst, dst), ping->family == AF_INET6 ? "hop limit" : "TTL",
		packet->hops, packet->len);
	if (packet->len >= PACKET_ECHO_HEAD)
		pr_info("packet: %s type %u, code %u, checksum 0x%02x%02x, id %u, sequence %u%s%s",
			ping->family == AF_INET6 ? "ICMPv6" : "ICMP", icmp[0], icmp[1], icmp[2],
			icmp[3], icmp[4] << 8 | icmp[5], icmp[6] << 8 | icmp[7],
			reply->wrong ? ": " : "", reply->wrong ? reply->wrong : "");
}
