/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* csum_helpers.h against checksums computed from the start. */
#include <linux/bpf.h>
#include <linux/icmp.h>
#include <string.h>

#include "packets.h"
#include "progrun.h"
#include "sums.h"
#include "tap.h"

static int prog;
static struct sums *sums;
static const struct packet frame = { .len = 64 };

/* RFC 1071 in the widest arithmetic there is */
static __u16 plain_fold(__u64 sum)
{
	while (sum > 0xffff)
		sum = sum % 0x10000 + sum / 0x10000;
	return ~sum;
}

static bool folds(__u32 wide)
{
	sums->wide = wide;
	progrun(prog, &frame, NULL);
	if (sums->folded == plain_fold(wide))
		return true;
	printf("# 0x%x: got 0x%x, want 0x%x\n", wide, sums->folded, plain_fold(wide));
	return false;
}

static void test_fold(void)
{
	static const __u32 edges[] = { 0,	   1,	       0xfffe,	  0xffff,
				       0x10000,	   0x1fffe,    0x1ffff,	  0xfffeffff,
				       0xffff0000, 0xfffffffe, 0xffffffff };
	__u64 seed = 1;
	int bad = 0;

	for (unsigned int i = 0; i < sizeof(edges) / sizeof(*edges); i++)
		bad += !folds(edges[i]);
	for (int i = 0; i < 20000 && bad < 5; i++)
		bad += !folds(next_random(&seed));
	is_int(bad, 0, "csum_fold_helper");
}

/* Words in which 0, 1 and 0xffff are as frequent as all others */
static __u16 random_word(__u64 *seed)
{
	static const __u16 edges[] = { 0, 1, 0xff, 0xff00, 0xfffe, 0xffff };
	__u32 value = next_random(seed);

	return value & 0x10000 ? value : edges[value % (sizeof(edges) / 2)];
}

/* A message of 16 words, one of which changes: checksum before and after */
static bool replaces(__u64 *seed)
{
	__u16 words[16], at = next_random(seed) % 16, want, got_udp, want_udp;

	for (int i = 0; i < 16; i++)
		words[i] = next_random(seed) % 3 ? 0 : random_word(seed);
	words[(at + 1) % 16] |= 1; /* no checksum is that of zeros only */
	sums->sum = plain_checksum(words, sizeof(words));
	sums->old_word = words[at];
	words[at] = sums->new_word = random_word(seed);
	want = plain_checksum(words, sizeof(words));
	/* To UDP, a checksum that is 0 is none. */
	want_udp = !sums->sum ? 0 : want ? want : 0xffff;
	progrun(prog, &frame, NULL);
	got_udp = sums->udp;
	if (sums->replaced == want && got_udp == want_udp)
		return true;
	printf("# 0x%x, 0x%x to 0x%x: got 0x%x, want 0x%x; UDP 0x%x, 0x%x\n", sums->sum,
	       sums->old_word, sums->new_word, sums->replaced, want, got_udp, want_udp);
	return false;
}

static void test_replace(void)
{
	__u64 seed = 2;
	int bad = 0;

	for (int i = 0; i < 100000 && bad < 5; i++)
		bad += !replaces(&seed);
	is_int(bad, 0, "csum_replace2, and for UDP");

	sums->sum = 0;
	sums->old_word = 1;
	sums->new_word = 2;
	progrun(prog, &frame, NULL);
	is_int(sums->udp, 0, "UDP without a checksum stays without");
	sums->sum = 0xffff; /* stands for 0 */
	sums->old_word = sums->new_word = 0x1234;
	progrun(prog, &frame, NULL);
	is_int(sums->udp, 0xffff, "UDP: a checksum of 0 is written as 0xffff");
	sums->sum = 0x0001;
	sums->old_word = 0;
	sums->new_word = 1;
	progrun(prog, &frame, NULL);
	is_int(sums->udp, 0xffff, "UDP: one that becomes 0 too");
}

/* A message whose type and code change, as in an echo reply */
static bool icmp_is_right(__u64 *seed)
{
	__u8 message[32];
	__u16 want;

	for (__u32 i = 0; i < sizeof(message); i++)
		message[i] = next_random(seed) % 4 ? 0 : next_random(seed);
	message[8] |= 1;
	message[2] = message[3] = 0;
	sums->sum = plain_checksum(message, sizeof(message));
	sums->old_type = message[0];
	sums->old_code = message[1];
	message[0] = sums->new_type = next_random(seed);
	message[1] = sums->new_code = next_random(seed) % 2;
	want = plain_checksum(message, sizeof(message));
	sums->old_held = next_random(seed);
	sums->new_held = next_random(seed);
	progrun(prog, &frame, NULL);
	if (sums->icmp == want)
		return true;
	printf("# 0x%x, %u/%u to %u/%u: got 0x%x, want 0x%x\n", sums->sum, sums->old_type,
	       sums->old_code, sums->new_type, sums->new_code, sums->icmp, want);
	return false;
}

static void test_icmp(void)
{
	__u64 seed = 3;
	int bad = 0;

	for (int i = 0; i < 100000 && bad < 5; i++)
		bad += !icmp_is_right(&seed);
	is_int(bad, 0, "icmp_checksum_diff");
}

int main(void)
{
	struct bpf_object *obj = progrun_load("csum_kern.o");

	prog = progrun_prog(obj, "csum_func");
	sums = progrun_globals(obj, sizeof(*sums));
	test_fold();
	test_replace();
	test_icmp();
	bpf_object__close(obj);
	return tap_done();
}
