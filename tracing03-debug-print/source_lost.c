// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Lines that are lost, as the buffers count them: a line that says so in the
 * pipe could be anybody's.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source.h"

#define PER_CPU "per_cpu"

/* What the statistics of each CPU's buffer call lines that are lost. */
static const char *const losses[] = { "overrun:", "commit overrun:", "dropped events:" };

/* The lost lines of one CPU. */
static unsigned long long lost_on(int folder, const char *cpu)
{
	unsigned long long lost = 0, n;
	char text[128];
	FILE *file;
	size_t i;
	int fd;

	snprintf(text, sizeof(text), PER_CPU "/%.32s/stats", cpu);
	fd = openat(folder, text, O_RDONLY | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!file) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (fgets(text, sizeof(text), file))
		for (i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
			if (!strncmp(text, losses[i], strlen(losses[i])) &&
			    sscanf(text + strlen(losses[i]), "%llu", &n) == 1)
				lost += n;
	fclose(file);
	return lost;
}

unsigned long long source_lost(const struct source *source)
{
	int fd = openat(source->folder, PER_CPU, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	unsigned long long lost = 0;
	struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, "cpu", 3))
			lost += lost_on(source->folder, entry->d_name);
	closedir(dir);
	return lost - source->lost_before;
}
