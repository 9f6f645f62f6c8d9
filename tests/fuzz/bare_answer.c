// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The command is one file, and so is static what it does: all of it is taken, but its main(). */
#include "bare_answer.h"

#define main bare_main
#include "af_xdp_bare_user.c"

bool bare_answer(void *packet, unsigned int len)
{
	return answer(packet, len);
}
