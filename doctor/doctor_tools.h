/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The tools that the lessons, the lab and the tests run. */
#ifndef DOCTOR_TOOLS_H
#define DOCTOR_TOOLS_H

#include <stdbool.h>

struct wanted_tool {
	const char *name;
	const char *setting; /* what config.mk calls it, or NULL */
	const char *ask; /* arguments that make it tell its version */
	const char *package; /* its name in packages.sh */
	const char *lessons;
	const char *purpose;
	bool basic;
};

/* Ends with a line that has no name. */
extern const struct wanted_tool wanted_tools[];

#endif /* DOCTOR_TOOLS_H */
