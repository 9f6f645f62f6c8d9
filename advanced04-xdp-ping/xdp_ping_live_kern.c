// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The live engine: one program completes requests in frames that the kernel
 * makes (BPF_PROG_RUN), the other checks and counts the answers that come in.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "forward_helpers.h"
#include "match_kern.h"
#include "parsing_helpers.h"
#include "xdp_ping.h"
#include "xdp_stats_kern.h"

const volatile struct ping_settings ping;

/* How far the run is: shared by the programs and the command. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_state);
} ping_state_map SEC(".maps");

/* Each target's frame, and what each CPU has counted of its answers. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_frame);
} ping_frame_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_counts);
} ping_count_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_hist);
} ping_hist_map SEC(".maps");

/* ICMP errors: they are few, and the command shows each. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} ping_error_map SEC(".maps");

/* The interface through which the requests leave. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} ping_dev_map SEC(".maps");

static __always_inline struct ping_state *live_state(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&ping_state_map, &key);
}

/* The target of request @number. */
static __always_inline __u32 live_target(__u64 number)
{
	return ping.targets > 1 ? (__u32)((number - 1) % ping.targets) : 0;
}

/* Where ICMP begins: a constant to the verifier, as a setting decides. */
static __always_inline __u32 live_head(void)
{
	return ping.ipv6 ? sizeof(struct ethhdr) + sizeof(struct ipv6hdr) :
			   sizeof(struct ethhdr) + sizeof(struct iphdr);
}

/* The sum of a number's 16-bit words; 0 if the data have no room for it. */
static __always_inline __u32 live_number_sum(__u64 number)
{
	if (ping.size < sizeof(number))
		return 0;
	return (number & 0xffff) + ((number >> 16) & 0xffff) + ((number >> 32) & 0xffff) +
	       (number >> 48);
}

/*
 * The sum of the 16-bit words of @len bytes, four at a time: their carries meet
 * in the upper half. The verifier knows @len, and removes the code for the rest.
 */
static __always_inline __u64 live_sum(const void *data, __u32 len)
{
	const __u64 *eight = data;
	const void *at = data + (len & ~7U);
	__u64 sum = 0;
	int i;

#pragma unroll
	for (i = 0; i < (PING_SIZE_MAX + 8) / 8; i++)
		if ((i + 1) * sizeof(*eight) <= len)
			sum += (eight[i] & 0xffffffff) + (eight[i] >> 32);
	if (len & 4)
		sum += *(const __u32 *)at;
	if (len & 2)
		sum += *(const __u16 *)(at + (len & 4));
	if (len & 1) /* first byte of a word whose second is 0 */
		sum += bpf_htons(*(const __u8 *)(at + (len & 6)) << 8);
	return sum;
}

/* The checksum that belongs to such a sum. */
static __always_inline __u16 live_fold(__u64 sum)
{
	return csum_fold_helper((sum & 0xffff) + ((sum >> 16) & 0xffff) + (sum >> 32));
}

/* The page has been used before, so all of the frame is written again. */
static __always_inline void request_write_frame(void *data, __u32 len,
						const struct ping_frame *frame)
{
	int i;

#pragma unroll
	for (i = 0; i < PING_WORDS; i++)
		if ((i + 1) * sizeof(__u64) <= len)
			((__u64 *)data)[i] = frame->word[i];
	len -= sizeof(__u64);
	if (len < sizeof(*frame) - sizeof(__u64))
		*(__u64 *)(data + len) = *(__u64 *)((void *)frame + len);
}

/* Sequence and number, which differ from request to request, and the checksum. */
static __always_inline void request_write_number(struct icmphdr *icmph, __u64 number, __u32 sum)
{
	__be16 sequence = bpf_htons(number);

	icmph->un.echo.sequence = sequence;
	sum += sequence + live_number_sum(number);
	if (ping.size >= sizeof(number))
		*(__u64 *)(icmph + 1) = number;
	icmph->checksum = csum_fold_helper(sum);
}

/*
 * The time of a request. Reading the clock takes as long as making a request,
 * and the frames of a batch, a multiple of four, follow each other at once: the
 * first of four runs reads it. The command begins each call at run 0.
 */
static __always_inline void request_begin_run(struct ping_state *state)
{
	if (!(state->runs++ % PING_CLOCK_RUNS))
		state->clock = 0;
}

static __always_inline __u64 request_time(struct ping_state *state)
{
	if (!state->clock)
		state->clock = bpf_ktime_get_ns();
	return state->clock;
}

/* Runs on each frame that the kernel makes; one that it drops was not sent. */
SEC("xdp")
int xdp_ping_send_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ping_state *state = live_state();
	struct ping_frame *frame;
	__u64 number, done;
	__u32 target, action;

	if (!state || !ping.len || data + ping.len > data_end)
		return XDP_DROP; /* cannot be: for the verifier */
	request_begin_run(state);
	number = state->sent + 1;
	done = state->answered > state->floor ? state->answered : state->floor;
	target = live_target(number);
	frame = bpf_map_lookup_elem(&ping_frame_map, &target);
	if (number > state->limit || number > done + state->window || !frame)
		return XDP_DROP;
	request_write_frame(data, ping.len, frame);
	request_write_number(data + live_head(), number, frame->sum);
	if (!(number & 63))
		state->seen[number % PING_SLOTS / 64] = 0;
	state->time[number % PING_SLOTS] = request_time(state);
	/* XDP_DROP: the interface is gone, and its element with it. */
	action = bpf_redirect_map(&ping_dev_map, 0, XDP_DROP);
	if (action == XDP_REDIRECT)
		state->sent = number;
	return action;
}

enum answer {
	ANSWER_NONE, /* no answer, or a damaged one: the rules decide */
	ANSWER_GOOD,
	ANSWER_FOREIGN, /* from or to other addresses */
};

/* Compares six bytes in two pieces. */
static __always_inline int mac_differs(const void *a, const void *b)
{
	return *(const mac_u32 *)a != *(const mac_u32 *)b ||
	       *(const mac_u16 *)(a + 4) != *(const mac_u16 *)(b + 4);
}

/* An answer has the request's addresses, exchanged. */
static __always_inline int answer_is_from(const struct ping_frame *frame, void *data)
{
	const struct ethhdr *ours = (const void *)frame->word, *eth = data;
	const struct ipv6hdr *our_ip6 = (const void *)(ours + 1);
	const struct ipv6hdr *ip6h = (const void *)(eth + 1);
	const struct iphdr *our_ip = (const void *)(ours + 1);
	const struct iphdr *iph = (const void *)(eth + 1);
	int i;

	if (mac_differs(eth->h_dest, ours->h_source) ||
	    (!frame->any_mac && mac_differs(eth->h_source, ours->h_dest)))
		return 0;
	if (!ping.ipv6)
		return iph->saddr == our_ip->daddr && iph->daddr == our_ip->saddr;
#pragma unroll
	for (i = 0; i < 4; i++)
		if (ip6h->saddr.s6_addr32[i] != our_ip6->daddr.s6_addr32[i] ||
		    ip6h->daddr.s6_addr32[i] != our_ip6->saddr.s6_addr32[i])
			return 0;
	return 1;
}

/* ICMP without IP options, not a fragment, as long as a request. */
static __always_inline int answer_has_ipv4(const struct iphdr *iph)
{
	return iph->version == 4 && iph->ihl * 4 == sizeof(*iph) && iph->protocol == IPPROTO_ICMP &&
	       !ip_is_fragment(iph) &&
	       bpf_ntohs(iph->tot_len) == sizeof(*iph) + sizeof(struct icmphdr) + ping.size;
}

static __always_inline int answer_has_ipv6(const struct ipv6hdr *ip6h)
{
	return ip6h->version == 6 && ip6h->nexthdr == IPPROTO_ICMPV6 &&
	       bpf_ntohs(ip6h->payload_len) == sizeof(struct icmphdr) + ping.size;
}

/*
 * An echo reply with our id and the expected headers? Anything else goes to the
 * rules, which take longer.
 */
static __always_inline int answer_has_head(void *data, const struct icmphdr *icmph)
{
	const struct ethhdr *eth = data;
	const void *ip = eth + 1;

	if (ping.ipv6)
		return eth_proto(eth) == bpf_htons(ETH_P_IPV6) && answer_has_ipv6(ip) &&
		       icmph->un.echo.id == ping.id && icmph->type == ICMPV6_ECHO_REPLY;
	return eth_proto(eth) == bpf_htons(ETH_P_IP) && answer_has_ipv4(ip) &&
	       icmph->un.echo.id == ping.id && icmph->type == ICMP_ECHOREPLY &&
	       !live_fold(live_sum(ip, sizeof(struct iphdr)));
}

/*
 * The number of the request that is answered, or 0 if no such one was sent. The
 * sequence is its lower 16 bits; data with room for it begin with all of it.
 */
static __always_inline __u64 answer_number(const struct ping_state *state,
					   const struct icmphdr *icmph)
{
	__u16 sequence = bpf_ntohs(icmph->un.echo.sequence);
	const __u64 *data = (const void *)(icmph + 1);
	__u64 sent = state->sent, number;

	number = ping.size >= 8 ? data[0] : sent - (__u16)(sent - sequence);
	if (ping.size >= 16 && data[1] != ping.cookie)
		return 0;
	return (__u16)number == sequence && number <= sent ? number : 0;
}

/*
 * Checksum and contents: an answer has the request's data, so its checksum is
 * known beforehand; and it must fit the bytes that are there.
 */
static __always_inline int answer_is_undamaged(const struct ping_frame *frame,
					       const struct icmphdr *icmph, __u64 number)
{
	__u64 sum = frame->sum + live_number_sum(number) + icmph->un.echo.sequence +
		    icmph->checksum;

	/* The types differ: 8 and 0, 128 and 129. */
	sum += ping.ipv6 ? bpf_htons(1 << 8) : 0xffff - bpf_htons(8 << 8);
	if (live_fold(sum))
		return 0;
	sum = live_sum(icmph, sizeof(*icmph) + ping.size) + frame->pseudo;
	return !live_fold(sum);
}

/* Count it as the first answer in time, as a duplicate, or as late. */
static __always_inline void answer_count(struct ping_state *state, __u64 number,
					 struct ping_counts *counts)
{
	__u64 now = bpf_ktime_get_ns(), bit = 1ULL << (number & 63), ns, seen;
	__u32 slot = number & (PING_SLOTS - 1), key = 0, bucket;
	struct ping_hist *hist;

	/* Too old: the word of its bit may have been cleared for others by now. */
	if (number + PING_SLOTS - 64 <= state->sent) {
		counts->late++;
		return;
	}
	seen = __sync_fetch_and_or(&state->seen[slot / 64], bit);
	ns = now - state->time[slot];
	if (number > state->answered)
		state->answered = number;
	if (seen & bit) {
		counts->duplicates++;
		return;
	}
	hist = bpf_map_lookup_elem(&ping_hist_map, &key);
	if (ns > ping.late || !hist) {
		counts->late++;
		return;
	}
	bucket = hist_index(ns);
	hist->bucket[bucket]++;
	if (!counts->received || ns < counts->min)
		counts->min = ns;
	if (ns > counts->max)
		counts->max = ns;
	counts->sum += ns;
	counts->received++;
}

/* Check all of a packet, and count it if it is an answer. */
static __always_inline enum answer answer_check(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ping_state *state = live_state();
	__u32 head = live_head(), target;
	struct icmphdr *icmph = data + head;
	struct ping_counts *counts;
	struct ping_frame *frame;
	__u64 number;

	if (!ping.len || data + ping.len > data_end || !state || !answer_has_head(data, icmph))
		return ANSWER_NONE;
	number = answer_number(state, icmph);
	target = live_target(number);
	frame = bpf_map_lookup_elem(&ping_frame_map, &target);
	counts = bpf_map_lookup_elem(&ping_count_map, &target);
	if (!number || !frame || !counts)
		return ANSWER_NONE;
	if (!answer_is_from(frame, data)) {
		counts->foreign++;
		return ANSWER_FOREIGN;
	}
	if (icmph->code || !answer_is_undamaged(frame, icmph, number))
		return ANSWER_NONE;
	answer_count(state, number, counts);
	return ANSWER_GOOD;
}

/* An ICMP error moves the window of a flood as an answer does. */
static __always_inline void move_window(__u16 sequence)
{
	struct ping_state *state = live_state();
	__u64 number;

	if (!state)
		return;
	number = state->sent - (__u16)(state->sent - sequence);
	if (number > state->answered && number <= state->sent)
		state->answered = number;
}

/* An ICMP error about a request, or a damaged answer. */
static __always_inline void count_wrong(const struct match *match, __u32 target)
{
	struct ping_counts *counts;
	struct ping_error *error;

	counts = bpf_map_lookup_elem(&ping_count_map, &target);
	if (!counts)
		return;
	if (match->is_reply) {
		counts->damaged++;
		return;
	}
	counts->errors++;
	move_window(bpf_ntohs(match->sequence));
	error = bpf_ringbuf_reserve(&ping_error_map, sizeof(*error), 0);
	if (!error)
		return;
	error->from = match->from;
	error->peer = match->rule.peer;
	error->target = target;
	error->sequence = bpf_ntohs(match->sequence);
	error->type = match->rule.type;
	error->code = match->code;
	bpf_ringbuf_submit(error, 0);
}

/* Returns 1 for a packet that is ours by the rules: counted, and not for the stack. */
static __always_inline int take_by_rules(struct xdp_md *ctx)
{
	struct match match = {};
	struct ping_hit *hit;

	if (!match_packet(ctx, &match))
		return 0;
	hit = match_rule(&match);
	if (!hit || hit->action != PING_TAKE)
		return 0;
	count_wrong(&match, hit->target);
	return 1;
}

/* Answers, and ICMP errors about requests, end here; the rest is for the stack. */
SEC("xdp")
int xdp_ping_live_func(struct xdp_md *ctx)
{
	enum answer answer = answer_check(ctx);
	__u32 action = XDP_PASS;

	if (answer == ANSWER_GOOD || (answer == ANSWER_NONE && take_by_rules(ctx)))
		action = XDP_DROP;
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
