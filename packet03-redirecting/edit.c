// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * add, del and list: the maps of the program that runs on an interface, changed
 * and shown while packets flow. xdp_redirect_map_func has hosts, and one port
 * for all of them; xdp_router_func has ports, and counts what becomes of packets.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "json.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "pinning.h"
#include "redirect.h"
#include "xdp_redirect.h"

#define PIN_MAX (PATH_MAX + 32)
#define RESULT_NAME_MAX 32
#define FIB_NO_SRC_ADDR 9 /* BPF_FIB_LKUP_RET_NO_SRC_ADDR of 6.7 */

struct edit_opts {
	struct netif dev;
	struct netif target; /* -r */
	struct netif_mac from, to; /* -L, -R */
	const char *pin_dir;
	bool force;
	bool json;
};

/* The program, and its maps: file descriptors, -1 where it does not use a map. */
struct running_program {
	struct attach_entry prog;
	int ports; /* tx_port */
	int hosts; /* redirect_params: xdp_redirect_map_func */
	int results; /* router_results: xdp_router_func */
};

static const struct maps_layout ports_layout = {
	.type = BPF_MAP_TYPE_DEVMAP_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
};

static const struct maps_layout hosts_layout = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(struct mac_addr),
	.value_size = sizeof(struct mac_addr),
};

static const struct maps_layout results_layout = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = ROUTER_RESULTS,
};

/* What is pinned there under that name, or -ENOEXEC after one error line. */
static int open_map(const char *folder, const char *name, const struct maps_layout *layout)
{
	char path[PIN_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = maps_open_pinned(path, layout);
	if (fd == -ENOENT)
		pr_err("no map is pinned at '%s' (was another --pin-dir given?)", path);
	return fd < 0 ? -ENOEXEC : fd;
}

static bool uses(const struct running_program *running, int fd)
{
	struct maps_info info;

	return !maps_get_info(fd, &info) && maps_used_by(running->prog.id, info.id);
}

/* The one of @there that uses the map of ports. */
static int find_user(struct running_program *running, const struct attach_list *there,
		     const struct netif *dev)
{
	int i;

	for (i = 0; i < there->count; i++) {
		running->prog = there->entry[i];
		if (uses(running, running->ports))
			return 0;
	}
	pr_err("no map of ports is used by '%s' on '%s': add, del and list are for "
	       "xdp_redirect_map_func and xdp_router_func",
	       there->entry[0].name, dev->name);
	return -ENOEXEC;
}

/* Open a map that the program may use. */
static int open_if_used(const struct running_program *running, const char *folder, const char *name,
			const struct maps_layout *layout, int *map)
{
	int fd = open_map(folder, name, layout);

	if (fd < 0)
		return fd;
	if (uses(running, fd))
		*map = fd;
	else
		close(fd);
	return 0;
}

static int open_all(struct running_program *running, const char *folder,
		    const struct attach_list *there, const struct netif *dev)
{
	int err;

	running->ports = open_map(folder, "tx_port", &ports_layout);
	if (running->ports < 0)
		return running->ports;
	err = find_user(running, there, dev);
	if (!err)
		err = open_if_used(running, folder, "redirect_params", &hosts_layout,
				   &running->hosts);
	if (!err)
		err = open_if_used(running, folder, "router_results", &results_layout,
				   &running->results);
	return err;
}

static void close_running(struct running_program *running)
{
	const int fds[] = { running->ports, running->hosts, running->results };
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Find the program on --dev that uses what is pinned in --pin-dir. */
static int open_running(struct running_program *running, const struct edit_opts *opts)
{
	const struct netif *dev = &opts->dev;
	struct attach_list there = { .count = 0 };
	char folder[PATH_MAX];
	int err;

	*running = (struct running_program){ .ports = -1, .hosts = -1, .results = -1 };
	err = attach_check_privileges("look at the maps of", dev);
	if (!err)
		err = pinning_folder(folder, sizeof(folder), opts->pin_dir, dev);
	if (err)
		return err;
	attach_query(dev, &there);
	if (!there.count) {
		pr_err("no program runs on '%s' (load one: xdp_redirect_user -d %s "
		       "--progname " PROG_MAP ")",
		       dev->name, dev->name);
		return -ENOEXEC;
	}
	err = open_all(running, folder, &there, dev);
	if (err)
		close_running(running);
	return err;
}

/* Error lines, and what to return with them */
static int missing(const char *option, const struct running_program *running)
{
	pr_err("missing --%s: '%s' needs it", option, running->prog.name);
	return -EINVAL;
}

static int useless(const char *option, const struct running_program *running)
{
	pr_err("cannot use --%s with '%s': it means nothing there", option, running->prog.name);
	return -EINVAL;
}

static int refused(const char *verb, const char *what, const char *map, const char *reason)
{
	pr_err("cannot %s '%s' in '%s': %s", verb, what, map, reason);
	return -ENOEXEC;
}

static const char *port_name(int ifindex, char *name)
{
	if (!if_indextoname((unsigned int)ifindex, name))
		snprintf(name, IF_NAMESIZE, "%d", ifindex);
	return name;
}

/* All hosts share one port: it changes for all of them, or for none. */
static int set_port(const struct running_program *running, const struct edit_opts *opts)
{
	const __u32 key = PORT_OF_MAP;
	char name[IF_NAMESIZE];
	int now, err;

	if (!bpf_map_lookup_elem(running->ports, &key, &now) && now != opts->target.index &&
	    !opts->force) {
		pr_err("cannot redirect to '%s': the hosts of '%s' use '%s', and there "
		       "is one port for all (--force moves them all)",
		       opts->target.name, opts->dev.name, port_name(now, name));
		return -EBUSY;
	}
	err = bpf_map_update_elem(running->ports, &key, &opts->target.index, BPF_ANY);
	return err ? refused("set", opts->target.name, "tx_port", strerror(-err)) : 0;
}

/* Is no host left? Then the port goes, so that the next one may be another. */
static void clear_unused_port(const struct running_program *running)
{
	const __u32 key = PORT_OF_MAP;
	struct mac_addr any;

	if (bpf_map_get_next_key(running->hosts, NULL, &any))
		bpf_map_delete_elem(running->ports, &key);
}

static int add_host(const struct running_program *running, const struct edit_opts *opts)
{
	char text[MAC_TEXT];
	int err;

	if (!mac_is_set(&opts->from))
		return missing("src-mac", running);
	if (!mac_is_set(&opts->to))
		return missing("dest-mac", running);
	if (mac_is_group(&opts->from) || mac_is_group(&opts->to)) {
		pr_err("cannot use the MAC address of a group: hosts have others");
		return -EINVAL;
	}
	err = setup_check(PROG_MAP, &opts->dev, &opts->target, running->prog.mode != XDP_MODE_SKB);
	if (!err)
		err = set_port(running, opts);
	if (err)
		return err;
	err = bpf_map_update_elem(running->hosts, &opts->from, &opts->to, BPF_ANY);
	if (!err)
		return 0;
	clear_unused_port(running);
	return refused("add", mac_to_str(opts->from.addr, text), "redirect_params",
		       err == -E2BIG ? "the map is full" : strerror(-err));
}

/* The router's keys are the indexes of the interfaces themselves. */
static int add_port(const struct running_program *running, const struct edit_opts *opts)
{
	const __u32 key = (__u32)opts->target.index;
	int err;

	if (mac_is_set(&opts->from))
		return useless("src-mac", running);
	if (mac_is_set(&opts->to))
		return useless("dest-mac", running);
	err = setup_check(PROG_ROUTER, &opts->dev, &opts->target,
			  running->prog.mode != XDP_MODE_SKB);
	if (err)
		return err;
	err = bpf_map_update_elem(running->ports, &key, &opts->target.index, BPF_ANY);
	return err ? refused("add", opts->target.name, "tx_port",
			     err == -E2BIG ? "the map is full" : strerror(-err)) :
		     0;
}

static int add(const struct running_program *running, const struct edit_opts *opts)
{
	if (!opts->target.index)
		return missing("redirect-dev", running);
	return running->hosts >= 0 ? add_host(running, opts) : add_port(running, opts);
}

static int delete_host(const struct running_program *running, const struct edit_opts *opts)
{
	char text[MAC_TEXT];
	int err;

	if (opts->target.index)
		return useless("redirect-dev", running);
	if (!mac_is_set(&opts->from))
		return missing("src-mac", running);
	err = bpf_map_delete_elem(running->hosts, &opts->from);
	if (err)
		return refused("delete", mac_to_str(opts->from.addr, text), "redirect_params",
			       err == -ENOENT ? "there is no such host (see list)" :
						strerror(-err));
	clear_unused_port(running);
	return 0;
}

static int delete_port(const struct running_program *running, const struct edit_opts *opts)
{
	const __u32 key = (__u32)opts->target.index;
	int err;

	if (mac_is_set(&opts->from))
		return useless("src-mac", running);
	if (!key)
		return missing("redirect-dev", running);
	err = bpf_map_delete_elem(running->ports, &key);
	return err ? refused("delete", opts->target.name, "tx_port",
			     err == -ENOENT ? "there is no such port (see list)" : strerror(-err)) :
		     0;
}

static int del(const struct running_program *running, const struct edit_opts *opts)
{
	return running->hosts >= 0 ? delete_host(running, opts) : delete_port(running, opts);
}

/* list: each table, or with @json each member of the object */
static void list_ports(struct json *json, int fd)
{
	__u32 key, next, *at = NULL;
	char name[IF_NAMESIZE];
	int ifindex, count = 0;

	if (json)
		json_open(json, "ports", '[');
	for (; !bpf_map_get_next_key(fd, at, &next); at = &key) {
		key = next;
		if (bpf_map_lookup_elem(fd, &key, &ifindex))
			continue;
		count++;
		if (json)
			json_text(json, NULL, port_name(ifindex, name));
		else
			printf("port %s\n", port_name(ifindex, name));
	}
	if (json)
		json_close(json);
	else if (!count)
		printf("no port\n");
}

static void print_host(struct json *json, const struct mac_addr *from, const struct mac_addr *to)
{
	char left[MAC_TEXT], right[MAC_TEXT];

	mac_to_str(from->byte, left);
	mac_to_str(to->byte, right);
	if (!json) {
		printf("%-24s %s\n", left, right);
		return;
	}
	json_open(json, NULL, '{');
	json_text(json, "src_mac", left);
	json_text(json, "dest_mac", right);
	json_close(json);
}

static void list_hosts(struct json *json, int fd)
{
	struct mac_addr key, next, to, *at = NULL;

	if (json)
		json_open(json, "hosts", '[');
	else
		printf("%-24s %s\n", "host", "sends to");
	for (; !bpf_map_get_next_key(fd, at, &next); at = &key) {
		key = next;
		if (!bpf_map_lookup_elem(fd, &key, &to))
			print_host(json, &key, &to);
	}
	if (json)
		json_close(json);
}

static const char *const result_names[ROUTER_RESULTS] = {
	/* What bpf_fib_lookup() returns: BPF_FIB_LKUP_RET_* */
	[BPF_FIB_LKUP_RET_SUCCESS] = "success",
	[BPF_FIB_LKUP_RET_BLACKHOLE] = "blackhole",
	[BPF_FIB_LKUP_RET_UNREACHABLE] = "unreachable",
	[BPF_FIB_LKUP_RET_PROHIBIT] = "prohibit",
	[BPF_FIB_LKUP_RET_NOT_FWDED] = "not_fwded",
	[BPF_FIB_LKUP_RET_FWD_DISABLED] = "fwd_disabled",
	[BPF_FIB_LKUP_RET_UNSUPP_LWT] = "unsupp_lwt",
	[BPF_FIB_LKUP_RET_NO_NEIGH] = "no_neigh",
	[BPF_FIB_LKUP_RET_FRAG_NEEDED] = "frag_needed",
	[FIB_NO_SRC_ADDR] = "no_src_addr",
	/* What the program finds out before the lookup, or after. */
	[ROUTER_FIB_ERROR] = "fib_error",
	[ROUTER_NO_PORT] = "no_port",
	[ROUTER_TTL] = "ttl",
	[ROUTER_OPTIONS] = "options",
	[ROUTER_ADDRESS] = "address",
	[ROUTER_BROKEN] = "broken",
	[ROUTER_VLAN] = "vlan",
	[ROUTER_NOT_IP] = "not_ip",
};

/* The sums over all CPUs. A result that this tree has no name for gets a number. */
static int list_results(struct json *json, int fd)
{
	int cpus = libbpf_num_possible_cpus();
	char text[RESULT_NAME_MAX];
	unsigned long long packets;
	const char *name;
	__u64 *values;
	__u32 key;
	int i;

	values = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*values));
	if (!values)
		return -ENOMEM;
	if (json)
		json_open(json, "results", '{');
	else
		printf("%-20s %12s\n", "result", "packets");
	for (key = 0; key < ROUTER_RESULTS; key++) {
		packets = 0;
		if (!bpf_map_lookup_elem(fd, &key, values))
			for (i = 0; i < cpus; i++)
				packets += values[i];
		name = result_names[key];
		if (!packets && !name)
			continue;
		snprintf(text, sizeof(text), "fib result %u", key);
		if (json)
			json_member(json, name ?: text, "%llu", packets);
		else
			printf("%-20s %12llu\n", name ?: text, packets);
	}
	if (json)
		json_close(json);
	free(values);
	return 0;
}

static int list(const struct running_program *running, const struct edit_opts *opts)
{
	const struct attach_entry *prog = &running->prog;
	struct json writer = { .out = stdout };
	struct json *json = opts->json ? &writer : NULL;
	int err = 0;

	if (json) {
		json_open(json, NULL, '{');
		json_text(json, "ifname", opts->dev.name);
		json_member(json, "id", "%u", prog->id);
		json_text(json, "name", prog->name);
		json_text(json, "mode", attach_mode_name(prog->mode));
	} else {
		printf("'%s' on '%s': id %u, %s mode\n", prog->name, opts->dev.name, prog->id,
		       attach_mode_name(prog->mode));
	}
	list_ports(json, running->ports);
	if (running->hosts >= 0)
		list_hosts(json, running->hosts);
	if (running->results >= 0)
		err = list_results(json, running->results);
	if (json)
		json_close(json);
	return output_flush() ?: err;
}

#define COMMON_LINES \
	OPTIONS_DEVICE(struct edit_opts, dev), \
		OPTION("pin-dir", 0, "DIR", OPTION_STRING, struct edit_opts, pin_dir, \
		       "folder of the pins (default: /sys/fs/bpf/IFNAME)")

static const struct option_line add_options[] = {
	COMMON_LINES,
	OPTION("redirect-dev", 'r', "IFNAME", OPTION_IFNAME, struct edit_opts, target,
	       "interface to send packets through"),
	OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct edit_opts, from,
	       "address of the host whose packets are redirected"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct edit_opts, to,
	       "address of the host that receives them"),
	OPTION("force", 'F', NULL, OPTION_FLAG, struct edit_opts, force,
	       "move all hosts to -r, if they use another interface now"),
	OPTIONS_END
};

static const struct option_line delete_options[] = {
	COMMON_LINES,
	OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct edit_opts, from,
	       "address of the host whose packets pass from now on"),
	OPTION("redirect-dev", 'r', "IFNAME", OPTION_IFNAME, struct edit_opts, target,
	       "interface that the router sends through no more"),
	OPTIONS_END
};

static const struct option_line list_options[] = {
	COMMON_LINES,
	OPTION("json", 'j', NULL, OPTION_FLAG, struct edit_opts, json,
	       "print one JSON object instead of the tables"),
	OPTIONS_END
};

static const struct command {
	int (*run)(const struct running_program *running, const struct edit_opts *opts);
	struct option_spec spec;
} commands[] = {
	{ add,
	  { .command = "add",
	    .purpose =
		    "Have the xdp_redirect_map_func that runs on --dev redirect the packets of\n"
		    "host -L through -r to host -R; or have the xdp_router_func that runs there\n"
		    "send through -r, too.",
	    .options = add_options } },
	{ del,
	  { .command = "del",
	    .purpose = "Have the xdp_redirect_map_func that runs on --dev pass the packets of\n"
		       "host -L; or have the xdp_router_func that runs there send nothing through\n"
		       "-r any more.",
	    .options = delete_options } },
	{ list,
	  { .command = "list",
	    .purpose =
		    "Show where the program that runs on --dev sends packets, and what became of\n"
		    "those that a router has seen.",
	    .options = list_options } },
};

static const struct command *find_command(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].spec.command))
			return &commands[i];
	return NULL;
}

int edit_run(int argc, char **argv)
{
	const struct command *command = find_command(argc, argv);
	struct running_program running;
	struct edit_opts opts = { 0 };
	int err, lock;

	if (!command)
		return -1;
	err = options_parse(&command->spec, argc - 1, argv + 1, &opts, NULL);
	if (err)
		return options_status(err);
	/* One at a time: each looks first, and then changes. */
	lock = pinning_lock();
	err = open_running(&running, &opts);
	if (!err) {
		err = command->run(&running, &opts);
		close_running(&running);
	}
	pinning_unlock(lock);
	return attach_status(err);
}
