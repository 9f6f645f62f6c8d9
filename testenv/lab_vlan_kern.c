/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The VLAN of a lab (testenv.sh setup --vlan ID), made by two tc programs on
 * each end instead of a VLAN device: no kernel module is needed.
 *
 * What leaves an end gets the tag. What arrives loses it after XDP has seen it,
 * so that the stack never knows. A frame with another tag goes up as it came.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define VLAN_ID_MASK 0x0fff

/* The loader sets it before the program is loaded. */
const volatile __u16 lab_vlan_id = 1;

SEC("tc")
int tc_lab_push(struct __sk_buff *skb)
{
	if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), lab_vlan_id))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

SEC("tc")
int tc_lab_pop(struct __sk_buff *skb)
{
	if (!skb->vlan_present || (skb->vlan_tci & VLAN_ID_MASK) != lab_vlan_id)
		return TC_ACT_OK;
	if (bpf_skb_vlan_pop(skb))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
