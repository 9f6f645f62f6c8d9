// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Labs: network namespaces, veths in them, and commands at work there. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_link.h>

#include "bench.h"
#include "command.h"
#include "log.h"
#include "probe/probe.h"

#define PATIENCE 30 /* seconds more than a round: then a command hangs */

int lab_enter_new(void)
{
	if (!unshare(CLONE_NEWNET))
		return 0;
	pr_err("cannot make a network namespace: %s%s", strerror(errno),
	       errno == EPERM ? " (run it as root)" : "");
	return -EIO;
}

int lab_ip(const char *fmt, ...)
{
	char command[224], line[256], said[256] = "";
	va_list args;
	int status;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "ip %s", command);
	status = command_run_line(line, said, sizeof(said));
	if (!status)
		return 0;
	pr_err("cannot make the lab: '%s': %.*s", line, (int)strcspn(said, "\n"),
	       status < 0 ? strerror(-status) : said);
	return -EIO;
}

/* A name below /proc/sys/net, a blank and the value. */
static int set(const char *setting)
{
	const char *value = strchr(setting, ' ') + 1;
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/sys/net/%.*s", (int)(value - 1 - setting), setting);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		pr_err("cannot make the lab: '%s': %s", path, strerror(errno));
		err = -EIO;
	}
	if (fd >= 0)
		close(fd);
	return err;
}

int lab_make(const char *const lines[])
{
	int err = 0;

	for (; !err && *lines; lines++)
		err = strncmp(*lines, "set ", 4) ? lab_ip("%s", *lines) : set(*lines + 4);
	return err;
}

int lab_find(struct lab_port *port, const char *name)
{
	int err = netif_find(name, &port->dev);

	if (!err)
		err = netif_mac(&port->dev, &port->mac);
	if (err)
		pr_err("cannot make the lab: no '%s': %s", name, strerror(-err));
	return err ? -EIO : 0;
}

int lab_neighbour(const char *address, const char *dev, const struct lab_port *port)
{
	char mac[MAC_TEXT];

	return lab_ip("neigh add %s lladdr %s dev %s nud permanent", address,
		      mac_to_str(port->mac.addr, mac), dev);
}

int lab_attach(const struct lab_port *port, int fd)
{
	int err = bpf_xdp_attach(port->dev.index, fd, XDP_FLAGS_DRV_MODE, NULL);

	if (err)
		pr_err("cannot attach to '%s': %s", port->dev.name, strerror(-err));
	return err ? -EIO : 0;
}

/* The second number of the interface's line. */
int lab_received(const struct lab_port *port, __u64 *count)
{
	char line[512], name[IF_NAMESIZE];
	FILE *file = fopen("/proc/thread-self/net/dev", "re");
	unsigned long long packets;
	int err = -ENOENT;

	while (file && err && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %15[^:]: %*u %llu", name, &packets) != 2 ||
		    strcmp(name, port->dev.name))
			continue;
		*count = packets;
		err = 0;
	}
	if (file)
		fclose(file);
	return err;
}

int lab_require(const char *top, const char *command, char path[PATH_MAX])
{
	int err = probe_require("live_frames");

	if (!err)
		err = probe_require("af_xdp");
	if (err)
		return err;
	snprintf(path, PATH_MAX, "%.*s/%s", PATH_MAX - 64, top, command);
	if (!access(path, X_OK))
		return 0;
	err = errno == ENOENT ? PROBE_UNSUPPORTED : -EIO;
	pr_err("cannot run '%s': %s", path, strerror(errno));
	return err;
}

/* For this process alone: libxdp would leave a folder there. */
static int hide_bpffs(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -errno;
	while (!umount2("/sys/fs/bpf", MNT_DETACH))
		;
	return 0;
}

/* The new process, on its CPU, up to its new program. */
static void run_child(const char *path, const char *const argv[], int cpu, double seconds, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	alarm(PATIENCE + 4 * (unsigned int)seconds);
	if (!hide_bpffs() && !machine_pin(cpu) && !setenv("LC_ALL", "C", 1) &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
		execvp(path, (char *const *)argv);
	dprintf(out, "error: cannot run '%s': %s\n", path, strerror(errno));
	_exit(1);
}

int lab_child_start(struct lab_child *child, const char *path, const char *const argv[], int cpu,
		    double seconds)
{
	int ends[2];

	*child = (struct lab_child){ 0 };
	if (pipe2(ends, O_CLOEXEC))
		goto fail;
	child->pid = fork();
	if (!child->pid)
		run_child(path, argv, cpu, seconds, ends[1]);
	close(ends[1]);
	child->out = fdopen(ends[0], "r");
	if (child->pid > 0 && child->out)
		return 0;
fail:
	pr_err("cannot start '%s': %s", argv[0], strerror(errno));
	return -EIO;
}

void lab_child_end(struct lab_child *child)
{
	if (child->out)
		fclose(child->out);
	if (child->pid > 0)
		waitpid(child->pid, NULL, 0);
}

double number_behind(const char *line, const char *text, double otherwise)
{
	const char *at = strstr(line, text);

	return at ? strtod(at + strlen(text), NULL) : otherwise;
}
