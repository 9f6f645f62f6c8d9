// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The last line: what there is, and what there is not. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "capture.h"
#include "json.h"
#include "log.h"

static void print_line(FILE *out, const struct capture *capture, const struct sample_counts *counts,
		       const char *name)
{
	fprintf(out, "%llu packet samples", capture->stored);
	if (*name)
		fprintf(out, " stored in %s", name);
	fprintf(out, ", %llu lost\n", counts->lost);
}

static void print_json(FILE *out, const struct capture *capture, const struct sample_counts *counts,
		       const char *name)
{
	fprintf(out, "{\"time\": %lld, \"ifname\": ", (long long)time(NULL));
	json_string(out, capture->opts->dev.name);
	fputs(", \"file\": ", out);
	if (*name)
		json_string(out, name);
	else
		fputs("null", out);
	fprintf(out, ", \"packets\": %llu, \"filtered\": %llu, \"lost\": %llu, \"seen\": %llu}\n",
		capture->stored, capture->filtered, counts->lost, counts->seen);
}

int capture_report(struct capture *capture)
{
	const char *file = capture->opts->file;
	FILE *out = file && !strcmp(file, "-") ? stderr : stdout;
	char name[STORE_NAME_MAX] = "";
	struct sample_counts counts;
	int err = source_counts(&capture->source, &counts);

	if (err)
		return err;
	if (file)
		store_name(&capture->store, name, sizeof(name));
	if (capture->opts->json)
		print_json(out, capture, &counts, name);
	else if (log_shows(LOG_LEVEL_INFO))
		print_line(out, capture, &counts, name);
	return output_flush();
}
