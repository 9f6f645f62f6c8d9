// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What is attached to an interface; taking it off and putting it back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/capability.h>
#include <linux/if_link.h>

#include "attach_query.h"
#include "log.h"

/* The kernel's three slots of an interface, empty ones with id 0. */
struct slot {
	unsigned int id;
	int mode;
};

const char *attach_mode_name(int mode)
{
	switch (mode) {
	case XDP_MODE_NATIVE:
		return "native";
	case XDP_MODE_SKB:
		return "generic";
	case XDP_MODE_HW:
		return "offloaded";
	default:
		return "auto";
	}
}

static __u32 mode_flags(int mode)
{
	switch (mode) {
	case XDP_MODE_NATIVE:
		return XDP_FLAGS_DRV_MODE;
	case XDP_MODE_SKB:
		return XDP_FLAGS_SKB_MODE;
	case XDP_MODE_HW:
		return XDP_FLAGS_HW_MODE;
	default:
		return 0;
	}
}

static int query_slots(const struct netif *dev, struct slot slots[ATTACH_SLOTS])
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int err = bpf_xdp_query(dev->index, 0, &query);

	if (err)
		return err;
	slots[0] = (struct slot){ query.drv_prog_id, XDP_MODE_NATIVE };
	slots[1] = (struct slot){ query.skb_prog_id, XDP_MODE_SKB };
	slots[2] = (struct slot){ query.hw_prog_id, XDP_MODE_HW };
	return 0;
}

static void add_entry(struct attach_list *list, const struct xdp_program *prog, unsigned int id,
		      int mode, bool dispatched)
{
	struct attach_entry *entry;

	if (list->count == ATTACH_LIST_MAX)
		return;
	entry = &list->entry[list->count++];
	*entry = (struct attach_entry){ .id = id, .mode = mode, .dispatched = dispatched };
	if (prog)
		snprintf(entry->name, sizeof(entry->name), "%s", xdp_program__name(prog));
}

/* A program on the interface itself; an unreadable one stays nameless. */
static void add_plain(struct attach_list *list, const struct slot *slot)
{
	struct xdp_program *prog = xdp_program__from_id(slot->id);
	bool known = prog && !libxdp_get_error(prog);

	add_entry(list, known ? prog : NULL, slot->id, slot->mode, false);
	if (known)
		xdp_program__close(prog);
}

static void add_slot(struct attach_list *list, const struct slot *slot,
		     const struct xdp_multiprog *mp)
{
	struct xdp_program *prog = NULL;

	if (!slot->id)
		return;
	if (!mp || xdp_multiprog__is_legacy(mp) ||
	    xdp_program__id(xdp_multiprog__main_prog(mp)) != slot->id) {
		add_plain(list, slot);
		return;
	}
	while ((prog = xdp_multiprog__next_prog(prog, mp)))
		add_entry(list, prog, xdp_program__id(prog), slot->mode, true);
}

int attach_check_privileges(const char *verb, const struct netif *dev)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };
	unsigned long long has;

	if (syscall(SYS_capget, &header, caps))
		return 0; /* the kernel itself will tell */
	has = caps[0].effective | (unsigned long long)caps[1].effective << 32;
	if (has & 1ULL << CAP_SYS_ADMIN || (has & 1ULL << CAP_BPF && has & 1ULL << CAP_NET_ADMIN))
		return 0;
	pr_err("cannot %s '%s': not permitted (run it as root, with sudo)", verb, dev->name);
	return -EPERM;
}

static bool is_gone(const struct netif *dev)
{
	char name[IF_NAMESIZE];

	return !if_indextoname((unsigned int)dev->index, name);
}

int attach_slots(const struct netif *dev, unsigned int id[ATTACH_SLOTS])
{
	struct slot slots[ATTACH_SLOTS];
	int err = query_slots(dev, slots), i;

	for (i = 0; !err && i < ATTACH_SLOTS; i++)
		id[i] = slots[i].id;
	return err;
}

int attach_query(const struct netif *dev, struct attach_list *list)
{
	struct slot slots[ATTACH_SLOTS];
	struct xdp_multiprog *mp;
	int err, i;

	list->count = 0;
	if (is_gone(dev))
		return -ENODEV;
	err = query_slots(dev, slots);
	if (err)
		return err;
	mp = xdp_multiprog__get_from_ifindex(dev->index);
	if (!mp || libxdp_get_error(mp))
		mp = NULL;
	for (i = 0; i < ATTACH_SLOTS; i++)
		add_slot(list, &slots[i], mp);
	xdp_multiprog__close(mp);
	/* Of an interface that has gone meanwhile nothing was found. */
	return is_gone(dev) ? -ENODEV : 0;
}

/* A bpf_link holds program @id on @dev, so netlink cannot take it off. */
static int detach_link(const struct netif *dev, unsigned int id)
{
	struct bpf_link_info info;
	__u32 link_id = 0, len;
	int fd, err = -ENOENT;

	while (err == -ENOENT && !bpf_link_get_next_id(link_id, &link_id)) {
		fd = bpf_link_get_fd_by_id(link_id);
		if (fd < 0)
			continue;
		len = sizeof(info);
		memset(&info, 0, len);
		if (!bpf_obj_get_info_by_fd(fd, &info, &len) && info.type == BPF_LINK_TYPE_XDP &&
		    info.prog_id == id && (int)info.xdp.ifindex == dev->index)
			err = bpf_link_detach(fd);
		close(fd);
	}
	return err;
}

/* Detach @id; if another program is in the slot by now, nothing happens. */
static int detach_one(const struct netif *dev, unsigned int id, int mode,
		      struct attach_saved *saved)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	int fd, err;

	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return fd;
	opts.old_prog_fd = fd;
	err = bpf_xdp_detach(dev->index, mode_flags(mode), &opts);
	if (err == -EBUSY)
		err = detach_link(dev, id);
	if (err) {
		close(fd);
		return err;
	}
	*saved = (struct attach_saved){ .fd = fd, .mode = mode, .id = id };
	return 0;
}

/* Take one program out of the dispatcher that it shares with others. */
static int detach_dispatched(const struct netif *dev, const struct attach_entry *entry)
{
	struct xdp_multiprog *mp = xdp_multiprog__get_from_ifindex(dev->index);
	struct xdp_program *prog = NULL;
	int err = -ENOENT;

	if (!mp || libxdp_get_error(mp))
		return -ENOENT;
	while ((prog = xdp_multiprog__next_prog(prog, mp))) {
		if (xdp_program__id(prog) != entry->id)
			continue;
		/* Without the mode libxdp would look in the driver's slot. */
		err = xdp_program__detach(prog, dev->index, (enum xdp_attach_mode)entry->mode, 0);
		break;
	}
	xdp_multiprog__close(mp);
	return err;
}

int attach_remove(const struct netif *dev, const struct attach_entry *entry)
{
	struct attach_saved saved;
	int err;

	if (entry->dispatched)
		err = detach_dispatched(dev, entry);
	else
		err = detach_one(dev, entry->id, entry->mode, &saved);
	if (!err && !entry->dispatched)
		close(saved.fd);
	if (!err)
		return 0;
	pr_err("cannot detach id %u ('%s') from '%s': %s", entry->id, entry->name, dev->name,
	       log_reason(LOG_KERNEL, strerror(-err)));
	return -EIO;
}

int attach_detach_all(const struct netif *dev, struct attach_saved *saved, int *n)
{
	struct slot slots[ATTACH_SLOTS];
	int err, i;

	*n = 0;
	err = query_slots(dev, slots);
	for (i = 0; !err && i < ATTACH_SLOTS; i++) {
		if (!slots[i].id)
			continue;
		err = detach_one(dev, slots[i].id, slots[i].mode, &saved[*n]);
		if (!err)
			(*n)++;
		else
			pr_err("cannot detach id %u from '%s': %s", slots[i].id, dev->name,
			       strerror(-err));
	}
	return err ? err : *n;
}

int attach_restore(const struct netif *dev, const struct attach_saved *saved, int n)
{
	int err = 0, i, failed;

	for (i = 0; i < n; i++) {
		failed = bpf_xdp_attach(dev->index, saved[i].fd,
					mode_flags(saved[i].mode) | XDP_FLAGS_UPDATE_IF_NOEXIST,
					NULL);
		if (failed)
			pr_err("cannot put back what was attached to '%s': %s", dev->name,
			       strerror(-failed));
		err = err ? err : failed;
	}
	return err;
}
