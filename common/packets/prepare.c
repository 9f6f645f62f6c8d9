// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A lesson's prepare.txt, line by line: what its programs need before a run. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_xdp.h>

#include "log.h"
#include "maps.h"
#include "packets/prepare.h"
#include "rodata.h"

#define WORDS_MAX 4
#define BYTES_MAX 256 /* of a value: 3 characters each */
#define RING_ENTRIES 64 /* of a socket that receives nothing */

struct line {
	char word[WORDS_MAX][1024];
	int count;
};

/* What is done with each line, and what that needs. */
struct action {
	/* 0; 1 where the line makes no sense; -errno after an error line */
	int (*apply)(const struct action *action, const struct line *line);
	const char *path;
	struct bpf_object *obj;
	unsigned int *ingress;
};

static bool is(const struct line *line, const char *word)
{
	return !strcmp(line->word[0], word);
}

/* The words there are, and of how many a line with each consists. */
static bool makes_sense(const struct line *line)
{
	return line->count == (is(line, "element") ? 4 :
			       is(line, "setting") ? 3 :
			       is(line, "socket")  ? 3 :
			       is(line, "prepare") ? 2 :
			       is(line, "network") ? 2 :
			       is(line, "ingress") ? 2 :
						     -1);
}

static void read_line(char *text, struct line *line)
{
	text[strcspn(text, "#\n")] = '\0';
	line->count = sscanf(text, " %1023s %1023s %1023s %1023s", line->word[0], line->word[1],
			     line->word[2], line->word[3]);
}

/* Returns 0; 1: line *@number makes no sense; -ENOENT; what apply() has returned. */
static int apply_lines(FILE *file, const struct action *action, const char *name, int *number)
{
	bool inside = false, found = false;
	struct line line;
	char text[2048];
	int err = 0;

	while (!err && fgets(text, sizeof(text), file)) {
		++*number;
		read_line(text, &line);
		if (line.count <= 0)
			continue;
		if (!makes_sense(&line))
			return 1;
		if (is(&line, "prepare")) {
			inside = !strcmp(line.word[1], name);
			found |= inside;
		} else if (inside) {
			err = action->apply(action, &line);
		}
	}
	return err ? err : found ? 0 : -ENOENT;
}

static int apply_text(const struct action *action, const char *name)
{
	FILE *file = fopen(action->path, "re");
	int number = 0, err;

	if (!file) {
		pr_err("cannot open '%s': %s", action->path, strerror(errno));
		return -EINVAL;
	}
	err = apply_lines(file, action, name, &number);
	fclose(file);
	if (err == 1)
		pr_err("bad line %d of '%s'", number, action->path);
	else if (err == -ENOENT)
		pr_err("there is no 'prepare %s' in '%s'", name, action->path);
	return err == 1 || err == -ENOENT ? -EINVAL : err;
}

/* A number, or bytes with colons between them: how many; 0: neither. */
static size_t parse_value(const char *text, unsigned char *bytes)
{
	size_t size = 0;
	__u32 number;
	char *end;

	if (!strchr(text, ':')) {
		number = (__u32)strtoul(text, &end, 0);
		memcpy(bytes, &number, sizeof(number));
		return *end ? 0 : sizeof(number);
	}
	while (size < BYTES_MAX) {
		bytes[size++] = (unsigned char)strtoul(text, &end, 16);
		if (end != text + 2)
			return 0;
		if (!*end)
			return size;
		text = end + 1;
	}
	return 0;
}

/* The network that this process has made; empty: none. */
static char network[PATH_MAX];

static int run_script(const char *path)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execlp("sh", "sh", "-e", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status ? -ENOEXEC : 0;
}

/*
 * Go into a new network namespace and run the shell script @file there, which
 * lies beside @text; the same one again changes nothing.
 */
static int enter_network(const char *text, const char *file)
{
	const char *slash = strrchr(text, '/');
	char name[PATH_MAX], path[PATH_MAX];
	int err;

	snprintf(name, sizeof(name), "%.*s%s", slash ? (int)(slash + 1 - text) : 0, text, file);
	if (!realpath(name, path)) {
		pr_err("cannot find '%s': %s", name, strerror(errno));
		return -EINVAL;
	}
	if (!strcmp(path, network))
		return 0;
	if (*network) {
		pr_err("cannot make the network of '%s': there is one, of '%s'", path, network);
		return -EIO;
	}
	err = unshare(CLONE_NEWNET) ? -errno : run_script(path);
	if (!err) {
		strcpy(network, path);
		return 0;
	}
	pr_err("cannot make the network of '%s': %s", path,
	       err == -ENOEXEC ? "the script has failed" : strerror(-err));
	return -EIO;
}

static int apply_network(const struct action *action, const struct line *line)
{
	if (is(line, "ingress"))
		*action->ingress = (unsigned int)strtoul(line->word[1], NULL, 0);
	return is(line, "network") ? enter_network(action->path, line->word[1]) : 0;
}

static int apply_setting(const struct action *action, const struct line *line)
{
	unsigned char value[BYTES_MAX];
	size_t size;

	if (!is(line, "setting"))
		return 0;
	size = parse_value(line->word[2], value);
	return size ? rodata_set(action->obj, line->word[1], value, size) : 1;
}

static int apply_element(const struct action *action, const struct line *line)
{
	unsigned char key[BYTES_MAX], value[BYTES_MAX];
	struct maps_layout layout = { 0 };
	int fd, err;

	if (!is(line, "element"))
		return 0;
	layout.key_size = (unsigned int)parse_value(line->word[2], key);
	layout.value_size = (unsigned int)parse_value(line->word[3], value);
	if (!layout.key_size || !layout.value_size)
		return 1;
	fd = maps_find(action->obj, line->word[1]);
	if (fd < 0)
		return -EINVAL;
	err = maps_check(fd, line->word[1], &layout);
	if (err)
		return err;
	if (!bpf_map_update_elem(fd, key, value, BPF_ANY))
		return 0;
	pr_err("cannot store '%s' in map '%s': %s", line->word[3], line->word[1], strerror(errno));
	return -EIO;
}

/* An AF_XDP socket that could receive: to a map that is all it takes. */
static int make_socket(void)
{
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0), err;
	const int entries = RING_ENTRIES;

	if (fd < 0)
		return -errno;
	if (!setsockopt(fd, SOL_XDP, XDP_RX_RING, &entries, sizeof(entries)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Closed when the process ends: with its last descriptor it leaves the map. */
static int apply_socket(const struct action *action, const struct line *line)
{
	struct maps_layout layout = { BPF_MAP_TYPE_XSKMAP, sizeof(__u32), sizeof(__u32), 0 };
	unsigned char key[BYTES_MAX];
	int map, fd, err;

	if (!is(line, "socket"))
		return 0;
	if (parse_value(line->word[2], key) != sizeof(__u32))
		return 1;
	map = maps_find(action->obj, line->word[1]);
	if (map < 0)
		return -EINVAL;
	err = maps_check(map, line->word[1], &layout);
	if (err)
		return err;
	fd = make_socket();
	if (fd >= 0 && !bpf_map_update_elem(map, key, &fd, BPF_ANY))
		return 0;
	pr_err("cannot enter a socket in map '%s': %s", line->word[1],
	       strerror(fd < 0 ? -fd : errno));
	return -EIO;
}

/* What a loaded object is given */
static int apply_to_maps(const struct action *action, const struct line *line)
{
	int err = apply_element(action, line);

	return err ? err : apply_socket(action, line);
}

int prepare_network(const char *path, const char *name, unsigned int *ingress)
{
	struct action action = { apply_network, path, NULL, ingress };

	*ingress = 0;
	return apply_text(&action, name);
}

int prepare_settings(const char *path, const char *name, struct bpf_object *obj)
{
	struct action action = { apply_setting, path, obj, NULL };

	return apply_text(&action, name);
}

int prepare_elements(const char *path, const char *name, struct bpf_object *obj)
{
	struct action action = { apply_to_maps, path, obj, NULL };

	return apply_text(&action, name);
}
