// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Results in a file: a few lines of comment, then a line a case. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "bench.h"
#include "log.h"

static void save_head(FILE *file)
{
	struct utsname uts = { 0 };

	uname(&uts);
	fprintf(file, "# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause\n");
	fprintf(file, "# Written by bench_user --save, read by --compare.\n");
	fprintf(file, "# kernel %s, %s\n", uts.release, uts.machine);
}

static void save_cases(FILE *file, const void *run)
{
	const struct bench *bench = run;
	const struct bench_case *one = bench->cases;
	int i;

	fprintf(file, "# %u rounds of %u runs on CPU %d, others used %.0f %% of all CPUs\n",
		bench->rounds, bench->repeat, bench->cpu, bench->foreign);
	fprintf(file, "# case program packet ns above jited verified\n");
	for (i = 0; i < bench->count; i++, one++)
		fprintf(file, "%s %s %s %.2f %.2f %u %u\n", one->name, one->program,
			one->packet.name, one->ns, one->above, one->jited, one->verified);
}

int stored_write(const char *path, stored_writer *save, const void *run)
{
	FILE *file = fopen(path, "we");
	int bad;

	if (!file)
		goto fail;
	save_head(file);
	save(file, run);
	bad = ferror(file);
	if (!fclose(file) && !bad)
		return 0;
fail:
	pr_err("cannot write '%s': %s", path, strerror(errno));
	return -EIO;
}

int stored_save(const struct bench *bench, const char *path)
{
	return stored_write(path, save_cases, bench);
}

static void take(void *run, const char *const word[3], double ns, double above)
{
	struct bench *bench = run;
	struct bench_case *one = bench->cases;
	int i;

	for (i = 0; i < bench->count; i++, one++) {
		if (strcmp(one->name, word[0]) || strcmp(one->program, word[1]) ||
		    strcmp(one->packet.name, word[2]))
			continue;
		one->old_ns = ns;
		one->old_above = above;
	}
}

int stored_find(const char *path, stored_taker *found, void *run)
{
	char line[512], name[128], program[128], packet[128];
	const char *const word[] = { name, program, packet };
	FILE *file = fopen(path, "re");
	int number = 0, err = 0;
	double ns, above;

	if (!file) {
		pr_err("cannot open '%s': %s", path, strerror(errno));
		return -EINVAL;
	}
	while (!err && fgets(line, sizeof(line), file)) {
		number++;
		if (*line == '#')
			continue;
		if (sscanf(line, "%127s %127s %127s %lf %lf", name, program, packet, &ns, &above) ==
		    5)
			found(run, word, ns, above);
		else
			err = -EINVAL;
	}
	fclose(file);
	if (err || !number)
		pr_err("bad line %d of '%s': not what --save writes", number, path);
	return number ? err : -EINVAL;
}

int stored_read(struct bench *bench, const char *path)
{
	return stored_find(path, take, bench);
}
