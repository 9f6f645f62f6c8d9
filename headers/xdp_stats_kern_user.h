/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What programs that count and commands that show the counters agree on. */
#ifndef XDP_STATS_KERN_USER_H
#define XDP_STATS_KERN_USER_H

#include <linux/bpf.h>
#include <linux/types.h>

/* The value of xdp_stats_map on one CPU */
struct datarec {
	__u64 rx_packets;
	__u64 rx_bytes;
};

/* The number of verdicts, which are the keys of xdp_stats_map */
#define XDP_ACTION_MAX (XDP_REDIRECT + 1)

/* The name of a verdict; "XDP_UNKNOWN" for a number that is none. */
static inline const char *action2str(__u32 action)
{
	switch (action) {
	case XDP_ABORTED:
		return "XDP_ABORTED";
	case XDP_DROP:
		return "XDP_DROP";
	case XDP_PASS:
		return "XDP_PASS";
	case XDP_TX:
		return "XDP_TX";
	case XDP_REDIRECT:
		return "XDP_REDIRECT";
	}
	return "XDP_UNKNOWN";
}

#endif /* XDP_STATS_KERN_USER_H */
