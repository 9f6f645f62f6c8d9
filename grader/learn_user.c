// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * One assignment after the other: shows it, waits until its files are saved (inotify),
 * has grade.sh build and judge them, and shows the report anew: see make learn.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "command.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"
#include "signals.h"

#define SCRIPT "grader/grade.sh"
#define NAME_MAX_LEN 256
#define SETTLE_MS 100 /* an editor that saves touches a file more than once */
#define CLEAR "\033[H\033[2J"

struct learn {
	char name[NAME_MAX_LEN]; /* of the assignment: LESSON/NN-name */
	bool terminal; /* what we print is for eyes, and keys come one by one */
	struct termios cooked; /* as the terminal was */
	int watch; /* inotify */
	int signals;
};

/* Keys without Enter, or a terminal as it was; a pipe is left alone. */
static void set_terminal(const struct learn *learn, bool keys)
{
	struct termios now = learn->cooked;

	if (!learn->terminal)
		return;
	if (keys)
		now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

/* Run a command with our terminal as its own. Returns its status, or -errno. */
static int run(const struct learn *learn, const char *const argv[])
{
	sigset_t none;
	int status;
	pid_t child;

	fflush(stdout);
	set_terminal(learn, false);
	child = fork();
	if (child < 0)
		return -errno;
	if (!child) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	set_terminal(learn, true);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static int run_script(const struct learn *learn, const char *command)
{
	const char *argv[] = { SCRIPT, command, learn->name, NULL };

	return run(learn, argv);
}

/* The first assignment that is not done behind the one called @after. */
static bool find_next(struct learn *learn, const char *after)
{
	const char *argv[] = { SCRIPT, "next", after, NULL };
	int status = command_run(argv, learn->name, sizeof(learn->name));

	learn->name[strcspn(learn->name, "\n")] = '\0';
	return !status && *learn->name;
}

static int watch_answer(struct learn *learn)
{
	char path[NAME_MAX_LEN + 16];

	if (learn->watch >= 0)
		close(learn->watch);
	snprintf(path, sizeof(path), "answers/%s", learn->name);
	learn->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (learn->watch < 0 ||
	    inotify_add_watch(learn->watch, path, IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
		pr_err("cannot watch '%s': %s", path, strerror(errno));
		return -EIO;
	}
	return 0;
}

static bool is_source(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && (!strcmp(name + len - 2, ".c") || !strcmp(name + len - 2, ".h"));
}

/* Read what has happened; was a source saved? */
static bool source_saved(const struct learn *learn)
{
	char events[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	bool saved = false;
	ssize_t len;

	while ((len = read(learn->watch, events, sizeof(events))) > 0)
		for (char *at = events; at < events + len; at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			saved |= event->len && is_source(event->name);
		}
	return saved;
}

static void show_keys(const struct learn *learn)
{
	printf("\nedit the files in answers/%s: each save is judged\n"
	       "keys: n next, h hint, l list, q quit\n",
	       learn->name);
	fflush(stdout);
}

static void judge(const struct learn *learn, const char *command)
{
	if (learn->terminal)
		fputs(CLEAR, stdout);
	run_script(learn, command);
	show_keys(learn);
}

static int begin(struct learn *learn)
{
	int status;

	if (learn->terminal)
		fputs(CLEAR, stdout);
	status = run_script(learn, "start");
	if (status)
		return -EIO;
	status = watch_answer(learn);
	if (!status)
		show_keys(learn);
	return status;
}

/* What @key asks for. Returns 0, or 1 to end; -errno after an error line. */
static int on_key(struct learn *learn, char key)
{
	char before[NAME_MAX_LEN];

	switch (key) {
	case 'q':
		return 1;
	case 'h':
		judge(learn, "hint");
		return 0;
	case 'l':
		run_script(learn, "progress");
		show_keys(learn);
		return 0;
	case 'n':
		snprintf(before, sizeof(before), "%s", learn->name);
		if (find_next(learn, before))
			return begin(learn);
		puts("all are done");
		return 1;
	default:
		return 0;
	}
}

static int work(struct learn *learn)
{
	struct pollfd wait[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				 { .events = POLLIN },
				 { .fd = learn->signals, .events = POLLIN } };
	int err = begin(learn);
	char key;

	while (!err) {
		wait[1].fd = learn->watch;
		if (poll(wait, 3, -1) < 0 || wait[2].revents)
			return 0;
		if (wait[0].revents) {
			if (read(STDIN_FILENO, &key, 1) != 1)
				return 0;
			err = on_key(learn, key);
		} else if (wait[1].revents && source_saved(learn)) {
			poll(NULL, 0, SETTLE_MS);
			source_saved(learn);
			judge(learn, "grade");
		}
	}
	return err < 0 ? err : 0;
}

static const struct option_line options[] = { OPTIONS_END };

static const struct option_spec spec = {
	.purpose = "Show ASSIGNMENT, or the first that is not done; judge it whenever its files\n"
		   "are saved, until it is q that is pressed.",
	.args = "[ASSIGNMENT]",
	.options = options,
};

int main(int argc, char **argv)
{
	static const char *const ask[] = { "sudo", "-v", NULL };
	struct learn learn = { .watch = -1 };
	int err, first;
	sigset_t old;

	err = options_parse(&spec, argc, argv, &learn, &first);
	if (err)
		return options_status(err);
	if (argc > first && *argv[first])
		snprintf(learn.name, sizeof(learn.name), "%s", argv[first]);
	else if (!find_next(&learn, NULL)) {
		puts("all are done");
		return EXIT_OK;
	}
	learn.terminal = isatty(STDOUT_FILENO) && !tcgetattr(STDIN_FILENO, &learn.cooked);

	/* Once: what is judged runs as root, all else as you are. */
	if (geteuid() && run(&learn, ask))
		return EXIT_FAIL;
	signals_hold(&old);
	learn.signals = signals_fd();
	err = work(&learn);
	set_terminal(&learn, false);
	return err ? EXIT_FAIL : EXIT_OK;
}
