// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What the grader reads: checks.txt, and packets, which it puts into words. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "layers.h"
#include "tap.h"

static char path[] = "/tmp/checks.XXXXXX";

/* What becomes of a file with this text; the caller frees it. */
static int read_text(const char *text, struct checks *checks)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		abort();
	return checks_read(path, checks);
}

#define HEAD "object a_kern.o\nprogram one\n"
#define CHECK HEAD "check first\nordinary 1 XDP_PASS same\n"

static void test_checks(void)
{
	struct checks checks;
	int err;

	err = read_text("# comment\n" HEAD "hint load it # so\n\ncheck first\n"
			"ordinary 1-3,5 XDP_DROP any\nmap m 0x10 member 7\nmap m 0a:0b none\n"
			"entries m 3\ntype m hash\nhint one\nhint two\n"
			"program two\ncheck second\nordinary * XDP_TX same\nhint three\n",
			&checks);
	is_int(err, 0, "a file with two checks");
	is_int(checks.count, 3, "and that of the load");
	if (!err && checks.count == 3) {
		const struct check *check = &checks.check[1];

		ok(!strcmp(checks.check[0].program, "one") &&
			   !strcmp(checks.check[0].hint[0], "load it # so"),
		   "the first program is loaded first; a hint may have a #");
		is_int(check->maps, 4, "four lines about maps");
		ok(check->map[0].value == 7 && !strcmp(check->map[0].member, "member"),
		   "a member and its value");
		ok(check->map[1].none && check->map[2].count && check->map[2].value == 3 &&
			   !strcmp(check->map[3].type, "hash"),
		   "none, entries, a type");
		is_int(check->hints, 2, "two hints");
		ok(!strcmp(checks.check[2].program, "two"), "another program");
	}
	checks_free(&checks);
}

static void test_bad_checks(void)
{
	static const char *const bad[] = {
		"",
		HEAD "hint alone\n",
		CHECK,
		HEAD "check\n",
		CHECK "hint\n",
		CHECK "hint 1\nhint 2\nhint 3\nhint 4\n",
		HEAD "ordinary 1 XDP_PASS same\n",
		CHECK "hint x\nordinary 1 XDP_NOTHING same\n",
		CHECK "hint x\nordinary 1 XDP_PASS\n",
		CHECK "hint x\nmap m 1\n",
		CHECK "hint x\nmap m 1 member many\n",
		CHECK "hint x\nmap m 1 2 3 4\n",
		CHECK "hint x\nentries m\n",
		CHECK "hint x\nentries m -1x\n",
		CHECK "hint x\ntype m\n",
		CHECK "hint x\nnonsense\n",
		"check first\nordinary 1 XDP_PASS same\nhint x\n",
		"object a.o\ncheck first\nordinary 1 XDP_PASS same\nhint x\n",
		"object a.o\nprogram a b\ncheck first\nordinary 1 XDP_PASS same\nhint x\n",
		CHECK "hint x\ncheck second\nhint y\n",
	};
	struct checks checks;
	char name[64];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(name, sizeof(name), "what makes no sense, number %zu", i);
		is_int(read_text(bad[i], &checks), -EINVAL, name);
		checks_free(&checks);
	}
}

/* The words for the frame that these hexadecimal digits are. */
static const char *words(const char *hex)
{
	static struct layers layers;
	static __u8 data[256];
	struct frame frame = { .data = data };
	unsigned int byte;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		data[frame.len++] = (__u8)byte;
	layers_read(&layers, &frame);
	return layers.text;
}

static void is_text(const char *got, const char *want, const char *name)
{
	ok(!strcmp(got, want), name);
	if (strcmp(got, want))
		printf("# got '%s', want '%s'\n", got, want);
}

#define MACS "020000000001020000000002"
#define IP4 \
	"450000200000000040110000" \
	"0a0b0102" \
	"0a0b0101"
#define UDP \
	"04010035000c0000" \
	"61626364"

static void test_words(void)
{
	is_text(words("0102"), "not a whole Ethernet header, 2 bytes", "two bytes");
	is_text(words(MACS "88b5"), "EtherType 0x88b5, 14 bytes", "another EtherType");
	is_text(words(MACS "0800" IP4 UDP),
		"IPv4 10.11.1.2 > 10.11.1.1, UDP 1025 > 53 with 4 bytes of data, 46 bytes",
		"IPv4 and UDP");
	is_text(words(MACS "8100e00a0800" IP4),
		"VLAN 10 priority 7, IPv4 10.11.1.2 > 10.11.1.1, UDP cut short, 38 bytes",
		"a tag with priority, and a header that is cut");
	is_text(words(MACS "0800"
			   "4500"),
		"IPv4 cut short, 16 bytes", "two bytes of IPv4");
	is_text(words(MACS "0806"), "ARP, 14 bytes", "ARP");
}

/* Does the report of the difference have @text? */
static bool difference_has(const struct frame *got, const struct frame *want, const char *text)
{
	char *report = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&report, &size);
	bool has;

	layers_print_difference(out, 2, 3, got, want);
	fclose(out);
	has = strstr(report, text) != NULL;
	free(report);
	return has;
}

static void test_difference(void)
{
	__u8 one[34], two[34];
	struct frame got = { .data = one, .len = sizeof(one) };
	struct frame want = { .data = two, .len = sizeof(two) };

	memset(two, 0, sizeof(two));
	memcpy(two + 12, "\x08\0\x45", 3);
	memcpy(one, two, sizeof(one));
	ok(!difference_has(&got, &want, "^^"), "no difference, no mark");
	one[22] = 9;
	ok(difference_has(&got, &want, "IPv4 TTL"), "the field of a byte that differs");
	got.len = 30;
	ok(difference_has(&got, &want, "30 bytes, expected 34; they differ from byte 22 on"),
	   "another length");
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	test_checks();
	test_bad_checks();
	test_words();
	test_difference();
	unlink(path);
	return tap_done();
}
