// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What the kernel can do, which lessons need it, and what to do without. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "doctor_needs.h"
#include "probe/probe.h"

struct use {
	const char *name; /* of the probe */
	const char *remedy;
	bool basic; /* a basic lesson must have it, says its file `needs` */
};

#define STOCK_KERNEL "boot a kernel as your distribution ships it"

static const struct use uses[] = {
	{ "xdp_native", "give the commands --skb-mode, which is slower", true },
	{ "xdp_generic", "leave out --skb-mode", false },
	{ "pinning", STOCK_KERNEL, true },
	{ "xdp_link", "leave out --link; " STOCK_KERNEL ", 5.9 or newer", false },
	{ "frags", "keep to an MTU of 1500; or boot a kernel of 5.18 or newer", false },
	{ "prog_run", STOCK_KERNEL, false },
	{ "live_frames", "boot a kernel of 5.18 or newer", false },
	{ "tcx", "nothing: clsact is used instead; 6.6 and newer kernels have tcx", false },
	{ "memlock", "nothing: libbpf raises the limit; 5.11 and newer kernels have none", false },
	{ "batch", "nothing: elements are read one by one; 5.13 and newer have it", false },
	{ "cpumap", STOCK_KERNEL ", 5.15 or newer", false },
	{ "ringbuf", "boot a kernel of 5.8 or newer", false },
	{ "perf_buffer", STOCK_KERNEL, false },
	{ "bpf_loop", "boot a kernel of 5.17 or newer", false },
	{ "load_bytes", "boot a kernel of 5.18 or newer", false },
	{ "dynptr", "boot a kernel of 5.19 or newer", false },
	{ "btf",
	  "give xdp_monitor_user --plain; or boot a kernel with "
	  "CONFIG_DEBUG_INFO_BTF=y",
	  false },
	{ "freplace", STOCK_KERNEL, false },
	{ "dispatcher",
	  "attach one program to an interface (--force replaces it); "
	  "or " STOCK_KERNEL,
	  false },
	{ "dispatcher_resize",
	  "nothing: such a program is attached alone; libxdp 1.5.5 and newer "
	  "can share",
	  false },
	{ "fentry", "attach the lesson's own program instead; or " STOCK_KERNEL, false },
	{ "tp_btf", "give xdp_monitor_user --plain; or " STOCK_KERNEL, false },
	{ "kprobe", "nothing: no lesson needs it", false },
	{ "af_xdp", "boot a kernel with CONFIG_XDP_SOCKETS=y", false },
	{ "af_xdp_zc", "nothing: packets are copied; or use a card whose driver has it", false },
	{ "vlan_device",
	  "nothing: the lab tags packets without it (setup --vlan); or "
	  "modprobe 8021q",
	  false },
	{ "netem", "nothing: no lesson needs it (modprobe sch_netem)", false },
};

static const struct use *find_use(const char *name)
{
	static const struct use unknown = { .remedy = "" };
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (!strcmp(uses[i].name, name))
			return &uses[i];
	return &unknown;
}

void doctor_features(struct doctor *doctor)
{
	const struct probe *probe = NULL;
	static struct needs needs;
	const struct use *use;
	char lessons[1024];

	if (needs_read(&needs, doctor->top))
		doctor->failed = true;
	while ((probe = probe_next(probe)) != NULL) {
		struct finding found = { .group = "feature", .name = probe->name };

		use = find_use(probe->name);
		needs_lessons(&needs, probe, lessons, sizeof(lessons));
		found.lessons = lessons;
		found.basic = use->basic;
		found.works = probe_feature(probe->name, found.text, sizeof(found.text));
		if (found.works > 0)
			snprintf(found.text, sizeof(found.text), "%s", probe->help);
		if (found.works >= 0)
			snprintf(found.remedy, sizeof(found.remedy), "%s", use->remedy);
		doctor_report(doctor, &found);
	}
}
