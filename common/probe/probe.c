// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The tables of probes, the process that a probe runs in, and its result in words. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "log.h"
#include "probe/probe.h"
#include "probe/probe_prog.h"

/* Its inode number, the same in every kernel (PROC_USER_INIT_INO). */
#define FIRST_USER_NAMESPACE 0xEFFFFFFDU

#define PROBE_SECONDS 30 /* enough for two tools that hang */

/* What a probe's process sends through its pipe. */
struct answer {
	int works; /* as probe_feature() returns it */
	char reason[PROBE_REASON_MAX];
};

static const struct probe *const tables[] = {
	probe_table_xdp,
	probe_table_bpf,
	probe_table_trace,
	probe_table_net,
};

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

const struct probe *probe_next(const struct probe *last)
{
	const struct probe *probe;
	size_t i;

	if (!last)
		return tables[0];
	for (i = 0; i < N_TABLES; i++) {
		for (probe = tables[i]; probe->name && probe != last; probe++)
			;
		if (!probe->name)
			continue;
		if (probe[1].name)
			return probe + 1;
		return i + 1 < N_TABLES ? tables[i + 1] : NULL;
	}
	return NULL;
}

const struct probe *probe_find(const char *name)
{
	const struct probe *probe = NULL;

	while ((probe = probe_next(probe)) != NULL)
		if (!strcmp(probe->name, name))
			break;
	return probe;
}

/* Root of a user namespace has all capabilities, and may load nothing. */
static bool is_in_user_namespace(void)
{
	struct stat own;

	return !stat("/proc/self/ns/user", &own) && own.st_ino != FIRST_USER_NAMESPACE;
}

void probe_privileges(char *lacks, size_t size)
{
	static const struct {
		const char *name;
		unsigned int bit;
	} needed[] = { { "CAP_SYS_ADMIN", CAP_SYS_ADMIN },
		       { "CAP_NET_ADMIN", CAP_NET_ADMIN },
		       { "CAP_NET_RAW", CAP_NET_RAW } };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };
	size_t i, len = 0;

	*lacks = '\0';
	if (syscall(SYS_capget, &header, caps))
		return; /* the kernel itself will tell */
	if (is_in_user_namespace()) {
		snprintf(lacks, size, "privileges outside of its user namespace");
		return;
	}
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]) && len < size; i++)
		if (!(caps[0].effective & 1U << needed[i].bit))
			len += (size_t)snprintf(lacks + len, size - len, "%s%s", len ? ", " : "",
						needed[i].name);
}

int probe_unsupported(struct probe_env *env, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(env->reason, sizeof(env->reason), fmt, args);
	va_end(args);
	return 0;
}

int probe_unknown(struct probe_env *env, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(env->reason, sizeof(env->reason), fmt, args);
	va_end(args);
	return err;
}

/*
 * The new process: signals, limits and messages as a probe needs them, and it
 * does not outlive its parent. Kernels before 5.11 count BPF memory as locked.
 */
static void prepare_process(pid_t parent)
{
	static const int fatal[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGCHLD };
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	alarm(PROBE_SECONDS);
	setrlimit(RLIMIT_MEMLOCK, &all);
	log_init(LOG_LEVEL_ERR);
}

static void attempt_and_exit(const struct probe *probe, int fd)
{
	struct probe_env env = { .map_fd = -1 };
	struct answer answer = { 0 };

	answer.works = probe->attempt(&env);
	memcpy(answer.reason, env.reason, sizeof(answer.reason));
	/* _exit: what the parent has not yet printed is not ours to print. */
	_exit(write(fd, &answer, sizeof(answer)) != sizeof(answer));
}

static void wait_for_answer(pid_t pid, int fd, struct answer *answer)
{
	int status = 0;
	ssize_t got;

	do
		got = read(fd, answer, sizeof(*answer));
	while (got < 0 && errno == EINTR);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (got == sizeof(*answer))
		return;
	answer->works = -ECHILD;
	snprintf(answer->reason, sizeof(answer->reason),
		 WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ?
			 "the attempt took too long" :
			 "the attempt died (signal %d)",
		 WTERMSIG(status));
}

/* Try @probe in a process of its own. */
static int run_probe(const struct probe *probe, char *reason, size_t size)
{
	pid_t pid, parent = getpid();
	struct answer answer = { 0 };
	int fds[2], err = 0;

	if (pipe2(fds, O_CLOEXEC)) {
		err = -errno;
		snprintf(reason, size, "%s", strerror(-err));
		return err;
	}
	pid = fork();
	if (!pid) {
		close(fds[0]);
		prepare_process(parent);
		attempt_and_exit(probe, fds[1]);
	}
	if (pid < 0)
		err = -errno;
	close(fds[1]);
	if (err) {
		snprintf(answer.reason, sizeof(answer.reason), "%s", strerror(-err));
		answer.works = err;
	} else {
		wait_for_answer(pid, fds[0], &answer);
	}
	close(fds[0]);
	snprintf(reason, size, "%s", answer.works > 0 ? "" : answer.reason);
	return answer.works;
}

int probe_feature(const char *name, char *reason, size_t size)
{
	const struct probe *probe = probe_find(name);
	char lacks[PROBE_REASON_MAX / 2];

	if (!probe) {
		snprintf(reason, size, "there is no such probe");
		return -EINVAL;
	}
	probe_privileges(lacks, sizeof(lacks));
	if (!probe->anyone && *lacks) {
		snprintf(reason, size, "not permitted without %s (try it as root, with sudo)",
			 lacks);
		return -EPERM;
	}
	return run_probe(probe, reason, size);
}

static int report_unsupported(const char *name, const char *reason)
{
	pr_err("this kernel has no '%s': %s (see make doctor)", name, reason);
	return PROBE_UNSUPPORTED;
}

int probe_require(const char *name)
{
	char reason[PROBE_REASON_MAX];
	int works = probe_feature(name, reason, sizeof(reason));

	if (works > 0)
		return 0;
	if (!works)
		return report_unsupported(name, reason);
	pr_err("cannot try whether this kernel has '%s': %s", name, reason);
	return works;
}

int probe_explain(const char *name, int err)
{
	char reason[PROBE_REASON_MAX];

	if (!err || probe_feature(name, reason, sizeof(reason)))
		return err;
	return report_unsupported(name, reason);
}

enum exit_status probe_status(int err)
{
	switch (err) {
	case 0:
		return EXIT_OK;
	case PROBE_UNSUPPORTED:
		return EXIT_SKIP;
	default:
		return EXIT_FAIL;
	}
}
