/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What kernel headers do not define yet, those of Debian 12 (6.1) or older ones,
 * with the kernel version each came in. The number is
 * part of the kernel's interface and the same on every machine; whether the
 * running kernel knows it is another question, to be asked by trying.
 */
#ifndef LINUX_COMPAT_H
#define LINUX_COMPAT_H

#include <linux/bpf.h>
#include <linux/if_xdp.h>

/* Numbers that the kernel's header has in an enum, which #ifndef cannot see.
 * The enum is included above, so a macro of the same value does no harm.
 */
#define BPF_PROG_TYPE_NETFILTER 32 /* 6.4 */
#define BPF_NETFILTER 45 /* 6.4 */
#define BPF_TCX_INGRESS 46 /* 6.6 */
#define BPF_TCX_EGRESS 47 /* 6.6 */

#ifndef BPF_F_XDP_DEV_BOUND_ONLY
#define BPF_F_XDP_DEV_BOUND_ONLY (1U << 6) /* 6.3 */
#endif

/* AF_XDP: packets in several descriptors */
#ifndef XDP_USE_SG
#define XDP_USE_SG (1 << 4) /* 6.6 */
#endif
#ifndef XDP_PKT_CONTD
#define XDP_PKT_CONTD (1 << 0) /* 6.6 */
#endif

/* AF_XDP: wishes for a frame to be sent, in front of it */
#ifndef XDP_UMEM_TX_SW_CSUM
#define XDP_UMEM_TX_SW_CSUM (1 << 1) /* 6.8 */
#endif
#ifndef XDP_TX_METADATA
#define XDP_TX_METADATA (1 << 1) /* 6.8 */
#endif
#ifndef XDP_UMEM_TX_METADATA_LEN
#define XDP_UMEM_TX_METADATA_LEN (1 << 2) /* 6.11 */
#endif

#ifndef BPF_F_TEST_XDP_LIVE_FRAMES /* of BPF_PROG_RUN, 5.18 */
#define BPF_F_TEST_XDP_LIVE_FRAMES (1U << 1)
#endif

#endif /* LINUX_COMPAT_H */
