// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Lists of CPUs, in the notation of /sys/devices/system/cpu. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpus.h"

#define LINE_MAX_LEN 16384

/* A number at *@text, which is moved behind it. Returns 0 or -errno. */
static int read_number(const char **text, unsigned int *number)
{
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	value = strtoul(*text, &end, 10);
	*text = end;
	if (value >= CPUS_MAX)
		return -ERANGE;
	*number = (unsigned int)value;
	return 0;
}

/* A number or a range at *@text. */
static int read_range(const char **text, bool *wanted)
{
	unsigned int first, last;
	int err = read_number(text, &first);

	if (err)
		return err;
	last = first;
	if (**text == '-') {
		++*text;
		err = read_number(text, &last);
	}
	if (err || last < first)
		return err ? err : -EINVAL;
	memset(wanted + first, true, last - first + 1);
	return 0;
}

int cpus_parse(const char *text, struct cpus *cpus)
{
	bool wanted[CPUS_MAX] = { false };
	unsigned int i;
	int err;

	for (;;) {
		err = read_range(&text, wanted);
		if (err)
			return err;
		if (!*text)
			break;
		if (*text++ != ',')
			return -EINVAL;
	}
	cpus->count = 0;
	for (i = 0; i < CPUS_MAX; i++)
		if (wanted[i])
			cpus->cpu[cpus->count++] = i;
	return 0;
}

int cpus_read(const char *kind, struct cpus *cpus)
{
	char path[64], line[LINE_MAX_LEN];
	FILE *file;
	int err = 0;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/%s", kind);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (!fgets(line, sizeof(line), file))
		err = -ENODATA;
	fclose(file);
	if (err)
		return err;
	line[strcspn(line, "\n")] = '\0';
	return cpus_parse(line, cpus);
}

unsigned int cpus_index(const struct cpus *cpus, unsigned int cpu)
{
	unsigned int i = 0;

	while (i < cpus->count && cpus->cpu[i] != cpu)
		i++;
	return i;
}

bool cpus_has(const struct cpus *cpus, unsigned int cpu)
{
	return cpus_index(cpus, cpu) < cpus->count;
}

const char *cpus_format(const struct cpus *cpus, char *text, size_t size)
{
	unsigned int i, first, last;
	size_t len = 0;

	*text = '\0';
	for (i = 0; i < cpus->count && len < size; i++) {
		first = last = cpus->cpu[i];
		while (i + 1 < cpus->count && cpus->cpu[i + 1] == last + 1)
			last = cpus->cpu[++i];
		len += (size_t)snprintf(text + len, size - len, first == last ? "%s%u" : "%s%u-%u",
					len ? "," : "", first, last);
	}
	return text;
}
