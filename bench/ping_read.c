// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What ping(8), nping and xdp_ping_user say in the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ping.h"

#define US_PER_MS 1e3

/* Round trips, when @received of @sent have come back in @seconds. */
static void take(struct ping_figures *at, double sent, double received, double seconds)
{
	at->lost = sent - received;
	at->mpps = received / seconds / 1e6;
}

/* "N packets transmitted, N received, 0% packet loss, time 296ms", and
 * "rtt min/avg/max/mdev = 0.004/0.004/0.130/0.002 ms, ..."
 */
void ping_read_ping(struct ping_figures *at, const char *line)
{
	const char *time = strstr(line, ", time ");
	double sent, received, ms;

	if (time && sscanf(line, "%lf packets transmitted, %lf received", &sent, &received) == 2) {
		ms = strtod(time + strlen(", time "), NULL);
		/* It knows nothing less. */
		take(at, sent, received, (ms < 1 ? 1 : ms) / 1e3);
	}
	if (sscanf(line, "rtt min/avg/max/mdev = %*f/%lf/%lf/", &at->avg, &at->max) == 2) {
		at->avg *= US_PER_MS;
		at->max *= US_PER_MS;
	}
}

/* "Raw packets sent: N (...", and "Tx time: 0.27563s | ...". What is received
 * is counted elsewhere, and until then all of it is.
 */
void ping_read_nping(struct ping_figures *at, const char *line)
{
	double number;

	if (sscanf(line, "Raw packets sent: %lf", &number) == 1)
		take(at, number, number, 1);
	if (sscanf(line, "Tx time: %lf", &number) == 1 && number > 0)
		at->mpps /= number;
}

/* The number behind the first @text. */
static double find(const char *line, const char *text)
{
	const char *at = strstr(line, text);

	return at ? strtod(at + strlen(text), NULL) : -1;
}

void ping_read_own(struct ping_figures *at, const char *line)
{
	double sent = find(line, "\"transmitted\": ");
	double received = find(line, "\"received\": ");
	double pps = find(line, "\"pps\": ");

	if (sent <= 0 || pps <= 0)
		return;
	/* That is of requests. */
	take(at, sent, received, sent / pps);
	at->avg = find(line, "\"avg\": ");
	at->p50 = find(line, "\"p50\": ");
	at->p99 = find(line, "\"p99\": ");
	at->max = find(line, "\"max\": ");
}
