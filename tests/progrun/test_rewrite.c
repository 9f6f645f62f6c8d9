/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* rewrite_helpers.h and ip_decrease_ttl: the packet afterwards, every byte. */
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <string.h>

#include "packets.h"
#include "progrun.h"
#include "rewritten.h"
#include "tap.h"

static struct bpf_object *obj;
static struct rewrite_test *test;

static bool same(const struct packet *got, const struct packet *want)
{
	if (got->len == want->len && !memcmp(got->data, want->data, got->len))
		return true;
	printf("# %u bytes, wanted %u; first difference at", got->len, want->len);
	for (__u32 i = 0; i < got->len && i < want->len; i++) {
		if (got->data[i] != want->data[i]) {
			printf(" %u: 0x%02x, wanted 0x%02x", i, got->data[i], want->data[i]);
			break;
		}
	}
	printf("\n");
	return false;
}

/* Runs @in through @prog: the function says @result and leaves @want. */
static void becomes(const char *prog, const struct packet *in, int result,
		    const struct packet *want, const char *name)
{
	struct packet out;
	__u32 verdict;

	test->result = -100;
	verdict = progrun(progrun_prog(obj, prog), in, &out);
	if (!ok(same(&out, want) && test->result == result && verdict == XDP_PASS, name))
		printf("# verdict %u, result %d, wanted %d\n", verdict, test->result, result);
}

static void udp_behind(struct packet *packet, const __u16 *tpids, int count)
{
	put_macs(packet);
	for (int i = 0; i < count; i++)
		put_tag(packet, tpids[i], 0xa000 | (100 + i));
	put_ipv4(packet, IPPROTO_UDP, 0, 0);
	put_udp(packet, 16);
	put_bytes(packet, "payload!", 8);
	packet_finish(packet, 14 + 4 * count);
}

static void test_pop(void)
{
	static const __u16 q[] = { ETH_P_8021Q };
	static const __u16 ad_q[] = { ETH_P_8021AD, ETH_P_8021Q };
	struct packet in, want;

	udp_behind(&in, q, 1);
	udp_behind(&want, NULL, 0);
	becomes("pop_func", &in, 100, &want, "the only tag goes");

	udp_behind(&in, ad_q, 2);
	udp_behind(&want, ad_q + 1, 1);
	set_u16(&want, 14, 0xa000 | 101);
	becomes("pop_func", &in, 100, &want, "of two the outer one goes");

	set_u16(&in, 14, 0x0fff);
	becomes("pop_func", &in, 4095, &want, "id 4095");
	set_u16(&in, 14, 0xf000);
	becomes("pop_func", &in, 0, &want, "id 0 with priority");

	udp_behind(&in, NULL, 0);
	becomes("pop_func", &in, -1, &in, "no tag: as it was");

	for (__u32 len = 14; len < 19; len++) {
		char name[64];

		udp_behind(&in, q, 1);
		udp_behind(&want, NULL, 0);
		in.len = len;
		want.len = 14;
		snprintf(name, sizeof(name), "a tagged frame of %u bytes", len);
		if (len < 18)
			becomes("pop_func", &in, -1, &in, name);
		else
			becomes("pop_func", &in, 100, &want, name);
	}
}

static void test_push(void)
{
	static const __u16 q_q[] = { ETH_P_8021Q, ETH_P_8021Q };
	static const __u16 q_ad[] = { ETH_P_8021Q, ETH_P_8021AD };
	struct packet in, want;

	udp_behind(&in, NULL, 0);
	udp_behind(&want, q_q, 1);
	set_u16(&want, 14, 100);
	test->vlid = 100;
	becomes("push_func", &in, 0, &want, "a tag on a frame that has none");

	test->vlid = 4095;
	set_u16(&want, 14, 4095);
	becomes("push_func", &in, 0, &want, "id 4095");
	test->vlid = 0;
	set_u16(&want, 14, 0);
	becomes("push_func", &in, 0, &want, "id 0");

	udp_behind(&want, q_ad, 2);
	udp_behind(&in, q_ad + 1, 1);
	set_u16(&in, 14, 0xa065);
	test->vlid = 7;
	set_u16(&want, 14, 7);
	becomes("push_func", &in, 0, &want, "a tag in front of another");

	test->vlid = 4096;
	becomes("push_func", &in, -1, &in, "id 4096: as it was");
	test->vlid = -1;
	becomes("push_func", &in, -1, &in, "id -1: as it was");

	in.len = 14;
	want.len = 18;
	test->vlid = 7;
	becomes("push_func", &in, 0, &want, "a frame of 14 bytes");
}

static void test_round_trip(void)
{
	__u64 seed = 4711;
	struct packet in, out;
	int prog = progrun_prog(obj, "push_pop_func"), bad = 0;

	for (int i = 0; i < 2000; i++) {
		random_packet(&in, &seed);
		test->vlid = next_random(&seed) % 4096;
		bad += progrun(prog, &in, &out) != XDP_PASS || test->result != test->vlid ||
		       !same(&out, &in);
	}
	is_int(bad, 0, "push and pop: the packet is as before");
}

/* One tag after the other until bpf_xdp_adjust_head refuses */
static void test_full(void)
{
	struct packet in, out;
	__u32 tag, good = 0;

	udp_behind(&in, NULL, 0);
	test->vlid = 5;
	progrun(progrun_prog(obj, "fill_func"), &in, &out);
	printf("# %u tags, then %d\n", test->pushed, test->result);
	ok(test->result < 0 && test->result != -1 && test->pushed > 8 && test->pushed < 100,
	   "no room left in front: what adjust_head says");
	ok(out.len == in.len + 4 * test->pushed, "all that was put on is there");
	for (tag = 0; tag < test->pushed && tag < 100; tag++)
		good += !memcmp(out.data + 12 + 4 * tag, "\x81\0\0\5", 4);
	ok(good == test->pushed && !memcmp(in.data, out.data, 12) &&
		   !memcmp(in.data + 12, out.data + 12 + 4 * tag, in.len - 12),
	   "addresses and payload as they were");
}

static void swap_bytes(struct packet *packet, __u32 one, __u32 other, __u32 len)
{
	__u8 held[16];

	memcpy(held, packet->data + one, len);
	memcpy(packet->data + one, packet->data + other, len);
	memcpy(packet->data + other, held, len);
}

static void test_swap(void)
{
	int prog = progrun_prog(obj, "swap_func");
	struct packet in, want, out;

	udp_behind(&in, NULL, 0);
	want = in;
	swap_bytes(&want, 0, 6, 6);
	swap_bytes(&want, 26, 30, 4);
	ok(progrun(prog, &in, &out) == XDP_TX && same(&out, &want),
	   "MAC and IPv4 addresses swapped");
	ok(!plain_checksum(out.data + 14, 20), "the IPv4 checksum still fits");

	put_macs(&in);
	put_ipv6(&in, IPPROTO_UDP);
	put_udp(&in, 8);
	packet_finish(&in, 14);
	want = in;
	swap_bytes(&want, 0, 6, 6);
	swap_bytes(&want, 22, 38, 16);
	ok(progrun(prog, &in, &out) == XDP_TX && same(&out, &want),
	   "MAC and IPv6 addresses swapped");
}

/* Every TTL, with headers that give every kind of checksum */
static void test_ttl(void)
{
	int bad = 0;

	for (int id = 0; id < 256; id++) {
		for (int ttl = 0; ttl < 256; ttl++) {
			struct packet in, want, out;
			int left = ttl ? ttl - 1 : 0;

			udp_behind(&in, NULL, 0);
			set_u16(&in, 18, id * 257);
			in.data[22] = ttl;
			packet_finish(&in, 14);
			want = in;
			want.data[22] = left;
			packet_finish(&want, 14);
			progrun(progrun_prog(obj, "ttl_func"), &in, &out);
			bad += test->result != left || !same(&out, &want);
			if (bad == 3)
				break;
		}
	}
	is_int(bad, 0, "each TTL, 0, 1 and 255 too: one less, checksum right");
}

int main(void)
{
	obj = progrun_load("rewrite_kern.o");
	test = progrun_globals(obj, sizeof(*test));
	test_pop();
	test_push();
	test_round_trip();
	test_full();
	test_swap();
	test_ttl();
	bpf_object__close(obj);
	return tap_done();
}
