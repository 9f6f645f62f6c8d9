// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets, lost lines and the sum, for people and as JSON. */
#include <stdio.h>
#include <time.h>

#include "ethertype.h"
#include "json.h"
#include "log.h"
#include "show.h"

#define NS_PER_MS 1000000
#define MAC_FORMAT "%02x:%02x:%02x:%02x:%02x:%02x"
#define MAC_BYTES(m) m[0], m[1], m[2], m[3], m[4], m[5]

/* {"time": .., "ifname": .. */
static void json_begin(const struct show *show)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	printf("{\"time\": %lld.%03ld, \"ifname\": ", (long long)now.tv_sec,
	       now.tv_nsec / NS_PER_MS);
	json_string(stdout, show->opts->dev.name);
}

static void json_packet(const struct show *show, const struct line_packet *packet, const char *name)
{
	json_begin(show);
	printf(", \"src\": \"" MAC_FORMAT "\", \"dst\": \"" MAC_FORMAT "\"",
	       MAC_BYTES(packet->source), MAC_BYTES(packet->dest));
	printf(", \"proto\": %u, \"name\": ", packet->type);
	if (name)
		json_string(stdout, name);
	else
		printf("null");
	printf("}\n");
}

void show_packet(struct show *show, const struct line_packet *packet)
{
	const char *name = ethertype_name(packet->type);

	show->packets++;
	if (show->opts->json)
		json_packet(show, packet, name);
	else if (log_shows(LOG_LEVEL_INFO))
		printf("src: " MAC_FORMAT " dst: " MAC_FORMAT " proto: 0x%04x (%s)\n",
		       MAC_BYTES(packet->source), MAC_BYTES(packet->dest), packet->type,
		       name ? name : "unknown");
}

void show_lost(struct show *show, unsigned long long lost)
{
	unsigned long long more = lost - show->lost;

	if (lost <= show->lost)
		return;
	show->lost = lost;
	if (show->opts->json) {
		json_begin(show);
		printf(", \"lost\": %llu}\n", more);
	} else if (log_shows(LOG_LEVEL_INFO)) {
		printf("lost: %llu lines\n", more);
	}
}

int show_end(const struct show *show)
{
	if (show->opts->json) {
		json_begin(show);
		printf(", \"packets\": %llu, \"lost\": %llu, \"total\": true}\n", show->packets,
		       show->lost);
	} else if (log_shows(LOG_LEVEL_INFO)) {
		printf("%llu packets, %llu lines lost\n", show->packets, show->lost);
	}
	return output_flush();
}
