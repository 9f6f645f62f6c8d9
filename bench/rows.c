// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Rows of results: read from tables, chosen, measured in rounds, printed, stored. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench.h"
#include "log.h"

/* Rows, and the tables they come from. */

static void append(struct bench *bench, struct row *row)
{
	if (bench->last)
		bench->last->next = row;
	else
		bench->first = row;
	bench->last = row;
}

void rows_add(struct bench *bench, void *rows, size_t size, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		append(bench, (struct row *)((char *)rows + i * size));
}

struct row *rows_new(struct bench *bench, size_t size, const char *line)
{
	struct row *row = calloc(1, size);

	if (!row)
		return NULL;
	row->line = strdup(line);
	append(bench, row);
	return row->line ? row : NULL;
}

/* Cuts @line at blanks into @fields words; the last one is the rest. */
static bool split(char *line, int fields, char *word[])
{
	int i;

	line[strcspn(line, "\n")] = '\0';
	for (i = 0; i < fields; i++) {
		line += strspn(line, " \t");
		word[i] = line;
		if (!*line)
			return false;
		line += i < fields - 1 ? strcspn(line, " \t") : 0;
		if (*line && i < fields - 1)
			*line++ = '\0';
	}
	return true;
}

int rows_read(struct bench *bench, const char *path, size_t size, int fields, row_reader *read)
{
	FILE *file = fopen(path, "re");
	int number = 0, err = 0;
	char line[512], *word[8];
	struct row *row;

	if (!file) {
		pr_err("cannot open '%s': %s", path, strerror(errno));
		return -EINVAL;
	}
	while (!err && fgets(line, sizeof(line), file)) {
		number++;
		if (*line == '#' || *line == '\n')
			continue;
		row = rows_new(bench, size, line);
		if (!row) {
			err = -ENOMEM;
		} else if (!split(row->line, fields, word)) {
			pr_err("bad line %d of the table of cases: not %d fields", number, fields);
			err = -EINVAL;
		} else {
			row->name = word[0];
			row->text = word[fields - 1];
			err = read(bench, row, word);
		}
	}
	fclose(file);
	return err;
}

struct row *rows_find(const struct bench *bench, const char *name)
{
	struct row *row;

	for (row = bench->first; row && strcmp(row->name, name);)
		row = row->next;
	return row;
}

struct row *rows_next(const struct bench *bench, const struct row *row)
{
	struct row *next = row ? row->next : bench->first;

	while (next && !next->chosen)
		next = next->next;
	return next;
}

/* The column that a goal is about, or -1. */
static int find_column(const struct kind *kind, const char *goal)
{
	int i;

	for (i = 0; i < kind->count; i++)
		if (kind->columns[i].goal && !strcmp(kind->columns[i].goal, goal))
			return i;
	return -1;
}

/* Choose this row, and what it is compared with. */
static int need(struct bench *bench, const char *name)
{
	struct row *row = rows_find(bench, name);
	int i, err = 0;

	if (!row) {
		pr_err("there is no case '%s', which another is compared with", name);
		return -EINVAL;
	}
	if (row->chosen)
		return 0;
	row->chosen = true;
	for (i = 0; !err && i < ROW_GOALS && row->goals[i].of; i++)
		if (find_column(bench->kind, row->goals[i].of) < 0)
			err = need(bench, row->goals[i].of);
	return err;
}

/* Each that @pattern fits; NULL fits all. Rows that are measured anyway are no choice. */
static int choose_by_pattern(struct bench *bench, const char *pattern)
{
	struct row *row;
	bool found = !pattern;
	int err = 0;

	for (row = bench->first; !err && row; row = row->next) {
		if (row->always || (pattern && fnmatch(pattern, row->name, 0)))
			continue;
		found = true;
		err = need(bench, row->name);
	}
	if (found)
		return err;
	/* A mistake. */
	pr_err("there is no case '%s'", pattern);
	return -EINVAL;
}

int rows_choose(struct bench *bench)
{
	const struct option_strings *only = &bench->opts->only;
	int i, err = only->count ? 0 : choose_by_pattern(bench, NULL);

	for (i = 0; !err && i < only->count; i++)
		err = choose_by_pattern(bench, only->at[i]);
	for (i = 0; !err && i < NEEDED_MAX && bench->kind->needed[i]; i++)
		err = need(bench, bench->kind->needed[i]);
	return err;
}

static void free_rows(struct bench *bench)
{
	struct row *row, *next;

	for (row = bench->first; row; row = next) {
		next = row->next;
		free(row->at);
		if (!row->line)
			continue;
		free(row->line);
		free(row->object);
		free(row);
	}
}

/* Rounds, and what comes of them. */

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

double median(double *values, unsigned int count)
{
	qsort(values, count, sizeof(*values), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double rows_ratio(const struct bench *bench, const struct row *row, const struct row *base)
{
	double ratios[ROUNDS_MAX];
	unsigned int i;

	for (i = 0; i < bench->rounds; i++)
		ratios[i] = row->at[i][row->about] / base->at[i][base->about];
	return median(ratios, bench->rounds);
}

static double find_figure(const struct bench *bench, const struct row *row, int column)
{
	const struct column *of = &bench->kind->columns[column];
	int about = of->over == OVER_BEST ? row->about : column;
	double values[ROUNDS_MAX], sum = 0;
	unsigned int i, last = bench->rounds - 1;

	for (i = 0; i < bench->rounds; i++)
		sum += values[i] = row->at[i][about];
	if (of->over == OVER_SUM)
		return sum;
	sum = median(values, bench->rounds);
	if (of->over == OVER_MEDIAN)
		return sum;
	return of->over == OVER_MAX || bench->kind->columns[about].is_rate ? values[last] :
									     values[0];
}

/* Of all rounds, when the last one is over. */
static void summarize(const struct bench *bench, struct row *row)
{
	const struct kind *kind = bench->kind;
	struct goal *goal = row->goals;
	struct row *base;
	int i;

	for (i = 0; i < kind->count; i++)
		row->figure[i] = kind->columns[i].over == OVER_NONE ? UNKNOWN :
								      find_figure(bench, row, i);
	if (kind->finish)
		kind->finish(bench, row);
	for (; goal < row->goals + ROW_GOALS && goal->of; goal++) {
		base = rows_find(bench, goal->of);
		goal->reached = base ? rows_ratio(bench, row, base) :
				       row->figure[find_column(kind, goal->of)];
	}
}

static int allocate(const struct bench *bench)
{
	struct row *row;
	unsigned int i;
	int j;

	for (row = rows_next(bench, NULL); row; row = rows_next(bench, row)) {
		row->at = calloc(bench->rounds, sizeof(*row->at));
		if (!row->at)
			return -ENOMEM;
		for (i = 0; i < bench->rounds; i++)
			for (j = 0; j < COLUMNS_MAX; j++)
				row->at[i][j] = UNKNOWN;
	}
	return 0;
}

/* What the machine's CPUs have done, in seconds since it was started. */
struct machine_use {
	double all, busy, own; /* own: of this process and its children */
};

static void read_stat(struct machine_use *use)
{
	double user, nice, system, idle, iowait, irq, softirq, steal;

	if (scan_file("/proc/stat", "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system,
		      &idle, &iowait, &irq, &softirq, &steal) != 8)
		return;
	use->busy = (user + nice + system + irq + softirq + steal) / (double)sysconf(_SC_CLK_TCK);
	use->all = use->busy + (idle + iowait) / (double)sysconf(_SC_CLK_TCK);
}

static double seconds_of(const struct rusage *use)
{
	return (double)(use->ru_utime.tv_sec + use->ru_stime.tv_sec) +
	       (double)(use->ru_utime.tv_usec + use->ru_stime.tv_usec) / 1e6;
}

static void read_use(struct machine_use *use)
{
	struct rusage own = { 0 };

	*use = (struct machine_use){ 0 };
	read_stat(use);
	getrusage(RUSAGE_SELF, &own);
	use->own = seconds_of(&own);
	getrusage(RUSAGE_CHILDREN, &own);
	use->own += seconds_of(&own);
}

/* % of all CPUs that others used meanwhile. */
static double other_load(const struct machine_use *before, const struct machine_use *after)
{
	double all = after->all - before->all;
	double others = after->busy - before->busy - (after->own - before->own);

	return all > 0 && others > 0 ? 100 * others / all : 0;
}

static int measure_rows(struct bench *bench)
{
	struct machine_use before, after;
	unsigned int round;
	struct row *row;
	int err = allocate(bench);

	read_use(&before);
	for (round = 0; !err && round < bench->rounds; round++)
		for (row = rows_next(bench, NULL); !err && row; row = rows_next(bench, row))
			err = bench->kind->measure(bench, row, round);
	read_use(&after);
	bench->other_load = other_load(&before, &after);
	for (row = rows_next(bench, NULL); !err && row; row = rows_next(bench, row))
		summarize(bench, row);
	return err;
}

/* The results on standard output: a table for people, or JSON, an object a line. */

/* The word of a row that stands in column @i in front of the figures. */
static const char *word_of(const struct row *row, int i)
{
	return i == 0 ? row->name : i == 1 ? row->program : row->packet;
}

static bool has_column(const struct bench *bench, const struct column *column)
{
	return bench->opts->compare || !column->compared;
}

static void print_titles(const struct bench *bench)
{
	const struct kind *kind = bench->kind;
	int i;

	for (i = 0; i < 3 && kind->words[i].title; i++)
		printf("%s%-*s", i ? " " : "", kind->words[i].width, kind->words[i].title);
	for (i = 0; i < kind->count; i++)
		if (has_column(bench, &kind->columns[i]))
			printf(" %*s", kind->columns[i].width, kind->columns[i].title);
	printf("%s\n", kind->behind);
}

static void print_row(const struct bench *bench, const struct row *row)
{
	const struct kind *kind = bench->kind;
	const struct goal *goal = row->goals;
	const struct column *column;
	int i;

	for (i = 0; i < 3 && kind->words[i].title; i++)
		printf("%s%-*s", i ? " " : "", kind->words[i].width, word_of(row, i));
	for (i = 0; i < kind->count; i++) {
		column = &kind->columns[i];
		if (!has_column(bench, column))
			continue;
		if (row->figure[i] > UNKNOWN)
			printf(" %*.*f", column->width, column->digits, row->figure[i]);
		else
			printf(" %*s", column->width, "-");
	}
	if (row->verdict)
		printf(" %s", row->verdict);
	if (kind->has_text)
		printf("  %s", row->text);
	for (; goal < row->goals + ROW_GOALS && goal->of; goal++)
		printf("%s%s %.2f (%.2f)",
		       kind->has_text	  ? "; " :
		       goal == row->goals ? "  " :
					    ", ",
		       goal->of, goal->reached, goal->wanted);
	printf("\n");
}

static void print_table(const struct bench *bench)
{
	const struct row *row;

	print_titles(bench);
	for (row = rows_next(bench, NULL); row; row = rows_next(bench, row))
		print_row(bench, row);
	for (row = bench->first; row; row = row->next)
		if (row->missing)
			printf("%-*s left out: it is not installed\n", bench->kind->words[0].width,
			       row->name);
	printf("\n");
	bench->kind->explain(bench);
}

static void json_goals(struct json *json, const struct row *row)
{
	const struct goal *goal;

	json_open(json, "goals", '[');
	for (goal = row->goals; goal < row->goals + ROW_GOALS && goal->of; goal++) {
		json_open(json, NULL, '{');
		json_text(json, "of", goal->of);
		json_number(json, "goal", true, goal->wanted);
		json_number(json, "reached", true, goal->reached);
		json_close(json);
	}
	json_close(json);
}

static void json_figures(struct json *json, const struct bench *bench, const struct row *row)
{
	const struct kind *kind = bench->kind;
	const struct column *column;
	int i;

	if (row->verdict)
		json_text(json, "verdict", row->verdict);
	for (i = 0; i < kind->count; i++) {
		column = &kind->columns[i];
		if (column->key && has_column(bench, column))
			json_number(json, column->key, row->figure[i] > UNKNOWN,
				    row->figure[i] * (column->scale > 0 ? column->scale : 1));
	}
	if (kind->json)
		kind->json(json, row);
	if (kind->has_goals)
		json_goals(json, row);
}

static void json_row(struct json *json, const struct bench *bench, const struct row *row)
{
	const struct kind *kind = bench->kind;

	json_open(json, NULL, '{');
	json_text(json, kind->words[0].key, row->name);
	json_text(json, "text", row->text);
	if (kind->words[1].key) {
		json_text(json, "object", row->object ? row->object : "");
		json_text(json, kind->words[1].key, row->program);
		json_text(json, kind->words[2].key, row->packet);
	}
	if (row->missing)
		json_member(json, "left_out", "true");
	else
		json_figures(json, bench, row);
	json_close(json);
}

static void print_json(const struct bench *bench)
{
	struct json json = { .out = stdout };
	struct utsname uts = { 0 };
	const struct row *row;

	uname(&uts);
	for (row = bench->first; row; row = row->next)
		if (row->chosen || row->missing)
			json_row(&json, bench, row);
	json_open(&json, NULL, '{');
	json_text(&json, "kernel", uts.release);
	json_number(&json, "foreign_percent", true, bench->other_load);
	if (bench->seconds > 0)
		json_number(&json, "seconds", true, bench->seconds);
	json_member(&json, "cpu", "%d", bench->cpu);
	if (bench->other_cpu >= 0)
		json_member(&json, "other_cpu", "%d", bench->other_cpu);
	json_member(&json, "rounds", "%u", bench->rounds);
	if (bench->repeat)
		json_member(&json, "repeat", "%u", bench->repeat);
	if (bench->kind->frame_len)
		json_member(&json, "frame_length", "%u", bench->kind->frame_len);
	json_close(&json);
}

static int print_rows(const struct bench *bench)
{
	if (bench->opts->json)
		print_json(bench);
	else if (log_shows(LOG_LEVEL_INFO))
		print_table(bench);
	return output_flush();
}

/* Files of results: a few lines of comment, then a line a row. */

static int save_rows(const struct bench *bench, const char *path)
{
	FILE *file = fopen(path, "we");
	struct utsname uts = { 0 };
	const struct row *row;
	int bad;

	if (!file)
		goto fail;
	uname(&uts);
	fprintf(file, "# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause\n");
	fprintf(file, "# Written by bench_user --save, read by --compare.\n");
	fprintf(file, "# kernel %s, %s\n", uts.release, uts.machine);
	bench->kind->save_run(file, bench);
	for (row = rows_next(bench, NULL); row; row = rows_next(bench, row)) {
		fprintf(file, "%s %s %s ", row->name, row->program, row->packet);
		bench->kind->save(file, row);
	}
	bad = ferror(file);
	if (!fclose(file) && !bad)
		return 0;
fail:
	pr_err("cannot write '%s': %s", path, strerror(errno));
	return -EIO;
}

/* One line of such a file, for the row of these words, if there is one. */
static bool read_saved(const struct bench *bench, const char *line)
{
	char name[128], program[128], packet[128];
	struct row *row;
	double old[2];

	if (sscanf(line, "%127s %127s %127s %lf %lf", name, program, packet, &old[0], &old[1]) != 5)
		return false;
	for (row = rows_next(bench, NULL); row; row = rows_next(bench, row))
		if (!strcmp(row->name, name) && !strcmp(row->program, program) &&
		    !strcmp(row->packet, packet))
			memcpy(row->old, old, sizeof(old));
	return true;
}

static int read_compared(struct bench *bench, const char *path)
{
	FILE *file = fopen(path, "re");
	bool good = true;
	char line[512];
	int number = 0;

	if (!file) {
		pr_err("cannot open '%s': %s", path, strerror(errno));
		return -EINVAL;
	}
	while (good && fgets(line, sizeof(line), file)) {
		number++;
		good = *line == '#' || read_saved(bench, line);
	}
	fclose(file);
	if (good && number)
		return 0;
	pr_err("bad line %d of '%s': not what --save writes", number, path);
	return -EINVAL;
}

/* The tree this command was built in. */
static int find_top(char *top, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", top, size - 1);
	int i;

	top[len > 0 ? len : 0] = '\0';
	for (i = 0; i < 2; i++) {
		if (!strrchr(top, '/')) {
			pr_err("cannot find the folder of this command");
			return -EIO;
		}
		*strrchr(top, '/') = '\0';
	}
	return 0;
}

int bench_run(struct bench *bench)
{
	const struct bench_opts *opts = bench->opts;
	int err = find_top(bench->top, sizeof(bench->top));

	if (!err)
		err = bench->kind->read(bench);
	/* Here and not later: a file that cannot be read costs no time. */
	if (!err && opts->compare)
		err = read_compared(bench, opts->compare);
	if (!err)
		err = bench->kind->open(bench);
	if (!err)
		err = measure_rows(bench);
	if (!err)
		err = print_rows(bench);
	if (!err && opts->save)
		err = save_rows(bench, opts->save);
	bench->kind->close(bench);
	free_rows(bench);
	return err;
}
