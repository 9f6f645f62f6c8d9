// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* From a file name to an opened object with one program chosen. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "attach.h"
#include "attach_object.h"
#include "log.h"

#define NAMES_MAX 512

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
	return log_flush();
}
