// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The machine: kernel, privileges, IPv6. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor.h"
#include "probe/probe.h"

#define NET_SETTINGS "/proc/sys/net"
#define IPV6_OFF NET_SETTINGS "/ipv6/conf/all/disable_ipv6"

static void report(struct doctor *doctor, struct finding *found)
{
	found->group = "system";
	doctor_report(doctor, found);
}

static void look_at_kernel(struct doctor *doctor)
{
	struct finding found = { .name = "kernel", .works = 1, .lessons = "" };
	struct utsname name;

	if (uname(&name)) {
		found.works = -errno;
		snprintf(found.text, sizeof(found.text), "%s", strerror(errno));
	} else {
		snprintf(found.text, sizeof(found.text), "%s (%s)", name.release, name.machine);
	}
	report(doctor, &found);
}

/* Labs, programs and packets want some. */
static void look_at_privileges(struct doctor *doctor)
{
	struct finding found = {
		.name = "privileges",
		.basic = true,
		.lessons = "all",
		.remedy = "be root: sudo make doctor",
	};
	char lacks[DOCTOR_TEXT_MAX - 32];

	probe_privileges(lacks, sizeof(lacks));
	found.works = !*lacks;
	if (found.works)
		snprintf(found.text, sizeof(found.text), "user %u, with all that is needed",
			 geteuid());
	else
		snprintf(found.text, sizeof(found.text), "user %u lacks %s", geteuid(), lacks);
	report(doctor, &found);
}

static void look_at_ipv6(struct doctor *doctor)
{
	struct finding found = { .name = "ipv6", .works = 1, .lessons = "all", .text = "on" };
	FILE *file = fopen(IPV6_OFF, "re");
	int off = 0;

	if (!file && access(NET_SETTINGS, F_OK)) {
		found.works = -errno;
		strcpy(found.text, "'" NET_SETTINGS "' is not there");
	} else if (!file) {
		found.works = 0;
		strcpy(found.text, "the kernel has none");
	} else if (fscanf(file, "%d", &off) != 1 || off) {
		found.works = 0;
		strcpy(found.text, "switched off (disable_ipv6)");
	}
	if (file)
		fclose(file);
	strcpy(found.remedy, "make labs with --ipv4-only");
	if (off)
		strcat(found.remedy, "; or sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0");
	report(doctor, &found);
}

void doctor_system(struct doctor *doctor)
{
	look_at_kernel(doctor);
	look_at_privileges(doctor);
	doctor_mounts(doctor);
	look_at_ipv6(doctor);
}
