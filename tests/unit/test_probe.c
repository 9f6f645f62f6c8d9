// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Asking for a feature, before a call and after one that has failed. */
#include <errno.h>
#include <stdarg.h>

#include <bpf/libbpf.h>

#include "attach.h"
#include "capture.h"
#include "log.h"
#include "probe/probe.h"
#include "tap.h"

/* What probe_explain() returns must be @want, and what it prints begin so. */
static void explain_is(const char *name, int err, int want, const char *begin, const char *what)
{
	struct capture said;
	size_t len = strlen(begin);
	int got;

	capture_begin(&said, 2);
	got = probe_explain(name, err);
	capture_end(&said);
	is_int(got, want, what);
	if (!*begin)
		ok(!*said.text, "and nothing is printed");
	else
		ok(!strncmp(said.text, begin, len) &&
			   strchr(said.text, '\n') == said.text + strlen(said.text) - 1,
		   "and one line says so");
	if (*said.text)
		printf("# %s", said.text);
}

static void test_explain(void)
{
	char text[PROBE_REASON_MAX];

	explain_is("af_xdp_zc", 0, 0, "", "no error is none afterwards");
	explain_is("nonsense", -EIO, -EIO, "", "an unknown feature explains nothing");
	if (probe_feature("btf", text, sizeof(text)) > 0)
		explain_is("btf", -EIO, -EIO, "", "nor does one that works");
	probe_privileges(text, sizeof(text));
	if (*text) {
		explain_is("af_xdp_zc", -EINVAL, -EINVAL, "", "nor one that cannot be tried");
		return;
	}
	/* No kernel has it on a veth. */
	explain_is("af_xdp_zc", -EINVAL, PROBE_UNSUPPORTED,
		   "error: this kernel has no 'af_xdp_zc': ", "one that is lacking does");
	log_init(LOG_LEVEL_WARN);
	explain_is("af_xdp_zc", -EINVAL, PROBE_UNSUPPORTED, "error: ", "with -q too");
}

static void test_status(void)
{
	is_int(probe_status(0), 0, "a feature that works is status 0");
	is_int(probe_status(PROBE_UNSUPPORTED), 77, "one that is lacking 77");
	is_int(probe_status(-EPERM), 1, "one that cannot be tried 1");
	is_int(probe_status(-EOPNOTSUPP), 1, "whatever the reason");
	is_int(attach_status(PROBE_UNSUPPORTED), 77, "of a loader it is 77 too");
	is_int(attach_status(-EOPNOTSUPP), 30, "but not if a driver has none");
}

static void test_names(void)
{
	const struct probe *probe = NULL;
	char reason[PROBE_REASON_MAX] = "";
	bool found = true, told = true;
	int n = 0;

	while ((probe = probe_next(probe)) != NULL) {
		found = found && probe_find(probe->name) == probe;
		told = told && *probe->help && *probe->remedy;
		n++;
	}
	ok(n > 0 && found, "each probe is found by its name, and no name twice");
	ok(told, "each has a help text and a remedy");
	ok(!probe_find("nonsense"), "there is none of another name");
	ok(!probe_find(""), "nor without one");
	is_int(probe_feature("nonsense", reason, sizeof(reason)), -EINVAL, "trying it is an error");
	has(reason, "no such probe", "that says so");
}

static int call(libbpf_print_fn_t print, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = print(LIBBPF_WARN, fmt, args);
	va_end(args);
	return err;
}

/* A probe is a process of its own, with what its parent remembers. */
static void test_reasons(void)
{
	libbpf_print_fn_t print;

	log_init(LOG_LEVEL_ERR);
	print = libbpf_set_print(NULL);
	libbpf_set_print(print);
	call(print, "libbpf: Kernel error message: %s\n", "an old one");
	has(log_reason(LOG_KERNEL, "none"), "an old one", "a reason is kept");
	log_init(LOG_LEVEL_ERR);
	has(log_reason(LOG_KERNEL, "none"), "none", "log_init() forgets it");
}

int main(void)
{
	log_init(LOG_LEVEL_INFO);
	test_names();
	test_status();
	test_explain();
	test_reasons();
	return tap_done();
}
