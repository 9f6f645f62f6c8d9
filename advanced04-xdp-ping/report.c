// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What is printed: the names of ICMP errors, a line for each packet, and the
 * statistics in the end, as text and as JSON.
 */
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "hist.h"
#include "json.h"
#include "log.h"
#include "report.h"
#include "stats.h"

#define US 1e3
#define MS 1e6
#define BAR 40 /* columns */
#define TIME_TEXT 32

/* Milliseconds as ping(8) writes them. Returns @text (TIME_TEXT bytes). */
static const char *time_to_str(double ns, char *text)
{
	double ms = ns / MS;
	int places = ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3;

	snprintf(text, TIME_TEXT, "%.*f", places, ms);
	return text;
}

static double share(double part, double all)
{
	return all > 0 ? part / all : 0;
}

/* The time (ns) that @share (0 to 1) of all answers took at most. */
static double percentile(const struct ping *ping, const struct ping_counts *sum, double share)
{
	double ns = hist_percentile(&ping->hist, share);

	/* The middle of a bucket may lie beyond the times in it. */
	if (ns < (double)sum->min)
		return (double)sum->min;
	return ns < (double)sum->max ? ns : (double)sum->max;
}

static void json_count(struct json *json, const char *name, uint64_t count)
{
	json_member(json, name, "%llu", (unsigned long long)count);
}

static void json_time(struct json *json, const char *name, double ns)
{
	json_member(json, name, "%.3f", ns / US);
}

/* ICMP errors: what they mean (RFC 792, RFC 1812, RFC 4443), in the words of ping(8). */

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

static const char *code_name(const char *const names[], size_t count, uint8_t code)
{
	return code < count ? names[code] : "Destination unreachable";
}

#define CODE_NAME(names, code) code_name(names, sizeof(names) / sizeof((names)[0]), code)

static const char *icmp4_name(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
		return CODE_NAME(unreachable4, code);
	case ICMP_TIME_EXCEEDED:
		return code ? "Frag reassembly time exceeded" : "Time to live exceeded";
	case ICMP_PARAMETERPROB:
		return "Parameter problem";
	}
	return "Unknown error";
}

static const char *icmp6_name(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP6_DST_UNREACH:
		return CODE_NAME(unreachable6, code);
	case ICMP6_PACKET_TOO_BIG:
		return "Packet too big";
	case ICMP6_TIME_EXCEEDED:
		return code ? "Time exceeded: Defragmentation failure" : "Time exceeded: Hop limit";
	case ICMP6_PARAM_PROB:
		return "Parameter problem";
	}
	return "Unknown error";
}

static const char *icmp_error_name(const struct ping *ping, uint8_t type, uint8_t code)
{
	return ping->family == AF_INET6 ? icmp6_name(type, code) : icmp4_name(type, code);
}

static void count_icmp_error(struct ping *ping, const struct netif_addr *from, uint8_t type,
			     uint8_t code)
{
	struct icmp_error *at;

	for (at = ping->icmp_errors; at < ping->icmp_errors + ICMP_ERRORS_MAX; at++) {
		if (!at->count)
			*at = (struct icmp_error){ .from = *from, .type = type, .code = code };
		if (at->type != type || at->code != code || memcmp(&at->from, from, sizeof(*from)))
			continue;
		at->count++;
		return;
	}
	/* More kinds than that: the targets' counts have all errors. */
}

void report_icmp_error(struct ping *ping, const struct netif_addr *from, uint8_t type, uint8_t code,
		       uint16_t sequence)
{
	char text[ADDR_TEXT];

	count_icmp_error(ping, from, type, code);
	if (ping->opts->flood || ping_rate(ping) > PING_LINES_MAX || ping->opts->json ||
	    !log_shows(LOG_LEVEL_INFO))
		return;
	printf("From %s icmp_seq=%u %s\n", addr_to_str(from, text), sequence,
	       icmp_error_name(ping, type, code));
}

/* While it runs. */

int report_begin(const struct ping *ping)
{
	const struct target *first = ping->active[0];
	char src[ADDR_TEXT];

	if (ping->opts->json || !log_shows(LOG_LEVEL_INFO))
		return 0;
	if (ping->count > 1)
		printf("PING %u of %u addresses", ping->n_active, ping->count);
	else
		printf("PING %s (%s)", first->name ? first->name : first->text, first->text);
	printf(" from %s %s: %u data bytes, id %u, %s\n", addr_to_str(&first->ends.src, src),
	       ping->dev.name, ping->opts->size, ping->id, ping->mode);
	return output_flush();
}

static const char *result_name(enum reply_kind kind, enum history_answer answer)
{
	static const char *const answers[] = {
		[HISTORY_FIRST] = "received",
		[HISTORY_DUPLICATE] = "duplicate",
		[HISTORY_LATE] = "late",
	};
	static const char *const kinds[] = {
		[REPLY_DAMAGED] = "damaged",
		[REPLY_FOREIGN] = "foreign",
		[REPLY_ERROR] = "error",
	};

	return kind == REPLY_GOOD ? answers[answer] : kinds[kind];
}

static void print_reply_json(const struct ping *ping, const struct reply *reply,
			     enum reply_kind kind, enum history_answer answer, uint64_t ns)
{
	struct json json = { .out = stdout };
	char from[ADDR_TEXT];

	stats_json_open(&json, ping->dev.name, monotonic_now() - ping->first);
	json_text(&json, "from", addr_to_str(&reply->packet.src, from));
	json_member(&json, "icmp_seq", "%u", reply->sequence);
	json_member(&json, "ttl", "%u", reply->packet.hops);
	json_member(&json, "bytes", "%zu", reply->packet.len);
	json_text(&json, "result", result_name(kind, answer));
	if (kind == REPLY_GOOD && ns)
		json_time(&json, "rtt_us", (double)ns);
	if (kind == REPLY_ERROR) {
		json_member(&json, "type", "%u", reply->type);
		json_member(&json, "code", "%u", reply->code);
		json_text(&json, "error", icmp_error_name(ping, reply->type, reply->code));
	}
	if (reply->wrong)
		json_text(&json, "wrong", reply->wrong);
	json_close(&json);
}

static void print_reply(const struct reply *reply, enum reply_kind kind, enum history_answer answer,
			uint64_t ns)
{
	char from[ADDR_TEXT], time[TIME_TEXT];

	printf("%zu bytes from %s: icmp_seq=%u ttl=%u", reply->packet.len,
	       addr_to_str(&reply->packet.src, from), reply->sequence, reply->packet.hops);
	if (kind == REPLY_GOOD && ns)
		printf(" time=%s ms", time_to_str((double)ns, time));
	if (kind == REPLY_GOOD && answer == HISTORY_DUPLICATE)
		printf(" (DUP!)");
	if (kind == REPLY_GOOD && answer == HISTORY_LATE)
		printf(" (late)");
	if (reply->wrong)
		printf(" (%s: %s)", result_name(kind, answer), reply->wrong);
	printf("\n");
}

/* --debug: the header fields. */
static void print_packet(const struct ping *ping, const struct reply *reply)
{
	const struct packet *packet = &reply->packet;
	char from[MAC_TEXT], to[MAC_TEXT], src[ADDR_TEXT], dst[ADDR_TEXT];
	const unsigned char *icmp = packet->body;
	bool six = ping->family == AF_INET6;
	char id[16] = "";

	if (!six)
		snprintf(id, sizeof(id), ", id %u", packet->id);
	pr_info("packet: Ethernet %s > %s, EtherType 0x%04x",
		mac_to_str(packet->src_mac.addr, from), mac_to_str(packet->dst_mac.addr, to),
		packet->ethertype);
	pr_info("packet: %s %s > %s%s, length %u, %s %u, %s %u, %zu bytes", six ? "IPv6" : "IPv4",
		addr_to_str(&packet->src, src), addr_to_str(&packet->dst, dst), id, packet->length,
		six ? "hop limit" : "TTL", packet->hops, six ? "next header" : "protocol",
		packet->protocol, packet->len);
	if (packet->len >= PACKET_ECHO_HEAD)
		pr_info("packet: %s type %u, code %u, checksum 0x%02x%02x, id %u, sequence %u%s%s",
			six ? "ICMPv6" : "ICMP", icmp[0], icmp[1], icmp[2], icmp[3],
			icmp[4] << 8 | icmp[5], icmp[6] << 8 | icmp[7], reply->wrong ? ": " : "",
			reply->wrong ? reply->wrong : "");
}

/* Whether there is a line for each answer. */
static bool has_lines(const struct ping *ping)
{
	const struct ping_opts *opts = ping->opts;

	return !opts->live && !opts->flood && !opts->sweeps.count &&
	       ping_rate(ping) <= PING_LINES_MAX;
}

int report_reply(const struct ping *ping, const struct reply *reply, enum reply_kind kind,
		 enum history_answer answer, uint64_t ns)
{
	if (ping->opts->debug)
		print_packet(ping, reply);
	if (!has_lines(ping))
		return 0;
	if (ping->opts->json)
		print_reply_json(ping, reply, kind, answer, ns);
	else if (kind != REPLY_ERROR && log_shows(LOG_LEVEL_INFO))
		print_reply(reply, kind, answer, ns);
	return output_flush();
}

/* The statistics as text. */

/* As ping(8) prints them, so that what reads its output can read this. */
static void print_counts(const struct ping *ping, const struct ping_counts *sum)
{
	double seconds = ping->last - ping->first;
	double lost = 100 * (1 - share((double)sum->received, (double)ping->sent));

	printf("%llu packets transmitted, %llu received", (unsigned long long)ping->sent,
	       (unsigned long long)sum->received);
	if (sum->duplicates)
		printf(", +%llu duplicates", (unsigned long long)sum->duplicates);
	if (sum->damaged)
		printf(", +%llu corrupted", (unsigned long long)sum->damaged);
	if (sum->errors)
		printf(", +%llu errors", (unsigned long long)sum->errors);
	printf(", %g%% packet loss, time %.0fms\n", ping->sent ? (double)(float)lost : 0,
	       1e3 * seconds);
	printf("duplicates %llu, late %llu, damaged %llu, foreign %llu, errors %llu\n",
	       (unsigned long long)sum->duplicates, (unsigned long long)sum->late,
	       (unsigned long long)sum->damaged, (unsigned long long)sum->foreign,
	       (unsigned long long)sum->errors);
	if (sum->received && seconds > 0)
		printf("%.0f requests and %.0f answers a second\n", (double)ping->sent / seconds,
		       (double)sum->received / seconds);
}

static void print_icmp_errors(const struct ping *ping)
{
	const struct icmp_error *at = ping->icmp_errors;
	char from[ADDR_TEXT];

	for (; at < ping->icmp_errors + ICMP_ERRORS_MAX && at->count; at++)
		printf("%llu times from %s: %s\n", (unsigned long long)at->count,
		       addr_to_str(&at->from, from), icmp_error_name(ping, at->type, at->code));
}

static void print_times(const struct ping *ping, const struct ping_counts *sum)
{
	printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", (double)sum->min / MS,
	       share((double)sum->sum, (double)sum->received) / MS, (double)sum->max / MS,
	       hist_deviation(&ping->hist) / MS);
	printf("rtt p50/p90/p99/max = %.1f/%.1f/%.1f/%.1f us\n", percentile(ping, sum, 0.5) / US,
	       percentile(ping, sum, 0.9) / US, percentile(ping, sum, 0.99) / US,
	       (double)sum->max / US);
}

static void print_histogram(const struct ping *ping)
{
	static const char bar[BAR + 1] = "########################################";
	struct hist_row rows[HIST_ROWS];
	unsigned int i, n = hist_rows(&ping->hist, rows);
	double most = 0;

	for (i = 0; i < n; i++)
		if ((double)rows[i].count > most)
			most = (double)rows[i].count;
	for (i = 0; i < n; i++)
		printf("%11.1f us to %11.1f us %12llu %.*s\n", rows[i].from / US, rows[i].to / US,
		       rows[i].count, (int)(BAR * (double)rows[i].count / most + 0.5), bar);
}

static void print_row(const struct target *target)
{
	const struct ping_counts *c = &target->counts;
	char min[TIME_TEXT], avg[TIME_TEXT], max[TIME_TEXT];

	printf("%-39s %8llu %8llu %5.1f%% %5llu %5llu %7llu %7llu %6llu", target->text,
	       (unsigned long long)target->sent, (unsigned long long)c->received,
	       100 * (1 - share((double)c->received, (double)target->sent)),
	       (unsigned long long)c->duplicates, (unsigned long long)c->late,
	       (unsigned long long)c->damaged, (unsigned long long)c->foreign,
	       (unsigned long long)c->errors);
	if (c->received)
		printf(" %s/%s/%s", time_to_str((double)c->min, min),
		       time_to_str((double)c->sum / (double)c->received, avg),
		       time_to_str((double)c->max, max));
	printf("\n");
}

/* Targets named one by one, and those of a sweep from which something came. */
static void print_table(const struct ping *ping)
{
	const struct target *target;
	unsigned int there = 0, local = 0, i;

	printf("%-39s %8s %8s %6s %5s %5s %7s %7s %6s %s\n", "address", "sent", "received", "loss",
	       "dup", "late", "damaged", "foreign", "errors", "min/avg/max ms");
	for (i = 0; i < ping->count; i++) {
		target = &ping->targets[i];
		there += target->counts.received > 0;
		local += target->local;
		if (target->name || target->counts.received || target->counts.errors ||
		    target->counts.damaged)
			print_row(target);
	}
	printf("%u of %u addresses have answered", there, ping->count);
	if (ping->n_active + local < ping->count)
		printf(", %u were not asked: nobody has them on the link",
		       ping->count - ping->n_active - local);
	if (local)
		printf(", own: %u", local);
	printf("\n");
}

static void print_text(const struct ping *ping, const struct ping_counts *sum)
{
	const struct target *first = &ping->targets[0];

	if (ping->count > 1)
		printf("\n--- %u addresses ping statistics ---\n", ping->count);
	else
		printf("\n--- %s ping statistics ---\n", first->name ? first->name : first->text);
	print_counts(ping, sum);
	print_icmp_errors(ping);
	if (sum->received) {
		print_times(ping, sum);
		print_histogram(ping);
	}
	if (ping->count > 1)
		print_table(ping);
}

/* The statistics as JSON. */

static void json_counts(struct json *json, uint64_t sent, const struct ping_counts *c)
{
	json_count(json, "transmitted", sent);
	json_count(json, "received", c->received);
	json_count(json, "duplicates", c->duplicates);
	json_count(json, "late", c->late);
	json_count(json, "damaged", c->damaged);
	json_count(json, "foreign", c->foreign);
	json_count(json, "errors", c->errors);
	if (sent)
		json_member(json, "loss_percent", "%.6g",
			    100 * (1 - (double)c->received / (double)sent));
}

/* Begins the object of round trip times, which more may be added to. */
static void json_open_times(struct json *json, const struct ping_counts *c)
{
	json_open(json, "rtt_us", '{');
	json_time(json, "min", (double)c->min);
	json_time(json, "avg", (double)c->sum / (double)c->received);
	json_time(json, "max", (double)c->max);
}

static void json_times(struct json *json, const struct ping *ping, const struct ping_counts *sum)
{
	struct hist_row rows[HIST_ROWS];
	unsigned int i, n = hist_rows(&ping->hist, rows);

	json_open_times(json, sum);
	json_time(json, "mdev", hist_deviation(&ping->hist));
	json_time(json, "p50", percentile(ping, sum, 0.5));
	json_time(json, "p90", percentile(ping, sum, 0.9));
	json_time(json, "p99", percentile(ping, sum, 0.99));
	json_close(json);
	json_open(json, "histogram", '[');
	for (i = 0; i < n; i++) {
		json_open(json, NULL, '{');
		json_time(json, "from_us", rows[i].from);
		json_time(json, "to_us", rows[i].to);
		json_count(json, "packets", rows[i].count);
		json_close(json);
	}
	json_close(json);
}

static void json_icmp_errors(struct json *json, const struct ping *ping)
{
	const struct icmp_error *at = ping->icmp_errors;
	char from[ADDR_TEXT];

	if (!at->count)
		return;
	json_open(json, "troubles", '[');
	for (; at < ping->icmp_errors + ICMP_ERRORS_MAX && at->count; at++) {
		json_open(json, NULL, '{');
		json_text(json, "from", addr_to_str(&at->from, from));
		json_member(json, "type", "%u", at->type);
		json_member(json, "code", "%u", at->code);
		json_text(json, "error", icmp_error_name(ping, at->type, at->code));
		json_count(json, "packets", at->count);
		json_close(json);
	}
	json_close(json);
}

static void json_target(struct json *json, const struct target *target)
{
	json_open(json, NULL, '{');
	json_text(json, "address", target->text);
	json_member(json, "asked", "%s", target->active ? "true" : "false");
	json_counts(json, target->sent, &target->counts);
	if (target->counts.received) {
		json_open_times(json, &target->counts);
		json_close(json);
	}
	json_close(json);
}

static void print_json(const struct ping *ping, const struct ping_counts *sum)
{
	double seconds = ping->last - ping->first;
	struct json json = { .out = stdout };
	unsigned int i;

	stats_json_open(&json, ping->dev.name, seconds);
	json_text(&json, "engine", ping->opts->engine);
	json_counts(&json, ping->sent, sum);
	if (seconds > 0)
		json_member(&json, "pps", "%.1f", (double)ping->sent / seconds);
	if (sum->received)
		json_times(&json, ping, sum);
	json_icmp_errors(&json, ping);
	json_open(&json, "targets", '[');
	for (i = 0; i < ping->count; i++)
		json_target(&json, &ping->targets[i]);
	json_close(&json);
	json_close(&json);
}

int report_end(const struct ping *ping)
{
	struct ping_counts sum;

	ping_sum(ping, &sum);
	if (ping->opts->json)
		print_json(ping, &sum);
	else
		print_text(ping, &sum);
	return output_flush();
}
