/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What af_xdp_bare_user of advanced03-AF_XDP does with a packet, for tests of that. */
#ifndef BARE_ANSWER_H
#define BARE_ANSWER_H

#include <stdbool.h>

/* Its answer(): make the echo request at @packet its answer. False: it is none. */
bool bare_answer(void *packet, unsigned int len);

#endif /* BARE_ANSWER_H */
