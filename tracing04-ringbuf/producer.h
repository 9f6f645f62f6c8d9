/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One thread of a load. */
#ifndef PRODUCER_H
#define PRODUCER_H

#include <pthread.h>

#include "load.h"

/* A thread, the CPUs it goes to, and its share of the load. */
struct producer {
	struct load *load;
	pthread_t thread;
	unsigned int first, cpus; /* places in load->cpus */
	double rate; /* 0: as fast as it goes */
	double limit; /* packets; 0: none */
	double sent, ns;
	int err;
};

/* What the thread does, with a struct producer. */
void *producer_run(void *arg);

#endif /* PRODUCER_H */
