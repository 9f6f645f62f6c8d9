/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Command-line options as a table: parsing, checks and --help come from it. A command
 * describes each of its options in one line; the getopt string, the long options, the
 * help text, the range checks and the messages all follow from that line. What an
 * option's value is stored in is a member of a struct of the command's own.
 *
 *	struct pass_opts {
 *		struct netif dev;
 *		struct attach_opts attach;
 *	};
 *
 *	static const struct option_line options[] = {
 *		OPTIONS_DEVICE(struct pass_opts, dev),
 *		OPTIONS_MODE(struct pass_opts, attach),
 *		OPTIONS_END
 *	};
 *
 * Every command also has -q, -v, -h and -V. Taught in basic01-xdp-pass.
 */
#ifndef COMMON_OPTIONS_H
#define COMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "attach.h"
#include "exit_status.h"
#include "netif.h"

enum option_type {
	OPTION_END, /* the table ends here */
	OPTION_FLAG, /* bool: set to true */
	OPTION_ALONE, /* the same; nothing else is required beside it */
	OPTION_CONST, /* int: set to .value */
	OPTION_STRING, /* const char *: points into argv */
	OPTION_STRINGS, /* struct option_strings: may be given several times */
	OPTION_UINT, /* unsigned int, from .min to .max; 0x for hexadecimal */
	OPTION_SECONDS, /* double, from .min to .max; fractions allowed */
	OPTION_IFNAME, /* struct netif: of an interface that exists */
	OPTION_MAC, /* struct netif_mac */
	OPTION_ADDR, /* struct netif_addr */
	OPTION_ID, /* struct attach_id: the value may be left out */
	OPTION_GONE, /* nothing: .help says what to use instead */
};

#define OPTION_STRINGS_MAX 16

/* The values of an option, in their order; they point into argv. */
struct option_strings {
	const char *at[OPTION_STRINGS_MAX];
	int count;
};

struct option_line {
	const char *name; /* long name, without the dashes */
	char letter; /* short name, or 0 */
	const char *metavar; /* what the help text calls the value */
	enum option_type type;
	size_t offset; /* of the member that takes the value */
	const char *help; /* one line; "" hides the option from --help */
	bool required;
	int value; /* OPTION_CONST */
	double min, max; /* OPTION_UINT, OPTION_SECONDS */
};

/* What a command is for and which options it has. */
struct option_spec {
	const char *purpose; /* a sentence or two for --help */
	const char *command; /* the word in front of all options, as in "add"; NULL: none */
	const char *success; /* statuses 0 and 1 for --help; NULL: "0 ok, 1 failure" */
	const char *args; /* operands behind them, as in "DEST..."; NULL: none */
	const struct option_line *options;
};

/* clang-format off */
/* A line of a table; @member_ of struct @struct_ takes the value. */
#define OPTION(name_, letter_, metavar_, type_, struct_, member_, help_) \
	{ .name = name_, .letter = letter_, .metavar = metavar_, \
	  .type = type_, .offset = offsetof(struct_, member_), .help = help_ }

/* The same for a number, from @min_ to @max_. */
#define OPTION_RANGE(name_, letter_, metavar_, type_, struct_, member_, \
		     min_, max_, help_) \
	{ .name = name_, .letter = letter_, .metavar = metavar_, \
	  .type = type_, .offset = offsetof(struct_, member_), .help = help_, \
	  .min = min_, .max = max_ }

/* An option that sets a member to @value_. */
#define OPTION_SET(name_, letter_, value_, struct_, member_, help_) \
	{ .name = name_, .letter = letter_, .type = OPTION_CONST, \
	  .offset = offsetof(struct_, member_), .help = help_, .value = value_ }

/* An option that is missed when it is not there. */
#define OPTION_REQUIRED(name_, letter_, metavar_, type_, struct_, member_, \
			help_) \
	{ .name = name_, .letter = letter_, .metavar = metavar_, \
	  .type = type_, .offset = offsetof(struct_, member_), .help = help_, \
	  .required = true }

#define OPTIONS_END { .type = OPTION_END }

/* -d: @m is a struct netif in struct @s. */
#define OPTIONS_DEVICE(s, m) \
	OPTION_REQUIRED("dev", 'd', "IFNAME", OPTION_IFNAME, s, m, \
			"network interface to use")

/* -S -N -A --offload-mode -F: @m is a struct attach_opts in struct @s. */
#define OPTIONS_MODE(s, m) \
	OPTION_SET("auto-mode", 'A', XDP_MODE_UNSPEC, s, m.mode, \
		   "native XDP if the driver has it, else generic (default)"), \
	OPTION_SET("native-mode", 'N', XDP_MODE_NATIVE, s, m.mode, \
		   "native XDP: in the driver, before the packet has an skb"), \
	OPTION_SET("skb-mode", 'S', XDP_MODE_SKB, s, m.mode, \
		   "generic XDP: works on any interface, slower"), \
	OPTION_SET("offload-mode", 0, XDP_MODE_HW, s, m.mode, \
		   "on the network card itself"), \
	OPTION("force", 'F', NULL, OPTION_FLAG, s, m.force, \
	       "replace all programs that are attached, in any mode")

/* -U --unload-all: @m is a struct attach_opts in struct @s. */
#define OPTIONS_UNLOAD(s, m) \
	OPTION("unload", 'U', "ID", OPTION_ID, s, m.unload, \
	       "detach the program with this id (default: the only one)"), \
	OPTION("unload-all", 0, NULL, OPTION_FLAG, s, m.unload_all, \
	       "detach all programs from the interface")

/* --filename --progname --list: @m is a struct attach_opts in struct @s. */
#define OPTIONS_OBJECT(s, m) \
	OPTION("filename", 0, "FILE", OPTION_STRING, s, m.filename, \
	       "object file to load (default: the command's own)"), \
	OPTION("progname", 0, "NAME", OPTION_STRING, s, m.progname, \
	       "program to load, by its function name"), \
	OPTION("list", 0, NULL, OPTION_ALONE, s, m.list, \
	       "list the programs of the object file, and exit"), \
	OPTION("progsec", 0, "NAME", OPTION_GONE, s, m, \
	       "sections are all 'xdp'; use --progname")
/* clang-format on */

/* options_parse() has done all that was asked for. */
#define OPTIONS_DONE 1

/*
 * Read the command line into the struct at @values, and start the log at the
 * level that -q or -v ask for. With @first_arg the command takes operands: it
 * is set to the index in @argv of the first one (options may stand between
 * operands, they are moved to the end); without it an operand is an error.
 *
 * Returns 0; OPTIONS_DONE when --help or --version was asked for and printed;
 * -EINVAL after one error line and the line "see --help"; another -errno when
 * the help could not be written. Strings stored in @values point into @argv.
 */
int options_parse(const struct option_spec *spec, int argc, char **argv, void *values,
		  int *first_arg);

/* The exit status that goes with what options_parse() returned. */
enum exit_status options_status(int err);

#endif /* COMMON_OPTIONS_H */
