// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Requests made by the kernel, as live frames, and measured by a program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "engine.h"
#include "live_loop.h"
#include "log.h"
#include "maps.h"
#include "net/peer.h"
#include "request.h"
#include "rodata.h"
#include "rules.h"
#include "show.h"

#define OBJECT "xdp_ping_live_kern.o"

static int set_up(const struct ping *ping, const struct attach *at)
{
	const struct ping_settings settings = {
		.len = (uint32_t)ping->len,
		.size = ping->opts->size,
		.targets = ping->n_asked,
		.id = htons(ping->id),
		.ipv6 = ping->family == AF_INET6,
		.cookie = ping->cookie,
		.late = (uint64_t)(ping->opts->wait * 1e9),
	};
	int err = rodata_set(at->obj, "ping", &settings, sizeof(settings));

	if (!err)
		err = rules_prepare(ping, at);
	if (!err)
		err = maps_resize(at->obj, at->path, "ping_frame_map", ping->n_asked);
	if (!err)
		err = maps_resize(at->obj, at->path, "ping_count_map", ping->n_asked);
	return err;
}

/* The programs are of one file, loaded twice, with one set of maps. */
static int share_maps(struct bpf_object *to, const struct bpf_object *from)
{
	static const char *const shared[] = { "ping_state_map", "ping_frame_map" };
	struct bpf_map *map;
	int err = 0, fd;
	size_t i;

	for (i = 0; !err && i < sizeof(shared) / sizeof(shared[0]); i++) {
		map = bpf_object__find_map_by_name(to, shared[i]);
		fd = maps_find(from, shared[i]);
		err = map && fd >= 0 ? bpf_map__reuse_fd(map, fd) : -ENOENT;
	}
	if (!err)
		return 0;
	pr_err("cannot share the maps of '%s': %s", OBJECT, strerror(-err));
	return -ENOEXEC;
}

static int fill_frames(const struct ping *ping, const struct bpf_object *obj)
{
	int fd = maps_find(obj, "ping_frame_map");
	struct ping_frame frame;
	uint32_t i;

	if (fd < 0)
		return -ENOEXEC;
	for (i = 0; i < ping->n_asked; i++) {
		request_template(ping, ping->asked[i], &frame);
		if (!bpf_map_update_elem(fd, &i, &frame, BPF_ANY))
			continue;
		pr_err("cannot enter a request in 'ping_frame_map': %s", strerror(errno));
		return -ENOEXEC;
	}
	return 0;
}

static int open_sender(struct live_run *run)
{
	uint32_t key = 0, ifindex = (uint32_t)run->ping->dev.index;
	struct bpf_program *prog;
	int fd, err;

	err = share_maps(run->sender.obj, run->at.obj);
	if (!err)
		err = attach_load_only(&run->sender, &prog);
	if (err)
		return err;
	fd = maps_find(run->sender.obj, "ping_dev_map");
	if (fd < 0)
		return -ENOEXEC;
	if (bpf_map_update_elem(fd, &key, &ifindex, BPF_ANY)) {
		pr_err("cannot send through '%s': %s", run->ping->dev.name, strerror(errno));
		return -EIO;
	}
	request_template(run->ping, run->ping->asked[0], &run->frame);
	live_open(&run->live, bpf_program__fd(prog));
	return 0;
}

static int map_state(struct live_run *run)
{
	int fd = maps_find(run->at.obj, "ping_state_map");

	if (fd < 0)
		return -ENOEXEC;
	run->state = mmap(NULL, sizeof(*run->state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (run->state != MAP_FAILED)
		return 0;
	run->state = NULL;
	pr_err("cannot map 'ping_state_map': %s", strerror(errno));
	return -ENOEXEC;
}

static int open_errors(struct live_run *run)
{
	int fd = maps_find(run->at.obj, "ping_error_map");

	if (fd < 0)
		return -ENOEXEC;
	run->errors = ring_buffer__new(fd, live_take_error, run->ping, NULL);
	if (run->errors)
		return 0;
	pr_err("cannot read 'ping_error_map': %s", strerror(errno));
	return -ENOEXEC;
}

/* Will the interface take frames that nobody sent through the stack? */
static int check_interface(const struct netif *dev)
{
	char reason[PEER_REASON_MAX];
	int rc = peer_check_redirect(dev, reason, sizeof(reason));

	if (rc > 0) {
		pr_err("cannot send live frames to '%s': %s (or use --engine xsk)", dev->name,
		       reason);
		return -EOPNOTSUPP;
	}
	if (rc < 0)
		pr_warn("'%s' may take no live frames: %s", dev->name, reason);
	return 0;
}

static int prepare(struct live_run *run)
{
	struct ping *ping = run->ping;
	const struct attach_opts none = { 0 };
	size_t max = ETH_HLEN + PACKET_ECHO_HEAD + PING_SIZE_MAX +
		     (ping->family == AF_INET6 ? 40 : 20);
	int mtu = netif_mtu(&ping->dev), err;

	if (mtu < 0) {
		pr_err("cannot ask '%s' for its MTU: %s", ping->dev.name, strerror(-mtu));
		return -ENODEV;
	}
	if ((size_t)mtu + ETH_HLEN < max)
		max = (size_t)mtu + ETH_HLEN;
	err = request_prepare(ping, max);
	if (!err)
		err = check_interface(&ping->dev);
	if (!err)
		err = attach_open(&run->at, &ping->opts->attach, OBJECT, "xdp_ping_live_func");
	if (!err)
		err = attach_open(&run->sender, &none, OBJECT, "xdp_ping_send_func");
	if (!err)
		err = set_up(ping, &run->at);
	return err ? err : set_up(ping, &run->sender);
}

static int run_attached(struct live_run *run)
{
	struct ping *ping = run->ping;
	int err = rules_enter(ping, run->at.obj);

	if (!err)
		err = fill_frames(ping, run->at.obj);
	if (!err)
		err = map_state(run);
	if (!err)
		err = open_errors(run);
	if (!err)
		err = open_sender(run);
	if (err)
		return err;
	ping->mode = "by live frames";
	err = show_begin(ping);
	if (!err)
		err = live_loop(run);
	/* What came, whatever else went wrong. */
	return live_collect(run) ?: err;
}

int engine_live(struct ping *ping)
{
	struct live_run run = { .ping = ping };
	int err = prepare(&run);

	if (!err)
		err = attach_load(&run.at, &ping->dev, &ping->opts->attach);
	if (!err) {
		err = run_attached(&run);
		if (err != -ENODEV && err != -ENOENT && attach_detach(&run.at) && !err)
			err = -EIO;
	}
	live_close(&run.live);
	ring_buffer__free(run.errors);
	if (run.state)
		munmap(run.state, sizeof(*run.state));
	attach_close(&run.sender);
	attach_close(&run.at);
	return err;
}
