// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What the kernel can do, which lessons use it, and what to do without. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "probe.h"

struct use {
	const char *name; /* of the probe */
	const char *lessons;
	const char *remedy;
	bool basic;
};

#define ALL "all"
#define STOCK_KERNEL "boot a kernel as your distribution ships it"

static const struct use uses[] = {
	{ "xdp_native", ALL,
	  "give the commands --skb-mode, which is slower", true },
	{ "xdp_generic", ALL, "leave out --skb-mode", true },
	{ "pinning", ALL, STOCK_KERNEL, true },
	{ "xdp_link", "basic04-pinning-maps",
	  "leave out --link; " STOCK_KERNEL ", 5.9 or newer", false },
	{ "frags", "advanced03-AF_XDP experiment01-tailgrow",
	  "keep to an MTU of 1500; or boot a kernel of 5.18 or newer", false },
	{ "prog_run", "testing01-prog-run testing02-traffic-gen",
	  STOCK_KERNEL, false },
	{ "live_frames", "testing02-traffic-gen advanced04-xdp-ping",
	  "boot a kernel of 5.18 or newer", false },
	{ "tcx", "advanced01-xdp-tc-interact",
	  "nothing: clsact is used instead; 6.6 and newer kernels have tcx",
	  false },
	{ "memlock", ALL,
	  "nothing: libbpf raises the limit; 5.11 and newer kernels have none",
	  false },
	{ "batch", "basic03-map-counter basic04-pinning-maps",
	  "nothing: elements are read one by one; 5.13 and newer have it", false },
	{ "ringbuf", "tracing04-ringbuf", "boot a kernel of 5.8 or newer",
	  false },
	{ "perf_buffer", "tracing02-sample-pkts tracing04-ringbuf",
	  STOCK_KERNEL, false },
	{ "bpf_loop", "packet01-parsing testing02-traffic-gen",
	  "boot a kernel of 5.17 or newer", false },
	{ "load_bytes", "tracing04-ringbuf experiment01-tailgrow",
	  "boot a kernel of 5.18 or newer", false },
	{ "btf", "tracing01-xdp-monitor tracing02-sample-pkts",
	  "give xdp_monitor_user --plain; or boot a kernel with "
	  "CONFIG_DEBUG_INFO_BTF=y",
	  false },
	{ "freplace", "advanced02-multi-prog", STOCK_KERNEL, false },
	{ "dispatcher",
	  "basic01-xdp-pass basic02-prog-by-name advanced02-multi-prog",
	  "attach one program to an interface (--force replaces it); "
	  "or " STOCK_KERNEL,
	  false },
	{ "fentry", "tracing02-sample-pkts",
	  "attach the lesson's own program instead; or " STOCK_KERNEL, false },
	{ "tp_btf", "tracing01-xdp-monitor",
	  "give xdp_monitor_user --plain; or " STOCK_KERNEL, false },
	{ "kprobe", "", "nothing: no lesson needs it", false },
	{ "af_xdp", "advanced03-AF_XDP advanced04-xdp-ping",
	  "boot a kernel with CONFIG_XDP_SOCKETS=y", false },
	{ "af_xdp_zc", "advanced03-AF_XDP advanced04-xdp-ping",
	  "nothing: packets are copied; or use a card whose driver has it",
	  false },
	{ "vlan_device", "packet01-parsing packet02-rewriting",
	  "nothing: the lab tags packets without it (setup --vlan); or "
	  "modprobe 8021q",
	  false },
	{ "netem", "", "nothing: no lesson needs it (modprobe sch_netem)", false },
};

static const struct use *find_use(const char *name)
{
	static const struct use unknown = { .lessons = "", .remedy = "" };
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (!strcmp(uses[i].name, name))
			return &uses[i];
	return &unknown;
}

void doctor_features(struct doctor *doctor)
{
	const struct probe *probe = NULL;
	const struct use *use;

	while ((probe = probe_next(probe)) != NULL) {
		struct finding found = { .group = "feature",
					 .name = probe->name };

		use = find_use(probe->name);
		found.lessons = use->lessons;
		found.basic = use->basic;
		found.works = probe_feature(probe->name, found.text,
					    sizeof(found.text));
		if (found.works > 0)
			snprintf(found.text, sizeof(found.text), "%s",
				 probe->help);
		if (found.works >= 0)
			snprintf(found.remedy, sizeof(found.remedy), "%s",
				 use->remedy);
		doctor_report(doctor, &found);
	}
}
