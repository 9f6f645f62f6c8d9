/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <arpa/inet.h>
#include <string.h>

#include "reference.h"

#define BROKEN (-1)
#define FRAGMENT (-2)

/* What is left of a packet: bytes from @at up to, not including, @end, of
 * which those from @limit on belong to nobody.
 */
struct rest {
	const __u8 *byte;
	__u32 at, end, limit;
};

static __u32 word(const struct rest *rest, __u32 offset)
{
	const __u8 *byte = rest->byte + rest->at + offset;

	return byte[0] * 256 + byte[1];
}

static int has(const struct rest *rest, __u32 bytes)
{
	__u32 end = rest->at + bytes;

	return end <= rest->end && end <= rest->limit;
}

static int read_ethernet(struct rest *rest, struct parsed *parsed)
{
	__u32 type, tags;

	if (!has(rest, 14))
		return BROKEN;
	rest->at = 12;
	for (tags = 0;; tags++) {
		type = word(rest, 0);
		if ((type != 0x8100 && type != 0x88a8) || tags == 8)
			break;
		if (!has(rest, 6))
			return BROKEN;
		parsed->vlan[tags] = word(rest, 2) % 4096;
		rest->at += 4;
	}
	parsed->vlans = tags;
	rest->at += 2;
	return type;
}

static int read_ipv4(struct rest *rest, struct parsed *parsed)
{
	__u32 size, offset, start = rest->at;

	if (!has(rest, 20) || rest->byte[start] / 16 != 4)
		return BROKEN;
	size = rest->byte[start] % 16 * 4;
	if (size < 20 || !has(rest, size) || word(rest, 2) < size)
		return BROKEN;
	offset = word(rest, 6);
	parsed->l3_at = start;
	parsed->fragment = parsed->in_parts = offset % 0x4000 != 0;
	rest->limit = start + word(rest, 2);
	rest->at += size;
	return offset % 0x2000 ? FRAGMENT : rest->byte[start + 9];
}

/* The bytes of an extension header; 0 where @type is none. */
static __u32 ext_size(const struct rest *rest, int type)
{
	__u32 length = rest->byte[rest->at + 1];

	if (type == 44)
		return 8;
	if (type == 51)
		return 4 * length + 8;
	if (type == 0 || type == 43 || type == 60)
		return 8 * length + 8;
	return 0;
}

static int is_ext(int type)
{
	return type == 0 || type == 43 || type == 44 || type == 51 || type == 60;
}

static int read_chain(struct rest *rest, int type, __u32 *in_parts)
{
	int count, later;
	__u32 size;

	for (count = 0; is_ext(type); count++) {
		if (count == 8 || !has(rest, 8))
			return BROKEN;
		size = ext_size(rest, type);
		if (!has(rest, size))
			return BROKEN;
		later = type == 44 && word(rest, 2) / 8;
		/* more to come, or not the first */
		*in_parts |= type == 44 && (later || word(rest, 2) % 2);
		type = rest->byte[rest->at];
		rest->at += size;
		if (later)
			return FRAGMENT;
	}
	return type;
}

static int read_ipv6(struct rest *rest, struct parsed *parsed)
{
	struct rest inner = *rest;
	__u32 in_parts = 0;
	int type;

	if (!has(rest, 40) || rest->byte[rest->at] / 16 != 6)
		return BROKEN;
	inner.at += 40;
	inner.limit = inner.at + word(rest, 4);
	type = read_chain(&inner, rest->byte[rest->at + 6], &in_parts);
	if (type == BROKEN)
		return BROKEN;
	parsed->l3_at = rest->at;
	parsed->in_parts = in_parts;
	*rest = inner;
	return type;
}

/* What the parser of the protocol returns, and its @size. */
static int read_payload(const struct rest *rest, int proto, __u32 *size)
{
	*size = proto == 6 ? 20 : 8;
	if (!has(rest, *size))
		return BROKEN;
	if (proto == 17)
		return word(rest, 4) < 8 ? BROKEN : (int)word(rest, 4) - 8;
	if (proto == 6) {
		*size = rest->byte[rest->at + 12] / 16 * 4;
		return *size < 20 || !has(rest, *size) ? BROKEN : (int)*size;
	}
	return rest->byte[rest->at];
}

static void parse_payload(struct rest *rest, struct parsed *parsed)
{
	int proto = parsed->l3;
	__u32 size;

	if (proto == 1 || proto == 58)
		parsed->common = has(rest, 4) ? rest->byte[rest->at] : BROKEN;
	else if (proto != 17 && proto != 6)
		return;
	parsed->l4 = read_payload(rest, proto, &size);
	parsed->l4_end = rest->at;
	if (parsed->l4 < 0)
		return;
	parsed->l4_at = rest->at;
	parsed->l4_end += size;
}

void reference_parse(const struct packet *packet, struct parsed *parsed)
{
	struct rest rest = { .byte = packet->data, .end = packet->len, .limit = -1 };
	int type;

	memset(parsed, 0, sizeof(*parsed));
	parsed->l3 = parsed->l4 = parsed->common = NOT_ASKED;
	type = read_ethernet(&rest, parsed);
	parsed->eth = type < 0 ? BROKEN : htons(type);
	if (type < 0) {
		memset(parsed->vlan, 0, sizeof(parsed->vlan));
		return;
	}
	if (type == 0x0800)
		parsed->l3 = read_ipv4(&rest, parsed);
	else if (type == 0x86dd)
		parsed->l3 = read_ipv6(&rest, parsed);
	else
		return;
	parsed->l3_end = rest.at;
	if (parsed->l3 >= 0)
		parse_payload(&rest, parsed);
}
