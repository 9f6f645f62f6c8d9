/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How a line of ours begins, for the kernel and for the user side. */
#ifndef XDP_PRINT_H
#define XDP_PRINT_H

/* Then come a blank, the run's tag in hexadecimal, and a colon. */
#define PRINT_MARK "xdp_print"

#endif /* XDP_PRINT_H */
