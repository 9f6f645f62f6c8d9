// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* list: ports, hosts and results, as tables or as one JSON object. */
#include <stdio.h>

#include <bpf/bpf.h>

#include "edit_parts.h"
#include "json.h"
#include "log.h"
#include "xdp_redirect.h"

/* How the parts of the output differ in text and in JSON. */
struct form {
	bool json;
	const char *comma; /* before the next thing of a JSON list */
};

static void begin(struct form *form, const char *key, char bracket, const char *heading)
{
	if (form->json)
		printf(", \"%s\": %c", key, bracket);
	else if (*heading)
		printf("%s\n", heading);
	form->comma = "";
}

static void end(const struct form *form, char bracket)
{
	if (form->json)
		putchar(bracket);
}

/* Both ends of a pair, or one name, as the next line or list member. */
static void print_port(struct form *form, int ifindex)
{
	char name[IF_NAMESIZE];

	if (!if_indextoname((unsigned int)ifindex, name))
		snprintf(name, sizeof(name), "%d", ifindex);
	if (form->json) {
		printf("%s", form->comma);
		json_string(stdout, name);
	} else {
		printf("port %s\n", name);
	}
	form->comma = ", ";
}

static void list_ports(struct form *form, int fd)
{
	__u32 key, next, *at = NULL;
	int ifindex;

	begin(form, "ports", '[', "");
	for (; !bpf_map_get_next_key(fd, at, &next); at = &key) {
		key = next;
		if (!bpf_map_lookup_elem(fd, &key, &ifindex))
			print_port(form, ifindex);
	}
	if (!form->json && !*form->comma)
		printf("no port\n");
	end(form, ']');
}

static void print_host(struct form *form, const struct mac_addr *from, const struct mac_addr *to)
{
	char left[MAC_TEXT], right[MAC_TEXT];

	printf(form->json ? "%s{\"src_mac\": \"%s\", \"dest_mac\": \"%s\"}" : "%s%-24s %s\n",
	       form->json ? form->comma : "", mac_to_str(from->byte, left),
	       mac_to_str(to->byte, right));
	form->comma = ", ";
}

static void list_hosts(struct form *form, int fd)
{
	struct mac_addr key, next, to, *at = NULL;

	begin(form, "hosts", '[', "host                     sends to");
	for (; !bpf_map_get_next_key(fd, at, &next); at = &key) {
		key = next;
		if (!bpf_map_lookup_elem(fd, &key, &to))
			print_host(form, &key, &to);
	}
	end(form, ']');
}

int edit_list(const struct edit_running *running, const struct edit_opts *opts)
{
	struct form form = { .json = opts->json };
	const struct attach_entry *prog = &running->prog;
	int err = 0;

	if (form.json) {
		printf("{\"ifname\": ");
		json_string(stdout, opts->dev.name);
		printf(", \"id\": %u, \"name\": ", prog->id);
		json_string(stdout, prog->name);
		printf(", \"mode\": \"%s\"", attach_mode_name(prog->mode));
	} else {
		printf("'%s' on '%s': id %u, %s mode\n", prog->name, opts->dev.name, prog->id,
		       attach_mode_name(prog->mode));
	}
	list_ports(&form, running->ports);
	if (running->hosts >= 0)
		list_hosts(&form, running->hosts);
	if (running->results >= 0)
		err = edit_list_results(running->results, form.json);
	if (form.json)
		printf("}\n");
	return output_flush() ?: err;
}
