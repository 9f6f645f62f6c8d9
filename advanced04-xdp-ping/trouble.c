// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ICMP errors: their names (RFC 792, RFC 1812, RFC 4443), and how many. */
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "show.h"

static const char *const unreachable4[] = {
	"Destination Net Unreachable",
	"Destination Host Unreachable",
	"Destination Protocol Unreachable",
	"Destination Port Unreachable",
	"Frag needed and DF set",
	"Source Route Failed",
	"Destination Net Unknown",
	"Destination Host Unknown",
	"Source Host Isolated",
	"Destination Net Prohibited",
	"Destination Host Prohibited",
	"Destination Net Unreachable for Type of Service",
	"Destination Host Unreachable for Type of Service",
	"Packet filtered",
	"Precedence Violation",
	"Precedence Cutoff",
};

static const char *const unreachable6[] = {
	"Destination unreachable: No route",
	"Destination unreachable: Administratively prohibited",
	"Destination unreachable: Beyond scope of source address",
	"Destination unreachable: Address unreachable",
	"Destination unreachable: Port unreachable",
	"Destination unreachable: Source address failed policy",
	"Destination unreachable: Reject route",
};

static const char *pick(const char *const names[], size_t count, uint8_t code)
{
	return code < count ? names[code] : "Destination unreachable";
}

#define PICK(names, code) pick(names, sizeof(names) / sizeof((names)[0]), code)

static const char *name4(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
		return PICK(unreachable4, code);
	case ICMP_TIME_EXCEEDED:
		return code ? "Frag reassembly time exceeded" : "Time to live exceeded";
	case ICMP_PARAMETERPROB:
		return "Parameter problem";
	}
	return "Unknown error";
}

static const char *name6(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP6_DST_UNREACH:
		return PICK(unreachable6, code);
	case ICMP6_PACKET_TOO_BIG:
		return "Packet too big";
	case ICMP6_TIME_EXCEEDED:
		return code ? "Time exceeded: Defragmentation failure" : "Time exceeded: Hop limit";
	case ICMP6_PARAM_PROB:
		return "Parameter problem";
	}
	return "Unknown error";
}

const char *show_trouble_name(int family, uint8_t type, uint8_t code)
{
	return family == AF_INET6 ? name6(type, code) : name4(type, code);
}

static void note(struct ping *ping, const struct netif_addr *from, uint8_t type, uint8_t code)
{
	struct ping_trouble *at;

	for (at = ping->troubles; at < ping->troubles + PING_TROUBLES; at++) {
		if (!at->count)
			*at = (struct ping_trouble){ .from = *from, .type = type, .code = code };
		if (at->type != type || at->code != code || memcmp(&at->from, from, sizeof(*from)))
			continue;
		at->count++;
		return;
	}
	/* More kinds than that: all errors are counted elsewhere as well. */
}

void show_trouble(struct ping *ping, const struct netif_addr *from, uint8_t type, uint8_t code,
		  uint16_t sequence)
{
	char text[ADDR_TEXT];

	note(ping, from, type, code);
	if (ping->opts->flood || ping_rate(ping) > PING_LINES_MAX || ping->opts->json ||
	    !log_shows(LOG_LEVEL_INFO))
		return;
	printf("From %s icmp_seq=%u %s\n", addr_to_str(from, text), sequence,
	       show_trouble_name(ping->family, type, code));
}
