// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* From an error number to a line that says what to do about it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "attach.h"
#include "attach_explain.h"
#include "log.h"

static bool is_loaded(const struct attach *at, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(at->obj, name);

	return prog && bpf_program__fd(prog) >= 0;
}

static int explain_rejection(const struct attach *at, const char *name)
{
	pr_err("cannot load '%s' from '%s': the verifier rejects it", name, at->path);
	log_rejection(name);
	return -ENOEXEC;
}

static int explain_load(const struct attach *at, const char *name, int err)
{
	char reason[128];

	libbpf_strerror(err, reason, sizeof(reason));
	pr_err("cannot load '%s' from '%s': %s (-v shows what libbpf says)", name, at->path,
	       log_reason(LOG_LIBBPF, reason));
	return -ENOEXEC;
}

/* Somebody was there before us and there is no sharing. */
static int explain_busy(const struct attach *at, const char *name)
{
	const struct attach_entry *first = &at->before.entry[0];

	pr_err("cannot attach '%s' to '%s': id %u ('%s') is there, "
	       "in %s mode (--force replaces it)",
	       name, at->dev.name, first->id, first->name, attach_mode_name(first->mode));
	return -EBUSY;
}

/* What to try instead, for the errors that native mode is known for. */
static const char *remedy(const struct attach *at, int err)
{
	if (at->mode == XDP_MODE_SKB)
		return "";
	if (err == -EOPNOTSUPP)
		return " (use --skb-mode: this driver has no native XDP)";
	if (err == -ERANGE)
		return " (use --skb-mode, or a smaller MTU)";
	if (err == -EBUSY || err == -EEXIST)
		return " (use --force to replace what is attached)";
	return "";
}

static int explain_attach(const struct attach *at, const char *name, int err)
{
	char reason[128];

	libbpf_strerror(err, reason, sizeof(reason));
	pr_err("cannot attach '%s' to '%s' in %s mode: %s%s", name, at->dev.name,
	       attach_mode_name(at->mode), log_reason(LOG_KERNEL, reason), remedy(at, err));
	return err == -EBUSY ? err : -EIO;
}

int attach_explain(const struct attach *at, int err)
{
	const char *name = xdp_program__name(at->prog);
	bool loaded = is_loaded(at, name);

	if (!loaded && log_rejected(name))
		return explain_rejection(at, name);
	if (!loaded && at->mode == XDP_MODE_HW) {
		pr_err("cannot attach '%s' to '%s': device has no offload", name, at->dev.name);
		return -EIO;
	}
	if (!loaded && err == -E2BIG && at->before.count > 1) {
		pr_err("cannot attach '%s' to '%s': the dispatcher there is "
		       "full with %d programs (--unload ID makes room)",
		       name, at->dev.name, at->before.count);
		return -EBUSY;
	}
	if (at->before.count && !at->force && (loaded || err == -EBUSY))
		return explain_busy(at, name);
	if (!loaded && err != -EBUSY)
		return explain_load(at, name, err);
	return explain_attach(at, name, err);
}

int attach_load_only(const struct attach *at, struct bpf_program **prog)
{
	const char *name = xdp_program__name(at->prog);
	int err = bpf_object__load(at->obj);

	*prog = bpf_object__find_program_by_name(at->obj, name);
	if (!err)
		return 0;
	if (err != -EPERM || log_rejected(name))
		return attach_explain(at, err);
	pr_err("cannot load '%s': %s (run it as root)", name, strerror(EPERM));
	return -EPERM;
}
