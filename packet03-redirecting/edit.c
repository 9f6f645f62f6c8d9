// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The command lines of add, del and list. */
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "edit.h"
#include "options.h"
#include "pinning.h"

#define COMMON_LINES \
	OPTIONS_DEVICE(struct edit_opts, dev), \
		OPTION("pin-dir", 0, "DIR", OPTION_STRING, struct edit_opts, pin_dir, \
		       "where the maps are pinned (default: /sys/fs/bpf/IFNAME)")
#define LINE_TARGET(help) \
	OPTION("redirect-dev", 'r', "IFNAME", OPTION_IFNAME, struct edit_opts, target, help)
#define LINE_FROM(help) OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct edit_opts, from, help)

static const struct option_line add_options[] = {
	COMMON_LINES,
	LINE_TARGET("where packets are to leave"),
	LINE_FROM("redirect the packets of this host"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct edit_opts, to,
	       "to the host with this address"),
	OPTION("force", 'F', NULL, OPTION_FLAG, struct edit_opts, force,
	       "another interface than until now, for all hosts"),
	OPTIONS_END
};

static const struct option_line delete_options[] = {
	COMMON_LINES, LINE_FROM("the host whose packets are to pass"),
	LINE_TARGET("of a router: do not send through it any more"), OPTIONS_END
};

static const struct option_line list_options[] = {
	COMMON_LINES,
	OPTION("json", 'j', NULL, OPTION_FLAG, struct edit_opts, json,
	       "print one JSON object instead of the tables"),
	OPTIONS_END
};

struct command {
	const char *name;
	int (*run)(const struct edit_running *running, const struct edit_opts *opts);
	struct option_spec spec;
};

static const struct command commands[] = {
	{ "add",
	  edit_add,
	  { .purpose = "add: let the xdp_redirect_map_func that runs on --dev "
		       "send what host -L sends\nthrough -r to host -R; or "
		       "let the xdp_router_func there send through -r.",
	    .options = add_options } },
	{ "del",
	  edit_delete,
	  { .purpose = "del: let what host -L sends pass from now on; or let "
		       "an xdp_router_func send\nno more through -r.",
	    .options = delete_options } },
	{ "list",
	  edit_list,
	  { .purpose = "list: show where the program on --dev sends packets, "
		       "and what became\nof those that a router has seen.",
	    .options = list_options } },
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < N_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return &commands[i];
	return NULL;
}

bool edit_is_asked_for(int argc, char **argv)
{
	return find_command(argc, argv) != NULL;
}

int edit_run(int argc, char **argv)
{
	const struct command *command = find_command(argc, argv);
	struct edit_opts opts = { 0 };
	struct edit_running running;
	int err, lock;

	err = options_parse(&command->spec, argc - 1, argv + 1, &opts, NULL);
	if (err)
		return options_status(err);
	/* One at a time: each looks first, and then changes. */
	lock = pinning_lock();
	err = edit_open(&running, &opts.dev, opts.pin_dir);
	if (!err) {
		err = command->run(&running, &opts);
		edit_close(&running);
	}
	pinning_unlock(lock);
	return attach_status(err);
}
