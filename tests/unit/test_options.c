// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The option parser: every type of value, and everything one can mistype. */
#include <errno.h>

#include "capture.h"
#include "log.h"
#include "options.h"
#include "tap.h"

#define ARGS_MAX 40

struct values {
	struct netif dev;
	struct attach_opts attach;
	bool flag;
	unsigned int number;
	double interval;
	struct netif_mac mac;
	struct netif_addr addr;
	const char *file;
	struct option_strings files;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct values, dev),
	OPTIONS_MODE(struct values, attach),
	OPTIONS_UNLOAD(struct values, attach),
	OPTIONS_OBJECT(struct values, attach),
	OPTION("flag", 0, NULL, OPTION_FLAG, struct values, flag, "a flag"),
	OPTION_RANGE("number", 'n', "N", OPTION_UINT, struct values, number, 1, 4294967295.0,
		     "a number"),
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS, struct values, interval, 0.01,
		     86400, "an interval"),
	OPTION("mac", 'L', "MAC", OPTION_MAC, struct values, mac, "a MAC address"),
	OPTION("addr", 0, "ADDR", OPTION_ADDR, struct values, addr, "an address"),
	OPTION("file", 0, "FILE", OPTION_STRING, struct values, file, ""),
	OPTION("also", 0, "FILE", OPTION_STRINGS, struct values, files, ""),
	OPTIONS_END
};

static const struct option_spec spec = { .purpose = "Test the parser.", .options = options };

static struct values values;
static struct capture out, err;
static int operand;

/* Parse a command line given as one string, its words separated by blanks. */
static int parse_words(const char *line, int *first_arg)
{
	static char words[512];
	char *argv[ARGS_MAX + 1] = { (char *)"test" };
	char *word, *rest = NULL;
	int argc = 1, got;

	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok_r(words, " ", &rest); word && argc < ARGS_MAX;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = strcmp(word, "EMPTY") ? word : (char *)"";
	memset(&values, 0, sizeof(values));
	capture_begin(&out, 1);
	capture_begin(&err, 2);
	got = options_parse(&spec, argc, argv, &values, first_arg);
	capture_end(&err);
	capture_end(&out);
	return got;
}

static int parse(const char *line)
{
	return parse_words(line, NULL);
}

/* The line is refused with one error line that has @message, and the hint. */
static void refused(const char *line, const char *message)
{
	char name[128];
	const char *end;
	bool good;

	snprintf(name, sizeof(name), "refused: %s", line);
	good = parse(line) == -EINVAL && !strncmp(err.text, "error: ", 7) &&
	       strstr(err.text, message);
	end = strchr(err.text, '\n');
	good = good && end && !strcmp(end + 1, "see test_options --help\n") && !*out.text;
	if (!ok(good, name))
		printf("# want '%s', got: %s\n", message, err.text);
}

static void test_values(void)
{
	is_int(parse("-d lo"), 0, "an interface by its short option");
	ok(!strcmp(values.dev.name, "lo") && values.dev.index == 1, "name and index are stored");
	is_int(parse("--dev=lo --flag"), 0, "a value after '='");
	ok(values.flag, "a flag is set");
	is_int(parse("-dlo"), 0, "a glued short value");
	is_int(parse("-d lo -n 4294967295"), 0, "the largest number");
	is_int(values.number, 4294967295U, "is stored whole");
	is_int(parse("-d lo -n 0x10"), 0, "a hexadecimal number");
	is_int(values.number, 16, "is read as such");
	is_int(parse("-d lo -i 0.25"), 0, "a fraction of a second");
	ok(values.interval == 0.25, "is stored");
	is_int(parse("-d lo -L 02:00:00:00:0a:FF"), 0, "a MAC address");
	ok(values.mac.addr[4] == 0x0a && values.mac.addr[5] == 0xff, "is stored");
	is_int(parse("-d lo --addr 10.11.1.2"), 0, "an IPv4 address");
	is_int(values.addr.family, AF_INET, "has its family");
	is_int(parse("-d lo --addr fc00:dead:cafe:1::2"), 0, "an IPv6 address");
	is_int(values.addr.family, AF_INET6, "has its family");
	is_int(parse("-d lo --file x.o"), 0, "a string");
	ok(!strcmp(values.file, "x.o"), "is stored");
	is_int(parse("-d lo --also a --also=b"), 0, "strings");
	ok(values.files.count == 2 && !strcmp(values.files.at[0], "a") &&
		   !strcmp(values.files.at[1], "b"),
	   "are stored in their order");
}

static void test_modes(void)
{
	is_int(parse("-d lo"), 0, "no mode");
	is_int(values.attach.mode, XDP_MODE_UNSPEC, "is auto");
	parse("-d lo -S");
	is_int(values.attach.mode, XDP_MODE_SKB, "-S is generic");
	parse("-d lo -N");
	is_int(values.attach.mode, XDP_MODE_NATIVE, "-N is native");
	parse("-d lo --offload-mode -F");
	ok(values.attach.mode == XDP_MODE_HW && values.attach.force, "offload with force");
	parse("-d lo -S -A");
	is_int(values.attach.mode, XDP_MODE_UNSPEC, "the last mode counts");
}

static void test_unload(void)
{
	is_int(parse("-d lo --unload"), 0, "--unload without an id");
	ok(values.attach.unload.given && !values.attach.unload.id, "is given, id 0");
	is_int(parse("-d lo --unload 17"), 0, "--unload ID as two words");
	is_int(values.attach.unload.id, 17, "takes the id");
	is_int(parse("--unload=18 -d lo"), 0, "--unload=ID");
	is_int(values.attach.unload.id, 18, "takes the id");
	is_int(parse("-U19 -d lo"), 0, "-UID");
	is_int(values.attach.unload.id, 19, "takes the id");
	is_int(parse("-U -d lo"), 0, "-U before another option");
	ok(values.attach.unload.given && !values.attach.unload.id, "does not eat it");
	is_int(parse("-d lo --unload-all"), 0, "--unload-all");
	ok(values.attach.unload_all && !values.attach.unload.given, "is not --unload");
	refused("-d lo -U abc", "'abc' for --unload");
	refused("-d lo -U 0", "'0' for --unload");
	refused("-d lo -U 4294967296", "for --unload");
}

static void test_abbreviations(void)
{
	is_int(parse("--de lo --fl"), 0, "abbreviated names");
	ok(values.flag && values.dev.index, "mean the whole ones");
	is_int(parse("-d lo --progn x"), 0, "--progn is --progname");
	ok(!strcmp(values.attach.progname, "x"), "and takes its value");
	refused("-d lo --pro x", "ambiguous option '--pro'");
	refused("-d lo --un", "ambiguous option '--un'");
}

static void test_bad_options(void)
{
	refused("", "missing --dev IFNAME");
	refused("-d lo --nosuch", "option '--nosuch'");
	refused("-d lo --nosuch=1", "option '--nosuch=1'");
	refused("-d lo -Z", "option '-Z'");
	refused("-d lo -FZ", "option '-Z'");
	refused("-d", "--dev needs a value");
	refused("-d lo --number", "--number needs a value");
	refused("-d lo --flag=1", "--flag takes no value");
	refused("-d lo extra", "unexpected argument 'extra'");
	refused("-d lo --progsec xdp", "sections are all 'xdp'; use --progname");
	refused("-d lo -Q 1", "option '-Q'");
}

static void test_bad_values(void)
{
	refused("-d nosuchdev0", "no such interface");
	refused("-d aaaaaaaaaaaaaaaa", "no interface can have this name");
	refused("-d EMPTY", "no interface can have this name");
	refused("-d a/b", "no interface can have this name");
	refused("-d ..", "no interface can have this name");
	refused("-d lo -n 0", "'0' for --number: not a whole number from 1 to 4294967295");
	refused("-d lo -n -1", "'-1' for --number");
	refused("-d lo -n 4294967296", "'4294967296' for --number");
	refused("-d lo -n 99999999999999999999999", "for --number");
	refused("-d lo -n 12x", "'12x' for --number");
	refused("-d lo -n +5", "'+5' for --number");
	refused("-d lo -n EMPTY", "'' for --number");
	refused("-d lo -n 0x", "'0x' for --number");
	refused("-d lo -i 0", "'0' for --interval");
	refused("-d lo -i -2", "'-2' for --interval");
	refused("-d lo -i 1e9", "'1e9' for --interval");
	refused("-d lo -i nan", "'nan' for --interval");
	refused("-d lo -i inf", "'inf' for --interval");
	refused("-d lo -i 1s", "'1s' for --interval");
	refused("-d lo -L 02:00:00:00:00", "not a MAC address");
	refused("-d lo --addr 10.11.1.256", "not an IPv4 or IPv6 address");
	refused("-d lo --file EMPTY", "must not be empty");
	refused("-d lo --also EMPTY", "must not be empty");
	refused("-d lo --also 1 --also 2 --also 3 --also 4 --also 5 --also 6 "
		"--also 7 --also 8 --also 9 --also 10 --also 11 --also 12 "
		"--also 13 --also 14 --also 15 --also 16 --also 17",
		"16 of them already");
}

static void test_help(void)
{
	is_int(parse("--help"), OPTIONS_DONE, "--help needs nothing else");
	has(out.text, "Usage: test_options --dev IFNAME [options]\n\nTest the parser.\n",
	    "usage and purpose");
	has(out.text, "\nRequired options:\n  -d, --dev IFNAME ", "required options come first");
	has(out.text, "\nOther options:\n", "then the others");
	has(out.text, "  -U, --unload [ID] ", "an optional value is in brackets");
	has(out.text, "  -i, --interval SECONDS ", "each with its metavar");
	ok(!strstr(out.text, "--file ") && !strstr(out.text, "progsec"), "hidden ones are hidden");
	ok(!*err.text, "nothing on standard error");
	is_int(options_status(OPTIONS_DONE), EXIT_OK, "--help is a success");
	is_int(parse("-V"), OPTIONS_DONE, "-V as well");
	has(out.text, "test_options ", "prints name and version");
	is_int(parse("--list"), 0, "--list needs no device");
	is_int(options_status(-EINVAL), EXIT_FAIL_OPTION, "a bad option is exit status 2");
	is_int(options_status(-EPIPE), EXIT_FAIL, "help into a closed pipe is exit status 1");
}

static void test_levels(void)
{
	parse("-d lo -q");
	ok(!log_shows(LOG_LEVEL_INFO) && log_shows(LOG_LEVEL_WARN), "-q keeps warnings");
	parse("-d lo");
	ok(log_shows(LOG_LEVEL_INFO) && !log_shows(LOG_LEVEL_DEBUG), "the default shows notes");
	parse("-d lo -v");
	ok(log_shows(LOG_LEVEL_DEBUG) && !log_shows(LOG_LEVEL_TRACE), "-v shows the libraries");
	parse("-d lo -vv");
	ok(log_shows(LOG_LEVEL_TRACE), "-vv shows all of it");
}

static void test_operands(void)
{
	is_int(parse_words("add -d lo 10.0.0.1", &operand), 0, "operands between options");
	is_int(operand, 3, "are moved behind them");
	is_int(parse_words("-d lo -- -x", &operand), 0, "what follows -- is an operand");
}

int main(void)
{
	test_values();
	test_modes();
	test_unload();
	test_abbreviations();
	test_bad_options();
	test_bad_values();
	test_help();
	test_levels();
	test_operands();
	return tap_done();
}
