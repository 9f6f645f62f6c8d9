/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Command-line options as a table. A command describes each of its options in
 * one line; the getopt string, the long options, the help text, the range
 * checks and the messages all follow from that line. What an option's value is
 * stored in is a member of a struct of the command's own.
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
#include "common_defines.h"
#include "netif.h"

enum option_type {
	OPTION_END,	/* the table ends here */
	OPTION_FLAG,	/* bool: set to true */
	OPTION_ALONE,	/* the same; nothing else is required beside it */
	OPTION_CONST,	/* int: set to .value */
	OPTION_STRING,	/* const char *: points into argv */
	OPTION_UINT,	/* unsigned int, from .min to .max; 0x for hexadecimal */
	OPTION_SECONDS,	/* double, from .min to .max; fractions allowed */
	OPTION_IFNAME,	/* struct netif: of an interface that exists */
	OPTION_MAC,	/* struct netif_mac */
	OPTION_ADDR,	/* struct netif_addr */
	OPTION_ID,	/* struct attach_id: the value may be left out */
	OPTION_GONE,	/* nothing: .help says what to use instead */
};

struct option_line {
	const char *name;	/* long name, without the dashes */
	char letter;		/* short name, or 0 */
	const char *metavar;	/* what the help text calls the value */
	enum option_type type;
	size_t offset;		/* of the member that takes the value */
	const char *help;	/* one line; "" hides the option from --help */
	bool required;
	int value;		/* OPTION_CONST */
	double min, max;	/* OPTION_UINT, OPTION_SECONDS */
};

/* What a command is for and which options it has. */
struct option_spec {
	const char *purpose;		/* a sentence or two for --help */
	const char *args;		/* operands, as in "add|del DEST"; NULL: none */
	const struct option_line *options;
};

#define OPTIONS_END { .type = OPTION_END }

/* -d: @member is a struct netif. */
#define OPTIONS_DEVICE(type_, member)                                                   \
	{ .name = "dev", .letter = 'd', .metavar = "IFNAME", .type = OPTION_IFNAME,     \
	  .offset = offsetof(type_, member), .required = true,                          \
	  .help = "interface to work on" }

#define OPTIONS_MODE_LINE(type_, member, name_, letter_, value_, help_)                 \
	{ .name = name_, .letter = letter_, .type = OPTION_CONST, .value = value_,      \
	  .offset = offsetof(type_, member.mode), .help = help_ }

/* -S -N -A --offload-mode -F: @member is a struct attach_opts. */
#define OPTIONS_MODE(type_, member)                                                     \
	OPTIONS_MODE_LINE(type_, member, "auto-mode", 'A', XDP_MODE_UNSPEC,             \
			  "native where the driver has it, else generic (default)"),    \
	OPTIONS_MODE_LINE(type_, member, "native-mode", 'N', XDP_MODE_NATIVE,           \
			  "run in the driver, before the packet has an skb"),           \
	OPTIONS_MODE_LINE(type_, member, "skb-mode", 'S', XDP_MODE_SKB,                 \
			  "generic XDP: works on any interface, slower"),               \
	OPTIONS_MODE_LINE(type_, member, "offload-mode", 0, XDP_MODE_HW,                \
			  "run on the network card itself"),                            \
	{ .name = "force", .letter = 'F', .type = OPTION_FLAG,                          \
	  .offset = offsetof(type_, member.force),                                      \
	  .help = "replace every program that is attached, in any mode" }

/* -U --unload-all: @member is a struct attach_opts. */
#define OPTIONS_UNLOAD(type_, member)                                                   \
	{ .name = "unload", .letter = 'U', .metavar = "ID", .type = OPTION_ID,          \
	  .offset = offsetof(type_, member.unload),                                     \
	  .help = "detach program ID (without: the only one there is)" },               \
	{ .name = "unload-all", .type = OPTION_FLAG,                                    \
	  .offset = offsetof(type_, member.unload_all),                                 \
	  .help = "detach every program from the interface" }

/* --filename --progname --list: @member is a struct attach_opts. */
#define OPTIONS_OBJECT(type_, member)                                                   \
	{ .name = "filename", .metavar = "FILE", .type = OPTION_STRING,                 \
	  .offset = offsetof(type_, member.filename),                                   \
	  .help = "load from this object file instead of the lesson's own" },           \
	{ .name = "progname", .metavar = "NAME", .type = OPTION_STRING,                 \
	  .offset = offsetof(type_, member.progname),                                   \
	  .help = "load this program (a function's name) of the file" },                \
	{ .name = "list", .type = OPTION_ALONE,                                         \
	  .offset = offsetof(type_, member.list),                                       \
	  .help = "list the programs of the object file" },                             \
	{ .name = "progsec", .metavar = "NAME", .type = OPTION_GONE,                    \
	  .help = "sections are all 'xdp'; use --progname" }

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
int options_parse(const struct option_spec *spec, int argc, char **argv,
		  void *values, int *first_arg);

/* The exit status that goes with what options_parse() returned. */
enum exit_status options_status(int err);

#endif /* COMMON_OPTIONS_H */
