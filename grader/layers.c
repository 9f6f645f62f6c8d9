// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A frame read header by header, for people: what it is in one line, and which field a
 * byte belongs to. Every length is checked, as a learner's program may have made it.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>

#include <linux/if_ether.h>

#include "layers.h"

#define ROW 16 /* bytes in a line */
#define TAGS_MAX 8
#define EXTENSIONS_MAX 8

/* Where we are in the frame, and what is written so far. */
struct reader {
	struct layers *layers;
	const __u8 *data;
	__u32 len, at;
};

struct part {
	__u32 len;
	const char *name;
};

static void say(struct layers *layers, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct layers *layers, const char *format, ...)
{
	size_t used = strlen(layers->text);
	va_list args;

	va_start(args, format);
	vsnprintf(layers->text + used, sizeof(layers->text) - used, format, args);
	va_end(args);
}

static __u16 word(const struct reader *reader, __u32 offset)
{
	return (__u16)(reader->data[reader->at + offset] << 8 |
		       reader->data[reader->at + offset + 1]);
}

/* Are @len bytes more there? */
static bool has(const struct reader *reader, __u32 len)
{
	return reader->len - reader->at >= len;
}

/* Name the fields of a header from here on, as far as it is there. */
static void name_parts(struct reader *reader, const char *header, const struct part *part)
{
	struct layers *layers = reader->layers;
	__u32 at = reader->at;

	for (; part->name && layers->count < LAYERS_FIELDS_MAX; part++) {
		if (at + part->len > reader->len)
			return;
		if (*part->name)
			layers->field[layers->count++] = (struct layers_field){
				.offset = at, .len = part->len, .header = header, .name = part->name
			};
		at += part->len;
	}
}

static void name_rest(struct reader *reader, const char *header, const char *name, __u32 len)
{
	struct part part[] = { { len, name }, { 0, NULL } };

	name_parts(reader, header, part);
}

static void read_udp(struct reader *reader)
{
	static const struct part parts[] = { { 2, "source port" },
					     { 2, "destination port" },
					     { 2, "length" },
					     { 2, "checksum" },
					     { 0, NULL } };

	name_parts(reader, "UDP", parts);
	if (!has(reader, 8)) {
		say(reader->layers, ", UDP cut short");
		return;
	}
	say(reader->layers, ", UDP %u > %u with %d bytes of data", word(reader, 0), word(reader, 2),
	    word(reader, 4) - 8);
	reader->at += 8;
	name_rest(reader, "UDP", "data", reader->len - reader->at);
}

static void read_tcp(struct reader *reader)
{
	static const struct part parts[] = {
		{ 2, "source port" },	  { 2, "destination port" },
		{ 4, "sequence number" }, { 4, "acknowledgement number" },
		{ 1, "data offset" },	  { 1, "flags" },
		{ 2, "window" },	  { 2, "checksum" },
		{ 2, "urgent pointer" },  { 0, NULL }
	};

	name_parts(reader, "TCP", parts);
	if (!has(reader, 20)) {
		say(reader->layers, ", TCP cut short");
		return;
	}
	say(reader->layers, ", TCP %u > %u", word(reader, 0), word(reader, 2));
	reader->at += 20;
	name_rest(reader, "TCP", "options or data", reader->len - reader->at);
}

static const char *icmp_name(bool v6, __u8 type)
{
	switch (v6 << 8 | type) {
	case 8:
	case 1 << 8 | 128:
		return "echo request";
	case 0:
	case 1 << 8 | 129:
		return "echo reply";
	case 1 << 8 | 135:
		return "neighbour solicitation";
	case 1 << 8 | 136:
		return "neighbour advertisement";
	default:
		return NULL;
	}
}

static void read_icmp(struct reader *reader, bool v6)
{
	static const struct part parts[] = { { 1, "type" },
					     { 1, "code" },
					     { 2, "checksum" },
					     { 2, "identifier" },
					     { 2, "sequence number" },
					     { 0, NULL } };
	const char *header = v6 ? "ICMPv6" : "ICMP", *name;

	name_parts(reader, header, parts);
	if (!has(reader, 8)) {
		say(reader->layers, ", %s cut short", header);
		return;
	}
	name = icmp_name(v6, reader->data[reader->at]);
	if (name)
		say(reader->layers, ", %s %s %u", header, name, word(reader, 6));
	else
		say(reader->layers, ", %s type %u", header, reader->data[reader->at]);
	reader->at += 8;
	name_rest(reader, header, "data", reader->len - reader->at);
}

static void read_body(struct reader *reader, bool v6, __u8 protocol, bool first_part,
		      bool later_part)
{
	if (first_part)
		say(reader->layers, ", the first fragment");
	if (later_part)
		say(reader->layers, ", a later fragment");
	else if (protocol == IPPROTO_UDP)
		read_udp(reader);
	else if (protocol == IPPROTO_TCP)
		read_tcp(reader);
	else if (protocol == (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		read_icmp(reader, v6);
	else
		say(reader->layers, ", protocol %u", protocol);
}

static void say_addresses(struct reader *reader, int family, __u32 source, __u32 dest)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];

	inet_ntop(family, reader->data + reader->at + source, from, sizeof(from));
	inet_ntop(family, reader->data + reader->at + dest, to, sizeof(to));
	say(reader->layers, "%s %s > %s", family == AF_INET ? "IPv4" : "IPv6", from, to);
}

static void read_ipv4(struct reader *reader)
{
	static const struct part parts[] = { { 1, "version and header length" },
					     { 1, "type of service" },
					     { 2, "total length" },
					     { 2, "identification" },
					     { 2, "flags and fragment offset" },
					     { 1, "TTL" },
					     { 1, "protocol" },
					     { 2, "header checksum" },
					     { 4, "source address" },
					     { 4, "destination address" },
					     { 0, NULL } };
	__u32 len;
	bool first, later;
	__u8 protocol;

	name_parts(reader, "IPv4", parts);
	len = has(reader, 20) ? reader->data[reader->at] % 16 * 4 : 0;
	if (len < 20 || !has(reader, len)) {
		say(reader->layers, "IPv4 cut short");
		return;
	}
	say_addresses(reader, AF_INET, 12, 16);
	protocol = reader->data[reader->at + 9];
	later = word(reader, 6) & 0x1fff;
	first = !later && word(reader, 6) & 0x2000;
	reader->at += 20;
	if (len > 20) {
		say(reader->layers, " with %u bytes of options", len - 20);
		name_rest(reader, "IPv4", "options", len - 20);
	}
	reader->at += len - 20;
	read_body(reader, false, protocol, first, later);
}

/* Is it the type of an extension header that is stepped over by its length? */
static bool is_extension(__u8 type)
{
	return type == IPPROTO_HOPOPTS || type == IPPROTO_ROUTING || type == IPPROTO_DSTOPTS ||
	       type == IPPROTO_FRAGMENT;
}

static void read_ipv6(struct reader *reader)
{
	static const struct part parts[] = { { 4, "version, traffic class, flow label" },
					     { 2, "payload length" },
					     { 1, "next header" },
					     { 1, "hop limit" },
					     { 16, "source address" },
					     { 16, "destination address" },
					     { 0, NULL } };
	bool first = false, later = false;
	__u8 next;
	__u32 len;
	int i;

	name_parts(reader, "IPv6", parts);
	if (!has(reader, 40)) {
		say(reader->layers, "IPv6 cut short");
		return;
	}
	say_addresses(reader, AF_INET6, 8, 24);
	next = reader->data[reader->at + 6];
	reader->at += 40;
	for (i = 0; i < EXTENSIONS_MAX && is_extension(next) && has(reader, 8); i++) {
		len = next == IPPROTO_FRAGMENT ? 8 : 8 + reader->data[reader->at + 1] * 8u;
		if (next == IPPROTO_FRAGMENT)
			first = !(later = word(reader, 2) & 0xfff8) && word(reader, 2) & 1;
		if (!has(reader, len))
			break;
		name_rest(reader, "IPv6", "extension header", len);
		next = reader->data[reader->at];
		reader->at += len;
	}
	if (i)
		say(reader->layers, " with %d extension header%s", i, i > 1 ? "s" : "");
	read_body(reader, true, next, first, later);
}

void layers_read(struct layers *layers, const struct frame *frame)
{
	static const struct part macs[] = { { 6, "destination address" },
					    { 6, "source address" },
					    { 2, "EtherType" },
					    { 0, NULL } };
	static const struct part tag[] = { { 2, "tag" }, { 2, "EtherType" }, { 0, NULL } };
	struct reader reader = { .layers = layers, .data = frame->data, .len = frame->len };
	__u16 type;
	int i;

	layers->count = 0;
	*layers->text = '\0';
	name_parts(&reader, "Ethernet", macs);
	if (!has(&reader, ETH_HLEN)) {
		say(layers, "not a whole Ethernet header, %u bytes", frame->len);
		return;
	}
	type = word(&reader, 12);
	reader.at = ETH_HLEN;
	for (i = 0; i < TAGS_MAX && (type == ETH_P_8021Q || type == ETH_P_8021AD); i++) {
		if (!has(&reader, 4))
			break;
		say(layers, "VLAN %u", word(&reader, 0) & 0xfff);
		if (word(&reader, 0) >> 13)
			say(layers, " priority %u", word(&reader, 0) >> 13);
		say(layers, type == ETH_P_8021AD ? " (802.1ad), " : ", ");
		name_parts(&reader, "VLAN", tag);
		type = word(&reader, 2);
		reader.at += 4;
	}
	if (type == ETH_P_IP)
		read_ipv4(&reader);
	else if (type == ETH_P_IPV6)
		read_ipv6(&reader);
	else if (type == ETH_P_ARP)
		say(layers, "ARP");
	else
		say(layers, "EtherType 0x%04x", type);
	say(layers, ", %u bytes", frame->len);
}

void layers_print(FILE *out, int indent, int most, const struct frame *frame)
{
	struct layers layers;
	const char *last = NULL;
	__u32 row, end, at;
	int i = 0;

	layers_read(&layers, frame);
	for (row = 0; row < frame->len && most; row += ROW, most--) {
		end = row + ROW < frame->len ? row + ROW : frame->len;
		fprintf(out, "%*s%4u ", indent, "", row);
		for (at = row; at < row + ROW; at++)
			if (at < end)
				fprintf(out, " %02x", frame->data[at]);
			else
				fputs("   ", out);
		/* The headers that begin in this line. */
		for (; i < layers.count && layers.field[i].offset < end; i++) {
			if (last && !strcmp(last, layers.field[i].header))
				continue;
			last = layers.field[i].header;
			fprintf(out, "  %s from byte %u", last, layers.field[i].offset);
		}
		fputc('\n', out);
	}
}

static bool differs(const struct frame *got, const struct frame *want, __u32 at)
{
	return at >= got->len || at >= want->len || got->data[at] != want->data[at];
}

/* The field that byte @at is in, or NULL. */
static const struct layers_field *field_of(const struct layers *layers, __u32 at)
{
	for (int i = 0; i < layers->count; i++)
		if (at >= layers->field[i].offset &&
		    at < layers->field[i].offset + layers->field[i].len)
			return &layers->field[i];
	return NULL;
}

static void print_bytes(FILE *out, int indent, const char *what, const struct frame *frame,
			__u32 first, __u32 end)
{
	fprintf(out, "%*s%-8s %4u ", indent, "", what, first);
	for (__u32 at = first; at < end; at++)
		if (at < frame->len)
			fprintf(out, " %02x", frame->data[at]);
		else
			fputs(" --", out);
	fputc('\n', out);
}

/* Marks below the bytes that differ, and the fields that those are in. */
static void print_marks(FILE *out, int indent, const struct frame *got, const struct frame *want,
			__u32 first, __u32 end)
{
	const struct layers_field *field, *last = NULL;
	struct layers layers;
	__u32 at, marked = first;

	layers_read(&layers, want->len >= got->len ? want : got);
	for (at = first; at < end; at++)
		if (differs(got, want, at))
			marked = at;
	fprintf(out, "%*s%-8s %4s ", indent, "", "", "");
	for (at = first; at <= marked; at++)
		fputs(differs(got, want, at) ? " ^^" : "   ", out);
	for (at = first; at <= marked; at++) {
		field = field_of(&layers, at);
		if (!differs(got, want, at) || !field || field == last)
			continue;
		fprintf(out, "%s%s %s", last ? ", " : "  ", field->header, field->name);
		last = field;
	}
	fputc('\n', out);
}

void layers_print_difference(FILE *out, int indent, int most, const struct frame *got,
			     const struct frame *want)
{
	__u32 len = got->len > want->len ? got->len : want->len;
	__u32 row, end, at;

	/* Behind bytes too many or too few all are others: where it begins is enough. */
	if (got->len != want->len) {
		for (at = 0; at < len && !differs(got, want, at); at++)
			;
		fprintf(out, "%*s%u bytes, expected %u; they differ from byte %u on:\n", indent, "",
			got->len, want->len, at);
		most = 1;
	}
	for (row = 0; row < len && most; row += ROW) {
		end = row + ROW < len ? row + ROW : len;
		for (at = row; at < end && !differs(got, want, at); at++)
			;
		if (at == end)
			continue;
		print_bytes(out, indent, "expected", want, row, end);
		print_bytes(out, indent, "got", got, row, end);
		print_marks(out, indent, got, want, row, end);
		most--;
	}
}
