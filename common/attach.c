// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * One program and one interface: the object file opened, the program attached
 * and detached, errors explained, and --unload.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "attach.h"
#include "attach_replace.h"
#include "log.h"
#include "pinning.h"
#include "probe/probe.h"
#include "signals.h"

#define NAMES_MAX 512
#define IDS_MAX 1024
#define ATTACHED_MAX 256

/* Folder of the running command, without the last '/'; "" when unknown. */
static void own_folder(char *folder, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", folder, size - 1);

	folder[len > 0 ? len : 0] = '\0';
	if (strrchr(folder, '/'))
		*strrchr(folder, '/') = '\0';
}

int attach_find_file(const char *filename, char *path, size_t size)
{
	char folder[PATH_MAX];

	if ((size_t)snprintf(path, size, "%s", filename) >= size) {
		pr_err("cannot open an object file: its path is %zu bytes long", strlen(filename));
		return -ENOEXEC;
	}
	if (!access(path, F_OK))
		return 0;
	if (strchr(filename, '/')) {
		pr_err("cannot open '%s': %s", filename, strerror(errno));
		return -ENOEXEC;
	}
	own_folder(folder, sizeof(folder));
	if ((size_t)snprintf(path, size, "%s/%s", folder, filename) < size && !access(path, F_OK))
		return 0;
	pr_err("cannot open '%s': not in the current folder, nor in '%s' (was it built? run make)",
	       filename, folder);
	return -ENOEXEC;
}

static bool is_xdp(const struct bpf_program *prog)
{
	enum bpf_attach_type type = bpf_program__expected_attach_type(prog);

	return bpf_program__type(prog) == BPF_PROG_TYPE_XDP && type != BPF_XDP_DEVMAP &&
	       type != BPF_XDP_CPUMAP;
}

/* "a, b, c": the XDP programs of the object; "none" without any. */
static const char *list_names(struct bpf_object *obj, char *names, size_t size)
{
	struct bpf_program *prog;
	size_t len = 0;

	snprintf(names, size, "none");
	bpf_object__for_each_program(prog, obj) {
		if (!is_xdp(prog) || len >= size)
			continue;
		len += (size_t)snprintf(names + len, size - len, "%s%s", len ? ", " : "",
					bpf_program__name(prog));
	}
	return names;
}

/*
 * A program whose type libbpf does not know from its section: the error that
 * people meet who bring programs from before libbpf 1.0.
 */
static bool has_unknown_section(struct bpf_object *obj, const char *path)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		if (bpf_program__type(prog) != BPF_PROG_TYPE_UNSPEC)
			continue;
		pr_err("no XDP program in '%s': libbpf does not know section "
		       "'%s' of '%s' (use SEC(\"xdp\"))",
		       path, bpf_program__section_name(prog), bpf_program__name(prog));
		return true;
	}
	return false;
}

struct bpf_program *attach_choose(struct bpf_object *obj, const char *path, const char *name)
{
	struct bpf_program *prog, *chosen = NULL;
	char names[NAMES_MAX];

	bpf_object__for_each_program(prog, obj)
		if (!chosen && is_xdp(prog) && (!name || !strcmp(name, bpf_program__name(prog))))
			chosen = prog;
	if (!chosen && name)
		pr_err("no XDP program '%s' in '%s'; there is: %s", name, path,
		       list_names(obj, names, sizeof(names)));
	else if (!chosen && !has_unknown_section(obj, path))
		pr_err("no XDP program in '%s'", path);
	if (!chosen)
		return NULL;
	/* libxdp loads the whole object: the others need not pass with it. */
	bpf_object__for_each_program(prog, obj)
		bpf_program__set_autoload(prog, prog == chosen);
	return chosen;
}

struct bpf_object *attach_open_object(const char *filename, char *path)
{
	struct bpf_object *obj;
	char reason[128];
	long err;

	if (attach_find_file(filename, path, PATH_MAX))
		return NULL;
	obj = bpf_object__open_file(path, NULL);
	err = libbpf_get_error(obj);
	if (!err)
		return obj;
	libbpf_strerror((int)err, reason, sizeof(reason));
	pr_err("cannot open '%s' as a BPF object file: %s", path, log_reason(LOG_LIBBPF, reason));
	return NULL;
}

int attach_open(struct attach *at, const struct attach_opts *opts, const char *filename,
		const char *progname)
{
	DECLARE_LIBXDP_OPTS(xdp_program_opts, xdp_opts);
	struct bpf_program *chosen;
	long err;

	if (opts->filename) {
		filename = opts->filename;
		progname = NULL;
	}
	if (opts->progname)
		progname = opts->progname;
	at->obj = attach_open_object(filename, at->path);
	if (!at->obj)
		return -ENOEXEC;
	chosen = attach_choose(at->obj, at->path, progname);
	if (!chosen)
		return -ENOEXEC;
	xdp_opts.obj = at->obj;
	xdp_opts.prog_name = bpf_program__name(chosen);
	at->prog = xdp_program__create(&xdp_opts);
	err = libxdp_get_error(at->prog);
	if (!err)
		return 0;
	at->prog = NULL;
	pr_err("cannot use program '%s' of '%s': %s", bpf_program__name(chosen), at->path,
	       strerror((int)-err));
	return -ENOEXEC;
}

int attach_print_programs(const struct attach *at)
{
	struct bpf_program *prog;

	if (!log_shows(LOG_LEVEL_INFO))
		return 0;
	printf("%-24s %-12s %s\n", "program", "section", "instructions");
	bpf_object__for_each_program(prog, at->obj)
		printf("%-24s %-12s %zu\n", bpf_program__name(prog),
		       bpf_program__section_name(prog), bpf_program__insn_cnt(prog));
	return output_flush();
}

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

/* What --force took off is not needed any more: close it, drop its pins. */
static void release_saved(struct attach *at)
{
	int i;

	for (i = 0; i < at->n_saved; i++) {
		close(at->saved[i].fd);
		pinning_drop_dispatcher(at->dev.index, at->saved[i].id);
	}
	at->n_saved = 0;
}

/* Leave the interface, and bpffs, as attach_begin() found them. */
static void undo(struct attach *at)
{
	int i;

	attach_restore(&at->dev, at->saved, at->n_saved);
	for (i = 0; i < at->n_saved; i++)
		close(at->saved[i].fd);
	at->n_saved = 0;
	if (at->mounted)
		pinning_unmount_bpffs();
	at->mounted = false;
}

int attach_begin(struct attach *at, const struct netif *dev, const struct attach_opts *opts)
{
	int err;

	at->dev = *dev;
	at->mode = opts->mode;
	at->force = opts->force;
	err = attach_check_privileges("attach to", dev);
	if (err)
		return err;
	/* Without bpffs libxdp does without its dispatcher: no error. */
	at->mounted = pinning_mount_bpffs() > 0;
	at->lock = pinning_lock();
	at->holding = !signals_hold(&at->old_signals);
	err = attach_query(dev, &at->before);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", dev->name, strerror(-err));
		pinning_unlock(at->lock);
		undo(at);
		return -EIO;
	}
	attach_skip_dispatcher_begin(at);
	/* A second program goes where the first one is. */
	if (at->mode == XDP_MODE_UNSPEC && at->before.count && !at->force)
		at->mode = at->before.entry[0].mode;
	return 0;
}

/* Find out what the kernel made of our program, and say what is not obvious. */
static void find_attached(struct attach *at)
{
	const char *reason = log_dispatcher_reason();
	struct attach_list now;
	bool dispatched = false;
	int i;

	at->id = xdp_program__id(at->prog);
	if (attach_slots(&at->dev, at->found) || attach_query(&at->dev, &now))
		return;
	for (i = 0; i < now.count; i++) {
		if (now.entry[i].id != at->id)
			continue;
		at->mode = now.entry[i].mode;
		dispatched = now.entry[i].dispatched;
	}
	if (at->without_dispatcher)
		reason = "before 1.5.5 none for programs that resize packets";
	if (!dispatched && reason)
		pr_info("one program at a time on '%s': libxdp has no dispatcher here (%s)",
			at->dev.name, reason);
	if (netif_is_up(&at->dev) == 0)
		pr_info("'%s' is down: no packet arrives before 'ip link set %s up'", at->dev.name,
			at->dev.name);
}

/* Say what is not there any more. */
static void print_replaced(const struct attach *at)
{
	int i;

	for (i = 0; i < at->before.count; i++)
		pr_info("replaced id %u ('%s'), which is not put back later",
			at->before.entry[i].id, at->before.entry[i].name);
}

int attach_end(struct attach *at, int err)
{
	bool replace = at->force && at->before.count;

	err = replace ? attach_replace(at, err) : attach_join(at, err);
	attach_skip_dispatcher_end(at);
	if (!err)
		find_attached(at);
	pinning_unlock(at->lock);
	if (err) {
		if (err == -ECANCELED)
			err = -EIO;
		else if (err != PROBE_UNSUPPORTED)
			err = attach_explain(at, err);
		undo(at);
		return err;
	}
	/* What was replaced is gone: too late to be as if nothing had been. */
	if (!replace && signals_pending()) {
		pr_warn("interrupted: '%s' is not attached", xdp_program__name(at->prog));
		attach_detach(at);
		undo(at);
		return -EINTR;
	}
	if (replace)
		print_replaced(at);
	return 0;
}

int attach_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts)
{
	int err = attach_begin(at, dev, opts);

	if (err)
		return err;
	return attach_end(at, xdp_program__attach(at->prog, at->dev.index,
						  (enum xdp_attach_mode)at->mode, 0));
}

/* "attached 'xdp_prog_simple' to 't1': id 12, native mode" */
static const char *attached_text(const struct attach *at, char *text)
{
	snprintf(text, ATTACHED_MAX, "attached '%s' to '%s': id %u, %s mode",
		 xdp_program__name(at->prog), at->dev.name, at->id, attach_mode_name(at->mode));
	return text;
}

static void print_attached(const struct attach *at)
{
	char text[ATTACHED_MAX];
	int i;

	printf("%s\n", attached_text(at, text));
	for (i = 0; !at->force && i < at->before.count; i++)
		printf("added beside id %u ('%s')\n", at->before.entry[i].id,
		       at->before.entry[i].name);
	if (*at->pinned)
		printf("pinned in '%s'\n", at->pinned);
	printf("remove it with: %s%s --dev %s --unload %u\n",
	       secure_getenv("SUDO_UID") ? "sudo " : "", program_invocation_name, at->dev.name,
	       at->id);
}

int attach_print(struct attach *at)
{
	int err = 0;

	if (log_shows(LOG_LEVEL_INFO)) {
		print_attached(at);
		err = output_flush();
	}
	if (!err) {
		release_saved(at);
		return 0;
	}
	/* Nobody knows of it: it had better not be there. */
	attach_detach(at);
	at->id = 0;
	undo(at);
	return err;
}

void attach_announce(struct attach *at)
{
	char text[ATTACHED_MAX];
	int i;

	at->announced = true;
	pr_info("%s; Ctrl-C ends it", attached_text(at, text));
	for (i = 0; !at->force && i < at->before.count; i++)
		pr_info("added beside id %u ('%s')", at->before.entry[i].id,
			at->before.entry[i].name);
	if (*at->pinned)
		pr_info("pinned in '%s'", at->pinned);
}

int attach_detach(struct attach *at)
{
	struct attach_list now;
	int err, i;

	if (!at->id)
		return 0;
	err = attach_query(&at->dev, &now);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", at->dev.name, strerror(-err));
		return -EIO;
	}
	for (i = 0; i < now.count; i++) {
		if (now.entry[i].id != at->id)
			continue;
		err = attach_remove(&at->dev, &now.entry[i]);
		if (!err && at->announced)
			pr_info("detached id %u ('%s') from '%s'", at->id, now.entry[i].name,
				at->dev.name);
		return err;
	}
	if (now.count)
		pr_warn("id %u is no longer attached to '%s', id %u ('%s') is: left alone", at->id,
			at->dev.name, now.entry[0].id, now.entry[0].name);
	else
		pr_warn("id %u is no longer attached to '%s'", at->id, at->dev.name);
	return -ENOENT;
}

void attach_close(struct attach *at)
{
	xdp_program__close(at->prog);
	at->prog = NULL;
	bpf_object__close(at->obj);
	at->obj = NULL;
	release_saved(at);
	if (at->holding)
		signals_restore(&at->old_signals);
	at->holding = false;
}

enum exit_status attach_status(int err)
{
	switch (err) {
	case 0:
	case -EINTR:
		return EXIT_OK;
	case -EPERM:
	case -EPIPE:
	case -ENOSPC:
	case -ENODEV:
		return EXIT_FAIL;
	case -EINVAL:
		return EXIT_FAIL_OPTION;
	case -ENOEXEC:
		return EXIT_FAIL_BPF;
	case PROBE_UNSUPPORTED:
		return EXIT_SKIP;
	default:
		return EXIT_FAIL_XDP;
	}
}

/*
 * Whether nothing has changed since the program was there. To look into a
 * dispatcher is work, and libxdp (1.3, at least) leaves descriptors open when
 * it does: too many for who looks four times a second.
 */
static bool is_as_found(const struct attach *at, const unsigned int id[ATTACH_SLOTS])
{
	int i;

	for (i = 0; i < ATTACH_SLOTS; i++)
		if (id[i] == at->id)
			return true;
	return (id[0] || id[1] || id[2]) && !memcmp(id, at->found, sizeof(at->found));
}

int attach_check(struct attach *at)
{
	unsigned int id[ATTACH_SLOTS] = { 0 };
	struct attach_list now;
	int err, i;

	err = attach_slots(&at->dev, id);
	if (!err && is_as_found(at, id))
		return 0;
	err = attach_query(&at->dev, &now);
	for (i = 0; !err && i < now.count; i++) {
		if (now.entry[i].id != at->id)
			continue;
		memcpy(at->found, id, sizeof(id));
		return 0;
	}
	if (err) {
		pr_err("interface '%s' is gone", at->dev.name);
		/* A dispatcher went with it, and not what libxdp has pinned. */
		for (i = 0; i < ATTACH_SLOTS; i++)
			pinning_drop_dispatcher(at->dev.index, at->found[i]);
	} else {
		pr_err("id %u is no longer attached to '%s'", at->id, at->dev.name);
	}
	at->id = 0;
	return err ? -ENODEV : -ENOENT;
}

/* "12 ('xdp_pass_func'), 15 ('xdp_drop_func')" */
static const char *list_ids(const struct attach_list *list, char *ids, size_t size)
{
	size_t len = 0;
	int i;

	*ids = '\0';
	for (i = 0; i < list->count && len < size; i++)
		len += (size_t)snprintf(ids + len, size - len, "%s%u ('%s')", i ? ", " : "",
					list->entry[i].id, list->entry[i].name);
	return ids;
}

static int unload_all(const struct netif *dev, const struct attach_list *list)
{
	struct attach_saved saved[ATTACH_SLOTS];
	int err, n = 0, i;

	err = attach_detach_all(dev, saved, &n);
	for (i = 0; i < n; i++) {
		close(saved[i].fd);
		pinning_drop_dispatcher(dev->index, saved[i].id);
	}
	if (err < 0)
		return -EIO;
	for (i = 0; log_shows(LOG_LEVEL_INFO) && i < list->count; i++)
		printf("detached id %u ('%s') from '%s'\n", list->entry[i].id, list->entry[i].name,
		       dev->name);
	if (!list->count && log_shows(LOG_LEVEL_INFO))
		printf("nothing is attached to '%s'\n", dev->name);
	return 0;
}

/* The entry that --unload [ID] means: 0, or -errno after an error line. */
static int choose_entry(const struct netif *dev, const struct attach_list *list, unsigned int id,
			const struct attach_entry **chosen)
{
	char ids[IDS_MAX];
	int i;

	if (!list->count) {
		pr_err("cannot detach from '%s': no XDP program is attached", dev->name);
		return -ENOENT;
	}
	if (!id && list->count > 1) {
		pr_err("several programs are attached to '%s', name one with --unload ID: %s",
		       dev->name, list_ids(list, ids, sizeof(ids)));
		return -EINVAL;
	}
	for (i = 0; i < list->count; i++)
		if (!id || list->entry[i].id == id) {
			*chosen = &list->entry[i];
			return 0;
		}
	pr_err("cannot detach id %u from '%s': attached there is %s", id, dev->name,
	       list_ids(list, ids, sizeof(ids)));
	return -ENOENT;
}

static int unload_one(const struct netif *dev, const struct attach_list *list, unsigned int id)
{
	const struct attach_entry *entry;
	int err;

	err = choose_entry(dev, list, id, &entry);
	if (!err)
		err = attach_remove(dev, entry);
	if (!err && log_shows(LOG_LEVEL_INFO))
		printf("detached id %u ('%s') from '%s'\n", entry->id, entry->name, dev->name);
	return err;
}

static int check_request(const struct netif *dev, const struct attach_opts *opts)
{
	if (!dev->index)
		pr_err("missing --dev IFNAME");
	else if (opts->unload_all && opts->unload.given)
		pr_err("--unload and --unload-all exclude each other");
	else if (opts->list)
		pr_err("--list and --unload exclude each other");
	else
		return 0;
	return -EINVAL;
}

int attach_unload(const struct netif *dev, const struct attach_opts *opts)
{
	struct attach_list list;
	int err, lock;

	err = check_request(dev, opts);
	if (!err)
		err = attach_check_privileges("detach from", dev);
	if (err)
		return err;
	lock = pinning_lock();
	err = attach_query(dev, &list);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", dev->name, strerror(-err));
		err = -EIO;
	} else {
		err = opts->unload_all ? unload_all(dev, &list) :
					 unload_one(dev, &list, opts->unload.id);
	}
	pinning_unlock(lock);
	return err ?: output_flush();
}
