// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Maps with and without types, for testing01-prog-run to print. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct plain_key {
	__u8 bytes[7];
};

struct typed_key {
	int a;
	__u16 b[2];
};

struct typed_value {
	__u8 mac[6];
	__u16 port;
	struct {
		__u64 big;
		_Bool flag;
	} nested;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(key_size, sizeof(struct plain_key));
	__uint(value_size, 3);
	__uint(max_entries, 4);
} plain SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct typed_key);
	__type(value, struct typed_value);
	__uint(max_entries, 4);
} typed SEC(".maps");

/* Not to be added up: a value for each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __u32);
	__type(value, int);
	__uint(max_entries, 4);
} signed_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 4);
} devices SEC(".maps");

/* One that nobody can walk through. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 4);
} events SEC(".maps");

__u32 seen;

SEC("xdp")
int run_maps_func(struct xdp_md *ctx)
{
	struct plain_key plain_key = { { 1, 2, 3, 4, 5, 6, 7 } };
	struct typed_key typed_key = { .a = -5, .b = { 1, 2 } };
	struct typed_value value = { .mac = { 2, 0, 0, 0, 0, 1 }, .port = 80 };
	__u8 bytes[3] = { 10, 11, 12 };
	__u32 key = 3;
	int number = -7;

	value.nested.big = 1ULL << 40;
	value.nested.flag = 1;
	bpf_map_update_elem(&plain, &plain_key, bytes, BPF_ANY);
	bpf_map_update_elem(&typed, &typed_key, &value, BPF_ANY);
	bpf_map_update_elem(&signed_map, &key, &number, BPF_ANY);
	seen++;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
