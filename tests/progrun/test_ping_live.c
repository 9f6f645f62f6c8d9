/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advanced04, the live engine's programs: the requests that one makes, and what
 * the other counts of what comes back, with data of several sizes.
 */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>

#include "clock.h"
#include "maps.h"
#include "pings.h"
#include "progrun.h"
#include "rodata.h"
#include "rules.h"
#include "tap.h"

#define TEST_CPUS_MAX 1024
#define TOOK 50000ULL /* ns */
#define LATE 100000000000ULL /* ns: however slow the machine is, nothing is */
#define SENT 200000ULL
#define OPEN 400ULL /* the last requests, without an answer yet */
#define LOOPBACK 1

static struct pinged pinged;
static struct bpf_object *obj;
static struct ping_state *state;
static struct ping_error last_error;
static int sends, receives, errors;
static unsigned int size;
static bool six;

static int fd_of(const char *name)
{
	return bpf_object__find_map_fd_by_name(obj, name);
}

static int cpus(void)
{
	int count = libbpf_num_possible_cpus();

	if (count < 0 || count > TEST_CPUS_MAX)
		abort();
	return count;
}

/* ---- what has been counted ---- */

static struct ping_counts counts_of(int target)
{
	static struct ping_counts values[PING_TEST_TARGETS * TEST_CPUS_MAX];
	struct ping_counts sum = { 0 };
	int cpu;

	if (maps_read_percpu(fd_of("ping_count_map"), pinged.ping.n_active, sizeof(values[0]),
			     values))
		abort();
	for (cpu = 0; cpu < cpus(); cpu++)
		ping_add_counts(&sum, &values[target * cpus() + cpu]);
	return sum;
}

/* How many times bucket @index has; all of them for HIST_BUCKETS */
static __u64 times_in(__u32 index)
{
	static struct ping_hist values[TEST_CPUS_MAX];
	__u64 sum = 0;
	__u32 i;
	int cpu;

	if (maps_read_percpu(fd_of("ping_hist_map"), 1, sizeof(values[0]), values))
		abort();
	for (cpu = 0; cpu < cpus(); cpu++)
		for (i = 0; i < HIST_BUCKETS; i++)
			if (index == i || index == HIST_BUCKETS)
				sum += values[cpu].bucket[i];
	return sum;
}

/* What the rules count, of packets that pass */
static __u64 passed(void)
{
	int i;

	for (i = 0; i < PING_TEST_TARGETS; i++)
		memset(&pinged.target[i].counts, 0, sizeof(struct ping_counts));
	rules_collect(&pinged.ping, obj);
	return pinged.target[0].counts.foreign + pinged.target[0].counts.damaged;
}

static int take_error(void *context, void *data, size_t len)
{
	(void)context;
	if (len < sizeof(last_error))
		abort();
	memcpy(&last_error, data, sizeof(last_error));
	errors++;
	return 0;
}

/* ---- as the engine prepares it ---- */

static void load(void)
{
	const struct ping *ping = &pinged.ping;
	const struct ping_settings settings = {
		.len = (__u32)ping->len,
		.size = size,
		.targets = ping->n_active,
		.id = htons(ping->id),
		.ipv6 = six,
		.cookie = ping->cookie,
		.late = LATE,
	};
	struct bpf_map *map;

	obj = progrun_open(PING_LESSON "xdp_ping_live_kern.o");
	map = bpf_object__find_map_by_name(obj, "ping_frame_map");
	bpf_map__set_max_entries(map, ping->n_active);
	map = bpf_object__find_map_by_name(obj, "ping_count_map");
	bpf_map__set_max_entries(map, ping->n_active);
	if (rodata_set(obj, "ping", &settings, sizeof(settings)) ||
	    rules_prepare(ping, &(struct attach){ .obj = obj }) || bpf_object__load(obj) ||
	    rules_enter(ping, obj))
		abort();
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd_of("ping_state_map"), 0);
	if (state == MAP_FAILED)
		abort();
	sends = progrun_prog(obj, "xdp_ping_send_func");
	receives = progrun_prog(obj, "xdp_ping_live_func");
}

static void set_frame(__u32 target, bool any_mac)
{
	struct ping_frame frame;

	pinged.target[target].direct = !any_mac;
	request_template(&pinged.ping, &pinged.target[target], &frame);
	if (bpf_map_update_elem(fd_of("ping_frame_map"), &target, &frame, 0))
		abort();
}

static void begin(int family, unsigned int bytes, unsigned int targets)
{
	__u32 i, key = 0, ifindex = LOOPBACK;

	six = family == AF_INET6;
	size = bytes;
	pinged_begin(&pinged, family, size, targets);
	load();
	for (i = 0; i < targets; i++)
		set_frame(i, false);
	if (bpf_map_update_elem(fd_of("ping_dev_map"), &key, &ifindex, 0))
		abort();
}

static void end(void)
{
	munmap(state, sizeof(*state));
	bpf_object__close(obj);
	pinged_end(&pinged);
}

/* The last requests are open, sent a moment ago. */
static void reset(void)
{
	static const struct ping_counts none[PING_TEST_TARGETS * TEST_CPUS_MAX];
	static const struct ping_hist empty[TEST_CPUS_MAX];
	__u32 key;
	__u64 i;

	memset(state, 0, sizeof(*state));
	state->sent = SENT;
	for (i = SENT - OPEN; i <= SENT; i++)
		state->time[i % PING_SLOTS] = monotonic_ns() - TOOK;
	for (key = 0; key < pinged.ping.n_active; key++)
		if (bpf_map_update_elem(fd_of("ping_count_map"), &key, none, 0))
			abort();
	key = 0;
	if (bpf_map_update_elem(fd_of("ping_hist_map"), &key, empty, 0))
		abort();
}

static bool say(bool good, const char *name)
{
	char text[256];

	snprintf(text, sizeof(text), "%s, %u bytes: %s", six ? "IPv6" : "IPv4", size, name);
	return ok(good, text);
}

/* ---- what comes in ---- */

/* One column, of the first target; or the packets that a rule counts. */
enum column { RECEIVED, DUPLICATE, LATE_ONE, DAMAGED, FOREIGN, ERROR, PASSED };

/* The packet counts in this column, once, and nowhere else. */
static void counts_as(const struct packet *packet, enum column column, const char *name)
{
	__u32 want = column == FOREIGN || column == PASSED ? XDP_PASS : XDP_DROP;
	struct ping_counts was = counts_of(0), is;
	__u64 passed_was = passed(), times = times_in(HIST_BUCKETS);
	__u32 verdict = progrun(receives, packet, NULL);

	is = counts_of(0);
	if (say(verdict == want && is.received - was.received == (column == RECEIVED) &&
			is.duplicates - was.duplicates == (column == DUPLICATE) &&
			is.late - was.late == (column == LATE_ONE) &&
			is.damaged - was.damaged == (column == DAMAGED) &&
			is.foreign - was.foreign == (column == FOREIGN) &&
			is.errors - was.errors == (column == ERROR) &&
			passed() - passed_was == (column == PASSED) &&
			times_in(HIST_BUCKETS) - times == (column == RECEIVED),
		name))
		return;
	printf("# verdict %u; now %llu received, %llu duplicates, %llu late\n", verdict,
	       is.received, is.duplicates, is.late);
	printf("# %llu damaged, %llu foreign, %llu errors; %llu passed\n", is.damaged, is.foreign,
	       is.errors, passed());
}

static void test_right(void)
{
	struct ping_counts counts;
	struct packet packet;

	reset();
	make_answer(&pinged, SENT - 10, &packet);
	counts_as(&packet, RECEIVED, "an answer");
	counts = counts_of(0);
	say(counts.sum >= TOOK && counts.sum < LATE && counts.min == counts.sum &&
		    counts.max == counts.sum,
	    "its time is known");
	say(times_in(hist_index(counts.sum)) == 1, "and in its bucket");
	say(state->answered == SENT - 10, "and how far it has come");
	counts_as(&packet, DUPLICATE, "the same again");
	counts_as(&packet, DUPLICATE, "and again");
	make_answer(&pinged, SENT - 11, &packet);
	counts_as(&packet, RECEIVED, "the answer to the one before");
	say(state->answered == SENT - 10, "it has come no further");
	make_answer(&pinged, SENT, &packet);
	counts_as(&packet, RECEIVED, "the answer to the last one");
	say(state->answered == SENT, "there is none further");
	make_answer(&pinged, SENT - 20, &packet);
	memset(packet.data + packet.len, 0xee, 30);
	packet.len += 30;
	counts_as(&packet, RECEIVED, "an answer with padding");
}

static void test_late(void)
{
	struct packet packet;

	reset();
	make_answer(&pinged, SENT - 5, &packet);
	state->time[(SENT - 5) % PING_SLOTS] = monotonic_ns() - 2 * LATE;
	counts_as(&packet, LATE_ONE, "an answer after twice the time");
	counts_as(&packet, DUPLICATE, "the same again: a duplicate");
	make_answer(&pinged, SENT - PING_SLOTS + 64, &packet);
	counts_as(&packet, LATE_ONE, "the answer to one that is forgotten");
	counts_as(&packet, LATE_ONE, "the same again: nobody knows");
	make_answer(&pinged, SENT - PING_SLOTS + 65, &packet);
	state->time[(SENT + 65) % PING_SLOTS] = monotonic_ns() - TOOK;
	counts_as(&packet, RECEIVED, "the answer to the oldest one known");
	counts_as(&packet, DUPLICATE, "the same again");
}

static void test_damaged(void)
{
	struct packet right, packet;
	__u32 at;

	reset();
	make_answer(&pinged, SENT - 1, &right);
	at = icmp_at(&right);
	packet = right;
	packet.data[at + 2] ^= 1;
	counts_as(&packet, DAMAGED, "a wrong checksum");
	packet = right;
	packet.data[packet.len - 1] ^= 0x10;
	counts_as(&packet, DAMAGED, "its last byte is another");
	packet = right;
	packet.data[at + 1] = 1;
	set_icmp_sum(&packet);
	counts_as(&packet, DAMAGED, "a code that answers do not have");
	packet = right;
	packet.len--;
	counts_as(&packet, size ? DAMAGED : PASSED, "a byte less");
	packet_finish(&packet, ETH_HLEN);
	counts_as(&packet, size ? DAMAGED : PASSED, "and IP says so");
	packet = right;
	put_u8(&packet, 0);
	set_sums(&packet);
	counts_as(&packet, DAMAGED, "a byte more");
	make_answer(&pinged, SENT + 1, &packet);
	/* Without a number it looks like one 65,536 requests ago. */
	counts_as(&packet, size < 8 ? LATE_ONE : DAMAGED, "the answer to one that was not sent");
	counts_as(&right, RECEIVED, "(and then the right one)");
}

/* What stands in the data, where there is room for it */
static void test_data(void)
{
	struct packet packet;
	__u32 at;

	reset();
	make_answer(&pinged, SENT - 1, &packet);
	at = icmp_at(&packet);
	if (size >= 8) {
		packet.data[at + 7] ^= 1;
		set_icmp_sum(&packet);
		counts_as(&packet, DAMAGED, "another sequence");
		packet.data[at + 7] ^= 1;
		packet.data[at + 8 + 5] ^= 1;
		set_icmp_sum(&packet);
		counts_as(&packet, DAMAGED, "another number");
		packet.data[at + 8 + 5] ^= 1;
	}
	if (size >= 16) {
		packet.data[at + 8 + 15] ^= 1;
		set_icmp_sum(&packet);
		counts_as(&packet, DAMAGED, "another cookie");
		packet.data[at + 8 + 15] ^= 1;
	}
	set_icmp_sum(&packet);
	counts_as(&packet, RECEIVED, "(all of it right)");
}

static void test_header(void)
{
	struct packet right, packet;

	if (six)
		return;
	reset();
	make_answer(&pinged, SENT - 1, &right);
	packet = right;
	packet.data[ETH_HLEN + 10] ^= 1;
	counts_as(&packet, DAMAGED, "a wrong checksum of IPv4");
	packet.len = 0;
	put_bytes(&packet, right.data, ETH_HLEN + 20);
	put_bytes(&packet, "\1\1\1\1", 4);
	packet.data[ETH_HLEN] = 0x46;
	put_bytes(&packet, right.data + ETH_HLEN + 20, right.len - ETH_HLEN - 20);
	packet_finish(&packet, ETH_HLEN);
	counts_as(&packet, DAMAGED, "IPv4 options, which a request has not");
}

/* The sums are right: the addresses are another's. */
static void test_addresses(void)
{
	const __u32 ends[] = { ETH_HLEN + (six ? 23 : 15),
			       ETH_HLEN + (six ? 39 : 19),
			       ETH_HLEN + (six ? 8 : 12),
			       5,
			       0,
			       6,
			       11 };
	static const char *const names[] = {
		"from another address",	    "to another address",
		"from another network",	    "to another MAC address",
		"to one of another vendor", "from another MAC address of his",
		"from another MAC address"
	};
	struct packet packet;
	size_t i;

	reset();
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		make_answer(&pinged, SENT - 1, &packet);
		packet.data[ends[i]] ^= 0x40;
		set_sums(&packet);
		counts_as(&packet, FOREIGN, names[i]);
	}
	set_frame(0, true);
	counts_as(&packet, RECEIVED, "the same by way of a router");
	make_answer(&pinged, SENT - 2, &packet);
	packet.data[5] ^= 0x40;
	set_sums(&packet);
	counts_as(&packet, FOREIGN, "not to us, by way of a router");
	set_frame(0, false);
	packet.data[5] ^= 0x40;
	packet.data[icmp_at(&packet) + 5] ^= 2;
	set_icmp_sum(&packet);
	counts_as(&packet, PASSED, "with the id of another");
}

static void test_errors(void)
{
	struct ring_buffer *ring;
	struct packet packet;
	struct netif_addr router = ping_addr(pinged.ping.family, 99);
	const struct netif_addr *peer = &pinged.target[0].ends.dst;
	size_t len = six ? sizeof(peer->v6) : sizeof(peer->v4);
	__u8 type = six ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED;

	reset();
	errors = 0;
	ring = ring_buffer__new(fd_of("ping_error_map"), take_error, NULL, NULL);
	if (!ring)
		abort();
	make_error(&pinged, SENT - 3, type, 500, &packet);
	counts_as(&packet, ERROR, "an error about a request");
	ring_buffer__consume(ring);
	say(errors == 1 && last_error.type == type && last_error.code == 1 &&
		    last_error.sequence == (__u16)(SENT - 3) && !last_error.target &&
		    !memcmp(&last_error.from, &router.v6, len) &&
		    !memcmp(&last_error.peer, &peer->v6, len),
	    "the command is told of it");
	packet.data[icmp_at(&packet) + 8 + (six ? 40 : 20) + 5] ^= 2;
	say(progrun(receives, &packet, NULL) == XDP_PASS && counts_of(0).errors == 1,
	    "an error about another's request passes");
	ring_buffer__consume(ring);
	is_int(errors, 1, "nobody is told of that");
	ring_buffer__free(ring);
}

/* ---- what goes out ---- */

/* Right, byte for byte, and the checksums for themselves */
static bool is_request(const struct packet *packet, __u64 number)
{
	static __u8 want[PACKET_MAX];
	struct packet_seen seen;
	const struct target *to = ping_target(&pinged.ping, number);
	__u64 sum = 0;

	request_write(&pinged.ping, number, want);
	if (packet->len != pinged.ping.len || memcmp(packet->data, want, packet->len) ||
	    packet_read(packet->data, packet->len, &seen))
		return false;
	if (six)
		sum = packet_pseudo_sum(&to->ends, IPPROTO_ICMPV6, seen.len);
	return !seen.bad_header && !seen.cut && seen.len == 8 + size &&
	       !packet_fold(packet_sum(seen.body, seen.len, sum));
}

/* Has the next number; @want is its verdict. */
static bool send_one(__u32 want, struct packet *out)
{
	struct packet in;
	__u64 sent = state->sent;

	memset(in.data, 0xa5, sizeof(in.data));
	in.len = pinged.ping.len;
	return progrun(sends, &in, out) == want && state->sent == sent + (want == XDP_REDIRECT);
}

static bool request_is_right(__u64 number)
{
	__u64 before = monotonic_ns(), *seen, *time;
	struct packet out;

	seen = (__u64 *)&state->seen[number % PING_SLOTS / 64];
	time = (__u64 *)&state->time[number % PING_SLOTS];
	*seen = ~0ULL;
	*time = 0;
	state->runs = 0; /* as a call begins */
	state->sent = number - 1;
	state->floor = number - 1;
	state->window = 1;
	state->limit = number;
	return send_one(XDP_REDIRECT, &out) && is_request(&out, number) && *time >= before &&
	       *time <= monotonic_ns() && *seen == (number % 64 ? ~0ULL : 0);
}

static void test_requests(void)
{
	static const __u64 from[] = { 1,	  65400,     131000, 0xffffff80, 0xfffffffff00ULL,
				      1ULL << 48, 1ULL << 62 };
	int wrong = 0;
	__u64 seed = 20261122, number;
	size_t i, j;

	reset();
	for (i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		for (j = 0; j < 300; j++)
			wrong += !request_is_right(from[i] + j);
	for (i = 0; i < 3000; i++) {
		number = (__u64)next_random(&seed) << 31 | next_random(&seed);
		wrong += !request_is_right(number >> number % 48 | 1);
	}
	if (!say(!wrong, "5100 requests, their times and bits"))
		printf("# %d are wrong\n", wrong);
}

/* The time of request @number, when the run of it began; 0: not sent */
static __u64 time_of(__u64 number)
{
	return send_one(XDP_REDIRECT, NULL) ? state->time[number % PING_SLOTS] : 0;
}

/* Four runs have one time, and no run of another call has it. */
static void test_clock(void)
{
	__u64 first, other;
	bool same = true;
	int i;

	reset();
	state->sent = 0;
	state->window = 100;
	state->limit = 100;
	state->runs = 0;
	first = time_of(1);
	for (i = 2; i <= PING_CLOCK_RUNS; i++)
		same &= time_of(i) == first;
	say(first && same, "four runs read the clock once");
	other = time_of(PING_CLOCK_RUNS + 1);
	say(other > first, "the fifth reads it again");
	state->runs = 0;
	say(time_of(PING_CLOCK_RUNS + 2) > other, "and the first of a call");
}

static void test_limits(void)
{
	struct packet in = { .len = pinged.ping.len - 1 };
	bool good = true;
	int i;

	reset();
	state->sent = 0;
	state->window = 3;
	state->limit = 10;
	for (i = 0; i < 3; i++)
		good &= send_one(XDP_REDIRECT, NULL);
	say(good && send_one(XDP_DROP, NULL), "no more than the window");
	state->answered = 1;
	say(send_one(XDP_REDIRECT, NULL) && send_one(XDP_DROP, NULL), "one more for an answer");
	state->floor = 3;
	say(send_one(XDP_REDIRECT, NULL) && send_one(XDP_REDIRECT, NULL) &&
		    send_one(XDP_DROP, NULL),
	    "two more, as two were given up");
	state->window = 100;
	for (i = 0; i < 4; i++)
		good &= send_one(XDP_REDIRECT, NULL);
	say(good && send_one(XDP_DROP, NULL) && state->sent == 10, "no more than the limit");
	state->limit = 20;
	say(progrun(sends, &in, NULL) == XDP_DROP && state->sent == 10,
	    "none in a frame that is too short");
}

/* Two targets in turn: each has counters of its own. */
static void test_two(int family)
{
	struct packet packet;

	begin(family, 56, 2);
	reset();
	say(request_is_right(SENT + 1) && request_is_right(SENT + 2), "two targets: in turn");
	reset();
	make_answer(&pinged, SENT, &packet);
	say(progrun(receives, &packet, NULL) == XDP_DROP && counts_of(1).received == 1 &&
		    !counts_of(0).received,
	    "two targets: an answer of the second one is its own");
	make_answer(&pinged, SENT - 1, &packet);
	counts_as(&packet, RECEIVED, "two targets: one of the first one");
	make_answer(&pinged, SENT - 3, &packet);
	packet.data[ETH_HLEN + (six ? 23 : 15)] = 3;
	packet.data[11] = 3;
	set_sums(&packet);
	counts_as(&packet, FOREIGN, "two targets: the other one answers");
	make_answer(&pinged, SENT - 2, &packet);
	packet.data[icmp_at(&packet) + 2] ^= 1;
	say(progrun(receives, &packet, NULL) == XDP_DROP && counts_of(1).damaged == 1 &&
		    !counts_of(0).damaged,
	    "two targets: what is damaged is of who has sent it");
	end();
}

/* Whoever sends an error: it is about one of them. */
static void test_two_errors(int family)
{
	__u8 type = family == AF_INET6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH;
	struct packet packet;

	begin(family, 56, 2);
	reset();
	make_error(&pinged, SENT, type, 500, &packet);
	say(progrun(receives, &packet, NULL) == XDP_DROP && counts_of(1).errors == 1 &&
		    !counts_of(0).errors,
	    "two targets: an error is of whom it is about");
	end();
}

static void test_size(int family, unsigned int bytes)
{
	begin(family, bytes, 1);
	test_right();
	test_late();
	test_damaged();
	test_data();
	test_header();
	test_addresses();
	test_errors();
	test_requests();
	test_clock();
	test_limits();
	end();
}

int main(void)
{
	static const unsigned int sizes[] = { 0, 7, 8, 16, 56, 128 };
	static const int families[] = { AF_INET, AF_INET6 };
	size_t i, j;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++)
			test_size(families[i], sizes[j]);
		test_two(families[i]);
		test_two_errors(families[i]);
	}
	return tap_done();
}
