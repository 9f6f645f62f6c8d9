// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Attach xdp_prog_simple, and show what it prints, until a signal or an option ends it: packets,
 * lost lines and the sum, as text or as JSON.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "attach.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "netif.h"
#include "options.h"
#include "rodata.h"
#include "signals.h"
#include "source.h"
#include "stats.h"

#define IDLE 0.02 /* seconds: the buffer has room for the lines of so long */
#define CHECK 0.2
#define BATCH 256 /* lines between two looks at the clock */
#define REST_MAX 2.0 /* others may print without an end */

struct print_opts {
	struct netif dev;
	struct attach_opts attach;
	bool global_pipe; /* the machine's, and no instance */
	unsigned int count; /* packets; 0: no end */
	double duration; /* seconds; 0: no end */
	bool json;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct print_opts, dev),
	OPTIONS_MODE(struct print_opts, attach),
	OPTIONS_UNLOAD(struct print_opts, attach),
	OPTIONS_OBJECT(struct print_opts, attach),
	OPTION("global-pipe", 'g', NULL, OPTION_FLAG, struct print_opts, global_pipe,
	       "read the trace pipe that all programs share, not a copy of our lines"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct print_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct print_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX, "stop after this time"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct print_opts, json,
	       "print one JSON object a line instead of the text"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Attach a program that prints the Ethernet header of each packet with\n"
		   "bpf_printk, and show its lines decoded, until --count, --duration or a\n"
		   "signal; then detach it. With -v each line is shown as it came, too.",
	.options = options,
};

/* The EtherTypes that one meets, of the list that the IEEE keeps. */
/* clang-format off */
static const struct {
	__u16 type;
	const char *name;
} names[] = {
	{ ETH_P_IP, "IPv4" },
	{ ETH_P_ARP, "ARP" },
	{ 0x0842, "Wake-on-LAN" },
	{ ETH_P_TSN, "AVTP" },
	{ ETH_P_TEB, "bridged Ethernet" },
	{ ETH_P_RARP, "RARP" },
	{ ETH_P_ATALK, "AppleTalk" },
	{ ETH_P_8021Q, "802.1Q" },
	{ ETH_P_IPX, "IPX" },
	{ ETH_P_IPV6, "IPv6" },
	{ ETH_P_PAUSE, "pause" },
	{ ETH_P_SLOW, "LACP" },
	{ ETH_P_MPLS_UC, "MPLS" },
	{ ETH_P_MPLS_MC, "MPLS multicast" },
	{ ETH_P_PPP_DISC, "PPPoE discovery" },
	{ ETH_P_PPP_SES, "PPPoE" },
	{ ETH_P_PAE, "EAPOL" },
	{ ETH_P_PROFINET, "PROFINET" },
	{ ETH_P_AOE, "AoE" },
	{ ETH_P_ETHERCAT, "EtherCAT" },
	{ ETH_P_8021AD, "802.1ad" },
	{ ETH_P_ERSPAN, "ERSPAN" },
	{ ETH_P_TIPC, "TIPC" },
	{ ETH_P_LLDP, "LLDP" },
	{ ETH_P_MRP, "MRP" },
	{ ETH_P_MACSEC, "MACsec" },
	{ ETH_P_8021AH, "802.1ah" },
	{ ETH_P_MVRP, "MVRP" },
	{ ETH_P_1588, "PTP" },
	{ ETH_P_PRP, "PRP" },
	{ ETH_P_CFM, "CFM" },
	{ ETH_P_FCOE, "FCoE" },
	{ ETH_P_IBOE, "RoCE" },
	{ ETH_P_HSR, "HSR" },
	{ ETH_P_NSH, "NSH" },
	{ ETH_P_LOOPBACK, "loopback" },
	{ ETH_P_QINQ1, "QinQ" },
};
/* clang-format on */

/*
 * What the EtherType @type stands for, or NULL where it has no usual name. Numbers below 1536 are
 * none: up to 1500 they are the length of a frame of IEEE 802.3.
 */
static const char *ethertype_name(__u16 type)
{
	size_t i;

	if (type <= ETH_DATA_LEN)
		return "length";
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

struct show {
	const struct print_opts *opts;
	unsigned long long packets, lost; /* lines: shown, and not to be had */
};

/* {"time": .., "ifname": .. */
static void begin_json(struct json *json, const struct show *show)
{
	*json = (struct json){ .out = stdout };
	json_open(json, NULL, '{');
	json_member(json, "time", "%.3f", (double)(wall_clock_ns() / 1000000) / 1e3);
	json_text(json, "ifname", show->opts->dev.name);
}

static void show_packet(struct show *show, const struct line_packet *packet)
{
	const char *name = ethertype_name(packet->type);
	char source[MAC_TEXT], dest[MAC_TEXT];
	struct json json;

	show->packets++;
	mac_to_str(packet->source, source);
	mac_to_str(packet->dest, dest);
	if (show->opts->json) {
		begin_json(&json, show);
		json_text(&json, "src", source);
		json_text(&json, "dst", dest);
		json_member(&json, "proto", "%u", packet->type);
		if (name)
			json_text(&json, "name", name);
		else
			json_member(&json, "name", "null");
		json_close(&json);
	} else if (log_shows(LOG_LEVEL_INFO)) {
		printf("src: %s dst: %s proto: 0x%04x (%s)\n", source, dest, packet->type,
		       name ? name : "unknown");
	}
}

/* There are @lost lost lines by now. */
static void show_lost(struct show *show, unsigned long long lost)
{
	unsigned long long more = lost - show->lost;
	struct json json;

	if (lost <= show->lost)
		return;
	show->lost = lost;
	if (show->opts->json) {
		begin_json(&json, show);
		json_member(&json, "lost", "%llu", more);
		json_close(&json);
	} else if (log_shows(LOG_LEVEL_INFO)) {
		printf("lost: %llu lines\n", more);
	}
}

static void show_sum(const struct show *show)
{
	struct json json;

	if (show->opts->json) {
		begin_json(&json, show);
		json_member(&json, "packets", "%llu", show->packets);
		json_member(&json, "lost", "%llu", show->lost);
		json_member(&json, "total", "true");
		json_close(&json);
	} else if (log_shows(LOG_LEVEL_INFO)) {
		printf("%llu packets, %llu lines lost\n", show->packets, show->lost);
	}
}

static bool is_complete(const struct show *show)
{
	return show->opts->count && show->packets >= show->opts->count;
}

/* Show what is there, a batch at most. Returns how many lines, or -errno. */
static int show_lines(struct show *show, struct source *source)
{
	struct line_packet packet;
	const char *line = NULL;
	int lines, err = 0;

	for (lines = 0; lines < BATCH && !is_complete(show); lines++) {
		err = source_next(source, &line);
		if (err || !line)
			break;
		if (line_read(line, source->tag, &packet)) {
			pr_debug("line: %s", line);
			show_packet(show, &packet);
		} else if (line_tells_loss(line)) {
			show_lost(show, source_lost(source));
		}
	}
	if (!err && lines)
		err = output_flush();
	return err ? err : lines;
}

/* Without packets nothing is printed, which would fail. */
static int check_output(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (poll(&out, 1, 0) <= 0 || !(out.revents & POLLERR))
		return 0;
	pr_err("cannot write to standard output: %s", strerror(EPIPE));
	return -EPIPE;
}

/*
 * Show what comes, until a signal or an option ends it. Returns 0; or, after one error line, what
 * attach_check(), source_next() or output_flush() did, and -EPIPE when nobody reads standard output
 * any more.
 */
static int show_until_end(struct show *show, struct source *source, struct attach *at)
{
	double now = monotonic_now(), check = now, end = now + show->opts->duration;
	int lines, err;

	while (!is_complete(show)) {
		lines = show_lines(show, source);
		if (lines < 0)
			return lines;
		/* Sleep while nothing comes; a signal ends it at once. */
		if (signals_wait(lines ? 0 : IDLE))
			break;
		now = monotonic_now();
		if (show->opts->duration && now >= end)
			break;
		if (now < check + CHECK)
			continue;
		err = check_output();
		if (!err)
			err = attach_check(at);
		if (err)
			return err;
		check = now;
	}
	return 0;
}

/* Show what is left, once the program is detached, and the sum. 0 or -errno. */
static int show_rest(struct show *show, struct source *source)
{
	double end = monotonic_now() + REST_MAX;
	int lines;

	do {
		lines = show_lines(show, source);
		if (lines < 0)
			return lines;
	} while (lines && monotonic_now() < end);
	show_lost(show, source_lost(source));
	show_sum(show);
	return output_flush();
}

int main(int argc, char **argv)
{
	struct print_opts opts = { 0 };
	struct show show = { .opts = &opts };
	struct attach at = { 0 };
	static struct source source;
	sigset_t signals;
	int err, end;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	/* From here on a signal must not end it: there is more to undo. */
	signals_hold(&signals);
	err = attach_open(&at, &opts.attach, "xdp_print_kern.o", "xdp_prog_simple");
	if (!err && opts.attach.list)
		err = attach_print_programs(&at);
	if (err || opts.attach.list)
		goto close;

	/* The lines have to have a reader before the first packet comes. */
	err = source_open(&source, opts.global_pipe);
	if (err)
		goto close;
	err = rodata_set(at.obj, "print_tag", &source.tag, sizeof(source.tag));
	if (!err)
		err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close_source;

	attach_announce(&at);
	err = show_until_end(&show, &source, &at);

	/* A runner leaves the interface as it found it. */
	if (attach_detach(&at) && !err)
		err = -EIO;
	/* What was printed until then is shown, if it can be. */
	end = err == -EPIPE ? 0 : show_rest(&show, &source);
	err = err ? err : end;
close_source:
	source_close(&source);
close:
	attach_close(&at);
	signals_restore(&signals);
	return attach_status(err);
}
