// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Load the program and run it, or send through a packet socket. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach_explain.h"
#include "log.h"
#include "maps.h"
#include "packet_socket.h"
#include "probe.h"
#include "sender.h"
#include "settings.h"

static int load(struct sender *sender)
{
	struct attach *at = &sender->at;
	const char *name = xdp_program__name(at->prog);
	int err = bpf_object__load(at->obj);

	if (!err)
		return 0;
	if (err != -EPERM || log_rejected(name))
		return attach_explain(at, err);
	pr_err("cannot load '%s': %s (run it as root)", name, strerror(EPERM));
	return -EPERM;
}

/* The way out, and the variables. */
static int connect_program(struct sender *sender)
{
	int dev_map = maps_find(sender->at.obj, "gen_dev");
	__u32 key = 0, ifindex = (__u32)sender->opts->dev.index;
	struct bpf_map *map;

	if (dev_map < 0)
		return -ENOEXEC;
	if (bpf_map_update_elem(dev_map, &key, &ifindex, BPF_ANY)) {
		pr_err("cannot send through '%s': %s", sender->opts->dev.name,
		       strerror(errno));
		return -EOPNOTSUPP;
	}
	bpf_object__for_each_map(map, sender->at.obj)
		if (strstr(bpf_map__name(map), ".bss"))
			sender->state = bpf_map__fd(map);
	return 0;
}

static int open_live(struct sender *sender)
{
	const struct attach_opts own = { 0 };
	struct gen_settings gen;
	int err;

	err = attach_open(&sender->at, &own, "xdp_gen_kern.o", "xdp_gen_func");
	if (err)
		return err;
	frame_settings(&sender->frame, sender->opts, &gen);
	err = settings_set(sender->at.obj, "gen", &gen, sizeof(gen));
	if (!err)
		err = load(sender);
	if (!err)
		err = connect_program(sender);
	if (!err)
		live_open(&sender->live,
			  xdp_program__fd(sender->at.prog) >= 0 ?
				  xdp_program__fd(sender->at.prog) :
				  bpf_program__fd(
					  bpf_object__find_program_by_name(
						  sender->at.obj,
						  "xdp_gen_func")));
	return err;
}

static int open_socket(struct sender *sender)
{
	int err = packet_socket_open(&sender->frame, sender->opts,
				     &sender->socket);

	if (err)
		pr_err("cannot open a packet socket on '%s': %s",
		       sender->opts->dev.name, strerror(-err));
	return err;
}

int sender_open(struct sender *sender, const struct gen_opts *opts)
{
	sender->opts = opts;
	sender->live.netns = sender->live.link = -1;
	frame_build(&sender->frame, opts);
	return opts->packet_socket ? open_socket(sender) : open_live(sender);
}

int sender_send(struct sender *sender, unsigned int count)
{
	const struct live_frame frame = { .data = sender->frame.data,
					  .len = sender->frame.len };
	int err;

	if (sender->socket)
		err = packet_socket_send(sender->socket, count);
	else
		err = live_send(&sender->live, &frame, count);
	if (!err || err == -EINTR)
		return 0;
	pr_err("cannot send through '%s': %s", sender->opts->dev.name,
	       strerror(-err));
	return -EIO;
}

unsigned long long sender_sent(const struct sender *sender)
{
	struct gen_state state = { 0 };
	__u32 key = 0;

	if (sender->socket)
		return packet_socket_sent(sender->socket);
	/* It is there, and an array: this cannot fail. */
	bpf_map_lookup_elem(sender->state, &key, &state);
	return state.sent;
}

void sender_close(struct sender *sender)
{
	packet_socket_close(sender->socket);
	live_close(&sender->live);
	attach_close(&sender->at);
}
