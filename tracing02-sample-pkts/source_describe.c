// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a capture file says of where its packets were sampled. */
#include <stdio.h>

#include "source.h"

static void add(struct source *source, enum sample_place place, const char *name, const char *where,
		const char *prog)
{
	unsigned int i = source->setup.count++;

	snprintf(source->text[place], sizeof(source->text[place]), "%s%s", where, prog);
	source->interface[place] = i;
	source->setup.interfaces[i] = (struct capfile_interface){
		.name = name,
		.description = source->text[place],
	};
}

void source_describe(struct source *source, const struct sample_opts *opts)
{
	const char *name = opts->dev.name;

	source->setup = (struct capfile_setup){ .snaplen = opts->snaplen };
	if (source->behind.at.prog)
		add(source, SAMPLE_XDP, name, "before ", xdp_program__name(source->behind.at.prog));
	else if (source->at.prog)
		add(source, SAMPLE_XDP, name, "", xdp_program__name(source->at.prog));
	if (source->trace.links[SAMPLE_ENTRY])
		add(source, SAMPLE_ENTRY, name, "entry of ", source->trace.prog.name);
	if (source->trace.links[SAMPLE_EXIT])
		add(source, SAMPLE_EXIT, name, "exit of ", source->trace.prog.name);
}
