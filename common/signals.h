/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Ending in an orderly way: SIGINT, SIGTERM and SIGHUP are held back while a
 * command works, and asked for when it has time. No handler, no global flag,
 * and no moment at which a signal could be missed. Those
 * that are ignored stay ignored. Taught in basic03-map-counter.
 */
#ifndef COMMON_SIGNALS_H
#define COMMON_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Hold the three signals back; *@old is for signals_restore(). 0 or -errno. */
int signals_hold(sigset_t *old);

/* Whether one of them has come. It stays to be collected. */
bool signals_pending(void);

/*
 * Sleep for @seconds, or until one of the signals comes: then it is collected
 * and true returned. Time spent here is not exact: measure it.
 */
bool signals_wait(double seconds);

/*
 * A descriptor for poll(2), for the caller to close: it can be read from when
 * one of the signals has come, which signals_wait() then collects. -errno on
 * error.
 */
int signals_fd(void);

/* Drop those that have come and not been collected; stop holding back. */
void signals_restore(const sigset_t *old);

#endif /* COMMON_SIGNALS_H */
